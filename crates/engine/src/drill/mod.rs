//! Drill: what still works when services are down, found out by really refusing them.
//!
//! Asks the places, which refuse; answers all that is wanted from the files that are there; looks at the players and
//! folders that were filled, and how many copies there are of each file. What is not seen now does not count, nor what is
//! not as it was when it was looked through. Changes nothing.

mod copies;
mod files;
mod targets;

use std::path::PathBuf;

use ferrotape_device::System;
use ferrotape_domain::{Offer, Outcome};

pub use copies::OnlyCopy;
pub use targets::TargetNow;

use crate::gather::{Elsewhere, Gathered, gather};
use crate::matching::{Answer, Matched, Matching, match_wanted};
use crate::partly::Partly;
use crate::policies::RunPolicy;
use crate::review::Reason;
use crate::selection::{ImportRules, select};
use crate::{Context, EngineError};
use files::Seen;
use targets::{Left, Targets};

/// How much of something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    /// Wanted things.
    pub things: u64,
    /// Milliseconds the user listened to them.
    pub played_ms: u64,
}

impl Share {
    fn add(&mut self, played_ms: u64) {
        self.things += 1;
        self.played_ms += played_ms;
    }
}

/// What still works.
#[derive(Debug, Clone, PartialEq)]
pub struct Drilled {
    /// All that is wanted and can be filled at all.
    pub all: Share,
    /// Of it, what has all its files on this computer now, as they were when they were looked through.
    pub plays_here: Share,
    /// Of the rest, albums, podcasts and books of which a part plays.
    pub plays_in_part: Share,
    /// Of those the tracks that play, and how many there are at least.
    pub tracks_in_part: (u64, u64),
    /// Of the rest, what is seen now on a player or in a folder that was filled.
    pub plays_on_players: Share,
    /// Of the rest, what the last run left on a player or in a folder that is not there now.
    pub on_absent_players: Share,
    /// Of the rest, what has a file that was changed since it was looked through: what it is now nobody knows.
    pub changed: Share,
    /// Of the rest, what you said that none of the files is.
    pub refused: Share,
    /// Of the rest, what a person must decide.
    pub in_review: Share,
    /// Things that a place has which answers; a run fetches them.
    pub can_be_fetched: Share,
    /// Of the rest, what waits for a place that was refused.
    pub waits: Share,
    /// What nobody has any more: the last run left it on a player or in a folder that is there, and it is gone from it.
    pub gone_from_players: Share,
    /// What nobody has.
    pub missing: Share,
    /// How each place did.
    pub gathered: Gathered,
    /// The players and folders that the last runs filled.
    pub targets: Vec<TargetNow>,
    /// Wanted files that are there once, in the order of their paths. What was made of them for players is no copy.
    pub single_copies: Vec<OnlyCopy>,
    /// Wanted files of which there are two copies or more.
    pub several_copies: u64,
    /// Wanted files and copies of them that were changed since they were looked through, in the order of their paths; they
    /// count as none.
    pub changed_files: Vec<PathBuf>,
}

/// Looks what still works with the places as they are. `system` tells of players that are not plugged in.
pub fn drill(elsewhere: &Elsewhere, system: &System, context: &Context) -> Result<Drilled, EngineError> {
    let run = RunPolicy::default();
    let wanted = select(&[], &ImportRules::default(), context)?.wanted;
    let mut gathered = gather(&wanted, &[], &run, elsewhere, context)?;
    refuse_kept_words(&mut gathered, elsewhere);
    let matching = match_wanted(wanted, &[], &run, context)?;
    let targets = Targets::look(&matching, system, context)?;
    let listening = context.library.listening()?;
    let seen = Seen::look(&matching, context)?;
    let mut drilled = nothing_yet(gathered);
    for matched in &matching.matched {
        let played = listening.get(&matched.wanted.id).map_or(0, |heard| heard.played_ms);
        let here = Here::of(matched, &matching, &seen);
        drilled.count(matched, &here, targets.of(&matched.wanted), played);
    }
    copies::count(&mut drilled, &matching, &targets, &seen);
    drilled.targets = targets.into_now();
    Ok(drilled)
}

/// A place that answered from what was kept of it was refused all the same.
fn refuse_kept_words(gathered: &mut Gathered, elsewhere: &Elsewhere) {
    for place in &mut gathered.places {
        let refused =
            elsewhere.shut.iter().find(|(name, fault)| *name == place.name && fault.source == *name);
        place.fault = place.fault.take().or_else(|| refused.map(|(_, fault)| fault.clone()));
    }
}

fn nothing_yet(gathered: Gathered) -> Drilled {
    Drilled {
        all: Share::default(),
        plays_here: Share::default(),
        plays_in_part: Share::default(),
        tracks_in_part: (0, 0),
        plays_on_players: Share::default(),
        on_absent_players: Share::default(),
        changed: Share::default(),
        refused: Share::default(),
        in_review: Share::default(),
        can_be_fetched: Share::default(),
        waits: Share::default(),
        gone_from_players: Share::default(),
        missing: Share::default(),
        gathered,
        targets: Vec::new(),
        single_copies: Vec::new(),
        several_copies: 0,
        changed_files: Vec::new(),
    }
}

/// What of a wanted thing's answer is on this computer now.
struct Here {
    /// Files that are as they were looked through.
    files: usize,
    /// Files of the answer.
    of: usize,
    is_changed: bool,
    /// What their tags tell of an album that is not all here.
    partly: Option<Partly>,
}

impl Here {
    fn of(matched: &Matched, matching: &Matching, seen: &Seen<'_>) -> Self {
        let answer = files_of(&matched.answer);
        let offers: Vec<&Offer> = answer.iter().filter_map(|id| matching.offer(*id)).collect();
        Self {
            files: offers.iter().filter(|offer| !seen.places_of(&offer.content).is_empty()).count(),
            of: answer.len(),
            is_changed: offers.iter().any(|offer| seen.is_changed(&offer.content)),
            partly: Partly::of_answer(matched, matching),
        }
    }

    fn is_whole(&self) -> bool {
        self.of > 0 && self.files == self.of && self.partly.is_none()
    }

    /// The tracks that play, and how many there are at least.
    fn tracks(&self) -> (u64, u64) {
        let of = self.partly.map_or(self.of, |partly| partly.of.max(self.of));
        (self.files as u64, of as u64)
    }
}

impl Drilled {
    /// Counts a thing where it ends; what cannot be filled or was left out is not looked for at all.
    fn count(&mut self, matched: &Matched, here: &Here, left: Left, played_ms: u64) {
        if matches!(matched.answer, Answer::NotYet(_) | Answer::LeftOut(_)) {
            return;
        }
        let id = matched.wanted.id;
        self.all.add(played_ms);
        let ends = match &matched.answer {
            _ if here.is_whole() => &mut self.plays_here,
            // A part of an album is no more there either.
            _ if left.there && (here.partly.is_none() || here.files == 0) => &mut self.plays_on_players,
            _ if here.files > 0 => {
                let (have, of) = here.tracks();
                self.tracks_in_part.0 += have;
                self.tracks_in_part.1 += of;
                &mut self.plays_in_part
            }
            _ if left.away => &mut self.on_absent_players,
            _ if here.is_changed => &mut self.changed,
            Answer::Review(found, _)
                if Reason::is_version(found) && self.gathered.version_waits(id).is_some() =>
            {
                &mut self.waits
            }
            Answer::Review(..) if !matched.decided => &mut self.in_review,
            // Whoever said no to what there is waits for nobody.
            _ if matched.decided && !matched.refused.is_empty() => &mut self.refused,
            Answer::Review(..) => &mut self.in_review,
            _ => match self.gathered.outcome(id, "") {
                // On nobody but a run that fetches.
                Outcome::Waiting { on, .. } if on.is_empty() => &mut self.can_be_fetched,
                Outcome::Waiting { .. } => &mut self.waits,
                _ if left.gone => &mut self.gone_from_players,
                _ => &mut self.missing,
            },
        };
        ends.add(played_ms);
    }
}

fn files_of(answer: &Answer) -> Vec<i64> {
    match answer {
        Answer::File(found) => vec![found.file_id],
        Answer::Files(files, _) => files.clone(),
        _ => Vec::new(),
    }
}

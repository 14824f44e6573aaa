//! Drill: what still works when services are down, found out by really refusing them.
//!
//! Asks the places, which refuse; answers all that is wanted from the files that are there; looks how many copies there
//! are of each. Changes nothing.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use ferrotape_domain::{ContentId, Outcome};

use crate::gather::{Elsewhere, Gathered, gather};
use crate::matching::{Answer, Matched, Matching, match_wanted};
use crate::policies::RunPolicy;
use crate::review::Reason;
use crate::selection::{ImportRules, select};
use crate::{Context, EngineError};

/// On how many targets the last runs left a thing.
#[derive(Debug, Clone, Copy, Default)]
struct Left {
    there: u64,
    away: u64,
}

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
    /// Of it, what has a file on this computer now.
    pub plays_here: Share,
    /// Of the rest, what the last run left on a player or in a folder, and is there now.
    pub plays_on_players: Share,
    /// Of the rest, what the last run left on a player that is not here now.
    pub on_absent_players: Share,
    /// Of the rest, what you said that none of the files is.
    pub refused: Share,
    /// Of the rest, what a person must decide.
    pub in_review: Share,
    /// Of the rest, what waits for a place that was refused.
    pub waits: Share,
    /// What nobody has.
    pub missing: Share,
    /// How each place did.
    pub gathered: Gathered,
    /// Files that are wanted and of which there is no other copy known, neither here nor on a player; in the order of
    /// their paths.
    pub single_copies: Vec<PathBuf>,
    /// Wanted files of which there are two copies or more.
    pub several_copies: u64,
}

/// Looks what still works with the places as they are.
pub fn drill(elsewhere: &Elsewhere, context: &Context) -> Result<Drilled, EngineError> {
    let run = RunPolicy::default();
    let wanted = select(&[], &ImportRules::default(), context)?.wanted;
    let gathered = gather(&wanted, &[], &run, elsewhere, context)?;
    let matching = match_wanted(wanted, &[], &run, context)?;
    let on_players = on_players(context)?;
    let listening = context.library.listening()?;
    let mut drilled = Drilled {
        all: Share::default(),
        plays_here: Share::default(),
        plays_on_players: Share::default(),
        on_absent_players: Share::default(),
        refused: Share::default(),
        in_review: Share::default(),
        waits: Share::default(),
        missing: Share::default(),
        gathered,
        single_copies: Vec::new(),
        several_copies: 0,
    };
    for matched in &matching.matched {
        let played = listening.get(&matched.wanted.id).map_or(0, |heard| heard.played_ms);
        drilled.count(matched, &matching, &on_players, played);
    }
    count_copies(&mut drilled, &matching, &on_players);
    Ok(drilled)
}

impl Drilled {
    /// Counts a thing where it ends; what cannot be filled or was left out is not looked for at all.
    fn count(
        &mut self,
        matched: &Matched,
        matching: &Matching,
        on_players: &HashMap<i64, Left>,
        played_ms: u64,
    ) {
        if matches!(matched.answer, Answer::NotYet(_) | Answer::LeftOut(_)) {
            return;
        }
        let id = matched.wanted.id;
        self.all.add(played_ms);
        let is_here = files_of(&matched.answer).iter().any(|id| is_there(matching, *id));
        let left = on_players.get(&id).copied().unwrap_or_default();
        let ends = match &matched.answer {
            _ if is_here => &mut self.plays_here,
            _ if left.there > 0 => &mut self.plays_on_players,
            _ if left.away > 0 => &mut self.on_absent_players,
            Answer::Review(found, _)
                if Reason::is_version(found) && self.gathered.version_waits(id).is_some() =>
            {
                &mut self.waits
            }
            Answer::Review(..) if !matched.decided => &mut self.in_review,
            // Whoever said no to what there is waits for nobody.
            _ if matched.decided && !matched.refused.is_empty() => &mut self.refused,
            Answer::Review(..) => &mut self.in_review,
            _ if matches!(self.gathered.outcome(id, ""), Outcome::Waiting { .. }) => &mut self.waits,
            _ => &mut self.missing,
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

fn is_there(matching: &Matching, file_id: i64) -> bool {
    matching.offer(file_id).is_some_and(|offer| offer.path.exists())
}

/// On how many targets each wanted thing was left by the last run to it. A player that is not plugged in plays nothing.
fn on_players(context: &Context) -> Result<HashMap<i64, Left>, EngineError> {
    let mut counts: HashMap<i64, Left> = HashMap::new();
    for run in context.library.last_runs()? {
        let target = Path::new(&run.target);
        for (id, outcome) in &run.rows {
            let Outcome::OnPlayer { path, .. } = outcome else { continue };
            let left = counts.entry(*id).or_default();
            match is_on(target, path) {
                true => left.there += 1,
                false => left.away += 1,
            }
        }
    }
    Ok(counts)
}

/// Whether what a report names is there: a file, or a folder and how many tracks of it.
fn is_on(target: &Path, path: &str) -> bool {
    let folder = || path.rsplit_once(" (").map(|(folder, _)| folder.trim_start_matches('/'));
    target.join(path.trim_start_matches('/')).exists()
        || (path.ends_with(" tracks)") && folder().is_some_and(|folder| target.join(folder).exists()))
}

fn count_copies(drilled: &mut Drilled, matching: &Matching, on_players: &HashMap<i64, Left>) {
    let mut here: HashMap<&ContentId, HashSet<&PathBuf>> = HashMap::new();
    for offer in matching.offers.iter().filter(|offer| offer.path.exists()) {
        here.entry(&offer.content).or_default().insert(&offer.path);
    }
    let mut copies: HashMap<&PathBuf, u64> = HashMap::new();
    for matched in &matching.matched {
        let left = on_players.get(&matched.wanted.id).copied().unwrap_or_default();
        let elsewhere = left.there + left.away;
        for offer in files_of(&matched.answer).iter().filter_map(|id| matching.offer(*id)) {
            let there = here.get(&offer.content).map_or(0, HashSet::len) as u64;
            if there > 0 {
                let known = copies.entry(&offer.path).or_default();
                *known = (*known).max(there + elsewhere);
            }
        }
    }
    let mut single: Vec<PathBuf> =
        copies.iter().filter(|(_, count)| **count == 1).map(|(path, _)| (*path).clone()).collect();
    single.sort();
    drilled.several_copies = (copies.len() - single.len()) as u64;
    drilled.single_copies = single;
}

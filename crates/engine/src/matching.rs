//! Match: which of the user's files is each wanted thing, the user's own decisions first.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use ferrotape_domain::{Choice, ContentId, Evidence, Match, Offer, Wanted};
use ferrotape_matching::{Policy, Question, ReleaseChoice, is_by_names_alone};
use ferrotape_store::{ListedTracks, StoredWanted};

use crate::ground::Ground;
use crate::listed::Lists;
use crate::listening::{MOST_FOR_LOST, Search, choose_by_sound};
use crate::more_of_albums::wanted_too;
use crate::newest::keep_newest;
use crate::policies::RunPolicy;
use crate::sheets::tell_doubted;
use crate::{Context, EngineError, broken};

/// What matching found for one wanted thing.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// This file is the recording.
    File(Match),
    /// These files are what the sources hold of a saved album, a podcast or a book, in order.
    Files(Vec<i64>, String),
    /// A person must say which of these it is, best first, and why it was not chosen.
    Review(Vec<Match>, String),
    /// No file comes near, or a person said so.
    None(String),
    /// The user does not want it on the player.
    LeftOut(String),
    /// No kind of thing that can be filled yet.
    NotYet(String),
}

/// A wanted thing and its answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Matched {
    /// What is wanted.
    pub wanted: StoredWanted,
    /// What was found.
    pub answer: Answer,
    /// Whether the answer follows a decision of the user's.
    pub decided: bool,
    /// Files that the user said it is not.
    pub refused: HashSet<ContentId>,
}

impl Matched {
    /// Whether its file is taken by title and artist alone, from another album than the wanted one.
    pub fn is_from_other_album(&self) -> bool {
        matches!(&self.answer, Answer::File(found) if !self.decided && is_by_names_alone(found))
    }
}

/// The offers of this run and what was matched against them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Matching {
    /// Every readable file below the sources.
    pub offers: Vec<Offer>,
    /// One answer per wanted thing, in the order asked.
    pub matched: Vec<Matched>,
    /// Files of podcasts that are not taken because only the newest unplayed episodes are kept.
    pub held_back: usize,
    /// Wanted things that no file answers because theirs is broken, and how.
    pub broken: HashMap<i64, String>,
    /// Wanted podcasts with files beside their answer that may be theirs or another's of their name, and which.
    pub unsure: HashMap<i64, Vec<i64>>,
    /// What places list of albums and books that files answer.
    lists: HashMap<i64, ListedTracks>,
    /// Saved albums that files answer and of which another track is wanted that no file is, and what is told of them.
    more: HashMap<i64, String>,
    by_id: HashMap<i64, usize>,
}

impl Matching {
    /// The offer with this id.
    pub fn offer(&self, file_id: i64) -> Option<&Offer> {
        self.by_id.get(&file_id).and_then(|at| self.offers.get(*at))
    }

    /// How many things are taken by title and artist alone, from another album than the wanted one.
    pub fn from_other_albums(&self) -> usize {
        self.matched.iter().filter(|matched| matched.is_from_other_album()).count()
    }

    /// What a place lists of an album or a book that files answer.
    pub(crate) fn list_of(&self, wanted_id: i64) -> Option<&ListedTracks> {
        self.lists.get(&wanted_id)
    }

    /// That another track is wanted of a saved album, which no file is.
    pub(crate) fn more_of(&self, wanted_id: i64) -> Option<&str> {
        self.more.get(&wanted_id).map(String::as_str)
    }

    fn with_lists(mut self, context: &Context) -> Result<Self, EngineError> {
        let known = Lists::load(context)?;
        let list = |matched: &Matched| {
            let Answer::Files(files, _) = &matched.answer else { return None };
            let files: Vec<&Offer> = files.iter().filter_map(|id| self.offer(*id)).collect();
            Some((matched.wanted.id, known.of(&matched.wanted, &files)?.clone()))
        };
        let lists = self.matched.iter().filter_map(list).collect();
        self.lists = lists;
        self.more = wanted_too(&self);
        Ok(self)
    }
}

/// Finds an answer for each of `wanted` among the files below `roots` (all known files when empty), by the policies of
/// the lists that name it and what this run says over them.
pub fn match_wanted(
    wanted: Vec<StoredWanted>,
    roots: &[PathBuf],
    run: &RunPolicy,
    context: &Context,
) -> Result<Matching, EngineError> {
    let mut matching = match_among(context.library.offers(roots)?, wanted, run, context)?;
    broken::tell(&mut matching, roots, run, context)?;
    tell_doubted(&mut matching, roots, context)?;
    Ok(matching)
}

/// The same among these files.
pub(crate) fn match_among(
    offers: Vec<Offer>,
    wanted: Vec<StoredWanted>,
    run: &RunPolicy,
    context: &Context,
) -> Result<Matching, EngineError> {
    let ground = Ground::load(&wanted, offers, run, context)?;
    let mut left = MOST_FOR_LOST;
    let mut answers: Vec<Option<(Answer, bool)>> =
        wanted.iter().map(|wanted| ground.settled(wanted, &mut left, context)).collect::<Result<_, _>>()?;

    let open: Vec<usize> = (0..wanted.len()).filter(|at| answers[*at].is_none()).collect();
    let policies: Vec<Policy> = open.iter().map(|at| ground.policies.of(wanted[*at].id)).collect();
    let asked: Vec<Question<'_>> = open
        .iter()
        .zip(&policies)
        .map(|(at, policy)| Question { wanted: &wanted[*at].wanted, policy })
        .collect();
    let Ground { offers, index, decisions, .. } = &ground;
    let refused = |wanted: &Wanted, content: &ContentId| decisions.refuse(wanted, content);
    let refused_sounds = |wanted: &Wanted| decisions.refused_sounds(wanted);
    let search = Search { index, offers, refused: &refused, refused_sounds: &refused_sounds };
    let choices = choose_by_sound(&search, &asked, context)?;
    for (at, choice) in open.into_iter().zip(choices) {
        let refused_before = decisions.of(&wanted[at]).is_some();
        answers[at] = Some((ground.music_answer(&wanted[at], choice), refused_before));
    }
    let matched = wanted
        .into_iter()
        .zip(answers)
        .filter_map(|(wanted, answer)| {
            let refused = decisions.refused_of(&wanted.wanted);
            answer.map(|(answer, decided)| Matched { wanted, answer, decided, refused })
        })
        .collect();
    let (matched, held_back) = keep_newest(matched, &ground, context)?;
    let unsure_of = |one: &Matched| Some((one.wanted.id, ground.unsure_beside(&one.wanted)?));
    let unsure = matched.iter().filter_map(unsure_of).collect();
    let by_id = offers.iter().enumerate().map(|(at, offer)| (offer.file_id, at)).collect();
    let (broken, lists, more) = (HashMap::new(), HashMap::new(), HashMap::new());
    let matching = Matching { offers: ground.offers, matched, held_back, broken, unsure, lists, more, by_id };
    matching.with_lists(context)
}

pub(crate) fn answer_of(choice: Choice) -> Answer {
    match choice {
        Choice::Chosen(chosen) => Answer::File(chosen),
        Choice::Review(candidates, why) => Answer::Review(candidates, why),
        Choice::None(why) => Answer::None(why),
    }
}

/// What a wanted thing is called in this run, whatever rows and keys it has.
pub(crate) fn self_description(wanted: &Wanted) -> String {
    wanted.spotify.as_ref().map_or_else(|| wanted.name_key(), ToString::to_string)
}

pub(crate) fn is_surely_gone(path: &Path) -> bool {
    matches!(path.try_exists(), Ok(false))
}

pub(crate) fn release_answer(choice: ReleaseChoice) -> Answer {
    match choice {
        ReleaseChoice::Chosen { files, why } => Answer::Files(files, why),
        ReleaseChoice::Review { files, why } => {
            Answer::Review(files.into_iter().map(album_candidate).collect(), why)
        }
        ReleaseChoice::None(why) => Answer::None(why),
    }
}

/// A file that stands for its album; choosing it chooses the album.
pub(crate) fn album_candidate(file_id: i64) -> Match {
    let evidence =
        Evidence { kind: "album", weight: 0.0, says: "a file of an album of that name".to_owned() };
    Match { file_id, score: 0.5, evidence: vec![evidence], substitute: None, objection: None }
}

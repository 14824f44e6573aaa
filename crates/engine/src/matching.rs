//! Match: which of the user's files is each wanted thing, the user's own decisions first.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use ferrotape_domain::{
    Choice, ContentId, Decision, Evidence, Heard, Match, Offer, Verdict, Wanted, WantedKind,
};
use ferrotape_matching::spoken::{around, book_and_chapter};
use ferrotape_matching::{Index, Policy, Question, ReleaseChoice, is_by_names_alone};
use ferrotape_store::{ListedTracks, StoredWanted};

use crate::disc_folders::disc_of;
use crate::ground::Ground;
use crate::listed::Lists;
use crate::listening::{MOST_FOR_LOST, Search, choose_by_sound, found_again};
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

    fn with_lists(mut self, context: &Context) -> Result<Self, EngineError> {
        let known = Lists::load(context)?;
        let list = |matched: &Matched| {
            let Answer::Files(files, _) = &matched.answer else { return None };
            let files: Vec<&Offer> = files.iter().filter_map(|id| self.offer(*id)).collect();
            Some((matched.wanted.id, known.of(&matched.wanted, &files)?.clone()))
        };
        let lists = self.matched.iter().filter_map(list).collect();
        self.lists = lists;
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
            let refused =
                decisions.refused.get(&self_description(&wanted.wanted)).cloned().unwrap_or_default();
            answer.map(|(answer, decided)| Matched { wanted, answer, decided, refused })
        })
        .collect();
    let (matched, held_back) = keep_newest(matched, &ground, context)?;
    let unsure_of = |one: &Matched| Some((one.wanted.id, ground.unsure_beside(&one.wanted)?));
    let unsure = matched.iter().filter_map(unsure_of).collect();
    let by_id = offers.iter().enumerate().map(|(at, offer)| (offer.file_id, at)).collect();
    let (broken, lists) = (HashMap::new(), HashMap::new());
    let matching = Matching { offers: ground.offers, matched, held_back, broken, unsure, lists, by_id };
    matching.with_lists(context)
}

pub(crate) fn answer_of(choice: Choice) -> Answer {
    match choice {
        Choice::Chosen(chosen) => Answer::File(chosen),
        Choice::Review(candidates, why) => Answer::Review(candidates, why),
        Choice::None(why) => Answer::None(why),
    }
}

/// The user's decisions, by every key a wanted thing was ever known under.
pub(crate) struct Decisions {
    by_key: HashMap<String, Decision>,
    /// Contents that the user refused, by the wanted thing's own description of itself.
    refused: HashMap<String, HashSet<ContentId>>,
    /// How they sounded.
    refused_sounds: HashMap<String, Vec<Heard>>,
}

impl Decisions {
    pub(crate) fn load(wanted: &[StoredWanted], context: &Context) -> Result<Self, EngineError> {
        let decisions = context.library.decisions()?.into_iter();
        let by_key = decisions.map(|decision| (decision.wanted_key.clone(), decision)).collect();
        let mut all = Self { by_key, refused: HashMap::new(), refused_sounds: HashMap::new() };
        for wanted in wanted {
            let last = all.of(wanted).map(|decision| &decision.verdict);
            if !matches!(last, Some(Verdict::NoneOfThese { .. })) {
                continue;
            }
            // One refusal does not take back another that was said under another key of the same thing.
            let (mut refused, mut sounds) = (HashSet::new(), Vec::new());
            for key in std::iter::once(&wanted.key).chain(&wanted.aliases) {
                if let Some(Verdict::NoneOfThese { refused: these, heard }) =
                    all.by_key.get(key).map(|decision| &decision.verdict)
                {
                    refused.extend(these.iter().cloned());
                    sounds.extend(heard.iter().cloned());
                }
            }
            let description = self_description(&wanted.wanted);
            all.refused.entry(description.clone()).or_default().extend(refused);
            all.refused_sounds.entry(description).or_default().extend(sounds);
        }
        Ok(all)
    }

    /// The newest, whatever key it was made under.
    pub(crate) fn of(&self, wanted: &StoredWanted) -> Option<&Decision> {
        let keys = std::iter::once(&wanted.key).chain(&wanted.aliases);
        let all = keys.filter_map(|key| self.by_key.get(key));
        // Of two that bear the same second the first key's.
        all.rev().max_by_key(|decision| decision.decided_at)
    }

    pub(crate) fn refuse(&self, wanted: &Wanted, content: &ContentId) -> bool {
        !self.refused.is_empty()
            && self.refused.get(&self_description(wanted)).is_some_and(|refused| refused.contains(content))
    }

    pub(crate) fn refused_sounds(&self, wanted: &Wanted) -> &[Heard] {
        if self.refused_sounds.is_empty() {
            return &[];
        }
        self.refused_sounds.get(&self_description(wanted)).map_or(&[], Vec::as_slice)
    }
}

/// A chosen file that is gone under its content and its path may be there under others, and sound as it did.
pub(crate) fn find_by_sound(
    wanted: &StoredWanted,
    answer: &mut Option<(Answer, bool)>,
    decisions: &Decisions,
    (offers, index): (&[Offer], &Index),
    left: &mut usize,
    context: &Context,
) -> Result<(), EngineError> {
    let Some((Answer::None(_), true)) = answer else { return Ok(()) };
    let verdict = decisions.of(wanted).map(|decision| &decision.verdict);
    let Some(Verdict::UseFile { path, heard: Some(heard), .. }) = verdict else { return Ok(()) };
    if let Some(offer) = found_again(&wanted.wanted, heard, index, offers, left, context)? {
        let mut found = chosen_by_user(wanted, offers, &offer.content, path, None);
        if let Answer::File(found) = &mut found {
            let says = "you chose this recording; found again by its sound".to_owned();
            found.evidence = vec![Evidence { kind: "decision", weight: 1.0, says }];
        }
        *answer = Some((found, true));
    }
    Ok(())
}

/// What a wanted thing is called in this run, whatever rows and keys it has.
pub(crate) fn self_description(wanted: &Wanted) -> String {
    wanted.spotify.as_ref().map_or_else(|| wanted.name_key(), ToString::to_string)
}

/// A file that the user chose counts wherever it lies, also outside the folders of this run; it is not searched.
pub(crate) fn add_chosen_elsewhere(
    offers: &mut Vec<Offer>,
    decisions: &Decisions,
    context: &Context,
) -> Result<(), EngineError> {
    let mut known: HashSet<ContentId> = offers.iter().map(|offer| offer.content.clone()).collect();
    let mut chosen: Vec<&ContentId> = decisions
        .by_key
        .values()
        .filter_map(|decision| match &decision.verdict {
            Verdict::UseFile { content, .. } => Some(content),
            Verdict::NoneOfThese { .. } | Verdict::LeaveOut => None,
        })
        .collect();
    chosen.sort_unstable();
    for content in chosen {
        if known.insert(content.clone()) {
            // No scan looks there: only now it can be seen that one is gone.
            let files = context.library.files_by_content(content)?;
            offers.extend(files.into_iter().filter(|offer| !is_surely_gone(&offer.path)));
        }
    }
    Ok(())
}

pub(crate) fn is_surely_gone(path: &Path) -> bool {
    matches!(path.try_exists(), Ok(false))
}

/// A file that was only tagged anew lasts as long as before, but for what readers of headers disagree about.
const RETAGGED_APART: Duration = Duration::from_secs(2);

/// The same file again: by its content wherever it is now, or by its place when it was re-tagged there. For an album
/// the file stands for all files of its folder that name the same album.
pub(crate) fn chosen_by_user(
    wanted: &StoredWanted,
    offers: &[Offer],
    content: &ContentId,
    path: &str,
    heard: Option<&Heard>,
) -> Answer {
    // Another disc may have been ripped over that place: what lies there must at least last as long.
    let lasts_as_long = |offer: &Offer| {
        let chosen = heard.map(|heard| heard.duration).or(wanted.wanted.duration);
        let lengths = chosen.zip(offer.facts.duration);
        lengths.is_none_or(|(chosen, ours)| chosen.abs_diff(ours) <= RETAGGED_APART)
    };
    // Files of equal bytes may be several things: the one at the chosen place is meant, whichever it was called then.
    let is_of_file = ContentId::file_of(&content.0) == content.0;
    let is_it = |offer: &Offer| {
        is_of_file
            && offer.part.is_none()
            && offer.content.bytes() == content.bytes()
            && offer.place() == path
    };
    let found = offers
        .iter()
        .find(|offer| is_it(offer))
        .or_else(|| offers.iter().find(|offer| &offer.content == content))
        .or_else(|| offers.iter().find(|offer| offer.place() == path && lasts_as_long(offer)));
    match found {
        Some(offer) if wanted.wanted.kind == WantedKind::Release => {
            Answer::Files(album_around(offer, offers), "you chose this album".to_owned())
        }
        Some(offer) if is_of_many(&wanted.wanted) => {
            Answer::Files(around(offer, offers), "you chose these files".to_owned())
        }
        Some(offer) => Answer::File(Match {
            file_id: offer.file_id,
            score: 1.0,
            evidence: vec![Evidence {
                kind: "decision",
                weight: 1.0,
                says: "you chose this file".to_owned(),
            }],
            substitute: None,
            objection: None,
        }),
        None if offers.iter().any(|offer| offer.place() == path) => {
            Answer::None(format!("another file lies now where the one you chose was: {path}"))
        }
        None => Answer::None(format!("the file you chose is not there now: {path}")),
    }
}

/// Whether one file that is chosen stands for all of its book or podcast.
fn is_of_many(wanted: &Wanted) -> bool {
    match wanted.kind {
        WantedKind::Show => true,
        WantedKind::Audiobook => book_and_chapter(wanted).1.is_none(),
        _ => false,
    }
}

/// All of the album in the folder of the chosen file, on whichever of its discs.
fn album_around(chosen: &Offer, offers: &[Offer]) -> Vec<i64> {
    let folder = album_folder(chosen);
    let same = |offer: &&Offer| offer.tags.album == chosen.tags.album && album_folder(offer) == folder;
    let mut album: Vec<&Offer> = offers.iter().filter(same).collect();
    album.sort_by_key(|offer| (offer.tags.disc_number, offer.tags.track_number, &offer.path));
    album.into_iter().map(|offer| offer.file_id).collect()
}

/// The folder that a file lies in, or the one above where that is a disc's.
fn album_folder(offer: &Offer) -> Option<&Path> {
    let folder = offer.path.parent()?;
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    if disc_of(&name).is_some() { folder.parent() } else { Some(folder) }
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

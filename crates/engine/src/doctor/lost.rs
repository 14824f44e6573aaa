//! What is lost with files that are gone: what lists ask for that one of them answered, and that nothing answers now, or only
//! a part of what did.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use ferrotape_domain::{Offer, Silent, WantedKind, letters_of};
use ferrotape_store::KnownFile;

use crate::listed::place;
use crate::matching::{Answer, Matched, Matching, match_among};
use crate::policies::RunPolicy;
use crate::{Context, EngineError};

/// Something wanted that a file which is gone answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// The library's number of it.
    pub number: i64,
    /// How people name it.
    pub wanted: String,
    /// The file, or the first of several.
    pub path: PathBuf,
    /// What is left of it.
    pub left: Left,
}

/// What is left of something that a file which is gone answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Left {
    /// No file of it.
    Nothing,
    /// Only what comes near: whether that will do, a person must say.
    Near,
    /// An album or a book without these of its tracks, by their titles.
    Without(Vec<String>),
}

impl Left {
    /// What it is called where it is not told in words.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Near => "near",
            Self::Without(_) => "part",
        }
    }

    /// The tracks that an album or a book lacks.
    pub fn tracks(&self) -> &[String] {
        match self {
            Self::Without(tracks) => tracks,
            Self::Nothing | Self::Near => &[],
        }
    }

    /// The first of those tracks, in quotation marks, and how many more there are.
    pub fn tracks_in_short(&self) -> String {
        const NAMED: usize = 5;
        let tracks = self.tracks();
        let named: Vec<String> = tracks.iter().take(NAMED).map(|title| format!("“{title}”")).collect();
        match tracks.len().saturating_sub(NAMED) {
            0 => named.join(", "),
            more => format!("{} and {more} more", named.join(", ")),
        }
    }
}

/// What stands in lists, was answered by files of which these that a scan missed are some, and is not by what is there. All that
/// lists ask for is matched together, as a run does it: asked for alone, a thing would be given the file that another one has.
pub(super) fn lost_with(gone: &[&KnownFile], context: &Context) -> Result<Vec<Lost>, EngineError> {
    let paths: HashSet<&Path> = gone.iter().map(|file| file.path.as_path()).collect();
    let is_gone = |offer: &Offer| paths.contains(offer.path.as_path());
    let mut went = context.library.gone_offers()?;
    went.retain(is_gone);
    let mut listed: Vec<i64> = context.library.on_lists()?.into_iter().collect();
    listed.sort_unstable();
    if went.is_empty() || listed.is_empty() {
        return Ok(Vec::new());
    }
    let wanted = context.library.wanted_by_ids(&listed)?;
    let quiet = Context { listen: false, progress: &Silent, ..*context };
    let run = RunPolicy::default();
    let mut all = context.library.offers(&[])?;
    all.extend(went);
    all.sort_by(|one, other| one.path.as_os_str().cmp(other.path.as_os_str()));
    let before = match_among(all, wanted.clone(), &run, &quiet)?;
    if !before.matched.iter().any(|one| files_of(&one.answer, &before).into_iter().any(is_gone)) {
        return Ok(Vec::new());
    }
    let now = match_among(context.library.offers(&[])?, wanted, &run, &quiet)?;
    let answers: HashMap<i64, &Answer> = now.matched.iter().map(|one| (one.wanted.id, &one.answer)).collect();
    let lost = before.matched.iter().filter_map(|one| {
        let (went, stayed): (Vec<&Offer>, Vec<&Offer>) =
            files_of(&one.answer, &before).into_iter().partition(|offer| is_gone(offer));
        let path = went.first()?.path.clone();
        let left = left_of(one, (&went, &stayed), answers.get(&one.wanted.id)?, &now)?;
        Some(Lost { number: one.wanted.id, wanted: one.wanted.wanted.label(), path, left })
    });
    Ok(lost.collect())
}

/// The files that are an answer, in order.
fn files_of<'m>(answer: &Answer, matching: &'m Matching) -> Vec<&'m Offer> {
    match answer {
        Answer::File(found) => matching.offer(found.file_id).into_iter().collect(),
        Answer::Files(files, _) => files.iter().filter_map(|file| matching.offer(*file)).collect(),
        Answer::Review(..) | Answer::None(_) | Answer::LeftOut(_) | Answer::NotYet(_) => Vec::new(),
    }
}

/// What is left of a thing by its answer now; `None` where nothing is lost. Of a podcast, which has other episodes each week, not
/// each is missed.
fn left_of(
    matched: &Matched,
    (went, stayed): (&[&Offer], &[&Offer]),
    answer: &Answer,
    now: &Matching,
) -> Option<Left> {
    let has_tracks = matches!(matched.wanted.wanted.kind, WantedKind::Release | WantedKind::Audiobook);
    match answer {
        Answer::None(_) => Some(Left::Nothing),
        Answer::Review(..) => Some(Left::Near),
        Answer::File(_) | Answer::Files(..) if has_tracks => {
            let missing = missing_of(went, stayed, files_of(answer, now));
            (!missing.is_empty()).then_some(Left::Without(missing))
        }
        Answer::File(_) | Answer::Files(..) | Answer::LeftOut(_) | Answer::NotYet(_) => None,
    }
}

/// The titles of those tracks that went and that no other file stands in for. A file stands in for one: of two interludes one may
/// be left.
fn missing_of(went: &[&Offer], stayed: &[&Offer], now: Vec<&Offer>) -> Vec<String> {
    let is_new = |offer: &&Offer| stayed.iter().all(|one| one.file_id != offer.file_id);
    let mut new: Vec<&Offer> = now.into_iter().filter(is_new).collect();
    let mut missing = Vec::new();
    for offer in went {
        let same_place = new.iter().position(|one| is_in_place_of(one, offer));
        match same_place.or_else(|| new.iter().position(|one| is_called_as(one, offer))) {
            Some(at) => {
                new.remove(at);
            }
            None => missing.push(title_of(offer)),
        }
    }
    missing
}

fn is_in_place_of(one: &Offer, other: &Offer) -> bool {
    place(&one.tags).is_some_and(|at| Some(at) == place(&other.tags))
}

fn is_called_as(one: &Offer, other: &Offer) -> bool {
    let name = letters_of(&title_of(one));
    !name.is_empty() && name == letters_of(&title_of(other))
}

/// What it is called by its tags, or by its file's name.
fn title_of(offer: &Offer) -> String {
    let title = offer.tags.title.clone().filter(|title| !title.is_empty());
    let name = || offer.path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    title.unwrap_or_else(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_tracks_are_named_in_short() {
        let without = |count: usize| Left::Without((1..=count).map(|at| format!("t{at}")).collect());
        assert_eq!(without(2).tracks_in_short(), "“t1”, “t2”");
        assert_eq!(without(7).tracks_in_short(), "“t1”, “t2”, “t3”, “t4”, “t5” and 2 more");
        assert_eq!(Left::Near.tracks_in_short(), "");
    }
}

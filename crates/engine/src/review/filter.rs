//! Which of the open cases are meant, and which can be answered together.

use std::collections::HashMap;
use std::path::Path;

use super::{Reason, ReviewCase};

/// Which cases are meant; an empty filter means all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only these kinds of reasons; all when empty.
    pub reasons: Vec<Reason>,
    /// Only where the wanted album's name holds this text.
    pub album: Option<String>,
    /// Only where a wanted artist's name holds this text.
    pub artist: Option<String>,
    /// Only what lists of these names ask for, in any spelling of upper and lower case; all when empty.
    pub lists: Vec<String>,
}

impl Filter {
    /// Whether a case is meant.
    pub fn admits(&self, case: &ReviewCase) -> bool {
        let wanted = &case.wanted.wanted;
        let holds = |text: &str, part: &Option<String>| {
            part.as_ref().is_none_or(|part| folded(text).contains(&folded(part)))
        };
        // A saved album's name is its title.
        let album = wanted.release.as_deref().unwrap_or(&wanted.title);
        (self.reasons.is_empty() || self.reasons.contains(&case.reason))
            && holds(album, &self.album)
            && holds(&wanted.artists.to_string(), &self.artist)
            && (self.lists.is_empty()
                || case.lists.iter().any(|list| self.lists.iter().any(|name| folded(name) == folded(list))))
    }
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// The cases among `cases` that one answer may settle together with `cases[at]`: recordings of one wanted release
/// whose best candidates lie in one folder. Two that have one file as their best are left out, for it can only be
/// one of them. `at` itself is among them; a group of one is none.
pub fn same_answer(cases: &[&ReviewCase], at: usize) -> Vec<usize> {
    let Some(key) = cases.get(at).and_then(|case| together(case)) else { return Vec::new() };
    let members: Vec<usize> = (0..cases.len())
        .filter(|other| cases.get(*other).and_then(|case| together(case)) == Some(key.clone()))
        .collect();
    let mut takers: HashMap<i64, usize> = HashMap::new();
    let best = |member: usize| {
        cases.get(member).and_then(|case| case.candidates.first()).map(|(offer, _)| offer.file_id)
    };
    for file in members.iter().filter_map(|member| best(*member)) {
        *takers.entry(file).or_default() += 1;
    }
    let alone = |member: &usize| best(*member).is_some_and(|file| takers.get(&file) == Some(&1));
    members.into_iter().filter(alone).collect()
}

/// What cases of one group have in common: album, its artist, and the folder of the best candidate.
fn together(case: &ReviewCase) -> Option<(String, String, &Path)> {
    let wanted = &case.wanted.wanted;
    let album = folded(wanted.release.as_deref()?);
    let artist = wanted.release_artists.first().or_else(|| wanted.artists.first()).unwrap_or_default();
    let (best, _) = case.candidates.first()?;
    (!album.is_empty()).then(|| Some((album, folded(artist), best.path.parent()?))).flatten()
}

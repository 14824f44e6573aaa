//! Whether two titles are the same title.

use crate::describe::{Reading, Sought};
use crate::misspelling::are_slips_apart;
use crate::normalise::{edits, squash, typo_allowance};
use crate::numerals::without_part_words;
use crate::scripts::{LatinLikeness, latin_likeness};
use crate::title::{Title, numbers};

/// How the titles compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TitleFit {
    Cut,
    Typo,
    Romanised,
    Subtitle,
    Same,
}

/// How a reading's title fits the wanted one; `None` when it is another title.
pub(crate) fn title_fit(sought: &Sought, reading: &Reading) -> Option<TitleFit> {
    let (a, b) = (&sought.title, &reading.title);
    let (whole_a, whole_b) = (a.whole(), b.whole());
    let (squash_a, squash_b) = (squash(&whole_a), squash(&whole_b));
    if squash_a == squash_b {
        return Some(if of_two_films(a, b) { TitleFit::Subtitle } else { TitleFit::Same });
    }
    // ID3v1 keeps 30 bytes: the rest must be what is wanted.
    let cut = (27..=30).contains(&reading.length) && reading.folded.len() >= 20;
    if cut && squash(&sought.title_folded).starts_with(&squash(&reading.folded)) {
        return Some(TitleFit::Cut);
    }
    if numbers(&whole_a) != numbers(&whole_b) && !from_film_only(a, b) {
        return None;
    }
    if squash(&a.base) == squash(&b.base) && (a.subtitles.is_empty() || b.subtitles.is_empty()) {
        return Some(TitleFit::Subtitle);
    }
    // `Sketches, Pt. 2` and `Sketches 2`.
    if squash(&without_part_words(&whole_a)) == squash(&without_part_words(&whole_b)) {
        return Some(TitleFit::Subtitle);
    }
    match latin_likeness(&whole_a, &whole_b) {
        Some(LatinLikeness::Sound) => return Some(TitleFit::Romanised),
        Some(LatinLikeness::Skeleton) => return Some(TitleFit::Typo),
        None => {}
    }
    let shorter = squash_a.chars().count().min(squash_b.chars().count());
    let count = edits(&squash_a, &squash_b, typo_allowance(shorter));
    let misspelt = count.is_some_and(|count| typo_is_plausible(&whole_a, &whole_b, count))
        || are_slips_apart(&whole_a, &whole_b);
    misspelt.then_some(TitleFit::Typo)
}

/// Whether both sides name a film, and not the same: the same title may have been sung anew for each.
fn of_two_films(a: &Title, b: &Title) -> bool {
    let words = |title: &Title| -> Vec<String> {
        title
            .films
            .iter()
            .flat_map(|film| film.split(' '))
            .filter(|w| w.len() > 2)
            .map(str::to_owned)
            .collect()
    };
    let (ours, theirs) = (words(a), words(b));
    !ours.is_empty() && !theirs.is_empty() && ours.iter().all(|word| !theirs.contains(word))
}

/// Where the titles differ only in that one side says from which film or show it is.
pub(crate) fn from_film_only(a: &Title, b: &Title) -> bool {
    a.films.is_empty() != b.films.is_empty() && squash(&a.whole()) == squash(&b.whole())
}

/// A typo changes a word or moves a space; a whole word more or less makes another title.
fn typo_is_plausible(a: &str, b: &str, count: usize) -> bool {
    let left = unmatched(a, b);
    let right = unmatched(b, a);
    left > 0 && right > 0 && (count <= 2 || left <= 3)
}

/// How many words of `a` have no partner in `b`.
fn unmatched(a: &str, b: &str) -> usize {
    let mut others: Vec<&str> = b.split(' ').collect();
    let mut count = 0;
    for word in a.split(' ') {
        match others.iter().position(|other| *other == word) {
            Some(at) => {
                others.swap_remove(at);
            }
            None => count += 1,
        }
    }
    count
}

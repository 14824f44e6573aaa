//! Whether two titles are the same title.

use crate::classical::keys::{differ_in_a_sign, flats_spelt};
use crate::classical::work::{Work, WorkFit};
use crate::readings::describe::{Album, Reading, Sought};
use crate::readings::title::Title;
use crate::texts::normalise::{edits, squash, typo_allowance};
use crate::texts::numerals::{numbers, without_part_words};
use crate::texts::scripts::{LatinLikeness, latin_likeness};
use crate::versions::album_pieces::is_year;
use crate::versions::table::Claim;
use crate::weighing::misspelling::are_slips_apart;

/// How the titles compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TitleFit {
    /// The file has no title.
    Untitled,
    /// One title is part of the other.
    Part,
    /// One title is a song of the several that the other names.
    Songs,
    /// Nearly the same words, but of another classical work or movement.
    OtherWork,
    /// The same words, but a sharp or a flat behind a note's letter is only in one of them.
    OtherKey,
    Cut,
    Typo,
    Romanised,
    /// The same movement; only one side's album says of which work.
    Movement,
    /// The same work, and perhaps another piece of it.
    Piece,
    /// One title holds the other, and the album agrees.
    Held,
    Subtitle,
    /// The same movement of the same work, printed in another way.
    Work,
    Same,
}

/// How a reading's title fits the wanted one; `None` when it is another title.
///
/// `work` is what the reading's title names where a classical work is wanted, `album` the file's.
pub(crate) fn title_fit(
    sought: &Sought,
    reading: &Reading,
    work: Option<&Work>,
    album: &Album,
) -> Option<TitleFit> {
    let (a, b) = (&sought.title, &reading.title);
    let (whole_a, whole_b) = (a.whole(), b.whole());
    let (squash_a, squash_b) = (squash(&whole_a), squash(&whole_b));
    if squash_a == squash_b {
        return Some(if of_two_films(a, b) { TitleFit::Subtitle } else { TitleFit::Same });
    }
    if differ_in_a_sign(&whole_a, &whole_b) {
        return Some(TitleFit::OtherKey);
    }
    if let Some((wanted, offered)) = sought.work.as_ref().zip(work) {
        let fit = wanted.compare(offered, &sought.album.works(), &album.works());
        // `I. Allegro (Part Two)` is half a movement.
        let parts = parts(&whole_a) == parts(&whole_b);
        match fit {
            WorkFit::Same | WorkFit::ByAlbum if !parts => return None,
            WorkFit::Same => return Some(TitleFit::Work),
            WorkFit::ByAlbum => return Some(TitleFit::Movement),
            WorkFit::Piece => return Some(TitleFit::Piece),
            WorkFit::Other => {
                let near =
                    edits(&squash_a, &squash_b, 2).is_some_and(|n| typo_is_plausible(&whole_a, &whole_b, n));
                return near.then_some(TitleFit::OtherWork);
            }
            WorkFit::Unclear if squash(&flats_spelt(&whole_a)) == squash(&flats_spelt(&whole_b)) => {
                return Some(TitleFit::Work);
            }
            WorkFit::Unclear => {}
        }
    }
    // ID3v1 keeps 30 bytes: the rest must be what is wanted.
    let cut = (27..=30).contains(&reading.length) && reading.folded.len() >= 20;
    if cut && squash(&sought.title_folded).starts_with(&squash(&reading.folded)) {
        return Some(TitleFit::Cut);
    }
    if says_only_a_year_more(a, b) {
        return Some(TitleFit::Subtitle);
    }
    // `봄날 (Spring Day)`: the title once more, in another script.
    if is_bracket_of(b, &squash_a) || is_bracket_of(a, &squash_b) {
        return Some(TitleFit::Romanised);
    }
    if numbers(&whole_a) != numbers(&whole_b) && !from_film_only(a, b) {
        return None;
    }
    if begun_by(a, b).is_some() {
        return Some(TitleFit::Same);
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

/// What a title that is the wanted one but for a bracket that is cut off begins to claim: `Ebb (Karao`.
pub(crate) fn begun_by(wanted: &Title, offered: &Title) -> Option<Claim> {
    let is_its_last = wanted.subtitles.is_empty() && offered.subtitles.len() == 1 && !offered.cut.is_empty();
    let is_one = is_its_last && squash(&wanted.base) == squash(&offered.base);
    if is_one { offered.begun_claim() } else { None }
}

/// Whether one side has a year in brackets more, and nothing else differs: `Ebb (2015)`. It may be when it came out, or when it was
/// recorded anew.
pub(crate) fn says_only_a_year_more(a: &Title, b: &Title) -> bool {
    let (more, less) = if a.subtitles.len() > b.subtitles.len() { (a, b) } else { (b, a) };
    let is_one_more = less.subtitles.is_empty() && more.subtitles.iter().all(|words| is_year(words));
    is_one_more && !more.subtitles.is_empty() && squash(&a.base) == squash(&b.base)
}

/// Whether a title stands in another script than its only bracket, and that is the whole of the other title.
fn is_bracket_of(title: &Title, other: &str) -> bool {
    let [bracket] = title.subtitles.as_slice() else { return false };
    let has_latin = |text: &str| text.bytes().any(|byte| byte.is_ascii_alphabetic());
    let are_two_scripts = has_latin(&title.base) != has_latin(bracket);
    let has_letters = |text: &str| text.chars().any(char::is_alphabetic);
    are_two_scripts && has_letters(&title.base) && has_letters(bracket) && squash(bracket) == other
}

/// The parts a folded title counts: `part 2`.
fn parts(whole: &str) -> Vec<(&str, &str)> {
    let words: Vec<&str> = whole.split(' ').collect();
    let counted = words.windows(2).filter_map(|pair| match pair {
        [part @ ("part" | "vol" | "act" | "chapter"), number] => Some((*part, *number)),
        _ => None,
    });
    counted.collect()
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

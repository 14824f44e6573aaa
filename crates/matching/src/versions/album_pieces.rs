//! What single pieces of an album's name say of when and with whom it was recorded again: `(2021 Version)`, `(Mara's Version)`,
//! `with the Oslo Philharmonic`. An edition or a remaster of a year is the same recording.

use std::sync::LazyLock;

use crate::texts::normalise::fold;
use crate::texts::phrases::Words;
use crate::versions::album_words::{
    BESIDE_ORCHESTRAS, BETWEEN_MIX_AND_YEAR, OF_AN_EDITION, ORCHESTRAS, SOME_ORCHESTRA, VERSIONS_OF_A_YEAR,
    WITH, WORKS_FOR_ORCHESTRA,
};
use crate::versions::table::Kind;

static OF_A_YEAR: LazyLock<Words> = LazyLock::new(|| Words::of(VERSIONS_OF_A_YEAR));
static EDITION: LazyLock<Words> = LazyLock::new(|| Words::of(OF_AN_EDITION));
static BETWEEN: LazyLock<Words> = LazyLock::new(|| Words::of(BETWEEN_MIX_AND_YEAR));
static PLAYED_WITH: LazyLock<Words> = LazyLock::new(|| Words::of(WITH));
static SURELY_ORCHESTRAS: LazyLock<Words> = LazyLock::new(|| Words::of(ORCHESTRAS));
static AN_ORCHESTRA: LazyLock<Words> = LazyLock::new(|| Words::of(SOME_ORCHESTRA));
static BESIDE: LazyLock<Words> = LazyLock::new(|| Words::of(BESIDE_ORCHESTRAS));
static WORKS: LazyLock<Words> = LazyLock::new(|| Words::of(WORKS_FOR_ORCHESTRA));

/// The signs that people write before the `s` of whose something is. Programs that make file names put `_` there.
pub(crate) const APOSTROPHES: [char; 10] = ['\'', '’', '‘', 'ʼ', '＇', '′', 'ʹ', '´', '`', '_'];

/// How what somebody recorded anew is called behind the name and the sign.
const SOMEBODYS: &str = "s version";

/// Between `with` and the orchestra stand at most so many words: `with the Royal Scottish National Orchestra`.
const MOST_BETWEEN: usize = 5;

pub(crate) fn is_year(word: &str) -> bool {
    word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit()) && matches!(word.get(..2), Some("19" | "20"))
}

/// Whether two albums' names tell of years, and of none in common, while they share a word: `Beethoven: 9 Symphonies (1963)`,
/// `Beethoven: 9 Symphonien (1977)`. A year of an edition or remaster says nothing of when it was played, and neither does
/// that of a sampler, which shares no word.
pub(crate) fn name_other_years(one: &str, other: &str) -> bool {
    let (ours, theirs) = (years_of(one), years_of(other));
    let differ = !ours.is_empty() && !theirs.is_empty() && ours.iter().all(|year| !theirs.contains(year));
    let telling = |word: &&str| word.len() > 2 && !is_year(word);
    let (one, other) = (fold(one), fold(other));
    differ && one.split(' ').filter(telling).any(|word| other.split(' ').any(|known| known == word))
}

/// Whether a folded word is one of an edition: a year beside it is that of the edition.
pub(crate) fn is_of_an_edition(word: &str) -> bool {
    EDITION.has(word) || word.starts_with("remaster")
}

/// Before `recording` stand at most so many words behind its year: `1981 New Digital Recording`.
const MOST_BEFORE_RECORDING: usize = 2;

/// The years in which an album's name says that it was played: not those beside words of an edition, unless it is said that the
/// recording is of that year.
fn years_of(album: &str) -> Vec<String> {
    let pieces = album.split(['(', ')', '[', ']', '{', '}']).map(fold);
    pieces.flat_map(|piece| years_of_piece(&piece)).collect()
}

fn years_of_piece(piece: &str) -> Vec<String> {
    let words: Vec<&str> = piece.split(' ').collect();
    let is_of_edition = words.iter().any(|word| is_no_year_of_playing(word));
    let is_told = |at: usize| !is_of_edition || is_of_recording(&words, at);
    let years = words.iter().enumerate().filter(|(at, word)| is_year(word) && is_told(*at));
    years.map(|(_, year)| (*year).to_owned()).collect()
}

/// Whether a year beside this word tells when something was printed. `Digital` and `special` alone do not: that is how new
/// recordings were called, too (`1981 Digital Recording`).
fn is_no_year_of_playing(word: &str) -> bool {
    !matches!(word, "digital" | "special") && (is_of_an_edition(word) || word == "version")
}

/// `The 1981 Recording, Deluxe Edition`, `Recorded in 1981 (Remastered)`; but not `2014 Remastered Recording`.
fn is_of_recording(words: &[&str], at: usize) -> bool {
    let behind = words.get(at + 1..).unwrap_or_default();
    let is_recording = |word: &&str| matches!(*word, "recording" | "recordings" | "aufnahme" | "aufnahmen");
    let found = behind.iter().take(MOST_BEFORE_RECORDING + 1).position(is_recording);
    let between = found.and_then(|end| behind.get(..end));
    let is_plain = |word: &&str| !is_year(word) && !is_no_year_of_playing(word);
    between.is_some_and(|between| between.iter().all(is_plain))
        || matches!(words.get(..at), Some([.., "recorded"] | [.., "recorded", "in"]))
}

/// What a piece that names a year or somebody as its maker says: recorded anew, or mixed anew.
pub(crate) fn made_anew(piece: &str, words: &str) -> Option<Kind> {
    if is_somebodys_version(piece) || is_version_of_a_year(words) {
        return Some(Kind::ReRecording);
    }
    is_mix_of_a_year(words).then_some(Kind::Remix)
}

/// `Low Water (Mara's Version)`: recorded anew.
fn is_somebodys_version(piece: &str) -> bool {
    let lower = piece.to_lowercase();
    lower.trim().strip_suffix(SOMEBODYS).is_some_and(|name| name.ends_with(APOSTROPHES))
}

/// Whether a text in small letters says so anywhere.
pub(crate) fn says_somebodys_version(lower: &str) -> bool {
    let mut before = lower.match_indices(SOMEBODYS).filter_map(|(at, _)| lower.get(..at));
    before.any(|name| name.ends_with(APOSTROPHES))
}

/// `2021 Version`, `Version 2021`, and nothing else: `2021 Remastered Version` is no other recording.
fn is_version_of_a_year(words: &str) -> bool {
    match words.strip_prefix("the ").unwrap_or(words).split_once(' ') {
        Some((one, other)) => is_year(one) && OF_A_YEAR.has(other) || OF_A_YEAR.has(one) && is_year(other),
        None => false,
    }
}

/// `2017 Mix`, `2017 Stereo Mix`.
fn is_mix_of_a_year(words: &str) -> bool {
    let words: Vec<&str> = words.split(' ').collect();
    match words.as_slice() {
        [year, between @ .., "mix"] => {
            is_year(year) && between.len() <= 1 && between.iter().all(|word| BETWEEN.has(word))
        }
        _ => false,
    }
}

/// Whether a name says that it is played with an orchestra, and whether plainly: a philharmonic or a symphony orchestra
/// plays anew what a band once recorded. Any other orchestra counts only in brackets, and not plainly: dance bands were
/// called so. Music that is written for an orchestra says nothing by it.
pub(crate) fn is_with_orchestra(
    folded: &str,
    brackets: &[String],
    is_end: impl Fn(&str) -> bool,
) -> Option<bool> {
    let is_sure = names_one_after_with(folded, &SURELY_ORCHESTRAS, &is_end);
    let may_be = || brackets.iter().any(|words| names_one_after_with(words, &AN_ORCHESTRA, &is_end));
    if !is_sure && !may_be() || folded.split(' ').any(|word| WORKS.has(word)) {
        return None;
    }
    Some(is_sure)
}

fn names_one_after_with(folded: &str, orchestras: &Words, is_end: impl Fn(&str) -> bool) -> bool {
    let words: Vec<&str> = folded.split(' ').collect();
    let starts = words.iter().enumerate().filter(|(_, word)| PLAYED_WITH.has(word));
    starts.map(|(at, _)| words.get(at + 1..).unwrap_or_default()).any(|behind| {
        let near = behind.iter().take(MOST_BETWEEN + 1).position(|word| orchestras.has(word));
        // `With the Symphony of Love` names none.
        let next = near.map(|at| behind.get(at + 1).copied());
        next.is_some_and(|next| next.is_none_or(|next| BESIDE.has(next) || is_end(next)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_of_a_year_is_another_recording_and_an_edition_is_none() {
        for (piece, kind) in [
            ("2021 Version", Kind::ReRecording),
            ("The 2021 Version", Kind::ReRecording),
            ("Version 2021", Kind::ReRecording),
            ("Versión 2021", Kind::ReRecording),
            ("Mara's Version", Kind::ReRecording),
            ("Mara‘s Version", Kind::ReRecording),
            ("Mara′s Version", Kind::ReRecording),
            ("Mara_s Version", Kind::ReRecording),
            ("2017 Mix", Kind::Remix),
            ("2017 Stereo Mix", Kind::Remix),
        ] {
            assert_eq!(made_anew(piece, &fold(piece)), Some(kind), "{piece}");
        }
        for piece in [
            "2021 Edition",
            "2021 Remaster",
            "2021 Remastered Version",
            "2021 Deluxe Version",
            "2021",
            "Version",
            "Deluxe Version",
            "Version 2",
            "Expanded 2021",
            "The Mix",
            "Party Mix 2021",
            "2021 Workout Mix",
            "Barneys Version",
        ] {
            assert_eq!(made_anew(piece, &fold(piece)), None, "{piece}");
        }
    }

    #[test]
    fn years_of_recordings_tell_them_apart_and_those_of_editions_do_not() {
        let cycle = "Brenn: 9 Symphonies (1963)";
        for other in [
            "Brenn: 9 Symphonien (1977)",
            "Brenn: 9 Symphonien (1984 Digital Recording)",
            "Brenn: 9 Symphonien (Digital 1984)",
            "Brenn: 9 Symphonien (1984 New Digital Recording) [2014 Remaster]",
            "Brenn: 9 Symphonien (The 1984 Recording, Deluxe Edition)",
            "Brenn: 9 Symphonien (Remastered, Recorded in 1984)",
            "Brenn: 9 Symphonien (Special 1984)",
        ] {
            assert!(name_other_years(cycle, other) && name_other_years(other, cycle), "{other}");
        }
        for other in [
            "Brenn: 9 Symphonies",
            "Brenn: 9 Symphonien (1963) [2014 Remaster]",
            "Brenn: 9 Symphonien (2014 Remastered)",
            "Brenn: 9 Symphonies (2014 Edition)",
            "Brenn: 9 Symphonies (Expanded 2014)",
            "Brenn: 9 Symphonies (2014 Remastered Recordings)",
            "Brenn: 9 Symphonies (2014 Digital Remaster)",
            "Brenn: 9 Symphonies (2014 Special Edition)",
            "Brenn: 9 Symphonies (2014 Digital Remaster of the 1963 Recordings)",
            "Quiet Classics 2012",
        ] {
            assert!(!name_other_years(cycle, other) && !name_other_years(other, cycle), "{other}");
        }
    }

    #[test]
    fn an_orchestra_beside_a_band_plays_anew() {
        let with = |name: &str, bracket: &str| {
            let brackets: Vec<String> =
                Some(fold(bracket)).filter(|text| !text.is_empty()).into_iter().collect();
            is_with_orchestra(&fold(name), &brackets, |word| word == "2021" || word == "deluxe")
        };
        for name in [
            "Low Water with the Oslo Philharmonic",
            "Low Water (With the Royal Philharmonic Orchestra)",
            "Low Water: with the London Symphony Orchestra",
            "Low Water mit dem Osloer Symphonieorchester",
            "Low Water avec l'Orchestre Philharmonique",
            "Low Water (feat. the Oslo Philharmonic) [2021 Deluxe]",
        ] {
            assert_eq!(with(name, ""), Some(true), "{name}");
        }
        assert_eq!(with("Low Water (with Orchestra)", "with Orchestra"), Some(false));
        for name in [
            "Mara Quill with the Tom Dorn Orchestra",
            "Concerto for Group and Orchestra",
            "Violin Concerto with the Oslo Philharmonic",
            "Symphonica",
            "Symphonicities",
            "Dancing with the Symphony of Love",
            "Dancing with Orchids",
            "The Oslo Philharmonic",
            "With Strings",
        ] {
            assert_eq!(with(name, ""), None, "{name}");
        }
    }
}

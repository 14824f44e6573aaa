//! What only a file's title says in brackets, and no table knows: `Ebb (Phonk)`. A short mark of that kind is mostly some
//! version; a longer one is the rest of the title, which services leave out: `Ebb (Better Late Than Never)`.

use std::sync::LazyLock;

use crate::readings::describe::Sought;
use crate::readings::title::Title;
use crate::texts::normalise::{fold, squash};
use crate::texts::numerals::numerals;
use crate::texts::phrases::Words;
use crate::versions::album_words::PLACES;
use crate::versions::words::BESIDE_TITLES;

static SAYS_NO_VERSION: LazyLock<Words> = LazyLock::new(|| Words::of(BESIDE_TITLES));
static HALLS: LazyLock<Words> = LazyLock::new(|| Words::of(PLACES));

/// More words are a subtitle.
const MOST_WORDS: usize = 2;
/// With a place at the end: `Royal Albert Hall`.
const MOST_WORDS_OF_A_PLACE: usize = 4;

/// The first mark that only the file's title has and that may say which version it is, as `printed` has it.
pub(crate) fn unknown_mark(sought: &Sought, title: &Title, printed: &str) -> Option<String> {
    if !sought.title.subtitles.is_empty() || squash(&sought.title.base) != squash(&title.base) {
        return None;
    }
    let as_printed = |mark: &str| {
        let mut pieces = printed.split(['(', ')', '[', ']', '{', '}']).map(str::trim);
        pieces.find(|piece| numerals(&fold(piece)) == mark)
    };
    let is_one = |mark: &str| may_be_a_version(mark) || as_printed(mark).is_some_and(names_several);
    let mark = title.subtitles.iter().find(|mark| is_one(mark) && !is_named(sought, mark))?;
    Some(as_printed(mark).unwrap_or(mark).to_owned())
}

/// `Clark Kent/Django`: who made it, not the rest of a title.
fn names_several(printed: &str) -> bool {
    let names: Vec<&str> = printed.split('/').collect();
    names.len() > 1 && names.iter().all(|name| (1..=MOST_WORDS).contains(&name.split_whitespace().count()))
}

/// Whether a subtitle that the file's tag has, and neither its name nor what is wanted, makes one ask: what is no version is the
/// rest of the title where the playing times agree.
pub(crate) fn is_doubtful(mark: &str, close: bool) -> bool {
    let says_nothing = || mark.split(' ').all(|word| SAYS_NO_VERSION.has(word));
    !mark.is_empty() && (may_be_a_version(mark) || !close && !says_nothing())
}

fn may_be_a_version(mark: &str) -> bool {
    let words: Vec<&str> = mark.split(' ').collect();
    let names_a_place =
        words.len() <= MOST_WORDS_OF_A_PLACE && words.last().is_some_and(|word| HALLS.has(word));
    let is_short = words.len() <= MOST_WORDS;
    (is_short || names_a_place) && !words.iter().all(|word| SAYS_NO_VERSION.has(word))
}

/// Whether what is wanted has these words, too: in its title, its album or its artists' names.
fn is_named(sought: &Sought, mark: &str) -> bool {
    let names = sought.names.0.iter().map(|name| name.folded.as_str());
    let texts: Vec<&str> =
        names.chain([sought.title_folded.as_str(), sought.album.folded.as_str()]).collect();
    mark.split(' ').all(|word| texts.iter().any(|text| text.split(' ').any(|other| other == word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_marks_may_be_versions_and_subtitles_are_none() {
        assert!(names_several("Tarn Bell/Lisk") && !names_several("Better / Late Than Never Again"));
        for mark in ["phonk", "oslo sound", "royal albert hall", "from wembley", "nuovo"] {
            assert!(may_be_a_version(mark), "{mark}");
        }
        for mark in [
            "better late than never",
            "are made of this",
            "official hd video",
            "main",
            "high quality",
            "theme",
        ] {
            assert!(!may_be_a_version(mark), "{mark}");
        }
    }
}

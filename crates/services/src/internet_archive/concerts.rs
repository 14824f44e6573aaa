//! Whether an item's title or identifier tells of a concert without saying `live`: `Mara Quill 2004-05-08 Oslo`, `… @ Oslo`,
//! `… gig in Oslo`. The day of a label's release is taken out before (`released.rs`).

use std::collections::HashSet;

use ferrotape_domain::month_of;

use crate::answers::folded_words;

/// Words of concerts, and of those who record them.
const WORDS: [&str; 19] = [
    "gig",
    "gigs",
    "festival",
    "fest",
    "performance",
    "performances",
    "performing",
    "performs",
    "tour",
    "recital",
    "residency",
    "busking",
    "showcase",
    "webcast",
    "soundcheck",
    "kexp",
    "daytrotter",
    "audiotree",
    "instore",
];
/// The same in two words.
const PHRASES: [[&str; 2]; 4] = [["open", "mic"], ["open", "mike"], ["in", "store"], ["tiny", "desk"]];

/// Whether what is said tells of a concert, by its day, or by a word that `known` does not have.
pub(super) fn tells_of_a_concert<'k>(said: &str, known: impl IntoIterator<Item = &'k str>) -> bool {
    let known: Vec<&str> = known.into_iter().collect();
    let has_sign = |text: &str| text.split_whitespace().any(|word| word == "@");
    names_a_day(said)
        || (has_sign(said) && !known.iter().any(|text| has_sign(text)))
        || has_word(said, &known.into_iter().flat_map(folded_words).collect())
}

fn has_word(said: &str, known: &HashSet<String>) -> bool {
    let words = folded_words(said);
    let is_new = |word: &String| !known.contains(word);
    words.iter().any(|word| WORDS.contains(&word.as_str()) && is_new(word))
        || words.windows(2).any(|two| PHRASES.iter().any(|phrase| two == phrase) && two.iter().any(is_new))
}

/// `2004-05-08`, `mq2004-05-08.sbd`, `08.05.2004`, `May 8 2004`, `8. Mai 2004`.
fn names_a_day(said: &str) -> bool {
    let numeric =
        said.split(|letter: char| letter.is_whitespace() || "()[],;:".contains(letter)).any(|word| {
            let parts: Vec<&str> = word.split(['-', '.', '/', '_']).collect();
            parts.windows(3).any(is_day_in_numbers)
        });
    let words = folded_words(said);
    numeric || words.windows(3).any(is_day_in_words)
}

fn is_day_in_numbers(three: &[&str]) -> bool {
    let [first, middle, last] = three else { return false };
    // The letters of an artist stand right before the year.
    let year = first.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
    let (a, b, c) = (is_number(first, 31), is_number(middle, 31), is_number(last, 31));
    let one_is_a_month = |one: &str, other: &str| is_number(one, 12) || is_number(other, 12);
    (is_year(year) && is_number(middle, 12) && c)
        || (a && b && one_is_a_month(first, middle) && is_year(last))
}

fn is_day_in_words(three: &[String]) -> bool {
    let [first, middle, year] = three else { return false };
    let is_month = |word: &str| word.starts_with(char::is_alphabetic) && month_of(word).is_some();
    // `8th`, `1er`
    let is_day = |word: &str| is_number(word.trim_end_matches(char::is_alphabetic), 31);
    is_year(year) && ((is_month(first) && is_day(middle)) || (is_day(first) && is_month(middle)))
}

fn is_number(text: &str, most: u8) -> bool {
    text.len() <= 2
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && text.parse::<u8>().is_ok_and(|number| (1..=most).contains(&number))
}

fn is_year(text: &str) -> bool {
    text.len() == 4
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && matches!(text.get(..2), Some("19" | "20"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_places_and_words_tell_of_a_concert() {
        for said in [
            "Mara Quill 2004-05-08 Oslo",
            "mq2004-05-08.sbd.flac16",
            "mara-quill_2004-05-08",
            "Mara Quill, Oslo (08.05.2004)",
            "Mara Quill 5/8/2004",
            "Mara Quill at Jazzhouse, May 8 2004",
            "Mara Quill, 8th of Oslo, 8. Mai 2004",
            "Mara Quill @ Oslo",
            "Mara Quill gig in Oslo",
            "Mara Quill Oslo Festival 2004",
            "Mara Quill in-store performance",
            "Mara Quill open mic night",
            "Mara Quill on KEXP",
        ] {
            assert!(tells_of_a_concert(said, ["Mara Quill", "Low Water"]), "{said}");
        }
        for said in [
            "Mara Quill - Low Water",
            "Low Water (2004)",
            "[fen012] Mara Quill - Low Water, May 2004",
            "low-water_20210508",
            "fen-012-2004",
            "Low Water 1.2.2",
            "Low Water, Vol. 12 (1999)",
            "maraquill@example.org",
            "Open Water in Stores",
        ] {
            assert!(!tells_of_a_concert(said, ["Mara Quill", "Low Water"]), "{said}");
        }
        assert!(!tells_of_a_concert("Festival @ Home", ["Mara Quill", "Festival @ Home"]), "it is its name");
    }
}

//! Titles and names as they are compared: letters and digits alone, in any script, whatever the quotes and dashes.

use std::time::Duration;

use ferrotape_domain::one_name_holds_the_other;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Letters of a title that are compared.
const LONGEST: usize = 400;
/// Shorter titles say too little to be the beginning of another.
const TELLING: usize = 4;
/// Advertisements are put in as an episode is fetched, and cut out again.
const APART: Duration = Duration::from_secs(600);

/// The words of a title, folded; numbers without leading zeros.
pub(super) fn canonical(title: &str) -> String {
    let mut words = vec![String::new()];
    // A mark above a letter makes no other title; one that is a vowel sign does.
    let letters = title.nfkd().filter(|letter| !('\u{300}'..='\u{36f}').contains(letter)).take(LONGEST);
    for letter in letters.flat_map(char::to_lowercase) {
        match words.last_mut() {
            // An apostrophe joins.
            _ if matches!(letter, '\'' | '\u{2019}' | '\u{2bc}') => {}
            Some(word) if letter.is_alphanumeric() || is_combining_mark(letter) => word.push(letter),
            Some(word) if !word.is_empty() => words.push(String::new()),
            _ => {}
        }
    }
    let bare = |word: &String| {
        let digits = word.bytes().all(|byte| byte.is_ascii_digit());
        let number = word.trim_start_matches('0');
        if digits && !number.is_empty() { number.to_owned() } else { word.clone() }
    };
    let words: Vec<String> = words.iter().filter(|word| !word.is_empty()).map(bare).collect();
    // A title of nothing but signs is still one.
    if words.is_empty() { title.split_whitespace().collect() } else { words.join(" ") }
}

/// What the names of one podcast share: without `the`, and `podcast` at its end.
pub(super) fn name_key(name: &str) -> String {
    let name = canonical(name);
    let bare = name.strip_prefix("the ").unwrap_or(&name);
    let bare = bare.strip_suffix(" podcast").unwrap_or(bare);
    bare.to_owned()
}

/// Whether one publisher's name holds the other's: `NPR`, `NPR and a station`. `None` where one of them is not known.
pub(super) fn one_holds_the_other(one: &str, other: &str) -> Option<bool> {
    one_name_holds_the_other(&canonical(one), &canonical(other))
}

/// Whether one title is the other with more words before or behind.
pub(super) fn says_more(one: &str, other: &str) -> bool {
    let (long, short) = if one.len() >= other.len() { (one, other) } else { (other, one) };
    let is_word = |rest: Option<&str>, gap: fn(&str) -> bool| rest.is_some_and(gap);
    short.chars().count() >= TELLING
        && (is_word(long.strip_prefix(short), |rest| rest.starts_with(' '))
            || is_word(long.strip_suffix(short), |rest| rest.ends_with(' ')))
}

/// Whether lengths differ by no more than advertisements do: ten minutes, or a tenth.
pub(super) fn about_as_long(one: Duration, other: Duration) -> bool {
    one.abs_diff(other) <= APART.max(one.max(other) / 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_meet_whatever_their_signs() {
        let same = [
            ("#012 – “Salt & Sons”", "12: Salt  sons"),
            ("L’été à Brême", "L'ete a breme"),
            ("Ｗｉｄｅ letters", "wide letters"),
            ("МИР", "мир"),
        ];
        for (one, other) in same {
            assert_eq!(canonical(one), canonical(other), "{one} / {other}");
        }
        for (one, other) in [("Part 1", "Part 2"), ("Harbour", "Harbours"), ("???", "!!!"), ("कि", "का")]
        {
            assert_ne!(canonical(one), canonical(other), "{one} / {other}");
        }
        assert_eq!(name_key("The Low Tide Podcast"), name_key("Low Tide"));
        assert_eq!((name_key("Podcast"), name_key("The")), ("podcast".to_owned(), "the".to_owned()));
        assert!(says_more("12 the long way home", "the long way home"));
        assert!(!says_more("the long way homeward", "the long way home") && !says_more("a b c", "b c"));
    }

    #[test]
    fn advertisements_make_no_other_episode() {
        let minutes = |count: u64| Duration::from_secs(count * 60);
        assert!(about_as_long(minutes(30), minutes(40)) && about_as_long(minutes(180), minutes(163)));
        assert!(!about_as_long(minutes(30), minutes(41)) && !about_as_long(minutes(180), minutes(150)));
    }
}

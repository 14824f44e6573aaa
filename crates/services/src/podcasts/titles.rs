//! Titles and names as they are compared: letters and digits alone, in any script, whatever the quotes and dashes.

use std::time::Duration;

use ferrotape_domain::{numbers_in_front, one_name_holds_the_other, without_name_behind};
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

/// What a podcast is called, here and there.
pub(super) struct Names(Vec<String>);

impl Names {
    pub(super) fn of(names: &[&str]) -> Self {
        let names = names.iter().map(|name| canonical(name));
        Self(names.filter(|name| !name.is_empty()).collect())
    }

    /// An episode's title by what tells it from others.
    pub(super) fn heading(&self, title: &str) -> Heading {
        let whole = canonical(title);
        let bare = without_name_behind(title, |text| self.0.contains(&canonical(text)));
        let bare = if bare.len() == title.len() { whole.clone() } else { canonical(bare) };
        let behind = |name: &String| bare.strip_prefix(name.as_str())?.strip_prefix(' ');
        let bare = self.0.iter().find_map(behind).unwrap_or(&bare);
        let (numbers, words) = numbers_in_front(bare);
        // A title that is only a number is called that.
        match words {
            "" => Heading { words: in_one_form(bare), numbers: Vec::new(), whole },
            words => Heading { words: in_one_form(words), numbers, whole },
        }
    }
}

/// An episode's title without its podcast's name and the number that only counts it.
#[derive(Debug, Clone)]
pub(super) struct Heading {
    pub(super) words: String,
    numbers: Vec<String>,
    /// The canonical title, all of it.
    pub(super) whole: String,
}

impl Heading {
    /// Whether both may be of one episode: the words are the same, and two numbers are not.
    pub(super) fn is_of_one(&self, other: &Self) -> bool {
        let is_counted_alike =
            self.numbers.is_empty() || other.numbers.is_empty() || self.numbers == other.numbers;
        !self.words.is_empty() && self.words == other.words && is_counted_alike
    }
}

/// Words for a part, of which the number follows.
const PARTS: [&str; 8] = ["part", "pt", "pts", "teil", "parte", "partie", "deel", "del"];
/// Its number, spelt out or as the Romans wrote it.
const NUMBERS: [[&str; 2]; 10] = [
    ["i", "one"],
    ["ii", "two"],
    ["iii", "three"],
    ["iv", "four"],
    ["v", "five"],
    ["vi", "six"],
    ["vii", "seven"],
    ["viii", "eight"],
    ["ix", "nine"],
    ["x", "ten"],
];

/// A canonical title with its parts in one form: `pt ii` and `part two` are `part 2`.
fn in_one_form(title: &str) -> String {
    let mut words: Vec<String> = title.split(' ').map(str::to_owned).collect();
    for at in 1..words.len() {
        let (before, behind) = words.split_at_mut(at);
        let (Some(part), Some(number)) = (before.last_mut(), behind.first_mut()) else { continue };
        if !PARTS.contains(&part.as_str()) {
            continue;
        }
        let spelt = NUMBERS.iter().position(|forms| forms.contains(&number.as_str()));
        if let Some(spelt) = spelt {
            *number = (spelt + 1).to_string();
        }
        if number.bytes().all(|byte| byte.is_ascii_digit()) {
            "part".clone_into(part);
        }
    }
    words.join(" ")
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
    fn a_number_or_the_podcasts_name_beside_a_title_makes_no_other_episode() {
        let names = Names::of(&["Low Tide", "Low Tide with Mara Quill", ""]);
        let of = |title: &str| names.heading(title);
        let same = [
            ("Harbour", "#12 - Harbour"),
            ("Harbour", "Ep. 12: Harbour"),
            ("Harbour", "S2E3 | Harbour"),
            ("12. Harbour", "Harbour"),
            ("12. Harbour", "Episode 012: Harbour"),
            ("Harbour | Low Tide", "Harbour"),
            ("Harbour (Low Tide)", "Low Tide 12: Harbour"),
            ("Harbour – Low Tide with Mara Quill", "Harbour"),
            ("Harbour (Part 2)", "Harbour, Pt. 2"),
            ("Harbour, Part II", "Harbour: part two"),
            ("“It’s a harbour” ⚓", "It's a Harbour"),
            ("Low Tide", "Low Tide"),
            ("Episode 12", "Low Tide, Episode 12"),
        ];
        for (one, other) in same {
            assert!(of(one).is_of_one(&of(other)) && of(other).is_of_one(&of(one)), "{one} / {other}");
        }
        let others = [
            ("#12 Harbour", "#13 Harbour"),
            ("Harbour 2", "Harbour 3"),
            ("Harbour", "Harbour, Part 1"),
            ("Harbour (Part 1)", "Harbour, Part II"),
            ("Harbour", "Rerun: Harbour"),
            ("Harbour", "Best of: Harbour"),
            ("Harbour", "Preview: Harbour"),
            ("Harbour", "Bonus: Harbour"),
            ("Harbour", "Trailer: Harbour"),
            ("Harbour", "Harbour | Other Show"),
            ("Harbour", "Harbour at Low Tide"),
            ("Episode 12", "Episode 13"),
            ("12", "13"),
            ("", ""),
        ];
        for (one, other) in others {
            assert!(!of(one).is_of_one(&of(other)), "{one} / {other}");
        }
    }

    #[test]
    fn advertisements_make_no_other_episode() {
        let minutes = |count: u64| Duration::from_secs(count * 60);
        assert!(about_as_long(minutes(30), minutes(40)) && about_as_long(minutes(180), minutes(163)));
        assert!(!about_as_long(minutes(30), minutes(41)) && !about_as_long(minutes(180), minutes(150)));
    }
}

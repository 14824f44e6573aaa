//! Titles of spoken word: their words and their numbers apart, for numbers must be equal whatever else agrees.

use ferrotape_domain::{announces_a_number, numbers_in, numbers_in_front, without_name_behind};

use crate::texts::normalise::{fold, only_typos, squash};
use crate::texts::numerals::numerals;

/// Words of an edition that make no other book.
const EDITION: &[&str] = &[
    "unabridged",
    "abridged",
    "ungekurzt",
    "ungekurzte",
    "gekurzt",
    "gekurzte",
    "lesung",
    "audiobook",
    "horbuch",
];
/// Texts of fewer letters say too little to be the beginning of another.
const LONG_ENOUGH: usize = 8;

/// How two titles agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Likeness {
    /// Every word and every number.
    Same,
    /// The words, but one of them counts and the other does not.
    NumberMissing,
    /// One says more than the other, or letters differ.
    Near,
    /// Nothing, or the numbers differ.
    Differs,
}

/// A title's words, run together, and its numbers in order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct NumberedTitle {
    /// Folded, without spaces, numbers, and words that announce an episode's number.
    pub words: String,
    /// Without leading zeros.
    pub numbers: Vec<String>,
}

impl NumberedTitle {
    /// Takes `title` apart; the name of the show (or book) at its beginning, or parted from it at its end, says nothing.
    pub fn of(title: &str, show: &str) -> Self {
        let text = without_show(title, show);
        let mut title = Self::default();
        let mut words = text.split(' ').peekable();
        while let Some(word) = words.next() {
            let counted = numbers_in(word);
            let announces =
                announces_a_number(word) && words.peek().is_some_and(|next| numbers_in(next).is_some());
            match counted {
                Some(numbers) => title.numbers.extend(numbers),
                None if announces => {}
                None => title.words.push_str(word),
            }
        }
        title
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty() && self.numbers.is_empty()
    }

    pub(super) fn likeness(&self, other: &Self) -> Likeness {
        if self.is_empty() || other.is_empty() {
            return Likeness::Differs;
        }
        let (same_words, same_numbers) = (self.words == other.words, self.numbers == other.numbers);
        if same_words && same_numbers {
            return Likeness::Same;
        }
        let one_counts = self.numbers.is_empty() != other.numbers.is_empty();
        if same_words && one_counts {
            return Likeness::NumberMissing;
        }
        let one_names = self.words.is_empty() != other.words.is_empty();
        let begins =
            |long: &str, short: &str| short.chars().count() >= LONG_ENOUGH && long.starts_with(short);
        let nearly = begins(&self.words, &other.words)
            || begins(&other.words, &self.words)
            || (!same_words && only_typos(&self.words, &other.words))
            || (one_names && !self.numbers.is_empty());
        if same_numbers && nearly { Likeness::Near } else { Likeness::Differs }
    }
}

/// A title folded, its numbers in one form, without the name of its show.
fn without_show(title: &str, show: &str) -> String {
    let show = fold(show);
    let folded = fold(without_name_behind(title, |name| !show.is_empty() && fold(name) == show));
    let rest = folded.strip_prefix(&show).filter(|rest| rest.starts_with(' ') && !show.is_empty());
    numerals(rest.unwrap_or(&folded).trim_start())
}

/// Whether a title's numbers all stand before its words, and so only count the episode: `12. Harbour`, `S2E3 | Harbour`.
/// Those of `Harbour, Part 2` are its own.
pub(super) fn only_counts(title: &str, show: &str) -> bool {
    let text = without_show(title, show);
    let (numbers, rest) = numbers_in_front(&text);
    !numbers.is_empty() && !rest.is_empty() && rest.split(' ').all(|word| numbers_in(word).is_none())
}

/// What the names of one show, book or author share, in every careful spelling: folded, without `the`, words of an
/// edition (`Unabridged`), a disc's number, and `podcast` at the end.
pub fn name_key(name: &str) -> String {
    let text = numerals(&fold(name));
    let mut words: Vec<&str> = text.split(' ').filter(|word| !EDITION.contains(word)).collect();
    if let Some((before, _)) = before_disc(&words) {
        words.truncate(before);
    }
    if let [_, .., "podcast"] = words.as_slice() {
        words.truncate(words.len() - 1);
    }
    if let ["the", _, ..] = words.as_slice() {
        words.remove(0);
    }
    if words.is_empty() { squash(&text) } else { words.concat() }
}

/// The disc that a book's name, or its folder's, ends with: 2 of `Salt (CD 2)`, `Salt CD2`.
pub(super) fn disc_in_name(name: &str) -> Option<u32> {
    let text = numerals(&fold(name));
    let words: Vec<&str> = text.split(' ').filter(|word| !EDITION.contains(word)).collect();
    before_disc(&words).map(|(_, disc)| disc)
}

/// How many words stand before the disc that these end with, and its number; `None` where there is no disc, or nothing else.
fn before_disc(words: &[&str]) -> Option<(usize, u32)> {
    const DISC: [&str; 3] = ["cd", "disc", "disk"];
    let (last, before) = words.split_last()?;
    let in_one = DISC.iter().find_map(|word| last.strip_prefix(word)).and_then(disc_number);
    let (before, disc) = match (in_one, before.split_last()) {
        (Some(disc), _) => (before.len(), disc),
        (None, Some((word, before))) if DISC.contains(word) => (before.len(), disc_number(last)?),
        (None, _) => return None,
    };
    (before > 0).then_some((before, disc))
}

fn disc_number(digits: &str) -> Option<u32> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

/// The name without what stands behind a colon, a dash or in brackets; the whole where nothing does.
pub(super) fn main_title(name: &str) -> &str {
    let ends = [": ", " - ", " – ", " — ", " (", " ["];
    let end = ends.iter().filter_map(|mark| name.find(mark)).filter(|at| *at > 0).min();
    end.and_then(|end| name.get(..end)).unwrap_or(name).trim()
}

/// What the name of a book says of a reading of it behind itself: `in German, read by Oda Brenn`, or `version 2` of several
/// at one place; and the name without that.
pub(super) fn reading_of(name: &str) -> (&str, Option<Reading<'_>>) {
    let inner = name.trim_end().strip_suffix(')').and_then(|rest| rest.rsplit_once(" ("));
    let Some((book, inner)) = inner else { return (name, None) };
    let folded = fold(inner);
    let number = folded.strip_prefix("version ");
    if number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit())) {
        return (book, Some(Reading::Again(inner)));
    }
    let in_language = |rest: &str| rest.contains(" read by ") || !rest.contains(' ');
    let is_told = folded.starts_with("read by ") || folded.strip_prefix("in ").is_some_and(in_language);
    if is_told { (book, Some(Reading::Told(inner))) } else { (name, None) }
}

/// Whether a title says behind itself who is to read the book.
pub(super) fn names_reader(title: &str) -> bool {
    let behind = fold(title.trim_start().strip_prefix(main_title(title)).unwrap_or_default());
    behind.contains("read by ") || behind.contains("narrated by ")
}

/// How a reading is told apart from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading<'a> {
    /// The same text was read more than once.
    Again(&'a str),
    /// Its language, or who reads it.
    Told(&'a str),
}

/// Whether a text says that a book is shortened: `Some(true)`, or that it is not.
pub(super) fn abridged(text: &str) -> Option<bool> {
    let folded = fold(text);
    let mut found = None;
    for word in folded.split(' ') {
        match word {
            "unabridged" | "ungekurzt" | "ungekurzte" => found = Some(false),
            "abridged" | "gekurzt" | "gekurzte" => found = Some(true),
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_must_be_equal_and_announcements_do_not_count() {
        use Likeness::{Differs, Near, NumberMissing, Same};
        let table = [
            ("#12 – Harbour", "12. Harbour", Same),
            ("Episode 12: Harbour", "Ep. 012 Harbour", Same),
            ("S01E03 Harbour", "s1 e3 - Harbour", Same),
            ("Low Tide: Harbour", "Harbour", Same),
            ("Harbour | Low Tide", "Harbour", Same),
            ("Harbour (Low Tide)", "12. Harbour", NumberMissing),
            ("Harbour at Low Tide", "Harbour", Differs),
            ("Harbour (Part 2)", "Harbour, Pt. 2", Same),
            ("Harbour, Part II", "Harbour Pt. 2", Same),
            ("Harbour (Part 1)", "Harbour, Part II", Differs),
            ("“Harbour” – it’s ⚓ time", "Harbour: It's time", Same),
            ("Rerun: Harbour", "Harbour", Differs),
            ("Best of: Harbour", "Harbour", Differs),
            ("Preview: Harbour", "Harbour", Differs),
            ("Bonus: Harbour", "Harbour", Differs),
            ("Trailer: Harbour", "Harbour", Differs),
            ("Harbour, Part Two", "Harbour - Part II", Same),
            ("Harbour, Part 2", "Harbour, Part 1", Differs),
            ("#12 Harbour", "#13 Harbour", Differs),
            ("#12 Harbour", "Harbour", NumberMissing),
            ("Episode 12", "12: Harbour", Near),
            ("Episode 12", "13: Harbour", Differs),
            ("The Long Way to Harbour", "The Long Way to Harbour (Bonus)", Near),
            ("Harbour", "Gulls", Differs),
            ("2024", "2025", Differs),
        ];
        for (one, other, expected) in table {
            let title = |text: &str| NumberedTitle::of(text, "Low Tide");
            assert_eq!(title(one).likeness(&title(other)), expected, "{one} / {other}");
            assert_eq!(title(other).likeness(&title(one)), expected, "{other} / {one}");
        }
    }

    #[test]
    fn a_number_before_a_title_only_counts_it() {
        let counts = |title: &str| only_counts(title, "Low Tide");
        for title in ["#12 - Harbour", "Ep. 12: Harbour", "S2E3 | Harbour", "Low Tide 12: Harbour | Low Tide"]
        {
            assert!(counts(title), "{title}");
        }
        for title in
            ["Harbour", "Harbour 2", "Harbour, Part 2", "12: Harbour, Part 2", "Part 2: Harbour", "12"]
        {
            assert!(!counts(title), "{title}");
        }
    }

    #[test]
    fn names_meet_in_every_careful_spelling() {
        assert_eq!(name_key("The Low Tide"), name_key("Low Tide Podcast"));
        assert_eq!(name_key("Salt (Unabridged)"), name_key("Salt"));
        assert_eq!(name_key("Salt, Volume Two"), name_key("Salt Vol. 2"));
        assert_eq!(name_key("Salt (CD 2)"), name_key("Salt"));
        assert_eq!(name_key("Salt CD2"), name_key("Salt"));
        let discs = ["Salt - Disc 1", "Salt CD2 (Unabridged)", "Salt [Disc 3]", "CD 1", "Salt 2", "Salt CD"];
        assert_eq!(discs.map(disc_in_name), [Some(1), Some(2), Some(3), None, None, None]);
        assert_ne!(name_key("Salt 2"), name_key("Salt"));
        assert_eq!(name_key("Podcast"), "podcast", "a name is never wiped out");
        assert_eq!(main_title("Salt: A History"), "Salt");
        assert_eq!((abridged("Salt (Unabridged)"), abridged("Salt")), (Some(false), None));
        assert!(names_reader("Salt - Read by Oda Brenn") && names_reader("Salt (narrated by O. Brenn)"));
        assert!(!names_reader("Read by Oda Brenn") && !names_reader("Salt (Unabridged)"));
        let told = "in German, read by Oda Brenn";
        assert_eq!(
            reading_of(&format!("Salt (Abridged) ({told})")),
            ("Salt (Abridged)", Some(Reading::Told(told)))
        );
        assert_eq!(reading_of("Salt (version 2)"), ("Salt", Some(Reading::Again("version 2"))));
        for name in [
            "Salt",
            "Salt (Inland)",
            "Salt (In Five Parts)",
            "Salt (Version Two)",
            "(in German)",
            "Salt (version )",
        ] {
            assert_eq!(reading_of(name), (name, None));
        }
    }
}

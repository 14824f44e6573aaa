//! The pieces of a classical title: catalogue numbers, keys, movements, counted forms.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::classical::composers::composer;
use crate::classical::keys::is_bare_key;
use crate::classical::words::{CATALOGUES, FORMS, INSTRUMENTS, NOTES, TEMPI};
use crate::classical::work::Key;
use crate::texts::normalise::fold;
use crate::texts::phrases::listed;

pub(crate) type Table = FxHashMap<String, &'static str>;

fn table(rows: &[(&'static str, &str)]) -> Table {
    rows.iter().flat_map(|(name, words)| listed(words).map(|word| (word, *name))).collect()
}

pub(crate) static FORM: LazyLock<Table> = LazyLock::new(|| table(FORMS));
pub(crate) static INSTRUMENT: LazyLock<Table> = LazyLock::new(|| table(INSTRUMENTS));
pub(crate) static TEMPO: LazyLock<Table> = LazyLock::new(|| table(TEMPI));
pub(crate) static CATALOGUE: LazyLock<Table> = LazyLock::new(|| table(CATALOGUES));

/// The word, unless it is one that stands before a form without making another title of it.
pub(crate) fn epithet(word: &str) -> Option<String> {
    const USUAL: &[&str] = &[
        "the", "a", "in", "for", "from", "and", "of", "de", "la", "le", "les", "des", "die", "der", "das",
        "keyboard", "grand", "grande", "great", "grosse", "major", "minor", "dur", "moll", "solo", "trio",
        "double", "complete", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth",
        "ninth", "pour", "fur", "per",
    ];
    let known = USUAL.contains(&word)
        || INSTRUMENT.contains_key(word)
        || FORM.contains_key(word)
        || TEMPO.contains_key(word)
        || composer(word).is_some()
        || word.bytes().any(|b| b.is_ascii_digit())
        || roman(&word.to_uppercase()).is_some();
    (!known && word.chars().count() > 1).then(|| word.to_owned())
}

/// `#5` as a number in words; folding spells the sign of `C#`.
pub(crate) fn signs_spelt(title: &str) -> String {
    let mut out = String::with_capacity(title.len() + 8);
    let mut before = ' ';
    let mut signs = title.chars().peekable();
    while let Some(c) = signs.next() {
        let counts = !before.is_alphanumeric() || signs.peek().is_some_and(char::is_ascii_digit);
        match c {
            '#' if counts => out.push_str(" no "),
            other => out.push(other),
        }
        before = c;
    }
    out
}

pub(crate) fn is_no(word: &str) -> bool {
    matches!(word, "no" | "nr" | "n" | "number" | "num" | "numero" | "nos" | "№" | "номер" | "č" | "c")
}

/// A number as works and movements have it; years and playing times are larger.
pub(crate) fn small_number(word: &str) -> Option<u16> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let ordinal = matches!(
        &word.get(digits.len()..),
        Some("" | "st" | "nd" | "rd" | "th" | "er" | "e" | "eme" | "a" | "o")
    );
    digits.parse().ok().filter(|number| ordinal && (1..=200).contains(number))
}

/// `Symphony 5`, `5. Sinfonie`, `Fifth Symphony`, `Symphony No. 5`.
pub(crate) fn number_beside(words: &[&str], at: usize) -> Option<u16> {
    const SPELT: [&str; 9] =
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"];
    let next = words.get(at + 1)?;
    if is_no(next) {
        return words.get(at + 2).and_then(|word| small_number(word));
    }
    small_number(next).or_else(|| {
        let before = at.checked_sub(1).and_then(|before| words.get(before))?;
        let spelt = SPELT.iter().position(|word| word == before).and_then(|at| u16::try_from(at + 1).ok());
        spelt.or_else(|| small_number(before))
    })
}

/// A catalogue number that begins at this word, and how many words it takes: `op 27 no 2`, `bwv1007`, `hob xvi 52`.
pub(crate) fn catalogue_entry(
    words: &[&str],
    at: usize,
    title: &str,
) -> Option<((&'static str, String), usize)> {
    let word = *words.get(at)?;
    let letters = word.trim_end_matches(|c: char| c.is_ascii_digit());
    let scheme = *CATALOGUE.get(letters)?;
    let glued = word.get(letters.len()..).filter(|digits| !digits.is_empty());
    let (mut number, mut used) = match glued {
        // `B2` and `H2` are no catalogue numbers.
        Some(digits) if letters.len() >= 2 || digits.len() >= 2 => (digits.to_owned(), 1),
        Some(_) => return None,
        None => {
            let next = *words.get(at + 1)?;
            let no = matches!(next, "no" | "nr" | "posth");
            let skip = usize::from(no);
            let next = *words.get(at + 1 + skip)?;
            let roman =
                scheme == "hob" && next.bytes().all(|b| matches!(b, b'i' | b'v' | b'x' | b'a' | b'b'));
            let counted = next.starts_with(|c: char| c.is_ascii_digit()) && next.len() <= 5;
            (counted || roman).then(|| (next.to_owned(), 2 + skip))?
        }
    };
    if matches!(scheme, "op" | "hob" | "twv") {
        let after = words.get(at + used).copied().unwrap_or_default();
        let (sub, more) = if matches!(after, "no" | "nr" | "n") {
            (words.get(at + used + 1).copied().unwrap_or_default(), 2)
        } else {
            (after, 1)
        };
        // `op. 27/2`, but `op. 67 - 1. Allegro` is a movement.
        let written = |sign: &char| title.to_lowercase().contains(&format!("{number}{sign}{sub}"));
        let joined = more == 2 || ['/', ',', ':', '.'].iter().any(written);
        if joined && small_number(sub).is_some() && sub.bytes().all(|b| b.is_ascii_digit()) {
            number = format!("{number}.{sub}");
            used += more;
        }
    }
    Some(((scheme, number), used))
}

/// `27.2` and `27` may be one: only one side says which of the opus.
pub(crate) fn same_catalogue_number(a: &str, b: &str) -> bool {
    a == b
        || a.split_once('.').map(|(whole, _)| whole) == Some(b)
        || b.split_once('.').map(|(whole, _)| whole) == Some(a)
}

/// `c sharp minor`, `cis moll`, `ut diese mineur`, `in c`, `in eb`.
pub(crate) fn key(words: &[&str]) -> Option<Key> {
    words.iter().enumerate().find_map(|(at, word)| {
        let german = |next: &str| matches!(next, "dur" | "moll");
        let accidental = match words.get(at + 1).copied().unwrap_or_default() {
            "sharp" | "diese" | "diesis" | "sostenido" | "sustenido" => 1,
            "flat" | "bemol" | "bemolle" => 11,
            _ => 0,
        };
        let mode = words.get(at + 1 + usize::from(accidental != 0)).copied().unwrap_or_default();
        let major = match mode {
            "major" | "dur" | "majeur" | "maggiore" | "mayor" | "maior" => Some(true),
            "minor" | "moll" | "mineur" | "minore" | "menor" => Some(false),
            _ => None,
        };
        let semitone = match *word {
            // German B is English B flat.
            "b" if german(mode) => 10,
            "b" => 11,
            other => NOTES.iter().find(|(note, _)| *note == other)?.1,
        };
        (major.is_some() || is_bare_key(words, at))
            .then_some(Key { semitone: (semitone + accidental) % 12, major })
    })
}

/// `I. Allegro`, `1. Satz`, `2nd movement`, `: 3. Adagio`.
pub(crate) fn movement(title: &str, words: &[&str]) -> Option<u16> {
    const WORDS: [&str; 9] =
        ["satz", "movement", "mouvement", "movimento", "movimiento", "mvt", "mov", "часть", "deel"];
    if let Some(at) = words.iter().position(|word| WORDS.contains(word)) {
        let beside = [at.checked_sub(1), Some(at + 1)];
        let number = |at: &usize| {
            words.get(*at).and_then(|word| small_number(word).or_else(|| roman(&word.to_uppercase())))
        };
        if let Some(found) = beside.iter().flatten().find_map(number) {
            return Some(found);
        }
    }
    let tokens: Vec<&str> = title.split_whitespace().collect();
    tokens.iter().enumerate().find_map(|(at, token)| {
        let bare = token.trim_matches(['.', ':', ')', '(', ',', '-']);
        let ended = token.ends_with(['.', ':', ')']);
        let begins = at == 0
            || tokens.get(at - 1).is_some_and(|before| before.ends_with([':', ',', '-', '–', '—', '/', '(']));
        let tempo = tokens
            .get(at + 1)
            .is_some_and(|next| TEMPO.contains_key(&fold(next)) || FORM.contains_key(&fold(next)));
        let numeral = roman(bare).filter(|_| ended || tempo || begins && at > 0);
        // `K. 169: 4. Rondeaux`: behind a colon a counted piece is a movement, whatever it is called.
        let counted = begins && ended && at + 1 < tokens.len() && (tempo || at > 0 && token.ends_with('.'));
        numeral.or_else(|| small_number(bare).filter(|_| counted))
    })
}

/// A number that ends a title behind the movement's name.
pub(crate) fn section(words: &[&str]) -> Option<u16> {
    let [.., name, last] = words else { return None };
    let number = roman(&last.to_uppercase()).or_else(|| small_number(last));
    number.filter(|_| TEMPO.contains_key(*name) || roman(&name.to_uppercase()).is_some() || *name == "and")
}

pub(crate) fn roman(token: &str) -> Option<u16> {
    const NUMERALS: [&str; 20] = [
        "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI",
        "XVII", "XVIII", "XIX", "XX",
    ];
    NUMERALS.iter().position(|numeral| *numeral == token).and_then(|at| u16::try_from(at + 1).ok())
}

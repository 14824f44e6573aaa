//! Keys as they stand in titles: how their notes are written, and titles that only a key tells apart.

use crate::classical::words::NOTES;
use crate::texts::normalise::squash;

/// Words that say whether a key is major or minor.
pub(crate) const MODES: &[&str] =
    &["major", "minor", "dur", "moll", "majeur", "mineur", "maggiore", "minore", "mayor", "menor", "maior"];

/// Words that raise or lower a note.
pub(crate) const ACCIDENTALS: &[&str] =
    &["sharp", "flat", "diese", "bemol", "diesis", "bemolle", "sostenido", "sustenido"];

/// Flats as they are typed without the sign, beside the forms with it.
const FLATS: &[(&str, &str)] = &[
    ("ab", "a flat"),
    ("bb", "b flat"),
    ("cb", "c flat"),
    ("db", "d flat"),
    ("eb", "e flat"),
    ("fb", "f flat"),
    ("gb", "g flat"),
];

/// Whether a word is a note by its letter: `c`, `eb`, `fis`, but not `sol`.
pub(crate) fn is_lettered_note(word: &str) -> bool {
    word == "b"
        || NOTES.iter().any(|(note, _)| *note == word && (word.len() == 1 || word.ends_with(['b', 's'])))
}

/// Whether a word names a key that is not said to be major or minor: `in C`, `in Eb`, `in A flat`. `In a`, `in as` and `in des`
/// may go on in any way.
pub(crate) fn is_bare_key(words: &[&str], at: usize) -> bool {
    let word = words.get(at).copied().unwrap_or_default();
    let before = at.checked_sub(1).and_then(|before| words.get(before)).copied().unwrap_or_default();
    let is_altered = words.get(at + 1).is_some_and(|next| ACCIDENTALS.contains(next));
    let is_plain = !matches!(word, "a" | "as" | "des");
    matches!(before, "in" | "en") && is_lettered_note(word) && (is_plain || is_altered && word == "a")
}

/// Flats of a folded title in one form, where they stand in a key: `in eb`, `bb minor`.
pub(crate) fn flats_spelt(folded: &str) -> String {
    let words: Vec<&str> = folded.split(' ').collect();
    let spelt = words.iter().enumerate().map(|(at, word)| {
        let has_mode = words.get(at + 1).is_some_and(|next| MODES.contains(next));
        let flat = FLATS.iter().find(|(typed, _)| typed == word).map(|(_, flat)| *flat);
        flat.filter(|_| has_mode || is_bare_key(&words, at)).unwrap_or(*word)
    });
    spelt.collect::<Vec<_>>().join(" ")
}

/// Whether two folded titles are one but for a sharp or a flat behind a note's letter: `in c minor`, `in c sharp minor`.
pub(crate) fn differ_in_a_sign(one: &str, other: &str) -> bool {
    let has_sign = |folded: &str| folded.contains(" sharp") || folded.contains(" flat");
    one != other
        && (has_sign(one) || has_sign(other))
        && squash(&without_signs(one)) == squash(&without_signs(other))
}

fn without_signs(folded: &str) -> String {
    let mut before = "";
    let words = folded.split(' ').filter(|word| {
        let is_sign = matches!(*word, "sharp" | "flat") && before.len() == 1 && is_lettered_note(before);
        before = *word;
        !is_sign
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flats_in_keys_have_one_form() {
        assert_eq!(flats_spelt("nocturne in eb major"), "nocturne in e flat major");
        assert_eq!(flats_spelt("waltz in ab"), "waltz in a flat");
        assert_eq!(flats_spelt("ab soul"), "ab soul");
    }

    #[test]
    fn a_sign_makes_another_key() {
        assert!(differ_in_a_sign("nocturne in c minor", "nocturne in c sharp minor"));
        assert!(differ_in_a_sign("study in c sharp", "study in c"));
        assert!(differ_in_a_sign("prelude in d flat", "prelude in d sharp"));
        assert!(!differ_in_a_sign("nocturne in c sharp minor", "nocturne in c sharp minor"));
        assert!(!differ_in_a_sign("nocturne in c sharp minor", "nocturne in d minor"));
        assert!(!differ_in_a_sign("look sharp", "look"));
    }

    #[test]
    fn keys_that_say_neither_major_nor_minor_stand_behind_in() {
        let found = |text: &str| {
            let words: Vec<&str> = text.split(' ').collect();
            (0..words.len()).find(|at| is_bare_key(&words, *at))
        };
        for text in ["prelude in c", "prelude in eb", "waltz in a flat", "sonata in es", "etude en fis"] {
            assert_eq!(found(text), Some(2), "{text}");
        }
        for text in ["waltz in a minute", "study in as many words", "prelude eb", "etude in do"] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}

//! In which language a title is written, as far as its small words tell, and which language it names.

use crate::answers::{bare, words};

/// What nearly all of the catalogue is read in, so it is no surprise where a title tells nothing.
pub(super) const ENGLISH: &str = "English";

struct Language {
    /// As the catalogue calls it.
    name: &'static str,
    /// As titles name it behind themselves, in small letters: `(German Edition)`, `(Deutsche Ausgabe)`.
    called: &'static [&'static str],
    /// Small words of it; several languages may share one.
    words: &'static [&'static str],
}

static LANGUAGES: [Language; 7] = [
    Language {
        name: ENGLISH,
        called: &["english"],
        words: &[
            "the", "of", "and", "to", "with", "from", "by", "for", "his", "her", "my", "our", "their", "is",
        ],
    },
    Language {
        name: "German",
        called: &["german", "deutsch", "deutsche"],
        words: &[
            "der", "die", "das", "des", "dem", "den", "und", "ein", "eine", "einer", "von", "vom", "zum",
            "zur", "im", "mit", "für", "aus", "nach",
        ],
    },
    Language {
        name: "French",
        called: &["french", "français", "française"],
        words: &["le", "la", "les", "l", "de", "du", "des", "d", "et", "un", "une", "au", "aux", "dans"],
    },
    Language {
        name: "Spanish",
        called: &["spanish", "español", "española"],
        words: &["el", "la", "los", "las", "de", "del", "y", "en", "un", "una"],
    },
    Language {
        name: "Italian",
        called: &["italian", "italiano", "italiana"],
        words: &[
            "il", "lo", "la", "gli", "le", "di", "del", "della", "dello", "dei", "degli", "e", "un", "una",
        ],
    },
    Language {
        name: "Dutch",
        called: &["dutch", "nederlands", "nederlandse"],
        words: &["de", "het", "een", "en", "van"],
    },
    Language {
        name: "Portuguese",
        called: &["portuguese", "português", "portuguesa"],
        words: &["os", "as", "de", "do", "da", "dos", "das", "e", "um", "uma"],
    },
];

/// What stands behind a title: `(German Edition)`.
pub(super) fn behind(title: &str) -> &str {
    title.trim().get(bare(title).len()..).unwrap_or_default()
}

/// The language that stands behind a title.
pub(super) fn named(title: &str) -> Option<&'static str> {
    let lower = words(behind(title)).to_lowercase();
    let is_called = |language: &&Language| lower.split(' ').any(|word| language.called.contains(&word));
    LANGUAGES.iter().find(is_called).map(|language| language.name)
}

/// The language with the most of its small words in a title; `None` where two have as many.
pub(super) fn written_in(title: &str) -> Option<&'static str> {
    let lower = words(bare(title)).to_lowercase();
    let small = |language: &Language| {
        lower.split([' ', '\'', '’']).filter(|word| language.words.contains(word)).count()
    };
    let most = LANGUAGES.iter().map(small).max().filter(|most| *most > 0)?;
    let mut best = LANGUAGES.iter().filter(|language| small(language) == most);
    best.next().filter(|_| best.next().is_none()).map(|language| language.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_words_tell_a_titles_language_and_what_is_shared_tells_none() {
        let table = [
            ("The Salt Marsh", Some("English")),
            ("Tess of the d'Urbervilles", Some("English")),
            ("Die Leiden des jungen Werthers", Some("German")),
            ("L'Assommoir et la mer", Some("French")),
            ("El ingenioso hidalgo", Some("Spanish")),
            ("La coscienza di Zeno", Some("Italian")),
            ("Het leven", Some("Dutch")),
            ("Os Maias", Some("Portuguese")),
            ("Emma", None),
            ("I, Marsh", None),
            ("La Celestina", None),
            ("", None),
        ];
        for (title, language) in table {
            assert_eq!(written_in(title), language, "{title}");
        }
        assert_eq!(named("The Salt Marsh (German Edition)"), Some("German"));
        assert_eq!(named("Salz (Deutsche Ausgabe)"), Some("German"));
        assert_eq!((named("The German Salt"), behind(" Salt (Unabridged)")), (None, " (Unabridged)"));
    }
}

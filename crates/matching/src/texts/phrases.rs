//! Word tables made ready for looking up: folded, and sorted by their first words.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use crate::texts::normalise::{edits, fold, is_unspaced, squash};

/// The entries of a comma-separated table, folded.
pub(crate) fn listed(table: &str) -> impl Iterator<Item = String> {
    table.split(',').map(fold).filter(|entry| !entry.is_empty())
}

/// A folded set of single words or whole phrases.
#[derive(Debug)]
pub(crate) struct Words(BTreeSet<String>);

impl Words {
    pub(crate) fn of(table: &str) -> Self {
        Self(listed(table).collect())
    }

    pub(crate) fn has(&self, word: &str) -> bool {
        self.0.contains(word)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

/// Phrases with what each stands for, found as whole words in a folded text.
#[derive(Debug)]
pub(crate) struct Phrases<T> {
    by_first_word: FxHashMap<String, Vec<(String, T)>>,
    /// Of scripts written without spaces: found anywhere.
    unspaced: Vec<(String, T)>,
    /// Beginnings of words.
    stems: Vec<(String, T)>,
    /// Without spaces, by length, for finding misspelt ones; whether it had a space.
    squashed: Vec<Vec<(String, bool, T)>>,
}

impl<T: Copy + Ord> Phrases<T> {
    pub(crate) fn of(table: &[(T, &str)]) -> Self {
        let mut all = Self {
            by_first_word: FxHashMap::default(),
            unspaced: Vec::new(),
            stems: Vec::new(),
            squashed: Vec::new(),
        };
        for (meaning, phrases) in table {
            for printed in phrases.split(',').map(str::trim).filter(|phrase| !phrase.is_empty()) {
                all.add(printed, *meaning);
            }
        }
        all
    }

    fn add(&mut self, printed: &str, meaning: T) {
        let folded = fold(printed);
        if printed.ends_with('*') {
            self.stems.push((folded, meaning));
            return;
        }
        let tight = squash(&folded);
        if self.squashed.len() <= tight.len() {
            self.squashed.resize_with(tight.len() + 1, Vec::new);
        }
        if let Some(same_length) = self.squashed.get_mut(tight.len()) {
            same_length.push((tight, folded.contains(' '), meaning));
        }
        // Hangul has spaces, but its words carry endings; Han and kana have none at all.
        if folded.chars().any(|c| is_unspaced(c) || matches!(c, '\u{ac00}'..='\u{d7af}')) {
            self.unspaced.push((folded, meaning));
        } else {
            let first = folded.split(' ').next().unwrap_or_default().to_owned();
            self.by_first_word.entry(first).or_default().push((folded, meaning));
        }
    }

    /// The phrases that stand in `folded`, each once.
    pub(crate) fn found_in<'t>(&'t self, folded: &'t str) -> Vec<(&'t str, T)> {
        let mut found: Vec<(&str, T)> = Vec::new();
        for word in folded.split(' ') {
            let starting = self.by_first_word.get(word).into_iter().flatten();
            found.extend(
                starting.filter(|(phrase, _)| contains_phrase(folded, phrase)).map(|(p, t)| (p.as_str(), *t)),
            );
            let stems = self.stems.iter().filter(|(stem, _)| word.starts_with(stem.as_str()));
            found.extend(stems.map(|(_, meaning)| (word, *meaning)));
        }
        if !folded.is_ascii() {
            let inside = self.unspaced.iter().filter(|(phrase, _)| folded.contains(phrase.as_str()));
            found.extend(inside.map(|(phrase, meaning)| (phrase.as_str(), *meaning)));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// What the phrases mean that begin with the whole of `folded` and go on, each meaning once.
    pub(crate) fn begun_by(&self, folded: &str) -> Vec<T> {
        let text = squash(folded);
        let longer = self.squashed.iter().skip(text.len() + 1).flatten();
        let begun = longer.filter(|(phrase, _, _)| phrase.starts_with(&text));
        let mut meanings: Vec<T> = begun.map(|(_, _, meaning)| *meaning).collect();
        meanings.sort_unstable();
        meanings.dedup();
        meanings
    }

    /// What a long enough word one letter away from one of these means, or the whole text with its spaces misplaced.
    pub(crate) fn misspelt_in(&self, folded: &str) -> Option<T> {
        let whole = squash(folded);
        self.near(&whole, true).or_else(|| folded.split(' ').find_map(|word| self.near(word, false)))
    }

    fn near(&self, text: &str, whole: bool) -> Option<T> {
        let lengths = text.len().saturating_sub(1)..=text.len() + 1;
        let candidates = lengths.filter_map(|length| self.squashed.get(length)).flatten();
        let mut near = candidates.filter(|(phrase, spaced, _)| {
            let at_least = match (whole, *spaced) {
                (true, true) => 7,
                (true, false) => 5,
                (false, false) => 6,
                (false, true) => usize::MAX,
            };
            phrase.len() >= at_least
                && phrase.chars().next() == text.chars().next()
                && !(text.starts_with(phrase.as_str()) || phrase.starts_with(text))
                && edits(phrase, text, 1).is_some()
        });
        near.next().map(|(_, _, meaning)| *meaning)
    }
}

/// Whether `phrase` stands in `text` as whole words (both folded; scripts without spaces count anywhere).
pub(crate) fn contains_phrase(text: &str, phrase: &str) -> bool {
    if !phrase.is_ascii() && phrase.chars().any(is_unspaced) {
        return text.contains(phrase);
    }
    text.len() >= phrase.len()
        && text.match_indices(phrase).any(|(at, _)| {
            let before = text.get(..at).is_some_and(|t| t.is_empty() || t.ends_with(' '));
            let after = text.get(at + phrase.len()..).is_some_and(|t| t.is_empty() || t.starts_with(' '));
            before && after
        })
}

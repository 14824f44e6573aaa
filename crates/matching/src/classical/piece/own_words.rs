//! Which words of a title are the work's own: its form, number, key and catalogue number. What is left may name a piece.

use crate::classical::keys::{ACCIDENTALS, MODES, is_bare_key};
use crate::classical::reader::{FORM, catalogue_entry, is_no, small_number};

/// Which words say of which work the title is, and what they say.
#[derive(Default)]
pub(super) struct OwnWords {
    pub(super) own: Vec<bool>,
    /// The first form.
    pub(super) form: Option<&'static str>,
    /// Whether another is named: `Prelude and Fugue`.
    pub(super) more_forms: bool,
    /// Whether a number or a key tells it from its like.
    pub(super) counted: bool,
}

impl OwnWords {
    pub(super) fn of(words: &[&str], title: &str) -> Self {
        let mut all = Self { own: vec![false; words.len()], ..Self::default() };
        let mut at = 0;
        while at < words.len() {
            match catalogue_entry(words, at, title) {
                Some(((_, number), used)) => {
                    all.mark(at, used);
                    all.counted |= number.contains('.');
                    at += used;
                }
                None => {
                    all.read(words, at);
                    at += 1;
                }
            }
        }
        all
    }

    fn mark(&mut self, at: usize, count: usize) {
        self.own.iter_mut().skip(at).take(count).for_each(|own| *own = true);
    }

    fn read(&mut self, words: &[&str], at: usize) {
        let word = words.get(at).copied().unwrap_or_default();
        let before = at.checked_sub(1).and_then(|before| words.get(before)).copied().unwrap_or_default();
        let is_counted = words.get(at + 1).is_some_and(|next| small_number(next).is_some());
        if let Some(form) = FORM.get(word).copied() {
            self.more_forms |= self.form.is_some_and(|known| known != form);
            if self.form.is_none() {
                self.form = Some(form);
                // `Symphony 5`
                self.mark(at, 1 + usize::from(is_counted));
                self.counted |= is_counted;
            }
        }
        if is_no(word) && is_counted {
            self.mark(at, 2);
            self.counted = true;
        }
        if MODES.contains(&word) {
            let first = at.saturating_sub(1 + usize::from(ACCIDENTALS.contains(&before)));
            self.mark(first, at + 1 - first);
            self.counted = true;
        }
        if is_bare_key(words, at) {
            let is_altered = words.get(at + 1).is_some_and(|next| ACCIDENTALS.contains(next));
            self.mark(at, 1 + usize::from(is_altered));
            self.counted = true;
        }
    }
}

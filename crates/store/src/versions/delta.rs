//! A list as its difference from an earlier state of it: what both begin and end with is not kept again.
//!
//! Lists change at one place: a track more at an end, one less in the middle. A refresh a day of ten thousand liked
//! tracks then costs a few bytes a day, and not the whole list.

use crate::model::StoredEntry;

/// What makes the next state out of its base.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Delta {
    /// Entries taken from the base's beginning.
    pub(crate) prefix: usize,
    /// Entries taken from its end.
    pub(crate) suffix: usize,
    /// What stands between them.
    pub(crate) middle: Vec<StoredEntry>,
}

impl Delta {
    /// All of a list, based on nothing.
    pub(crate) fn whole(entries: &[StoredEntry]) -> Self {
        Self { prefix: 0, suffix: 0, middle: entries.to_vec() }
    }

    pub(crate) fn between(base: &[StoredEntry], next: &[StoredEntry]) -> Self {
        let prefix = base.iter().zip(next).take_while(|(a, b)| a == b).count();
        let rest = |entries: &[StoredEntry]| entries.len() - prefix;
        let most = rest(base).min(rest(next));
        let suffix = base.iter().rev().zip(next.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
        let middle = next.get(prefix..next.len() - suffix).unwrap_or_default().to_vec();
        Self { prefix, suffix, middle }
    }

    /// The next state.
    pub(crate) fn apply(self, base: &[StoredEntry]) -> Vec<StoredEntry> {
        let end = base.len().saturating_sub(self.suffix);
        let mut next = base.get(..self.prefix.min(base.len())).unwrap_or_default().to_vec();
        next.extend(self.middle);
        next.extend_from_slice(base.get(end..).unwrap_or_default());
        next
    }
}

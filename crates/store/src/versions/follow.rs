//! A list that the user restored goes on following its source: what the source changes from then on is changed in
//! it, too; what it had lost before and the user brought back stays.

use std::collections::HashMap;

use super::Facts;
use crate::model::StoredEntry;

/// `ours` with all that `source` changed into `theirs`.
pub(crate) fn follow(
    source: &[StoredEntry],
    theirs: &[StoredEntry],
    ours: &[StoredEntry],
    facts: &dyn Facts,
) -> Vec<StoredEntry> {
    let same = |entry: &StoredEntry| facts.same(entry.wanted_id);
    let mut balance: HashMap<i64, i64> = HashMap::new();
    for entry in source {
        *balance.entry(same(entry)).or_default() -= 1;
    }
    let mut came = Vec::new();
    for (at, entry) in theirs.iter().enumerate() {
        let count = balance.entry(same(entry)).or_default();
        *count += 1;
        if *count > 0 {
            came.push(at);
        }
    }
    // What the source no longer has leaves, as often as it left there.
    let mut next: Vec<StoredEntry> = Vec::with_capacity(ours.len() + came.len());
    for entry in ours {
        match balance.get_mut(&same(entry)) {
            Some(count) if *count < 0 => *count += 1,
            _ => next.push(entry.clone()),
        }
    }
    for at in came {
        let Some(entry) = theirs.get(at) else { continue };
        let before = theirs.get(..at).unwrap_or_default().iter().rev();
        let place = before
            .filter_map(|earlier| next.iter().rposition(|entry| same(entry) == same(earlier)))
            .next()
            .map_or(0, |at| at + 1);
        next.insert(place, entry.clone());
    }
    next
}

//! A list that the user restored goes on following its source: what the source changes from then on is changed in
//! it, too; what it had lost before and the user brought back stays.

use std::collections::{BTreeSet, HashMap};

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
    // What came is there already where the user brought it back.
    let missing = lacking(&next, theirs, facts);
    let came: Vec<usize> = came.into_iter().filter(|at| missing.contains(at)).collect();
    insert_from(&mut next, theirs, &came, facts);
    next
}

/// `known` with all that `theirs` has more of; nothing leaves, because `theirs` is known to miss some.
pub(crate) fn with_added(
    known: &[StoredEntry],
    theirs: &[StoredEntry],
    facts: &dyn Facts,
) -> Vec<StoredEntry> {
    let mut next = known.to_vec();
    let came: Vec<usize> = lacking(known, theirs, facts).into_iter().collect();
    insert_from(&mut next, theirs, &came, facts);
    next
}

/// Places in `theirs` of what `ours` has less often; of equal ones the last.
fn lacking(ours: &[StoredEntry], theirs: &[StoredEntry], facts: &dyn Facts) -> BTreeSet<usize> {
    let mut balance: HashMap<i64, i64> = HashMap::new();
    for entry in ours {
        *balance.entry(facts.same(entry.wanted_id)).or_default() -= 1;
    }
    let is_missing = |(at, entry): (usize, &StoredEntry)| {
        let count = balance.entry(facts.same(entry.wanted_id)).or_default();
        *count += 1;
        (*count > 0).then_some(at)
    };
    theirs.iter().enumerate().filter_map(is_missing).collect()
}

/// Puts entries of `theirs` into a list, each behind what stands before it there.
fn insert_from(next: &mut Vec<StoredEntry>, theirs: &[StoredEntry], came: &[usize], facts: &dyn Facts) {
    let same = |entry: &StoredEntry| facts.same(entry.wanted_id);
    for at in came {
        let Some(entry) = theirs.get(*at) else { continue };
        let before = theirs.get(..*at).unwrap_or_default().iter().rev();
        let place = before
            .filter_map(|earlier| next.iter().rposition(|entry| same(entry) == same(earlier)))
            .next()
            .map_or(0, |at| at + 1);
        next.insert(place, entry.clone());
    }
}

//! What differs between two states of a list, and why entries left.

use std::collections::{HashMap, VecDeque};

use crate::model::{ListDiff, Removal, RemovalCause, StoredEntry};

/// What is known of wanted things, to tell why one left.
pub(crate) trait Facts {
    /// The first of the rows that describe this thing.
    fn same(&self, wanted_id: i64) -> i64;

    /// Whether Spotify left this entry empty.
    fn is_unnamed(&self, wanted_id: i64) -> bool;

    /// Whether both are one recording by its names or its ISRC, under different links.
    fn is_relinked(&self, left: i64, came: i64) -> bool;
}

/// Whether two states have the same things in the same order.
pub(crate) fn is_same(a: &[StoredEntry], b: &[StoredEntry], facts: &dyn Facts) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| facts.same(a.wanted_id) == facts.same(b.wanted_id))
}

/// What became of `old` in `new`; duplicates count one by one.
pub(crate) fn compare(old: &[StoredEntry], new: &[StoredEntry], facts: &dyn Facts) -> ListDiff {
    let pairs = pair(old, new, facts);
    let mut kept_at: Vec<Option<usize>> = vec![None; old.len()];
    let mut came: HashMap<Option<usize>, VecDeque<usize>> = HashMap::new();
    let mut diff = ListDiff::default();
    let mut last_kept = None;
    for ((at, entry), from) in new.iter().enumerate().zip(&pairs) {
        match from.and_then(|from| kept_at.get_mut(from)) {
            Some(place) => {
                *place = Some(at);
                last_kept = Some(at);
            }
            None => {
                came.entry(last_kept).or_default().push_back(at);
                diff.added.push(entry.clone());
            }
        }
    }
    let mut behind = None;
    for (entry, kept) in old.iter().zip(&kept_at) {
        if kept.is_some() {
            behind = *kept;
            continue;
        }
        let same_place = came.get_mut(&behind);
        diff.removed.push(removal(entry, same_place, new, facts));
    }
    let mut order = kept_at.iter().flatten();
    let mut last = order.next();
    diff.reordered = order.any(|at| {
        let back = last.is_some_and(|last| at < last);
        last = Some(at);
        back
    });
    diff
}

/// For each entry of `new` the entry of `old` that it was.
fn pair(old: &[StoredEntry], new: &[StoredEntry], facts: &dyn Facts) -> Vec<Option<usize>> {
    let mut places: HashMap<i64, VecDeque<usize>> = HashMap::new();
    for (at, entry) in old.iter().enumerate() {
        places.entry(facts.same(entry.wanted_id)).or_default().push_back(at);
    }
    let mut from = |entry: &StoredEntry| places.get_mut(&facts.same(entry.wanted_id))?.pop_front();
    new.iter().map(&mut from).collect()
}

/// Why an entry left: what came at its very place tells.
fn removal(
    entry: &StoredEntry,
    came: Option<&mut VecDeque<usize>>,
    new: &[StoredEntry],
    facts: &dyn Facts,
) -> Removal {
    let id_at = |at: usize| new.get(at).map(|entry| entry.wanted_id);
    let mut cause = RemovalCause::NotInSource;
    if let Some(came) = came {
        let mut claim = |fits: &dyn Fn(i64) -> bool| {
            let found = came.iter().position(|at| id_at(*at).is_some_and(fits))?;
            came.remove(found).and_then(id_at)
        };
        if let Some(by) = claim(&|id| facts.is_relinked(entry.wanted_id, id)) {
            cause = RemovalCause::Relinked { to: by };
        } else if claim(&|id| facts.is_unnamed(id)).is_some() {
            cause = RemovalCause::Unnamed;
        }
    }
    Removal { wanted_id: entry.wanted_id, cause }
}

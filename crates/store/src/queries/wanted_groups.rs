//! Slots of an index that are one thing: joining them, and never what must stay apart.

use std::collections::HashSet;

use ferrotape_domain::WantedKind;

use super::wanted_index::Index;
use crate::model::MergeReason;

/// Playing times of one recording differ by no more, whoever measured them.
const SAME_TIME_MS: i64 = 3_000;

/// Of more things of one name or id than this, none is told to be meant: a million rows of one title must come to an
/// end, too.
pub(super) const MOST_OF_A_NAME: usize = 64;

/// An ISRC, a MusicBrainz recording or a feed, by the reason it would be for taking two rows for one thing.
pub(super) type Id = (MergeReason, String);

/// What the rows of one thing say together.
#[derive(Default)]
pub(super) struct Group {
    pub(super) members: Vec<usize>,
    pub(super) has_link: bool,
    /// In some list: a wish, not only something once played.
    pub(super) listed: bool,
    pub(super) ids: Vec<Id>,
    /// The shortest and the longest playing time that is said of it, in milliseconds.
    pub(super) times: Option<(i64, i64)>,
}

/// Two rows that became one thing.
pub(super) struct NewMerge {
    pub(super) member: usize,
    pub(super) root: usize,
    pub(super) reason: MergeReason,
}

impl Index {
    pub(super) fn join_same_id(&mut self, at: usize, reason: MergeReason, id: String) {
        let others = self.by_id.get(&(reason, id)).cloned().unwrap_or_default();
        for other in others {
            if self.root(other) != self.root(at) && self.is_same_by(at, other, reason) {
                self.join(at, other, reason);
            }
        }
    }

    /// An ISRC is sometimes given to two edits of a recording: names and playing times must agree as well.
    pub(super) fn is_same_by(&self, a: usize, b: usize, reason: MergeReason) -> bool {
        let (Some(a), Some(b)) = (self.slots.get(a), self.slots.get(b)) else { return false };
        if reason == MergeReason::SameFeed {
            return a.kind == WantedKind::Show && b.kind == WantedKind::Show;
        }
        let same_time = match (a.duration_ms, b.duration_ms) {
            (Some(a), Some(b)) => a.abs_diff(b) <= SAME_TIME_MS.unsigned_abs(),
            _ => true,
        };
        a.kind == WantedKind::Recording && a.bare == b.bare && same_time
    }

    /// Makes two slots one thing, unless the user took them apart; the one known longer is its first.
    pub(super) fn join(&mut self, a: usize, b: usize, reason: MergeReason) {
        let (a, b) = (self.root(a), self.root(b));
        let ids = self.group(b).map(|group| group.ids.as_slice()).unwrap_or_default();
        let times = self.group(b).and_then(|group| group.times);
        let same_time = |group: &Group| match times {
            Some((shortest, longest)) => group.lasts(Some(shortest)) && group.lasts(Some(longest)),
            None => true,
        };
        let agree = self
            .group(a)
            .is_none_or(|group| group.agrees(ids) && (reason != MergeReason::SameWords || same_time(group)));
        // One link is one thing, whatever else is said of it.
        if a == b || self.is_apart(a, b) || (!agree && reason != MergeReason::SameLink) {
            return;
        }
        let (root, member) = (a.min(b), a.max(b));
        self.new_merges.push(NewMerge { member, root, reason });
        self.link_groups(member, root);
    }

    pub(super) fn link_groups(&mut self, member: usize, root: usize) {
        let root = self.root(root);
        let Some(group) = self.slots.get_mut(member).map(|slot| std::mem::take(&mut slot.group)) else {
            return;
        };
        for at in &group.members {
            if let Some(slot) = self.slots.get_mut(*at) {
                slot.root = root;
            }
        }
        if let Some(slot) = self.slots.get_mut(root) {
            slot.group.members.extend(group.members);
            slot.group.has_link |= group.has_link;
            slot.group.listed |= group.listed;
            slot.group.learn(&group.ids);
            slot.group.times = joined(slot.group.times, group.times);
        }
    }

    pub(super) fn is_apart(&self, a: usize, b: usize) -> bool {
        if self.apart.is_empty() {
            return false;
        }
        let ids = |at: usize| {
            let members = self.group(at).map(|group| group.members.as_slice()).unwrap_or_default();
            members.iter().filter_map(|at| self.slots.get(*at)?.id).collect::<Vec<_>>()
        };
        let (left, right) = (ids(a), ids(b));
        left.iter().any(|a| right.iter().any(|b| self.apart.contains(&(*a.min(b), *a.max(b)))))
    }

    /// Every slot of the thing that this slot is of.
    pub(super) fn members_with(&self, at: usize) -> Vec<usize> {
        self.group(at).map(|group| group.members.clone()).unwrap_or_default()
    }

    pub(super) fn root(&self, at: usize) -> usize {
        self.slots.get(at).map_or(at, |slot| slot.root)
    }

    pub(super) fn group(&self, at: usize) -> Option<&Group> {
        self.slots.get(self.root(at)).map(|slot| &slot.group)
    }

    /// The only thing among these slots that fits.
    pub(super) fn only_one(
        &self,
        found: Option<&Vec<usize>>,
        fits: impl Fn(&Group) -> bool,
    ) -> Option<usize> {
        let found = found?;
        if found.len() > MOST_OF_A_NAME {
            return None;
        }
        let roots: HashSet<usize> = found.iter().map(|at| self.root(*at)).collect();
        let mut roots = roots.into_iter().filter(|at| self.group(*at).is_some_and(&fits));
        roots.next().filter(|_| roots.next().is_none())
    }
}

fn joined(one: Option<(i64, i64)>, other: Option<(i64, i64)>) -> Option<(i64, i64)> {
    match (one, other) {
        (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
        (one, other) => one.or(other),
    }
}

impl Group {
    /// Whether a playing time can be the thing's: none that is said of it is another.
    pub(super) fn lasts(&self, time: Option<i64>) -> bool {
        match (self.times, time) {
            (Some((shortest, longest)), Some(time)) => {
                let near = |other: i64| other.abs_diff(time) <= SAME_TIME_MS.unsigned_abs();
                near(shortest) && near(longest)
            }
            _ => true,
        }
    }

    /// Takes in a playing time that is said of it.
    pub(super) fn hear(&mut self, time: Option<i64>) {
        self.times = joined(self.times, time.map(|time| (time, time)));
    }

    /// Whether no id of the thing is another than that of a description: two ISRCs, recordings of MusicBrainz or feeds
    /// under the same words are two things.
    pub(super) fn agrees(&self, others: &[Id]) -> bool {
        let differs = |(of, id): &Id| self.ids.iter().any(|(known_of, known)| known_of == of && known != id);
        !others.iter().any(differs)
    }

    /// Takes in ids of which the thing had none yet.
    pub(super) fn learn(&mut self, others: &[Id]) {
        for (of, id) in others {
            if !self.ids.iter().any(|(known, _)| known == of) {
                self.ids.push((*of, id.clone()));
            }
        }
    }
}

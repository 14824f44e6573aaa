//! The plan's part about room: bytes, and what a player counts besides.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use crate::desired::CompanionKind;
use crate::plan::{KeptOlder, NoRoom, PlannedRemoval, PlannedWrite, WhyNoRoom, WhyWritten};
use crate::planner::Planner;
use crate::planner_room::{Beside, Room};
use crate::space::{AtTheEnd, Space};

/// Of what is kept free, so many bytes are lent to smaller files that take the places of larger ones: each gives them back
/// with more.
const LENT: u64 = 768 * 1024;

/// What asking for room came to.
pub(crate) struct Fit {
    /// Why each write finds no room; `None` for those that do.
    pub(crate) verdicts: Vec<Option<WhyNoRoom>>,
    /// Bytes that no smaller file took which is to take the place of a larger one.
    left_for_smaller: u64,
    /// Whether each would find room if what can be deleted for good were deleted.
    pub(crate) with_delete: Vec<bool>,
}

impl Fit {
    /// Forgets the answers of writes that are none any more, by their indices.
    pub(crate) fn leave_out(&mut self, gone: &HashSet<usize>) {
        let mut at = 0..;
        self.verdicts.retain(|_| at.next().is_none_or(|at| !gone.contains(&at)));
        let mut at = 0..;
        self.with_delete.retain(|_| at.next().is_none_or(|at| !gone.contains(&at)));
    }

    pub(crate) fn is_full(&self) -> bool {
        self.verdicts.contains(&Some(WhyNoRoom::Full))
    }
}

/// Indices of the tracks that are written.
fn tracks_of(writes: &[PlannedWrite]) -> HashSet<usize> {
    writes.iter().map(|write| write.track).collect()
}

impl Planner<'_> {
    /// Counts bytes and takes out what does not fit, the least important first.
    pub(crate) fn fit_into_space(&mut self, space: Space) {
        let mut writes = std::mem::take(&mut self.plan.writes);
        let coming = tracks_of(&writes);
        let (mut removed, mut early) = (0_u64, 0_u64);
        for removal in self.plan.removals.iter().filter(|removal| !removal.to_trash) {
            let bytes = space.taken_by(removal.bytes);
            removed = removed.saturating_add(bytes);
            if self.plan.goes_early(removal, &coming) {
                early = early.saturating_add(bytes);
            }
        }
        // It may have been asked before, of other writes.
        self.plan.kept_older.clear();
        self.plan.trash_removals.clear();
        self.plan.later_lists.clear();
        let needed = |write: &PlannedWrite| space.taken_by(write.expected_bytes);
        self.plan.bytes_total = space.total;
        self.plan.bytes_free = space.free;
        let paths = writes.iter().map(|write| write.path.as_str()).chain(self.paths_of_renames());
        let folders = space.taken_by_folders(self.folders_to_make(paths));
        self.plan.bytes_needed = writes.iter().map(needed).fold(folders, u64::saturating_add);
        let there = self.manifest.playlists.values().map(|list| list.entries.len());
        let entries: usize = there.chain(self.desired.playlists.iter().map(|list| list.entries.len())).sum();
        let has_file =
            |key: &String| self.manifest.playlists.get(key).is_some_and(|list| list.file.is_some());
        let writes_lists = self.profile.playlists.write;
        let is_new = |key: &String, write_file: bool| writes_lists && write_file && !has_file(key);
        let lists = self.desired.playlists.iter().map(|list| (&list.key, list.write_file));
        let staying = self.staying_playlists().into_iter().map(|list| (&list.key, list.write_file));
        let new_lists = lists.chain(staying).filter(|(key, write_file)| is_new(key, *write_file)).count();
        let mut at_the_end = AtTheEnd { files: self.manifest.files.len() + writes.len(), entries, new_lists };
        self.plan.bytes_reserved = at_the_end.reserve(space);
        let mut fit = self.fitting(&writes, space, (0, false), &[]);
        if fit.is_full() && early > 0 {
            self.plan.remove_first = true;
            fit = self.fitting(&writes, space, (early, false), &[]);
        }
        self.plan.bytes_freed = removed;
        if fit.is_full() {
            fit = self.fitting_without_trash(&writes, space, (fit, early));
        }
        let emptied = self.plan.trash_removals.iter().map(|file| space.taken_by(file.bytes));
        let before = if self.plan.remove_first { early } else { 0 };
        let before = emptied.fold(before, u64::saturating_add);
        // Whoever has things deleted for good has the trash emptied before anything goes that is wanted.
        let before = match self.desired.delete_for_good {
            true => before,
            false => before
                .saturating_add(self.plan.trash_bytes)
                .saturating_add(self.bytes_to_trash(space, &coming)),
        };
        let (fit, waiting) = self.before_later_lists(&mut writes, space, (fit, before));
        self.tell_of_smaller(&writes, space, &fit);
        self.sort_out(writes, space, fit);
        self.plan.does_not_fit.extend(waiting);
        // What does not come needs no entry.
        at_the_end.files = self.manifest.files.len() + self.plan.writes.len();
        self.plan.bytes_for_its_end = at_the_end.least(space);
    }

    /// What fits where the trash is emptied as far as there is need, if the user says so; else only tells what would.
    fn fitting_without_trash(
        &mut self,
        writes: &[PlannedWrite],
        space: Space,
        (mut fit, removed): (Fit, u64),
    ) -> Fit {
        let trash = self.trash_there();
        let bytes = trash.iter().map(|file| space.taken_by(file.bytes));
        self.plan.trash_bytes = bytes.fold(0, u64::saturating_add);
        if !self.desired.delete_for_good {
            let more = self.plan.trash_bytes.saturating_add(self.bytes_to_trash(space, &tracks_of(writes)));
            if more > 0 || writes.iter().any(|write| write.displaces.is_some()) {
                let without = self.fitting(writes, space, (removed.saturating_add(more), true), &[]);
                fit.with_delete = without.verdicts.iter().map(Option::is_none).collect();
            }
            return fit;
        }
        let short = self.short_of(writes, space, (&fit, removed));
        let (mut emptied, mut chosen) = (0, Vec::new());
        for file in trash {
            if emptied >= short {
                break;
            }
            emptied = space.taken_by(file.bytes).saturating_add(emptied);
            chosen.push(file);
        }
        let without = self.fitting(writes, space, (removed.saturating_add(emptied), false), &[]);
        let refused = |fit: &Fit| fit.verdicts.iter().flatten().count();
        if refused(&without) < refused(&fit) {
            self.plan.bytes_freed = self.plan.bytes_freed.saturating_add(emptied);
            self.plan.trash_removals = chosen;
            return without;
        }
        fit
    }

    /// How many bytes more would be enough for all that is refused for want of them.
    fn short_of(&self, writes: &[PlannedWrite], space: Space, (fit, removed): (&Fit, u64)) -> u64 {
        let beside = self.bytes_beside(space);
        let refused = writes.iter().zip(&fit.verdicts).filter(|(_, why)| **why == Some(WhyNoRoom::Full));
        let folders = self.folders_to_make(refused.clone().map(|(write, _)| write.path.as_str()));
        let needed = refused.map(|(write, _)| {
            let beside = beside.get(&write.track).copied().unwrap_or_default();
            let with_lyrics = space.taken_by(write.expected_bytes).saturating_add(beside.lyrics);
            with_lyrics.saturating_add(beside.picture)
        });
        let free = space.free.saturating_add(removed);
        let reserve = self.plan.bytes_reserved.saturating_sub(free);
        needed.fold(reserve.saturating_add(space.taken_by_folders(folders)), u64::saturating_add)
    }

    /// What fits is written; of what does not, files of an earlier run stay where there is one.
    fn sort_out(&mut self, writes: Vec<PlannedWrite>, space: Space, fit: Fit) {
        for ((write, verdict), with_delete) in writes.into_iter().zip(fit.verdicts).zip(fit.with_delete) {
            let Some(why) = verdict else {
                // What is not written gives nothing back.
                let freed = self.given_back(&write, space);
                self.plan.bytes_freed = self.plan.bytes_freed.saturating_add(freed);
                self.plan.writes.push(write);
                continue;
            };
            let has_older_file = write.has_older_file();
            let PlannedWrite { track, identity, replaces, .. } = write;
            match replaces.filter(|_| has_older_file) {
                Some(path) => self.plan.kept_older.push(KeptOlder { track, identity, path, why }),
                None => self.plan.does_not_fit.push(NoRoom { track, why, with_delete }),
            }
        }
    }

    /// What becomes of smaller files that were to take the places of larger ones and find no room beside them.
    fn tell_of_smaller(&mut self, writes: &[PlannedWrite], space: Space, fit: &Fit) {
        let asked = writes.iter().zip(&fit.verdicts).filter(|(write, _)| self.is_smaller(write, space));
        let (mut waiting, mut least, mut any_comes) = (0, u64::MAX, false);
        for (write, verdict) in asked {
            match verdict {
                None => any_comes = true,
                Some(WhyNoRoom::Full) => {
                    waiting += 1;
                    least = least.min(space.taken_by(write.expected_bytes));
                }
                Some(_) => {}
            }
        }
        let begins = waiting == 0 || any_comes;
        self.plan.in_turn = if any_comes { waiting } else { 0 };
        self.plan.bytes_to_begin = if begins { 0 } else { least.saturating_sub(fit.left_for_smaller).max(1) };
    }

    /// What the files that stay leave of the bytes that the profile allows.
    fn left_of_limit(&self, space: Space) -> u64 {
        let limit = self.profile.copy.max_bytes;
        if limit == 0 {
            return u64::MAX;
        }
        let gone: HashSet<&str> =
            self.plan.removals.iter().map(|removal| removal.identity.as_str()).collect();
        let ours = self.manifest.files.values().filter(|file| !file.adopted);
        let staying = ours.filter(|file| !gone.contains(file.identity.as_str()));
        let beside = self.manifest.companions.values().filter_map(|one| Some(one.file.as_ref()?.bytes));
        let taken = staying.map(|file| file.bytes).chain(beside).map(|bytes| space.taken_by(bytes));
        let taken = taken.fold(0, u64::saturating_add);
        limit.saturating_sub(taken)
    }

    /// Bytes of the file that a write takes the place of.
    fn given_back(&self, write: &PlannedWrite, space: Space) -> u64 {
        let record = write.replaces.as_ref().and_then(|_| self.manifest.files.get(&write.identity));
        let replaced = record.filter(|_| write.why == WhyWritten::Changed);
        replaced.map_or(0, |record| space.taken_by(record.bytes))
    }

    /// Bytes of the file that gives way to a write, and lies where that comes to. `for_good` says what would be if nothing went to
    /// the trash. What gives way to nothing that is written has gone before.
    fn given_way(
        &self,
        write: &PlannedWrite,
        space: Space,
        (coming, for_good): (&HashSet<usize>, bool),
    ) -> u64 {
        let goes_then = |removal: &&PlannedRemoval| {
            (for_good || !removal.to_trash) && !self.plan.goes_early(removal, coming)
        };
        write.displaces.as_ref().filter(goes_then).map_or(0, |removal| space.taken_by(removal.bytes))
    }

    /// Whether it takes the place of a file that is larger by a quarter at least.
    fn is_smaller(&self, write: &PlannedWrite, space: Space) -> bool {
        let needed = space.taken_by(write.expected_bytes);
        self.given_back(write, space) >= needed.saturating_add(needed / 4).max(1)
    }

    /// Why each write finds no room, where `more` bytes are given back before; `for_good` as of [`Planner::given_way`]. Those whose
    /// indices are `left_out` are not to come, and what they were to take the place of is gone.
    ///
    /// Smaller files that take the places of larger ones come first, the smallest before: they only make room. They are made side
    /// by side, so together they take no more than there is now; what they give back is for the next round. Of the others what
    /// is worth more is asked first.
    pub(crate) fn fitting(
        &self,
        writes: &[PlannedWrite],
        space: Space,
        (more, for_good): (u64, bool),
        left_out: &[usize],
    ) -> Fit {
        let coming = tracks_of(writes);
        let left_out: HashSet<usize> = left_out.iter().copied().collect();
        let (reserved, free) = (self.plan.bytes_reserved, space.free.saturating_add(more));
        // Files that only get other names have theirs first, with their folders.
        let free = free.saturating_sub(space.taken_by_folders(self.folders_to_make(self.paths_of_renames())));
        let for_smaller = free.saturating_sub(reserved.saturating_sub(LENT));
        let (mut smaller, others): (Vec<usize>, Vec<usize>) = self
            .most_important_first(writes)
            .into_iter()
            .filter(|at| !left_out.contains(at))
            .partition(|at| writes.get(*at).is_some_and(|write| self.is_smaller(write, space)));
        smaller.sort_by_key(|at| writes.get(*at).map(|write| write.expected_bytes));
        let beside = self.bytes_beside(space);
        let comes = |(at, write)| (!left_out.contains(&at)).then_some(write);
        let mut room = Room::left_by(self, writes.iter().enumerate().filter_map(comes), for_smaller);
        let refused = |at| left_out.contains(&at).then_some(WhyNoRoom::Full);
        let mut verdicts: Vec<_> = (0..writes.len()).map(refused).collect();
        let mut ask = |room: &mut Room<'_>, at: usize, gives_back: bool| {
            if let (Some(write), Some(verdict)) = (writes.get(at), verdicts.get_mut(at)) {
                let beside = beside.get(&write.track).copied().unwrap_or_default();
                let given_way = self.given_way(write, space, (&coming, for_good));
                // How large it really gets is known once it is there: what that gives back besides is for the next round.
                let given_back = self.given_back(write, space).min(space.taken_by(write.expected_bytes));
                let given_back = if gives_back { given_back.saturating_add(given_way) } else { 0 };
                *verdict = room.take(write, space, (beside, given_back));
            }
        };
        smaller.into_iter().for_each(|at| ask(&mut room, at, false));
        let left_for_smaller = room.bytes;
        let taken = for_smaller.saturating_sub(left_for_smaller);
        room.bytes = free.saturating_sub(reserved).saturating_sub(taken);
        room.limit = self.left_of_limit(space).saturating_sub(taken);
        others.into_iter().for_each(|at| ask(&mut room, at, true));
        let with_delete = vec![false; writes.len()];
        Fit { verdicts, left_for_smaller, with_delete }
    }

    fn paths_of_renames(&self) -> impl Iterator<Item = &str> {
        self.plan.renames.iter().map(|rename| rename.to.as_str())
    }

    /// Indices of writes. What an earlier list names is asked first, if their order counts, and then what is worth more.
    fn most_important_first(&self, writes: &[PlannedWrite]) -> Vec<usize> {
        let worth = |at: &usize| {
            let track = writes.get(*at).and_then(|write| self.desired.tracks.get(write.track));
            track.map_or(0, |track| track.worth)
        };
        let mut order: Vec<usize> = (0..writes.len()).collect();
        let lists = self.places_of_lists();
        let list = |at: &usize| writes.get(*at).and_then(|write| lists.get(write.identity.as_str())).copied();
        order.sort_by_key(|at| (list(at).unwrap_or(usize::MAX), Reverse(worth(at))));
        order
    }

    /// What lies beside each track, by its index.
    fn bytes_beside(&self, space: Space) -> HashMap<usize, Beside> {
        let mut beside: HashMap<usize, Beside> = HashMap::new();
        for companion in &self.desired.companions {
            let bytes = space.taken_by(companion.expected_bytes.unwrap_or(0));
            let of_track = beside.entry(companion.track).or_default();
            match companion.kind {
                CompanionKind::Lyrics => of_track.lyrics = bytes,
                CompanionKind::Picture => of_track.picture = bytes,
            }
        }
        beside
    }
}

//! The plan's part about what lies there already where not all that is wanted has room: what only later lists name can make
//! room for what waits of earlier ones; and where more lies there than the player shows, it is said what.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use crate::desired::DesiredTrack;
use crate::plan::{BeyondShown, NoRoom, PlannedRemoval, PlannedWrite, UnchangedFile, WhyNoRoom, WhyRemoved};
use crate::planner::Planner;
use crate::planner_space::Fit;
use crate::space::Space;

/// How important something wanted is, the most important first: the first list that names it, where their order counts; what
/// it is worth; and where it stands in the lists.
type Importance = (usize, Reverse<u64>, usize);

/// A file that may make room.
struct MayGo {
    /// The place of the first list that names it.
    list: usize,
    removal: PlannedRemoval,
    place: Place,
}

/// Where the plan has it.
enum Place {
    Unchanged(UnchangedFile),
    /// It is to be written anew, by the write of this index.
    Write(usize),
}

/// What is to go of those that may: their removals and, of those that were to be written anew, the indices of the writes.
struct Going {
    removals: Vec<PlannedRemoval>,
    writes: Vec<usize>,
}

impl<'a> Planner<'a> {
    /// The first playlist that names each recording, where their order counts.
    pub(crate) fn places_of_lists(&self) -> HashMap<&'a str, usize> {
        let desired = self.desired;
        let mut places = HashMap::new();
        let lists = desired.playlists.iter().filter(|_| desired.by_list);
        for (place, list) in lists.enumerate() {
            for track in list.entries.iter().filter_map(|entry| desired.tracks.get(*entry)) {
                places.entry(track.identity.as_str()).or_insert(place);
            }
        }
        places
    }

    fn importance(&self) -> HashMap<&'a str, Importance> {
        let (desired, lists) = (self.desired, self.places_of_lists());
        let tracks = self.order.iter().filter_map(|at| desired.tracks.get(*at));
        let of_one = |(at, track): (usize, &'a DesiredTrack)| {
            let identity = track.identity.as_str();
            let list = lists.get(identity).copied().unwrap_or(usize::MAX);
            (identity, (list, Reverse(track.worth), at))
        };
        tracks.enumerate().map(of_one).collect()
    }

    /// Where files wait that an earlier list names than such as are there: where the user says so
    /// (`Desired::delete_for_good`), as many of those go as are needed, the least important first, and wait themselves; else
    /// it is only told. `before`: bytes that are given back before anything is written, as it was planned so far. Gives what fits
    /// then, and what waits then that was there; of that nothing is in `writes` any more.
    pub(crate) fn before_later_lists(
        &mut self,
        writes: &mut Vec<PlannedWrite>,
        space: Space,
        (mut fit, before): (Fit, u64),
    ) -> (Fit, Vec<NoRoom>) {
        if !self.desired.by_list {
            return (fit, Vec::new());
        }
        let waiting = self.waiting(writes, &fit);
        let Some(first) = waiting.iter().min_by_key(|(list, _)| *list) else { return (fit, Vec::new()) };
        let why = if fit.is_full() { WhyNoRoom::Full } else { first.1 };
        let may_go = self.take_what_may_go(writes, first.0);
        let least = self.how_many_make_room(writes, space, &may_go, (why, before));
        let going = going_of(&may_go, least);
        let without = self.without(writes, space, (&may_go, least), (why, before));
        let stay = may_go.into_iter().skip(if self.desired.delete_for_good { least } else { 0 });
        self.plan.unchanged.extend(stay.filter_map(|one| match one.place {
            Place::Unchanged(file) => Some(file),
            Place::Write(_) => None,
        }));
        if least == 0 {
            return (fit, Vec::new());
        }
        if self.desired.delete_for_good {
            return self.take_off(going, writes, space, (without, why));
        }
        for (with_delete, refused) in fit.with_delete.iter_mut().zip(&without.verdicts) {
            *with_delete |= refused.is_none();
        }
        self.plan.later_lists = going.removals.into_iter().map(|removal| removal.path).collect();
        (fit, Vec::new())
    }

    /// What finds no room and may come yet: the place of its list, and why it waits. An older file of it that plays waits for
    /// nothing that would be worth another one.
    fn waiting(&self, writes: &[PlannedWrite], fit: &Fit) -> Vec<(usize, WhyNoRoom)> {
        let lists = self.places_of_lists();
        let asked = writes.iter().zip(fit.verdicts.iter().zip(&fit.with_delete));
        let waiting = asked.filter(|(write, (_, with_delete))| !**with_delete && !write.has_older_file());
        waiting
            .filter_map(|(write, (why, _))| {
                Some((lists.get(write.identity.as_str()).copied().unwrap_or(usize::MAX), waits(*why)?))
            })
            .collect()
    }

    /// Takes the files out of what stays that may make room, for only lists behind this place name them: the least important first.
    fn take_what_may_go(&mut self, writes: &[PlannedWrite], first: usize) -> Vec<MayGo> {
        let (importance, all) = (self.importance(), std::mem::take(&mut self.plan.unchanged));
        let of = |identity: &str| {
            let importance = importance.get(identity).copied();
            importance.filter(|(list, _, at)| *list > first && self.may_come_again(identity, *at))
        };
        let mut found: Vec<(Importance, MayGo)> = Vec::new();
        let mut staying = Vec::new();
        for file in all {
            match of(&file.identity) {
                Some(importance) => {
                    let removal = removal_of(&file.identity, &file.path, file.bytes);
                    let (list, ..) = importance;
                    found.push((importance, MayGo { list, removal, place: Place::Unchanged(file) }));
                }
                None => staying.push(file),
            }
        }
        for (at, write) in writes.iter().enumerate().filter(|(_, write)| write.displaces.is_none()) {
            let older = write.replaces.as_ref().filter(|_| write.has_older_file());
            if let (Some(path), Some(importance)) = (older, of(&write.identity))
                && let Some(record) = self.manifest.files.get(&write.identity)
            {
                let removal = removal_of(&write.identity, path, record.bytes);
                let (list, ..) = importance;
                found.push((importance, MayGo { list, removal, place: Place::Write(at) }));
            }
        }
        found.sort_by_key(|(importance, _)| Reverse(*importance));
        self.plan.unchanged = staying;
        found.into_iter().map(|(_, one)| one).collect()
    }

    /// Whether it is ours, as it was written, can be made once more, and is there for the lists of this run alone.
    fn may_come_again(&self, identity: &str, at: usize) -> bool {
        let track = self.order.get(at).and_then(|index| self.desired.tracks.get(*index));
        let is_ours = self.manifest.files.get(identity).is_some_and(|record| !record.adopted);
        is_ours
            && track.is_some_and(|track| track.can_be_made)
            && self.is_as_written(identity)
            && !self.claimed.contains(identity)
    }

    /// How many of those that may go must, until nothing waits that could come and that an earlier list names than the next of them.
    fn how_many_make_room(
        &mut self,
        writes: &[PlannedWrite],
        space: Space,
        may_go: &[MayGo],
        room: (WhyNoRoom, u64),
    ) -> usize {
        if may_go.is_empty() {
            return 0;
        }
        let lists = self.places_of_lists();
        let list = |write: &PlannedWrite| lists.get(write.identity.as_str()).copied().unwrap_or(usize::MAX);
        let lists: Vec<usize> = writes.iter().map(list).collect();
        // What finds no room either way is no reason to take anything off.
        let could_come = self.without(writes, space, (may_go, may_go.len()), room).verdicts;
        let (mut least, mut most) = (0, may_go.len());
        while least < most {
            let middle = least + (most - least) / 2;
            let verdicts = self.without(writes, space, (may_go, middle), room).verdicts;
            let next = may_go.get(middle).map_or(0, |one| one.list);
            let refused = verdicts.iter().zip(&could_come).map(|(now, then)| now.is_some() && then.is_none());
            let mut refused = writes.iter().zip(&lists).zip(refused);
            let waits = |((write, list), is_refused): ((&PlannedWrite, &usize), bool)| {
                is_refused && *list < next && !write.has_older_file()
            };
            if refused.any(waits) {
                least = middle + 1;
            } else {
                most = middle;
            }
        }
        least
    }

    /// What fits where so many of those that may go are not there.
    fn without(
        &mut self,
        writes: &[PlannedWrite],
        space: Space,
        (may_go, files): (&[MayGo], usize),
        (why, before): (WhyNoRoom, u64),
    ) -> Fit {
        let going = going_of(may_go, files);
        // Where there are bytes enough they go after what comes.
        let freed = going.removals.iter().filter(|_| why == WhyNoRoom::Full);
        let freed = freed.map(|removal| space.taken_by(removal.bytes)).fold(before, u64::saturating_add);
        let (unchanged, removals) = (self.plan.unchanged.len(), self.plan.removals.len());
        self.plan.unchanged.extend(may_go.iter().skip(files).filter_map(|one| match &one.place {
            Place::Unchanged(file) => Some(file.clone()),
            Place::Write(_) => None,
        }));
        self.plan.removals.extend(going.removals);
        let fit = self.fitting(writes, space, (freed, false), &going.writes);
        self.plan.removals.truncate(removals);
        self.plan.unchanged.truncate(unchanged);
        fit
    }

    /// Plans that these go, and wait. Of those that were to be written anew nothing is left in `writes`.
    fn take_off(
        &mut self,
        going: Going,
        writes: &mut Vec<PlannedWrite>,
        space: Space,
        (mut fit, why): (Fit, WhyNoRoom),
    ) -> (Fit, Vec<NoRoom>) {
        self.plan.remove_first |= why == WhyNoRoom::Full;
        let freed = going.removals.iter().map(|removal| space.taken_by(removal.bytes));
        self.plan.bytes_freed = freed.fold(self.plan.bytes_freed, u64::saturating_add);
        let importance = self.importance();
        let waiting = going.removals.iter().filter_map(|removal| {
            let (.., at) = importance.get(removal.identity.as_str())?;
            Some(NoRoom { track: *self.order.get(*at)?, why, with_delete: false })
        });
        let waiting = waiting.collect();
        self.plan.removals.extend(going.removals);
        self.plan.removals.sort_by(|a, b| a.path.cmp(&b.path));
        self.share_of_removals();
        let gone: HashSet<usize> = going.writes.into_iter().collect();
        fit.leave_out(&gone);
        let mut at = 0..;
        writes.retain(|_| at.next().is_none_or(|at| !gone.contains(&at)));
        (fit, waiting)
    }

    /// Says what lies there beyond the tracks that the player shows: an earlier profile may have allowed more, or the owner
    /// put more there.
    pub(crate) fn tell_what_is_beyond(&mut self) {
        let (plan, most) = (&self.plan, self.profile.folders.max_tracks);
        let ours = plan.unchanged.len() + plan.renames.len() + plan.kept_older.len() + plan.writes.len();
        let there = ours + self.claimed_paths().count() + self.of_the_owner.tracks;
        if most == 0 || there <= most {
            return;
        }
        let importance = self.importance();
        let unchanged = plan.unchanged.iter().map(|file| (file.identity.as_str(), &file.path));
        let renamed = plan.renames.iter().map(|rename| (rename.identity.as_str(), &rename.to));
        let is_ours = |identity: &str| self.manifest.files.get(identity).is_some_and(|file| !file.adopted);
        let files = unchanged.chain(renamed).filter(|(identity, _)| is_ours(identity));
        let mut files: Vec<(Importance, &String)> =
            files.filter_map(|(identity, path)| Some((*importance.get(identity)?, path))).collect();
        files.sort();
        let beyond = there - most;
        let least = files.into_iter().rev().take(beyond).map(|(_, path)| path.clone()).collect();
        self.plan.beyond_shown = Some(BeyondShown { most_tracks: most, beyond, least });
    }
}

/// Why it waits for room, if it does: one that is too large in itself waits for none.
fn waits(refused: Option<WhyNoRoom>) -> Option<WhyNoRoom> {
    refused.filter(|why| *why != WhyNoRoom::FileTooLarge)
}

/// The first so many of those that may go.
fn going_of(may_go: &[MayGo], files: usize) -> Going {
    let going = may_go.iter().take(files);
    let writes = going.clone().filter_map(|one| match one.place {
        Place::Write(at) => Some(at),
        Place::Unchanged(_) => None,
    });
    Going { writes: writes.collect(), removals: going.map(|one| one.removal.clone()).collect() }
}

fn removal_of(identity: &str, path: &str, bytes: u64) -> PlannedRemoval {
    PlannedRemoval {
        identity: identity.to_owned(),
        path: path.to_owned(),
        bytes,
        why: WhyRemoved::LaterList,
        to_trash: false,
    }
}

//! The plan's part about what lies there already where not all that is wanted has room: what only later lists name can make
//! room for what waits of earlier ones; and where more lies there than the player shows, it is said what.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::desired::DesiredTrack;
use crate::plan::{BeyondShown, NoRoom, PlannedRemoval, PlannedWrite, UnchangedFile, WhyNoRoom, WhyRemoved};
use crate::planner::Planner;
use crate::planner_space::Fit;
use crate::space::Space;

/// How important something wanted is, the most important first: the first list that names it, where their order counts; what
/// it is worth; and where it stands in the lists.
type Importance = (usize, Reverse<u64>, usize);

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
    /// then, and what waits then that was there.
    pub(crate) fn before_later_lists(
        &mut self,
        writes: &[PlannedWrite],
        space: Space,
        (mut fit, before): (Fit, u64),
    ) -> (Fit, Vec<NoRoom>) {
        if !self.desired.by_list {
            return (fit, Vec::new());
        }
        let lists = self.places_of_lists();
        let place = |write: &PlannedWrite| lists.get(write.identity.as_str()).copied().unwrap_or(usize::MAX);
        let of_writes: Vec<usize> = writes.iter().map(place).collect();
        let asked = of_writes.iter().zip(fit.verdicts.iter().zip(&fit.with_delete));
        let waiting = asked
            .filter(|(_, (_, with_delete))| !**with_delete)
            .filter_map(|(place, (why, _))| Some((*place, waits(*why)?)));
        let Some((first, why)) = waiting.min_by_key(|(place, _)| *place) else { return (fit, Vec::new()) };
        let later = self.put_later_last(first);
        let why = if fit.is_full() { WhyNoRoom::Full } else { why };
        let least = self.how_many_make_room(writes, space, (&of_writes, &later), (why, before));
        if least == 0 {
            return (fit, Vec::new());
        }
        let without = self.without_last(writes, space, least, (why, before));
        if self.desired.delete_for_good {
            let waiting = self.take_off_last(least, space, why);
            return (without, waiting);
        }
        for (with_delete, refused) in fit.with_delete.iter_mut().zip(&without.verdicts) {
            *with_delete |= refused.is_none();
        }
        let holding = self.plan.unchanged.iter().rev().take(least);
        self.plan.later_lists = holding.map(|file| file.path.clone()).collect();
        (fit, Vec::new())
    }

    /// Puts the files that may make room, for only lists behind this place name them, at the end of what stays, the least
    /// important last. Gives the places of their lists, from the last one on.
    fn put_later_last(&mut self, first: usize) -> Vec<usize> {
        let (importance, all) = (self.importance(), std::mem::take(&mut self.plan.unchanged));
        let of = |file: &UnchangedFile| importance.get(file.identity.as_str()).copied();
        let is_later = |file: &UnchangedFile| {
            of(file).is_some_and(|(list, _, at)| list > first && self.may_come_again(file, at))
        };
        let (mut later, mut files): (Vec<UnchangedFile>, Vec<UnchangedFile>) =
            all.into_iter().partition(is_later);
        later.sort_by_key(of);
        let places = later.iter().rev().filter_map(|file| of(file).map(|(list, ..)| list)).collect();
        files.extend(later);
        self.plan.unchanged = files;
        places
    }

    /// Whether it is ours, as it was written, can be made once more, and is there for the lists of this run alone.
    fn may_come_again(&self, file: &UnchangedFile, at: usize) -> bool {
        let identity = file.identity.as_str();
        let track = self.order.get(at).and_then(|index| self.desired.tracks.get(*index));
        let is_ours = self.manifest.files.get(identity).is_some_and(|record| !record.adopted);
        is_ours
            && track.is_some_and(|track| track.can_be_made)
            && self.is_as_written(identity)
            && !self.claimed.contains(identity)
    }

    /// How many of the last files must go until nothing waits that could come and that an earlier list names than the next of
    /// them.
    fn how_many_make_room(
        &mut self,
        writes: &[PlannedWrite],
        space: Space,
        (of_writes, later): (&[usize], &[usize]),
        room: (WhyNoRoom, u64),
    ) -> usize {
        if later.is_empty() {
            return 0;
        }
        // What finds no room either way is no reason to take anything off.
        let could_come = self.without_last(writes, space, later.len(), room).verdicts;
        let (mut least, mut most) = (0, later.len());
        while least < most {
            let middle = least + (most - least) / 2;
            let verdicts = self.without_last(writes, space, middle, room).verdicts;
            let refused = verdicts.iter().zip(&could_come).map(|(now, then)| now.is_some() && then.is_none());
            let next = later.get(middle).copied().unwrap_or_default();
            if of_writes.iter().zip(refused).any(|(place, is_refused)| is_refused && *place < next) {
                least = middle + 1;
            } else {
                most = middle;
            }
        }
        least
    }

    /// What fits where so many of the last files are not there.
    fn without_last(
        &mut self,
        writes: &[PlannedWrite],
        space: Space,
        files: usize,
        (why, before): (WhyNoRoom, u64),
    ) -> Fit {
        let at = self.plan.unchanged.len().saturating_sub(files);
        let gone = self.plan.unchanged.split_off(at);
        let removals = self.plan.removals.len();
        self.plan.removals.extend(gone.iter().map(removal_of));
        // Where there are bytes enough they go after what comes.
        let freed = gone.iter().filter(|_| why == WhyNoRoom::Full).map(|file| space.taken_by(file.bytes));
        let fit = self.fitting(writes, space, (freed.fold(before, u64::saturating_add), false));
        self.plan.removals.truncate(removals);
        self.plan.unchanged.extend(gone);
        fit
    }

    /// Plans that so many of the last files go, and wait.
    fn take_off_last(&mut self, files: usize, space: Space, why: WhyNoRoom) -> Vec<NoRoom> {
        let at = self.plan.unchanged.len().saturating_sub(files);
        let gone = self.plan.unchanged.split_off(at);
        self.plan.remove_first |= why == WhyNoRoom::Full;
        let freed = gone.iter().map(|file| space.taken_by(file.bytes));
        self.plan.bytes_freed = freed.fold(self.plan.bytes_freed, u64::saturating_add);
        self.plan.removals.extend(gone.iter().map(removal_of));
        self.plan.removals.sort_by(|a, b| a.path.cmp(&b.path));
        self.share_of_removals();
        let importance = self.importance();
        let waiting = gone.iter().filter_map(|file| {
            let (.., at) = importance.get(file.identity.as_str())?;
            Some(NoRoom { track: *self.order.get(*at)?, why, with_delete: false })
        });
        waiting.collect()
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

fn removal_of(file: &UnchangedFile) -> PlannedRemoval {
    PlannedRemoval {
        identity: file.identity.clone(),
        path: file.path.clone(),
        bytes: file.bytes,
        why: WhyRemoved::LaterList,
        to_trash: false,
    }
}

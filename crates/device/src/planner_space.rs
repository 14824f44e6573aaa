//! The plan's part about room: bytes, and what a player counts besides.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use crate::allot::in_folder;
use crate::desired::CompanionKind;
use crate::names::clash_key;
use crate::plan::{NoRoom, PlannedWrite, WhyNoRoom, WhyWritten};
use crate::planner::Planner;
use crate::profile::Profile;
use crate::space::{Space, reserve_for};

impl Planner<'_> {
    /// Counts bytes and takes out what does not fit, the least important first.
    pub(crate) fn fit_into_space(&mut self, space: Space) {
        let removed: u64 = self
            .plan
            .removals
            .iter()
            .filter(|removal| !removal.to_trash)
            .map(|removal| space.taken_by(removal.bytes))
            .sum();
        let writes = std::mem::take(&mut self.plan.writes);
        let needed = |write: &PlannedWrite| space.taken_by(write.expected_bytes);
        self.plan.bytes_total = space.total;
        self.plan.bytes_free = space.free;
        self.plan.bytes_needed = writes.iter().map(needed).fold(0, u64::saturating_add);

        let there = self.manifest.playlists.values().map(|list| list.entries.len());
        let entries: usize = there.chain(self.desired.playlists.iter().map(|list| list.entries.len())).sum();
        let reserved = reserve_for(self.manifest.files.len() + writes.len(), entries);
        self.plan.bytes_reserved = reserved;
        let usable = space.free.saturating_sub(reserved).min(self.left_of_limit(space));
        let mut verdicts = self.fitting(&writes, space, usable);
        if verdicts.contains(&Some(WhyNoRoom::Full)) && removed > 0 {
            self.plan.remove_first = true;
            let usable = usable.saturating_add(removed).min(self.left_of_limit(space));
            verdicts = self.fitting(&writes, space, usable);
        }
        // What is not written gives nothing back.
        self.plan.bytes_freed = removed;
        for (write, verdict) in writes.into_iter().zip(verdicts) {
            match verdict {
                None => {
                    let freed = self.given_back(&write, space);
                    self.plan.bytes_freed = self.plan.bytes_freed.saturating_add(freed);
                    self.plan.writes.push(write);
                }
                Some(why) => self.plan.does_not_fit.push(NoRoom { track: write.track, why }),
            }
        }
    }

    /// What the files that stay leave of the bytes that the profile allows.
    fn left_of_limit(&self, space: Space) -> u64 {
        let limit = self.profile.copy.max_bytes;
        if limit == 0 {
            return u64::MAX;
        }
        let gone: HashSet<&str> =
            self.plan.removals.iter().map(|removal| removal.identity.as_str()).collect();
        let staying = self.manifest.files.values().filter(|file| !gone.contains(file.identity.as_str()));
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

    /// Why each write finds no room; `None` for those that do. What is worth more is asked first.
    fn fitting(&self, writes: &[PlannedWrite], space: Space, bytes: u64) -> Vec<Option<WhyNoRoom>> {
        let worth = |at: &usize| {
            let track = writes.get(*at).and_then(|write| self.desired.tracks.get(write.track));
            track.map_or(0, |track| track.worth)
        };
        let mut order: Vec<usize> = (0..writes.len()).collect();
        order.sort_by_key(|at| Reverse(worth(at)));
        let mut room = Room::left_by(self, bytes);
        let beside = self.bytes_beside(space);
        let mut verdicts = vec![None; writes.len()];
        for at in order {
            if let (Some(write), Some(verdict)) = (writes.get(at), verdicts.get_mut(at)) {
                let beside = beside.get(&write.track).copied().unwrap_or_default();
                *verdict = room.take(write, space, (beside, self.given_back(write, space)));
            }
        }
        verdicts
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

/// Bytes of the files that lie beside a track.
#[derive(Debug, Clone, Copy, Default)]
struct Beside {
    lyrics: u64,
    /// Of its folder; the first track there brings it.
    picture: u64,
}

/// What is left of everything that a player counts.
struct Room<'a> {
    profile: &'a Profile,
    bytes: u64,
    tracks: usize,
    folders: HashSet<String>,
}

impl<'a> Room<'a> {
    /// What the files that stay leave.
    fn left_by(planner: &Planner<'a>, bytes: u64) -> Self {
        let plan = &planner.plan;
        let renamed = plan.renames.iter().map(|rename| rename.to.as_str());
        let staying = plan.unchanged.iter().map(|file| file.path.as_str()).chain(renamed);
        let claimed = planner.claimed_paths();
        let mut room = Self { profile: planner.profile, bytes, tracks: 0, folders: HashSet::new() };
        for path in staying.chain(claimed) {
            room.tracks += 1;
            room.folders.extend(folders_of(path));
        }
        let rules = planner.profile;
        if rules.playlists.write {
            room.folders.extend(folders_of(&in_folder(&rules.folders.playlists, "list")));
        }
        room
    }

    fn take(
        &mut self,
        write: &PlannedWrite,
        space: Space,
        (beside, given_back): (Beside, u64),
    ) -> Option<WhyNoRoom> {
        let rules = &self.profile.folders;
        let new: Vec<String> =
            folders_of(&write.path).filter(|folder| !self.folders.contains(folder)).collect();
        let picture = if new.is_empty() { 0 } else { beside.picture };
        let needed =
            space.taken_by(write.expected_bytes).saturating_add(beside.lyrics).saturating_add(picture);
        if write.expected_bytes > self.profile.copy.max_file_bytes {
            return Some(WhyNoRoom::FileTooLarge);
        }
        if rules.max_tracks > 0 && self.tracks >= rules.max_tracks {
            return Some(WhyNoRoom::TooManyTracks);
        }
        if rules.max_folders > 0 && !new.is_empty() && self.folders.len() + new.len() > rules.max_folders {
            return Some(WhyNoRoom::TooManyFolders);
        }
        if needed > self.bytes {
            return Some(WhyNoRoom::Full);
        }
        // Old and new lie side by side until the new one is in place.
        self.bytes = (self.bytes - needed).saturating_add(given_back);
        self.tracks += 1;
        self.folders.extend(new);
        None
    }
}

fn folders_of(path: &str) -> impl Iterator<Item = String> {
    path.match_indices('/').filter_map(|(at, _)| path.get(..at)).map(clash_key)
}

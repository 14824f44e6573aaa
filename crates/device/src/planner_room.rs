//! What is left of everything that a player counts while it is asked what fits.

use std::collections::HashSet;

use crate::allot::in_folder;
use crate::names::clash_key;
use crate::plan::{PlannedWrite, WhyNoRoom};
use crate::planner::Planner;
use crate::profile::Profile;
use crate::space::Space;

/// Bytes of the files that lie beside a track.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Beside {
    pub(crate) lyrics: u64,
    /// Of its folder; the first track there brings it.
    pub(crate) picture: u64,
}

/// What is left of everything that a player counts.
pub(crate) struct Room<'a> {
    profile: &'a Profile,
    pub(crate) bytes: u64,
    /// Of what the profile allows files of ours together.
    pub(crate) limit: u64,
    tracks: usize,
    folders: HashSet<String>,
    there: HashSet<String>,
}

impl<'a> Room<'a> {
    /// What the files that stay leave, and those of the owner's. One that is to be written anew is there already.
    pub(crate) fn left_by<'w>(
        planner: &Planner<'a>,
        writes: impl Iterator<Item = &'w PlannedWrite>,
        bytes: u64,
    ) -> Self {
        let plan = &planner.plan;
        let renamed = plan.renames.iter().map(|rename| rename.to.as_str());
        let staying = plan.unchanged.iter().map(|file| file.path.as_str()).chain(renamed);
        let claimed = planner.claimed_paths();
        let owner = &planner.of_the_owner;
        let (tracks, folders) = (owner.tracks, owner.folders.clone());
        let there = planner.folders_there();
        let mut room = Self { profile: planner.profile, bytes, limit: u64::MAX, tracks, folders, there };
        for path in staying.chain(claimed) {
            room.tracks += 1;
            room.folders.extend(folders_of(path));
        }
        room.tracks += writes.filter(|write| write.replaces.is_some()).count();
        let rules = planner.profile;
        if rules.playlists.write {
            room.folders.extend(folders_of(&in_folder(&rules.folders.playlists, "list")));
        }
        room
    }

    /// Takes the room of a write; `given_back` are bytes that are free again once it is done.
    pub(crate) fn take(
        &mut self,
        write: &PlannedWrite,
        space: Space,
        (beside, given_back): (Beside, u64),
    ) -> Option<WhyNoRoom> {
        let refused = self.try_to_take(write, space, (beside, given_back));
        if refused.is_some() {
            // The older file stays where it is.
            self.folders.extend(write.replaces.iter().flat_map(|path| folders_of(path)));
        }
        refused
    }

    fn try_to_take(
        &mut self,
        write: &PlannedWrite,
        space: Space,
        (beside, given_back): (Beside, u64),
    ) -> Option<WhyNoRoom> {
        let rules = &self.profile.folders;
        let new: Vec<String> =
            folders_of(&write.path).filter(|folder| !self.folders.contains(folder)).collect();
        let picture = if new.is_empty() { 0 } else { beside.picture };
        let made = new.iter().filter(|folder| !self.there.contains(*folder)).count();
        let files =
            space.taken_by(write.expected_bytes).saturating_add(beside.lyrics).saturating_add(picture);
        let needed = files.saturating_add(space.taken_by_folders(made));
        let is_one_more = write.replaces.is_none();
        if write.expected_bytes > self.profile.copy.max_file_bytes {
            return Some(WhyNoRoom::FileTooLarge);
        }
        if is_one_more && rules.max_tracks > 0 && self.tracks >= rules.max_tracks {
            return Some(WhyNoRoom::TooManyTracks);
        }
        if rules.max_folders > 0 && !new.is_empty() && self.folders.len() + new.len() > rules.max_folders {
            return Some(WhyNoRoom::TooManyFolders);
        }
        if needed > self.bytes || files > self.limit {
            return Some(WhyNoRoom::Full);
        }
        // Old and new lie side by side until the new one is in place.
        self.bytes = (self.bytes - needed).saturating_add(given_back);
        self.limit = (self.limit - files).saturating_add(given_back);
        self.tracks += usize::from(is_one_more);
        self.folders.extend(new);
        None
    }
}

impl Planner<'_> {
    /// What folders of ours and the owner's there are.
    fn folders_there(&self) -> HashSet<String> {
        let ours = self.manifest.folders.iter().map(|folder| clash_key(folder));
        ours.chain(self.of_the_owner.folders.iter().cloned()).collect()
    }

    /// How many folders on the way to these paths are to be made.
    pub(crate) fn folders_to_make<'p>(&self, paths: impl Iterator<Item = &'p str>) -> usize {
        let there = self.folders_there();
        let needed: HashSet<String> = paths.flat_map(folders_of).collect();
        needed.difference(&there).count()
    }
}

fn folders_of(path: &str) -> impl Iterator<Item = String> {
    path.match_indices('/').filter_map(|(at, _)| path.get(..at)).map(clash_key)
}

//! The plan's part about what a full target could do without: its trash, which takes room like everything else, and what
//! nothing wants any more, which gives no room back where it goes there.

use std::collections::HashSet;

use crate::manifest::PlaylistRecord;
use crate::plan::{NoRoom, PlannedRemoval, PlannedWrite, WhyNoRoom, WhyRemoved};
use crate::planner::{Planner, playlists_besides};
use crate::space::Space;
use crate::trash::{self, TrashedFile};

impl<'a> Planner<'a> {
    /// Whether the target has more room once it is gone. The trash of a device that speaks MTP lies on the computer.
    pub(crate) fn gives_room(&self, removal: &PlannedRemoval) -> bool {
        !removal.to_trash || self.root.device().is_some()
    }

    /// What lies in the trash on the target, the oldest day first. One that cannot be read has nothing to offer.
    pub(crate) fn trash_there(&self) -> Vec<TrashedFile> {
        if self.root.device().is_some() {
            return Vec::new();
        }
        let mut files = trash::all(self.root).unwrap_or_default();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files
    }

    /// Bytes that `Desired::delete_for_good` would gain, before these tracks come, of what goes to the trash as it is.
    pub(crate) fn bytes_to_trash(&self, space: Space, coming: &HashSet<usize>) -> u64 {
        let kept = self.plan.removals.iter().filter(|one| !self.gives_room(one));
        let kept = kept.filter(|one| self.plan.goes_early(one, coming));
        let ours = kept.filter(|one| self.is_as_written(&one.identity));
        ours.map(|one| space.taken_by(one.bytes)).fold(0, u64::saturating_add)
    }

    /// Leaves on the target what nothing wants any more, where less would come than goes because it is full: taken away, it
    /// would give no room back, and the music would stop. What the user has another answer for goes all the same.
    pub(crate) fn keep_what_makes_no_room(&mut self) {
        let could_come = |one: &NoRoom| one.why == WhyNoRoom::Full && one.with_delete;
        let waits = self.plan.does_not_fit.iter().any(could_come);
        let rules = self.profile;
        // There it does make room.
        let counts =
            rules.copy.max_bytes > 0 || rules.folders.max_tracks > 0 || rules.folders.max_folders > 0;
        if !waits || counts || self.desired.delete_for_good {
            return;
        }
        let is_new = |write: &&PlannedWrite| write.replaces.is_none();
        let displaces = |write: &PlannedWrite| Some(write.displaces.as_ref()?.identity.clone());
        let coming = self.plan.writes.iter().filter(is_new).count();
        let mut goes: HashSet<String> = self.plan.writes.iter().filter_map(displaces).collect();
        let answers = self.desired.wanted.keys().filter_map(|key| self.manifest.wanted.get(key));
        goes.extend(answers.flatten().cloned());
        let removals = std::mem::take(&mut self.plan.removals);
        let (staying, going): (Vec<PlannedRemoval>, Vec<PlannedRemoval>) =
            removals.into_iter().partition(|one| {
                one.why == WhyRemoved::NotWanted && !self.gives_room(one) && !goes.contains(&one.identity)
            });
        self.plan.removals = going;
        if staying.len() > coming {
            self.plan.stays_unwanted = staying;
        } else {
            self.plan.removals.extend(staying);
            self.plan.removals.sort_by(|a, b| a.path.cmp(&b.path));
        }
    }

    /// The lists that stay although this run does not name them: those of a run that leaves others alone, and those of tracks
    /// that stay.
    pub(crate) fn staying_playlists(&self) -> Vec<&'a PlaylistRecord> {
        let (manifest, keep) = (self.manifest, self.desired.keep_other_playlists);
        let named: HashSet<String> = self.desired.playlists.iter().map(|list| list.key.clone()).collect();
        let staying: HashSet<&String> = self.plan.stays_unwanted.iter().map(|one| &one.identity).collect();
        let is_of_them = |list: &&PlaylistRecord| list.entries.iter().any(|one| staying.contains(one));
        playlists_besides(manifest, named).filter(|list| keep || is_of_them(list)).collect()
    }
}

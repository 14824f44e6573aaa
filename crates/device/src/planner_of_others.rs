//! The plan's part about lists that another library filled. Lists are known by their names, so those of two people who fill one
//! player may be one there.

use std::collections::{BTreeSet, HashSet};

use crate::desired::DesiredPlaylist;
use crate::manifest::PlaylistRecord;
use crate::plan::AnothersList;
use crate::planner::{Planner, whole_of};

impl Planner<'_> {
    /// Says which lists of this run are such, as far as anything on the target is there for them.
    pub(crate) fn plan_lists_of_others(&mut self) {
        let Some(library) = &self.desired.library else { return };
        let lists = self.desired.playlists.iter();
        self.plan.lists_of_others = lists.filter_map(|list| self.anothers(list, library)).collect();
    }

    fn anothers(&self, list: &DesiredPlaylist, library: &str) -> Option<AnothersList> {
        let of_another = |record: &&PlaylistRecord| {
            whole_of(&record.key) == list.key && record.library.as_deref().is_some_and(|of| of != library)
        };
        let records = self.manifest.playlists.values().filter(of_another);
        let old = records.flat_map(|record| &record.entries).map(String::as_str);
        let old: BTreeSet<&str> = old.filter(|one| self.manifest.files.contains_key(*one)).collect();
        if old.is_empty() {
            return None;
        }
        let entries: HashSet<usize> = list.entries.iter().copied().collect();
        let tracks = entries.iter().filter_map(|at| self.desired.tracks.get(*at));
        let mut wanted: HashSet<&str> = tracks.map(|track| track.identity.as_str()).collect();
        let comes = wanted.len();
        // The same thing, made of a file of the other library's.
        let in_list =
            self.desired.wanted.iter().filter(|(_, tracks)| tracks.iter().any(|at| entries.contains(at)));
        wanted.extend(in_list.flat_map(|(key, _)| self.manifest.answers(key)).map(String::as_str));
        let shared = old.iter().filter(|one| wanted.contains(**one)).count();
        let goes: HashSet<&str> = self.plan.removals.iter().map(|one| one.identity.as_str()).collect();
        Some(AnothersList {
            name: list.name.clone(),
            tracks: old.len(),
            shared,
            // As the library tells lists of one name apart; one that comes back empty shares nothing.
            shares_little: shared * 4 < old.len().min(comes.max(1)),
            removed: old.iter().filter(|one| goes.contains(**one)).count(),
        })
    }
}

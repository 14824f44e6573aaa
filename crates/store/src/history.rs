//! The library over time, and what the user takes apart, brings back or forgets in it.

use std::collections::HashMap;
use std::path::Path;

use ferrotape_domain::Wanted;

use crate::library::{Library, Result};
use crate::model::{
    Description, Forgotten, ListDiff, ListVersion, PlaylistChange, Removal, Snapshot, StoredEntry,
    StoredWanted, Watched,
};
use crate::sqlite::queries;

impl Library {
    /// Every import, pull and restored list with the lists it changed, oldest first.
    pub fn snapshots(&self) -> Result<Vec<Snapshot>> {
        self.read("read the library's log", queries::versions::snapshots)
    }

    /// Every state of a list, oldest first.
    pub fn versions_of_list(&self, playlist_id: i64) -> Result<Vec<ListVersion>> {
        self.read("read a list's versions", |db| queries::versions::of_list(db, playlist_id))
    }

    /// The state a list was in after this import; `None` when there was no such list yet.
    pub fn list_at(&self, playlist_id: i64, import_id: i64) -> Result<Option<ListVersion>> {
        self.read("read a list's versions", |db| queries::versions::at_import(db, playlist_id, import_id))
    }

    /// The entries of one state of a list.
    pub fn entries_of_version(&self, version_id: i64) -> Result<Vec<StoredEntry>> {
        self.read("read an earlier list", |db| queries::versions::entries_of(db, version_id))
    }

    /// Why entries left a list when it came into this state.
    pub fn removals_of_version(&self, version_id: i64) -> Result<Vec<Removal>> {
        self.read("read an earlier list", |db| queries::versions::removals_of(db, version_id))
    }

    /// What differs between two states of a list; `None` stands for no list.
    pub fn compare_versions(&self, old: Option<i64>, new: Option<i64>) -> Result<ListDiff> {
        self.read("compare two states of a list", |db| queries::versions::compare_two(db, old, new))
    }

    /// Makes a list what it was in an earlier state, as a step of its own in the log. Later imports bring what its
    /// source changes from now on. `None` when the list has no such version.
    pub fn restore_list(
        &self,
        playlist_id: i64,
        version_id: i64,
        label: &str,
        at: i64,
    ) -> Result<Option<PlaylistChange>> {
        self.write("restore the list", |db| queries::entries::restore(db, playlist_id, version_id, label, at))
    }

    /// Takes everything out of a list, as a step of its own in the log. Later imports bring what its source adds from now
    /// on, and [`Self::restore_list`] brings the rest back.
    pub fn drop_list(&self, playlist_id: i64, label: &str, at: i64) -> Result<PlaylistChange> {
        self.write("take the list out", |db| queries::entries::drop_list(db, playlist_id, label, at))
    }

    /// Everything that was said of one thing, the first description first; empty when there is no such thing.
    pub fn descriptions(&self, wanted_id: i64) -> Result<Vec<Description>> {
        self.read("read what is known of a thing", |db| queries::same::descriptions(db, wanted_id))
    }

    /// All that was said of those of these things that several descriptions are of, by thing, the first description first.
    pub fn descriptions_of_several(&self, ids: &[i64]) -> Result<HashMap<i64, Vec<Wanted>>> {
        self.read("read what is known of things", |db| queries::same::descriptions_of_several(db, ids))
    }

    /// Which description stands in each place of each list, by the list's row.
    pub fn descriptions_on_lists(&self) -> Result<HashMap<i64, Vec<i64>>> {
        self.read("read the playlists", queries::playlists::descriptions)
    }

    /// These descriptions in the order asked: each with its own words first, its gaps filled from the others of its thing.
    pub fn as_described(&self, description_ids: &[i64]) -> Result<Vec<StoredWanted>> {
        self.read("read the wanted things", |db| queries::wanted::as_described(db, description_ids))
    }

    /// Makes one description a thing of its own, for good; whether it was part of another.
    pub fn split(&self, description_id: i64, at: i64) -> Result<bool> {
        self.write("take two things apart", |db| queries::same::split(db, description_id, at))
    }

    /// Keeps a place in mind for the next refresh.
    pub fn watch(&self, place: &Watched) -> Result<()> {
        self.write("keep a place in mind", |db| queries::watched::remember(db, place))
    }

    /// Lets a place go; whether it was kept in mind.
    pub fn unwatch(&self, path: &Path) -> Result<bool> {
        self.write("let a place go", |db| queries::watched::forget(db, path))
    }

    /// The places that a refresh looks at, in the order of their paths.
    pub fn watched(&self) -> Result<Vec<Watched>> {
        self.read("read the places to look at", queries::watched::all)
    }

    /// Deletes everything that only the account's Web API said. Lists go back to what the user's files say of them.
    pub fn forget_account(&self) -> Result<Forgotten> {
        let forgotten = self.write("forget the account", queries::forget::account)?;
        self.leave_no_trace()?;
        Ok(forgotten)
    }
}

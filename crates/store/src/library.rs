//! The library: one SQLite file in a folder of its own, shared by threads behind a lock.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use diesel::QueryResult;
use ferrotape_domain::{Decision, Noted, Progress, SpotifyUri, Wishlist};

use crate::StoreError;
use crate::model::{
    Counts, ImportOptions, ImportReceipt, ListPolicy, Listening, Said, SavedRun, StoredPlay, StoredPlaylist,
    StoredWanted,
};
use crate::sqlite::{self, Db, queries};

const FILE_NAME: &str = "library.sqlite";

pub(crate) type Result<T> = std::result::Result<T, StoreError>;

/// What the user wants, what the user has, what the user decided.
///
/// Every method is one step: it happens as a whole or, on error, not at all.
pub struct Library {
    path: PathBuf,
    db: Mutex<Db>,
    /// Whether a service may still add to what is known.
    is_asked: IsAsked,
}

/// Whether a service of this name is asked.
pub type IsAsked = Box<dyn Fn(&str) -> bool + Send + Sync>;

impl fmt::Debug for Library {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Library").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Library {
    /// Opens the library in `folder`; folder and library are made when they are not there.
    pub fn open(folder: &Path) -> Result<Self> {
        make_folder(folder)?;
        // An absolute path: SQLite would take `file:…` for an address.
        let folder = std::path::absolute(folder).map_err(|source| StoreError::io(folder, source))?;
        let path = folder.join(FILE_NAME);
        make_file(&path)?;
        let db = sqlite::open(&path)?;
        Ok(Self { path, db: Mutex::new(db), is_asked: Box::new(|_| true) })
    }

    /// A library that lives as long as this value.
    pub fn open_in_memory() -> Result<Self> {
        let path = PathBuf::from(":memory:");
        let db = sqlite::open(&path)?;
        Ok(Self { path, db: Mutex::new(db), is_asked: Box::new(|_| true) })
    }

    /// The same, which keeps of services only what those say that are asked at the moment of keeping. Who takes a service
    /// out first and has it forgotten then is left with nothing of it here, whoever asks it meanwhile; for the answers
    /// themselves [`crate::ServiceFile::forget`] sees to that.
    #[must_use]
    pub fn keeping_only(self, is_asked: IsAsked) -> Self {
        Self { is_asked, ..self }
    }

    /// The folder it lives in, where other things of its kind may be kept; `None` in memory.
    pub fn folder(&self) -> Option<&Path> {
        self.path.parent().filter(|folder| !folder.as_os_str().is_empty())
    }

    /// Records an import as one transaction. The same import again changes nothing; a shorter one deletes nothing.
    ///
    /// `progress` gets `Advanced` events of [`ferrotape_domain::Phase::Import`] only; the caller starts and ends it.
    pub fn record_import(
        &self,
        wishlist: &Wishlist,
        options: &ImportOptions,
        progress: &dyn Progress,
    ) -> Result<ImportReceipt> {
        self.write("record the import", |db| queries::imports::record(db, wishlist, options, progress))
    }

    /// What the account answered to this, and when (seconds since 1970 UTC), as long as it is kept.
    pub fn account_answer(&self, asked: &str) -> Result<Option<(i64, Vec<u8>)>> {
        self.read("read the account's answers", |db| queries::account_answers::get(db, asked))
    }

    /// Keeps an answer of the account in place of an earlier one to the same.
    pub fn keep_account_answer(&self, asked: &str, at: i64, body: &[u8]) -> Result<()> {
        self.write("keep the account's answer", |db| queries::account_answers::put(db, asked, at, body))
    }

    /// Deletes the account's answers that came before this time; how many there were.
    pub fn purge_account_answers(&self, before: i64) -> Result<usize> {
        self.write("delete the account's answers", |db| queries::account_answers::purge(db, before))
    }

    /// Writes the file anew, so that neither it nor its log holds bytes of what was deleted.
    pub fn leave_no_trace(&self) -> Result<()> {
        self.prepare(sqlite::write_anew)?;
        self.prepare(sqlite::empty_the_log)
    }

    /// Brings everything into the library's file and says what state it is in; see [`Library::mark`].
    pub fn settle(&self) -> Result<Option<String>> {
        self.prepare(sqlite::empty_the_log)?;
        Ok(self.mark())
    }

    /// Tells whether anything was written since the mark was taken, by size and time of change of the library's file.
    /// `None` in memory, and while something lies in the log beside the file.
    pub fn mark(&self) -> Option<String> {
        let log = PathBuf::from(format!("{}-wal", self.path.display()));
        let log_bytes = log.metadata().map_or(0, |found| found.len());
        let found = self.path.metadata().ok().filter(|_| log_bytes == 0)?;
        let changed = found.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
        Some(format!("{}-{}", found.len(), changed.as_nanos()))
    }

    /// Every list, in the order in which they first came.
    pub fn playlists(&self) -> Result<Vec<StoredPlaylist>> {
        self.read("read the playlists", queries::playlists::all)
    }

    /// The lists that one import carried.
    pub fn playlist_ids_of_import(&self, import_id: i64) -> Result<Vec<i64>> {
        self.read("read an import", |db| queries::playlists::of_import(db, import_id))
    }

    /// Gives a list its link; whether there is such a list.
    pub fn link_playlist(&self, playlist_id: i64, link: &SpotifyUri) -> Result<bool> {
        self.write("link the playlist", |db| queries::playlists::link(db, playlist_id, link))
    }

    /// Says which versions may stand in on a list, `None` for what holds by default; whether there is such a list.
    pub fn set_list_policy(&self, playlist_id: i64, allows: Option<ListPolicy>) -> Result<bool> {
        self.write("keep the policy", |db| queries::playlists::set_policy(db, playlist_id, allows))
    }

    /// Every wanted thing, in the order in which they first came.
    pub fn every_wanted(&self) -> Result<Vec<StoredWanted>> {
        self.read("read the wanted things", queries::wanted::all)
    }

    /// The podcasts and episodes of [`Library::every_wanted`].
    pub fn every_podcast(&self) -> Result<Vec<StoredWanted>> {
        self.read("read the wanted podcasts", queries::wanted::podcasts)
    }

    /// [`StoredWanted::id`] of all that stands in a list now; the rest was wanted once, or only heard of.
    pub fn on_lists(&self) -> Result<HashSet<i64>> {
        self.read("read what stands in lists", queries::playlists::entered)
    }

    /// Wanted things in the order asked, each once; ids that are not there are left out.
    pub fn wanted_by_ids(&self, ids: &[i64]) -> Result<Vec<StoredWanted>> {
        self.read("read the wanted things", |db| queries::wanted::by_ids(db, ids))
    }

    /// The wanted thing with this link.
    pub fn wanted_by_spotify(&self, link: &SpotifyUri) -> Result<Option<StoredWanted>> {
        self.read("read the wanted things", |db| queries::wanted::by_spotify(db, link))
    }

    /// The recordings known to be on this album, in its order; when none is, the saved album itself if it is known.
    pub fn wanted_of_release(&self, album: &SpotifyUri) -> Result<Vec<StoredWanted>> {
        self.read("read the album", |db| queries::wanted::of_release(db, album))
    }

    /// The recordings whose first artist has the name that this link was given with (followed artists).
    pub fn wanted_by_artist(&self, artist: &SpotifyUri) -> Result<Vec<StoredWanted>> {
        self.read("read the artist", |db| queries::wanted::by_artist(db, artist))
    }

    /// Plays and time per [`StoredWanted::id`]; no play counts twice although the two histories overlap.
    pub fn listening(&self) -> Result<HashMap<i64, Listening>> {
        self.read("read the listening history", queries::plays::listening)
    }

    /// Every play as it was read, by thing and time; unlike [`Library::listening`], overlapping histories stand side by
    /// side.
    pub fn plays(&self) -> Result<Vec<StoredPlay>> {
        self.read("read the listening history", queries::plays::all)
    }

    /// Every row kept on record only, by kind and name.
    pub fn noted(&self) -> Result<Vec<Noted>> {
        self.read("read what is kept on record", queries::imports::all_noted)
    }

    /// Keeps a decision; an earlier one under the same key stays on record.
    pub fn save_decision(&self, decision: &Decision) -> Result<()> {
        self.save_decisions(std::slice::from_ref(decision))
    }

    /// Keeps decisions that were made in one go and are taken back in one go.
    pub fn save_decisions(&self, said: &[Decision]) -> Result<()> {
        self.write("keep the decision", |db| queries::decisions::save(db, said))
    }

    /// The decisions in force, oldest first.
    pub fn decisions(&self) -> Result<Vec<Decision>> {
        self.read("read the decisions", queries::decisions::all)
    }

    /// Takes the last decision under this key back, so that the one before it holds again, and keeps that on record;
    /// whether there was one in force.
    pub fn take_back_decision(&self, wanted_key: &str, at: i64) -> Result<bool> {
        self.write("take back the decision", |db| queries::decisions::take_back(db, wanted_key, at))
    }

    /// Takes back what was last decided in one go; gives it back. Empty when nothing is left to take back.
    pub fn take_back_last(&self, at: i64) -> Result<Vec<Decision>> {
        self.write("take back the last decision", |db| queries::decisions::take_back_last(db, at))
    }

    /// Everything that was ever decided and taken back, by key and time.
    pub fn decision_record(&self) -> Result<Vec<Said>> {
        self.read("read the decisions", queries::decisions::record)
    }

    /// Adds the record of another library; how many lines were new. The result is the same in whatever order records
    /// are added.
    pub fn merge_decisions(&self, record: &[Said]) -> Result<usize> {
        self.write("merge the decisions", |db| queries::decisions::merge(db, record))
    }

    /// Keeps the result of a run in place of the last one to the same target.
    pub fn save_run(&self, run: &SavedRun) -> Result<()> {
        self.write("keep the report", |db| queries::runs::save(db, run))
    }

    /// Keeps what is known by now of the last run to the same target, which stays as old as it is.
    pub fn change_run(&self, run: &SavedRun) -> Result<()> {
        self.write("change the report", |db| queries::runs::change(db, run))
    }

    /// The last run to `target`, or the last of all.
    pub fn last_run(&self, target: Option<&str>) -> Result<Option<SavedRun>> {
        self.read("read the last report", |db| queries::runs::last(db, target))
    }

    /// The last run to every target, newest first.
    pub fn last_runs(&self) -> Result<Vec<SavedRun>> {
        self.read("read the last reports", queries::runs::all)
    }

    /// What is wrong with the library, as sentences; empty when all is well. Reads the whole file.
    pub fn check(&self) -> Vec<String> {
        self.read("check the library", sqlite::integrity).unwrap_or_else(|error| vec![error.to_string()])
    }

    /// How many of the account's answers are kept, and when the oldest of them came.
    pub fn account_answers_kept(&self) -> Result<(u64, Option<i64>)> {
        self.read("count the account's answers", queries::account_answers::kept)
    }

    /// How much the library holds.
    pub fn counts(&self) -> Result<Counts> {
        self.read("count the library", queries::counts::counts)
    }

    /// One view of the library for the whole of `step`, whatever other processes write meanwhile.
    pub(crate) fn read<T>(&self, doing: &str, step: impl FnOnce(&mut Db) -> QueryResult<T>) -> Result<T> {
        let mut db = self.connection()?;
        diesel::Connection::transaction(&mut *db, step)
            .map_err(|error| StoreError::of_query(doing, &self.path, error))
    }

    /// `IMMEDIATE`: takes the write lock at once; a transaction that only finds out later fails when another wrote.
    pub(crate) fn write<T>(&self, doing: &str, step: impl FnOnce(&mut Db) -> QueryResult<T>) -> Result<T> {
        let mut db = self.connection()?;
        db.immediate_transaction(step).map_err(|error| StoreError::of_query(doing, &self.path, error))
    }

    /// A step that keeps what a service says.
    pub(crate) fn write_of<T>(
        &self,
        service: &str,
        doing: &str,
        step: impl FnOnce(&mut Db) -> QueryResult<T>,
    ) -> Result<T> {
        let mut is_asked = true;
        let mut db = self.connection()?;
        let kept = db.immediate_transaction(|db| {
            is_asked = (self.is_asked)(service);
            if is_asked { step(db) } else { Err(diesel::result::Error::RollbackTransaction) }
        });
        kept.map_err(|error| match is_asked {
            true => StoreError::of_query(doing, &self.path, error),
            false => StoreError::NotAsked { service: service.to_owned() },
        })
    }

    /// A step that no transaction may be around.
    pub(crate) fn prepare(&self, step: impl FnOnce(&mut Db) -> QueryResult<()>) -> Result<()> {
        let mut db = self.connection()?;
        step(&mut db).map_err(|error| StoreError::of_query("prepare the library", &self.path, error))
    }

    fn connection(&self) -> Result<std::sync::MutexGuard<'_, Db>> {
        // A thread that died in the middle left its transaction open; writing into that would be lost silently.
        self.db.lock().map_err(|_| StoreError::Broken {
            path: self.path.clone(),
            reason: "an earlier step of this run crashed while it used the library".to_owned(),
        })
    }
}

/// Only the user may look into it: listening history is personal.
pub(crate) fn make_folder(folder: &Path) -> Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|source| StoreError::io(folder, source))
}

/// Makes an empty database for the user alone, if there is none: the folder may be one that others can read. SQLite
/// gives the files beside it the same rights.
pub(crate) fn make_file(path: &Path) -> Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(source) if source.kind() != std::io::ErrorKind::AlreadyExists => {
            Err(StoreError::io(path, source))
        }
        _ => Ok(()),
    }
}

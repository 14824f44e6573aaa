//! The library: one SQLite file in a folder of its own, shared by threads behind a lock.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use diesel::QueryResult;
use ferrotape_domain::{
    ContentId, Decision, Heard, Loudness, Noted, Offer, Part, Progress, SpotifyUri, Wishlist,
};

use crate::StoreError;
use crate::elsewhere;
use crate::model::{
    Counts, FileStamp, Former, ImportOptions, ImportReceipt, KnownFile, ListPolicy, Listening, Said,
    SavedRun, ScannedFile, SheetDoubt, StoredPlay, StoredPlaylist, StoredWanted,
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

    /// Every file ever scanned, in the order of their paths.
    pub fn known_files(&self) -> Result<Vec<KnownFile>> {
        self.read("read the scanned files", queries::files::known)
    }

    /// Records what was found, by path; these files are there.
    pub fn record_scanned(&self, batch: &[ScannedFile]) -> Result<()> {
        self.write("record the scanned files", |db| queries::files::record(db, batch))
    }

    /// Sets a file aside that cannot be decoded, until it is another one.
    pub fn record_broken(&self, path: &Path, reason: &str) -> Result<()> {
        self.write("record a broken file", |db| queries::files::break_file(db, path, reason))
    }

    /// Sets one part of a file aside, until the file is looked at anew.
    pub fn record_broken_part(&self, path: &Path, part: &Part, reason: &str) -> Result<()> {
        self.write("record a broken file", |db| queries::files::break_part(db, path, part, reason))
    }

    /// How the file at `path` was when it was last looked at, and the sum of all its bytes as it was kept by
    /// [`Library::record_whole`]; empty where it was not.
    pub fn stamp(&self, path: &Path) -> Result<Option<(FileStamp, String)>> {
        self.read("look for a file", |db| queries::files::stamp(db, path))
    }

    /// Records a known file's new place. Its row, and with it its id, stays.
    pub fn record_moved(&self, file_id: i64, new_path: &Path, stamp: &FileStamp) -> Result<()> {
        self.write("record a moved file", |db| queries::files::moved(db, file_id, new_path, stamp))
    }

    /// Keeps [`FileStamp::changed_ns`] of files, by row, that are known without it.
    pub fn record_changed(&self, changed: &[(i64, i64)]) -> Result<()> {
        self.write("record the files' times", |db| queries::files::record_changed(db, changed))
    }

    /// Keeps the sum of all bytes of a file of which something was made, if it has none: what the same content id has
    /// and is changed later is compared with it.
    pub fn record_whole(&self, path: &Path, whole: &str) -> Result<()> {
        self.write("record a file's sum", |db| queries::files::record_whole(db, path, whole))
    }

    /// Marks files as gone. Recording them again takes the mark away.
    pub fn mark_missing(&self, file_ids: &[i64]) -> Result<()> {
        self.write("mark missing files", |db| queries::files::mark_missing(db, file_ids))
    }

    /// Keeps that files are gone for good, as the user says. Recording them again takes that away.
    pub fn mark_gone_for_good(&self, file_ids: &[i64]) -> Result<()> {
        self.write("keep which files are gone", |db| queries::files::mark_gone_for_good(db, file_ids))
    }

    /// The files that are gone for good.
    pub fn gone_for_good(&self) -> Result<HashSet<i64>> {
        self.read("read which files are gone", queries::files::gone_for_good)
    }

    /// Files that could be read and are gone, in the order of their paths.
    pub fn gone_offers(&self) -> Result<Vec<Offer>> {
        self.read("read the files that are gone", |db| {
            let offers = queries::files::gone_offers(db)?;
            elsewhere::with_said(db, offers)
        })
    }

    /// Files that are there and can be read, below `roots` (all when empty), in the order of their paths.
    pub fn offers(&self, roots: &[PathBuf]) -> Result<Vec<Offer>> {
        self.read("read the files", |db| {
            let offers = queries::files::offers(db, roots)?;
            elsewhere::with_said(db, offers)
        })
    }

    /// How many [`Library::offers`] there are.
    pub fn count_offers(&self, roots: &[PathBuf]) -> Result<u64> {
        self.read("count the files", |db| queries::files::count_offers(db, roots))
    }

    /// What would be among the [`Library::offers`] if it were not broken, and how it is.
    pub fn broken_offers(&self, roots: &[PathBuf]) -> Result<Vec<(Offer, String)>> {
        self.read("read the broken files", |db| {
            let (offers, reasons): (Vec<Offer>, Vec<String>) =
                queries::files::broken_offers(db, roots)?.into_iter().unzip();
            Ok(elsewhere::with_said(db, offers)?.into_iter().zip(reasons).collect())
        })
    }

    /// Files that are there and cannot be read: path, kind of trouble, reason.
    pub fn unreadable_files(&self, roots: &[PathBuf]) -> Result<Vec<(PathBuf, String, String)>> {
        self.read("read the unreadable files", |db| queries::files::unreadable(db, roots))
    }

    /// Files that are there, and of which no cue sheet counts because they contradict each other.
    pub fn doubted_sheets(&self, roots: &[PathBuf]) -> Result<Vec<(PathBuf, SheetDoubt)>> {
        self.read("read what cue sheets say", |db| queries::files::doubted(db, roots))
    }

    /// A readable file by its row, also when it is missing now.
    pub fn offer_by_id(&self, file_id: i64) -> Result<Option<Offer>> {
        self.read("read a file", |db| {
            let offer = queries::files::by_id(db, file_id)?;
            Ok(elsewhere::with_said(db, offer.into_iter().collect())?.pop())
        })
    }

    /// The readable file at this place, or its parts.
    pub fn files_at(&self, path: &Path) -> Result<Vec<Offer>> {
        self.read("read a file", |db| {
            let offers = queries::files::by_path(db, path)?;
            elsewhere::with_said(db, offers)
        })
    }

    /// The readable files that are there with this content; of one of several things that equal bytes are, those that are it.
    pub fn files_by_content(&self, content: &ContentId) -> Result<Vec<Offer>> {
        self.read("read a file", |db| {
            if !content.is_another() {
                let offers = queries::files::by_content(db, content)?;
                return elsewhere::with_said(db, offers);
            }
            let bytes = ContentId(content.bytes().to_owned());
            let offers = queries::files::by_content(db, &bytes)?;
            let mut offers = elsewhere::with_said(db, offers)?;
            offers.retain(|offer| offer.content == *content);
            Ok(offers)
        })
    }

    /// Where files with these contents lie, as far as the last scans know.
    pub fn places_of(&self, contents: &[ContentId]) -> Result<HashMap<ContentId, Vec<PathBuf>>> {
        self.read("look for files", |db| queries::files::places(db, contents))
    }

    /// Where these contents lay once and others were found later.
    pub fn former_contents(&self, contents: &[ContentId]) -> Result<Vec<Former>> {
        self.read("read the files' former contents", |db| queries::former::of_contents(db, contents))
    }

    /// What was heard of these contents by the listening of this version, as far as it is known.
    pub fn heard(&self, contents: &[ContentId], version: u32) -> Result<HashMap<ContentId, Heard>> {
        let version = i64::from(version);
        self.read("read what was heard", |db| queries::heard::of_contents(db, contents, version))
    }

    /// Keeps what the listening of this version heard; what an earlier version heard of the same contents goes.
    pub fn record_heard(&self, batch: &HashMap<ContentId, Heard>, version: u32) -> Result<()> {
        self.write("keep what was heard", |db| queries::heard::record(db, batch, i64::from(version)))
    }

    /// How loud these contents are by the meter of this version, as far as it is known.
    pub fn loudness(&self, contents: &[ContentId], version: u32) -> Result<HashMap<ContentId, Loudness>> {
        let version = i64::from(version);
        self.read("read what was measured", |db| queries::loudness::of_contents(db, contents, version))
    }

    /// Keeps what the meter of this version measured; what an earlier version measured of the same contents goes.
    pub fn record_loudness(&self, measured: &[(ContentId, Loudness)], version: u32) -> Result<()> {
        let version = i64::from(version);
        self.write("keep what was measured", |db| queries::loudness::record(db, measured, version))
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

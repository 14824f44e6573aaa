//! What is remembered of services, in a file of its own beside the library.
//!
//! Apart from the library, because it may be deleted, and because other processes write to it while one holds the
//! library.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use diesel::QueryResult;
use ferrotape_domain::{Fault, FaultKind, Hold, Incident, KeptAnswer, ServiceMemory, Standing};

use crate::StoreError;
use crate::holds::Holds;
use crate::library::{make_file, make_folder};
use crate::sqlite::{self, Db, queries::service_memory as queries};

const FILE_NAME: &str = "services.sqlite";
/// The folder of what processes hold, beside it.
const HOLDS: &str = "turns";
const NAME: &str = "what is known of services";
/// All answers together are kept to this.
const MOST_ANSWER_BYTES: i64 = 512 << 20;
/// So many answers go at once when they are too many, and it is looked after so many were kept.
const DROPPED_AT_ONCE: i64 = 200;

/// The file. Every method is one step.
pub struct ServiceFile {
    path: PathBuf,
    db: Mutex<Db>,
    kept: std::sync::atomic::AtomicU32,
    /// How often each service was forgotten when this was opened, or by this since.
    forgotten: Mutex<HashMap<String, String>>,
    /// `None` in memory, where no other process can be.
    holds: Option<Arc<Holds>>,
}

impl std::fmt::Debug for ServiceFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ServiceFile").field("path", &self.path).finish_non_exhaustive()
    }
}

impl ServiceFile {
    /// Opens it in the library's folder; makes it when it is not there.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        make_folder(folder)?;
        let folder = std::path::absolute(folder).map_err(|source| StoreError::io(folder, source))?;
        let path = folder.join(FILE_NAME);
        make_file(&path)?;
        Self::at(path, Some(Holds::below(folder.join(HOLDS))))
    }

    fn at(path: PathBuf, holds: Option<Arc<Holds>>) -> Result<Self, StoreError> {
        let mut db = sqlite::open_services(&path)?;
        let forgotten = queries::forgotten(&mut db)
            .map_err(|error| StoreError::of_query("open what is known of services", &path, error))?;
        Ok(Self { path, db: Mutex::new(db), kept: 0.into(), forgotten: Mutex::new(forgotten), holds })
    }

    /// Puts a file that cannot be used out of the way, beside its place. What fails here shows when it is opened again.
    pub fn put_aside(folder: &Path) {
        let path = folder.join(FILE_NAME);
        drop(std::fs::rename(&path, folder.join(format!("{FILE_NAME}.damaged"))));
        for ending in ["-wal", "-shm"] {
            drop(std::fs::remove_file(folder.join(format!("{FILE_NAME}{ending}"))));
        }
    }

    /// One that lives as long as this value.
    pub fn open_in_memory() -> Result<Self, StoreError> {
        Self::at(PathBuf::from(":memory:"), None)
    }

    /// Lets every line be asked again at once; how many were resting.
    pub fn ask_again(&self) -> Result<usize, Fault> {
        self.write(queries::ask_again)
    }

    /// Forgets how a line and its parts stood, what they answered, and its notes whose names begin so; when they were down
    /// stays known. What others that opened the file before bring of it from then on is not kept: they may ask it still.
    pub fn forget(&self, line: &str, now_ms: i64, notes: &[&str]) -> Result<(), Fault> {
        let times = self.write(|db| queries::forget(db, line, now_ms, notes))?;
        self.forgotten().insert(line.to_owned(), times);
        Ok(())
    }

    /// A step that keeps what a service says, unless that was forgotten meanwhile.
    fn write_of(&self, line: &str, step: impl FnOnce(&mut Db) -> QueryResult<()>) -> Result<(), Fault> {
        self.write(|db| {
            let is_forgotten = queries::is_forgotten(db, line, &self.forgotten())?;
            if is_forgotten { Ok(()) } else { step(db) }
        })
    }

    fn forgotten(&self) -> MutexGuard<'_, HashMap<String, String>> {
        self.forgotten.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets every line's notes whose names begin so; how many there were.
    pub fn drop_notes(&self, begin: &str) -> Result<usize, Fault> {
        self.write(|db| queries::drop_notes(db, begin))
    }

    /// Forgets where parts of a service, such as hosts, said that there is no such thing; how often that was. They are asked
    /// again then.
    pub fn drop_none(&self, service: &str) -> Result<usize, Fault> {
        self.write(|db| queries::drop_none(db, service))
    }

    fn db(&self) -> MutexGuard<'_, Db> {
        self.db.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read<T>(&self, step: impl FnOnce(&mut Db) -> QueryResult<T>) -> Result<T, Fault> {
        step(&mut self.db()).map_err(|error| self.fault(&error))
    }

    fn write<T>(&self, step: impl FnOnce(&mut Db) -> QueryResult<T>) -> Result<T, Fault> {
        self.db().immediate_transaction(step).map_err(|error| self.fault(&error))
    }

    fn fault(&self, error: &diesel::result::Error) -> Fault {
        let reason = format!("{error}; if this stays, delete {} – it is made anew", self.path.display());
        Fault { source: NAME.to_owned(), kind: FaultKind::Permanent, reason }
    }
}

impl ServiceMemory for ServiceFile {
    fn take_turn(&self, line: &str, now_ms: i64, gap_ms: i64) -> Result<i64, Fault> {
        self.write(|db| queries::take_turn(db, line, now_ms, gap_ms))
    }

    fn hold(&self, line: &str, name: &str) -> Result<Option<Hold>, Fault> {
        let Some(holds) = &self.holds else { return Ok(Some(Box::new(()))) };
        holds.hold(line, name).map_err(|error| {
            let reason = error.to_string();
            Fault { source: NAME.to_owned(), kind: FaultKind::Permanent, reason }
        })
    }

    fn standing(&self, line: &str) -> Result<Option<Standing>, Fault> {
        self.read(|db| queries::standing(db, line))
    }

    fn standings(&self) -> Result<Vec<Standing>, Fault> {
        self.read(queries::standings)
    }

    fn went_well(&self, line: &str, now_ms: i64) -> Result<(), Fault> {
        self.write(|db| queries::went_well(db, line, now_ms))
    }

    fn went_wrong(&self, line: &str, now_ms: i64, not_before: i64, reason: &str) -> Result<(), Fault> {
        self.write(|db| queries::went_wrong(db, line, (now_ms, not_before), reason))
    }

    fn incidents(&self, most: usize) -> Result<Vec<Incident>, Fault> {
        self.read(|db| queries::newest_incidents(db, i64::try_from(most).unwrap_or(i64::MAX)))
    }

    fn answer(&self, key: &str) -> Result<Option<KeptAnswer>, Fault> {
        self.read(|db| queries::answer(db, key))
    }

    fn keep(&self, line: &str, key: &str, answer: &KeptAnswer) -> Result<(), Fault> {
        let kept = self.kept.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let look = i64::from(kept) % DROPPED_AT_ONCE == 0;
        self.write_of(line, |db| {
            queries::keep(db, line, key, answer)?;
            while look && queries::answer_bytes(db)? > MOST_ANSWER_BYTES {
                queries::drop_oldest(db, DROPPED_AT_ONCE)?;
            }
            Ok(())
        })
    }

    fn note(&self, line: &str, name: &str) -> Result<Option<String>, Fault> {
        self.read(|db| queries::note(db, line, name))
    }

    fn keep_note(&self, line: &str, name: &str, value: &str) -> Result<(), Fault> {
        self.write_of(line, |db| queries::keep_note(db, line, name, value))
    }
}

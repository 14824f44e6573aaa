//! SQLite: the library, decisions, scanned files, migrations.
//!
//! [`Library`] is the only way in; [`lock`] keeps two writers apart. Below it `queries` holds every query, one file
//! per concern, in diesel's typed language and with types that SQLite and PostgreSQL share; `sqlite` holds all that
//! is SQLite's alone (opening, pragmas, migrations, integrity). docs/decisions/0002 tells why.
//!
//! Nothing is ever deleted because an input no longer had it: lists keep every earlier state, files are marked
//! missing, decisions superseded.

mod elsewhere;
mod error;
mod history;
mod holds;
mod identity;
mod json;
mod json_elsewhere;
mod json_entries;
mod json_heard;
mod json_more;
mod json_parts;
mod library;
mod lock;
mod model;
mod model_of_files;
mod model_over_time;
#[cfg(feature = "postgres-typecheck")]
mod postgres;
mod registers;
mod scanned;
mod schema;
mod service_memory;
mod sqlite;
mod versions;

pub use elsewhere::{DOUBTED, FeedsNow};
pub use error::StoreError;
pub use library::{IsAsked, Library};
pub use lock::{LibraryLock, lock, try_lock};
pub use model::{
    Counts, Description, FileStamp, Forgotten, Former, Found, ImportOptions, ImportReceipt, KeptBack,
    KnownFile, ListDiff, ListPolicy, ListVersion, ListedTracks, Listening, MergeReason, MissingList, Origin,
    PlaylistChange, Removal, RemovalCause, Said, SavedList, SavedRun, SavedWait, ScannedFile, ScannedPart,
    SheetDoubt, Snapshot, StoredEntry, StoredFact, StoredPlay, StoredPlaylist, StoredWanted, Watched,
    WatchedKind, Word,
};
pub use service_memory::ServiceFile;

//! The ports: what the engine needs from outside, as small traits.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::Fault;

/// A file that a source lists, before anyone has opened it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedFile {
    /// Where it is.
    pub path: PathBuf,
    /// Size in bytes.
    pub size: u64,
    /// Last change, nanoseconds since 1970.
    pub modified_ns: i64,
    /// Last change of the file's entry (ctime), nanoseconds since 1970, which nobody sets back as they may the time above;
    /// 0 where it is not known.
    pub changed_ns: i64,
}

/// What a listing could not look into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unlisted {
    /// The folder or file.
    pub path: PathBuf,
    /// Why.
    pub reason: String,
}

/// One thing a listing found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listing {
    /// A file that may hold audio.
    File(ListedFile),
    /// A file that is no audio by its name, but may go with some: a picture, lyrics.
    Beside(ListedFile),
    /// A place that could not be read.
    Unreadable(Unlisted),
}

/// A place that audio comes from.
pub trait AudioSource: Send + Sync {
    /// Its name in messages, e.g. the folder's path.
    fn name(&self) -> String;

    /// The root that its files' paths begin with; tells which known files a complete listing may mark as gone.
    fn root(&self) -> PathBuf;

    /// Lists every file, in no set order, from several threads at once. `Err` means nothing can be said about
    /// the source as a whole: files known from before are then kept, not marked as gone.
    fn list(&self, cancel: &Cancel, found: &(dyn Fn(Listing) + Sync)) -> Result<(), Fault>;
}

/// What a link alone can tell, asked over the network where the user allows it.
pub trait LinkLookup: Sync {
    /// Where a short link leads.
    fn follow(&self, short: &str) -> Result<String, Fault>;

    /// The title of what a link names, and nothing else; `None` where there is no such thing.
    fn title(&self, address: &str) -> Result<Option<String>, Fault>;
}

/// Tells long work to stop at its next safe point. Clones share one flag.
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Asks everyone to stop.
    pub fn stop(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Whether someone asked to stop.
    pub fn is_stopped(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// A long step of the work, for progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are the steps'")]
pub enum Phase {
    Pull,
    Import,
    List,
    Scan,
    Ask,
    Rip,
    Fetch,
    Match,
    Listen,
    Convert,
    Copy,
    Verify,
}

impl Phase {
    /// A stable word for `--json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pull => "pull",
            Self::Import => "import",
            Self::List => "list",
            Self::Scan => "scan",
            Self::Ask => "ask",
            Self::Rip => "rip",
            Self::Fetch => "fetch",
            Self::Match => "match",
            Self::Listen => "listen",
            Self::Convert => "convert",
            Self::Copy => "copy",
            Self::Verify => "verify",
        }
    }
}

/// What happens during long work.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A step begins; `total` counts its pieces when known (files, recordings).
    Started {
        /// Which step.
        phase: Phase,
        /// How many pieces, when known.
        total: Option<u64>,
    },
    /// `by` more pieces are done; `bytes` more were read or written.
    Advanced {
        /// Which step.
        phase: Phase,
        /// Pieces done since the last event.
        by: u64,
        /// Bytes done since the last event.
        bytes: u64,
    },
    /// The step ended.
    Finished {
        /// Which step.
        phase: Phase,
    },
    /// Something the user should know that stopped nothing.
    Warning {
        /// What it is about: a file, an entry.
        subject: String,
        /// What happened and what to do.
        says: String,
    },
}

/// Where events go: a terminal, NDJSON, or nowhere.
pub trait Progress: Sync {
    /// Takes one event; called from many threads.
    fn event(&self, event: Event);
}

/// Progress for nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn event(&self, _event: Event) {}
}

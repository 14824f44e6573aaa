//! What the library takes and gives of scanned files.

use std::path::PathBuf;

use ferrotape_domain::{AudioFacts, ContentId, Part, TagSet};

/// A scanned file, as much of it as tells whether to open it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownFile {
    /// Row; stable for the life of the library, also when the file moves.
    pub file_id: i64,
    /// Where it is, or was.
    pub path: PathBuf,
    /// Size in bytes.
    pub size: u64,
    /// Last change, nanoseconds since 1970.
    pub modified_ns: i64,
    /// [`FileStamp::changed_ns`].
    pub changed_ns: i64,
    /// Whether the last listing no longer showed it.
    pub missing: bool,
    /// Identity of its bytes, when it could be read.
    pub content: Option<ContentId>,
    /// Whether it is audio that can be read.
    pub readable: bool,
    /// Identity of its cover picture, empty when there is none.
    pub cover: String,
    /// [`ScannedFile::sheets`].
    pub sheets: i64,
    /// [`ScannedFile::whole`].
    pub whole: String,
}

impl KnownFile {
    /// How it was when it was looked at.
    pub fn stamp(&self) -> FileStamp {
        FileStamp { size: self.size, modified_ns: self.modified_ns, changed_ns: self.changed_ns }
    }
}

/// What tells, without opening a file, whether it is as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileStamp {
    /// Size in bytes.
    pub size: u64,
    /// Last change, nanoseconds since 1970.
    pub modified_ns: i64,
    /// Last change of the file's entry (ctime), nanoseconds since 1970, which nobody sets back; 0 where it is not known.
    pub changed_ns: i64,
}

impl FileStamp {
    /// Whether the file was the same then, as far as can be told without opening it.
    pub fn agrees_with(&self, then: &Self) -> bool {
        let is_told = self.changed_ns != 0 && then.changed_ns != 0;
        (self.size, self.modified_ns) == (then.size, then.modified_ns)
            && (!is_told || self.changed_ns == then.changed_ns)
    }
}

/// Bytes that lay at a path once, where others were found later.
#[derive(Debug, Clone, PartialEq)]
pub struct Former {
    /// Identity of the bytes.
    pub content: ContentId,
    /// Where they lay.
    pub path: PathBuf,
    /// What they were.
    pub facts: AudioFacts,
}

/// A file that was just opened.
#[derive(Debug, Clone, PartialEq)]
pub struct ScannedFile {
    /// Where it is.
    pub path: PathBuf,
    /// Size in bytes.
    pub size: u64,
    /// Last change, nanoseconds since 1970.
    pub modified_ns: i64,
    /// [`FileStamp::changed_ns`].
    pub changed_ns: i64,
    /// A sum of all its bytes, where it was taken ([`Library::record_whole`](crate::Library::record_whole)); empty
    /// otherwise.
    pub whole: String,
    /// Stamp of the cue sheets beside it, which changes when they do; 0 where there is none.
    pub sheets: i64,
    /// What it holds.
    pub found: Found,
}

/// A part of a file that is a recording of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct ScannedPart {
    /// Which stretch.
    pub part: Part,
    /// What is said of it.
    pub tags: TagSet,
}

/// That cue sheets of a file contradict each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetDoubt {
    /// How, for people.
    pub why: String,
    /// What they call its album and its tracks, and who plays each; empty where they do not say.
    pub names: Vec<(String, String)>,
}

/// What a scanned file holds.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every scanned file is audio, and batches are short-lived"
)]
pub enum Found {
    /// Audio.
    Audio {
        /// Identity of its bytes.
        content: ContentId,
        /// What it is.
        facts: AudioFacts,
        /// What its tags say.
        tags: TagSet,
        /// Identity of its cover picture, empty when there is none.
        cover: String,
        /// The recordings in it, where it is more than one; it is none itself then.
        parts: Vec<ScannedPart>,
        /// Where cue sheets of it contradict each other, so that none of them counts.
        doubt: Option<SheetDoubt>,
    },
    /// Nothing that can be read.
    Unreadable {
        /// A stable word other than `audio`: `broken`, `not_readable_yet`, `io`, `not_audio`.
        kind: String,
        /// Why, for people.
        reason: String,
    },
}

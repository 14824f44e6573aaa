//! What the library gives and takes of its own past: snapshots, states of lists, descriptions, places to look at again.

use std::path::PathBuf;

use ferrotape_domain::{PlaySource, Wanted};

use crate::model::{Origin, StoredEntry};

/// A place that was read before and is looked at again by a refresh.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched {
    /// Where.
    pub path: PathBuf,
    /// What is there.
    pub kind: WatchedKind,
    /// Changes when what is there does; empty for music, which a scan looks at file by file.
    pub stamp: String,
    /// When it was last read, seconds since 1970 UTC.
    pub at: i64,
    /// What an input's bytes are, as a hash; empty where that is not known.
    pub content: String,
    /// The import that took these bytes in first; 0 where that is not known.
    pub import_id: i64,
}

/// What a watched place holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WatchedKind {
    /// A file or folder to import.
    Input,
    /// A folder of music to scan.
    Music,
    /// A folder that people drop music into.
    Inbox,
    /// What lay in an inbox and was looked at; told only by the inbox.
    Drop,
}

impl WatchedKind {
    /// A stable word for the library's file and `--json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Music => "music",
            Self::Inbox => "inbox",
            Self::Drop => "drop",
        }
    }

    /// The kind a stable word names.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Input, Self::Music, Self::Inbox, Self::Drop].into_iter().find(|kind| kind.as_str() == word)
    }
}

/// What went with an account.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Wanted things that nothing but the account described.
    pub wanted: u64,
    /// Lists that nothing but the account had.
    pub lists: u64,
    /// Noted rows.
    pub noted: u64,
}

/// One import, restored list or pull of the account: the library as it was after it can be shown again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// Its number.
    pub import_id: i64,
    /// What was imported, for people.
    pub label: String,
    /// When, seconds since 1970 UTC.
    pub at: i64,
    /// Where it came from.
    pub origin: Origin,
    /// The lists it changed.
    pub changes: Vec<ListVersion>,
}

/// One state of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListVersion {
    /// Row.
    pub version_id: i64,
    /// The list.
    pub playlist_id: i64,
    /// The snapshot that made it.
    pub import_id: i64,
    /// The list's name then.
    pub name: String,
    /// Entries it had.
    pub entries: u64,
    /// Entries that came.
    pub added: u64,
    /// Entries that went.
    pub removed: u64,
}

/// What differs between two states of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListDiff {
    /// Entries that came, in their order.
    pub added: Vec<StoredEntry>,
    /// Entries that went, in their order.
    pub removed: Vec<Removal>,
    /// Whether what stayed stands in another order.
    pub reordered: bool,
}

/// An entry that left a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removal {
    /// [`crate::StoredWanted::id`].
    pub wanted_id: i64,
    /// Why.
    pub cause: RemovalCause,
}

/// Why an entry left a list, as far as it can be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RemovalCause {
    /// The input no longer has it. Inputs do not say who took it away: its owner, or Spotify.
    NotInSource,
    /// At its place the input has an entry without name or link: Spotify no longer names it.
    Unnamed,
    /// The same recording stands at its place under another link.
    Relinked {
        /// [`crate::StoredWanted::id`] of what took its place.
        to: i64,
    },
    /// The user restored an earlier state.
    Restored,
    /// The user took the whole list out.
    Dropped,
}

impl RemovalCause {
    /// A stable word for the library's file and `--json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotInSource => "not_in_source",
            Self::Unnamed => "unnamed",
            Self::Relinked { .. } => "relinked",
            Self::Restored => "restored",
            Self::Dropped => "dropped",
        }
    }
}

/// One description of a wanted thing; together they are it.
#[derive(Debug, Clone, PartialEq)]
pub struct Description {
    /// Its row. The first one's is [`crate::StoredWanted::id`].
    pub id: i64,
    /// Where it came from.
    pub origin: Origin,
    /// What it says.
    pub wanted: Wanted,
    /// Why it is taken for the same thing; `None` for the first.
    pub reason: Option<MergeReason>,
}

/// Why two descriptions are taken for one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MergeReason {
    /// One link.
    SameLink,
    /// Same kind, artist, title and album, and only one of them has a link.
    SameWords,
    /// One ISRC, and names and playing time agree.
    SameIsrc,
    /// One MusicBrainz recording.
    SameMbid,
    /// One podcast feed.
    SameFeed,
}

impl MergeReason {
    /// Every reason.
    pub const ALL: [Self; 5] =
        [Self::SameLink, Self::SameWords, Self::SameIsrc, Self::SameMbid, Self::SameFeed];

    /// A stable word for the library's file and `--json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SameLink => "same_link",
            Self::SameWords => "same_words",
            Self::SameIsrc => "same_isrc",
            Self::SameMbid => "same_mbid",
            Self::SameFeed => "same_feed",
        }
    }

    /// The reason a stable word names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == word)
    }
}

/// One play as a history told it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredPlay {
    /// [`crate::StoredWanted::id`].
    pub wanted_id: i64,
    /// [`ferrotape_domain::Play::ended_at`].
    pub ended_at: i64,
    /// For how long it played, in milliseconds.
    pub played_ms: u32,
    /// Which history told it.
    pub source: PlaySource,
}

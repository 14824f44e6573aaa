//! What the library takes and gives: plain values, no rows.

use std::path::PathBuf;

use ferrotape_domain::{
    AudioFacts, ContentId, Outcome, Part, PlaySource, PlaylistKind, SpotifyUri, TagSet, Verdict, Wanted,
};

/// Where an import came from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Origin {
    /// A file of the user's: theirs, and kept for ever.
    #[default]
    Input,
    /// The connected account's Web API: forgotten when the account is disconnected, but for what files say, too.
    Account,
    /// What the user did to the library: a list restored.
    User,
}

impl Origin {
    /// The word at rows that only the account had described before it was forgotten.
    pub(crate) const FORGOTTEN: &'static str = "forgotten";

    /// A stable word for the library's file and `--json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Account => "account",
            Self::User => "user",
        }
    }

    /// The origin a stable word names.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Input, Self::Account, Self::User].into_iter().find(|origin| origin.as_str() == word)
    }
}

/// How one import is to be recorded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportOptions {
    /// Where it came from.
    pub origin: Origin,
    /// What was imported, for people: a file name.
    pub label: String,
    /// When, seconds since 1970 UTC.
    pub at: i64,
    /// Take over lists that came back empty or less than half as long, too.
    pub accept_shrink: bool,
}

/// What one import changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportReceipt {
    /// Row of this import, for [`crate::Library::playlist_ids_of_import`].
    pub import_id: i64,
    /// Wanted things that were not in the library before.
    pub wanted_new: u64,
    /// Wanted things that were.
    pub wanted_known: u64,
    /// One per list of the import, in its order.
    pub playlists: Vec<PlaylistChange>,
    /// Plays that were not in the library before.
    pub plays_new: u64,
    /// Noted rows that were not in the library before.
    pub noted_new: u64,
    /// Whether the library is as it was before.
    pub unchanged: bool,
}

/// What one import did to one list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaylistChange {
    /// The list.
    pub playlist_id: i64,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: PlaylistKind,
    /// Entries it has now.
    pub entries: u64,
    /// Entries that came.
    pub added: u64,
    /// Entries that went; kept on record.
    pub removed: u64,
    /// Why the list was left as it was although the import had a much shorter one.
    pub kept_back: Option<String>,
}

/// A wanted thing of the library.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredWanted {
    /// Row; stable for the life of the library.
    pub id: i64,
    /// Its link, else its name key. Decisions are kept under this.
    pub key: String,
    /// Keys it had before; decisions may stand under these.
    pub aliases: Vec<String>,
    /// What all imports together say about it.
    pub wanted: Wanted,
}

/// A list of the library as the newest import that had it left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPlaylist {
    /// Row; stable for the life of the library.
    pub id: i64,
    /// Stable identity, fit to be kept outside of the library.
    pub key: String,
    /// What it is.
    pub kind: PlaylistKind,
    /// Its name.
    pub name: String,
    /// Its link, when known.
    pub spotify: Option<SpotifyUri>,
    /// Which versions may stand in on it; `None` where the user said nothing.
    pub allows: Option<ListPolicy>,
    /// Its entries in order, duplicates kept.
    pub entries: Vec<StoredEntry>,
}

/// Which versions may stand in on one list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListPolicy {
    /// A remaster.
    pub remaster: bool,
    /// Another edition of the same performance.
    pub edition: bool,
    /// A live recording.
    pub live: bool,
    /// Never a version marked clean.
    pub never_clean: bool,
}

/// One line of the record of decisions.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// Link or name key of the wanted thing.
    pub wanted_key: String,
    /// How a person would name it.
    pub label: String,
    /// When, seconds since 1970 UTC; the lines of one key are ordered by it.
    pub at: i64,
    /// What was said.
    pub word: Word,
}

/// What one line of the record says.
#[derive(Debug, Clone, PartialEq)]
pub enum Word {
    /// A decision.
    Said(Verdict),
    /// That the decision of that time does not hold any more.
    TakenBack {
        /// [`Said::at`] of the decision.
        said_at: i64,
    },
}

/// One entry of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEntry {
    /// [`StoredWanted::id`].
    pub wanted_id: i64,
    /// When the user added it, as given.
    pub added: Option<String>,
}

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
}

/// What a watched place holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WatchedKind {
    /// A file or folder to import.
    Input,
    /// A folder of music to scan.
    Music,
}

impl WatchedKind {
    /// A stable word for the library's file and `--json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Music => "music",
        }
    }

    /// The kind a stable word names.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Input, Self::Music].into_iter().find(|kind| kind.as_str() == word)
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
    /// [`StoredWanted::id`].
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
        /// [`StoredWanted::id`] of what took its place.
        to: i64,
    },
    /// The user restored an earlier state.
    Restored,
}

impl RemovalCause {
    /// A stable word for the library's file and `--json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotInSource => "not_in_source",
            Self::Unnamed => "unnamed",
            Self::Relinked { .. } => "relinked",
            Self::Restored => "restored",
        }
    }
}

/// One description of a wanted thing; together they are it.
#[derive(Debug, Clone, PartialEq)]
pub struct Description {
    /// Its row. The first one's is [`StoredWanted::id`].
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
    /// [`StoredWanted::id`].
    pub wanted_id: i64,
    /// [`ferrotape_domain::Play::ended_at`].
    pub ended_at: i64,
    /// For how long it played, in milliseconds.
    pub played_ms: u32,
    /// Which history told it.
    pub source: PlaySource,
}

/// How much one wanted thing was listened to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Listening {
    /// How often.
    pub plays: u64,
    /// For how long altogether, in milliseconds. Where a history only says when, the whole recording counts.
    pub played_ms: u64,
    /// The first play, seconds since 1970 UTC.
    pub first: Option<i64>,
    /// The last one.
    pub last: Option<i64>,
}

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
    },
    /// Nothing that can be read.
    Unreadable {
        /// A stable word other than `audio`: `broken`, `not_readable_yet`, `io`, `not_audio`.
        kind: String,
        /// Why, for people.
        reason: String,
    },
}

/// A list of a run. Links make lists too, so it need not be a playlist of the library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedList {
    /// Its identity.
    pub key: String,
    /// Its name.
    pub name: String,
    /// [`StoredWanted::id`] of its entries in order, duplicates kept.
    pub entries: Vec<i64>,
}

/// The result of the last run to one target, for a report without running again.
#[derive(Debug, Clone, PartialEq)]
pub struct SavedRun {
    /// Where to: the target's name or path.
    pub target: String,
    /// When, seconds since 1970 UTC.
    pub at: i64,
    /// [`StoredWanted::id`] and how it ended.
    pub rows: Vec<(i64, Outcome)>,
    /// The lists it was about, as they were then.
    pub lists: Vec<SavedList>,
}

/// How much the library holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Wanted things.
    pub wanted: u64,
    /// Lists.
    pub playlists: u64,
    /// Current entries of lists.
    pub entries: u64,
    /// Plays.
    pub plays: u64,
    /// Rows kept on record only.
    pub noted: u64,
    /// Scanned files, the missing and the unreadable included.
    pub files: u64,
    /// Files that are gone.
    pub missing: u64,
    /// Files that are there and cannot be read.
    pub unreadable: u64,
    /// Decisions in force.
    pub decisions: u64,
}

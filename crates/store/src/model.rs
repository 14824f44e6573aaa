//! What the library takes and gives: plain values, no rows.

use std::collections::BTreeSet;

pub use crate::model_of_files::{FileStamp, Former, Found, KnownFile, ScannedFile, ScannedPart, SheetDoubt};
pub use crate::model_over_time::{
    Description, Forgotten, ListDiff, ListVersion, MergeReason, Removal, RemovalCause, Snapshot, StoredPlay,
    Watched, WatchedKind,
};

use ferrotape_domain::{Fact, KnownBy, Outcome, PlaylistKind, SpotifyUri, Verdict, Wanted};

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
    /// What the input's bytes are, as a hash: bytes that were imported before change no list that changed since. Empty
    /// where that is not known.
    pub content: String,
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
    /// Lists that an earlier import of these lists carried, too, and this one does not; they stay.
    pub missing: Vec<MissingList>,
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
    /// What commands call it: its name, or `list 7` where other lists bear that name, too.
    pub call: String,
    /// What it is.
    pub kind: PlaylistKind,
    /// Entries it has now.
    pub entries: u64,
    /// Entries that came.
    pub added: u64,
    /// Entries that went; kept on record.
    pub removed: u64,
    /// Why the list was left as it was although the import has it otherwise.
    pub kept_back: Option<KeptBack>,
    /// The import is known to miss rows, so nothing was taken out.
    pub incomplete: bool,
}

/// Why an import did not change a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptBack {
    /// What is so, as words that go on from “kept as it was – ”.
    pub reason: String,
    /// Whether [`ImportOptions::accept_shrink`] takes the import's list all the same.
    pub may_be_accepted: bool,
}

/// A list that an earlier import of the same kind carried and this one does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingList {
    /// Its name.
    pub name: String,
    /// What commands call it, as in [`PlaylistChange`].
    pub call: String,
    /// Entries it has, and keeps.
    pub entries: u64,
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

/// Which tracks a place lists of a saved album or a book that was had from it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListedTracks {
    /// The place.
    pub source: String,
    /// Disc and track of each; the parts of a book are only counted, on disc 0.
    pub tracks: BTreeSet<(u32, u32)>,
}

/// What a service knows of a wanted thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFact {
    /// [`StoredWanted::id`] of the thing.
    pub wanted_id: i64,
    /// The service.
    pub service: String,
    /// What it knows.
    pub fact: Fact,
    /// By what it recognised the thing.
    pub known_by: KnownBy,
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

/// Which versions may stand in on one list, and how much of its podcasts is kept.
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
    /// Of each podcast only so many episodes, the newest that were not played.
    pub newest: Option<u32>,
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
    /// What waits though no row says so: new episodes of a podcast that is on the player, and what an earlier run to the
    /// same target was about and this one was not.
    pub waits: Vec<SavedWait>,
}

/// That a wanted thing, or a part of it, waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedWait {
    /// [`StoredWanted::id`].
    pub id: i64,
    /// Since when, seconds since 1970 UTC.
    pub since: i64,
    /// When it was last so.
    pub at: i64,
    /// What it waits for.
    pub reason: String,
    /// Until when, in words; empty where the reason says it.
    pub until: String,
    /// The services and places that it waits for, by name.
    pub on: Vec<String>,
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

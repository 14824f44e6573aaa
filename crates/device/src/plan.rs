//! A sync as data: everything that would change, before anything does.

use std::collections::HashSet;

use crate::desired::CompanionKind;
use crate::trash::TrashedFile;

/// A file that is as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnchangedFile {
    /// The recording.
    pub identity: String,
    /// Where it is.
    pub path: String,
    /// Its size in bytes.
    pub bytes: u64,
}

/// Why a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyWritten {
    /// It is not on the target.
    New,
    /// Its source, settings or tags changed.
    Changed,
    /// We put it there, and it is gone.
    Vanished,
    /// We put it there, and something else changed it; what is there goes to the trash.
    Altered,
}

/// One file to be converted and published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedWrite {
    /// Index into `Desired::tracks`.
    pub track: usize,
    /// The recording.
    pub identity: String,
    /// What it is made by.
    pub recipe: String,
    /// Where it goes, relative to the target, with forward slashes.
    pub path: String,
    /// The file of the same recording that it takes the place of; may be the same path.
    pub replaces: Option<String>,
    /// The removal of another recording's file that sits on `path`; `publish` performs it first.
    pub displaces: Option<PlannedRemoval>,
    /// Why.
    pub why: WhyWritten,
    /// About how large it will be.
    pub expected_bytes: u64,
    /// How playlists name it.
    pub label: String,
    /// Playing time in whole seconds, when known.
    pub seconds: Option<u64>,
}

impl PlannedWrite {
    /// Whether it comes to the place of a file that is there.
    pub fn takes_a_place(&self) -> bool {
        self.why == WhyWritten::Changed || self.displaces.is_some()
    }

    /// Whether an older file of the same plays until this one has come.
    pub(crate) fn has_older_file(&self) -> bool {
        self.why == WhyWritten::Changed && self.replaces.is_some()
    }
}

/// A file that only gets another name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedRename {
    /// The recording.
    pub identity: String,
    /// Where it is.
    pub from: String,
    /// Where it goes.
    pub to: String,
}

/// Why a file is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyRemoved {
    /// No wanted playlist names it any more.
    NotWanted,
    /// What it was there for gets another file: a better one, or one of another content.
    Replaced,
    /// Only lists behind those name it that take its room, and it waits.
    LaterList,
}

/// A file of ours to be removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedRemoval {
    /// The recording (or the playlist's key).
    pub identity: String,
    /// Where it is.
    pub path: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Why.
    pub why: WhyRemoved,
    /// Whether it goes to the target's trash; `false` deletes it for good.
    pub to_trash: bool,
}

/// A playlist that will be written, if its tracks arrive as planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedPlaylist {
    /// Its key in the library.
    pub key: String,
    /// The name to show.
    pub name: String,
    /// Where it goes.
    pub path: String,
    /// How many entries it will list.
    pub entries: usize,
}

/// Why a file finds no room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WhyNoRoom {
    /// There are too few bytes.
    Full,
    /// It is larger than a file can be there.
    FileTooLarge,
    /// The player lists no more tracks.
    TooManyTracks,
    /// The player lists no more folders.
    TooManyFolders,
}

impl WhyNoRoom {
    /// As words that end “it does not fit: …”.
    pub fn words(self) -> &'static str {
        match self {
            Self::Full => "the player is full",
            Self::FileTooLarge => "it is larger than a file can be on the player",
            Self::TooManyTracks => "the player shows no more tracks than it has",
            Self::TooManyFolders => "the player shows no more folders than it has",
        }
    }
}

/// A track that does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoRoom {
    /// Index into `Desired::tracks`.
    pub track: usize,
    /// Why.
    pub why: WhyNoRoom,
    /// Whether there would be room if what is no longer wanted, and what lies in the target's trash, were deleted for good.
    pub with_delete: bool,
}

/// A file that is to be written anew, finds no room, and stays as an earlier run wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptOlder {
    /// Index into `Desired::tracks`.
    pub track: usize,
    /// The recording.
    pub identity: String,
    /// Where it is.
    pub path: String,
    /// Why it finds no room.
    pub why: WhyNoRoom,
}

/// More tracks lie on the target than the player shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BeyondShown {
    /// How many it shows.
    pub most_tracks: usize,
    /// How many more lie there, the owner's included.
    pub beyond: usize,
    /// Paths of so many files of ours at most, the least important first.
    pub least: Vec<String>,
}

/// A name that was wanted but belongs to a file of the user's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OccupiedName {
    /// What was to be put there: the track's label or the playlist's name.
    pub label: String,
    /// The user's file, which stays.
    pub taken: String,
    /// The name used instead.
    pub instead: String,
}

/// A list of this run that another library has filled: another computer's, or another person's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnothersList {
    /// The name to show.
    pub name: String,
    /// Its tracks on the target.
    pub tracks: usize,
    /// How many of these this run wants on it as well, be it by another file.
    pub shared: usize,
    /// Whether that is so little that they are hardly one list: ask the user, whatever goes.
    pub shares_little: bool,
    /// How many of its files are removed.
    pub removed: usize,
}

/// Everything a sync would do. Nothing has been done yet.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SyncPlan {
    /// Files that are as they should be.
    pub unchanged: Vec<UnchangedFile>,
    /// Files to convert and publish, most important first.
    pub writes: Vec<PlannedWrite>,
    /// Files that only get another name.
    pub renames: Vec<PlannedRename>,
    /// Files to remove.
    pub removals: Vec<PlannedRemoval>,
    /// Whether files are in another order than the player plays them in; `finish` puts them in that.
    pub reorders: bool,
    /// Playlists whose file will change.
    pub playlist_writes: Vec<PlannedPlaylist>,
    /// Playlists to remove; `finish` does it.
    pub playlist_removals: Vec<PlannedRemoval>,
    /// Files of playlists that somebody edited on the target since they were written and that would be written over or
    /// removed: each goes to the trash first, also where all else is deleted for good.
    pub playlists_edited: Vec<String>,
    /// Playlists that get no file because the player reads no more of them, by name; those named first have one.
    pub playlists_left_out: Vec<String>,
    /// Lists of this run that another library has filled.
    pub lists_of_others: Vec<AnothersList>,
    /// Files to put beside tracks.
    pub companions: Vec<PlannedCompanion>,
    /// Files beside tracks to remove; `finish` does it.
    pub companion_removals: Vec<PlannedRemoval>,
    /// Bytes needed by everything that is to be written, whether it fits or not, as far as its size is known.
    pub bytes_needed: u64,
    /// Bytes that removals and replaced files give back (nothing that goes to the trash).
    pub bytes_freed: u64,
    /// Bytes of the free ones that are kept free for what the target is kept in order by.
    pub bytes_reserved: u64,
    /// Those of them without which there may be no playlists and no manifest.
    pub bytes_for_its_end: u64,
    /// Bytes of the whole target; 0 where that cannot be told.
    pub bytes_total: u64,
    /// Bytes free on the target now.
    pub bytes_free: u64,
    /// Whether the writes only fit once the removals that go early are done: do those first then.
    pub remove_first: bool,
    /// What does not fit, in order of importance, and why.
    pub does_not_fit: Vec<NoRoom>,
    /// Files that stay as they are, for there is no room to write them anew; they are no part of `does_not_fit`.
    pub kept_older: Vec<KeptOlder>,
    /// How many of these are to become smaller, and find room when those of `writes` have given back theirs.
    pub in_turn: usize,
    /// Bytes that must be freed before the first of these can become smaller, and with that make room for the next; 0 where
    /// some do, or none would.
    pub bytes_to_begin: u64,
    /// Files that nothing wants any more and that stay until what is wanted has room: they would go to the trash, which gives
    /// none back, and less would come than goes.
    pub stays_unwanted: Vec<PlannedRemoval>,
    /// Paths of files that would make room for what waits of earlier lists, the least important first, if the user said so
    /// (`Desired::delete_for_good`): only later lists name them.
    pub later_lists: Vec<String>,
    /// What lies there beyond the number of tracks that the player shows.
    pub beyond_shown: Option<BeyondShown>,
    /// Files of the target's trash that are deleted for good to make room, as `Desired::delete_for_good` says.
    pub trash_removals: Vec<TrashedFile>,
    /// Bytes that the target's trash takes; 0 as long as all fits, for then it is not looked into.
    pub trash_bytes: u64,
    /// Indices into `Desired::tracks` that cannot be made now and are not on the target as they were written: those that
    /// are not there, and those of `altered`.
    pub cannot_be_made: Vec<usize>,
    /// Files that stay although they are not as they were written, for they cannot be made now; by identity.
    pub altered: Vec<String>,
    /// Names that belong to files of the user's.
    pub occupied_by_user: Vec<OccupiedName>,
    /// Files of the user's that lie where something would be put beside a track.
    pub in_the_way: Vec<String>,
    /// Files we once put there that are gone and no longer wanted; they are only forgotten.
    pub forgotten: Vec<String>,
    /// Removals, with what stays unwanted for now, as a share of all files we put there, from 0 to 1: ask the user above some
    /// share.
    pub removes_share: f64,
    /// Which tracks each file must see in their places before it goes, by identity and indices into `Desired::tracks`.
    pub gives_way: std::collections::BTreeMap<String, Vec<usize>>,
    /// The same by identity, for `finish`.
    pub(crate) in_place_of: std::collections::BTreeMap<String, Vec<String>>,
    /// What playlists must hold in the end, for `finish`.
    pub(crate) playlists: Vec<crate::playlist::PlaylistTarget>,
    /// Playlists that go, by key, for `finish`.
    pub(crate) dropped_playlists: Vec<String>,
    /// Manifest entries that go, by identity, for `finish`: of files that were gone when this was planned, and of adopted
    /// ones that nothing wants any more.
    pub(crate) forgotten_identities: Vec<String>,
    /// Entries of the manifest about companions that were never there, by path, for `finish`.
    pub(crate) forgotten_companions: Vec<String>,
    /// What each wanted thing is answered by in the end, for `finish`.
    pub(crate) wanted: std::collections::BTreeMap<String, Vec<String>>,
    /// Whose the lists of this run are, for `finish`.
    pub(crate) library: Option<String>,
    /// Identities that files on the target have from now on, by those they had; for `carry_along`.
    pub(crate) retagged: std::collections::BTreeMap<String, String>,
    /// Whether removed playlists are deleted for good.
    pub(crate) delete_for_good: bool,
}

/// A file to be put beside a track.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedCompanion {
    /// Index into `Desired::tracks`.
    pub track: usize,
    /// That track's identity.
    pub of: String,
    /// What it is.
    pub kind: CompanionKind,
    /// Where it goes.
    pub path: String,
    /// Hash of all that decides its bytes.
    pub made_from: String,
    /// About how large it will be; `None` where it is not known whether there is anything to put there.
    pub expected_bytes: Option<u64>,
}

impl SyncPlan {
    /// Whether all that a file gives way to is there: then it is no entry of the lists of this run any more, though it may
    /// stay for others.
    pub(crate) fn has_given_way(&self, identity: &str, is_there: impl Fn(&str) -> bool) -> bool {
        self.in_place_of.get(identity).is_some_and(|new| new.iter().all(|one| is_there(one)))
    }

    /// Whether a file goes before anything is written where its room is needed: it gives way to none of the tracks that are
    /// coming. What does stays until these are there, for they may turn out to be broken.
    pub fn goes_early(&self, removal: &PlannedRemoval, coming: &HashSet<usize>) -> bool {
        let mut gives_way_to = self.gives_way.get(&removal.identity).into_iter().flatten();
        gives_way_to.all(|track| !coming.contains(track))
    }

    /// Whether something finds too few bytes, or only finds enough where other files go first or for good.
    pub fn is_short_of_room(&self) -> bool {
        let refused = self.does_not_fit.iter().map(|one| one.why);
        let mut refused = refused.chain(self.kept_older.iter().map(|file| file.why));
        self.remove_first || !self.trash_removals.is_empty() || refused.any(|why| why == WhyNoRoom::Full)
    }

    /// Whether all that is written has room beside everything that is there now, so that nothing must give its own back before.
    pub fn has_room_side_by_side(&self) -> bool {
        let bytes = self.writes.iter().map(|write| write.expected_bytes);
        bytes.fold(self.bytes_reserved, u64::saturating_add) <= self.bytes_free
    }

    /// Whether nothing would change on the target.
    pub fn is_empty(&self) -> bool {
        self.writes.is_empty()
            && self.renames.is_empty()
            && self.removals.is_empty()
            && self.playlist_writes.is_empty()
            && self.playlist_removals.is_empty()
            && self.companions.is_empty()
            && self.companion_removals.is_empty()
            && self.forgotten.is_empty()
            && self.trash_removals.is_empty()
            && !self.reorders
    }
}

//! What is put on a player, where, and how it gets there without harm.
//!
//! [`Target::open`] takes hold of a folder (a mounted player or any other), [`Target::plan`] compares what is
//! [`Desired`] with the manifest and the folder and says everything that would change as data ([`SyncPlan`]);
//! then the engine says what it begins ([`Target::begin`]), converts into [`Target::stage`]d files and
//! [`Target::publish`]es them, [`Target::place_rest`] puts those in their places that still wait, and [`Target::finish`]
//! writes playlists and the manifest. Only what the manifest lists is ever replaced or removed.
//!
//! All paths inside a target are relative, with forward slashes, and are reached through one open folder
//! (`cap-std`): nothing can climb out of the root, and a pulled player never leaves us writing into the empty
//! mount point below it. The reasons are in `docs/decisions/0006-player-manifest.md`.

mod adopt;
mod allot;
mod astray;
mod claims;
mod companions;
mod desired;
mod desks;
mod detect;
mod disc;
mod eject;
mod error;
mod finish;
mod folder_names;
mod journal;
mod layout;
mod manifest;
mod names;
mod notes;
mod of_the_owner;
mod on_the_way;
mod onward;
mod order;
mod over_mtp;
mod placing;
mod plan;
mod planner;
mod planner_companions;
mod planner_giving_way;
mod planner_later;
mod planner_of_others;
mod planner_playlists;
mod planner_room;
mod planner_space;
mod planner_trash;
mod playlist;
mod profile;
mod publish;
mod recover;
mod remove;
mod retagged;
mod root;
mod seen;
mod settled;
mod space;
mod storage;
mod sums;
mod target;
mod trash;
mod verify;

pub use adopt::{Adoption, Stranger};
pub use companions::lyrics_file;
pub use desired::{CompanionKind, Desired, DesiredCompanion, DesiredPlaylist, DesiredTrack, Shelf};
pub use detect::{
    Chosen, FoundPlayer, KnownPlaces, Place, Signature, Standing, System, UsbIdentity, at_path, choose,
    find_players, real_path,
};
pub use disc::{CD_BYTES, DVD_BYTES, DiscImage, make_image};
pub use eject::{Ejected, eject, eject_folder};
pub use error::DeviceError;
pub use finish::Receipt;
pub use manifest::is_filled;
pub use names::{clash_key, safe_name};
pub use notes::{OWN_PROFILE, OwnProfile, Setting, TargetNotes, notes_on};
pub use onward::Onward;
pub use placing::Unplaced;
pub use plan::{
    AnothersList, BeyondShown, KeptOlder, NoRoom, OccupiedName, PlannedCompanion, PlannedPlaylist,
    PlannedRemoval, PlannedRename, PlannedWrite, SyncPlan, UnchangedFile, WhyNoRoom, WhyRemoved, WhyWritten,
};
pub use profile::{
    AudioRules, Characters, Confidence, CopyRules, CoverRules, DetectRules, Fact, FileOrder, FolderRules,
    Folders, LARGEST_PROFILE, LoudnessWish, LyricsRules, NameRules, Newline, PathStyle, PlaylistRules,
    Profile, ProfileError, Profiles, Split, SpokenRules, TagRules, TagText, TagVersion, TextEncoding,
    Transport,
};
pub use publish::{StagedFile, Unrenamed};
pub use recover::Recovery;
pub use seen::SeenTarget;
pub use space::bytes_free_at;
pub use storage::mtp::{FoundMtp, MtpLook, MtpPlayer, MtpSession, MtpStorage, connect, find_mtp};
pub use target::{Target, set_manifest_aside};
pub use trash::{EmptiedTrash, TrashedFile};

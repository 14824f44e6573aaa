//! What can go wrong on a target, sorted by what the engine does about it.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// Why something on a target could not be done.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DeviceError {
    /// The target is full. What is on it stays; the rest waits.
    #[error("no space left on {} while writing {path}; free some space or choose fewer playlists", root.display())]
    NoSpace {
        /// The target.
        root: PathBuf,
        /// What was being written, relative to the target.
        path: String,
    },
    /// The image of a disc could not be made.
    #[error("{} was not made: {reason}", image.display())]
    NoImage {
        /// Where it was to be.
        image: PathBuf,
        /// Why.
        reason: String,
    },
    /// The player was unplugged or unmounted, or another disk took its place.
    #[error("{} is gone (unplugged or unmounted?); plug it in and run the same command again", root.display())]
    TargetGone {
        /// The target.
        root: PathBuf,
    },
    /// Another ferrotape is at work on this target.
    #[error("{holder} is already filling {}; wait until it has finished", root.display())]
    Locked {
        /// The target.
        root: PathBuf,
        /// Who: `ferrotape (process 1234)`, or `another ferrotape` where that cannot be told.
        holder: String,
    },
    /// The target or a part of it may not be written to.
    #[error(
        "{} cannot be written to ({reason}); look at its write-protect switch, mount options and permissions, and have its \
         file system checked if it was unplugged",
        path.display()
    )]
    NotWritable {
        /// The folder or file.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// The target is not a folder that exists or could be made.
    #[error("{} is not a folder that can be filled ({reason}); name a mounted player or a folder", path.display())]
    NotAFolder {
        /// The path as given.
        path: PathBuf,
        /// What is there instead.
        reason: String,
    },
    /// The manifest is damaged or of a later version. Nothing was touched.
    #[error(
        "the list of what ferrotape put on this player, {}, cannot be used ({reason}); nothing was changed. \
         Use the ferrotape version that wrote it, or set it aside: what is on the player then counts as yours",
        path.display()
    )]
    ManifestUnusable {
        /// The manifest.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A file that is not ours appeared where one was to be put.
    #[error(
        "{path} appeared on the player after the plan was made and is not ours; it was left alone, run again"
    )]
    Occupied {
        /// Relative to the target.
        path: String,
    },
    /// The staged file is not what it was said to be.
    #[error(
        "the finished file for {path} has {found} bytes instead of {expected}; it was not put on the player"
    )]
    WrongSize {
        /// Relative to the target.
        path: String,
        /// Bytes announced.
        expected: u64,
        /// Bytes found.
        found: u64,
    },
    /// The desired set contradicts itself.
    #[error("the wanted set cannot be planned: {reason}")]
    BadDesired {
        /// Which playlist or track, and why.
        reason: String,
    },
    /// No safe name was left for a track.
    #[error(
        "no free name was found on the player for “{label}”; its folder holds too many files of one name"
    )]
    NoNameLeft {
        /// The track or playlist.
        label: String,
    },
    /// The system does not tell which disks are mounted.
    #[error("mounted players cannot be looked for here ({reason}); name the player's folder instead")]
    CannotLook {
        /// What is missing.
        reason: String,
    },
    /// Nothing looks like a player.
    #[error("no player was found{}", but_there_are(others))]
    NoPlayer {
        /// Disks that do not look like players, each with name and place.
        others: Vec<String>,
    },
    /// More than one player fits.
    #[error("{} players fit: {}", found.len(), found.join("; "))]
    SeveralPlayers {
        /// Each with name and place.
        found: Vec<String>,
    },
    /// No player is called like this.
    #[error("no player is called “{named}”{}", but_there_are(found))]
    NoSuchPlayer {
        /// The label or volume id as given.
        named: String,
        /// What there is instead, each with name and place.
        found: Vec<String>,
    },
    /// A path that is on no removable disk.
    #[error("{} is not on a mounted player; there is nothing to eject", path.display())]
    NotOnPlayer {
        /// The path as given.
        path: PathBuf,
    },
    /// Another program has the device open.
    #[error("{player} is held by another program: {}", who_holds_it(*is_garmin))]
    HeldByOther {
        /// What people call it.
        player: String,
        /// Whether it is one of those that a kernel module takes for a navigator.
        is_garmin: bool,
    },
    /// The system does not let this user open the device.
    #[error(
        "{player} may not be opened by you; a udev rule for it is missing (the package libmtp-common, or \
             media-player-info, brings them): install it and plug the player in again"
    )]
    NoPermission {
        /// What people call it.
        player: String,
    },
    /// The device shows no storage: it is locked, or set to charging only.
    #[error(
        "{player} shows nothing of its memory: unlock its screen, choose “file transfer” (MTP) for USB on it, \
             and run the same command again"
    )]
    NoStorage {
        /// What people call it.
        player: String,
    },
    /// The device could not be opened in another way.
    #[error(
        "{player} could not be opened ({reason}); unplug it, plug it in again, and run the same command again"
    )]
    NotOpened {
        /// What people call it.
        player: String,
        /// What went wrong.
        reason: String,
    },
    /// The device has no storage of that name.
    #[error("{player} has no storage called “{named}”; it has {}", found.join("; "))]
    NoSuchStorage {
        /// What people call it.
        player: String,
        /// The storage as given.
        named: String,
        /// What there is instead.
        found: Vec<String>,
    },
    /// The device has several storages that can be filled.
    #[error("{player} has several storages: {}; say which, as player:NAME/STORAGE", found.join("; "))]
    SeveralStorages {
        /// What people call it.
        player: String,
        /// Their names.
        found: Vec<String>,
    },
    /// The device does not keep what was sent.
    #[error(
        "{path} did not arrive on the player as it was sent ({reason}); it was taken off again. Unplug the \
             player, plug it in, and run the same command again"
    )]
    NotAsSent {
        /// Relative to the target.
        path: String,
        /// What is different.
        reason: String,
    },
    /// Something still uses the player.
    #[error("{} is still in use{}; close what uses it and try again. Do not unplug it yet", mount.display(), by_whom(holders))]
    Busy {
        /// Its mount point.
        mount: PathBuf,
        /// Programs that have something open on it, as far as they can be seen.
        holders: Vec<String>,
    },
    /// The player could not be unmounted. Everything written is on it.
    #[error("{} could not be unmounted ({reason}); everything written is on it, but it is still mounted", mount.display())]
    NotUnmounted {
        /// Its mount point.
        mount: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// A power cut left one file under two names. Nothing was removed.
    #[error(
        "the file system of this player needs a check, as after a power cut: {} may share its bytes with {left}, and would be \
         lost with that. Nothing was removed. {}, then run the same command again. If it says this once more after the \
         check, the two are apart: delete {left} on the player",
        place.display(), how_to_check()
    )]
    NeedsCheck {
        /// Where the file belongs.
        place: PathBuf,
        /// The name that should be gone, relative to the target.
        left: String,
    },
    /// Reading or writing failed in another way.
    #[error("{} could not be {doing} ({source}); check the player and run again", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What was attempted: `read`, `written`, `renamed`.
        doing: &'static str,
        /// What the system said.
        source: io::Error,
    },
}

impl DeviceError {
    /// Whether everything after this error on the same target is bound to fail too (the target is gone).
    pub fn is_target_gone(&self) -> bool {
        matches!(self, Self::TargetGone { .. })
    }

    /// The same of another path: what is said of a file's new name is meant of the file.
    pub(crate) fn of_path(self, at: PathBuf) -> Self {
        match self {
            Self::NotWritable { reason, .. } => Self::NotWritable { path: at, reason },
            Self::Io { doing, source, .. } => Self::Io { path: at, doing, source },
            other => other,
        }
    }

    /// Whether the target is full.
    pub fn is_no_space(&self) -> bool {
        matches!(self, Self::NoSpace { .. })
    }
}

fn but_there_are(found: &[String]) -> String {
    if found.is_empty() { String::new() } else { format!("; there are {}", found.join("; ")) }
}

fn who_holds_it(is_garmin: bool) -> &'static str {
    if cfg!(target_os = "macos") {
        "quit Android File Transfer, Image Capture and Photos, unplug it, plug it in, and try again"
    } else if is_garmin && cfg!(target_os = "linux") {
        "eject it in your file manager, or, if it is not shown there, run `sudo modprobe -r garmin_gps`; leave it \
         plugged in and try again"
    } else {
        "eject or unmount it in your file manager, close programs for photos, leave it plugged in and try again"
    }
}

fn how_to_check() -> &'static str {
    if cfg!(target_os = "macos") {
        "Have Disk Utility repair it (“First Aid”)"
    } else if cfg!(windows) {
        "Have Windows repair it (in the properties of its drive: “Tools”, “Check”)"
    } else {
        "Unmount it and have it repaired (`sudo fsck.vfat -a DEVICE` for FAT, `sudo fsck.exfat -y DEVICE` for exFAT)"
    }
}

fn by_whom(holders: &[String]) -> String {
    if holders.is_empty() { String::new() } else { format!(" by {}", holders.join(", ")) }
}

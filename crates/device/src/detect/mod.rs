//! Mounted players: which removable disks there are, what they are called, and what kind of player each one is.
//!
//! Everything is asked of the kernel's own tables (mounts, `/sys`, `/dev/disk`), which need no service to run and no
//! rights; what lies on a disk is read with limits and never followed out of it. The order of signals and what lost
//! are in `docs/decisions/0025-finding-players.md`.

mod block;
mod choose;
mod mounts;
mod places;
mod signals;
mod unmounted;
mod volume;

use std::path::{Path, PathBuf};

use crate::error::DeviceError;
use crate::storage::{Folder, Storage};

pub(crate) use block::{Disk, disk_of};
pub use choose::{Chosen, at_path, choose};
pub(crate) use mounts::{Mount, MountTable};
pub use places::{KnownPlaces, Place, Standing, real_path};
pub(crate) use signals::{ANY_ROCKBOX, ROCKBOX, Seen, recognise, target_in};
pub use signals::{OWN_PROFILE, Signature};

/// File systems that players have; `fuseblk` is exFAT or NTFS through FUSE, on a real disk.
const OF_PLAYERS: [&str; 5] = ["vfat", "exfat", "msdos", "fuseblk", "hfsplus"];
/// File systems of discs and images, which nobody can fill.
const NEVER_FILLED: [&str; 5] = ["iso9660", "udf", "squashfs", "erofs", "swap"];
/// More disks than any computer has plugged in.
const MOST_FOUND: usize = 64;

/// Where the kernel tells of mounts and disks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct System {
    root: PathBuf,
}

impl Default for System {
    fn default() -> Self {
        Self::at("/")
    }
}

impl System {
    /// A system whose `proc`, `sys`, `dev` and `etc` lie below this folder, and the folders in which desktops mount
    /// (`media`, `run/media`). Mount points are taken as they are written.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// Whether it is this computer.
    pub(crate) fn is_real(&self) -> bool {
        self.root == Path::new("/")
    }

    pub(crate) fn proc(&self) -> PathBuf {
        self.root.join("proc")
    }

    pub(crate) fn sys(&self) -> PathBuf {
        self.root.join("sys")
    }

    pub(crate) fn dev(&self) -> PathBuf {
        self.root.join("dev")
    }

    /// A path of the system's as one of ours: `/dev/sdb1` below the root.
    pub(crate) fn inside(&self, path: &Path) -> PathBuf {
        self.root.join(path.strip_prefix("/").unwrap_or(path))
    }

    /// The mounts as they are now.
    pub(crate) fn mounts(&self) -> Result<MountTable, DeviceError> {
        if !cfg!(target_os = "linux") {
            let reason = "ferrotape knows only how Linux tells of mounts".to_owned();
            return Err(DeviceError::CannotLook { reason });
        }
        let table = self.proc().join("self/mountinfo");
        MountTable::read(&table).map_err(|error| DeviceError::CannotLook {
            reason: format!("{} could not be read: {error}", table.display()),
        })
    }
}

/// What the USB device says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UsbIdentity {
    /// Vendor id, four lower-case hexadecimal digits.
    pub vendor: String,
    /// Product id, likewise.
    pub product: String,
    /// Who made it, in its own words.
    pub manufacturer: Option<String>,
    /// What it is, in its own words.
    pub model: Option<String>,
    /// Its serial number; cheap players all have the same one.
    pub serial: Option<String>,
}

/// A mounted removable disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundPlayer {
    /// Where it is mounted.
    pub mount: PathBuf,
    /// Its block device: `/dev/sdb1`.
    pub device: PathBuf,
    /// The file system's UUID. This, not the path, is what a player is known by.
    pub volume_id: Option<String>,
    /// The volume label.
    pub label: Option<String>,
    /// Kind of file system: `vfat`, `exfat`.
    pub file_system: String,
    /// Size of the file system.
    pub bytes_total: u64,
    /// Bytes free for us.
    pub bytes_free: u64,
    /// The USB device it is a part of.
    pub usb: Option<UsbIdentity>,
    /// Whether it is mounted read-only.
    pub read_only: bool,
    /// Word for the kind of player: a signature's profile, [`OWN_PROFILE`], `generic`, or where no signature claims
    /// a well-known mark, `rockbox`, `sony-walkman` or `ipod`. `None` when nothing says that it is a player.
    pub profile: Option<String>,
    /// Which signal decided, as words for people.
    pub why: String,
    /// Whether it is a stick or card to the kernel. Hard disks on USB are not.
    pub removable: bool,
    /// What is unplugged in one go: the USB device, or the disk.
    pub(crate) unit: PathBuf,
}

impl FoundPlayer {
    /// What people call it: its label, else what the USB device says, else the folder it is mounted at.
    pub fn name(&self) -> String {
        let usb = self.usb.as_ref().and_then(|usb| usb.model.clone());
        let folder = || self.mount.file_name().map(|name| name.to_string_lossy().into_owned());
        let name = self.label.clone().or(usb).or_else(folder);
        name.unwrap_or_else(|| self.mount.display().to_string())
    }

    /// Whether it may be taken for a player without being named: something on it says so, or it is a stick or card
    /// with a file system that players have. A backup disk is neither.
    pub fn looks_like_one(&self) -> bool {
        self.profile.is_some() || (self.removable && OF_PLAYERS.contains(&self.file_system.as_str()))
    }
}

/// Every mounted removable disk that is no part of the system, in the order of their mount points.
///
/// Errors: [`DeviceError::CannotLook`]. A disk that cannot be read is left out.
pub fn find_players(system: &System, signatures: &[Signature]) -> Result<Vec<FoundPlayer>, DeviceError> {
    let table = system.mounts()?;
    let protected = block::disks_of_system(system, &table);
    let mut found: Vec<FoundPlayer> = Vec::new();
    for mount in table.visible() {
        if !mount.is_whole || NEVER_FILLED.contains(&mount.file_system.as_str()) {
            continue;
        }
        let Some(disk) = disk_of(system, mount).filter(|disk| disk.is_pluggable() && disk.can_be_player())
        else {
            continue;
        };
        let is_double = found.iter().any(|other| other.device == device_of(&disk));
        if is_double || protected.contains(&disk.disk) {
            continue;
        }
        found.extend(look_at(system, mount, disk, signatures));
        if found.len() == MOST_FOUND {
            break;
        }
    }
    found.sort_by(|a, b| a.mount.cmp(&b.mount));
    Ok(found)
}

fn device_of(disk: &Disk) -> PathBuf {
    Path::new("/dev").join(&disk.name)
}

/// `None` when the disk cannot be read: it is being pulled, or damaged.
fn look_at(system: &System, mount: &Mount, disk: Disk, signatures: &[Signature]) -> Option<FoundPlayer> {
    let root = Folder::open(&mount.point).ok()?;
    let space = root.space().ok()?;
    let label = volume::label(system, &disk.name);
    let seen = signals::Seen {
        usb: disk.usb.as_ref(),
        label: label.as_deref(),
        file_system: &mount.file_system,
        signatures,
    };
    let (profile, why) = signals::recognise(&root, &seen);
    Some(FoundPlayer {
        mount: mount.point.clone(),
        device: device_of(&disk),
        volume_id: volume::id(system, &disk.name),
        label,
        file_system: mount.file_system.clone(),
        bytes_total: space.total,
        bytes_free: space.free,
        read_only: mount.read_only || space.read_only,
        profile,
        why,
        removable: disk.is_removable || disk.is_card,
        unit: disk.unit,
        usb: disk.usb,
    })
}

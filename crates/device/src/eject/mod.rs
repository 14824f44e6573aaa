//! Ejecting: everything written is brought to the disk, every volume of the player is unmounted, its power is cut
//! where that can be done.

mod by_hand;
mod holders;
#[cfg(target_os = "linux")]
mod udisks;

use std::cmp::Reverse;
use std::path::{Path, PathBuf};

use crate::detect::{FoundPlayer, System, disk_of};
use crate::error::DeviceError;
use crate::root::Root;
use crate::space::space_of;
use crate::target::lock_if_filled;

/// What ejecting did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ejected {
    /// Mount points that are gone now: the player's, and those of its other volumes.
    pub unmounted: Vec<PathBuf>,
    /// Whether its power was cut; it may have to be plugged in again to charge.
    pub powered_off: bool,
    /// What did not work and does no harm, as words for people.
    pub remarks: Vec<String>,
}

/// One mounted volume of what is unplugged in one go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Volume {
    pub(crate) mount: PathBuf,
    /// The block device: `/dev/sdb1`.
    #[cfg_attr(
        not(target_os = "linux"),
        expect(dead_code, reason = "only the disk service is told devices")
    )]
    pub(crate) device: PathBuf,
}

/// Makes a player safe to unplug.
///
/// All volumes of one USB device are unmounted, because all are unplugged together. Errors:
/// [`DeviceError::Locked`] while another ferrotape fills one of them, [`DeviceError::Busy`],
/// [`DeviceError::NotUnmounted`]; after any of them the player is still in use.
pub fn eject(system: &System, player: &FoundPlayer) -> Result<Ejected, DeviceError> {
    let volumes = volumes_of(system, player)?;
    flush(volumes.iter().map(|volume| volume.mount.as_path()))?;
    #[cfg(target_os = "linux")]
    if let Some(disks) = udisks::Udisks::connect() {
        return disks.eject(system, &volumes);
    }
    by_hand::unmount_all(system, &volumes)
}

/// Makes the disk of a folder safe to unplug where players cannot be looked for, by the system's own command.
pub fn eject_folder(folder: &Path) -> Result<Ejected, DeviceError> {
    flush([folder].into_iter())?;
    by_hand::eject_folder(folder)
}

/// Every mount on the same USB device or disk; what is mounted inside another comes first.
fn volumes_of(system: &System, player: &FoundPlayer) -> Result<Vec<Volume>, DeviceError> {
    let table = system.mounts()?;
    let together = table.all().iter().filter_map(|mount| {
        let disk = disk_of(system, mount).filter(|disk| disk.unit == player.unit)?;
        Some(Volume { mount: mount.point.clone(), device: Path::new("/dev").join(disk.name) })
    });
    let mut volumes: Vec<Volume> = together.collect();
    volumes.sort_by_key(|volume| Reverse(volume.mount.components().count()));
    if volumes.is_empty() {
        return Err(DeviceError::TargetGone { root: player.mount.clone() });
    }
    Ok(volumes)
}

/// Brings everything to the disks, while no other ferrotape fills any of them. Nothing stays open behind it, or that
/// alone would keep them busy.
fn flush<'p>(mounts: impl Iterator<Item = &'p Path>) -> Result<(), DeviceError> {
    let mut locks = Vec::new();
    for mount in mounts {
        let root = Root::open(mount)?;
        if space_of(&root)?.read_only {
            continue;
        }
        locks.extend(lock_if_filled(&root)?);
        root.sync_all()?;
    }
    Ok(())
}

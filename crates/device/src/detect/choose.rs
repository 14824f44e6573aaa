//! Which of the found players is meant.

use std::path::Path;

use super::{FoundPlayer, UsbIdentity};
use crate::error::DeviceError;
use crate::storage::mtp::FoundMtp;

/// The player that is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chosen<'p> {
    /// A mounted disk.
    Mounted(&'p FoundPlayer),
    /// A device that speaks MTP, and the storage of it where one was named.
    Mtp(&'p FoundMtp, Option<&'p str>),
}

/// The player that is meant: by its label or volume id, by the name or serial number of a device, or the only one.
/// After the device's name may stand that of its storage, `NAME/STORAGE`.
///
/// Where none is named, disks that do not look like players (backups on USB) do not count, and what is recognised
/// does not push aside a stick that is not: two are two. Errors: [`DeviceError::NoPlayer`],
/// [`DeviceError::SeveralPlayers`], [`DeviceError::NoSuchPlayer`].
pub fn choose<'p>(
    players: &'p [FoundPlayer],
    devices: &'p [FoundMtp],
    named: Option<&'p str>,
) -> Result<Chosen<'p>, DeviceError> {
    // Some players are both at once; the disk is the better way.
    let is_disk_too = |device: &FoundMtp| {
        let usb = |usb: &UsbIdentity| (usb.vendor.clone(), usb.product.clone(), usb.serial.clone());
        players.iter().any(|player| player.usb.as_ref().map(usb) == Some(usb(&device.usb)))
    };
    let devices = devices.iter().filter(|device| !is_disk_too(device));
    let all: Vec<Chosen> =
        players.iter().map(Chosen::Mounted).chain(devices.map(|device| Chosen::Mtp(device, None))).collect();
    let fitting: Vec<Chosen> = match named {
        None => all.iter().copied().filter(Chosen::looks_like_one).collect(),
        Some(named) => all.iter().filter_map(|one| one.called(named)).collect(),
    };
    match (fitting.as_slice(), named) {
        ([only], _) => Ok(*only),
        ([], None) => Err(DeviceError::NoPlayer { others: described(&all) }),
        ([], Some(named)) => {
            Err(DeviceError::NoSuchPlayer { named: named.to_owned(), found: described(&all) })
        }
        (several, _) => Err(DeviceError::SeveralPlayers { found: described(several) }),
    }
}

impl<'p> Chosen<'p> {
    fn looks_like_one(&self) -> bool {
        match self {
            Self::Mounted(player) => player.looks_like_one(),
            Self::Mtp(..) => true,
        }
    }

    /// Itself, if it is called like this, with the storage where that is named.
    fn called(&self, named: &'p str) -> Option<Self> {
        match *self {
            Self::Mounted(player) => {
                let folded = named.trim().to_lowercase();
                let is_it =
                    |own: &Option<String>| own.as_ref().is_some_and(|own| own.to_lowercase() == folded);
                (is_it(&player.volume_id) || is_it(&player.label)).then_some(*self)
            }
            Self::Mtp(device, _) if device.is_called(named) => Some(*self),
            Self::Mtp(device, _) => {
                let mut cuts = named.match_indices('/').map(|(at, _)| named.split_at(at));
                let (_, storage) = cuts.find(|(name, _)| device.is_called(name))?;
                Some(Self::Mtp(device, Some(storage.trim_start_matches('/'))))
            }
        }
    }
}

/// The player that a path without links lies on.
pub fn at_path<'p>(players: &'p [FoundPlayer], path: &Path) -> Option<&'p FoundPlayer> {
    let below = players.iter().filter(|player| path.starts_with(&player.mount));
    below.max_by_key(|player| player.mount.as_os_str().len())
}

/// Name, place and id of each, to choose from.
fn described(all: &[Chosen]) -> Vec<String> {
    let one = |one: &Chosen| match one {
        Chosen::Mounted(player) => {
            let id = player.volume_id.as_ref().map(|id| format!(" ({id})")).unwrap_or_default();
            format!("{} at {}{id}", player.name(), player.mount.display())
        }
        Chosen::Mtp(device, _) => {
            let serial = device.usb.serial.as_ref().map(|serial| format!(" ({serial})")).unwrap_or_default();
            format!("{} over MTP{serial}", device.name())
        }
    };
    all.iter().map(one).collect()
}

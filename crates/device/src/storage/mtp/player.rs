//! An open device, and the one storage of it that is filled.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::executor::block_on;
use mtp_rs::{Error, MtpDevice, Storage};

use super::check::Thoroughness;
use super::find::{Address, FoundMtp, words};
use super::link::Link;
use super::{Mtp, room};
use crate::detect::{OWN_PROFILE, Seen, Signature, recognise};
use crate::error::DeviceError;
use crate::names::safe_name;
use crate::notes::{OwnProfile, text_of};
use crate::profile::{LARGEST_PROFILE, Profile};
use crate::storage::{Entry, Storage as _};

/// Old devices list a large folder for minutes before the first byte comes.
const PATIENCE: Duration = Duration::from_secs(180);

/// Every Android device has it.
const OF_ANDROID: &str = "Android";

/// A device that was opened. Nobody else can use it until this is dropped.
pub struct MtpSession {
    found: FoundMtp,
    device: MtpDevice,
    storages: Vec<Storage>,
}

/// A memory of a device: the one inside, or a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MtpStorage {
    /// What the device calls it, with its id where it calls several the same.
    pub name: String,
    /// Its size.
    pub bytes_total: u64,
    /// Bytes free.
    pub bytes_free: u64,
    /// Whether anything may be written there.
    pub writable: bool,
}

/// What a device tells of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MtpLook {
    /// Its storages.
    pub storages: Vec<MtpStorage>,
    /// The profile it is recognised as.
    pub profile: Option<String>,
    /// Why.
    pub why: String,
}

/// A storage that can be filled; see [`crate::Target::open_mtp`].
#[derive(Debug, Clone)]
pub struct MtpPlayer {
    pub(crate) storage: Arc<Mtp>,
    found: FoundMtp,
    about: MtpStorage,
    /// What the device calls the storage. It may call another the same.
    called: String,
}

/// Opens a device.
///
/// Errors: [`DeviceError::HeldByOther`], [`DeviceError::NoPermission`], [`DeviceError::NoStorage`] (it is locked, or
/// only charges), [`DeviceError::TargetGone`].
pub fn connect(found: &FoundMtp) -> Result<MtpSession, DeviceError> {
    let opened = match &found.address {
        Address::Usb(location) => {
            block_on(MtpDevice::builder().timeout(PATIENCE).open_by_location(*location))
        }
        #[cfg(feature = "virtual-mtp")]
        Address::MadeUp(file) => super::made_up::open(file),
    };
    let device = opened.map_err(|error| refusal(found, &error))?;
    let storages = block_on(device.storages()).map_err(|error| refusal(found, &error))?;
    if storages.is_empty() {
        close(device);
        return Err(DeviceError::NoStorage { player: found.name() });
    }
    Ok(MtpSession { found: found.clone(), device, storages })
}

fn close(device: MtpDevice) {
    // A device that is gone has nothing to close.
    let _ = block_on(device.close());
}

fn refusal(found: &FoundMtp, error: &Error) -> DeviceError {
    let player = found.name();
    match error {
        Error::ExclusiveAccess => DeviceError::HeldByOther { player, is_garmin: found.usb.vendor == "091e" },
        Error::PermissionDenied => DeviceError::NoPermission { player },
        Error::AccessDenied => DeviceError::NoStorage { player },
        Error::NoDevice | Error::Disconnected => DeviceError::TargetGone { root: PathBuf::from(player) },
        error => DeviceError::NotOpened { player, reason: error.to_string() },
    }
}

/// Cameras speak it, too, and take nothing.
fn takes_files(device: &MtpDevice) -> bool {
    let can = device.capabilities();
    can.can_upload && can.can_delete
}

fn about(device: &MtpDevice, storage: &Storage) -> MtpStorage {
    let info = storage.info();
    let (bytes_free, bytes_total) = room(info);
    let names = [info.description.as_str(), info.volume_identifier.as_str()];
    MtpStorage {
        name: names.into_iter().find_map(words).unwrap_or_else(|| format!("storage {:x}", storage.id().0)),
        bytes_total,
        bytes_free,
        writable: info.is_writable && takes_files(device),
    }
}

impl MtpSession {
    /// Its storages. Those that it calls the same are told apart by their ids.
    pub fn storages(&self) -> Vec<MtpStorage> {
        let all: Vec<MtpStorage> = self.storages.iter().map(|storage| about(&self.device, storage)).collect();
        let names: Vec<String> = all.iter().map(|storage| storage.name.to_lowercase()).collect();
        let is_one_of_several = |name: &str| {
            let name = name.to_lowercase();
            names.iter().filter(|other| **other == name).count() > 1
        };
        let told_apart = |(one, storage): (MtpStorage, &Storage)| match is_one_of_several(&one.name) {
            true => MtpStorage { name: format!("{} ({:x})", one.name, storage.id().0), ..one },
            false => one,
        };
        all.into_iter().zip(&self.storages).map(told_apart).collect()
    }

    /// What can be said of the device before it is filled; ends the session.
    pub fn look(self, signatures: &[Signature]) -> MtpLook {
        let storages = self.storages();
        let first = storages.iter().find(|storage| storage.writable).map(|storage| storage.name.clone());
        let player = first.and_then(|name| self.storage(Some(&name)).ok());
        let unknown = || (None, "nothing can be written on it".to_owned());
        let (profile, why) = player.map_or_else(unknown, |player| player.recognise(signatures));
        MtpLook { storages, profile, why }
    }

    /// Ends the session, so that the device may be unplugged.
    pub fn close(self) {
        close(self.device);
    }

    /// Takes the storage of that name, or the only one that can be written to.
    ///
    /// Errors: [`DeviceError::NoSuchStorage`], [`DeviceError::SeveralStorages`].
    pub fn storage(mut self, named: Option<&str>) -> Result<MtpPlayer, DeviceError> {
        let mut all = self.storages();
        let fits = |storage: &MtpStorage| match named {
            Some(named) => storage.name.to_lowercase() == named.trim().to_lowercase(),
            None => storage.writable,
        };
        let fitting: Vec<usize> = (0..all.len()).filter(|at| all.get(*at).is_some_and(fits)).collect();
        let player = self.found.name();
        let found: Vec<String> = all.iter().map(|storage| storage.name.clone()).collect();
        match (fitting.as_slice(), named) {
            ([at], _) => {
                let storage = self.storages.swap_remove(*at);
                Ok(MtpPlayer::new(self.found, self.device, storage, all.swap_remove(*at)))
            }
            ([], Some(named)) => Err(DeviceError::NoSuchStorage { player, named: named.to_owned(), found }),
            ([], None) => Err(DeviceError::NotWritable {
                path: PathBuf::from(player),
                reason: "the player lets nobody write on it".to_owned(),
            }),
            _ => Err(DeviceError::SeveralStorages { player, found }),
        }
    }
}

impl MtpPlayer {
    /// `shown` is the storage, told apart from others of the device.
    fn new(found: FoundMtp, device: MtpDevice, storage: Storage, shown: MtpStorage) -> Self {
        let called = about(&device, &storage).name;
        let can = device.capabilities();
        let can_read_pieces = can.supports_partial_download;
        let mtp = Mtp {
            path: PathBuf::from(format!("player:{}/{}", found.name(), shown.name)),
            gone: AtomicBool::new(false),
            can_write: takes_files(&device),
            can_rename: can.can_rename,
            can_read_pieces,
            thoroughness: Thoroughness::of(&device.device_info().manufacturer, can_read_pieces),
            link: Mutex::new(Link::new(device, storage)),
        };
        Self { storage: Arc::new(mtp), found, about: shown, called }
    }

    /// The device.
    pub fn device(&self) -> &FoundMtp {
        &self.found
    }

    /// The storage, as it was when the device was opened.
    pub fn about(&self) -> &MtpStorage {
        &self.about
    }

    /// How messages name it: `player:Pixel 8/Internal storage`.
    pub fn path(&self) -> &Path {
        self.storage.path()
    }

    /// How the folder on this computer in which what belongs to this player is kept is called, where no other device has that
    /// name; and how it may be called since a time when only one storage of the device was called like this.
    pub(crate) fn desk_names(&self) -> (String, Option<String>) {
        let serial = self.found.usb.serial.as_deref().unwrap_or("without serial number");
        let name = |storage: &str| {
            let name = format!("mtp {} {serial} {storage}", self.found.name());
            safe_name(&name, &Profile::generic().names, 120, 200)
        };
        let (own, shared) = (name(&self.about.name), name(&self.called));
        let is_shared = own != shared;
        (own, is_shared.then_some(shared))
    }

    /// The profile it is recognised as, and why.
    pub fn recognise(&self, signatures: &[Signature]) -> (Option<String>, String) {
        let seen = Seen { usb: Some(&self.found.usb), label: None, file_system: "MTP", signatures };
        match recognise(self.storage.as_ref(), &seen) {
            (None, _) if matches!(self.storage.entry(OF_ANDROID), Ok(Some(Entry::Folder))) => {
                (Some("android".to_owned()), format!("the folder {OF_ANDROID} is on it"))
            }
            (None, _) => (None, "nothing on it says which player it is".to_owned()),
            told => told,
        }
    }

    /// A profile of its own, which the user may have put on the device. It is read from there each time: one that is taken off
    /// rules no more.
    pub fn own_profile(&self) -> Result<Option<OwnProfile>, DeviceError> {
        let Some(Entry::File { bytes, .. }) = self.storage.entry(OWN_PROFILE)? else { return Ok(None) };
        let text = || self.storage.beginning(OWN_PROFILE, LARGEST_PROFILE);
        text_of(&self.path().join(OWN_PROFILE), bytes, text).map(Some)
    }
}

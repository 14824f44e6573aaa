//! A device that speaks MTP: a phone, a watch, a player without USB storage.
//!
//! It takes whole files and nothing else: no file can be written in part, appended to or put in another's place. So
//! all of our own files lie in a folder on the computer, and a finished file is sent from there. What lost, and what is
//! known of devices, is in `docs/decisions/0028-mtp.md`.

mod check;
mod find;
mod kept;
mod link;
#[cfg(feature = "virtual-mtp")]
mod made_up;
mod player;
mod tree;

use std::fmt;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use mtp_rs::{Error, StorageInfo};

use super::{Entry, Storage};
use crate::error::DeviceError;
use crate::space::Space;
use crate::sums::{Summing, Sums};
use check::Thoroughness;
pub use find::{FoundMtp, find_mtp};
use kept::Kept;
use link::{Link, split};
pub use player::{MtpLook, MtpPlayer, MtpSession, MtpStorage, connect};
use tree::Object;

/// What MTP has room for, in UTF-16 units.
pub(crate) const LONGEST_NAME: usize = mtp_rs::MAX_NAME_UNITS;
/// The most that a file system on a player gives out at once; the device does not tell.
const BLOCK: u64 = 32 * 1024;
/// Kept free beside a file that is sent: the device's own lists grow with it.
const SPARE: u64 = 1024 * 1024;

/// One storage of an open device.
pub(crate) struct Mtp {
    /// As messages name it: `player:Pixel 8/Internal storage`.
    path: PathBuf,
    link: Mutex<Link>,
    gone: AtomicBool,
    can_write: bool,
    can_rename: bool,
    can_read_pieces: bool,
    thoroughness: Thoroughness,
}

impl fmt::Debug for Mtp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Mtp").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Mtp {
    fn link(&self) -> MutexGuard<'_, Link> {
        self.link.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks the device for something about `path`.
    fn ask<T>(
        &self,
        doing: &'static str,
        path: &str,
        act: impl FnMut(&mut Link) -> Result<T, Error>,
    ) -> Result<T, DeviceError> {
        self.check_alive()?;
        let mut link = self.link();
        link.step(act).map_err(|error| self.fault(&mut link, error, doing, path))
    }

    /// Sorts an error by what the caller can do about it.
    fn fault(&self, link: &mut Link, error: Error, doing: &'static str, path: &str) -> DeviceError {
        let is_gone = match &error {
            Error::Disconnected | Error::DeviceReset | Error::NoDevice | Error::Timeout => true,
            // A cable that is pulled may look like any failure of the first request after it.
            Error::Io { .. } | Error::Other { .. } | Error::InvalidData { .. } => link.info().is_err(),
            _ => false,
        };
        if is_gone {
            self.gone.store(true, Ordering::SeqCst);
            return self.is_gone();
        }
        match error {
            Error::StorageFull => self.is_full(path),
            Error::AccessDenied | Error::PermissionDenied => DeviceError::NotWritable {
                path: self.path.join(path),
                reason: "the player refuses it".to_owned(),
            },
            error => self.failed(doing, path, io::Error::other(error)),
        }
    }

    fn failed(&self, doing: &'static str, path: &str, source: io::Error) -> DeviceError {
        DeviceError::Io { path: self.path.join(path), doing, source }
    }

    fn is_gone(&self) -> DeviceError {
        DeviceError::TargetGone { root: self.path.clone() }
    }

    fn is_full(&self, path: &str) -> DeviceError {
        DeviceError::NoSpace { root: self.path.clone(), path: path.to_owned() }
    }

    /// Sends a finished file to a free name, and looks whether it arrived.
    pub(crate) fn send(&self, source: &mut File, path: &str) -> Result<(), DeviceError> {
        let bytes = source.metadata().map_err(|error| self.failed("sent", path, error))?.len();
        if !self.ask("read", path, |link| link.is_free(path))? {
            return Err(DeviceError::Occupied { path: path.to_owned() });
        }
        // A device that fills up in the middle of a file may keep half of it.
        if self.space()?.free < bytes.saturating_add(SPARE) {
            return Err(self.is_full(path));
        }
        let object = self.ask("sent", path, |link| link.send(source, bytes, path))?;
        self.check_arrival(source, bytes, path, &object)
    }

    /// Reads a whole file into one of this computer's; gives how many bytes the device has of it.
    pub(crate) fn fetch(&self, path: &str, to: &mut dyn Kept) -> Result<u64, DeviceError> {
        let written = self.ask("read", path, |link| link.fetch(path, to))?;
        written.map_err(|error| self.failed("kept on this computer", path, error))
    }

    /// Whether a file was given its new name by the device itself; `false` where it cannot do that.
    pub(crate) fn rename(&self, from: &str, to: &str) -> Result<bool, DeviceError> {
        let ((from_folder, _), (to_folder, name)) = (split(from), split(to));
        if !self.can_rename || from_folder != to_folder {
            return Ok(false);
        }
        match self.ask("renamed", from, |link| link.rename(from, name)) {
            Err(error) if error.is_target_gone() => Err(error),
            // Where that failed it said it could, and cannot.
            renamed => Ok(renamed.is_ok()),
        }
    }
}

impl Storage for Mtp {
    fn path(&self) -> &Path {
        &self.path
    }

    /// Only remembers what earlier requests met: asking each time would double their number.
    fn check_alive(&self) -> Result<(), DeviceError> {
        if self.gone.load(Ordering::SeqCst) { Err(self.is_gone()) } else { Ok(()) }
    }

    fn check_writable(&self) -> Result<(), DeviceError> {
        if self.space()?.read_only {
            let reason = "the player lets nobody write there".to_owned();
            return Err(DeviceError::NotWritable { path: self.path.clone(), reason });
        }
        Ok(())
    }

    fn space(&self) -> Result<Space, DeviceError> {
        let info = self.ask("measured", "", Link::info)?;
        let (free, total) = room(&info);
        Ok(Space { free, total, block: BLOCK, read_only: !(info.is_writable && self.can_write) })
    }

    fn entry(&self, path: &str) -> Result<Option<Entry>, DeviceError> {
        if path.is_empty() {
            return Ok(Some(Entry::Folder));
        }
        let entry = |object: Object| match object.is_folder {
            true => Entry::Folder,
            false => Entry::File { bytes: object.bytes, modified: None },
        };
        Ok(self.ask("read", path, |link| link.find(path))?.map(entry))
    }

    fn names_in(&self, folder: &str) -> Result<Vec<String>, DeviceError> {
        self.ask("read", folder, |link| link.names_in(folder))
    }

    fn beginning(&self, path: &str, most: u64) -> Result<Vec<u8>, DeviceError> {
        let object = self.ask("read", path, |link| link.file(path))?;
        let wanted = u32::try_from(object.bytes.min(most)).unwrap_or(u32::MAX);
        if self.can_read_pieces {
            return self.ask("read", path, |link| link.piece(path, 0, wanted));
        }
        let mut bytes: Vec<u8> = Vec::new();
        self.fetch(path, &mut bytes)?;
        bytes.truncate(wanted as usize);
        Ok(bytes)
    }

    fn fingerprint(&self, path: &str) -> Result<(u64, Sums), DeviceError> {
        let mut summing = Summing::default();
        self.fetch(path, &mut summing)?;
        Ok(summing.end())
    }

    fn create_dir_all(&self, path: &str) -> Result<(), DeviceError> {
        let made = self.ask("made", path, |link| link.make_folders(path))?;
        if made { Ok(()) } else { Err(DeviceError::Occupied { path: path.to_owned() }) }
    }

    /// One that was changed since it was seen is left alone.
    fn remove_file(&self, path: &str) -> Result<(), DeviceError> {
        let removed = self.ask("removed", path, |link| link.remove(path))?;
        if removed { Ok(()) } else { Err(DeviceError::Occupied { path: path.to_owned() }) }
    }

    fn remove_dir(&self, path: &str) -> Result<(), DeviceError> {
        match self.ask("removed", path, |link| link.remove_folder(path))? {
            true => Ok(()),
            false => Err(self.failed("removed", path, io::ErrorKind::DirectoryNotEmpty.into())),
        }
    }

    /// MTP does not know it.
    fn keeps_order(&self) -> bool {
        false
    }

    /// MTP does not know it: a file is as old as its sending.
    fn set_modified(&self, _path: &str, _time: SystemTime) -> Result<(), DeviceError> {
        Ok(())
    }

    /// What was sent is the device's business.
    fn sync_all(&self) -> Result<(), DeviceError> {
        Ok(())
    }
}

/// Bytes free and all bytes. Some devices say that more is free than there is.
fn room(info: &StorageInfo) -> (u64, u64) {
    let (free, total) = (info.free_space, info.total_capacity);
    (if total == 0 { free } else { free.min(total) }, total)
}

//! The root of a target: every touch of it goes through here, to the place that holds the music.

use std::io::{self, Read};
use std::path::Path;
use std::time::SystemTime;

use cap_std::fs::{Dir, File};

use crate::error::DeviceError;
use crate::space::Space;
use crate::storage::{Entry, Folder, Storage};

/// Our folder on every target.
pub(crate) const OURS: &str = ".ferrotape";
/// Files being written; emptied at every start.
pub(crate) const STAGING: &str = ".ferrotape/staging";
/// Removed files by day.
pub(crate) const TRASH: &str = ".ferrotape/trash";

/// The open root.
#[derive(Debug)]
pub(crate) struct Root {
    /// Where our own folder lies: journal, lock, manifest, staging and trash are plain files.
    desk: Folder,
}

impl Root {
    /// Opens a root for looking only; one that is not there yet counts as empty if its parent is there.
    pub(crate) fn preview(path: &Path) -> Result<Self, DeviceError> {
        Ok(Self { desk: Folder::preview(path)? })
    }

    pub(crate) fn open(path: &Path) -> Result<Self, DeviceError> {
        Ok(Self { desk: Folder::open(path)? })
    }

    /// Where a path of the target lies.
    fn side(&self, _path: &str) -> &dyn Storage {
        &self.desk
    }

    /// Where the music lies.
    fn music(&self) -> &dyn Storage {
        &self.desk
    }

    /// The folder in which [`OURS`] lies.
    pub(crate) fn dir(&self) -> &Dir {
        self.desk.dir()
    }

    pub(crate) fn path(&self) -> &Path {
        self.music().path()
    }

    /// Fails if what was opened is not there any more.
    pub(crate) fn check_alive(&self) -> Result<(), DeviceError> {
        self.music().check_alive()
    }

    /// Fails if nothing can be written.
    pub(crate) fn check_writable(&self) -> Result<(), DeviceError> {
        self.music().check_writable()
    }

    pub(crate) fn space(&self) -> Result<Space, DeviceError> {
        self.music().space()
    }

    pub(crate) fn keeps_order(&self) -> bool {
        self.music().keeps_order()
    }

    /// Sorts an I/O error on a file of our own folder by what the caller can do about it.
    pub(crate) fn fault(&self, error: io::Error, doing: &'static str, path: &str) -> DeviceError {
        self.desk.fault(error, doing, path)
    }

    /// Size of the plain file there; `None` when nothing is there, `Some(None)` when it is no plain file.
    pub(crate) fn look(&self, path: &str) -> Result<Option<Option<u64>>, DeviceError> {
        let size = |entry| if let Entry::File { bytes, .. } = entry { Some(bytes) } else { None };
        Ok(self.metadata(path)?.map(size))
    }

    /// What is there, without following links; `None` when nothing is.
    pub(crate) fn metadata(&self, path: &str) -> Result<Option<Entry>, DeviceError> {
        self.side(path).entry(path)
    }

    /// A plain file's bytes, from the first on.
    pub(crate) fn read(&self, path: &str) -> Result<Box<dyn Read + '_>, DeviceError> {
        self.side(path).read(path)
    }

    /// Size and BLAKE3 of a plain file there.
    pub(crate) fn fingerprint(&self, path: &str) -> Result<Option<(u64, String)>, DeviceError> {
        if self.look(path)?.flatten().is_none() {
            return Ok(None);
        }
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(self.read(path)?).map_err(|error| self.fault(error, "read", path))?;
        Ok(Some((hasher.count(), hasher.finalize().to_hex().to_string())))
    }

    /// The names in a folder; none where it is not there.
    pub(crate) fn names_in(&self, folder: &str) -> Result<Vec<String>, DeviceError> {
        self.side(folder).names_in(folder)
    }

    pub(crate) fn create_dir_all(&self, path: &str) -> Result<(), DeviceError> {
        self.side(path).create_dir_all(path)
    }

    pub(crate) fn remove_file(&self, path: &str) -> Result<(), DeviceError> {
        self.side(path).remove_file(path)
    }

    /// Removes a folder; fails where something is in it.
    pub(crate) fn remove_dir(&self, path: &str) -> Result<(), DeviceError> {
        self.side(path).remove_dir(path)
    }

    /// Moves a file over whatever file is there.
    pub(crate) fn rename_over(&self, from: &str, to: &str) -> Result<(), DeviceError> {
        self.side(to).rename_over(from, to)
    }

    /// Moves a file to a free name; [`DeviceError::Occupied`] if the name is taken.
    pub(crate) fn rename_new(&self, from: &str, to: &str) -> Result<(), DeviceError> {
        self.side(to).rename_new(from, to)
    }

    pub(crate) fn set_modified(&self, path: &str, time: SystemTime) -> Result<(), DeviceError> {
        self.side(path).set_modified(path, time)
    }

    /// Makes and writes a file of our own folder, and brings it to the disk.
    pub(crate) fn write_new(&self, path: &str, bytes: &[u8]) -> Result<(), DeviceError> {
        self.desk.write_new(path, bytes)
    }

    /// Opens an existing or new file of our own folder for reading and writing, changing nothing in it.
    pub(crate) fn open_or_create(&self, path: &str) -> Result<File, DeviceError> {
        self.desk.open_or_create(path)
    }

    /// Brings the entries of a folder in our own to the disk, where the platform can.
    pub(crate) fn sync_dir(&self, path: &str) -> Result<(), DeviceError> {
        self.desk.sync_dir(path)
    }

    /// Brings everything written so far to the disk.
    pub(crate) fn sync_all(&self) -> Result<(), DeviceError> {
        self.music().sync_all()
    }
}

//! What a place that holds music must be able to do, whatever it is reached by.
//!
//! Paths are relative to its root, with forward slashes; the root itself is the empty path.

mod folder;
pub(crate) mod mtp;

use std::fmt::Debug;
use std::path::Path;
use std::time::SystemTime;

pub(crate) use folder::{Folder, parent_of};

use crate::allot::in_folder;
use crate::error::DeviceError;
use crate::space::Space;
use crate::sums::Sums;

/// What is at a path. Links are not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entry {
    /// A plain file.
    File {
        /// Its size.
        bytes: u64,
        /// When it was last changed, where that is told.
        modified: Option<SystemTime>,
    },
    /// A folder.
    Folder,
    /// A link, a pipe or a device: never ours.
    Other,
}

impl Entry {
    pub(crate) fn is_dir(self) -> bool {
        self == Self::Folder
    }
}

/// A place that holds music.
pub(crate) trait Storage: Debug + Send + Sync {
    /// How messages name it.
    fn path(&self) -> &Path;

    /// Fails if what was opened is not there any more.
    fn check_alive(&self) -> Result<(), DeviceError>;

    /// Fails if nothing can be written. Asks before anything is tried.
    fn check_writable(&self) -> Result<(), DeviceError>;

    /// How much room there is.
    fn space(&self) -> Result<Space, DeviceError>;

    /// What is there; `None` when nothing is.
    fn entry(&self, path: &str) -> Result<Option<Entry>, DeviceError>;

    /// The names in a folder; none where it is not there.
    fn names_in(&self, folder: &str) -> Result<Vec<String>, DeviceError>;

    /// Whether a folder holds these plain files with these sizes.
    fn holds(&self, folder: &str, files: &[(&str, u64)]) -> Result<bool, DeviceError> {
        for (name, bytes) in files {
            match self.entry(&in_folder(folder, name))? {
                Some(Entry::File { bytes: found, .. }) if found == *bytes => {}
                _ => return Ok(false),
            }
        }
        Ok(true)
    }

    /// The beginning of a plain file, at most so many bytes.
    fn beginning(&self, path: &str, most: u64) -> Result<Vec<u8>, DeviceError>;

    /// Has the system forget what it remembers of a file's bytes, where it can, so that they are read from the disk.
    fn forget_cached(&self, _path: &str) {}

    /// Size and sums of a plain file.
    fn fingerprint(&self, path: &str) -> Result<(u64, Sums), DeviceError>;

    /// Makes a folder and those above it, as far as they are not there.
    fn create_dir_all(&self, path: &str) -> Result<(), DeviceError>;

    /// Removes a file; one that is not there is no error.
    fn remove_file(&self, path: &str) -> Result<(), DeviceError>;

    /// Removes a folder; fails where something is in it.
    fn remove_dir(&self, path: &str) -> Result<(), DeviceError>;

    /// Whether the entries of a folder stay in the order of their making, so that moving files puts them in order.
    fn keeps_order(&self) -> bool;

    /// Sets when a file was last changed.
    fn set_modified(&self, path: &str, time: SystemTime) -> Result<(), DeviceError>;

    /// Brings everything written so far to where it stays. That something could not be written is told once, and not of which
    /// file.
    fn sync_all(&self) -> Result<(), DeviceError>;
}

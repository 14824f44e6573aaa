//! The root of a target: every touch of it goes through here, to the place that holds the music.
//!
//! On a mounted player our own folder lies beside the music. A device that speaks MTP takes whole files only, so its
//! music lies there, and our own folder on this computer: journal, lock, manifest, staging and trash are plain files
//! either way, and what goes from one side to the other is copied whole before it is deleted.

use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use cap_std::fs::{Dir, File};

use crate::error::DeviceError;
use crate::space::Space;
use crate::storage::mtp::Mtp;
use crate::storage::{Entry, Folder, Storage};
use crate::sums::Sums;

/// Our folder on every target.
pub(crate) const OURS: &str = ".ferrotape";
/// Files being written; emptied at every start.
pub(crate) const STAGING: &str = ".ferrotape/staging";
/// Removed files by day.
pub(crate) const TRASH: &str = ".ferrotape/trash";
/// What is on its way from a device to this computer.
const FETCHED: &str = ".ferrotape/fetched.tmp";

/// The open root.
#[derive(Debug)]
pub(crate) struct Root {
    /// Where our own folder lies: journal, lock, manifest, staging and trash are plain files.
    desk: Folder,
    /// The device that the music is sent to, where it is not in the same folder.
    device: Option<Arc<Mtp>>,
    /// Where files lie that a kill left outside of their folder, by the places that are theirs; empty but for those who only look.
    aside: HashMap<String, String>,
}

impl Root {
    /// Opens a root for looking only; one that is not there yet counts as empty if its parent is there.
    pub(crate) fn preview(path: &Path) -> Result<Self, DeviceError> {
        Ok(Self::of(Folder::preview(path)?, None))
    }

    pub(crate) fn open(path: &Path) -> Result<Self, DeviceError> {
        Ok(Self::of(Folder::open(path)?, None))
    }

    /// A device, and the folder on this computer that belongs to it.
    pub(crate) fn on_device(device: Arc<Mtp>, desk: &Path) -> Result<Self, DeviceError> {
        Ok(Self::of(Folder::open(desk)?, Some(device)))
    }

    /// As [`Root::on_device`], for looking only: the folder need not be there.
    pub(crate) fn preview_on_device(device: Arc<Mtp>, desk: &Path) -> Result<Self, DeviceError> {
        Ok(Self::of(Folder::preview_deep(desk)?, Some(device)))
    }

    fn of(desk: Folder, device: Option<Arc<Mtp>>) -> Self {
        Self { desk, device, aside: HashMap::new() }
    }

    /// Has those who only look find files in the places that are theirs although they lie elsewhere.
    pub(crate) fn look_for_aside(&mut self, aside: HashMap<String, String>) {
        self.aside = aside;
    }

    /// The same of one more file.
    pub(crate) fn look_for_one_aside(&mut self, place: String, now: String) {
        self.aside.insert(place, now);
    }

    fn place_now<'p>(&'p self, path: &'p str) -> &'p str {
        self.aside.get(path).map_or(path, String::as_str)
    }

    /// The device, where a path does not lie on this computer.
    fn device_of(&self, path: &str) -> Option<&Mtp> {
        self.device.as_deref().filter(|_| !is_ours(path))
    }

    /// Where a path of the target lies.
    fn side(&self, path: &str) -> &dyn Storage {
        self.device_of(path).map_or(&self.desk, |device| device)
    }

    /// Where the music lies.
    fn music(&self) -> &dyn Storage {
        self.side("")
    }

    /// The device, if it is one.
    pub(crate) fn device(&self) -> Option<&Mtp> {
        self.device.as_deref()
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
        match self.desk.fault(error, doing, path) {
            // The device is not.
            DeviceError::NoSpace { root, path } if self.device.is_some() => {
                let source = io::Error::new(io::ErrorKind::StorageFull, "the disk of this computer is full");
                DeviceError::Io { path: root.join(path), doing, source }
            }
            fault => fault,
        }
    }

    /// Size of the plain file there; `None` when nothing is there, `Some(None)` when it is no plain file.
    pub(crate) fn look(&self, path: &str) -> Result<Option<Option<u64>>, DeviceError> {
        let size = |entry| if let Entry::File { bytes, .. } = entry { Some(bytes) } else { None };
        Ok(self.metadata(path)?.map(size))
    }

    /// What is there, without following links; `None` when nothing is.
    pub(crate) fn metadata(&self, path: &str) -> Result<Option<Entry>, DeviceError> {
        let path = self.place_now(path);
        self.side(path).entry(path)
    }

    /// Whether the folder holds these plain files with these sizes.
    pub(crate) fn holds(&self, folder: &str, files: &[(&str, u64)]) -> Result<bool, DeviceError> {
        self.side(folder).holds(folder, files)
    }

    /// Size and sums of a plain file there.
    pub(crate) fn fingerprint(&self, path: &str) -> Result<Option<(u64, Sums)>, DeviceError> {
        if self.look(path)?.flatten().is_none() {
            return Ok(None);
        }
        let path = self.place_now(path);
        self.side(path).fingerprint(path).map(Some)
    }

    /// As [`Root::fingerprint`], of the bytes that are on the disk, not those that the system remembers.
    pub(crate) fn fingerprint_on_disk(&self, path: &str) -> Result<Option<(u64, Sums)>, DeviceError> {
        let now = self.place_now(path);
        self.side(now).forget_cached(now);
        self.fingerprint(path)
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
        match (self.device_of(from), self.device_of(to)) {
            (None, None) => self.desk.rename_over(from, to),
            (_, Some(device)) => {
                device.remove_file(to)?;
                self.rename_new(from, to)
            }
            (Some(_), None) => {
                self.desk.remove_file(to)?;
                self.rename_new(from, to)
            }
        }
    }

    /// Moves a file to a free name; [`DeviceError::Occupied`] if the name is taken.
    pub(crate) fn rename_new(&self, from: &str, to: &str) -> Result<(), DeviceError> {
        match (self.device_of(from), self.device_of(to)) {
            (None, None) => self.desk.rename_new(from, to),
            (None, Some(device)) => {
                self.send(device, from, to)?;
                self.desk.remove_file(from)
            }
            (Some(device), None) => {
                self.fetch(device, from)?;
                self.desk.rename_new(FETCHED, to)?;
                device.remove_file(from)
            }
            (Some(device), Some(_)) => self.move_on(device, from, to),
        }
    }

    /// Moves a file on the device to a free name: by its own means, else by reading it and sending it anew.
    fn move_on(&self, device: &Mtp, from: &str, to: &str) -> Result<(), DeviceError> {
        if device.entry(to)?.is_some() {
            return Err(DeviceError::Occupied { path: to.to_owned() });
        }
        if device.rename(from, to)? {
            return Ok(());
        }
        self.fetch(device, from)?;
        self.send(device, FETCHED, to)?;
        self.desk.remove_file(FETCHED)?;
        device.remove_file(from)
    }

    fn send(&self, device: &Mtp, from: &str, to: &str) -> Result<(), DeviceError> {
        let file = self.dir().open(from).map_err(|error| self.fault(error, "read", from))?;
        device.send(&mut file.into_std(), to)
    }

    /// Brings a file of the device to the disk of this computer, as [`FETCHED`]. All of it is there when this returns: what is
    /// read may be deleted after.
    fn fetch(&self, device: &Mtp, from: &str) -> Result<(), DeviceError> {
        let fault = |error| self.fault(error, "written", FETCHED);
        let mut file = self.dir().create(FETCHED).map_err(fault)?;
        let bytes = device.fetch(from, &mut file)?;
        file.sync_all().map_err(fault)?;
        match file.metadata().map_err(fault)?.len() {
            kept if kept == bytes => Ok(()),
            kept => Err(fault(io::Error::other(format!("{kept} of {bytes} bytes are there")))),
        }
    }

    pub(crate) fn set_modified(&self, path: &str, time: SystemTime) -> Result<(), DeviceError> {
        self.side(path).set_modified(path, time)
    }

    /// Makes and writes a file of our own folder, and brings it to the disk.
    pub(crate) fn write_new(&self, path: &str, bytes: &[u8]) -> Result<(), DeviceError> {
        self.desk.write_new(path, bytes)
    }

    /// Makes and writes a file of our own folder, to be brought to the disk later.
    pub(crate) fn write_unsynced(&self, path: &str, bytes: &[u8]) -> Result<(), DeviceError> {
        self.desk.make_way(path)?;
        self.dir().write(path, bytes).map_err(|error| self.fault(error, "written", path))
    }

    /// Opens an existing or new file of our own folder for reading and writing, changing nothing in it.
    pub(crate) fn open_or_create(&self, path: &str) -> Result<File, DeviceError> {
        self.desk.open_or_create(path)
    }

    /// Brings the entries of a folder in our own to the disk, where the platform can.
    pub(crate) fn sync_dir(&self, path: &str) -> Result<(), DeviceError> {
        self.desk.sync_dir(path)
    }

    /// Brings everything written so far to the disk. That something could not be written is told once, and not of which file.
    pub(crate) fn sync_all(&self) -> Result<(), DeviceError> {
        self.music().sync_all()
    }

    /// Whether [`Root::sync_all`] ever told that since this was opened.
    pub(crate) fn lost_a_write(&self) -> bool {
        self.desk.lost_a_write()
    }

    /// Keeps the journal for the next opening, which looks at what it names.
    pub(crate) fn note_lost_write(&self) {
        self.desk.note_lost_write();
    }
}

/// Whether a path lies in our own folder.
fn is_ours(path: &str) -> bool {
    path.strip_prefix(OURS).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

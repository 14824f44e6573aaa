//! An open folder: a mounted player, or any other.
//!
//! It is held open for the life of a [`crate::Target`]; paths below it are resolved from it and cannot leave it
//! (symbolic links included). A player that is pulled makes these calls fail instead of letting us fill the empty
//! mount point it leaves behind.

use std::fs::FileTimes;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use cap_std::ambient_authority;
use cap_std::fs::{Dir, File, Metadata, OpenOptions};

use super::{Entry, Storage};
use crate::error::DeviceError;
use crate::space::{Space, space_at};
use crate::sums::{Summing, Sums};

/// Which disk and folder it was when it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Birthmark(u64, u64);

/// The open folder.
#[derive(Debug)]
pub(crate) struct Folder {
    dir: Dir,
    path: PathBuf,
    birthmark: Birthmark,
    /// Where the system shows the disk as long as it is plugged in; the folder of one that was pulled out may still be there.
    disk: Option<PathBuf>,
    /// The folder is not there yet and this is only a look: its parent stands in, and nothing is below it.
    absent: bool,
    /// Open since before anything was written here. Linux tells each open file, once, of the writes that failed on its file
    /// system since it was opened; one that is opened after another was told would learn of none.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    witness: Option<File>,
    lost_a_write: AtomicBool,
}

impl Folder {
    /// Opens a folder for looking only; one that is not there yet counts as empty if its parent is there.
    pub(crate) fn preview(path: &Path) -> Result<Self, DeviceError> {
        if path.exists() {
            return Self::open(path);
        }
        let parent = parent_of(path);
        Ok(Self { absent: true, ..Self::open(parent)? })
    }

    /// As [`Folder::preview`], for a folder that is made with all above it when it is needed.
    pub(crate) fn preview_deep(path: &Path) -> Result<Self, DeviceError> {
        match path.ancestors().find(|above| above.exists()) {
            Some(above) if above != path => Ok(Self { absent: true, ..Self::open(above)? }),
            _ => Self::open(path),
        }
    }

    pub(crate) fn open(path: &Path) -> Result<Self, DeviceError> {
        let refuse = |reason: String| DeviceError::NotAFolder { path: path.to_owned(), reason };
        let metadata = std::fs::metadata(path).map_err(|error| match error.kind() {
            io::ErrorKind::PermissionDenied => {
                DeviceError::NotWritable { path: path.to_owned(), reason: error.to_string() }
            }
            _ => refuse(error.to_string()),
        })?;
        if !metadata.is_dir() {
            return Err(refuse("it is a file".to_owned()));
        }
        let dir = Dir::open_ambient_dir(path, ambient_authority()).map_err(|error| match error.kind() {
            io::ErrorKind::PermissionDenied => {
                DeviceError::NotWritable { path: path.to_owned(), reason: error.to_string() }
            }
            _ => refuse(error.to_string()),
        })?;
        let (birthmark, disk) = (birthmark(&metadata), disk_of(&metadata));
        Ok(Self {
            #[cfg(any(target_os = "linux", target_os = "android"))]
            witness: dir.open(".").ok(),
            dir,
            path: path.to_owned(),
            birthmark,
            disk,
            absent: false,
            lost_a_write: AtomicBool::new(false),
        })
    }

    pub(crate) fn dir(&self) -> &Dir {
        &self.dir
    }

    /// Whether a write failed on this file system since it was opened, as far as a sync of all has told: of whichever file.
    pub(crate) fn lost_a_write(&self) -> bool {
        self.lost_a_write.load(Ordering::SeqCst)
    }

    /// Keeps the journal for the next opening, which looks at what it names.
    pub(crate) fn note_lost_write(&self) {
        self.lost_a_write.store(true, Ordering::SeqCst);
    }

    /// Sorts an I/O error on `path` by what the caller can do about it.
    pub(crate) fn fault(&self, error: io::Error, doing: &'static str, path: &str) -> DeviceError {
        use io::ErrorKind as Kind;
        if self.check_alive().is_err() {
            return DeviceError::TargetGone { root: self.path.clone() };
        }
        match error.kind() {
            Kind::StorageFull | Kind::QuotaExceeded => {
                DeviceError::NoSpace { root: self.path.clone(), path: path.to_owned() }
            }
            Kind::ReadOnlyFilesystem | Kind::PermissionDenied => {
                DeviceError::NotWritable { path: self.path.join(path), reason: error.to_string() }
            }
            _ => DeviceError::Io { path: self.path.join(path), doing, source: error },
        }
    }

    /// Makes and writes a file, and brings it to the disk.
    pub(crate) fn write_new(&self, path: &str, bytes: &[u8]) -> Result<(), DeviceError> {
        self.make_way(path)?;
        let write = || -> io::Result<()> {
            let mut file =
                self.dir.open_with(path, OpenOptions::new().write(true).create(true).truncate(true))?;
            file.write_all(bytes)?;
            file.sync_all()
        };
        write().map_err(|error| self.fault(error, "written", path))
    }

    /// Removes what lies there if writing to it would change another file: a link, or a file that has a second name, as a copy
    /// of links (`cp -al`) gives it.
    pub(crate) fn make_way(&self, path: &str) -> Result<(), DeviceError> {
        match self.dir.symlink_metadata(path) {
            Ok(there) if there.is_file() && has_one_name(&there) => Ok(()),
            Ok(_) => self.remove_file(path),
            Err(error) if is_absent(&error) => Ok(()),
            Err(error) => Err(self.fault(error, "read", path)),
        }
    }

    /// Opens an existing or new file for reading and writing, changing nothing in it. A link gives way to a new one.
    pub(crate) fn open_or_create(&self, path: &str) -> Result<File, DeviceError> {
        if self.dir.symlink_metadata(path).is_ok_and(|there| there.is_symlink()) {
            self.remove_file(path)?;
        }
        let options = OpenOptions::new().read(true).write(true).create(true).clone();
        self.dir.open_with(path, &options).map_err(|error| self.fault(error, "opened", path))
    }

    /// Brings a folder's entries to the disk, where the platform can.
    pub(crate) fn sync_dir(&self, path: &str) -> Result<(), DeviceError> {
        if cfg!(unix) {
            let synced = self.dir.open(path).and_then(|dir| dir.sync_all());
            match synced {
                // FUSE file systems may not know this; the data is as safe as it can be there.
                Err(error) if !is_unsupported(&error) => return Err(self.fault(error, "synced", path)),
                _ => {}
            }
        }
        Ok(())
    }

    /// Moves a file over whatever file is there.
    pub(crate) fn rename_over(&self, from: &str, to: &str) -> Result<(), DeviceError> {
        self.dir.rename(from, &self.dir, to).map_err(|error| self.fault(error, "renamed", to))
    }

    /// Moves a file to a free name; [`DeviceError::Occupied`] if the name is taken.
    pub(crate) fn rename_new(&self, from: &str, to: &str) -> Result<(), DeviceError> {
        // Asked first as well: some file systems do not know the flag, and then this is what there is.
        if self.entry(to)?.is_some() {
            return Err(DeviceError::Occupied { path: to.to_owned() });
        }
        match self.rename_exclusive(from, to) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Err(DeviceError::Occupied { path: to.to_owned() })
            }
            Err(error) if is_unsupported(&error) => self.rename_over(from, to),
            Err(error) => Err(self.fault(error, "renamed", to)),
        }
    }

    #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
    fn rename_exclusive(&self, from: &str, to: &str) -> io::Result<()> {
        let (from_dir, from_name) = self.open_parent(from)?;
        let (to_dir, to_name) = self.open_parent(to)?;
        let flags = rustix::fs::RenameFlags::NOREPLACE;
        Ok(rustix::fs::renameat_with(&from_dir, from_name, &to_dir, to_name, flags)?)
    }

    #[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
    fn rename_exclusive(&self, _from: &str, _to: &str) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
    fn open_parent<'a>(&self, path: &'a str) -> io::Result<(Dir, &'a str)> {
        let (parent, name) = path.rsplit_once('/').unwrap_or((".", path));
        Ok((self.dir.open_dir(parent)?, name))
    }
}

impl Storage for Folder {
    fn path(&self) -> &Path {
        &self.path
    }

    fn check_alive(&self) -> Result<(), DeviceError> {
        let is_plugged_in = self.disk.as_ref().is_none_or(|disk| disk.exists());
        match std::fs::metadata(&self.path) {
            Ok(metadata) if is_plugged_in && birthmark(&metadata) == self.birthmark => Ok(()),
            _ => Err(DeviceError::TargetGone { root: self.path.clone() }),
        }
    }

    fn check_writable(&self) -> Result<(), DeviceError> {
        let refuse = |reason: String| DeviceError::NotWritable { path: self.path.clone(), reason };
        if self.space()?.read_only {
            return Err(refuse(
                "mounted read-only, as a system also does where the file system is damaged".to_owned(),
            ));
        }
        // Trying would change the folder's time.
        #[cfg(unix)]
        rustix::fs::access(&self.path, rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK)
            .map_err(|error| refuse(io::Error::from(error).to_string()))?;
        Ok(())
    }

    fn space(&self) -> Result<Space, DeviceError> {
        space_at(&self.dir).map_err(|error| self.fault(error, "measured", "."))
    }

    fn entry(&self, path: &str) -> Result<Option<Entry>, DeviceError> {
        match self.dir.symlink_metadata(path) {
            _ if self.absent => Ok(None),
            Ok(metadata) => Ok(Some(entry_of(&metadata))),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(self.fault(error, "read", path)),
        }
    }

    fn names_in(&self, folder: &str) -> Result<Vec<String>, DeviceError> {
        let folder = if folder.is_empty() { "." } else { folder };
        if !self.entry(folder)?.is_some_and(Entry::is_dir) {
            return Ok(Vec::new());
        }
        let entries = self.dir.read_dir(folder).map_err(|error| self.fault(error, "read", folder))?;
        let name = |entry: io::Result<cap_std::fs::DirEntry>| {
            let entry = entry.map_err(|error| self.fault(error, "read", folder))?;
            Ok(entry.file_name().to_string_lossy().into_owned())
        };
        entries.map(name).collect()
    }

    /// Far quicker than to ask for each by its whole path.
    fn holds(&self, folder: &str, files: &[(&str, u64)]) -> Result<bool, DeviceError> {
        let folder = if folder.is_empty() { "." } else { folder };
        if !self.entry(folder)?.is_some_and(Entry::is_dir) {
            return Ok(false);
        }
        let dir = self.dir.open_dir(folder).map_err(|error| self.fault(error, "read", folder))?;
        for (name, bytes) in files {
            match dir.symlink_metadata(name) {
                Ok(there) if there.is_file() && there.len() == *bytes => {}
                Ok(_) => return Ok(false),
                Err(error) if is_absent(&error) => return Ok(false),
                Err(error) => return Err(self.fault(error, "read", folder)),
            }
        }
        Ok(true)
    }

    fn beginning(&self, path: &str, most: u64) -> Result<Vec<u8>, DeviceError> {
        let mut bytes = Vec::new();
        let read = self.dir.open(path).and_then(|file| file.take(most).read_to_end(&mut bytes));
        read.map_err(|error| self.fault(error, "read", path))?;
        Ok(bytes)
    }

    /// Pages that are on the disk already; others stay until they are.
    #[cfg(target_os = "linux")]
    fn forget_cached(&self, path: &str) {
        if let Ok(file) = self.dir.open(path) {
            let _ = rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::DontNeed);
        }
    }

    fn fingerprint(&self, path: &str) -> Result<(u64, Sums), DeviceError> {
        let read = |mut file| Summing::default().read_all(&mut file);
        self.dir.open(path).and_then(read).map_err(|error| self.fault(error, "read", path))
    }

    fn create_dir_all(&self, path: &str) -> Result<(), DeviceError> {
        self.dir.create_dir_all(path).map_err(|error| self.fault(error, "made", path))
    }

    fn remove_file(&self, path: &str) -> Result<(), DeviceError> {
        match self.dir.remove_file(path) {
            Err(error) if !is_absent(&error) => Err(self.fault(error, "removed", path)),
            _ => Ok(()),
        }
    }

    fn remove_dir(&self, path: &str) -> Result<(), DeviceError> {
        self.dir.remove_dir(path).map_err(|error| self.fault(error, "removed", path))
    }

    /// FAT, exFAT, and what may be one of them behind FUSE.
    #[cfg(target_os = "linux")]
    fn keeps_order(&self) -> bool {
        const KINDS: [u64; 3] = [0x4d44, 0x2011_bab0, 0x6573_5546];
        rustix::fs::fstatfs(&self.dir).is_ok_and(|stat| KINDS.contains(&(stat.f_type as u64)))
    }

    /// Elsewhere the names are compared, and what cannot be ordered is told.
    #[cfg(not(target_os = "linux"))]
    fn keeps_order(&self) -> bool {
        true
    }

    fn set_modified(&self, path: &str, time: SystemTime) -> Result<(), DeviceError> {
        let set = || {
            let file = self.dir.open_with(path, OpenOptions::new().write(true))?;
            // Both times: exfat-fuse sets none where it is asked to leave one alone.
            file.into_std().set_times(FileTimes::new().set_accessed(time).set_modified(time))
        };
        set().map_err(|error| self.fault(error, "dated", path))
    }

    fn sync_all(&self) -> Result<(), DeviceError> {
        #[cfg(any(target_os = "linux", target_os = "android"))]
        {
            let synced = match &self.witness {
                Some(witness) => rustix::fs::syncfs(witness).map_err(io::Error::from),
                None => self.dir.open(".").and_then(|dir| Ok(rustix::fs::syncfs(&dir)?)),
            };
            synced.map_err(|error| {
                self.lost_a_write.store(true, Ordering::SeqCst);
                self.fault(error, "written to", ".")
            })?;
        }
        Ok(())
    }
}

/// The folder a path lies in; `.` for a bare name.
pub(crate) fn parent_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) => parent,
        None => path,
    }
}

fn entry_of(metadata: &Metadata) -> Entry {
    if metadata.is_dir() {
        Entry::Folder
    } else if metadata.is_file() {
        let modified = metadata.modified().ok().map(cap_std::time::SystemTime::into_std);
        Entry::File { bytes: metadata.len(), modified }
    } else {
        Entry::Other
    }
}

#[cfg(unix)]
fn has_one_name(metadata: &Metadata) -> bool {
    use cap_std::fs::MetadataExt;
    metadata.nlink() <= 1
}

#[cfg(not(unix))]
fn has_one_name(_metadata: &Metadata) -> bool {
    true
}

#[cfg(unix)]
fn birthmark(metadata: &std::fs::Metadata) -> Birthmark {
    use std::os::unix::fs::MetadataExt;
    Birthmark(metadata.dev(), metadata.ino())
}

#[cfg(not(unix))]
fn birthmark(_metadata: &std::fs::Metadata) -> Birthmark {
    Birthmark(0, 0)
}

/// Where Linux shows the disk that a folder lies on; `None` where it lies on none of its own, or that is not told.
#[cfg(target_os = "linux")]
fn disk_of(metadata: &std::fs::Metadata) -> Option<PathBuf> {
    use std::os::unix::fs::MetadataExt;
    let (major, minor) = (rustix::fs::major(metadata.dev()), rustix::fs::minor(metadata.dev()));
    let shown = PathBuf::from(format!("/sys/dev/block/{major}:{minor}"));
    shown.exists().then_some(shown)
}

#[cfg(not(target_os = "linux"))]
fn disk_of(_metadata: &std::fs::Metadata) -> Option<PathBuf> {
    None
}

/// Whether nothing of ours can be there: also behind a file, or behind a link that leads out of the root (that
/// refusal comes from `cap-std`, not from the system).
fn is_absent(error: &io::Error) -> bool {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => true,
        io::ErrorKind::PermissionDenied => error.raw_os_error().is_none(),
        _ => false,
    }
}

fn is_unsupported(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn writing_reaches_no_other_file() {
        let there = tempfile::tempdir().unwrap();
        let folder = Folder::open(there.path()).unwrap();
        let [mine, place] = ["mine.mp3", "place"].map(|name| there.path().join(name));
        std::fs::write(&mine, "mine").unwrap();
        let untouched = || {
            assert_eq!(std::fs::read(&mine).unwrap(), b"mine");
            assert_eq!(std::fs::read(&place).unwrap(), b"new");
            std::fs::remove_file(&place).unwrap();
        };
        std::os::unix::fs::symlink("mine.mp3", &place).unwrap();
        folder.write_new("place", b"new").unwrap();
        untouched();
        std::fs::hard_link(&mine, &place).unwrap();
        folder.write_new("place", b"new").unwrap();
        untouched();
        std::os::unix::fs::symlink("mine.mp3", &place).unwrap();
        folder.open_or_create("place").unwrap().write_all(b"new").unwrap();
        untouched();
    }
}

//! How much room a target has, and which files fit.

use std::io;
use std::path::Path;
use std::sync::atomic::Ordering;

use cap_std::fs::Dir;

use crate::error::DeviceError;
use crate::root::Root;
use crate::target::Target;

/// Free bytes and the size of the smallest piece a file takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Space {
    /// Bytes free for us.
    pub(crate) free: u64,
    /// Bytes of the whole file system; 0 where that cannot be told.
    pub(crate) total: u64,
    /// Bytes of one block or cluster.
    pub(crate) block: u64,
    /// Whether the file system is mounted read-only.
    pub(crate) read_only: bool,
}

/// How much room there is where the music lies.
pub(crate) fn space_of(root: &Root) -> Result<Space, DeviceError> {
    root.space()
}

/// Asks the file system.
#[cfg(unix)]
pub(crate) fn space_at(dir: &Dir) -> io::Result<Space> {
    let stat = rustix::fs::fstatvfs(dir)?;
    let block = stat.f_frsize.max(1);
    let read_only = stat.f_flag.contains(rustix::fs::StatVfsMountFlags::RDONLY);
    let bytes = |blocks: u64| blocks.saturating_mul(block);
    Ok(Space { free: bytes(stat.f_bavail), total: bytes(stat.f_blocks), block, read_only })
}

/// Elsewhere there is no portable question; nothing is held back and a full disk shows when it is full.
#[cfg(not(unix))]
pub(crate) fn space_at(_dir: &Dir) -> io::Result<Space> {
    Ok(Space { free: u64::MAX, total: 0, block: 4096, read_only: false })
}

/// Bytes free for us where the folder `path` is.
#[cfg(unix)]
pub fn bytes_free_at(path: &Path) -> io::Result<u64> {
    let stat = rustix::fs::statvfs(path)?;
    Ok(stat.f_bavail.saturating_mul(stat.f_frsize.max(1)))
}

/// Elsewhere there is no portable question; see [`space_at`].
#[cfg(not(unix))]
pub fn bytes_free_at(_path: &Path) -> io::Result<u64> {
    Ok(u64::MAX)
}

impl Target {
    /// Whether so much can be written now, before the playlists and the manifest, which are worth more. `taken` gives the bytes.
    pub(crate) fn check_room(&self, path: &str, taken: impl Fn(Space) -> u64) -> Result<(), DeviceError> {
        let space = space_of(&self.root)?;
        let kept_free = self.kept_free.load(Ordering::Relaxed);
        if space.free < taken(space).saturating_add(kept_free) {
            return Err(DeviceError::NoSpace { root: self.root.path().to_owned(), path: path.to_owned() });
        }
        Ok(())
    }
}

impl Space {
    /// What a file of that size really takes.
    pub(crate) fn taken_by(self, bytes: u64) -> u64 {
        bytes.div_ceil(self.block).saturating_mul(self.block)
    }

    /// What so many new folders take, at least: of a card with large clusters a tenth, where each album has two of them.
    pub(crate) fn taken_by_folders(self, folders: usize) -> u64 {
        self.block.saturating_mul(folders as u64)
    }
}

/// What the end of a run writes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AtTheEnd {
    /// Files that the manifest lists.
    pub(crate) files: usize,
    /// Entries of the playlists that are there, and of those to come.
    pub(crate) entries: usize,
    /// Playlists that have no file yet.
    pub(crate) new_lists: usize,
}

impl AtTheEnd {
    /// Bytes kept free while there is a choice: for the manifest, the journal, playlists and folders.
    pub(crate) fn reserve(self, space: Space) -> u64 {
        let manifest = (self.files as u64).saturating_mul(500);
        self.least(space).saturating_add(1024 * 1024).saturating_add(manifest)
    }

    /// Bytes without which there may be no end.
    pub(crate) fn least(self, space: Space) -> u64 {
        // A manifest's entry is about 400 bytes, and old and new lie side by side for a moment. A playlist's is about 80 of the
        // manifest and, twice, of the journal, and a line of its file.
        let files = (self.files as u64).saturating_mul(500);
        let entries = (self.entries as u64).saturating_mul(300);
        // Both journals, the new manifest, a list that is written anew, notes, and the order's folder begin a cluster each.
        let begun = space.taken_by_folders(self.new_lists.saturating_add(8));
        files.saturating_add(entries).saturating_add(begun)
    }
}

//! How much room a target has, and which files fit.

use std::io;
use std::path::Path;

use cap_std::fs::Dir;

use crate::error::DeviceError;
use crate::root::Root;

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

impl Space {
    /// What a file of that size really takes.
    pub(crate) fn taken_by(self, bytes: u64) -> u64 {
        bytes.div_ceil(self.block).saturating_mul(self.block)
    }
}

/// Kept free for the manifest, the journal, playlists and folders. `entries` are those of the playlists that are there, and of
/// those to come.
pub(crate) fn reserve_for(files: usize, entries: usize) -> u64 {
    let (files, entries) = (files as u64, entries as u64);
    // A manifest entry is about 400 bytes, and old and new lie side by side for a moment. A playlist's entry is about 80 of the
    // manifest and, twice, of the journal, and a line of its file.
    (1024 * 1024u64).saturating_add(files.saturating_mul(1000)).saturating_add(entries.saturating_mul(300))
}

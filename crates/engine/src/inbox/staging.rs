//! Where files of a drop are put before they are filed: beside their place, so that filing is a rename.
//!
//! What a run that was killed left here is of no use and goes first; nothing else ever lies here.

use std::cell::Cell;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use ferrotape_audio::Probed;
use ferrotape_domain::{Cancel, ListedFile};

use super::FileNews;
use crate::shelves::Summed;

/// A file that is staged.
pub(super) struct Piece {
    /// Folders in the drop, and its own name, last.
    pub(super) path: Vec<String>,
    /// The file it is a copy of, where that lies in a folder. Two names may look alike, two files never are one.
    pub(super) from: Option<PathBuf>,
    pub(super) staged: Staged,
    /// What it is; `None` for what goes along.
    pub(super) sound: Option<Probed>,
}

/// What a drop holds.
#[derive(Default)]
pub(super) struct Gathered {
    pub(super) pieces: Vec<Piece>,
    /// What is known already, refused or broken.
    pub(super) news: Vec<FileNews>,
    /// Files of a zip that are neither sound nor go along.
    pub(super) left: usize,
    /// Files of a zip that were to go along, but nothing of it is filed with them.
    pub(super) alone: Vec<String>,
    /// Bytes of a zip's file that are no part of the archive.
    pub(super) stray_bytes: u64,
}

/// Why a drop was not taken.
pub(super) enum Stop {
    /// There is no music in it.
    NoMusic,
    /// It cannot be: why.
    Drop(String),
    /// Not now: why.
    Later(String),
    /// The user wants to stop.
    User,
}

pub(super) struct Staging {
    folder: PathBuf,
    next: Cell<u32>,
}

impl Staging {
    /// An empty one.
    pub(super) fn fresh(collection: &Path) -> io::Result<Self> {
        let folder = collection.join(".ferrotape").join("inbox");
        fs::create_dir_all(&folder)?;
        for left in fs::read_dir(&folder)? {
            fs::remove_file(left?.path())?;
        }
        Ok(Self { folder, next: Cell::new(0) })
    }

    /// Puts all that comes out of `reader` into a file that is safe on the disk.
    pub(super) fn put(&self, reader: &mut dyn Read) -> io::Result<Staged> {
        let number = self.next.get();
        self.next.set(number.wrapping_add(1));
        let path = self.folder.join(format!("{number}.part"));
        let mut staged = Staged { path, size: 0, sha256: String::new() };
        (staged.size, staged.sha256) = write(&staged.path, reader)?;
        Ok(staged)
    }
}

/// A file that was put aside; gone with its owner unless it was filed.
pub(super) struct Staged {
    pub(super) path: PathBuf,
    pub(super) size: u64,
    pub(super) sha256: String,
}

impl Drop for Staged {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
        // Ours only when nothing else of ours is in it.
        let _ = self.folder.parent().map(fs::remove_dir);
    }
}

fn write(path: &Path, reader: &mut dyn Read) -> io::Result<(u64, String)> {
    let mut summed = Summed::new(reader);
    let mut file = File::create(path)?;
    let size = io::copy(&mut summed, &mut file)?;
    file.flush()?;
    file.sync_all()?;
    Ok((size, summed.sum()))
}

/// A reader that ends when the user wants to stop.
pub(super) struct Stoppable<'a, R> {
    pub(super) inner: R,
    pub(super) cancel: &'a Cancel,
}

impl<R: Read> Read for Stoppable<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.cancel.is_stopped() {
            return Err(io::Error::other("stopped"));
        }
        self.inner.read(buffer)
    }
}

/// Whether the file is as it was listed.
pub(super) fn is_unchanged(file: &ListedFile) -> bool {
    file.path.symlink_metadata().is_ok_and(|found| super::listing::listed(file.path.clone(), &found) == *file)
}

//! Sound that was encoded before, kept by what decides it: filling a second player, or the same one anew, encodes nothing.
//!
//! An entry is a file named by its key, in one of 256 folders. It is written beside its place and renamed, so two
//! ferrotapes may share a cache and a kill leaves no half entry; it carries hashes of all it holds, so one that was
//! damaged or swapped is thrown away, never believed. When it was last used is its time of change: access times are
//! not kept on many systems. A cache that cannot be used costs time, no music.

mod entry;
mod shelf;

use std::fs::{self, File};
use std::io::{self, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::SystemTime;

use ferrotape_audio::MadeMp3;
use ferrotape_device::bytes_free_at;

use entry::Facts;
pub(crate) use entry::Kept;
use shelf::{BEING_WRITTEN, Shelf};

use crate::locked;

/// The most a cache takes unless another size is named.
const USUAL_LIMIT: u64 = 10 << 30;
/// And never more than one part in so many of what its disk would have free without it.
const SHARE_OF_FREE: u64 = 10;

/// What decides the sound of an entry, hashed: 64 hex digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SoundKey(pub(crate) String);

/// A folder of sound that was encoded before. Nothing is read or made before it is needed.
#[derive(Debug)]
pub struct SoundCache {
    folder: PathBuf,
    limit: Option<u64>,
    /// What is in it, once something was added.
    shelf: Mutex<Option<Shelf>>,
}

/// How full a cache is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inventory {
    /// Recordings in it.
    pub entries: u64,
    /// Bytes they take.
    pub bytes: u64,
    /// The most they may take.
    pub limit: u64,
}

impl SoundCache {
    /// The cache in `folder`, of at most `limit` bytes; without one, of 10 GiB or a tenth of what its disk would have
    /// free without it, whichever is less.
    pub fn new(folder: PathBuf, limit: Option<u64>) -> Self {
        Self { folder, limit, shelf: Mutex::new(None) }
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether there is anything in it, without a look at what.
    pub(crate) fn keeps_any(&self) -> bool {
        fs::read_dir(&self.folder).is_ok_and(|mut entries| entries.next().is_some())
    }

    /// Counts what is in it.
    pub fn inventory(&self) -> io::Result<Inventory> {
        let shelf = Shelf::read(&self.folder)?;
        Ok(Inventory {
            entries: shelf.entries() as u64,
            bytes: shelf.bytes(),
            limit: self.limit(shelf.bytes())?,
        })
    }

    /// Removes every entry; gives how many they were and their bytes. What is not ours in the folder stays.
    pub fn clear(&self) -> io::Result<(u64, u64)> {
        *locked(&self.shelf) = None;
        shelf::clear(&self.folder)
    }

    fn limit(&self, taken: u64) -> io::Result<u64> {
        if let Some(limit) = self.limit {
            return Ok(limit);
        }
        // Asked of the nearest folder that is there: before the first entry there is none.
        let there = self.folder.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("/"));
        Ok((bytes_free_at(there)?.saturating_add(taken) / SHARE_OF_FREE).min(USUAL_LIMIT))
    }

    /// The sound of this key, if it is there and sound as far as its end tells; the rest shows when it is read.
    pub(crate) fn find(&self, key: &SoundKey) -> io::Result<Option<Kept>> {
        let path = self.place(key);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        match entry::read(file, key) {
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                self.discard(key);
                Ok(None)
            }
            other => other.map(Some),
        }
    }

    /// Remembers that this entry was used. A folder that cannot be written keeps its old order.
    pub(crate) fn touch(&self, key: &SoundKey) {
        let file = File::options().append(true).open(self.place(key));
        let _ = file.and_then(|file| file.set_modified(SystemTime::now()));
    }

    /// Throws an entry away that turned out to be damaged.
    pub(crate) fn discard(&self, key: &SoundKey) {
        // One that cannot be removed is found damaged again.
        let _ = fs::remove_file(self.place(key));
    }

    /// Keeps the sound of a finished MP3, read from its file `from`; makes room by removing what was not used for
    /// longest. What is larger than the whole cache is not kept.
    pub(crate) fn keep(&self, key: &SoundKey, made: &MadeMp3, from: &mut File) -> io::Result<()> {
        let facts = entry::facts(key, made);
        let bytes = entry::size(&facts);
        let path = self.place(key);
        if !self.make_room(&path, bytes)? {
            return Ok(());
        }
        let written = self.write(&path, facts, made, from);
        if let Some(shelf) = &mut *locked(&self.shelf) {
            match &written {
                Ok(()) => shelf.add(path, bytes),
                Err(_) => shelf.give_back(bytes),
            }
        }
        written
    }

    /// Beside its place and then renamed, so that there is never half an entry.
    fn write(&self, path: &Path, facts: Facts, made: &MadeMp3, from: &mut File) -> io::Result<()> {
        fs::create_dir_all(path.parent().unwrap_or(&self.folder))?;
        let (begin, end) = BEING_WRITTEN;
        let mut part = tempfile::Builder::new().prefix(begin).suffix(end).tempfile_in(&self.folder)?;
        from.seek(SeekFrom::Start(made.sound.start))?;
        entry::write(facts, from, part.as_file_mut())?;
        part.as_file().sync_data()?;
        part.persist(path).map_err(|failed| failed.error)?;
        Ok(())
    }

    fn make_room(&self, path: &Path, bytes: u64) -> io::Result<bool> {
        let mut shelf = locked(&self.shelf);
        let shelf = match &mut *shelf {
            Some(shelf) => shelf,
            empty => {
                shelf::sweep(&self.folder)?;
                let mut read = Shelf::read(&self.folder)?;
                read.limit = self.limit(read.bytes())?;
                empty.insert(read)
            }
        };
        Ok(shelf.make_room(path, bytes))
    }

    fn place(&self, key: &SoundKey) -> PathBuf {
        self.folder.join(key.0.get(..2).unwrap_or_default()).join(&key.0)
    }
}

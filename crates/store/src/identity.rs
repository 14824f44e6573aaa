//! What tells this library from others, on players that several of them fill.

use std::collections::hash_map::RandomState;
use std::fs::File;
use std::hash::{BuildHasher, Hasher};
use std::io::{ErrorKind, Read, Write};
use std::path::Path;

use crate::StoreError;
use crate::library::{Library, Result};

const FILE: &str = "library.id";
const FILE_NEW: &str = "library.id.new";
/// Hexadecimal digits.
const DIGITS: usize = 32;

impl Library {
    /// Its mark: made by chance when it is first asked for, and kept in the library's folder. Says nothing of anybody. `None` in
    /// memory.
    pub fn id(&self) -> Result<Option<String>> {
        let Some(folder) = self.folder() else { return Ok(None) };
        let known = read(&folder.join(FILE))?;
        known.map_or_else(|| make(folder), Ok).map(Some)
    }
}

/// `None` where there is none, or something else lies there.
fn read(path: &Path) -> Result<Option<String>> {
    let mut text = String::new();
    let came = File::open(path).and_then(|file| file.take(DIGITS as u64 + 1).read_to_string(&mut text));
    match came {
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::InvalidData) => Ok(None),
        Err(error) => Err(StoreError::io(path, error)),
        Ok(_) => {
            let id = text.trim_end();
            let is_one = id.len() == DIGITS && id.bytes().all(|byte| byte.is_ascii_hexdigit());
            Ok(is_one.then(|| id.to_owned()))
        }
    }
}

/// On the disk when this returns: players tell of it.
fn make(folder: &Path) -> Result<String> {
    let id = format!("{:016x}{:016x}", by_chance(), by_chance());
    let (path, unfinished) = (folder.join(FILE), folder.join(FILE_NEW));
    let write = || {
        let mut file = File::create(&unfinished)?;
        writeln!(file, "{id}")?;
        file.sync_all()?;
        std::fs::rename(&unfinished, &path)?;
        if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
    };
    write().map_err(|error| StoreError::io(&path, error))?;
    Ok(id)
}

/// The keys of the standard library's maps are random.
fn by_chance() -> u64 {
    RandomState::new().build_hasher().finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_made_once_for_a_folder() {
        let [one, other] = [(); 2].map(|()| tempfile::tempdir().unwrap());
        let id = |folder: &Path| Library::open(folder).unwrap().id().unwrap().unwrap();
        let first = id(one.path());
        assert_eq!((id(one.path()), first.len()), (first.clone(), DIGITS));
        assert_ne!(id(other.path()), first);
        assert_eq!(Library::open_in_memory().unwrap().id().unwrap(), None);
        // Torn, as by a power cut.
        std::fs::write(one.path().join(FILE), &first[..7]).unwrap();
        let anew = id(one.path());
        assert_eq!((anew.len(), id(one.path())), (DIGITS, anew));
    }
}

//! The folders of the collection that files of the user's own are put into: `bought/Artist/Album`, `ripped/Artist/Album`.
//!
//! A place that holds the same bytes already is the file's place: that is how a run that was killed goes on. Names that
//! differ in nothing but case are one, so that a collection can be copied to any disk.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use ferrotape_device::{NameRules, Profile, clash_key, safe_name};
use sha2::{Digest, Sha256};

use crate::locked;

/// UTF-16 units and bytes of one name; file systems take 255 bytes.
const NAME_UNITS: usize = 120;
const NAME_BYTES: usize = 200;
const LONGEST_EXTENSION: usize = 8;

/// What goes wrong is said with the path where it did.
pub(crate) struct Shelves {
    collection: PathBuf,
    names: NameRules,
    /// The folders that shelves are in, as they were first listed, and what was made since: a collection has thousands of
    /// artists, and each album goes by all of them.
    above: Mutex<HashMap<PathBuf, Entries>>,
}

/// What is in a folder, by [`clash_key`].
type Entries = HashMap<String, String>;

/// A folder of the collection, and what is in it.
pub(crate) struct Shelf {
    path: PathBuf,
    entries: Entries,
}

/// A file that is ready, beside its place.
pub(crate) struct Ready<'a> {
    pub(crate) at: &'a Path,
    pub(crate) size: u64,
    pub(crate) sha256: &'a str,
}

impl Shelves {
    pub(crate) fn new(collection: &Path) -> Self {
        let (names, above) = (Profile::generic().names, Mutex::default());
        Self { collection: collection.to_owned(), names, above }
    }

    /// Finds or makes a folder below the collection; the names need not be safe.
    pub(crate) fn shelf<'a>(&self, folders: impl IntoIterator<Item = &'a str>) -> io::Result<Shelf> {
        self.shelf_copy(folders, 1)
    }

    /// The `copy`-th folder of these names.
    pub(crate) fn shelf_copy<'a>(
        &self,
        folders: impl IntoIterator<Item = &'a str>,
        copy: u32,
    ) -> io::Result<Shelf> {
        let mut path = self.collection.clone();
        let mut names: Vec<String> = folders.into_iter().map(|wanted| self.safe(wanted)).collect();
        if let Some(last) = names.last_mut() {
            // Behind the cut: of a long name, too, copies must differ.
            *last += &mark(copy);
        }
        for safe in names {
            path = self.folder_in(&path, safe)?;
        }
        Self::shelf_at(path)
    }

    /// A folder that is there already.
    pub(crate) fn shelf_at(path: PathBuf) -> io::Result<Shelf> {
        let entries = entries_of(&path)?;
        Ok(Shelf { path, entries })
    }

    /// Finds or makes the folder of this safe name.
    fn folder_in(&self, above: &Path, safe: String) -> io::Result<PathBuf> {
        let mut listed = locked(&self.above);
        let entries = match listed.entry(above.to_owned()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(entries_of(above)?),
        };
        let key = clash_key(&safe);
        if let Some(path) = entries.get(&key).map(|name| above.join(name)).filter(|path| path.is_dir()) {
            return Ok(path);
        }
        let path = above.join(&safe);
        if !path.is_dir() {
            fs::create_dir(&path).map_err(at(&path))?;
        }
        entries.insert(key, safe);
        Ok(path)
    }

    /// Puts a file onto a shelf; says where that is, and whether it was not there.
    pub(crate) fn put(&self, file: &Ready, name: &str, shelf: &mut Shelf) -> io::Result<(PathBuf, bool)> {
        for copy in 1_u32.. {
            let name = self.file_name(name, copy);
            let key = clash_key(&name);
            let Some(there) = shelf.entries.get(&key) else {
                let place = shelf.path.join(&name);
                fs::rename(file.at, &place).map_err(at(&place))?;
                shelf.entries.insert(key, name);
                return Ok((place, true));
            };
            let place = shelf.path.join(there);
            if is_same(file, &place)? {
                return Ok((place, false));
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// Where a file of this name would lie, and whether something lies there.
    pub(crate) fn own_place(&self, name: &str, shelf: &Shelf) -> (PathBuf, bool) {
        let name = self.file_name(name, 1);
        let there = shelf.entries.get(&clash_key(&name));
        (shelf.path.join(there.unwrap_or(&name)), there.is_some())
    }

    /// Whether another file has the place that a file's own name has on a shelf.
    pub(crate) fn is_taken(&self, file: &Ready, name: &str, shelf: &Shelf) -> io::Result<bool> {
        match shelf.entries.get(&clash_key(&self.file_name(name, 1))) {
            Some(there) => Ok(!is_same(file, &shelf.path.join(there))?),
            None => Ok(false),
        }
    }

    /// Whether a file lies in the folder that [`Shelves::shelf`] finds or makes by these names.
    pub(crate) fn is_in<'a>(&self, folders: impl IntoIterator<Item = &'a str>, path: &Path) -> bool {
        let folder = path.parent().and_then(|folder| folder.strip_prefix(&self.collection).ok());
        let is = |folder: &Path| {
            let own = folder.iter().map(|name| clash_key(&name.to_string_lossy()));
            own.eq(folders.into_iter().map(|wanted| clash_key(&self.safe(wanted))))
        };
        folder.is_some_and(is)
    }

    /// Whether a file has a name that [`Shelves::put`] gives by this one, be it as a copy.
    pub(crate) fn is_called(&self, name: &str, path: &Path) -> bool {
        // Nobody has more twins of a file; one that is called otherwise counts as the user's.
        const COPIES: u32 = 100;
        let own = path.file_name().map(|own| clash_key(&own.to_string_lossy()));
        own.is_some_and(|own| (1..COPIES).any(|copy| clash_key(&self.file_name(name, copy)) == own))
    }

    /// Makes sure that a shelf and the way to it are on the disk.
    pub(crate) fn sync(&self, shelf: &Shelf) -> io::Result<()> {
        for folder in shelf.path.ancestors().take_while(|folder| folder.starts_with(&self.collection)) {
            File::open(folder).and_then(|opened| opened.sync_all()).map_err(at(folder))?;
        }
        Ok(())
    }

    fn safe(&self, text: &str) -> String {
        let safe = safe_name(text, &self.names, NAME_UNITS, NAME_BYTES);
        if safe.is_empty() { "_".to_owned() } else { safe }
    }

    /// A file's own name, made safe; the `copy`-th of its kind.
    fn file_name(&self, name: &str, copy: u32) -> String {
        let (stem, extension) =
            name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).unwrap_or((name, ""));
        let extension: String =
            extension.chars().filter(char::is_ascii_alphanumeric).take(LONGEST_EXTENSION).collect();
        let dot = if extension.is_empty() { "" } else { "." };
        format!("{}{}{dot}{extension}", self.safe(stem), mark(copy))
    }
}

impl Shelf {
    /// The files on it, in no order; folders may be among them.
    pub(crate) fn places(&self) -> impl Iterator<Item = PathBuf> {
        self.entries.values().map(|name| self.path.join(name))
    }
}

/// What tells the copies of a name apart.
fn mark(copy: u32) -> String {
    if copy < 2 { String::new() } else { format!(" ({copy})") }
}

/// Whether the same bytes lie there.
fn is_same(file: &Ready, place: &Path) -> io::Result<bool> {
    let same_size = place.metadata().is_ok_and(|found| found.is_file() && found.len() == file.size);
    Ok(same_size && sum_of(place).map_err(at(place))? == file.sha256)
}

fn entries_of(folder: &Path) -> io::Result<Entries> {
    let list = || -> io::Result<Entries> {
        let names = fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
        names.map(|name: io::Result<String>| name.map(|name| (clash_key(&name), name))).collect()
    };
    list().map_err(at(folder))
}

/// Says where something went wrong.
fn at(path: &Path) -> impl FnOnce(io::Error) -> io::Error {
    let path = path.display().to_string();
    move |error| io::Error::new(error.kind(), format!("{path}: {error}"))
}

/// A reader that sums up what passes.
pub(crate) struct Summed<R> {
    inner: R,
    sum: Sha256,
}

impl<R: Read> Summed<R> {
    pub(crate) fn new(inner: R) -> Self {
        Self { inner, sum: Sha256::new() }
    }

    /// SHA-256 of what passed, in lower-case hex.
    pub(crate) fn sum(self) -> String {
        self.sum.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl<R: Read> Read for Summed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.inner.read(buffer)?;
        self.sum.update(buffer.get(..got).unwrap_or_default());
        Ok(got)
    }
}

/// SHA-256 of a file that lies somewhere.
pub(crate) fn sum_of(path: &Path) -> io::Result<String> {
    let mut summed = Summed::new(File::open(path)?);
    io::copy(&mut summed, &mut io::sink())?;
    Ok(summed.sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_bytes_have_one_place_and_twins_two() {
        let dir = tempfile::tempdir().unwrap();
        let shelves = Shelves::new(dir.path());
        let put = |bytes: &[u8], name: &str| {
            let mut shelf = shelves.shelf(["bought", "AC/DC", ".."]).unwrap();
            let at = dir.path().join("ready.part");
            fs::write(&at, bytes).unwrap();
            let sha256 = sum_of(&at).unwrap();
            let ready = Ready { at: &at, size: bytes.len() as u64, sha256: &sha256 };
            let (place, is_new) = shelves.put(&ready, name, &mut shelf).unwrap();
            shelves.sync(&shelf).unwrap();
            (place.strip_prefix(dir.path()).unwrap().to_string_lossy().into_owned(), is_new)
        };
        let at = |name: &str| format!("bought/AC-DC/_/{name}");
        assert_eq!(put(b"one", "Song.flac"), (at("Song.flac"), true));
        assert_eq!(put(b"one", "SONG.flac"), (at("Song.flac"), false));
        assert_eq!(put(b"two", "SONG.flac"), (at("SONG (2).flac"), true));
        assert_eq!(put(b"two", "SONG.flac"), (at("SONG (2).flac"), false));
        assert_eq!(put(b"six", "/e:vil?.f/l"), (at("-e-vil_.fl"), true));
        // What lies in the way is named.
        fs::write(dir.path().join("bought/Zed"), "no folder").unwrap();
        let said = shelves.shelf(["bought", "Zed", "Rice"]).err().unwrap().to_string();
        assert!(said.contains("bought/Zed: "), "{said}");
        let long = "n".repeat(300);
        let copies = [1, 2, 3].map(|copy| shelves.shelf_copy(["bought", &long[..]], copy).unwrap().path);
        assert!(copies[1].to_str().unwrap().ends_with("n (2)"), "{copies:?}");
        assert!(copies[0] != copies[1] && copies[1] != copies[2], "{copies:?}");
        let place = dir.path().join(at("Song.flac"));
        assert!(shelves.is_in(["Bought", "AC/DC", ".."], &place));
        for (name, is_so) in [("Song.flac", true), ("SONG (2).flac", true), ("My song.flac", false)] {
            assert_eq!(shelves.is_called("song.flac", &place.with_file_name(name)), is_so, "{name}");
        }
        assert!(
            !shelves.is_in(["bought", "AC/DC"], &place) && !shelves.is_in(["bought"], Path::new("/bought/a"))
        );
    }
}

//! Which files an input holds: one, those of a folder, or those of a zip.
//!
//! Names from folders and archives are only ever shown and compared, never used to write. Symbolic links are not
//! followed, so loops cannot be walked into, and nothing but regular files is opened.
//!
//! A zip in a zip is not looked into, but for the few that Apple packs so: they are small, known by name, and held in
//! memory while they are read.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use walkdir::WalkDir;
use zip::ZipArchive;
use zip::result::ZipError;

use crate::guard::Meter;
use crate::text::{base_name, shown};
use crate::{ImportError, Limits};

/// A file that may be read.
#[derive(Debug)]
pub(crate) struct Found {
    /// How it is shown: its path inside the input.
    pub(crate) label: String,
    place: Place,
}

/// Bytes of a zip, in a file or in memory.
trait Packed: Read + Seek {}

impl<T: Read + Seek> Packed for T {}

#[derive(Debug)]
enum Place {
    File(PathBuf),
    Zipped { archive: usize, entry: usize },
}

/// Everything an input holds.
#[derive(Default)]
pub(crate) struct Gathered {
    /// In no set order.
    pub(crate) files: Vec<Found>,
    archives: Vec<ZipArchive<Box<dyn Packed>>>,
    /// Zips in zips that were opened.
    inner: usize,
    /// What could not be looked into, and why.
    pub(crate) unreadable: Vec<(String, String)>,
}

/// Looks into a path; a zip inside a folder is looked into as well, one inside a zip is not.
pub(crate) fn gather(path: &Path, limits: &Limits) -> Result<Gathered, ImportError> {
    let unreadable = |source| ImportError::Read { path: path.to_owned(), source };
    let kind = path.metadata().map_err(unreadable)?;
    let mut gathered = Gathered::default();
    let own_name =
        shown(&path.file_name().map_or_else(|| path.to_string_lossy(), |name| name.to_string_lossy()));
    if kind.is_dir() {
        gathered.walk(path, limits)?;
    } else if !kind.is_file() {
        return Err(ImportError::NotAFile { path: path.to_owned() });
    } else if is_zip(path).map_err(unreadable)? {
        gathered.unzip(path, &own_name, limits)?.map_err(|error| broken_zip(path, &error))?;
    } else {
        gathered.files.push(Found { label: own_name, place: Place::File(path.to_owned()) });
    }
    Ok(gathered)
}

pub(crate) fn broken_zip(path: &Path, error: &ZipError) -> ImportError {
    ImportError::BrokenZip { path: path.to_owned(), reason: shown(&error.to_string()) }
}

/// By content: local file header, or the end record of an empty zip.
pub fn is_zip(path: &Path) -> io::Result<bool> {
    let mut magic = Vec::new();
    File::open(path)?.take(4).read_to_end(&mut magic)?;
    Ok(magic == b"PK\x03\x04" || magic == b"PK\x05\x06")
}

impl Gathered {
    fn walk(&mut self, root: &Path, limits: &Limits) -> Result<(), ImportError> {
        let walk = WalkDir::new(root).max_depth(limits.folder_depth).sort_by_file_name();
        for entry in walk.into_iter().filter_entry(|entry| !is_junk(&entry.file_name().to_string_lossy())) {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    let label = error.path().map_or_else(String::new, |path| relative(path, root));
                    self.unreadable.push((label, shown(&error.to_string())));
                    continue;
                }
            };
            let label = relative(entry.path(), root);
            if entry.path_is_symlink() && entry.depth() > 0 {
                self.unreadable
                    .push((label, "it is a symbolic link, which is not followed; name its target".into()));
            } else if entry.file_type().is_dir() && entry.depth() >= limits.folder_depth {
                self.unreadable.push((label, format!("it lies deeper than {} folders", limits.folder_depth)));
            } else if entry.file_type().is_file() {
                self.add(entry.path(), label, limits)?;
            }
            if self.files.len() + self.unreadable.len() > limits.files {
                return Err(ImportError::TooManyFiles { path: root.to_owned(), limit: limits.files });
            }
        }
        Ok(())
    }

    fn add(&mut self, path: &Path, label: String, limits: &Limits) -> Result<(), ImportError> {
        match is_zip(path) {
            Ok(true) => {
                if let Err(error) = self.unzip(path, &label, limits)? {
                    self.unreadable.push((label, format!("the zip is cut off or damaged ({error})")));
                }
            }
            Ok(false) => self.files.push(Found { label, place: Place::File(path.to_owned()) }),
            Err(error) => self.unreadable.push((label, format!("it cannot be read: {error}"))),
        }
        Ok(())
    }

    fn unzip(
        &mut self,
        path: &Path,
        label: &str,
        limits: &Limits,
    ) -> Result<Result<(), ZipError>, ImportError> {
        let file = File::open(path).map_err(|source| ImportError::Read { path: path.to_owned(), source })?;
        let packed: Box<dyn Packed> = Box::new(BufReader::new(file));
        let archive = match ZipArchive::new(packed) {
            Ok(archive) => archive,
            Err(error) => return Ok(Err(error)),
        };
        let start = archive.central_directory_start();
        let Some(inner) = self.take_in(archive, label, limits) else {
            return Err(ImportError::TooManyFiles { path: path.to_owned(), limit: limits.files });
        };
        for (name, times) in repeated_names(path, start, limits) {
            if !name.ends_with('/') && !name.split('/').any(is_junk) {
                let says = format!("the zip holds {times} files of this name; only the last is read");
                self.unreadable.push((format!("{label}/{name}"), says));
            }
        }
        for found in inner {
            if let Err(says) = self.unzip_inner(&found, limits) {
                self.unreadable.push((found.label, says));
            }
        }
        Ok(Ok(()))
    }

    /// Adds the files of an archive and answers its zips that are to be opened; `None` when there are too many files.
    fn take_in(
        &mut self,
        archive: ZipArchive<Box<dyn Packed>>,
        label: &str,
        limits: &Limits,
    ) -> Option<Vec<Found>> {
        if archive.len() > limits.files {
            return None;
        }
        let mut inner = Vec::new();
        for entry in 0..archive.len() {
            let name = match archive.name_for_index(entry) {
                Some(Ok(name)) => shown(name.as_ref()),
                _ => format!("(entry {} without a readable name)", entry + 1),
            };
            if name.ends_with('/') || name.split('/').any(is_junk) {
                continue;
            }
            let place = Place::Zipped { archive: self.archives.len(), entry };
            let found = Found { label: format!("{label}/{name}"), place };
            if is_packed_again(&name) { inner.push(found) } else { self.files.push(found) }
        }
        self.archives.push(archive);
        Some(inner)
    }

    /// Opens a zip that lies in a zip. Its own zips are left alone.
    fn unzip_inner(&mut self, found: &Found, limits: &Limits) -> Result<(), String> {
        const MOST: usize = 4;
        if self.inner >= MOST {
            return Err(format!("it is a zip inside a zip, and more than {MOST} of them are not opened"));
        }
        self.inner += 1;
        let Place::Zipped { archive, entry } = found.place else { return Ok(()) };
        let limit = limits.inner_zip_bytes;
        let mut bytes = Vec::new();
        let archive = self.archives.get_mut(archive).ok_or("it is gone")?;
        let file = archive.by_index(entry).map_err(|error| format!("it cannot be read: {error}"))?;
        file.take(limit + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| format!("it cannot be read further: {error}"))?;
        if bytes.len() as u64 > limit {
            return Err(format!(
                "it is a zip inside a zip of more than {limit} bytes; unpack it and import it by itself"
            ));
        }
        let packed: Box<dyn Packed> = Box::new(Cursor::new(bytes));
        let archive =
            ZipArchive::new(packed).map_err(|error| format!("the zip is cut off or damaged ({error})"))?;
        match self.take_in(archive, &found.label, limits) {
            Some(deeper) => self.files.extend(deeper),
            None => return Err(format!("it holds more than {} files", limits.files)),
        }
        Ok(())
    }

    /// Opens a file and lets `f` read it within the limits.
    pub(crate) fn read<'m, T>(
        &mut self,
        found: &Found,
        meter: &'m Meter<'m>,
        f: impl FnOnce(&mut dyn Read) -> T,
    ) -> io::Result<T> {
        match &found.place {
            Place::File(path) => Ok(f(&mut meter.guard(File::open(path)?, None))),
            Place::Zipped { archive, entry } => {
                let archive = self.archives.get_mut(*archive).ok_or(io::ErrorKind::NotFound)?;
                let file = archive.by_index(*entry).map_err(io::Error::other)?;
                let packed = file.compressed_size();
                Ok(f(&mut meter.guard(file, Some(packed))))
            }
        }
    }
}

/// Names that the zip's directory has more than once, and how often. The archive itself keeps the last of each.
pub(crate) fn repeated_names(path: &Path, start: u64, limits: &Limits) -> Vec<(String, usize)> {
    let mut times: BTreeMap<Vec<u8>, usize> = BTreeMap::new();
    // The archive was read with this directory; a failure here is met again, and told, when its files are read.
    let _ended = directory_names(path, start, limits.files, |name| {
        *times.entry(name).or_default() += 1;
    });
    let repeated = times.into_iter().filter(|(_, times)| *times > 1);
    repeated.map(|(name, times)| (shown(&String::from_utf8_lossy(&name)), times)).collect()
}

/// Hands out the raw names of the directory that begins at `start`, at most `most` and one.
fn directory_names(path: &Path, start: u64, most: usize, mut take: impl FnMut(Vec<u8>)) -> io::Result<()> {
    let mut reader = BufReader::new(File::open(path)?);
    reader.seek(SeekFrom::Start(start))?;
    for _ in 0..=most {
        let mut record = [0; 46];
        reader.read_exact(&mut record)?;
        if !record.starts_with(b"PK\x01\x02") {
            break;
        }
        let length = |at: usize| u16::from_le_bytes([record[at], record[at + 1]]);
        let mut name = vec![0; usize::from(length(28))];
        reader.read_exact(&mut name)?;
        reader.seek_relative(i64::from(length(30)) + i64::from(length(32)))?;
        take(name);
    }
    Ok(())
}

/// The zips that Apple's privacy package has inside itself.
fn is_packed_again(name: &str) -> bool {
    let base = base_name(name).to_ascii_lowercase();
    matches!(base.as_str(), "apple music library tracks.json.zip" | "apple music library playlists.json.zip")
}

fn relative(path: &Path, root: &Path) -> String {
    shown(&path.strip_prefix(root).unwrap_or(path).to_string_lossy())
}

/// What operating systems leave behind, and what ferrotape keeps on a player.
pub(crate) fn is_junk(name: &str) -> bool {
    name == "__MACOSX"
        || name == ".ferrotape"
        || name == ".DS_Store"
        || name == "Thumbs.db"
        || name == "desktop.ini"
        || name.starts_with("._")
}

/// Files of a data package that hold nothing ferrotape needs, most of them personal: they are never opened.
pub(crate) fn is_unneeded(label: &str) -> bool {
    const STEMS: [&str; 20] = [
        "user",
        "userdata",
        "useraddress",
        "identity",
        "identifiers",
        "payments",
        "voiceinput",
        "wrapped",
        "yoursoundcapsule",
        "podcastinteractivity",
        "podcastinteractivityratedshow",
        "userprompts",
        "messagedata",
        "duonewfamily",
        "familyplan",
        "follow",
        "searchqueries",
        "marquee",
        "inferences",
        "readmefirst",
    ];
    let base = base_name(label).to_ascii_lowercase();
    if is_unneeded_of_apple(&label.to_ascii_lowercase(), &base) {
        return true;
    }
    let Some((stem, "json" | "pdf")) = base.rsplit_once('.') else { return false };
    // Spotify numbers files, browsers add ` (1)`.
    let letters: String = stem.chars().filter(char::is_ascii_alphabetic).collect();
    STEMS.contains(&letters.as_str()) || label.to_ascii_lowercase().contains("technical log")
}

/// Apple's package says much about a person; only what is in the folder of Apple Music is looked at, and there not what
/// was clicked, seen and recommended, nor what its other files tell as well.
fn is_unneeded_of_apple(label: &str, base: &str) -> bool {
    const BEGIN: [&str; 11] = [
        "apple music click activity",
        "apple music library activity",
        "apple music library albums",
        "apple music library artists",
        "apple music - container",
        "apple music - play statistics",
        "apple music - recently played",
        "apple music - top content",
        "apple music - track play history",
        "apple music - weekly",
        "identifier information.json",
    ];
    let folders = || label.split(['/', '\\']).rev().skip(1);
    let is_elsewhere = folders().any(|folder| folder == "apple_media_services")
        && !folders().any(|folder| folder == "apple music activity");
    BEGIN.iter().any(|begin| base.starts_with(begin)) || (is_elsewhere && !base.ends_with(".zip"))
}

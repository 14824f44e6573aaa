//! Which files an input holds: one, those of a folder, or those of a zip.
//!
//! Names from folders and archives are only ever shown and compared, never used to write. Symbolic links are not
//! followed, so loops cannot be walked into, and nothing but regular files is opened.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
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
    archives: Vec<ZipArchive<BufReader<File>>>,
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

fn broken_zip(path: &Path, error: &ZipError) -> ImportError {
    ImportError::BrokenZip { path: path.to_owned(), reason: shown(&error.to_string()) }
}

/// By content: local file header, or the end record of an empty zip.
fn is_zip(path: &Path) -> io::Result<bool> {
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
        let archive = match ZipArchive::new(BufReader::new(file)) {
            Ok(archive) => archive,
            Err(error) => return Ok(Err(error)),
        };
        if archive.len() > limits.files {
            return Err(ImportError::TooManyFiles { path: path.to_owned(), limit: limits.files });
        }
        for (name, times) in repeated_names(path, &archive, limits) {
            if !name.ends_with('/') && !name.split('/').any(is_junk) {
                let says = format!("the zip holds {times} files of this name; only the last is read");
                self.unreadable.push((format!("{label}/{name}"), says));
            }
        }
        for entry in 0..archive.len() {
            let name = match archive.name_for_index(entry) {
                Some(Ok(name)) => shown(name.as_ref()),
                _ => format!("(entry {} without a readable name)", entry + 1),
            };
            if name.ends_with('/') || name.split('/').any(is_junk) {
                continue;
            }
            let place = Place::Zipped { archive: self.archives.len(), entry };
            self.files.push(Found { label: format!("{label}/{name}"), place });
        }
        self.archives.push(archive);
        Ok(Ok(()))
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
fn repeated_names<R: Read + Seek>(
    path: &Path,
    archive: &ZipArchive<R>,
    limits: &Limits,
) -> Vec<(String, usize)> {
    let mut times: BTreeMap<Vec<u8>, usize> = BTreeMap::new();
    // The archive was read with this directory; a failure here is met again, and told, when its files are read.
    let _ended = directory_names(path, archive.central_directory_start(), limits.files, |name| {
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

fn relative(path: &Path, root: &Path) -> String {
    shown(&path.strip_prefix(root).unwrap_or(path).to_string_lossy())
}

/// What operating systems leave behind.
fn is_junk(name: &str) -> bool {
    name == "__MACOSX"
        || name == ".DS_Store"
        || name == "Thumbs.db"
        || name == "desktop.ini"
        || name.starts_with("._")
}

/// Files of a data package that hold nothing ferrotape needs, most of them personal: they are never opened.
pub(crate) fn is_unneeded(label: &str) -> bool {
    const STEMS: [&str; 19] = [
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
    let Some((stem, "json" | "pdf")) = base.rsplit_once('.') else { return false };
    // Spotify numbers files, browsers add ` (1)`.
    let letters: String = stem.chars().filter(char::is_ascii_alphabetic).collect();
    STEMS.contains(&letters.as_str()) || label.to_ascii_lowercase().contains("technical log")
}

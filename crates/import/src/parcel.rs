//! A zip that a person got files in: what its members are called, and their bytes within the limits.
//!
//! Names are taken apart, never used as paths: a member whose name leads out of the zip, or that is a link, is refused by
//! itself and the others go on. Where to put what is for the caller to say. `zip`'s own `extract` was not used: it writes
//! by the names inside, and knows no limit.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use ferrotape_domain::{Cancel, Silent};
use zip::{CompressionMethod, ZipArchive};

use crate::gather::{broken_zip, is_junk, is_zip, repeated_names};
use crate::guard::{Halt, Meter};
use crate::text::shown;
use crate::{ImportError, Limits};

/// Longer names, folders included, are no names.
const LONGEST_NAME: usize = 1_000;

/// An open zip.
pub struct Parcel {
    archive: ZipArchive<BufReader<File>>,
    limits: Limits,
    members: Vec<Member>,
    read: u64,
    stray_bytes: u64,
}

/// One file of a zip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// How it is shown.
    pub name: String,
    /// Its size as the zip says it, in bytes; nothing to rely on.
    pub size: u64,
    /// The folders it lies in and its own name, last; or why it is not to be taken.
    pub path: Result<Vec<String>, String>,
    index: Option<usize>,
}

/// Why a member could not be read.
#[derive(Debug, thiserror::Error)]
pub enum MemberError {
    /// The user wants to stop.
    #[error("stopped")]
    Stopped,
    /// This member cannot be read; others may.
    #[error("{0}")]
    Broken(String),
    /// The disk that the zip lies on does not give it: another time it may.
    #[error("it could not be read: {0}")]
    Unread(io::Error),
    /// What was read could not be put where it should go.
    #[error("{0}")]
    Sink(io::Error),
}

impl Parcel {
    /// Opens the file `path`; `None` where that is no zip.
    pub fn open(path: &Path, limits: Limits) -> Result<Option<Self>, ImportError> {
        let unreadable = |source| ImportError::Read { path: path.to_owned(), source };
        if !is_zip(path).map_err(unreadable)? {
            return Ok(None);
        }
        let file = BufReader::new(File::open(path).map_err(unreadable)?);
        let archive = ZipArchive::new(file).map_err(|error| broken_zip(path, &error))?;
        if archive.len() > limits.files {
            return Err(ImportError::TooManyFiles { path: path.to_owned(), limit: limits.files });
        }
        let (start, most) = (archive.central_directory_start(), limits.files);
        let mut parcel = Self { archive, limits, members: Vec::new(), read: 0, stray_bytes: 0 };
        parcel.stray_bytes = parcel.before() + after(path, start, most).map_err(unreadable)?;
        parcel.members = (0..parcel.archive.len()).filter_map(|index| parcel.member(index)).collect();
        for (name, times) in repeated_names(path, start, &parcel.limits) {
            if !is_no_file(&name) {
                let says = format!("the zip holds {times} files of this name; only the last is taken");
                parcel.members.push(Member { name, size: 0, path: Err(says), index: None });
            }
        }
        Ok(Some(parcel))
    }

    /// Bytes of the file before and after the archive, which no member tells of: another zip, for example.
    pub fn stray_bytes(&self) -> u64 {
        self.stray_bytes
    }

    /// Where the first of its entries begins, folders included.
    fn before(&mut self) -> u64 {
        let starts = (0..self.archive.len()).filter_map(|index| {
            let entry = self.archive.by_index_raw(index).ok()?;
            Some(entry.header_start())
        });
        starts.min().unwrap_or(0)
    }

    /// Its files, in the zip's order; folders and what operating systems leave behind are none.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    fn member(&mut self, index: usize) -> Option<Member> {
        let raw = match self.archive.name_for_index(index) {
            Some(Ok(name)) => name.into_owned(),
            _ => {
                let name = format!("(entry {} without a readable name)", index + 1);
                let path = Err("its name cannot be read".to_owned());
                return Some(Member { name, size: 0, path, index: None });
            }
        };
        if is_no_file(&raw) {
            return None;
        }
        let name = shown(&raw);
        let (size, path) = match self.archive.by_index_raw(index) {
            Ok(entry) if entry.encrypted() => {
                (entry.size(), Err("it is locked with a password; unpack it yourself".to_owned()))
            }
            Ok(entry) => match packed_as(entry.compression()) {
                None => (entry.size(), parts_of(&raw, entry.unix_mode())),
                Some(how) => (entry.size(), Err(not_opened(&how))),
            },
            Err(error) => (0, Err(format!("it cannot be read: {}", shown(&error.to_string())))),
        };
        Some(Member { name, size, path, index: Some(index) })
    }

    /// Lets `take` read a member to its end, within the limits. What `take` fails with is its own fault unless reading
    /// failed first.
    pub fn read<T>(
        &mut self,
        member: &Member,
        cancel: &Cancel,
        take: impl FnOnce(&mut dyn Read) -> io::Result<T>,
    ) -> Result<T, MemberError> {
        let broken = |says: String| MemberError::Broken(says);
        let index = member.index.ok_or_else(|| broken("its name cannot be read".to_owned()))?;
        let left = self.limits.total_bytes.saturating_sub(self.read);
        let limits = Limits { total_bytes: left, ..self.limits.clone() };
        let meter = Meter::new(&limits, &Silent, cancel);
        let entry = self
            .archive
            .by_index(index)
            .map_err(|error| broken(format!("it cannot be read: {}", shown(&error.to_string()))))?;
        let packed = entry.compressed_size();
        let mut reader = Noting { inner: meter.guard(entry, Some(packed)), failed: None, read: 0 };
        let taken = take(&mut reader);
        self.read += reader.read;
        match (reader.failed, taken) {
            (Some(error), _) => Err(match Halt::of(&error) {
                Some(Halt::Cancelled) => MemberError::Stopped,
                Some(halt) => broken(halt.to_string()),
                None if error.raw_os_error().is_some() => MemberError::Unread(error),
                None => broken(format!("it is damaged: {}", shown(&error.to_string()))),
            }),
            (None, Err(error)) => Err(MemberError::Sink(error)),
            (None, Ok(taken)) => Ok(taken),
        }
    }
}

/// Bytes after the archive whose directory begins at `start` and has no more than `most` entries.
fn after(path: &Path, start: u64, most: usize) -> io::Result<u64> {
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    let mut reader = BufReader::new(file);
    reader.seek(SeekFrom::Start(start))?;
    let mut end = start;
    // Two more than the entries and the end: of archives beyond 4 GiB or 65,535 files. What is not understood counts as
    // no part of the archive, since nothing may go that was not read.
    for _ in 0..most.saturating_add(3) {
        let Some((length, is_last)) = next_record(&mut reader)? else { break };
        let next = end.saturating_add(length);
        if next > size {
            break;
        }
        end = next;
        if is_last {
            break;
        }
    }
    Ok(size.saturating_sub(end))
}

/// Passes a record of the directory or of its end; says how long it is, and whether it is the last. Comments are part of
/// their record.
fn next_record(reader: &mut BufReader<File>) -> io::Result<Option<(u64, bool)>> {
    let mut record = [0; 46];
    let got = read_up_to(reader, &mut record)?;
    let short = |at: usize| u64::from(u16::from_le_bytes([record[at], record[at + 1]]));
    let (length, is_last) = match &record[..4] {
        b"PK\x01\x02" => (46 + short(28) + short(30) + short(32), false),
        b"PK\x06\x06" => {
            let rest = record[4..12].iter().rev().fold(0_u64, |rest, byte| (rest << 8) | u64::from(*byte));
            (rest.saturating_add(12), false)
        }
        b"PK\x06\x07" => (20, false),
        b"PK\x05\x06" => (22 + short(20), true),
        _ => return Ok(None),
    };
    if !is_last {
        let Ok(on) = i64::try_from(length) else { return Ok(None) };
        reader.seek_relative(on - i64::try_from(got).unwrap_or(0))?;
    }
    Ok(Some((length, is_last)))
}

/// Fills what it can: the last records are shorter than the others.
fn read_up_to(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match reader.read(rest) {
            Ok(0) => break,
            Ok(got) => filled += got,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// Notes whether it was reading that failed.
struct Noting<R> {
    inner: R,
    failed: Option<io::Error>,
    read: u64,
}

impl<R: Read> Read for Noting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.inner.read(buffer) {
            Ok(got) => {
                self.read += got as u64;
                Ok(got)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) => {
                let kind = error.kind();
                self.failed = Some(error);
                Err(kind.into())
            }
        }
    }
}

/// What a way of packing is called that is not opened here; such a zip is as whole as any other.
fn packed_as(method: CompressionMethod) -> Option<String> {
    const NAMES: [(CompressionMethod, &str); 6] = [
        (CompressionMethod::DEFLATE64, "Deflate64"),
        (CompressionMethod::BZIP2, "bzip2"),
        (CompressionMethod::LZMA, "LZMA"),
        (CompressionMethod::ZSTD, "Zstandard"),
        (CompressionMethod::XZ, "XZ"),
        (CompressionMethod::PPMD, "PPMd"),
    ];
    if [CompressionMethod::STORE, CompressionMethod::DEFLATE].contains(&method) {
        return None;
    }
    let known = NAMES.iter().find(|(one, _)| *one == method);
    Some(known.map_or_else(|| method.to_string(), |(_, name)| (*name).to_owned()))
}

fn not_opened(how: &str) -> String {
    format!("it is packed in a way ({how}) that ferrotape does not open; unpack the zip and drop the folder")
}

fn is_no_file(name: &str) -> bool {
    name.ends_with(['/', '\\']) || name.split(['/', '\\']).any(is_junk)
}

/// Takes a name apart; Windows programs also write `\` between folders.
fn parts_of(name: &str, mode: Option<u32>) -> Result<Vec<String>, String> {
    const KIND: u32 = 0o170_000;
    const REGULAR: u32 = 0o100_000;
    if mode.is_some_and(|mode| mode & KIND != 0 && mode & KIND != REGULAR) {
        return Err("it is a link or a device, not a file".to_owned());
    }
    if name.len() > LONGEST_NAME || name.contains('\0') {
        return Err("its name is no file name".to_owned());
    }
    let parts: Vec<&str> = name.split(['/', '\\']).filter(|part| *part != ".").collect();
    let leads_out = parts.iter().any(|part| part.trim() == ".." || part.is_empty());
    // A letter, a colon and a separator are a drive. A colon within a name is a letter like any other: names are made
    // safe before anything is called by them.
    let has_drive = parts
        .first()
        .is_some_and(|first| matches!(first.as_bytes(), [letter, b':'] if letter.is_ascii_alphabetic()));
    if leads_out || has_drive || parts.is_empty() {
        return Err("its name leads out of the zip".to_owned());
    }
    Ok(parts.into_iter().map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_out_are_refused() {
        for name in [
            "../a.mp3",
            "a/../../b.mp3",
            "/etc/a.mp3",
            "C:\\a.mp3",
            "c:/a.mp3",
            "..\\a.mp3",
            "a//b.mp3",
            "\\\\host\\a",
        ] {
            assert!(parts_of(name, None).is_err(), "{name}");
        }
        assert_eq!(
            parts_of("./CD 1\\01 a.mp3", Some(0o100_644)),
            Ok(vec!["CD 1".to_owned(), "01 a.mp3".to_owned()])
        );
        for name in ["A: B.mp3", "A:B.mp3", "Who: What.mp3"] {
            assert_eq!(parts_of(name, None), Ok(vec![name.to_owned()]));
        }
        assert!(parts_of("a.mp3", Some(0o120_777)).is_err());
        assert!(parts_of(&"x".repeat(2_000), None).is_err());
    }
}

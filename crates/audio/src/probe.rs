//! What a file is, cheaply: facts, tags and identity, without decoding.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};

use ferrotape_domain::{AudioFacts, ContentId, TagSet};

use crate::cue::{CueSheet, embedded_sheet};
use crate::formats::sniff::{Recognised, SEARCH, Sniffed, is_protected, sniff};
use crate::limits::guarded;
use crate::tags::read::{Trouble, all_tags, describe};

/// Bytes of the first and the last window of a [`ContentId`].
const END: u64 = 64 << 10;
/// Bytes of its middle window.
const MIDDLE: u64 = 16 << 10;

/// What the scan keeps of a readable file.
#[derive(Debug, Clone, PartialEq)]
pub struct Probed {
    /// Technical facts, from headers.
    pub facts: AudioFacts,
    /// What the tags say.
    pub tags: TagSet,
    /// Identity of the file's bytes.
    pub content: ContentId,
    /// BLAKE3 of the embedded front cover's bytes, in hex.
    pub embedded_cover: Option<String>,
    /// The cue sheet inside of it.
    pub sheet: Option<CueSheet>,
    /// Something the user should know, e.g. that the tags could not be read.
    pub note: Option<String>,
}

/// Why a file gives no audio.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// Not audio at all (or a video).
    #[error("{}: not an audio file", .path.display())]
    NotAudio {
        /// Which file.
        path: PathBuf,
    },
    /// The beginning of an MP4 without its end, where what is in it is told.
    #[error("{}: cut off: it begins as an MP4, and its end, which tells what is in it, is missing; get a whole copy of it", .path.display())]
    CutOff {
        /// Which file.
        path: PathBuf,
    },
    /// Audio, but in a format ferrotape does not decode.
    #[error("{}: {}", .path.display(), why_not_yet(.format))]
    NotReadableYet {
        /// Which file.
        path: PathBuf,
        /// The format's name.
        format: &'static str,
    },
    /// Looks like audio, but its headers make no sense.
    #[error("{}: broken: {reason}; get a sound copy of it", .path.display())]
    Broken {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The file could not be read.
    #[error("{}: could not be read: {source}; check that it is there and permitted", .path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Why a format is not read, and what helps. What is protected cannot be converted.
pub(crate) fn why_not_yet(format: &str) -> String {
    match is_protected(format) {
        true => format!(
            "{format}, which plays only in the programs of the shop that sold it; get it without protection: `ferrotape shop` says where it may be had"
        ),
        false => format!("{format} is not readable yet; convert it to FLAC first"),
    }
}

/// Bytes of a file within which sound begins, if there is any.
pub const SOUND_BEGINS_WITHIN: u64 = SEARCH as u64;

/// Whether what begins with these bytes may be sound, readable or not; only for files that need not be opened if they are none.
pub fn may_begin_sound(head: &[u8]) -> bool {
    // Tags with large pictures may be longer than that, and an MP4 tells at its end what it holds.
    let has_tags = head.starts_with(b"ID3");
    let sniffed = guarded(|| sniff(&mut Cursor::new(head), head.len() as u64));
    has_tags || !matches!(sniffed, Ok(Ok(Sniffed::NotAudio)))
}

/// Looks at the file `path`: a few reads, and from end to end only where nothing but the frames tells the length: an MP3
/// whose bit rate varies without a header frame that tells it, and bare AAC.
pub fn probe(path: &Path) -> Result<Probed, Unreadable> {
    let io = |source| Unreadable::Io { path: path.to_owned(), source };
    let broken = |reason| Unreadable::Broken { path: path.to_owned(), reason };
    let (mut file, what) = recognised(path)?;
    let described = guarded(|| describe(&mut file, &what)).map_err(broken)?;
    let described = described.map_err(|trouble| match trouble {
        Trouble::Io(source) => io(source),
        Trouble::Broken(reason) => broken(reason),
    })?;
    Ok(Probed {
        facts: described.facts,
        tags: described.tags,
        content: content_id(&mut file).map_err(io)?,
        sheet: guarded(|| embedded_sheet(&mut file, &what)).map_err(broken)?.map_err(io)?,
        embedded_cover: described.front.map(|bytes| blake3::hash(&bytes).to_hex().to_string()),
        note: described.note,
    })
}

/// Reads the tags of the file `path` once more, with all that only a finished track needs ([`TagSet::more`]).
pub fn read_all_tags(path: &Path) -> Result<TagSet, Unreadable> {
    let (mut file, what) = recognised(path)?;
    let broken = |reason| Unreadable::Broken { path: path.to_owned(), reason };
    guarded(|| all_tags(&mut file, &what)).map_err(broken)?.map_err(|trouble| match trouble {
        Trouble::Io(source) => Unreadable::Io { path: path.to_owned(), source },
        Trouble::Broken(reason) => broken(reason),
    })
}

/// Opens the file `path`, if there is sound in it that can be decoded.
pub(crate) fn recognised(path: &Path) -> Result<(File, Recognised), Unreadable> {
    let io = |source| Unreadable::Io { path: path.to_owned(), source };
    let broken = |reason| Unreadable::Broken { path: path.to_owned(), reason };
    let mut file = File::open(path).map_err(io)?;
    let metadata = file.metadata().map_err(io)?;
    if !metadata.is_file() {
        return Err(Unreadable::NotAudio { path: path.to_owned() });
    }
    match guarded(|| sniff(&mut file, metadata.len())).map_err(broken)?.map_err(io)? {
        Sniffed::Sound(what) => Ok((file, what)),
        Sniffed::NotYet(format) => Err(Unreadable::NotReadableYet { path: path.to_owned(), format }),
        Sniffed::CutOff => Err(Unreadable::CutOff { path: path.to_owned() }),
        Sniffed::NotAudio => Err(Unreadable::NotAudio { path: path.to_owned() }),
    }
}

/// Identity of the file's bytes: BLAKE3 over its size and three windows (the first 64 KiB, 16 KiB from the middle,
/// the last 64 KiB; all of a smaller file), and of all its bytes where the windows hold next to nothing but silence; the
/// first 32 hex digits.
pub fn content_id(file: &mut File) -> io::Result<ContentId> {
    let size = file.metadata()?.len();
    let mut hasher = blake3::Hasher::new();
    hash_windows(file, 0..size, &mut hasher)?;
    Ok(ContentId(hasher.finalize().to_hex().chars().take(32).collect()))
}

/// [`content_id`] of what comes out of a reader and is said to have `size` bytes; `None` where it has not. Reads to the
/// end.
pub fn content_id_of(size: u64, reader: &mut dyn Read) -> io::Result<Option<ContentId>> {
    let (mut hasher, mut all) = (blake3::Hasher::new(), blake3::Hasher::new());
    hasher.update(&size.to_le_bytes());
    let windows = windows_of(size);
    let mut are_silent = windows.len() > 1;
    let (mut at, mut window) = (0, Vec::with_capacity(END as usize));
    for (start, len) in windows {
        let passed = io::copy(&mut reader.take(start - at), &mut all)?;
        window.clear();
        reader.take(len).read_to_end(&mut window)?;
        hasher.update(&window);
        all.update(&window);
        are_silent &= is_silent(&window);
        at += passed + window.len() as u64;
    }
    let beyond = io::copy(reader, &mut all)?;
    let whole = at == size && beyond == 0;
    if are_silent {
        hasher.update(all.finalize().as_bytes());
    }
    Ok(whole.then(|| ContentId(hasher.finalize().to_hex().chars().take(32).collect())))
}

/// A sum of all bytes of the file `path`, 32 hex digits: what no window shows is in it as well.
pub fn whole_sum(path: &Path) -> io::Result<String> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(File::open(path)?)?;
    Ok(sum_of(&hasher))
}

/// The sum of all bytes that went through `hasher`.
pub(crate) fn sum_of(hasher: &blake3::Hasher) -> String {
    hasher.finalize().to_hex().chars().take(32).collect()
}

/// Where the windows begin, and their lengths.
fn windows_of(size: u64) -> Vec<(u64, u64)> {
    if size <= 2 * END + MIDDLE {
        return vec![(0, size)];
    }
    vec![(0, END), (size / 2 - MIDDLE / 2, MIDDLE), (size - END, END)]
}

/// Whether a window says nothing of what is played: but for a header or some tags it is one byte over and over, as
/// silence is in uncompressed sound. All files of one size that are silent there would be one.
fn is_silent(window: &[u8]) -> bool {
    let Some(most) = window.get(window.len() / 2) else { return true };
    let others = window.iter().filter(|byte| *byte != most).count();
    others <= window.len() / 16
}

/// Adds the size of this stretch of the file and its three windows; all of it where they are silent.
pub(crate) fn hash_windows(
    file: &mut File,
    stretch: Range<u64>,
    hasher: &mut blake3::Hasher,
) -> io::Result<()> {
    let size = stretch.end.saturating_sub(stretch.start);
    hasher.update(&size.to_le_bytes());
    let windows = windows_of(size);
    let mut are_silent = windows.len() > 1;
    let mut window = Vec::with_capacity(END as usize);
    for (start, len) in windows {
        window.clear();
        file.seek(SeekFrom::Start(stretch.start + start))?;
        file.by_ref().take(len).read_to_end(&mut window)?;
        hasher.update(&window);
        are_silent = are_silent && is_silent(&window);
    }
    if are_silent {
        file.seek(SeekFrom::Start(stretch.start))?;
        let mut all = blake3::Hasher::new();
        all.update_reader(file.by_ref().take(size))?;
        hasher.update(all.finalize().as_bytes());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stretch of bytes that is silent but for what stands at some places.
    fn silent_but(size: usize, places: &[(usize, u8)]) -> Vec<u8> {
        let mut bytes = vec![0; size];
        for (at, byte) in places {
            bytes[*at] = *byte;
        }
        bytes
    }

    fn ids_of(bytes: &[u8]) -> (ContentId, ContentId) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, bytes).unwrap();
        let of_file = content_id(&mut File::open(path).unwrap()).unwrap();
        (of_file, content_id_of(bytes.len() as u64, &mut &bytes[..]).unwrap().unwrap())
    }

    #[test]
    fn files_that_are_silent_in_all_windows_are_told_apart_by_what_lies_between() {
        let size = 400_000;
        let (one, other) =
            (silent_but(size, &[(10, 1), (100_000, 7)]), silent_but(size, &[(10, 1), (100_000, 9)]));
        let ((one, one_read), (other, other_read)) = (ids_of(&one), ids_of(&other));
        assert_ne!(one, other);
        assert_eq!((one, other), (one_read, other_read), "the same id, however the bytes come");
    }

    #[test]
    fn windows_that_are_not_silent_are_enough() {
        let loud: Vec<u8> = (0..400_000_usize).map(|at| (at % 251) as u8).collect();
        let mut changed = loud.clone();
        changed[100_000] ^= 1;
        let (of_file, read) = ids_of(&loud);
        assert_eq!(
            (&of_file, &of_file),
            (&read, &ids_of(&changed).0),
            "no window shows it: that is what sums are for"
        );
        assert!(is_silent(&[]) && is_silent(&[3; 100]) && !is_silent(&loud[..100]));
    }
}

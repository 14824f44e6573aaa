//! What a file is, cheaply: facts, tags and identity, without decoding.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};

use ferrotape_domain::{AudioFacts, ContentId, TagSet};

use crate::cue::{CueSheet, embedded_sheet};
use crate::formats::sniff::{Recognised, Sniffed, sniff};
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
    #[error("{}: {format} is not readable yet; convert it to FLAC first", .path.display())]
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

/// Looks at the file `path`: a few reads, and the whole of it only for an MP3 whose bit rate varies without a header
/// frame that tells its length.
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
/// the last 64 KiB; all of a smaller file), the first 32 hex digits.
pub fn content_id(file: &mut File) -> io::Result<ContentId> {
    let size = file.metadata()?.len();
    let mut hasher = blake3::Hasher::new();
    hash_windows(file, 0..size, &mut hasher)?;
    Ok(ContentId(hasher.finalize().to_hex().chars().take(32).collect()))
}

/// [`content_id`] of what comes out of a reader and is said to have `size` bytes; `None` where it has not. Reads to the
/// end.
pub fn content_id_of(size: u64, reader: &mut dyn Read) -> io::Result<Option<ContentId>> {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&size.to_le_bytes());
    let windows = windows_of(size);
    let (mut at, mut window) = (0, Vec::with_capacity(END as usize));
    for (start, len) in windows {
        let passed = io::copy(&mut reader.take(start - at), &mut io::sink())?;
        window.clear();
        reader.take(len).read_to_end(&mut window)?;
        hasher.update(&window);
        at += passed + window.len() as u64;
    }
    let beyond = io::copy(reader, &mut io::sink())?;
    let whole = at == size && beyond == 0;
    Ok(whole.then(|| ContentId(hasher.finalize().to_hex().chars().take(32).collect())))
}

/// Where the windows begin, and their lengths.
fn windows_of(size: u64) -> Vec<(u64, u64)> {
    if size <= 2 * END + MIDDLE {
        return vec![(0, size)];
    }
    vec![(0, END), (size / 2 - MIDDLE / 2, MIDDLE), (size - END, END)]
}

/// Adds the size of this stretch of the file and its three windows.
pub(crate) fn hash_windows(
    file: &mut File,
    stretch: Range<u64>,
    hasher: &mut blake3::Hasher,
) -> io::Result<()> {
    let size = stretch.end.saturating_sub(stretch.start);
    hasher.update(&size.to_le_bytes());
    let mut window = Vec::with_capacity(END as usize);
    for (start, len) in windows_of(size) {
        window.clear();
        file.seek(SeekFrom::Start(stretch.start + start))?;
        file.by_ref().take(len).read_to_end(&mut window)?;
        hasher.update(&window);
    }
    Ok(())
}

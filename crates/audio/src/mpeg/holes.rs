//! Holes in an MP3 whose frames no header counts: zeros between frames, as a download leaves them that lacks a piece.

use std::collections::VecDeque;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

use crate::formats::sniff::{Recognised, id3v2_len};
use crate::mpeg::frames::{FrameHeader, HEADER};
use crate::mpeg::length::{SEARCH, next_frame, read_at, says_its_length};

/// So many zeros between frames are what a program left that wrote tags there; more are a hole.
pub(crate) const MOST_ZEROS: u64 = 4 << 10;
/// In one file; behind so many it is broken anyway.
const MOST_HOLES: usize = 10_000;

/// Where something is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hole {
    /// Frames before it.
    pub(crate) frames: u64,
    /// Samples that would fill it.
    pub(crate) samples: u64,
}

/// The holes of the MP3 `what`; none where its header tells how many frames it has, which is sure.
pub(crate) fn holes<R: Read + Seek>(file: &mut R, what: &Recognised) -> io::Result<VecDeque<Hole>> {
    let mut found = VecDeque::new();
    if says_its_length(file, what)? {
        return Ok(found);
    }
    let mut reader = BufReader::with_capacity(SEARCH as usize, file);
    let (mut at, mut frames, mut bytes, mut zeros) = (what.start, 0u64, 0u64, 0u64);
    let mut first: Option<FrameHeader> = None;
    reader.seek(SeekFrom::Start(at))?;
    while at + HEADER as u64 <= what.end && found.len() < MOST_HOLES {
        let mut start = [0; HEADER];
        reader.read_exact(&mut start)?;
        let header = FrameHeader::parse(&start).filter(|header| {
            header.layer == 3
                && header.frame_len() >= HEADER
                && first.is_none_or(|first| first.same_stream(header))
        });
        let Some(header) = header else {
            let (more, next) = between(&mut reader, at, what.end)?;
            zeros += more;
            at = next;
            // Behind anything else frames of another kind may go on.
            first = first.filter(|_| more > 0);
            reader.seek(SeekFrom::Start(at))?;
            continue;
        };
        let len = header.frame_len() as u64;
        if at + len > what.end {
            break;
        }
        first.get_or_insert(header);
        if zeros > MOST_ZEROS && frames > 0 {
            let lost = zeros / (bytes / frames).max(1);
            found.push_back(Hole { frames, samples: lost * u64::from(header.samples()) });
        }
        zeros = 0;
        frames += 1;
        bytes += len;
        at += len;
        // Stays within what is buffered, which a plain seek would throw away.
        reader.seek_relative((len - HEADER as u64) as i64)?;
    }
    Ok(found)
}

/// How many zeros stand at `at`, where no frame begins, and where to look on.
fn between<R: Read + Seek>(reader: &mut R, at: u64, end: u64) -> io::Result<(u64, u64)> {
    let bytes = read_at(reader, at, end, SEARCH)?;
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count() as u64;
    if zeros > 0 {
        return Ok((zeros, at + zeros));
    }
    // What fills up a tag belongs to it.
    match id3v2_len(&bytes) {
        Some(tag) => Ok((0, at.saturating_add(tag).min(end))),
        None => Ok((0, next_frame(reader, at, end)?)),
    }
}

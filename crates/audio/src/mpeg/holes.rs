//! Holes in an MP3 whose frames no header counts: zeros between frames, as a download leaves them that lacks a piece.

use std::collections::VecDeque;
use std::io::{self, Read, Seek};

use crate::formats::sniff::Recognised;
use crate::mpeg::each_frame::{EachFrame, Frame};
use crate::mpeg::length::says_its_length;

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
    let mut walk = EachFrame::of(file, (what.start, what.end))?;
    let (mut frames, mut bytes) = (0u64, 0u64);
    while found.len() < MOST_HOLES
        && let Some(Frame { header, zeros }) = walk.following()?
    {
        if zeros > MOST_ZEROS && frames > 0 {
            let lost = zeros / (bytes / frames).max(1);
            found.push_back(Hole { frames, samples: lost * u64::from(header.samples()) });
        }
        frames += 1;
        bytes += header.frame_len() as u64;
    }
    Ok(found)
}

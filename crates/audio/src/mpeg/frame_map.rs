//! Where the frames of an MP3 are: as found so far, and all of them.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};

use ferrotape_domain::Cancel;

use crate::decode::{clock, too_much};
use crate::mpeg::CopyProblem;
use crate::mpeg::frames::{DECODER_DELAY, FrameHeader, GaplessHeader, parse_gapless_header};
use crate::mpeg::header_frame;

/// More frames than this (a day and a half) are not walked.
const MOST_FRAMES: usize = 5_000_000;
/// Enough for few system calls, and little enough to stay in a core's own memory from reading to writing.
pub(crate) const COPIED_AT_A_TIME: usize = 256 << 10;

/// Where the frames of an MP3 are.
#[derive(Debug)]
pub(crate) struct FrameMap {
    /// The Xing, Info or VBRI header frame and what it says.
    pub(crate) header: Option<(Vec<u8>, GaplessHeader)>,
    /// The first audio frame's header.
    pub(crate) first: FrameHeader,
    /// Its four bytes.
    pub(crate) first_bytes: [u8; 4],
    /// Whether the bit rate varies.
    pub(crate) variable: bool,
    /// Bytes of all audio frames.
    pub(crate) bytes: u64,
    pub(crate) notes: Vec<String>,
    /// Stretches of audio frames in the file.
    pieces: Vec<(u64, u64)>,
    /// Where each frame begins, in bytes of sound before it.
    offsets: Vec<u32>,
    /// Encoder delay, and padding that is left after frames were lost at the end, where the header tells them.
    trim: Option<(u64, u64)>,
}

impl FrameMap {
    /// Audio frames, at least one.
    pub(crate) fn frames(&self) -> usize {
        self.offsets.len()
    }

    /// Samples per channel that a decoder makes of all frames.
    pub(crate) fn total(&self) -> u64 {
        self.offsets.len() as u64 * u64::from(self.first.samples())
    }

    /// Encoder delay and padding, where the header frame tells them.
    pub(crate) fn trim(&self) -> Option<(u64, u64)> {
        self.trim
    }

    /// The first and one past the last of the decoder's samples that a gapless player hears.
    ///
    /// The decoder's own delay is at the start on top of the encoder's, and hides as much of the padding.
    pub(crate) fn heard(&self) -> (u64, u64) {
        let Some((delay, padding)) = self.trim else { return (0, self.total()) };
        let end = self.total().saturating_sub(padding.saturating_sub(DECODER_DELAY));
        ((delay + DECODER_DELAY).min(end), end)
    }

    /// Bytes of sound before frame `index`; all of them where there is no such frame.
    pub(crate) fn bytes_before(&self, index: usize) -> u64 {
        self.offsets.get(index).map_or(self.bytes, |offset| u64::from(*offset))
    }

    /// Where the frames `from` to `to` (not included) are in the file, in order.
    pub(crate) fn extents(&self, from: usize, to: usize) -> Vec<(u64, u64)> {
        let (begin, end) = (self.bytes_before(from), self.bytes_before(to));
        let mut before = 0;
        let mut extents = Vec::new();
        for (start, stop) in &self.pieces {
            let len = stop - start;
            let (first, last) = (begin.clamp(before, before + len), end.clamp(before, before + len));
            if first < last {
                extents.push((start + first - before, start + last - before));
            }
            before += len;
        }
        extents
    }

    /// For each hundredth of the playing time: the share of the bytes before it, of 256.
    pub(crate) fn contents(&self) -> [u8; 100] {
        header_frame::contents(self.frames(), self.bytes, |frame| self.bytes_before(frame))
    }

    /// Gives the bytes of the frames `from` to `to` (not included) of `file`, in order, some at a time.
    pub(crate) fn bytes_of(
        &self,
        mut file: &File,
        (from, to): (usize, usize),
        cancel: &Cancel,
        mut take: impl FnMut(&[u8]) -> Result<(), CopyProblem>,
    ) -> Result<(), CopyProblem> {
        let mut buffer = vec![0; COPIED_AT_A_TIME];
        for (start, end) in self.extents(from, to) {
            file.seek(SeekFrom::Start(start)).map_err(CopyProblem::Source)?;
            let mut left = end - start;
            while left > 0 {
                if cancel.is_stopped() {
                    return Err(CopyProblem::Cancelled);
                }
                let most = left.min(buffer.len() as u64) as usize;
                let part = buffer.get_mut(..most).unwrap_or_default();
                file.read_exact(part).map_err(CopyProblem::Source)?;
                take(part)?;
                left -= most as u64;
            }
        }
        Ok(())
    }

    /// Reads frame `index` of `file` into `frame`.
    pub(crate) fn read(
        &self,
        mut file: &File,
        index: usize,
        frame: &mut Vec<u8>,
    ) -> Result<FrameHeader, CopyProblem> {
        frame.clear();
        for (start, end) in self.extents(index, index + 1) {
            file.seek(SeekFrom::Start(start)).map_err(CopyProblem::Source)?;
            file.take(end - start).read_to_end(frame).map_err(CopyProblem::Source)?;
        }
        FrameHeader::parse(frame).filter(|header| header.frame_len() == frame.len()).ok_or_else(changed)
    }

    /// Shows the frames `from` to `to` (not included) of `file`, in order.
    pub(crate) fn each(
        &self,
        mut file: &File,
        (from, to): (usize, usize),
        cancel: &Cancel,
        mut look: impl FnMut(&mut [u8], &FrameHeader) -> Result<(), CopyProblem>,
    ) -> Result<(), CopyProblem> {
        let mut frame = Vec::new();
        let mut index = from;
        for (start, end) in self.extents(from, to) {
            file.seek(SeekFrom::Start(start)).map_err(CopyProblem::Source)?;
            let mut reader = BufReader::with_capacity(COPIED_AT_A_TIME, file.take(end - start));
            let stop = self.bytes_before(index) + (end - start);
            while index < to && self.bytes_before(index) < stop {
                if index.is_multiple_of(1024) && cancel.is_stopped() {
                    return Err(CopyProblem::Cancelled);
                }
                let len = self.bytes_before(index + 1) - self.bytes_before(index);
                frame.resize(len as usize, 0);
                reader.read_exact(&mut frame).map_err(CopyProblem::Source)?;
                let header = FrameHeader::parse(&frame).filter(|header| header.frame_len() == frame.len());
                look(&mut frame, &header.ok_or_else(changed)?)?;
                index += 1;
            }
        }
        Ok(())
    }
}

fn changed() -> CopyProblem {
    CopyProblem::Broken("it changed while it was read".to_owned())
}

/// The frames found so far, in order.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    header: Option<(Vec<u8>, GaplessHeader)>,
    first: Option<(FrameHeader, [u8; 4])>,
    variable: bool,
    offsets: Vec<u32>,
    bytes: u64,
}

impl Seen {
    /// Whether not even a header frame was found.
    pub(crate) fn is_empty(&self) -> bool {
        self.first.is_none() && self.header.is_none()
    }

    /// Audio frames.
    pub(crate) fn frames(&self) -> usize {
        self.offsets.len()
    }

    /// Bytes of the header frame.
    pub(crate) fn header_bytes(&self) -> u64 {
        self.header.as_ref().map_or(0, |(frame, _)| frame.len() as u64)
    }

    /// The header of the frame that begins with these bytes, if one does that may follow those found.
    pub(crate) fn next(&self, start: &[u8]) -> Option<FrameHeader> {
        let header = FrameHeader::parse(start)?;
        let fits =
            self.first.is_none_or(|(first, _)| first.same_stream(&header) && first.mono == header.mono);
        (fits && header.layer == 3 && header.frame_len() > 0).then_some(header)
    }

    /// Takes the very first frame, if it is one that only tells of the others.
    pub(crate) fn is_header_frame(&mut self, frame: &[u8], header: &FrameHeader) -> bool {
        self.header = parse_gapless_header(frame, header).map(|said| (frame.to_vec(), said));
        self.header.is_some()
    }

    /// Takes the next audio frame, that begins with `start`; a text when there are too many.
    pub(crate) fn add(&mut self, header: &FrameHeader, start: [u8; 4]) -> Result<(), String> {
        let first = self.first.get_or_insert((*header, start)).0;
        self.variable |= header.kbps != first.kbps;
        let offset = u32::try_from(self.bytes).map_err(|_| "it is larger than 4 GB".to_owned())?;
        self.offsets.push(offset);
        self.bytes += header.frame_len() as u64;
        if self.offsets.len() > MOST_FRAMES { Err("it is too long".to_owned()) } else { Ok(()) }
    }

    /// All of them, which lie in these stretches of the file.
    pub(crate) fn map(self, pieces: Vec<(u64, u64)>, notes: Vec<String>) -> Result<FrameMap, CopyProblem> {
        let Some((first, first_bytes)) = self.first else {
            return Err(CopyProblem::Broken("there is no sound in it".to_owned()));
        };
        let (header, variable, bytes, offsets) = (self.header, self.variable, self.bytes, self.offsets);
        let mut map =
            FrameMap { header, first, first_bytes, variable, bytes, notes, pieces, offsets, trim: None };
        map.trim = trim_of(&map)?;
        Ok(map)
    }
}

/// Delay and padding by the header frame; an error where much of what it promises is not there.
fn trim_of(map: &FrameMap) -> Result<Option<(u64, u64)>, CopyProblem> {
    let Some((_, said)) = &map.header else { return Ok(None) };
    let promised = said.frames.map_or(0, u64::from) * u64::from(map.first.samples());
    let missing = promised.saturating_sub(map.total());
    if too_much(missing, promised, map.first.sample_rate) {
        let (have, promised) =
            (clock(map.total(), map.first.sample_rate), clock(promised, map.first.sample_rate));
        return Err(CopyProblem::Broken(format!("it ends after {have}, but its header promises {promised}")));
    }
    Ok(said.trim.map(|(delay, padding)| (u64::from(delay), u64::from(padding).saturating_sub(missing))))
}

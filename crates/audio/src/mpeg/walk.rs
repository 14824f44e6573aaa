//! The frames of an MP3, found by walking from one to the next, with the tags and junk between and around them.
//!
//! A walk reads the whole file once and keeps where each frame is: copying, cutting and changing the volume all
//! begin with it. Damage between frames makes a walk say that the file cannot be taken apart, and why.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

use ferrotape_domain::Cancel;

use crate::decode::{clock, too_much};
use crate::formats::sniff::{Recognised, id3v2_len};
use crate::mpeg::frames::{
    DECODER_DELAY, FrameHeader, GaplessHeader, LONGEST_FRAME, find_frames, parse_gapless_header,
};
use crate::mpeg::header_frame;

/// More frames than this (a day and a half) are not walked.
const MOST_FRAMES: usize = 5_000_000;
/// More tags than this between frames are taken for damage.
const MOST_PIECES: usize = 64;
/// Enough for few system calls, and little enough to stay in a core's own memory from reading to writing.
pub(crate) const COPIED_AT_A_TIME: usize = 256 << 10;
/// How far the next frame is looked for behind damage.
const SEARCH: usize = 64 << 10;

/// What went wrong while walking or copying.
#[derive(Debug)]
pub(crate) enum CopyProblem {
    Cancelled,
    Source(io::Error),
    Out(io::Error),
    Broken(String),
}

/// What a walk found.
pub(crate) enum Walked {
    Frames(Box<FrameMap>),
    /// Its frames cannot be had one by one; the text tells why.
    Cannot(String),
}

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

/// Walks the frames of `source`.
pub(crate) fn walk(source: &mut File, what: &Recognised, cancel: &Cancel) -> Result<Walked, CopyProblem> {
    walk_buffered(BufReader::with_capacity(COPIED_AT_A_TIME, source), what, cancel)
}

/// Walks the frames of what is quick to read a few bytes of.
pub(crate) fn walk_buffered(
    reader: impl Read + Seek,
    what: &Recognised,
    cancel: &Cancel,
) -> Result<Walked, CopyProblem> {
    let mut walk = Walk::new(reader, what);
    if let Some(reason) = walk.run(cancel)? {
        return Ok(Walked::Cannot(reason));
    }
    let Some((first, first_bytes)) = walk.first else {
        return Err(CopyProblem::Broken("there is no sound in it".to_owned()));
    };
    let mut map = FrameMap {
        header: walk.header,
        first,
        first_bytes,
        variable: walk.variable,
        bytes: walk.bytes,
        notes: walk.notes,
        pieces: walk.pieces,
        offsets: walk.offsets,
        trim: None,
    };
    map.trim = trim_of(&map)?;
    Ok(Walked::Frames(Box::new(map)))
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

/// A walk on its way.
struct Walk<R> {
    reader: R,
    at: u64,
    end: u64,
    header: Option<(Vec<u8>, GaplessHeader)>,
    first: Option<(FrameHeader, [u8; 4])>,
    variable: bool,
    pieces: Vec<(u64, u64)>,
    /// Where each frame begins, in bytes of sound before it.
    offsets: Vec<u32>,
    bytes: u64,
    notes: Vec<String>,
}

impl<R: Read + Seek> Walk<R> {
    fn new(reader: R, what: &Recognised) -> Self {
        Self {
            reader,
            at: what.start,
            end: what.end,
            header: None,
            first: None,
            variable: false,
            pieces: Vec::new(),
            offsets: Vec::new(),
            bytes: 0,
            notes: Vec::new(),
        }
    }

    /// Walks to the end; a text when the file cannot be copied.
    fn run(&mut self, cancel: &Cancel) -> Result<Option<String>, CopyProblem> {
        self.reader.seek(SeekFrom::Start(self.at)).map_err(CopyProblem::Source)?;
        while self.at + 4 <= self.end {
            if self.offsets.len().is_multiple_of(4096) && cancel.is_stopped() {
                return Err(CopyProblem::Cancelled);
            }
            let mut start = [0; 4];
            self.reader.read_exact(&mut start).map_err(CopyProblem::Source)?;
            let stop = match FrameHeader::parse(&start).filter(|header| self.fits(header)) {
                Some(header) => self.frame(header, start).map_err(CopyProblem::Source)?,
                None => self.between_frames().map_err(CopyProblem::Source)?,
            };
            match stop {
                Step::On => {}
                Step::End => break,
                Step::Cannot(reason) => return Ok(Some(reason)),
            }
        }
        Ok(None)
    }

    fn fits(&self, header: &FrameHeader) -> bool {
        let known =
            self.first.is_none_or(|(first, _)| first.same_stream(header) && first.mono == header.mono);
        known && header.layer == 3 && header.frame_len() > 0
    }

    /// Takes the frame whose first four bytes were just read.
    fn frame(&mut self, header: FrameHeader, start: [u8; 4]) -> io::Result<Step> {
        let len = header.frame_len() as u64;
        if self.at + len > self.end {
            self.notes.push("the last frame was cut short and is left out".to_owned());
            return Ok(Step::End);
        }
        if self.first.is_none() && self.header.is_none() {
            let mut frame = start.to_vec();
            self.reader.by_ref().take(len - 4).read_to_end(&mut frame)?;
            self.at += len;
            if let Some(said) = parse_gapless_header(&frame, &header) {
                self.header = Some((frame, said));
                return Ok(Step::On);
            }
        } else {
            // Stays within what is buffered, which a plain seek would throw away.
            self.reader.seek_relative(len as i64 - 4)?;
            self.at += len;
        }
        let first = self.first.get_or_insert((header, start)).0;
        self.variable |= header.kbps != first.kbps;
        let begin = self.at - len;
        match self.pieces.last_mut() {
            Some((_, end)) if *end == begin => *end = self.at,
            _ => self.pieces.push((begin, self.at)),
        }
        let Ok(offset) = u32::try_from(self.bytes) else {
            return Ok(Step::Cannot("it is larger than 4 GB".to_owned()));
        };
        self.offsets.push(offset);
        self.bytes += len;
        if self.offsets.len() > MOST_FRAMES || self.pieces.len() > MOST_PIECES {
            return Ok(Step::Cannot("it is too long or too broken up".to_owned()));
        }
        Ok(Step::On)
    }

    /// What stands at `self.at` is no frame: a tag in the middle, the end, or damage.
    fn between_frames(&mut self) -> io::Result<Step> {
        self.reader.seek(SeekFrom::Start(self.at))?;
        let mut bytes = Vec::new();
        let most = (self.end - self.at).min(SEARCH as u64);
        self.reader.by_ref().take(most).read_to_end(&mut bytes)?;
        let ape =
            |at: usize| bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes);
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count() as u64;
        let tag = match bytes.as_slice() {
            [b'T', b'A', b'G', ..] => 128,
            [b'A', b'P', b'E', b'T', b'A', b'G', b'E', b'X', ..] => u64::from(ape(12)) + 32,
            _ => id3v2_len(&bytes).unwrap_or(zeros),
        };
        if tag > 0 {
            self.at = self.at.saturating_add(tag).min(self.end);
            self.reader.seek(SeekFrom::Start(self.at))?;
            return Ok(Step::On);
        }
        let to_end = bytes.len() as u64 == self.end - self.at;
        if find_frames(&bytes, 3, to_end).is_none() && (to_end || self.nothing_after(&bytes)?) {
            let junk = self.end - self.at;
            self.notes.push(format!("{junk} bytes of junk at its end left out"));
            return Ok(Step::End);
        }
        Ok(Step::Cannot("it is damaged in the middle".to_owned()))
    }

    /// Whether no frames follow in a second stretch either.
    fn nothing_after(&mut self, seen: &[u8]) -> io::Result<bool> {
        let keep = seen.len().saturating_sub(LONGEST_FRAME * 4);
        self.reader.seek(SeekFrom::Start(self.at + keep as u64))?;
        let mut bytes = Vec::new();
        self.reader.by_ref().take(16 * SEARCH as u64).read_to_end(&mut bytes)?;
        Ok(find_frames(&bytes, 3, true).is_none())
    }
}

enum Step {
    On,
    End,
    Cannot(String),
}

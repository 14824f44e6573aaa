//! The frames of an MP3, found by walking from one to the next, with the tags and junk between and around them.
//!
//! A walk reads the whole file once and keeps where each frame is: cutting and changing the volume begin with it. Damage
//! between frames makes a walk say that the file cannot be taken apart, and why.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

use ferrotape_domain::Cancel;

use crate::formats::sniff::{Recognised, id3v2_len};
use crate::mpeg::CopyProblem;
use crate::mpeg::frame_map::{COPIED_AT_A_TIME, FrameMap, Seen};
use crate::mpeg::frames::{FrameHeader, LONGEST_FRAME, find_frames};
use crate::mpeg::holes::MOST_ZEROS;

/// More tags than this between frames are taken for damage.
const MOST_PIECES: usize = 64;
/// How far the next frame is looked for behind damage.
const SEARCH: usize = 64 << 10;

/// What a walk found.
pub(crate) enum Walked {
    Frames(Box<FrameMap>),
    /// Its frames cannot be had one by one; the text tells why.
    Cannot(String),
}

/// Walks the frames of `source`.
pub(crate) fn walk(source: &mut File, what: &Recognised, cancel: &Cancel) -> Result<Walked, CopyProblem> {
    let reader = BufReader::with_capacity(COPIED_AT_A_TIME, source);
    let mut walk = Walk {
        reader,
        at: what.start,
        end: what.end,
        seen: Seen::default(),
        zeros: 0,
        pieces: Vec::new(),
        notes: Vec::new(),
    };
    if let Some(reason) = walk.run(cancel)? {
        return Ok(Walked::Cannot(reason));
    }
    let map = walk.seen.map(walk.pieces, walk.notes)?;
    Ok(Walked::Frames(Box::new(map)))
}

/// A walk on its way.
struct Walk<R> {
    reader: R,
    at: u64,
    end: u64,
    seen: Seen,
    /// That stand before `at`, since the last frame.
    zeros: u64,
    pieces: Vec<(u64, u64)>,
    notes: Vec<String>,
}

impl<R: Read + Seek> Walk<R> {
    /// Walks to the end; a text when the file cannot be copied.
    fn run(&mut self, cancel: &Cancel) -> Result<Option<String>, CopyProblem> {
        self.reader.seek(SeekFrom::Start(self.at)).map_err(CopyProblem::Source)?;
        while self.at + 4 <= self.end {
            if self.seen.frames().is_multiple_of(4096) && cancel.is_stopped() {
                return Err(CopyProblem::Cancelled);
            }
            let mut start = [0; 4];
            self.reader.read_exact(&mut start).map_err(CopyProblem::Source)?;
            let stop = match self.seen.next(&start) {
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

    /// Takes the frame whose first four bytes were just read.
    fn frame(&mut self, header: FrameHeader, start: [u8; 4]) -> io::Result<Step> {
        if std::mem::take(&mut self.zeros) > MOST_ZEROS && !self.seen.is_empty() {
            return Ok(Step::Cannot("it is damaged in the middle".to_owned()));
        }
        let len = header.frame_len() as u64;
        if self.at + len > self.end {
            self.notes.push("the last frame was cut short and is left out".to_owned());
            return Ok(Step::End);
        }
        if self.seen.is_empty() {
            let mut frame = start.to_vec();
            self.reader.by_ref().take(len - 4).read_to_end(&mut frame)?;
            self.at += len;
            if self.seen.is_header_frame(&frame, &header) {
                return Ok(Step::On);
            }
        } else {
            // Stays within what is buffered, which a plain seek would throw away.
            self.reader.seek_relative(len as i64 - 4)?;
            self.at += len;
        }
        let begin = self.at - len;
        match self.pieces.last_mut() {
            Some((_, end)) if *end == begin => *end = self.at,
            _ => self.pieces.push((begin, self.at)),
        }
        if let Err(reason) = self.seen.add(&header, start) {
            return Ok(Step::Cannot(reason));
        }
        if self.pieces.len() > MOST_PIECES {
            return Ok(Step::Cannot("it is too broken up".to_owned()));
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
            self.zeros += zeros;
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

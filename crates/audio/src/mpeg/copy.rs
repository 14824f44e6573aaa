//! An MP3's frames carried over unchanged, without the tags and junk around them.
//!
//! The file is walked twice: once to see that every frame is sound and to count them, once to copy. The header
//! frame (Xing, LAME, VBRI) is kept as it is when it tells the truth, mended when it does not, and built when it
//! is missing, so that players show the right length of a variable-rate file.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};

use ferrotape_domain::Cancel;

use crate::decode::{clock, too_much};
use crate::formats::sniff::{Recognised, id3v2_len};
use crate::mpeg::frames::{
    DECODER_DELAY, FrameHeader, GaplessHeader, LONGEST_FRAME, NewHeader, build_header_frame, find_frames,
    lame_crc, parse_gapless_header,
};

/// More frames than this (a day and a half) are not copied.
const MOST_FRAMES: usize = 5_000_000;
/// More tags than this between frames are taken for damage.
const MOST_PIECES: usize = 64;
/// How far the next frame is looked for behind damage.
const SEARCH: usize = 64 << 10;

/// Whether a file can be copied.
pub(crate) enum Copyable {
    Yes(Box<CopyPlan>),
    /// It must be decoded and encoded; the text tells why.
    No(String),
}

/// What to copy.
#[derive(Debug)]
pub(crate) struct CopyPlan {
    /// The header frame, finished but for the CRC of the sound.
    header: Vec<u8>,
    /// Where in `header` LAME's checksums must be renewed.
    mend_lame_at: Option<usize>,
    /// Stretches of audio frames in the source.
    pieces: Vec<(u64, u64)>,
    /// Samples per channel a gapless player hears.
    pub(crate) samples: u64,
    pub(crate) sample_rate: u32,
    pub(crate) notes: Vec<String>,
}

/// What went wrong while looking or copying.
#[derive(Debug)]
pub(crate) enum CopyProblem {
    Cancelled,
    Source(io::Error),
    Out(io::Error),
    Broken(String),
}

/// Walks the frames of `source`.
pub(crate) fn plan_copy(
    source: &mut File,
    what: &Recognised,
    cancel: &Cancel,
) -> Result<Copyable, CopyProblem> {
    let reader = BufReader::with_capacity(64 << 10, &mut *source);
    let mut walk = Walk::new(reader, what);
    if let Some(reason) = walk.run(cancel)? {
        return Ok(Copyable::No(reason));
    }
    let (Some((first, first_bytes)), Some(_)) = (walk.first, walk.pieces.first()) else {
        return Err(CopyProblem::Broken("there is no sound in it".to_owned()));
    };
    let frames = walk.offsets.len() as u64;
    let (mut delay, mut padding) = (0, 0);
    let trimmed = walk.header.as_ref().is_some_and(|(_, header)| header.trim.is_some());
    if let Some((_, header)) = &walk.header {
        (delay, padding) =
            header.trim.map_or((0, 0), |(delay, padding)| (u64::from(delay), u64::from(padding)));
        let promised = header.frames.map_or(0, u64::from) * u64::from(first.samples());
        let have = frames * u64::from(first.samples());
        let missing = promised.saturating_sub(have);
        if too_much(missing, promised, first.sample_rate) {
            let (have, promised) = (clock(have, first.sample_rate), clock(promised, first.sample_rate));
            return Err(CopyProblem::Broken(format!(
                "it ends after {have}, but its header promises {promised}"
            )));
        }
        padding = padding.saturating_sub(missing);
    }
    let total = frames * u64::from(first.samples());
    let Some((header, mend_lame_at)) = walk.header_frame(&first, first_bytes, padding) else {
        return Ok(Copyable::No("no header frame could be built for it".to_owned()));
    };
    Ok(Copyable::Yes(Box::new(CopyPlan {
        header,
        mend_lame_at,
        pieces: walk.pieces,
        samples: heard(total, trimmed, delay, padding),
        sample_rate: first.sample_rate,
        notes: walk.notes,
    })))
}

/// What a gapless player hears of `total` samples: the decoder's own delay hides the last 529 of them.
fn heard(total: u64, trimmed: bool, delay: u64, padding: u64) -> u64 {
    if trimmed { total.saturating_sub(delay + padding.max(DECODER_DELAY)) } else { total }
}

/// Writes header and frames to `out` from `at` on.
pub(crate) fn copy_frames(
    mut source: &File,
    plan: &CopyPlan,
    out: &mut File,
    at: u64,
    cancel: &Cancel,
) -> Result<(), CopyProblem> {
    out.seek(SeekFrom::Start(at)).and_then(|_| out.write_all(&plan.header)).map_err(CopyProblem::Out)?;
    let crc = crc::Crc::<u16>::new(&crc::CRC_16_ARC);
    let mut digest = crc.digest();
    let mut buffer = vec![0; 256 << 10];
    for (start, end) in &plan.pieces {
        source.seek(SeekFrom::Start(*start)).map_err(CopyProblem::Source)?;
        let mut left = end - start;
        while left > 0 {
            if cancel.is_stopped() {
                return Err(CopyProblem::Cancelled);
            }
            let most = left.min(buffer.len() as u64) as usize;
            let part = buffer.get_mut(..most).unwrap_or_default();
            source.read_exact(part).map_err(CopyProblem::Source)?;
            if plan.mend_lame_at.is_some() {
                digest.update(part);
            }
            out.write_all(part).map_err(CopyProblem::Out)?;
            left -= most as u64;
        }
    }
    if let Some(lame) = plan.mend_lame_at {
        let mut header = plan.header.clone();
        put(&mut header, lame + 32, &digest.finalize().to_be_bytes());
        let crc = lame_crc(header.get(..lame + 34).unwrap_or_default());
        put(&mut header, lame + 34, &crc.to_be_bytes());
        out.seek(SeekFrom::Start(at)).and_then(|_| out.write_all(&header)).map_err(CopyProblem::Out)?;
    }
    Ok(())
}

/// The first walk.
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

    /// The header frame to write, and where its LAME checksums must be renewed.
    fn header_frame(
        &mut self,
        first: &FrameHeader,
        first_bytes: [u8; 4],
        padding: u64,
    ) -> Option<(Vec<u8>, Option<usize>)> {
        let frames = u32::try_from(self.offsets.len()).ok()?;
        let bytes = u32::try_from(self.bytes).ok()?;
        let toc = self.contents();
        if let Some((mut frame, said)) = self.header.take() {
            let whole = bytes.checked_add(u32::try_from(frame.len()).ok()?)?;
            let counts = said.frames == Some(frames);
            if counts && said.bytes.is_none_or(|bytes| bytes == whole) {
                return Some((frame, None));
            }
            if let Some(at) = said.xing_at.filter(|_| said.frames.is_some()) {
                self.notes.push("its header frame was wrong about its length and is mended".to_owned());
                mend(&mut frame, at, frames, whole, &toc);
                if let Some(lame) = said.lame_at {
                    put(&mut frame, lame + 28, &whole.to_be_bytes());
                    mend_padding(&mut frame, lame, padding);
                }
                return Some((frame, said.lame_at));
            }
        }
        if !self.variable {
            // Its length shows in its size; a header frame would make gapless players cut what they now play.
            return Some((Vec::new(), None));
        }
        let new = NewHeader {
            like: *first,
            like_bytes: first_bytes,
            variable: self.variable,
            frames,
            bytes,
            toc: &toc,
        };
        build_header_frame(&new).map(|frame| (frame, None))
    }

    /// For each hundredth of the playing time: the share of the bytes before it, of 256.
    fn contents(&self) -> [u8; 100] {
        let mut toc = [0; 100];
        for (hundredth, entry) in toc.iter_mut().enumerate() {
            let frame = hundredth * self.offsets.len() / 100;
            let offset = self.offsets.get(frame).copied().unwrap_or_default();
            *entry = (u64::from(offset) * 256 / self.bytes.max(1)).min(255) as u8;
        }
        toc
    }
}

enum Step {
    On,
    End,
    Cannot(String),
}

fn mend(frame: &mut [u8], xing_at: usize, frames: u32, bytes: u32, toc: &[u8; 100]) {
    let flags = frame.get(xing_at + 7).copied().unwrap_or_default();
    let mut at = xing_at + 8;
    if flags & 1 != 0 {
        put(frame, at, &frames.to_be_bytes());
        at += 4;
    }
    if flags & 2 != 0 {
        put(frame, at, &bytes.to_be_bytes());
        at += 4;
    }
    if flags & 4 != 0 {
        put(frame, at, toc);
    }
}

/// Writes the padding that is left after frames were lost at the end; the delay stays.
fn mend_padding(frame: &mut [u8], lame: usize, padding: u64) {
    if let Some([_, middle, low]) = frame.get_mut(lame + 21..lame + 24) {
        *middle = *middle & 0xf0 | (padding >> 8 & 15) as u8;
        *low = (padding & 255) as u8;
    }
}

fn put(frame: &mut [u8], at: usize, bytes: &[u8]) {
    if let Some(place) = frame.get_mut(at..at + bytes.len()) {
        place.copy_from_slice(bytes);
    }
}

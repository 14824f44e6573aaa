//! MP3s of one kind behind each other as one MP3, without encoding.
//!
//! Pieces that were cut out of one whole overlap by a few frames at each seam: delay and padding tell where, and the
//! frames there must be the same bytes. Then the overlap is taken once and the seam cannot be heard. Between others
//! the encoder's delay and padding stay as a gap of silence, which is counted. The reservoir is packed anew, since
//! the main data of a part's first frames would else be looked for in the part before.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};

use ferrotape_domain::Cancel;

use crate::mpeg::CopyProblem;
use crate::mpeg::frame_map::FrameMap;
use crate::mpeg::frames::{DECODER_DELAY, FrameHeader};
use crate::mpeg::header_frame::{
    MOST_TRIM, MUSIC_CRC, NewHeader, NewLame, build_header_frame, contents, seal_lame,
};
use crate::mpeg::reservoir::{BitRate, DoesNotFit, Frame, NoMainData, Packer, Unpacker};
use crate::mpeg::side_info::side_extent;

/// A file and its frames.
pub(crate) type Part = (File, FrameMap);

/// What became of the parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Joined {
    /// Samples per channel a gapless player hears.
    pub(crate) samples: u64,
    /// Seams at which the parts do not continue each other.
    pub(crate) gaps: usize,
}

/// Writes all `parts` to `out` from `at` on.
pub(crate) fn join_frames(
    parts: &[Part],
    (out, at): (&mut File, u64),
    cancel: &Cancel,
) -> Result<Joined, CopyProblem> {
    let Some((_, first)) = parts.first() else { return Err(broken("there is nothing to join")) };
    let trim = trim_of(parts);
    let mut join = Join::default();
    let room = header_for(first, trim, &join).map_or(0, |(frame, _)| frame.len());
    out.seek(SeekFrom::Start(at)).and_then(|_| out.write_all(&vec![0; room])).map_err(CopyProblem::Out)?;
    let mut digest = MUSIC_CRC.digest();
    let (mut gaps, mut before): (usize, Option<&Part>) = (0, None);
    for part in parts {
        let from = match before {
            Some(before) => seam(before, part)?,
            None => Some(0),
        };
        gaps += usize::from(from.is_none());
        let (file, map) = part;
        let mut unpacker = Unpacker::default();
        let mut index = 0;
        map.each(file, (0, map.frames()), cancel, |frame, header| {
            let wanted = index >= from.unwrap_or(0);
            index += 1;
            join.take(&mut unpacker, frame, header, wanted)?;
            join.give(64 << 10, |ready| {
                digest.update(ready);
                out.write_all(ready)
            })
        })?;
        before = Some(part);
    }
    join.packer.finish(&mut join.ready);
    join.give(0, |ready| {
        digest.update(ready);
        out.write_all(ready)
    })?;
    let end = out.stream_position().map_err(CopyProblem::Out)?;
    let (mut header, lame_at) =
        header_for(first, trim, &join).ok_or_else(|| broken("no header frame could be built for it"))?;
    if let Some(lame_at) = lame_at {
        seal_lame(&mut header, lame_at, digest.finalize());
    }
    out.seek(SeekFrom::Start(at)).and_then(|_| out.write_all(&header)).map_err(CopyProblem::Out)?;
    out.seek(SeekFrom::Start(end)).map_err(CopyProblem::Out)?;
    let total = join.offsets.len() as u64 * u64::from(first.first.samples());
    let (delay, padding) = trim.map_or((0, 0), |(delay, padding)| {
        (u64::from(delay) + DECODER_DELAY, u64::from(padding).saturating_sub(DECODER_DELAY))
    });
    Ok(Joined { samples: total.saturating_sub(delay + padding), gaps })
}

/// The frame of `part` that follows the last one of `before`; `None` where `part` does not continue it.
fn seam((file_before, before): &Part, (file, part): &Part) -> Result<Option<usize>, CopyProblem> {
    if !before.first.same_stream(&part.first) || before.first.mono != part.first.mono {
        return Err(broken("its sound is of another kind than that of the parts before it"));
    }
    let samples = u64::from(part.first.samples());
    let (start, _) = part.heard();
    let (_, end) = before.heard();
    let next = start.div_ceil(samples);
    let (left_over, left_out) = (before.total() - end, next * samples - start);
    let Some(last) = (next as usize).checked_sub(1).filter(|last| *last < part.frames()) else {
        return Ok(None);
    };
    if left_over != left_out {
        return Ok(None);
    }
    let (mut one, mut other) = (Vec::new(), Vec::new());
    before.read(file_before, before.frames() - 1, &mut one)?;
    part.read(file, last, &mut other)?;
    Ok((one == other).then_some(next as usize))
}

/// Delay of the first part and padding of the last, where the first tells its delay.
fn trim_of(parts: &[Part]) -> Option<(u16, u16)> {
    let (delay, _) = parts.first()?.1.trim()?;
    let padding = parts.last()?.1.trim().map_or(0, |(_, padding)| padding);
    Some((delay.min(MOST_TRIM) as u16, padding.min(MOST_TRIM) as u16))
}

/// A stream being joined.
struct Join {
    packer: Packer,
    ready: Vec<u8>,
    /// Where each written frame begins, in bytes of sound before it.
    offsets: Vec<u64>,
    bytes: u64,
    variable: bool,
    kbps: Option<u32>,
}

impl Default for Join {
    fn default() -> Self {
        let packer = Packer::new(BitRate::RaisedTo(320));
        Self { packer, ready: Vec::new(), offsets: Vec::new(), bytes: 0, variable: false, kbps: None }
    }
}

impl Join {
    /// Takes the next frame of a part, and packs it when it is `wanted`.
    fn take(
        &mut self,
        unpacker: &mut Unpacker,
        frame: &mut [u8],
        header: &FrameHeader,
        wanted: bool,
    ) -> Result<(), CopyProblem> {
        let taken = unpacker.take(frame);
        if !wanted {
            return Ok(());
        }
        let pushed = match taken {
            Ok(taken) => self.packer.push(&taken, &mut self.ready),
            Err(NoMainData::Damaged | NoMainData::Missing(_)) => {
                // No decoder can play it; as it is it would be fed another part's main data.
                let (side, side_end) = side_extent(header);
                frame.get_mut(side..side_end).unwrap_or_default().fill(0);
                let head = frame.get(..side_end).unwrap_or_default();
                self.packer.push(&Frame { header: *header, head, main: &[] }, &mut self.ready)
            }
        };
        pushed.map_err(|DoesNotFit { over }| {
            broken(&format!("a frame is {over} bytes too long for the place it gets in the whole"))
        })
    }

    /// Has `write` take what is ready, when it is more than `most` bytes.
    fn give(
        &mut self,
        most: usize,
        write: impl FnOnce(&[u8]) -> std::io::Result<()>,
    ) -> Result<(), CopyProblem> {
        if self.ready.len() <= most {
            return Ok(());
        }
        let mut at = 0;
        while let Some(header) = self.ready.get(at..).and_then(FrameHeader::parse) {
            self.variable |= *self.kbps.get_or_insert(header.kbps) != header.kbps;
            self.offsets.push(self.bytes + at as u64);
            at += header.frame_len().max(1);
        }
        self.bytes += self.ready.len() as u64;
        write(&self.ready).map_err(CopyProblem::Out)?;
        self.ready.clear();
        Ok(())
    }
}

fn header_for(like: &FrameMap, trim: Option<(u16, u16)>, join: &Join) -> Option<(Vec<u8>, Option<usize>)> {
    let frames = join.offsets.len();
    let before = |frame: usize| join.offsets.get(frame).copied().unwrap_or(join.bytes);
    build_header_frame(&NewHeader {
        like: like.first,
        like_bytes: like.first_bytes,
        variable: join.variable,
        frames: u32::try_from(frames).ok()?,
        bytes: u32::try_from(join.bytes).ok()?,
        toc: &contents(frames, join.bytes, before),
        lame: trim.map(|trim| NewLame { like: None, trim }),
    })
}

fn broken(reason: &str) -> CopyProblem {
    CopyProblem::Broken(reason.to_owned())
}

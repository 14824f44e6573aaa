//! Segments put behind each other: the seam where two encoders agree, and the reservoir packed across it.
//!
//! A seam must not be heard and must be possible. Not heard: the windows on either side fit, so the overlapping halves
//! of the transform cancel as in one stream. Possible: the reservoir is at least as full as the second encoder took it
//! to be, or becomes as full as it can be before it is needed. Where no frame of the overlap will do, the first encoder
//! simply goes on through the second segment: slower, and always right.

use super::super::sink::FrameSink;
use super::super::stream::Failure;
use super::frames::{Frames, reach, windows_fit};
use super::running::{Encoded, Running};
use crate::mpeg::reservoir::{BitRate, Packer};
use crate::mpeg::side_info::farthest_begin;

/// The highest bit rate of a frame in kbit/s.
const MOST_KBPS: u32 = 320;

/// Takes encoded segments in their order.
pub(super) struct Stitcher<'out> {
    sink: FrameSink<'out>,
    packer: Packer,
    /// The frames of the segment before, the encoder that made them, and the first frame that was not packed.
    before: Option<(Frames, Running, u64)>,
}

impl<'out> Stitcher<'out> {
    /// A constant bit rate stays constant; where it varies, a frame may get more.
    pub(super) fn new(sink: FrameSink<'out>, is_constant: bool) -> Self {
        let rate = if is_constant { BitRate::AsGiven } else { BitRate::RaisedTo(MOST_KBPS) };
        Self { sink, packer: Packer::new(rate), before: None }
    }

    /// Packs the frames of `encoded` but for those behind the next cut, which wait for the next segment.
    pub(super) fn add<E>(&mut self, encoded: Encoded) -> Result<(), Failure<E>> {
        let Some((frames, running, from)) = self.before.take() else {
            return self.pack_own(encoded, 0);
        };
        let mut seams = from..from + encoded.segment.grid.seams;
        let stitched = seams.find_map(|seam| self.stitched_at(seam, from, &frames, &encoded));
        match stitched {
            Some((packer, bytes, end)) => {
                self.packer = packer;
                self.sink.buffer().extend_from_slice(&bytes);
                self.sink.appended()?;
                self.before = Some((encoded.frames, encoded.running, end));
                Ok(())
            }
            None => {
                let encoded = running.go_on(encoded.segment, frames).map_err(Failure::Encoder)?;
                self.pack_own(encoded, from)
            }
        }
    }

    /// Packs frames of one encoder from number `from` on.
    fn pack_own<E>(&mut self, encoded: Encoded, from: u64) -> Result<(), Failure<E>> {
        let end = packed_to(&encoded);
        for number in from..end {
            let frame = encoded.frames.get(number);
            let frame =
                frame.ok_or_else(|| Failure::Encoder("the encoder made too few frames".to_owned()))?;
            self.packer
                .push(&frame, self.sink.buffer())
                .map_err(|_| Failure::Encoder("the encoder's frames do not fit together".to_owned()))?;
        }
        self.sink.appended()?;
        self.before = Some((encoded.frames, encoded.running, end));
        Ok(())
    }

    /// The stream with the seam before frame `seam`, if that is possible: the packer behind it, the bytes, and the
    /// number of the first frame not packed.
    fn stitched_at(
        &self,
        seam: u64,
        from: u64,
        before: &Frames,
        encoded: &Encoded,
    ) -> Option<(Packer, Vec<u8>, u64)> {
        let (last, first) = (before.get(seam.checked_sub(1)?)?, encoded.frames.get(seam)?);
        if !windows_fit(&last, &first) {
            return None;
        }
        let mut packer = self.packer.clone();
        let mut bytes = Vec::new();
        for number in from..seam {
            packer.push(&before.get(number)?, &mut bytes).ok()?;
        }
        let mut full_enough = packer.fill() >= reach(&first) || encoded.segment.last;
        let end = packed_to(encoded);
        for number in seam..end {
            packer.push(&encoded.frames.get(number)?, &mut bytes).ok()?;
            full_enough |= packer.fill() >= usize::from(farthest_begin(&first.header));
        }
        full_enough.then_some((packer, bytes, end))
    }

    /// All frames.
    pub(super) fn finish<E>(mut self) -> Result<FrameSink<'out>, Failure<E>> {
        self.packer.finish(self.sink.buffer());
        self.sink.appended()?;
        Ok(self.sink)
    }
}

/// The number behind the last frame that is packed with `encoded`.
fn packed_to(encoded: &Encoded) -> u64 {
    if encoded.segment.last { encoded.frames.end() } else { encoded.segment.next_cut() }
}

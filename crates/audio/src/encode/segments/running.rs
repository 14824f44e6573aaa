//! An encoder on its way through a recording, and what it has made of one segment.

use super::super::{FRAME_SAMPLES, FrameEncoder, Mp3Encoder, Shape};
use super::Segment;
use super::frames::Frames;
use crate::mpeg::reservoir::Unpacker;

/// An encoder that can go on where it is.
pub(super) struct Running {
    encoder: Box<dyn FrameEncoder>,
    unpacker: Unpacker,
    /// The beginning of the next frame.
    bytes: Vec<u8>,
    /// The sample it was not given yet.
    at: u64,
}

/// One segment, encoded.
pub(super) struct Encoded {
    pub(super) segment: Segment,
    /// Its frames, those of the warm-up and behind the next cut included.
    pub(super) frames: Frames,
    /// The encoder that made them.
    pub(super) running: Running,
}

impl Running {
    /// Encodes `segment` by an encoder of its own.
    pub(super) fn over(encoder: &dyn Mp3Encoder, shape: Shape, segment: Segment) -> Result<Encoded, String> {
        let encoder = encoder.start(shape)?;
        let running = Self { encoder, unpacker: Unpacker::default(), bytes: Vec::new(), at: segment.from };
        let frames = Frames::starting_at(segment.from / FRAME_SAMPLES);
        running.go_on(segment, frames)
    }

    /// Encodes what it has not seen of `segment`, which follows the one before; the frames are appended to `frames`.
    pub(super) fn go_on(mut self, segment: Segment, mut frames: Frames) -> Result<Encoded, String> {
        let seen = (self.at - segment.from) as usize;
        if seen == 0 {
            self.encoder.encode(&segment.sound, &mut self.bytes)?;
        } else {
            let unseen = |plane: &Vec<f32>| plane.get(seen..).unwrap_or_default().to_vec();
            let sound: Vec<Vec<f32>> = segment.sound.iter().map(unseen).collect();
            self.encoder.encode(&sound, &mut self.bytes)?;
        }
        self.at = segment.from + segment.len() as u64;
        if segment.last {
            self.encoder.finish(&mut self.bytes)?;
        }
        frames.take(&mut self.bytes, &mut self.unpacker)?;
        Ok(Encoded { segment, frames, running: self })
    }
}

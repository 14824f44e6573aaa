//! Sound in, MP3 frames out.
//!
//! [`Mp3Encoder`] is the seam behind which an encoder stands; only [`encoder_for`] knows which one. What surrounds the
//! frames is the same for all of them and made here: the header frame ([`header`]), the count of frames and bytes on
//! their way to the file ([`sink`]), one pass over a whole recording ([`single_pass`]), or segments of a long one on
//! several cores. Whatever is added behind the seam has to pass the contract in [`contract`].

#[cfg(test)]
mod contract;
mod header;
mod lame;
mod segments;
mod single_pass;
mod sink;
pub(crate) mod stream;

use crate::Preset;

/// What sound a stream is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    /// One or two.
    pub(crate) channels: usize,
    /// 32, 44.1 or 48 kHz.
    pub(crate) rate: u32,
}

/// An encoder with its settings. The same sound gives the same frames, on any thread, any number of times.
pub(crate) trait Mp3Encoder: Sync {
    /// Begins a stream.
    fn start(&self, shape: Shape) -> Result<Box<dyn FrameEncoder>, String>;

    /// The header frame of such streams, complete but for what only the end tells: counts, table of contents, padding
    /// and checksums.
    fn header_frame(&self, shape: Shape) -> Result<Vec<u8>, String>;

    /// Whether all frames have one bit rate.
    fn is_constant(&self) -> bool;

    /// Samples of silence that a stream has before the first one it was given, the decoder's own 529 not counted.
    fn delay(&self) -> u64;
}

/// One stream being made.
pub(crate) trait FrameEncoder: Send {
    /// Takes `sound`, planes of equal length, −1 to 1, and appends what is finished of the frames to `out`. Frame
    /// number `n` is made from the samples around `1152 n`, so a stream that begins `1152 n` samples later has the same
    /// grid.
    fn encode(&mut self, sound: &[Vec<f32>], out: &mut Vec<u8>) -> Result<(), String>;

    /// Appends the rest, and as many frames as decoders need to give back the last sample.
    fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), String>;
}

/// Samples per channel in a frame of the streams made here (MPEG-1).
pub(crate) const FRAME_SAMPLES: u64 = 1152;

/// The encoder for `preset`.
pub(crate) fn encoder_for(preset: Preset) -> Box<dyn Mp3Encoder> {
    Box::new(lame::Lame::new(preset))
}

/// The frames of `sound`, without a header frame, for tests of what is done to frames.
#[cfg(test)]
pub(crate) fn frames_of(preset: Preset, rate: u32, sound: &[Vec<f32>]) -> Vec<u8> {
    let mut frames = Vec::new();
    let mut encoder = encoder_for(preset).start(Shape { channels: sound.len(), rate }).unwrap();
    encoder.encode(sound, &mut frames).unwrap();
    encoder.finish(&mut frames).unwrap();
    frames
}

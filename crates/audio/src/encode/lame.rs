//! LAME, through the `mp3lame-encoder` crate.

use mp3lame_encoder::{Bitrate, Builder, DualPcm, Encoder, FlushGap, MonoPcm, Quality, VbrMode};

use super::{FrameEncoder, Mp3Encoder, Shape};
use crate::Preset;

/// Samples handed to LAME at a time: bounds the buffer it fills.
const MOST_SAMPLES: usize = 8192;
/// What LAME puts before the sound.
const DELAY: u64 = 576;

/// LAME with a preset.
pub(super) struct Lame {
    preset: Preset,
}

impl Lame {
    pub(super) fn new(preset: Preset) -> Self {
        Self { preset }
    }

    /// The text tells what LAME refused.
    fn build(&self, shape: Shape, with_header: bool) -> Result<Stream, String> {
        let mut builder = Builder::new().ok_or("LAME could not start (memory)")?;
        let refused = |error: mp3lame_encoder::BuildError| error.to_string();
        builder.set_num_channels(shape.channels as u8).map_err(refused)?;
        builder.set_sample_rate(shape.rate).map_err(refused)?;
        // Said outright: left to itself LAME lowers the rate of quiet presets.
        builder.set_output_sample_rate(std::num::NonZeroU32::new(shape.rate)).map_err(refused)?;
        match self.preset {
            Preset::V0 | Preset::V2 => {
                builder.set_vbr_mode(VbrMode::Mtrh).map_err(refused)?;
                let quality = if self.preset == Preset::V0 { Quality::Best } else { Quality::NearBest };
                builder.set_vbr_quality(quality).map_err(refused)?;
            }
            Preset::Cbr(kbps) => {
                builder.set_brate(bitrate(kbps)?).map_err(refused)?;
            }
        }
        builder.set_to_write_vbr_tag(with_header).map_err(refused)?;
        Ok(Stream { lame: builder.build().map_err(refused)? })
    }
}

impl Mp3Encoder for Lame {
    fn start(&self, shape: Shape) -> Result<Box<dyn FrameEncoder>, String> {
        Ok(Box::new(self.build(shape, false)?))
    }

    fn header_frame(&self, shape: Shape) -> Result<Vec<u8>, String> {
        // LAME only writes it behind a stream; one sample is enough of one.
        let mut stream = self.build(shape, true)?;
        let mut frames = Vec::new();
        stream.encode(&vec![vec![0.0]; shape.channels], &mut frames)?;
        stream.finish(&mut frames)?;
        let mut header = Vec::with_capacity(stream.lame.lame_tag_size().max(4096));
        stream.lame.lame_tag_encode_to_vec(&mut header).ok_or("LAME wrote no header frame")?;
        Ok(header)
    }

    fn is_constant(&self) -> bool {
        matches!(self.preset, Preset::Cbr(_))
    }

    fn delay(&self) -> u64 {
        DELAY
    }
}

struct Stream {
    lame: Encoder,
}

impl FrameEncoder for Stream {
    fn encode(&mut self, sound: &[Vec<f32>], out: &mut Vec<u8>) -> Result<(), String> {
        let samples = sound.first().map_or(0, Vec::len);
        let mut at = 0;
        while at < samples {
            let end = samples.min(at + MOST_SAMPLES);
            // LAME writes without looking when told of no room at all, so room is always made first.
            out.reserve(mp3lame_encoder::max_required_buffer_size(end - at));
            let written = match sound {
                [mono] => self.lame.encode_to_vec(MonoPcm(part(mono, at, end)), out),
                [left, right] => self
                    .lame
                    .encode_to_vec(DualPcm { left: part(left, at, end), right: part(right, at, end) }, out),
                _ => return Err("only one or two channels can be encoded".to_owned()),
            };
            written.map_err(|error| error.to_string())?;
            at = end;
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), String> {
        out.reserve(mp3lame_encoder::max_required_buffer_size(0).max(7200));
        self.lame.flush_to_vec::<FlushGap>(out).map_err(|error| error.to_string())?;
        Ok(())
    }
}

fn part(plane: &[f32], from: usize, to: usize) -> &[f32] {
    plane.get(from..to).unwrap_or_default()
}

fn bitrate(kbps: u16) -> Result<Bitrate, String> {
    match kbps {
        320 => Ok(Bitrate::Kbps320),
        256 => Ok(Bitrate::Kbps256),
        192 => Ok(Bitrate::Kbps192),
        128 => Ok(Bitrate::Kbps128),
        other => Err(format!("{other} kbit/s is not offered")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode::stream::{self, Way};

    /// LAME's own header frame behind a whole stream, and ours, differ in nothing but the table of contents, which LAME
    /// fills from fewer frames.
    #[test]
    fn our_header_frame_is_lames_own() {
        for preset in [Preset::V0, Preset::Cbr(128), Preset::Cbr(320)] {
            let shape = Shape { channels: 2, rate: 44_100 };
            let tone =
                |pitch: f32| (0..70_001).map(|at| (at as f32 * pitch).sin() * 0.4).collect::<Vec<f32>>();
            let sound = vec![tone(0.05), tone(0.11)];
            let lame = Lame::new(preset);
            let (mut stream, mut own) = (lame.build(shape, true).unwrap(), Vec::new());
            stream.encode(&sound, &mut own).unwrap();
            stream.finish(&mut own).unwrap();
            let mut header = Vec::with_capacity(4096);
            stream.lame.lame_tag_encode_to_vec(&mut header).unwrap();

            let (mut frames, mut once) = (Vec::new(), Some(sound));
            let cores = crate::Cores::all();
            let ours = stream::encode::<()>(&lame, shape, (Way::Whole, &cores), &mut frames, &mut |next| {
                Ok(once.take().map(|sound| *next = sound).is_some())
            });
            let mut ours = ours.unwrap();
            assert!(frames == own[header.len()..], "{preset}: the frames differ");
            let contents = 4 + 32 + 16..4 + 32 + 116;
            ours[contents.clone()].copy_from_slice(&header[contents]);
            // Mid/side or not is what its last frame happened to be.
            ours[3] = ours[3] & !0x30 | header[3] & 0x30;
            let crc_at = 4 + 32 + 120 + 34;
            ours[crc_at..crc_at + 2].copy_from_slice(&header[crc_at..crc_at + 2]);
            assert_eq!(ours, header, "{preset}");
        }
    }
}

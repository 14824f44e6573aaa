//! LAME, through the `mp3lame-encoder` crate.

use mp3lame_encoder::{Bitrate, Builder, DualPcm, Encoder, FlushGap, MonoPcm, Quality, VbrMode};

use crate::Preset;

/// Samples handed to LAME at a time: bounds the buffer it fills.
const MOST_SAMPLES: usize = 8192;

/// An MP3 stream being made.
pub(crate) struct Mp3Encoder {
    lame: Encoder,
}

impl Mp3Encoder {
    /// For one or two `channels` at `rate` (32, 44.1 or 48 kHz). The text tells what LAME refused.
    pub(crate) fn new(preset: Preset, channels: usize, rate: u32) -> Result<Self, String> {
        let mut builder = Builder::new().ok_or("LAME could not start (memory)")?;
        let refused = |error: mp3lame_encoder::BuildError| error.to_string();
        builder.set_num_channels(channels as u8).map_err(refused)?;
        builder.set_sample_rate(rate).map_err(refused)?;
        // Said outright: left to itself LAME lowers the rate of quiet presets.
        builder.set_output_sample_rate(std::num::NonZeroU32::new(rate)).map_err(refused)?;
        match preset {
            Preset::V0 | Preset::V2 => {
                builder.set_vbr_mode(VbrMode::Mtrh).map_err(refused)?;
                let quality = if preset == Preset::V0 { Quality::Best } else { Quality::NearBest };
                builder.set_vbr_quality(quality).map_err(refused)?;
            }
            Preset::Cbr(kbps) => {
                builder.set_brate(bitrate(kbps)?).map_err(refused)?;
            }
        }
        builder.set_to_write_vbr_tag(true).map_err(refused)?;
        Ok(Self { lame: builder.build().map_err(refused)? })
    }

    /// Encodes `planes`, appending finished frames to `out`.
    pub(crate) fn encode(&mut self, planes: &[Vec<f32>], out: &mut Vec<u8>) -> Result<(), String> {
        let samples = planes.first().map_or(0, Vec::len);
        let mut at = 0;
        while at < samples {
            let end = samples.min(at + MOST_SAMPLES);
            // LAME writes without looking when told of no room at all, so room is always made first.
            out.reserve(mp3lame_encoder::max_required_buffer_size(end - at));
            let written = match planes {
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

    /// Appends the last frames to `out` and returns the header frame to put over the first one.
    pub(crate) fn finish(&mut self, out: &mut Vec<u8>) -> Result<Vec<u8>, String> {
        out.reserve(mp3lame_encoder::max_required_buffer_size(0).max(7200));
        self.lame.flush_to_vec::<FlushGap>(out).map_err(|error| error.to_string())?;
        let mut header = Vec::with_capacity(self.lame.lame_tag_size().max(4096));
        self.lame.lame_tag_encode_to_vec(&mut header).ok_or("LAME wrote no header frame")?;
        Ok(header)
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

//! Monkey's Audio of version 3.95 (2003) and later, by `ape-decoder`.
//!
//! A frame is six seconds or more and is checked by its own sum; one that fails is silence, and too much of that makes
//! the file broken. After a failure the decoder is made anew, because it keeps what it guessed of the failed frame.

use std::fs::File;
use std::io::{self, BufReader};

use ape_decoder::{ApeDecoder, ApeInfo};
use symphonia::core::audio::Channels;
use symphonia::core::errors::Error as SymphoniaError;
use symphonia::core::packet::Packet;
use symphonia::core::units::{Duration, Timestamp};

use crate::decode::packets::{Interleaved, Kind, Opened, PacketDecoder, PacketReader};
use crate::decode::{DecodeError, Planes, broken};
use crate::formats::extent::Extent;
use crate::formats::sniff::Recognised;
use crate::limits::guarded;
use crate::listen::fingerprint::Depth;
use crate::sound::downmix::Downmix;

/// Samples in the longest frame an encoder makes.
const MOST_SAMPLES: u32 = 73_728 * 16;
/// Failed frames in a row after which the rest is given up.
const MOST_FAILURES: u32 = 4;

type Decoder = ApeDecoder<BufReader<Extent>>;

/// Prepares to decode a Monkey's Audio file.
pub(crate) fn open(file: File, what: &Recognised) -> Result<Opened, DecodeError> {
    let spare = file.try_clone().map_err(DecodeError::Io)?;
    let decoder = decoder(file, what)?;
    let facts = decoder.info().clone();
    let entries = decoder.file_info().seek_table.len();
    if facts.is_floating_point || facts.is_signed_8bit {
        return Err(DecodeError::NotYet("floating-point Monkey's Audio"));
    }
    if !(1_000..=768_000).contains(&facts.sample_rate) {
        return Err(broken("its sample rate makes no sense"));
    }
    if !matches!(facts.bits_per_sample, 8 | 16 | 24 | 32)
        || facts.blocks_per_frame > MOST_SAMPLES
        || facts.total_frames == 0
        || entries < facts.total_frames as usize
    {
        return Err(broken("its headers make no sense"));
    }
    let sound = MonkeySound {
        rate: facts.sample_rate,
        bits: facts.bits_per_sample,
        channels: facts.channels.into(),
        sound: Interleaved::default(),
    };
    Ok(Opened {
        track: 0,
        rate: facts.sample_rate,
        skip: 0,
        left: None,
        promised: Some(facts.total_samples),
        counted: false,
        exact: facts.channels <= 2,
        depth: Depth::WholeNumbers,
        warm_up: None,
        decoder: Box::new(sound),
        reader: Box::new(MonkeyPackets {
            decoder: Some(decoder),
            spare,
            what: what.clone(),
            facts,
            frame: 0,
            failures: 0,
        }),
    })
}

fn decoder(file: File, what: &Recognised) -> Result<Decoder, DecodeError> {
    let extent = Extent::new(file, what.start, what.end).map_err(DecodeError::Io)?;
    let opened = guarded(|| ApeDecoder::new(BufReader::new(extent))).map_err(DecodeError::Broken)?;
    opened.map_err(|error| match error {
        ape_decoder::ApeError::Io(error) if error.raw_os_error().is_some() => DecodeError::Io(error),
        other => DecodeError::Broken(other.to_string()),
    })
}

/// The frames, decoded: only the decoder knows where they begin.
struct MonkeyPackets {
    decoder: Option<Decoder>,
    spare: File,
    what: Recognised,
    facts: ApeInfo,
    frame: u32,
    failures: u32,
}

impl PacketReader for MonkeyPackets {
    fn next_packet(&mut self) -> Result<Option<Packet>, SymphoniaError> {
        if self.frame >= self.facts.total_frames {
            return Ok(None);
        }
        if self.failures >= MOST_FAILURES {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
        }
        if self.decoder.is_none() {
            self.decoder = self.spare.try_clone().ok().and_then(|file| decoder(file, &self.what).ok());
        }
        let frame = self.frame;
        self.frame += 1;
        let samples = Duration::new(self.facts.frame_samples(frame).into());
        let decoded = match &mut self.decoder {
            Some(decoder) => guarded(|| decoder.decode_frame(frame)).ok().and_then(Result::ok),
            None => None,
        };
        if decoded.is_some() {
            self.failures = 0;
        } else {
            self.failures += 1;
            self.decoder = None;
        }
        Ok(Some(Packet::new(0, Timestamp::ZERO, samples, decoded.unwrap_or_default())))
    }

    fn pass_over(&mut self, samples: u64) -> u64 {
        let mut passed = 0;
        while self.frame < self.facts.total_frames {
            let frame = u64::from(self.facts.frame_samples(self.frame));
            if passed + frame > samples {
                break;
            }
            passed += frame;
            self.frame += 1;
        }
        passed
    }
}

/// The bytes of a WAVE file as sound; none for a frame that failed.
struct MonkeySound {
    rate: u32,
    bits: u16,
    channels: usize,
    sound: Interleaved,
}

impl PacketDecoder for MonkeySound {
    fn decode(
        &mut self,
        packet: &Packet,
        mix: &mut Downmix,
        out: &mut Planes,
    ) -> Result<Option<Kind>, DecodeError> {
        let bytes = usize::from(self.bits / 8);
        if packet.data.is_empty() || bytes == 0 {
            return Ok((packet.dur.get() == 0).then_some((self.rate, self.channels)));
        }
        let layout = Channels::Discrete(self.channels as u16);
        let samples = packet.data.chunks_exact(bytes).map(|sample| match *sample {
            [a] => (f32::from(a) - 128.0) / 128.0,
            [a, b] => f32::from(i16::from_le_bytes([a, b])) / 32_768.0,
            [a, b, c] => (i32::from_le_bytes([0, a, b, c]) >> 8) as f32 / 8_388_608.0,
            [a, b, c, d] => (f64::from(i32::from_le_bytes([a, b, c, d])) / 2_147_483_648.0) as f32,
            _ => 0.0,
        });
        self.sound.add(samples, self.channels, &layout, mix, out);
        Ok(Some((self.rate, self.channels)))
    }
}

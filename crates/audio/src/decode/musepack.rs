//! Musepack of stream versions 7 and 8, by `oxideav-musepack`, a packet or frame at a time.
//!
//! The crate's own whole-file decoders would hold an album's sound in memory. Both versions play from the 481st sample
//! on (the filter bank's run-up), for exactly as long as the header counts; what the last frame holds back is drained.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

use oxideav_musepack::huffman::Sv7BitReader;
use oxideav_musepack::sh_header::StreamHeaderFields;
use oxideav_musepack::sv7_header::Sv7HeaderFields;
use oxideav_musepack::sv7_stream::Sv7StreamDecoder;
use oxideav_musepack::sv8_stream::Sv8StreamDecoder;
use oxideav_musepack::synthesis::SYNTHESIS_PRIME_SAMPLES;
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

/// Samples per channel of a frame.
const FRAME: u64 = 1152;
/// Most bytes of a packet of version 8, and most frames in it (encoders write 64).
const MOST_BYTES: u64 = 16 << 20;
const MOST_FRAMES: u64 = 1024;
/// Bytes of the header of version 7, in whole words.
const SV7_HEADER: usize = 28;
/// Bits before the first frame of version 7: the magic word and 21 bytes of fields.
const SV7_HEADER_BITS: u64 = 200;
const PRIME: u64 = SYNTHESIS_PRIME_SAMPLES as u64;

type Packets = Result<Option<Packet>, SymphoniaError>;

/// Prepares to decode a Musepack file.
pub(crate) fn open(file: File, what: &Recognised) -> Result<Opened, DecodeError> {
    let extent = Extent::new(file, what.start, what.end).map_err(DecodeError::Io)?;
    let mut file = BufReader::new(extent);
    let mut magic = [0; 4];
    file.read_exact(&mut magic).map_err(early_end)?;
    if magic == *b"MPCK" { open_8(file) } else { open_7(file) }
}

fn early_end(error: io::Error) -> DecodeError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => broken("it ends within its headers"),
        _ => DecodeError::Io(error),
    }
}

fn packet(samples: u64, data: Vec<u8>) -> Packet {
    Packet::new(0, Timestamp::ZERO, Duration::new(samples), data)
}

fn nonsense<E>(_: E) -> DecodeError {
    broken("its headers make no sense")
}

fn open_8(mut file: BufReader<Extent>) -> Result<Opened, DecodeError> {
    let head = loop {
        match key_and_body(&mut file).map_err(early_end)? {
            Some((key, body)) if key == *b"SH" => {
                break guarded(|| StreamHeaderFields::parse(&body)).map_err(nonsense)?.map_err(nonsense)?;
            }
            Some((key, _)) if key != *b"AP" && key != *b"SE" => {}
            _ => return Err(nonsense(())),
        }
    };
    let rate = head.sample_rate_hz().ok_or_else(|| nonsense(()))?;
    let (per_packet, channels) = (head.frames_per_audio_packet(), usize::from(head.channels));
    if per_packet > MOST_FRAMES || !(1..=2).contains(&channels) || head.sample_count >> 40 != 0 {
        return Err(nonsense(()));
    }
    let decoder = guarded(|| Sv8StreamDecoder::from_header(&head)).map_err(nonsense)?.map_err(nonsense)?;
    let plays = head.sample_count.saturating_sub(head.beginning_silence);
    let frames = head.sample_count.div_ceil(FRAME);
    Ok(Opened {
        track: 0,
        rate,
        skip: PRIME + head.beginning_silence,
        left: Some(plays),
        promised: Some(plays),
        counted: false,
        exact: false,
        depth: Depth::Fractions,
        warm_up: None,
        decoder: Box::new(MusepackSound::new(Version::Eight(Box::new(decoder)), rate, channels)),
        reader: Box::new(Packets8 { file, frames, per_packet, drains: 2 }),
    })
}

/// The next packet of version 8: two letters, its length with them, its body.
fn key_and_body(file: &mut BufReader<Extent>) -> io::Result<Option<([u8; 2], Vec<u8>)>> {
    let mut key = [0; 2];
    let first = file.read(&mut key[..1])?;
    if first == 0 {
        return Ok(None);
    }
    file.read_exact(&mut key[1..])?;
    let (mut size, mut len) = (0u64, 2u64);
    loop {
        let mut byte = [0];
        file.read_exact(&mut byte)?;
        len += 1;
        size = size << 7 | u64::from(byte[0] & 0x7f);
        if byte[0] & 0x80 == 0 {
            break;
        }
        if len > 10 {
            return Ok(None);
        }
    }
    let Some(size) = size.checked_sub(len).filter(|size| *size <= MOST_BYTES) else { return Ok(None) };
    let mut body = Vec::new();
    let read = file.by_ref().take(size).read_to_end(&mut body)?;
    if (read as u64) < size {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Some((key, body)))
}

struct Packets8 {
    file: BufReader<Extent>,
    /// Frames still to come.
    frames: u64,
    per_packet: u64,
    /// Empty packets still to be given at the end, for what the filter bank holds back.
    drains: u32,
}

impl PacketReader for Packets8 {
    fn next_packet(&mut self) -> Packets {
        while self.frames > 0 {
            match key_and_body(&mut self.file)? {
                Some((key, body)) if key == *b"AP" => {
                    let frames = self.frames.min(self.per_packet);
                    self.frames -= frames;
                    return Ok(Some(packet(frames * FRAME, body)));
                }
                Some((key, _)) if key != *b"SE" => {}
                _ => return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
            }
        }
        if self.drains == 0 {
            return Ok(None);
        }
        self.drains -= 1;
        Ok(Some(packet(FRAME, Vec::new())))
    }
}

fn open_7(mut file: BufReader<Extent>) -> Result<Opened, DecodeError> {
    let mut bytes = [0; SV7_HEADER];
    file.seek(SeekFrom::Start(0)).map_err(DecodeError::Io)?;
    file.read_exact(&mut bytes).map_err(early_end)?;
    let head = guarded(|| Sv7HeaderFields::parse(&bytes)).map_err(nonsense)?.map_err(nonsense)?;
    let rate = head.sample_rate_hz().ok_or_else(|| nonsense(()))?;
    let decoder = guarded(|| Sv7StreamDecoder::from_header(&head)).map_err(nonsense)?.map_err(nonsense)?;
    if head.true_gapless && u64::from(head.last_frame_samples) > FRAME {
        return Err(nonsense(()));
    }
    let plays = head.effective_total_samples();
    file.seek(SeekFrom::Start(0)).map_err(DecodeError::Io)?;
    let mut bits = WordBits { file, window: Vec::new(), at: 0 };
    bits.take(SV7_HEADER_BITS).map_err(early_end)?;
    Ok(Opened {
        track: 0,
        rate,
        skip: PRIME,
        left: Some(plays),
        promised: Some(plays),
        counted: false,
        exact: false,
        depth: Depth::Fractions,
        warm_up: None,
        decoder: Box::new(MusepackSound::new(Version::Seven(Box::new(decoder)), rate, 2)),
        reader: Box::new(Packets7 { bits, frames: head.frame_count, ends: 3 }),
    })
}

/// Bits of a file of 32-bit little-endian words, the highest first.
struct WordBits {
    file: BufReader<Extent>,
    /// Bytes in the order of their bits.
    window: Vec<u8>,
    /// Bits of the window that are used up; less than 32.
    at: u64,
}

impl WordBits {
    /// The next `count` bits, at the start of whole bytes.
    fn take(&mut self, count: u64) -> io::Result<Vec<u8>> {
        let missing = (self.at + count).div_ceil(32) * 4;
        while (self.window.len() as u64) < missing {
            let mut word = [0; 4];
            // The last word of a file may be short.
            let mut had = 0;
            while had < 4 {
                match self.file.read(word.get_mut(had..).unwrap_or_default())? {
                    0 => break,
                    read => had += read,
                }
            }
            if had == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            word.reverse();
            self.window.extend_from_slice(&word);
        }
        let (from, shift) = ((self.at / 8) as usize, self.at % 8);
        let bytes = self.window.get(from..).unwrap_or_default();
        let pair = |at: usize| {
            let byte = |at: usize| u16::from(bytes.get(at).copied().unwrap_or(0));
            byte(at) << 8 | byte(at + 1)
        };
        let taken = (0..count.div_ceil(8) as usize).map(|at| (pair(at) >> (8 - shift)) as u8).collect();
        self.at += count;
        self.window.drain(..(self.at / 32 * 4) as usize);
        self.at %= 32;
        Ok(taken)
    }

    /// The next frame: its length in 20 bits, and as many bits.
    fn frame(&mut self) -> io::Result<Vec<u8>> {
        let prefix = self.take(20)?;
        let bits = prefix.iter().fold(0u32, |sum, byte| sum << 8 | u32::from(*byte)) >> 4;
        let mut frame = bits.to_be_bytes().to_vec();
        frame.extend(self.take(bits.into())?);
        Ok(frame)
    }
}

struct Packets7 {
    bits: WordBits,
    /// Frames still to come.
    frames: u32,
    /// What comes behind them: perhaps one frame that is not counted, then drains.
    ends: u32,
}

impl PacketReader for Packets7 {
    fn next_packet(&mut self) -> Packets {
        if self.frames > 0 {
            let frame = self.bits.frame()?;
            self.frames -= 1;
            return Ok(Some(packet(FRAME, frame)));
        }
        if self.ends == 0 {
            return Ok(None);
        }
        self.ends -= 1;
        // The first end: behind 11 bits that count the last frame's samples encoders put one frame more, which holds
        // what the filter bank still lacks. Whether it is one shows when it is decoded.
        let flush = match self.ends {
            2 => self.bits.take(11).and_then(|_| self.bits.frame()).unwrap_or_default(),
            _ => Vec::new(),
        };
        Ok(Some(packet(FRAME, flush)))
    }
}

enum Version {
    Seven(Box<Sv7StreamDecoder>),
    Eight(Box<Sv8StreamDecoder>),
}

struct MusepackSound {
    version: Version,
    rate: u32,
    channels: usize,
    sound: Interleaved,
}

impl MusepackSound {
    fn new(version: Version, rate: u32, channels: usize) -> Self {
        Self { version, rate, channels, sound: Interleaved::default() }
    }

    fn samples(&mut self, packet: &Packet) -> Option<Vec<f64>> {
        let data = &packet.data;
        let decoded = guarded(|| match &mut self.version {
            Version::Eight(decoder) if data.is_empty() => decoder.drain_frame(),
            Version::Eight(decoder) => decoder.decode_audio_packet(data, packet.dur.get() / FRAME),
            Version::Seven(decoder) if data.is_empty() => decoder.drain_frame(),
            Version::Seven(decoder) => {
                let bits = data.get(..4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_be_bytes);
                // Codes are looked up sixteen bits at a time, so the last needs some behind it.
                let mut frame = data.get(4..).unwrap_or_default().to_vec();
                frame.extend_from_slice(&[0; 4]);
                let mut reader = Sv7BitReader::new(&frame);
                let all = reader.bits_remaining();
                let decoded = decoder.decode_frame(&mut reader)?;
                let used = all - reader.bits_remaining();
                if used == u64::from(bits) { Ok(decoded) } else { Ok(Vec::new()) }
            }
        });
        decoded.ok()?.ok().filter(|samples| !samples.is_empty())
    }
}

impl PacketDecoder for MusepackSound {
    fn decode(
        &mut self,
        packet: &Packet,
        mix: &mut Downmix,
        out: &mut Planes,
    ) -> Result<Option<Kind>, DecodeError> {
        let Some(samples) = self.samples(packet) else { return Ok(None) };
        let scaled = samples.iter().map(|sample| (sample / 32_768.0) as f32);
        let layout = Channels::Discrete(self.channels as u16);
        self.sound.add(scaled, self.channels, &layout, mix, out);
        Ok(Some((self.rate, self.channels)))
    }
}

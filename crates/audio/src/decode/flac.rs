//! FLAC cut into frames by their own checksums, each decoded by Symphonia as what its header says it is.
//!
//! Symphonia's reader wants a sound description and the same rate, channels and depth all the way: where they change
//! it leaves frames out or takes them for what they are not. Here a frame is what begins with a good header and ends
//! where its checksum is right; everything else is junk or damage.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use symphonia::core::codecs::audio::well_known::CODEC_ID_FLAC;
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error as SymphoniaError;
use symphonia::core::packet::{Packet, PacketBuilder};
use symphonia::core::units::{Duration, Timestamp};

use crate::decode::packets::{PacketDecoder, PacketReader};
use crate::decode::{DecodeError, Planes, broken, from_symphonia};
use crate::formats::flac::{Description, FRAME_CRC, FlacHeader, LONGEST_HEADER, read_front};
use crate::sound::downmix::Downmix;

/// Bytes read at a time.
const STEP: usize = 64 << 10;
/// The longest frame believed: 65,535 samples of 8 channels and 32 bits, and then some.
const LONGEST_FRAME: usize = 3 << 20;
/// Headers inside a frame, where one may stand by chance, that are tried as its end.
const MOST_ENDS: usize = 8;
/// Frames of one recording are as long as each other to about this factor.
const MOST_DENSER: u64 = 4;

/// A file as FLAC frames.
pub(crate) struct FlacPackets {
    file: File,
    /// Bytes of the file still to be read.
    left: u64,
    buffer: Vec<u8>,
    /// Where in `buffer` the next frame is looked for.
    at: usize,
    /// Bytes that stood before `buffer`.
    dropped: u64,
    description: Option<Description>,
    previous: Option<FlacHeader>,
    /// Whether the first frame is what the description says.
    as_described: bool,
    /// The sample at which the next frame begins.
    position: u64,
}

impl FlacPackets {
    /// The frames of `file` between `start` and `end`.
    pub(crate) fn open(mut file: File, start: u64, end: u64) -> io::Result<Self> {
        let (description, frames) = read_front(&mut file, start, end)?;
        file.seek(SeekFrom::Start(frames))?;
        let left = end.saturating_sub(frames);
        let (buffer, previous) = (Vec::new(), None);
        Ok(Self {
            file,
            left,
            buffer,
            at: 0,
            dropped: 0,
            description,
            previous,
            as_described: true,
            position: 0,
        })
    }

    /// What stands at the start of the file.
    pub(crate) fn description(&self) -> Option<Description> {
        self.description
    }

    /// The header of the first frame, which stays where it is.
    pub(crate) fn first(&mut self) -> io::Result<Option<FlacHeader>> {
        Ok(self.find()?.map(|(header, _)| header))
    }

    /// Moves the position over frames that are missing before the one with this header, which is `len` bytes long and stands
    /// behind so many others.
    fn place(&mut self, header: &FlacHeader, len: u64, behind: u64) {
        let total = self.description.map_or(0, |description| description.total);
        let block = u64::from(header.samples);
        let Some(previous) = self.previous else {
            let begin = if header.by_sample { header.number } else { header.number.saturating_mul(block) };
            // In a recording of a broadcast the count goes on from before. Frames are lost in a file of known length, and where
            // what stands before this one is as long as they were: a download whose beginning did not come.
            let would_take = (begin / block.max(1)).saturating_mul(len);
            if begin < total || (total == 0 && would_take <= behind.saturating_mul(MOST_DENSER)) {
                self.position = begin;
            }
            return;
        };
        let last = u64::from(previous.samples);
        let ahead = header.number.saturating_sub(previous.number);
        // Old encoders count samples without saying so; a smaller number is another recording put behind.
        if ahead > 1 && ahead != last {
            let missing =
                if header.by_sample { ahead.saturating_sub(last) } else { (ahead - 1).saturating_mul(last) };
            self.position = self.position.saturating_add(missing);
        }
    }

    /// Moves to the next whole frame; gives its header and its end in the buffer.
    fn find(&mut self) -> io::Result<Option<(FlacHeader, usize)>> {
        loop {
            let Some(header) = self.next_header(self.at)? else { return Ok(None) };
            self.forget();
            if let Some(end) = self.end_of(&header)? {
                return Ok(Some((header, end)));
            }
            self.at += 1;
        }
    }

    /// Moves to the first header at or behind `from`.
    fn next_header(&mut self, from: usize) -> io::Result<Option<FlacHeader>> {
        self.at = from;
        loop {
            if let Some((at, header)) = find_header(&self.buffer, self.at, self.left == 0) {
                self.at = at;
                return Ok(Some(header));
            }
            self.at = self.buffer.len().saturating_sub(LONGEST_HEADER - 1).max(self.at);
            self.forget();
            if !self.fill()? {
                return Ok(None);
            }
        }
    }

    /// Where the frame at `self.at` ends: before the first header behind it, or at the end of the file, if its checksum
    /// is right there.
    fn end_of(&mut self, header: &FlacHeader) -> io::Result<Option<usize>> {
        let mut digest = FRAME_CRC.digest();
        let (mut summed, mut from, mut tried) = (self.at, self.at + header.len, 0);
        while tried < MOST_ENDS && from - self.at < LONGEST_FRAME {
            let Some((end, _)) = find_header(&self.buffer, from, self.left == 0) else {
                from = self.buffer.len().saturating_sub(LONGEST_HEADER - 1).max(from);
                if self.fill()? {
                    continue;
                }
                return Ok(self.end_at_last(digest, summed));
            };
            digest.update(self.buffer.get(summed..end).unwrap_or_default());
            if digest.clone().finalize() == 0 {
                return Ok(Some(end));
            }
            (summed, from, tried) = (end, end + 1, tried + 1);
        }
        Ok(None)
    }

    /// The end of the last frame of the file: its last byte, or the first one where the checksum is right when something
    /// stands behind it.
    fn end_at_last(&self, mut digest: crc::Digest<'_, u16, crc::Table<16>>, summed: usize) -> Option<usize> {
        let rest = self.buffer.get(summed..)?;
        let mut whole = digest.clone();
        whole.update(rest);
        if whole.finalize() == 0 {
            return Some(self.buffer.len());
        }
        for (at, byte) in rest.iter().enumerate() {
            digest.update(&[*byte]);
            // Shorter than a frame with one silent channel: no end.
            if summed + at > self.at + 8 && digest.clone().finalize() == 0 {
                return Some(summed + at + 1);
            }
        }
        None
    }

    /// Reads on; `false` at the end of the file.
    fn fill(&mut self) -> io::Result<bool> {
        let before = self.buffer.len();
        let most = self.left.min(STEP as u64);
        let read = self.file.by_ref().take(most).read_to_end(&mut self.buffer)?;
        self.left = if read == 0 { 0 } else { self.left.saturating_sub(read as u64) };
        Ok(self.buffer.len() > before)
    }

    /// Drops what stands before `self.at`, now and then.
    fn forget(&mut self) {
        if self.at >= STEP {
            self.buffer.drain(..self.at);
            self.dropped += self.at as u64;
            self.at = 0;
        }
    }
}

impl PacketReader for FlacPackets {
    fn next_packet(&mut self) -> Result<Option<Packet>, SymphoniaError> {
        let Some((header, end)) = self.find()? else { return Ok(None) };
        let frame = self.buffer.get(self.at..end).unwrap_or_default().to_vec();
        let behind = self.dropped + self.at as u64;
        self.at = end;
        if self.previous.is_none() {
            self.as_described = self.description.is_some_and(|said| said.fits(&header));
        }
        self.place(&header, frame.len() as u64, behind);
        let (begin, samples) = (self.position, u64::from(header.samples));
        self.position = begin.saturating_add(samples);
        self.previous = Some(header);
        let packet = PacketBuilder::new()
            .track_id(0)
            .pts(Timestamp::from(i64::try_from(begin).unwrap_or(i64::MAX)))
            .dur(Duration::from(samples))
            .data(frame)
            .build();
        Ok(Some(packet))
    }

    fn notes(&self) -> Vec<String> {
        let longer = self.description.is_some_and(|said| said.total > 0 && self.position > said.total);
        let notes = [
            (self.description.is_none(), "its description at the start is missing"),
            (
                self.description.is_some() && !self.as_described,
                "its description at the start is wrong; it was read by its frames",
            ),
            (longer, "it is longer than its headers say"),
        ];
        notes.into_iter().filter(|(is_so, _)| *is_so).map(|(_, says)| says.to_owned()).collect()
    }
}

/// The first header in `bytes` at or behind `from`; near the end of `bytes` only when nothing follows (`to_end`).
fn find_header(bytes: &[u8], from: usize, to_end: bool) -> Option<(usize, FlacHeader)> {
    let sure = if to_end { bytes.len() } else { bytes.len().saturating_sub(LONGEST_HEADER - 1) };
    let mut at = from;
    while at < sure {
        at += bytes.get(at..sure)?.iter().position(|byte| *byte == 0xff)?;
        if let Some(header) = FlacHeader::parse(bytes.get(at..)?) {
            return Some((at, header));
        }
        at += 1;
    }
    None
}

/// What decides how a frame is decoded: rate, channels, bits.
type Kind = (u32, u8, u8);

/// Symphonia's decoder, opened anew whenever frames change.
pub(crate) struct FlacSound {
    description: Option<Description>,
    decoder: Option<(Kind, Box<dyn AudioDecoder>)>,
}

impl FlacSound {
    pub(crate) fn new(description: Option<Description>) -> Self {
        Self { description, decoder: None }
    }

    /// Rate, channels and bits of a frame with this header.
    pub(crate) fn kind(&self, header: &FlacHeader) -> Result<Kind, DecodeError> {
        let described = |field: fn(&Description) -> u32| self.description.as_ref().map(field);
        let rate = header.rate.or_else(|| described(|said| said.rate)).filter(|rate| *rate > 0);
        let bits = header.bits.map(u32::from).or_else(|| described(|said| said.bits.into()));
        match (rate, bits) {
            (Some(rate), Some(bits @ 4..=32)) => Ok((rate, header.channels, bits as u8)),
            _ => Err(broken("neither its frames nor its description tell rate and bits")),
        }
    }
}

impl PacketDecoder for FlacSound {
    fn decode(
        &mut self,
        packet: &Packet,
        mix: &mut Downmix,
        out: &mut Planes,
    ) -> Result<Option<(u32, usize)>, DecodeError> {
        let Some(header) = FlacHeader::parse(&packet.data) else { return Ok(None) };
        let kind = self.kind(&header)?;
        if kind.2 == 32 && header.joint {
            // The difference has 33 bits, which Symphonia's decoder does not take.
            return Err(DecodeError::NotYet("FLAC of 32 bits in joint stereo"));
        }
        let (_, decoder) = match &mut self.decoder {
            Some(decoder) if decoder.0 == kind => decoder,
            decoder => decoder.insert((kind, open_decoder(kind)?)),
        };
        Ok(decoder.decode(packet).ok().map(|buffer| {
            mix.add(&buffer, out);
            (kind.0, usize::from(kind.1))
        }))
    }
}

/// A decoder for frames of this kind, whatever the file's own description says.
fn open_decoder((_, channels, bits): Kind) -> Result<Box<dyn AudioDecoder>, DecodeError> {
    // Block lengths as wide as they go; the rate does not matter to decoding, and the highest are refused.
    let mut block = vec![0, 16, 0xff, 0xff, 0, 0, 0, 0, 0, 0];
    let fields = 48_000 << 44 | u64::from(channels - 1) << 41 | u64::from(bits - 1) << 36;
    block.extend_from_slice(&fields.to_be_bytes());
    block.resize(34, 0);
    let mut params = AudioCodecParameters::new();
    params.for_codec(CODEC_ID_FLAC).with_extra_data(block.into_boxed_slice());
    let options = AudioDecoderOptions::default();
    symphonia::default::get_codecs().make_audio_decoder(&params, &options).map_err(from_symphonia)
}

//! WavPack: lossless, hybrid (without its correction file) and floating point, of any channels, by `oxideav-wavpack`.
//!
//! Read here are the headers of the blocks, within limits: what one packet is (the blocks of all channels of one
//! stretch), where it lies in time, and where the next one begins after damage. See docs/decisions/0013.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

use symphonia::core::errors::Error as SymphoniaError;
use symphonia::core::packet::Packet;
use symphonia::core::units::{Duration, Timestamp};

use crate::decode::packets::{Interleaved, Kind, Opened, PacketDecoder, PacketReader, layout_of};
use crate::decode::{DecodeError, Planes, broken};
use crate::formats::extent::Extent;
use crate::formats::sniff::Recognised;
use crate::formats::wavpack::{BlockHeader, HEADER_LEN};
use crate::limits::guarded;
use crate::listen::fingerprint::Depth;
use crate::sound::downmix::Downmix;

/// Most bytes of the blocks of one stretch: 16 stereo blocks of the greatest size an encoder makes.
const MOST_BYTES: usize = 16 << 20;
/// Most blocks without sound, or bytes of junk, passed over on the way to the next stretch.
const MOST_SKIPPED: u64 = 4 << 20;

/// Prepares to decode a WavPack file.
pub(crate) fn open(file: File, what: &Recognised) -> Result<Opened, DecodeError> {
    let extent = Extent::new(file, what.start, what.end).map_err(DecodeError::Io)?;
    let mut reader = WavPackPackets { file: BufReader::new(extent), at: 0 };
    let first = reader.first().map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => broken("it ends within its headers"),
        _ => DecodeError::Io(error),
    })?;
    let (header, set) = first.ok_or_else(|| broken("there is no sound in it"))?;
    let facts = guarded(|| {
        let (block, _) = oxideav_wavpack::parse_block(&set).ok()?;
        let rate = block.sample_rate().ok()??;
        let said = block.channel_info().ok()?.map(|said| (said.mask, said.count));
        Some((rate, said))
    });
    let (rate, said) = facts.ok().flatten().ok_or_else(|| broken("its first block makes no sense"))?;
    if !(1_000..=768_000).contains(&rate) {
        return Err(broken("its sample rate makes no sense"));
    }
    // The flags stand behind marker, sizes, version and positions; bit 7 of them says floating point.
    let is_float = set.get(24).is_some_and(|flags| flags & 0x80 != 0);
    reader.rewind().map_err(DecodeError::Io)?;
    Ok(Opened {
        reader: Box::new(reader),
        decoder: Box::new(WavPackSound {
            rate,
            mask: said.map_or(0, |(mask, _)| mask),
            sound: Interleaved::default(),
        }),
        track: 0,
        rate,
        skip: 0,
        left: None,
        promised: header.total,
        counted: true,
        exact: what.format.is_lossless() && !is_float && said.is_none_or(|(_, count)| count <= 2),
        depth: if is_float { Depth::Fractions } else { Depth::WholeNumbers },
        warm_up: Some(0),
    })
}

struct WavPackPackets {
    file: BufReader<Extent>,
    /// Position of the next block.
    at: u64,
}

impl WavPackPackets {
    fn rewind(&mut self) -> io::Result<()> {
        self.at = 0;
        self.file.seek(SeekFrom::Start(0)).map(|_| ())
    }

    fn first(&mut self) -> io::Result<Option<(BlockHeader, Vec<u8>)>> {
        self.set()
    }

    /// The blocks of the next stretch of sound, and the header of the first of them.
    fn set(&mut self) -> io::Result<Option<(BlockHeader, Vec<u8>)>> {
        let mut set: Option<(BlockHeader, Vec<u8>)> = None;
        let mut skipped = 0;
        while skipped < MOST_SKIPPED {
            let Some((header, block)) = self.block(&mut skipped)? else { return Ok(None) };
            if header.samples == 0 {
                skipped += block.len() as u64;
                continue;
            }
            if header.is_first {
                set = None;
            }
            let (_, bytes) = set.get_or_insert_with(|| (header, Vec::new()));
            bytes.extend_from_slice(&block);
            if header.is_final {
                return Ok(set);
            }
            if bytes.len() > MOST_BYTES {
                skipped += bytes.len() as u64;
                set = None;
            }
        }
        Ok(None)
    }

    /// The next block as it stands, behind junk if need be.
    fn block(&mut self, skipped: &mut u64) -> io::Result<Option<(BlockHeader, Vec<u8>)>> {
        let mut bytes = Vec::with_capacity(HEADER_LEN);
        self.file.by_ref().take(HEADER_LEN as u64).read_to_end(&mut bytes)?;
        while *skipped < MOST_SKIPPED {
            if bytes.len() < HEADER_LEN {
                return Ok(None);
            }
            if let Some(header) = BlockHeader::parse(&bytes) {
                let rest = header.len - HEADER_LEN as u64;
                let read = self.file.by_ref().take(rest).read_to_end(&mut bytes)?;
                if (read as u64) < rest {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                self.at += header.len;
                return Ok(Some((header, bytes)));
            }
            // On to the next byte that may begin a block.
            let next = bytes.iter().skip(1).position(|byte| *byte == b'w').map_or(bytes.len(), |at| at + 1);
            bytes.drain(..next);
            *skipped += next as u64;
            let missing = (HEADER_LEN - bytes.len()) as u64;
            self.file.by_ref().take(missing).read_to_end(&mut bytes)?;
        }
        Ok(None)
    }
}

impl PacketReader for WavPackPackets {
    fn next_packet(&mut self) -> Result<Option<Packet>, SymphoniaError> {
        let Some((header, set)) = self.set()? else { return Ok(None) };
        let position = Timestamp::new(i64::try_from(header.position).unwrap_or(i64::MAX));
        Ok(Some(Packet::new(0, position, Duration::new(header.samples.into()), set)))
    }
}

struct WavPackSound {
    rate: u32,
    mask: u32,
    sound: Interleaved,
}

impl PacketDecoder for WavPackSound {
    fn decode(
        &mut self,
        packet: &Packet,
        mix: &mut Downmix,
        out: &mut Planes,
    ) -> Result<Option<Kind>, DecodeError> {
        let Some(header) = BlockHeader::parse(&packet.data) else { return Ok(None) };
        let decoded = guarded(|| oxideav_wavpack::decode_multichannel_stream_muted(&packet.data));
        let Ok(Ok((stream, true))) = decoded else { return Ok(None) };
        if stream.samples.len() as u64 != packet.dur.get() * stream.channels as u64 {
            return Ok(None);
        }
        let layout = layout_of(self.mask, stream.channels);
        if header.is_float {
            let floats = stream.samples.iter().map(|bits| f32::from_bits(*bits as u32));
            let floats = floats.map(|sample| if sample.is_finite() { sample } else { 0.0 });
            self.sound.add(floats, stream.channels, &layout, mix, out);
        } else {
            let scale = 1.0 / f64::from(1u32 << (8 * u32::from(header.bytes_per_sample) - 1));
            let scaled = stream.samples.iter().map(|sample| (f64::from(*sample) * scale) as f32);
            self.sound.add(scaled, stream.channels, &layout, mix, out);
        }
        Ok(Some((self.rate, stream.channels)))
    }
}

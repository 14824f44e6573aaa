//! FLAC seen from outside: where its frames begin, and what their headers say.
//!
//! A frame's own header is believed more than the description at the start of the file, which may be missing, late,
//! or wrong.

use std::io::{self, Read, Seek, SeekFrom};

use crate::formats::watched::read_whole;

/// Most metadata blocks walked over.
const MOST_BLOCKS: usize = 1024;
/// Bytes of the description (STREAMINFO).
const DESCRIPTION: usize = 34;
/// The checksum behind every frame header.
const HEADER_CRC: crc::Crc<u8> = crc::Crc::<u8>::new(&crc::CRC_8_SMBUS);
/// The checksum at the end of every frame, over all of it.
pub(crate) const FRAME_CRC: crc::Crc<u16, crc::Table<16>> =
    crc::Crc::<u16, crc::Table<16>>::new(&crc::CRC_16_UMTS);

/// The longest frame header in bytes.
pub(crate) const LONGEST_HEADER: usize = 16;

/// What STREAMINFO says that matters to decoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Description {
    pub(crate) rate: u32,
    pub(crate) channels: u8,
    pub(crate) bits: u8,
    /// Samples per channel; 0 when nobody knows.
    pub(crate) total: u64,
}

impl Description {
    /// Whether a frame with this header is what it describes.
    pub(crate) fn fits(&self, header: &FlacHeader) -> bool {
        header.channels == self.channels
            && header.rate.is_none_or(|rate| rate == self.rate)
            && header.bits.is_none_or(|bits| bits == self.bits)
    }

    fn parse(block: &[u8]) -> Option<Self> {
        let fields = block.get(10..18).and_then(|bytes| bytes.try_into().ok()).map(u64::from_be_bytes)?;
        Some(Self {
            rate: (fields >> 44) as u32,
            channels: (fields >> 41 & 7) as u8 + 1,
            bits: (fields >> 36 & 31) as u8 + 1,
            total: fields & 0xf_ffff_ffff,
        })
    }
}

/// Reads the metadata between `start` and `end`; gives the description, if there is one, and where frames may begin.
pub(crate) fn read_front<R: Read + Seek>(
    file: &mut R,
    start: u64,
    end: u64,
) -> io::Result<(Option<Description>, u64)> {
    match walk_front(file, start, end) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok((None, start)),
        other => other,
    }
}

fn walk_front<R: Read + Seek>(file: &mut R, start: u64, end: u64) -> io::Result<(Option<Description>, u64)> {
    let mut mark = [0; 4];
    file.seek(SeekFrom::Start(start))?;
    file.read_exact(&mut mark)?;
    if &mark != b"fLaC" {
        return Ok((None, start));
    }
    let (mut at, mut description, mut behind_first) = (start + 4, None, start + 4);
    for count in 0..MOST_BLOCKS {
        let mut head = [0; 4];
        file.seek(SeekFrom::Start(at))?;
        if !read_whole(file, &mut head)? {
            break;
        }
        let len = u64::from(u32::from_be_bytes([0, head[1], head[2], head[3]]));
        if head[0] & 0x7f == 127 || at + 4 + len > end {
            break;
        }
        if head[0] & 0x7f == 0 && len >= DESCRIPTION as u64 && description.is_none() {
            let mut block = [0; DESCRIPTION];
            file.read_exact(&mut block)?;
            description = Description::parse(&block);
        }
        at += 4 + len;
        if count == 0 {
            behind_first = at;
        }
        if head[0] & 0x80 != 0 {
            let mut sync = [0; 2];
            file.seek(SeekFrom::Start(at))?;
            // Lengths may lie: where no frame begins, frames are searched for from the first block on.
            let there = read_whole(file, &mut sync)? && sync[0] == 0xff && sync[1] & 0xfe == 0xf8;
            return Ok((description, if there { at } else { behind_first }));
        }
    }
    Ok((description, behind_first))
}

/// A frame header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FlacHeader {
    /// Of the frame, or of its first sample: the encoder decides.
    pub(crate) number: u64,
    /// Whether `number` counts samples, as far as the header says.
    pub(crate) by_sample: bool,
    pub(crate) samples: u32,
    /// `None` where the description tells it.
    pub(crate) rate: Option<u32>,
    pub(crate) channels: u8,
    /// Whether one of two channels is stored as a difference, which takes a bit more.
    pub(crate) joint: bool,
    /// `None` where the description tells it.
    pub(crate) bits: Option<u8>,
    /// Bytes of this header.
    pub(crate) len: usize,
}

impl FlacHeader {
    /// Reads the header at the start of `bytes`; `None` when it is none.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let [0xff, second @ (0xf8 | 0xf9), sizes, layout, ..] = bytes else { return None };
        (layout & 1 == 0).then_some(())?;
        let (channels, joint) = match layout >> 4 {
            count @ 0..=7 => (count + 1, false),
            8..=10 => (2, true),
            _ => return None,
        };
        let bits = match layout >> 1 & 7 {
            0 => None,
            1 => Some(8),
            2 => Some(12),
            4 => Some(16),
            5 => Some(20),
            6 => Some(24),
            7 => Some(32),
            _ => return None,
        };
        let (number, mut at) = coded_number(bytes)?;
        let field = |at: usize, len: usize| {
            bytes.get(at..at + len).map(|field| field.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte)))
        };
        let samples = match sizes >> 4 {
            1 => 192,
            code @ 2..=5 => 576 << (code - 2),
            code @ (6 | 7) => {
                let len = usize::from(code) - 5;
                at += len;
                field(at - len, len)? + 1
            }
            code @ 8..=15 => 256 << (code - 8),
            _ => return None,
        };
        let (rate, len) = match sizes & 15 {
            0 => (None, 0),
            12 => (Some(field(at, 1)? * 1000), 1),
            13 => (Some(field(at, 2)?), 2),
            14 => (Some(field(at, 2)? * 10), 2),
            15 => return None,
            code => (RATES.get(usize::from(code)).copied(), 0),
        };
        at += len;
        if rate == Some(0) || HEADER_CRC.checksum(bytes.get(..at)?) != *bytes.get(at)? {
            return None;
        }
        Some(Self { number, by_sample: *second == 0xf9, samples, rate, channels, joint, bits, len: at + 1 })
    }
}

const RATES: [u32; 12] =
    [0, 88_200, 176_400, 192_000, 8_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000];

/// The number behind the first four bytes, written like a character in UTF-8 of up to seven bytes, and what follows it.
fn coded_number(bytes: &[u8]) -> Option<(u64, usize)> {
    let first = *bytes.get(4)?;
    let more = match first.leading_ones() {
        0 => 0,
        ones @ 2..=7 => ones - 1,
        _ => return None,
    };
    let mut number = u64::from(first) & (0x7f >> (more + u32::from(more > 0)));
    let behind = 5 + more as usize;
    for byte in bytes.get(5..behind)? {
        (byte & 0xc0 == 0x80).then_some(())?;
        number = number << 6 | u64::from(byte & 0x3f);
    }
    Some((number, behind))
}

/// Where in `bytes` the first whole frame begins, if the next header or the end (`to_end`) stands right behind it.
pub(crate) fn find_frame(bytes: &[u8], to_end: bool) -> Option<usize> {
    /// Headers tried; random bytes hold one in eight millions.
    const MOST_TRIED: usize = 8;
    let headers = || {
        (0..bytes.len().saturating_sub(1))
            .filter(|at| bytes.get(*at) == Some(&0xff))
            .filter(|at| FlacHeader::parse(bytes.get(*at..).unwrap_or_default()).is_some())
    };
    headers().take(MOST_TRIED).find(|begin| {
        let ends = headers().skip_while(|at| at <= begin).take(MOST_TRIED);
        let ends = ends.chain(to_end.then_some(bytes.len()));
        ends.into_iter().any(|end| bytes.get(*begin..end).is_some_and(|frame| FRAME_CRC.checksum(frame) == 0))
    })
}

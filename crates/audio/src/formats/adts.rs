//! AAC in bare ADTS frames: how long it plays.
//!
//! Nothing tells it but the frames themselves, and a guess from the first ones is some hundredths off: enough to take one
//! recording for another. So they are counted, from header to header.

use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::time::Duration;

use crate::formats::sniff::Recognised;

/// Bytes of a header without its checksum.
const HEADER: u64 = 7;
const BUFFER: usize = 64 << 10;
/// By the header's index of sampling rates.
const RATES: [u32; 13] =
    [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350];
const SAMPLES: u64 = 1_024;

/// What a frame's header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AdtsFrame {
    /// Bytes, with the header.
    pub(crate) len: u64,
    rate: u32,
    samples: u64,
}

impl AdtsFrame {
    /// Of the first bytes of a frame; `None` where none begins.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let &[sync, kind, rate, high, middle, low, blocks, ..] = bytes else { return None };
        let rate = *RATES.get(usize::from(rate >> 2 & 15))?;
        let len = u64::from(high & 3) << 11 | u64::from(middle) << 3 | u64::from(low >> 5);
        let samples = SAMPLES * (u64::from(blocks & 3) + 1);
        (sync == 0xff && kind & 0xf6 == 0xf0).then_some(Self { len, rate, samples })
    }
}

/// How long the frames of `what` play, up to the first place where none follows; `None` where that is not nearly all of it.
pub(crate) fn counted<R: Read + Seek>(file: &mut R, what: &Recognised) -> io::Result<Option<Duration>> {
    let mut reader = BufReader::with_capacity(BUFFER, file);
    reader.seek(SeekFrom::Start(what.start))?;
    let (mut at, mut samples, mut rate) = (what.start, 0, None);
    while at + HEADER <= what.end {
        let mut header = [0; HEADER as usize];
        reader.read_exact(&mut header)?;
        let Some(frame) = AdtsFrame::parse(&header).filter(|frame| frame.len >= HEADER) else { break };
        if *rate.get_or_insert(frame.rate) != frame.rate {
            break;
        }
        samples += frame.samples;
        at += frame.len;
        reader.seek_relative((frame.len - HEADER) as i64)?;
    }
    let most = (at - what.start) / 50;
    let is_all = what.end.saturating_sub(at) <= most;
    let length = |rate: u32| Duration::try_from_secs_f64(samples as f64 / f64::from(rate)).ok();
    Ok(rate.filter(|_| is_all).and_then(length))
}

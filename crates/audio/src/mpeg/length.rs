//! How long an MP3 without a header frame is.
//!
//! Without Xing, Info or VBRI the length is usually guessed from the first frame's bit rate, which is many times off
//! when the rate varies. A few looks into the file tell whether it does; only then its frames are counted, all of
//! them, which reads the whole file.

use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::time::Duration;

use crate::formats::sniff::Recognised;
use crate::mpeg::frames::{self, FrameHeader, HEADER, LONGEST_FRAME};

/// Places looked at, and bytes read at each.
const LOOKS: u64 = 8;
const LOOK: u64 = 16 << 10;
/// Of a longer file this much is counted, and the rest taken for the same.
const MOST_BYTES: u64 = 512 << 20;
/// How much is searched at a time for the frame behind damage or a tag.
pub(super) const SEARCH: u64 = 64 << 10;

/// The length of the MP3 `what`; `None` when a header frame tells it, or a constant bit rate.
pub(crate) fn counted<R: Read + Seek>(file: &mut R, what: &Recognised) -> io::Result<Option<Duration>> {
    if says_its_length(file, what)? || is_constant(file, what)? {
        return Ok(None);
    }
    count(file, what)
}

/// Whether a header frame tells how many frames there are.
pub(super) fn says_its_length<R: Read + Seek>(file: &mut R, what: &Recognised) -> io::Result<bool> {
    let frame = read_at(file, what.start, what.end, LONGEST_FRAME as u64)?;
    let Some(header) = FrameHeader::parse(&frame) else { return Ok(false) };
    let said = frames::parse_gapless_header(&frame, &header);
    Ok(said.and_then(|said| said.frames).is_some_and(|frames| frames > 0))
}

/// Whether all frames at several places have one bit rate.
fn is_constant<R: Read + Seek>(file: &mut R, what: &Recognised) -> io::Result<bool> {
    let last = (what.end - what.start).saturating_sub(LOOK);
    let mut known = None;
    for look in 0..LOOKS {
        let bytes = read_at(file, what.start + last / (LOOKS - 1) * look, what.end, LOOK)?;
        let Some((mut at, first)) = frames::find_frames(&bytes, 3, false) else { continue };
        while let Some(header) = bytes.get(at..).and_then(FrameHeader::parse) {
            if !header.same_stream(&first) || header.frame_len() < HEADER {
                break;
            }
            if *known.get_or_insert(header.kbps) != header.kbps {
                return Ok(false);
            }
            at += header.frame_len();
        }
    }
    Ok(known.is_some())
}

fn count<R: Read + Seek>(file: &mut R, what: &Recognised) -> io::Result<Option<Duration>> {
    let mut reader = BufReader::with_capacity(SEARCH as usize, file);
    let end = what.end.min(what.start.saturating_add(MOST_BYTES));
    let (mut at, mut samples, mut counted) = (what.start, 0u64, 0u64);
    let mut first: Option<FrameHeader> = None;
    reader.seek(SeekFrom::Start(at))?;
    while at + HEADER as u64 <= end {
        let mut start = [0; HEADER];
        reader.read_exact(&mut start)?;
        let header = FrameHeader::parse(&start).filter(|header| {
            header.layer == 3
                && header.frame_len() >= HEADER
                && first.is_none_or(|first| first.same_stream(header))
        });
        let Some(header) = header else {
            at = next_frame(&mut reader, at, end)?;
            reader.seek(SeekFrom::Start(at))?;
            continue;
        };
        let len = header.frame_len() as u64;
        if at + len > end {
            break;
        }
        first.get_or_insert(header);
        samples += u64::from(header.samples());
        counted += len;
        at += len;
        // Stays within what is buffered, which a plain seek would throw away.
        reader.seek_relative((len - HEADER as u64) as i64)?;
    }
    let Some(rate) = first.map(|first| f64::from(first.sample_rate)).filter(|_| counted > 0) else {
        return Ok(None);
    };
    // 1 but for a file too large to be counted whole.
    let share = (what.end - what.start) as f64 / (end - what.start).max(1) as f64;
    Ok(Duration::try_from_secs_f64(samples as f64 / rate * share).ok())
}

/// Where frames go on behind `at`; always further on.
pub(super) fn next_frame<R: Read + Seek>(reader: &mut R, at: u64, end: u64) -> io::Result<u64> {
    let bytes = read_at(reader, at + 1, end, SEARCH)?;
    let to_end = at + 1 + bytes.len() as u64 >= end;
    Ok(match frames::find_frames(&bytes, 3, to_end) {
        Some((found, _)) => at + 1 + found as u64,
        None if to_end => end,
        // A run of three may begin near the end of what was read.
        None => at + 1 + (bytes.len().saturating_sub(3 * LONGEST_FRAME)) as u64,
    })
}

pub(super) fn read_at<R: Read + Seek>(file: &mut R, at: u64, end: u64, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(at))?;
    file.by_ref().take(end.saturating_sub(at).min(most)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

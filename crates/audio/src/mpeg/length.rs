//! How long an MP3 without a header frame is.
//!
//! Without Xing, Info or VBRI the length is usually guessed from the first frame's bit rate, which is many times off
//! when the rate varies. A few looks into the file tell whether it does; only then its frames are counted, all of
//! them, which reads the whole file.

use std::io::{self, Read, Seek, SeekFrom};
use std::time::Duration;

use crate::formats::sniff::Recognised;
use crate::mpeg::each_frame::EachFrame;
use crate::mpeg::frames::{self, FrameHeader, HEADER, LONGEST_FRAME};

/// Places looked at, and bytes read at each.
const LOOKS: u64 = 8;
const LOOK: u64 = 16 << 10;
/// Of a longer file this much is counted, and the rest taken for the same.
const MOST_BYTES: u64 = 512 << 20;

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
    let end = what.end.min(what.start.saturating_add(MOST_BYTES));
    let mut walk = EachFrame::of(file, (what.start, end))?;
    let (mut samples, mut first) = (0u64, None::<FrameHeader>);
    while let Some(frame) = walk.following()? {
        if first.get_or_insert(frame.header).same_stream(&frame.header) {
            samples += u64::from(frame.header.samples());
        }
    }
    let Some(rate) = first.map(|first| f64::from(first.sample_rate)) else { return Ok(None) };
    // 1 but for a file too large to be counted whole.
    let share = (what.end - what.start) as f64 / (end - what.start).max(1) as f64;
    Ok(Duration::try_from_secs_f64(samples as f64 / rate * share).ok())
}

fn read_at<R: Read + Seek>(file: &mut R, at: u64, end: u64, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(at))?;
    file.by_ref().take(end.saturating_sub(at).min(most)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

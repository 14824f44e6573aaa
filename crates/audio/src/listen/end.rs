//! Whether a file's sound reaches the end that its header promises, told without decoding it.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use ferrotape_domain::AudioFormat;

use crate::formats::flac::FlacHeader;
use crate::formats::sniff::Recognised;
use crate::mpeg::frames::{self, FrameHeader, LONGEST_FRAME};

/// The tail in which the last FLAC frame begins; the longest frames of sane encoders are half of it.
const FLAC_TAIL: u64 = 256 << 10;
/// The tail in which MP3 frames or anything but zeros must stand.
const TAIL: u64 = 16 << 10;
/// Boxes of an MP4 file looked at before giving up.
const MOST_BOXES: usize = 1000;

/// The longest page of Ogg there is.
const OGG_PAGE: u64 = 65_307;

/// What is found where the header says that the sound ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    There,
    NotThere,
    /// It does not say.
    Untold,
}

impl From<bool> for End {
    fn from(is_there: bool) -> Self {
        if is_there { Self::There } else { Self::NotThere }
    }
}

/// Whether the end of the sound is where the header says. `false` means that only decoding tells.
pub(crate) fn end_is_there(file: &mut File, what: &Recognised) -> io::Result<bool> {
    Ok(end(file, what)? == End::There)
}

/// Whether the header says where the sound ends, and no end is there. It may be whole all the same, which decoding tells.
pub(crate) fn may_be_cut_off(file: &mut File, what: &Recognised) -> io::Result<bool> {
    match what.format {
        _ if is_cut_off(file, what)? => Ok(true),
        AudioFormat::Wav => wav_is_short(file, what),
        AudioFormat::Vorbis | AudioFormat::Opus | AudioFormat::OggFlac => ogg_has_no_last_page(file, what),
        _ => Ok(end(file, what)? == End::NotThere),
    }
}

fn end(file: &mut File, what: &Recognised) -> io::Result<End> {
    match what.format {
        _ if what.mp4.is_some() => mp4(file, what),
        AudioFormat::Flac => flac(file, what),
        AudioFormat::Mp3 => mp3(file, what),
        _ => Ok(End::Untold),
    }
}

fn read_at(file: &mut File, start: u64, end: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(start))?;
    file.take(end.saturating_sub(start)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The last frame must end at the sample that the stream's description counts.
fn flac(file: &mut File, what: &Recognised) -> io::Result<End> {
    let head = read_at(file, what.start, what.start + 42)?;
    // Marker, block header (type 0, 34 bytes), then the description.
    let (Some(first_block), Some(count)) = (head.get(8..10), head.get(21..26)) else {
        return Ok(End::Untold);
    };
    if head.get(4).is_none_or(|kind| kind & 0x7f != 0) {
        return Ok(End::Untold);
    }
    let block = first_block.iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
    let total = count.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)) & 0xf_ffff_ffff;
    if total == 0 {
        return Ok(End::Untold);
    }
    let tail = read_at(file, what.end.saturating_sub(FLAC_TAIL).max(what.start), what.end)?;
    let ends_right = |at: usize| flac_frame_end(tail.get(at..).unwrap_or_default(), block) == Some(total);
    Ok((0..tail.len().saturating_sub(5)).any(ends_right).into())
}

/// The sample behind the FLAC frame that begins `bytes`; `None` where none begins. `block` is the length of every
/// frame but the last, for streams that count frames instead of samples.
fn flac_frame_end(bytes: &[u8], block: u64) -> Option<u64> {
    let header = FlacHeader::parse(bytes)?;
    let start = if header.by_sample { header.number } else { header.number.checked_mul(block)? };
    start.checked_add(header.samples.into())
}

/// A Xing or VBRI header tells bytes and frames: as many bytes must be there, with frames at their end.
fn mp3(file: &mut File, what: &Recognised) -> io::Result<End> {
    let head = read_at(file, what.start, what.end.min(what.start + LONGEST_FRAME as u64))?;
    let Some(first) = FrameHeader::parse(&head) else { return Ok(End::Untold) };
    let said = frames::parse_gapless_header(&head, &first);
    let Some(bytes) = said.filter(|said| said.frames.is_some()).and_then(|said| said.bytes) else {
        return Ok(End::Untold);
    };
    let there = what.end.saturating_sub(what.start);
    // Encoders disagree on whether the header frame counts.
    if there + (LONGEST_FRAME as u64) < u64::from(bytes) || there > u64::from(bytes) + TAIL {
        return Ok(End::NotThere);
    }
    let tail = read_at(file, what.end.saturating_sub(TAIL).max(what.start), what.end)?;
    // Zeros to the end after frames are a download that stopped.
    let half = tail.get(tail.len() / 2..).unwrap_or_default();
    Ok(frames::find_frames(half, 2, true).is_some_and(|(_, header)| header.same_stream(&first)).into())
}

/// Every box must lie in the file, and the sound must not end in zeros.
fn mp4(file: &mut File, what: &Recognised) -> io::Result<End> {
    let Boxes::Fit(Some((start, end))) = boxes(file, what)? else { return Ok(End::Untold) };
    let tail = read_at(file, end.saturating_sub(TAIL).max(start), end)?;
    Ok(tail.iter().any(|byte| *byte != 0).into())
}

/// Whether a RIFF file says that it holds more bytes than are there. Programs that write it in one go put in the most.
fn wav_is_short(file: &mut File, what: &Recognised) -> io::Result<bool> {
    let head = read_at(file, what.start, what.start + 8)?;
    let said = head.strip_prefix(b"RIFF").and_then(|size| size.try_into().ok()).map_or(0, u32::from_le_bytes);
    Ok(said != u32::MAX && what.end.saturating_sub(what.start) < u64::from(said))
}

/// Whether the last page that begins near the end of an Ogg file is not marked as the last of its stream.
fn ogg_has_no_last_page(file: &mut File, what: &Recognised) -> io::Result<bool> {
    const LAST_OF_STREAM: u8 = 4;
    let tail = read_at(file, what.end.saturating_sub(OGG_PAGE).max(what.start), what.end)?;
    let page = tail.windows(6).rev().find(|bytes| bytes.starts_with(b"OggS"));
    Ok(page.and_then(|page| page.last()).is_none_or(|kind| kind & LAST_OF_STREAM == 0))
}

/// Whether the container says that it holds more bytes than are there, where decoders then give no sound at all.
pub(crate) fn is_cut_off(file: &mut File, what: &Recognised) -> io::Result<bool> {
    match what.format {
        _ if what.mp4.is_some() => Ok(matches!(boxes(file, what)?, Boxes::Overrun)),
        AudioFormat::Aiff => {
            let head = read_at(file, what.start, what.start + 8)?;
            let said = head.get(4..8).and_then(|size| size.try_into().ok()).map_or(0, u32::from_be_bytes);
            Ok(what.end.saturating_sub(what.start) < u64::from(said))
        }
        _ => Ok(false),
    }
}

/// What a walk over the outermost boxes of an MP4 file found.
enum Boxes {
    /// They fill the file; where the largest stretch of sound begins and ends.
    Fit(Option<(u64, u64)>),
    /// The last goes on behind the end of the file.
    Overrun,
    /// They make no sense, or do not tell.
    Unclear,
}

fn boxes(file: &mut File, what: &Recognised) -> io::Result<Boxes> {
    let mut at = what.start;
    let mut sound: Option<(u64, u64)> = None;
    for _ in 0..MOST_BOXES {
        if at == what.end {
            return Ok(Boxes::Fit(sound));
        }
        let head = read_at(file, at, at + 16)?;
        let number = |from: usize, to: usize| {
            head.get(from..to).map(|field| field.iter().fold(0u64, |sum, byte| sum << 8 | u64::from(*byte)))
        };
        let size = match number(0, 4) {
            Some(1) => number(8, 16),
            // To the end of the file: how long it was meant to be nobody knows.
            Some(0) | None => None,
            size => size,
        };
        let Some(next) = size.filter(|size| *size >= 8).and_then(|size| at.checked_add(size)) else {
            return Ok(Boxes::Unclear);
        };
        if next > what.end {
            return Ok(Boxes::Overrun);
        }
        if head.get(4..8) == Some(b"mdat") && sound.is_none_or(|(start, end)| end - start < next - at) {
            sound = Some((at, next));
        }
        at = next;
    }
    Ok(Boxes::Unclear)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::formats::sniff::Container;

    fn may_be_cut(format: AudioFormat, bytes: &[u8]) -> bool {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        let (start, end) = (0, bytes.len() as u64);
        let container = Container::Own;
        let what = Recognised { format, start, end, adts: false, mp4: None, large: None, container };
        let may_be = may_be_cut_off(&mut file, &what).unwrap();
        assert!(!may_be || !end_is_there(&mut file, &what).unwrap());
        may_be
    }

    #[test]
    fn an_mp3_that_counts_more_than_is_there_may_be_cut_off() {
        const FRAME: usize = 417;
        let frames = |said: Option<u32>, count: usize| {
            let mut frame = vec![0x55; FRAME];
            frame[..4].copy_from_slice(&[0xff, 0xfb, 0x90, 0x00]);
            let mut bytes = frame.repeat(count + 1);
            if let Some(said) = said {
                let size = (said + 1) * FRAME as u32;
                let header = [&b"Info"[..], &3_u32.to_be_bytes(), &said.to_be_bytes(), &size.to_be_bytes()];
                bytes[36..52].copy_from_slice(&header.concat());
            }
            may_be_cut(AudioFormat::Mp3, &bytes)
        };
        assert!(!frames(Some(100), 100) && frames(Some(100), 50));
        assert!(!frames(None, 50), "nobody says how long it is to be");
    }

    #[test]
    fn a_wav_that_says_more_than_is_there_may_be_cut_off() {
        let wav = |said: u32, there: usize| {
            let bytes = [&b"RIFF"[..], &said.to_le_bytes(), &vec![0; there][..]].concat();
            may_be_cut(AudioFormat::Wav, &bytes)
        };
        assert!(!wav(1_000, 1_000) && wav(1_000, 500) && !wav(u32::MAX, 500));
    }

    #[test]
    fn an_ogg_without_its_last_page_may_be_cut_off() {
        let page = |kind: u8| [&b"OggS\0"[..], &[kind; 1], &[0x11; 500]].concat();
        let ogg = |pages: &[u8]| {
            let bytes: Vec<u8> = pages.iter().flat_map(|kind| page(*kind)).collect();
            may_be_cut(AudioFormat::Vorbis, &bytes)
        };
        assert!(!ogg(&[2, 0, 4]) && ogg(&[2, 0, 0]) && !ogg(&[2, 4, 2, 5]));
    }
}

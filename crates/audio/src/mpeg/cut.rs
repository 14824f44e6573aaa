//! A stretch of an MP3 as an MP3 of its own, without encoding, exact to the sample.
//!
//! Frames are copied byte for byte. What makes the piece play the very samples that the whole plays there:
//!
//! - A decoder's output depends on the two granules before (the overlap of one, and with it the filter bank's
//!   history), so one MPEG-1 frame or two of MPEG-2 come before the first that is heard. With the same input and the
//!   same state a decoder computes the same numbers: float output too is identical, not merely close.
//! - Their main data may lie in frames that are not copied. It is carried in the same place before them, at the end
//!   of one or more carriers: frames of silence, whose own main data is empty. So nothing in copied frames changes.
//! - The header frame's delay and padding, twelve bits each, take all of this away again.
//!
//! Rejected: packing the first frames anew ([`crate::mpeg::reservoir`] could), which changes more than it must.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::ops::Range;

use ferrotape_domain::Cancel;

use crate::mpeg::CopyProblem;
use crate::mpeg::frame_map::FrameMap;
use crate::mpeg::frames::{DECODER_DELAY, FrameHeader, HEADER, Version};
use crate::mpeg::gain::{GainChange, change_frame, gain_span};
use crate::mpeg::header_frame::{
    MOST_TRIM, MUSIC_CRC, NewHeader, NewLame, build_header_frame, contents, extension_of, seal_lame,
};
use crate::mpeg::side_info::{farthest_begin, main_data_begin, renew_crc, set_main_data_begin, side_extent};

/// Frames before the first that is heard: mpg123 decodes no more of what its delay takes away.
const MOST_UNHEARD: u64 = 4;

/// What a piece is made of.
struct Piece {
    /// Frames of silence with main data of frames that are not copied at their ends.
    carriers: Vec<u8>,
    carrier_count: usize,
    /// The first frame to copy, and one past the last.
    frames: (usize, usize),
    /// Bytes of main data that the carriers hold.
    carried: usize,
    delay: u64,
    padding: u64,
}

/// Writes the samples `range` of the whole mapped by `map`, counted as a gapless player hears them, to `out` from
/// `at` on, `steps` × 1.5 dB louder. Frames at the start of the whole whose main data is missing there become silence.
pub(crate) fn cut_frames(
    source: &File,
    map: &FrameMap,
    range: &Range<u64>,
    steps: i32,
    (out, at): (&mut File, u64),
    cancel: &Cancel,
) -> Result<GainChange, CopyProblem> {
    let piece = plan(source, map, range)?;
    let (mut header, lame_at) = header_for(map, &piece)
        .ok_or_else(|| CopyProblem::Broken("no header frame could be built for it".to_owned()))?;
    let start = out.seek(SeekFrom::Start(at)).and_then(|_| out.write_all(&header));
    start.and_then(|()| out.write_all(&piece.carriers)).map_err(CopyProblem::Out)?;
    let mut digest = MUSIC_CRC.digest();
    digest.update(&piece.carriers);
    let silenced = silence_orphans(source, map, &piece)?;
    digest.update(&silenced.bytes);
    out.write_all(&silenced.bytes).map_err(CopyProblem::Out)?;
    let frames = (silenced.next, piece.frames.1);
    let steps = match steps {
        0 => 0,
        steps => gain_span(source, map, frames, cancel)?.map_or(0, |span| span.limit(steps)),
    };
    let mut change = GainChange { steps, least: u8::MAX, most: 0 };
    let mut write = |bytes: &[u8]| {
        digest.update(bytes);
        out.write_all(bytes).map_err(CopyProblem::Out)
    };
    if steps == 0 {
        map.bytes_of(source, frames, cancel, write)?;
    } else {
        map.each(source, frames, cancel, |frame, header| {
            change_frame(frame, header, &mut change);
            write(frame)
        })?;
    }
    if let Some(lame_at) = lame_at {
        seal_lame(&mut header, lame_at, digest.finalize());
    }
    let end = out.stream_position().map_err(CopyProblem::Out)?;
    out.seek(SeekFrom::Start(at)).and_then(|_| out.write_all(&header)).map_err(CopyProblem::Out)?;
    out.seek(SeekFrom::Start(end)).map_err(CopyProblem::Out)?;
    Ok(change)
}

/// Whether all frames of a piece are of one bit rate. Where the main data of earlier frames fits into no frame of the
/// stream's own rate, it is carried by one of another.
pub(crate) fn keeps_its_rate(source: &File, map: &FrameMap, range: &Range<u64>) -> Result<bool, CopyProblem> {
    plan(source, map, range).map(|piece| !varies(map, &piece))
}

fn varies(map: &FrameMap, piece: &Piece) -> bool {
    let carrier = FrameHeader::parse(&piece.carriers);
    map.variable || carrier.is_some_and(|carrier| carrier.kbps != map.first.kbps)
}

fn plan(source: &File, map: &FrameMap, range: &Range<u64>) -> Result<Piece, CopyProblem> {
    let (start, end) = map.heard();
    let outside = || {
        CopyProblem::Broken(format!(
            "it has no samples {} to {}, only {}",
            range.start,
            range.end,
            end - start
        ))
    };
    if range.is_empty() || range.end > end - start {
        return Err(outside());
    }
    let samples = u64::from(map.first.samples());
    // In the decoder's count.
    let (from, to) = (start + range.start, start + range.end);
    let lead = if map.first.version == Version::One { 1 } else { 2 };
    let first = (from / samples).saturating_sub(lead) as usize;
    // Some readers take a file of a single frame for no MP3.
    let last = (to.div_ceil(samples) as usize).max(first + 2).min(map.frames());
    let before = from - first as u64 * samples;
    let carried = main_data_before(source, map, first)?;
    let (carriers, carrier_count) = if carried.is_empty() && before >= DECODER_DELAY {
        (Vec::new(), 0)
    } else {
        let most = ((MOST_TRIM + DECODER_DELAY).saturating_sub(before) / samples).min(MOST_UNHEARD - lead);
        carriers(map, &carried, most as usize).ok_or_else(outside)?
    };
    Ok(Piece {
        carriers,
        carrier_count,
        frames: (first, last),
        carried: carried.len(),
        delay: carrier_count as u64 * samples + before - DECODER_DELAY,
        padding: last as u64 * samples - to + DECODER_DELAY,
    })
}

/// The bytes of main data areas before frame `first` that it reaches back into; fewer where the stream begins later.
fn main_data_before(source: &File, map: &FrameMap, first: usize) -> Result<Vec<u8>, CopyProblem> {
    let mut frame = Vec::new();
    let header = map.read(source, first, &mut frame)?;
    let back = main_data_begin(&frame, &header).map_or(0, usize::from);
    let (mut index, mut found) = (first, Vec::new());
    while found.len() < back && index > 0 {
        index -= 1;
        let header = map.read(source, index, &mut frame)?;
        let (_, side_end) = side_extent(&header);
        found.splice(0..0, frame.get(side_end..).unwrap_or_default().iter().copied());
    }
    found.drain(..found.len().saturating_sub(back));
    Ok(found)
}

/// At least one frame of silence, at most `most`, whose areas end with `carried`. They are of the stream's first bit
/// rate where that is constant and enough, else one of the lowest that is.
fn carriers(map: &FrameMap, carried: &[u8], most: usize) -> Option<(Vec<u8>, usize)> {
    let silent = |index: u8| {
        let mut start = map.first_bytes;
        // Neither padding nor joint stereo's extension.
        start[2] = index << 4 | start[2] & 0x0d;
        start[3] &= 0xcf;
        let header = FrameHeader::parse(&start).filter(|header| header.frame_len() > HEADER)?;
        let (_, side_end) = side_extent(&header);
        let slot = header.frame_len().checked_sub(side_end).filter(|slot| *slot > 0)?;
        let count = carried.len().div_ceil(slot).max(1);
        Some((start, header, side_end, slot, count))
    };
    let given = silent(map.first_bytes[2] >> 4).filter(|(.., count)| !map.variable && *count <= most);
    let one = || (1..15).filter_map(silent).find(|(.., count)| *count == 1 && most >= 1);
    let (start, header, side_end, slot, count) = given.or_else(one)?;
    let mut areas = vec![0; count * slot - carried.len()];
    areas.extend_from_slice(carried);
    let mut bytes = Vec::with_capacity(count * header.frame_len());
    for (index, own) in areas.chunks(slot).enumerate() {
        let mut frame = start.to_vec();
        frame.resize(side_end, 0);
        keep_reservoir(&mut frame, &header, index * slot);
        frame.extend_from_slice(own);
        renew_crc(&mut frame, &header);
        bytes.extend_from_slice(&frame);
    }
    Some((bytes, count))
}

/// Has a frame without main data say that it begins as far back as can be, of `before` bytes: decoders forget what
/// lies before the beginning.
fn keep_reservoir(frame: &mut [u8], header: &FrameHeader, before: usize) {
    let farthest = farthest_begin(header);
    set_main_data_begin(frame, header, u16::try_from(before).unwrap_or(farthest).min(farthest));
}

/// The first frames of a piece as they are written one by one, and the one behind them.
struct Silenced {
    bytes: Vec<u8>,
    next: usize,
}

/// Makes silence of the frames at the start of the whole whose main data is missing: a carrier before them would have
/// decoders take its zeros for it.
fn silence_orphans(source: &File, map: &FrameMap, piece: &Piece) -> Result<Silenced, CopyProblem> {
    let (first, last) = piece.frames;
    let mut silenced = Silenced { bytes: Vec::new(), next: first };
    if piece.carrier_count == 0 {
        return Ok(silenced);
    }
    let (mut there, mut frame) = (piece.carried, Vec::new());
    while silenced.next < last {
        let header = map.read(source, silenced.next, &mut frame)?;
        if main_data_begin(&frame, &header).is_none_or(|back| usize::from(back) <= there) {
            break;
        }
        let (side, side_end) = side_extent(&header);
        frame.get_mut(side..side_end).unwrap_or_default().fill(0);
        keep_reservoir(&mut frame, &header, there);
        renew_crc(&mut frame, &header);
        silenced.bytes.extend_from_slice(&frame);
        there += frame.len().saturating_sub(side_end);
        silenced.next += 1;
    }
    Ok(silenced)
}

fn header_for(map: &FrameMap, piece: &Piece) -> Option<(Vec<u8>, Option<usize>)> {
    let (first, last) = piece.frames;
    let count = piece.carrier_count;
    let begin = map.bytes_before(first);
    let carried = piece.carriers.len() as u64;
    let bytes = carried + map.bytes_before(last) - begin;
    let frames = count + last - first;
    let before = |frame: usize| match frame.checked_sub(count) {
        Some(own) => carried + map.bytes_before(first + own) - begin,
        None => carried * frame as u64 / count.max(1) as u64,
    };
    build_header_frame(&NewHeader {
        like: map.first,
        like_bytes: map.first_bytes,
        variable: varies(map, piece),
        frames: u32::try_from(frames).ok()?,
        bytes: u32::try_from(bytes).ok()?,
        toc: &contents(frames, bytes, before),
        lame: Some(NewLame {
            like: map.header.as_ref().and_then(|(frame, said)| extension_of(frame, said.lame_at?)),
            trim: (u16::try_from(piece.delay).ok()?, u16::try_from(piece.padding).ok()?),
        }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Preset;
    use crate::decode::{Decoding, Planes};
    use crate::encode::frames_of;
    use crate::formats::sniff::{Recognised, Sniffed, sniff};
    use crate::mpeg::walk::{Walked, walk};

    fn recognised(file: &mut File) -> Recognised {
        let len = file.metadata().unwrap().len();
        match sniff(file, len).unwrap() {
            Sniffed::Sound(what) => what,
            other => panic!("{other:?}"),
        }
    }

    /// What Symphonia makes of it.
    fn decoded(file: &mut File) -> Planes {
        let what = recognised(file);
        let mut decoding = Decoding::open(file.try_clone().unwrap(), &what).unwrap();
        let (mut all, mut some) = (vec![Vec::new(); 2], Planes::new());
        while decoding.next(&mut some).unwrap() {
            all.iter_mut().zip(&some).for_each(|(all, some)| all.extend_from_slice(some));
        }
        assert_eq!(decoding.verdict().unwrap(), Vec::<String>::new());
        all
    }

    #[test]
    fn symphonia_makes_the_same_floats_of_piece_and_whole() {
        for preset in [Preset::V2, Preset::Cbr(128)] {
            let plane = |pitch: f32| -> Vec<f32> {
                (0..90_000).map(|at| (at as f32 * pitch * (1.0 + (at / 9000) as f32)).sin() * 0.4).collect()
            };
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(&frames_of(preset, 48_000, &[plane(0.02), plane(0.03)])).unwrap();
            let whole = decoded(&mut file);
            assert!(whole[0].len() > 90_000);
            let what = recognised(&mut file);
            let Walked::Frames(map) = walk(&mut file, &what, &Cancel::default()).unwrap() else {
                panic!("not walked")
            };
            for (from, to) in [(0, 30_000), (30_000, 61_111), (47, 5000), (61_111, whole[0].len())] {
                let mut out = tempfile::tempfile().unwrap();
                let range = from as u64..to as u64;
                cut_frames(&file, &map, &range, 0, (&mut out, 0), &Cancel::default()).unwrap();
                let piece = decoded(&mut out);
                for (piece, whole) in piece.iter().zip(&whole) {
                    assert!(*piece == whole[from..to], "{preset} {range:?}: {} samples", piece.len());
                }
            }
        }
    }
}

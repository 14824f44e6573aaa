//! The frames of an MP3 with nothing between them, looked through and passed on in one reading.
//!
//! Most MP3s are such. Each piece is still in a core's own memory when it is hashed and written, where a walk and a copy
//! after it would fetch it twice. Of anything else – a tag in the middle, damage, a last frame cut short – a
//! [`walk`](super::walk::walk) tells what it is.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use ferrotape_domain::Cancel;

use crate::formats::sniff::Recognised;
use crate::mpeg::CopyProblem;
use crate::mpeg::frame_map::{COPIED_AT_A_TIME, FrameMap, Seen};

/// Gives the bytes of the header frame, if there is one, and of all frames of `source` in order, some at a time. `None`
/// when anything else turns up; some were given by then.
pub(crate) fn pass_frames(
    mut source: &File,
    what: &Recognised,
    cancel: &Cancel,
    mut take: impl FnMut(&[u8]) -> Result<(), CopyProblem>,
) -> Result<Option<FrameMap>, CopyProblem> {
    let mut seen = Seen::default();
    let mut buffer = vec![0; COPIED_AT_A_TIME];
    let (mut held, mut left) = (0, what.end.saturating_sub(what.start));
    source.seek(SeekFrom::Start(what.start)).map_err(CopyProblem::Source)?;
    while left > 0 {
        if cancel.is_stopped() {
            return Err(CopyProblem::Cancelled);
        }
        let most = left.min((COPIED_AT_A_TIME - held) as u64);
        let free = buffer.get_mut(held..held + most as usize).unwrap_or_default();
        source.read_exact(free).map_err(CopyProblem::Source)?;
        (held, left) = (held + most as usize, left - most);
        let Some(whole) = whole_frames(&mut seen, buffer.get(..held).unwrap_or_default()) else {
            return Ok(None);
        };
        take(buffer.get(..whole).unwrap_or_default())?;
        // The frame that lies across the end of this piece.
        buffer.copy_within(whole..held, 0);
        held -= whole;
    }
    if held > 0 || seen.frames() == 0 {
        return Ok(None);
    }
    let header = seen.header_bytes();
    seen.map(vec![(what.start + header, what.end)], Vec::new()).map(Some)
}

/// Bytes of the frames that lie in `bytes` as a whole; `None` where something else follows them.
fn whole_frames(seen: &mut Seen, bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    while let Some(start) = bytes.get(at..).and_then(|rest| rest.first_chunk()) {
        let header = seen.next(start)?;
        let Some(frame) = bytes.get(at..at + header.frame_len()) else { break };
        if !(seen.is_empty() && seen.is_header_frame(frame, &header)) {
            seen.add(&header, *start).ok()?;
        }
        at += frame.len();
    }
    (at > 0).then_some(at)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::formats::sniff::{Sniffed, sniff};
    use crate::mpeg::copy::{Copyable, plan_of};
    use crate::mpeg::walk::{Walked, walk};

    const FRAME: usize = 417;

    /// Frames of 128 kbit/s, too many for one piece, with other bytes instead of some in the middle.
    fn mp3(middle: &[u8], behind: &[u8]) -> File {
        let mut frame = vec![0x55; FRAME];
        frame[..4].copy_from_slice(&[0xff, 0xfb, 0x90, 0x00]);
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"ID3\x03\0\0\0\0\0\x0a0123456789").unwrap();
        for part in [&frame.repeat(700), middle, &frame.repeat(800), behind] {
            file.write_all(part).unwrap();
        }
        file
    }

    fn recognised(file: &mut File) -> Recognised {
        let len = file.metadata().unwrap().len();
        match sniff(file, len).unwrap() {
            Sniffed::Sound(what) => what,
            _ => panic!("no sound"),
        }
    }

    fn passed(mut file: File) -> Option<(Vec<u8>, FrameMap)> {
        let what = recognised(&mut file);
        let mut bytes = Vec::new();
        let map = pass_frames(&file, &what, &Cancel::default(), |piece| {
            bytes.extend_from_slice(piece);
            Ok(())
        });
        map.unwrap().map(|map| (bytes, map))
    }

    #[test]
    fn what_is_passed_on_is_what_a_walk_finds() {
        let (bytes, map) = passed(mp3(b"", b"")).expect("nothing but frames");
        let mut file = mp3(b"", b"");
        let what = recognised(&mut file);
        let Walked::Frames(walked) = walk(&mut file, &what, &Cancel::default()).unwrap() else {
            panic!("not walked")
        };
        assert_eq!(bytes.len(), 1500 * FRAME);
        assert_eq!(format!("{map:?}"), format!("{walked:?}"));
        let mut copied = Vec::new();
        let all = (0, walked.frames());
        walked
            .bytes_of(&file, all, &Cancel::default(), |piece| {
                copied.extend_from_slice(piece);
                Ok(())
            })
            .unwrap();
        assert!(bytes == copied, "the bytes differ");
    }

    /// A frame that tells how many follow it.
    fn header_frame(frames: u32) -> Vec<u8> {
        let mut frame = vec![0; FRAME];
        frame[..4].copy_from_slice(&[0xff, 0xfb, 0x90, 0x00]);
        let bytes = (frames + 1) * FRAME as u32;
        let said = [b"Info".as_slice(), &3_u32.to_be_bytes(), &frames.to_be_bytes(), &bytes.to_be_bytes()];
        frame[36..52].copy_from_slice(&said.concat());
        frame
    }

    #[test]
    fn a_header_frame_is_passed_on_and_found_out_where_it_lies() {
        for (told, as_it_is) in [(1500, true), (1400, false)] {
            let mut file = tempfile::tempfile().unwrap();
            let mut frame = vec![0x55; FRAME];
            frame[..4].copy_from_slice(&[0xff, 0xfb, 0x90, 0x00]);
            file.write_all(&[header_frame(told), frame.repeat(1500)].concat()).unwrap();
            let (bytes, map) = passed(file).expect("nothing but frames");
            assert_eq!(bytes.len(), 1501 * FRAME);
            assert_eq!((map.frames(), map.bytes), (1500, 1500 * FRAME as u64));
            let Copyable::Yes(plan) = plan_of(Walked::Frames(Box::new(map))) else { panic!("not copyable") };
            assert_eq!(plan.is_as_it_is(), as_it_is, "{told} frames told");
        }
    }

    #[test]
    fn anything_but_frames_is_left_to_a_walk() {
        let tag = [b"ID3\x03\0\0\0\0\0\x0a".as_slice(), b"0123456789"].concat();
        assert!(passed(mp3(&tag, b"")).is_none(), "a tag in the middle");
        assert!(passed(mp3(&[0x11; 900], b"")).is_none(), "damage");
        assert!(passed(mp3(b"", &[0xff, 0xfb, 0x90, 0x00, 1, 2, 3])).is_none(), "half a frame");
    }
}

//! The frames of an MP3 one after the other, and the zeros that stand between them. Whatever a file holds, it is read from
//! its beginning to its end once: thousands of gaps cost no more than none.

use std::io::{self, Read, Seek, SeekFrom};

use crate::formats::sniff::id3v2_len;
use crate::mpeg::frames::{FrameHeader, HEADER, LONGEST_FRAME, find_frames};

/// How much is searched at a time for the frame behind damage or a tag.
const SEARCH: usize = 64 << 10;

/// A whole frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) header: FrameHeader,
    /// Zeros between it and the frame before it.
    pub(super) zeros: u64,
}

/// A walk from one frame to the next.
pub(super) struct EachFrame<'f, R> {
    file: &'f mut R,
    /// What was read and not passed yet; it begins at `begins` of the file.
    ahead: Vec<u8>,
    begins: u64,
    at: u64,
    end: u64,
    /// What frames go on with.
    first: Option<FrameHeader>,
}

impl<'f, R: Read + Seek> EachFrame<'f, R> {
    /// The frames of `file` from `start` to `end`.
    pub(super) fn of(file: &'f mut R, (start, end): (u64, u64)) -> io::Result<Self> {
        file.seek(SeekFrom::Start(start))?;
        let ahead = Vec::with_capacity(2 * SEARCH);
        Ok(Self { file, ahead, begins: start, at: start, end, first: None })
    }

    /// The next one; `None` behind the last.
    pub(super) fn following(&mut self) -> io::Result<Option<Frame>> {
        let mut zeros = 0;
        while self.at + HEADER as u64 <= self.end {
            let here = FrameHeader::parse(self.look(HEADER)?);
            let header = here.filter(|header| {
                header.layer == 3
                    && header.frame_len() >= HEADER
                    && self.first.is_none_or(|first| first.same_stream(header))
            });
            let Some(header) = header else {
                zeros += self.pass_what_is_none()?;
                continue;
            };
            let len = header.frame_len() as u64;
            if self.at + len > self.end {
                break;
            }
            self.first.get_or_insert(header);
            self.at += len;
            return Ok(Some(Frame { header, zeros }));
        }
        Ok(None)
    }

    /// Goes on to where a frame may begin, and tells how many zeros were passed.
    fn pass_what_is_none(&mut self) -> io::Result<u64> {
        let there = self.look(SEARCH)?.len() as u64;
        let to_end = self.at + there >= self.end;
        let bytes = self.look(SEARCH)?;
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count() as u64;
        let passed = match id3v2_len(bytes) {
            _ if zeros > 0 => zeros,
            // What fills up a tag belongs to it.
            Some(tag) => tag,
            None => to_next_frame(bytes, to_end),
        };
        if zeros == 0 {
            // Behind anything else frames of another kind may go on.
            self.first = None;
        }
        self.at = self.at.saturating_add(passed).min(self.end);
        Ok(zeros)
    }

    /// The next `most` bytes, fewer before the end.
    fn look(&mut self, most: usize) -> io::Result<&[u8]> {
        let wanted = (self.end - self.at).min(most as u64);
        let read_to = self.begins + self.ahead.len() as u64;
        if self.at + wanted > read_to {
            if self.at < read_to {
                self.ahead.drain(..(self.at - self.begins) as usize);
            } else {
                self.ahead.clear();
                self.file.seek(SeekFrom::Start(self.at))?;
            }
            self.begins = self.at;
            // Twice of what may be looked at, so that each time much is read and little moved.
            let room = (2 * SEARCH).saturating_sub(self.ahead.len()) as u64;
            let more = room.min(self.end - self.begins - self.ahead.len() as u64);
            let came = self.file.by_ref().take(more).read_to_end(&mut self.ahead)? as u64;
            if came < more {
                // Somebody made it shorter meanwhile.
                self.end = self.begins + self.ahead.len() as u64;
            }
        }
        let here = self.ahead.get((self.at - self.begins) as usize..).unwrap_or_default();
        Ok(here.get(..most).unwrap_or(here))
    }
}

/// How far it is to where frames go on, at least one byte. `to_end`: no bytes follow.
fn to_next_frame(bytes: &[u8], to_end: bool) -> u64 {
    let found = find_frames(bytes.get(1..).unwrap_or_default(), 3, to_end);
    let passed = match found {
        Some((found, _)) => 1 + found,
        None if to_end => bytes.len(),
        // A run of three may begin near the end of what was read.
        None => bytes.len().saturating_sub(3 * LONGEST_FRAME),
    };
    passed.max(1) as u64
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::formats::sniff::{Container, Recognised};
    use crate::mpeg::holes::{Hole, MOST_ZEROS, holes};
    use crate::mpeg::length::counted;

    /// Counts what is read of it.
    struct Counting(Cursor<Vec<u8>>, u64);

    impl Read for Counting {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let came = self.0.read(buffer)?;
            self.1 += came as u64;
            Ok(came)
        }
    }

    impl Seek for Counting {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.0.seek(to)
        }
    }

    /// Three frames of two bit rates.
    fn three() -> Vec<u8> {
        frames([0x90, 0xa0, 0x90])
    }

    /// Frames with these bytes for their rates.
    fn frames(rates: [u8; 3]) -> Vec<u8> {
        let frame = |rate: u8| {
            let start = [0xff, 0xfb, rate, 0x00];
            let mut frame = vec![0x55; FrameHeader::parse(&start).unwrap().frame_len()];
            frame[..4].copy_from_slice(&start);
            frame
        };
        rates.map(frame).concat()
    }

    fn all(bytes: &[u8]) -> Recognised {
        Recognised {
            format: ferrotape_domain::AudioFormat::Mp3,
            start: 0,
            end: bytes.len() as u64,
            adts: false,
            mp4: None,
            large: None,
            container: Container::Own,
        }
    }

    #[test]
    fn thousands_of_gaps_are_read_once() {
        const GAPS: u64 = 3_000;
        // Where frames are looked for, and zeros where they go on behind them.
        for gap in [vec![0x11; 9], vec![0; 9], b"ID3\x03\0\0\0\0\0\x02ab".to_vec()] {
            let bytes = [three(), gap.clone()].concat().repeat(GAPS as usize);
            let what = all(&bytes);
            let size = bytes.len() as u64;
            let mut file = Counting(Cursor::new(bytes), 0);
            let length = counted(&mut file, &what).unwrap().unwrap();
            let samples = GAPS * 3 * 1152;
            assert_eq!(length.as_millis() as u64, samples * 1_000 / 44_100, "{gap:?}");
            // And a few looks at the beginning and in between.
            let looks = 256 << 10;
            assert!(file.1 <= size + looks, "{gap:?}: {} of {size}", file.1);
            file.1 = 0;
            assert!(holes(&mut file, &what).unwrap().is_empty(), "{gap:?}");
            assert!(file.1 <= size + looks, "{gap:?}: {} of {size}", file.1);
        }
    }

    #[test]
    fn a_stream_that_changes_thousands_of_times_is_read_once() {
        // 44.1 kHz, and 48 kHz.
        let bytes = [three(), frames([0x94, 0xa4, 0x94])].concat().repeat(1_000);
        let what = all(&bytes);
        let most = bytes.len() as u64 + (256 << 10);
        let mut file = Counting(Cursor::new(bytes), 0);
        assert!(counted(&mut file, &what).unwrap().is_some());
        assert!(file.1 <= most, "{} of {most}", file.1);
        file.1 = 0;
        assert!(holes(&mut file, &what).unwrap().is_empty());
        assert!(file.1 <= most, "{} of {most}", file.1);
    }

    #[test]
    fn many_holes_are_found_and_read_once() {
        let zeros = MOST_ZEROS as usize + 1;
        let bytes = [three(), vec![0; zeros]].concat().repeat(300);
        let what = all(&bytes);
        let size = bytes.len() as u64;
        let mut file = Counting(Cursor::new(bytes), 0);
        let found = holes(&mut file, &what).unwrap();
        let lost = zeros as u64 / (three().len() as u64 / 3);
        assert_eq!(found.len(), 299, "the last ones are no hole");
        assert_eq!(found[1], Hole { frames: 6, samples: lost * 1152 });
        assert!(file.1 <= size + (64 << 10), "{} of {size}", file.1);
    }

    #[test]
    fn a_file_that_is_shorter_than_it_was_ends_the_walk() {
        let bytes = three().repeat(2);
        let (half, end) = (bytes.len() / 2, bytes.len() as u64);
        let mut file = Cursor::new(bytes[..half + 2].to_vec());
        let mut walk = EachFrame::of(&mut file, (0, end)).unwrap();
        let mut frames = 0;
        while walk.following().unwrap().is_some() {
            frames += 1;
        }
        assert_eq!(frames, 3);
    }

    #[test]
    fn frames_are_found_behind_long_damage_and_longer_tags() {
        let tag = [b"ID3\x03\0\0\0\0\x08\0".as_slice(), &[0xff; 1024]].concat();
        let long = [b"ID3\x03\0\0\0\x10\0\0".as_slice(), &[0x20; 16 << 14]].concat();
        for between in [vec![0x11; 3 * SEARCH + 7], tag, long] {
            let bytes = [three(), between.clone(), three()].concat();
            let end = bytes.len() as u64;
            let mut file = Cursor::new(bytes);
            let mut walk = EachFrame::of(&mut file, (0, end)).unwrap();
            let mut frames = 0;
            while walk.following().unwrap().is_some() {
                frames += 1;
            }
            assert_eq!(frames, 6, "behind {} bytes", between.len());
        }
    }
}

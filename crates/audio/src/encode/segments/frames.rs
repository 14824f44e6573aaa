//! Frames with their own main data, kept until it is known which of them are wanted.

use crate::mpeg::frames::FrameHeader;
use crate::mpeg::reservoir::{Frame, Unpacker};
use crate::mpeg::side_info::{SideInfo, main_data_begin, shape};

/// Frames that follow each other.
#[derive(Default)]
pub(super) struct Frames {
    /// The number of the first in the whole stream.
    first: u64,
    frames: Vec<Kept>,
    /// The main data of all of them.
    main: Vec<u8>,
}

struct Kept {
    header: FrameHeader,
    head: Vec<u8>,
    main_from: usize,
    main_to: usize,
}

impl Frames {
    pub(super) fn starting_at(first: u64) -> Self {
        Self { first, ..Self::default() }
    }

    /// The number behind the last.
    pub(super) fn end(&self) -> u64 {
        self.first + self.frames.len() as u64
    }

    pub(super) fn get(&self, number: u64) -> Option<Frame<'_>> {
        let kept = self.frames.get(usize::try_from(number.checked_sub(self.first)?).ok()?)?;
        let main = self.main.get(kept.main_from..kept.main_to)?;
        Some(Frame { header: kept.header, head: &kept.head, main })
    }

    /// Takes the whole frames at the start of `bytes`, and leaves what there is of the next.
    pub(super) fn take(&mut self, bytes: &mut Vec<u8>, unpacker: &mut Unpacker) -> Result<(), String> {
        let mut at = 0;
        while let Some(rest) = bytes.get(at..).filter(|rest| rest.len() >= 4) {
            let len = FrameHeader::parse(rest).map_or(0, |header| header.frame_len());
            let Some(frame) = rest.get(..len).filter(|_| len > 0) else {
                if len == 0 {
                    return Err("the encoder's stream is not made of frames".to_owned());
                }
                break;
            };
            let frame =
                unpacker.take(frame).map_err(|_| "the encoder's frames do not belong together".to_owned())?;
            let main_from = self.main.len();
            self.main.extend_from_slice(frame.main);
            let main_to = self.main.len();
            self.frames.push(Kept { header: frame.header, head: frame.head.to_vec(), main_from, main_to });
            at += len;
        }
        bytes.drain(..at);
        Ok(())
    }
}

/// Whether `after` may follow `before`, which another encoder made: the window that each channel ends with must fit
/// the one it begins with, or their aliasing would not cancel.
pub(super) fn windows_fit(before: &Frame<'_>, after: &Frame<'_>) -> bool {
    let side = |frame: &Frame<'_>| SideInfo::parse(frame.head, &frame.header);
    let (Some(ends), Some(begins)) = (side(before), side(after)) else { return false };
    let (granules, channels) = shape(&before.header);
    let last = ends.granules().skip((granules - 1) * channels);
    // Block types: 1 begins long and ends short, 2 is short, 3 begins short and ends long.
    let fit = last
        .zip(begins.granules())
        .all(|(last, first)| matches!(last.block_type, 1 | 2) == matches!(first.block_type, 2 | 3));
    fit && before.header.mono == after.header.mono
}

/// How many bytes before `frame` its encoder let its main data begin.
pub(super) fn reach(frame: &Frame<'_>) -> usize {
    main_data_begin(frame.head, &frame.header).map_or(0, usize::from)
}

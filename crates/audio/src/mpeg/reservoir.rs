//! The bit reservoir as plain data: frames with their own main data, taken out of a stream and packed into one.
//!
//! A frame's main data may begin up to 511 bytes (MPEG-1; 255 in MPEG-2) before the frame itself, in what earlier
//! frames left free. So frames cannot be put behind each other as they are when they come from different streams.
//! [`Unpacker`] collects each frame's main data; [`Packer`] lays it out anew, as early as it may lie, which is a
//! leaky bucket: `fill' = min(limit, fill + slot − len)`. A frame that fitted into a bucket fits into every fuller
//! one. Only where the main data begins is changed, and the bit rate where the packer may raise
//! it; stuffing and ancillary data are not carried over. Rejected: emptying the reservoir at every seam, which
//! encoders can do and which costs the best frames of a constant rate; and
//! keeping far data from long frames (main data and frame within 1440 bytes), which LAME's own streams do not.

use std::collections::VecDeque;

use crate::mpeg::frames::{FrameHeader, with_kbps};
use crate::mpeg::side_info::{SideInfo, farthest_begin, renew_crc, set_main_data_begin, side_extent};

/// Header, CRC and side information of the longest kind.
const LONGEST_HEAD: usize = 38;

/// One frame with its own main data.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame<'a> {
    pub(crate) header: FrameHeader,
    /// Header, CRC and side information.
    pub(crate) head: &'a [u8],
    /// The main data without stuffing.
    pub(crate) main: &'a [u8],
}

/// Why a frame's main data cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoMainData {
    /// It begins so many bytes before the stream does; the frame cannot be decoded.
    Missing(usize),
    /// These bytes are no whole layer III frame, or its main data would end behind it.
    Damaged,
}

/// Collects the main data of the frames of one stream.
#[derive(Debug, Default)]
pub(crate) struct Unpacker {
    /// The main data areas of the last frames.
    area: Vec<u8>,
}

impl Unpacker {
    /// Takes the next frame of the stream (not its header frame) and gives it with its main data.
    ///
    /// After an error the next frame may be asked for all the same.
    pub(crate) fn take<'a>(&'a mut self, frame: &'a [u8]) -> Result<Frame<'a>, NoMainData> {
        let header = FrameHeader::parse(frame).ok_or(NoMainData::Damaged)?;
        let side = SideInfo::parse(frame, &header).ok_or(NoMainData::Damaged)?;
        let (_, side_end) = side_extent(&header);
        let (head, own) = frame.split_at_checked(side_end).ok_or(NoMainData::Damaged)?;
        let farthest = usize::from(farthest_begin(&header));
        self.area.drain(..self.area.len().saturating_sub(farthest));
        let before = self.area.len();
        self.area.extend_from_slice(own);
        let back = usize::from(side.main_data_begin);
        let begin = before.checked_sub(back).ok_or_else(|| NoMainData::Missing(back - before))?;
        let main = self.area.get(begin..begin + side.main_bytes()).ok_or(NoMainData::Damaged)?;
        Ok(Frame { header, head, main })
    }
}

/// How long the frames that come out are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BitRate {
    /// As they came: bit rate and padding of each are kept.
    AsGiven,
    /// The bit rate of a frame that does not fit is raised, up to this many kbit/s.
    RaisedTo(u32),
}

/// A frame's main data does not fit into its frame and what is free before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DoesNotFit {
    /// Bytes that are too many.
    pub(crate) over: usize,
}

/// Packs frames into one stream.
#[derive(Debug, Clone)]
pub(crate) struct Packer {
    rate: BitRate,
    /// Frames whose main data area is not full yet: the bytes before it, how many they are, and the area's length.
    waiting: VecDeque<([u8; LONGEST_HEAD], usize, usize)>,
    /// What stands in the areas of `waiting` so far.
    area: Vec<u8>,
    /// Bytes of the areas of `waiting` that are still free.
    fill: usize,
}

impl Packer {
    /// A packer of an empty stream.
    pub(crate) fn new(rate: BitRate) -> Self {
        Self { rate, waiting: VecDeque::new(), area: Vec::new(), fill: 0 }
    }

    /// Bytes free before the next frame.
    pub(crate) fn fill(&self) -> usize {
        self.fill
    }

    /// Packs `frame`; frames that are finished by it are appended to `out`. When it does not fit, nothing changes.
    pub(crate) fn push(&mut self, frame: &Frame<'_>, out: &mut Vec<u8>) -> Result<(), DoesNotFit> {
        let (header, index) = self.place(frame)?;
        let (reach, slot) = self.room(&header);
        let mut head = [0; LONGEST_HEAD];
        let len = frame.head.len().min(LONGEST_HEAD);
        for (to, from) in head.iter_mut().zip(frame.head) {
            *to = *from;
        }
        head[2] = head[2] & 0x0f | index << 4;
        set_main_data_begin(&mut head, &header, reach as u16);
        renew_crc(&mut head, &header);
        self.stuff(self.fill - reach);
        self.area.extend_from_slice(frame.main);
        self.waiting.push_back((head, len, slot));
        self.fill = reach + slot - frame.main.len();
        // No frame to come could reach what lies farther back.
        self.stuff(self.fill.saturating_sub(usize::from(farthest_begin(&header))));
        self.give(out);
        Ok(())
    }

    /// Fills what is still free with zeros and appends the last frames to `out`.
    pub(crate) fn finish(&mut self, out: &mut Vec<u8>) {
        self.stuff(self.fill);
        self.give(out);
    }

    /// The header `frame` gets, and its bit rate's index.
    fn place(&self, frame: &Frame<'_>) -> Result<(FrameHeader, u8), DoesNotFit> {
        let over = |header: &FrameHeader| {
            let (reach, slot) = self.room(header);
            frame.main.len().saturating_sub(reach + slot)
        };
        let given = frame.head.get(2).copied().unwrap_or_default() >> 4;
        let least = over(&frame.header);
        if least == 0 {
            return Ok((frame.header, given));
        }
        let BitRate::RaisedTo(most) = self.rate else { return Err(DoesNotFit { over: least }) };
        (given + 1..15)
            .filter_map(|index| Some((with_kbps(&frame.header, index)?, index)))
            .find(|(header, _)| header.kbps <= most && over(header) == 0)
            .ok_or(DoesNotFit { over: least })
    }

    /// How far back main data of a frame may begin now, and how much its own area holds.
    fn room(&self, header: &FrameHeader) -> (usize, usize) {
        let (_, side_end) = side_extent(header);
        let limit = usize::from(farthest_begin(header));
        (self.fill.min(limit), header.frame_len().saturating_sub(side_end))
    }

    fn stuff(&mut self, bytes: usize) {
        self.area.resize(self.area.len() + bytes, 0);
        self.fill -= bytes.min(self.fill);
    }

    /// Appends to `out` the frames whose area is full.
    fn give(&mut self, out: &mut Vec<u8>) {
        let mut given = 0;
        while let Some((head, len, slot)) = self.waiting.front() {
            let Some(own) = self.area.get(given..given + slot) else { break };
            out.extend(head.iter().take(*len));
            out.extend_from_slice(own);
            given += slot;
            self.waiting.pop_front();
        }
        self.area.drain(..given);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Preset;
    use crate::encode::frames_of;
    use crate::mpeg::side_info::{carried_crc, frame_crc, main_data_begin};

    /// Two seconds of sound that gets louder, from LAME, without the header frame.
    fn lame_stream(preset: Preset, channels: usize, pitch: f32) -> Vec<u8> {
        let mut noise = 1u32;
        let plane: Vec<f32> = (0..88_200)
            .map(|at| {
                noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let hiss = (noise >> 8) as f32 / 16_777_216.0 - 0.5;
                let beat = if at % 11_025 < 2000 { 0.4 } else { 0.02 };
                (at as f32 * pitch).sin() * 0.3 + hiss * beat
            })
            .collect();
        frames_of(preset, 44_100, &vec![plane; channels])
    }

    fn frames(stream: &[u8]) -> Vec<&[u8]> {
        let (mut at, mut found) = (0, Vec::new());
        while let Some(header) = stream.get(at..).and_then(FrameHeader::parse) {
            found.push(&stream[at..at + header.frame_len()]);
            at += header.frame_len();
        }
        assert_eq!(at, stream.len());
        found
    }

    /// Header with what must not change, and main data, of every frame.
    fn unpacked(stream: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
        let mut unpacker = Unpacker::default();
        let take = |frame: &&[u8]| {
            let Frame { header, head, main } = unpacker.take(frame).unwrap();
            let mut head = head.to_vec();
            assert_eq!(carried_crc(&head, &header), frame_crc(&head, &header));
            set_main_data_begin(&mut head, &header, 0);
            (head, main.to_vec())
        };
        frames(stream).iter().map(take).collect()
    }

    #[test]
    fn what_lame_packed_is_packed_again_with_the_same_main_data() {
        for (preset, channels) in [(Preset::Cbr(128), 2), (Preset::Cbr(320), 2), (Preset::V2, 1)] {
            let stream = lame_stream(preset, channels, 0.05);
            let (mut unpacker, mut packer) = (Unpacker::default(), Packer::new(BitRate::AsGiven));
            let mut out = Vec::new();
            for frame in frames(&stream) {
                let frame = unpacker.take(frame).unwrap();
                packer.push(&frame, &mut out).unwrap();
                assert!(packer.fill() <= 511);
            }
            packer.finish(&mut out);
            assert_eq!(out.len(), stream.len());
            assert!(unpacked(&out) == unpacked(&stream), "{preset} {channels}");
        }
    }

    /// The second stream is entered in its middle, where its own reservoir was fuller than the first one's end.
    #[test]
    fn streams_are_stitched_in_their_middle() {
        for (preset, rate) in
            [(Preset::Cbr(128), BitRate::RaisedTo(320)), (Preset::V2, BitRate::RaisedTo(320))]
        {
            let (one, two) = (lame_stream(preset, 2, 0.05), lame_stream(preset, 2, 0.031));
            let mut packer = Packer::new(rate);
            let mut out = Vec::new();
            let mut pack = |stream: &[u8], from: usize, to: usize| {
                let mut unpacker = Unpacker::default();
                for (at, frame) in frames(stream).into_iter().enumerate().take(to) {
                    let frame = unpacker.take(frame).unwrap();
                    if at >= from {
                        packer.push(&frame, &mut out).unwrap();
                    }
                }
            };
            pack(&one, 0, 31);
            pack(&two, 17, 60);
            packer.finish(&mut out);
            let main = |frames: &[(Vec<u8>, Vec<u8>)]| -> Vec<Vec<u8>> {
                frames.iter().map(|(_, main)| main.clone()).collect()
            };
            let wanted = [main(&unpacked(&one)[..31]), main(&unpacked(&two)[17..60])].concat();
            assert!(main(&unpacked(&out)) == wanted, "{preset}");
        }
    }

    /// A frame of MPEG-2, mono, 22,050 Hz, 64 kbit/s: 208 bytes, 195 of them for main data.
    const SMALL: [u8; 13] = [0xff, 0xf3, 0x80, 0xc4, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    fn small(main: &[u8]) -> Frame<'_> {
        Frame { header: FrameHeader::parse(&SMALL).unwrap(), head: &SMALL, main }
    }

    #[test]
    fn the_bucket_fills_leaks_and_says_what_does_not_fit() {
        let (mut packer, mut out) = (Packer::new(BitRate::AsGiven), Vec::new());
        packer.push(&small(&[1; 100]), &mut out).unwrap();
        assert_eq!((packer.fill(), out.len()), (95, 0));
        packer.push(&small(&[2; 5]), &mut out).unwrap();
        assert_eq!((packer.fill(), out.len()), (255, 0), "no more than MPEG-2 can reach back");
        assert!(packer.place(&small(&[3; 451])).is_err());
        assert_eq!(packer.push(&small(&[3; 451]), &mut out), Err(DoesNotFit { over: 1 }));
        packer.push(&small(&[3; 450]), &mut out).unwrap();
        assert_eq!((packer.fill(), out.len()), (0, 3 * 208));
        assert_eq!(main_data_begin(&out[2 * 208..], &small(&[]).header), Some(255));
        packer.finish(&mut out);
        assert_eq!(out.len(), 3 * 208);
    }

    #[test]
    fn a_bit_rate_is_raised_only_where_needed_and_not_too_far() {
        let (mut packer, mut out) = (Packer::new(BitRate::RaisedTo(80)), Vec::new());
        packer.push(&small(&[1; 195]), &mut out).unwrap();
        assert_eq!(out.len(), 208);
        packer.push(&small(&[1; 196]), &mut out).unwrap();
        packer.finish(&mut out);
        assert_eq!(out.len(), 208 + 261, "80 kbit/s");
        assert!(packer.place(&small(&[1; 300])).is_err(), "96 kbit/s would be needed");
    }

    #[test]
    fn a_stream_entered_in_its_middle_says_what_is_missing() {
        let stream = lame_stream(Preset::Cbr(128), 2, 0.05);
        let frames = frames(&stream);
        let begin = |frame: &[u8]| main_data_begin(frame, &FrameHeader::parse(frame).unwrap()).unwrap();
        let at = frames.iter().position(|frame| begin(frame) > 0).unwrap();
        let mut unpacker = Unpacker::default();
        let missing = unpacker.take(frames[at]).map(|_| ());
        assert_eq!(missing, Err(NoMainData::Missing(usize::from(begin(frames[at])))));
        assert!(frames[at + 1..at + 4].iter().any(|frame| unpacker.take(frame).is_ok()));
        assert_eq!(unpacker.take(&frames[at][..20]).map(|_| ()), Err(NoMainData::Damaged));
        assert_eq!(unpacker.take(b"no frame").map(|_| ()), Err(NoMainData::Damaged));
    }
}

//! Layer III side information: what each frame says about its own main data, read and changed in place.
//!
//! It stands between the header (and its CRC) and the main data: 32 bytes in MPEG-1 stereo, 17 in MPEG-1 mono and
//! MPEG-2 stereo, 9 in MPEG-2 mono; MPEG-2.5 is laid out as MPEG-2. Two numbers in it are ever changed here, bit
//! for bit: where the main data begins (cutting and stitching) and the global gains (an exact change of volume).
//! A frame protected by a CRC gets a new one then. Rejected: rebuilding side information from its fields, which
//! would have to prove for each of fifty fields what patching leaves alone.
//!
//! Everywhere here a frame is a slice that begins with its four header bytes.

use crate::mpeg::frames::{FrameHeader, HEADER, Version};

/// Bits of one granule of one channel: MPEG-1, and MPEG-2 with its wider scale factor field.
const GRANULE_BITS_1: usize = 59;
const GRANULE_BITS_2: usize = 63;
/// Where in a granule its global gain stands, behind `part2_3_length` and `big_values`.
const GAIN_AT: usize = 21;

/// The side information of one frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SideInfo {
    /// How many bytes before this frame's own main data area its main data begins.
    pub(crate) main_data_begin: u16,
    /// The private bits: five or three in MPEG-1, one or two in MPEG-2.
    pub(crate) private_bits: u8,
    /// Which of the second granule's scale factors are the first's, four bits a channel; MPEG-1 only.
    pub(crate) scfsi: [u8; 2],
    granules: [[Granule; 2]; 2],
    granule_count: usize,
    channel_count: usize,
}

/// One granule of one channel, 576 samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Granule {
    /// Bits of scale factors and Huffman codes.
    pub(crate) part2_3_length: u16,
    /// Pairs of frequency lines in the big value regions; more than 288 is damage.
    pub(crate) big_values: u16,
    /// The step size: one more is 1.5 dB louder.
    pub(crate) global_gain: u8,
    /// Widths of the scale factors: four bits in MPEG-1, nine in MPEG-2.
    pub(crate) scalefac_compress: u16,
    /// Whether the window is not the normal long one.
    pub(crate) window_switching: bool,
    /// 0 normal, 1 start, 2 short, 3 stop.
    pub(crate) block_type: u8,
    pub(crate) mixed_block: bool,
    /// The third stands only without window switching.
    pub(crate) table_select: [u8; 3],
    pub(crate) subblock_gain: [u8; 3],
    pub(crate) region0_count: u8,
    pub(crate) region1_count: u8,
    /// MPEG-1 only.
    pub(crate) preflag: bool,
    pub(crate) scalefac_scale: bool,
    pub(crate) count1table_select: bool,
    /// Where in the side information the eight bits of the global gain begin.
    pub(crate) gain_at_bit: u16,
}

/// Where in a frame the side information begins, and where it ends and the frame's main data area begins.
pub(crate) fn side_extent(header: &FrameHeader) -> (usize, usize) {
    let begin = HEADER + if header.with_crc { 2 } else { 0 };
    (begin, begin + header.side_bytes())
}

/// Granules in a frame, and channels in a granule.
pub(crate) fn shape(header: &FrameHeader) -> (usize, usize) {
    (if header.version == Version::One { 2 } else { 1 }, if header.mono { 1 } else { 2 })
}

impl SideInfo {
    /// Reads the side information of `frame`; `None` where the frame is too short, or of another layer.
    pub(crate) fn parse(frame: &[u8], header: &FrameHeader) -> Option<Self> {
        let mut bits = Bits { bytes: side_of(frame, header)?, at: 0 };
        let (granule_count, channel_count) = shape(header);
        let one = header.version == Version::One;
        let main_data_begin = bits.take(begin_bits(header));
        let private_bits = bits.take(private_bits(header)) as u8;
        let mut scfsi = [0; 2];
        if one {
            scfsi.iter_mut().take(channel_count).for_each(|channel| *channel = bits.take(4) as u8);
        }
        let mut granules = [[Granule::default(); 2]; 2];
        for granule in granules.iter_mut().take(granule_count) {
            for channel in granule.iter_mut().take(channel_count) {
                *channel = Granule::read(&mut bits, one);
            }
        }
        Some(Self { main_data_begin, private_bits, scfsi, granules, granule_count, channel_count })
    }

    /// All granules in the order of their main data.
    pub(crate) fn granules(&self) -> impl Iterator<Item = &Granule> {
        let channels = self.channel_count;
        self.granules.iter().take(self.granule_count).flat_map(move |granule| granule.iter().take(channels))
    }

    /// Bits of main data, without stuffing.
    pub(crate) fn main_bits(&self) -> usize {
        self.granules().map(|granule| usize::from(granule.part2_3_length)).sum()
    }

    /// Bytes of main data; what is left of the last is stuffing.
    pub(crate) fn main_bytes(&self) -> usize {
        self.main_bits().div_ceil(8)
    }
}

impl Granule {
    fn read(bits: &mut Bits<'_>, one: bool) -> Self {
        let part2_3_length = bits.take(12);
        let big_values = bits.take(9);
        let gain_at_bit = bits.at as u16;
        let global_gain = bits.take(8) as u8;
        let scalefac_compress = bits.take(if one { 4 } else { 9 });
        let mut this = Self {
            part2_3_length,
            big_values,
            global_gain,
            scalefac_compress,
            window_switching: bits.flag(),
            gain_at_bit,
            ..Self::default()
        };
        if this.window_switching {
            this.block_type = bits.take(2) as u8;
            this.mixed_block = bits.flag();
            this.table_select = [bits.take(5) as u8, bits.take(5) as u8, 0];
            this.subblock_gain = [bits.take(3) as u8, bits.take(3) as u8, bits.take(3) as u8];
        } else {
            this.table_select = [bits.take(5) as u8, bits.take(5) as u8, bits.take(5) as u8];
            this.region0_count = bits.take(4) as u8;
            this.region1_count = bits.take(3) as u8;
        }
        this.preflag = one && bits.flag();
        this.scalefac_scale = bits.flag();
        this.count1table_select = bits.flag();
        this
    }
}

/// Where the main data begins, in bytes before the frame's own main data area.
pub(crate) fn main_data_begin(frame: &[u8], header: &FrameHeader) -> Option<u16> {
    Some(Bits { bytes: side_of(frame, header)?, at: 0 }.take(begin_bits(header)))
}

/// The farthest back main data can begin: 511 bytes in MPEG-1, 255 in MPEG-2.
pub(crate) fn farthest_begin(header: &FrameHeader) -> u16 {
    (1 << begin_bits(header)) - 1
}

/// Says where the main data begins; `false` and nothing changed where that cannot be said. The CRC is not renewed.
pub(crate) fn set_main_data_begin(frame: &mut [u8], header: &FrameHeader, begin: u16) -> bool {
    let width = begin_bits(header);
    match side_of_mut(frame, header) {
        Some(side) if begin <= farthest_begin(header) => {
            put_bits(side, 0, width, begin);
            true
        }
        _ => false,
    }
}

/// Changes the global gain of one granule of one channel; `false` where the frame has no such. The CRC is not renewed.
pub(crate) fn set_global_gain(
    frame: &mut [u8],
    header: &FrameHeader,
    granule: usize,
    channel: usize,
    gain: u8,
) -> bool {
    match (gain_at_bit(header, granule, channel), side_of_mut(frame, header)) {
        (Some(at), Some(side)) => {
            put_bits(side, at, 8, u16::from(gain));
            true
        }
        _ => false,
    }
}

/// The CRC-16 that a protected frame must carry; `None` for an unprotected one, or one cut short.
///
/// It covers the last two bytes of the header and the side information.
pub(crate) fn frame_crc(frame: &[u8], header: &FrameHeader) -> Option<u16> {
    header.with_crc.then_some(())?;
    // The polynomial 0x8005 from 0xffff, highest bit first, is catalogued as CMS.
    let crc = crc::Crc::<u16>::new(&crc::CRC_16_CMS);
    let mut digest = crc.digest();
    digest.update(frame.get(2..HEADER)?);
    digest.update(side_of(frame, header)?);
    Some(digest.finalize())
}

/// The CRC-16 a protected frame carries.
pub(crate) fn carried_crc(frame: &[u8], header: &FrameHeader) -> Option<u16> {
    header.with_crc.then_some(())?;
    Some(u16::from_be_bytes(frame.get(HEADER..HEADER + 2)?.try_into().ok()?))
}

/// Writes the right CRC into a protected frame; an unprotected one stays as it is.
pub(crate) fn renew_crc(frame: &mut [u8], header: &FrameHeader) {
    if let Some(crc) = frame_crc(frame, header)
        && let Some(place) = frame.get_mut(HEADER..HEADER + 2)
    {
        place.copy_from_slice(&crc.to_be_bytes());
    }
}

fn side_of<'a>(frame: &'a [u8], header: &FrameHeader) -> Option<&'a [u8]> {
    let (begin, end) = side_extent(header);
    (header.layer == 3).then_some(())?;
    frame.get(begin..end)
}

fn side_of_mut<'a>(frame: &'a mut [u8], header: &FrameHeader) -> Option<&'a mut [u8]> {
    let (begin, end) = side_extent(header);
    (header.layer == 3).then_some(())?;
    frame.get_mut(begin..end)
}

fn begin_bits(header: &FrameHeader) -> usize {
    if header.version == Version::One { 9 } else { 8 }
}

fn private_bits(header: &FrameHeader) -> usize {
    match (header.version, header.mono) {
        (Version::One, true) => 5,
        (Version::One, false) => 3,
        (_, true) => 1,
        (_, false) => 2,
    }
}

fn gain_at_bit(header: &FrameHeader, granule: usize, channel: usize) -> Option<usize> {
    let (granules, channels) = shape(header);
    (granule < granules && channel < channels).then_some(())?;
    let (scfsi, width) =
        if header.version == Version::One { (4 * channels, GRANULE_BITS_1) } else { (0, GRANULE_BITS_2) };
    let before = begin_bits(header) + private_bits(header) + scfsi;
    Some(before + (granule * channels + channel) * width + GAIN_AT)
}

/// Reads bits, highest first; behind the end there are zeros.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    /// The next `width` bits, at most 16.
    fn take(&mut self, width: usize) -> u16 {
        let byte = |at: usize| u32::from(self.bytes.get(at).copied().unwrap_or_default());
        let first = self.at / 8;
        let word = byte(first) << 16 | byte(first + 1) << 8 | byte(first + 2);
        let value = word << (8 + self.at % 8) >> (32 - width);
        self.at += width;
        value as u16
    }

    fn flag(&mut self) -> bool {
        self.take(1) == 1
    }
}

/// Writes the lowest `width` bits of `value` at bit `at` of `bytes`, and touches no other.
fn put_bits(bytes: &mut [u8], at: usize, width: usize, value: u16) {
    for bit in 0..width {
        let (place, mask) = ((at + bit) / 8, 0x80 >> ((at + bit) % 8));
        if let Some(byte) = bytes.get_mut(place) {
            if value >> (width - 1 - bit) & 1 == 1 { *byte |= mask } else { *byte &= !mask }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Preset;
    use crate::encode::frames_of;

    /// Frames made by LAME, without the header frame.
    fn lame_frames(channels: usize) -> Vec<u8> {
        let plane: Vec<f32> =
            (0..44_100).map(|at| (at as f32 * 0.05).sin() * (at as f32 / 44_100.0) * 0.7).collect();
        frames_of(Preset::Cbr(128), 44_100, &vec![plane; channels])
    }

    fn each_frame(stream: &[u8], mut look: impl FnMut(&[u8], &FrameHeader)) -> usize {
        let (mut at, mut count) = (0, 0);
        while let Some(header) = stream.get(at..).and_then(FrameHeader::parse) {
            look(&stream[at..at + header.frame_len()], &header);
            at += header.frame_len();
            count += 1;
        }
        assert_eq!(at, stream.len());
        count
    }

    /// In a sound stream all main data lies end to end, so lengths and beginnings must agree to the byte.
    #[test]
    fn the_main_data_of_lames_frames_follow_each_other() {
        for channels in [1, 2] {
            let (mut behind, mut area_at, mut loud) = (0isize, 0isize, 0);
            let count = each_frame(&lame_frames(channels), |frame, header| {
                let side = SideInfo::parse(frame, header).unwrap();
                let begin = area_at - isize::try_from(side.main_data_begin).unwrap();
                assert!(begin >= behind, "main data begins {} bytes inside that before it", behind - begin);
                assert!(begin - behind < 400, "stuffing of {}", begin - behind);
                behind = begin + isize::try_from(side.main_bytes()).unwrap();
                let (_, side_end) = side_extent(header);
                area_at += isize::try_from(frame.len() - side_end).unwrap();
                assert!(behind <= area_at, "main data ends {} bytes behind the frame", behind - area_at);
                assert_eq!(side.granules().count(), 2 * channels);
                assert!(side.granules().all(|granule| granule.big_values <= 288));
                loud += side.granules().filter(|granule| granule.global_gain > 100).count();
            });
            assert!(count > 35 && loud > 40, "{count} frames, {loud} granules with a gain");
        }
    }

    #[test]
    fn gains_are_where_the_parser_finds_them_and_change_alone() {
        for start in [
            [0xff, 0xfb, 0x90, 0x64],
            [0xff, 0xfb, 0x90, 0xc4],
            [0xff, 0xf3, 0x90, 0x64],
            [0xff, 0xe2, 0x90, 0xc4],
        ] {
            let header = FrameHeader::parse(&start).unwrap();
            let mut frame = start.to_vec();
            frame.extend((0..header.frame_len() - 4).map(|at| (at * 37 + 11) as u8));
            let before = SideInfo::parse(&frame, &header).unwrap();
            let (granules, channels) = shape(&header);
            for (granule, channel) in (0..granules).flat_map(|g| (0..channels).map(move |c| (g, c))) {
                let mut changed = frame.clone();
                let parsed = before.granules[granule][channel];
                let gain = parsed.global_gain;
                assert_eq!(gain_at_bit(&header, granule, channel), Some(usize::from(parsed.gain_at_bit)));
                assert!(set_global_gain(&mut changed, &header, granule, channel, !gain));
                let mut wanted = before;
                wanted.granules[granule][channel].global_gain = !gain;
                assert_eq!(SideInfo::parse(&changed, &header), Some(wanted));
                assert!(set_global_gain(&mut changed, &header, granule, channel, gain));
                assert_eq!(changed, frame);
            }
            assert!(!set_global_gain(&mut frame, &header, granules, 0, 1));
            assert!(!set_global_gain(&mut frame, &header, 0, channels, 1));
        }
    }

    #[test]
    fn where_main_data_begins_is_changed_alone_and_only_within_reach() {
        for (start, most) in [([0xff, 0xfb, 0x90, 0x64], 511), ([0xff, 0xf3, 0x90, 0x64], 255)] {
            let header = FrameHeader::parse(&start).unwrap();
            let mut frame = start.to_vec();
            frame.resize(header.frame_len(), 0xa5);
            let before = SideInfo::parse(&frame, &header).unwrap();
            for begin in [0, 1, 77, most] {
                assert!(set_main_data_begin(&mut frame, &header, begin));
                assert_eq!(main_data_begin(&frame, &header), Some(begin));
                let wanted = SideInfo { main_data_begin: begin, ..before };
                assert_eq!(SideInfo::parse(&frame, &header), Some(wanted));
            }
            let unchanged = frame.clone();
            assert!(!set_main_data_begin(&mut frame, &header, most + 1));
            assert_eq!(frame, unchanged);
        }
    }

    #[test]
    fn fields_stand_where_the_standard_has_them() {
        // MPEG-1, mono: 9 bits begin, 5 private, 4 scfsi, then the granule.
        let header = FrameHeader::parse(&[0xff, 0xfb, 0x90, 0xc4]).unwrap();
        let mut frame = vec![0; header.frame_len()];
        for (at, width, value) in [
            (0, 9, 300),
            (9, 5, 21),
            (14, 4, 9),
            (18, 12, 4000),
            (30, 9, 288),
            (39, 8, 210),
            (47, 4, 13),
            (51, 1, 1),
            (52, 2, 2),
            (54, 1, 1),
            (55, 5, 31),
            (60, 5, 7),
            (65, 3, 1),
            (68, 3, 5),
            (71, 3, 7),
            (74, 1, 1),
            (75, 1, 0),
            (76, 1, 1),
            (77, 12, 95),
        ] {
            put_bits(&mut frame[4..], at, width, value);
        }
        let side = SideInfo::parse(&frame, &header).unwrap();
        assert_eq!((side.main_data_begin, side.private_bits, side.scfsi), (300, 21, [9, 0]));
        let wanted = Granule {
            part2_3_length: 4000,
            big_values: 288,
            global_gain: 210,
            scalefac_compress: 13,
            window_switching: true,
            block_type: 2,
            mixed_block: true,
            table_select: [31, 7, 0],
            subblock_gain: [1, 5, 7],
            preflag: true,
            scalefac_scale: false,
            count1table_select: true,
            gain_at_bit: 39,
            ..Granule::default()
        };
        assert_eq!(side.granules[0][0], wanted);
        assert_eq!((side.main_bits(), side.main_bytes()), (4095, 512));
    }

    /// The head of a frame that `lame -p` wrote (64 kbit/s, mono, a sine).
    #[test]
    fn the_crc_is_lames() {
        let header = FrameHeader::parse(&[0xff, 0xfa, 0x50, 0xc4]).unwrap();
        assert_eq!(side_extent(&header), (6, 23));
        let mut frame = vec![
            0xff, 0xfa, 0x50, 0xc4, 0x53, 0x6c, 0x00, 0x00, 0x0a, 0x2c, 0x43, 0x2e, 0x55, 0x94, 0x80, 0x01,
            0x77, 0x95, 0xa6, 0xa7, 0x3a, 0xd0, 0x00,
        ];
        frame.resize(header.frame_len(), 0);
        let right = Some(0x536c);
        assert_eq!((carried_crc(&frame, &header), frame_crc(&frame, &header)), (right, right));
        frame[4] = 0;
        renew_crc(&mut frame, &header);
        assert_eq!(carried_crc(&frame, &header), right);
        let mut other = frame.clone();
        other[22] ^= 1;
        assert_ne!(frame_crc(&other, &header), right, "the last byte of side information counts");
        other = frame.clone();
        other[23] ^= 1;
        assert_eq!(frame_crc(&other, &header), right, "main data does not count");
        let unprotected = FrameHeader::parse(&[0xff, 0xfb, 0x50, 0xc4]).unwrap();
        assert_eq!(frame_crc(&frame, &unprotected), None);
    }

    #[test]
    fn cut_frames_and_other_layers_have_no_side_information() {
        let header = FrameHeader::parse(&[0xff, 0xfb, 0x90, 0x64]).unwrap();
        let mut short = vec![0; 35];
        assert_eq!(SideInfo::parse(&short, &header), None);
        assert!(!set_main_data_begin(&mut short, &header, 0));
        assert!(SideInfo::parse(&[0; 36], &header).is_some());
        let layer_2 = FrameHeader::parse(&[0xff, 0xfd, 0x90, 0x64]).unwrap();
        assert_eq!(SideInfo::parse(&[0; 400], &layer_2), None);
    }
}

//! MPEG audio frames seen from outside: headers, lengths, and the Xing/LAME header frame.
//!
//! Used to recognise MP3s, to know delay and padding before decoding, and to copy frames without touching them.
//! Nothing here decodes sound.

/// Bytes of a frame header.
pub(crate) const HEADER: usize = 4;

/// The longest layer III frame there is: 320 kbit/s at 32 kHz, and MPEG-2 at 160 kbit/s and 8 kHz, with padding.
pub(crate) const LONGEST_FRAME: usize = 2881;

/// Samples a decoder puts before the encoder's delay (the synthesis filter bank's 528, and one).
pub(crate) const DECODER_DELAY: u64 = 529;

/// Which MPEG.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    /// MPEG-1: 32, 44.1, 48 kHz.
    One,
    /// MPEG-2: 16, 22.05, 24 kHz.
    Two,
    /// MPEG-2.5: 8, 11.025, 12 kHz.
    TwoAndHalf,
}

/// A frame header, decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FrameHeader {
    pub(crate) version: Version,
    /// 1, 2 or 3.
    pub(crate) layer: u8,
    /// 0 for free format.
    pub(crate) kbps: u32,
    pub(crate) sample_rate: u32,
    pub(crate) mono: bool,
    pub(crate) padded: bool,
    pub(crate) with_crc: bool,
}

impl FrameHeader {
    /// Reads the four bytes at the start of `bytes`; `None` when they are no frame header.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let word = u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?);
        if word >> 21 != 0x7ff {
            return None;
        }
        let version = match word >> 19 & 3 {
            0 => Version::TwoAndHalf,
            2 => Version::Two,
            3 => Version::One,
            _ => return None,
        };
        let layer = match word >> 17 & 3 {
            1 => 3,
            2 => 2,
            3 => 1,
            _ => return None,
        };
        let kbps = kbps_of(version, layer, (word >> 12 & 15) as usize)?;
        let base: u32 = *[44_100, 48_000, 32_000].get((word >> 10 & 3) as usize)?;
        let sample_rate = match version {
            Version::One => base,
            Version::Two => base / 2,
            Version::TwoAndHalf => base / 4,
        };
        if word & 3 == 2 {
            return None; // reserved emphasis
        }
        Some(Self {
            version,
            layer,
            kbps,
            sample_rate,
            mono: word >> 6 & 3 == 3,
            padded: word >> 9 & 1 == 1,
            with_crc: word >> 16 & 1 == 0,
        })
    }

    /// Length of the whole frame in bytes; 0 for free format.
    pub(crate) fn frame_len(&self) -> usize {
        let (bits, rate, padding) = (self.kbps * 1000, self.sample_rate, u32::from(self.padded));
        let len = match self.layer {
            1 => (12 * bits / rate + padding) * 4,
            3 if self.version != Version::One => 72 * bits / rate + padding,
            _ => 144 * bits / rate + padding,
        };
        if self.kbps == 0 { 0 } else { len as usize }
    }

    /// Samples per channel in a frame.
    pub(crate) fn samples(&self) -> u32 {
        match (self.layer, self.version) {
            (1, _) => 384,
            (3, Version::Two | Version::TwoAndHalf) => 576,
            _ => 1152,
        }
    }

    /// Bytes of side information in a layer III frame, without the CRC.
    pub(crate) fn side_bytes(&self) -> usize {
        match (self.version, self.mono) {
            (Version::One, false) => 32,
            (Version::One, true) | (_, false) => 17,
            (_, true) => 9,
        }
    }

    /// Whether `other` may follow in one stream: same version, layer and sample rate.
    pub(crate) fn same_stream(&self, other: &Self) -> bool {
        (self.version, self.layer, self.sample_rate) == (other.version, other.layer, other.sample_rate)
    }
}

/// `header` with the bit rate of another index; `None` for free format and the reserved one.
pub(crate) fn with_kbps(header: &FrameHeader, index: u8) -> Option<FrameHeader> {
    let kbps = kbps_of(header.version, header.layer, usize::from(index)).filter(|kbps| *kbps > 0)?;
    Some(FrameHeader { kbps, ..*header })
}

fn kbps_of(version: Version, layer: u8, index: usize) -> Option<u32> {
    const ONE_1: [u32; 15] = [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448];
    const ONE_2: [u32; 15] = [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384];
    const ONE_3: [u32; 15] = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    const TWO_1: [u32; 15] = [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256];
    const TWO_23: [u32; 15] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
    let table = match (version, layer) {
        (Version::One, 1) => &ONE_1,
        (Version::One, 2) => &ONE_2,
        (Version::One, _) => &ONE_3,
        (_, 1) => &TWO_1,
        _ => &TWO_23,
    };
    table.get(index).copied()
}

/// What a Xing, Info or VBRI header frame says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct GaplessHeader {
    /// Audio frames after this one.
    pub(crate) frames: Option<u32>,
    /// Bytes of the stream including this frame.
    pub(crate) bytes: Option<u32>,
    /// Encoder delay and padding in samples, from the LAME extension.
    pub(crate) trim: Option<(u16, u16)>,
    /// Where in the frame the Xing header begins; `None` for VBRI.
    pub(crate) xing_at: Option<usize>,
    /// Where in the frame the LAME extension begins.
    pub(crate) lame_at: Option<usize>,
}

/// Reads the header frame `frame` whose frame header is `header`; `None` when it is an ordinary audio frame.
pub(crate) fn parse_gapless_header(frame: &[u8], header: &FrameHeader) -> Option<GaplessHeader> {
    if header.layer != 3 {
        return None;
    }
    let crc = if header.with_crc { 2 } else { 0 };
    // Encoders disagree on whether a CRC shifts the header: LAME does not write one, others do.
    [HEADER + header.side_bytes(), HEADER + crc + header.side_bytes()]
        .into_iter()
        .find_map(|at| parse_xing(frame, at))
        .or_else(|| parse_vbri(frame))
}

fn parse_xing(frame: &[u8], at: usize) -> Option<GaplessHeader> {
    let mark = frame.get(at..at + 4)?;
    if mark != b"Xing" && mark != b"Info" {
        return None;
    }
    let flags = be32(frame, at + 4)?;
    let mut next = at + 8;
    let mut field = |present: bool, len: usize| {
        let here = next;
        if present {
            next += len;
        }
        present.then_some(here)
    };
    let frames = field(flags & 1 != 0, 4).and_then(|at| be32(frame, at));
    let bytes = field(flags & 2 != 0, 4).and_then(|at| be32(frame, at));
    field(flags & 4 != 0, 100);
    field(flags & 8 != 0, 4);
    let written_by = frame.get(next..next + 4).unwrap_or_default();
    // Only encoders known to mean delay and padding there; others leave rubbish or text.
    let known =
        [b"LAME", b"Lavf", b"Lavc", b"GOGO", b"L3.9"].iter().any(|name| written_by == name.as_slice());
    let lame_at = (known && frame.len() >= next + 36).then_some(next);
    let trim = lame_at.and_then(|at| {
        let field = frame.get(at + 21..at + 24)?;
        let delay = u16::from(field[0]) << 4 | u16::from(field[1] >> 4);
        let padding = u16::from(field[1] & 15) << 8 | u16::from(field[2]);
        Some((delay, padding))
    });
    Some(GaplessHeader { frames, bytes, trim, xing_at: Some(at), lame_at })
}

fn parse_vbri(frame: &[u8]) -> Option<GaplessHeader> {
    const AT: usize = 36;
    (frame.get(AT..AT + 4)? == b"VBRI").then_some(())?;
    Some(GaplessHeader {
        bytes: be32(frame, AT + 10),
        frames: be32(frame, AT + 14),
        ..GaplessHeader::default()
    })
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// The first offset in `bytes` from which at least `wanted` frames follow each other without a gap.
///
/// Where `bytes` holds the whole rest of the file (`to_end`), a run that reaches its end counts too.
pub(crate) fn find_frames(bytes: &[u8], wanted: usize, to_end: bool) -> Option<(usize, FrameHeader)> {
    (0..bytes.len().saturating_sub(HEADER)).find_map(|at| {
        let first = FrameHeader::parse(bytes.get(at..)?)?;
        let mut next = at;
        for found in 0..wanted {
            let Some(header) = bytes.get(next..).and_then(FrameHeader::parse) else {
                return (to_end && found > 0 && next + HEADER >= bytes.len()).then_some((at, first));
            };
            if !header.same_stream(&first) || header.frame_len() < HEADER {
                return None;
            }
            next += header.frame_len();
        }
        Some((at, first))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_common_header() {
        let header = FrameHeader::parse(&[0xff, 0xfb, 0x90, 0x64]).unwrap();
        assert_eq!((header.version, header.layer, header.kbps), (Version::One, 3, 128));
        assert_eq!((header.sample_rate, header.frame_len(), header.samples()), (44_100, 417, 1152));
    }

    #[test]
    fn refuses_reserved_values() {
        for bytes in [[0xff, 0xfb, 0xf0, 0x64], [0xff, 0xeb, 0x90, 0x64], [0xff, 0xfb, 0x9c, 0x64]] {
            assert_eq!(FrameHeader::parse(&bytes), None, "{bytes:02x?}");
        }
    }
}

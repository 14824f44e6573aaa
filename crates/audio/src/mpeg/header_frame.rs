//! The header frame made anew: Xing or Info, with LAME's extension where delay and padding are known.
//!
//! It is an ordinary frame of silence that players which know it read instead of playing it: how many frames and
//! bytes follow, where the hundredths of the playing time begin, and how many samples at either end are not music.

use crate::mpeg::frames::{FrameHeader, HEADER};

/// Bytes of LAME's extension, behind the 120 of a Xing header with all its fields.
const LAME: usize = 36;
/// Delay and padding are twelve bits each.
pub(crate) const MOST_TRIM: u64 = 4095;

/// What a new header frame must say.
#[derive(Debug, Clone)]
pub(crate) struct NewHeader<'a> {
    /// Header of the stream's first audio frame.
    pub(crate) like: FrameHeader,
    /// Its four bytes.
    pub(crate) like_bytes: [u8; 4],
    /// Whether the bit rate varies (`Xing`) or not (`Info`).
    pub(crate) variable: bool,
    /// Audio frames, not counting this one.
    pub(crate) frames: u32,
    /// Bytes of all audio frames, not counting this one.
    pub(crate) bytes: u32,
    /// Where the hundredths of the playing time begin, 0–255 of the stream's bytes.
    pub(crate) toc: &'a [u8; 100],
    /// Without it players hear every sample: a made-up delay would take sound away.
    pub(crate) lame: Option<NewLame>,
}

/// LAME's extension of a new header frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NewLame {
    /// What the source's own extension says about encoder and settings.
    pub(crate) like: Option<LameExtension>,
    /// Encoder delay and padding in samples, each at most [`MOST_TRIM`].
    pub(crate) trim: (u16, u16),
}

/// The extension's bytes as they stand in a file.
pub(crate) type LameExtension = [u8; LAME];

/// The extension at `lame_at` of a header frame.
pub(crate) fn extension_of(frame: &[u8], lame_at: usize) -> Option<LameExtension> {
    frame.get(lame_at..lame_at.checked_add(LAME)?)?.try_into().ok()
}

/// Builds a header frame of the stream's own kind, of the smallest bit rate that holds it; with the place of the
/// LAME extension, whose checksums [`seal_lame`] writes once the sound is known.
pub(crate) fn build_header_frame(new: &NewHeader<'_>) -> Option<(Vec<u8>, Option<usize>)> {
    let side = HEADER + new.like.side_bytes();
    let lame_at = new.lame.map(|_| side + 120);
    let needed = side + 120 + new.lame.map_or(0, |_| LAME);
    (1..15u8).find_map(|index| {
        // No CRC, no padding: what LAME writes too.
        let mut start = new.like_bytes;
        start[1] |= 1;
        start[2] = index << 4 | start[2] & 0x0c;
        let header = FrameHeader::parse(&start)?;
        let len = header.frame_len();
        (len >= needed).then_some(())?;
        let whole = new.bytes.saturating_add(len as u32);
        let mut frame = Vec::with_capacity(len);
        frame.extend_from_slice(&start);
        frame.resize(side, 0);
        frame.extend_from_slice(if new.variable { b"Xing" } else { b"Info" });
        frame.extend_from_slice(&if new.lame.is_some() { 15u32 } else { 7 }.to_be_bytes());
        frame.extend_from_slice(&new.frames.to_be_bytes());
        frame.extend_from_slice(&whole.to_be_bytes());
        frame.extend_from_slice(new.toc);
        frame.resize(side + 120, 0);
        if let Some(lame) = &new.lame {
            frame.extend_from_slice(&lame_extension(lame, new.variable, whole));
        }
        frame.resize(len, 0);
        Some((frame, lame_at))
    })
}

/// The extension but for its checksums.
fn lame_extension(lame: &NewLame, variable: bool, bytes: u32) -> LameExtension {
    let mut extension = lame.like.unwrap_or_else(|| {
        let mut plain = [0; LAME];
        // The name says how to read what follows; players know this one.
        put(&mut plain, 0, b"LAME");
        // Revision 0, constant or variable by an unnamed method.
        put(&mut plain, 9, &[if variable { 5 } else { 1 }]);
        plain
    });
    // Peak and gain were those of the whole source.
    put(&mut extension, 11, &[0; 8]);
    let (delay, padding) = lame.trim;
    put(&mut extension, 21, &trim_bytes(delay, padding));
    put(&mut extension, 28, &bytes.to_be_bytes());
    extension
}

/// Delay and padding, twelve bits each.
pub(crate) fn trim_bytes(delay: u16, padding: u16) -> [u8; 3] {
    [(delay >> 4) as u8, (delay << 4) as u8 | (padding >> 8 & 15) as u8, padding as u8]
}

/// Writes the checksum of the sound (CRC-16 of all audio frames) and that of the header frame into its extension.
pub(crate) fn seal_lame(frame: &mut [u8], lame_at: usize, sound: u16) {
    put(frame, lame_at + 32, &sound.to_be_bytes());
    let crc = MUSIC_CRC.checksum(frame.get(..lame_at + 34).unwrap_or_default());
    put(frame, lame_at + 34, &crc.to_be_bytes());
}

/// The checksum of the sound that the extension carries.
pub(crate) fn sealed_sound(frame: &[u8], lame_at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(frame.get(lame_at + 32..lame_at + 34)?.try_into().ok()?))
}

/// The CRC-16 of LAME's extension.
pub(crate) static MUSIC_CRC: crc::Crc<u16> = crc::Crc::<u16>::new(&crc::CRC_16_ARC);

/// Overwrites bytes where there is room for them.
pub(crate) fn put(frame: &mut [u8], at: usize, bytes: &[u8]) {
    if let Some(place) = frame.get_mut(at..at + bytes.len()) {
        place.copy_from_slice(bytes);
    }
}

/// For each hundredth of the frames: the share of the bytes before it, of 256.
pub(crate) fn contents(frames: usize, bytes: u64, bytes_before: impl Fn(usize) -> u64) -> [u8; 100] {
    let mut toc = [0; 100];
    for (hundredth, entry) in toc.iter_mut().enumerate() {
        *entry = (bytes_before(hundredth * frames / 100) * 256 / bytes.max(1)).min(255) as u8;
    }
    toc
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mpeg::frames::parse_gapless_header;

    #[test]
    fn a_built_header_frame_reads_back() {
        let like_bytes = [0xff, 0xf3, 0x18, 0xc4]; // MPEG-2 mono, where 8 kbit/s frames are too short
        let like = FrameHeader::parse(&like_bytes).unwrap();
        let new =
            NewHeader { like, like_bytes, variable: true, frames: 7, bytes: 700, toc: &[9; 100], lame: None };
        for lame in [None, Some(NewLame { like: None, trim: (1105, 3001) })] {
            let (frame, lame_at) = build_header_frame(&NewHeader { lame, ..new.clone() }).unwrap();
            let header = FrameHeader::parse(&frame).unwrap();
            assert_eq!(header.frame_len(), frame.len());
            let said = parse_gapless_header(&frame, &header).unwrap();
            assert_eq!((said.frames, said.bytes), (Some(7), Some(700 + frame.len() as u32)));
            assert_eq!((said.trim, said.lame_at), (lame.map(|lame| lame.trim), lame_at));
        }
    }
}

//! The header frame of what was encoded: players read length, delay, padding and a table of contents from it.

use super::sink::Counts;
use super::{FRAME_SAMPLES, Mp3Encoder};
use crate::mpeg::frames::{FrameHeader, parse_gapless_header};
use crate::mpeg::header_frame::{MOST_TRIM, put, seal_lame, trim_bytes};

/// Completes `frame`, the header frame that `encoder` made for such streams, for `samples` per channel in `counts`.
pub(super) fn complete(
    mut frame: Vec<u8>,
    encoder: &dyn Mp3Encoder,
    samples: u64,
    counts: &Counts,
) -> Result<Vec<u8>, String> {
    let told = FrameHeader::parse(&frame).and_then(|header| parse_gapless_header(&frame, &header));
    let places = told.and_then(|told| Some((told.xing_at?, told.lame_at?)));
    let (xing, lame) = places.ok_or("the encoder's header frame has no room for delay and padding")?;
    let padding = (u64::from(counts.frames) * FRAME_SAMPLES).checked_sub(encoder.delay() + samples);
    let padding = padding.filter(|padding| *padding <= MOST_TRIM);
    let padding = padding.ok_or("the encoder made a wrong number of frames")?;
    let whole = u32::try_from(frame.len()).ok().and_then(|header| counts.bytes.checked_add(header));
    let whole = whole.ok_or("the MP3 would be larger than 4 GB")?;
    // Mark, flags (all four fields), frames, bytes, contents, quality; then the name of the encoder.
    put(&mut frame, xing + 8, &counts.frames.to_be_bytes());
    put(&mut frame, xing + 12, &whole.to_be_bytes());
    put(&mut frame, xing + 16, &counts.contents);
    put(&mut frame, lame + 21, &trim_bytes(encoder.delay() as u16, padding as u16));
    put(&mut frame, lame + 28, &whole.to_be_bytes());
    seal_lame(&mut frame, lame, counts.crc);
    Ok(frame)
}

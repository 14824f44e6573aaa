//! The header of a WavPack block, and what kind of file the first one tells.

use ferrotape_domain::AudioFormat;

/// Bytes of a block's header.
pub(crate) const HEADER_LEN: usize = 32;
/// The greatest block the format allows.
const MOST_BYTES: u64 = 1 << 20;
/// More samples than any encoder puts into one block.
const MOST_SAMPLES: u32 = 1 << 18;

/// What a block's header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BlockHeader {
    /// Bytes of the block, its header included.
    pub(crate) len: u64,
    /// Samples per channel in the whole file, where known.
    pub(crate) total: Option<u64>,
    /// The first sample of this block.
    pub(crate) position: u64,
    /// Samples per channel in this block; 0 where it carries other things.
    pub(crate) samples: u32,
    pub(crate) bytes_per_sample: u8,
    pub(crate) is_float: bool,
    pub(crate) is_first: bool,
    pub(crate) is_final: bool,
    is_hybrid: bool,
    is_dsd: bool,
}

impl BlockHeader {
    /// Reads the header that `bytes` begin with.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let word = |at: usize| bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map(u32::from_le_bytes);
        if !bytes.starts_with(b"wvpk") || !matches!(bytes.get(9)?, 4) {
            return None;
        }
        let (len, flags, samples) = (u64::from(word(4)?) + 8, word(24)?, word(20)?);
        // The fifth byte of both counts stands apart, and all ones mean “unknown”.
        let (high_position, high_total) = (u64::from(*bytes.get(10)?), u64::from(*bytes.get(11)?));
        let total = word(12)?;
        let sane = (HEADER_LEN as u64..=MOST_BYTES + 8).contains(&len) && samples <= MOST_SAMPLES;
        sane.then_some(Self {
            len,
            total: (total != u32::MAX).then(|| u64::from(total) + (high_total << 32) - high_total),
            position: u64::from(word(16)?) + (high_position << 32),
            samples,
            bytes_per_sample: (flags & 3) as u8 + 1,
            is_float: flags & 0x80 != 0,
            is_first: flags & 0x800 != 0,
            is_final: flags & 0x1000 != 0,
            is_hybrid: flags & 8 != 0,
            is_dsd: flags & 0x8000_0000 != 0,
        })
    }
}

/// What the WavPack file is whose first bytes are `head`; the name of it where it cannot be read.
pub(crate) fn kind(head: &[u8]) -> Result<AudioFormat, &'static str> {
    let mut at = 0usize;
    while let Some(header) = head.get(at..).and_then(BlockHeader::parse) {
        let block = head.get(at + HEADER_LEN..).unwrap_or_default();
        match () {
            () if header.is_dsd => return Err("DSD in WavPack"),
            () if header.samples == 0 => at = at.saturating_add(header.len as usize),
            // Only corrections: the .wvc file that belongs to a lossy one.
            () if !has_sound(block, header.len as usize - HEADER_LEN) => {
                return Err("a WavPack correction file (.wvc) by itself");
            }
            () if header.is_hybrid => return Ok(AudioFormat::WavPackLossy),
            () => return Ok(AudioFormat::WavPack),
        }
    }
    // Old versions, or a first block that is broken; the decoder tells.
    Ok(AudioFormat::WavPack)
}

/// Whether the parts of a block, of which there are `len` bytes, hold samples (part 10) as far as can be seen.
fn has_sound(block: &[u8], len: usize) -> bool {
    let mut at = 0usize;
    while at + 2 <= len {
        let Some([id, low]) = block.get(at..at + 2) else { return true };
        let (size, body) = match id & 0x80 {
            0 => (usize::from(*low) * 2, at + 2),
            _ => match block.get(at + 2..at + 4) {
                Some([middle, high]) => {
                    ((usize::from(*low) | usize::from(*middle) << 8 | usize::from(*high) << 16) * 2, at + 4)
                }
                _ => return true,
            },
        };
        if id & 0x3f == 10 {
            return true;
        }
        at = body.saturating_add(size);
    }
    false
}

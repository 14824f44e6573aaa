//! AccurateRip's two sums over a track's sound.
//!
//! Each frame of four bytes counts times its place from 1; the first version keeps the low half of each product, the
//! second adds the high half. Five sectors at either end of the disc are left out, which drives with an offset cannot read.

use std::io::{self, BufReader, Read};

/// Five sectors of 588 frames.
const LEFT_OUT: u64 = 5 * 588;

/// Both sums.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the sums'")]
pub struct TrackSums {
    pub v1: u32,
    pub v2: u32,
}

/// Sums up `frames` frames of CD sound.
pub fn track_sums(pcm: impl Read, frames: u64, is_first: bool, is_last: bool) -> io::Result<TrackSums> {
    let from = if is_first { LEFT_OUT } else { 0 };
    let to = if is_last { frames.saturating_sub(LEFT_OUT) } else { frames };
    let mut sums = TrackSums::default();
    let mut reader = BufReader::with_capacity(1 << 18, pcm);
    let mut frame = [0; 4];
    for at in 1..=frames {
        reader.read_exact(&mut frame)?;
        if at < from || at > to {
            continue;
        }
        let product = u64::from(u32::from_le_bytes(frame)).wrapping_mul(at & 0xffff_ffff);
        let (low, high) = (product as u32, (product >> 32) as u32);
        sums.v1 = sums.v1.wrapping_add(low);
        sums.v2 = sums.v2.wrapping_add(low).wrapping_add(high);
    }
    Ok(sums)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_of_the_disc_do_not_count() {
        let pcm: Vec<u8> =
            (0..10_000_u32).flat_map(|at| at.wrapping_mul(0x9e37_79b9).to_le_bytes()).collect();
        let sums = |pcm: &[u8], first, last| track_sums(pcm, 10_000, first, last).unwrap();
        let whole = sums(&pcm, false, false);
        let mut changed = pcm.clone();
        changed[0] ^= 0xff;
        assert_ne!(sums(&changed, false, false), whole);
        assert_eq!(sums(&changed, true, false), sums(&pcm, true, false));
        changed = pcm.clone();
        changed[39_999] ^= 0xff;
        assert_eq!(sums(&changed, true, true), sums(&pcm, true, true));
        // The 2940th frame is the first that counts, and the 2940th from the end the first that does not.
        changed = pcm.clone();
        changed[2_939 * 4] ^= 1;
        assert_ne!(sums(&changed, true, true), sums(&pcm, true, true));
        assert!(track_sums(&pcm[..8], 10, false, false).is_err());
    }
}

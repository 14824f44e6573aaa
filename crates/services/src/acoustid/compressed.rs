//! Fingerprints as AcoustID takes them: as `fpcalc` prints them without `-raw`.
//!
//! Each value is written as what differs from the one before: the distances between the bits that are set, three bits each, and
//! 0 at the end. A distance of seven or more is a seven, and what is beyond it stands behind all of them in five bits. Forty
//! lines of our own, for the crate that has them brings a Fourier transform along.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// How `fpcalc` works unless told otherwise.
const ALGORITHM: u8 = 1;
const LARGEST: u8 = 7;

/// The text of a fingerprint, which has fewer than 2^24 values.
pub(super) fn compressed(fingerprint: &[u32]) -> String {
    let [_, high, middle, low] = u32::try_from(fingerprint.len()).unwrap_or(u32::MAX).to_be_bytes();
    let mut bytes = vec![ALGORITHM, high, middle, low];
    let (mut usual, mut beyond) = (Vec::new(), Vec::new());
    let mut before = 0;
    for value in fingerprint {
        distances(value ^ before, &mut usual, &mut beyond);
        before = *value;
    }
    pack(&usual, 3, &mut bytes);
    pack(&beyond, 5, &mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

fn distances(bits: u32, usual: &mut Vec<u8>, beyond: &mut Vec<u8>) {
    let mut before = 0;
    for place in (1..=32_u8).filter(|place| bits >> (place - 1) & 1 == 1) {
        let distance = place - before;
        usual.push(distance.min(LARGEST));
        if distance >= LARGEST {
            beyond.push(distance - LARGEST);
        }
        before = place;
    }
    usual.push(0);
}

/// Values of so many bits one after the other, the lowest bit first; the last byte is filled with zeros.
fn pack(values: &[u8], bits: u32, into: &mut Vec<u8>) {
    let (mut held, mut count) = (0_u16, 0);
    for value in values {
        held |= u16::from(*value) << count;
        count += bits;
        if count >= 8 {
            into.push(held.to_le_bytes()[0]);
            (held, count) = (held >> 8, count - 8);
        }
    }
    if count > 0 {
        into.push(held.to_le_bytes()[0]);
    }
}

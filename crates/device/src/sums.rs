//! Which bytes a file holds, told by a sum of all of them.
//!
//! A sum is the XXH3 of 128 bits, in 32 hexadecimal digits: it is to find what was cut short, damaged or changed, not deceit –
//! who could put another file of the same sum on a player can as well change the list of what is ours. Manifests up to
//! version 2 have BLAKE3 instead, 64 digits; what they tell is believed as before.

use std::io::{self, Read, Write};

use twox_hash::XxHash3_128;

const PIECE: usize = 128 << 10;

/// The sums of one file's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sums {
    quick: String,
    strong: String,
}

impl Sums {
    /// The one that a manifest keeps now.
    pub(crate) fn kept(self) -> String {
        self.quick
    }
}

/// Whether one of them is the sum that a manifest tells.
impl PartialEq<str> for Sums {
    fn eq(&self, told: &str) -> bool {
        told == self.quick || told == self.strong
    }
}

impl PartialEq<String> for Sums {
    fn eq(&self, told: &String) -> bool {
        *self == **told
    }
}

/// The sum of a file that is known whole, as a manifest keeps it.
pub(crate) fn sum_of(bytes: &[u8]) -> String {
    hex(XxHash3_128::oneshot(bytes))
}

/// Whether a sum that a manifest tells, of either kind, is that of a file that is known whole.
pub(crate) fn is_sum_of(told: &str, bytes: &[u8]) -> bool {
    told == sum_of(bytes) || told == blake3::hash(bytes).to_hex().as_str()
}

fn hex(quick: u128) -> String {
    format!("{quick:032x}")
}

/// Takes the sums of what is written to it.
#[derive(Default)]
pub(crate) struct Summing {
    quick: XxHash3_128,
    strong: blake3::Hasher,
}

impl Summing {
    pub(crate) fn read_all(mut self, from: &mut impl Read) -> io::Result<(u64, Sums)> {
        let mut piece = vec![0; PIECE];
        loop {
            match from.read(&mut piece) {
                Ok(0) => return Ok(self.end()),
                Ok(read) => self.write_all(piece.get(..read).unwrap_or_default())?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// How many bytes there were, and their sums.
    pub(crate) fn end(self) -> (u64, Sums) {
        let strong = self.strong.finalize().to_hex().to_string();
        (self.strong.count(), Sums { quick: hex(self.quick.finish_128()), strong })
    }
}

impl Write for Summing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.quick.write(bytes);
        self.strong.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_both_kinds_are_known_and_no_other_is() {
        // Longer than a piece, and no multiple of one.
        let bytes: Vec<u8> = (0..PIECE * 2 + 77).map(|at| (at % 251) as u8).collect();
        let (count, sums) = Summing::default().read_all(&mut bytes.as_slice()).unwrap();
        assert_eq!(count, bytes.len() as u64);
        assert_eq!(sums, *sum_of(&bytes));
        assert_eq!(sums, *blake3::hash(&bytes).to_hex().as_str());
        assert_ne!(sums, *sum_of(&bytes[1..]));
        assert_ne!(sums, *"");
        assert_eq!(sums.clone().kept(), sum_of(&bytes));
        for told in [&sums.quick, &sums.strong] {
            assert!(is_sum_of(told, &bytes) && !is_sum_of(told, &bytes[1..]), "{told}");
        }
    }

    #[test]
    fn the_sum_is_the_published_one() {
        // From xxHash's own tests: the hash of nothing, without a seed.
        assert_eq!(sum_of(b""), "99aa06d3014798d86001c324468d497f");
    }
}

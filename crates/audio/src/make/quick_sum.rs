//! A sum of bytes that finds damage and change, and takes next to no time: XXH3 of 128 bits. Against deceit it is none.

use std::io::{self, Write};

use twox_hash::XxHash3_128;

/// Takes the sum of what is written to it.
#[derive(Default)]
pub struct QuickSum {
    hasher: XxHash3_128,
    bytes: u64,
}

impl QuickSum {
    /// Takes the next bytes.
    pub fn add(&mut self, bytes: &[u8]) {
        self.hasher.write(bytes);
        self.bytes += bytes.len() as u64;
    }

    /// How many bytes there were.
    #[must_use]
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The sum as a number.
    #[must_use]
    pub fn number(&self) -> u128 {
        self.hasher.finish_128()
    }

    /// The sum in 32 hexadecimal digits.
    #[must_use]
    pub fn hex(&self) -> String {
        format!("{:032x}", self.number())
    }
}

impl Write for QuickSum {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.add(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

//! Where a file is kept that a device gives out.

use std::io::{self, Seek, Write};

use crate::sums::Summing;

/// What takes a file whole, and once more from its beginning where the device has to be asked again.
pub(crate) trait Kept: Write {
    /// Forgets what was written to it.
    fn start_anew(&mut self) -> io::Result<()>;
}

impl Kept for Vec<u8> {
    fn start_anew(&mut self) -> io::Result<()> {
        self.clear();
        Ok(())
    }
}

impl Kept for Summing {
    fn start_anew(&mut self) -> io::Result<()> {
        *self = Self::default();
        Ok(())
    }
}

impl Kept for cap_std::fs::File {
    fn start_anew(&mut self) -> io::Result<()> {
        self.rewind()?;
        self.set_len(0)
    }
}

//! Reading with limits: every byte of every file passes here.
//!
//! The limits are checked while reading, not by declared sizes, which an attacker writes.

use std::cell::Cell;
use std::io::{self, Read};

use ferrotape_domain::{Cancel, Event, Phase, Progress};

use crate::Limits;

/// Why reading was ended on purpose; travels inside an [`io::Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Halt {
    #[error("stopped")]
    Cancelled,
    #[error("all files together are larger than allowed")]
    Total,
    #[error("it is larger than {0} bytes, which no export is")]
    File(u64),
    #[error("it unpacks to more than {0} times its size, as only a zip bomb does")]
    Bomb(u64),
}

impl Halt {
    /// The reason inside an error, when reading was ended on purpose.
    pub(crate) fn of(error: &io::Error) -> Option<Self> {
        error.get_ref()?.downcast_ref::<Self>().copied()
    }

    /// Whether the whole import ends with it.
    pub(crate) fn ends_all(self) -> bool {
        matches!(self, Self::Cancelled | Self::Total)
    }
}

/// What all readers of one import share.
pub(crate) struct Meter<'a> {
    pub(crate) limits: &'a Limits,
    progress: &'a dyn Progress,
    cancel: &'a Cancel,
    total: Cell<u64>,
}

impl<'a> Meter<'a> {
    pub(crate) fn new(limits: &'a Limits, progress: &'a dyn Progress, cancel: &'a Cancel) -> Self {
        Self { limits, progress, cancel, total: Cell::new(0) }
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.cancel.is_stopped()
    }

    /// Tells that a file is done.
    pub(crate) fn file_done(&self) {
        self.progress.event(Event::Advanced { phase: Phase::Import, by: 1, bytes: 0 });
    }

    /// A reader that counts; `packed` is the size inside a zip.
    pub(crate) fn guard<R: Read>(&'a self, inner: R, packed: Option<u64>) -> Guarded<'a, R> {
        Guarded { inner, meter: self, packed, read: 0 }
    }
}

/// A reader that keeps the limits.
pub(crate) struct Guarded<'a, R> {
    inner: R,
    meter: &'a Meter<'a>,
    packed: Option<u64>,
    read: u64,
}

/// Small files may pack extremely well without being bombs.
const RATIO_MATTERS_FROM: u64 = 1 << 20;

impl<R: Read> Read for Guarded<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let limits = self.meter.limits;
        if self.meter.is_stopped() {
            return Err(io::Error::other(Halt::Cancelled));
        }
        let got = self.inner.read(buffer)?;
        self.read += got as u64;
        let total = self.meter.total.get() + got as u64;
        self.meter.total.set(total);
        if total > limits.total_bytes {
            return Err(io::Error::other(Halt::Total));
        }
        if self.read > limits.file_bytes {
            return Err(io::Error::other(Halt::File(limits.file_bytes)));
        }
        if let Some(packed) = self.packed
            && self.read > RATIO_MATTERS_FROM
            && self.read / limits.zip_ratio.max(1) > packed
        {
            return Err(io::Error::other(Halt::Bomb(limits.zip_ratio)));
        }
        if got > 0 {
            self.meter.progress.event(Event::Advanced { phase: Phase::Import, by: 0, bytes: got as u64 });
        }
        Ok(got)
    }
}

//! Decoded sound for whoever wants the samples themselves: checks against other decoders, measurements.

use std::path::{Path, PathBuf};

use crate::decode::{DecodeError, Decoding};
use crate::limits::guarded;
use crate::probe::{Unreadable, recognised};

/// A file's sound, stretch by stretch, with all its channels as recorded.
///
/// Samples are floats from −1 to 1: integers of up to 24 bits come out exactly (multiply by 2^(bits − 1)), of 32-bit
/// ones the lowest 8 bits are rounded. Where rate or channels change in the middle, the sound goes on in those it
/// began with.
pub struct SoundReader {
    path: PathBuf,
    decoding: Decoding,
}

impl SoundReader {
    /// Opens the file `path`.
    pub fn open(path: &Path) -> Result<Self, Unreadable> {
        let (file, what) = recognised(path)?;
        let opened = guarded(|| Decoding::open(file, &what));
        let decoding = sorted(path, opened)?.without_mixing();
        Ok(Self { path: path.to_owned(), decoding })
    }

    /// Samples per second and channel.
    pub fn rate(&self) -> u32 {
        self.decoding.rate()
    }

    /// Replaces `out` by the next stretch, one vector per channel; `false` at the end.
    pub fn next(&mut self, out: &mut Vec<Vec<f32>>) -> Result<bool, Unreadable> {
        let Self { path, decoding } = self;
        sorted(path, guarded(|| decoding.next(out)))
    }

    /// After the end: what was wrong with the file though it plays; an error when too much of it is missing.
    pub fn notes(&self) -> Result<Vec<String>, Unreadable> {
        sorted(&self.path, Ok(self.decoding.verdict()))
    }
}

/// Names the file in what went wrong.
fn sorted<T>(path: &Path, tried: Result<Result<T, DecodeError>, String>) -> Result<T, Unreadable> {
    let path = path.to_owned();
    match tried {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(DecodeError::Io(source))) => Err(Unreadable::Io { path, source }),
        Ok(Err(DecodeError::NotYet(format))) => Err(Unreadable::NotReadableYet { path, format }),
        Ok(Err(DecodeError::Broken(reason))) | Err(reason) => Err(Unreadable::Broken { path, reason }),
    }
}

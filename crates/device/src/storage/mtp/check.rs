//! Whether a file arrived as it was sent: some devices keep the right number of zeroes.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::atomic::{AtomicBool, Ordering};

use super::link::split;
use super::tree::Object;
use super::{Mtp, Storage};
use crate::error::DeviceError;
use crate::names::clash_key;

/// What is read back of each end of a file.
const SAMPLE: u32 = 16 * 1024;

/// How much of what was sent is read back.
#[derive(Debug)]
pub(super) enum Thoroughness {
    /// A piece of each end of every file.
    Samples,
    /// The first file, from a device that gives out whole files only.
    First(AtomicBool),
    /// Every file, from a device that is known for it.
    Whole,
}

impl Thoroughness {
    pub(super) fn of(manufacturer: &str, can_read_pieces: bool) -> Self {
        if manufacturer.to_lowercase().contains("garmin") {
            Self::Whole
        } else if can_read_pieces {
            Self::Samples
        } else {
            Self::First(AtomicBool::new(true))
        }
    }
}

impl Mtp {
    /// What did not arrive as it was sent is deleted again.
    pub(super) fn check_arrival(
        &self,
        source: &mut File,
        bytes: u64,
        path: &str,
        object: &Object,
    ) -> Result<(), DeviceError> {
        let reason = if clash_key(&object.name) != clash_key(split(path).1) {
            Some(format!("it calls it {}", object.name.escape_debug()))
        } else if object.bytes != bytes {
            Some(format!("it keeps {} of {bytes} bytes", object.bytes))
        } else if self.is_same(source, bytes, path, object)? {
            None
        } else {
            Some("it reads back differently".to_owned())
        };
        let Some(reason) = reason else { return Ok(()) };
        self.ask("removed", path, |link| link.delete(object))?;
        Err(DeviceError::NotAsSent { path: path.to_owned(), reason })
    }

    fn is_same(
        &self,
        source: &mut File,
        bytes: u64,
        path: &str,
        object: &Object,
    ) -> Result<bool, DeviceError> {
        let is_whole = match &self.thoroughness {
            Thoroughness::Samples => false,
            Thoroughness::Whole => true,
            Thoroughness::First(is_first) if is_first.swap(false, Ordering::SeqCst) => true,
            Thoroughness::First(_) => return Ok(true),
        };
        if is_whole {
            let sent = hash_of(source).map_err(|error| self.failed("read", path, error))?;
            return Ok(self.fingerprint(path)?.1 == sent);
        }
        let tail = bytes.saturating_sub(SAMPLE.into());
        for offset in if tail == 0 { vec![0] } else { vec![0, tail] } {
            let sent = piece_of(source, offset).map_err(|error| self.failed("read", path, error))?;
            let length = u32::try_from(sent.len()).unwrap_or(SAMPLE);
            if length > 0 && self.ask("read", path, |link| link.piece(object, offset, length))? != sent {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

fn hash_of(source: &mut File) -> io::Result<String> {
    source.rewind()?;
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(source)?;
    Ok(hasher.finalize().to_hex().to_string())
}

fn piece_of(source: &mut File, offset: u64) -> io::Result<Vec<u8>> {
    source.seek(SeekFrom::Start(offset))?;
    let mut piece = Vec::new();
    source.take(SAMPLE.into()).read_to_end(&mut piece)?;
    Ok(piece)
}

//! The stretch of a file that holds the sound, as a file of its own: decoders never see what stands around it.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use symphonia::core::io::MediaSource;

/// Bytes of our own, then a stretch of a file.
pub(crate) struct Extent {
    front: Vec<u8>,
    file: File,
    start: u64,
    len: u64,
    at: u64,
}

impl Extent {
    /// The bytes of `file` from `start` to `end`.
    pub(crate) fn new(file: File, start: u64, end: u64) -> io::Result<Self> {
        Self::with_front(Vec::new(), file, start, end)
    }

    /// The bytes `front`, then those of `file` from `start` to `end`.
    pub(crate) fn with_front(front: Vec<u8>, mut file: File, start: u64, end: u64) -> io::Result<Self> {
        file.seek(SeekFrom::Start(start))?;
        let len = front.len() as u64 + end.saturating_sub(start);
        Ok(Self { front, file, start, len, at: 0 })
    }
}

impl Read for Extent {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let most = self.len.saturating_sub(self.at).min(buf.len() as u64) as usize;
        let buf = buf.get_mut(..most).unwrap_or_default();
        let in_front = usize::try_from(self.at).ok().and_then(|at| self.front.get(at..)).unwrap_or_default();
        let read = if in_front.is_empty() {
            self.file.read(buf)?
        } else {
            let mut in_front = in_front;
            in_front.read(buf)?
        };
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Extent {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.len.checked_add_signed(by),
        };
        let at = at.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        let behind = at.saturating_sub(self.front.len() as u64);
        let place =
            self.start.checked_add(behind).ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        self.file.seek(SeekFrom::Start(place))?;
        self.at = at;
        Ok(at)
    }
}

impl MediaSource for Extent {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.len)
    }
}

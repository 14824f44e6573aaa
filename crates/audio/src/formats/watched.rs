//! Readers of tags take a disk that does not give its bytes for a tag that makes no sense, and go on with the half of it
//! that they have. Whoever hands them a file looks here afterwards.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};

use symphonia::core::io::MediaSource;

/// A reader that remembers what the system said when it did not read.
pub(crate) struct Watched<R> {
    inner: R,
    watch: Watch,
}

/// What a [`Watched`] reader met.
#[derive(Debug, Clone, Default)]
pub(crate) struct Watch(Arc<AtomicI32>);

impl<R> Watched<R> {
    pub(crate) fn new(inner: R) -> (Self, Watch) {
        let watch = Watch::default();
        (Self { inner, watch: watch.clone() }, watch)
    }
}

impl Watch {
    /// The last error of the system's own; those of ends and of senseless bytes are none.
    pub(crate) fn met(&self) -> io::Result<()> {
        match self.0.load(Ordering::Relaxed) {
            0 => Ok(()),
            code => Err(io::Error::from_raw_os_error(code)),
        }
    }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.inner.read(buf) {
                // Not every reader of a format tries again.
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => {
                    return read.inspect_err(|error| {
                        if let Some(code) = error.raw_os_error() {
                            self.watch.0.store(code, Ordering::Relaxed);
                        }
                    });
                }
            }
        }
    }
}

/// Where a hostile file sends its reader is no fault of the disk.
impl<R: Seek> Seek for Watched<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

impl<R: MediaSource> MediaSource for Watched<R> {
    fn is_seekable(&self) -> bool {
        self.inner.is_seekable()
    }

    fn byte_len(&self) -> Option<u64> {
        self.inner.byte_len()
    }
}

/// Reads all of `bytes`; `false` where the file ends before.
pub(crate) fn read_whole<R: Read>(file: &mut R, bytes: &mut [u8]) -> io::Result<bool> {
    match file.read_exact(bytes) {
        Ok(()) => Ok(true),
        Err(error) if error.raw_os_error().is_some() => Err(error),
        Err(_) => Ok(false),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::ops::Range;

    use super::*;

    /// A disk that gives an error of its own for some of its bytes.
    pub(crate) struct BadDisk {
        pub(crate) bytes: io::Cursor<Vec<u8>>,
        pub(crate) bad: Range<u64>,
    }

    /// Of each two reads one is interrupted.
    struct Interrupted(io::Cursor<Vec<u8>>, bool);

    impl Read for Interrupted {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            self.1 = !self.1;
            if self.1 { Err(io::ErrorKind::Interrupted.into()) } else { self.0.read(buf) }
        }
    }

    #[test]
    fn what_was_interrupted_is_read_all_the_same() {
        let (mut watched, watch) = Watched::new(Interrupted(io::Cursor::new(b"sound".to_vec()), false));
        let mut bytes = [0; 5];
        assert_eq!(watched.read(&mut bytes).unwrap(), 5);
        assert!(&bytes == b"sound" && watch.met().is_ok());
    }

    /// What Linux calls EIO.
    pub(crate) const EIO: i32 = 5;

    impl Read for BadDisk {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            let at = self.bytes.position();
            if self.bad.contains(&at) {
                return Err(io::Error::from_raw_os_error(EIO));
            }
            let good = if at < self.bad.start { self.bad.start - at } else { u64::MAX };
            let most = buf.len().min(usize::try_from(good).unwrap_or(usize::MAX));
            self.bytes.read(buf.get_mut(..most).unwrap_or_default())
        }
    }

    impl Seek for BadDisk {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.bytes.seek(to)
        }
    }

    #[test]
    fn the_systems_errors_are_kept_and_ends_are_not() {
        let bad = BadDisk { bytes: io::Cursor::new(vec![0; 100]), bad: 50..60 };
        let (mut reader, watch) = Watched::new(bad);
        let mut bytes = Vec::new();
        reader.seek(SeekFrom::Start(90)).unwrap();
        assert!(reader.read_exact(&mut [0; 20]).is_err());
        watch.met().unwrap();
        reader.seek(SeekFrom::Start(0)).unwrap();
        assert!(reader.read_to_end(&mut bytes).is_err());
        assert_eq!(watch.met().unwrap_err().raw_os_error(), Some(EIO));
        assert_eq!(bytes.len(), 50);
    }
}

//! An MP3 whose frames are carried over. One of usual size is read into memory at once: the very bytes that were walked are
//! then copied, in one pass over the file, whatever happens to it meanwhile.

use std::fs::{File, Metadata};
use std::io::{self, Cursor, Read, Seek, SeekFrom};

use ferrotape_domain::Cancel;

use crate::formats::sniff::Recognised;
use crate::mpeg::walk::{COPIED_AT_A_TIME, CopyProblem, FrameMap, Walked, walk, walk_buffered};

/// Up to this many bytes are held; there is one such file for each core.
const HELD: u64 = 16 << 20;

/// The open file.
#[derive(Debug)]
pub(crate) struct Original {
    file: File,
    held: Option<Vec<u8>>,
    /// As it was before anything was read of it.
    before: Metadata,
}

impl Original {
    /// Reads a file, or leaves it to be read piece by piece. `before` is how it was when it was opened.
    pub(crate) fn read(mut file: File, before: Metadata) -> io::Result<Self> {
        let mut held = None;
        if before.len() <= HELD {
            let mut bytes = Vec::with_capacity(before.len() as usize);
            file.seek(SeekFrom::Start(0))?;
            file.by_ref().take(before.len()).read_to_end(&mut bytes)?;
            held = Some(bytes);
        }
        Ok(Self { file, held, before })
    }

    pub(crate) fn file(&self) -> &File {
        &self.file
    }

    pub(crate) fn into_file(self) -> File {
        self.file
    }

    /// Walks its frames.
    pub(crate) fn walk(&mut self, what: &Recognised, cancel: &Cancel) -> Result<Walked, CopyProblem> {
        match &self.held {
            Some(bytes) => walk_buffered(Cursor::new(bytes), what, cancel),
            None => walk(&mut self.file, what, cancel),
        }
    }

    /// Gives the bytes of all frames in order, some at a time.
    pub(crate) fn bytes_of(
        &self,
        map: &FrameMap,
        cancel: &Cancel,
        mut take: impl FnMut(&[u8]) -> Result<(), CopyProblem>,
    ) -> Result<(), CopyProblem> {
        let all = (0, map.frames());
        let Some(bytes) = &self.held else { return map.bytes_of(&self.file, all, cancel, take) };
        for (start, end) in map.extents(all.0, all.1) {
            let stretch = bytes.get(start as usize..end as usize);
            let stretch =
                stretch.ok_or_else(|| CopyProblem::Broken("it ends in the middle of a frame".to_owned()))?;
            for piece in stretch.chunks(COPIED_AT_A_TIME) {
                if cancel.is_stopped() {
                    return Err(CopyProblem::Cancelled);
                }
                take(piece)?;
            }
        }
        Ok(())
    }

    /// Whether somebody wrote to it since: each frame may be whole and the bytes still be of two files.
    pub(crate) fn has_changed(&self) -> io::Result<bool> {
        let now = self.file.metadata()?;
        Ok(now.len() != self.before.len() || now.modified().ok() != self.before.modified().ok())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::formats::sniff::{Sniffed, sniff};

    /// Frames of 128 kbit/s behind a tag, too many for one piece.
    fn mp3() -> File {
        let mut frame = vec![0x55; 417];
        frame[..4].copy_from_slice(&[0xff, 0xfb, 0x90, 0x00]);
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"ID3\x03\0\0\0\0\0\x0a0123456789").unwrap();
        file.write_all(&frame.repeat(1500)).unwrap();
        file
    }

    fn copied(mut original: Original) -> Vec<u8> {
        let len = original.before.len();
        let Sniffed::Sound(what) = sniff(&mut original.file, len).unwrap() else { panic!("no sound") };
        let Walked::Frames(map) = original.walk(&what, &Cancel::default()).unwrap() else {
            panic!("not walked")
        };
        let mut bytes = Vec::new();
        let taken = original.bytes_of(&map, &Cancel::default(), |piece| {
            bytes.extend_from_slice(piece);
            Ok(())
        });
        taken.unwrap();
        bytes
    }

    #[test]
    fn held_or_read_piece_by_piece_it_is_the_same() {
        let open = || {
            let file = mp3();
            let before = file.metadata().unwrap();
            Original::read(file, before).unwrap()
        };
        let held = open();
        assert!(held.held.is_some());
        let (held, streamed) = (copied(held), copied(Original { held: None, ..open() }));
        assert_eq!(held.len(), 1500 * 417);
        assert!(held == streamed, "the bytes differ");
    }

    #[test]
    fn a_file_that_somebody_writes_to_is_noticed() {
        let file = mp3();
        let before = file.metadata().unwrap();
        let mut writer = file.try_clone().unwrap();
        let original = Original::read(file, before).unwrap();
        assert!(!original.has_changed().unwrap());
        // As many bytes, at another time.
        writer.seek(SeekFrom::Start(20)).unwrap();
        writer.write_all(b"more").unwrap();
        let later = std::time::SystemTime::now() + std::time::Duration::from_secs(2);
        writer.set_modified(later).unwrap();
        assert!(original.has_changed().unwrap());
    }
}

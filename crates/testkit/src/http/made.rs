//! Bodies that are made while they are sent, so that they may be larger than the memory there is.

use std::io::{self, Write};
use std::net::TcpStream;
use std::ops::Range;

/// So many bytes are made at a time.
const PIECE: usize = 64 << 10;

/// Makes the bytes of a body of this number, from this place on.
pub type Filling = fn(number: usize, at: usize, into: &mut [u8]);

/// A body that is made while it is sent.
#[derive(Debug, Clone, Copy)]
pub struct MadeBody {
    number: usize,
    length: usize,
    fill: Filling,
    /// Where it begins, when a range is asked for.
    from: usize,
    /// The place of a byte that is to be another.
    spoilt: Option<usize>,
}

impl MadeBody {
    /// One of so many bytes.
    pub fn new(number: usize, length: usize, fill: Filling) -> Self {
        Self { number, length, fill, from: 0, spoilt: None }
    }

    /// How many bytes of it are sent.
    pub(super) fn len(&self) -> usize {
        self.length.saturating_sub(self.from)
    }

    /// Leaves so many bytes at its beginning out.
    pub(super) fn begin_at(&mut self, bytes: usize) {
        self.from += bytes;
    }

    /// Makes another byte of the one at this place of what is sent.
    pub(super) fn spoil(&mut self, at: usize) {
        self.spoilt = Some(self.from + at);
    }

    /// Sends this part of what is to be sent.
    pub(super) fn write(&self, mut stream: &TcpStream, part: Range<usize>) -> io::Result<()> {
        let mut buffer = vec![0; PIECE.min(part.len())];
        for at in part.clone().step_by(PIECE) {
            let piece = &mut buffer[..PIECE.min(part.end - at)];
            let begin = self.from + at;
            (self.fill)(self.number, begin, piece);
            if let Some(place) = self.spoilt.and_then(|spoilt| spoilt.checked_sub(begin))
                && let Some(byte) = piece.get_mut(place)
            {
                *byte ^= 0x55;
            }
            stream.write_all(piece)?;
        }
        Ok(())
    }
}

//! Finished frames on their way to the file: cut apart, counted, summed up, written in large pieces.

use std::io::{self, Write};

use crate::mpeg::frames::FrameHeader;
use crate::mpeg::header_frame::{MUSIC_CRC, contents};

/// Bytes collected before they are written.
const WRITE_AT: usize = 128 << 10;

/// Takes a stream's frames.
pub(super) struct FrameSink<'a> {
    out: &'a mut (dyn Write + Send),
    /// Bytes not written yet, whole frames and what there is of the next.
    waiting: Vec<u8>,
    /// How many of them are whole frames.
    whole: usize,
    /// Where each frame begins, in bytes of frames before it.
    starts: Vec<u32>,
    bytes: u64,
    crc: crc::Digest<'static, u16>,
}

/// What a header frame says of the frames behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) frames: u32,
    /// Of all frames, the header frame not counted.
    pub(super) bytes: u32,
    /// For each hundredth of the playing time: the share of the bytes before it, of 256.
    pub(super) contents: [u8; 100],
    /// CRC-16 of the frames.
    pub(super) crc: u16,
}

/// Why frames were not taken.
#[derive(Debug)]
pub(super) enum SinkError {
    Write(io::Error),
    NoFrame,
    TooLarge,
}

impl<'a> FrameSink<'a> {
    pub(super) fn new(out: &'a mut (dyn Write + Send)) -> Self {
        let (waiting, starts) = (Vec::with_capacity(WRITE_AT + 4096), Vec::new());
        Self { out, waiting, whole: 0, starts, bytes: 0, crc: MUSIC_CRC.digest() }
    }

    /// Where the encoder appends to; [`Self::appended`] takes notice.
    pub(super) fn buffer(&mut self) -> &mut Vec<u8> {
        &mut self.waiting
    }

    /// Counts the frames that became whole, and writes when enough wait.
    pub(super) fn appended(&mut self) -> Result<(), SinkError> {
        while let Some(header) = self.waiting.get(self.whole..).filter(|rest| rest.len() >= 4) {
            let len = FrameHeader::parse(header).map_or(0, |header| header.frame_len());
            if len == 0 {
                return Err(SinkError::NoFrame);
            }
            let Some(frame) = header.get(..len) else { break };
            self.crc.update(frame);
            self.starts.push(u32::try_from(self.bytes).map_err(|_| SinkError::TooLarge)?);
            self.bytes += len as u64;
            self.whole += len;
        }
        if self.whole >= WRITE_AT { self.write() } else { Ok(()) }
    }

    fn write(&mut self) -> Result<(), SinkError> {
        self.out.write_all(self.waiting.get(..self.whole).unwrap_or_default()).map_err(SinkError::Write)?;
        self.waiting.drain(..self.whole);
        self.whole = 0;
        Ok(())
    }

    /// Writes the rest; half a frame at the end is the encoder's fault.
    pub(super) fn finish(mut self) -> Result<Counts, SinkError> {
        self.write()?;
        if !self.waiting.is_empty() {
            return Err(SinkError::NoFrame);
        }
        Ok(Counts {
            frames: u32::try_from(self.starts.len()).map_err(|_| SinkError::TooLarge)?,
            bytes: u32::try_from(self.bytes).map_err(|_| SinkError::TooLarge)?,
            contents: contents(self.starts.len(), self.bytes, |frame| {
                self.starts.get(frame).copied().unwrap_or_default().into()
            }),
            crc: self.crc.finalize(),
        })
    }
}

//! A whole MP3 stream: sound is asked for, frames are written, the header frame comes back.

use std::io::{self, Write};

use super::header::complete;
pub(crate) use super::segments::Grid;
use super::sink::{FrameSink, SinkError};
use super::{Mp3Encoder, Shape, segments, single_pass};
use crate::cores::Cores;
use crate::decode::Planes;

/// Why there is no stream. `E` is why there was no sound.
#[derive(Debug)]
pub(crate) enum Failure<E> {
    Sound(E),
    Encoder(String),
    Write(io::Error),
}

impl<E> From<SinkError> for Failure<E> {
    fn from(error: SinkError) -> Self {
        match error {
            SinkError::Write(error) => Self::Write(error),
            SinkError::NoFrame => Self::Encoder("the encoder's stream is not made of frames".to_owned()),
            SinkError::TooLarge => Self::Encoder("the MP3 would be larger than 4 GB".to_owned()),
        }
    }
}

/// One pass over everything, or segments on as many cores as are spare.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Way {
    Whole,
    Segments(Grid),
}

/// Encodes the sound that `next` gives until it says `false`, and writes the frames to `out`. What comes back is the
/// header frame to put before them, as long as the encoder's own.
pub(crate) fn encode<E: Send>(
    encoder: &dyn Mp3Encoder,
    shape: Shape,
    (way, cores): (Way, &Cores),
    out: &mut (dyn Write + Send),
    next: &mut dyn FnMut(&mut Planes) -> Result<bool, E>,
) -> Result<Vec<u8>, Failure<E>> {
    let sink = FrameSink::new(out);
    let (sink, samples) = match way {
        Way::Whole => single_pass::encode(encoder, shape, cores, sink, next)?,
        Way::Segments(grid) => segments::encode(encoder, (shape, grid), cores, sink, next)?,
    };
    let counts = sink.finish()?;
    let frame = encoder.header_frame(shape).map_err(Failure::Encoder)?;
    complete(frame, encoder, samples, &counts).map_err(Failure::Encoder)
}

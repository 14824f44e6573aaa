//! A whole MP3 stream: sound is asked for, frames are written, the header frame comes back.

use std::io::{self, Write};

use super::header::complete;
use super::single_pass::{Lane, Pass};
use super::sink::{FrameSink, SinkError};
use super::{Mp3Encoder, Shape};
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

/// Encodes the sound that `next` gives until it says `false`, and writes the frames to `out`. What comes back is the
/// header frame to put before them, as long as the encoder's own.
pub(crate) fn encode<E: Send>(
    encoder: &dyn Mp3Encoder,
    shape: Shape,
    cores: &Cores,
    out: &mut (dyn Write + Send),
    next: &mut dyn FnMut(&mut Planes) -> Result<bool, E>,
) -> Result<Vec<u8>, Failure<E>> {
    let mut samples = 0;
    let pass = Pass::new(encoder.start(shape).map_err(Failure::Encoder)?, FrameSink::new(out));
    let sink = std::thread::scope(|scope| {
        let mut lane = Lane::Here(pass);
        let mut sound = Planes::new();
        while next(&mut sound).map_err(Failure::Sound)? {
            samples += sound.first().map_or(0, Vec::len) as u64;
            lane = lane.spread(scope, cores).add(&mut sound)?;
        }
        lane.finish()
    })?;
    let counts = sink.finish()?;
    let frame = encoder.header_frame(shape).map_err(Failure::Encoder)?;
    complete(frame, encoder, samples, &counts).map_err(Failure::Encoder)
}

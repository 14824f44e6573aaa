//! One encoder over a whole recording, on a core of its own when one is spare.

use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{Scope, ScopedJoinHandle};

use super::sink::FrameSink;
use super::stream::Failure;
use super::{FrameEncoder, Mp3Encoder, Shape};
use crate::cores::Cores;
use crate::decode::Planes;

/// Stretches of sound that wait for the encoder; of some 4,000 samples each, so a few seconds.
const MOST_WAITING: usize = 32;

/// Encodes the sound that `next` gives; all frames, and the samples per channel.
pub(super) fn encode<'out, E: Send>(
    encoder: &dyn Mp3Encoder,
    shape: Shape,
    cores: &Cores,
    sink: FrameSink<'out>,
    next: &mut dyn FnMut(&mut Planes) -> Result<bool, E>,
) -> Result<(FrameSink<'out>, u64), Failure<E>> {
    let mut samples = 0;
    let pass = Pass { encoder: encoder.start(shape).map_err(Failure::Encoder)?, sink };
    std::thread::scope(|scope| {
        let mut lane = Lane::Here(pass);
        let mut sound = Planes::new();
        while next(&mut sound).map_err(Failure::Sound)? {
            samples += sound.first().map_or(0, Vec::len) as u64;
            lane = lane.placed(scope, cores)?.add(&mut sound)?;
        }
        Ok((lane.finish()?, samples))
    })
}

/// The encoder and what it fills.
struct Pass<'out> {
    encoder: Box<dyn FrameEncoder>,
    sink: FrameSink<'out>,
}

impl<'out> Pass<'out> {
    fn add<E>(&mut self, sound: &[Vec<f32>]) -> Result<(), Failure<E>> {
        self.encoder.encode(sound, self.sink.buffer()).map_err(Failure::Encoder)?;
        Ok(self.sink.appended()?)
    }

    fn finish<E>(mut self) -> Result<FrameSink<'out>, Failure<E>> {
        self.encoder.finish(self.sink.buffer()).map_err(Failure::Encoder)?;
        self.sink.appended()?;
        Ok(self.sink)
    }
}

/// Where a [`Pass`] runs: on the caller's thread, or beside it.
enum Lane<'scope, 'out, E> {
    Here(Pass<'out>),
    Beside(SyncSender<Planes>, ScopedJoinHandle<'scope, Result<Pass<'out>, Failure<E>>>),
}

impl<'scope, 'out: 'scope, E: Send + 'scope> Lane<'scope, 'out, E> {
    /// Moves to a core that nobody uses, and back when another file waits for it.
    fn placed<'env>(
        self,
        scope: &'scope Scope<'scope, 'env>,
        cores: &'env Cores,
    ) -> Result<Self, Failure<E>> {
        let mut pass = match self {
            Self::Here(pass) => pass,
            Self::Beside(sender, thread) if cores.are_wanted() => {
                drop(sender);
                return joined(thread).map(Self::Here);
            }
            beside => return Ok(beside),
        };
        let Some(core) = cores.take_spare() else { return Ok(Self::Here(pass)) };
        let (sender, receiver) = sync_channel::<Planes>(MOST_WAITING);
        let thread = scope.spawn(move || {
            let _core = core;
            for sound in receiver {
                pass.add(&sound)?;
            }
            Ok(pass)
        });
        Ok(Self::Beside(sender, thread))
    }

    /// Hands over `sound`.
    fn add(self, sound: &mut Planes) -> Result<Self, Failure<E>> {
        match self {
            Self::Here(mut pass) => pass.add(sound).map(|()| Self::Here(pass)),
            Self::Beside(sender, thread) => match sender.send(std::mem::take(sound)) {
                Ok(()) => Ok(Self::Beside(sender, thread)),
                // It only stops listening when something went wrong.
                Err(_) => joined(thread).map(Self::Here),
            },
        }
    }

    /// All frames, when all sound was handed over.
    fn finish(self) -> Result<FrameSink<'out>, Failure<E>> {
        let pass = match self {
            Self::Here(pass) => pass,
            Self::Beside(sender, thread) => {
                drop(sender);
                joined(thread)?
            }
        };
        pass.finish()
    }
}

fn joined<'out, E>(
    thread: ScopedJoinHandle<'_, Result<Pass<'out>, Failure<E>>>,
) -> Result<Pass<'out>, Failure<E>> {
    thread.join().unwrap_or_else(|_| Err(Failure::Encoder("the encoder gave up".to_owned())))
}

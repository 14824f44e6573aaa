//! One long recording in segments on several cores, as one stream.
//!
//! The recording is cut on the frame grid. Each segment has an encoder of its own, which is warmed up on the sound
//! before the cut, so that it thinks about the sound as an encoder would that came from the beginning; its first frames
//! are thrown away. Behind the cut two encoders have made the same frames for a while; [`stitch`] picks the seam among
//! them. Cuts depend on positions alone: the bytes are the same on any number of cores.
//!
//! The thread that decodes hands segments out, puts what comes back in order, and encodes itself when enough wait.
//! Rejected: an empty reservoir at every cut (the frames before it would be short of bits), and cutting where it is
//! silent (long recordings of the kind that take long have no silence).

mod frames;
mod running;
mod stitch;

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use self::running::{Encoded, Running};
use self::stitch::Stitcher;
use super::sink::FrameSink;
use super::stream::Failure;
use super::{FRAME_SAMPLES, Mp3Encoder, Shape};
use crate::cores::Cores;
use crate::decode::Planes;

/// Where a recording is cut, in frames.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Grid {
    /// Frames of a segment.
    pub(crate) segment: u64,
    /// Frames an encoder makes before its own.
    pub(crate) warm_up: u64,
    /// Frames behind a cut that both encoders make, each a possible seam.
    pub(crate) seams: u64,
}

impl Grid {
    /// Half a minute, eleven megabytes of sound. The longest memory in LAME, the level that its threshold of hearing
    /// follows, is gone after some forty frames.
    pub(crate) const USUAL: Self = Self { segment: 1200, warm_up: 48, seams: 16 };
}

/// Frames an encoder needs to see ahead before a frame is out, with the reservoir that is still open.
const AHEAD: u64 = 8;
/// More segments than cores are held so that nobody waits for the thread that decodes, but never more than this more.
const MOST_AHEAD: usize = 8;

/// A stretch of sound to be encoded.
pub(super) struct Segment {
    grid: Grid,
    number: u64,
    /// The first sample of `sound`, on the frame grid.
    from: u64,
    sound: Planes,
    /// Whether the recording ends with it.
    last: bool,
}

impl Segment {
    /// Its first own frame.
    fn first_frame(&self) -> u64 {
        self.number * self.grid.segment
    }

    /// The first frame of the next segment.
    fn next_cut(&self) -> u64 {
        self.first_frame() + self.grid.segment
    }

    /// Where the sound of the next segment begins.
    fn next_from(&self) -> u64 {
        (self.next_cut() - self.grid.warm_up) * FRAME_SAMPLES
    }

    /// How many samples it has when it is whole.
    fn whole(&self) -> usize {
        ((self.next_cut() + self.grid.seams + AHEAD) * FRAME_SAMPLES - self.from) as usize
    }

    fn len(&self) -> usize {
        self.sound.first().map_or(0, Vec::len)
    }

    /// The next segment, with what it shares with this one.
    fn following(&self) -> Self {
        let shared = (self.next_from() - self.from) as usize;
        let tail = |plane: &Vec<f32>| plane.get(shared..).unwrap_or_default().to_vec();
        let sound = self.sound.iter().map(tail).collect();
        Self { number: self.number + 1, from: self.next_from(), sound, ..*self }
    }
}

/// What the threads share.
struct Bench<'a> {
    encoder: &'a dyn Mp3Encoder,
    shape: Shape,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Segment>,
    done: BTreeMap<u64, Result<Encoded, String>>,
    closed: bool,
}

impl Bench<'_> {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Encodes segments until there are no more, or another file waits for the core.
    fn help(&self, cores: &Cores) {
        while !cores.are_wanted() {
            let open = |state: &mut State| state.waiting.is_empty() && !state.closed;
            let state = self.changed.wait_while(self.state(), open);
            let Some(segment) = state.unwrap_or_else(PoisonError::into_inner).waiting.pop_front() else {
                return;
            };
            self.encode(segment);
        }
    }

    fn encode(&self, segment: Segment) {
        let number = segment.number;
        // A panic here would leave the others waiting for this segment for ever.
        let encoded = crate::limits::guarded(|| Running::over(self.encoder, self.shape, segment));
        self.state().done.insert(number, encoded.and_then(|encoded| encoded));
        self.changed.notify_all();
    }

    /// The segment `number` when it is done; otherwise works on another, or waits.
    fn finished(&self, number: u64) -> Result<Encoded, String> {
        loop {
            let mut state = self.state();
            if let Some(done) = state.done.remove(&number) {
                return done;
            }
            if let Some(segment) = state.waiting.pop_front() {
                drop(state);
                self.encode(segment);
                continue;
            }
            let not_yet = |state: &mut State| !state.done.contains_key(&number) && state.waiting.is_empty();
            drop(self.changed.wait_while(state, not_yet).unwrap_or_else(PoisonError::into_inner));
        }
    }
}

/// Closes the bench when the work is over, however it ended, so that nobody waits for more.
struct Closing<'a, 'b>(&'a Bench<'b>);

impl Drop for Closing<'_, '_> {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.closed = true;
        // After an error nobody wants what still waits.
        state.waiting.clear();
        drop(state);
        self.0.changed.notify_all();
    }
}

/// Encodes the sound that `next` gives; all frames, and the samples per channel.
pub(super) fn encode<'out, E>(
    encoder: &dyn Mp3Encoder,
    (shape, grid): (Shape, Grid),
    cores: &Cores,
    sink: FrameSink<'out>,
    next: &mut dyn FnMut(&mut Planes) -> Result<bool, E>,
) -> Result<(FrameSink<'out>, u64), Failure<E>> {
    let helpers = AtomicUsize::new(0);
    let bench = Bench { encoder, shape, state: Mutex::default(), changed: Condvar::new() };
    std::thread::scope(|scope| {
        let _closing = Closing(&bench);
        let mut stitcher = Stitcher::new(sink, encoder.is_constant());
        let (mut handed_out, mut stitched) = (0u64, 0u64);
        let mut segment =
            Segment { grid, number: 0, from: 0, sound: vec![Vec::new(); shape.channels], last: false };
        let mut sound = Planes::new();
        while next(&mut sound).map_err(Failure::Sound)? {
            for (plane, more) in segment.sound.iter_mut().zip(&sound) {
                plane.extend_from_slice(more);
            }
            while segment.len() >= segment.whole() {
                let following = segment.following();
                let mut whole = std::mem::replace(&mut segment, following);
                let len = whole.whole();
                whole.sound.iter_mut().for_each(|plane| plane.truncate(len));
                bench.state().waiting.push_back(whole);
                bench.changed.notify_all();
                handed_out += 1;
                if let Some(core) = cores.take_spare() {
                    let (bench, helpers) = (&bench, &helpers);
                    helpers.fetch_add(1, Ordering::Relaxed);
                    scope.spawn(move || {
                        let _core = core;
                        bench.help(cores);
                        helpers.fetch_sub(1, Ordering::Relaxed);
                    });
                }
                let helpers = helpers.load(Ordering::Relaxed);
                let most = (2 * helpers + 1).min(helpers + MOST_AHEAD) as u64;
                while handed_out - stitched > most {
                    stitcher.add(bench.finished(stitched).map_err(Failure::Encoder)?)?;
                    stitched += 1;
                }
            }
        }
        let samples = segment.from + segment.len() as u64;
        segment.last = true;
        bench.state().waiting.push_back(segment);
        bench.changed.notify_all();
        while stitched <= handed_out {
            stitcher.add(bench.finished(stitched).map_err(Failure::Encoder)?)?;
            stitched += 1;
        }
        Ok((stitcher.finish()?, samples))
    })
}

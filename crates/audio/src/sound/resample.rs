//! Sample rates a player takes: 32, 44.1 and 48 kHz pass untouched, every other rate is converted once.
//!
//! The target is the rate of the same family (22.05, 88.2, 176.4 → 44.1; 8, 16, 24, 96, 192 → 48), so ratios stay
//! small. The length is exact, `round(samples × ratio)`, and the filter's delay is taken out.

use audioadapter_buffers::direct::SequentialSliceOfVecs;
use rubato::{Fft, FixedSync, Indexing, Resampler as _};

use crate::decode::Planes;

/// Frames per step; long enough for a steep filter.
const STEP: usize = 1024;

/// The rate an MP3 made from sound at `rate` has.
pub(crate) fn target_rate(rate: u32) -> u32 {
    match rate {
        32_000 | 44_100 | 48_000 => rate,
        _ if rate.is_multiple_of(11_025) => 44_100,
        _ => 48_000,
    }
}

/// Converts one stream.
pub(crate) struct Resampler {
    inner: Fft<f32>,
    from: u32,
    to: u32,
    waiting: Planes,
    step_out: Planes,
    taken: u64,
    given: u64,
    delay_left: usize,
}

impl Resampler {
    /// From `from` to `to` samples per second; the text tells why it cannot be done.
    pub(crate) fn new(from: u32, to: u32, channels: usize) -> Result<Self, String> {
        let inner = Fft::<f32>::new(from as usize, to as usize, STEP, channels, FixedSync::Both)
            .map_err(|error| error.to_string())?;
        let delay_left = inner.output_delay();
        let step_out = vec![vec![0.0; inner.output_frames_max()]; channels];
        Ok(Self {
            inner,
            from,
            to,
            waiting: vec![Vec::new(); channels],
            step_out,
            taken: 0,
            given: 0,
            delay_left,
        })
    }

    /// Takes `input` and replaces `out` by what is ready.
    pub(crate) fn push(&mut self, input: &[Vec<f32>], out: &mut Planes) -> Result<(), String> {
        out.resize_with(self.waiting.len(), Vec::new);
        out.iter_mut().for_each(Vec::clear);
        for (waiting, input) in self.waiting.iter_mut().zip(input) {
            waiting.extend_from_slice(input);
        }
        self.taken += input.first().map_or(0, Vec::len) as u64;
        self.steps(out, None)
    }

    /// Replaces `out` by the rest.
    pub(crate) fn finish(&mut self, out: &mut Planes) -> Result<(), String> {
        out.resize_with(self.waiting.len(), Vec::new);
        out.iter_mut().for_each(Vec::clear);
        let (from, to) = (u128::from(self.from), u128::from(self.to));
        let whole = ((u128::from(self.taken) * to + from / 2) / from) as u64;
        self.steps(out, Some(whole))
    }

    /// Runs the filter over what waits; with `whole`, goes on over silence until that many samples were given.
    fn steps(&mut self, out: &mut Planes, whole: Option<u64>) -> Result<(), String> {
        let mut before = self.given;
        let mut idle = 0;
        loop {
            let need = self.inner.input_frames_next();
            let have = self.waiting.first().map_or(0, Vec::len);
            match whole {
                None if have < need => return Ok(()),
                Some(whole) if self.given >= whole => return Ok(()),
                _ => {}
            }
            let taken = have.min(need);
            if taken < need {
                self.waiting.iter_mut().for_each(|plane| plane.resize(need, 0.0));
            }
            self.step(need, out, whole)?;
            idle = if self.given == before { idle + 1 } else { 0 };
            before = self.given;
            if idle > 1000 {
                return Err("the resampler gives nothing".to_owned());
            }
        }
    }

    fn step(&mut self, need: usize, out: &mut Planes, whole: Option<u64>) -> Result<(), String> {
        let (channels, room) = (self.waiting.len(), self.step_out.first().map_or(0, Vec::len));
        let input = SequentialSliceOfVecs::new(&self.waiting, channels, need).map_err(|e| e.to_string())?;
        let mut output =
            SequentialSliceOfVecs::new_mut(&mut self.step_out, channels, room).map_err(|e| e.to_string())?;
        let (_, frames) = self
            .inner
            .process_into_buffer(&input, &mut output, None::<&Indexing>)
            .map_err(|error| error.to_string())?;
        self.waiting.iter_mut().for_each(|plane| drop(plane.drain(..need)));
        let skip = self.delay_left.min(frames);
        self.delay_left -= skip;
        let limit = whole.map_or(u64::MAX, |whole| whole - self.given);
        let keep = limit.min((frames - skip) as u64) as usize;
        for (out, step) in out.iter_mut().zip(&self.step_out) {
            out.extend_from_slice(step.get(skip..skip + keep).unwrap_or_default());
        }
        self.given += keep as u64;
        Ok(())
    }
}

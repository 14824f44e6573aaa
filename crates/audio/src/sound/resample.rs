//! Sample rates a player takes: 32, 44.1 and 48 kHz pass untouched, every other rate is converted once.
//!
//! The target is the rate of the same family (22.05, 88.2, 176.4 → 44.1; 8, 16, 24, 96, 192 → 48), so ratios stay
//! small. The length is exact, `round(samples × ratio)`, and the filter's delay is taken out.

use audioadapter_buffers::direct::SequentialSliceOfVecs;
use rubato::{Fft, FixedSync, Indexing, Resampler as _};

use crate::decode::Planes;

/// Frames per step; long enough for a steep filter.
const STEP: usize = 1024;

/// The rates of MPEG-1, which MP3s are made of.
const MADE: [u32; 3] = [32_000, 44_100, 48_000];

/// The rate an MP3 made from sound at `rate` has, for a player that takes `rates`; all three when there are none.
pub(crate) fn target_rate(rate: u32, rates: &[u32]) -> u32 {
    let own = match rate {
        32_000 | 44_100 | 48_000 => rate,
        _ if rate.is_multiple_of(11_025) => 44_100,
        _ => 48_000,
    };
    let taken = MADE.into_iter().filter(|made| rates.is_empty() || rates.contains(made));
    // The next higher loses nothing.
    taken.min_by_key(|made| (*made < own, made.abs_diff(own))).unwrap_or(own)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Two seconds of a tone, resampled; the first and last half second left out.
    fn resampled(hertz: f64, from: u32, to: u32) -> Vec<f64> {
        let step = std::f64::consts::TAU * hertz / f64::from(from);
        let tone = (0..from * 2).map(|at| (0.5 * (step * f64::from(at)).sin()) as f32);
        let mut resampler = Resampler::new(from, to, 1).unwrap();
        let (mut out, mut rest) = (Planes::new(), Planes::new());
        resampler.push(&[tone.collect()], &mut out).unwrap();
        resampler.finish(&mut rest).unwrap();
        let all: Vec<f64> = out[0].iter().chain(&rest[0]).map(|sample| f64::from(*sample)).collect();
        assert_eq!(all.len(), to as usize * 2);
        all[to as usize / 2..to as usize * 3 / 2].to_vec()
    }

    /// Level of the tone and of everything else, in dB below the tone that went in. A whole second holds whole
    /// periods of whole frequencies, so the projections are exact.
    fn tone_and_rest(sound: &[f64], hertz: f64, rate: u32) -> (f64, f64) {
        let step = std::f64::consts::TAU * hertz / f64::from(rate);
        let share = |wave: fn(f64) -> f64| {
            let sum: f64 = sound.iter().enumerate().map(|(at, s)| s * wave(step * at as f64)).sum();
            sum * 2.0 / sound.len() as f64
        };
        let (sine, cosine) = (share(f64::sin), share(f64::cos));
        let rest = sound
            .iter()
            .enumerate()
            .map(|(at, s)| s - sine * (step * at as f64).sin() - cosine * (step * at as f64).cos());
        let rest = (rest.map(|s| s * s).sum::<f64>() / sound.len() as f64).sqrt();
        let decibels = |amplitude: f64| 20.0 * (amplitude / 0.5).log10();
        (decibels(sine.hypot(cosine)), decibels(rest * std::f64::consts::SQRT_2))
    }

    #[test]
    fn what_is_heard_passes_unchanged_and_without_company() {
        for from in [8_000, 11_025, 16_000, 22_050, 24_000, 64_000, 88_200, 96_000, 176_400, 192_000] {
            let to = target_rate(from, &[]);
            for hertz in [997.0, 9_973.0, 19_997.0] {
                // The filter falls off in the last tenth below half the source's rate.
                if hertz > f64::from(from) * 0.45 {
                    continue;
                }
                let (tone, rest) = tone_and_rest(&resampled(hertz, from, to), hertz, to);
                assert!(tone.abs() <= 0.1, "{from} → {to}: {hertz} Hz comes through with {tone} dB");
                assert!(rest <= -100.0, "{from} → {to}: {hertz} Hz brings {rest} dB of something else");
            }
        }
    }

    #[test]
    fn what_is_too_high_for_the_new_rate_is_gone() {
        for from in [64_000, 88_200, 96_000, 176_400, 192_000] {
            let to = target_rate(from, &[]);
            for above in [0.56, 0.62, 0.7, 0.95, 1.1, 1.4] {
                let hertz = (f64::from(to) * above).round();
                if hertz < f64::from(from) / 2.0 {
                    let (_, rest) = tone_and_rest(&resampled(hertz, from, to), 1.0, to);
                    assert!(rest <= -100.0, "{from} → {to}: {hertz} Hz leaves {rest} dB");
                }
            }
        }
    }
}

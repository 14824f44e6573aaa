//! Sound at the rate chromaprint works at, by the very numbers `fpcalc` computes with.
//!
//! Chromaprint brings its own small resampler: a bank of 256 phases of a sinc under a Kaiser window (β = 9, cut at 0.8
//! of the lower rate), taps rounded to 16 bits, sums in whole numbers. It takes the nearest phase, mirrors the beginning
//! and leaves out the end that a whole filter does not cover. A better filter hears the same music, but flips bits of
//! the fingerprint here and there; only the same one gives the same values. Rejected: our own resampler (1 bit of 3,000
//! differs), and the one in `rusty-chromaprint`, which is yet another filter.

use std::f64::consts::PI;

/// Chromaprint's rate.
pub(crate) const PRINT_RATE: u32 = 11_025;
/// Positions between two samples that have a filter of their own.
const PHASES: usize = 256;
/// Taps at equal rates; more in the ratio of the rates.
const TAPS: f64 = 16.0;
/// Share of the lower rate's band that is kept.
const CUTOFF: f64 = 0.8;
/// The window's shape.
const BETA: f64 = 9.0;
/// Taps are whole numbers of this many bits behind the point.
const TAP_BITS: u32 = 15;
/// Samples taken in between two passes; results depend on it only when rates below [`PRINT_RATE`] fill a pass.
const WAITING: usize = 32 << 10;

/// Brings one channel of 16-bit samples to [`PRINT_RATE`].
pub(crate) struct FpcalcRate {
    /// `None` where the rate is right already.
    filter: Option<Filter>,
    waiting: Vec<i16>,
    /// Where the next output stands: phases since the start of `waiting`, and parts of a phase.
    at: i64,
    part: u32,
}

struct Filter {
    length: usize,
    /// All taps of the first phase, then of the second, and so on.
    taps: Vec<i32>,
    /// From one output to the next: whole phases, and parts of one, of which [`PRINT_RATE`] make one.
    step: i64,
    step_part: u32,
}

impl FpcalcRate {
    /// Takes sound of `rate` samples per second.
    pub(crate) fn new(rate: u32) -> Self {
        let filter = (rate != PRINT_RATE).then(|| Filter::new(rate));
        let at = filter.as_ref().map_or(0, Filter::start);
        Self { filter, waiting: Vec::new(), at, part: 0 }
    }

    /// Takes `samples` and appends what is ready to `out`.
    pub(crate) fn push(&mut self, mut samples: &[i16], out: &mut Vec<i16>) {
        if self.filter.is_none() {
            out.extend_from_slice(samples);
            return;
        }
        while !samples.is_empty() {
            let room = WAITING.saturating_sub(self.waiting.len()).min(samples.len());
            let (taken, rest) = samples.split_at(room);
            self.waiting.extend_from_slice(taken);
            samples = rest;
            if self.waiting.len() >= WAITING {
                self.pass(out);
            }
        }
    }

    /// Appends the rest.
    pub(crate) fn finish(&mut self, out: &mut Vec<i16>) {
        if !self.waiting.is_empty() {
            self.pass(out);
        }
    }

    fn pass(&mut self, out: &mut Vec<i16>) {
        let Some(filter) = &self.filter else { return };
        for _ in 0..WAITING {
            let Some(sample) = filter.sample(&self.waiting, self.at) else { break };
            out.push(sample);
            self.at += filter.step;
            self.part += filter.step_part;
            if self.part >= PRINT_RATE {
                self.part -= PRINT_RATE;
                self.at += 1;
            }
        }
        let done = usize::try_from(self.at / PHASES as i64).unwrap_or(0).min(self.waiting.len());
        self.waiting.drain(..done);
        self.at -= (done * PHASES) as i64;
    }
}

impl Filter {
    fn new(rate: u32) -> Self {
        let factor = (f64::from(PRINT_RATE) * CUTOFF / f64::from(rate.max(1))).min(1.0);
        let length = (TAPS / factor).ceil().max(1.0) as usize;
        let taps = (0..PHASES).flat_map(|phase| phase_of_taps(phase, length, factor)).collect();
        let step = u64::from(rate) * PHASES as u64;
        let (whole, part) = (step / u64::from(PRINT_RATE), step % u64::from(PRINT_RATE));
        Self { length, taps, step: whole as i64, step_part: part as u32 }
    }

    /// The first output has its filter's middle on the first sample.
    fn start(&self) -> i64 {
        -((PHASES * ((self.length - 1) / 2)) as i64)
    }

    /// The output at `at`; `None` where samples for it are still to come.
    fn sample(&self, waiting: &[i16], at: i64) -> Option<i16> {
        let phase = at.rem_euclid(PHASES as i64) as usize;
        let taps = self.taps.get(phase * self.length..(phase + 1) * self.length)?;
        let first = at.div_euclid(PHASES as i64);
        let sum = if let Ok(first) = usize::try_from(first) {
            let samples = waiting.get(first..first + self.length)?;
            weigh(samples.iter(), taps)
        } else {
            // Before the first sample the sound is its own mirror image, as far as there is any.
            let mirrored = (first..).map(|at| waiting.get(at.unsigned_abs() as usize % waiting.len().max(1)));
            weigh(mirrored.map(|sample| sample.unwrap_or(&0)), taps)
        };
        let rounded = sum.wrapping_add(1 << (TAP_BITS - 1)) >> TAP_BITS;
        Some(rounded.clamp(i16::MIN.into(), i16::MAX.into()) as i16)
    }
}

fn weigh<'a>(samples: impl Iterator<Item = &'a i16>, taps: &[i32]) -> i32 {
    samples.zip(taps).fold(0, |sum, (sample, tap)| sum.wrapping_add(i32::from(*sample).wrapping_mul(*tap)))
}

/// The taps of one phase, which together weigh 1.
fn phase_of_taps(phase: usize, length: usize, factor: f64) -> Vec<i32> {
    let middle = ((length - 1) / 2) as f64;
    let shift = phase as f64 / PHASES as f64;
    let exact: Vec<f64> = (0..length)
        .map(|tap| {
            let x = PI * (tap as f64 - middle - shift) * factor;
            let sinc = if x == 0.0 { 1.0 } else { x.sin() / x };
            let across = 2.0 * x / (factor * length as f64 * PI);
            sinc * bessel(BETA * (1.0 - across * across).max(0.0).sqrt())
        })
        .collect();
    let whole: f64 = exact.iter().sum();
    let one = f64::from(1u32 << TAP_BITS);
    let rounded = exact.iter().map(|tap| ((tap * one / whole) as f32).round_ties_even() as i32);
    rounded.map(|tap| tap.clamp(i16::MIN.into(), i16::MAX.into())).collect()
}

/// The modified Bessel function of the first kind, order 0: its series, as far as it changes the sum.
fn bessel(x: f64) -> f64 {
    let quarter = x * x / 4.0;
    let (mut sum, mut term, mut before, mut n) = (1.0, 1.0, 0.0, 1.0);
    while sum != before {
        before = sum;
        term *= quarter / (n * n);
        sum += term;
        n += 1.0;
    }
    sum
}

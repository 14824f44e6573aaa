//! EBU R 128 loudness, its range and the peaks, measured in the same pass as everything else.
//!
//! The `ebur128` crate measures the same, but keeps to itself what an album's loudness is added up from, and is slower
//! (docs/decisions/0016). Here are only the K-weighting of BS.1770 and the blocks; the gates are `domain`'s.

use ferrotape_domain::{Loudness, lufs};

use crate::listen::fingerprint::SILENCE;
use crate::sound::true_peak::TruePeak;

/// Steps of 100 ms in a momentary and in a short-term block.
const MOMENTARY_STEPS: usize = 4;
const SHORT_TERM_STEPS: usize = 30;
/// Beyond this a filter's memory is far below 24 bits; smaller and smaller numbers would only slow it down.
const FORGOTTEN: f64 = 1e-15;
/// A decoder run wild reaches any value; the tag has room for two digits.
const MOST_PEAK: f32 = 64.0;

/// Measures one recording of one or two channels.
pub(crate) struct LoudnessMeter {
    weighting: Weighting,
    peak: TruePeak,
    /// Samples in 100 ms, and how many of the current 100 ms are there.
    step_len: usize,
    step_at: usize,
    step_energy: f64,
    /// Energy of the last 3 s, a value for each 100 ms, the oldest first.
    steps: Vec<f64>,
    loudness: Loudness,
}

impl LoudnessMeter {
    /// For `channels` (1 or 2) at `rate`.
    pub(crate) fn new(channels: usize, rate: u32) -> Self {
        Self {
            weighting: Weighting::new(rate),
            peak: TruePeak::new(channels, rate),
            step_len: ((rate as usize + 5) / 10).max(1),
            step_at: 0,
            step_energy: 0.0,
            steps: Vec::with_capacity(SHORT_TERM_STEPS + 1),
            loudness: Loudness::default(),
        }
    }

    /// Takes the next stretch.
    pub(crate) fn add(&mut self, planes: &[Vec<f32>]) {
        self.peak.add(planes);
        let samples = planes.first().map_or(0, Vec::len);
        let mut at = 0;
        while at < samples {
            let end = samples.min(at + self.step_len - self.step_at);
            self.step_energy += match planes {
                [left, right] => self.weighting.energy(slice(left, at, end), slice(right, at, end)),
                // A mono file plays on both speakers: it counts twice, as in ReplayGain 2.0.
                [mono] => 2.0 * self.weighting.energy_of_one(slice(mono, at, end)),
                _ => 0.0,
            };
            self.step_at += end - at;
            at = end;
            if self.step_at == self.step_len {
                self.end_step();
            }
        }
    }

    fn end_step(&mut self) {
        self.steps.push(self.step_energy / self.step_len as f64);
        (self.step_at, self.step_energy) = (0, 0.0);
        self.weighting.forget();
        if self.steps.len() > SHORT_TERM_STEPS {
            self.steps.remove(0);
        }
        let mean = |steps: usize| {
            let last = self.steps.len().checked_sub(steps).and_then(|from| self.steps.get(from..))?;
            Some(last.iter().sum::<f64>() / steps as f64)
        };
        let (momentary, short_term) = (mean(MOMENTARY_STEPS), mean(SHORT_TERM_STEPS));
        momentary.into_iter().for_each(|energy| self.loudness.momentary.add(lufs(energy)));
        short_term.into_iter().for_each(|energy| self.loudness.short_term.add(lufs(energy)));
    }

    /// What was measured.
    pub(crate) fn finish(self) -> Loudness {
        let (sample_peak, true_peak) = self.peak.finish();
        let within = |peak: f32| peak.min(MOST_PEAK);
        Loudness { sample_peak: within(sample_peak), true_peak: within(true_peak), ..self.loudness }
    }
}

/// Whether nothing in it can be heard.
pub(crate) fn is_silent(loudness: &Loudness) -> bool {
    loudness.sample_peak <= SILENCE
}

fn slice(plane: &[f32], from: usize, to: usize) -> &[f32] {
    plane.get(from..to).unwrap_or_default()
}

/// The two filters of BS.1770's K-weighting, for two channels side by side.
#[derive(Debug)]
struct Weighting {
    /// The shelf's b0, b1, b2, a1, a2.
    shelf: [f64; 5],
    /// The high pass's a1, a2; its zeros are both at 0 Hz.
    high: [f64; 2],
    memory: [Memory; 2],
}

/// What one channel's filters remember: two values each.
#[derive(Debug, Clone, Copy, Default)]
struct Memory {
    shelf: [f64; 2],
    high: [f64; 2],
}

impl Weighting {
    /// The analogue filters behind the standard's coefficients for 48 kHz, for any rate.
    fn new(rate: u32) -> Self {
        let warped = |hertz: f64| (std::f64::consts::PI * hertz / f64::from(rate)).tan();
        let (k, q) = (warped(1_681.974_450_955_533), 0.707_175_236_955_419_6);
        let high_gain = 10f64.powf(3.999_843_853_973_347 / 20.0);
        let band_gain = high_gain.powf(0.499_666_774_154_541_6);
        let a0 = 1.0 + k / q + k * k;
        let shelf = [
            (high_gain + band_gain * k / q + k * k) / a0,
            2.0 * (k * k - high_gain) / a0,
            (high_gain - band_gain * k / q + k * k) / a0,
            2.0 * (k * k - 1.0) / a0,
            (1.0 - k / q + k * k) / a0,
        ];
        let (k, q) = (warped(38.135_470_876_024_44), 0.500_327_037_323_877_3);
        let a0 = 1.0 + k / q + k * k;
        let high = [2.0 * (k * k - 1.0) / a0, (1.0 - k / q + k * k) / a0];
        Self { shelf, high, memory: [Memory::default(); 2] }
    }

    /// The sum of squares of both channels, weighted.
    fn energy(&mut self, left: &[f32], right: &[f32]) -> f64 {
        let [mut one, mut two] = self.memory;
        let mut sums = [0.0; 2];
        for (left, right) in left.iter().zip(right) {
            let left = weighted(f64::from(*left), &self.shelf, &self.high, &mut one);
            let right = weighted(f64::from(*right), &self.shelf, &self.high, &mut two);
            sums[0] += left * left;
            sums[1] += right * right;
        }
        self.memory = [one, two];
        sums[0] + sums[1]
    }

    fn energy_of_one(&mut self, mono: &[f32]) -> f64 {
        let [mut memory, _] = self.memory;
        let mut sum = 0.0;
        for sample in mono {
            let sample = weighted(f64::from(*sample), &self.shelf, &self.high, &mut memory);
            sum += sample * sample;
        }
        self.memory[0] = memory;
        sum
    }

    /// Sets what is too small to matter to zero. What is not a number would stay for ever; it goes as well.
    fn forget(&mut self) {
        for memory in &mut self.memory {
            for value in memory.shelf.iter_mut().chain(&mut memory.high) {
                if !(value.abs() > FORGOTTEN && value.is_finite()) {
                    *value = 0.0;
                }
            }
        }
    }
}

/// One sample through both filters. The products of the newest memories come last: they are what the next sample
/// waits for.
#[inline(always)]
fn weighted(sample: f64, shelf: &[f64; 5], high: &[f64; 2], memory: &mut Memory) -> f64 {
    let [b0, b1, b2, a1, a2] = *shelf;
    let [v1, v2] = memory.shelf;
    let v0 = (sample - a2 * v2) - a1 * v1;
    memory.shelf = [v0, v1];
    let bright = (b1 * v1 + b2 * v2) + b0 * v0;
    let [c1, c2] = *high;
    let [w1, w2] = memory.high;
    let w0 = (bright - c2 * w2) - c1 * w1;
    memory.high = [w0, w1];
    (w2 - 2.0 * w1) + w0
}

/// What is listened for while an MP3 is made.
pub(crate) enum Ear {
    /// All of it.
    Measuring(Box<LoudnessMeter>),
    /// Only the highest sample: whether there is sound at all.
    PeakOnly(f32),
    /// Nothing: it was measured before.
    Knowing(Loudness),
}

impl Ear {
    /// Takes the next stretch.
    pub(crate) fn add(&mut self, planes: &[Vec<f32>]) {
        match self {
            Self::Measuring(meter) => meter.add(planes),
            Self::PeakOnly(peak) => {
                let samples = planes.iter().flatten();
                *peak =
                    samples.fold(*peak, |peak, sample| if sample.abs() > peak { sample.abs() } else { peak });
            }
            Self::Knowing(_) => {}
        }
    }

    /// The loudness, where it was asked for; or else the highest sample alone.
    pub(crate) fn finish(self) -> Loudness {
        match self {
            Self::Measuring(meter) => meter.finish(),
            Self::PeakOnly(sample_peak) => Loudness { sample_peak, ..Loudness::default() },
            Self::Knowing(loudness) => loudness,
        }
    }
}

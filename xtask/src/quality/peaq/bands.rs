//! The ear's constants: 109 bands of a quarter Bark from 80 Hz to 18 kHz, what the outer ear lets through, the noise in
//! the ear itself, how long it rings.

use realfft::{RealFftPlanner, RealToComplex};
use std::f64::consts::TAU;
use std::sync::Arc;

use super::spreading::Spreading;

/// Samples per second of everything that is graded.
pub(in crate::quality) const RATE: u32 = 48_000;
/// Samples a frame looks at, and how far it moves on.
pub(super) const FRAME: usize = 2048;
pub(super) const STEP: usize = FRAME / 2;
pub(super) const BINS: usize = FRAME / 2 + 1;
pub(super) const BANDS: usize = 109;
pub(super) type Bands = [f64; BANDS];
/// Bark per band.
pub(super) const RESOLUTION: f64 = 0.25;
/// Frames per second.
pub(super) const FRAME_RATE: f64 = RATE as f64 / STEP as f64;

const LOWEST_HZ: f64 = 80.0;
const HIGHEST_HZ: f64 = 18_000.0;
const BIN_HZ: f64 = RATE as f64 / FRAME as f64;
/// Sound pressure level of a sine at full scale.
const FULL_SCALE_DB: f64 = 92.0;
/// The sine that the level is calibrated with.
const CALIBRATION_HZ: f64 = 1019.5;
/// No band is quieter: logarithms follow.
const LEAST_POWER: f64 = 1e-12;

/// Which bins a band takes, and how much of the first and the last one.
#[derive(Debug, Clone, Copy)]
struct Group {
    first: usize,
    last: usize,
    share_of_first: f64,
    share_of_last: f64,
}

/// What follows from the constants alone.
pub(super) struct Tables {
    pub(super) fft: Arc<dyn RealToComplex<f64>>,
    /// The window, with the calibration of the level in it.
    pub(super) window: Vec<f64>,
    /// What the outer and middle ear let through of each bin's power.
    pub(super) ear_weight: Vec<f64>,
    groups: Vec<Group>,
    pub(super) internal_noise: Bands,
    pub(super) spreading: Spreading,
    /// How much of the last frame's excitation is left in this one.
    pub(super) smearing: Bands,
    /// The same for the slower following of levels and modulation.
    pub(super) adapting: Bands,
    /// How far below the excitation a noise is masked, as a factor of power.
    pub(super) masking: Bands,
    loudness: Vec<Loudness>,
}

/// Constants of one band's loudness.
struct Loudness {
    threshold: f64,
    index: f64,
    scale: f64,
}

impl Tables {
    pub(super) fn new() -> Self {
        let edges = edges_bark();
        let centres_hz = centres_hz(&edges);
        let groups = edges
            .iter()
            .zip(edges.iter().skip(1))
            .map(|(&from, &to)| Group::between(hz(from) / BIN_HZ, hz(to) / BIN_HZ))
            .collect();
        Self {
            fft: RealFftPlanner::new().plan_fft_forward(FRAME),
            window: window(),
            ear_weight: (0..BINS).map(|bin| ear_weight(bin as f64 * BIN_HZ / 1000.0)).collect(),
            groups,
            internal_noise: centres_hz.map(|hz| decibels(1.456 * (hz / 1000.0).powf(-0.8))),
            spreading: Spreading::new(&centres_hz),
            smearing: centres_hz.map(|hz| left_after_a_frame(hz, 0.030)),
            adapting: centres_hz.map(|hz| left_after_a_frame(hz, 0.050)),
            masking: std::array::from_fn(|band| decibels((0.25 * band as f64 * RESOLUTION).max(3.0))),
            loudness: centres_hz.iter().map(|&hz| Loudness::at(hz)).collect(),
        }
    }

    /// Power per band of a power spectrum.
    pub(super) fn grouped(&self, spectrum: &[f64; BINS]) -> Bands {
        let mut bands = [0.0; BANDS];
        for (power, group) in bands.iter_mut().zip(&self.groups) {
            let inner: f64 = spectrum.get(group.first + 1..group.last).unwrap_or_default().iter().sum();
            let ends =
                group.share_of_first * spectrum[group.first] + group.share_of_last * spectrum[group.last];
            *power = (inner + ends).max(LEAST_POWER);
        }
        bands
    }

    /// How loud an excitation is, in sone (as the recommendation counts: a 1 kHz tone at 40 dB gives 0.58).
    pub(super) fn loudness(&self, excitation: &Bands) -> f64 {
        let bands = excitation.iter().zip(&self.loudness);
        let sum: f64 = bands
            .map(|(power, band)| {
                let above = 1.0 - band.index + band.index * power / band.threshold;
                (band.scale * (above.powf(0.23) - 1.0)).max(0.0)
            })
            .sum();
        24.0 / BANDS as f64 * sum
    }
}

impl Group {
    /// The bins between two frequencies, given in bins: bin k reaches from k - ½ to k + ½.
    fn between(from: f64, to: f64) -> Self {
        let (first, last) = (from.round(), to.round());
        let share_of_first = to.min(first + 0.5) - from;
        let share_of_last = if last > first { to - (last - 0.5) } else { 0.0 };
        Self { first: first as usize, last: last as usize, share_of_first, share_of_last }
    }
}

impl Loudness {
    fn at(hz: f64) -> Self {
        let khz = hz / 1000.0;
        let threshold = decibels(3.64 * khz.powf(-0.8));
        let index = decibels(-2.0 - 2.05 * (khz / 4.0).atan() - 0.75 * (khz / 1.6).powi(2).atan());
        Self { threshold, index, scale: 1.07664 * (threshold / (index * 1e4)).powf(0.23) }
    }
}

/// Edges of the bands in Bark; the last band is cut off at 18 kHz.
pub(super) fn edges_bark() -> Vec<f64> {
    let bark = |hz: f64| 7.0 * (hz / 650.0).asinh();
    let (lowest, highest) = (bark(LOWEST_HZ), bark(HIGHEST_HZ));
    (0..=BANDS).map(|nth| (lowest + nth as f64 * RESOLUTION).min(highest)).collect()
}

/// The middle of each band, in Bark as the ear has it.
pub(super) fn centres_hz(edges: &[f64]) -> Bands {
    let mut centres = [0.0; BANDS];
    for (centre, pair) in centres.iter_mut().zip(edges.windows(2)) {
        *centre = hz(pair.iter().sum::<f64>() / 2.0);
    }
    centres
}

pub(super) fn hz(bark: f64) -> f64 {
    650.0 * (bark / 7.0).sinh()
}

/// A factor of power.
pub(super) fn decibels(db: f64) -> f64 {
    10f64.powf(db / 10.0)
}

/// The Hann window, scaled so that a full-scale sine of the calibration frequency, wherever it falls between two bins,
/// shows the power of its level in the stronger one.
fn window() -> Vec<f64> {
    let span = (FRAME - 1) as f64;
    let bin = CALIBRATION_HZ / BIN_HZ;
    let off = (bin - bin.floor()).min(bin.ceil() - bin) / FRAME as f64 * span;
    let turn = std::f64::consts::PI * off;
    let peak = turn.sin() / (turn * (1.0 - off * off));
    let gain = 10f64.powf(FULL_SCALE_DB / 20.0) / (peak * span / 4.0);
    (0..FRAME).map(|at| gain * 0.5 * (1.0 - (TAU * at as f64 / span).cos())).collect()
}

fn ear_weight(khz: f64) -> f64 {
    if khz <= 0.0 {
        return 0.0;
    }
    let db = -2.184 * khz.powf(-0.8) + 6.5 * (-0.6 * (khz - 3.3).powi(2)).exp() - 0.001 * khz.powf(3.6);
    decibels(db)
}

/// The share of a pattern that is left one frame later; low bands ring longer, up to `slowest_s` at 100 Hz.
fn left_after_a_frame(hz: f64, slowest_s: f64) -> f64 {
    let seconds = 0.008 + 100.0 / hz * (slowest_s - 0.008);
    (-1.0 / (FRAME_RATE * seconds)).exp()
}

//! How one frame of the two signals differs: modulation, loudness of the noise, bandwidth, noise against mask, and the
//! probability that somebody notices.

use super::bands::{BANDS, BINS, Bands, Tables, decibels};
use super::ear::Heard;
use super::patterns::Modulation;

/// The bin at 21.6 kHz; what lies above is taken for the noise floor.
const ABOVE_SOUND: usize = 921;
/// A narrower reference (8.1 kHz) says nothing about bandwidth.
const NARROWEST: usize = 346;

/// Differences of modulation, and how much the frame counts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moved {
    /// With equal regard for more and for less modulation.
    pub(super) evenly: f64,
    /// Added modulation counting ten times as much as lost one.
    pub(super) mostly_added: f64,
    pub(super) weight: f64,
}

pub(super) fn modulation(tables: &Tables, reference: &Modulation, test: &Modulation) -> Moved {
    let mut moved = Moved { evenly: 0.0, mostly_added: 0.0, weight: 0.0 };
    for band in 0..BANDS {
        let (ours, theirs) = (reference.modulation[band], test.modulation[band]);
        let difference = (ours - theirs).abs();
        moved.evenly += difference / (1.0 + ours);
        moved.mostly_added += if theirs >= ours { 1.0 } else { 0.1 } * difference / (0.01 + ours);
        let loudness = reference.average[band];
        moved.weight += loudness / (loudness + 100.0 * tables.internal_noise[band].powf(0.3));
    }
    let percent = 100.0 / BANDS as f64;
    Moved { evenly: percent * moved.evenly, mostly_added: percent * moved.mostly_added, ..moved }
}

/// How loud the added noise is beside the signal that masks it in part. Each pair: reference, test.
pub(super) fn noise_loudness(
    tables: &Tables,
    modulation: (&Bands, &Bands),
    adapted: (&Bands, &Bands),
) -> f64 {
    let mut sum = 0.0;
    for band in 0..BANDS {
        let slope = |modulation: &Bands| 0.15 * modulation[band] + 0.5;
        let (s_reference, s_test) = (slope(modulation.0), slope(modulation.1));
        let (reference, test) = (adapted.0[band], adapted.1[band]);
        let threshold = tables.internal_noise[band];
        let beta = (-1.5 * (test - reference) / reference).exp();
        let added = (s_test * test - s_reference * reference).max(0.0);
        let masked = 1.0 + added / (threshold + s_reference * reference * beta);
        sum += (threshold / s_test).powf(0.23) * (masked.powf(0.23) - 1.0);
    }
    24.0 / BANDS as f64 * sum
}

/// How many bins of the reference and of the test rise above the noise floor; `None` if the reference has too few.
pub(super) fn bandwidth(reference: &[f64; BINS], test: &[f64; BINS]) -> Option<(f64, f64)> {
    let floor = test[ABOVE_SOUND..BINS - 1].iter().fold(0.0, |most: f64, &power| most.max(power));
    let reaches = |spectrum: &[f64], least: f64| spectrum.iter().rposition(|&power| power >= least * floor);
    let of_reference = reaches(&reference[..ABOVE_SOUND], decibels(10.0))? + 1;
    if of_reference <= NARROWEST {
        return None;
    }
    let of_test = reaches(&test[..of_reference], decibels(5.0)).map_or(0, |bin| bin + 1);
    Some((of_reference as f64, of_test as f64))
}

/// Noise against mask of a frame, as factors of power.
#[derive(Debug, Clone, Copy)]
pub(super) struct Noise {
    pub(super) mean: f64,
    pub(super) most: f64,
}

pub(super) fn noise_to_mask(tables: &Tables, reference: &Heard, test: &Heard) -> Noise {
    let mut noise = [0.0; BINS];
    let spectra = reference.weighted.iter().zip(&test.weighted);
    for (noise, (reference, test)) in noise.iter_mut().zip(spectra) {
        *noise = (reference.sqrt() - test.sqrt()).powi(2);
    }
    let mut all = Noise { mean: 0.0, most: 0.0 };
    let bands = tables.grouped(&noise).into_iter().zip(&reference.excitation).zip(&tables.masking);
    for ((noise, excitation), masking) in bands {
        let ratio = noise * masking / excitation;
        all.mean += ratio / BANDS as f64;
        all.most = all.most.max(ratio);
    }
    all
}

/// Whether a listener with two ears notices anything in this frame.
#[derive(Debug, Clone, Copy)]
pub(super) struct Detection {
    pub(super) probability: f64,
    /// Steps above the threshold, over all bands.
    pub(super) steps: f64,
}

/// The better ear counts in each band. Each pair: excitation by the reference, by the test.
pub(super) fn detection<'b>(channels: impl Iterator<Item = (&'b Bands, &'b Bands)>) -> Detection {
    let (mut missed, mut steps) = ([1.0; BANDS], [0.0; BANDS]);
    for (reference, test) in channels {
        for band in 0..BANDS {
            let one = detection_in_band(10.0 * reference[band].log10(), 10.0 * test[band].log10());
            missed[band] = f64::min(missed[band], 1.0 - one.probability);
            steps[band] = f64::max(steps[band], one.steps);
        }
    }
    Detection { probability: 1.0 - missed.iter().product::<f64>(), steps: steps.iter().sum() }
}

fn detection_in_band(reference_db: f64, test_db: f64) -> Detection {
    let level = 0.3 * reference_db.max(test_db) + 0.7 * test_db;
    let step = if level > 0.0 { step_size_db(level) } else { 1e30 };
    let difference = reference_db - test_db;
    // A loss is noticed less readily than an addition of the same size.
    let steepness = if difference > 0.0 { 4 } else { 6 };
    let probability = 1.0 - 0.5f64.powf((difference / step).powi(steepness));
    Detection { probability, steps: difference.trunc().abs() / step }
}

/// The difference of level that half the listeners notice.
pub(super) fn step_size_db(level: f64) -> f64 {
    let polynomial = [-0.198_719, 0.055_019_7, -0.001_024_38, 5.056_22e-6, 9.010_33e-11];
    let sum = polynomial.iter().rev().fold(0.0, |sum, factor| sum * level + factor);
    5.95072 * (6.39468 / level).powf(1.71332) + sum
}

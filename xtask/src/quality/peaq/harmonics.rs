//! Error harmonic structure: an error whose spectrum repeats itself at equal distances is a tone, and tones are noticed.

use realfft::num_complex::Complex64;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};
use std::f64::consts::TAU;
use std::sync::Arc;

use super::bands::BINS;

/// Lags looked at, and terms of each sum: the largest power of two with both below 18 kHz.
const LAGS: usize = 256;

/// The transforms it takes.
pub(super) struct Correlator {
    forward: Arc<dyn RealToComplex<f64>>,
    back: Arc<dyn ComplexToReal<f64>>,
    last: Arc<dyn RealToComplex<f64>>,
    window: Vec<f64>,
}

impl Correlator {
    pub(super) fn new() -> Self {
        let mut planner = RealFftPlanner::new();
        let hann = |at: usize| 0.5 * (1.0 - (TAU * at as f64 / (LAGS - 1) as f64).cos());
        Self {
            forward: planner.plan_fft_forward(2 * LAGS),
            back: planner.plan_fft_inverse(2 * LAGS),
            last: planner.plan_fft_forward(LAGS),
            window: (0..LAGS).map(|at| (8.0f64 / 3.0).sqrt() / LAGS as f64 * hann(at)).collect(),
        }
    }

    /// The strongest period in the course of the error over frequency, 0 for none.
    pub(super) fn structure(&self, reference: &[f64; BINS], test: &[f64; BINS]) -> f64 {
        let mut error = [0.0; 2 * LAGS];
        let powers = reference.iter().zip(test).take(2 * LAGS - 1);
        for (error, (&reference, &test)) in error.iter_mut().zip(powers) {
            *error = if reference > 0.0 && test > 0.0 { (test / reference).ln() } else { 0.0 };
        }
        // The transforms fail for wrong lengths only, and these are their own.
        let correlated = self.correlated(&error).unwrap_or_else(|_| vec![0.0; LAGS]);
        let mut normed = normalised(&correlated, &error);
        let mean = normed.iter().sum::<f64>() / LAGS as f64;
        normed.iter_mut().zip(&self.window).for_each(|(value, window)| *value = window * (*value - mean));
        let mut periods = self.last.make_output_vec();
        if self.last.process(&mut normed, &mut periods).is_err() {
            return 0.0;
        }
        peak_after_valley(&periods.iter().map(Complex64::norm_sqr).collect::<Vec<_>>())
    }

    /// Sums over 256 terms of the error times itself, shifted by 0 to 255 bins.
    fn correlated(&self, error: &[f64; 2 * LAGS]) -> Result<Vec<f64>, realfft::FftError> {
        let mut whole = error.to_vec();
        let mut first = error.to_vec();
        first.iter_mut().skip(LAGS).for_each(|value| *value = 0.0);
        let (mut of_whole, mut of_first) = (self.forward.make_output_vec(), self.forward.make_output_vec());
        self.forward.process(&mut whole, &mut of_whole)?;
        self.forward.process(&mut first, &mut of_first)?;
        for (whole, first) in of_whole.iter_mut().zip(&of_first) {
            *whole *= first.conj() / (2 * LAGS) as f64;
        }
        // Rounding leaves something imaginary where there can be none.
        of_whole.first_mut().into_iter().for_each(|bin| bin.im = 0.0);
        of_whole.last_mut().into_iter().for_each(|bin| bin.im = 0.0);
        self.back.process(&mut of_whole, &mut whole)?;
        whole.truncate(LAGS);
        Ok(whole)
    }
}

/// Divided by the lengths of the two stretches; no error at all is alike everywhere.
fn normalised(correlated: &[f64], error: &[f64; 2 * LAGS]) -> Vec<f64> {
    let own: f64 = error.iter().take(LAGS).map(|value| value * value).sum();
    let mut shifted = own;
    let mut normed = Vec::with_capacity(LAGS);
    for (lag, value) in correlated.iter().enumerate() {
        let product = own * shifted;
        normed.push(if product > 0.0 { value / product.sqrt() } else { 1.0 });
        shifted += error[lag + LAGS].powi(2) - error[lag].powi(2);
    }
    normed
}

/// The highest value behind the slope that the curve begins with.
fn peak_after_valley(curve: &[f64]) -> f64 {
    let rises = curve.windows(2).position(|pair| matches!(pair, [one, next] if next > one));
    let behind = rises.and_then(|at| curve.get(at + 1..)).unwrap_or_default();
    behind.iter().copied().fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_is_looked_for_behind_the_first_valley() {
        assert_eq!(peak_after_valley(&[9.0, 4.0, 1.0, 3.0, 5.0, 2.0]), 5.0);
        assert_eq!(peak_after_valley(&[1.0, 4.0, 2.0]), 4.0);
        assert_eq!(peak_after_valley(&[3.0, 2.0, 1.0]), 0.0);
    }

    #[test]
    fn an_error_that_repeats_every_sixteen_bins_stands_out_from_noise() {
        let correlator = Correlator::new();
        let reference = [1.0; BINS];
        let comb = std::array::from_fn(|bin| if bin % 16 == 0 { 4.0 } else { 1.0 });
        let mut random = ferrotape_testkit::Random::seeded(3);
        let noise = std::array::from_fn(|_| 0.5 + random.unit());
        let of_comb = correlator.structure(&reference, &comb);
        let of_noise = correlator.structure(&reference, &noise);
        assert!(of_comb > 10.0 * of_noise, "{of_comb} {of_noise}");
        assert_eq!(correlator.structure(&reference, &reference), 0.0);
    }

    #[test]
    fn correlation_by_transforms_is_the_plain_sum() {
        let mut random = ferrotape_testkit::Random::seeded(5);
        let mut error = [0.0; 2 * LAGS];
        error.iter_mut().take(2 * LAGS - 1).for_each(|value| *value = random.unit() - 0.5);
        let quick = Correlator::new().correlated(&error).unwrap();
        for (lag, quick) in quick.iter().enumerate() {
            let plain: f64 = (0..LAGS).map(|at| error[at] * error[at + lag]).sum();
            assert!((quick - plain).abs() < 1e-9, "{lag}: {quick} {plain}");
        }
    }
}

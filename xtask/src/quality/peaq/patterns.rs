//! What makes the two signals comparable: differences of level and of slow filtering are taken out, and each band's
//! modulation is followed.

use super::bands::{BANDS, Bands, FRAME_RATE};

/// Excitation patterns after level and pattern adaptation.
pub(super) struct Adaptation {
    slow_reference: Bands,
    slow_test: Bands,
    product: Bands,
    square: Bands,
    factor_reference: Bands,
    factor_test: Bands,
    /// The adapted patterns of the last frame.
    pub(super) reference: Bands,
    pub(super) test: Bands,
}

impl Adaptation {
    pub(super) fn new() -> Self {
        let none = [0.0; BANDS];
        Self {
            slow_reference: none,
            slow_test: none,
            product: none,
            square: none,
            factor_reference: none,
            factor_test: none,
            reference: none,
            test: none,
        }
    }

    pub(super) fn follow(&mut self, reference: &Bands, test: &Bands, left: &Bands) {
        mix(&mut self.slow_reference, reference, left);
        mix(&mut self.slow_test, test, left);
        let both = self.slow_reference.iter().zip(&self.slow_test);
        let common: f64 = both.map(|(reference, test)| (reference * test).sqrt()).sum();
        let level = (common / self.slow_test.iter().sum::<f64>()).powi(2);
        self.reference = *reference;
        self.test = *test;
        // Only the louder one is brought down, so nothing rises above the ear's own noise by this.
        if level > 1.0 {
            self.reference.iter_mut().for_each(|power| *power /= level);
        } else {
            self.test.iter_mut().for_each(|power| *power *= level);
        }
        let (wanted_reference, wanted_test) = self.wanted(left);
        mix(&mut self.factor_reference, &averaged(&wanted_reference), left);
        mix(&mut self.factor_test, &averaged(&wanted_test), left);
        scale(&mut self.reference, &self.factor_reference);
        scale(&mut self.test, &self.factor_test);
    }

    /// The factors that would make each band's slow course equal in both.
    fn wanted(&mut self, left: &Bands) -> (Bands, Bands) {
        let (mut reference, mut test) = ([1.0; BANDS], [1.0; BANDS]);
        for band in 0..BANDS {
            let kept = left[band];
            self.product[band] = kept * self.product[band] + self.test[band] * self.reference[band];
            self.square[band] = kept * self.square[band] + self.reference[band].powi(2);
            if self.product[band] >= self.square[band] {
                test[band] = self.square[band] / self.product[band];
            } else {
                reference[band] = self.product[band] / self.square[band];
            }
        }
        (reference, test)
    }
}

/// The mean of a band, the three below and the four above it, as far as they exist.
fn averaged(factors: &Bands) -> Bands {
    std::array::from_fn(|band| {
        let near = factors.get(band.saturating_sub(3)..BANDS.min(band + 5)).unwrap_or_default();
        near.iter().sum::<f64>() / near.len() as f64
    })
}

fn mix(slow: &mut Bands, now: &Bands, left: &Bands) {
    for ((slow, now), left) in slow.iter_mut().zip(now).zip(left) {
        *slow = left * *slow + (1.0 - left) * now;
    }
}

fn scale(bands: &mut Bands, factors: &Bands) {
    bands.iter_mut().zip(factors).for_each(|(band, factor)| *band *= factor);
}

/// How strongly each band's loudness moves.
pub(super) struct Modulation {
    last: Bands,
    movement: Bands,
    /// Mean loudness.
    pub(super) average: Bands,
    pub(super) modulation: Bands,
}

impl Modulation {
    pub(super) fn new() -> Self {
        let none = [0.0; BANDS];
        Self { last: none, movement: none, average: none, modulation: none }
    }

    pub(super) fn follow(&mut self, unsmeared: &Bands, left: &Bands) {
        let loudness = unsmeared.map(|power| power.powf(0.3));
        let moved = std::array::from_fn(|band| FRAME_RATE * (loudness[band] - self.last[band]).abs());
        mix(&mut self.movement, &moved, left);
        mix(&mut self.average, &loudness, left);
        self.modulation = std::array::from_fn(|band| self.movement[band] / (1.0 + self.average[band] / 0.3));
        self.last = loudness;
    }
}

//! A tap on sound that is decoded anyway: it keeps the loudest sample and the fingerprint of the beginning.
//!
//! Everything up to the fingerprint is done as `fpcalc` does it: samples to 16 bits, the average of all channels in
//! whole numbers, [`FpcalcRate`], two minutes exactly.

use std::time::Duration;

use ferrotape_domain::{Health, Heard};
use rusty_chromaprint::{Configuration, Fingerprinter};

use crate::decode::Planes;
use crate::listen::fpcalc_rate::{FpcalcRate, PRINT_RATE};

/// How much of a file the fingerprint is taken of; `fpcalc` takes as much.
const HEARD_SECONDS: u64 = 120;
/// A file in which nothing is louder than −60 dBFS is silent: dither and tape hiss lie below, all music above.
pub(crate) const SILENCE: f32 = 0.001;

/// From here on up to twice as much, a 32-bit float has no fractions, nor has 1.5 times this and little more or less.
const NO_FRACTIONS: f32 = 1.5 * 8_388_608.0;

/// How samples become 16-bit numbers: ffmpeg drops the lower bits of longer whole numbers, and rounds fractions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Depth {
    /// The source stores whole numbers.
    WholeNumbers,
    /// The decoder computes with fractions, as all lossy ones do.
    Fractions,
}

/// Takes in sound as it is decoded.
pub(crate) struct Fingerprinting {
    depth: Depth,
    at_print_rate: FpcalcRate,
    printer: Fingerprinter,
    rate: u32,
    /// Samples still to be taken into the fingerprint.
    left: u64,
    peak: f32,
    mono: Vec<i16>,
    sums: Vec<i32>,
    resampled: Vec<i16>,
}

impl Fingerprinting {
    /// For sound of `rate` samples per second; the text tells why it cannot be heard.
    pub(crate) fn new(rate: u32, depth: Depth) -> Result<Self, String> {
        // Chromaprint's second algorithm, the one that everybody uses.
        let mut printer = Fingerprinter::new(&Configuration::preset_test2());
        printer.start(PRINT_RATE, 1).map_err(|error| error.to_string())?;
        Ok(Self {
            depth,
            at_print_rate: FpcalcRate::new(rate),
            printer,
            rate,
            left: HEARD_SECONDS * u64::from(rate),
            peak: 0.0,
            mono: Vec::new(),
            sums: Vec::new(),
            resampled: Vec::new(),
        })
    }

    /// Whether the fingerprint has all it is taken of.
    pub(crate) fn is_full(&self) -> bool {
        self.left == 0
    }

    /// Whether nothing was louder than [`SILENCE`].
    pub(crate) fn is_silent(&self) -> bool {
        self.peak <= SILENCE
    }

    /// Takes one stretch of sound, all its channels as they were stored.
    pub(crate) fn add(&mut self, sound: &Planes) {
        for plane in sound {
            self.peak = plane.iter().fold(self.peak, |peak, sample| peak.max(sample.abs()));
        }
        let had = sound.first().map_or(0, Vec::len) as u64;
        let taken = had.min(self.left);
        if taken == 0 {
            return;
        }
        self.left -= taken;
        self.average(sound, taken as usize);
        self.resampled.clear();
        self.at_print_rate.push(&self.mono, &mut self.resampled);
        self.printer.consume(&self.resampled);
    }

    /// Fills `self.mono` by the average of all channels, rounded towards zero.
    fn average(&mut self, sound: &Planes, taken: usize) {
        self.sums.clear();
        self.sums.resize(taken, 0);
        for plane in sound {
            for (sum, sample) in self.sums.iter_mut().zip(plane) {
                *sum += i32::from(self.depth.sixteen_bits(*sample));
            }
        }
        let channels = i32::try_from(sound.len()).unwrap_or(i32::MAX).max(1);
        self.mono.clear();
        self.mono.extend(self.sums.iter().map(|sum| (sum / channels) as i16));
    }

    /// What was heard of a source that gave `produced` samples per channel.
    pub(crate) fn finish(mut self, produced: u64, health: Health) -> Heard {
        self.resampled.clear();
        self.at_print_rate.finish(&mut self.resampled);
        self.printer.consume(&self.resampled);
        self.printer.finish();
        let duration = Duration::from_secs_f64(produced as f64 / f64::from(self.rate.max(1)));
        Heard { fingerprint: self.printer.fingerprint().to_vec(), duration, health }
    }
}

impl Depth {
    fn sixteen_bits(self, sample: f32) -> i16 {
        let scaled = (sample * 32_768.0).clamp(-32_768.0, 32_767.0);
        // As `floor` and `round_ties_even` do, which are calls of a function each on processors of 2003.
        match self {
            Self::WholeNumbers => {
                let towards_zero = scaled as i32;
                (towards_zero - i32::from(towards_zero as f32 > scaled)) as i16
            }
            Self::Fractions => ((scaled + NO_FRACTIONS) - NO_FRACTIONS) as i16,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixteen_bits_are_made_as_the_functions_of_these_names_make_them() {
        let mut random = ferrotape_testkit::Random::seeded(3);
        let near = (-40_000..40_000).flat_map(|at| [0.0, 0.25, 0.5, 0.75].map(|part| at as f32 + part));
        let any = (0..200_000).map(|_| (random.next_u64() as i64 as f64 / 2f64.powi(47)) as f32);
        for scaled in near.chain(any).chain([f32::MAX, f32::MIN, f32::NAN, f32::MIN_POSITIVE]) {
            let sample = scaled / 32_768.0;
            let exact = sample * 32_768.0;
            assert_eq!(Depth::WholeNumbers.sixteen_bits(sample), exact.floor() as i16, "{exact}");
            assert_eq!(Depth::Fractions.sixteen_bits(sample), exact.round_ties_even() as i16, "{exact}");
        }
    }
}

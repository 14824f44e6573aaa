//! PEAQ: how a listener would grade a coded sound against its original, computed (ITU-R BS.1387, the basic version).
//!
//! Both signals go through a model of the ear ([`ear`], [`spreading`]), are made comparable ([`patterns`]), and eleven
//! variables tell how they differ ([`differences`], [`harmonics`], [`variables`]). A small trained network turns those
//! into a distortion index and the grade ([`network`]). Written from the recommendation and from P. Kabal, "An
//! Examination and Interpretation of ITU-R BS.1387" (McGill University, 2002), whose reading is followed where the
//! recommendation is unclear. No packaged tool does this; how ours was checked is in docs/decisions/0018-quality.md.

mod bands;
mod differences;
mod ear;
mod harmonics;
mod network;
mod patterns;
mod spreading;
mod variables;

use anyhow::{Result, ensure};

use bands::{Bands, FRAME, STEP, Tables};
use ear::{Ear, Heard};
use patterns::{Adaptation, Modulation};
use variables::{FrameOfChannel, Sums};

pub(super) use bands::RATE;
pub(super) use network::Grade;

/// Five successive samples that sum up to this (of 1.0 each at most) begin and end what counts.
const AUDIBLE: f64 = 200.0 / 32_768.0;
/// Below this a second half of a frame has no error worth looking at for harmonics.
const ENERGY: f64 = 8000.0 / (32_768.0 * 32_768.0);

/// Everything that does not depend on the signals.
pub(super) struct Judge {
    tables: Tables,
    harmonics: harmonics::Correlator,
}

impl Judge {
    pub(super) fn new() -> Self {
        Self { tables: Tables::new(), harmonics: harmonics::Correlator::new() }
    }

    /// Grades `test` against `reference`: one or two channels of equal length at 48 kHz, from -1.0 to 1.0, aligned to
    /// the sample. An error when there is too little sound to grade.
    pub(super) fn grade(&self, reference: &[Vec<f32>], test: &[Vec<f32>]) -> Result<Grade> {
        ensure!(
            !reference.is_empty() && reference.len() == test.len(),
            "PEAQ compares like with like channels"
        );
        let samples = reference.first().map_or(0, Vec::len);
        let equal = reference.iter().chain(test).all(|channel| channel.len() == samples);
        ensure!(equal, "PEAQ compares sounds of equal length");
        let frames = audible_frames(reference);
        ensure!(frames.len() > 30, "PEAQ needs more than half a second of sound");
        let mut channels: Vec<Channel<'_>> = reference.iter().map(|_| Channel::new(&self.tables)).collect();
        let mut sums = Sums::new(channels.len());
        for nth in 0..frames.end {
            let pairs = reference.iter().zip(test);
            for (channel, (reference, test)) in channels.iter_mut().zip(pairs) {
                channel.hear(reference, test, nth * STEP);
            }
            if frames.contains(&nth) {
                let seen =
                    channels.iter().map(|channel| channel.differences(&self.harmonics)).collect::<Vec<_>>();
                sums.add(nth, &seen, differences::detection(channels.iter().map(Channel::excitations)));
            }
        }
        Ok(network::grade(&sums.variables()))
    }
}

/// One channel of both signals, and what the ear remembers of them.
struct Channel<'t> {
    tables: &'t Tables,
    reference: Side<'t>,
    test: Side<'t>,
    adaptation: Adaptation,
}

/// One channel of one signal.
struct Side<'t> {
    ear: Ear<'t>,
    heard: Box<Heard>,
    modulation: Modulation,
    /// Whether the second half of the frame holds any energy.
    lively: bool,
}

impl<'t> Side<'t> {
    fn new(tables: &'t Tables) -> Self {
        let heard = Box::new(Heard::new());
        Self { ear: Ear::new(tables), heard, modulation: Modulation::new(), lively: false }
    }

    fn hear(&mut self, samples: &[f32], from: usize, tables: &Tables) {
        let mut frame = [0.0; FRAME];
        for (place, &sample) in frame.iter_mut().zip(samples.get(from..).unwrap_or_default()) {
            *place = f64::from(sample);
        }
        self.lively = frame[STEP..].iter().map(|sample| sample * sample).sum::<f64>() >= ENERGY;
        self.ear.hear(&frame, &mut self.heard);
        self.modulation.follow(&self.heard.unsmeared, &tables.adapting);
    }
}

impl<'t> Channel<'t> {
    fn new(tables: &'t Tables) -> Self {
        let (reference, test) = (Side::new(tables), Side::new(tables));
        Self { tables, reference, test, adaptation: Adaptation::new() }
    }

    fn hear(&mut self, reference: &[f32], test: &[f32], from: usize) {
        self.reference.hear(reference, from, self.tables);
        self.test.hear(test, from, self.tables);
        let (reference, test) = self.excitations();
        let (reference, test) = (*reference, *test);
        self.adaptation.follow(&reference, &test, &self.tables.adapting);
    }

    fn excitations(&self) -> (&Bands, &Bands) {
        (&self.reference.heard.excitation, &self.test.heard.excitation)
    }

    fn differences(&self, harmonics: &harmonics::Correlator) -> FrameOfChannel {
        let (reference, test) = (&self.reference, &self.test);
        let (heard, heard_test) = (&reference.heard, &test.heard);
        let noise = differences::noise_to_mask(self.tables, heard, heard_test);
        FrameOfChannel {
            modulation: differences::modulation(self.tables, &reference.modulation, &test.modulation),
            noise_loudness: differences::noise_loudness(
                self.tables,
                (&reference.modulation.modulation, &test.modulation.modulation),
                (&self.adaptation.reference, &self.adaptation.test),
            ),
            loud: self.tables.loudness(&heard.excitation) > 0.1
                && self.tables.loudness(&heard_test.excitation) > 0.1,
            bandwidth: differences::bandwidth(&heard.spectrum, &heard_test.spectrum),
            noise,
            harmonic: (reference.lively || test.lively)
                .then(|| harmonics.structure(&heard.spectrum, &heard_test.spectrum)),
        }
    }
}

/// The frames that count: silence before and after the sound would only improve the means. A last frame that is at
/// least half filled counts.
fn audible_frames(reference: &[Vec<f32>]) -> std::ops::Range<usize> {
    let loud = |window: &[f32]| window.iter().map(|sample| f64::from(sample.abs())).sum::<f64>() > AUDIBLE;
    let mut first = usize::MAX;
    let mut end = 0;
    for channel in reference {
        first = first.min(channel.windows(5).position(loud).unwrap_or(usize::MAX));
        end = end.max(channel.windows(5).rposition(loud).map_or(0, |at| at + 5));
    }
    if first == usize::MAX || end < STEP {
        return 0..0;
    }
    first / STEP..(end - STEP) / STEP + 1
}

#[cfg(test)]
mod tests;

//! From samples to what the ear holds: spectrum, outer ear, bands, its own noise, spreading over frequency and time.

use realfft::num_complex::Complex64;

use super::bands::{BANDS, BINS, Bands, FRAME, Tables};

/// What is heard of one frame.
pub(super) struct Heard {
    /// Power of each bin.
    pub(super) spectrum: [f64; BINS],
    /// The same behind the outer and middle ear.
    pub(super) weighted: [f64; BINS],
    /// Excitation before it is smeared over time.
    pub(super) unsmeared: Bands,
    pub(super) excitation: Bands,
}

impl Heard {
    pub(super) fn new() -> Self {
        Self {
            spectrum: [0.0; BINS],
            weighted: [0.0; BINS],
            unsmeared: [0.0; BANDS],
            excitation: [0.0; BANDS],
        }
    }
}

/// An ear: frames go in one after the other.
pub(super) struct Ear<'t> {
    tables: &'t Tables,
    ringing: Bands,
    windowed: Vec<f64>,
    transformed: Vec<Complex64>,
    scratch: Vec<Complex64>,
}

impl<'t> Ear<'t> {
    pub(super) fn new(tables: &'t Tables) -> Self {
        let fft = &tables.fft;
        let (windowed, transformed, scratch) =
            (fft.make_input_vec(), fft.make_output_vec(), fft.make_scratch_vec());
        Self { tables, ringing: [0.0; BANDS], windowed, transformed, scratch }
    }

    pub(super) fn hear(&mut self, frame: &[f64; FRAME], heard: &mut Heard) {
        let samples = frame.iter().zip(&self.tables.window);
        for (place, (sample, window)) in self.windowed.iter_mut().zip(samples) {
            *place = sample * window;
        }
        let (from, to, scratch) = (&mut self.windowed, &mut self.transformed, &mut self.scratch);
        // It fails for wrong lengths only, and these are its own; the spectrum would then be silence.
        if self.tables.fft.process_with_scratch(from, to, scratch).is_err() {
            to.fill(Complex64::default());
        }
        for (power, bin) in heard.spectrum.iter_mut().zip(to.iter()) {
            *power = bin.norm_sqr();
        }
        let powers = heard.spectrum.iter().zip(&self.tables.ear_weight);
        for (weighted, (power, weight)) in heard.weighted.iter_mut().zip(powers) {
            *weighted = power * weight;
        }
        let mut bands = self.tables.grouped(&heard.weighted);
        for (power, noise) in bands.iter_mut().zip(&self.tables.internal_noise) {
            *power += noise;
        }
        heard.unsmeared = self.tables.spreading.spread(&bands);
        self.smear(heard);
    }

    /// What rang before masks as long as it is stronger than what is there now.
    fn smear(&mut self, heard: &mut Heard) {
        let now = heard.unsmeared.iter().zip(&self.tables.smearing);
        let places = self.ringing.iter_mut().zip(heard.excitation.iter_mut());
        for ((ringing, excitation), (now, left)) in places.zip(now) {
            *ringing = left * *ringing + (1.0 - left) * now;
            *excitation = ringing.max(*now);
        }
    }
}

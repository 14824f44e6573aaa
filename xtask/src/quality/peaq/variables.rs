//! The eleven model output variables: means over all frames, each in its own way, and over the channels.

use super::differences::{Detection, Moved, Noise};

/// Half a second in which the slow patterns find their level, in frames.
const SETTLING: usize = 24;
/// Frames after the sound is first loud in both before its noise is weighed: 50 ms.
const AFTER_ONSET: usize = 3;
/// Frames of a window of 100 ms.
const WINDOW: usize = 4;
/// 1.5 dB above the mask, as a factor of power.
const DISTURBED: f64 = 1.412_537_544_622_75;

/// The least bandwidths that the network was trained with, in bins.
pub(super) const LEAST_BANDWIDTH_REF: f64 = 393.916_656;
pub(super) const LEAST_BANDWIDTH_TEST: f64 = 361.965_332;

/// What one frame says of one channel.
pub(super) struct FrameOfChannel {
    pub(super) modulation: Moved,
    pub(super) noise_loudness: f64,
    /// Both signals are audible.
    pub(super) loud: bool,
    pub(super) bandwidth: Option<(f64, f64)>,
    pub(super) noise: Noise,
    pub(super) harmonic: Option<f64>,
}

/// The variables of BS.1387, in the order and with the names it gives them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::quality) struct Variables {
    pub(super) bandwidth_ref: f64,
    pub(super) bandwidth_test: f64,
    pub(super) total_nmr: f64,
    pub(super) win_mod_diff_1: f64,
    pub(super) adb: f64,
    pub(super) ehs: f64,
    pub(super) avg_mod_diff_1: f64,
    pub(super) avg_mod_diff_2: f64,
    pub(super) rms_noise_loud: f64,
    pub(super) mfpd: f64,
    pub(super) rel_dist_frames: f64,
}

impl Variables {
    pub(in crate::quality) fn named(&self) -> [(&'static str, f64); 11] {
        [
            ("BandwidthRef", self.bandwidth_ref),
            ("BandwidthTest", self.bandwidth_test),
            ("TotalNMR", self.total_nmr),
            ("WinModDiff1", self.win_mod_diff_1),
            ("ADB", self.adb),
            ("EHS", self.ehs),
            ("AvgModDiff1", self.avg_mod_diff_1),
            ("AvgModDiff2", self.avg_mod_diff_2),
            ("RmsNoiseLoud", self.rms_noise_loud),
            ("MFPD", self.mfpd),
            ("RelDistFrames", self.rel_dist_frames),
        ]
    }
}

/// A mean under way.
#[derive(Debug, Clone, Copy, Default)]
struct Mean {
    sum: f64,
    weight: f64,
}

impl Mean {
    fn add(&mut self, value: f64) {
        self.add_weighted(value, 1.0);
    }

    fn add_weighted(&mut self, value: f64, weight: f64) {
        self.sum += value * weight;
        self.weight += weight;
    }

    /// 0 when nothing was added.
    fn value(self) -> f64 {
        if self.weight > 0.0 { self.sum / self.weight } else { 0.0 }
    }
}

#[derive(Debug, Clone, Default)]
struct OfChannel {
    bandwidth_ref: Mean,
    bandwidth_test: Mean,
    noise: Mean,
    disturbed: Mean,
    modulation_windows: Mean,
    last_roots: Vec<f64>,
    modulation_evenly: Mean,
    modulation_added: Mean,
    noise_loudness: Mean,
    harmonic: Mean,
}

/// All frames so far.
pub(super) struct Sums {
    channels: Vec<OfChannel>,
    first_loud: Option<usize>,
    counted: usize,
    steps: Mean,
    probability: f64,
    most_probable: f64,
}

impl Sums {
    pub(super) fn new(channels: usize) -> Self {
        let channels = vec![OfChannel::default(); channels];
        Self {
            channels,
            first_loud: None,
            counted: 0,
            steps: Mean::default(),
            probability: 0.0,
            most_probable: 0.0,
        }
    }

    /// Adds frame `nth` of the file; what comes before the first added one was silence.
    pub(super) fn add(&mut self, nth: usize, seen: &[FrameOfChannel], detection: Detection) {
        if self.first_loud.is_none() && seen.iter().any(|channel| channel.loud) {
            self.first_loud = Some(nth);
        }
        let settled = nth >= SETTLING;
        let weighed = settled && self.first_loud.is_some_and(|first| nth >= first + AFTER_ONSET);
        for (channel, seen) in self.channels.iter_mut().zip(seen) {
            channel.add(seen, settled, weighed);
        }
        self.counted += 1;
        self.probability = 0.9 * self.probability + 0.1 * detection.probability;
        self.most_probable = self.most_probable.max(self.probability);
        if detection.probability > 0.5 {
            self.steps.add(detection.steps);
        }
    }

    pub(super) fn variables(&self) -> Variables {
        let mean = |of: fn(&OfChannel) -> f64| {
            self.channels.iter().map(of).sum::<f64>() / self.channels.len().max(1) as f64
        };
        // A channel without any sound above 8.1 kHz has no bandwidth. Taking that for 0, far below everything the
        // network knows, would cost a perfect copy more than a grade.
        let wide = |of: fn(&OfChannel) -> Mean, least: f64| {
            let known = self.channels.iter().map(of).filter(|mean| mean.weight > 0.0);
            let mut means = Mean::default();
            known.for_each(|mean| means.add(mean.value()));
            if means.weight > 0.0 { means.value() } else { least }
        };
        Variables {
            bandwidth_ref: wide(|channel| channel.bandwidth_ref, LEAST_BANDWIDTH_REF),
            bandwidth_test: wide(|channel| channel.bandwidth_test, LEAST_BANDWIDTH_TEST),
            total_nmr: mean(|channel| 10.0 * channel.noise.value().log10()),
            win_mod_diff_1: mean(|channel| channel.modulation_windows.value().sqrt()),
            adb: match (self.steps.weight > 0.0, self.steps.value()) {
                (false, _) => 0.0,
                (true, steps) if steps > 0.0 => steps.log10(),
                (true, _) => -0.5,
            },
            ehs: mean(|channel| 1000.0 * channel.harmonic.value()),
            avg_mod_diff_1: mean(|channel| channel.modulation_evenly.value()),
            avg_mod_diff_2: mean(|channel| channel.modulation_added.value()),
            rms_noise_loud: mean(|channel| channel.noise_loudness.value().sqrt()),
            mfpd: self.most_probable,
            rel_dist_frames: mean(|channel| channel.disturbed.value()),
        }
    }
}

impl OfChannel {
    fn add(&mut self, seen: &FrameOfChannel, settled: bool, weighed: bool) {
        if let Some((reference, test)) = seen.bandwidth {
            self.bandwidth_ref.add(reference);
            self.bandwidth_test.add(test);
        }
        self.noise.add(seen.noise.mean);
        self.disturbed.add(if seen.noise.most > DISTURBED { 1.0 } else { 0.0 });
        if let Some(harmonic) = seen.harmonic {
            self.harmonic.add(harmonic);
        }
        if settled {
            let Moved { evenly, mostly_added, weight } = seen.modulation;
            self.modulation_evenly.add_weighted(evenly, weight);
            self.modulation_added.add_weighted(mostly_added, weight);
            self.add_window(evenly.sqrt());
        }
        if weighed {
            self.noise_loudness.add(seen.noise_loudness.powi(2));
        }
    }

    /// Short bursts weigh more than their mean: the fourth power of the mean root over 100 ms.
    fn add_window(&mut self, root: f64) {
        self.last_roots.push(root);
        if self.last_roots.len() == WINDOW {
            let mean = self.last_roots.iter().sum::<f64>() / WINDOW as f64;
            self.modulation_windows.add(mean.powi(4));
            self.last_roots.remove(0);
        }
    }
}

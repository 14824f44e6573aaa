//! ReplayGain 2.0 from EBU R 128 loudness, measured in the same pass as everything else.
//!
//! The peak is the sample peak: ReplayGain's own definition, and players use it only to avoid clipping. The true
//! peak would need a fourfold oversampling of every sample, several times the cost of the loudness itself.

use crate::listen::ear::SILENCE;
use ebur128::{EbuR128, Mode};
use ferrotape_domain::ReplayGain;

/// Loudness that a gain of 0 dB stands for.
const REFERENCE_LUFS: f64 = -18.0;
/// Below this a recording is taken for silence and gets no gain.
const SILENCE_LUFS: f64 = -70.0;
/// Limits of what is written, far beyond all music.
const MOST_DB: f64 = 60.0;
const MOST_PEAK: f64 = 64.0;

/// Measures one recording.
pub(crate) struct Loudness {
    meter: Option<EbuR128>,
    channels: u32,
}

impl Loudness {
    /// For `channels` (1 or 2) at `rate`.
    pub(crate) fn new(channels: usize, rate: u32) -> Self {
        let channels = channels as u32;
        let mut meter = EbuR128::new(channels, rate, Mode::I | Mode::SAMPLE_PEAK).ok();
        if channels == 1 {
            // A mono file plays on both speakers: it counts twice, as in ReplayGain 2.0.
            meter = meter.and_then(|mut meter| {
                meter.set_channel(0, ebur128::Channel::DualMono).ok()?;
                Some(meter)
            });
        }
        Self { meter, channels }
    }

    /// Takes the next stretch.
    pub(crate) fn add(&mut self, planes: &[Vec<f32>]) {
        let Some(meter) = &mut self.meter else { return };
        let added = match planes {
            [mono] => meter.add_frames_planar_f32(&[mono]),
            [left, right] => meter.add_frames_planar_f32(&[left, right]),
            _ => Ok(()),
        };
        if added.is_err() {
            self.meter = None;
        }
    }

    /// Whether nothing that was added can be heard; `false` where it could not be measured.
    pub(crate) fn is_silent(&self) -> bool {
        let Some(meter) = &self.meter else { return false };
        (0..self.channels)
            .all(|channel| meter.sample_peak(channel).is_ok_and(|peak| peak <= f64::from(SILENCE)))
    }

    /// The gain, `None` for silence and what is too short to measure (under 0.4 s).
    pub(crate) fn gain(&self) -> Option<ReplayGain> {
        let meter = self.meter.as_ref()?;
        let loudness = meter.loudness_global().ok()?;
        if !loudness.is_finite() || loudness < SILENCE_LUFS {
            return None;
        }
        let peaks = (0..self.channels).filter_map(|channel| meter.sample_peak(channel).ok());
        // A decoder run wild reaches any value; the tag has room for two digits.
        Some(ReplayGain {
            gain_db: (REFERENCE_LUFS - loudness).clamp(-MOST_DB, MOST_DB),
            peak: peaks.fold(0.0, f64::max).min(MOST_PEAK),
        })
    }
}

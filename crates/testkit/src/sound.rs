//! Made-up sound: chords that change, with a beat and some noise, so that encoders have real work.

use std::f64::consts::TAU;
use std::fs;
use std::path::Path;

use crate::{KitError, Random};

/// A sound that depends on its fields only. 16 bits per sample.
#[derive(Debug, Clone, PartialEq)]
pub struct Sound {
    /// Exact length in samples per channel.
    pub samples: u64,
    /// Samples per second.
    pub sample_rate: u32,
    /// 1 to 8.
    pub channels: u16,
    /// From 0.0 (silence) to 1.0 (full scale).
    pub level: f64,
    /// Two sounds of different seeds have different notes.
    pub seed: u64,
}

impl Sound {
    /// Stereo at 44,100 Hz, half of full scale.
    pub fn of_seconds(seed: u64, seconds: f64) -> Self {
        let samples = (seconds.max(0.0) * 44_100.0).round() as u64;
        Self { samples, sample_rate: 44_100, channels: 2, level: 0.5, seed }
    }

    /// The samples, interleaved.
    pub fn pcm(&self) -> Vec<i16> {
        let mut random = Random::seeded(self.seed);
        let rate = f64::from(self.sample_rate.max(1));
        let chord_length = (rate * 0.45) as u64 + 1;
        let channels = u64::from(self.channels);
        let mut chord = Chord::next(&mut random);
        let mut pcm = Vec::with_capacity(usize::try_from(self.samples * channels).unwrap_or(0));
        for at in 0..self.samples {
            if at % chord_length == 0 && at > 0 {
                chord = Chord::next(&mut random);
            }
            let since_beat = (at % chord_length) as f64 / rate;
            let noise = random.unit() * 2.0 - 1.0;
            for channel in 0..channels {
                let tones = chord.at(at as f64 / rate, channel);
                let swell = 0.35 + 0.65 * (-3.0 * since_beat).exp();
                let value = self.level * (0.85 * swell * tones + 0.1 * noise * (-20.0 * since_beat).exp());
                pcm.push((value.clamp(-1.0, 1.0) * 32_767.0).round() as i16);
            }
        }
        pcm
    }

    /// Writes a WAV file (RIFF, PCM).
    pub fn write_wav(&self, path: &Path) -> Result<(), KitError> {
        fs::write(path, self.wav()).map_err(KitError::io("write", path))
    }

    /// The bytes of a WAV file (RIFF, PCM).
    pub fn wav(&self) -> Vec<u8> {
        wav_file(self.sample_rate, self.channels, &self.pcm())
    }
}

/// The bytes of a WAV file (RIFF, PCM of 16 bits) with these samples.
pub(crate) fn wav_file(sample_rate: u32, channels: u16, pcm: &[i16]) -> Vec<u8> {
    let data_size = u32::try_from(pcm.len() * 2).unwrap_or(u32::MAX - 36);
    let block = channels * 2;
    let mut bytes = Vec::with_capacity(pcm.len() * 2 + 44);
    bytes.extend_from_slice(b"RIFF");
    bytes.extend_from_slice(&(data_size + 36).to_le_bytes());
    bytes.extend_from_slice(b"WAVEfmt ");
    bytes.extend_from_slice(&16u32.to_le_bytes());
    bytes.extend_from_slice(&1u16.to_le_bytes());
    bytes.extend_from_slice(&channels.to_le_bytes());
    bytes.extend_from_slice(&sample_rate.to_le_bytes());
    bytes.extend_from_slice(&(sample_rate * u32::from(block)).to_le_bytes());
    bytes.extend_from_slice(&block.to_le_bytes());
    bytes.extend_from_slice(&16u16.to_le_bytes());
    bytes.extend_from_slice(b"data");
    bytes.extend_from_slice(&data_size.to_le_bytes());
    bytes.extend(pcm.iter().flat_map(|sample| sample.to_le_bytes()));
    bytes
}

/// Three notes with two overtones each.
struct Chord([f64; 3]);

impl Chord {
    fn next(random: &mut Random) -> Self {
        let root = 110.0 * 2f64.powf(random.below(24) as f64 / 12.0);
        let third = if random.below(2) == 0 { 4.0 } else { 3.0 };
        Self([root, root * 2f64.powf(third / 12.0), root * 2f64.powf(7.0 / 12.0)])
    }

    fn at(&self, seconds: f64, channel: u64) -> f64 {
        // A slight delay between channels makes the stereo image real, so joint stereo has something to decide.
        let seconds = seconds + channel as f64 * 0.000_4;
        let note = |f: f64| {
            let turn = TAU * f * seconds;
            turn.sin() + 0.5 * (2.0 * turn).sin() + 0.2 * (5.0 * turn).sin()
        };
        self.0.iter().map(|&f| note(f)).sum::<f64>() / 5.1
    }
}

//! Made-up sounds that are known to be hard for MP3, each for its own reason. Made from nothing but a seed.

use std::f64::consts::TAU;
use std::path::Path;

use anyhow::{Context, Result};
use ferrotape_testkit::Random;

const RATE: f64 = 44_100.0;
const SECONDS: f64 = 10.0;

/// Left and right.
type Stereo = [f64; 2];

/// A sound that is hard for MP3.
pub(super) struct Killer {
    pub(super) name: &'static str,
    play: fn(&mut Sound),
}

pub(super) const ALL: &[Killer] = &[
    Killer { name: "castanets", play: castanets },
    Killer { name: "lone clicks", play: clicks },
    Killer { name: "harpsichord", play: harpsichord },
    Killer { name: "pitch pipe", play: pitch_pipe },
    Killer { name: "glockenspiel", play: glockenspiel },
    Killer { name: "applause", play: applause },
    Killer { name: "velvet noise", play: velvet },
    Killer { name: "sweep", play: sweep },
    Killer { name: "glottal pulses", play: voice },
    Killer { name: "fade to nothing", play: fade },
    Killer { name: "wide stereo", play: wide },
];

impl Killer {
    pub(super) fn write_wav(&self, path: &Path) -> Result<()> {
        let mut sound =
            Sound { samples: vec![[0.0; 2]; (RATE * SECONDS) as usize], random: Random::seeded(1387) };
        (self.play)(&mut sound);
        std::fs::write(path, wav(&sound.samples)).with_context(|| path.display().to_string())
    }
}

struct Sound {
    samples: Vec<Stereo>,
    random: Random,
}

impl Sound {
    /// From -1.0 to 1.0.
    fn noise(&mut self) -> f64 {
        self.random.unit() * 2.0 - 1.0
    }

    fn end(&self) -> f64 {
        self.samples.len() as f64 / RATE
    }

    /// Adds `value(seconds since at)` for `seconds`, on the left and right as loud as `pan` says.
    fn add(&mut self, at: f64, seconds: f64, pan: Stereo, value: impl Fn(f64) -> f64) {
        let from = (at * RATE) as usize;
        for (nth, sample) in self.samples.iter_mut().skip(from).take((seconds * RATE) as usize).enumerate() {
            let value = value(nth as f64 / RATE);
            sample.iter_mut().zip(pan).for_each(|(sample, loudness)| *sample += loudness * value);
        }
    }

    /// Adds noise that dies away with `decay` seconds.
    fn burst(&mut self, at: f64, decay: f64, pan: Stereo) {
        let noise: Vec<f64> = (0..(8.0 * decay * RATE) as usize).map(|_| self.noise()).collect();
        self.add(at, 8.0 * decay, pan, |since| {
            noise.get((since * RATE).round() as usize).copied().unwrap_or_default() * (-since / decay).exp()
        });
    }

    /// Scales to a peak.
    fn level(&mut self, peak: f64) {
        let most = self.samples.iter().flatten().fold(1e-9, |most: f64, value| most.max(value.abs()));
        self.samples.iter_mut().flatten().for_each(|value| *value *= peak / most);
    }
}

fn turn(hz: f64, seconds: f64) -> f64 {
    (TAU * hz * seconds).sin()
}

/// A pitch so many semitones above the A of 220 Hz.
fn pitch(semitones: u64) -> f64 {
    220.0 * 2f64.powf(semitones as f64 / 12.0)
}

/// Attacks out of near silence: noise spreads before them.
fn castanets(sound: &mut Sound) {
    let mut at = 0.1;
    while at < sound.end() - 0.1 {
        let side = sound.random.unit();
        let pan = [0.3 + 0.5 * side, 0.8 - 0.5 * side];
        let colour = 1.0 + 0.1 * sound.noise();
        for (hz, loudness) in [(2100.0, 0.5), (3300.0, 0.35), (5200.0, 0.25), (8700.0, 0.1)] {
            sound.add(at, 0.06, pan, |since| loudness * turn(colour * hz, since) * (-since / 0.006).exp());
        }
        sound.burst(at, 0.0015, pan);
        at += 0.07 + 0.3 * sound.random.unit() * sound.random.unit();
    }
    sound.level(0.9);
}

/// The same at its barest: one sample in silence.
fn clicks(sound: &mut Sound) {
    let mut at = 0.2;
    while at < sound.end() - 0.1 {
        sound.burst(at, 0.0002, [1.0, 0.9]);
        at += 0.31;
    }
    sound.level(0.8);
}

/// Plucked strings with forty strong harmonics: attacks and tones at once.
fn harpsichord(sound: &mut Sound) {
    let mut at = 0.05;
    while at < sound.end() - 0.3 {
        let hz = pitch(sound.random.below(25));
        let side = 0.35 + 0.3 * sound.random.unit();
        sound.add(at, 1.2, [side, 1.0 - side], |since| {
            let harmonics = (1..=40).map(f64::from).take_while(|nth| nth * hz < 19_000.0);
            let tone = |nth: f64| turn(nth * hz, since) / nth.sqrt() * (-since * (1.5 + 0.25 * nth)).exp();
            harmonics.map(tone).sum::<f64>() * (since / 0.001).min(1.0)
        });
        at += 0.2;
    }
    sound.level(0.8);
}

/// A steady reed: dozens of equal harmonics in chords; every error between them is heard.
fn pitch_pipe(sound: &mut Sound) {
    for chord in 0..5 {
        let root = sound.random.below(12);
        for (third, side) in [(0, 0.5), (4, 0.35), (7, 0.65)] {
            let hz = pitch(root + third + 12);
            let phases: Vec<f64> = (0..45).map(|_| TAU * sound.random.unit()).collect();
            sound.add(2.0 * f64::from(chord), 1.9, [side, 1.0 - side], |since| {
                let fade = (since / 0.05).min(1.0).min((1.9 - since) / 0.05);
                let tones = phases.iter().zip(1..).map(|(phase, nth)| (f64::from(nth) * hz, phase));
                let heard = tones.take_while(|(hz, _)| *hz < 17_000.0);
                fade * heard.map(|(hz, phase)| (TAU * hz * since + phase).sin()).sum::<f64>()
            });
        }
    }
    sound.level(0.7);
}

/// Struck bars: pure partials far apart that ring long; nothing masks the noise between.
fn glockenspiel(sound: &mut Sound) {
    let mut at = 0.05;
    while at < sound.end() - 0.5 {
        let hz = pitch(24 + sound.random.below(25));
        let side = sound.random.unit();
        for (partial, loudness, decay) in [(1.0, 1.0, 0.9), (2.756, 0.5, 0.35), (5.404, 0.25, 0.12)] {
            let hz = (hz * partial).min(18_000.0);
            sound.add(at, 2.0, [side, 1.0 - side], |since| {
                loudness * turn(hz, since) * (-since / decay).exp()
            });
        }
        sound.burst(at, 0.0008, [0.1, 0.1]);
        at += 0.33;
    }
    sound.level(0.7);
}

/// Hundreds of hands, each its own burst at its own place.
fn applause(sound: &mut Sound) {
    let mut at = 0.0;
    while at < sound.end() - 0.1 {
        let (side, loudness) = (sound.random.unit(), 0.2 + 0.8 * sound.random.unit().powi(3));
        let decay = 0.001 + 0.004 * sound.random.unit();
        sound.burst(at, decay, [loudness * side, loudness * (1.0 - side)]);
        at += 0.014 * -sound.random.unit().max(1e-6).ln();
    }
    sound.level(0.8);
}

/// Single samples of either sign at random places, both sides apart: white, yet all attacks.
fn velvet(sound: &mut Sound) {
    let grid = 20;
    for from in (0..sound.samples.len() - grid).step_by(grid) {
        for side in 0..2 {
            let at = from + sound.random.below(grid as u64) as usize;
            let sign = if sound.random.below(2) == 0 { 0.5 } else { -0.5 };
            if let Some(sample) = sound.samples.get_mut(at).and_then(|sample| sample.get_mut(side)) {
                *sample = sign;
            }
        }
    }
}

/// One tone from 40 Hz to 16 kHz, with its octave on the other side.
fn sweep(sound: &mut Sound) {
    let (from, octaves) = (40.0, 400f64.log2());
    let end = sound.end();
    let phase = |since: f64| from * end / (octaves * 2f64.ln()) * (2f64.powf(octaves * since / end) - 1.0);
    sound.add(0.0, end, [0.4, 0.1], |since| (TAU * phase(since)).sin());
    sound.add(0.0, end, [0.1, 0.4], |since| (TAU * 0.5 * phase(since)).sin());
}

/// A voice: pulses of the glottis through the resonances of vowels. Long blocks smear the pulses.
fn voice(sound: &mut Sound) {
    const VOWELS: [[f64; 3]; 4] =
        [[730.0, 1090.0, 2440.0], [270.0, 2290.0, 3010.0], [300.0, 870.0, 2240.0], [530.0, 1840.0, 2480.0]];
    let mut at = 0.05;
    while at < sound.end() - 0.1 {
        let vowel = VOWELS[(at / 0.4) as usize % VOWELS.len()];
        if at % 2.0 < 1.7 {
            for (formant, loudness) in vowel.into_iter().zip([1.0, 0.6, 0.4]) {
                sound.add(at, 0.03, [1.0, 1.0], |since| {
                    loudness * turn(formant, since) * (-since * 400.0).exp()
                });
            }
            sound.burst(at, 0.0004, [0.15, 0.15]);
        }
        at += (1.0 + 0.02 * sound.noise()) / (105.0 + 20.0 * (at * 2.0).sin());
    }
    sound.level(0.7);
}

/// Chords and noise that go down by 70 dB: the last bits, where the threshold of hearing decides.
fn fade(sound: &mut Sound) {
    for (hz, side) in [(220.0, 0.5), (277.2, 0.3), (329.6, 0.7), (880.0, 0.5), (3520.0, 0.4)] {
        sound.add(0.0, SECONDS, [side, 1.0 - side], |since| turn(hz, since) + 0.3 * turn(3.0 * hz, since));
    }
    for at in 0..sound.samples.len() {
        let noise = [0.1 * sound.noise(), 0.1 * sound.noise()];
        let loudness = 10f64.powf(-3.5 * at as f64 / RATE / SECONDS);
        if let Some(sample) = sound.samples.get_mut(at) {
            sample
                .iter_mut()
                .zip(noise)
                .for_each(|(sample, noise)| *sample = 0.12 * loudness * (*sample + noise));
        }
    }
}

/// Tones hard left, noise hard right, and a bass in opposite phase: joint stereo gains nothing.
fn wide(sound: &mut Sound) {
    let mut at = 0.0;
    while at < sound.end() - 0.2 {
        let hz = pitch(sound.random.below(30));
        let tone = |since: f64| turn(hz, since) + 0.4 * turn(2.0 * hz, since) + 0.2 * turn(7.0 * hz, since);
        sound.add(at, 0.5, [0.5, 0.0], |since| tone(since) * (-since * 5.0).exp());
        sound.burst(at + 0.125, 0.02, [0.0, 0.4]);
        at += 0.25;
    }
    sound.add(0.0, SECONDS, [0.2, -0.2], |since| turn(61.7, since) + 0.3 * turn(123.4, since));
    sound.level(0.85);
}

/// The bytes of a WAV file with 16 bits.
fn wav(samples: &[Stereo]) -> Vec<u8> {
    let data = samples.len() as u32 * 4;
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((data + 36).to_le_bytes());
    bytes.extend(b"WAVEfmt \x10\0\0\0\x01\0\x02\0");
    bytes.extend(44_100u32.to_le_bytes());
    bytes.extend((44_100u32 * 4).to_le_bytes());
    bytes.extend(b"\x04\0\x10\0data");
    bytes.extend(data.to_le_bytes());
    for value in samples.iter().flatten() {
        bytes.extend(((value.clamp(-1.0, 1.0) * 32_767.0).round() as i16).to_le_bytes());
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_killer_is_heard_does_not_clip_and_is_the_same_every_time() {
        let dir = tempfile::tempdir().unwrap();
        for killer in ALL {
            let (one, again) = (dir.path().join("1.wav"), dir.path().join("2.wav"));
            killer.write_wav(&one).unwrap();
            killer.write_wav(&again).unwrap();
            let bytes = std::fs::read(&one).unwrap();
            assert_eq!(bytes, std::fs::read(&again).unwrap(), "{}", killer.name);
            let values =
                bytes[44..].chunks_exact(2).map(|two| i16::from_le_bytes([two[0], two[1]]).unsigned_abs());
            let most = values.clone().max().unwrap();
            assert!((6_000..32_000).contains(&most), "{}: {most}", killer.name);
        }
    }
}

//! Made-up recordings of made-up pieces: one piece can be played again, live, without its voice, or by others.
//!
//! [`Sound`](crate::Sound) is quick and enough wherever only the format matters. Where it matters what is *heard* –
//! is this the same recording? – a piece needs a tune, a bass, drums and a voice, and its performances must differ
//! as real ones do: every note a little earlier or later, louder or softer, the whole a little faster.

use std::f64::consts::TAU;
use std::fs;
use std::path::Path;

use crate::sound::wav_file;
use crate::{KitError, Random};

/// A recording that depends on its fields only.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    /// Which piece: tune, harmony, rhythm and words.
    pub piece: u64,
    /// Which time it was played: timing, loudness, the instruments' colour.
    pub take: u64,
    /// Playing time in seconds.
    pub seconds: f64,
    /// Beats a minute.
    pub tempo: f64,
    /// Semitones higher than written.
    pub key: i32,
    /// Whether somebody sings.
    pub voice: bool,
    /// Whether the band plays; a remix keeps the voice alone.
    pub backing: bool,
    /// Which drum pattern and bass figure.
    pub groove: u64,
    /// Loudness of an audience, 0 for none.
    pub crowd: f64,
    /// Samples per second.
    pub sample_rate: u32,
}

impl Band {
    /// The recording everybody knows of a piece.
    pub fn playing(piece: u64, seconds: f64) -> Self {
        Self {
            piece,
            take: piece,
            seconds,
            tempo: 84.0 + (piece % 7) as f64 * 9.0,
            key: 0,
            voice: true,
            backing: true,
            groove: piece,
            crowd: 0.0,
            sample_rate: 22_050,
        }
    }

    /// The same piece on a stage: another take, a little faster, with an audience.
    #[must_use]
    pub fn live(&self, evening: u64) -> Self {
        let take = self.take ^ (evening + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Self {
            take,
            tempo: self.tempo * (1.0 + 0.01 * (evening % 5 + 1) as f64),
            crowd: 0.05,
            ..self.clone()
        }
    }

    /// The same piece in the same studio once more, at the same tempo.
    #[must_use]
    pub fn other_take(&self, number: u64) -> Self {
        Self { take: self.take ^ (number + 1).wrapping_mul(0xd1b5_4a32_d192_ed03), ..self.clone() }
    }

    /// The same recording without its voice.
    #[must_use]
    pub fn karaoke(&self) -> Self {
        Self { voice: false, ..self.clone() }
    }

    /// The same voice over another band.
    #[must_use]
    pub fn remix(&self, by: u64) -> Self {
        let groove = self.groove ^ (by + 1).wrapping_mul(0xa076_1d64_78bd_642f);
        Self { groove, take: self.take, backing: false, ..self.clone() }
    }

    /// Writes it as a stereo WAV of 16 bits.
    pub fn write_wav(&self, path: &Path) -> Result<(), KitError> {
        fs::write(path, wav_file(self.sample_rate, 2, &self.pcm())).map_err(KitError::io("write", path))
    }

    /// The samples, two channels interleaved.
    pub fn pcm(&self) -> Vec<i16> {
        let frames = (self.seconds.max(0.0) * f64::from(self.sample_rate)) as usize;
        let mut stage = Stage { left: vec![0.0; frames], right: vec![0.0; frames], rate: self.sample_rate };
        self.play_band(&mut stage);
        if self.voice {
            self.sing(&mut stage);
        }
        self.applaud(&mut stage);
        let pairs = stage.left.iter().zip(&stage.right);
        pairs.flat_map(|(left, right)| [left, right]).map(|x| (x.tanh() * 30_000.0) as i16).collect()
    }

    /// Root and kind of the chord of each bar: three parts of four bars that return.
    fn harmony(&self) -> Vec<(i32, bool)> {
        let mut random = Random::seeded(self.piece.wrapping_mul(3).wrapping_add(11));
        let home = random.below(12) as i32;
        let steps = [0, 5, 7, 9, 2, 4];
        let parts: Vec<Vec<(i32, bool)>> = (0..3)
            .map(|_| {
                let mut bars = || (home + steps[random.below(6) as usize], random.below(3) == 0);
                (0..4).map(|_| bars()).collect()
            })
            .collect();
        [0, 0, 1, 0, 1, 2].iter().flat_map(|part| parts[*part].clone()).collect()
    }

    fn play_band(&self, stage: &mut Stage) {
        let harmony = self.harmony();
        let mut groove = Random::seeded(self.groove.wrapping_mul(7).wrapping_add(5));
        let kicks: Vec<bool> = (0..8).map(|at| at == 0 || groove.below(3) == 0).collect();
        let figure: Vec<i32> = (0..8).map(|_| [0, 0, 7, 12, -5][groove.below(5) as usize]).collect();
        let mut hands = Hands::of(self.take);
        let (organ, bass) = (hands.colour(6), hands.colour(4));
        let eighth = 30.0 / self.tempo;
        let total = (self.seconds / eighth) as usize;
        for step in 0..total {
            let at = step as f64 * eighth;
            let (root, minor) = harmony[step / 8 % harmony.len()];
            let root = root + self.key;
            if self.backing && step % 4 == 0 {
                for (voice, interval) in [0, if minor { 3 } else { 4 }, 7, 12].into_iter().enumerate() {
                    let pan = 0.3 + 0.13 * voice as f64;
                    let note = Note {
                        at: hands.late(at),
                        lasts: eighth * 4.0,
                        pitch: 48 + root + interval,
                        loud: hands.loud(0.10),
                        pan,
                    };
                    stage.note(&note, &organ, 1.5);
                }
            }
            let low = Note {
                at: hands.late(at),
                lasts: eighth,
                pitch: 31 + root + figure[step % 8],
                loud: hands.loud(0.2),
                pan: 0.5,
            };
            stage.note(&low, &bass, 3.0);
            if kicks[step % 8] {
                stage.hit(hands.late(at), 0.1, 55.0, 0.35, step as u64);
            }
            if step % 4 == 2 {
                stage.hit(hands.late(at), 0.14, 0.0, 0.25, step as u64 ^ self.take);
            }
            stage.hit(hands.late(at), 0.03, 0.0, 0.06, step as u64 ^ self.take ^ 77);
        }
    }

    /// A tune over the harmony with vibrato, and breath between the words.
    fn sing(&self, stage: &mut Stage) {
        let harmony = self.harmony();
        let mut tune = Random::seeded(self.piece.wrapping_mul(13).wrapping_add(3));
        let mut hands = Hands::of(self.take ^ 0x51);
        let colour = hands.colour(9);
        let eighth = 30.0 / self.tempo;
        let total = (self.seconds / eighth) as usize;
        let line: Vec<(i32, u64)> =
            (0..192).map(|_| ([0, 4, 7, 9, 12, 2, 5][tune.below(7) as usize], tune.below(5))).collect();
        let mut step = 8;
        while step < total {
            let (interval, length) = line[step % line.len()];
            let (root, _) = harmony[step / 8 % harmony.len()];
            let lasts = eighth * (1 + length % 3) as f64;
            if length != 4 && step / 32 % 4 != 3 {
                let note = Note {
                    at: hands.late(step as f64 * eighth),
                    lasts,
                    pitch: 60 + root + self.key + interval,
                    loud: hands.loud(0.30),
                    pan: 0.5,
                };
                stage.note(&note, &colour, 0.6);
            }
            step += 1 + (length % 3) as usize;
        }
    }

    fn applaud(&self, stage: &mut Stage) {
        if self.crowd <= 0.0 {
            return;
        }
        let mut random = Random::seeded(self.take ^ 0xc0de);
        let mut wave = 0.0;
        for (left, right) in stage.left.iter_mut().zip(&mut stage.right) {
            wave = 0.7 * wave + 0.3 * (random.unit() * 2.0 - 1.0);
            *left += wave * self.crowd * 3.0;
            *right += (random.unit() * 2.0 - 1.0) * self.crowd;
        }
    }
}

/// How one take differs from another: a little late or early, loud or soft, and the colour of the day.
struct Hands(Random);

impl Hands {
    fn of(take: u64) -> Self {
        Self(Random::seeded(take.wrapping_mul(0x2545_f491_4f6c_dd1d).wrapping_add(1)))
    }

    fn late(&mut self, at: f64) -> f64 {
        (at + (self.0.unit() - 0.5) * 0.03).max(0.0)
    }

    fn loud(&mut self, usual: f64) -> f64 {
        usual * (0.75 + 0.5 * self.0.unit())
    }

    /// One turn of a wave with some overtones.
    fn colour(&mut self, overtones: usize) -> Vec<f64> {
        let weights: Vec<f64> = (0..overtones).map(|at| (0.3 + self.0.unit()) / (at + 1) as f64).collect();
        let turn = |at: usize| {
            let phase = at as f64 / 1024.0 * TAU;
            weights.iter().enumerate().map(|(k, weight)| weight * (phase * (k + 1) as f64).sin()).sum::<f64>()
        };
        (0..1024).map(turn).collect()
    }
}

struct Note {
    at: f64,
    lasts: f64,
    pitch: i32,
    loud: f64,
    pan: f64,
}

struct Stage {
    left: Vec<f64>,
    right: Vec<f64>,
    rate: u32,
}

impl Stage {
    /// A tone that decays by `fade` a second, with a soft start and end.
    fn note(&mut self, note: &Note, colour: &[f64], fade: f64) {
        let rate = f64::from(self.rate);
        let (start, length) = ((note.at * rate) as usize, (note.lasts * rate) as usize);
        let turn = 440.0 * 2f64.powf(f64::from(note.pitch - 69) / 12.0) / rate * colour.len() as f64;
        let soft = (0.01 * rate).max(1.0);
        let (mut phase, mut level, decay) = (0.0, note.loud, (-fade / rate).exp());
        for at in 0..length.min(self.left.len().saturating_sub(start)) {
            let edge = (at as f64 / soft).min((length - at) as f64 / soft).min(1.0);
            let value = colour[phase as usize % colour.len()] * level * edge;
            self.left[start + at] += value * (1.0 - note.pan);
            self.right[start + at] += value * note.pan;
            phase += turn;
            level *= decay;
        }
    }

    /// A drum: a falling tone, or noise where `pitch` is 0.
    fn hit(&mut self, at: f64, lasts: f64, pitch: f64, loud: f64, seed: u64) {
        let mut random = Random::seeded(seed);
        let rate = f64::from(self.rate);
        let (start, length) = ((at * rate) as usize, (lasts * rate) as usize);
        for at in 0..length.min(self.left.len().saturating_sub(start)) {
            let since = at as f64 / rate;
            let tone = if pitch > 0.0 {
                (TAU * pitch * (since + 0.5 * (-20.0 * since).exp())).sin()
            } else {
                random.unit() * 2.0 - 1.0
            };
            let value = tone * loud * (1.0 - at as f64 / length as f64);
            self.left[start + at] += value;
            self.right[start + at] += value;
        }
    }
}

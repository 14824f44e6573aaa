//! A thousand lengths and rates, and an album's tracks that continue each other.

use std::fs;
use std::path::PathBuf;

use ferrotape_testkit::{Random, decoded_ffmpeg};

use crate::tools::{ENCODE, Job, Studio, run, text, wav_file};

/// mpg123 decodes files by the dozen; together they must give what was promised together. Each file's promise is
/// compared with its own source first.
#[test]
fn a_thousand_random_lengths_and_rates_are_exact() {
    const RATES: [u32; 12] =
        [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000, 192_000];
    let mut random = Random::seeded(4);
    let studio = Studio::new();
    for batch in 0..20 {
        let mut promised = 0;
        let mut made: Vec<PathBuf> = Vec::new();
        for number in 0..50 {
            let rate = *random.pick(&RATES).unwrap();
            let samples = random.below(u64::from(rate) / 3) + u64::from(rate) / 12;
            let channels = 1 + random.below(2) as u16;
            let preset = random.pick(&["v0", "v2", "320", "128"]).unwrap().parse().unwrap();
            let wav = studio.wav(&format!("{number}.wav"), rate, channels, samples as usize);
            let to = match rate {
                32_000 | 44_100 | 48_000 => rate,
                _ if rate.is_multiple_of(11_025) => 44_100,
                _ => 48_000,
            };
            let wanted = (samples * u64::from(to) + u64::from(rate) / 2) / u64::from(rate);
            let (path, mp3) = studio.make(&wav, Job { preset, ..ENCODE }).unwrap();
            assert_eq!(mp3.samples, wanted, "{samples} at {rate} Hz, batch {batch}");
            promised += wanted;
            made.push(path);
        }
        let mut args = vec!["-q", "--no-control", "-e", "s16", "--stereo", "-s"];
        args.extend(made.iter().map(|path| text(path)));
        assert_eq!(run("mpg123", &args).len() as u64 / 4, promised, "batch {batch}");
    }
}

/// A continuous tone is cut into tracks of odd lengths, each is made an MP3 of its own, and what players hear of them
/// one after the other is the tone again: as long, without a jump, and close to it at the seams.
///
/// The worst sample is the first of a track, where an encoder must make a tone out of silence: a fifth of the tone's
/// level in V0, a twentieth at 320 kbit/s, for a fraction of a millisecond. `lame` on each file alone gives the same.
#[test]
fn tracks_of_an_album_join_without_a_click() {
    for (preset, most_error) in [("v0", 0.11), ("320", 0.025)] {
        let tone: Vec<f64> = (0..RATE * 6).map(|at| 0.5 * (f64::from(at) * STEP).sin()).collect();
        let cuts = [0, 70_001, 128_801, 200_000, tone.len()];
        let heard = played_one_after_the_other(&tone, &cuts, preset);
        assert_eq!(heard.len(), tone.len());
        for cut in &cuts[1..4] {
            let error = |at: usize| (f64::from(heard[at]) - tone[at]).abs();
            let worst = (cut - 600..cut + 600).map(error).fold(0.0, f64::max);
            assert!(worst < most_error, "{preset}: {worst:.4} off at the seam {cut}");
            // A click is a jump beyond the tone's own steepest slope.
            let jump = (f64::from(heard[*cut]) - f64::from(heard[cut - 1])).abs();
            assert!(jump < 0.5 * STEP + 0.02, "{preset}: a jump of {jump:.4} at {cut}");
        }
    }
}

const RATE: u32 = 44_100;
/// Of a tone of 441.7 Hz, in radians a sample.
const STEP: f64 = 441.7 * std::f64::consts::TAU / RATE as f64;

fn played_one_after_the_other(tone: &[f64], cuts: &[usize], preset: &str) -> Vec<f32> {
    let studio = Studio::new();
    let mut heard = Vec::new();
    for (number, cut) in cuts.windows(2).enumerate() {
        let pcm: Vec<u8> =
            tone[cut[0]..cut[1]].iter().flat_map(|x| ((x * 32_767.0).round() as i16).to_le_bytes()).collect();
        let wav = studio.path(&format!("{number}.wav"));
        fs::write(&wav, wav_file(RATE, 1, &pcm)).unwrap();
        let (path, _) = studio.make(&wav, Job { preset: preset.parse().unwrap(), ..ENCODE }).unwrap();
        heard.extend_from_slice(&decoded_ffmpeg(&path, 1).unwrap()[0]);
    }
    heard
}

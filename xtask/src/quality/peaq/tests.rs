//! Checked against what is published: tables and text of the recommendation, Kabal's report, and the intermediate
//! values that GstPEAQ, an independent implementation, carries as the vectors of its own tests.

use std::f64::consts::TAU;

use ferrotape_testkit::Random;

use super::bands::{BANDS, Bands, FRAME, STEP, Tables, centres_hz, decibels, edges_bark, hz};
use super::ear::{Ear, Heard};
use super::network::{grade, odg_of};
use super::patterns::{Adaptation, Modulation};
use super::variables::Variables;
use super::{Judge, audible_frames};

fn close(value: f64, published: f64, relative: f64) {
    let off = (value - published).abs() / published.abs().max(1e-9);
    assert!(off <= relative, "{value} is not {published}");
}

/// Values given for some bands.
fn close_at(bands: &Bands, published: &[(usize, f64)], relative: f64) {
    for &(band, value) in published {
        let off = (bands[band] - value).abs();
        assert!(off <= relative * value.abs() + 5e-7, "band {band}: {} is not {value}", bands[band]);
    }
}

#[test]
fn the_bands_are_those_of_the_recommendations_table() {
    let published =
        [(0, 91.708), (1, 115.216), (25, 797.898), (50, 2183.564), (90, 9297.648), (108, 17_690.045)];
    let edges = edges_bark();
    close_at(&centres_hz(&edges), &published, 1e-5);
    for (nth, published) in
        [(0, 80.0), (1, 103.445), (28, 893.091), (75, 5331.939), (108, 17_385.42), (109, 18_000.0)]
    {
        close(hz(edges[nth]), published, 1e-5);
    }
    assert_eq!(edges.len(), BANDS + 1);
}

#[test]
fn what_a_band_takes_of_the_bins_is_as_wide_as_the_band() {
    let tables = Tables::new();
    let flat = tables.grouped(&[1.0; FRAME / 2 + 1]);
    let edges = edges_bark();
    for (band, power) in flat.iter().enumerate() {
        close(*power, (hz(edges[band + 1]) - hz(edges[band])) / (48_000.0 / 2048.0), 1e-9);
    }
}

#[test]
fn ear_weight_noise_and_masking_are_as_written() {
    let tables = Tables::new();
    // At 3.3 kHz: -2.184 · 3.3^-0.8 + 6.5 - 0.001 · 3.3^3.6 dB; bin 141 is 3304.7 Hz.
    close(10.0 * tables.ear_weight[141].log10(), -2.184 * 3.3047f64.powf(-0.8) + 6.5 - 0.0737, 1e-3);
    assert_eq!(tables.ear_weight[0], 0.0);
    // Near 1 kHz the noise in the ear is 0.4 · 3.64 dB.
    close(10.0 * tables.internal_noise[30].log10(), 1.456 * 0.995_408f64.powf(-0.8), 1e-6);
    close(tables.masking[48], decibels(3.0), 1e-9);
    close(tables.masking[108], decibels(6.75), 1e-9);
    // Spreading leaves equal powers of one equal.
    close_at(&tables.spreading.spread(&[1.0; BANDS]), &[(0, 1.0), (54, 1.0), (108, 1.0)], 1e-9);
}

/// A sine at `amplitude`, as the frame that begins at `from`.
fn sine(hz: f64, amplitude: f64, from: usize) -> [f64; FRAME] {
    std::array::from_fn(|at| amplitude * (TAU * hz / 48_000.0 * (at + from) as f64).sin())
}

#[test]
fn a_sine_at_full_scale_has_92_db() {
    let tables = Tables::new();
    let (mut ear, mut heard) = (Ear::new(&tables), Heard::new());
    for frame in 0..10 {
        ear.hear(&sine(1019.5, 1.0, frame * STEP), &mut heard);
        let db = 10.0 * heard.spectrum[43].log10();
        assert!((db - 92.0).abs() < 1e-3, "{db}");
    }
}

#[test]
fn a_tone_of_40_db_is_as_loud_as_kabal_found() {
    let tables = Tables::new();
    let (mut ear, mut heard) = (Ear::new(&tables), Heard::new());
    for frame in 0..50 {
        ear.hear(&sine(1000.0, decibels(-26.0), frame * STEP), &mut heard);
    }
    // The recommendation means 1 sone; its own constants give 0.584 (Kabal, 2.10).
    close(tables.loudness(&heard.excitation), 0.584, 0.005);
}

#[test]
fn a_step_and_a_ramp_excite_what_gstpeaq_says() {
    let tables = Tables::new();
    let (mut ear, mut heard) = (Ear::new(&tables), Heard::new());
    let step: [f64; FRAME] = std::array::from_fn(|at| (at as f64 - 1024.0).signum() * f64::from(at != 1024));
    let ramp: [f64; FRAME] = std::array::from_fn(|at| (at as f64 - 1024.0) / 1024.0);
    ear.hear(&step, &mut heard);
    ear.hear(&ramp, &mut heard);
    for (bin, magnitude) in [(0, 45.753_615), (1, 22_360.651_865), (2, 4_986.494_394), (10, 30.198_687)] {
        close(heard.spectrum[bin].sqrt(), magnitude, 5e-5);
    }
    for (bin, magnitude) in [(1, 141.467_357), (2, 272.377_031), (10, 13.569_721), (50, 0.200_836)] {
        close(heard.weighted[bin].sqrt(), magnitude, 5e-5);
    }
    let unsmeared =
        [(0, 4_444.479_818), (10, 80.437_553), (50, 1.214_735), (90, 1.060_605), (108, 1.037_901)];
    close_at(&heard.unsmeared, &unsmeared, 5e-5);
}

#[test]
fn levels_and_patterns_adapt_as_gstpeaq_says() {
    let tables = Tables::new();
    let rising: Bands = std::array::from_fn(|band| band as f64 + 1.0);
    let falling: Bands = std::array::from_fn(|band| (BANDS - band) as f64);
    let mut adaptation = Adaptation::new();
    adaptation.follow(&rising, &falling, &tables.adapting);
    let reference = [(0, 0.327_362), (10, 7.122_411), (45, 39.299_146), (80, 19.658_938), (108, 1.781_147)];
    let test = [(0, 1.006_854), (10, 7.522_728), (45, 40.063_983), (80, 20.066_013), (108, 0.699_325)];
    close_at(&adaptation.reference, &reference, 5e-5);
    close_at(&adaptation.test, &test, 5e-5);
    adaptation.follow(&rising, &falling, &tables.adapting);
    close_at(&adaptation.reference, &[(0, 0.547_559), (10, 9.633_119), (108, 1.757_436)], 5e-5);
    close_at(&adaptation.test, &[(0, 1.583_720), (10, 9.728_061), (108, 0.680_369)], 5e-5);
}

#[test]
fn modulation_follows_as_gstpeaq_says() {
    let tables = Tables::new();
    let rising: Bands = std::array::from_fn(|band| band as f64 + 1.0);
    let mut modulation = Modulation::new();
    modulation.follow(&rising, &tables.adapting);
    close_at(&modulation.modulation, &[(0, 7.337_918), (10, 11.473_340), (108, 13.028_187)], 5e-5);
    close_at(&modulation.average, &[(0, 0.327_362), (10, 1.329_389), (108, 3.778_796)], 5e-5);
    modulation.follow(&rising, &tables.adapting);
    close_at(&modulation.modulation, &[(0, 3.653_446), (10, 3.141_060), (108, 0.914_025)], 5e-5);
    close_at(&modulation.average, &[(0, 0.547_559), (10, 1.798_010), (108, 4.062_336)], 5e-5);
}

/// All variables at the least the network was trained with.
fn least() -> Variables {
    Variables {
        bandwidth_ref: 393.916_656,
        bandwidth_test: 361.965_332,
        total_nmr: -24.045_116,
        win_mod_diff_1: 1.110_661,
        adb: -0.206_623,
        ehs: 0.074_318,
        avg_mod_diff_1: 1.113_683,
        avg_mod_diff_2: 0.950_345,
        rms_noise_loud: 0.029_985,
        mfpd: 0.000_101,
        rel_dist_frames: 0.0,
    }
}

#[test]
fn the_network_gives_what_its_weights_say() {
    // At the least of all ranges only the biases are left.
    let node = |bias: f64| 1.0 / (1.0 + (-bias).exp());
    let by_hand = -0.307_594 - 3.817_048 * node(-2.518_254)
        + 4.107_138 * node(0.654_841)
        + 4.629_582 * node(-2.207_228);
    close(grade(&least()).distortion_index, by_hand, 1e-12);
    // One variable at its most adds its weights.
    let noisy = Variables { total_nmr: 16.212_03, ..least() };
    let by_hand = -0.307_594 - 3.817_048 * node(-2.518_254 + 4.984_241)
        + 4.107_138 * node(0.654_841 - 2.211_189)
        + 4.629_582 * node(-2.207_228 - 0.192_096);
    close(grade(&noisy).distortion_index, by_hand, 1e-12);
    assert!(grade(&noisy).odg < grade(&least()).odg - 2.0);
}

#[test]
fn grades_of_published_distortion_indices() {
    // Conformance items of the recommendation: DI and the ODG its formula gives, from -3.98 to 0.22.
    for (di, odg) in [(3.135, 0.045), (1.304, -0.676), (0.048, -1.830), (-0.715, -2.602), (-3.029, -3.786)] {
        assert!((odg_of(di) - odg).abs() < 0.002, "{di}: {}", odg_of(di));
    }
}

/// Three seconds of tones up to 17 kHz that swell, and some noise.
fn music(seed: u64) -> Vec<f32> {
    let mut random = Random::seeded(seed);
    let at = |nth: usize| nth as f64 / 48_000.0;
    (0..3 * 48_000)
        .map(|nth| {
            let tone =
                |harmonic: u32| (TAU * 440.0 * f64::from(harmonic) * at(nth)).sin() / f64::from(harmonic);
            let swell = 1.0 + 0.5 * (TAU * 3.0 * at(nth)).sin();
            (0.2 * swell * (1..39).map(tone).sum::<f64>() + 1e-4 * (random.unit() - 0.5)) as f32
        })
        .collect()
}

fn with_noise(sound: &[f32], level: f64) -> Vec<f32> {
    let mut random = Random::seeded(77);
    sound.iter().map(|&sample| sample + (level * (random.unit() - 0.5)) as f32).collect()
}

#[test]
fn the_same_again_is_no_difference_and_more_noise_is_worse() {
    let judge = Judge::new();
    let (left, right) = (music(1), music(2));
    let original = [left.clone(), right.clone()];
    let same = judge.grade(&original, &original).unwrap();
    assert!(same.odg > 0.0, "{same:?}");
    assert_eq!(same.variables.ehs, 0.0);
    assert_eq!(same.variables.mfpd, 0.0);
    assert_eq!(same.variables.rms_noise_loud, 0.0);
    let mut last = same.odg;
    for level in [0.001, 0.01, 0.03, 0.1] {
        let noisy = [with_noise(&left, level), with_noise(&right, level)];
        let worse = judge.grade(&original, &noisy).unwrap();
        assert!(worse.odg < last, "{level}: {worse:?}");
        last = worse.odg;
    }
    assert!(last < -2.0, "{last}");
}

#[test]
fn a_louder_copy_is_nearly_no_difference_and_a_duller_one_is_a_great_one() {
    let judge = Judge::new();
    let sound = music(2);
    let louder: Vec<f32> = sound.iter().map(|sample| sample * 1.02).collect();
    let louder = judge.grade(std::slice::from_ref(&sound), &[louder]).unwrap();
    assert!(louder.variables.rms_noise_loud < 0.05, "{louder:?}");
    let narrow: Vec<f32> = sound.windows(8).map(|eight| eight.iter().sum::<f32>() / 8.0).collect();
    let padded = narrow.into_iter().chain([0.0; 7]).collect::<Vec<f32>>();
    let dull = judge.grade(&[sound], &[padded]).unwrap();
    assert!(dull.odg < louder.odg - 0.5, "{dull:?} {louder:?}");
}

#[test]
fn silence_around_the_sound_does_not_count() {
    let mut sound = vec![0.0f32; 10_000];
    sound.extend(music(3));
    let end = sound.len();
    sound.extend([0.0; 30_000]);
    let frames = audible_frames(&[sound.clone()]);
    assert_eq!(frames.start, 10_000 / STEP);
    assert!(frames.end * STEP + STEP > end - STEP && (frames.end - 1) * STEP + STEP <= end, "{frames:?}");
    assert!(audible_frames(&[vec![0.0; 100_000]]).is_empty());
    assert!(Judge::new().grade(&[vec![0.0; 100_000]], &[vec![0.0; 100_000]]).is_err());
}

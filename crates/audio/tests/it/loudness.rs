//! ReplayGain against ffmpeg's own meter.

use std::process::Command;

use ferrotape_audio::MakeError;

use crate::tools::{COPY, ENCODE, Studio, mutagen, text};

/// Integrated loudness by ffmpeg's ebur128 filter, in LUFS.
fn by_ffmpeg(path: &std::path::Path) -> f64 {
    let args = ["-hide_banner", "-nostats", "-i", text(path), "-af", "ebur128", "-f", "null", "-"];
    let said = Command::new("ffmpeg").args(args).output().expect("install ffmpeg");
    let said = String::from_utf8_lossy(&said.stderr).into_owned();
    let line = said.lines().rev().find_map(|line| line.trim().strip_prefix("I:")).expect("a summary");
    line.trim().trim_end_matches("LUFS").trim().parse().expect("a number")
}

#[test]
fn the_gain_is_what_ffmpeg_measures() {
    let studio = Studio::new();
    for (name, rate, level) in
        [("loud.wav", 44_100, 0.95), ("soft.wav", 48_000, 0.05), ("high.wav", 96_000, 0.3)]
    {
        let wav = studio.sound(name, rate, 2, rate as usize * 5, level);
        let (path, made) = studio.make(&wav, ENCODE).unwrap();
        let gain = made.gain.unwrap();
        let wanted = -18.0 - by_ffmpeg(&wav);
        assert!((gain.gain_db - wanted).abs() < 0.15, "{name}: {} but ffmpeg says {wanted}", gain.gain_db);
        assert!((gain.peak - level).abs() < 0.12 * level, "{name}: peak {}", gain.peak);
        let said = mutagen(&path);
        assert!(said.contains(&format!("TXXX:REPLAYGAIN_TRACK_GAIN={:.2} dB", gain.gain_db)), "{said}");
        assert!(said.contains(&format!("TXXX:REPLAYGAIN_TRACK_PEAK={:.6}", gain.peak)), "{said}");
    }
}

#[test]
fn what_is_too_short_has_no_gain() {
    let studio = Studio::new();
    let wav = studio.sound("short.wav", 44_100, 2, 4000, 0.5);
    let (path, made) = studio.make(&wav, ENCODE).unwrap();
    assert_eq!(made.gain, None);
    assert!(!mutagen(&path).contains("REPLAYGAIN"));
}

#[test]
fn silence_is_no_recording() {
    let studio = Studio::new();
    let wav = studio.sound("silence.wav", 44_100, 2, 44_100 * 2, 0.0);
    let mp3 = studio.convert(&wav, "silence.mp3", &[]);
    for (source, job) in [(&wav, ENCODE), (&mp3, COPY)] {
        match studio.make(source, job) {
            Err(MakeError::SourceBroken { reason, .. }) => assert!(reason.contains("silent"), "{reason}"),
            other => panic!("{}: {other:?}", source.display()),
        }
    }
}

#[test]
fn mono_is_measured_as_two_speakers_play_it() {
    let studio = Studio::new();
    let mono = studio.wav("mono.wav", 44_100, 1, 44_100 * 4);
    let both = studio.convert(&mono, "both.wav", &["-ac", "2", "-af", "pan=stereo|c0=c0|c1=c0"]);
    let gain = |path| studio.make(path, ENCODE).unwrap().1.gain.unwrap().gain_db;
    assert!((gain(&mono) - gain(&both)).abs() < 0.01);
}

//! The decoded length of what is made equals the source's, to the sample, for every format.

use ferrotape_audio::{MakeError, Method, Preset, probe};
use ferrotape_domain::AudioFormat;
use twox_hash::XxHash3_128;

use crate::tools::{ENCODE, Job, Studio, ffmpeg_samples, judge, run, text};

const SAMPLES: usize = 44_100 * 3 + 1234;

fn check(name: &str, options: &[&str], format: AudioFormat) {
    let studio = Studio::new();
    let wav = studio.wav("tone.wav", 44_100, 2, SAMPLES);
    let source = studio.convert(&wav, name, options);
    assert_eq!(probe(&source).unwrap().facts.format, format);
    let (path, made) = studio.make(&source, ENCODE).unwrap();
    assert_eq!((made.samples, made.sample_rate, made.method), (SAMPLES as u64, 44_100, Method::Encoded));
    assert_eq!(made.notes, Vec::<String>::new());
    judge(&path, SAMPLES as u64);
}

#[test]
fn flac() {
    check("tone.flac", &[], AudioFormat::Flac);
}

#[test]
fn ogg_flac() {
    check("tone.oga", &["-c:a", "flac"], AudioFormat::OggFlac);
}

#[test]
fn alac() {
    check("tone.m4a", &["-c:a", "alac"], AudioFormat::Alac);
}

#[test]
fn aac_without_its_priming() {
    check("tone.m4a", &["-c:a", "aac", "-b:a", "160k"], AudioFormat::Aac);
}

#[test]
fn vorbis() {
    check("tone.ogg", &["-c:a", "libvorbis"], AudioFormat::Vorbis);
}

#[test]
fn aiff_and_wav_of_many_widths() {
    check("tone.aiff", &[], AudioFormat::Aiff);
    check("tone8.wav", &["-c:a", "pcm_u8"], AudioFormat::Wav);
    check("tone24.wav", &["-c:a", "pcm_s24le"], AudioFormat::Wav);
    check("tone32.wav", &["-c:a", "pcm_f32le"], AudioFormat::Wav);
}

#[test]
fn mp3_with_delay_and_padding() {
    check("tone.mp3", &["-c:a", "libmp3lame", "-q:a", "3"], AudioFormat::Mp3);
    check("cbr.mp3", &["-c:a", "libmp3lame", "-b:a", "192k"], AudioFormat::Mp3);
}

#[test]
fn wrong_extensions_do_not_matter() {
    check("tone.mp3", &["-f", "flac"], AudioFormat::Flac);
    check("tone.flac", &["-c:a", "libvorbis", "-f", "ogg"], AudioFormat::Vorbis);
}

#[test]
fn mp3_without_any_header_frame() {
    let studio = Studio::new();
    let wav = studio.wav("tone.wav", 44_100, 2, SAMPLES);
    // Variable, so that a length guessed from the first bit rate is wrong.
    let source = studio.convert(&wav, "bare.mp3", &["-c:a", "libmp3lame", "-q:a", "5", "-write_xing", "0"]);
    let wanted = ffmpeg_samples(&source);
    let (path, made) = studio.make(&source, ENCODE).unwrap();
    assert_eq!(made.samples, wanted);
    judge(&path, wanted);
}

#[test]
fn opus_is_48_khz_without_its_pre_skip() {
    let studio = Studio::new();
    let wav = studio.wav("tone.wav", 48_000, 2, 48_000 * 3 + 777);
    for (name, options) in [
        ("music.opus", &["-c:a", "libopus", "-b:a", "128k"][..]),
        ("voice.opus", &["-c:a", "libopus", "-b:a", "16k", "-application", "voip", "-ac", "1"]),
        ("round.opus", &["-c:a", "libopus", "-b:a", "256k", "-ac", "6"]),
    ] {
        let source = studio.convert(&wav, name, options);
        let (path, made) = studio.make(&source, ENCODE).unwrap();
        assert_eq!((made.samples, made.sample_rate), (48_000 * 3 + 777, 48_000), "{name}");
        judge(&path, 48_000 * 3 + 777);
    }
}

#[test]
fn rates_no_player_takes_are_converted_to_an_exact_length() {
    let studio = Studio::new();
    for (rate, to) in
        [(96_000, 48_000), (88_200, 44_100), (22_050, 44_100), (8_000, 48_000), (192_000, 48_000)]
    {
        let samples = rate as usize * 2 + 123;
        let wav = studio.wav(&format!("{rate}.wav"), rate, 2, samples);
        let wanted = (samples as f64 * f64::from(to) / f64::from(rate)).round() as u64;
        let (path, made) = studio.make(&wav, ENCODE).unwrap();
        assert_eq!((made.samples, made.sample_rate), (wanted, to), "{rate}");
        judge(&path, wanted);
    }
    let wav = studio.wav("32000.wav", 32_000, 1, 64_321);
    let (path, made) = studio.make(&wav, ENCODE).unwrap();
    assert_eq!((made.samples, made.sample_rate), (64_321, 32_000), "taken as it is");
    judge(&path, 64_321);
}

#[test]
fn resampling_keeps_pitch_level_and_place() {
    let studio = Studio::new();
    let wav = studio.wav("tone.wav", 96_000, 2, 96_000 * 2);
    let best = Job { preset: Preset::Cbr(320), ..ENCODE };
    let (path, _) = studio.make(&wav, best).unwrap();
    let samples = |path| {
        let raw =
            run("ffmpeg", &["-v", "error", "-i", text(path), "-ar", "48000", "-f", "s16le", "-ac", "1", "-"]);
        raw.chunks_exact(2).map(|b| f64::from(i16::from_le_bytes([b[0], b[1]]))).collect::<Vec<_>>()
    };
    let (wanted, got) = (samples(&wav), samples(&path));
    let power: f64 = wanted.iter().map(|x| x * x).sum();
    let error: f64 = wanted.iter().zip(&got).map(|(x, y)| (x - y) * (x - y)).sum();
    let ratio = 10.0 * (power / error).log10();
    assert!(ratio > 20.0, "only {ratio:.1} dB of the sound is left; a shift or a wrong level would do that");
}

#[test]
fn every_preset_is_exact_and_deterministic() {
    let studio = Studio::new();
    let wav = studio.wav("tone.wav", 44_100, 2, SAMPLES);
    for word in ["v0", "v2", "320", "256", "192", "128"] {
        let job = Job { preset: word.parse().unwrap(), ..ENCODE };
        let (path, made) = studio.make(&wav, job).unwrap();
        judge(&path, SAMPLES as u64);
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!(
            (made.bytes, made.sum),
            (bytes.len() as u64, format!("{:032x}", XxHash3_128::oneshot(&bytes)))
        );
        let (again, _) = studio.make(&wav, job).unwrap();
        assert!(bytes == std::fs::read(again).unwrap(), "{word} differs from run to run");
    }
    assert!("v9".parse::<Preset>().is_err());
}

#[test]
fn mono_stays_mono_and_many_channels_become_two() {
    let studio = Studio::new();
    for (channels, wanted) in [(1, "1"), (2, "2"), (6, "2")] {
        let wav = studio.wav(&format!("{channels}.wav"), 44_100, channels, 50_000);
        let (path, _) = studio.make(&wav, ENCODE).unwrap();
        let said = run(
            "ffprobe",
            &["-v", "error", "-show_entries", "stream=channels", "-of", "csv=p=0", text(&path)],
        );
        assert_eq!(String::from_utf8_lossy(&said).trim().trim_end_matches(','), wanted);
        judge(&path, 50_000);
    }
}

#[test]
fn very_short_sounds_are_exact_too() {
    let studio = Studio::new();
    for samples in [1, 100, 1151, 1152, 1153, 4000] {
        let wav = studio.wav(&format!("{samples}.wav"), 44_100, 2, samples);
        let (path, made) = studio.make(&wav, ENCODE).unwrap();
        assert_eq!(made.samples, samples as u64);
        assert_eq!(ffmpeg_samples(&path), samples as u64);
    }
}

#[test]
fn a_file_cut_in_the_middle_is_never_passed_off_as_whole() {
    let studio = Studio::new();
    let wav = studio.wav("tone.wav", 44_100, 2, 44_100 * 6);
    for (name, options) in [
        ("a.flac", &[][..]),
        ("a.wav", &["-c:a", "pcm_s16le"]),
        ("a.aiff", &[]),
        ("a.mp3", &["-c:a", "libmp3lame", "-q:a", "2"]),
        ("a.ogg", &["-c:a", "libvorbis"]),
        ("a.opus", &["-c:a", "libopus"]),
        ("a.oga", &["-c:a", "flac"]),
        ("late.m4a", &["-c:a", "aac"]),
        ("early.m4a", &["-c:a", "aac", "-movflags", "+faststart"]),
        ("alac.m4a", &["-c:a", "alac", "-movflags", "+faststart"]),
    ] {
        let source = studio.convert(&wav, name, options);
        let bytes = std::fs::read(&source).unwrap();
        std::fs::write(&source, &bytes[..bytes.len() * 6 / 10]).unwrap();
        for copy in [false, true] {
            match studio.make(&source, Job { copy, ..ENCODE }) {
                Err(MakeError::SourceBroken { .. }) => {}
                other => panic!("{name}, cut off: {other:?}"),
            }
        }
    }
}

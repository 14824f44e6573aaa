//! What is heard is judged by `fpcalc`; made-up bands play, invented engineers cut.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use ferrotape_audio::{Unreadable, listen};
use ferrotape_domain::{Health, Heard};
use ferrotape_testkit::Band;

use crate::tools::{Studio, text};

/// ffmpeg's decoders and its Fourier transform round in their last bit otherwise than ours: of a hundred thousand bits
/// so many may differ from `fpcalc`.
const MOST_DIFFERENT: f64 = 0.000_4;

fn band(studio: &Studio, seconds: f64) -> PathBuf {
    let path = studio.path("band.wav");
    Band { sample_rate: 44_100, ..Band::playing(3, seconds) }.write_wav(&path).unwrap();
    path
}

fn fpcalc(path: &Path) -> Vec<u32> {
    // With a newer ffmpeg, fpcalc takes the end of a short file for an error, after it printed what it should.
    let output = Command::new("fpcalc").args(["-raw", text(path)]).output();
    let output = output.expect("fpcalc is not there; install it with: apt-get install libchromaprint-tools");
    let said = String::from_utf8(output.stdout).unwrap();
    let line = said.lines().find_map(|line| line.strip_prefix("FINGERPRINT=")).unwrap();
    line.split(',').map(|value| value.parse().unwrap()).collect()
}

fn bits_different(a: &[u32], b: &[u32]) -> f64 {
    assert_eq!(a.len(), b.len(), "one value is missing or too many");
    let different: u32 = a.iter().zip(b).map(|(a, b)| (a ^ b).count_ones()).sum();
    f64::from(different) / (a.len() as f64 * 32.0)
}

/// Every format with its usual encoder, and rates that must be resampled.
const FORMATS: [(&str, &[&str]); 13] = [
    ("a.flac", &[]),
    ("a.oga", &["-c:a", "flac"]),
    ("a.mp3", &["-b:a", "192k"]),
    ("plain.mp3", &["-b:a", "128k", "-write_xing", "0"]),
    ("a.m4a", &["-c:a", "aac", "-b:a", "128k"]),
    ("alac.m4a", &["-c:a", "alac"]),
    ("a.aac", &["-c:a", "aac"]),
    ("a.ogg", &["-c:a", "libvorbis"]),
    ("a.opus", &["-c:a", "libopus"]),
    ("a.aiff", &[]),
    ("48.wav", &["-ar", "48000"]),
    ("96.flac", &["-ar", "96000", "-sample_fmt", "s32"]),
    ("mono.wav", &["-ar", "11025", "-ac", "1"]),
];

#[test]
fn the_fingerprint_is_the_one_fpcalc_prints() {
    let studio = Studio::new();
    let wav = band(&studio, 30.0);
    for (name, options) in FORMATS {
        let path = studio.convert(&wav, name, options);
        let heard = listen(&path).unwrap();
        let different = bits_different(&heard.fingerprint, &fpcalc(&path));
        println!("{name}: {:.3} % of the bits", different * 100.0);
        assert!(different <= MOST_DIFFERENT, "{name}: {:.2} %", different * 100.0);
        assert_eq!(heard.health, Health::Sound, "{name}");
        // A bare AAC or MP3 keeps the encoder's padding.
        assert!(heard.duration.abs_diff(Duration::from_secs(30)) < Duration::from_millis(120), "{heard:?}");
    }
}

/// Rates and channels that each format takes.
fn shapes(name: &str) -> Vec<(&'static str, &'static str)> {
    let all =
        [("44100", "2"), ("48000", "2"), ("32000", "2"), ("22050", "1"), ("44100", "1"), ("48000", "1")];
    let high =
        [("96000", "2"), ("88200", "2"), ("192000", "1"), ("48000", "6"), ("44100", "3"), ("8000", "1")];
    match name {
        _ if name.ends_with(".opus") => vec![("48000", "2"), ("48000", "1"), ("48000", "6"), ("24000", "2")],
        _ if name.ends_with(".flac") || name.ends_with(".wav") => all.into_iter().chain(high).collect(),
        _ => all.to_vec(),
    }
}

const MATRIX: [(&str, &[&str]); 16] = [
    ("16.flac", &["-sample_fmt", "s16"]),
    ("24.flac", &["-sample_fmt", "s32", "-af", "volume=0.73"]),
    ("16.wav", &[]),
    ("24.wav", &["-c:a", "pcm_s24le", "-af", "volume=0.71"]),
    ("float.wav", &["-c:a", "pcm_f32le", "-af", "volume=0.77"]),
    ("16.aiff", &[]),
    ("24.aiff", &["-c:a", "pcm_s24be", "-af", "volume=0.67"]),
    ("16.m4a", &["-c:a", "alac", "-sample_fmt", "s16p"]),
    ("24.m4a", &["-c:a", "alac", "-sample_fmt", "s32p", "-af", "volume=0.69"]),
    ("a.oga", &["-c:a", "flac"]),
    ("cbr.mp3", &["-b:a", "128k"]),
    ("vbr.mp3", &["-q:a", "3"]),
    ("aac.m4a", &["-c:a", "aac", "-b:a", "128k"]),
    ("adts.aac", &["-c:a", "aac"]),
    ("a.ogg", &["-c:a", "libvorbis"]),
    ("a.opus", &["-c:a", "libopus"]),
];

/// Every seventh of the 124 files of the matrix, so that each format and shape is met; docs/decisions/0019 has the count
/// of all.
#[test]
fn most_fingerprints_are_equal_to_the_bit() {
    let studio = Studio::new();
    let wav = studio.path("piece.wav");
    Band { sample_rate: 44_100, ..Band::playing(6, 16.0) }.write_wav(&wav).unwrap();
    let shapes_of = |(name, options)| shapes(name).into_iter().map(move |shape| (name, options, shape));
    let (mut equal, mut all) = (0, 0);
    for (name, options, (rate, channels)) in MATRIX.into_iter().flat_map(shapes_of).step_by(7) {
        let options: Vec<&str> = options.iter().copied().chain(["-ar", rate, "-ac", channels]).collect();
        let path = studio.convert(&wav, name, &options);
        let (ours, theirs) = (listen(&path).unwrap().fingerprint, fpcalc(&path));
        // ffmpeg plays the padding at the end of an MP4.
        assert!(ours.len().abs_diff(theirs.len()) <= 1, "{name} {rate} {channels}");
        let both = ours.len().min(theirs.len());
        let different = bits_different(&ours[..both], &theirs[..both]);
        assert!(different < 0.001, "{name} {rate} {channels}: {:.2} % of the bits", different * 100.0);
        all += 1;
        equal += usize::from(ours == theirs);
    }
    assert!(equal * 3 >= all * 2, "{equal} of {all}");
}

#[test]
fn two_minutes_are_fingerprinted_and_the_whole_is_measured() {
    let studio = Studio::new();
    let wav = studio.path("long.wav");
    Band::playing(4, 150.0).write_wav(&wav).unwrap();
    for (name, options) in [("a.flac", &[][..]), ("a.mp3", &["-q:a", "4"]), ("a.m4a", &["-c:a", "aac"])] {
        let path = studio.convert(&wav, name, options);
        let heard = listen(&path).unwrap();
        let theirs = fpcalc(&path);
        assert!((945..=950).contains(&theirs.len()), "{}", theirs.len());
        assert!(bits_different(&heard.fingerprint, &theirs) <= MOST_DIFFERENT, "{name}");
        let apart = heard.duration.abs_diff(Duration::from_secs(150));
        assert!(apart < Duration::from_millis(60), "{name}: {:?}", heard.duration);
    }
}

fn cut(path: &Path, numerator: usize, denominator: usize) -> Result<Heard, Unreadable> {
    let bytes = fs::read(path).unwrap();
    let short = path.with_extension("cut");
    fs::write(&short, &bytes[..bytes.len() * numerator / denominator]).unwrap();
    listen(&short)
}

/// Cut within the first two minutes and behind them: the look at the end must not be fooled.
#[test]
fn a_file_that_ends_before_its_header_says_is_cut_short() {
    let studio = Studio::new();
    let wav = studio.path("long.wav");
    Band { sample_rate: 11_025, ..Band::playing(4, 150.0) }.write_wav(&wav).unwrap();
    for (name, options) in [
        ("a.flac", &[][..]),
        ("a.oga", &["-c:a", "flac"]),
        ("a.mp3", &["-q:a", "4"]),
        ("a.m4a", &["-c:a", "aac", "-movflags", "+faststart"]),
        ("a.ogg", &["-c:a", "libvorbis"]),
        ("a.opus", &["-c:a", "libopus"]),
        ("a.aiff", &[]),
        ("b.wav", &["-c:a", "pcm_s24le"]),
    ] {
        let path = studio.convert(&wav, name, options);
        assert_eq!(listen(&path).unwrap().health, Health::Sound, "{name}");
        for (share, most) in [((2, 5), 65), ((14, 15), 142)] {
            let heard = cut(&path, share.0, share.1).unwrap();
            assert_eq!(heard.health, Health::CutShort, "{name} {share:?}");
            assert!(heard.duration < Duration::from_secs(most), "{name}: {:?}", heard.duration);
        }
    }
}

/// A download that stopped may leave a file of full size, with nothing but zeros at its end.
#[test]
fn a_tail_of_zeros_is_no_music() {
    let studio = Studio::new();
    let wav = studio.path("long.wav");
    Band { sample_rate: 22_050, ..Band::playing(5, 140.0) }.write_wav(&wav).unwrap();
    for (name, options) in [
        ("a.flac", &[][..]),
        ("a.mp3", &["-q:a", "4"]),
        ("a.m4a", &["-c:a", "alac", "-movflags", "+faststart"]),
    ] {
        let path = studio.convert(&wav, name, options);
        let mut bytes = fs::read(&path).unwrap();
        let from = bytes.len() * 9 / 10;
        bytes[from..].fill(0);
        fs::write(&path, bytes).unwrap();
        let heard = listen(&path);
        let usable = heard.as_ref().is_ok_and(|heard| heard.health == Health::Sound);
        assert!(!usable, "{name}: {:?}", heard.map(|heard| (heard.health, heard.duration)));
    }
}

#[test]
fn silence_is_heard_and_a_long_silent_beginning_is_none() {
    let studio = Studio::new();
    let hiss = studio.sound("hiss.wav", 22_050, 2, 22_050 * 20, 0.000_5);
    assert_eq!(listen(&hiss).unwrap().health, Health::Silent);
    let nothing = studio.sound("nothing.wav", 22_050, 1, 22_050 * 20, 0.0);
    let flac = studio.convert(&nothing, "nothing.flac", &[]);
    assert_eq!(listen(&flac).unwrap().health, Health::Silent);
    let late =
        studio.convert(&studio.wav("t.wav", 11_025, 1, 11_025 * 2), "late.flac", &["-af", "adelay=130000"]);
    assert_eq!(listen(&late).unwrap().health, Health::Sound);
}

#[test]
fn what_is_no_music_is_refused_with_its_reason() {
    let studio = Studio::new();
    let words = studio.path("words.mp3");
    fs::write(&words, "no music at all").unwrap();
    assert!(matches!(listen(&words), Err(Unreadable::NotAudio { .. })));
    assert!(matches!(listen(&studio.path("gone.flac")), Err(Unreadable::Io { .. })));
    assert!(matches!(listen(studio.dir.path()), Err(Unreadable::NotAudio { .. } | Unreadable::Io { .. })));
}

#[test]
fn every_cut_and_every_flipped_byte_is_survived_by_listening() {
    let studio = Studio::new();
    let wav = studio.wav("tone.wav", 44_100, 2, 12_000);
    let start = Instant::now();
    for (name, options) in FORMATS {
        let bytes = fs::read(studio.convert(&wav, name, options)).unwrap();
        let target = studio.path("broken");
        for cut in (0..bytes.len()).step_by((bytes.len() / 24).max(1)) {
            fs::write(&target, &bytes[..cut]).unwrap();
            let _ = listen(&target);
        }
        let head = bytes.len().min(600);
        for at in (0..head).step_by(7).chain((head..bytes.len()).step_by((bytes.len() / 16).max(1))) {
            let mut flipped = bytes.clone();
            flipped[at] ^= 0xff;
            fs::write(&target, flipped).unwrap();
            let _ = listen(&target);
        }
    }
    assert!(start.elapsed() < Duration::from_secs(200), "something hangs: {:?}", start.elapsed());
}

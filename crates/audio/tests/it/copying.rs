//! MP3s that the player takes as they are: frames stay bit-exact, everything around them is made anew.

use std::fs::{self, File};
use std::io::Write;
use std::time::{Duration, SystemTime};

use ferrotape_audio::{Cores, MakeError, Method, Mp3Request, Preset, make_mp3, quick_sound_id, whole_sum};
use ferrotape_domain::{Cancel, Part, ReplayGain, TagSet};

use crate::tools::{
    COPY, Job, NO_TAGS, Studio, ffmpeg_samples, judge, mp3val_warnings, mutagen, run, sound_bytes, text,
};

const SAMPLES: usize = 44_100 * 4 + 321;

fn mp3(studio: &Studio, name: &str, options: &[&str]) -> std::path::PathBuf {
    let wav = studio.wav("tone.wav", 44_100, 2, SAMPLES);
    studio.convert(
        &wav,
        name,
        &[&["-c:a", "libmp3lame", "-write_id3v1", "1", "-metadata", "title=Old"], options].concat(),
    )
}

#[test]
fn frames_are_bit_exact_and_old_tags_are_gone() {
    let studio = Studio::new();
    for (name, options) in [("vbr.mp3", ["-q:a", "1"]), ("cbr.mp3", ["-b:a", "128k"])] {
        let source = mp3(&studio, name, &options);
        let tags = TagSet { title: Some("New".to_owned()), ..TagSet::default() };
        let (path, made) = studio.make(&source, Job { tags: &tags, ..COPY }).unwrap();
        assert_eq!((made.method, made.samples), (Method::Copied, SAMPLES as u64));
        assert_eq!(made.notes, Vec::<String>::new());
        let mut wanted = sound_bytes(&source);
        wanted.truncate(wanted.len() - 128); // the ID3v1 tag
        assert!(sound_bytes(&path) == wanted, "{name}: frames changed");
        let said = mutagen(&path);
        assert!(said.contains("TIT2=New") && !said.contains("Old"), "{said}");
        judge(&path, SAMPLES as u64);
    }
}

#[test]
fn a_gain_in_the_tags_is_kept_and_a_missing_one_measured() {
    let studio = Studio::new();
    let source = mp3(&studio, "a.mp3", &["-q:a", "3"]);
    let given = ReplayGain { gain_db: -3.21, peak: 0.5 };
    let tags = TagSet { track_gain: Some(given), ..TagSet::default() };
    let (path, made) = studio.make(&source, Job { tags: &tags, ..COPY }).unwrap();
    assert_eq!(made.gain, Some(given));
    assert!(mutagen(&path).contains("TXXX:REPLAYGAIN_TRACK_GAIN=-3.21 dB"));
    let (_, made) = studio.make(&source, COPY).unwrap();
    assert!(made.gain.is_some_and(|gain| gain.peak > 0.1));
}

#[test]
fn what_was_read_once_is_known_as_if_it_were_read_again() {
    let studio = Studio::new();
    let gain = ReplayGain { gain_db: -3.21, peak: 0.5 };
    let tags = TagSet { track_gain: Some(gain), ..TagSet::default() };
    let job = Job { tags: &tags, ..COPY };
    for (name, options) in [("vbr.mp3", ["-q:a", "1"]), ("cbr.mp3", ["-b:a", "128k"])] {
        let source = mp3(&studio, name, &options);
        let (_, made) = studio.make(&source, job).unwrap();
        let read = made.read.expect("it was read once");
        assert_eq!(read.quick, Some(quick_sound_id(&source).unwrap()), "{name}");
        assert_eq!(read.whole, Some(whole_sum(&source).unwrap()), "{name}");
    }
}

/// Each frame may be whole, and the MP3 still be of two files.
#[test]
fn a_source_that_somebody_writes_to_while_it_is_copied_is_noticed() {
    let studio = Studio::new();
    let gain = ReplayGain { gain_db: -3.21, peak: 0.5 };
    let with_gain = TagSet { track_gain: Some(gain), ..TagSet::default() };
    // With its gain known it is read once; else its loudness is measured on the way.
    for (tags, grows) in [(&with_gain, true), (&with_gain, false), (NO_TAGS, true), (NO_TAGS, false)] {
        let source = mp3(&studio, "a.mp3", &["-q:a", "3"]);
        let (job, cores, cancel) = (Job { tags, ..COPY }, Cores::all(), Cancel::default());
        let request = job.request_with(&source, job.loudness, &cores, &cancel);
        let made = studio.path("made.mp3");
        let mut out = File::options().read(true).write(true).create(true).truncate(true).open(made).unwrap();
        let mut writes = |_: Duration| {
            let mut file = File::options().append(true).open(&source).unwrap();
            match grows {
                true => file.write_all(b"more").unwrap(),
                false => file.set_modified(SystemTime::UNIX_EPOCH).unwrap(),
            }
        };
        let answer = make_mp3(&request, &mut out, &mut writes);
        assert!(matches!(answer, Err(MakeError::SourceChanged { .. })), "{grows} {answer:?}");
    }
}

#[test]
fn a_variable_rate_file_without_header_gets_one() {
    let studio = Studio::new();
    let source = mp3(&studio, "bare.mp3", &["-q:a", "4", "-write_xing", "0"]);
    let (path, made) = studio.make(&source, COPY).unwrap();
    assert_eq!(made.method, Method::Copied);
    assert_eq!(mp3val_warnings(&path), Vec::<String>::new());
    assert_eq!(ffmpeg_samples(&path), ffmpeg_samples(&source));
    let said =
        run("ffprobe", &["-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", text(&path)]);
    let seconds: f64 = String::from_utf8_lossy(&said).trim().parse().unwrap();
    assert!((seconds - made.samples as f64 / 44_100.0).abs() < 0.06, "a player would show {seconds} s");
}

#[test]
fn a_constant_rate_file_without_header_stays_as_it_is() {
    let studio = Studio::new();
    let source = mp3(&studio, "bare.mp3", &["-b:a", "128k", "-write_xing", "0"]);
    let wanted = ffmpeg_samples(&source);
    let (path, made) = studio.make(&source, COPY).unwrap();
    assert_eq!((made.method, made.samples), (Method::Copied, wanted));
    judge(&path, wanted);
}

#[test]
fn what_is_of_a_rate_that_the_player_does_not_take_is_encoded_again() {
    let studio = Studio::new();
    let constant = mp3(&studio, "cbr.mp3", &["-b:a", "128k"]);
    let slow = mp3(&studio, "slow.mp3", &["-ac", "1", "-ar", "32000", "-b:a", "40k"]);
    let varying = mp3(&studio, "vbr.mp3", &["-q:a", "9"]);
    // The frames of a slow one reach farther back than one of them holds: what a part of it carries takes a larger frame.
    let part = Part { number: 2, sample_rate: 32_000, start: 90_000, end: Some(120_000) };
    for (source, part, constant_rate, kbps, method) in [
        (&constant, None, true, (0, 128), Method::Copied),
        (&constant, None, false, (0, 127), Method::Encoded),
        (&slow, None, false, (40, 320), Method::Copied),
        (&slow, None, false, (48, 320), Method::Encoded),
        (&slow, Some(part), false, (0, 320), Method::Copied),
        (&slow, Some(part), true, (0, 320), Method::Encoded),
        (&varying, None, false, (0, 320), Method::Copied),
        (&varying, None, true, (0, 320), Method::Encoded),
    ] {
        let (cores, cancel) = (Cores::all(), Cancel::default());
        let job = Job { part, preset: Preset::Cbr(128), ..COPY };
        let request = job.request_with(source, job.loudness, &cores, &cancel);
        let request = Mp3Request { constant_rate, kbps, ..request };
        let made = make_mp3(&request, &mut tempfile::tempfile().unwrap(), &mut |_| {}).unwrap();
        assert_eq!(made.method, method, "{source:?} {part:?} {constant_rate} {kbps:?}: {:?}", made.notes);
        assert_eq!(made.notes.is_empty(), method == Method::Copied, "{:?}", made.notes);
    }
}

#[test]
fn a_cut_last_frame_is_left_out_and_said() {
    let studio = Studio::new();
    let source = mp3(&studio, "a.mp3", &["-q:a", "3", "-write_id3v1", "0"]);
    let bytes = fs::read(&source).unwrap();
    fs::write(&source, &bytes[..bytes.len() - 100]).unwrap();
    let (path, made) = studio.make(&source, COPY).unwrap();
    assert_eq!(made.method, Method::Copied);
    assert!(made.notes.iter().any(|note| note.contains("last frame")), "{:?}", made.notes);
    assert_eq!(mp3val_warnings(&path), Vec::<String>::new());
    assert_eq!(ffmpeg_samples(&path), made.samples);
}

#[test]
fn tags_between_and_junk_around_frames_are_left_out() {
    let studio = Studio::new();
    let source = mp3(&studio, "a.mp3", &["-q:a", "3", "-write_id3v1", "0"]);
    let sound = sound_bytes(&source);
    let mut bytes = b"ID3\x03\0\0\0\0\0\x10".to_vec();
    bytes.extend_from_slice(&[0; 16]);
    bytes.extend_from_slice(&[0; 700]); // padding some taggers leave behind
    bytes.extend_from_slice(&sound);
    bytes.extend_from_slice(b"some junk that is no frame at all");
    fs::write(&source, bytes).unwrap();
    let (path, made) = studio.make(&source, COPY).unwrap();
    assert_eq!(made.method, Method::Copied);
    assert!(sound_bytes(&path) == sound);
    judge(&path, SAMPLES as u64);
}

#[test]
fn damage_in_the_middle_falls_back_to_encoding() {
    let studio = Studio::new();
    let source = mp3(&studio, "a.mp3", &["-b:a", "128k"]);
    let mut bytes = fs::read(&source).unwrap();
    let middle = bytes.len() / 2;
    bytes.splice(middle..middle + 200, [0x55; 150]);
    fs::write(&source, bytes).unwrap();
    let (path, made) = studio.make(&source, COPY).unwrap();
    assert_eq!(made.method, Method::Encoded);
    assert!(made.notes.iter().any(|note| note.contains("encoded again")), "{:?}", made.notes);
    judge(&path, made.samples);
}

#[test]
fn a_second_recording_of_another_rate_goes_on_at_the_rate_of_the_first() {
    let studio = Studio::new();
    let first = mp3(&studio, "a.mp3", &["-b:a", "128k"]);
    let wav = studio.wav("other.wav", 48_000, 2, 48_000 * 3);
    let second = studio.convert(&wav, "b.mp3", &["-c:a", "libmp3lame", "-b:a", "128k"]);
    let bytes = [sound_bytes(&first), sound_bytes(&second)].concat();
    fs::write(&first, bytes).unwrap();
    let (path, made) = studio.make(&first, COPY).unwrap();
    assert_eq!((made.method, made.sample_rate), (Method::Encoded, 44_100));
    assert!(made.notes.iter().any(|note| note.contains("change in the middle")), "{:?}", made.notes);
    judge(&path, made.samples);
}

//! Cue sheets: what is understood of them, and parts that join to the whole, judged by ffmpeg.

use std::fs;

use ferrotape_audio::{
    Method, Preset, Start, listen_to_part, measure_loudness, parts_of, probe, read_cue_sheet,
};
use ferrotape_domain::{Cancel, Part, TagSet};

use crate::tools::{ENCODE, Job, Studio, judge, run, text};

const SHEET: &str = "REM GENRE Folk\r\nREM DATE 1999\r\nPERFORMER \"Mara Quill\"\r\nTITLE \"Tides\"\r\n\
    FILE \"Tides.wav\" WAVE\r\n  TRACK 01 AUDIO\r\n    TITLE \"Low Water\"\r\n    ISRC GBAAA9900001\r\n\
    REM REPLAYGAIN_TRACK_GAIN -3.21 dB\r\n    INDEX 01 00:00:00\r\n  TRACK 02 AUDIO\r\n    TITLE \"Ébb \"Tide\"\"\r\n\
    PERFORMER \"Mara Quill & Sons\"\r\n    INDEX 00 00:04:00\r\n    INDEX 01 00:05:33\r\n  TRACK 03 AUDIO\r\n\
    TITLE \"Slack\"\r\n    INDEX 01 00:11:07\r\n";

#[test]
fn a_sheet_in_any_encoding_says_the_same() {
    let studio = Studio::new();
    let path = studio.path("a.cue");
    let utf_16 = SHEET.encode_utf16().flat_map(u16::to_le_bytes);
    let latin: Vec<u8> = SHEET.chars().map(|letter| letter as u8).collect();
    for bytes in [SHEET.as_bytes().to_vec(), [0xff, 0xfe].into_iter().chain(utf_16).collect(), latin] {
        fs::write(&path, bytes).unwrap();
        let sheet = read_cue_sheet(&path).unwrap();
        assert_eq!((sheet.title.as_str(), sheet.performer.as_str()), ("Tides", "Mara Quill"));
        let file = &sheet.files[0];
        let titles: Vec<&str> = file.tracks.iter().map(|track| track.title.as_str()).collect();
        assert_eq!(titles, ["Low Water", "Ébb \"Tide\"", "Slack"]);
        assert_eq!(
            file.tracks[1].start,
            Some(Start::Frame(5 * 75 + 33)),
            "the gap belongs to the track before"
        );
        assert_eq!(file.tracks[0].gain.unwrap().gain_db, -3.21);
    }
}

#[test]
fn hostile_sheets_are_survived() {
    let studio = Studio::new();
    let path = studio.path("a.cue");
    fs::write(&path, vec![b'T'; (1 << 20) + 1]).unwrap();
    assert!(read_cue_sheet(&path).is_err());
    let wav = studio.wav("a.wav", 44_100, 2, 44_100 * 8);
    let probed = probe(&wav).unwrap();
    let bytes = SHEET.as_bytes();
    for at in 0..bytes.len() {
        let mut flipped = bytes.to_vec();
        flipped[at] ^= 0x15;
        for hostile in [flipped, bytes[..at].to_vec()] {
            fs::write(&path, hostile).unwrap();
            let sheet = read_cue_sheet(&path).unwrap();
            for file in &sheet.files {
                let (parts, _) = parts_of(&sheet, file, &probed.facts, &probed.tags);
                for pair in parts.windows(2) {
                    assert!(pair[0].part.end.unwrap() <= pair[1].part.start);
                }
            }
        }
    }
}

/// An album that was cut into its tracks often left its sheet in each of them.
#[test]
fn a_sheet_about_another_file_cuts_nothing() {
    let studio = Studio::new();
    let path = studio.path("a.cue");
    fs::write(&path, SHEET).unwrap();
    let sheet = read_cue_sheet(&path).unwrap();
    let file = &sheet.files[0];
    let probed = |seconds: usize| probe(&studio.wav("a.wav", 44_100, 2, 44_100 * seconds)).unwrap();
    let (short, long) = (probed(7), probed(16));
    let (parts, problems) = parts_of(&sheet, file, &short.facts, &short.tags);
    assert!(parts.is_empty() && problems[0].contains("track 3 begins behind the end"), "{problems:?}");
    let mut tags = TagSet { title: Some("slack".to_owned()), track_number: Some(3), ..TagSet::default() };
    assert_eq!(parts_of(&sheet, file, &long.facts, &tags).0.len(), 0, "it is track 3 itself");
    tags.track_number = None;
    assert_eq!(parts_of(&sheet, file, &long.facts, &tags).0.len(), 3, "an album may be called so, too");
}

#[test]
fn what_is_said_of_a_refused_track_is_not_said_of_the_album() {
    let studio = Studio::new();
    let path = studio.path("a.cue");
    let hidden =
        SHEET.replace("  TRACK 01", "  TRACK 00 AUDIO\r\nTITLE \"Hidden\"\r\nPERFORMER \"X\"\r\n  TRACK 01");
    fs::write(&path, hidden).unwrap();
    let sheet = read_cue_sheet(&path).unwrap();
    assert_eq!((sheet.title.as_str(), sheet.performer.as_str()), ("Tides", "Mara Quill"));
    assert_eq!(sheet.files[0].tracks.len(), 3);
    assert_eq!(sheet.problems.len(), 1, "{:?}", sheet.problems);
}

fn pcm(path: &std::path::Path) -> Vec<i16> {
    let bytes = run("ffmpeg", &["-v", "error", "-i", text(path), "-f", "s16le", "-ac", "1", "-"]);
    bytes.chunks_exact(2).map(|two| i16::from_le_bytes([two[0], two[1]])).collect()
}

/// A steady tone has no place where a gap, a doubled sample or a click could hide.
#[test]
fn parts_of_a_tone_join_without_a_click() {
    let studio = Studio::new();
    let wav = studio.path("tone.wav");
    run(
        "ffmpeg",
        &["-v", "error", "-f", "lavfi", "-i", "sine=frequency=441:duration=16", "-ac", "2", text(&wav)],
    );
    fs::write(studio.path("a.cue"), SHEET).unwrap();
    let sheet = read_cue_sheet(&studio.path("a.cue")).unwrap();
    for (name, options) in [
        ("tone.wav", None),
        ("a.flac", Some(&[][..])),
        ("a.mp3", Some(&["-b:a", "320k"][..])),
        ("a.m4a", Some(&["-c:a", "alac"][..])),
        ("a.ogg", Some(&["-c:a", "libvorbis"][..])),
    ] {
        let source = options.map_or_else(|| wav.clone(), |options| studio.convert(&wav, name, options));
        let probed = probe(&source).unwrap();
        let (parts, problems) = parts_of(&sheet, &sheet.files[0], &probed.facts, &probed.tags);
        assert_eq!((parts.len(), problems.len()), (3, 0), "{name}");
        let whole = pcm(&source);
        let mut joined = Vec::new();
        for found in &parts {
            let part = Some(found.part);
            let job =
                Job { preset: Preset::Cbr(320), tags: &found.tags, copy: true, part, hear: true, ..ENCODE };
            let (made, mp3) = studio.make(&source, job).unwrap();
            let end = found.part.end.unwrap_or(whole.len() as u64);
            assert_eq!(mp3.samples, end - found.part.start, "{name}");
            judge(&made, mp3.samples);
            let copied = name == "a.mp3";
            assert_eq!(mp3.method == Method::Copied, copied, "{name}");
            let heard = listen_to_part(&source, Some(&found.part)).unwrap();
            let on_the_way = Some(&heard).filter(|_| !copied);
            assert_eq!(mp3.heard.as_ref(), on_the_way, "{name}: heard on the way or by listening");
            joined.extend(pcm(&made));
        }
        assert_eq!(joined.len(), whole.len(), "{name}");
        // A shift by one sample would be 257 off. Where an MP3 begins or ends its encoder knows no more of the tone.
        let seams = || parts.iter().map(|found| found.part.start as usize).chain([whole.len()]);
        for (at, (ours, theirs)) in joined.iter().zip(&whole).enumerate() {
            let most = if name == "a.mp3" {
                1
            } else if seams().any(|seam| seam.abs_diff(at) < 1_200) {
                1_200
            } else {
                200
            };
            assert!(ours.abs_diff(*theirs) < most, "{name}: {ours} is not {theirs} at {at}");
        }
    }
}

#[test]
fn a_part_behind_the_end_of_the_file_is_no_sound() {
    let studio = Studio::new();
    for (name, options) in [("a.flac", &[][..]), ("a.ogg", &["-c:a", "libvorbis"])] {
        let wav = studio.wav("a.wav", 44_100, 2, 44_100 * 7);
        let path = studio.convert(&wav, name, options);
        let part = Part { number: 9, sample_rate: 44_100, start: 44_100 * 9, end: Some(44_100 * 12) };
        assert!(listen_to_part(&path, Some(&part)).is_err(), "{name}");
    }
}

/// Made one by one, in any format, each part is what it is of the decoded whole.
#[test]
fn what_is_before_a_part_is_left_out_exactly() {
    let studio = Studio::new();
    let wav = studio.sound("a.wav", 44_100, 2, 44_100 * 14 + 77, 0.5);
    let part = Part { number: 2, sample_rate: 44_100, start: 44_100 * 9 + 123, end: Some(44_100 * 12 + 5) };
    for (name, options) in [
        ("a.wav", None),
        ("a.flac", Some(&[][..])),
        ("a.wv", Some(&[][..])),
        ("a.aiff", Some(&[][..])),
        ("adpcm.wav", Some(&["-c:a", "adpcm_ms"][..])),
        ("a.m4a", Some(&["-c:a", "alac"][..])),
        ("b.m4a", Some(&["-c:a", "aac"][..])),
        ("a.opus", Some(&["-c:a", "libopus"][..])),
        ("a.ogg", Some(&["-c:a", "flac"][..])),
    ] {
        let source = options.map_or_else(|| wav.clone(), |options| studio.convert(&wav, name, options));
        let end = studio.path("end.wav");
        let rate = probe(&source).unwrap().facts.sample_rate;
        let (from, to) = part.bounds(rate);
        let cut = format!("atrim=start_sample={}:end_sample={}", from, to.unwrap());
        run(
            "ffmpeg",
            &["-v", "error", "-y", "-i", text(&source), "-af", &cut, "-c:a", "pcm_f32le", text(&end)],
        );
        let theirs = measure_loudness(&end, None, &Cancel::default()).unwrap();
        let ours = measure_loudness(&source, Some(&part), &Cancel::default()).unwrap();
        assert!((ours.true_peak - theirs.true_peak).abs() < 1e-4, "{name}: {ours:?} is not {theirs:?}");
        let lufs = |of: &ferrotape_domain::Loudness| of.integrated_lufs().unwrap();
        assert!(
            (lufs(&ours) - lufs(&theirs)).abs() < 0.01,
            "{name}: {} is not {}",
            lufs(&ours),
            lufs(&theirs)
        );
    }
}

//! Bad input: nothing panics, hangs, or passes for music; what can be saved is saved and said.

use std::fs;
use std::time::{Duration, Instant};

use ferrotape_audio::{Cores, MakeError, Mp3Request, Way, make_mp3, probe};
use ferrotape_domain::Cancel;

use crate::tools::{AS_USUAL, COPY, ENCODE, GENERIC, Job, NO_TAGS, Studio, judge};

#[test]
fn a_few_damaged_frames_are_replaced_by_silence_and_said() {
    let studio = Studio::new();
    let wav = studio.wav("tone.wav", 44_100, 2, 44_100 * 8);
    let source = studio.convert(&wav, "a.flac", &[]);
    let mut bytes = fs::read(&source).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 40].fill(0xaa);
    fs::write(&source, bytes).unwrap();
    let (path, made) = studio.make(&source, ENCODE).unwrap();
    assert_eq!(made.samples, 44_100 * 8, "the rest keeps its place");
    assert!(made.notes.iter().any(|note| note.contains("damaged")), "{:?}", made.notes);
    judge(&path, 44_100 * 8);
}

#[test]
fn too_much_damage_is_a_failure() {
    let studio = Studio::new();
    let wav = studio.wav("tone.wav", 44_100, 2, 44_100 * 8);
    let source = studio.convert(&wav, "a.flac", &[]);
    let mut bytes = fs::read(&source).unwrap();
    let (from, to) = (bytes.len() / 3, bytes.len() * 2 / 3);
    bytes[from..to].fill(0xaa);
    fs::write(&source, bytes).unwrap();
    match studio.make(&source, ENCODE) {
        Err(MakeError::SourceBroken { .. }) => {}
        other => panic!("{other:?}"),
    }
}

/// No header tells how long these are, but a hole between their frames shows.
#[test]
fn an_mp3_without_header_frame_shows_its_holes() {
    let studio = Studio::new();
    let wav = studio.wav("tone.wav", 44_100, 2, 44_100 * 20);
    let bare = ["-b:a", "128k", "-write_xing", "0", "-id3v2_version", "0"];
    let whole = fs::read(studio.convert(&wav, "a.mp3", &bare)).unwrap();
    let holed = studio.path("holed.mp3");
    let with_a_hole = |bytes: usize| {
        let mut damaged = whole.clone();
        damaged[100_000..100_000 + bytes].fill(0);
        fs::write(&holed, damaged).unwrap();
    };
    // A second has 16,000 bytes.
    with_a_hole(60_000);
    for job in [COPY, ENCODE] {
        let made = studio.make(&holed, job);
        assert!(matches!(made, Err(MakeError::SourceBroken { .. })), "{made:?}");
    }
    with_a_hole(5_000);
    let (_, made) = studio.make(&holed, COPY).unwrap();
    assert!(made.notes.iter().any(|note| note.contains("replaced by silence")), "{:?}", made.notes);
    assert!(made.samples.abs_diff(44_100 * 20) < 10_000, "{}", made.samples);
}

#[test]
fn every_cut_and_every_flipped_byte_is_survived() {
    let studio = Studio::new();
    let wav = studio.wav("tone.wav", 44_100, 2, 6000);
    let start = Instant::now();
    for (name, options) in [
        ("a.flac", &[][..]),
        ("a.oga", &["-c:a", "flac"]),
        ("a.mp3", &["-q:a", "5"]),
        ("a.m4a", &["-c:a", "aac"]),
        ("alac.m4a", &["-c:a", "alac"]),
        ("a.ogg", &["-c:a", "libvorbis"]),
        ("a.opus", &["-c:a", "libopus"]),
        ("a.aiff", &[]),
        ("b.wav", &["-c:a", "pcm_s24le"]),
        ("a.aac", &["-c:a", "aac"]),
    ] {
        let tagged = [&["-metadata", "title=Kein Wort", "-metadata", "artist=Niemand"], options].concat();
        let source = studio.convert(&wav, name, &tagged);
        let bytes = fs::read(&source).unwrap();
        let target = studio.path("broken");
        let try_it = |bytes: &[u8]| {
            fs::write(&target, bytes).unwrap();
            let _ = probe(&target);
            let _ = studio.make(&target, COPY);
        };
        for cut in (0..bytes.len()).step_by((bytes.len() / 24).max(1)) {
            try_it(&bytes[..cut]);
        }
        let head = bytes.len().min(700);
        for at in (0..head).step_by(5).chain((head..bytes.len()).step_by((bytes.len() / 24).max(1))) {
            let mut flipped = bytes.clone();
            flipped[at] ^= 0xff;
            try_it(&flipped);
        }
    }
    assert!(start.elapsed() < Duration::from_secs(300), "something hangs: {:?}", start.elapsed());
}

/// The shapes of Symphonia's issues 485 (a panic on 33 bytes), 508 (21 bytes, all memory) and 379.
#[test]
fn tiny_files_with_huge_claims_are_refused_at_once() {
    let studio = Studio::new();
    let inputs: [&[u8]; 8] = [
        b"ID3\x03\0\x40\0\0\0\x17\0\0\0\x06\0\0\0\0\0\0TIT2\0\0\0\x01\0\0\0",
        b"ID3\x04\0\0\x7f\x7f\x7f\x7fAPIC\x7f\x7f\x7f\x7f\0\0",
        b"fLaC\x84\xff\xff\xff\xff\xff\xff\xff",
        b"fLaC\0\0\0\x22\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
        b"\0\0\0\x18ftypM4A \0\0\0\0M4A mp42\xff\xff\xff\xffmoov\xff\xff\xff\xfftrak",
        b"RIFF\xff\xff\xff\xffWAVEfmt \xff\xff\xff\xff\x01\0\x02\0",
        b"OggS\0\x02\0\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\xff",
        b"FORM\xff\xff\xff\xffAIFFCOMM\xff\xff\xff\xff\0\x02",
    ];
    for bytes in inputs {
        let path = studio.path("tiny");
        fs::write(&path, bytes).unwrap();
        let start = Instant::now();
        assert!(probe(&path).is_err(), "{bytes:?}");
        assert!(studio.make(&path, COPY).is_err(), "{bytes:?}");
        assert!(start.elapsed() < Duration::from_secs(2));
    }
}

#[test]
fn stopping_stops_and_a_missing_source_is_an_io_error() {
    let studio = Studio::new();
    let wav = studio.wav("tone.wav", 44_100, 2, 44_100);
    let mp3 = studio.convert(&wav, "a.mp3", &["-b:a", "128k"]);
    let cancel = Cancel::default();
    cancel.stop();
    for source in [&wav, &mp3] {
        let mut out = tempfile::tempfile().unwrap();
        let request = Mp3Request {
            source,
            preset: "v0".parse().unwrap(),
            tags: NO_TAGS,
            style: GENERIC,
            cover: None,
            copy_mp3: true,
            rates: &[],
            constant_rate: false,
            kbps: (0, 320),
            way: Way::ByLength,
            loudness: AS_USUAL,
            cores: &Cores::all(),
            part: None,
            hear: false,
            sum: false,
            cancel: &cancel,
        };
        assert!(matches!(make_mp3(&request, &mut out, &mut |_| {}), Err(MakeError::Cancelled)));
    }
    let gone = studio.make(&studio.path("gone.flac"), ENCODE);
    assert!(matches!(gone, Err(MakeError::SourceUnreadable { .. })), "{gone:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_seen_as_one() {
    let studio = Studio::new();
    let wav = studio.wav("tone.wav", 44_100, 2, 44_100);
    let mut full = fs::File::options().read(true).write(true).open("/dev/full").unwrap();
    let Job { preset, tags, .. } = ENCODE;
    let cancel = Cancel::default();
    let cores = Cores::all();
    let request = Mp3Request {
        source: &wav,
        preset,
        tags,
        style: GENERIC,
        cover: None,
        copy_mp3: false,
        rates: &[],
        constant_rate: false,
        kbps: (0, 320),
        part: None,
        hear: false,
        sum: false,
        way: Way::ByLength,
        loudness: AS_USUAL,
        cores: &cores,
        cancel: &cancel,
    };
    let answer = make_mp3(&request, &mut full, &mut |_| {});
    assert!(matches!(answer, Err(MakeError::NoSpace { .. })), "{answer:?}");
}

#[test]
fn progress_adds_up_to_the_whole() {
    let studio = Studio::new();
    let wav = studio.wav("tone.wav", 44_100, 2, 44_100 * 5);
    let mut told = Duration::ZERO;
    let mut out = tempfile::tempfile().unwrap();
    let cancel = Cancel::default();
    let request = Mp3Request {
        source: &wav,
        preset: ENCODE.preset,
        tags: NO_TAGS,
        style: GENERIC,
        cover: None,
        copy_mp3: false,
        rates: &[],
        constant_rate: false,
        kbps: (0, 320),
        way: Way::ByLength,
        loudness: AS_USUAL,
        cores: &Cores::all(),
        part: None,
        hear: false,
        sum: false,
        cancel: &cancel,
    };
    make_mp3(&request, &mut out, &mut |more| told += more).unwrap();
    assert!(told.abs_diff(Duration::from_secs(5)) < Duration::from_millis(1), "{told:?}");
}

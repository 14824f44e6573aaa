//! Sound that changes in the middle, and descriptions that are missing: it goes on, and the user is told.

use std::fs;
use std::path::Path;

use ferrotape_audio::MakeError;

use crate::tools::{ENCODE, Studio};

/// Where the frames of a FLAC file begin.
fn frames(path: &Path) -> Vec<u8> {
    let bytes = fs::read(path).unwrap();
    let at = bytes.windows(2).position(|two| two == [0xff, 0xf8]).unwrap();
    bytes[at..].to_vec()
}

#[test]
fn a_flac_whose_rate_and_channels_change_goes_on_as_it_began() {
    let studio = Studio::new();
    let first = studio.convert(&studio.wav("a.wav", 44_100, 2, 44_100), "a.flac", &[]);
    let second = studio.convert(&studio.wav("b.wav", 48_000, 1, 48_000), "b.flac", &[]);
    let mixed = studio.path("mixed.flac");
    fs::write(&mixed, [fs::read(&first).unwrap(), frames(&second)].concat()).unwrap();
    let (_, made) = studio.make(&mixed, ENCODE).unwrap();
    assert_eq!((made.samples, made.sample_rate), (88_200, 44_100), "a second of each");
    assert!(made.notes.iter().any(|note| note.contains("change in the middle")), "{:?}", made.notes);
}

#[test]
fn a_flac_without_mark_and_description_is_read_behind_junk() {
    let studio = Studio::new();
    let whole = studio.convert(&studio.wav("a.wav", 44_100, 2, 50_000), "a.flac", &[]);
    for junk in [&b""[..], b"no frame, only words"] {
        let bare = studio.path("bare.flac");
        fs::write(&bare, [junk, &frames(&whole)].concat()).unwrap();
        let (_, made) = studio.make(&bare, ENCODE).unwrap();
        assert_eq!(made.samples, 50_000);
    }
}

/// A download that lacks its first pieces has zeros there, and a recording of a broadcast has nothing: its count began before.
#[test]
fn a_flac_whose_beginning_is_lost_is_broken_and_one_of_a_broadcast_is_whole() {
    let studio = Studio::new();
    let whole = studio.convert(&studio.wav("a.wav", 44_100, 2, 44_100 * 8), "a.flac", &[]);
    let bytes = fs::read(&whole).unwrap();
    let lost = studio.path("lost.flac");
    let front = bytes.len() / 16;
    fs::write(&lost, [vec![0; front], bytes[front..].to_vec()].concat()).unwrap();
    let made = studio.make(&lost, ENCODE);
    assert!(matches!(made, Err(MakeError::SourceBroken { .. })), "{made:?}");
    let frames = frames(&whole);
    let is_frame = |at: &usize| frames[*at..].starts_with(&frames[..3]);
    let later = (frames.len() / 2..frames.len() - 3).find(is_frame).unwrap();
    let broadcast = studio.path("broadcast.flac");
    fs::write(&broadcast, &frames[later..]).unwrap();
    let (_, made) = studio.make(&broadcast, ENCODE).unwrap();
    assert!((44_100 * 2..44_100 * 6).contains(&made.samples), "{}", made.samples);
    assert!(!made.notes.iter().any(|note| note.contains("damaged")), "{:?}", made.notes);
}

#[test]
fn recordings_chained_in_one_ogg_file_follow_each_other() {
    let studio = Studio::new();
    for (name, codec) in [("a.ogg", "libvorbis"), ("a.oga", "flac"), ("a.opus", "libopus")] {
        let first = studio.convert(&studio.wav("a.wav", 48_000, 2, 48_000), name, &["-c:a", codec]);
        let links = fs::read(&first).unwrap();
        let other = studio.convert(&studio.wav("b.wav", 48_000, 2, 24_000), name, &["-c:a", codec]);
        fs::write(&other, [links, fs::read(&other).unwrap()].concat()).unwrap();
        let (_, made) = studio.make(&other, ENCODE).unwrap();
        assert_eq!(made.samples, 72_000, "{name}");
        assert!(made.notes.iter().any(|note| note.contains("2 recordings")), "{:?}", made.notes);
    }
}

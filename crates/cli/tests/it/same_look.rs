//! Files that look as before and are not: of the same size and time, or with the same bytes wherever a look falls.

use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, SystemTime};

use ferrotape_testkit::{MadeTrack, Track, make_music};
use serde_json::Value;

use crate::home::{Home, outcome_of};

/// Bytes of the sound of [`wav`]: three seconds.
const SOUND: usize = 3 * 44_100 * 4;

/// Noise as an uncompressed file without tags.
fn wav(seed: u64) -> Vec<u8> {
    let size = u32::try_from(SOUND).unwrap();
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((size + 36).to_le_bytes());
    bytes.extend(b"WAVEfmt ");
    bytes.extend(16_u32.to_le_bytes());
    // PCM, two channels; samples and bytes per second; bytes of a frame, bits of a sample.
    bytes.extend([1_u16, 2].iter().flat_map(|short| short.to_le_bytes()));
    bytes.extend([44_100_u32, 44_100 * 4].iter().flat_map(|long| long.to_le_bytes()));
    bytes.extend([4_u16, 16].iter().flat_map(|short| short.to_le_bytes()));
    bytes.extend(b"data");
    bytes.extend(size.to_le_bytes());
    let mut state = seed;
    for _ in 0..SOUND / 2 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        bytes.extend(((state >> 49) as i16 - 16_384).to_le_bytes());
    }
    bytes
}

/// The same with silence in a stretch of it.
fn with_hole(whole: &[u8], stretch: std::ops::Range<usize>) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    bytes[stretch].fill(0);
    bytes
}

/// Puts a file in place of whatever is there, with this time of its last change.
fn put(path: &Path, bytes: &[u8], time: SystemTime) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
    touch(path, time);
}

fn touch(path: &Path, time: SystemTime) {
    File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
}

/// As files out of a zip have it: without a fraction.
fn long_ago() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000)
}

fn wanted(title: &str) -> Track {
    Track { duration_ms: Some(3_000), ..Track::new("Mara Quill", "Low Water", title) }
}

fn fill(home: &Home, player: &str) -> Value {
    home.json(&format!("convert list.csv --from music --to ./{player} --yes"))
}

fn counts(last: &Value) -> (&Value, &Value) {
    (&last["performed"]["written"], &last["performed"]["encoded"])
}

const EBB: &str = "music/Mara Quill/Low Water/01 - Ebb.wav";
const FLOOD: &str = "music/Mara Quill/Low Water/02 - Flood.wav";

#[test]
fn titles_that_were_corrected_are_seen_though_size_and_time_are_kept() {
    let home = Home::new();
    let made =
        |number, title, at| MadeTrack::new("Mara Quill", "Low Water", number, title).seconds(3.0).at(at);
    let paths =
        make_music(&home.path("music"), &[made(1, "Ebb", "a.flac"), made(2, "Tow", "b.flac")]).unwrap();
    paths.iter().for_each(|path| touch(path, long_ago()));
    home.csv("list.csv", &[wanted("Ebb")]);
    fill(&home, "player");
    assert!(home.mp3s().iter().any(|path| path.contains("01")), "{:?}", home.mp3s());
    for (path, was, is) in [(&paths[0], b"Ebb", b"Tow"), (&paths[1], b"Tow", b"Ebb")] {
        let mut bytes = fs::read(path).unwrap();
        let at = bytes.windows(4).position(|found| found[0] == b'=' && found[1..] == was[..]).unwrap();
        bytes[at + 1..at + 4].copy_from_slice(is);
        put(path, &bytes, long_ago());
    }
    let last = fill(&home, "player");
    assert_eq!((&last["as_before"], &last["scan"]["opened"]), (&false.into(), &2.into()), "{last:#}");
    let mp3s = home.mp3s();
    assert!(mp3s.len() == 1 && mp3s[0].contains("02"), "{mp3s:?}");
    assert_eq!(fill(&home, "player")["as_before"], true);
}

#[test]
fn names_that_were_swapped_are_seen_though_size_and_time_are_the_same() {
    let home = Home::new();
    let (ebb, flood) = (home.path(EBB), home.path(FLOOD));
    put(&ebb, &wav(1), long_ago());
    put(&flood, &wav(2), long_ago());
    home.csv("list.csv", &[wanted("Ebb")]);
    fill(&home, "player");
    let before = fs::read(home.player().join(&home.mp3s()[0])).unwrap();
    let aside = home.path("aside");
    for (from, to) in [(&ebb, &aside), (&flood, &ebb), (&aside, &flood)] {
        fs::rename(from, to).unwrap();
    }
    let last = fill(&home, "player");
    assert_eq!((&last["scan"]["opened"], counts(&last).0), (&2.into(), &1.into()), "{last:#}");
    let mp3s = home.mp3s();
    assert_eq!(mp3s.len(), 1, "{mp3s:?}");
    assert_ne!(fs::read(home.player().join(&mp3s[0])).unwrap(), before);
}

#[test]
fn a_sound_copy_of_a_file_with_a_hole_is_taken_though_every_look_falls_beside_the_hole() {
    let home = Home::new();
    let (path, whole) = (home.path(EBB), wav(3));
    put(&path, &with_hole(&whole, SOUND / 8..SOUND / 4), long_ago());
    home.csv("list.csv", &[wanted("Ebb")]);
    assert_eq!(counts(&fill(&home, "player")), (&1.into(), &1.into()));
    let mp3 = |player: &str| fs::read(home.path(player).join(&home.mp3s()[0])).unwrap();
    let holed = mp3("player");

    put(&path, &whole, SystemTime::now());
    let last = fill(&home, "player");
    assert_eq!(
        (outcome_of(&last["report"], "Ebb"), counts(&last)),
        ("on_player", (&1.into(), &1.into())),
        "{last:#}"
    );
    let sound = mp3("player");
    assert_ne!(sound, holed);
    // What the cache has of the same looks is not given to another player.
    assert_eq!(counts(&fill(&home, "second")), (&1.into(), &0.into()));
    assert_eq!(mp3("second"), sound);
    // And back.
    put(&path, &with_hole(&whole, SOUND / 8..SOUND / 4), SystemTime::now());
    assert_eq!(counts(&fill(&home, "player")).0, 1);
    assert_eq!(mp3("player"), holed);
}

#[test]
fn a_file_that_was_touched_given_other_rights_or_moved_costs_nothing() {
    let home = Home::new();
    let path = home.path(EBB);
    put(&path, &wav(4), SystemTime::now());
    home.csv("list.csv", &[wanted("Ebb")]);
    fill(&home, "player");
    let costs_nothing = |what: &str| {
        let last = fill(&home, "player");
        assert_eq!(counts(&last), (&0.into(), &0.into()), "{what}: {last:#}");
        assert_eq!(outcome_of(&last["report"], "Ebb"), "on_player", "{what}");
        last["scan"].clone()
    };
    let mut rights = path.metadata().unwrap().permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut rights, 0o600);
    fs::set_permissions(&path, rights).unwrap();
    assert_eq!(costs_nothing("rights")["opened"], 1);
    assert_eq!(costs_nothing("nothing")["opened"], 0);
    touch(&path, SystemTime::now() + Duration::from_secs(60));
    costs_nothing("touched");
    // Moved by a copy, which gives it a time of its own.
    let moved = home.path("music/again/Mara Quill/Low Water/01 - Ebb.wav");
    put(&moved, &fs::read(&path).unwrap(), SystemTime::now() + Duration::from_secs(90));
    fs::remove_file(&path).unwrap();
    let scan = home.json("scan music");
    assert_eq!((&scan["moved"], &scan["missing"]), (&1.into(), &0.into()), "{scan:#}");
}

#[test]
fn a_sound_copy_under_another_name_is_not_the_one_with_the_hole_moved() {
    // All files of a zip may have one time, and so may a sound copy and the one with the hole.
    for time in [SystemTime::now(), long_ago()] {
        let home = Home::new();
        let (path, whole) = (home.path(EBB), wav(5));
        put(&path, &with_hole(&whole, SOUND / 8..SOUND / 4), long_ago());
        home.csv("list.csv", &[wanted("Ebb")]);
        fill(&home, "player");
        fs::remove_file(&path).unwrap();
        put(&home.path("music/again/Mara Quill/Low Water/01 - Ebb.wav"), &whole, time);
        let last = fill(&home, "player");
        assert_eq!(counts(&last), (&1.into(), &1.into()), "{last:#}");
    }
}

#[test]
fn two_recordings_that_are_silent_wherever_a_look_falls_are_two() {
    let home = Home::new();
    let header = 44;
    for (path, seed) in [(EBB, 6), (FLOOD, 7)] {
        let mut bytes = wav(seed);
        let (middle, end) = (bytes.len() / 2, bytes.len());
        for stretch in [header..header + 70_000, middle - 10_000..middle + 10_000, end - 70_000..end] {
            bytes[stretch].fill(0);
        }
        put(&home.path(path), &bytes, SystemTime::now());
    }
    home.csv("list.csv", &[wanted("Ebb"), wanted("Flood")]);
    let report = &fill(&home, "player")["report"];
    assert_eq!(
        (outcome_of(report, "Ebb"), outcome_of(report, "Flood")),
        ("on_player", "on_player"),
        "{report:#}"
    );
    let mp3s = home.mp3s();
    assert_eq!(mp3s.len(), 2, "{mp3s:?}");
    let bytes: Vec<_> = mp3s.iter().map(|path| fs::read(home.player().join(path)).unwrap()).collect();
    assert_ne!(bytes[0], bytes[1]);
}

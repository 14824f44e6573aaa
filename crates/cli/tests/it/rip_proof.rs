//! Which disc it is: images are read from the file that their sheet names, and what was ripped before is known by its
//! sound, not by how long its tracks are. Ripped by the real `cd-paranoia`.

use std::fs;
use std::path::PathBuf;

use ferrotape_testkit::{Sound, tree_snapshot};
use serde_json::Value;

use crate::home::{Home, files_below, list};
use crate::rip::{can_rip, news, pcm_of};

const SECONDS: [f64; 2] = [6.0, 5.0];

/// The bytes of two tracks, each of whole sectors; as long as those of any other seed.
fn sounds(seed: u64) -> [Vec<u8>; 2] {
    [0, 1].map(|at| {
        let sound = Sound::of_seconds(seed + at as u64, SECONDS[at]);
        let sound = Sound { sample_rate: 44_100, channels: 2, ..sound };
        let mut bytes: Vec<u8> = sound.pcm().iter().flat_map(|sample| sample.to_le_bytes()).collect();
        bytes.truncate(bytes.len() / 2352 * 2352);
        bytes
    })
}

/// A sheet about `file`; `names` are artist, album and both titles.
fn sheet(home: &Home, name: &str, file: &str, names: Option<[&str; 4]>) {
    let mut text = String::new();
    if let Some([artist, album, ..]) = names {
        text += &format!("PERFORMER \"{artist}\"\nTITLE \"{album}\"\n");
    }
    text += &format!("FILE \"{file}\" BINARY\n");
    let starts = [0, sounds(1)[0].len() / 2352];
    for (at, sector) in starts.into_iter().enumerate() {
        text += &format!("  TRACK {:02} AUDIO\n", at + 1);
        if let Some(names) = names {
            text += &format!("    TITLE \"{}\"\n", names[at + 2]);
        }
        text += &format!("    INDEX 01 00:{:02}:{:02}\n", sector / 75, sector % 75);
    }
    fs::write(home.path(name), text).unwrap();
}

/// An image, by the name of both its files.
fn image(home: &Home, name: &str, seed: u64, names: Option<[&str; 4]>) {
    let file = format!("{name}.bin");
    fs::write(home.path(&file), sounds(seed).concat()).unwrap();
    sheet(home, &format!("{name}.cue"), &file, names);
}

const TIDES: [&str; 4] = ["Mara Quill", "Tides", "Ebb", "Flood"];
const BRASS: [&str; 4] = ["Tin Parade", "Brass", "March", "Home"];

fn rip(home: &Home, disc: &str) -> Value {
    let last = home.json(&format!("--library library rip {disc} --no-lookup"));
    assert_eq!(last["~code"], 0, "{last:#}");
    last
}

fn collection(home: &Home) -> PathBuf {
    home.path("library/collection")
}

/// Whether the files of a folder of the collection have the sound of a seed, track by track.
fn holds(home: &Home, folder: &str, seed: u64) -> bool {
    let folder = collection(home).join(folder);
    let files = files_below(&folder);
    assert_eq!(files.len(), 2, "{files:?}");
    files.iter().zip(sounds(seed)).all(|(file, sound)| pcm_of(&folder.join(file)) == sound)
}

#[test]
fn an_image_is_read_from_the_file_that_its_sheet_names() {
    if !can_rip() {
        return;
    }
    let home = Home::new();
    image(&home, "one", 50, None);
    image(&home, "two", 60, None);
    sheet(&home, "two.cue", "one.bin", Some(TIDES));
    rip(&home, "two.cue");
    assert!(holds(&home, "ripped/Mara Quill/Tides", 50), "two.bin is another disc");

    fs::rename(home.path("two.bin"), home.path("The \"other\" disc.BIN")).unwrap();
    sheet(&home, "three.cue", "The \"other\" disc.BIN", Some(BRASS));
    let text = fs::read(home.path("three.cue")).unwrap();
    let before = b"\xef\xbb\xbfCDTEXTFILE \"gone.cdt\"\r\n";
    fs::write(home.path("three.cue"), [&before[..], &text[..]].concat()).unwrap();
    rip(&home, "three.cue");
    assert!(holds(&home, "ripped/Tin Parade/Brass", 60));
}

#[test]
fn an_image_is_found_as_windows_finds_it() {
    if !can_rip() {
        return;
    }
    let home = Home::new();
    image(&home, "one", 50, None);
    fs::rename(home.path("one.bin"), home.path("ONE.BIN")).unwrap();
    sheet(&home, "one.cue", "C:\\Rips\\One\\one.bin", Some(TIDES));
    let text = fs::read_to_string(home.path("one.cue")).unwrap();
    let wide: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(home.path("one.cue"), wide).unwrap();
    rip(&home, "one.cue");
    assert!(holds(&home, "ripped/Mara Quill/Tides", 50));

    fs::copy(home.path("ONE.BIN"), home.path("One.bin")).unwrap();
    let said = home.run("--library library rip one.cue --no-lookup");
    assert!(said.code == 1 && said.err.contains("which is not beside it"), "{said:?}");
}

#[test]
fn an_image_that_cannot_be_read_is_told_by_its_files() {
    let home = Home::new();
    let refused = |sheet: &str, says: &str| {
        fs::write(home.path("disc.cue"), sheet).unwrap();
        let said = home.run("--library library rip disc.cue --no-lookup");
        assert!(said.code == 1 && said.err.contains(says), "{said:?}");
    };
    for name in ["disc.bin", "1.bin", "2.bin"] {
        fs::write(home.path(name), vec![7; 2352 * 400]).unwrap();
    }
    let track = |number: u32| format!("TRACK {number:02} AUDIO\nINDEX 01 00:00:00\n");
    let one = format!("FILE \"one.bin\" BINARY\n{}", track(1));
    refused(&one, "disc.cue: it names “one.bin”, which is not beside it");
    let several = format!("FILE \"1.bin\" BINARY\n{}FILE \"2.bin\" BINARY\n{}", track(1), track(2));
    refused(&several, "it is about 2 files (“1.bin” and others)");
    let of = |file: &str, mode: &str| format!("FILE \"{file}\" BINARY\nTRACK 01 {mode}\nINDEX 01 00:00:00\n");
    refused(&of("disc.bin", "MODE1/2048"), "track 01 is MODE1/2048, and only images whose sectors");
    refused(&of("disc.bin", "MODE2/2336"), "track 01 is MODE2/2336, and only images whose sectors");
    fs::write(home.path("sub.bin"), vec![7; 2448 * 400]).unwrap();
    refused(&of("sub.bin", "AUDIO"), "it seems to hold subchannels");
    fs::write(home.path("cut.bin"), vec![7; 2352 * 400 + 1001]).unwrap();
    refused(&of("cut.bin", "AUDIO"), "it was cut off or is no raw image; copy it again");
    fs::write(home.path("zeros.bin"), vec![0; 2352 * 400]).unwrap();
    refused(&of("zeros.bin", "AUDIO"), "holds nothing but zeros");
    let late = format!("{}TRACK 02 AUDIO\nINDEX 01 00:10:00\n", of("disc.bin", "AUDIO"));
    refused(&late, "its file ends before track 02 begins");
}

#[test]
fn another_disc_with_tracks_as_long_is_ripped_and_neither_gets_the_names_of_the_other() {
    if !can_rip() {
        return;
    }
    let home = Home::new();
    image(&home, "one", 50, None);
    rip(&home, "one.cue");
    let first = tree_snapshot(&collection(&home)).unwrap();
    image(&home, "two", 60, Some(BRASS));
    let last = rip(&home, "two.cue");
    assert_eq!((news(&last), &last["is_another"]), (vec!["ripped"; 2], &true.into()), "{last:#}");
    assert!(holds(&home, "ripped/Tin Parade/Brass", 60));
    let both = tree_snapshot(&collection(&home)).unwrap();
    assert!(first.iter().all(|(path, file)| both.get(path) == Some(file)), "the first stays as it is");

    // Each is known by now, and the first gets its own names.
    let again = rip(&home, "two.cue");
    assert_eq!((news(&again), &again["is_another"]), (vec!["had"; 2], &false.into()), "{again:#}");
    sheet(&home, "one.cue", "one.bin", Some(TIDES));
    assert_eq!(news(&rip(&home, "one.cue")), ["named"; 2]);
    assert!(holds(&home, "ripped/Mara Quill/Tides", 50) && holds(&home, "ripped/Tin Parade/Brass", 60));
    assert_eq!(files_below(&collection(&home)).len(), 4);
}

#[test]
fn a_disc_that_has_names_does_not_stand_for_another() {
    if !can_rip() {
        return;
    }
    let home = Home::new();
    image(&home, "one", 50, Some(TIDES));
    rip(&home, "one.cue");
    image(&home, "two", 60, Some(BRASS));
    assert_eq!(news(&rip(&home, "two.cue")), ["ripped"; 2]);
    // The same disc under other names is told of as what it is called.
    sheet(&home, "two.cue", "two.bin", Some(["Tin Parade", "Brass", "March", "Away"]));
    let again = rip(&home, "two.cue");
    let called: Vec<&Value> = list(&again, "/tracks").iter().map(|track| &track["called"]).collect();
    assert_eq!((news(&again), called), (vec!["had"; 2], vec![&Value::Null, &"Home".into()]), "{again:#}");
    let told = home.well("--library library rip two.cue --no-lookup").out;
    assert!(told.contains("02 Away: ripped before as “Home”"), "{told}");

    // Another sound under the same sheet is another disc, with a folder of its own.
    fs::write(home.path("one.bin"), sounds(70).concat()).unwrap();
    let told = home.well("--library library rip one.cue --no-lookup").out;
    assert!(told.contains("2 tracks ripped") && told.contains("kept as a disc of its own"), "{told}");
    assert!(holds(&home, "ripped/Mara Quill/Tides", 50) && holds(&home, "ripped/Mara Quill/Tides (2)", 70));
    assert_eq!(news(&rip(&home, "one.cue")), ["had"; 2]);
}

#[test]
fn two_discs_without_names_are_two_and_either_gets_its_own() {
    if !can_rip() {
        return;
    }
    let home = Home::new();
    image(&home, "one", 50, None);
    image(&home, "two", 60, None);
    for expected in ["ripped", "had"] {
        for disc in ["one.cue", "two.cue"] {
            assert_eq!(news(&rip(&home, disc)), [expected; 2], "{disc}");
        }
    }
    assert_eq!(fs::read_dir(collection(&home).join("ripped/Unknown Artist")).unwrap().count(), 2);
    for (disc, file, names) in [("two.cue", "two.bin", BRASS), ("one.cue", "one.bin", TIDES)] {
        sheet(&home, disc, file, Some(names));
        let last = rip(&home, disc);
        assert_eq!(news(&last), ["named"; 2], "{last:#}");
    }
    assert!(holds(&home, "ripped/Mara Quill/Tides", 50) && holds(&home, "ripped/Tin Parade/Brass", 60));
    assert!(!collection(&home).join("ripped/Unknown Artist").exists());
}

/// Puts an image into a drive: a `cd-paranoia` that reads it for whatever is asked. Nothing else is on the way.
#[cfg(unix)]
fn drive(home: &Home, sound: &[u8]) {
    use std::os::unix::fs::PermissionsExt;

    let programs = home.path("bin");
    if !programs.exists() {
        let real = std::env::split_paths(&std::env::var_os("PATH").unwrap())
            .map(|folder| folder.join("cd-paranoia"))
            .find(|path| path.is_file())
            .unwrap();
        fs::create_dir(&programs).unwrap();
        let image = home.path("inserted.cue");
        let script =
            format!("#!/bin/sh\nshift 2\nexec '{}' -d '{}' \"$@\"\n", real.display(), image.display());
        fs::write(programs.join("cd-paranoia"), script).unwrap();
        fs::set_permissions(programs.join("cd-paranoia"), fs::Permissions::from_mode(0o755)).unwrap();
        sheet(home, "inserted.cue", "inserted.bin", None);
    }
    fs::write(home.path("inserted.bin"), sound).unwrap();
}

#[cfg(unix)]
fn rip_drive(home: &Home) -> Value {
    let mut run = home.command();
    run.env("PATH", home.path("bin"));
    run.args(["--json", "--library", "library", "rip", "/dev/null", "--no-lookup"]);
    crate::home::said(run.output().unwrap(), "rip /dev/null").last_object()
}

#[cfg(unix)]
#[test]
fn a_disc_in_a_drive_is_known_by_a_second_of_each_track() {
    if !can_rip() {
        return;
    }
    let home = Home::new();
    let one = sounds(50).concat();
    drive(&home, &one);
    assert_eq!(news(&rip_drive(&home)), ["ripped"; 2]);
    assert_eq!(news(&rip_drive(&home)), ["had"; 2]);
    // Another drive reads it from a few samples further on.
    drive(&home, &[&one[120..], &[0; 120][..]].concat());
    assert_eq!(news(&rip_drive(&home)), ["had"; 2]);
    drive(&home, &sounds(60).concat());
    let last = rip_drive(&home);
    assert_eq!((news(&last), &last["is_another"]), (vec!["ripped"; 2], &true.into()), "{last:#}");
    assert_eq!(files_below(&collection(&home)).len(), 4);
    assert_eq!(fs::read_dir(collection(&home).join("ripped/Unknown Artist")).unwrap().count(), 2);
}

//! What comes to an inbox later: the rest of a disc, its sheet, and what could not be taken before.

use std::fs;

use ferrotape_testkit::{Band, MadeTrack, Track, make_music};
use serde_json::Value;

use crate::cue_sheets::sheet_of_tracks;
use crate::home::{Home, list};
use crate::inbox::{bought, ebb, file, home, put};

const RIP: &str = "library/inbox/Nia Orrin - One Piece";
const TITLES: [&str; 3] = ["Lanterns", "Harbour Wall", "Night Ferry"];

/// Puts untagged tracks into the inbox: which sound, and which number.
fn put_tracks(home: &Home, tracks: &[(u64, u32)]) {
    for (piece, number) in tracks {
        let wav = home.path("track.wav");
        Band { sample_rate: 44_100, ..Band::playing(*piece, 10.0) }.write_wav(&wav).unwrap();
        put(&home.path(RIP).join(format!("Track{number:02}.wav")), &fs::read(&wav).unwrap());
    }
}

fn put_sheet(home: &Home, titles: &[&str]) {
    put(&home.path(RIP).join("rip.cue"), sheet_of_tracks(titles).as_bytes());
}

/// The number of a disc of three tracks of ten seconds.
const OF_THREE: &str = "REM DISCID 09001E03\n";

/// Puts the sheet of a disc with three tracks, and what it tells of its disc, into the inbox.
fn put_disc_sheet(home: &Home, disc: &str) {
    put(&home.path(RIP).join("rip.cue"), [disc, &sheet_of_tracks(&TITLES)].concat().as_bytes());
}

fn wish(home: &Home) {
    let mut tracks = TITLES.map(|title| Track::new("Nia Orrin", "One Piece", title));
    tracks.iter_mut().for_each(|track| track.duration_ms = Some(10_000));
    home.csv("disc.csv", &tracks);
    home.well("--library library import disc.csv");
}

fn filed(home: &Home) -> Vec<String> {
    bought(home).iter().map(|path| path.trim_start_matches("bought/Nia Orrin/").to_owned()).collect()
}

/// The names of what is said to stay.
fn stays(last: &Value) -> Vec<String> {
    let stays = list(last, "/drops").iter().flat_map(|drop| list(drop, "/stays"));
    stays.map(|path| path.as_str().unwrap().rsplit('/').next().unwrap().to_owned()).collect()
}

const WHOLE: [&str; 4] =
    ["One Piece/Track01.wav", "One Piece/Track02.wav", "One Piece/Track03.wav", "One Piece/rip.cue"];

#[test]
fn the_rest_of_a_disc_and_its_sheet_join_what_was_filed_before() {
    for then in ["inbox", "refresh", "inbox --move"] {
        let home = Home::new();
        put_tracks(&home, &[(1, 1), (2, 2)]);
        // What is moved is known by the name of its folder alone.
        home.well(&format!("--library library {}", if then == "refresh" { "inbox" } else { then }));
        put_tracks(&home, &[(3, 3)]);
        put_sheet(&home, &TITLES);
        let last = home.json(&format!("--library library {then}"));
        assert_eq!(filed(&home), WHOLE, "{then}: {last:#}");
    }
}

#[test]
fn the_rest_of_a_disc_joins_the_sheet_that_went_before() {
    let home = Home::new();
    wish(&home);
    put_tracks(&home, &[(1, 1)]);
    put_sheet(&home, &TITLES);
    home.well("--library library inbox --move");
    put_tracks(&home, &[(2, 2), (3, 3)]);
    let last = home.json("--library library inbox --move");
    assert_eq!(filed(&home), WHOLE, "{last:#}");
    assert_eq!(list(&last, "/ticked_off").len(), 2, "{last:#}");
}

#[test]
fn another_disc_in_a_folder_of_the_same_name_is_kept_apart() {
    let home = Home::new();
    fs::create_dir(home.path("music")).unwrap();
    Band { sample_rate: 44_100, ..Band::playing(2, 10.0) }.write_wav(&home.path("music/old.wav")).unwrap();
    home.well("--library library scan music");
    put_tracks(&home, &[(1, 1)]);
    home.well("--library library inbox --move");
    // Its first track is had elsewhere, so the sheet's first line is not about what was filed before.
    put_tracks(&home, &[(2, 1), (3, 2)]);
    put_sheet(&home, &TITLES[..2]);
    let last = home.json("--library library inbox");
    let apart = ["One Piece (2)/Track02.wav", "One Piece (2)/rip.cue", "One Piece/Track01.wav"];
    assert_eq!(filed(&home), apart, "{last:#}");
}

#[test]
fn a_second_disc_in_a_folder_of_the_same_name_is_not_called_as_the_first() {
    let home = Home::new();
    for pieces in [[(1, 1), (2, 2)], [(4, 1), (5, 2)]] {
        put_tracks(&home, &pieces);
        home.well("--library library inbox --move");
    }
    put_tracks(&home, &[(6, 3)]);
    put_sheet(&home, &TITLES);
    let last = home.json("--library library inbox --move");
    let apart = ["One Piece (2)/Track03.wav", "One Piece (2)/rip.cue"];
    assert_eq!(filed(&home)[..2], apart, "{last:#}");
    // A disc of which only the beginning was whole, and the next in a folder of its name.
    let home = Home::new();
    put_tracks(&home, &[(1, 1)]);
    put_sheet(&home, &TITLES);
    home.well("--library library inbox --move");
    put_tracks(&home, &[(4, 1), (5, 2)]);
    let last = home.json("--library library inbox --move");
    let apart = ["One Piece (2)/Track01.wav", "One Piece (2)/Track02.wav", WHOLE[0], WHOLE[3]];
    assert_eq!(filed(&home), apart, "{last:#}");
}

#[test]
fn a_sheet_that_comes_after_its_music_names_it() {
    for (first, then) in [
        ("inbox", "inbox"),
        ("inbox", "refresh"),
        ("inbox --move", "inbox --move"),
        ("inbox --move", "refresh"),
    ] {
        let home = Home::new();
        wish(&home);
        put_tracks(&home, &[(1, 1), (2, 2), (3, 3)]);
        home.well(&format!("--library library {first}"));
        // Of what is moved nothing but the sheet's own number tells that this is its disc.
        put_disc_sheet(&home, if first == "inbox" { "" } else { OF_THREE });
        let last = home.json(&format!("--library library {then}"));
        assert_eq!(filed(&home), WHOLE, "{first}, {then}: {last:#}");
        let looked = if then == "refresh" { &last["inbox"] } else { &last };
        assert_eq!(list(looked, "/ticked_off").len(), 3, "{first}, {then}: {last:#}");
        let is_gone = then == "inbox --move";
        assert_eq!(home.path(RIP).join("rip.cue").exists(), !is_gone, "{first}, {then}: {last:#}");
        // Once more changes nothing.
        home.json(&format!("--library library {then}"));
        assert_eq!(filed(&home), WHOLE, "{first}, {then}");
    }
}

#[test]
fn the_sheet_of_the_next_disc_does_not_name_the_disc_that_went() {
    // Nothing tells which disc it is of, or it is one of three tracks of twelve seconds.
    for disc in ["", "REM DISCID 0F002403\n"] {
        let home = Home::new();
        wish(&home);
        put_tracks(&home, &[(1, 1), (2, 2), (3, 3)]);
        home.well("--library library inbox --move");
        put_disc_sheet(&home, disc);
        let last = home.json("--library library inbox --move");
        assert_eq!(stays(&last), ["rip.cue"], "{disc}: {last:#}");
        assert_eq!(filed(&home), WHOLE[..3], "{disc}: {last:#}");
        assert!(list(&last, "/ticked_off").is_empty(), "{disc}: {last:#}");
        put_tracks(&home, &[(4, 1), (5, 2), (6, 3)]);
        let last = home.json("--library library inbox --move");
        let of_second = WHOLE.map(|name| name.replace("One Piece", "One Piece (2)"));
        assert_eq!(
            filed(&home),
            [&of_second[..], &WHOLE.map(str::to_owned)[..3]].concat(),
            "{disc}: {last:#}"
        );
    }
}

#[test]
fn a_late_sheet_that_may_be_about_another_disc_stays_and_is_named() {
    let home = Home::new();
    // Two discs, one after the other, in folders of one name.
    for pieces in [[(1, 1), (2, 2)], [(3, 1), (4, 2)]] {
        put_tracks(&home, &pieces);
        home.well("--library library inbox --move");
    }
    assert_eq!(filed(&home).len(), 4, "{:?}", filed(&home));
    put_sheet(&home, &TITLES[..2]);
    for command in ["inbox", "inbox --move"] {
        let last = home.json(&format!("--library library {command}"));
        assert_eq!(stays(&last), ["rip.cue"], "{command}: {last:#}");
        assert_eq!(filed(&home).len(), 4, "{command}: {last:#}");
    }
    let told = home.well("--library library inbox").out;
    assert!(told.contains("  rip.cue: stays; it belongs to no music that was filed"), "{told}");
}

#[test]
fn of_two_late_sheets_that_differ_neither_is_filed() {
    let home = Home::new();
    put_tracks(&home, &[(1, 1), (2, 2)]);
    home.well("--library library inbox");
    put_sheet(&home, &TITLES[..2]);
    let other = sheet_of_tracks(&["Harbour Wall", "Lanterns"]);
    put(&home.path(RIP).join("other.cue"), other.as_bytes());
    let last = home.json("--library library inbox");
    assert_eq!(stays(&last), ["other.cue", "rip.cue"], "{last:#}");
    assert_eq!(filed(&home), WHOLE[..2], "{last:#}");
}

#[test]
fn a_late_sheet_is_not_filed_beside_more_than_it_lay_with() {
    let home = Home::new();
    put_tracks(&home, &[(1, 1), (2, 2)]);
    home.well("--library library inbox");
    // Of another disc, put there by hand.
    Band::playing(5, 6.0)
        .write_wav(&home.path("library/collection/bought/Nia Orrin/One Piece/Track03.wav"))
        .unwrap();
    put_sheet(&home, &TITLES);
    let last = home.json("--library library inbox");
    assert_eq!(stays(&last), ["rip.cue"], "{last:#}");
    assert_eq!(filed(&home), WHOLE[..3], "{last:#}");
}

#[test]
fn a_sheet_without_music_is_named_and_one_of_data_is_nobodys() {
    let home = Home::new();
    put_sheet(&home, &TITLES);
    let data = b"FILE \"game.bin\" BINARY\n  TRACK 01 MODE2/2352\n    INDEX 01 00:00:00\n";
    put(&home.path("library/inbox/Game/game.cue"), data);
    let last = home.json("--library library inbox");
    assert_eq!((stays(&last), list(&last, "/drops").len()), (vec!["rip.cue".to_owned()], 1), "{last:#}");
    let quiet = home.json("--library library refresh");
    assert!(list(&quiet["inbox"], "/drops").is_empty(), "it is told once: {quiet:#}");
}

#[test]
fn an_album_that_cannot_be_filed_stops_no_other() {
    let home = home();
    let inbox = home.path("library/inbox");
    let in_the_way = home.path("library/collection/bought/Zed");
    put(&in_the_way, b"no folder");
    make_music(&home.path("made"), &[MadeTrack::new("Zed", "Corn", 1, "Rice").at("rice.flac")]).unwrap();
    put(&inbox.join("Zed/rice.flac"), &fs::read(home.path("made/rice.flac")).unwrap());
    put(&inbox.join("Low Water/01 Ebb.flac"), &ebb());
    for command in ["inbox --move", "refresh"] {
        let last = home.json(&format!("--library library {command}"));
        let looked = if command == "refresh" { &last["inbox"] } else { &last };
        let drop =
            list(looked, "/drops").iter().find(|drop| drop["path"].as_str().unwrap().ends_with("/Zed"));
        let why = drop.unwrap()["trouble"].as_str().unwrap();
        assert!(last["~code"] == 3 && why.contains("collection/bought/Zed: "), "{command}: {last:#}");
        assert_eq!(file(looked, "rice.flac")["news"], "broken", "{command}: {last:#}");
        if command != "refresh" {
            assert_eq!((&last["filed"], list(&last, "/ticked_off").len()), (&1.into(), 1), "{last:#}");
        }
    }
    assert!(inbox.join("Zed/rice.flac").exists() && !inbox.join("Low Water").exists());
    fs::remove_file(&in_the_way).unwrap();
    let last = home.json("--library library refresh");
    assert_eq!(last["inbox"]["filed"], 1, "{last:#}");
}

/// Runs the program where no file can grow larger than a few megabytes.
#[cfg(unix)]
fn with_small_files(home: &Home, words: &str) -> Value {
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", "trap '' XFSZ; ulimit -f 16384; exec \"$@\"", "sh"]);
    shell.arg(env!("CARGO_BIN_EXE_ferrotape")).args(words.split_whitespace());
    shell.current_dir(home.path("")).env_clear().env("HOME", home.path("")).env("LANG", "C.UTF-8");
    shell.env("PATH", std::env::var_os("PATH").unwrap()).stdin(std::process::Stdio::null());
    crate::home::said(shell.output().unwrap(), words).last_object()
}

/// A file of so many bytes, which take no place.
#[cfg(unix)]
fn put_large(path: &std::path::Path) {
    put(path, b"%PDF-1.4");
    let file = fs::File::options().write(true).open(path).unwrap();
    file.set_len(40 << 20).unwrap();
    file.set_modified(std::time::SystemTime::now() - std::time::Duration::from_secs(60)).unwrap();
}

#[test]
#[cfg(unix)]
fn what_could_not_be_copied_is_tried_again() {
    let home = home();
    let wav = home.path("long.wav");
    Band { sample_rate: 44_100, ..Band::playing(8, 240.0) }.write_wav(&wav).unwrap();
    put(&home.path("library/inbox/Long.wav"), &fs::read(&wav).unwrap());
    put(&home.path("library/inbox/text.mp3"), b"this is no music at all, whatever it is called");
    let last = with_small_files(&home, "--library library --json inbox");
    let long = file(&last, "Long.wav");
    assert!(long["reason"].as_str().unwrap().contains("could not be copied"), "{last:#}");
    // What is no music stays that, and is not told again.
    let last = home.json("--library library refresh");
    assert_eq!(last["inbox"]["filed"], 1, "{last:#}");
    assert_eq!(list(&last["inbox"], "/drops/0/files").len(), 1, "{last:#}");
}

#[test]
#[cfg(unix)]
fn papers_that_no_song_takes_are_not_copied() {
    let home = home();
    let inbox = home.path("library/inbox");
    put(&inbox.join("Ebb.flac"), &ebb());
    put(&inbox.join("Songs/Slack.mp3"), &crate::inbox::slack());
    put_large(&inbox.join("bill.pdf"));
    put_large(&inbox.join("Songs/thesis.pdf"));
    let last = with_small_files(&home, "--library library --json inbox");
    assert_eq!((&last["~code"], &last["filed"]), (&0.into(), &2.into()), "{last:#}");
}

//! Which sound a cue sheet means: where a track ends, and whose files it names.

use std::fs;

use ferrotape_testkit::Track;
use serde_json::Value;

use crate::cue_sheets::{FIRST, filed, put_discs, sheet_of_cuts, sheet_of_tracks, wish};
use crate::home::{Home, row_of};

/// What becomes of a wanted title from the folder `music`. A player each: what is on one stays there though nothing here
/// says any more what it is.
fn outcome(home: &Home, title: &str, player: &str) -> Value {
    let line = format!("--library library convert discs.csv --from music --to ./{player} --yes");
    row_of(&home.json(&line)["report"], title)["outcome"].clone()
}

fn wanted(title: &str, seconds: u64) -> Track {
    let mut track = Track::new("Nia Orrin", "Low Water", title);
    track.duration_ms = Some(seconds * 1_000);
    track
}

/// A sheet of one track for each file, which names them in this folder.
fn named_in(folder: &str, titles: &[&str]) -> String {
    let sheet = sheet_of_tracks(titles).replace("One Piece", "Low Water");
    sheet.replace("Track0", &format!("{folder}\\Track0"))
}

#[test]
fn no_track_arrives_with_the_sound_of_one_that_was_lost() {
    for (time, gone, seconds) in [("0:10", "track 1 is", 20), ("00:25:00", "tracks 1, 2, 3 are", 25)] {
        let home = Home::new();
        // As long as the sound of both.
        let lengths = FIRST.into_iter().zip([seconds, 10, 10]);
        let wanted: Vec<Track> = lengths.map(|(title, seconds)| wanted(title, seconds)).collect();
        home.csv("discs.csv", &wanted);
        home.well("--library library import discs.csv");
        let sheet = sheet_of_cuts("disc.wav", &[&FIRST[..], &["Moor"]].concat()).replace("00:10:00", time);
        put_discs(&home, "music", &[("disc.wav", 1, 40.0)], &[("disc.cue", sheet)]);
        let said = home.run("--library library scan music").all();
        assert!(said.contains(&format!("{gone} left out:")), "{said}");
        assert_ne!(outcome(&home, FIRST[0], "player"), "on_player", "{time}");
        let last = outcome(&home, FIRST[2], "player") == "on_player";
        assert_eq!(last, time == "0:10", "behind the lost one all is known");
    }
}

#[test]
fn what_a_sheet_means_follows_the_folders_around_it() {
    let home = Home::new();
    wish(&home, &["Flood"]);
    let sheet = [("Album/Album.cue", named_in("C:\\rips\\CD2", &["Flood"]))];
    put_discs(&home, "music", &[("Album/Track01.wav", 1, 10.0)], &sheet);
    assert_eq!(outcome(&home, "Flood", "one"), "on_player", "a path from another computer");
    let again = home.json("--library library scan music");
    assert_eq!(again["opened"], 0, "{again}");
    put_discs(&home, "music", &[("Album/CD2/Track01.wav", 2, 10.0)], &[]);
    assert_ne!(outcome(&home, "Flood", "two"), "on_player", "that is there now");
    fs::rename(home.path("music/Album/CD2"), home.path("elsewhere")).unwrap();
    assert_eq!(outcome(&home, "Flood", "three"), "on_player", "and is gone again");
}

#[test]
fn a_folder_that_gets_the_name_in_its_sheet_is_named_by_it() {
    let home = Home::new();
    wish(&home, &["Ebb"]);
    let sheet = [("Tides/rip.cue", named_in("Low Water", &["Ebb", "Flood"]))];
    put_discs(&home, "music", &[("Tides/Track01.wav", 1, 10.0)], &sheet);
    // Only one of the two files is there: it may be any other first track.
    let said = home.run("--library library scan music").all();
    assert!(said.contains("is about files in “Low Water”"), "{said}");
    assert_ne!(outcome(&home, "Ebb", "one"), "on_player");
    fs::rename(home.path("music/Tides"), home.path("music/Low Water")).unwrap();
    assert_eq!(outcome(&home, "Ebb", "two"), "on_player");
}

#[test]
fn a_sheet_that_names_the_folder_it_came_in_names_its_files_in_the_collection() {
    let home = Home::new();
    wish(&home, &FIRST);
    let folder = "Nia Orrin - Low Water (2004) [FLAC]";
    let sounds = [("Track01.wav", 1, 10.0), ("Track02.wav", 2, 10.0), ("Track03.wav", 3, 10.0)];
    let sheet = [("rip.cue", named_in(folder, &FIRST))];
    put_discs(&home, &format!("library/inbox/{folder}"), &sounds, &sheet);
    let said = home.well("--library library inbox --move").all();
    assert!(!said.contains("nobody asked for it"), "{said}");
    assert_eq!(filed(&home), ["Track01.wav", "Track02.wav", "Track03.wav", "rip.cue"]);
    let last = home.json("--library library convert discs.csv --to ./player");
    for title in FIRST {
        assert_eq!(row_of(&last["report"], title)["outcome"], "on_player", "{last:#}");
    }
}

#[test]
fn an_image_whose_folder_was_renamed_is_cut() {
    let home = Home::new();
    wish(&home, &FIRST);
    let sheet = [("2004 - Low Water/CDImage.cue", sheet_of_cuts("Low Water\\CDImage.wav", &FIRST))];
    put_discs(&home, "music", &[("2004 - Low Water/CDImage.wav", 1, 30.0)], &sheet);
    for title in FIRST {
        assert_eq!(outcome(&home, title, "player"), "on_player", "{title}");
    }
}

#[test]
fn the_sheet_of_the_album_beside_names_nothing_here() {
    let home = Home::new();
    wish(&home, &FIRST[..2]);
    let sounds = [("Ebb/Track01.wav", 1, 10.0), ("Ebb/Track02.wav", 2, 10.0), ("Flood/Track02.wav", 3, 10.0)];
    put_discs(&home, "music", &sounds, &[("Ebb/rip.cue", named_in("Flood", &FIRST[..2]))]);
    let said = home.run("--library library scan music").all();
    assert!(said.contains("is about files in “Flood”"), "{said}");
    for title in &FIRST[..2] {
        assert_ne!(outcome(&home, title, "player"), "on_player", "{title}");
    }
}

#[test]
fn what_is_said_of_sheets_comes_in_the_order_of_their_paths() {
    let home = Home::new();
    let sheet = sheet_of_cuts("disc.wav", &FIRST).replace("00:10:00", "0:10");
    put_discs(&home, "music/a", &[("disc.wav", 1, 25.0)], &[("disc.cue", sheet)]);
    for (folder, name) in
        ["h", "b", "g", "f", "c", "e", "d"].iter().flat_map(|f| [(f, "disc.wav"), (f, "disc.cue")])
    {
        let bytes = fs::read(home.path("music/a").join(name)).unwrap();
        crate::inbox::put(&home.path("music").join(folder).join(name), &bytes);
    }
    let said = home.run("--library library --json scan music").out;
    let lines = said.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let warnings = lines.filter(|line| line["event"] == "warning");
    let subjects: Vec<String> = warnings.map(|line| line["subject"].as_str().unwrap().to_owned()).collect();
    for ending in [".cue", ".wav"] {
        let of: Vec<&String> = subjects.iter().filter(|subject| subject.ends_with(ending)).collect();
        assert!(of.len() >= 8 && of.is_sorted(), "{subjects:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_sheet_whose_titles_were_corrected_is_read_again_though_size_and_time_are_kept() {
    let home = Home::new();
    wish(&home, &["Flood"]);
    let (wrong, right) = (["Flood", "Tide"], ["Tide", "Flood"]);
    let put = |titles: &[&str]| {
        let path = home.path("music/Tides/disc.cue");
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, sheet_of_tracks(titles)).unwrap();
        let sheet = fs::File::options().write(true).open(&path).unwrap();
        sheet.set_modified(std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_700_000_000)).unwrap();
    };
    put(&wrong);
    put_discs(&home, "music", &[("Tides/Track01.wav", 1, 10.0), ("Tides/Track02.wav", 2, 10.0)], &[]);
    let taken = || {
        home.well("--library library scan music");
        let found = home.json("--library library match discs.csv");
        found["matches"][0]["candidates"][0]["path"].as_str().unwrap_or_default().to_owned()
    };
    assert!(taken().ends_with("Track01.wav"), "{}", taken());
    put(&right);
    assert!(taken().ends_with("Track02.wav"), "{}", taken());
}

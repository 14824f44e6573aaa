//! Files that are not any more what they were when they were looked at, and albums of which a file is broken.

use std::fs;
use std::sync::atomic::Ordering;

use ferrotape_testkit::{Album, Export, Generation, MadeTrack, Track, make_music};
use serde_json::json;

use crate::elsewhere::Server;
use crate::home::{Home, list, outcome_of, row_of};

fn made(number: u32, title: &str) -> MadeTrack {
    MadeTrack::new("Mara Quill", "Low Water", number, title).seconds(4.0)
}

fn wanted(title: &str) -> Track {
    Track { duration_ms: Some(4_000), ..Track::new("Mara Quill", "Low Water", title) }
}

const EBB: &str = "music/Mara Quill/Low Water/01 Ebb.flac";
const FLOOD: &str = "music/Mara Quill/Low Water/02 Flood.flac";

#[test]
fn another_sound_in_the_place_of_a_scanned_file_is_never_taken_for_it() {
    for format in [ferrotape_domain::AudioFormat::Flac, ferrotape_domain::AudioFormat::Mp3] {
        let home = Home::new();
        let tracks = [made(1, "Ebb").format(format), made(2, "Flood").format(format)];
        let paths = make_music(&home.path("music"), &tracks).unwrap();
        home.csv("list.csv", &[wanted("Ebb"), wanted("Flood")]);
        home.well("scan music");
        fs::copy(&paths[1], &paths[0]).unwrap();
        let report = &home.json("convert list.csv --to ./player")["report"];
        let outcomes = (outcome_of(report, "Ebb"), outcome_of(report, "Flood"));
        assert_eq!(outcomes, ("waiting", "on_player"), "{report:#}");
        let says = row_of(report, "Ebb")["says"].as_str().unwrap();
        assert!(
            says.contains("is not the one that was scanned") && says.contains("ferrotape scan"),
            "{says}"
        );
        assert_eq!(home.mp3s().len(), 1);
        home.well("scan music");
        let report = &home.json("convert list.csv --to ./player")["report"];
        assert_eq!(outcome_of(report, "Ebb"), "not_in_sources", "{report:#}");
    }
}

#[test]
fn a_file_that_was_touched_and_sounds_the_same_is_taken() {
    let home = Home::new();
    let paths = make_music(&home.path("music"), &[made(1, "Ebb")]).unwrap();
    home.csv("list.csv", &[wanted("Ebb")]);
    home.well("scan music");
    let file = fs::File::options().write(true).open(&paths[0]).unwrap();
    file.set_modified(std::time::SystemTime::now() + std::time::Duration::from_secs(60)).unwrap();
    let report = &home.json("convert list.csv --to ./player")["report"];
    assert_eq!(outcome_of(report, "Ebb"), "on_player", "{report:#}");
}

/// A home with a saved album of three tracks, and the bytes of [`FLOOD`].
fn with_an_album() -> (Home, Vec<u8>) {
    let home = Home::new();
    make_music(&home.path("music"), &[made(1, "Ebb"), made(2, "Flood"), made(3, "Slack")]).unwrap();
    let whole = fs::read(home.path(FLOOD)).unwrap();
    let library = json!({ "tracks": [], "shows": [], "episodes": [], "artists": [],
        "albums": [{ "artist": "Mara Quill", "album": "Low Water", "uri": "spotify:album:0aB1cD2eF3gH4iJ5kL6mN7" }] });
    fs::write(home.path("YourLibrary.json"), library.to_string()).unwrap();
    (home, whole)
}

fn fill_with_album(home: &Home, player: &str) -> serde_json::Value {
    home.json(&format!("convert YourLibrary.json --from music --to ./{player}"))
}

#[test]
fn an_album_of_which_a_file_is_broken_is_not_whole() {
    let (home, whole) = with_an_album();
    let fill = |player: &str| fill_with_album(&home, player);
    assert_eq!(fill("before")["report"]["outcomes"]["on_player"], 1);
    fs::write(home.path(FLOOD), &whole[..whole.len() / 3]).unwrap();
    for player in ["player", "player", "another"] {
        let last = fill(player);
        let report = &last["report"];
        assert_eq!((outcome_of(report, "Low Water"), &last["~code"]), ("failed", &3.into()), "{report:#}");
        let says = row_of(report, "Low Water")["says"].as_str().unwrap();
        assert!(says.contains("02 Flood.flac") && says.contains("is on the player"), "{says}");
        assert_eq!(list(report, "/rows").len(), 1);
    }
    fs::write(home.path(FLOOD), &whole).unwrap();
    assert_eq!(outcome_of(&fill("player")["report"], "Low Water"), "on_player");
    assert!(home.path(EBB).is_file());
}

#[test]
fn an_album_of_which_a_file_is_broken_waits_for_a_place_that_is_down() {
    let (home, whole) = with_an_album();
    fill_with_album(&home, "before");
    fs::write(home.path(FLOOD), &whole[..whole.len() / 3]).unwrap();
    assert_eq!(outcome_of(&fill_with_album(&home, "player")["report"], "Low Water"), "failed");
    let server = Server::start();
    server.down.store(true, Ordering::SeqCst);
    server.add(&home);
    let report = &fill_with_album(&home, "player")["report"];
    assert_eq!(outcome_of(report, "Low Water"), "waiting", "{report:#}");
    let says = row_of(report, "Low Water")["says"].as_str().unwrap();
    assert!(says.starts_with("subsonic:home could not be asked"), "{says}");
    assert!(says.contains("02 Flood.flac") && says.contains("is on the player"), "{says}");
}

#[test]
fn a_track_that_was_cut_off_on_the_player_is_not_there_while_its_source_is_away() {
    let home = Home::new();
    make_music(&home.path("music"), &[made(1, "Ebb"), made(2, "Flood")]).unwrap();
    home.csv("list.csv", &[wanted("Ebb"), wanted("Flood")]);
    home.well("convert list.csv --from music --to ./player");
    let ebb = home.mp3s().into_iter().find(|path| path.contains("Ebb")).unwrap();
    let whole = fs::read(home.player().join(&ebb)).unwrap();
    fs::write(home.player().join(&ebb), &whole[..whole.len() / 2]).unwrap();
    fs::rename(home.path("music"), home.path("away")).unwrap();
    for _ in 0..2 {
        let report = &home.json("convert list.csv --to ./player")["report"];
        let outcomes = (outcome_of(report, "Ebb"), outcome_of(report, "Flood"));
        assert_eq!(outcomes, ("waiting", "on_player"), "{report:#}");
        let says = row_of(report, "Ebb")["says"].as_str().unwrap();
        assert!(says.contains(&ebb) && says.contains("not as it was written"), "{says}");
    }
    assert!(home.mp3s().contains(&ebb), "what is there is not taken away");
    fs::rename(home.path("away"), home.path("music")).unwrap();
    let report = &home.json("convert list.csv --from music --to ./player")["report"];
    assert_eq!(outcome_of(report, "Ebb"), "on_player", "{report:#}");
    assert_eq!(fs::metadata(home.player().join(&ebb)).unwrap().len(), whole.len() as u64);
}

#[test]
fn another_sound_in_the_place_of_a_scanned_file_is_not_mixed_into_its_albums_loudness() {
    let tracks =
        || [made(1, "Ebb"), made(2, "Flood")].map(|track| track.format(ferrotape_domain::AudioFormat::Mp3));
    let fill =
        |home: &Home| home.json("convert list.csv --to ./player --loudness apply-album")["report"].clone();
    let ready = || {
        let home = Home::new();
        let paths = make_music(&home.path("music"), &tracks()).unwrap();
        home.csv("list.csv", &[wanted("Ebb"), wanted("Flood")]);
        home.well("scan music");
        (home, paths)
    };
    let (home, paths) = ready();
    let whole = fs::read(&paths[1]).unwrap();
    let quiet = home.path("quiet.mp3");
    let noise = ["-v", "error", "-y", "-f", "lavfi", "-i", "anoisesrc=d=4:a=0.02", "-b:a", "192k"];
    assert!(std::process::Command::new("ffmpeg").args(noise).arg(&quiet).status().unwrap().success());
    fs::copy(&quiet, &paths[1]).unwrap();
    let report = fill(&home);
    assert_eq!(
        (outcome_of(&report, "Ebb"), outcome_of(&report, "Flood")),
        ("on_player", "waiting"),
        "{report:#}"
    );
    fs::write(&paths[1], whole).unwrap();
    home.well("scan music");
    let report = fill(&home);
    assert_eq!(outcome_of(&report, "Flood"), "on_player", "{report:#}");
    let (other, _) = ready();
    fill(&other);
    for path in other.mp3s() {
        let bytes = |home: &Home| fs::read(home.player().join(&path)).unwrap();
        assert!(bytes(&home) == bytes(&other), "{path} is not as it is where nothing ever changed");
    }
}

#[test]
fn an_album_that_is_only_partly_here_says_so() {
    let home = Home::new();
    make_music(&home.path("music"), &[made(1, "Ebb"), made(4, "Neap")]).unwrap();
    let library = json!({ "tracks": [], "shows": [], "episodes": [], "artists": [],
        "albums": [{ "artist": "Mara Quill", "album": "Low Water", "uri": "spotify:album:0aB1cD2eF3gH4iJ5kL6mN7" }] });
    fs::write(home.path("YourLibrary.json"), library.to_string()).unwrap();
    let report = &home.json("convert YourLibrary.json --from music --to ./player")["report"];
    assert_eq!(outcome_of(report, "Low Water"), "on_player", "{report:#}");
    let says = row_of(report, "Low Water")["substitute"].as_str().unwrap_or_default();
    assert!(says.contains("a part of it, 2 of at least 4 tracks"), "{report:#}");
    assert_eq!(
        (home.json("shop")["missing"].as_u64(), home.json("shop --all")["missing"].as_u64()),
        (Some(1), Some(1))
    );
    assert!(home.well("explain Low Water").out.contains("a part of it, 2 of at least 4 tracks"));
    make_music(&home.path("music"), &[made(2, "Flood"), made(3, "Slack")]).unwrap();
    let report = &home.json("convert YourLibrary.json --from music --to ./player")["report"];
    assert!(row_of(report, "Low Water")["substitute"].is_null(), "{report:#}");
}

#[test]
fn a_mono_mix_is_asked_about_and_an_edit_of_the_same_length_is_told_of() {
    let home = Home::new();
    make_music(&home.path("music"), &[made(1, "Ebb (Radio Edit)"), made(2, "Flood (Mono)")]).unwrap();
    home.csv("list.csv", &[wanted("Ebb"), wanted("Flood")]);
    let report = &home.json("convert list.csv --from music --to ./player")["report"];
    assert_eq!(
        (outcome_of(report, "Ebb"), outcome_of(report, "Flood")),
        ("on_player", "needs_review"),
        "{report:#}"
    );
    assert_eq!(
        row_of(report, "Ebb")["substitute"],
        "marked as an edit, and as long as what is wanted",
        "{report:#}"
    );
    let said = home.run("report").out;
    assert!(said.contains("of these 1 stands in for what you wanted"), "{said}");
}

#[test]
fn the_first_disc_of_a_set_is_called_so_though_no_tag_counts_the_discs() {
    let home = Home::new();
    let of =
        |disc: u32, title: &str| MadeTrack { disc: Some(disc), ..made(1, title) }.at(&format!("{disc}.flac"));
    make_music(&home.path("music"), &[of(1, "Ebb"), of(2, "Neap")]).unwrap();
    home.csv("list.csv", &[wanted("Ebb"), wanted("Neap")]);
    home.json("convert list.csv --from music --to ./player");
    let mut names: Vec<String> =
        home.mp3s().into_iter().map(|path| path.rsplit('/').next().unwrap().to_owned()).collect();
    names.sort();
    assert_eq!(names, ["1-01 - Ebb.mp3", "2-01 - Neap.mp3"]);
}

#[test]
fn discs_that_only_their_folders_tell_are_one_album_in_order() {
    let home = Home::new();
    let of = |disc: u32, number: u32, title: &str| {
        made(number, title).at(&format!("Low Water/CD {disc}/{number:02} {title}.flac"))
    };
    make_music(&home.path("music"), &[of(1, 1, "Ebb"), of(1, 2, "Flood"), of(2, 1, "Neap")]).unwrap();
    let export = Export { albums: vec![Album::new("Mara Quill", "Low Water")], ..Export::default() };
    export.write_zip(&home.path("export.zip"), Generation::Y2025).unwrap();
    let last = home.json("convert export.zip --from music --to ./player");
    let report = &last["report"];
    assert_eq!(outcome_of(report, "Low Water"), "on_player", "{report:#}");
    let mut names: Vec<String> =
        home.mp3s().into_iter().map(|path| path.rsplit('/').next().unwrap().to_owned()).collect();
    names.sort();
    assert_eq!(names, ["1-01 - Ebb.mp3", "1-02 - Flood.mp3", "2-01 - Neap.mp3"]);
}

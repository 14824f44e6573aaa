//! Files of the user's on a player count for what is wanted, and stay the user's.

use std::fs;
use std::path::Path;
use std::process::Command;

use ferrotape_testkit::{MadeTrack, Track, changes, make_music, tree_snapshot};
use serde_json::Value;

use crate::home::{Home, list};

const OLD: &str = "old music/an odd name.mp3";

fn track(title: &str) -> Track {
    Track::new("Nordlys", "Harbour", title)
}

/// A player of a user's who put an MP3 of one wanted recording there by another program, under another name, and one of
/// something else that plays as long.
fn home() -> Home {
    let home = Home::new();
    let made = |number, title: &str| MadeTrack::new("Nordlys", "Harbour", number, title).seconds(14.0);
    make_music(&home.path("music"), &[made(1, "Gull"), made(2, "Tern")]).unwrap();
    make_music(&home.path("other"), &[made(3, "Auk")]).unwrap();
    fs::create_dir_all(home.player().join("old music")).unwrap();
    encode(&home, "music", "Gull", OLD);
    encode(&home, "other", "Auk", "Auk.mp3");
    fs::write(home.player().join("broken.mp3"), "no sound").unwrap();
    home.csv("list.csv", &[track("Gull"), track("Tern")]);
    home.well("import list.csv");
    home.well("scan music");
    home
}

fn encode(home: &Home, folder: &str, title: &str, to: &str) {
    let album = home.path(folder).join("Nordlys/Harbour");
    let mut sources = fs::read_dir(album).unwrap().map(|entry| entry.unwrap().path());
    let source = sources.find(|path| path.to_string_lossy().contains(title)).unwrap();
    let ran = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-i"])
        .arg(source)
        .args(["-map_metadata", "-1", "-c:a", "libmp3lame", "-b:a", "128k"])
        .arg(home.player().join(to))
        .status();
    assert!(ran.unwrap().success());
}

fn fill(home: &Home, what: &str) -> Value {
    home.json(&format!("convert {what} --from music --to ./player --yes --delete"))
}

fn bytes(home: &Home, path: &str) -> Vec<u8> {
    fs::read(home.player().join(path)).unwrap()
}

#[test]
fn a_file_that_sounds_like_a_wanted_one_counts_and_is_never_touched() {
    let home = home();
    let before = tree_snapshot(&home.player()).unwrap();
    let dry = home.json("player adopt ./player --dry-run");
    let verdicts: Vec<(&str, &str)> = list(&dry, "/files")
        .iter()
        .map(|file| (file["path"].as_str().unwrap(), file["verdict"].as_str().unwrap()))
        .collect();
    assert_eq!(verdicts, [("Auk.mp3", "unknown"), ("broken.mp3", "unreadable"), (OLD, "is")]);
    assert_eq!(changes(&before, &tree_snapshot(&home.player()).unwrap()), Vec::<String>::new());
    let said = home.well("player adopt ./player");
    assert!(said.out.contains("1 file adopted") && said.out.contains("Nordlys – Gull"), "{said:?}");

    let old = bytes(&home, OLD);
    let last = fill(&home, "list.csv");
    assert_eq!(last["report"]["outcomes"]["on_player"], 2, "{last:#}");
    assert_eq!(last["performed"]["written"], 1, "only the other one is made: {last:#}");
    let playlist = fs::read_to_string(home.player().join("Playlists/list.m3u8")).unwrap();
    assert!(playlist.contains(&format!("../{OLD}")), "{playlist}");
    assert_eq!(fill(&home, "list.csv")["performed"]["written"], 0);
    home.well("convert list.csv --from music --to ./player --preset 128 --profile rockbox --yes");
    let written = fs::metadata(home.player().join(OLD)).unwrap().modified().unwrap();
    home.well("convert list.csv --from music --to ./player --profile shokz-openswim --yes");
    assert_eq!(fs::metadata(home.player().join(OLD)).unwrap().modified().unwrap(), written);
    // No longer wanted: not removed, though everything else is deleted for good.
    home.csv("list.csv", &[track("Tern")]);
    let last = fill(&home, "list.csv");
    assert_eq!(list(&last, "/plan/removals").len(), 0, "{last:#}");
    assert_eq!(bytes(&home, OLD), old);
    assert!(home.player().join("Auk.mp3").exists() && home.player().join("broken.mp3").exists());
}

#[test]
fn what_was_adopted_counts_still_when_its_source_is_tagged_anew() {
    let home = home();
    home.well("player adopt ./player");
    fill(&home, "list.csv");
    let (old, there) = (bytes(&home, OLD), home.mp3s());
    let gull = MadeTrack::new("Nordlys", "Harbour", 1, "Gull").seconds(14.0);
    make_music(&home.path("music"), &[MadeTrack { genre: Some("Sea Songs".to_owned()), ..gull }]).unwrap();
    let last = fill(&home, "list.csv");
    assert_eq!(last["report"]["outcomes"]["on_player"], 2, "{last:#}");
    // Its album is another now, so what ferrotape made of that is made anew; the user's own file is not written to.
    let written: Vec<&Value> = list(&last, "/plan/writes").iter().map(|write| &write["path"]).collect();
    assert_eq!(written, ["Music/Nordlys/Harbour/02 - Tern.mp3"], "{last:#}");
    assert_eq!(home.mp3s(), there);
    assert_eq!(bytes(&home, OLD), old);
    let playlist = fs::read_to_string(home.player().join("Playlists/list.m3u8")).unwrap();
    assert!(playlist.contains(&format!("../{OLD}")), "{playlist}");
}

#[test]
fn what_was_adopted_counts_still_after_a_run_about_other_lists() {
    let home = home();
    home.well("player adopt ./player");
    let there = home.mp3s();
    home.csv("other.csv", &[track("Tern")]);
    home.well("convert other.csv --from music --to ./player --yes");
    let last = fill(&home, "list.csv");
    assert_eq!(last["report"]["outcomes"]["on_player"], 2, "{last:#}");
    // With both, the album is whole, and what ferrotape made of it gets the album's loudness.
    let written: Vec<&Value> = list(&last, "/plan/writes").iter().map(|write| &write["path"]).collect();
    assert_eq!(written, ["Music/Nordlys/Harbour/02 - Tern.mp3"], "{last:#}");
    assert_eq!(home.mp3s().len(), there.len() + 1, "one of Tern, none of Gull");
    for what in ["other.csv", "list.csv"] {
        let settled = fill(&home, what);
        assert_eq!(settled["performed"]["written"], 0, "{what}: {settled:#}");
    }
    let playlist = fs::read_to_string(home.player().join("Playlists/list.m3u8")).unwrap();
    assert!(playlist.contains(&format!("../{OLD}")), "{playlist}");
}

#[test]
fn what_was_adopted_is_not_counted_as_ours() {
    let home = home();
    home.well("player adopt ./player");
    let fill = "convert list.csv --from music --to ./player --yes";
    let first = home.well(fill);
    assert!(first.out.contains("; 1 file of ours and 1 of yours on the player ("), "{first:?}");
    let again = home.well(fill);
    assert!(
        again.out.contains("Nothing to change: 1 file of ours and 1 of yours on the player"),
        "{again:?}"
    );
    let looked = home.well("doctor --player ./player");
    assert!(looked.out.contains("1 file of ours, as it was written"), "{looked:?}");
}

#[test]
fn one_that_is_changed_or_gone_is_the_users_again_and_ours_is_made() {
    let home = home();
    home.well("player adopt ./player");
    fs::write(home.player().join(OLD), "edited by the user").unwrap();
    let last = fill(&home, "list.csv");
    assert_eq!(last["performed"]["written"], 2, "{last:#}");
    assert_eq!(bytes(&home, OLD), b"edited by the user");
    assert!(!Path::new(&home.player().join(".ferrotape/trash")).exists());
    let again = home.json("player adopt ./player");
    assert_eq!(again["adopted"], 0, "{again:#}");
}

#[test]
fn two_files_of_one_recording_are_adopted_once() {
    let home = home();
    fs::copy(home.player().join(OLD), home.player().join("again.mp3")).unwrap();
    let adopted = home.json("player adopt ./player");
    assert_eq!(adopted["adopted"], 1, "{adopted:#}");
    let looked = home.json("player adopt ./player --dry-run");
    let there = list(&looked, "/files").iter().filter(|file| file["verdict"] == "is_there").count();
    assert_eq!((there, looked["adopted"].as_u64()), (1, Some(0)), "{looked:#}");
}

#[test]
fn a_folder_of_music_or_none_at_all_is_no_player() {
    let home = home();
    let before = tree_snapshot(&home.path("music")).unwrap();
    let refused = home.run("player adopt music");
    assert!(refused.code != 0 && refused.err.contains("not a player"), "{refused:?}");
    let nowhere = home.run("player adopt nowhere");
    assert!(nowhere.code != 0 && nowhere.err.contains("there is no folder"), "{nowhere:?}");
    assert!(!home.path("nowhere").exists());
    // Nor is it filled, though no --from names it.
    let filled = home.run("convert list.csv --to music");
    assert!(filled.code != 0 && filled.err.contains("music of yours"), "{filled:?}");
    assert_eq!(changes(&before, &tree_snapshot(&home.path("music")).unwrap()), Vec::<String>::new());
    // What is gone and was the user's is no trouble.
    home.well("player adopt ./player");
    fs::remove_file(home.player().join(OLD)).unwrap();
    home.well("doctor --player ./player --thorough");
    fs::remove_file(home.player().join(".ferrotape/manifest.json")).unwrap();
    let lost = home.run("doctor --player ./player");
    assert!(lost.code != 0 && lost.out.contains("player adopt"), "{lost:?}");
}

#[test]
fn a_player_whose_list_was_deleted_is_to_be_adopted_and_not_filled_twice() {
    let home = home();
    home.well("convert list.csv --from music --to ./player");
    let there = home.mp3s();
    fs::remove_dir_all(home.player().join(".ferrotape")).unwrap();
    let told = home.run("convert list.csv --from music --to ./player");
    assert_eq!(told.code, 4, "{told:?}");
    assert!(told.err.contains("5 MP3s lie there") && told.err.contains("player adopt"), "{told:?}");
    assert_eq!(home.mp3s(), there);
    home.well("player adopt ./player");
    home.well("convert list.csv --from music --to ./player");
    assert_eq!(home.mp3s(), there, "nothing came twice");
}

//! What lies on the player and turns into a question stays there, as it is, until somebody answers; and what another file
//! takes the place of stays until that is there.

use std::fs;

use ferrotape_domain::AudioFormat;
use ferrotape_testkit::{Band, MadeTrack, Track, make_music, tree_snapshot};
use serde_json::Value;

use crate::convert::playlist_titles;
use crate::home::{Home, files_below, list, row_of};
use crate::sound::{SECONDS, ember, on_stage, record};

const LINE: &str = "convert wish.csv --from music --to ./player";
const BESIDE: [&str; 2] = ["Last Post", "Drum Shed"];

/// A player with `Ember` between two others, and where it lies there.
fn filled() -> (Home, String) {
    let home = Home::new();
    record(&home, &Band::playing(1, SECONDS), "music/Cinders/Ember.flac", "Ember", "Cinders");
    let beside = [(1, BESIDE[0]), (2, BESIDE[1])];
    let made =
        beside.map(|(number, title)| MadeTrack::new("Tin Parade", "Brass", number, title).seconds(1.0));
    make_music(&home.path("music"), &made).unwrap();
    let [first, last] = BESIDE.map(|title| Track::new("Tin Parade", "Brass", title));
    home.csv("wish.csv", &[first, ember(), last]);
    let report = home.json(LINE)["report"].clone();
    assert_eq!(report["outcomes"]["on_player"], 3, "{report:#}");
    let path = row_of(&report, "Ember")["says"].as_str().unwrap().to_owned();
    (home, path)
}

/// Another recording comes that fits as well.
fn another_comes(home: &Home) {
    record(home, &on_stage(&Band::playing(1, SECONDS)), "music/Hearth/Ember.flac", "Ember", "Hearth");
}

fn ask(home: &Home, path: &str) -> Value {
    let last = home.json(LINE);
    let row = row_of(&last["report"], "Ember").clone();
    let says = row["says"].as_str().unwrap();
    let told = format!(
        "; {path}, which an earlier run put on the player, stays there as it is until you answer: `ferrotape review`"
    );
    assert!(row["outcome"] == "needs_review" && says.ends_with(&told), "{row:#}");
    assert_eq!(last["report"]["lists"][0]["on_player"], 2, "nobody is sure of it: {last:#}");
    let stays = serde_json::json!([{ "number": row["number"], "place": path }]);
    assert_eq!((&last["plan"]["in_doubt"], &last["plan"]["removals"]), (&stays, &serde_json::json!([])));
    last
}

#[test]
fn it_stays_in_its_place_and_its_playlists_until_another_file_is_chosen() {
    let (home, path) = filled();
    let before = tree_snapshot(&home.player()).unwrap();
    let sound = fs::read(home.player().join(&path)).unwrap();
    another_comes(&home);
    let plan = home.well(&format!("{LINE} --dry-run")).out;
    assert!(
        plan.contains("1 in question, kept as they are until you answer") && plan.contains(&path),
        "{plan}"
    );
    for run in 1..=3 {
        let last = ask(&home, &path);
        assert_eq!(last["as_before"], run > 1, "{last:#}");
        assert_eq!(tree_snapshot(&home.player()).unwrap(), before, "{run}: not one byte is written");
    }
    assert_eq!(playlist_titles(&home, "wish"), [BESIDE[0], "Ember", BESIDE[1]]);
    assert!(home.well("report").out.contains("stays there as it is until you answer"));

    let cases = home.json("review --list");
    let candidates = list(&cases, "/cases/0/candidates");
    let other = candidates.iter().position(|one| one["path"].as_str().unwrap().contains("Hearth")).unwrap();
    home.well(&format!("review --pick {}={}", cases["cases"][0]["number"], other + 1));
    let last = home.json(LINE);
    let row = row_of(&last["report"], "Ember");
    assert_eq!(row["outcome"], "on_player", "{row:#}");
    assert_eq!(last["plan"]["removals"][0]["why"], "replaced", "{last:#}");
    assert_ne!(fs::read(home.player().join(row["says"].as_str().unwrap())).unwrap(), sound);
    assert_eq!(home.mp3s().len(), 3, "{:?}", home.mp3s());
    assert_eq!(playlist_titles(&home, "wish"), [BESIDE[0], "Ember", BESIDE[1]]);
}

#[test]
fn it_goes_to_the_trash_once_it_is_none_of_them() {
    let (home, path) = filled();
    another_comes(&home);
    let last = ask(&home, &path);
    home.well(&format!("review --none {}", row_of(&last["report"], "Ember")["number"]));
    let last = home.json(LINE);
    assert_eq!(row_of(&last["report"], "Ember")["outcome"], "not_in_sources", "{last:#}");
    assert_eq!(last["plan"]["in_doubt"], serde_json::json!([]), "{last:#}");
    assert_eq!(home.mp3s().len(), 2, "{:?}", home.mp3s());
    let there = files_below(&home.player());
    let is_it = |file: &&String| file.starts_with(".ferrotape/trash/") && file.ends_with(&path);
    assert!(there.iter().any(|file| is_it(&file)), "{there:?}");
    assert_eq!(playlist_titles(&home, "wish"), BESIDE);
}

#[test]
fn neither_its_source_nor_the_cache_is_needed_and_it_goes_with_its_entry() {
    let (home, path) = filled();
    another_comes(&home);
    ask(&home, &path);
    fs::rename(home.path("music"), home.path("away")).unwrap();
    fs::remove_dir_all(home.path(".cache")).unwrap();
    let before = tree_snapshot(&home.player()).unwrap();
    let last = home.json("convert wish.csv --to ./player");
    let row = row_of(&last["report"], "Ember");
    assert!(row["says"].as_str().unwrap().contains("stays there as it is until you answer"), "{row:#}");
    assert_eq!(tree_snapshot(&home.player()).unwrap(), before);
    fs::rename(home.path("away"), home.path("music")).unwrap();
    home.csv("wish.csv", &BESIDE.map(|title| Track::new("Tin Parade", "Brass", title)));
    home.well(LINE);
    assert!(!home.mp3s().contains(&path), "{:?}", home.mp3s());
}

#[test]
fn what_a_better_copy_takes_the_place_of_stays_where_that_turns_out_to_be_broken() {
    let home = Home::new();
    let ebb = || MadeTrack::new("Mara Quill", "Low Water", 1, "Ebb").isrc("XXA011900001").seconds(4.0);
    make_music(&home.path("music"), &[ebb().format(AudioFormat::Mp3).at("lossy/01 Ebb.mp3")]).unwrap();
    home.csv("wish.csv", &[Track::new("Mara Quill", "Low Water", "Ebb")]);
    home.well(LINE);
    let there = home.mp3s();
    let state = || tree_snapshot(&home.player()).unwrap().remove(&there[0]);
    let before = state();
    make_music(&home.path("music"), &[ebb().at("lossless/01 Ebb.flac")]).unwrap();
    let better = home.path("music/lossless/01 Ebb.flac");
    let whole = fs::read(&better).unwrap();
    fs::write(&better, &whole[..whole.len() * 2 / 5]).unwrap();
    let last = home.json(LINE);
    assert_eq!(row_of(&last["report"], "Ebb")["outcome"], "on_player", "{last:#}");
    assert_eq!(last["performed"]["written"], 0, "it is not made again: {last:#}");
    assert_eq!((home.mp3s(), state()), (there.clone(), before));
    assert_eq!(playlist_titles(&home, "wish"), ["Ebb"]);
    let files = files_below(&home.player());
    assert!(!files.iter().any(|path| path.contains("/trash/")), "{files:?}");
    // Whole it takes the place.
    fs::write(&better, whole).unwrap();
    assert_eq!(home.json(LINE)["performed"]["written"], 1);
    assert_eq!(home.mp3s().len(), 1, "{:?}", home.mp3s());
}

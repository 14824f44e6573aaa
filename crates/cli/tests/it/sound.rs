//! What is heard settles what tags cannot, and keeps decisions when nothing else of a file stayed.

use std::fs;
use std::path::Path;
use std::process::Command;

use ferrotape_testkit::{Band, Track};
use serde_json::Value;

use crate::home::{Home, list, outcome_of, row_of, text};

pub(crate) const SECONDS: f64 = 20.0;

/// A band's recording with tags and in the format of its name, like any file somebody bought or ripped.
pub(crate) fn record(home: &Home, band: &Band, path: &str, title: &str, album: &str) {
    let path = home.path(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let wav = path.with_extension("source.wav");
    band.write_wav(&wav).unwrap();
    let tags = [format!("title={title}"), "artist=Oda Brenn".to_owned(), format!("album={album}")];
    let tags: Vec<&str> = tags.iter().flat_map(|tag| ["-metadata", tag]).collect();
    encode(&wav, &tags, &path);
    fs::remove_file(wav).unwrap();
}

fn encode(from: &Path, options: &[&str], to: &Path) {
    let mut command = Command::new("ffmpeg");
    command.args(["-nostdin", "-v", "error", "-y", "-i", text(from), "-fflags", "+bitexact"]);
    let output = command.args(options).arg(to).output().expect("apt-get install ffmpeg");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

pub(crate) fn ember() -> Track {
    Track::new("Oda Brenn", "", "Ember")
}

fn convert(home: &Home) -> Value {
    home.json("convert wish.csv --from music --to ./player")["report"].clone()
}

fn number(home: &Home, title: &str) -> i64 {
    row_of(&home.json("report"), title)["number"].as_i64().unwrap()
}

/// On a stage, faster and a tone higher.
pub(crate) fn on_stage(studio: &Band) -> Band {
    Band { key: 2, ..studio.live(4) }
}

/// Two files that nothing but their sound tells apart: a studio and a live recording, both called `Ember`.
fn two_embers() -> Home {
    let home = Home::new();
    let studio = Band::playing(1, SECONDS);
    record(&home, &studio, "music/Cinders/Ember.flac", "Ember", "Cinders");
    record(&home, &on_stage(&studio), "music/Hearth/Ember.flac", "Ember", "Hearth");
    home.csv("wish.csv", &[ember()]);
    home
}

#[test]
fn equal_tags_on_unlike_recordings_are_asked_about() {
    let home = two_embers();
    // Nothing but their sound tells that they are two.
    let deaf = home.json("match wish.csv --from music --no-listen")["matches"][0].clone();
    home.json("scan music");
    let deaf_after_scan = home.json("match wish.csv --from music --no-listen")["matches"][0].clone();
    assert_eq!((&deaf["answer"], &deaf_after_scan["answer"]), (&"none".into(), &"chosen".into()));
    let report = convert(&home);
    assert_eq!(outcome_of(&report, "Ember"), "needs_review");
    let why = row_of(&report, "Ember")["says"].as_str().unwrap().to_owned();
    assert!(why.contains("do not sound the same"), "{why}");
    let cases = home.json("review --list");
    let candidates = list(&cases, "/cases/0/candidates");
    assert_eq!(candidates.len(), 2);
    assert!(candidates[0]["evidence"].to_string().contains("sounds different from"), "{cases}");
}

#[test]
fn each_file_is_listened_to_once_ever() {
    let home = two_embers();
    home.json("scan music");
    let first = home.run("--json match wish.csv");
    assert!(first.out.contains(r#""phase":"listen""#), "{first:?}");
    let second = home.run("--json match wish.csv");
    assert!(!second.out.contains(r#""phase":"listen""#), "{second:?}");
    assert!(second.out.contains("do not sound the same"), "what was heard still counts: {second:?}");
    // Moved, it is the same content.
    fs::rename(home.path("music/Hearth"), home.path("music/Elsewhere")).unwrap();
    home.json("scan music");
    let moved = home.run("--json match wish.csv");
    assert!(!moved.out.contains(r#""phase":"listen""#), "{moved:?}");
}

#[test]
fn copies_are_settled_and_the_best_sounding_is_taken() {
    let home = Home::new();
    let studio = Band::playing(1, SECONDS);
    // By their tags the second is longer than the first by more than copies may be.
    record(&home, &studio, "music/Hearth/Ember.mp3", "Ember", "Hearth");
    let paused = Band { seconds: SECONDS, ..studio.clone() };
    record(&home, &paused, "music/Cinders/plain.flac", "Ember", "Cinders");
    encode(
        &home.path("music/Cinders/plain.flac"),
        &["-af", "apad=pad_dur=4.5"],
        &home.path("music/Cinders/Ember.flac"),
    );
    fs::remove_file(home.path("music/Cinders/plain.flac")).unwrap();
    home.csv("wish.csv", &[ember()]);
    home.json("scan music");
    let deaf = home.json("match wish.csv --no-listen")["matches"][0].clone();
    assert_eq!(deaf["answer"], "review", "{deaf}");
    let heard = home.json("match wish.csv")["matches"][0].clone();
    assert_eq!(heard["answer"], "chosen", "{heard}");
    assert!(heard["candidates"][0]["path"].as_str().unwrap().ends_with("Ember.flac"), "{heard}");
    assert!(heard["candidates"][0]["evidence"].to_string().contains("sounds the same as"), "{heard}");
}

#[test]
fn copies_are_shown_once_and_refused_together() {
    let home = two_embers();
    let studio = Band::playing(1, SECONDS);
    record(&home, &studio, "music/Best Of/Ember.mp3", "Ember", "Best Of");
    record(&home, &studio, "music/Hits/Ember.ogg", "Ember", "Hits");
    home.json("scan music");
    convert(&home);
    let cases = home.json("review --list");
    let candidates = list(&cases, "/cases/0/candidates");
    assert_eq!(candidates.len(), 2, "{cases}");
    let copies = candidates.iter().find(|one| one["evidence"].to_string().contains("3 copies")).unwrap();
    assert!(copies["path"].as_str().unwrap().ends_with("Cinders/Ember.flac"), "the lossless one: {copies}");
    // Refusing what was shown refuses the copies that were not.
    home.well(&format!("review --none {}", number(&home, "Ember")));
    let report = convert(&home);
    assert_eq!(outcome_of(&report, "Ember"), "not_in_sources", "{report:#}");
}

/// Another name, other tags, another format, another place: only the sound stays.
fn reissue(home: &Home, from: &str, to: &str) {
    let (from, to) = (home.path(from), home.path(to));
    fs::create_dir_all(to.parent().unwrap()).unwrap();
    let tags = ["-map_metadata", "-1", "-metadata", "title=Untitled 3", "-metadata", "artist=Various"];
    encode(&from, &[&tags[..], &["-b:a", "160k"]].concat(), &to);
    fs::remove_file(from).unwrap();
}

#[test]
fn a_decision_holds_when_the_file_is_moved_retagged_and_reencoded_in_one_go() {
    let home = two_embers();
    convert(&home);
    let number = number(&home, "Ember");
    let cases = home.json("review --list");
    let place = list(&cases, "/cases/0/candidates")
        .iter()
        .position(|one| one["path"].as_str().unwrap().contains("Hearth"))
        .unwrap();
    home.well(&format!("review --pick {number}={}", place + 1));
    assert_eq!(outcome_of(&convert(&home), "Ember"), "on_player");

    reissue(&home, "music/Hearth/Ember.flac", "music/new disk/track03.mp3");
    home.json("scan music");
    let matched = home.json("match wish.csv")["matches"][0].clone();
    assert_eq!(matched["decided"], true, "{matched}");
    assert!(matched["candidates"][0]["path"].as_str().unwrap().ends_with("track03.mp3"), "{matched}");
    assert!(
        matched["candidates"][0]["evidence"].to_string().contains("found again by its sound"),
        "{matched}"
    );
    assert_eq!(outcome_of(&convert(&home), "Ember"), "on_player");

    // Where the recording is not there at all, no other takes its place.
    fs::remove_file(home.path("music/new disk/track03.mp3")).unwrap();
    home.json("scan music");
    assert_eq!(home.json("match wish.csv")["matches"][0]["answer"], "none");
}

#[test]
fn a_decision_travels_to_a_machine_that_has_the_recording_in_another_format() {
    let home = two_embers();
    convert(&home);
    home.well(&format!("review --pick {}=1", number(&home, "Ember")));
    home.well("review --export decisions.json");
    let told = fs::read_to_string(home.path("decisions.json")).unwrap();
    assert!(told.contains("chromaprint"), "{told}");

    let picked = home.json("match wish.csv")["matches"][0]["candidates"][0]["path"].clone();
    let picked = Path::new(picked.as_str().unwrap()).to_owned();
    let path = picked.strip_prefix(home.path("").canonicalize().unwrap()).unwrap().to_owned();
    fs::create_dir(home.path("other")).unwrap();
    reissue(&home, text(&path), "other/a.m4a");
    home.well("--library second scan other");
    home.well("--library second review --merge decisions.json");
    let last = home.json("--library second convert wish.csv --from other --to player2");
    assert_eq!(outcome_of(&last["report"], "Ember"), "on_player", "{last:#}");
}

#[test]
fn a_refused_recording_is_refused_in_any_dress() {
    let home = Home::new();
    record(&home, &Band::playing(1, SECONDS), "music/Cinders/Ember.flac", "Ember", "Cinders");
    home.csv("wish.csv", &[ember()]);
    assert_eq!(outcome_of(&convert(&home), "Ember"), "on_player");
    home.well(&format!("review --none {}", number(&home, "Ember")));
    assert_eq!(outcome_of(&convert(&home), "Ember"), "not_in_sources");

    let (old, new) = (home.path("music/Cinders/Ember.flac"), home.path("music/Oda Brenn - Ember.mp3"));
    encode(&old, &["-b:a", "192k"], &new);
    fs::remove_file(old).unwrap();
    assert_eq!(outcome_of(&convert(&home), "Ember"), "not_in_sources", "the same recording once more");

    // Another recording of it may still come.
    record(&home, &on_stage(&Band::playing(1, SECONDS)), "music/Hearth/Ember.flac", "Ember", "Hearth");
    let report = convert(&home);
    assert_eq!(outcome_of(&report, "Ember"), "on_player");
}

/// Files of decisions from before anybody listened, and ones that somebody damaged, still hold.
#[test]
fn older_decision_files_are_read() {
    let home = two_embers();
    convert(&home);
    home.well(&format!("review --pick {}=1", number(&home, "Ember")));
    home.well("review --export decisions.json");
    let mut told: Value = serde_json::from_slice(&fs::read(home.path("decisions.json")).unwrap()).unwrap();
    let heard = &mut told["decisions"][0]["use_file"]["heard"];
    assert!(heard["duration_ms"].as_u64().is_some_and(|ms| ms.abs_diff(20_000) < 100), "{heard}");
    for replaced in [Value::Null, serde_json::json!({ "chromaprint": "no base64!", "duration_ms": 5 })] {
        told["decisions"][0]["use_file"]["heard"] = replaced;
        fs::write(home.path("older.json"), told.to_string()).unwrap();
        fs::remove_dir_all(home.path("second")).ok();
        home.well("--library second scan music");
        home.well("--library second review --merge older.json");
        let last = home.json("--library second convert wish.csv --from music --to player2");
        assert_eq!(outcome_of(&last["report"], "Ember"), "on_player");
        fs::remove_dir_all(home.path("player2")).unwrap();
    }
}

#[test]
fn another_file_in_the_chosen_files_place_is_not_the_chosen_one() {
    let home = Home::new();
    record(&home, &Band::playing(1, SECONDS), "music/Rip/Track01.flac", "Track 01", "Rip");
    home.csv("wish.csv", &[ember()]);
    home.json("scan music");
    convert(&home);
    let chosen = format!("review --file {}=music/Rip/Track01.flac", number(&home, "Ember"));
    home.json(&chosen);
    assert_eq!(outcome_of(&convert(&home), "Ember"), "on_player");
    // Another disc is ripped over it.
    fs::remove_file(home.path("music/Rip/Track01.flac")).unwrap();
    record(&home, &Band::playing(7, SECONDS * 2.0), "music/Rip/Track01.flac", "Track 01", "Rip");
    home.json("scan music");
    let answer = home.json("match wish.csv")["matches"][0]["answer"].clone();
    assert_eq!(answer, "none");
    let told = home.well(&format!("explain {}", number(&home, "Ember"))).out;
    assert!(told.contains("another file lies now where the one you chose was: "), "{told}");
}

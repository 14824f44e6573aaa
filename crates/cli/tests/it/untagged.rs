//! Music without tags is known by its folders, through those of its discs; a folder that is called `Live` is believed.

use std::fs;

use ferrotape_testkit::{Sound, Track, spotify_uri};
use serde_json::Value;

use crate::home::{Home, list};

const SECONDS: f64 = 4.0;

/// Puts sound without tags to these places.
fn put(home: &Home, paths: &[&str]) {
    for (path, seed) in paths.iter().zip(1..) {
        let path = home.path(&format!("music/{path}"));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        Sound::of_seconds(seed, SECONDS).write_wav(&path).unwrap();
    }
}

fn wanted(title: &str, disc: u32, track: u32) -> Track {
    Track {
        uri: Some(spotify_uri("track", &format!("{title} {disc}-{track}"))),
        disc_number: Some(disc),
        track_number: Some(track),
        duration_ms: Some((SECONDS * 1_000.0) as u64),
        ..Track::new("Mara Quill", "Low Water", title)
    }
}

/// What is found for each wish: the answer, and the end of the file's path or what a person is told.
fn found(home: &Home, wishes: &[Track]) -> Vec<(String, String)> {
    home.csv("wish.csv", wishes);
    home.well("scan music");
    let said = home.json("match wish.csv --from music");
    let one = |found: &Value| {
        let answer = found["answer"].as_str().unwrap();
        let path = found["candidates"][0]["path"].as_str().unwrap_or_default().replace('\\', "/");
        let end = path.rsplit_once("/music/").map_or("", |(_, end)| end);
        let told = if answer == "chosen" { end } else { found["why"].as_str().unwrap_or_default() };
        (answer.to_owned(), told.to_owned())
    };
    list(&said, "/matches").iter().map(one).collect()
}

#[test]
fn each_disc_of_an_album_without_tags_is_found_by_its_folders() {
    for album in ["Mara Quill/Low Water", "Mara Quill - Low Water"] {
        let home = Home::new();
        let paths = [format!("{album}/CD1/02 Ebb.wav"), format!("{album}/Disc 2/02 Slack.wav")];
        put(&home, &paths.each_ref().map(String::as_str));
        let all = found(&home, &[wanted("Ebb", 1, 2), wanted("Slack", 2, 2), wanted("Slack", 1, 9)]);
        let chosen = |path: &String| ("chosen".to_owned(), path.clone());
        assert_eq!(all[..2], paths.each_ref().map(chosen), "{album}");
        assert_ne!(all[2].0, "chosen", "{album}: that is on the other disc");
    }
}

#[test]
fn a_live_folder_without_tags_is_told_to_be_live() {
    let home = Home::new();
    put(&home, &["Mara Quill/Low Water/Live/02 Ebb.wav", "Live/03 Neap.wav"]);
    let all = found(&home, &[wanted("Ebb", 1, 2), wanted("Neap", 1, 3)]);
    let told = |answer: &str, why: &str| (answer.to_owned(), why.to_owned());
    assert_eq!(all[0], told("review", "the nearest file is not it: live, but the plain recording is wanted"));
    let nobodys =
        "a file has this title or nearly, but neither its tags, its name nor its folders tell who plays it";
    assert_eq!(all[1], told("none", nobodys));
}

#[test]
fn sides_of_records_and_ids_of_videos_are_no_titles() {
    let home = Home::new();
    let paths = [
        "Mara Quill/Low Water/A2 Ebb.wav",
        "Mara Quill/Low Water/B1 - Neap.wav",
        "Mara Quill - Slack [dQw4w9WgXcQ].wav",
    ];
    put(&home, &paths);
    let all = found(&home, &[wanted("Ebb", 1, 2), wanted("Neap", 1, 5), wanted("Slack", 1, 3)]);
    assert_eq!(all, paths.map(|path| ("chosen".to_owned(), path.to_owned())));
}

#[test]
fn numbers_are_words_of_titles_and_artists_and_marks_of_copies_are_none() {
    let home = Home::new();
    let paths = [
        "Mara Quill - 99 Lanterns.wav",
        "Mara Quill/Low Water/10 21 Gulls.wav",
        "Mara Quill/Low Water/06 22.wav",
        "Mara Quill - Ebb (1).wav",
        "Mara Quill/Low Water/03 Slack.wav",
    ];
    put(&home, &paths);
    let all = found(
        &home,
        &[
            wanted("99 Lanterns", 1, 9),
            wanted("21 Gulls", 1, 10),
            wanted("22", 1, 6),
            wanted("Ebb", 1, 2),
            wanted("Slack", 1, 3),
        ],
    );
    assert_eq!(all, paths.map(|path| ("chosen".to_owned(), path.to_owned())));
}

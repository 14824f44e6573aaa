//! Links: what was imported once can be named by its link from then on, without any network.

use std::fs;

use ferrotape_testkit::{Album, spotify_id};

use crate::collection::track;
use crate::convert::playlist_titles;
use crate::home::{Home, list};

/// The web address of a `spotify:kind:id`.
fn web(uri: &str) -> String {
    uri.replacen("spotify:", "https://open.spotify.com/", 1).replace(':', "/").replace("https/", "https:")
}

/// With the export imported and the music scanned.
fn imported() -> Home {
    let home = Home::with_wishes();
    home.well("import wishes.zip");
    home
}

fn titles(last: &serde_json::Value) -> Vec<&str> {
    list(last, "/report/rows").iter().map(|row| row["title"].as_str().unwrap()).collect()
}

#[test]
fn a_tracks_link_puts_that_track_on_the_player() {
    let home = imported();
    for form in [web(&track("Ebb").uri()) + "?si=0123456789abcdef", track("Ebb").uri()] {
        let last = home.fill(&form);
        assert_eq!(titles(&last), ["Ebb"], "{form}");
        assert_eq!(home.mp3s().len(), 1, "{form}");
    }
}

#[test]
fn an_albums_link_means_what_is_known_of_the_album() {
    let home = imported();
    let last = home.fill(&web(&Album::new("Tin Parade", "Brass").uri()));
    assert!(!titles(&last).is_empty(), "{last}");
    assert!(home.mp3s().iter().all(|path| path.contains("Brass")), "{:?}", home.mp3s());
    assert_eq!(home.mp3s().len(), 3, "{:?}", home.mp3s());
}

#[test]
fn the_liked_songs_have_a_link_too() {
    let home = imported();
    let last = home.fill("https://open.spotify.com/collection/tracks");
    assert_eq!(titles(&last), ["Slack", "Flood", "Cold Sky", "Ice Road"]);
    assert_eq!(playlist_titles(&home, "Liked Songs"), titles(&last));
}

#[test]
fn a_playlists_link_is_given_once_and_used_ever_after() {
    let home = imported();
    let link = format!("https://open.spotify.com/playlist/{}", spotify_id("playlist", "Tides"));
    let unknown = home.run(&format!("convert {link} --from MUSIC --to ./player"));
    assert_eq!(unknown.code, 1, "{unknown:?}");
    assert!(unknown.err.contains("--link"), "the way out is told: {unknown:?}");
    home.csv("tides.csv", &[track("Flood"), track("Ebb")]);
    home.well(&format!("import tides.csv --link {link}"));
    assert_eq!(titles(&home.fill(&link)), ["Flood", "Ebb"]);
    assert_eq!(playlist_titles(&home, "tides"), ["Flood", "Ebb"]);
}

#[test]
fn links_that_lead_nowhere_say_what_to_do() {
    let home = imported();
    let track = format!("https://open.spotify.com/track/{}", spotify_id("track", "never imported"));
    let cases = [
        (track.as_str(), 1),
        ("spotify:track:0000", 2),
        ("https://example.com/track/1", 2),
        ("https://spotify.link/abcdef", 1),
    ];
    for (link, code) in cases {
        let said = home.run(&format!("convert {link} --from MUSIC --to ./player"));
        assert!(said.code == code || (code == 2 && said.code == 1), "{link}: {said:?}");
        assert!(said.err.starts_with("error: "), "{link}: {said:?}");
        assert!(said.err.contains("hint:") || said.err.contains(" – "), "no way out is told: {said:?}");
    }
    assert!(!home.player().exists(), "nothing was made");
    let said = home.run(&format!("import wishes.zip --link {track}"));
    assert_eq!(said.code, 2, "a track is no playlist: {said:?}");
}

#[test]
fn import_shows_what_a_link_leads_to() {
    let home = imported();
    assert!(home.well(&format!("import {}", track("Ebb").uri())).out.contains("Mara Quill – Ebb"));
}

#[test]
fn import_explain_tells_what_files_hold_and_makes_no_library() {
    let home = Home::new();
    fs::create_dir(home.path("inputs")).unwrap();
    fs::write(home.path("inputs/walk.txt"), "Pine Street - Rain\nBo - Hail\nwhat was it\n").unwrap();
    fs::write(home.path("inputs/diary.txt"), "It rained.\n").unwrap();
    let told = home.json("import --explain inputs");
    let input = &list(&told, "/inputs")[0];
    let account = list(input, "/accounts").iter().find(|account| account["file"] == "walk.txt").unwrap();
    assert_eq!(
        (&account["rows"], &account["entries"], &account["problems"]),
        (&3.into(), &2.into(), &1.into())
    );
    assert_eq!(list(input, "/lists")[0]["entries"], 2);
    let said = home.well("import --explain inputs").out;
    for part in
        ["walk.txt: text with “Artist - Title” lines, 3 rows = 2 entries + 1 problem", "row 3", "diary.txt"]
    {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(home.run("doctor").err.contains("no library"));
    assert!(
        home.run("import --explain https://open.spotify.com/track/4uLU6hMCjMI75M1A2tKUQC")
            .err
            .contains("not at links")
    );
}

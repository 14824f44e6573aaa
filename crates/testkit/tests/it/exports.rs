//! Exports have the true shape and come out the same on every run.

use std::collections::BTreeMap;
use std::fs;

use ferrotape_domain::SpotifyUri;
use ferrotape_testkit::{
    Album, CsvDialect, Export, ExportPlaylist, Generation, PlayedRow, Row, Track, changes, exportify_csv,
    spotify_uri, tree_snapshot,
};

fn wishes() -> Export {
    let track = Track::new("Tin Lantern", "Paper Weather", "Harbour Light");
    let row = Row::Track(track.clone());
    let local =
        Row::Local { artist: "Me".into(), album: String::new(), title: "Demo & Tape!".into(), seconds: 61 };
    let episode = Row::Episode { show: "Slow Talk".into(), title: "One".into() };
    let book = Row::Audiobook { author: "N. Body".into(), title: "A Book".into(), chapter: "One".into() };
    let rows = vec![row.clone(), row.clone(), episode.clone(), book.clone(), local.clone(), Row::Empty];
    let played = |row: &Row, ended_at: &str| PlayedRow {
        row: row.clone(),
        ended_at: ended_at.into(),
        played_ms: 1234,
    };
    Export {
        liked: vec![track],
        albums: vec![Album::new("Tin Lantern", "Paper Weather")],
        shows: vec![("Slow Talk".into(), "Somebody".into())],
        artists: vec!["Tin Lantern".into()],
        local_files: vec![local],
        playlists: vec![ExportPlaylist { name: "Mix".into(), rows }],
        plays: vec![
            played(&row, "2023-06-01T07:00:30Z"),
            played(&row, "2024-06-01T07:00:30Z"),
            played(&episode, "2025-03-01T07:00:30Z"),
            played(&book, "2025-04-01T07:00:30Z"),
        ],
        ..Export::default()
    }
}

fn json(export: &Export, generation: Generation) -> BTreeMap<String, serde_json::Value> {
    let files = export.files(generation).into_iter().flatten();
    files.filter_map(|(name, bytes)| Some((name, serde_json::from_slice(&bytes).ok()?))).collect()
}

#[test]
fn the_newest_package_has_both_folders_and_links_of_everything() {
    let files = json(&wishes(), Generation::Y2025);
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "Spotify Account Data/Playlist1.json",
            "Spotify Account Data/StreamingHistory_audiobook_0.json",
            "Spotify Account Data/StreamingHistory_music_0.json",
            "Spotify Account Data/StreamingHistory_podcast_0.json",
            "Spotify Account Data/YourLibrary.json",
            "Spotify Extended Streaming History/Streaming_History_Audio_2023-2025_0.json",
        ]
    );
    let items = &files["Spotify Account Data/Playlist1.json"]["playlists"][0]["items"];
    assert_eq!(items.as_array().unwrap().len(), 6);
    let uri = items[0]["track"]["trackUri"].as_str().unwrap();
    assert_eq!(files["Spotify Account Data/YourLibrary.json"]["tracks"][0]["uri"], uri);
    assert_eq!(items[4]["localTrack"]["uri"], "spotify:local:Me::Demo+%26+Tape%21:61");
    assert!(items[5].as_object().unwrap().iter().all(|(key, value)| key == "addedDate" || value.is_null()));
    let history = &files["Spotify Extended Streaming History/Streaming_History_Audio_2023-2025_0.json"];
    assert_eq!(history[0]["spotify_track_uri"], uri);
    assert_eq!(history.as_array().unwrap().len(), 4);
    let last_year = &files["Spotify Account Data/StreamingHistory_music_0.json"];
    assert_eq!(last_year.as_array().unwrap().len(), 1, "account data goes back one year");
}

#[test]
fn the_oldest_package_has_no_links_and_mixes_podcasts_into_the_history() {
    let files = json(&wishes(), Generation::Y2021);
    let track = &files["MyData/Playlist1.json"]["playlists"][0]["items"][0];
    assert!(track["track"].get("trackUri").is_none());
    assert!(track.get("audiobook").is_none() && track.get("addedDate").is_none());
    let history = &files["MyData/StreamingHistory0.json"];
    assert_eq!(history.as_array().unwrap().len(), 2);
    assert_eq!(history[0]["endTime"], "2024-06-01 07:00");
    assert_eq!(history[1]["artistName"], "Slow Talk");
}

#[test]
fn derived_ids_are_real_ids() {
    for name in 0..2_000 {
        let uri = spotify_uri("track", &name.to_string());
        assert!(SpotifyUri::parse(&uri).is_ok(), "{uri}");
    }
}

#[test]
fn the_same_wishes_give_the_same_archive() {
    let dir = tempfile::tempdir().unwrap();
    let (one, two) = (dir.path().join("1.zip"), dir.path().join("2.zip"));
    wishes().write_zip(&one, Generation::Y2025).unwrap();
    wishes().write_zip(&two, Generation::Y2025).unwrap();
    assert_eq!(fs::read(one).unwrap(), fs::read(two).unwrap());
    wishes().write_folder(&dir.path().join("x"), Generation::Y2022).unwrap();
    assert!(dir.path().join("x/MyData/UserAddress.json").exists());
}

#[test]
fn csv_rows_have_as_many_fields_as_the_header() {
    let tracks = [Track::new("A, B", "C \"D\"", "E")];
    for dialect in [
        CsvDialect::Watsonbox2015,
        CsvDialect::Watsonbox2026,
        CsvDialect::Watsonbox2026German,
        CsvDialect::Pavelkomarov2026,
    ] {
        let text = exportify_csv(&tracks, dialect);
        let commas = |line: &str| line.replace("\"A, B\"", "").replace("A\\, B", "").matches(',').count();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(commas(lines[0]), commas(lines[1]), "{dialect:?}: {text}");
        assert!(text.contains("C \"\"D\"\""));
    }
}

#[test]
fn a_snapshot_tells_every_change_of_bytes() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("a")).unwrap();
    fs::write(dir.path().join("a/one"), "1").unwrap();
    fs::write(dir.path().join("two"), "2").unwrap();
    let before = tree_snapshot(dir.path()).unwrap();
    fs::write(dir.path().join("a/one"), "!").unwrap();
    fs::remove_file(dir.path().join("two")).unwrap();
    fs::write(dir.path().join("three"), "3").unwrap();
    let after = tree_snapshot(dir.path()).unwrap();
    assert_eq!(changes(&before, &after), ["changed a/one", "added three", "removed two"]);
}

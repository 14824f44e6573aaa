//! Saved albums of which the last tracks did not come, or nobody asked for them: neither a gap nor a total in their tags
//! tells it, but the place that has them lists them.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ferrotape_testkit::{HttpAnswer, HttpServer};
use serde_json::{Value, json};

use crate::collection::{music, track};
use crate::elsewhere::{HELD, Held, Server, outcome, subsonic};
use crate::home::Home;

pub(crate) const ALBUM: [Held; 3] =
    [HELD[0], ("s2", "Flood", "Mara Quill/Low Water/02 Flood.flac", "flac", 2), HELD[1]];

/// A home with folders that have nothing, and a saved album in an export.
pub(crate) fn home() -> Home {
    let home = Home::new();
    fs::create_dir(home.path("own")).unwrap();
    let library = json!({ "tracks": [], "shows": [], "episodes": [], "artists": [],
        "albums": [{ "artist": "Mara Quill", "album": "Low Water", "uri": "spotify:album:0aB1cD2eF3gH4iJ5kL6mN7" }] });
    fs::write(home.path("YourLibrary.json"), library.to_string()).unwrap();
    home
}

/// A server of the album that does not give its last track as long as it is told not to.
fn without_its_last() -> (Server, Arc<AtomicBool>) {
    let fails = Arc::new(AtomicBool::new(true));
    let is_failing = Arc::clone(&fails);
    let http = HttpServer::start(move |request| {
        let is_of_a_file = ["download", "stream"].iter().any(|call| request.path().contains(call));
        let is_last = is_of_a_file && request.parameter("id").is_some_and(|id| id == "s3");
        match is_last && is_failing.load(Ordering::SeqCst) {
            true => HttpAnswer::status(404),
            false => subsonic(request, &ALBUM),
        }
    });
    (Server { http: http.unwrap(), down: Arc::default() }, fails)
}

pub(crate) fn downloads(server: &Server) -> usize {
    server.http.requests().iter().filter(|one| one.path().contains("download")).count()
}

/// That the album is on the player with all its tracks.
fn is_whole(home: &Home, last: &Value) {
    let row = outcome(last, "Low Water");
    assert_eq!((&row["outcome"], &row["substitute"]), (&"on_player".into(), &Value::Null), "{last:#}");
    assert_eq!(home.mp3s().len(), ALBUM.len(), "{last:#}");
}

#[test]
fn the_last_track_of_an_album_is_asked_for_again_until_it_comes() {
    let home = home();
    let (server, fails) = without_its_last();
    server.add(&home);
    let part = "a part of it, 2 of at least 3 tracks as subsonic:home lists them";
    for line in ["convert YourLibrary.json --from own --to ./player", "convert --to ./player --yes"] {
        let last = home.json(line);
        let row = outcome(&last, "Low Water");
        let says = row["substitute"].as_str().unwrap_or_default();
        let told = format!("{part}; 1 could not be had: ");
        assert!(row["outcome"] == "on_player" && says.starts_with(&told), "{last:#}");
    }
    let offline = home.json("convert --to ./player --yes --offline");
    assert_eq!(outcome(&offline, "Low Water")["substitute"], part, "{offline:#}");
    fails.store(false, Ordering::SeqCst);
    home.well("status --retry");
    is_whole(&home, &home.json("convert --to ./player --yes"));
    let fetched = downloads(&server);
    is_whole(&home, &home.json("convert --to ./player --yes"));
    assert_eq!(downloads(&server), fetched, "nothing is missing any more");
}

#[test]
fn an_album_that_is_saved_after_two_of_its_songs_comes_whole() {
    let home = home();
    let server = Server::with(&ALBUM);
    server.add(&home);
    home.csv("songs.csv", &[track("Ebb"), track("Flood")]);
    home.json("convert songs.csv --from own --to ./player");
    assert_eq!(home.mp3s().len(), 2);
    is_whole(&home, &home.json("convert songs.csv YourLibrary.json --to ./player --yes"));
    assert_eq!(downloads(&server), 3, "what is here is not fetched again");
}

#[test]
fn songs_of_an_album_in_ones_own_folder_are_all_there_is_of_it() {
    let home = home();
    let server = Server::with(&ALBUM);
    server.add(&home);
    for name in ["01 Ebb.flac", "02 Flood.flac"] {
        fs::copy(music().join("Mara Quill/Low Water").join(name), home.path("own").join(name)).unwrap();
    }
    let last = home.json("convert YourLibrary.json --from own --to ./player");
    let row = outcome(&last, "Low Water");
    assert_eq!((&row["outcome"], &row["substitute"]), (&"on_player".into(), &Value::Null), "{last:#}");
    assert_eq!((home.mp3s().len(), downloads(&server)), (2, 0), "nobody knows that one is missing");
}

#[test]
fn a_track_that_its_server_takes_off_the_album_is_not_missing() {
    let home = home();
    let is_shorter = Arc::new(AtomicBool::new(false));
    let shorter = Arc::clone(&is_shorter);
    let http = HttpServer::start(move |request| {
        let is_of_a_file = ["download", "stream"].iter().any(|call| request.path().contains(call));
        if is_of_a_file && request.parameter("id").is_some_and(|id| id == "s3") {
            return HttpAnswer::status(404);
        }
        if !shorter.load(Ordering::SeqCst) {
            return subsonic(request, &ALBUM);
        }
        let mut answer = subsonic(request, &ALBUM[..2]);
        if request.path().contains("getScanStatus") {
            let said = String::from_utf8(answer.body).unwrap();
            answer.body = said.replace("2026-01-01T", "2026-02-01T").into_bytes();
        }
        answer
    });
    let server = Server { http: http.unwrap(), down: Arc::default() };
    server.add(&home);
    let first = home.json("convert YourLibrary.json --from own --to ./player");
    let says = outcome(&first, "Low Water")["substitute"].as_str().unwrap_or_default();
    assert!(says.starts_with("a part of it, 2 of at least 3 tracks"), "{first:#}");
    is_shorter.store(true, Ordering::SeqCst);
    for run in 1..=2 {
        let last = home.json("convert --to ./player --yes");
        let row = outcome(&last, "Low Water");
        assert_eq!(
            (&row["outcome"], &row["substitute"]),
            (&"on_player".into(), &Value::Null),
            "{run}: {last:#}"
        );
        assert_eq!(home.mp3s().len(), 2, "{run}");
    }
}

#[test]
fn an_album_that_a_second_server_made_whole_lacks_nothing() {
    let home = home();
    let ((first, _), second) = (without_its_last(), Server::with(&ALBUM));
    first.add_as(&home, "first");
    second.add_as(&home, "second");
    let last = home.json("convert YourLibrary.json --from own --to ./player");
    let row = outcome(&last, "Low Water");
    assert_eq!((&row["outcome"], &row["substitute"]), (&"on_player".into(), &Value::Null), "{last:#}");
}

#[test]
fn a_track_that_two_servers_do_not_give_is_one_that_is_missing() {
    let home = home();
    let ((first, _), (second, _)) = (without_its_last(), without_its_last());
    first.add_as(&home, "first");
    second.add_as(&home, "second");
    let last = home.json("convert YourLibrary.json --from own --to ./player");
    let says = outcome(&last, "Low Water")["substitute"].as_str().unwrap_or_default();
    assert!(says.contains("; 1 could not be had: "), "{last:#}");
}

/// A server of the album that has its last track, and says that it was read anew, once it is told to.
fn that_grows() -> (Server, Arc<AtomicBool>) {
    let (has_grown, down) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let (is_grown, is_down) = (Arc::clone(&has_grown), Arc::clone(&down));
    let http = HttpServer::start(move |request| {
        if is_down.load(Ordering::SeqCst) {
            return HttpAnswer::status(503);
        }
        if !is_grown.load(Ordering::SeqCst) {
            return subsonic(request, &ALBUM[..2]);
        }
        let mut answer = subsonic(request, &ALBUM);
        if request.path().contains("getScanStatus") {
            let said = String::from_utf8(answer.body).unwrap();
            answer.body = said.replace("2026-01-01T", "2026-02-01T").into_bytes();
        }
        answer
    });
    (Server { http: http.unwrap(), down }, has_grown)
}

#[test]
fn an_album_that_grows_on_its_server_gets_what_is_new() {
    let home = home();
    let (server, has_grown) = that_grows();
    server.add(&home);
    let again = "convert --to ./player --yes";
    for line in ["convert YourLibrary.json --from own --to ./player", again] {
        let last = home.json(line);
        let row = outcome(&last, "Low Water");
        assert_eq!((&row["outcome"], &row["substitute"]), (&"on_player".into(), &Value::Null), "{last:#}");
        assert_eq!((home.mp3s().len(), downloads(&server)), (2, 2), "{last:#}");
    }
    has_grown.store(true, Ordering::SeqCst);
    for _ in 0..2 {
        is_whole(&home, &home.json(again));
        assert_eq!(downloads(&server), 3, "the new one, once");
    }
    server.down.store(true, Ordering::SeqCst);
    let last = home.json(again);
    is_whole(&home, &last);
    assert_eq!(last["~code"], 0, "what is here waits for nobody: {last:#}");
}

#[test]
fn an_album_of_ones_own_that_a_server_completed_does_not_grow_into_its_edition() {
    // The server's edition goes on behind what is here.
    const LONGER: [Held; 4] = [
        ALBUM[0],
        ALBUM[1],
        ALBUM[2],
        ("s5", "Polar Night", "Nordlys/Aurora/04 Polar Night.flac", "flac", 4),
    ];
    let home = home();
    let server = Server::with(&LONGER);
    server.add(&home);
    for name in ["01 Ebb.flac", "03 Slack.mp3"] {
        fs::copy(music().join("Mara Quill/Low Water").join(name), home.path("own").join(name)).unwrap();
    }
    for line in ["convert YourLibrary.json --from own --to ./player", "convert --to ./player --yes"] {
        is_whole(&home, &home.json(line));
        assert_eq!(downloads(&server), 1, "the one in the gap");
    }
}

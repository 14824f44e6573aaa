//! Places that say or give something wrong for a while: it is told by name, tried again before long, and never stands in
//! the way of what is right.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ferrotape_testkit::{HttpAnswer, HttpRequest, HttpServer, MadeTrack, Track, make_track, without_https};
use serde_json::json;

use crate::collection::music;
use crate::elsewhere::{HELD, Server, outcome, subsonic};
use crate::elsewhere_care::{service, with_little};
use crate::home::{Home, files_below, list};

/// A server of the user's with one file. While it is `down`, it answers as `wrong` says, where that says anything.
fn spoilt(wrong: impl Fn(&HttpRequest) -> Option<HttpAnswer> + Send + Sync + 'static) -> Server {
    let down = Arc::new(AtomicBool::new(true));
    let is_down = Arc::clone(&down);
    let http = HttpServer::start(move |request| {
        let answer = if is_down.load(Ordering::SeqCst) { wrong(request) } else { None };
        answer.unwrap_or_else(|| subsonic(request, &HELD[..1]))
    });
    Server { http: http.unwrap(), down }
}

fn is_of_a_file(request: &HttpRequest) -> bool {
    ["download", "stream"].iter().any(|call| request.path().contains(call))
}

#[test]
fn one_bad_answer_does_not_bar_a_file_for_long() {
    let ebb = fs::read(music().join("Mara Quill/Low Water/01 Ebb.flac")).unwrap();
    let bad = [
        HttpAnswer::status(404),
        HttpAnswer::text("text/html", "<!DOCTYPE html><html><body>Please sign in</body></html>"),
        HttpAnswer::text("audio/flac", &ebb[..ebb.len() / 2]),
    ];
    for answer in bad {
        let says = format!("{} {:?}", answer.status, answer.headers);
        let server = spoilt(move |request| is_of_a_file(request).then(|| answer.clone()));
        let home = with_little(&["Ebb"]);
        server.add(&home);
        let first = home.json("convert a.csv --from own --to ./player");
        let row = outcome(&first, "Ebb");
        let told = row["says"].as_str().unwrap();
        assert!(row["outcome"] == "waiting" && told.contains("it is fetched again after 2"), "{says}: {row}");
        assert!(told.contains("status --retry"), "{says}: {row}");

        server.down.store(false, Ordering::SeqCst);
        let second = home.json("convert a.csv --from own --to ./player");
        assert_eq!(outcome(&second, "Ebb")["outcome"], "waiting", "{says}: not by every run");
        assert_eq!(home.json("status --retry")["freed_files"], 1, "{says}");
        let third = home.json("convert a.csv --from own --to ./player");
        assert_eq!(outcome(&third, "Ebb")["outcome"], "on_player", "{says}: {third:#}");
    }
}

/// “Ebb” as a server gives it whose own tags say no more than a ripper that knew nothing, or are somebody else's.
fn tagged(title: &str, artist: &str, album: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ebb.flac");
    make_track(&path, &MadeTrack::new(artist, album, 1, title).seconds(2.5)).unwrap();
    fs::read(path).unwrap()
}

/// A server that gives this as “Ebb”, and a run that wants it.
fn given_as_ebb(bytes: Vec<u8>) -> serde_json::Value {
    let server = spoilt(move |request| {
        if is_of_a_file(request) {
            return Some(HttpAnswer::file("audio/flac", "\"ebb\"", bytes.clone()));
        }
        let known = fs::metadata(music().join("Mara Quill/Low Water/01 Ebb.flac")).unwrap().len();
        let mut answer = subsonic(request, &HELD[..1]);
        let said = String::from_utf8(answer.body).unwrap();
        let size = format!("\"size\":{}", bytes.len());
        answer.body = said.replace(&format!("\"size\":{known}"), &size).into_bytes();
        Some(answer)
    });
    let home = with_little(&["Ebb"]);
    server.add(&home);
    outcome(&home.json("convert a.csv --from own --to ./player"), "Ebb").clone()
}

#[test]
fn tags_that_say_nothing_do_not_make_a_file_something_else() {
    let silent = [("Track 14", "Unknown Artist", "Unknown Album"), ("16_ebb.mp3", "", "Low Water")];
    for (title, artist, album) in silent {
        let row = given_as_ebb(tagged(title, artist, album));
        assert_eq!(row["outcome"], "on_player", "{title}: {row:#}");
    }
}

#[test]
fn a_file_of_somebody_else_is_told_by_that_name() {
    let row = given_as_ebb(tagged("Ebb", "Bob Fen", "Trees"));
    let says = row["says"].as_str().unwrap();
    assert_ne!(row["outcome"], "on_player", "{row:#}");
    assert!(says.contains("what came from subsonic:home as 01 Ebb.flac is “Ebb” by Bob Fen"), "{says}");
}

#[test]
fn a_file_that_is_something_else_is_told_and_does_not_stand_in_the_way() {
    let read = |path: &str| fs::read(music().join(path)).unwrap();
    let (ebb, other) = (read("Mara Quill/Low Water/01 Ebb.flac"), read("Nordlys/Aurora/04 Polar Night.flac"));
    assert_ne!(ebb.len(), other.len());
    let server = spoilt(move |request| {
        if is_of_a_file(request) {
            return Some(HttpAnswer::file("audio/flac", "\"other\"", other.clone()));
        }
        let mut answer = subsonic(request, &HELD[..1]);
        let said = String::from_utf8(answer.body).unwrap();
        let said = said.replace(&format!("\"size\":{}", ebb.len()), &format!("\"size\":{}", other.len()));
        answer.body = said.replace("2026-01-01T", "2025-12-31T").into_bytes();
        Some(answer)
    });
    let home = with_little(&["Ebb"]);
    server.add(&home);
    let asked = || server.http.requests().iter().filter(|request| is_of_a_file(request)).count();
    for run in 1..=2 {
        let last = home.json("convert a.csv --from own --to ./player");
        let row = outcome(&last, "Ebb");
        let says = row["says"].as_str().unwrap();
        assert_eq!((row["outcome"].as_str(), asked()), (Some("not_in_sources"), 1), "{run}: {last:#}");
        let names_it =
            says.contains("what came from subsonic:home as 01 Ebb.flac is “Polar Night” by Nordlys");
        assert!(names_it, "{run}: {says}");
    }
    server.down.store(false, Ordering::SeqCst);
    let last = home.json("convert a.csv --from own --to ./player");
    assert_eq!((outcome(&last, "Ebb")["outcome"].as_str(), asked()), (Some("on_player"), 2), "{last:#}");
    let kept = files_below(&home.path(".local/share/ferrotape/collection"));
    assert_eq!(kept.len(), 2, "what came first stays: {kept:?}");
}

#[test]
fn a_server_that_cannot_be_trusted_is_not_called_up() {
    let home = with_little(&["Ebb", "March Home"]);
    let server = Server::start();
    server.add(&home);
    home.json("convert a.csv --from own --to ./player");
    assert_eq!(service(&home.json("status"), "subsonic:home").unwrap()["state"], "up");
    let settings = home.path(".local/share/ferrotape/sources.toml");
    let written = fs::read_to_string(&settings).unwrap();
    let address = format!("https://{}", without_https().unwrap());
    fs::write(&settings, written.replace(&server.http.address(), &address)).unwrap();
    let last = home.json("convert a.csv --from own --to ./player");
    assert_eq!(outcome(&last, "March Home")["outcome"], "waiting", "{last:#}");
    let status = home.json("status --history");
    let one = service(&status, "subsonic:home").unwrap();
    assert!(one["state"] == "refuses" && one["down_since"].is_i64(), "{status:#}");
    assert!(one["refuses"].as_str().unwrap().contains("https"), "{status:#}");
    let incidents = list(&status, "/incidents");
    assert!(incidents.len() == 1 && incidents[0]["until"].is_null(), "{status:#}");
    assert!(home.well("status").out.contains("refuses since "));
}

#[test]
fn a_service_that_understands_no_question_is_not_called_up() {
    let is_wrong = Arc::new(AtomicBool::new(true));
    let now = Arc::clone(&is_wrong);
    let server = HttpServer::start(move |_| match now.load(Ordering::SeqCst) {
        true => HttpAnswer::json(&json!({})).and_status(400),
        false => HttpAnswer::json(&json!({ "response": { "numFound": 0, "docs": [] } })),
    })
    .unwrap();
    let home = Home::new();
    home.csv("a.csv", &["Ash", "Birch", "Cedar", "Elm"].map(|title| Track::new("The Trees", "Wood", title)));
    home.well("source add internet-archive");
    let line = format!("convert a.csv --from MUSIC --to ./player --stand-in {}", server.address());
    for _ in 0..2 {
        home.json(&line);
        let status = home.json("status --history");
        let one = service(&status, "internet-archive").unwrap();
        assert!(one["state"] == "down" && one["down_since"].is_i64(), "{status:#}");
        assert!(one["reason"].as_str().unwrap().contains("400"), "{status:#}");
        assert_eq!(list(&status, "/incidents").len(), 1, "one time, not one for each question: {status:#}");
    }
    is_wrong.store(false, Ordering::SeqCst);
    home.json(&line);
    let status = home.json("status --history");
    assert_eq!(service(&status, "internet-archive").unwrap()["state"], "up", "{status:#}");
    assert!(list(&status, "/incidents")[0]["until"].is_i64(), "{status:#}");
}

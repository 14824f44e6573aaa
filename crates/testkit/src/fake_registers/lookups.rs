//! Deezer, AcoustID, the Cover Art Archive and LRCLIB.

use serde_json::{Value, json};

use super::{ACOUSTID_KEY, FakeLyrics, FakeTable};
use crate::{HttpAnswer, HttpRequest};

/// Deezer tells of trouble with status 200.
pub(super) fn deezer_error(code: u32, message: &str) -> HttpAnswer {
    HttpAnswer::json(&json!({ "error": { "type": "DataException", "message": message, "code": code } }))
}

pub(super) fn deezer(table: &FakeTable, path: &str) -> HttpAnswer {
    let Some(isrc) = path.strip_prefix("track/isrc:") else {
        return deezer_error(600, "Unknown path components");
    };
    let mut there = table.recordings.iter().filter_map(|one| Some((one.deezer?, one)));
    let Some((number, one)) = there.find(|(_, one)| one.isrcs.first().is_some_and(|own| own == isrc)) else {
        return deezer_error(800, "no data");
    };
    let preview = format!("https://cdnt-preview.example/{number}.mp3?hdnea=exp=1~hmac=5ec7e7");
    HttpAnswer::json(&json!({
        "id": number, "readable": true, "title": one.title, "title_short": one.title, "title_version": "",
        "isrc": isrc, "link": format!("https://www.deezer.com/track/{number}"),
        "duration": one.ms.div_ceil(1000), "rank": 1, "release_date": "2019-03-01", "explicit_lyrics": false,
        "preview": preview, "available_countries": ["DE", "FR"],
        "artist": { "id": 7, "name": one.artist, "type": "artist" }, "type": "track",
    }))
}

fn acoustid_error(code: u32, message: &str) -> HttpAnswer {
    HttpAnswer::json(&json!({ "status": "error", "error": { "code": code, "message": message } }))
        .and_status(400)
}

pub(super) fn acoustid(table: &FakeTable, request: &HttpRequest) -> HttpAnswer {
    if request.parameter("client").as_deref() != Some(ACOUSTID_KEY) {
        return acoustid_error(4, "invalid API key");
    }
    let Some(fingerprint) = request.parameter("fingerprint") else {
        return acoustid_error(2, "missing required parameter \"fingerprint\"");
    };
    if !fingerprint.starts_with("AQ") {
        return acoustid_error(3, "invalid fingerprint");
    }
    let seconds: Option<u32> = request.parameter("duration").and_then(|text| text.parse().ok());
    if seconds.is_none_or(|seconds| seconds == 0) {
        return acoustid_error(8, "parameter \"duration\" must be a positive integer");
    }
    let sounds = table.sounds.iter().filter(|sound| fingerprint.starts_with(&sound.begins));
    let results: Vec<Value> = sounds
        .enumerate()
        .map(|(at, sound)| {
            let names = table.recordings.iter().find(|one| one.mbid == sound.recording);
            let recording = match names {
                Some(one) => json!({ "id": one.mbid, "title": one.title, "duration": one.ms / 1000,
                    "artists": [{ "id": "a", "name": one.artist }] }),
                None => json!({ "id": sound.recording }),
            };
            json!({ "id": format!("sound-{at}"), "score": sound.score, "recordings": [recording] })
        })
        .collect();
    HttpAnswer::json(&json!({ "status": "ok", "results": results }))
}

/// Leads on to archive.org, as the true one does.
pub(super) fn cover(table: &FakeTable, path: &str) -> HttpAnswer {
    let steps: Vec<&str> = path.split('/').collect();
    match steps.as_slice() {
        ["release" | "release-group", mbid, "front-500"] if table.covers.iter().any(|(id, _)| id == mbid) => {
            HttpAnswer::leads_to(307, &format!("https://archive.org/download/mbid-{mbid}/front_thumb500.jpg"))
        }
        ["release", mbid, ..] => {
            no_cover(&format!("No front cover image found for release with identifier {mbid}"))
        }
        _ => no_cover(&format!("No cover art found for release group {}", steps.get(1).unwrap_or(&""))),
    }
}

fn no_cover(says: &str) -> HttpAnswer {
    HttpAnswer::says(
        404,
        &format!("<!doctype html><title>404 Not Found</title><h1>Not Found</h1><p>{says}</p>"),
    )
}

pub(super) fn picture(table: &FakeTable, path: &str) -> HttpAnswer {
    let mbid = path.strip_prefix("download/mbid-").and_then(|rest| rest.strip_suffix("/front_thumb500.jpg"));
    match table.covers.iter().find(|(id, _)| Some(id.as_str()) == mbid) {
        Some((_, bytes)) => HttpAnswer::text("image/jpeg", bytes.clone()),
        None => HttpAnswer::status(404),
    }
}

/// As LRCLIB compares: letters and digits in lower case.
fn plain(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

pub(super) fn lyrics(table: &FakeTable, path: &str, request: &HttpRequest) -> HttpAnswer {
    let asked = |name: &str| request.parameter(name);
    let (Some(title), Some(artist)) = (asked("track_name"), asked("artist_name")) else {
        return HttpAnswer::json(
            &json!({ "message": "missing field", "name": "ValidationError", "statusCode": 400 }),
        )
        .and_status(400);
    };
    let by_names =
        |one: &&FakeLyrics| plain(&one.title) == plain(&title) && plain(&one.artist) == plain(&artist);
    let entries = table.lyrics.iter().enumerate();
    match path {
        "api/get" => {
            let album = asked("album_name");
            let seconds: Option<f64> = asked("duration").and_then(|text| text.parse().ok());
            let is_it = |one: &&FakeLyrics| {
                by_names(one)
                    && album.as_ref().is_none_or(|album| plain(&one.album) == plain(album))
                    && seconds.is_none_or(|seconds| (one.seconds - seconds).abs() <= 2.0)
            };
            let missing = json!({ "message": "Failed to find specified track", "name": "TrackNotFound",
                "statusCode": 404 });
            match entries.into_iter().find(|(_, one)| is_it(one)) {
                Some((at, one)) => HttpAnswer::json(&entry(at, one)),
                None => HttpAnswer::json(&missing).and_status(404),
            }
        }
        "api/search" => {
            // It finds words anywhere, and so also what is something else.
            let found = entries.filter(|(_, one)| plain(&one.title).contains(&plain(&title)));
            HttpAnswer::json(&found.map(|(at, one)| entry(at, one)).take(20).collect())
        }
        _ => HttpAnswer::status(404),
    }
}

fn entry(at: usize, one: &FakeLyrics) -> Value {
    json!({
        "id": at + 1, "name": one.title, "trackName": one.title, "artistName": one.artist, "albumName": one.album,
        "duration": one.seconds, "instrumental": one.is_instrumental, "plainLyrics": one.plain,
        "syncedLyrics": one.synced,
    })
}

//! Jamendo.

use serde_json::{Value, json};

use super::{FakeTrack, JAMENDO_CLIENT_ID, Shelf};
use crate::{HttpAnswer, HttpRequest};

pub(super) fn answer(shelf: &Shelf, path: &str, request: &HttpRequest) -> HttpAnswer {
    let is_known = request.parameter("client_id").as_deref() == Some(JAMENDO_CLIENT_ID);
    match path {
        "v3.0/tracks/" if !is_known => failed(5, "Your credential is not authorized."),
        "v3.0/tracks/" => tracks(shelf, request),
        "v3.0/tracks/file/" if is_known => {
            let id = request.parameter("id").unwrap_or_default();
            HttpAnswer::leads_to(
                302,
                &format!(
                    "https://prod-1.storage.jamendo.com/download/track/{id}/flac/?from=app-{JAMENDO_CLIENT_ID}"
                ),
            )
        }
        _ => file(shelf, path),
    }
}

/// An error, with a good status.
fn failed(code: u32, says: &str) -> HttpAnswer {
    HttpAnswer::json(&json!({
        "headers": {"status": "failed", "code": code, "error_message": says, "warnings": "", "results_count": 0},
        "results": [],
    }))
}

fn tracks(shelf: &Shelf, request: &HttpRequest) -> HttpAnswer {
    let names =
        ["namesearch", "artist_name", "album_name"].map(|name| request.parameter(name).unwrap_or_default());
    let found: Vec<Value> = shelf.named_by(&names.join(" ")).map(|(at, track)| entry(at, track)).collect();
    let count = found.len();
    HttpAnswer::json(&json!({
        "headers": {"status": "success", "code": 0, "error_message": "", "warnings": "", "results_count": count},
        "results": shelf.list(found),
    }))
}

fn entry(at: usize, track: &FakeTrack) -> Value {
    let id = (1000 + at).to_string();
    json!({
        "id": id,
        "name": track.title,
        "duration": track.seconds as u32,
        "artist_id": "7",
        "artist_name": track.artist,
        "album_id": "8",
        "album_name": track.album,
        "license_ccurl": track.licence.clone().unwrap_or_default(),
        "position": track.number,
        "releasedate": "2003-05-08",
        "audio": format!("https://prod-1.storage.jamendo.com/?trackid={id}&format=mp31&from=app-{JAMENDO_CLIENT_ID}"),
        "audiodownload": format!("https://prod-1.storage.jamendo.com/download/track/{id}/flac/"),
        "audiodownload_allowed": true,
        "shareurl": format!("https://www.jamendo.com/track/{id}?from=app-{JAMENDO_CLIENT_ID}"),
    })
}

fn file(shelf: &Shelf, path: &str) -> HttpAnswer {
    let id =
        path.strip_prefix("download/track/").and_then(|rest| rest.split('/').next()?.parse::<usize>().ok());
    match id.and_then(|id| shelf.tracks.get(id.checked_sub(1000)?)) {
        Some(track) => HttpAnswer::file("audio/flac", "\"j\"", track.bytes()),
        None => HttpAnswer::status(404),
    }
}

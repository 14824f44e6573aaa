//! Openverse, and a host of the files that it lists.

use serde_json::{Value, json};

use super::{FakeTrack, Shelf};
use crate::{HttpAnswer, HttpRequest};

pub(super) fn answer(shelf: &Shelf, path: &str, request: &HttpRequest) -> HttpAnswer {
    if path == "v1/audio/" {
        return search(shelf, request);
    }
    let listed = path.strip_prefix("v1/audio/").map(|id| id.trim_end_matches('/'));
    let number = |at: &str| at.parse::<usize>().ok();
    if let Some(track) = listed.and_then(|id| number(id.rsplit('-').next()?)).and_then(|at| found(shelf, at))
    {
        return HttpAnswer::json(&track);
    }
    let file = path.strip_prefix("music/").and_then(|name| number(name.strip_suffix(".flac")?));
    match file.and_then(|at| shelf.tracks.get(at)) {
        Some(track) => HttpAnswer::file("audio/flac", "\"o\"", track.bytes()),
        None => HttpAnswer::json(&json!({"detail": "No Audio matches the given query."})).and_status(404),
    }
}

fn found(shelf: &Shelf, at: usize) -> Option<Value> {
    shelf.tracks.get(at).map(|track| entry(at, track))
}

fn search(shelf: &Shelf, request: &HttpRequest) -> HttpAnswer {
    let query = request.parameter("q").unwrap_or_default();
    let found: Vec<Value> = shelf.named_by(&query).map(|(at, track)| entry(at, track)).collect();
    let count = found.len();
    HttpAnswer::json(&json!({
        "result_count": count, "page_count": 1, "page_size": 20, "page": 1, "results": shelf.list(found),
    }))
}

fn entry(at: usize, track: &FakeTrack) -> Value {
    json!({
        "id": format!("0f0f0f0f-0000-4000-8000-{at:012}"),
        "title": track.title,
        "foreign_landing_url": format!("https://music.example.org/{at}"),
        "url": format!("https://files.example.org/music/{at}.flac"),
        "creator": track.artist,
        "license": "by-sa",
        "license_version": "4.0",
        "license_url": track.licence,
        "provider": "ccmixter",
        "source": "ccmixter",
        "category": "music",
        "filetype": "flac",
        "filesize": null,
        "duration": (track.seconds * 1000.0) as u64,
        "audio_set": {"title": track.album, "foreign_landing_url": "https://music.example.org/set"},
    })
}

//! What is answered to each call.

use serde_json::{Map, Value, json};

use super::{EmptySearch, FakeSubsonic, State, SubsonicKind, access};
use crate::{FakeCollection, HttpAnswer, HttpRequest};

/// When the collection was as it is, in milliseconds since 1970.
const BEGAN_MS: u64 = 1_760_000_000_000;
const MODIFIED: &str = "Wed, 01 Jan 2025 10:00:00 GMT";
const NOW: &str = "Thu, 02 Jan 2025 10:00:00 GMT";

pub(super) fn answer(state: &State, request: &HttpRequest) -> HttpAnswer {
    let kind = &state.kind;
    let Some(call) = request.path().rsplit_once("/rest/").map(|(_, call)| call) else {
        return page(200, "A player");
    };
    let call = match (call.strip_suffix(".view"), kind.view) {
        (Some(call), _) => call,
        (None, true) => return page(404, "Not found"),
        (None, false) => call,
    };
    if request.method == "POST" && !kind.forms {
        return page(405, "Not allowed");
    }
    if call == "getOpenSubsonicExtensions" && kind.open {
        return ok(kind, json!({"openSubsonicExtensions": extensions(kind)}));
    }
    if let Some((code, message)) = access::refused(kind, request) {
        return error(kind, code, message);
    }
    match call {
        "ping" => ok(kind, json!({})),
        "getScanStatus" if kind.scans => ok(kind, json!({"scanStatus": scan_status(state)})),
        "getScanStatus" => error(kind, 0, "Couldn't connect to daemon"),
        "getIndexes" => ok(
            kind,
            json!({"indexes": {
                "ignoredArticles": "The El La", "lastModified": BEGAN_MS + state.collection.changes * 60_000
            }}),
        ),
        "search3" => search(state, request),
        "getAlbumList2" => albums(state, request),
        "getAlbum" => album(state, request),
        "download" if !kind.downloads => error(kind, 50, "Downloads are disabled"),
        "download" | "stream" => file(state, request),
        _ if kind.pages => page(404, "Not found"),
        _ => error(kind, 0, "Unknown method").and_status(404),
    }
}

fn page(status: u16, title: &str) -> HttpAnswer {
    HttpAnswer::text("text/html; charset=utf-8", format!("<!DOCTYPE html><title>{title}</title>"))
        .and_status(status)
}

fn ok(kind: &SubsonicKind, answer: Value) -> HttpAnswer {
    HttpAnswer::json(&json!({"subsonic-response": envelope(kind, "ok", answer)}))
}

fn error(kind: &SubsonicKind, code: u32, message: &str) -> HttpAnswer {
    let error = json!({"error": {"code": code, "message": message}});
    HttpAnswer::json(&json!({"subsonic-response": envelope(kind, "failed", error)}))
}

fn envelope(kind: &SubsonicKind, status: &str, answer: Value) -> Value {
    let mut whole = Map::new();
    whole.insert("status".into(), status.into());
    whole.insert("version".into(), kind.version.into());
    if kind.open {
        whole.insert("type".into(), "made-up".into());
        whole.insert("serverVersion".into(), "1.0".into());
        whole.insert("openSubsonic".into(), true.into());
    }
    if let Value::Object(answer) = answer {
        whole.extend(answer);
    }
    Value::Object(whole)
}

fn extensions(kind: &SubsonicKind) -> Value {
    let has = [("apiKeyAuthentication", kind.takes.0), ("formPost", kind.forms), ("songLyrics", true)];
    has.iter().filter(|(_, has)| *has).map(|(name, _)| json!({"name": name, "versions": [1]})).collect()
}

fn scan_status(state: &State) -> Value {
    let changes = state.collection.changes;
    let last = format!("2025-10-09T08:{:02}:{:02}Z", changes / 60 % 60, changes % 60);
    json!({"scanning": false, "count": state.collection.tracks, "folderCount": 1, "lastScan": last})
}

fn number(request: &HttpRequest, name: &str, usual: usize) -> usize {
    request.parameter(name).and_then(|value| value.parse().ok()).unwrap_or(usual)
}

/// The rows of one page: from where, up to where.
fn window(state: &State, offset: usize, size: usize, all: usize) -> std::ops::Range<usize> {
    let from = if state.kind.turns_pages { offset.min(all) } else { 0 };
    from..(from + size.min(state.kind.longest_page)).min(all)
}

fn search(state: &State, request: &HttpRequest) -> HttpAnswer {
    let kind = &state.kind;
    let query = request.parameter("query");
    match (query.as_deref(), kind.empty_search) {
        (None, _) | (Some(""), EmptySearch::Error) => {
            return error(kind, 10, "A required parameter is missing.");
        }
        (Some(""), EmptySearch::Nothing) => return ok(kind, json!({"searchResult3": {}})),
        _ => {}
    }
    let (offset, size) = (number(request, "songOffset", 0), number(request, "songCount", 20));
    let tracks = state.collection.tracks;
    // Behind the tracks: what is no music.
    let rows = window(state, offset, size, tracks + 2).map(|row| match row.checked_sub(tracks) {
        None => song(kind, row),
        Some(stray) => json!({
            "id": format!("stray-{stray}"), "isDir": false, "title": "No music", "suffix": "mp3", "size": 9,
            "isVideo": stray == 0, "type": if stray == 0 { "video" } else { "podcast" }
        }),
    });
    let rows: Vec<Value> = rows.collect();
    let found = if rows.is_empty() { json!({}) } else { json!({"song": listed(kind, rows)}) };
    ok(kind, json!({"searchResult3": found}))
}

/// Sloppy servers make one thing of a list of one.
fn listed(kind: &SubsonicKind, mut rows: Vec<Value>) -> Value {
    match (kind.sloppy, rows.len()) {
        (true, 1) => rows.remove(0),
        _ => Value::Array(rows),
    }
}

fn albums(state: &State, request: &HttpRequest) -> HttpAnswer {
    let (offset, size) = (number(request, "offset", 0), number(request, "size", 10));
    let rows = window(state, offset, size, state.collection.albums()).map(|album| {
        let tracks = state.collection.on_album(album);
        json!({
            "id": format!("al-{album}"), "name": FakeCollection::album(tracks.start),
            "artist": FakeCollection::artist(tracks.start), "songCount": tracks.len(),
            "created": "2025-01-01T10:00:00", "year": FakeCollection::year(tracks.start)
        })
    });
    let rows: Vec<Value> = rows.collect();
    let found = if rows.is_empty() { json!({}) } else { json!({"album": listed(&state.kind, rows)}) };
    ok(&state.kind, json!({"albumList2": found}))
}

fn album(state: &State, request: &HttpRequest) -> HttpAnswer {
    let id = request.parameter("id").unwrap_or_default();
    let album = id.strip_prefix("al-").and_then(|album| album.parse().ok());
    let Some(album) = album.filter(|&album| album < state.collection.albums()) else {
        return error(&state.kind, 70, "Album not found");
    };
    let songs = state.collection.on_album(album).map(|track| song(&state.kind, track)).collect();
    ok(&state.kind, json!({"album": {"id": id, "song": listed(&state.kind, songs)}}))
}

fn song(kind: &SubsonicKind, track: usize) -> Value {
    type Made = FakeCollection;
    let (album, artist) = (Made::album_number(track), Made::artist_number(track));
    let mut row = json!({
        "album": Made::album(track), "albumId": format!("al-{album}"), "artist": Made::artist(track),
        "artistId": format!("ar-{artist}"), "bitRate": 192, "contentType": "audio/mpeg",
        "created": "2025-01-01T10:00:00", "discNumber": 1, "duration": Made::seconds(track), "genre": "Test",
        "id": FakeSubsonic::id(track), "isDir": false, "isVideo": false, "parent": format!("al-{album}"),
        "path": format!("../{}/{:02}.mp3", Made::artist(track), Made::number(track)), "size": Made::size(track),
        "suffix": "mp3", "title": Made::title(track), "track": Made::number(track), "type": "music",
        "year": Made::year(track)
    });
    if kind.open {
        row["artists"] = json!([{"id": format!("ar-{artist}"), "name": Made::artist(track)}]);
        row["albumArtists"] = row["artists"].clone();
        row["genres"] = json!([{"name": "Test"}]);
        row["isrc"] = json!([Made::isrc(track)]);
        row["musicBrainzId"] = Made::mbid(track).into();
    }
    if kind.sloppy {
        for name in ["duration", "size", "track", "year", "bitRate"] {
            row[name] = row[name].to_string().into();
        }
        row["genre"] = Value::Null;
    }
    row
}

fn file(state: &State, request: &HttpRequest) -> HttpAnswer {
    let id = request.parameter("id").unwrap_or_default();
    let track: Option<usize> = id.strip_prefix("tr-").and_then(|track| track.parse().ok());
    let Some(track) = track.filter(|&track| track < state.collection.tracks) else {
        if state.kind.pages {
            let error = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><subsonic-response status=\"failed\" \
                         version=\"1.8.0\"><error code=\"70\" message=\"Not found\"/></subsonic-response>";
            return HttpAnswer::text("text/xml", error);
        }
        return error(&state.kind, 70, "Song not found");
    };
    let bytes = FakeCollection::bytes(track);
    if request.parameter("format").as_deref() != Some("raw") {
        return HttpAnswer::text("audio/mpeg", &bytes[..bytes.len() / 2]);
    }
    if state.kind.etags {
        return HttpAnswer::file("audio/mpeg", &format!("\"{track}\""), bytes);
    }
    HttpAnswer::file("audio/mpeg", "", bytes).with("Last-Modified", MODIFIED).with("Date", NOW)
}

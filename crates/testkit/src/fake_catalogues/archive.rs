//! The Internet Archive.

use serde_json::{Value, json};

use super::{FakeTrack, Shelf, md5, sha1};
use crate::{HttpAnswer, HttpRequest};

pub(super) fn answer(shelf: &Shelf, host: &str, path: &str, request: &HttpRequest) -> HttpAnswer {
    match path.split('/').collect::<Vec<_>>().as_slice() {
        ["advancedsearch.php"] => search(shelf, request),
        ["metadata", identifier] => HttpAnswer::json(&item(shelf, identifier)),
        ["download", rest @ ..] if host == "archive.org" => {
            HttpAnswer::leads_to(302, &format!("https://ia800000.us.archive.org/0/items/{}", rest.join("/")))
        }
        ["0", "items", identifier, name] => file(shelf, identifier, name),
        _ => HttpAnswer::status(404),
    }
}

fn search(shelf: &Shelf, request: &HttpRequest) -> HttpAnswer {
    let query = request.parameter("q").unwrap_or_default();
    let mut found: Vec<&FakeTrack> = shelf.named_by(&query).map(|(_, track)| track).collect();
    found.dedup_by_key(|track| track.slug());
    let docs: Vec<Value> = found.iter().map(|track| about(track)).collect();
    let count = docs.len();
    HttpAnswer::json(&json!({
        "responseHeader": {"status": 0, "QTime": 12, "params": {"q": query, "rows": "25"}},
        "response": {"numFound": count, "start": 0, "docs": shelf.list(docs)},
    }))
}

fn about(track: &FakeTrack) -> Value {
    let (collection, title) = match (track.is_live, track.is_spoken) {
        (true, _) => (json!(["etree", "Fen"]), format!("{} Live at The Barn on 2003-05-08", track.artist)),
        (_, true) => (json!(["librivoxaudio", "audio"]), track.album.clone()),
        _ => (json!(["netlabels"]), track.album.clone()),
    };
    let mut about = json!({
        "identifier": track.slug(),
        "title": title,
        "creator": [track.artist],
        "collection": collection,
        "mediatype": if track.is_live { "etree" } else { "audio" },
        "date": "2003-05-08",
    });
    if let Some(licence) = &track.licence {
        about["licenseurl"] = json!(licence);
    }
    about
}

fn item(shelf: &Shelf, identifier: &str) -> Value {
    let tracks: Vec<&FakeTrack> = shelf.tracks.iter().filter(|track| track.slug() == identifier).collect();
    let Some(first) = tracks.first() else { return json!({}) };
    let mut files: Vec<Value> = tracks.iter().flat_map(|track| files(track)).collect();
    files
        .push(json!({"name": format!("{identifier}_files.xml"), "source": "metadata", "format": "Metadata"}));
    json!({
        "created": 1_700_000_000,
        "d1": "ia800000.us.archive.org",
        "dir": format!("/0/items/{identifier}"),
        "files_count": files.len(),
        "files": shelf.list(files),
        "metadata": about(first),
    })
}

fn stem(track: &FakeTrack) -> String {
    format!("{}_{:02}", track.slug().replace('-', "_"), track.number)
}

fn files(track: &FakeTrack) -> Vec<Value> {
    let (stem, bytes) = (stem(track), track.bytes());
    let (name, format) = match track.is_spoken {
        true => (format!("{stem}_128kb.mp3"), "128Kbps MP3"),
        false => (format!("{stem}.flac"), "Flac"),
    };
    let small = format!("{stem}_64kb.mp3");
    let derived = |name: String, format: &str| {
        json!({
            "name": name, "source": "derivative", "format": format, "original": name_of(track),
            "size": "1000", "md5": md5(b"x"), "sha1": sha1(b"x"), "length": format!("{:.2}", track.seconds), "mtime": "1100000000",
            "title": track.title, "artist": track.artist, "album": track.album, "track": track.number.to_string(),
        })
    };
    let mut files = vec![
        json!({
            "name": name, "source": "original", "format": format, "size": bytes.len().to_string(),
            "md5": md5(&bytes), "sha1": sha1(&bytes), "crc32": "00000000", "mtime": "1100000000",
            "length": format!("{:02}:{:02}", track.seconds as u32 / 60, track.seconds as u32 % 60), "track": format!("{:02}/12", track.number), "title": track.title,
        }),
        derived(small, "64Kbps MP3"),
        json!({"name": format!("{stem}_secret.flac"), "source": "original", "format": "Flac", "private": "true"}),
        json!({"name": format!("{stem}.png"), "source": "derivative", "format": "PNG", "original": name_of(track)}),
    ];
    if !track.is_spoken {
        files.push(derived(format!("{stem}.mp3"), "VBR MP3"));
    }
    files
}

fn name_of(track: &FakeTrack) -> String {
    let ending = if track.is_spoken { "_128kb.mp3" } else { ".flac" };
    format!("{}{ending}", stem(track))
}

fn file(shelf: &Shelf, identifier: &str, name: &str) -> HttpAnswer {
    let mut tracks = shelf.tracks.iter().filter(|track| track.slug() == identifier);
    match tracks.find(|track| name_of(track) == name) {
        Some(track) => HttpAnswer::file("application/octet-stream", "", track.bytes()),
        None => HttpAnswer::status(404),
    }
}

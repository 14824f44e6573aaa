//! Wikimedia Commons.

use serde_json::{Value, json};

use super::{FakeTrack, Shelf, sha1};
use crate::{HttpAnswer, HttpRequest};

pub(super) fn answer(shelf: &Shelf, path: &str, request: &HttpRequest) -> HttpAnswer {
    if path == "w/api.php" {
        return search(shelf, request);
    }
    if let Some(name) = path.strip_prefix("wiki/Special:FilePath/") {
        return HttpAnswer::leads_to(
            302,
            &format!("https://upload.wikimedia.org/wikipedia/commons/a/ab/{name}"),
        );
    }
    let name = path.strip_prefix("wikipedia/commons/a/ab/").unwrap_or_default();
    match shelf.tracks.iter().find(|track| file_name(track) == name) {
        Some(track) => HttpAnswer::file("audio/flac", "\"c\"", track.bytes()),
        None => HttpAnswer::status(404),
    }
}

fn file_name(track: &FakeTrack) -> String {
    format!("{} - {}.flac", track.artist, track.title)
}

/// The first answer names what was found, the second says what it is.
fn search(shelf: &Shelf, request: &HttpRequest) -> HttpAnswer {
    let query = request.parameter("gsrsearch").unwrap_or_default();
    let is_second = request.parameter("iicontinue").is_some();
    let found: Vec<Value> = shelf.named_by(&query).map(|(at, track)| page(at, track, is_second)).collect();
    if found.is_empty() {
        return HttpAnswer::json(&json!({"batchcomplete": true}));
    }
    let query = json!({"pages": shelf.list(found)});
    HttpAnswer::json(&match is_second {
        true => {
            json!({"batchcomplete": true, "continue": {"gsroffset": 20, "continue": "gsroffset||"}, "query": query})
        }
        false => json!({"continue": {"iicontinue": "Fen|2003", "continue": "||"}, "query": query}),
    })
}

fn page(at: usize, track: &FakeTrack, is_told: bool) -> Value {
    let name = file_name(track);
    let mut page = json!({"pageid": at, "ns": 6, "title": format!("File:{name}"), "index": at});
    if is_told {
        page["imageinfo"] = json!([info(&name, track)]);
    }
    page
}

fn info(name: &str, track: &FakeTrack) -> Value {
    let bytes = track.bytes();
    let field = |value: &str| json!({"value": value, "source": "commons-desc-page"});
    let artist =
        format!(r#"<a href="//commons.wikimedia.org/wiki/User:X" title="User:X">{}</a>"#, track.artist);
    let mut said = json!({
        "Artist": field(&artist),
        "ObjectName": field(&track.title),
        "Copyrighted": field("True"),
    });
    if let Some(licence) = &track.licence {
        said["LicenseUrl"] = field(licence);
    }
    json!({
        "size": bytes.len(),
        "width": 0,
        "height": 0,
        "duration": track.seconds,
        "sha1": sha1(&bytes),
        "url": format!("https://upload.wikimedia.org/wikipedia/commons/a/ab/{}", name.replace(' ', "_")),
        "descriptionurl": format!("https://commons.wikimedia.org/wiki/File:{}", name.replace(' ', "_")),
        "mime": "audio/flac",
        "mediatype": "AUDIO",
        "extmetadata": said,
    })
}

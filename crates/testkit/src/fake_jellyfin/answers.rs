//! What is answered to each call.

use serde_json::{Value, json};

use super::{
    FakeJellyfin, JELLYFIN_CODE, JELLYFIN_KEY, JELLYFIN_PASSWORD, JELLYFIN_TOKEN, JELLYFIN_USER, SECRET,
    State,
};
use crate::{FakeCollection, HttpAnswer, HttpRequest};

const USER_ID: &str = "aa00bb11cc22dd33ee44ff5566778899";
const MODIFIED: &str = "Wed, 01 Jan 2025 10:00:00 GMT";
const NOW: &str = "Thu, 02 Jan 2025 10:00:00 GMT";

pub(super) fn answer(state: &State, request: &HttpRequest) -> HttpAnswer {
    let Some(says) = request.header("authorization").and_then(|says| says.strip_prefix("MediaBrowser "))
    else {
        return HttpAnswer::status(401);
    };
    let value = |name: &str| {
        let start = format!("{name}=\"");
        let mut parts = says.split(", ");
        parts.find_map(|part| part.strip_prefix(&start)?.strip_suffix('"').map(str::to_owned))
    };
    if ["Client", "Device", "DeviceId", "Version"].iter().any(|name| value(name).is_none()) {
        return HttpAnswer::status(400);
    }
    let path = request.plain_path();
    let steps: Vec<&str> = path.split('/').filter(|step| !step.is_empty()).collect();
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    match (request.method.as_str(), steps.as_slice()) {
        ("GET", ["System", "Info", "Public"]) => HttpAnswer::json(&json!({
            "LocalAddress": "http://192.0.2.7:8096", "ServerName": "attic", "Version": "10.11.5",
            "ProductName": "Jellyfin Server", "Id": "5e5e", "StartupWizardCompleted": true
        })),
        ("POST", ["Users", "AuthenticateByName"]) => {
            let good = body["Username"] == JELLYFIN_USER && body["Pw"] == JELLYFIN_PASSWORD;
            if good { signed_in() } else { HttpAnswer::status(401) }
        }
        (method, ["QuickConnect", call]) => quick_connect(state, request, (method, call)),
        ("POST", ["Users", "AuthenticateWithQuickConnect"]) => {
            let good = body["Secret"] == SECRET && state.quick == (true, true);
            if good { signed_in() } else { HttpAnswer::status(400) }
        }
        (method, steps) => match value("Token").as_deref() {
            Some(JELLYFIN_TOKEN | JELLYFIN_KEY) => with_token(state, request, method, steps),
            _ => HttpAnswer::status(401),
        },
    }
}

fn signed_in() -> HttpAnswer {
    HttpAnswer::json(&json!({
        "User": {"Name": JELLYFIN_USER, "ServerId": "5e5e", "Id": USER_ID, "HasPassword": true},
        "SessionInfo": {"Id": "1", "UserId": USER_ID}, "AccessToken": JELLYFIN_TOKEN, "ServerId": "5e5e"
    }))
}

fn quick_connect(state: &State, request: &HttpRequest, call: (&str, &str)) -> HttpAnswer {
    let (on, entered) = state.quick;
    let secret = request.parameter("secret");
    match call {
        ("POST", "Initiate") if !on => HttpAnswer::status(401),
        ("GET", "Connect") if secret.as_deref() != Some(SECRET) => HttpAnswer::status(404),
        ("POST", "Initiate") | ("GET", "Connect") => HttpAnswer::json(&json!({
            "Authenticated": entered, "Secret": SECRET, "Code": JELLYFIN_CODE, "DeviceId": "d", "DeviceName": "n",
            "AppName": "ferrotape", "AppVersion": "0", "DateAdded": "2025-01-01T10:00:00.0000000Z"
        })),
        _ => HttpAnswer::status(404),
    }
}

fn with_token(state: &State, request: &HttpRequest, method: &str, steps: &[&str]) -> HttpAnswer {
    let wants_original = request.parameter("static").as_deref() == Some("true");
    match (method, steps) {
        ("GET", ["Items"]) => items(state, request),
        ("GET", ["Items", _, "Download"]) if !state.downloads => HttpAnswer::status(403),
        ("GET", ["Items", id, "Download"]) => file(state, id),
        ("GET", ["Audio", id, "stream"]) if wants_original => file(state, id),
        ("GET", ["Audio", _, "stream"]) => HttpAnswer::text("audio/mpeg", "converted"),
        _ => HttpAnswer::status(404),
    }
}

fn items(state: &State, request: &HttpRequest) -> HttpAnswer {
    let is = |name: &str, value: &str| request.parameter(name).as_deref() == Some(value);
    if !is("includeItemTypes", "Audio,AudioBook") || !is("recursive", "true") {
        return HttpAnswer::status(400);
    }
    let number = |name: &str| request.parameter(name).and_then(|value| value.parse::<usize>().ok());
    let (from, limit) = (number("startIndex").unwrap_or(0), number("limit").unwrap_or(100));
    let total = state.collection.tracks;
    let rows = (0..total.saturating_sub(state.hidden)).skip(from).take(limit);
    let newest_first = is("sortOrder", "Descending");
    let rows: Vec<Value> = rows.map(|row| item(if newest_first { total - 1 - row } else { row })).collect();
    HttpAnswer::json(&json!({"Items": rows, "TotalRecordCount": total, "StartIndex": from}))
}

fn item(track: usize) -> Value {
    type Made = FakeCollection;
    let artist = json!({"Name": Made::artist(track), "Id": format!("{:032x}", Made::artist_number(track))});
    let (id, ticks) = (FakeJellyfin::id(track), Made::seconds(track) * 10_000_000);
    let path = format!("/music/{}/{:02}.mp3", Made::artist(track), Made::number(track));
    json!({
        "Name": Made::title(track), "ServerId": "5e5e", "Id": id, "Etag": format!("{track:x}"),
        "DateCreated": format!("2025-01-01T10:00:00.{track:07}Z"), "Path": path, "RunTimeTicks": ticks,
        "ProductionYear": Made::year(track), "IndexNumber": Made::number(track), "ParentIndexNumber": 1,
        "ProviderIds": {"MusicBrainzTrack": Made::mbid(track)}, "IsFolder": false, "Type": "Audio",
        "Genres": ["Test"], "Artists": [Made::artist(track)], "ArtistItems": [artist.clone()],
        "Album": Made::album(track), "AlbumArtist": Made::artist(track), "AlbumArtists": [artist],
        "MediaType": "Audio",
        "MediaSources": [{
            "Protocol": "File", "Id": id, "Path": path, "Type": "Default", "Container": "mp3", "Size": Made::size(track),
            "RunTimeTicks": ticks, "Bitrate": 192_000,
            "MediaStreams": [{"Codec": "mp3", "Type": "Audio", "Channels": 2, "SampleRate": 44_100}]
        }]
    })
}

fn file(state: &State, id: &str) -> HttpAnswer {
    let track = (0..state.collection.tracks).find(|&track| FakeJellyfin::id(track) == id);
    match track {
        Some(track) => HttpAnswer::file("audio/mpeg", "", FakeCollection::bytes(track))
            .with("Last-Modified", MODIFIED)
            .with("Date", NOW),
        None => HttpAnswer::status(404),
    }
}

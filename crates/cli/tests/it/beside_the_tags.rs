//! What stands beside the tags: an item's title and creator at the Internet Archive, a file's name at Wikimedia Commons. Where
//! these alone say that it is another version, or by somebody else, it is not taken for what is wanted.

use std::fs;

use ferrotape_testkit::{HttpAnswer, HttpRequest, HttpServer, MadeTrack, Track, make_track};
use serde_json::{Value, json};

use crate::elsewhere::outcome;
use crate::home::Home;

const SECONDS: f64 = 4.0;
const BY: &str = "http://creativecommons.org/licenses/by/3.0/";

/// Items, all of one day: title and creator; title, artist and album of their only file, as its tags have them.
const ITEMS: [[&str; 5]; 8] = [
    ["Mara Quill - Low Water", "Mara Quill", "Ebb", "Mara Quill", "Low Water"],
    ["Mara Quill - Live at Oslo", "Mara Quill", "Flood", "Mara Quill", "Oslo 2004"],
    ["Tribute to Mara Quill", "Various Artists", "Slack", "Mara Quill", "Fen Comp 3"],
    ["Mara Quill demos 2001", "Mara Quill", "Neap", "Mara Quill", "fen017"],
    ["Fen Comp", "Bob", "Gull", "Mara Quill", "Fen Comp"],
    ["Mara Quill 2004-05-08 Oslo", "Mara Quill", "Cove", "Mara Quill", "Low Water"],
    ["Mara Quill @ Oslo", "Mara Quill", "Drift", "Mara Quill", "Low Water"],
    ["Mara Quill - Low Water 2004-05-08", "Mara Quill", "Brook", "Mara Quill", "Low Water"],
];
/// Files of Commons: what each is called by its page, and its name.
const FILES: [[&str; 2]; 4] = [
    ["Pebble", "Mara Quill - Pebble.flac"],
    ["Raven", "Raven live at Oslo 2004.flac"],
    ["Quarry", "Quarry acoustic version.flac"],
    ["Timber", "Timber performed by US Navy Band.flac"],
];

fn sound(home: &Home, title: &str, album: &str) -> Vec<u8> {
    let path = home.path(&format!("{title}.flac"));
    make_track(&path, &MadeTrack::new("Mara Quill", album, 1, title).seconds(SECONDS)).unwrap();
    fs::read(path).unwrap()
}

fn item(at: usize) -> Value {
    let [title, creator, ..] = ITEMS[at];
    json!({"identifier": format!("item{at}"), "title": title, "creator": [creator], "collection": ["netlabels"],
        "mediatype": "audio", "licenseurl": BY, "date": "2004-05-08"})
}

fn files_of(at: usize, length: usize) -> Value {
    let [_, _, title, artist, album] = ITEMS[at];
    json!([{"name": "01.flac", "source": "original", "format": "Flac", "size": length.to_string(),
        "length": SECONDS.to_string(), "title": title, "artist": artist, "album": album, "track": "1"}])
}

fn page(at: usize, length: usize) -> Value {
    let [title, name] = FILES[at];
    let field = |value: &str| json!({"value": value});
    let said = json!({"Artist": field("Mara Quill"), "ObjectName": field(title), "LicenseUrl": field(BY)});
    json!({"title": format!("File:{name}"), "imageinfo": [{"size": length, "duration": SECONDS,
        "mime": "audio/flac", "mediatype": "AUDIO", "extmetadata": said}]})
}

/// Both places; whatever they are asked, they name all that they have, what is asked for first.
fn world(home: &Home) -> HttpServer {
    let of_items = ITEMS.map(|[_, _, title, _, album]| sound(home, title, album));
    let of_files = FILES.map(|[title, _]| sound(home, title, ""));
    let answer = move |request: &HttpRequest| {
        let path = request.plain_path();
        let at = |start: &str| path.strip_prefix(start).and_then(|rest| rest.get(..1)?.parse::<usize>().ok());
        let name = path.rsplit('/').next().unwrap_or_default();
        if path == "/archive.org/advancedsearch.php" {
            // The one that is asked for first: not all are looked at.
            let query = request.parameter("q").unwrap_or_default();
            let mut order: Vec<usize> = (0..ITEMS.len()).collect();
            order.sort_by_key(|at| !query.contains(ITEMS[*at][2]));
            let docs: Vec<Value> = order.into_iter().map(item).collect();
            return HttpAnswer::json(&json!({"response": {"numFound": docs.len(), "docs": docs}}));
        }
        if let Some(at) = at("/archive.org/metadata/item") {
            let files = files_of(at, of_items[at].len());
            return HttpAnswer::json(&json!({"metadata": item(at), "files": files}));
        }
        if let Some(at) = at("/archive.org/download/item") {
            return HttpAnswer::file("audio/flac", "", of_items[at].clone());
        }
        if path == "/commons.wikimedia.org/w/api.php" {
            let pages: Vec<Value> = (0..FILES.len()).map(|at| page(at, of_files[at].len())).collect();
            return HttpAnswer::json(&json!({"batchcomplete": true, "query": {"pages": pages}}));
        }
        match FILES.iter().position(|[_, known]| *known == name) {
            Some(at) => HttpAnswer::file("audio/flac", "", of_files[at].clone()),
            None => HttpAnswer::status(404),
        }
    };
    HttpServer::start(answer).unwrap()
}

#[test]
fn what_only_stands_beside_the_tags_tells_another_version() {
    let home = Home::new();
    let server = world(&home);
    let wanted = |album: &str, title: &str| Track {
        duration_ms: Some((SECONDS * 1000.0) as u64),
        ..Track::new("Mara Quill", album, title)
    };
    let titles = ITEMS.iter().map(|item| item[2]).chain(FILES.iter().map(|file| file[0]));
    let mut wishes: Vec<Track> = titles.clone().map(|title| wanted("Low Water", title)).collect();
    // Who wants the concert has it, and what came for that is no studio recording once it is here.
    wishes.push(wanted("Oslo 2004", "Flood - Live"));
    home.csv("a.csv", &wishes);
    fs::create_dir(home.path("own")).unwrap();
    home.well("source add internet-archive");
    home.well("source add wikimedia-commons");
    for _ in 0..2 {
        let last =
            home.json(&format!("convert a.csv --from own --to ./player --stand-in {}", server.address()));
        for title in titles.clone().chain(["Flood - Live"]) {
            let is_it = matches!(title, "Ebb" | "Brook" | "Pebble" | "Flood - Live");
            let row = outcome(&last, title);
            assert_eq!(row["outcome"] == "on_player", is_it, "{row}");
        }
    }
    assert_eq!(home.mp3s().len(), 4);
}

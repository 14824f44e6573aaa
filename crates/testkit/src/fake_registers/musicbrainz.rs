//! MusicBrainz: links, ISRCs, entries and the search. What it does not take it refuses with 400, as the true one does.

use serde_json::{Value, json};

use super::{FakeRecording, FakeRelease, FakeTable};
use crate::{HttpAnswer, HttpRequest};

pub(super) fn answer(table: &FakeTable, most_links: usize, path: &str, request: &HttpRequest) -> HttpAnswer {
    let inc = request.parameter("inc").unwrap_or_default();
    let inc: Vec<&str> = inc.split(' ').filter(|part| !part.is_empty()).collect();
    let steps: Vec<&str> = path.split('/').collect();
    match steps.as_slice() {
        ["ws", "2", "url"] => links(table, most_links, &request.parameters("resource")),
        ["ws", "2", "isrc", isrc] => of_isrc(table, isrc, &inc),
        ["ws", "2", "recording"] => search(table, &request.parameter("query").unwrap_or_default()),
        ["ws", "2", "recording", mbid] => match table.recordings.iter().find(|one| one.mbid == *mbid) {
            Some(one) => HttpAnswer::json(&recording(one, &inc)),
            None => not_found(),
        },
        ["ws", "2", "release", mbid] => match releases(table).find(|one| one.mbid == *mbid) {
            Some(one) => HttpAnswer::json(&json!({ "id": one.mbid, "title": one.title, "relations": [] })),
            None => not_found(),
        },
        _ => not_found(),
    }
}

fn not_found() -> HttpAnswer {
    HttpAnswer::json(&json!({ "error": "Not Found", "help": "https://musicbrainz.org/development/mmd" }))
        .and_status(404)
}

fn refused() -> HttpAnswer {
    HttpAnswer::json(&json!({ "error": "not a valid inc parameter for this resource." })).and_status(400)
}

fn releases(table: &FakeTable) -> impl Iterator<Item = &FakeRelease> {
    table.recordings.iter().flat_map(|one| &one.releases)
}

/// `spotify:kind:id` as a web address.
fn web(uri: &str) -> String {
    format!("https://open.spotify.com/{}", uri.trim_start_matches("spotify:").replace(':', "/"))
}

/// Of one link its entry or 404, of several a list of those that are there.
fn links(table: &FakeTable, most: usize, resources: &[String]) -> HttpAnswer {
    if resources.len() > most {
        return HttpAnswer::status(414);
    }
    let found: Vec<Value> = resources.iter().filter_map(|link| entry_of_link(table, link)).collect();
    match (resources.len(), found.as_slice()) {
        (1, []) => not_found(),
        (1, [one]) => HttpAnswer::json(one),
        _ => HttpAnswer::json(&json!({ "url-offset": 0, "url-count": found.len(), "urls": found })),
    }
}

fn entry_of_link(table: &FakeTable, link: &str) -> Option<Value> {
    let has = |links: &[String]| links.iter().any(|uri| web(uri) == link);
    let relation = |kind: &str, entity: Value| {
        json!({ "type": "free streaming", "type-id": "7e41ef12-a124-4324-afdb-fdbae687a89c",
            "target-type": kind, "direction": "backward", "ended": false, kind: entity })
    };
    let mut relations: Vec<Value> = Vec::new();
    for one in table.recordings.iter().filter(|one| has(&one.links)) {
        relations.push(relation("recording", recording(one, &[])));
    }
    let mut seen: Vec<&str> = Vec::new();
    for one in releases(table).filter(|one| has(&one.links)) {
        if !seen.contains(&one.mbid.as_str()) {
            seen.push(&one.mbid);
            relations.push(relation("release", json!({ "id": one.mbid, "title": one.title })));
        }
    }
    (!relations.is_empty()).then(|| json!({ "id": "u", "resource": link, "relations": relations }))
}

fn of_isrc(table: &FakeTable, isrc: &str, inc: &[&str]) -> HttpAnswer {
    // The true one does not take `release-groups` here.
    if inc.iter().any(|part| !["artist-credits", "releases", "isrcs", "url-rels"].contains(part)) {
        return refused();
    }
    let found: Vec<Value> = table
        .recordings
        .iter()
        .filter(|one| one.isrcs.iter().any(|own| own == isrc))
        .map(|one| recording(one, inc))
        .collect();
    if found.is_empty() {
        not_found()
    } else {
        HttpAnswer::json(&json!({ "isrc": isrc, "recordings": found }))
    }
}

fn recording(one: &FakeRecording, inc: &[&str]) -> Value {
    let mut value = json!({ "id": one.mbid, "title": one.title, "disambiguation": "", "video": one.is_video,
        "length": if one.ms > 0 { json!(one.ms) } else { Value::Null } });
    if inc.contains(&"artist-credits") {
        value["artist-credit"] = json!([{ "name": one.artist, "joinphrase": "",
            "artist": { "id": "a", "name": one.artist, "sort-name": one.artist } }]);
    }
    if inc.contains(&"isrcs") {
        value["isrcs"] = json!(one.isrcs);
    }
    if inc.contains(&"releases") {
        let with_group = inc.contains(&"release-groups");
        value["releases"] = one.releases.iter().map(|release| of_release(release, with_group)).collect();
    }
    if inc.contains(&"url-rels") {
        value["relations"] = json!([]);
    }
    value
}

fn of_release(release: &FakeRelease, with_group: bool) -> Value {
    let mut value = json!({ "id": release.mbid, "title": release.title, "status": "Official" });
    if with_group {
        value["release-group"] =
            json!({ "id": release.group, "title": release.title, "primary-type": "Album" });
    }
    value
}

/// Takes `recording:"…" AND artist:"…" AND dur:[… TO …]`, and nothing else.
fn search(table: &FakeTable, query: &str) -> HttpAnswer {
    let parsed = || {
        let (title, rest) = phrase(query.strip_prefix("recording:\"")?)?;
        let (artist, rest) = phrase(rest.strip_prefix(" AND artist:\"")?)?;
        let (least, most) = rest.strip_prefix(" AND dur:[")?.strip_suffix(']')?.split_once(" TO ")?;
        Some((title, artist, least.parse::<u64>().ok()?..=most.parse().ok()?))
    };
    let Some((title, artist, lengths)) = parsed() else { return HttpAnswer::status(400) };
    let holds = |whole: &str, part: &str| whole.to_lowercase().contains(&part.to_lowercase());
    let hits = table
        .recordings
        .iter()
        .filter(|one| holds(&one.title, &title) && holds(&one.artist, &artist) && lengths.contains(&one.ms));
    let hits: Vec<Value> = hits
        .map(|one| {
            let mut hit = recording(one, &["artist-credits", "isrcs", "releases", "release-groups"]);
            hit["score"] = json!(100);
            hit
        })
        .collect();
    HttpAnswer::json(
        &json!({ "created": "2026-01-01T00:00:00Z", "count": hits.len(), "offset": 0, "recordings": hits }),
    )
}

/// What stands before the quote that ends a phrase, and what stands behind it.
fn phrase(text: &str) -> Option<(String, &str)> {
    let mut plain = String::new();
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => plain.push(letters.next()?.1),
            '"' => return Some((plain, text.get(at + 1..)?)),
            _ => plain.push(letter),
        }
    }
    None
}

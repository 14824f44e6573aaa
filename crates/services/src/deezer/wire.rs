//! The shape of its answers. Every field may be missing.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::answers::Texts;
use crate::net::Told;

/// A track; an error has none of it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Track {
    pub(super) id: Texts,
    pub(super) title: Texts,
    pub(super) isrc: Texts,
    pub(super) duration: Texts,
    pub(super) artist: Artist,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Artist {
    pub(super) name: Texts,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Refusal {
    error: Option<Reason>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Reason {
    code: Texts,
}

/// What its codes say. Its own words are not shown.
pub(super) fn told(body: &[u8]) -> Option<Told> {
    let code = serde_json::from_slice::<Refusal>(body).ok()?.error?.code.number();
    match code {
        // There is no such track.
        Some(800) => None,
        Some(4) => Some(Told::Busy),
        Some(700) => Some(Told::Passing("it says that it is busy (code 700)".to_owned())),
        Some(code) => Some(Told::Hopeless(format!("it does not understand the question (code {code})"))),
        None => Some(Told::Hopeless("it answers with an error without a number".to_owned())),
    }
}

/// What is kept of an answer.
pub(super) fn pared(body: &[u8]) -> Option<Vec<u8>> {
    let answer: Map<String, Value> = serde_json::from_slice(body).ok()?;
    let mut kept: Map<String, Value> = Map::new();
    for name in ["id", "title", "isrc", "duration"] {
        kept.extend(answer.get(name).map(|value| (name.to_owned(), value.clone())));
    }
    let artist = answer.get("artist").and_then(|artist| artist.get("name"));
    kept.extend(artist.map(|name| ("artist".to_owned(), json!({ "name": name }))));
    serde_json::to_vec(&kept).ok()
}

//! The shape of its answers. Every field may be missing.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::answers::{Texts, said, unless};
use crate::loose::number;
use crate::net::Told;

/// How it says that there is no such thing.
const NO_DATA: u64 = 800;

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

/// What its codes say; what is neither an error nor a track is no answer. Its own words are not shown.
pub(super) fn told(body: &[u8]) -> Option<Told> {
    let said = said(body);
    let Some(error) = said.get("error").filter(|error| !error.is_null()) else {
        return unless(&said, said.get("id").is_some());
    };
    match number(error.get("code")) {
        // There is no such track.
        Some(NO_DATA) => None,
        Some(4) => Some(Told::Busy),
        Some(700) => Some(Told::Passing("it says that it is busy (code 700)".to_owned())),
        Some(code) => Some(Told::Hopeless(format!("it does not understand the question (code {code})"))),
        None => unless(&said, false),
    }
}

/// What is kept of an answer.
pub(super) fn pared(body: &[u8]) -> Option<Vec<u8>> {
    let answer: Map<String, Value> = serde_json::from_slice(body).ok()?;
    let mut kept: Map<String, Value> = Map::new();
    for name in ["id", "title", "isrc", "duration"] {
        kept.extend(answer.get(name).map(|value| (name.to_owned(), value.clone())));
    }
    // That there is no such track must be read again as that.
    let code = answer.get("error").and_then(|error| error.get("code"));
    kept.extend(code.map(|code| ("error".to_owned(), json!({ "code": code }))));
    let artist = answer.get("artist").and_then(|artist| artist.get("name"));
    kept.extend(artist.map(|name| ("artist".to_owned(), json!({ "name": name }))));
    serde_json::to_vec(&kept).ok()
}

//! The question: a track's or an album's name, and the artist's.

use ferrotape_domain::{Fault, Wanted, WantedKind};

use super::wire::told;
use super::{GAP, NAME};
use crate::answers::{SEARCHED, main_words, own_address, words};
use crate::net::{Line, Request};

/// Tracks that an answer may hold; 200 is the most.
const LIMIT: &str = "100";

/// Parameters, but for the client id and those that are always the same.
pub(super) type Query = Vec<(&'static str, String)>;

/// The question; `None` where too little is known to ask.
pub(super) fn of(wanted: &Wanted) -> Option<Query> {
    let by = if wanted.release_artists.is_empty() { &wanted.artists } else { &wanted.release_artists };
    let artist = words(wanted.artists.first().or(by.first()).unwrap_or_default());
    let title = main_words(&wanted.title);
    if artist.is_empty() || title.is_empty() {
        return None;
    }
    let named = match wanted.kind {
        WantedKind::Release => ("album_name", words(&wanted.title)),
        _ => ("namesearch", title),
    };
    Some(vec![named, ("artist_name", artist)])
}

pub(super) fn request(query: &Query, client_id: &str) -> Result<Request, Fault> {
    let mut address = own_address(NAME, "https://api.jamendo.com/v3.0/tracks/")?
        .with("client_id", client_id)
        .with("format", "json")
        .with("limit", LIMIT)
        .with("type", "single albumtrack")
        .with("audiodlformat", "flac");
    let mut key = "jamendo tracks".to_owned();
    for (name, value) in query {
        address = address.with(name, value);
        key = format!("{key} {name}={value}");
    }
    let request = Request::get(&Line::public(NAME, GAP), address).kept_as(key, SEARCHED);
    // Its answers name addresses with the client id in them.
    Ok(request.unless_told(told).hiding(client_id))
}

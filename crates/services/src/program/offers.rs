//! From what a program says to an offer: only where it says why there may be a copy.

use std::time::Duration;

use ferrotape_domain::{Isrc, RemoteOffer, Rights, Sums, TagSet};

use serde_json::Value;

use super::wire::Said;
use crate::answers::{Texts, date, format_of, web_page};

const LONGEST_ID: usize = 1000;
const LONGEST_NAME: usize = 200;

pub(super) fn offer(said: &Said) -> Option<RemoteOffer> {
    let id = said.id.as_str().filter(|id| is_id(id))?;
    let rights = rights(&said.rights);
    if !rights.allow_a_copy() {
        return None;
    }
    // A hint, and no path: whatever stands before the last slash is nobody's business.
    let file_name = said.file_name.first().unwrap_or_default().rsplit(['/', '\\']).next().unwrap_or_default();
    let all = |texts: &Texts| texts.iter().map(str::to_owned).collect::<Vec<_>>();
    let milliseconds = said.duration_ms.number().filter(|length| (1..200_000_000).contains(length));
    Some(RemoteOffer {
        id: id.to_owned(),
        file_name: file_name.to_owned(),
        tags: TagSet {
            title: said.title.first().map(str::to_owned),
            artists: all(&said.artists),
            album: said.album.first().map(str::to_owned),
            album_artists: all(&said.album_artists),
            track_number: said.track_number.track(),
            track_total: said.track_total.track(),
            disc_number: said.disc_number.track(),
            date: said.date.first().and_then(date),
            genres: all(&said.genres),
            isrc: said.isrc.first().and_then(|isrc| Isrc::parse(isrc).ok()),
            ..TagSet::default()
        },
        duration: milliseconds.map(Duration::from_millis),
        format: format_of(file_name),
        bitrate_kbps: None,
        size: said.size.number().filter(|size| *size > 0),
        sums: Sums { md5: said.md5.hex(32), sha1: said.sha1.hex(40), sha256: said.sha256.hex(64) },
        rights,
        folder: String::new(),
        page: said.page.first().and_then(web_page),
    })
}

/// What a program may call a file: one line of text.
pub(super) fn is_id(text: &str) -> bool {
    (1..=LONGEST_ID).contains(&text.len()) && !text.chars().any(char::is_control)
}

fn rights(said: &Value) -> Rights {
    let text = |field: &str| {
        let text = said.get(field)?.as_str()?;
        let text: String = text.chars().filter(|letter| !letter.is_control()).take(LONGEST_NAME).collect();
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    };
    match said.as_str() {
        Some("own") => return Rights::Own,
        Some("public_feed") => return Rights::PublicFeed,
        _ => {}
    }
    if let Some(name) = text("licence") {
        return Rights::Licence { name, url: text("url").as_deref().and_then(web_page) };
    }
    text("permission").map_or(Rights::Unknown, Rights::Permission)
}

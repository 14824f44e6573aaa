//! From what a program says to an offer: only where it says why there may be a copy.

use std::time::Duration;

use ferrotape_domain::{Isrc, RemoteOffer, Rights, Sums, TagSet};

use serde_json::Value;

use super::wire::Said;
use crate::answers::{Texts, date, format_of, web_page};

const LONGEST_ID: usize = 1000;
const LONGEST_NAME: usize = 200;
/// What stands for "nobody knows" where a licence or a permission is asked for.
const NO_ANSWERS: [&str; 11] =
    ["", "unknown", "none", "no", "n/a", "na", "null", "nil", "unspecified", "undefined", "not specified"];

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
        // Nor does a word of permission beside it count: one of the two is wrong.
        return match says_that_nobody_may(&name) {
            true => Rights::Unknown,
            false => Rights::Licence { name, url: text("url").as_deref().and_then(web_page) },
        };
    }
    match text("permission") {
        Some(words) if !is_no_answer(&words) => Rights::Permission(words),
        _ => Rights::Unknown,
    }
}

/// Whether the name of a licence is none: nobody knows, or all rights are kept.
fn says_that_nobody_may(name: &str) -> bool {
    let name = name.to_lowercase();
    let begins = |with: &[&str]| with.iter().any(|words| name.starts_with(words));
    let keeps_all = name.contains("all rights reserved") || name.starts_with("proprietary");
    let is_a_claim = begins(&["©", "(c)", "℗", "(p)", "copyright"]);
    let is_free = begins(&["copyrighted free", "copyright free", "copyright-free"]);
    is_no_answer(&name) || keeps_all || (is_a_claim && !is_free)
}

/// Whether words only say that there are none.
fn is_no_answer(words: &str) -> bool {
    let words = words.to_lowercase();
    let words = words.trim_matches(|letter: char| !letter.is_alphanumeric());
    NO_ANSWERS.contains(&words)
}

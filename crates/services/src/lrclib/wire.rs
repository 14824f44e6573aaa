//! The shape of its answers. Every field may be missing.

use ferrotape_domain::FoundLyrics;
use serde::Deserialize;
use serde_json::Value;

use crate::answers::{Texts, has_words, said, unless};
use crate::net::Told;

/// Bytes of the longest lyrics; what is longer is something else.
const LONGEST: usize = 64 << 10;

/// One entry.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Entry {
    pub(super) track_name: Texts,
    pub(super) artist_name: Texts,
    pub(super) album_name: Texts,
    pub(super) duration: Texts,
    instrumental: Texts,
    plain_lyrics: Value,
    synced_lyrics: Value,
}

impl Entry {
    /// Its lyrics; `None` where there are none and it does not say that nobody sings.
    pub(super) fn lyrics(&self) -> Option<FoundLyrics> {
        let synced = text(&self.synced_lyrics);
        // Some call lyrics timed that are not: they are words alone.
        let (synced, untimed) = match synced {
            Some(text) if !has_times(&text) => (None, Some(text)),
            synced => (synced, None),
        };
        let plain = text(&self.plain_lyrics).or(untimed);
        match (&plain, &synced, self.instrumental.is_true()) {
            (_, _, true) => Some(FoundLyrics { instrumental: true, ..FoundLyrics::default() }),
            (None, None, false) => None,
            _ => Some(FoundLyrics { plain, synced, instrumental: false }),
        }
    }
}

/// The trouble in an answer about one track: an entry says what it is of.
pub(super) fn told_by_entry(body: &[u8]) -> Option<Told> {
    let said = said(body);
    unless(&said, said.get("trackName").is_some())
}

/// The same in that of a search, which is a list.
pub(super) fn told_by_search(body: &[u8]) -> Option<Told> {
    let said = said(body);
    unless(&said, said.as_array().is_some_and(|hits| hits.iter().all(Value::is_object)))
}

/// Its own words for a track that it does not know.
pub(super) fn says_none(body: &[u8]) -> bool {
    let said = said(body);
    has_words(&said, "name", "tracknotfound") || has_words(&said, "message", "find specified track")
}

/// Whether a line begins with a time: `[00:12.50]`.
fn has_times(text: &str) -> bool {
    let is_timed = |line: &&str| {
        let begin = line.trim_start().strip_prefix('[').and_then(|rest| rest.split_once(':'));
        begin.is_some_and(|(minutes, _)| !minutes.is_empty() && minutes.bytes().all(|b| b.is_ascii_digit()))
    };
    text.lines().any(|line| is_timed(&line))
}

/// A text of several lines without control characters; none where it is empty or far too long.
fn text(value: &Value) -> Option<String> {
    let text = value.as_str().filter(|text| text.len() <= LONGEST)?;
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    let is_text = |letter: &char| match letter {
        '\n' | '\t' => true,
        // Marks that turn the direction of writing may show a text as another.
        '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => false,
        letter => !letter.is_control(),
    };
    let plain: String = lines.chars().filter(is_text).collect();
    let plain = plain.trim_end();
    (!plain.trim().is_empty()).then(|| plain.to_owned())
}

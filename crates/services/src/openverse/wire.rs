//! The shapes that Openverse answers in.

use serde::Deserialize;
use serde_json::Value;

use crate::answers::{Many, Texts, has_entries, has_words, said, unless};
use crate::net::Told;

const MOST_RESULTS: usize = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Answer {
    pub(super) results: Many<Audio, MOST_RESULTS>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Audio {
    pub(super) id: Texts,
    pub(super) title: Texts,
    pub(super) creator: Texts,
    pub(super) license_url: Texts,
    pub(super) foreign_landing_url: Texts,
    pub(super) url: Texts,
    /// In milliseconds.
    pub(super) duration: Texts,
    pub(super) filetype: Texts,
    pub(super) provider: Texts,
    pub(super) source: Texts,
    pub(super) audio_set: Option<Set>,
}

/// The album, where there is one.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Set {
    pub(super) title: Texts,
}

/// The trouble in the answer to a search. It leaves out what is gone since without counting anew, so what it counts beside
/// an empty list may be more than none.
pub(super) fn told_by_search(body: &[u8]) -> Option<Told> {
    let said = said(body);
    let results = said.get("results");
    let is_empty = results.is_some_and(|list| *list == Value::Array(Vec::new()));
    let counts = said.get("result_count").is_some_and(Value::is_number);
    unless(&said, has_entries(results) || (is_empty && counts))
}

/// The same in that about one file.
pub(super) fn told_by_file(body: &[u8]) -> Option<Told> {
    let said = said(body);
    unless(&said, said.get("id").is_some())
}

/// Its own words for a file that is not listed any more.
pub(super) fn says_none(body: &[u8]) -> bool {
    let said = said(body);
    ["not found", "no audio matches"].iter().any(|words| has_words(&said, "detail", words))
}

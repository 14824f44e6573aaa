//! The shapes that archive.org answers in. Sizes, times and numbers are texts there, and any field may be a list.

use serde::Deserialize;
use serde_json::Value;

use crate::answers::{Many, Texts, is_counted, said, unless};
use crate::loose::number;
use crate::net::Told;

/// Files of one item that are looked at.
const MOST_FILES: usize = 5000;
const MOST_FOUND: usize = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Search {
    pub(super) response: Response,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Response {
    pub(super) docs: Many<About, MOST_FOUND>,
}

/// What is said of an item as a whole.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct About {
    pub(crate) identifier: Texts,
    pub(crate) title: Texts,
    pub(crate) creator: Texts,
    pub(crate) collection: Texts,
    pub(crate) licenseurl: Texts,
    pub(crate) date: Texts,
    pub(crate) mediatype: Texts,
    pub(crate) subject: Texts,
    /// Where a concert was; net labels leave it out.
    pub(crate) venue: Texts,
    pub(crate) coverage: Texts,
    #[serde(rename = "access-restricted-item")]
    pub(crate) is_restricted: Texts,
}

/// An item and its files.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Item {
    #[serde(rename = "metadata")]
    pub(crate) about: About,
    pub(crate) files: Many<File, MOST_FILES>,
    pub(crate) is_dark: Texts,
}

/// One file of an item.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct File {
    /// Not a [`Texts`], for a name is a name to the last space.
    pub(crate) name: Value,
    /// `original`, `derivative`, `metadata`.
    pub(crate) source: Texts,
    /// What it was derived from.
    pub(crate) original: Texts,
    pub(crate) format: Texts,
    pub(crate) size: Texts,
    pub(crate) md5: Texts,
    pub(crate) sha1: Texts,
    pub(crate) length: Texts,
    pub(crate) title: Texts,
    pub(crate) artist: Texts,
    pub(crate) creator: Texts,
    pub(crate) album: Texts,
    pub(crate) track: Texts,
    pub(crate) bitrate: Texts,
    pub(crate) private: Texts,
}

impl File {
    pub(crate) fn name(&self) -> &str {
        self.name.as_str().unwrap_or_default()
    }
}

/// The trouble in the answer to a search, which comes with a good status, too.
pub(super) fn told_by_search(body: &[u8]) -> Option<Told> {
    let said = said(body);
    let well = number(said.pointer("/responseHeader/status")).is_none_or(|status| status == 0);
    let found = is_counted(said.pointer("/response/docs"), said.pointer("/response/numFound"));
    unless(&said, well && found)
}

/// The same in that about an item. Of one that is not there, an empty object is all that is said.
pub(super) fn told_by_item(body: &[u8]) -> Option<Told> {
    let said = said(body);
    let is_none =
        said.as_object().is_some_and(|members| members.is_empty() || members.contains_key("is_dark"));
    let is_item =
        said.get("metadata").is_some_and(Value::is_object) && said.get("files").is_some_and(Value::is_array);
    unless(&said, is_none || is_item)
}

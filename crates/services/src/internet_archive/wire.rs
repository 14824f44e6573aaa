//! The shapes that archive.org answers in. Sizes, times and numbers are texts there, and any field may be a list.

use serde::Deserialize;
use serde_json::Value;

use crate::answers::{Many, Texts};
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

/// Trouble comes with a good status, too.
pub(super) fn told(body: &[u8]) -> Option<Told> {
    #[derive(Deserialize)]
    struct Error {
        error: Value,
    }
    let found = serde_json::from_slice::<Error>(body).is_ok_and(|body| !body.error.is_null());
    found.then(|| Told::Passing("it answers with an error of its own".to_owned()))
}

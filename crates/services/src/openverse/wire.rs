//! The shapes that Openverse answers in.

use serde::Deserialize;

use crate::answers::{Many, Texts};

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

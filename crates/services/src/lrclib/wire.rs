//! The shape of its answers. Every field may be missing.

use ferrotape_domain::FoundLyrics;
use serde::Deserialize;
use serde_json::Value;

use crate::answers::Texts;

/// Bytes of the longest lyrics; what is longer is something else.
const LONGEST: usize = 64 << 10;

/// One entry.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Entry {
    pub(super) track_name: Texts,
    pub(super) artist_name: Texts,
    pub(super) duration: Texts,
    instrumental: Texts,
    plain_lyrics: Value,
    synced_lyrics: Value,
}

impl Entry {
    /// Its lyrics; `None` where there are none and it does not say that nobody sings.
    pub(super) fn lyrics(&self) -> Option<FoundLyrics> {
        let (plain, synced) = (text(&self.plain_lyrics), text(&self.synced_lyrics));
        match (&plain, &synced, self.instrumental.is_true()) {
            (_, _, true) => Some(FoundLyrics { instrumental: true, ..FoundLyrics::default() }),
            (None, None, false) => None,
            _ => Some(FoundLyrics { plain, synced, instrumental: false }),
        }
    }
}

/// A text of several lines without control characters; none where it is empty or far too long.
fn text(value: &Value) -> Option<String> {
    let text = value.as_str().filter(|text| text.len() <= LONGEST)?;
    let plain: String =
        text.chars().filter(|letter| !letter.is_control() || matches!(letter, '\n' | '\t')).collect();
    let plain = plain.trim_end();
    (!plain.trim().is_empty()).then(|| plain.to_owned())
}

//! The lines that go to a program and come from it. `docs/sources/program.md` says what they mean.

use ferrotape_domain::Wanted;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::answers::Texts;

/// The protocol's number.
const VERSION: u32 = 1;

/// What a program is asked to do; one line.
#[derive(Debug, Serialize)]
pub(super) struct Task<'a> {
    ferrotape: u32,
    #[serde(rename = "do")]
    what: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    wanted: Option<Asked<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<&'a str>,
}

/// What is wanted, by its names. Links into a music service are of no use to a place that is none.
#[derive(Debug, Serialize)]
struct Asked<'a> {
    kind: &'static str,
    title: &'a str,
    artists: Vec<&'a str>,
    release: Option<&'a str>,
    release_artists: Vec<&'a str>,
    track_number: Option<u32>,
    disc_number: Option<u32>,
    released: Option<&'a str>,
    duration_ms: Option<u64>,
    isrc: Option<&'a str>,
    recording_mbid: Option<&'a str>,
    feed: Option<&'a str>,
}

impl<'a> Task<'a> {
    pub(super) fn search(wanted: &'a Wanted) -> Self {
        let asked = Asked {
            kind: wanted.kind.as_str(),
            title: &wanted.title,
            artists: wanted.artists.names().collect(),
            release: wanted.release.as_deref(),
            release_artists: wanted.release_artists.names().collect(),
            track_number: wanted.track_number,
            disc_number: wanted.disc_number,
            released: wanted.released.as_deref(),
            duration_ms: wanted.duration.and_then(|length| u64::try_from(length.as_millis()).ok()),
            isrc: wanted.isrc.as_ref().map(|isrc| isrc.as_str()),
            recording_mbid: wanted.recording_mbid.as_ref().map(|mbid| mbid.as_str()),
            feed: wanted.feed.as_deref(),
        };
        Self { ferrotape: VERSION, what: "search", wanted: Some(asked), id: None, to: None }
    }

    pub(super) fn fetch(id: &'a str, to: &'a str) -> Self {
        Self { ferrotape: VERSION, what: "fetch", wanted: None, id: Some(id), to: Some(to) }
    }
}

/// A line from a program.
#[derive(Debug)]
pub(super) enum Answer {
    Offer(Box<Said>),
    /// A sign of life.
    Progress,
    Done,
}

/// A line as it comes; the first of these that is there counts.
#[derive(Debug, Deserialize)]
struct Line {
    #[serde(default)]
    error: Texts,
    #[serde(default)]
    done: Option<bool>,
    #[serde(default)]
    offer: Option<Box<Said>>,
    #[serde(default)]
    progress: Option<Value>,
}

/// What a program says of a file.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Said {
    pub(super) id: Value,
    pub(super) file_name: Texts,
    pub(super) title: Texts,
    pub(super) artists: Texts,
    pub(super) album: Texts,
    pub(super) album_artists: Texts,
    pub(super) track_number: Texts,
    pub(super) track_total: Texts,
    pub(super) disc_number: Texts,
    pub(super) date: Texts,
    pub(super) genres: Texts,
    pub(super) isrc: Texts,
    pub(super) duration_ms: Texts,
    pub(super) size: Texts,
    pub(super) md5: Texts,
    pub(super) sha1: Texts,
    pub(super) sha256: Texts,
    /// `"own"`, `"public_feed"`, `{"licence": …, "url": …}`, `{"permission": …}`.
    pub(super) rights: Value,
    pub(super) page: Texts,
}

/// Reads a line; `Err` is what the program says went wrong (`Some`), or that the line is none (`None`).
pub(super) fn read(line: &[u8]) -> Result<Answer, Option<String>> {
    let line: Line = serde_json::from_slice(line).map_err(|_| None)?;
    match line {
        Line { error, .. } if error.first().is_some() => Err(error.first().map(str::to_owned)),
        Line { done: Some(true), .. } => Ok(Answer::Done),
        Line { offer: Some(offer), .. } => Ok(Answer::Offer(offer)),
        Line { progress: Some(_), .. } => Ok(Answer::Progress),
        _ => Err(None),
    }
}

//! An entry as an object of JSON: the same in our own format and, without what JSPF says itself, inside JSPF.

use ferrotape_domain::{ArtistCredit, Wanted, WantedKind};
use serde::Serialize;

/// A list of nothing is left out, as is whatever is not known.
#[derive(Debug, Default, Serialize)]
pub(crate) struct EntryJson<'e> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) title: Option<&'e str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) artists: Vec<CreditedJson<'e>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) release: Option<&'e str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) release_artists: Vec<CreditedJson<'e>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) track_number: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) disc_number: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) released: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) duration_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) isrc: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) recording_mbid: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) explicit: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) link: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) release_link: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) feed: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) added: Option<&'e str>,
}

/// One name of a credit and what joins it to the next.
#[derive(Debug, Serialize)]
pub(crate) struct CreditedJson<'e> {
    name: &'e str,
    #[serde(skip_serializing_if = "str::is_empty")]
    join: &'e str,
}

impl<'e> EntryJson<'e> {
    /// All that is known.
    pub(crate) fn of(wanted: &'e Wanted, added: Option<&'e str>) -> Self {
        Self {
            kind: Some(wanted.kind.as_str()),
            title: Some(wanted.title.as_str()).filter(|title| !title.is_empty()),
            artists: credited(&wanted.artists),
            release: wanted.release.as_deref(),
            track_number: wanted.track_number,
            duration_ms: milliseconds(wanted),
            recording_mbid: wanted.recording_mbid.as_ref().map(|mbid| mbid.as_str()),
            link: wanted.spotify.as_ref().map(ToString::to_string),
            ..Self::beyond_jspf(wanted, added)
        }
    }

    /// What JSPF and XSPF have no element for.
    pub(crate) fn beyond_jspf(wanted: &'e Wanted, added: Option<&'e str>) -> Self {
        let several = wanted.artists.credited().len() > 1;
        Self {
            kind: (wanted.kind != WantedKind::Recording).then(|| wanted.kind.as_str()),
            artists: if several { credited(&wanted.artists) } else { Vec::new() },
            release_artists: credited(&wanted.release_artists),
            disc_number: wanted.disc_number,
            released: wanted.released.as_deref(),
            isrc: wanted.isrc.as_ref().map(|isrc| isrc.as_str()),
            explicit: wanted.explicit,
            release_link: wanted.spotify_release.as_ref().map(ToString::to_string),
            feed: wanted.feed.as_deref(),
            added,
            ..Self::default()
        }
    }
}

/// The playing time, as every format counts it.
pub(crate) fn milliseconds(wanted: &Wanted) -> Option<u64> {
    wanted.duration.and_then(|time| u64::try_from(time.as_millis()).ok())
}

fn credited(credit: &ArtistCredit) -> Vec<CreditedJson<'_>> {
    credit.credited().iter().map(|one| CreditedJson { name: &one.name, join: &one.join_phrase }).collect()
}

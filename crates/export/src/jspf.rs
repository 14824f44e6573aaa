//! JSPF: each recording's MusicBrainz address as `identifier`, its Spotify address as `location`.
//!
//! ListenBrainz takes no other identifiers than MusicBrainz's, and asks whether a playlist is public. What JSPF has no
//! member for stands in an extension of ours, as the same object that our own JSON has.

use std::io;

use serde::Serialize;

use crate::entry::{EntryJson, milliseconds};
use crate::list::{Entry, List};
use crate::places::{address, musicbrainz};

#[derive(Serialize)]
struct File<'l> {
    playlist: Playlist<'l>,
}

#[derive(Serialize)]
struct Playlist<'l> {
    title: &'l str,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<String>,
    extension: PlaylistExtension,
    track: Vec<Track<'l>>,
}

#[derive(Serialize)]
struct PlaylistExtension {
    #[serde(rename = "https://musicbrainz.org/doc/jspf#playlist")]
    musicbrainz: Public,
    #[serde(rename = "urn:ferrotape:list:1")]
    ours: [Kind; 1],
}

#[derive(Serialize)]
struct Public {
    public: bool,
}

#[derive(Serialize)]
struct Kind {
    kind: &'static str,
}

#[derive(Serialize)]
struct Track<'l> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    identifier: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    location: Vec<String>,
    #[serde(skip_serializing_if = "str::is_empty")]
    title: &'l str,
    #[serde(skip_serializing_if = "String::is_empty")]
    creator: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    album: Option<&'l str>,
    #[serde(rename = "trackNum", skip_serializing_if = "Option::is_none")]
    track_number: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<u64>,
    extension: TrackExtension<'l>,
}

#[derive(Serialize)]
struct TrackExtension<'l> {
    #[serde(rename = "urn:ferrotape:entry:1")]
    ours: [EntryJson<'l>; 1],
}

/// Writes one playlist.
pub(crate) fn write(list: &List<'_>) -> io::Result<Vec<u8>> {
    let playlist = Playlist {
        title: list.name,
        location: list.link.map(|link| link.web_address()),
        extension: PlaylistExtension {
            musicbrainz: Public { public: false },
            ours: [Kind { kind: list.kind.as_str() }],
        },
        track: list.entries.iter().map(track).collect(),
    };
    let mut out = serde_json::to_vec_pretty(&File { playlist })?;
    out.push(b'\n');
    Ok(out)
}

fn track<'l>(entry: &Entry<'l>) -> Track<'l> {
    let wanted = entry.wanted;
    Track {
        identifier: wanted.recording_mbid.iter().map(musicbrainz).collect(),
        location: address(wanted).into_iter().collect(),
        title: &wanted.title,
        creator: wanted.artists.to_string(),
        album: wanted.release.as_deref(),
        track_number: wanted.track_number,
        duration: milliseconds(wanted),
        extension: TrackExtension { ours: [EntryJson::beyond_jspf(wanted, entry.added)] },
    }
}

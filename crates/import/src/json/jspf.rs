//! JSPF, the JSON form of XSPF, as ListenBrainz and others write it.

use ferrotape_domain::PlaylistKind;
use serde::Deserialize;

use super::cutter::{Piece, cut};
use super::ended_early;
use super::ferrotape::Entry;
use super::lenient::{self, Maybe, Text, Texts};
use crate::Limits;
use crate::collector::{Collector, Tally};
use crate::playlist_track::PlaylistTrack;
use crate::text::{list_name, shown};
use crate::wanted::link_of;

/// A track. Playing times are milliseconds.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Track {
    location: Texts,
    identifier: Texts,
    title: Text,
    creator: Text,
    album: Text,
    #[serde(rename = "trackNum")]
    track_number: Text,
    duration: Text,
    extension: Maybe<TrackExtension>,
}

/// Extensions are lists of objects, by address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct TrackExtension {
    #[serde(rename = "urn:ferrotape:entry:1")]
    ours: Maybe<Vec<Maybe<Entry>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PlaylistExtension {
    #[serde(rename = "urn:ferrotape:list:1")]
    ours: Maybe<Vec<Maybe<Kind>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Kind {
    kind: Text,
}

/// Takes the one playlist of the file.
pub(super) fn piece(
    piece: &Piece<'_>,
    file: &str,
    limits: &Limits,
    tally: &mut Tally,
    collector: &mut Collector,
) {
    if piece.key != "playlist" || piece.in_list {
        return;
    }
    if piece.text.first() != Some(&b'{') {
        collector.remark(tally, None, "its “playlist” is not an object");
        return;
    }
    let list = list_of(piece, file, limits, collector);
    let (mut rows, mut is_list) = (0, false);
    let done = cut(piece.text, limits, |part| {
        if part.is_broken {
            return false; // Its row is counted below.
        }
        match (part.key, part.in_list) {
            ("track", true) => {
                rows += 1;
                match lenient::object::<Track>(part.text).and_then(|track| track_of(track).wanted()) {
                    Ok((wanted, odd, added)) => {
                        if let Some(odd) = odd {
                            collector.remark(tally, Some(rows), odd);
                        }
                        collector.entry(tally, list, wanted, added);
                    }
                    Err(reason) => collector.refuse(tally, rows, reason),
                }
            }
            ("track", false) => is_list |= part.begins_list(),
            _ => {}
        }
        true
    });
    if let Err(trouble) = done {
        ended_early(&trouble, rows, "", tally, collector);
    } else if !is_list {
        collector.remark(tally, None, "it has no list of tracks, though one was expected in “track”");
    }
}

/// The list that the file is, by what is said of it before, between and after its tracks.
fn list_of(piece: &Piece<'_>, file: &str, limits: &Limits, collector: &mut Collector) -> usize {
    let (mut name, mut kind, mut link) = (list_name(file), PlaylistKind::Playlist, None);
    let _ = cut(piece.text, limits, |part| {
        match (part.key, part.in_list) {
            ("title", false) => {
                let given: Text = serde_json::from_slice(part.text).unwrap_or_default();
                name = given.get().map_or_else(|| std::mem::take(&mut name), shown);
            }
            ("location" | "identifier", _) => {
                let given: Texts = serde_json::from_slice(part.text).unwrap_or_default();
                link = link.take().or_else(|| given.iter().find_map(|address| link_of(Some(address))));
            }
            ("extension", false) => {
                let given: PlaylistExtension = serde_json::from_slice(part.text).unwrap_or_default();
                let given = given.ours.0.iter().flatten().find_map(|one| one.0.as_ref()?.kind.get());
                kind = given.and_then(PlaylistKind::from_word).unwrap_or(kind);
            }
            _ => {}
        }
        !part.is_broken
    });
    let list = collector.list(kind, &name);
    collector.rename(list, &name);
    if let Some(link) = link {
        collector.link(list, link);
    }
    list
}

fn track_of(track: Track) -> PlaylistTrack {
    let owned = |text: &Text| text.or_empty().to_owned();
    PlaylistTrack {
        addresses: track.identifier.iter().chain(track.location.iter()).map(str::to_owned).collect(),
        title: owned(&track.title),
        creator: owned(&track.creator),
        album: owned(&track.album),
        track_number: track.track_number.number(),
        duration: track.duration.playing_time(),
        more: track.extension.0.and_then(|more| more.ours.0?.into_iter().find_map(|one| one.0)),
    }
}

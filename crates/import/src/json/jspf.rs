//! JSPF, the JSON form of XSPF, as ListenBrainz and others write it.

use serde::Deserialize;

use super::cutter::{Piece, cut};
use super::ended_early;
use super::lenient::{self, Text, Texts};
use crate::Limits;
use crate::collector::{Collector, Tally};
use crate::playlist_track::PlaylistTrack;
use crate::text::{list_name, shown};

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
    let list = collector.playlist(&list_name(file));
    let (mut rows, mut is_list) = (0, false);
    let done = cut(piece.text, limits, |part| {
        if part.is_broken {
            return false; // Its row is counted below.
        }
        match (part.key, part.in_list) {
            ("title", false) => {
                let given: Text = serde_json::from_slice(part.text).unwrap_or_default();
                if let Some(given) = given.get() {
                    collector.rename(list, &shown(given));
                }
            }
            ("track", true) => {
                rows += 1;
                match lenient::object::<Track>(part.text).and_then(|track| track_of(&track).wanted()) {
                    Ok(wanted) => collector.entry(tally, list, wanted, None),
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

fn track_of(track: &Track) -> PlaylistTrack {
    let owned = |text: &Text| text.or_empty().to_owned();
    PlaylistTrack {
        addresses: track.identifier.iter().chain(track.location.iter()).map(str::to_owned).collect(),
        title: owned(&track.title),
        creator: owned(&track.creator),
        album: owned(&track.album),
        track_number: track.track_number.number(),
        duration: track.duration.playing_time(),
    }
}

//! The JSON of spotify-backup: playlists with the API's own items, the liked tracks among them, and saved albums.

use ferrotape_domain::{PlaylistKind, Wanted, WantedKind};
use serde::Deserialize;

use super::cutter::{Piece, cut};
use super::lenient::{self, Text};
use super::web_track::{self, WebAlbum, WebTrack};
use super::{ended_early, expect_list};
use crate::Limits;
use crate::collector::{Collector, Tally};
use crate::text::{is_liked, shown};
use crate::wanted::link_of;

/// Keys of the outermost object, which hold lists.
pub(super) const KEYS: [&str; 2] = ["playlists", "albums"];

/// An item of a playlist. Since 2026 the API calls `track` `item`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Item {
    added_at: Text,
    track: Option<WebTrack>,
    item: Option<WebTrack>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SavedAlbum {
    added_at: Text,
    album: Option<WebAlbum>,
}

/// Takes one playlist or one album.
pub(super) fn piece(piece: &Piece<'_>, limits: &Limits, tally: &mut Tally, collector: &mut Collector) {
    if !piece.in_list {
        if KEYS.contains(&piece.key) {
            expect_list(piece, tally, collector);
        }
        return;
    }
    let number = tally.next_of(piece.key);
    match piece.key {
        "playlists" => playlist(number, piece, limits, tally, collector),
        "albums" => {
            if let Err(reason) = album(piece.text, tally, collector) {
                collector.refuse(tally, number, format!("in “albums”: {reason}"));
            }
        }
        _ => {} // The list is named once, at the end.
    }
}

fn album(text: &[u8], tally: &mut Tally, collector: &mut Collector) -> Result<(), String> {
    let saved: SavedAlbum = lenient::object(text)?;
    let wanted = web_track::album_of(&saved.album.ok_or("it holds no album")?)?;
    let list = collector.own_list(PlaylistKind::SavedAlbums);
    collector.entry(tally, list, wanted, saved.added_at.get().map(str::to_owned));
    Ok(())
}

fn playlist(number: u64, piece: &Piece<'_>, limits: &Limits, tally: &mut Tally, collector: &mut Collector) {
    if piece.text.first() != Some(&b'{') {
        collector.refuse(tally, number, "this playlist is not an object");
        return;
    }
    let (mut name, mut link) = (format!("Playlist {number}"), None);
    let (mut rows, mut is_list) = (Vec::new(), false);
    let done = cut(piece.text, limits, |part| {
        if part.is_broken {
            return false; // Its row is counted below.
        }
        let text = || serde_json::from_slice::<Text>(part.text).unwrap_or_default();
        match (part.key, part.in_list) {
            ("name", false) => name = text().get().map_or(std::mem::take(&mut name), shown),
            ("uri", false) => link = link_of(text().get()),
            ("tracks" | "items", true) => rows.push(row(part.text)),
            ("tracks" | "items", false) => is_list |= part.begins_list(),
            _ => {}
        }
        true
    });
    let list = if is_liked(&name) {
        collector.own_list(PlaylistKind::LikedTracks)
    } else {
        collector.playlist(&name)
    };
    if let Some(link) = link {
        collector.link(list, link);
    }
    if !is_list && done.is_ok() {
        let reason =
            format!("in playlist “{name}”: it has no list of “tracks”, though one was expected there");
        collector.remark(tally, None, reason);
    }
    let mut count = 0;
    for (at, row) in (1..).zip(rows) {
        count = at;
        match row {
            Ok((wanted, odd, added)) => {
                if let Some(odd) = odd {
                    collector.remark(tally, Some(at), format!("in playlist “{name}”: {odd}"));
                }
                collector.entry(tally, list, wanted, added);
            }
            Err(reason) => collector.refuse(tally, at, format!("in playlist “{name}”: {reason}")),
        }
    }
    if let Err(trouble) = done {
        ended_early(&trouble, count, &format!("in playlist “{name}”: "), tally, collector);
    }
}

type Row = (Wanted, Option<String>, Option<String>);

fn row(text: &[u8]) -> Result<Row, String> {
    let item = if text == b"null" { Item::default() } else { lenient::object::<Item>(text)? };
    let (wanted, odd) = match item.item.or(item.track) {
        Some(track) => web_track::wanted_of(&track),
        None => (Wanted::of_kind(WantedKind::Unavailable), None),
    };
    Ok((wanted, odd, item.added_at.get().map(str::to_owned)))
}

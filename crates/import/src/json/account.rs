//! The rows of one part of a connected account.
//!
//! The same objects as in backups. Every field may be missing: what the API left out in 2026 costs no row, and a row
//! that is `null` stays in its place as something that is gone.

use ferrotape_domain::{AccountPart, Noted, PlaylistKind, Wanted, WantedKind};
use serde::Deserialize;

use super::cutter::{Piece, cut};
use super::ended_early;
use super::lenient::{self, Maybe, Text};
use super::web_track::{self, WebAlbum, WebShow, WebTrack};
use crate::Limits;
use crate::collector::{Collector, Tally};
use crate::text::shown;
use crate::wanted::link_of;

/// A row of any part. Since 2026 the API calls a playlist's `track` `item`; both may be there.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Row {
    added_at: Text,
    item: Maybe<WebTrack>,
    track: Maybe<WebTrack>,
    episode: Maybe<WebTrack>,
    album: Maybe<WebAlbum>,
    show: Maybe<WebShow>,
    audiobook: Maybe<WebShow>,
    name: Text,
    uri: Text,
}

/// Reads all rows of a part: the list `items` of an object.
pub(crate) fn read_part(
    part: &AccountPart,
    text: &[u8],
    limits: &Limits,
    tally: &mut Tally,
    collector: &mut Collector,
) {
    let mut list = None;
    let (mut rows, mut total) = (0, None);
    let done = cut(text, limits, |piece| {
        if piece.is_broken {
            return false; // Its row is counted below.
        }
        match (piece.key, piece.in_list) {
            ("items", true) => {
                rows += 1;
                list = list.or_else(|| list_of(part, collector));
                if let Err(reason) = row(part, list, &piece, rows, tally, collector) {
                    collector.refuse(tally, rows, reason);
                }
            }
            ("total", false) => total = serde_json::from_slice::<u64>(piece.text).ok(),
            _ => {}
        }
        collector.rows() <= limits.rows
    });
    let mut is_whole = true;
    if let Err(trouble) = done {
        is_whole = false;
        ended_early(&trouble, rows, "", tally, collector);
    }
    if let Some(total) = total.filter(|total| *total > rows) {
        is_whole = false;
        let reason = format!(
            "Spotify counts {total} rows and gave {rows}; it holds only part, so nothing is taken out of it"
        );
        collector.remark(tally, None, reason);
    }
    match list {
        Some(list) if !is_whole => collector.incomplete(list),
        // Empty is an answer, too; rows that did not come are none.
        None if is_whole => _ = list_of(part, collector),
        _ => {}
    }
}

/// The list that the part fills; followed artists are none.
fn list_of(part: &AccountPart, collector: &mut Collector) -> Option<usize> {
    Some(match part {
        AccountPart::Tracks => collector.own_list(PlaylistKind::LikedTracks),
        AccountPart::Albums => collector.own_list(PlaylistKind::SavedAlbums),
        AccountPart::Episodes => collector.own_list(PlaylistKind::SavedEpisodes),
        AccountPart::Shows => collector.own_list(PlaylistKind::SavedShows),
        AccountPart::Audiobooks => collector.own_list(PlaylistKind::SavedAudiobooks),
        AccountPart::Artists | AccountPart::Playlists => return None,
        AccountPart::Playlist { name, link } => {
            let name = if name.trim().is_empty() { link.clone() } else { shown(name) };
            let list = collector.playlist(&name);
            if let Some(link) = link_of(Some(link)) {
                collector.link(list, link);
            }
            list
        }
    })
}

fn row(
    part: &AccountPart,
    list: Option<usize>,
    piece: &Piece<'_>,
    number: u64,
    tally: &mut Tally,
    collector: &mut Collector,
) -> Result<(), String> {
    let row: Row = if piece.text == b"null" { Row::default() } else { lenient::object(piece.text)? };
    let Some(list) = list else {
        let noted = Noted {
            kind: "followed_artist",
            name: row.name.or_empty().to_owned(),
            spotify: link_of(row.uri.get()),
        };
        if noted.name.is_empty() && noted.spotify.is_none() {
            return Err("it has neither a name nor a link".into());
        }
        collector.note(tally, noted);
        return Ok(());
    };
    let added = row.added_at.get().map(str::to_owned);
    let (wanted, odd) = wanted_of(part, row)?;
    if let Some(odd) = odd {
        collector.remark(tally, Some(number), odd);
    }
    collector.entry(tally, list, wanted, added);
    Ok(())
}

fn wanted_of(part: &AccountPart, row: Row) -> Result<(Wanted, Option<String>), String> {
    let gone = || (Wanted::of_kind(WantedKind::Unavailable), None);
    let alone = |wanted: Wanted| (wanted, None);
    Ok(match part {
        AccountPart::Albums => match row.album.0 {
            Some(album) => alone(web_track::album_of(&album)?),
            None => gone(),
        },
        AccountPart::Shows => match row.show.0 {
            Some(show) => alone(web_track::show_of(&show, WantedKind::Show)?),
            None => gone(),
        },
        AccountPart::Audiobooks => {
            // Some answers hold the book itself instead of a row around it.
            let bare = || WebShow::named(row.name.clone(), row.uri.clone());
            let book = row.audiobook.0.or_else(|| row.name.get().is_some().then(bare));
            book.map_or_else(
                || Ok(gone()),
                |book| web_track::show_of(&book, WantedKind::Audiobook).map(alone),
            )?
        }
        _ => match row.item.0.or(row.track.0).or(row.episode.0) {
            Some(track) => web_track::wanted_of(&track),
            None => gone(),
        },
    })
}

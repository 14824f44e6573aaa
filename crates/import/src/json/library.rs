//! `YourLibrary.json`: liked tracks, saved albums, shows and episodes, local files, and whom the user follows or bans.

use ferrotape_domain::{Noted, PlaylistKind, WantedKind};
use serde::Deserialize;

use super::cutter::Piece;
use super::expect_list;
use super::lenient::{self, Text};
use super::sniff::LIBRARY_KEYS;
use crate::collector::{Collector, Tally};
use crate::wanted::{describe, from_uri, link_of, says_something};

/// A row of any of the lists; each uses its own few fields.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Row {
    artist: Text,
    author: Text,
    album: Text,
    track: Text,
    name: Text,
    show: Text,
    publisher: Text,
    uri: Text,
}

/// Takes one row of one list.
pub(super) fn piece(piece: &Piece<'_>, tally: &mut Tally, collector: &mut Collector) {
    if !piece.in_list {
        // Only lists hold rows; a scalar under an unknown key is about the user.
        if LIBRARY_KEYS.contains(&piece.key) {
            expect_list(piece, tally, collector);
            // Empty or not: a list that was full before is looked at by the guard.
            if let Some(kind) = list_under(piece.key).filter(|_| piece.begins_list()) {
                collector.own_list(kind);
            }
        }
        return;
    }
    let row = tally.next_of(piece.key);
    if !LIBRARY_KEYS.contains(&piece.key) {
        return; // The list is named once, at the end.
    }
    if let Err(reason) = take(piece, tally, collector) {
        collector.refuse(tally, row, format!("in “{}”: {reason}", piece.key));
    }
}

fn list_under(key: &str) -> Option<PlaylistKind> {
    Some(match key {
        "tracks" => PlaylistKind::LikedTracks,
        "albums" => PlaylistKind::SavedAlbums,
        "shows" => PlaylistKind::SavedShows,
        "episodes" => PlaylistKind::SavedEpisodes,
        "audiobooks" => PlaylistKind::SavedAudiobooks,
        "other" => PlaylistKind::LocalFiles,
        _ => return None,
    })
}

fn take(piece: &Piece<'_>, tally: &mut Tally, collector: &mut Collector) -> Result<(), String> {
    let text = piece.text;
    match piece.key {
        "tracks" => saved(PlaylistKind::LikedTracks, WantedKind::Recording, text, tally, collector),
        "albums" => saved(PlaylistKind::SavedAlbums, WantedKind::Release, text, tally, collector),
        "shows" => saved(PlaylistKind::SavedShows, WantedKind::Show, text, tally, collector),
        "episodes" => saved(PlaylistKind::SavedEpisodes, WantedKind::Episode, text, tally, collector),
        "audiobooks" => saved(PlaylistKind::SavedAudiobooks, WantedKind::Audiobook, text, tally, collector),
        "artists" => noted("followed_artist", text, tally, collector),
        "bannedTracks" => noted("banned_track", text, tally, collector),
        "bannedArtists" => noted("banned_artist", text, tally, collector),
        "other" => local_file(text, tally, collector),
        _ => Err("ferrotape does not know this list".into()),
    }
}

fn saved(
    list: PlaylistKind,
    kind: WantedKind,
    text: &[u8],
    tally: &mut Tally,
    collector: &mut Collector,
) -> Result<(), String> {
    let row: Row = lenient::object(text)?;
    let (mut wanted, odd) = from_uri(row.uri.get(), kind);
    // Books are shows by their links as well; the list tells which they are.
    if kind == WantedKind::Audiobook && wanted.kind == WantedKind::Show {
        wanted.kind = kind;
    }
    let (title, artist, release) = match kind {
        WantedKind::Release => (row.album.get(), row.artist.get(), None),
        WantedKind::Show => (row.name.get(), row.publisher.get(), None),
        WantedKind::Episode => (row.name.get(), None, row.show.get()),
        WantedKind::Audiobook => (row.name.get(), row.author.get().or(row.publisher.get()), None),
        _ => (row.track.get(), row.artist.get(), row.album.get()),
    };
    describe(&mut wanted, title, artist, release);
    if !says_something(&wanted) {
        return Err("it has neither a name nor a link".into());
    }
    if let Some(odd) = odd {
        collector.remark(tally, None, format!("{}: {odd}", wanted.label()));
    }
    let list = collector.own_list(list);
    collector.entry(tally, list, wanted, None);
    Ok(())
}

fn noted(
    kind: &'static str,
    text: &[u8],
    tally: &mut Tally,
    collector: &mut Collector,
) -> Result<(), String> {
    let row: Row = lenient::object(text)?;
    let name = match (row.artist.get(), row.track.get()) {
        (Some(artist), Some(track)) => format!("{artist} – {track}"),
        (_, Some(track)) => track.to_owned(),
        _ => row.name.get().or(row.artist.get()).unwrap_or_default().to_owned(),
    };
    let spotify = link_of(row.uri.get());
    if name.is_empty() && spotify.is_none() {
        return Err("it has neither a name nor a link".into());
    }
    collector.note(tally, Noted { kind, name, spotify });
    Ok(())
}

fn local_file(text: &[u8], tally: &mut Tally, collector: &mut Collector) -> Result<(), String> {
    let uri: Text = serde_json::from_slice(text).map_err(|_| "it is not valid JSON".to_owned())?;
    let uri = uri.get().ok_or("it is not a link")?;
    let (wanted, odd) = from_uri(Some(uri), WantedKind::LocalFile);
    if odd.is_some() {
        return Err("its link cannot be read".into());
    }
    let list = collector.own_list(PlaylistKind::LocalFiles);
    collector.entry(tally, list, wanted, None);
    Ok(())
}

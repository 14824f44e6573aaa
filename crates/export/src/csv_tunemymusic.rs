//! TuneMyMusic's CSV: all playlists and the liked tracks in one table.

use std::collections::HashSet;
use std::io;

use ferrotape_domain::{PlaylistKind, SpotifyKind};

use crate::account::{Cost, Teller};
use crate::list::{Entry, List};

const COLUMNS: [&str; 7] =
    ["Track name", "Artist name", "Album", "Playlist name", "Type", "ISRC", "Spotify - id"];

/// Writes every list.
pub(crate) fn write(lists: &[List<'_>], teller: &mut Teller) -> io::Result<Vec<u8>> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(COLUMNS)?;
    let mut seen = HashSet::new();
    for list in lists {
        let is_ours = matches!(list.kind, PlaylistKind::Playlist | PlaylistKind::LikedTracks);
        if is_ours && list.entries.is_empty() {
            teller.list(list, Cost::LeftOut, "a list without an entry has no row in the table");
        }
        if list.kind == PlaylistKind::Playlist && !list.entries.is_empty() && !seen.insert(list.name) {
            teller.list(
                list,
                Cost::Altered,
                "another playlist has the same name, and the table has one for both",
            );
        }
        if is_ours && list.link.is_some() {
            teller.list(list, Cost::NotCarried, "the list's link");
        }
        for entry in &list.entries {
            if entry.wanted.artists.is_empty() && entry.wanted.title.contains(" - ") {
                let reason = "no artist is known, so that its title may be read as “Artist - Title”";
                teller.entry(list, entry, Cost::Altered, reason);
            }
            table.write_record(row(list, entry))?;
        }
    }
    table.into_inner().map_err(|error| io::Error::other(error.to_string()))
}

fn row(list: &List<'_>, entry: &Entry<'_>) -> [String; 7] {
    let wanted = entry.wanted;
    let track = wanted.spotify.as_ref().filter(|link| link.kind == SpotifyKind::Track);
    [
        wanted.title.clone(),
        wanted.artists.to_string(),
        wanted.release.clone().unwrap_or_default(),
        list.name.to_owned(),
        if list.kind == PlaylistKind::LikedTracks { "Favorite" } else { "Playlist" }.to_owned(),
        wanted.isrc.as_ref().map(ToString::to_string).unwrap_or_default(),
        track.map(|link| link.id.as_str().to_owned()).unwrap_or_default(),
    ]
}

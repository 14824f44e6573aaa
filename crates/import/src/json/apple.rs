//! The library in Apple's privacy package: its tracks, and the playlists, which name tracks by number.

use ferrotape_domain::{ArtistCredit, Wanted, WantedKind};
use serde::Deserialize;

use super::lenient::{self, Text, Texts};
use crate::collector::{Collector, Tally};
use crate::text::{date, shown};

/// A track of the library. Playing times are milliseconds; all numbers may be written with a decimal point.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Track {
    #[serde(rename = "Track Identifier")]
    id: Text,
    #[serde(rename = "Content Type")]
    content: Text,
    #[serde(rename = "Title")]
    title: Text,
    #[serde(rename = "Artist")]
    artist: Text,
    #[serde(rename = "Album")]
    album: Text,
    #[serde(rename = "Album Artist")]
    album_artist: Text,
    #[serde(rename = "Track Number On Album")]
    track: Text,
    #[serde(rename = "Disc Number Of Album")]
    disc: Text,
    #[serde(rename = "Track Duration")]
    duration: Text,
    #[serde(rename = "Track Year")]
    year: Text,
    #[serde(rename = "Release Date")]
    released: Text,
    #[serde(rename = "Date Added To Library")]
    added: Text,
}

/// A playlist; `Container Type` tells folders and Apple's own lists apart from the user's.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Playlist {
    #[serde(rename = "Container Type")]
    container: Text,
    #[serde(rename = "Title")]
    title: Text,
    #[serde(rename = "Playlist Item Identifiers")]
    items: Texts,
}

/// The list of all tracks while its file is read.
#[derive(Default)]
pub(super) struct Library {
    list: Option<usize>,
}

/// Takes one track.
pub(super) fn track(
    number: u64,
    text: &[u8],
    library: &mut Library,
    tally: &mut Tally,
    collector: &mut Collector,
) {
    let read = lenient::object::<Track>(text).and_then(|track| Ok((wanted_of(&track)?, track)));
    match read {
        Ok((wanted, track)) => {
            collector.remember(&key(track.id.or_empty()), &wanted);
            let list = *library.list.get_or_insert_with(|| collector.playlist("Library"));
            collector.entry(tally, list, wanted, track.added.get().map(str::to_owned));
        }
        Err(reason) => collector.refuse(tally, number, reason),
    }
}

fn wanted_of(track: &Track) -> Result<Wanted, String> {
    let content = track.content.or_empty().to_ascii_lowercase();
    if ["video", "movie", "tv"].iter().any(|kind| content.contains(kind)) {
        return Err(format!("“{}”: it is a video", shown(track.title.or_empty())));
    }
    let title = track.title.get().ok_or("it has no title")?;
    let whole = |text: &Text| text.milliseconds().filter(|number| *number > 0);
    let year = whole(&track.year).map(|year| year.to_string());
    Ok(Wanted {
        title: title.to_owned(),
        artists: ArtistCredit::printed(track.artist.or_empty()),
        release: track.album.get().map(str::to_owned),
        release_artists: ArtistCredit::printed(track.album_artist.or_empty()),
        track_number: whole(&track.track),
        disc_number: whole(&track.disc),
        released: track.released.get().or(year.as_deref()).and_then(date),
        duration: track.duration.playing_time(),
        ..Wanted::of_kind(WantedKind::Recording)
    })
}

/// Takes one playlist; each number in it is a row.
pub(super) fn playlist(number: u64, text: &[u8], tally: &mut Tally, collector: &mut Collector) {
    let playlist: Playlist = match lenient::object(text) {
        Ok(playlist) => playlist,
        Err(reason) => return collector.refuse(tally, number, reason),
    };
    if playlist.container.or_empty().to_ascii_lowercase().contains("folder") {
        return; // It holds what the playlists in it hold.
    }
    let name = match playlist.title.get() {
        Some(title) => shown(title),
        None => format!("Playlist {number}"),
    };
    let list = collector.playlist(&name);
    for (row, id) in (1..).zip(playlist.items.iter()) {
        match collector.recall(&key(id)) {
            Some(wanted) => collector.entry(tally, list, wanted, None),
            None => {
                let id = shown(id);
                let reason = format!("in playlist “{name}”: no library of tracks here has the track {id}");
                collector.refuse(tally, row, reason);
            }
        }
    }
}

/// Apple's numbers are kept apart from other services' ids.
fn key(id: &str) -> String {
    if id.is_empty() { String::new() } else { format!("apple:{}", id.strip_suffix(".0").unwrap_or(id)) }
}

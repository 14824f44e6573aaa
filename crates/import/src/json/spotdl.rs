//! `.spotdl`: a list of songs, or an object of a sync with one. Each song names the list it was taken from.

use std::collections::HashMap;
use std::time::Duration;

use ferrotape_domain::{ArtistCredit, Isrc, Wanted, WantedKind};
use serde::Deserialize;

use super::album_link;
use super::cutter::Piece;
use super::lenient::{self, Maybe, Text, Texts};
use crate::collector::{Collector, Tally};
use crate::text::{list_name, shown};
use crate::wanted::{describe, from_uri, link_of, says_something};

/// A song. Playing times are seconds.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Song {
    name: Text,
    artists: Texts,
    artist: Text,
    album_name: Text,
    album_artist: Text,
    album_id: Text,
    track_number: Text,
    disc_number: Text,
    duration: Text,
    year: Text,
    date: Text,
    isrc: Text,
    explicit: Maybe<bool>,
    url: Text,
    song_id: Text,
    list_name: Text,
    list_url: Text,
}

/// The lists of one file, by name.
pub(super) struct Lists {
    file: String,
    known: HashMap<String, usize>,
}

impl Lists {
    pub(super) fn of(file: &str) -> Self {
        Self { file: list_name(file), known: HashMap::new() }
    }

    fn of_song(&mut self, song: &Song, collector: &mut Collector) -> usize {
        let name = song.list_name.get().map_or_else(|| self.file.clone(), shown);
        *self.known.entry(name).or_insert_with_key(|name| {
            let list = collector.playlist(name);
            if let Some(link) = link_of(song.list_url.get()) {
                collector.link(list, link);
            }
            list
        })
    }
}

/// Takes one song.
pub(super) fn piece(piece: &Piece<'_>, lists: &mut Lists, tally: &mut Tally, collector: &mut Collector) {
    if !piece.in_list || !(piece.key.is_empty() || piece.key == "songs") {
        return; // What was asked for, and settings.
    }
    let number = tally.next_of(piece.key);
    match lenient::object::<Song>(piece.text).and_then(|song| wanted_of(&song).map(|wanted| (song, wanted))) {
        Ok((song, (wanted, odd))) => {
            if let Some(odd) = odd {
                collector.remark(tally, Some(number), odd);
            }
            let list = lists.of_song(&song, collector);
            collector.entry(tally, list, wanted, None);
        }
        Err(reason) => collector.refuse(tally, number, reason),
    }
}

fn wanted_of(song: &Song) -> Result<(Wanted, Option<String>), String> {
    let id = song.song_id.get().map(|id| format!("spotify:track:{id}"));
    // A link to a video is no link of Spotify's; the id may still be there.
    let link = song.url.get().filter(|url| link_of(Some(url)).is_some()).map(str::to_owned).or(id);
    let (mut wanted, odd) = from_uri(link.as_deref(), WantedKind::Recording);
    let artists: Vec<&str> = song.artists.iter().collect();
    if !artists.is_empty() {
        wanted.artists = ArtistCredit::of_names(&artists);
    }
    describe(&mut wanted, song.name.get(), song.artist.get(), song.album_name.get());
    if !says_something(&wanted) {
        return Err("it has neither a name nor a link".into());
    }
    wanted.release_artists = ArtistCredit::printed(song.album_artist.or_empty());
    wanted.spotify_release = song.album_id.get().and_then(album_link);
    wanted.track_number = song.track_number.number();
    wanted.disc_number = song.disc_number.number();
    wanted.duration = song.duration.number().map(|seconds| Duration::from_secs(seconds.into()));
    wanted.released = song.date.get().or(song.year.get()).and_then(crate::text::date);
    wanted.isrc = Isrc::parse(song.isrc.or_empty()).ok();
    wanted.explicit = song.explicit.0;
    Ok((wanted, odd))
}

//! What the Web API writes: tracks, episodes, albums, podcasts, audiobooks. Backups keep them as they came.

use ferrotape_domain::{ArtistCredit, Isrc, Wanted, WantedKind};
use serde::Deserialize;

use super::lenient::{Maybe, Text};
use crate::wanted::{describe, from_uri, link_of, says_something};

/// Every field may be missing.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WebTrack {
    name: Text,
    uri: Text,
    r#type: Text,
    artists: Names,
    album: Maybe<WebAlbum>,
    show: Maybe<Named>,
    external_ids: Maybe<ExternalIds>,
    duration_ms: Text,
    release_date: Text,
    track_number: Text,
    disc_number: Text,
    explicit: Maybe<bool>,
}

/// An album, saved or that of a track.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WebAlbum {
    name: Text,
    uri: Text,
    artists: Names,
    release_date: Text,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Named {
    name: Text,
}

/// One that is null costs the others nothing.
type Names = Maybe<Vec<Maybe<Named>>>;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ExternalIds {
    isrc: Text,
}

fn credit(artists: &Names) -> ArtistCredit {
    let artists = artists.0.iter().flatten().filter_map(|artist| artist.0.as_ref()?.name.get());
    ArtistCredit::of_names(&artists.collect::<Vec<_>>())
}

/// The thing it names, and what is odd about its link. One without name and link is gone.
pub(super) fn wanted_of(track: &WebTrack) -> (Wanted, Option<String>) {
    let is_episode = track.r#type.get() == Some("episode") || track.show.0.is_some();
    let kind = if is_episode { WantedKind::Episode } else { WantedKind::Recording };
    let (mut wanted, odd) = from_uri(track.uri.get(), kind);
    if wanted.artists.is_empty() {
        wanted.artists = credit(&track.artists);
    }
    let album = track.album.0.as_ref();
    let show = track.show.0.as_ref().and_then(|show| show.name.get());
    let release = show.or_else(|| album.and_then(|album| album.name.get()));
    describe(&mut wanted, track.name.get(), None, release);
    if !says_something(&wanted) {
        return (Wanted::of_kind(WantedKind::Unavailable), odd);
    }
    wanted.released = track.release_date.get().and_then(crate::text::date);
    if let Some(album) = album {
        wanted.release_artists = credit(&album.artists);
        wanted.released = album.release_date.get().and_then(crate::text::date).or(wanted.released);
        wanted.spotify_release = link_of(album.uri.get());
    }
    wanted.duration = wanted.duration.or(track.duration_ms.playing_time());
    wanted.track_number = track.track_number.number();
    wanted.disc_number = track.disc_number.number();
    wanted.explicit = track.explicit.0;
    wanted.isrc = track.external_ids.0.as_ref().and_then(|ids| Isrc::parse(ids.isrc.or_empty()).ok());
    (wanted, odd)
}

/// A saved album as a thing of its own.
pub(super) fn album_of(album: &WebAlbum) -> Result<Wanted, String> {
    let (mut wanted, _) = from_uri(album.uri.get(), WantedKind::Release);
    wanted.artists = credit(&album.artists);
    describe(&mut wanted, album.name.get(), None, None);
    wanted.released = album.release_date.get().and_then(crate::text::date);
    if says_something(&wanted) { Ok(wanted) } else { Err("it has neither a name nor a link".into()) }
}

/// A podcast, or an audiobook with its authors.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WebShow {
    name: Text,
    uri: Text,
    authors: Names,
}

impl WebShow {
    pub(super) fn named(name: Text, uri: Text) -> Self {
        Self { name, uri, authors: Maybe(None) }
    }
}

/// A saved podcast or audiobook. The API writes the links of audiobooks as those of podcasts, too.
pub(super) fn show_of(show: &WebShow, kind: WantedKind) -> Result<Wanted, String> {
    let mut wanted = Wanted { spotify: link_of(show.uri.get()), ..Wanted::of_kind(kind) };
    wanted.artists = credit(&show.authors);
    describe(&mut wanted, show.name.get(), None, None);
    if says_something(&wanted) { Ok(wanted) } else { Err("it has neither a name nor a link".into()) }
}

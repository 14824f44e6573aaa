//! A thing while it is described: its link first, then the names an input gives it.

use ferrotape_domain::{ArtistCredit, SpotifyUri, Wanted, WantedKind};

use crate::links::{Link, parse_link, wanted_kind};

/// The thing a URI field names, or one of `kind` without link; the text tells what is odd about the URI.
pub(crate) fn from_uri(uri: Option<&str>, kind: WantedKind) -> (Wanted, Option<String>) {
    let Some(text) = uri else { return (Wanted::of_kind(kind), None) };
    match parse_link(text) {
        Ok(Link::LocalFile(wanted)) => (*wanted, None),
        Ok(Link::Spotify(uri)) => match wanted_kind(uri.kind) {
            Some(kind) => (Wanted { spotify: Some(uri), ..Wanted::of_kind(kind) }, None),
            None => (Wanted::of_kind(kind), Some(format!("its link is that of a {}", uri.kind.as_str()))),
        },
        Ok(_) | Err(_) => {
            (Wanted::of_kind(kind), Some("its link cannot be read; only its names are used".into()))
        }
    }
}

/// A link that is only kept on record.
pub(crate) fn link_of(text: Option<&str>) -> Option<SpotifyUri> {
    match parse_link(text?) {
        Ok(Link::Spotify(uri)) => Some(uri),
        _ => None,
    }
}

/// Sets names where the link has not brought them (local files carry their own).
pub(crate) fn describe(
    wanted: &mut Wanted,
    title: Option<&str>,
    artist: Option<&str>,
    release: Option<&str>,
) {
    if wanted.title.is_empty() {
        title.unwrap_or_default().clone_into(&mut wanted.title);
    }
    if wanted.artists.is_empty() {
        wanted.artists = ArtistCredit::printed(artist.unwrap_or_default());
    }
    if wanted.release.is_none() {
        wanted.release = release.map(str::to_owned);
    }
}

/// Whether anything is known of a thing.
pub(crate) fn says_something(wanted: &Wanted) -> bool {
    !wanted.title.is_empty() || wanted.spotify.is_some() || wanted.kind == WantedKind::LocalFile
}

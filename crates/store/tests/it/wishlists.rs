//! Invented wishes for the tests.

use ferrotape_domain::{
    ArtistCredit, PlaylistEntry, PlaylistKind, Silent, SpotifyId, SpotifyKind, SpotifyUri, Wanted,
    WantedKind, WantedPlaylist, Wishlist,
};
use ferrotape_store::{ImportOptions, ImportReceipt, Library};

pub(crate) fn uri(kind: SpotifyKind, number: u32) -> SpotifyUri {
    SpotifyUri { kind, id: SpotifyId::parse(&format!("{number:022}")).unwrap() }
}

pub(crate) fn recording(artist: &str, title: &str, album: &str) -> Wanted {
    Wanted {
        title: title.to_owned(),
        artists: ArtistCredit::of_names(&[artist]),
        release: (!album.is_empty()).then(|| album.to_owned()),
        ..Wanted::of_kind(WantedKind::Recording)
    }
}

pub(crate) fn linked(number: u32, artist: &str, title: &str, album: &str) -> Wanted {
    Wanted { spotify: Some(uri(SpotifyKind::Track, number)), ..recording(artist, title, album) }
}

pub(crate) fn list(name: &str, entries: &[usize]) -> WantedPlaylist {
    WantedPlaylist {
        kind: PlaylistKind::Playlist,
        name: name.to_owned(),
        spotify: None,
        incomplete: false,
        entries: entries.iter().map(|wanted| PlaylistEntry { wanted: *wanted, added: None }).collect(),
    }
}

pub(crate) fn wishlist(wanted: Vec<Wanted>, playlists: Vec<WantedPlaylist>) -> Wishlist {
    Wishlist { wanted, playlists, ..Wishlist::default() }
}

/// One list with recordings `first..first + count`, each with a link.
pub(crate) fn numbered(name: &str, first: u32, count: usize) -> Wishlist {
    let wanted = (first..).take(count).map(|n| linked(n, "The Rusty Reels", &format!("Track {n}"), "Oxide"));
    wishlist(wanted.collect(), vec![list(name, &(0..count).collect::<Vec<_>>())])
}

pub(crate) fn import(library: &Library, wishlist: &Wishlist) -> ImportReceipt {
    let options = ImportOptions { label: "test".to_owned(), at: 1_700_000_000, ..ImportOptions::default() };
    library.record_import(wishlist, &options, &Silent).unwrap()
}

/// The titles on each list, in order.
pub(crate) fn titles(library: &Library) -> Vec<(String, Vec<String>)> {
    let playlists = library.playlists().unwrap();
    let titles = playlists.into_iter().map(|playlist| {
        let title_of = |id: i64| library.wanted_by_ids(&[id]).unwrap().remove(0).wanted.title;
        (playlist.name, playlist.entries.iter().map(|entry| title_of(entry.wanted_id)).collect())
    });
    titles.collect()
}

//! Export, then import: what comes back is what went in, over what the format can carry.
//!
//! What each format carries is said here once more, by hand, so that a writer and its reader that forget the same thing
//! are found out.

use ferrotape_domain::{
    ArtistCredit, Cancel, PlaylistKind, Silent, SpotifyKind, Wanted, WantedKind, Wishlist,
};
use ferrotape_export::{Cost, Export, Format, Options, export};
use ferrotape_import::{Limits, read_path};
use std::time::Duration;

use crate::made::{Names, library};

/// Seeds tried for each format.
const SEEDS: u64 = 25;

/// What a list says, without the places of things in some import.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Said {
    kind: PlaylistKind,
    name: String,
    link: Option<String>,
    entries: Vec<(Wanted, Option<String>)>,
}

pub(crate) fn said(library: &Wishlist) -> Vec<Said> {
    let lists = library.playlists.iter().map(|list| Said {
        kind: list.kind,
        name: list.name.clone(),
        link: list.spotify.as_ref().map(ToString::to_string),
        entries: list
            .entries
            .iter()
            .map(|entry| (library.wanted[entry.wanted].clone(), entry.added.clone()))
            .collect(),
    });
    lists.collect()
}

pub(crate) fn exported(library: &Wishlist, format: Format) -> Export {
    let export = export(library, format, &Options::default()).unwrap();
    for (account, list) in export.lists.iter().zip(&library.playlists) {
        assert!(account.adds_up(), "{format:?}: {account:?}");
        assert_eq!(account.entries as usize, list.entries.len());
    }
    let left_out: u64 = export.lists.iter().map(|list| list.left_out).sum();
    let named: usize =
        export.remarks.iter().filter(|one| one.cost == Cost::LeftOut).map(|one| one.rows.len()).sum();
    assert_eq!(left_out as usize, named, "{format:?}: every entry left out is named");
    export
}

/// Reads the files of an export as a user would give them back: a folder.
pub(crate) fn read_back(export: &Export) -> Wishlist {
    let dir = tempfile::tempdir().unwrap();
    for file in &export.files {
        let path = dir.path().join(&file.name);
        assert!(!path.exists(), "two files are called {}", file.name);
        std::fs::write(path, &file.bytes).unwrap();
    }
    let read = read_path(dir.path(), &Limits::default(), &Silent, &Cancel::default()).unwrap();
    assert!(read.accounts.iter().all(|account| account.adds_up()), "{:?}", read.accounts);
    let rows: u64 = read.accounts.iter().map(|account| account.entries).sum();
    let written: u64 = export.lists.iter().map(|list| list.written).sum();
    assert_eq!(rows, written, "rows out are rows in: {:?}", read.problems);
    read
}

/// Compares lists by name; a folder is read in the order of its files' names.
fn check(format: Format, seed: u64, mut expected: Vec<Said>, read: &Wishlist) {
    let mut found = said(read);
    let order = |list: &Said| (list.name.clone(), format!("{:?}", list.entries));
    if format.has_file_per_list() {
        expected.sort_by_key(order);
        found.sort_by_key(order);
    }
    for (found, expected) in found.iter().zip(&expected) {
        let name = &expected.name;
        for (found, expected) in found.entries.iter().zip(&expected.entries) {
            assert_eq!(found, expected, "{format:?}, seed {seed}, list {name}");
        }
        assert_eq!(found, expected, "{format:?}, seed {seed}");
    }
    assert_eq!(found.len(), expected.len(), "{format:?}, seed {seed}");
}

fn round_trip(format: Format, names: Names, carried: impl Fn(&mut Said)) {
    for seed in 0..SEEDS {
        let library = library(seed, names);
        let export = exported(&library, format);
        let read = read_back(&export);
        assert!(read.problems.is_empty(), "{format:?}, seed {seed}: {:?}", read.problems);
        let mut expected = said(&library);
        expected.iter_mut().for_each(&carried);
        check(format, seed, expected, &read);
    }
}

/// The credit as one printed text.
fn printed(credit: &ArtistCredit) -> ArtistCredit {
    ArtistCredit::printed(&credit.to_string())
}

fn plainly_joined(credit: &ArtistCredit) -> ArtistCredit {
    ArtistCredit::of_names(&credit.names().collect::<Vec<_>>())
}

fn printed_unless_plain(credit: &ArtistCredit) -> ArtistCredit {
    if plainly_joined(credit) == *credit { credit.clone() } else { printed(credit) }
}

#[test]
fn json_gives_back_everything() {
    for seed in 0..SEEDS {
        let library = library(seed, Names::Wild);
        let export = exported(&library, Format::Json);
        assert!(export.remarks.is_empty(), "{:?}", export.remarks);
        let read = read_back(&export);
        assert!(read.problems.is_empty(), "seed {seed}: {:?}", read.problems);
        check(Format::Json, seed, said(&library), &read);
        assert_eq!(read.noted, library.noted, "seed {seed}");
        let plays = |library: &Wishlist| {
            let mut plays: Vec<String> = library
                .plays
                .iter()
                .map(|play| {
                    let (wanted, source) = (&library.wanted[play.wanted], play.source);
                    format!("{} {} {source:?} {wanted:?}", play.ended_at, play.played_ms)
                })
                .collect();
            plays.sort();
            plays
        };
        assert_eq!(plays(&read), plays(&library), "seed {seed}");
        let again = exported(&read, Format::Json);
        assert!(again.files == export.files, "seed {seed}: the bytes are not the same again");
    }
}

#[test]
fn jspf_gives_back_every_list() {
    round_trip(Format::Jspf, Names::Wild, |_| {});
}

#[test]
fn xspf_gives_back_every_list() {
    round_trip(Format::Xspf, Names::Wild, |list| {
        for (wanted, _) in &mut list.entries {
            wanted.artists = printed_unless_plain(&wanted.artists);
            wanted.release_artists = printed_unless_plain(&wanted.release_artists);
        }
    });
}

/// Only liked tracks are told from playlists where the name of a file is all there is.
fn without_kind(list: &mut Said) {
    list.link = None;
    if list.kind != PlaylistKind::LikedTracks {
        list.kind = PlaylistKind::Playlist;
    }
}

#[test]
fn m3u8_gives_back_names_links_and_seconds() {
    round_trip(Format::M3u8, Names::Lines, |list| {
        without_kind(list);
        list.entries.retain(|(wanted, _)| match wanted.kind {
            WantedKind::Recording | WantedKind::LocalFile => true,
            WantedKind::Unavailable => false,
            _ => wanted.spotify.is_some(),
        });
        for (wanted, added) in &mut list.entries {
            *added = None;
            let is_file = wanted.kind == WantedKind::LocalFile;
            let of_page = wanted.recording_mbid.clone().filter(|_| wanted.spotify.is_none() && !is_file);
            *wanted = Wanted {
                title: wanted.title.clone(),
                artists: printed(&wanted.artists),
                release: wanted.release.clone(),
                duration: wanted
                    .duration
                    .map(|time| Duration::from_secs((time.as_millis() as u64 + 500) / 1000)),
                recording_mbid: of_page,
                spotify: wanted.spotify.clone(),
                ..Wanted::of_kind(wanted.kind)
            };
        }
    });
}

#[test]
fn exportify_gives_back_its_columns() {
    for seed in 0..SEEDS {
        let mut library = library(seed, Names::Wild);
        // A name that no file can have comes back as the file's; that is tested by itself.
        for (at, list) in library.playlists.iter_mut().enumerate() {
            if list.kind == PlaylistKind::Playlist {
                list.name = format!("Liste №{at}, «ö»");
            }
        }
        let export = exported(&library, Format::Exportify);
        let read = read_back(&export);
        assert!(read.problems.is_empty(), "seed {seed}: {:?}", read.problems);
        let mut expected = said(&library);
        for list in &mut expected {
            without_kind(list);
            list.entries.retain(|(wanted, _)| {
                use WantedKind::{LocalFile, Recording, Unavailable};
                matches!(wanted.kind, Recording | LocalFile | Unavailable) || wanted.spotify.is_some()
            });
            for (wanted, _) in &mut list.entries {
                // A local file's artists stand in its link, as one text.
                wanted.artists = match wanted.kind {
                    WantedKind::LocalFile => printed(&wanted.artists),
                    _ => plainly_joined(&wanted.artists),
                };
                wanted.release_artists = plainly_joined(&wanted.release_artists);
                (wanted.recording_mbid, wanted.feed) = (None, None);
                wanted.spotify_release =
                    wanted.spotify_release.take().filter(|link| link.kind == SpotifyKind::Album);
            }
        }
        check(Format::Exportify, seed, expected, &read);
    }
}

#[test]
fn tunemymusic_gives_back_its_columns() {
    for seed in 0..SEEDS {
        let mut library = library(seed, Names::Wild);
        library
            .playlists
            .retain(|list| matches!(list.kind, PlaylistKind::Playlist | PlaylistKind::LikedTracks));
        for (at, list) in library.playlists.iter_mut().enumerate() {
            list.name = if list.kind == PlaylistKind::Playlist {
                format!("{} {at}", list.name)
            } else {
                list.name.clone()
            };
        }
        // Whose title has a dash and no artist comes back split, and the export says so; tested by itself.
        for wanted in &mut library.wanted {
            if wanted.artists.is_empty() {
                wanted.title = wanted.title.replace(" - ", "-");
            }
        }
        let export = exported(&library, Format::TuneMyMusic);
        let read = read_back(&export);
        assert!(read.problems.is_empty(), "seed {seed}: {:?}", read.problems);
        let mut expected = said(&library);
        for list in &mut expected {
            without_kind(list);
            list.entries
                .retain(|(wanted, _)| matches!(wanted.kind, WantedKind::Recording | WantedKind::LocalFile));
            for (wanted, added) in &mut list.entries {
                *added = None;
                *wanted = Wanted {
                    title: wanted.title.clone(),
                    artists: printed(&wanted.artists),
                    release: wanted.release.clone(),
                    isrc: wanted.isrc.clone(),
                    spotify: wanted.spotify.clone(),
                    ..Wanted::of_kind(WantedKind::Recording)
                };
            }
        }
        expected.retain(|list| !list.entries.is_empty());
        check(Format::TuneMyMusic, seed, expected, &read);
    }
}

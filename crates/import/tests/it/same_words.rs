//! Rows of the same words: one thing where nothing tells them apart, and two where anything does.

use std::fmt::Write as _;

use ferrotape_domain::{Cancel, PlaylistKind, Silent, Wishlist};
use ferrotape_import::{Limits, read_path};

fn read(name: &str, text: &str) -> Wishlist {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    let wishlist = read_path(&path, &Limits::default(), &Silent, &Cancel::default()).unwrap();
    assert!(wishlist.accounts.iter().all(|account| account.adds_up()), "{:?}", wishlist.accounts);
    wishlist
}

fn itunes(tracks: &[&str]) -> String {
    let mut rows = String::new();
    for (number, track) in (1..).zip(tracks) {
        write!(rows, "<key>{number}</key><dict><key>Track ID</key><integer>{number}</integer>{track}</dict>")
            .unwrap();
    }
    format!(
        "<?xml version=\"1.0\"?><plist version=\"1.0\"><dict><key>Tracks</key><dict>{rows}</dict></dict></plist>"
    )
}

#[test]
fn playing_times_and_places_tell_rows_of_the_same_words_apart() {
    let track = |name: &str, time: u32, more: &str| {
        format!("<key>Name</key><string>{name}</string><key>Total Time</key><integer>{time}</integer>{more}")
    };
    let band = "<key>Artist</key><string>Band</string><key>Album</key><string>Live</string>";
    let at = |disc: u32, number: u32| {
        format!(
            "{band}<key>Disc Number</key><integer>{disc}</integer><key>Track Number</key><integer>{number}</integer>"
        )
    };
    let tracks = [
        track("Track 01", 200_000, ""),
        track("Track 01", 470_000, ""),
        track("Jam", 200_000, &at(1, 1)),
        track("Jam", 900_000, &at(2, 9)),
        track("Jam", 200_500, &at(1, 1)),
        // Nothing but the library's own number tells it from the first.
        track("Track 01", 200_000, ""),
    ];
    let tracks: Vec<&str> = tracks.iter().map(String::as_str).collect();
    let wishlist = read("Library.xml", &itunes(&tracks));
    let places: Vec<usize> = wishlist.playlists[0].entries.iter().map(|entry| entry.wanted).collect();
    assert_eq!(places, [0, 1, 2, 3, 2, 4]);
    assert_eq!(wishlist.wanted[3].duration.unwrap().as_secs(), 900);
}

#[test]
fn titles_without_an_artist_are_told_apart_by_their_files() {
    let text = "#EXTM3U\nCD1/Track 01.mp3\nCD2/Track 01.mp3\nCD1/Track 01.mp3\n";
    let wishlist = read("Discs.m3u8", text);
    let places: Vec<usize> = wishlist.playlists[0].entries.iter().map(|entry| entry.wanted).collect();
    assert_eq!(places, [0, 1, 0]);
}

#[test]
fn words_that_fit_two_links_are_neither() {
    let header = "Track URI,Track Name,Artist Name,Album Name,Track Duration (ms)\n";
    let row = |link: &str| format!("{link},Intro,Band,Album,\n");
    let text = [
        header,
        &row("spotify:track:4uLU6hMCjMI75M1A2tKUQC"),
        &row("spotify:track:0VjIjW4GlUZAMYd2vXMi3b"),
        &row(""),
        &row(""),
    ]
    .concat();
    let wishlist = read("list.csv", &text);
    let places: Vec<usize> = wishlist.playlists[0].entries.iter().map(|entry| entry.wanted).collect();
    assert_eq!(places, [0, 1, 2, 2], "a third thing of which only the words are known");
}

#[test]
fn a_library_that_came_back_empty_says_so() {
    let wishlist = read(
        "YourLibrary.json",
        r#"{"tracks":[],"albums":[],"shows":[],"episodes":[],"bannedTracks":[],"artists":[],"bannedArtists":[],"other":[]}"#,
    );
    let kinds: Vec<PlaylistKind> = wishlist.playlists.iter().map(|list| list.kind).collect();
    assert!(
        kinds.contains(&PlaylistKind::LikedTracks) && kinds.contains(&PlaylistKind::SavedAlbums),
        "{kinds:?}"
    );
}

#[test]
fn a_list_that_is_cut_off_is_known_to_be() {
    let whole = r#"{"playlists":[{"name":"A","items":[{"track":{"trackName":"One","artistName":"X"}}]},{"name":"B","items":[{"track":{"trackName":"Two","artistName":"X"}},{"track":{"trackName":"Three","artistName":"X"}}]}]}"#;
    let marks = |text: &str| -> Vec<(String, bool)> {
        let wishlist = read("Playlist1.json", text);
        wishlist.playlists.into_iter().map(|list| (list.name, list.incomplete)).collect()
    };
    assert_eq!(marks(whole), [("A".to_owned(), false), ("B".to_owned(), false)]);
    let cut = &whole[..whole.find("Three").unwrap()];
    assert_eq!(marks(cut), [("A".to_owned(), false), ("B".to_owned(), true)]);
}

/// Each of these took minutes when rows of one name were compared with each other: it must end, that is all.
#[test]
fn very_many_rows_of_one_name_come_to_an_end() {
    let mut text = "Track URI,Track Name,Artist Name,Album Name,ISRC\n".to_owned();
    for number in 0..30_000 {
        writeln!(text, "spotify:track:{number:022},Intro,Band,Album,").unwrap();
    }
    for number in 0..30_000 {
        writeln!(text, ",Intro,Band,Album,GBAAA{number:07}").unwrap();
    }
    assert_eq!(read("list.csv", &text).playlists[0].entries.len(), 60_000);
}

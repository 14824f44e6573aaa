//! Which wanted things are the same.

use std::time::Duration;

use ferrotape_domain::{ArtistCredit, CreditedArtist, Isrc, Mbid, Noted, SpotifyKind, Wanted, WantedKind};
use ferrotape_store::Library;

use crate::wishlists::{import, linked, list, recording, uri, wishlist};

fn only(library: &Library) -> ferrotape_store::StoredWanted {
    let lists = library.playlists().unwrap();
    assert_eq!(library.counts().unwrap().wanted, 1);
    library.wanted_by_ids(&[lists[0].entries[0].wanted_id]).unwrap().remove(0)
}

#[test]
fn a_row_of_words_becomes_the_row_of_its_link_and_keeps_its_old_key() {
    let library = Library::open_in_memory().unwrap();
    let words = recording("Magnetite", "First Light", "Poles");
    import(&library, &wishlist(vec![words.clone()], vec![list("A", &[0])]));
    let before = only(&library);
    assert_eq!(before.key, words.name_key());

    let with_link = linked(5, "Magnetite", "First  light", "Poles");
    let receipt = import(&library, &wishlist(vec![with_link.clone()], vec![list("A", &[0])]));
    assert_eq!((receipt.wanted_new, receipt.unchanged), (0, false));
    let after = only(&library);
    assert_eq!((after.id, after.key), (before.id, with_link.spotify.clone().unwrap().to_string()));
    assert_eq!(after.aliases, [words.name_key()]);
    assert_eq!(after.wanted.title, "First Light", "what is known is not replaced");
    assert_eq!(after.wanted.spotify, with_link.spotify);

    assert!(
        import(&library, &wishlist(vec![words], vec![list("A", &[0])])).unchanged,
        "the words still lead there"
    );
    assert!(import(&library, &wishlist(vec![with_link], vec![list("A", &[0])])).unchanged);
}

#[test]
fn two_links_are_never_merged_and_words_that_fit_both_are_neither() {
    let library = Library::open_in_memory().unwrap();
    let both = vec![linked(1, "Magnetite", "Twin", "Poles"), linked(2, "Magnetite", "Twin", "Poles")];
    import(&library, &wishlist(both, vec![list("A", &[0, 1])]));
    let receipt =
        import(&library, &wishlist(vec![recording("magnetite", "TWIN", "poles")], vec![list("B", &[0])]));
    assert_eq!(
        (receipt.wanted_new, library.counts().unwrap().wanted),
        (1, 3),
        "saying which would be a guess"
    );
    let words = wishlist(vec![recording("magnetite", "TWIN", "poles")], vec![list("B", &[0])]);
    assert!(import(&library, &words).unchanged);
}

#[test]
fn the_same_words_with_two_isrcs_are_two_recordings() {
    let library = Library::open_in_memory().unwrap();
    let with =
        |isrc: &str| Wanted { isrc: Isrc::parse(isrc).ok(), ..recording("Magnetite", "Twin", "Poles") };
    let both = wishlist(vec![with("GBAAA2100001"), with("GBAAA2100002")], vec![list("A", &[0, 1])]);
    import(&library, &both);
    assert_eq!(library.counts().unwrap().wanted, 2);
    assert!(import(&library, &both).unchanged);
}

#[test]
fn a_list_row_without_album_is_not_taken_for_a_certain_albums_recording() {
    let library = Library::open_in_memory().unwrap();
    import(&library, &wishlist(vec![linked(1, "Magnetite", "Twin", "Live in Rust")], vec![list("A", &[0])]));
    import(&library, &wishlist(vec![recording("Magnetite", "Twin", "")], vec![list("B", &[0])]));
    assert_eq!(library.counts().unwrap().wanted, 2);
}

#[test]
fn the_fuller_list_of_artists_counts_whatever_came_first() {
    let by = |artists: &[&str]| Wanted {
        artists: ArtistCredit::of_names(artists),
        ..linked(3, "", "Third Rail", "Poles")
    };
    let credit = |imports: &[&[&str]]| {
        let library = Library::open_in_memory().unwrap();
        for artists in imports {
            import(&library, &wishlist(vec![by(artists)], vec![list("A", &[0])]));
        }
        let last = imports.last().copied().unwrap_or_default();
        assert!(import(&library, &wishlist(vec![by(last)], vec![list("A", &[0])])).unchanged, "{imports:?}");
        only(&library).wanted.artists.to_string()
    };
    // The data export names the first artist only; CSVs print all of them as one text.
    for [first, second] in [["Magnetite", "Magnetite,Hiss"], ["Magnetite,Hiss", "Magnetite"]] {
        assert_eq!(credit(&[&[first], &[second]]).replace(", ", ","), "Magnetite,Hiss");
    }
    assert_eq!(credit(&[&["Magnetite"], &["Magnetite", "Hiss"]]), "Magnetite, Hiss");
    assert_eq!(credit(&[&["Magnetite", "Hiss"], &["Magnetite"]]), "Magnetite, Hiss");
    // Neither another artist nor a longer name is a fuller list.
    for other in ["Hiss,Magnetite", "Magnetites", "Magnetite Band", "Magnetite,"] {
        assert_eq!(credit(&[&["Magnetite"], &[other]]), "Magnetite", "{other}");
    }
}

#[test]
fn later_imports_fill_gaps_and_never_blank() {
    let library = Library::open_in_memory().unwrap();
    let bare = Wanted { spotify: Some(uri(SpotifyKind::Track, 3)), ..Wanted::of_kind(WantedKind::Recording) };
    import(&library, &wishlist(vec![bare.clone()], vec![list("A", &[0])]));
    assert!(only(&library).wanted.title.is_empty());

    let credited =
        |name: &str, join: &str| CreditedArtist { name: name.to_owned(), join_phrase: join.to_owned() };
    let full = Wanted {
        artists: ArtistCredit::of_credited(vec![credited("Magnetite", " feat. "), credited("Hiss", "")]),
        release_artists: ArtistCredit::of_names(&["Various"]),
        track_number: Some(7),
        disc_number: Some(2),
        released: Some("2021-03".to_owned()),
        duration: Some(Duration::from_millis(201_337)),
        isrc: Isrc::parse("GBAAA2100001").ok(),
        recording_mbid: Mbid::parse("1e7c1e0e-0b1c-4f5e-9a70-7d7f0a5b2c11").ok(),
        explicit: Some(false),
        spotify_release: Some(uri(SpotifyKind::Album, 8)),
        feed: Some("https://example.org/feed.xml".to_owned()),
        ..linked(3, "", "Third Rail", "Poles")
    };
    let receipt = import(&library, &wishlist(vec![full.clone()], vec![list("A", &[0])]));
    assert!(!receipt.unchanged);
    assert_eq!(only(&library).wanted, full);
    assert!(import(&library, &wishlist(vec![bare], vec![list("A", &[0])])).unchanged);
    assert_eq!(only(&library).wanted, full);
}

#[test]
fn links_of_albums_and_artists_lead_to_their_recordings() {
    let library = Library::open_in_memory().unwrap();
    let album = uri(SpotifyKind::Album, 8);
    let on_album = |number: u32, track: u32| Wanted {
        track_number: Some(track),
        spotify_release: Some(album.clone()),
        ..linked(number, "Magnetite", &format!("Part {track}"), "Poles")
    };
    let saved = Wanted {
        spotify: Some(album.clone()),
        kind: WantedKind::Release,
        ..recording("Magnetite", "Poles", "")
    };
    let mut wishes = wishlist(vec![saved], vec![list("A", &[0])]);
    wishes.noted = vec![Noted {
        kind: "followed_artist",
        name: "magnetite".to_owned(),
        spotify: Some(uri(SpotifyKind::Artist, 9)),
    }];
    import(&library, &wishes);
    assert_eq!(library.wanted_of_release(&album).unwrap()[0].wanted.kind, WantedKind::Release);

    import(&library, &wishlist(vec![on_album(1, 2), on_album(2, 1)], vec![list("B", &[0, 1])]));
    let titles: Vec<String> =
        library.wanted_of_release(&album).unwrap().into_iter().map(|wanted| wanted.wanted.title).collect();
    assert_eq!(titles, ["Part 1", "Part 2"]);
    assert_eq!(library.wanted_by_artist(&uri(SpotifyKind::Artist, 9)).unwrap().len(), 2);
    assert!(library.wanted_by_artist(&uri(SpotifyKind::Artist, 10)).unwrap().is_empty());
    assert_eq!(
        library.wanted_by_spotify(&uri(SpotifyKind::Track, 2)).unwrap().unwrap().wanted.title,
        "Part 1"
    );
    assert_eq!(library.wanted_by_spotify(&uri(SpotifyKind::Track, 3)).unwrap(), None);
}

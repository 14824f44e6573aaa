//! Imports: the same again changes nothing, a shorter one deletes nothing.

use ferrotape_domain::{
    Noted, Play, PlaySource, PlaylistEntry, PlaylistKind, Silent, SpotifyKind, WantedPlaylist, Wishlist,
};
use ferrotape_store::{ImportOptions, Library};

use crate::wishlists::{import, linked, list, numbered, recording, titles, uri, wishlist};

fn everything() -> Wishlist {
    let mut all = wishlist(
        vec![
            linked(1, "Magnetite", "First Light", "Poles"),
            recording("Hiss & Flutter", "Wow", "Capstan"),
            linked(2, "Magnetite", "Second Wind", "Poles"),
        ],
        vec![list("Morning", &[0, 1, 0, 2]), list("Evening", &[2]), list("Morning", &[1])],
    );
    all.playlists[0].entries[1].added = Some("2024-05-01".to_owned());
    all.plays = vec![
        Play { wanted: 0, ended_at: 1_600_000_000, played_ms: 200_000, source: PlaySource::ExtendedHistory },
        Play { wanted: 1, ended_at: 1_600_000_300, played_ms: 100_000, source: PlaySource::ExtendedHistory },
    ];
    all.noted = vec![Noted {
        kind: "followed_artist",
        name: "Magnetite".to_owned(),
        spotify: Some(uri(SpotifyKind::Artist, 9)),
    }];
    all
}

#[test]
fn the_same_import_again_changes_nothing() {
    let library = Library::open_in_memory().unwrap();
    let first = import(&library, &everything());
    assert!(!first.unchanged);
    assert_eq!((first.wanted_new, first.wanted_known, first.plays_new, first.noted_new), (3, 0, 2, 1));
    let (counts, lists) = (library.counts().unwrap(), library.playlists().unwrap());
    assert_eq!((counts.wanted, counts.playlists, counts.entries, counts.plays), (3, 3, 6, 2));

    let second = import(&library, &everything());
    assert!(second.unchanged, "{second:?}");
    assert_eq!((second.wanted_new, second.wanted_known, second.plays_new, second.noted_new), (0, 3, 0, 0));
    assert!(second.playlists.iter().all(|change| change.added + change.removed == 0));
    assert_eq!(library.counts().unwrap(), counts);
    assert_eq!(library.playlists().unwrap(), lists);
    assert_eq!(library.check(), Vec::<String>::new());
}

#[test]
fn order_and_duplicates_are_kept_and_lists_of_one_name_are_two() {
    let library = Library::open_in_memory().unwrap();
    let receipt = import(&library, &everything());
    let morning = ["First Light", "Wow", "First Light", "Second Wind"];
    let lists = titles(&library);
    assert_eq!(lists[0], ("Morning".to_owned(), morning.map(str::to_owned).to_vec()));
    assert_eq!(lists[2], ("Morning".to_owned(), vec!["Wow".to_owned()]));
    assert_eq!(library.playlist_ids_of_import(receipt.import_id).unwrap().len(), 3);
    assert_eq!(library.playlists().unwrap()[0].entries[1].added.as_deref(), Some("2024-05-01"));
}

#[test]
fn an_import_without_a_list_leaves_it_alone_and_a_shorter_list_becomes_the_list() {
    let library = Library::open_in_memory().unwrap();
    import(&library, &everything());
    let shorter = wishlist(vec![linked(2, "Magnetite", "Second Wind", "Poles")], vec![list("Morning", &[0])]);
    let receipt = import(&library, &shorter);
    let change = &receipt.playlists[0];
    assert_eq!((change.entries, change.added, change.removed), (1, 0, 3));
    assert_eq!(change.kept_back, None, "a list of four may be edited freely");
    assert_eq!(library.playlist_ids_of_import(receipt.import_id).unwrap(), [change.playlist_id]);
    let lists = titles(&library);
    assert_eq!(lists[0].1, ["Second Wind"]);
    assert_eq!(lists[1].1, ["Second Wind"], "Evening was not in the import");
    assert_eq!(library.counts().unwrap().wanted, 3, "nothing is deleted");
}

#[test]
fn entries_that_come_back_take_their_old_rows() {
    let library = Library::open_in_memory().unwrap();
    import(&library, &everything());
    let before = library.playlists().unwrap();
    let mut other = everything();
    other.playlists[0].entries.truncate(1);
    for _ in 0..3 {
        assert_eq!(import(&library, &other).playlists[0].removed, 3);
        assert_eq!(import(&library, &everything()).playlists[0].added, 3);
    }
    assert_eq!(library.playlists().unwrap(), before, "dates included");
}

#[test]
fn a_list_that_shrank_too_much_is_kept_until_the_user_accepts() {
    let library = Library::open_in_memory().unwrap();
    import(&library, &numbered("Long", 0, 12));

    let receipt = import(&library, &numbered("Long", 0, 5));
    assert!(receipt.playlists[0].kept_back.as_ref().unwrap().reason.contains("5 of 12"));
    assert_eq!(receipt.playlists[0].entries, 12);
    let empty = wishlist(vec![], vec![list("Long", &[])]);
    assert!(import(&library, &empty).playlists[0].kept_back.is_some());
    assert_eq!(titles(&library)[0].1.len(), 12);

    assert_eq!(import(&library, &numbered("Long", 0, 6)).playlists[0].kept_back, None, "half is an edit");
    assert_eq!(titles(&library)[0].1.len(), 6);

    let accept = ImportOptions { accept_shrink: true, ..ImportOptions::default() };
    let receipt = library.record_import(&empty, &accept, &Silent).unwrap();
    assert_eq!((receipt.playlists[0].removed, &receipt.playlists[0].kept_back), (6, &None));
    assert!(titles(&library)[0].1.is_empty());
}

#[test]
fn a_lists_link_is_its_identity_from_then_on() {
    let library = Library::open_in_memory().unwrap();
    import(&library, &numbered("Mixtape", 0, 2));
    let link = uri(SpotifyKind::Playlist, 77);
    let with_link = |name: &str, count| {
        let mut wishes = numbered(name, 0, count);
        wishes.playlists[0].spotify = Some(link.clone());
        wishes
    };
    assert!(!import(&library, &with_link("Mixtape", 2)).unchanged);
    assert!(import(&library, &with_link("Mixtape", 2)).unchanged);
    import(&library, &with_link("Mixtape, renamed", 3));
    let lists = library.playlists().unwrap();
    assert_eq!(lists.len(), 1);
    assert_eq!((lists[0].name.as_str(), lists[0].entries.len()), ("Mixtape, renamed", 3));
    assert_eq!(lists[0].spotify, Some(link));
}

#[test]
fn lists_of_one_name_and_two_links_stay_two() {
    let library = Library::open_in_memory().unwrap();
    for number in [1, 2, 1] {
        let mut one = numbered("Same name", number, 1);
        one.playlists[0].spotify = Some(uri(SpotifyKind::Playlist, number));
        import(&library, &one);
    }
    let lists = titles(&library);
    assert_eq!(lists.len(), 2);
    assert_eq!((&lists[0].1[0], &lists[1].1[0]), (&"Track 1".to_owned(), &"Track 2".to_owned()));
}

#[test]
fn one_link_twice_in_an_import_is_two_lists_and_stays_two() {
    let library = Library::open_in_memory().unwrap();
    let mut twice = numbered("Mix", 0, 2);
    twice.playlists[0].spotify = Some(uri(SpotifyKind::Playlist, 1));
    twice.playlists.push(WantedPlaylist { name: "Mix, again".to_owned(), ..twice.playlists[0].clone() });
    import(&library, &twice);
    assert!(import(&library, &twice).unchanged);
    assert_eq!(library.counts().unwrap().playlists, 2);
}

#[test]
fn the_liked_tracks_are_one_list_whatever_an_input_calls_them() {
    let library = Library::open_in_memory().unwrap();
    for name in ["Liked Songs", "Lieblingssongs"] {
        let liked = WantedPlaylist { kind: PlaylistKind::LikedTracks, ..list(name, &[0]) };
        import(&library, &wishlist(vec![linked(1, "Magnetite", "First Light", "Poles")], vec![liked]));
    }
    assert_eq!(library.counts().unwrap().playlists, 1);
}

#[test]
fn names_with_nul_and_ten_thousand_characters_are_taken() {
    let library = Library::open_in_memory().unwrap();
    let long = "∞".repeat(10_000);
    let odd = wishlist(
        vec![recording("No\0body", &long, "a\u{1f}b"), recording("", "", "")],
        vec![WantedPlaylist {
            entries: vec![
                PlaylistEntry { wanted: 0, added: Some("2024\0".to_owned()) },
                PlaylistEntry { wanted: 1, added: None },
            ],
            ..list("List\0 \u{1f3b5}", &[])
        }],
    );
    import(&library, &odd);
    assert!(import(&library, &odd).unchanged);
    assert_eq!(titles(&library), [("List \u{1f3b5}".to_owned(), vec![long, String::new()])]);
}

#[test]
fn the_accounts_answers_are_kept_until_they_are_purged() {
    let library = Library::open_in_memory().unwrap();
    library.keep_account_answer("me/tracks?offset=0", 100, b"one").unwrap();
    library.keep_account_answer("me/tracks?offset=50", 200, b"two").unwrap();
    library.keep_account_answer("me/tracks?offset=50", 210, b"newer").unwrap();
    assert_eq!(library.account_answer("me/tracks?offset=50").unwrap(), Some((210, b"newer".to_vec())));
    assert_eq!(library.purge_account_answers(200).unwrap(), 1);
    assert_eq!(library.account_answer("me/tracks?offset=0").unwrap(), None);
    assert_eq!(library.purge_account_answers(i64::MAX).unwrap(), 1);
}

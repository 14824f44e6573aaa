//! The answers of a connected account: every row is accounted for, whatever is missing in it.

use ferrotape_domain::{AccountAnswer, AccountPart, PlaylistKind, WantedKind, Wishlist};
use ferrotape_import::{Limits, read_account};

fn read(answers: Vec<(AccountPart, Result<&str, &str>)>) -> Wishlist {
    let answer = |(part, rows): (AccountPart, Result<&str, &str>)| AccountAnswer {
        part,
        rows: rows.map(|text| text.as_bytes().to_vec()).map_err(str::to_owned),
    };
    let answers: Vec<AccountAnswer> = answers.into_iter().map(answer).collect();
    let wishlist = read_account(&answers, &Limits::default());
    assert!(wishlist.accounts.iter().all(|account| account.adds_up()), "{wishlist:?}");
    assert_eq!(wishlist.accounts.len(), answers.len());
    wishlist
}

fn road_trip() -> AccountPart {
    AccountPart::Playlist { name: "Road Trip".into(), link: "spotify:playlist:3cEYpjA9oz9GiPac4AsH4n".into() }
}

#[test]
fn rows_of_this_year_and_of_the_last_are_the_same_things() {
    let rows = r#"{"total": 5, "items": [
        {"added_at": "2026-03-01T08:00:00Z", "item": {"name": "Undertow", "uri": "spotify:track:6rqhFgbbKwnb9MLmUQDhG6",
            "artists": [{"name": "Mara Quill"}], "external_ids": {"isrc": "QZFKE1234567"}, "album": null}},
        {"added_at": null, "track": {"name": "Undertow", "uri": "spotify:track:6rqhFgbbKwnb9MLmUQDhG6"}},
        {"item": {"type": "episode", "name": "On Lighthouses", "release_date": "2024-01-09", "show": {"name": "The Tide Table"}}},
        {"item": null, "track": null},
        {"is_local": true, "item": {"name": "Mine", "uri": "spotify:local:Me:Tape:Mine:61"}}
    ]}"#;
    let wishlist = read(vec![(road_trip(), Ok(rows))]);
    let list = &wishlist.playlists[0];
    assert_eq!((list.name.as_str(), list.entries.len()), ("Road Trip", 5));
    assert_eq!(list.spotify.as_ref().unwrap().to_string(), "spotify:playlist:3cEYpjA9oz9GiPac4AsH4n");
    assert_eq!(list.entries[0].wanted, list.entries[1].wanted);
    let kinds: Vec<WantedKind> =
        list.entries.iter().map(|entry| wishlist.wanted[entry.wanted].kind).collect();
    let (track, gone) = (WantedKind::Recording, WantedKind::Unavailable);
    assert_eq!(kinds, [track, track, WantedKind::Episode, gone, WantedKind::LocalFile]);
    assert_eq!(wishlist.wanted[0].isrc.as_ref().unwrap().as_str(), "QZFKE1234567");
    let episode = &wishlist.wanted[list.entries[2].wanted];
    assert_eq!(
        (episode.release.as_deref(), episode.released.as_deref()),
        (Some("The Tide Table"), Some("2024-01-09"))
    );
}

#[test]
fn a_part_that_was_refused_is_named_and_leaves_no_list() {
    let wishlist =
        read(vec![(road_trip(), Err("it is not yours")), (AccountPart::Audiobooks, Err("not here"))]);
    assert_eq!(wishlist.playlists.len(), 0);
    let told: Vec<(&str, &str)> =
        wishlist.problems.iter().map(|p| (p.file.as_str(), p.reason.as_str())).collect();
    let expected = [
        ("Spotify account/playlist “Road Trip”", "it is not yours"),
        ("Spotify account/saved audiobooks", "not here"),
    ];
    assert_eq!(told, expected);
}

#[test]
fn what_is_empty_is_a_list_and_what_did_not_come_is_none() {
    let nothing = r#"{"total": 0, "items": []}"#;
    let parts = [road_trip(), AccountPart::Albums, AccountPart::Artists];
    let wishlist = read(parts.clone().map(|part| (part, Ok(nothing))).to_vec());
    assert_eq!(wishlist.playlists.len(), 2, "artists are no list");
    assert!(wishlist.playlists.iter().all(|list| !list.incomplete));
    assert_eq!(wishlist.problems.len(), 0);
    let wishlist = read(parts.map(|part| (part, Ok(r#"{"total": 7, "items": []}"#))).to_vec());
    assert_eq!((wishlist.playlists.len(), wishlist.problems.len()), (0, 3));
}

#[test]
fn shows_books_albums_and_artists_are_what_they_are_called() {
    let id = "6rqhFgbbKwnb9MLmUQDhG6";
    let show = format!(
        r#"{{"items": [{{"added_at": "2026-03-01", "show": {{"name": "The Tide Table", "uri": "spotify:show:{id}"}}}}]}}"#
    );
    // A book whose link is that of a podcast, and one without the row around it.
    let books = format!(
        r#"{{"items": [{{"audiobook": {{"name": "Salt", "uri": "spotify:show:{id}", "authors": [{{"name": "Ann Ode"}}]}}}},
            {{"name": "Reed", "uri": "spotify:audiobook:{id}"}}, {{"audiobook": {{}}}}]}}"#
    );
    let albums = r#"{"items": [{"album": {"name": "Winter Maps", "artists": [null, {"name": "Odd Harbour"}], "release_date": "2019"}}]}"#;
    let artists = r#"{"items": [{"name": "Mara Quill"}, {"name": null}, 7]}"#;
    let wishlist = read(vec![
        (AccountPart::Shows, Ok(&show)),
        (AccountPart::Audiobooks, Ok(&books)),
        (AccountPart::Albums, Ok(albums)),
        (AccountPart::Artists, Ok(artists)),
    ]);
    let kinds: Vec<PlaylistKind> = wishlist.playlists.iter().map(|list| list.kind).collect();
    assert_eq!(kinds, [PlaylistKind::SavedShows, PlaylistKind::SavedAudiobooks, PlaylistKind::SavedAlbums]);
    let first = |list: usize| &wishlist.wanted[wishlist.playlists[list].entries[0].wanted];
    assert_eq!(first(0).kind, WantedKind::Show);
    assert_eq!((first(1).kind, first(1).artists.first()), (WantedKind::Audiobook, Some("Ann Ode")));
    assert_eq!((first(2).kind, first(2).artists.first()), (WantedKind::Release, Some("Odd Harbour")));
    assert_eq!(wishlist.noted.len(), 1);
    assert_eq!(wishlist.problems.len(), 3, "{:?}", wishlist.problems);
}

#[test]
fn rows_that_the_service_keeps_back_are_told() {
    let wishlist =
        read(vec![(AccountPart::Tracks, Ok(r#"{"total": 3, "items": [{"track": {"name": "A"}}]}"#))]);
    assert!(wishlist.problems[0].reason.contains("counts 3 rows and gave 1"), "{:?}", wishlist.problems);
    assert!(wishlist.playlists[0].incomplete);
}

#[test]
fn an_answer_that_is_cut_off_keeps_the_rows_before_the_cut() {
    let cut = r#"{"items": [{"track": {"name": "A"}}, {"track": {"na"#;
    let wishlist = read(vec![(AccountPart::Tracks, Ok(cut))]);
    assert_eq!((wishlist.accounts[0].entries, wishlist.accounts[0].problems), (1, 1));
    assert!(wishlist.playlists[0].incomplete);
}

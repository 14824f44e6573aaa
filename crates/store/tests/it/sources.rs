//! Inputs that come back: the same list from another place, older bytes again, lists cut off, names that fit two things.

use std::time::Duration;

use ferrotape_domain::{PlaylistEntry, PlaylistKind, Silent, Wanted, WantedKind, WantedPlaylist, Wishlist};
use ferrotape_store::{ImportOptions, ImportReceipt, Library, Watched, WatchedKind};

use crate::wishlists::{linked, list, numbered, recording, titles, wishlist};

fn import_of(library: &Library, wishlist: &Wishlist, label: &str, content: &str) -> ImportReceipt {
    let options = ImportOptions {
        label: label.to_owned(),
        at: 1_700_000_000,
        content: content.to_owned(),
        ..ImportOptions::default()
    };
    let receipt = library.record_import(wishlist, &options, &Silent).unwrap();
    let place = Watched {
        path: format!("/inputs/{label}").into(),
        kind: WatchedKind::Input,
        stamp: String::new(),
        at: 1_700_000_000,
        content: content.to_owned(),
        import_id: receipt.import_id,
    };
    library.watch(&place).unwrap();
    receipt
}

fn lengths(library: &Library) -> Vec<(String, usize)> {
    titles(library).into_iter().map(|(name, titles)| (name, titles.len())).collect()
}

fn lasting(wanted: Wanted, seconds: u64) -> Wanted {
    Wanted { duration: Some(Duration::from_secs(seconds)), ..wanted }
}

#[test]
fn a_restored_list_gets_nothing_twice_when_its_source_brings_it_back() {
    let library = Library::open_in_memory().unwrap();
    let first = import_of(&library, &numbered("Road", 0, 8), "a.csv", "1");
    import_of(&library, &numbered("Road", 0, 6), "a.csv", "2");
    let playlist = first.playlists[0].playlist_id;
    let old = library.list_at(playlist, first.import_id).unwrap().unwrap();
    library.restore_list(playlist, old.version_id, "restored", 3).unwrap().unwrap();
    let receipt = import_of(&library, &numbered("Road", 0, 9), "a.csv", "3");
    assert_eq!((receipt.playlists[0].added, receipt.playlists[0].removed), (1, 0));
    assert_eq!(lengths(&library), [("Road".to_owned(), 9)]);
}

#[test]
fn bytes_that_were_read_before_change_no_list_that_changed_since() {
    let library = Library::open_in_memory().unwrap();
    import_of(&library, &numbered("Road", 0, 5), "old.zip", "old");
    import_of(&library, &numbered("Road", 0, 7), "new.zip", "new");
    for _ in 0..2 {
        let again = import_of(&library, &numbered("Road", 0, 5), "old.zip", "old");
        let kept = again.playlists[0].kept_back.clone().unwrap();
        assert!(kept.reason.contains("new.zip") && !kept.may_be_accepted, "{}", kept.reason);
        assert_eq!(lengths(&library), [("Road".to_owned(), 7)]);
    }
    // Other bytes at the same place are news.
    let edited = import_of(&library, &numbered("Road", 0, 6), "old.zip", "edited");
    assert_eq!((edited.playlists[0].removed, edited.playlists[0].kept_back.clone()), (1, None));
}

#[test]
fn a_list_that_is_cut_off_takes_nothing_away() {
    let library = Library::open_in_memory().unwrap();
    import_of(&library, &numbered("Road", 0, 8), "a.json", "1");
    let mut cut = numbered("Road", 0, 4);
    cut.wanted.push(linked(99, "Nobody", "New", "One"));
    cut.playlists[0].entries.push(PlaylistEntry { wanted: 4, added: None });
    cut.playlists[0].incomplete = true;
    let receipt = import_of(&library, &cut, "a.json", "2");
    let change = &receipt.playlists[0];
    assert_eq!((change.added, change.removed, change.incomplete), (1, 0, true));
    let (_, titles) = titles(&library).remove(0);
    assert_eq!(titles.len(), 9);
    assert_eq!(titles[4], "New", "behind what it stands behind");
    assert_eq!(import_of(&library, &numbered("Road", 0, 8), "a.json", "3").playlists[0].removed, 1);
}

#[test]
fn a_list_of_the_same_name_from_another_place_is_another_list() {
    let library = Library::open_in_memory().unwrap();
    import_of(&library, &numbered("Chill", 0, 8), "Chill.csv", "1");
    import_of(&library, &numbered("Chill", 100, 6), "Chill.m3u", "2");
    let chill = |count| ("Chill".to_owned(), count);
    assert_eq!(lengths(&library), [chill(8), chill(6)]);
    // Each goes on as itself, whichever way round they come.
    import_of(&library, &numbered("Chill", 100, 7), "Chill.m3u", "3");
    import_of(&library, &numbered("Chill", 0, 9), "Chill.csv", "4");
    assert_eq!(lengths(&library), [chill(9), chill(7)]);
    // The same place may fill a list anew.
    import_of(&library, &numbered("Chill", 200, 8), "Chill.csv", "5");
    assert_eq!(lengths(&library), [chill(8), chill(7)]);
}

#[test]
fn likes_of_another_service_do_not_replace_these() {
    let library = Library::open_in_memory().unwrap();
    let liked = |wishes: Wishlist| Wishlist {
        playlists: vec![WantedPlaylist { kind: PlaylistKind::LikedTracks, ..wishes.playlists[0].clone() }],
        ..wishes
    };
    import_of(&library, &liked(numbered("Liked", 0, 20)), "YourLibrary.json", "1");
    let other = import_of(&library, &liked(numbered("Liked", 100, 15)), "favourites.csv", "2");
    let kept = other.playlists[0].kept_back.clone().unwrap();
    assert!(kept.reason.contains("favourites.csv") && kept.may_be_accepted, "{}", kept.reason);
    assert_eq!(lengths(&library)[0].1, 20);
    // Empty where there is one is held back; where there is none, it is not even made.
    let none = liked(wishlist(Vec::new(), vec![list("Liked", &[])]));
    assert!(import_of(&library, &none, "YourLibrary.json", "3").playlists[0].kept_back.is_some());
    let fresh = Library::open_in_memory().unwrap();
    import_of(&fresh, &none, "YourLibrary.json", "3");
    assert_eq!(titles(&fresh), []);
}

#[test]
fn two_lists_of_one_name_stay_what_they_are_in_any_order() {
    let library = Library::open_in_memory().unwrap();
    let two = |first: &[usize], second: &[usize]| {
        let wanted = (0..20).map(|n| linked(n, "The Rusty Reels", &format!("Track {n}"), "Oxide"));
        wishlist(wanted.collect(), vec![list("Mix", first), list("Mix", second)])
    };
    import_of(&library, &two(&[0, 1, 2, 3], &[10, 11, 12, 13, 14]), "Playlist1.json", "1");
    let receipt = import_of(&library, &two(&[10, 11, 12, 13, 14, 15], &[0, 1, 2, 3]), "Playlist1.json", "2");
    let changes: Vec<_> = receipt.playlists.iter().map(|change| (change.added, change.removed)).collect();
    assert_eq!(changes, [(1, 0), (0, 0)]);
}

#[test]
fn of_two_lists_of_one_name_the_one_that_is_left_is_the_one_that_differs_least() {
    let library = Library::open_in_memory().unwrap();
    let of = |lists: Vec<_>| {
        let wanted = (0..4).map(|n| linked(n, "The Rusty Reels", &format!("Track {n}"), "Oxide"));
        wishlist(wanted.collect(), lists)
    };
    import_of(&library, &of(vec![list("Gym", &[0, 1]), list("Gym", &[0])]), "my_data.zip", "1");
    let receipt =
        import_of(&library, &of(vec![list("Workout", &[0, 1]), list("Gym", &[0])]), "my_data.zip", "2");
    let gym = receipt.playlists.iter().find(|change| change.name == "Gym").unwrap();
    assert_eq!((gym.added, gym.removed), (0, 0), "{receipt:?}");
    assert_eq!(gym.call, format!("list {}", gym.playlist_id), "the other bears the name still");
}

#[test]
fn a_list_that_an_export_no_longer_has_is_told_and_stays() {
    let library = Library::open_in_memory().unwrap();
    let of = |names: &[&str]| {
        let wanted = (0..4).map(|n| linked(n, "The Rusty Reels", &format!("Track {n}"), "Oxide"));
        wishlist(wanted.collect(), names.iter().map(|name| list(name, &[0, 1, 2, 3])).collect())
    };
    let first = import_of(&library, &of(&["Road", "Gym", "Old"]), "my_data.zip", "1");
    assert!(first.missing.is_empty());
    let newer = import_of(&library, &of(&["Road", "Gym"]), "my_data (1).zip", "2");
    let missing: Vec<_> = newer.missing.iter().map(|list| (list.name.as_str(), list.entries)).collect();
    assert_eq!(missing, [("Old", 4)]);
    let one = import_of(&library, &of(&["Gym"]), "Gym.csv", "3");
    assert!(one.missing.is_empty(), "a file with one list says nothing of others");
    let again = import_of(&library, &of(&["Gym"]), "my_data2.zip", "3a");
    let missing: Vec<_> = again.missing.iter().map(|list| (list.name.as_str(), list.call.as_str())).collect();
    assert_eq!(missing, [("Road", "Road")], "the export of before had it");
    let old = library.playlists().unwrap()[2].id;
    assert_eq!(library.drop_list(old, "out", 9).unwrap().removed, 4);
    assert_eq!(lengths(&library)[2], ("Old".to_owned(), 0));
    import_of(&library, &of(&["Road", "Gym", "Old"]), "my_data.zip", "4");
    assert_eq!(lengths(&library)[2].1, 0, "what its source had before does not come back by itself");
}

#[test]
fn words_alone_join_nothing_that_lasts_another_time() {
    let library = Library::open_in_memory().unwrap();
    let jam = || recording("Band", "Jam", "Live");
    import_of(&library, &wishlist(vec![lasting(jam(), 200)], vec![list("A", &[0])]), "a.xspf", "1");
    let linked = lasting(linked(5, "Band", "Jam", "Live"), 420);
    import_of(&library, &wishlist(vec![linked], vec![list("B", &[0])]), "b.csv", "2");
    assert_eq!(library.every_wanted().unwrap().len(), 2);
    let near =
        Wanted { spotify: Some(crate::wishlists::uri(ferrotape_domain::SpotifyKind::Track, 6)), ..jam() };
    import_of(&library, &wishlist(vec![lasting(near, 202)], vec![list("C", &[0])]), "c.csv", "3");
    assert_eq!(library.every_wanted().unwrap().len(), 2, "two seconds are no other recording");
}

#[test]
fn a_title_alone_joins_nothing() {
    let library = Library::open_in_memory().unwrap();
    import_of(&library, &wishlist(vec![recording("", "Intro", "")], vec![list("A", &[0])]), "a.m3u", "1");
    let linked = Wanted {
        spotify: Some(crate::wishlists::uri(ferrotape_domain::SpotifyKind::Track, 6)),
        ..recording("", "Intro", "")
    };
    import_of(&library, &wishlist(vec![linked], vec![list("B", &[0])]), "link", "2");
    assert_eq!(library.every_wanted().unwrap().len(), 2);
}

#[test]
fn what_one_import_tells_apart_stays_apart_and_is_found_again() {
    let library = Library::open_in_memory().unwrap();
    let jam = |seconds| lasting(recording("Band", "Jam", "Live"), seconds);
    let both = |a, b| wishlist(vec![jam(a), jam(b)], vec![list("A", &[0, 1])]);
    import_of(&library, &both(200, 900), "a.xml", "1");
    assert_eq!(library.every_wanted().unwrap().len(), 2);
    let again = import_of(&library, &both(900, 200), "a.xml", "2");
    assert_eq!((again.wanted_new, library.every_wanted().unwrap().len()), (0, 2));
    let times: Vec<_> = library.playlists().unwrap()[0]
        .entries
        .iter()
        .map(|entry| library.wanted_by_ids(&[entry.wanted_id]).unwrap()[0].wanted.duration.unwrap().as_secs())
        .collect();
    assert_eq!(times, [900, 200]);
    // Which of the two a linked one is, nobody knows.
    import_of(&library, &wishlist(vec![linked(5, "Band", "Jam", "Live")], vec![list("B", &[0])]), "b", "3");
    assert_eq!(library.every_wanted().unwrap().len(), 3);
}

#[test]
fn podcasts_are_found_among_all_else_and_known_to_be_on_a_list_or_not() {
    let library = Library::open_in_memory().unwrap();
    let of_kind = |kind: WantedKind, title: &str| Wanted { title: title.to_owned(), ..Wanted::of_kind(kind) };
    let all = || {
        let episode =
            Wanted { release: Some("Low Tide".to_owned()), ..of_kind(WantedKind::Episode, "Harbour") };
        vec![recording("Band", "Jam", "Live"), of_kind(WantedKind::Show, "Low Tide"), episode]
    };
    import_of(&library, &wishlist(all(), vec![list("A", &[0, 1, 2])]), "a.json", "1");
    let podcasts = library.every_podcast().unwrap();
    let titles: Vec<&str> = podcasts.iter().map(|one| one.wanted.title.as_str()).collect();
    assert_eq!(titles, ["Low Tide", "Harbour"]);
    assert_eq!(library.on_lists().unwrap().len(), 3);
    // Its list lost it, and it is known all the same.
    import_of(&library, &wishlist(all(), vec![list("A", &[0, 2])]), "a.json", "2");
    assert_eq!(library.every_podcast().unwrap().len(), 2);
    let on_lists = library.on_lists().unwrap();
    let listed: Vec<bool> = podcasts.iter().map(|one| on_lists.contains(&one.id)).collect();
    assert_eq!(listed, [false, true]);
}

/// Comparing each with each took minutes: it must end, and the same again must change nothing.
#[test]
fn very_many_lists_of_one_name_come_to_an_end() {
    let library = Library::open_in_memory().unwrap();
    let wanted = (0..1_000).map(|n| linked(n, "The Rusty Reels", &format!("Track {n}"), "Oxide"));
    let lists = (0..1_000).map(|n| list("Mix", &[n]));
    let many = wishlist(wanted.collect(), lists.collect());
    import_of(&library, &many, "Playlist1.json", "1");
    let again = import_of(&library, &many, "Playlist1.json", "2");
    assert!(again.unchanged);
    assert_eq!(library.playlists().unwrap().len(), 1_000);
}

/// Looking through all of them for each took minutes: it must end, and the same again must add nothing.
#[test]
fn very_many_things_of_the_same_words_come_to_an_end_and_are_found_again() {
    let library = Library::open_in_memory().unwrap();
    let timed = (0..3_000).map(|n| lasting(recording("Band", "Jam", "Live"), 10 * (n + 1)));
    let bare = (0..3_000).map(|_| recording("", "Track 01", ""));
    let many = wishlist(timed.chain(bare).collect(), vec![list("A", &(0..6_000).collect::<Vec<_>>())]);
    import_of(&library, &many, "a.xml", "1");
    assert_eq!(library.every_wanted().unwrap().len(), 6_000);
    assert_eq!(import_of(&library, &many, "a.xml", "2").wanted_new, 0);
}

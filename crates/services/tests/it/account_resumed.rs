//! Lists that come back short, and pulls that go on after a time.

use std::sync::atomic::Ordering;

use ferrotape_testkit::fake_spotify::{FakeLibrary, FakePlaylist, Trouble};

use crate::account_bench::{Bench, rows};

#[test]
fn a_page_that_lacks_rows_is_asked_for_once_more() {
    let bench = Bench::connected();
    bench.spotify.trouble_after("/me/tracks", 1, 1, Trouble::Empty);
    let pulled = bench.pull().unwrap();
    assert_eq!(rows(&pulled, None).unwrap().len(), 5);
    assert_eq!(bench.asked("/me/tracks"), 4);
}

#[test]
fn what_is_short_or_refused_is_not_taken_for_the_snapshot() {
    for trouble in [Trouble::Empty, Trouble::Status(404)] {
        let bench = Bench::with(FakeLibrary {
            playlists: vec![FakePlaylist::own("Road Trip", &["Undertow", "Tin Roof", "Low Water"])],
            ..FakeLibrary::small()
        });
        bench.spotify.trouble_after("/playlists/", 0, 2, trouble.clone());
        let first = rows(&bench.pull().unwrap(), Some("Road Trip"));
        bench.spotify.calm();
        bench.spotify.clear();
        assert_ne!(first.map(|rows| rows.len()), Some(3), "{trouble:?}");
        let pulled = bench.pull().unwrap();
        assert_eq!(rows(&pulled, Some("Road Trip")).unwrap().len(), 3, "{trouble:?}");
        bench.spotify.clear();
        bench.pull().unwrap();
        assert_eq!(bench.asked("/playlists/"), 0, "now it is whole");
    }
}

#[test]
fn after_a_long_time_each_list_is_looked_at_again() {
    const WEEK: i64 = 7 * 24 * 3600;
    let bench = Bench::connected();
    bench.clock.0.store(1000, Ordering::SeqCst);
    bench.pull_until("/playlists/", 1);
    bench.spotify.change(|library| {
        library.tracks.insert(0, "Brand New".into());
        library.playlists[0] = FakePlaylist {
            snapshot: "another".into(),
            ..FakePlaylist::own("Road Trip", &["Low Water", "Undertow", "Tin Roof"])
        };
        library.playlists[2] = FakePlaylist::own("Later", &["Undertow"]);
    });
    let pulled = bench.pull_at(1000 + WEEK).unwrap();
    assert_eq!(rows(&pulled, None).unwrap()[0], "Brand New");
    assert_eq!(rows(&pulled, Some("Road Trip")).unwrap(), ["Low Water", "Undertow", "Tin Roof"]);
    assert_eq!(rows(&pulled, Some("Later")).unwrap(), ["Undertow"]);
    assert_eq!(bench.asked("/me/tracks"), 1, "its first page told what is new");
}

#[test]
fn within_the_hour_a_pull_goes_on_as_it_was() {
    let bench = Bench::connected();
    bench.pull_until("/playlists/", 1);
    bench.pull_at(3600).unwrap();
    assert_eq!((bench.asked("/me/"), bench.asked("/playlists/")), (0, 3));
}

#[test]
fn a_list_that_was_begun_long_ago_goes_on_where_it_is_the_same() {
    let bench = Bench::connected();
    bench.pull_until("/me/tracks", 2);
    let pulled = bench.pull_at(2 * 3600).unwrap();
    assert_eq!(rows(&pulled, None).unwrap().len(), 5);
    assert_eq!(bench.asked("/me/tracks"), 2, "the first page and the one that never came");
    assert_eq!(bench.age("list /me/tracks"), 0, "as old as the page that was not asked for again");
}

#[test]
fn a_list_that_was_begun_long_ago_and_changed_is_read_anew() {
    let bench = Bench::connected();
    bench.pull_until("/me/tracks", 2);
    // One came, one went: only the rows tell.
    bench.spotify.change(|library| {
        library.tracks.insert(0, "Brand New".into());
        library.tracks.remove(4);
    });
    let pulled = bench.pull_at(2 * 3600).unwrap();
    let expected = ["Brand New", "Undertow", "Paper Kites", "Low Water", "Ember Days"];
    assert_eq!(rows(&pulled, None).unwrap(), expected);
    assert_eq!(bench.asked("/me/tracks"), 3);
}

#[test]
fn a_playlist_that_was_begun_long_ago_goes_by_its_snapshot() {
    let bench = Bench::connected();
    bench.pull_until("/playlists/", 1);
    bench.spotify.change(|library| {
        // The first page has the same rows, and so many rows there are.
        library.playlists[0].snapshot = "another".into();
        library.playlists[0].rows[3] = "Low Water".into();
    });
    let pulled = bench.pull_at(2 * 3600).unwrap();
    assert_eq!(rows(&pulled, Some("Road Trip")).unwrap()[3], "Low Water");
}

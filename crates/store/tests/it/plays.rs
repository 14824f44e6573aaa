//! Listening history: no play counts twice.

use ferrotape_domain::{Play, PlaySource, Wishlist};
use ferrotape_store::{Library, Listening};

use crate::wishlists::{import, linked, list, recording, wishlist};

fn play(wanted: usize, ended_at: i64, source: PlaySource) -> Play {
    Play { wanted, ended_at, played_ms: 60_000, source }
}

fn history(wanted: Vec<ferrotape_domain::Wanted>, plays: Vec<Play>) -> Wishlist {
    Wishlist { wanted, plays, ..Wishlist::default() }
}

fn heard(library: &Library) -> Vec<(String, u64)> {
    let listening = library.listening().unwrap();
    let mut heard: Vec<(String, u64)> = listening
        .iter()
        .map(|(id, listening)| {
            let wanted = library.wanted_by_ids(&[*id]).unwrap().remove(0);
            assert_eq!(listening.played_ms, listening.plays * 60_000);
            (wanted.wanted.label() + wanted.wanted.release.as_deref().unwrap_or_default(), listening.plays)
        })
        .collect();
    heard.sort();
    heard
}

#[test]
fn account_plays_count_only_after_the_last_extended_one() {
    use PlaySource::{AccountHistory, ExtendedHistory};
    let library = Library::open_in_memory().unwrap();
    let plays = vec![
        play(0, 1_000, ExtendedHistory),
        play(0, 2_000, ExtendedHistory),
        play(0, 1_980, AccountHistory),
        play(0, 2_040, AccountHistory),
        play(0, 2_040, AccountHistory),
    ];
    let all = history(vec![linked(1, "Magnetite", "First Light", "Poles")], plays);
    assert_eq!(import(&library, &all).plays_new, 4, "the same play twice in one input is one");
    assert_eq!(import(&library, &all).plays_new, 0);
    let listening: Vec<Listening> = library.listening().unwrap().into_values().collect();
    assert_eq!(
        listening,
        [Listening { plays: 3, played_ms: 180_000, first: Some(1_000), last: Some(2_040) }]
    );
}

#[test]
fn plays_without_album_go_to_what_is_on_a_list_and_stay_there() {
    let library = Library::open_in_memory().unwrap();
    let albums = vec![linked(1, "Magnetite", "Twin", "Single"), linked(2, "Magnetite", "Twin", "Poles")];
    import(&library, &wishlist(albums, vec![list("A", &[1])]));
    let plays = history(
        vec![recording("Magnetite", "Twin", "")],
        vec![play(0, 1_000, PlaySource::AccountHistory), play(0, 2_000, PlaySource::AccountHistory)],
    );
    assert_eq!(import(&library, &plays).wanted_new, 0);
    assert_eq!(heard(&library), [("Magnetite – TwinPoles".to_owned(), 2)]);

    import(&library, &wishlist(vec![linked(1, "Magnetite", "Twin", "Single")], vec![list("B", &[0])]));
    assert_eq!(import(&library, &plays).plays_new, 0, "the same history is not counted again elsewhere");
}

#[test]
fn a_history_read_before_the_library_joins_it_later() {
    let library = Library::open_in_memory().unwrap();
    let plays =
        history(vec![recording("Magnetite", "Twin", "")], vec![play(0, 1_000, PlaySource::AccountHistory)]);
    import(&library, &plays);
    import(&library, &wishlist(vec![linked(1, "Magnetite", "Twin", "Poles")], vec![list("A", &[0])]));
    assert_eq!(heard(&library), [("Magnetite – TwinPoles".to_owned(), 1)]);
    assert_eq!(library.counts().unwrap().wanted, 1);
    assert!(import(&library, &plays).unchanged);
}

#[test]
fn many_plays_are_all_there() {
    let library = Library::open_in_memory().unwrap();
    let wanted = (0..50).map(|n| linked(n, "Magnetite", &format!("Part {n}"), "Poles")).collect();
    let plays = (0..20_000).map(|n| play(n % 50, n as i64 * 200, PlaySource::ExtendedHistory)).collect();
    assert_eq!(import(&library, &history(wanted, plays)).plays_new, 20_000);
    assert!(library.listening().unwrap().values().all(|listening| listening.plays == 400));
}

#[test]
fn a_scrobble_counts_only_where_no_other_history_tells_of_the_play() {
    use PlaySource::{AppleHistory, ExtendedHistory, Scrobbles};
    let library = Library::open_in_memory().unwrap();
    let timed = ferrotape_domain::Wanted {
        duration: Some(std::time::Duration::from_secs(200)),
        ..linked(1, "Magnetite", "First Light", "Poles")
    };
    let scrobble = |began| Play { played_ms: 0, ..play(0, began, Scrobbles) };
    let plays = vec![
        // Ended at 10,000 after a minute: it began at 9,940.
        play(0, 10_000, ExtendedHistory),
        scrobble(9_941),
        scrobble(9_830),
        scrobble(9_700),
        scrobble(20_000),
        play(0, 30_000, AppleHistory),
        scrobble(29_950),
    ];
    let all = history(vec![timed], plays);
    assert_eq!(import(&library, &all).plays_new, 7);
    let listening: Vec<Listening> = library.listening().unwrap().into_values().collect();
    let expected =
        Listening { plays: 4, played_ms: 2 * 60_000 + 2 * 200_000, first: Some(9_700), last: Some(30_000) };
    assert_eq!(
        listening,
        [expected],
        "two told by others, two by scrobbles alone, each as long as the recording"
    );
}

#[test]
fn plays_of_what_is_one_thing_are_counted_together() {
    let library = Library::open_in_memory().unwrap();
    let with = |number, album| ferrotape_domain::Wanted {
        isrc: ferrotape_domain::Isrc::parse("GBAAA2100001").ok(),
        ..linked(number, "Magnetite", "Twin", album)
    };
    let plays =
        vec![play(0, 1_000, PlaySource::ExtendedHistory), play(1, 2_000, PlaySource::ExtendedHistory)];
    import(&library, &history(vec![with(1, "Poles"), with(2, "Capstan")], plays));
    assert_eq!(heard(&library), [("Magnetite – TwinPoles".to_owned(), 2)]);
}

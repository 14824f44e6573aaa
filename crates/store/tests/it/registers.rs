//! What services know: filled into gaps, forgotten again, and never in the way of what inputs say.

use std::time::Duration;

use ferrotape_domain::{ContentId, Fact, FoundLyrics, Isrc, KnownBy, Mbid, SoundName};
use ferrotape_store::{ImportOptions, Library, Origin};

use crate::wishlists::{import, linked, list, wishlist};

const RECORDING: &str = "11111111-1111-4111-8111-111111111111";

fn mbid() -> Mbid {
    Mbid::parse(RECORDING).unwrap()
}

/// A library with one track on a list, and its number.
fn one_track() -> (Library, i64) {
    let library = Library::open_in_memory().unwrap();
    let track = linked(1, "Low Water", "Mara Quill", "Tides");
    import(&library, &wishlist(vec![track], vec![list("A", &[0])]));
    let id = library.every_wanted().unwrap()[0].id;
    (library, id)
}

#[test]
fn what_is_known_by_a_link_fills_gaps_until_it_is_forgotten() {
    let (library, id) = one_track();
    let before = library.every_wanted().unwrap();
    let isrc = Isrc::parse("GBAAA2100001").unwrap();
    let known = [
        (Fact::Recording(mbid()), KnownBy::Link),
        (Fact::Isrc(isrc.clone()), KnownBy::Link),
        (Fact::Length(Duration::from_millis(201_500)), KnownBy::Link),
    ];
    library.keep_facts("musicbrainz", id, &known, 5).unwrap();
    for found in [library.every_wanted().unwrap(), library.wanted_by_ids(&[id]).unwrap()] {
        let wanted = &found[0].wanted;
        assert_eq!((&wanted.recording_mbid, &wanted.isrc), (&Some(mbid()), &Some(isrc.clone())));
        assert!(wanted.duration.is_some());
    }
    let without = &library.wanted_without(&[id], "musicbrainz").unwrap()[0].wanted;
    assert_eq!((&without.recording_mbid, without.duration), (&None, before[0].wanted.duration));
    let said = &library.descriptions(id).unwrap()[0].wanted;
    assert_eq!(said.recording_mbid, None, "an input is not made to say what it did not");
    assert_eq!(library.forget_register("musicbrainz").unwrap(), 1);
    assert_eq!(library.every_wanted().unwrap(), before);
}

#[test]
fn what_is_known_by_names_alone_is_no_evidence() {
    let (library, id) = one_track();
    library.keep_facts("musicbrainz", id, &[(Fact::Recording(mbid()), KnownBy::Names)], 5).unwrap();
    assert_eq!(library.every_wanted().unwrap()[0].wanted.recording_mbid, None);
    assert_eq!(library.facts_of(id).unwrap().len(), 1);
}

#[test]
fn a_question_in_vain_is_asked_again_later_and_an_answered_one_is_not() {
    let (library, id) = one_track();
    library.keep_facts("deezer", id, &[], 100).unwrap();
    library.note_asked("deezer", "wanted:77", true, 100).unwrap();
    let asked = |since| {
        let mut all: Vec<String> = library.asked_of("deezer", since).unwrap().into_iter().collect();
        all.sort();
        all
    };
    assert_eq!(asked(50), [format!("wanted:{id}"), "wanted:77".to_owned()]);
    assert_eq!(asked(101), ["wanted:77"]);
    assert!(library.asked_of("musicbrainz", 0).unwrap().is_empty());
}

#[test]
fn names_of_sounds_and_lyrics_come_back() {
    let (library, id) = one_track();
    let content = ContentId("c1".to_owned());
    let name = |alike| SoundName {
        recording: mbid(),
        title: "Low Water".to_owned(),
        artists: vec!["Mara Quill".to_owned()],
        alike,
    };
    library.keep_sound_names("acoustid", &content, &[name(900)], 5).unwrap();
    library.keep_sound_names("acoustid", &content, &[name(950)], 6).unwrap();
    assert_eq!(library.sound_names().unwrap()[&content], [name(950)]);
    let lyrics = FoundLyrics { plain: Some("Low water".to_owned()), ..FoundLyrics::default() };
    let of = Duration::from_secs(200);
    library.keep_lyrics("lrclib", id, Some((&lyrics, of)), 5).unwrap();
    assert_eq!(library.lyrics().unwrap()[&id], (lyrics, of));
    library.keep_lyrics("lrclib", id, None, 6).unwrap();
    assert!(library.lyrics().unwrap().is_empty());
}

#[test]
fn what_was_asked_for_the_account_goes_with_it() {
    let library = Library::open_in_memory().unwrap();
    let track = linked(1, "Low Water", "Mara Quill", "Tides");
    let options = ImportOptions { origin: Origin::Account, at: 5, ..ImportOptions::default() };
    let wished = wishlist(vec![track], vec![list("A", &[0])]);
    library.record_import(&wished, &options, &ferrotape_domain::Silent).unwrap();
    let id = library.every_wanted().unwrap()[0].id;
    library.keep_facts("musicbrainz", id, &[(Fact::Recording(mbid()), KnownBy::Link)], 5).unwrap();
    library.keep_lyrics("lrclib", id, Some((&FoundLyrics::default(), Duration::ZERO)), 5).unwrap();
    library.forget_account().unwrap();
    assert!(library.facts().unwrap().is_empty() && library.lyrics().unwrap().is_empty());
    assert!(library.asked_of("musicbrainz", 0).unwrap().is_empty());
}

#[test]
fn what_is_taken_apart_is_asked_for_anew() {
    let library = Library::open_in_memory().unwrap();
    let twice = |number| {
        let mut track = linked(number, "Low Water", "Mara Quill", "Tides");
        track.isrc = Isrc::parse("GBAAA2100001").ok();
        track
    };
    import(&library, &wishlist(vec![twice(1), twice(2)], vec![list("A", &[0, 1])]));
    let id = library.every_wanted().unwrap()[0].id;
    let said = library.descriptions(id).unwrap();
    library.keep_facts("musicbrainz", id, &[(Fact::Recording(mbid()), KnownBy::Link)], 5).unwrap();
    assert!(library.split(said[1].id, 9).unwrap());
    assert!(library.facts().unwrap().is_empty());
    assert!(library.asked_of("musicbrainz", 0).unwrap().is_empty());
}

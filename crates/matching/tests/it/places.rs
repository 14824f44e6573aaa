//! Whose a file is: of the user's own a title and a name are enough, of a place for everybody they prove nothing.

use ferrotape_domain::{Choice, Isrc, Offer, Wanted};
use ferrotape_matching::Index;

use crate::catalogue::{Made, choose_one, offers, wanted};

fn of_the_user(file: Made, wanted: &Wanted) -> Choice {
    choose_one(&Index::build(&offers(&[file])), wanted)
}

fn of_everybody(file: Made, wanted: &Wanted) -> Choice {
    let offers: Vec<Offer> = offers(&[file]);
    choose_one(&Index::build_with(&offers, |_| true), wanted)
}

fn ebb(album: &str, seconds: f64) -> Made {
    Made::new("Loose/Ebb.mp3", "Ebb", "Mara Quill", album, seconds)
}

/// The kind of objection to the one file that a person is asked about.
fn asked_for(choice: &Choice) -> Option<&str> {
    let Choice::Review(near, _) = choice else { panic!("it is a question: {choice:?}") };
    near[0].objection.as_ref().map(|objection| objection.kind)
}

fn is_chosen(choice: &Choice) -> bool {
    matches!(choice, Choice::Chosen(_))
}

#[test]
fn a_title_and_a_name_in_a_place_for_everybody_are_a_question() {
    let no_time = wanted("Ebb", &["Mara Quill"], "Low Water", 0.0);
    for album in ["", "Previews and More", "Second Tide"] {
        let choice = of_everybody(ebb(album, 200.0), &no_time);
        assert_eq!(asked_for(&choice), Some("unproven"), "{album}");
        let Choice::Review(_, why) = &choice else { panic!("it is a question: {choice:?}") };
        assert!(why.starts_with("it is from a place for everybody"), "{why}");
        assert!(is_chosen(&of_the_user(ebb(album, 200.0), &no_time)), "{album}");
    }
    let no_album = wanted("Ebb", &["Mara Quill"], "", 0.0);
    assert_eq!(asked_for(&of_everybody(ebb("Low Water", 200.0), &no_album)), Some("unproven"));
}

#[test]
fn an_album_a_playing_time_or_a_code_proves_it_there_as_well() {
    let no_time = wanted("Ebb", &["Mara Quill"], "Low Water", 0.0);
    assert!(is_chosen(&of_everybody(ebb("Low Water", 200.0), &no_time)));
    assert!(is_chosen(&of_everybody(ebb("Low Water (Deluxe Edition)", 200.0), &no_time)));
    let timed = wanted("Ebb", &["Mara Quill"], "Low Water", 200.0);
    assert!(is_chosen(&of_everybody(ebb("", 200.4), &timed)));
    let coded = Wanted { isrc: Isrc::parse("QZAAA2600001").ok(), ..no_time };
    let with_code = Made { isrc: "QZAAA2600001".into(), ..ebb("Second Tide", 200.0) };
    assert!(is_chosen(&of_everybody(with_code, &coded)));
}

#[test]
fn a_short_file_of_another_album_is_asked_about_though_it_is_the_users() {
    let no_time = wanted("Ebb", &["Mara Quill"], "Low Water", 0.0);
    for album in ["", "Previews"] {
        let choice = of_the_user(ebb(album, 5.0), &no_time);
        assert_eq!(asked_for(&choice), Some("unproven"), "{album}: {choice:?}");
    }
    assert!(is_chosen(&of_the_user(ebb("Low Water", 20.0), &no_time)), "albums have short tracks");
    assert!(is_chosen(&of_the_user(ebb("", 31.0), &no_time)));
    let timed = wanted("Ebb", &["Mara Quill"], "Low Water", 20.0);
    assert!(is_chosen(&of_the_user(ebb("", 20.2), &timed)));
}

#[test]
fn who_plays_a_composers_piece_must_be_named_where_nothing_else_proves_it() {
    let file = |artist: &str, album: &str, path: &str| Made::new(path, "Clair de lune", artist, album, 300.0);
    let of = |artist: &str, album: &str| {
        let want = wanted("Clair de lune", &["Claude Debussy", "Klara Kormendi"], "Piano Works", 0.0);
        of_the_user(file(artist, album, "Loose/a.mp3"), &want)
    };
    assert_eq!(asked_for(&of("Claude Debussy", "Moods")), Some("unproven"));
    assert!(!is_chosen(&of("Claude Debussy\u{1f}Wright Brass Quintet", "Moods")));
    assert!(is_chosen(&of("Claude Debussy\u{1f}Klara Kormendi", "Moods")));
    assert!(is_chosen(&of("Claude Debussy", "Klara Kormendi Plays Moods")), "the album names her");
    assert!(is_chosen(&of("Claude Debussy", "Piano Works")), "or it is the album");
    let nobody = wanted("Clair de lune", &["Claude Debussy"], "Piano Works", 0.0);
    assert!(is_chosen(&of_the_user(file("Claude Debussy", "Moods", "Loose/a.mp3"), &nobody)));
}

#[test]
fn equal_bytes_are_no_two_tracks_whatever_their_numbers() {
    let file = |path: &str, track| Made { track, ..Made::new(path, "Ebb", "Mara Quill", "Low Water", 20.0) };
    let mut files = offers(&[file("Loose/Ebb.mp3", 9), file("Loose/Ebb 2.mp3", 10)]);
    let wanted = wanted("Ebb", &["Mara Quill"], "Low Water", 20.0);
    let choice = choose_one(&Index::build(&files), &wanted);
    assert!(!is_chosen(&choice), "two tracks of one title: {choice:?}");
    let first = files[0].content.clone();
    files[1].content = first.clone();
    assert!(is_chosen(&choose_one(&Index::build(&files), &wanted)));
    files[1].content = first.as_another("flood");
    assert!(is_chosen(&choose_one(&Index::build(&files), &wanted)));
}

//! Titles that are not the same, where the place on the album tells: two songs on one track, a title that is part of another,
//! none at all, and titles that differ in their marks only.

use ferrotape_domain::{Choice, Wanted};
use ferrotape_matching::Index;

use crate::catalogue::{Made, choose_each, choose_one, offers, wanted};

fn decide(files: &[Made], wish: &Wanted) -> Choice {
    choose_one(&Index::build(&offers(files)), wish)
}

fn file_of(choice: &Choice) -> Option<i64> {
    if let Choice::Chosen(found) = choice { Some(found.file_id) } else { None }
}

#[track_caller]
fn asked(file: &Made, wish: &Wanted) -> String {
    match decide(std::slice::from_ref(file), wish) {
        Choice::Review(_, why) => why,
        other => panic!("{file:?} is a question: {other:?}"),
    }
}

fn at(track: u32, title: &str, seconds: f64) -> Made {
    let path = format!("Mara Quill/Low Water/{track:02}.mp3");
    Made { track, ..Made::new(&path, title, "Mara Quill", "Low Water", seconds) }
}

fn want(track: u32, title: &str, seconds: f64) -> Wanted {
    let track_number = (track > 0).then_some(track);
    Wanted { track_number, ..wanted(title, &["Mara Quill"], "Low Water", seconds) }
}

#[test]
fn one_of_two_songs_is_taken_where_album_number_and_length_agree_and_else_asked_about() {
    for title in ["Ebb / Golden Girl", "Ebb/Golden Girl (feat. Bob)"] {
        for (track, seconds) in [(6, 180.0), (6, 180.9)] {
            let choice = decide(&[at(6, title, seconds)], &want(track, "Ebb", 180.0));
            assert_eq!(file_of(&choice), Some(1), "{title}: {choice:?}");
        }
        for wish in [want(0, "Ebb", 180.0), want(6, "Ebb", 181.8), want(0, "Ebb", 0.0)] {
            let why = asked(&at(6, title, 180.0), &wish);
            assert!(why.contains("its title names several songs, “Ebb"), "{title}: {why}");
        }
    }
    let why = asked(&at(6, "Ebb", 180.0), &want(0, "Ebb / Golden Girl", 180.0));
    assert!(why.contains("names only one of them"), "{why}");
    // The song itself goes first, whatever else holds it.
    let files = [at(1, "Ebb", 180.0), at(6, "Ebb / Slack", 300.0)];
    assert_eq!(file_of(&decide(&files, &want(0, "Ebb", 0.0))), Some(1));
    let elsewhere = Made::new("x/06.mp3", "Ebb/Slack", "Mara Quill", "Cinders", 300.0);
    assert!(matches!(decide(&[elsewhere], &want(6, "Ebb", 180.0)), Choice::None(_)));
}

#[test]
fn a_title_that_is_part_of_the_other_is_offered_where_all_the_rest_agrees() {
    let long = "A Low Tide, Part 1: Lanterns";
    let choice = decide(&[at(1, long, 180.0)], &want(1, "Lanterns", 180.0));
    assert_eq!(file_of(&choice), Some(1), "its last piece is the wanted title: {choice:?}");
    let why = asked(&at(1, "Low Lanterns Rising", 180.0), &want(1, "Lanterns", 180.0));
    assert!(why.starts_with("only part of its title agrees, “Low Lanterns Rising”"), "{why}");
    for wish in [want(2, "Lanterns", 180.0), want(1, "Lanterns", 190.0)] {
        assert!(matches!(decide(&[at(1, long, 180.0)], &wish), Choice::None(_)), "{wish:?}");
    }
    let choice = decide(&[at(1, long, 180.0)], &want(1, "Lantern", 180.0));
    assert!(!matches!(choice, Choice::Chosen(_)), "another word: {choice:?}");
}

#[test]
fn a_track_without_a_title_is_offered_where_all_the_rest_agrees() {
    for title in ["Track 06", "AudioTrack 06", ""] {
        let why = asked(&at(6, title, 180.0), &want(6, "Lanterns", 180.0));
        assert_eq!(why, "it has no title, and artist, album, number and playing time agree", "{title}");
        for wish in [want(5, "Lanterns", 180.0), want(6, "Lanterns", 190.0), want(0, "Lanterns", 180.0)] {
            assert!(matches!(decide(&[at(6, title, 180.0)], &wish), Choice::None(_)), "{title}: {wish:?}");
        }
        let other = Made { artist: "Oda Brenn".to_owned(), ..at(6, title, 180.0) };
        assert!(matches!(decide(&[other], &want(6, "Lanterns", 180.0)), Choice::None(_)), "{title}");
    }
}

#[test]
fn marks_tell_two_titles_of_one_album_apart() {
    for seconds in [[199.0, 257.0], [60.0, 63.0]] {
        let files = [at(1, "In the Flesh?", seconds[0]), at(8, "In the Flesh", seconds[1])];
        let wishes = [want(0, "In the Flesh?", 0.0), want(0, "In The Flesh", 0.0)];
        let index = Index::build(&offers(&files));
        let both = choose_each(&index, &[&wishes[0], &wishes[1]]);
        assert_eq!(both.iter().map(file_of).collect::<Vec<_>>(), [Some(1), Some(2)], "{both:?}");
        for (wish, file) in wishes.iter().zip([1, 2]) {
            assert_eq!(file_of(&choose_one(&index, wish)), Some(file));
        }
    }
    // Where only one is there, its marks are no question.
    assert_eq!(file_of(&decide(&[at(1, "In the Flesh", 199.0)], &want(1, "In the Flesh?", 199.0))), Some(1));
}

//! Misspelt titles and names: taken where everything around them agrees, asked about where they may be other words.

use ferrotape_domain::Choice;
use ferrotape_matching::Index;

use crate::catalogue::{Made, choose_one, offers, wanted};

/// A collection that knows many words, so that a word it does not know is none.
fn shelf() -> Vec<Made> {
    const WORDS: &[&str] =
        &["ember", "lantern", "lover", "loser", "harbour", "winter", "morning", "heart", "hearth"];
    (0..2_400_usize)
        .map(|at| {
            let word = |step: usize| WORDS[(at / step) % WORDS.len()];
            let title = format!("{} {} {}", word(1), word(9), at % 7 + 2);
            Made::new(&format!("Shelf/{at}.mp3"), &title, &format!("Other {}", at % 40), "Elsewhere", 100.0)
        })
        .collect()
}

fn with(file: Made, title: &str, seconds: f64) -> Choice {
    let mut files = vec![file];
    files.extend(shelf());
    choose_one(&Index::build(&offers(&files)), &wanted(title, &["Oda Brenn"], "Cinders", seconds))
}

fn file(title: &str, artist: &str, album: &str, seconds: f64) -> Made {
    Made::new("Loose/a.mp3", title, artist, album, seconds)
}

fn chosen(choice: &Choice) -> bool {
    matches!(choice, Choice::Chosen(found) if found.file_id == 1)
}

#[test]
fn a_slip_on_the_same_release_of_the_same_length_is_taken() {
    for slip in ["Embber Lantern", "Ember Lanetrn", "Ember Lntern", "mEber Lantern"] {
        let choice = with(file(slip, "Oda Brenn", "Cinders", 201.0), "Ember Lantern", 200.0);
        assert!(chosen(&choice), "{slip}: {choice:?}");
    }
}

#[test]
fn a_word_that_other_titles_have_is_another_word() {
    for (want, have) in [("Ember Lover", "Ember Loser"), ("Ember Heart", "Ember Hearth"), ("Lover", "Loser")]
    {
        for (want, have) in [(want, have), (have, want)] {
            let choice = with(file(have, "Oda Brenn", "Cinders", 200.0), want, 200.0);
            assert!(matches!(choice, Choice::Review(..)), "{want} / {have}: {choice:?}");
        }
    }
}

#[test]
fn without_the_release_or_the_length_a_slip_needs_a_word_that_is_none() {
    let elsewhere = |seconds| file("Ember Lanetrn", "Oda Brenn", "Best Of", seconds);
    assert!(chosen(&with(elsewhere(200.5), "Ember Lantern", 200.0)));
    assert!(!chosen(&with(elsewhere(205.0), "Ember Lantern", 200.0)), "5 s longer");
    let unknown = with(file("Ember Loser", "Oda Brenn", "Best Of", 200.0), "Ember Lover", 200.0);
    assert!(!chosen(&unknown), "{unknown:?}");
}

#[test]
fn a_misspelt_artist_is_taken_where_the_album_artist_is_spelt_rightly() {
    let made = |album_artist: &str| Made {
        album_artist: album_artist.to_owned(),
        ..file("Ember", "Oda Berrn", "Best Of", 200.0)
    };
    assert!(chosen(&with(made("Oda Brenn"), "Ember", 200.0)));
    assert!(!chosen(&with(made("Somebody Elsewhere"), "Ember", 200.0)));
}

#[test]
fn numbers_parts_and_single_letters_are_no_slips() {
    for (want, have) in
        [("Ember Part A", "Ember Part B"), ("Ember in C Major", "Ember in D Major"), ("Ember 12", "Ember 13")]
    {
        let choice = with(file(have, "Oda Brenn", "Cinders", 200.0), want, 200.0);
        assert!(!chosen(&choice), "{want} / {have}: {choice:?}");
    }
}

#[test]
fn keys_and_roman_numerals_are_no_slips() {
    for (one, other) in [
        ("Prelude in E", "Prelude in Eb"),
        ("Nocturne in B", "Nocturne in Bb"),
        ("Sonata in E", "Sonata in Es"),
        ("Ember in E", "Ember in Eb"),
        ("King Louis XIV", "King Louis XVI"),
    ] {
        for (want, have) in [(one, other), (other, one)] {
            let choice = with(file(have, "Oda Brenn", "Cinders", 200.0), want, 200.0);
            assert!(matches!(choice, Choice::Review(..)), "{want} / {have}: {choice:?}");
        }
    }
    // A letter that is lost from another word is a slip.
    let choice = with(file("You Are y Lantern", "Oda Brenn", "Cinders", 200.0), "You Are My Lantern", 200.0);
    assert!(chosen(&choice), "{choice:?}");
}

#[test]
fn a_roman_numeral_tells_two_artists_apart() {
    let decide = |want: &str, have: Made| {
        let mut files = vec![have];
        files.extend(shelf());
        choose_one(&Index::build(&offers(&files)), &wanted("Ember Lantern", &[want], "Cinders", 200.0))
    };
    for (one, other) in [("Oda Brenn I", "Oda Brenn II"), ("Oda Brenn II", "Oda Brenn III")] {
        for (want, have) in [(one, other), (other, one)] {
            let choice = decide(want, file("Ember Lantern", have, "Cinders", 200.0));
            assert!(matches!(choice, Choice::Review(..)), "{want} / {have}: {choice:?}");
            // A record of the one may have a piece by the other.
            let elsewhere =
                Made { album_artist: want.to_owned(), ..file("Ember Lantern", have, "Best Of", 200.0) };
            let choice = decide(want, elsewhere);
            assert!(matches!(choice, Choice::Review(..)), "{want} / {have}, elsewhere: {choice:?}");
        }
    }
}

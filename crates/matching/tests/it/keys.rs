//! Titles of classical pieces that a key tells apart, however its note is written.

use ferrotape_domain::Choice;
use ferrotape_matching::Index;

use crate::catalogue::{Made, choose_one, offers, wanted};

const ALBUM: &str = "Cinders";

fn made(title: &str, seconds: f64) -> Made {
    Made::new(&format!("Oda Brenn/{ALBUM}/{title}.mp3"), title, "Oda Brenn", ALBUM, seconds)
}

/// What is decided on files of these titles, the first of which lasts 200 s and each next a second longer.
fn decide(want: &str, have: &[&str], seconds: f64) -> Choice {
    let files: Vec<Made> =
        have.iter().zip(200_u8..).map(|(title, long)| made(title, f64::from(long))).collect();
    choose_one(&Index::build(&offers(&files)), &wanted(want, &["Oda Brenn"], ALBUM, seconds))
}

fn is_chosen(choice: &Choice, file: i64) -> bool {
    matches!(choice, Choice::Chosen(found) if found.file_id == file)
}

#[test]
fn a_sharp_or_a_flat_makes_another_title() {
    for (one, other) in [
        ("Nocturne in C# minor", "Nocturne in C minor"),
        ("Nocturne in C♯ minor", "Nocturne in C minor"),
        ("Waltz in A♭ major", "Waltz in A major"),
        ("Prelude in E♭ major", "Prelude in E major"),
        ("Prélude en mi♭ majeur", "Prélude en mi majeur"),
        ("Étude No. 4 in C# minor", "Étude No. 4 in C minor"),
        ("Study in C#", "Study in C"),
        ("Jam in F#m", "Jam in Fm"),
    ] {
        for (want, have) in [(one, other), (other, one)] {
            for seconds in [200.0, 0.0] {
                let choice = decide(want, &[have], seconds);
                assert!(!matches!(choice, Choice::Chosen(_)), "{want} / {have}, {seconds} s: {choice:?}");
            }
        }
    }
    // Old tags have lost the sign: a person may know.
    let choice = decide("Nocturne in C♯ minor", &["Nocturne in C? minor"], 200.0);
    let told = |why: &str| why.contains("a sharp or a flat");
    assert!(matches!(&choice, Choice::Review(_, why) if told(why)), "{choice:?}");
}

#[test]
fn of_two_keys_the_wanted_one_is_taken() {
    for seconds in [200.0, 201.0] {
        let choice =
            decide("Nocturne in C# minor", &["Nocturne in C minor", "Nocturne in C# minor"], seconds);
        assert!(is_chosen(&choice, 2), "{seconds} s: {choice:?}");
    }
}

#[test]
fn one_key_is_written_in_many_ways() {
    for (want, have) in [
        ("Nocturne in C-sharp minor", "Nocturne in C# minor"),
        ("Nocturne in C-Sharp Minor", "Nocturne in C♯ Minor"),
        ("Nocturne in C# minor", "Nocturne in C sharp minor"),
        ("Waltz in A-flat major", "Waltz in A♭ major"),
        ("Nocturne in E-Flat Major", "Nocturne in Eb major"),
        ("F♯ A♯ ∞", "F#A#∞"),
        ("D#", "D♯"),
    ] {
        for (want, have) in [(want, have), (have, want)] {
            for seconds in [200.0, 0.0] {
                let choice = decide(want, &[have], seconds);
                assert!(is_chosen(&choice, 1), "{want} / {have}, {seconds} s: {choice:?}");
            }
        }
    }
}

#[test]
fn other_number_signs_say_what_they_said() {
    for (want, have) in [
        ("Ember #4", "Ember 4"),
        ("F#ck the Tide", "F*ck the Tide"),
        ("Plan B #2", "Plan B 2"),
        ("A#1 Lantern", "A 1 Lantern"),
    ] {
        let choice = decide(want, &[have], 200.0);
        assert!(is_chosen(&choice, 1), "{want} / {have}: {choice:?}");
    }
}

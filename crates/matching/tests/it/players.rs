//! Who plays by the fields beside the artist: conductors, performers and ensembles, where the artist is the composer alone.

use ferrotape_domain::{Choice, Wanted};
use ferrotape_matching::Index;

use crate::catalogue::{Made, choose_one, offers, wanted};

const FIFTH: &str = "Symphony No. 5 in C Minor, Op. 67: I. Allegro con brio";
const BEETHOVEN: &str = "Ludwig van Beethoven";
const FENMOOR: &str = "Fenmoor Philharmonic";
const GOLD: &str = "Classical Gold";

/// A file whose artist is the composer.
fn made(title: &str, album: &str, conductor: &str, performers: &str, seconds: f64) -> Made {
    let text = str::to_owned;
    let artist = if title.contains("Moonlit") { "Claude Debussy" } else { BEETHOVEN };
    let plain = Made::new("Loose/a.mp3", title, artist, album, seconds);
    Made { conductor: text(conductor), performers: text(performers), ..plain }
}

fn decide(file: &Made, wanted: &Wanted) -> Choice {
    choose_one(&Index::build(&offers(std::slice::from_ref(file))), wanted)
}

fn is_chosen(choice: &Choice) -> bool {
    matches!(choice, Choice::Chosen(_))
}

fn why(choice: &Choice) -> &str {
    match choice {
        Choice::Review(_, why) => why,
        other => panic!("not a question: {other:?}"),
    }
}

#[test]
fn fields_beside_the_composer_tell_that_it_is_the_wanted_recording() {
    for artists in [&[BEETHOVEN, FENMOOR, "Oda Brenn"][..], &[FENMOOR, "Oda Brenn"], &["Oda Brenn"]] {
        let want = wanted(FIFTH, artists, "Symphonies", 440.0);
        for (conductor, performers) in
            [("Oda Brenn", ""), ("Oda Brenn", FENMOOR), ("", "Fenmoor Philharmonic; Oda Brenn")]
        {
            let choice = decide(&made(FIFTH, GOLD, conductor, performers, 440.5), &want);
            assert!(is_chosen(&choice), "{artists:?}, {conductor} / {performers}: {choice:?}");
        }
    }
    let want = wanted(FIFTH, &[BEETHOVEN, FENMOOR, "Oda Brenn"], "Symphonies", 440.0);
    let sorted =
        Made { artist: "Beethoven, Ludwig van".to_owned(), ..made(FIFTH, GOLD, "Oda Brenn", "", 440.5) };
    assert!(is_chosen(&decide(&sorted, &want)));
    let silent = decide(&made(FIFTH, GOLD, "", "", 440.5), &want);
    assert!(why(&silent).contains("who plays"), "{silent:?}");
}

#[test]
fn other_players_are_asked_about_though_album_and_length_agree() {
    let album = "Beethoven: Symphonies Nos. 5 & 7";
    let want = wanted(FIFTH, &[BEETHOVEN, FENMOOR, "Oda Brenn"], album, 440.0);
    for (conductor, performers) in
        [("Ben Otter", ""), ("Ben Otter", "Tarnholm Symphony"), ("", "Mara Quill; Tarnholm Symphony")]
    {
        let choice = decide(&made(FIFTH, album, conductor, performers, 440.2), &want);
        assert!(why(&choice).contains("other performers"), "{conductor} / {performers}: {choice:?}");
    }
    // One orchestra, another evening.
    let other = decide(&made(FIFTH, album, "Ben Otter", FENMOOR, 440.2), &want);
    assert!(why(&other).contains("another conductor"), "{other:?}");
    let named = Made { artist: FENMOOR.to_owned(), ..made(FIFTH, album, "Ben Otter", "", 440.2) };
    assert!(why(&decide(&named, &want)).contains("another conductor"));
}

#[test]
fn an_orchestra_in_another_language_and_a_musician_of_it_contradict_nobody() {
    let album = "The Fenmoor Evenings";
    let want = wanted(FIFTH, &[BEETHOVEN, FENMOOR, "Oda Brenn"], album, 440.0);
    let translated = decide(&made(FIFTH, album, "", "Orchestre philharmonique de Lande", 440.2), &want);
    assert!(is_chosen(&translated), "{translated:?}");
    let album_artist = format!("{FENMOOR}, Oda Brenn");
    let flute = Made { album_artist, ..made(FIFTH, album, "", "Mara Quill", 440.2) };
    assert!(is_chosen(&decide(&flute, &want)));
    // Where no players are wanted, those of the file are no news.
    let nobody = wanted(FIFTH, &[BEETHOVEN], album, 440.0);
    assert!(is_chosen(&decide(&made(FIFTH, album, "Oda Brenn", FENMOOR, 440.2), &nobody)));
}

#[test]
fn a_piece_that_is_read_as_no_work_is_told_by_its_players_as_well() {
    let want = wanted("Moonlit Water", &["Claude Debussy", "Mara Quill"], "Preludes", 200.0);
    for (player, is_it) in [("Mara Quill", true), ("Ben Otter", false)] {
        let choice = decide(&made("Moonlit Water", "Preludes", "", player, 200.3), &want);
        assert_eq!(is_chosen(&choice), is_it, "{player}: {choice:?}");
    }
    let untimed = wanted("Moonlit Water", &["Claude Debussy", "Mara Quill"], "", 0.0);
    assert!(is_chosen(&decide(&made("Moonlit Water", GOLD, "", "Mara Quill", 200.3), &untimed)));
}

#[test]
fn two_conductors_made_two_recordings() {
    let files = ["Oda Brenn", "Ben Otter"].map(|conductor| Made {
        path: format!("{conductor}/a.mp3"),
        ..made(FIFTH, "Evenings", conductor, "", 440.2)
    });
    let want = wanted(FIFTH, &[BEETHOVEN], "Evenings", 440.0);
    let choice = choose_one(&Index::build(&offers(&files)), &want);
    assert!(!is_chosen(&choice), "{choice:?}");
}

#[test]
fn a_musician_of_a_band_is_not_its_artist() {
    let want = wanted("Ember Railway", &["Ben Otter"], "Cinders", 200.0);
    let plain = Made::new("Loose/a.mp3", "Ember Railway", "Mara Quill", "Cinders", 200.3);
    let drummed = Made { performers: "Ben Otter".to_owned(), ..plain };
    assert!(!is_chosen(&decide(&drummed, &want)));
}

//! Files without tags: what their folders and names say of artist, album, disc, version and title.

use ferrotape_domain::{Choice, Wanted};
use ferrotape_matching::Index;

use crate::catalogue::{Made, choose_one, offers, wanted};

fn decide(file: &Made, wish: &Wanted) -> Choice {
    choose_one(&Index::build(&offers(std::slice::from_ref(file))), wish)
}

/// What is decided of a file of 40 s at this place that has no tags.
fn untagged(path: &str, wish: &Wanted) -> Choice {
    decide(&Made::new(path, "", "", "", 40.0), wish)
}

fn takes(path: &str, wish: &Wanted) -> bool {
    matches!(untagged(path, wish), Choice::Chosen(_))
}

/// Why a person is asked about it.
#[track_caller]
fn asked(path: &str, wish: &Wanted) -> String {
    match untagged(path, wish) {
        Choice::Review(_, why) => why,
        other => panic!("{path} is a question: {other:?}"),
    }
}

fn ebb(seconds: f64) -> Wanted {
    wanted("Ebb", &["Mara Quill"], "Low Water", seconds)
}

fn on(disc: u32, track: u32, wish: Wanted) -> Wanted {
    Wanted { disc_number: Some(disc), track_number: Some(track), ..wish }
}

#[test]
fn a_title_that_is_the_artists_name_in_the_plural_is_one() {
    let kids = wanted("Kids", &["Kid Lowe"], "", 40.0);
    assert!(takes("Loose/Kid Lowe - Kids.mp3", &kids));
}

#[test]
fn a_disc_between_album_and_file_hides_neither_artist_nor_album() {
    for folder in [
        "Mara Quill/Low Water",
        "Mara Quill/Low Water/CD1",
        "Mara Quill - Low Water/CD1",
        "Mara Quill/Low Water/Disc 1",
        "Mara Quill/Low Water/Disk 1",
        "Mara Quill/Low Water/CD 1/FLAC",
        "Mara Quill/Low Water (Disc 1)",
        "Mara Quill - Low Water [CD1]",
        "Mara Quill/Low Water CD1",
        "Mara Quill/2004 - Low Water",
        "Mara Quill/[2004] Low Water",
        "Mara Quill/Low Water (2004) [FLAC]",
        "Mara Quill/Low Water (2004) [FLAC]/CD1",
        "[2004] Mara Quill - Low Water",
    ] {
        for seconds in [40.0, 0.0] {
            assert!(takes(&format!("{folder}/02 Ebb.mp3"), &on(1, 2, ebb(seconds))), "{folder}, {seconds}");
        }
        assert!(!takes(&format!("{folder}/02 Ebb.mp3"), &on(1, 2, ebb(70.0))), "{folder}: another length");
        let other = wanted("Ebb", &["Oda Brenn"], "Low Water", 40.0);
        assert!(!takes(&format!("{folder}/02 Ebb.mp3"), &other), "{folder}: another artist");
    }
}

#[test]
fn the_second_disc_is_not_taken_for_the_first() {
    for folder in [
        "Mara Quill/Low Water/CD2",
        "Mara Quill - Low Water/Disc 2",
        "Mara Quill/Low Water [CD2]",
        "Mara Quill/Low Water (2004) (Disc 2) [FLAC]",
    ] {
        let path = format!("{folder}/02 Ebb.mp3");
        for seconds in [40.0, 0.0] {
            let why = asked(&path, &on(1, 2, ebb(seconds)));
            assert!(why.contains("it is on disc 2 of this album, not on disc 1"), "{folder}: {why}");
            assert!(takes(&path, &on(2, 2, ebb(seconds))), "{folder}, {seconds}");
            assert!(takes(&path, &ebb(seconds)), "{folder}, {seconds}: no disc is wanted");
        }
    }
}

#[test]
fn folders_are_read_as_they_stand_where_that_tells_more() {
    for path in [
        "a/Mara Quill/FLAC/Ebb.mp3",
        "Music/Mara Quill/FLAC/Ebb.mp3",
        "Music/Mara Quill/CD1/Ebb.mp3",
        "x/Mara Quill - CD1/Ebb.mp3",
    ] {
        assert!(takes(path, &ebb(40.0)), "{path}");
    }
    let titled = wanted("Ebb", &["Mara Quill"], "LP1", 0.0);
    assert!(takes("Mara Quill/LP1/Ebb.mp3", &titled), "the album, and no record of one");
    assert!(!takes("Oda Brenn/Mara Quill/Ebb.mp3", &ebb(40.0)));
}

#[test]
fn a_folder_of_a_version_in_the_albums_says_what_the_file_is() {
    for path in ["Mara Quill/Low Water/Live/02 Ebb.mp3", "Mara Quill - Low Water/CD 2 - Live/02 Ebb.mp3"] {
        for seconds in [40.0, 0.0] {
            let why = asked(path, &ebb(seconds));
            assert!(why.contains("live, but the plain recording is wanted"), "{path}: {why}");
        }
    }
    let live = wanted("Ebb - Live", &["Mara Quill"], "Low Water", 40.0);
    assert!(takes("Mara Quill/Low Water/Live/02 Ebb.mp3", &live));
    for folder in ["Karaoke", "Instrumentals", "Demos", "Covers", "At the Opera", "Bonus"] {
        let path = format!("Mara Quill/Low Water/{folder}/02 Ebb.mp3");
        assert!(!takes(&path, &ebb(40.0)), "{path}");
    }
    // Nothing names an artist, and that is said.
    for path in ["Live/02 Ebb.mp3", "Karaoke/CD1/02 Ebb.mp3"] {
        let Choice::None(why) = untagged(path, &ebb(40.0)) else { panic!("{path} is nobody's") };
        assert!(why.contains("nor its folders tell who plays it"), "{path}: {why}");
    }
    let Choice::None(why) = untagged("Oda Brenn/Cinders/02 Ember.mp3", &ebb(40.0)) else { panic!("another") };
    assert_eq!(why, "none of your files has this title and artist");
}

#[test]
fn the_number_of_a_box_is_not_the_albums() {
    let tagged =
        |path: &str| Made { disc: 1, track: 2, ..Made::new(path, "Ebb", "Mara Quill", "Low Water", 40.0) };
    let is_taken = |path: &str| matches!(decide(&tagged(path), &on(1, 2, ebb(40.0))), Choice::Chosen(_));
    for path in ["Box/Low Water [CD3]/02 Ebb.mp3", "Mara Quill - Box Set/Low Water CD3/02 Ebb.mp3"] {
        assert!(is_taken(path), "{path}");
    }
    // Where no box is told of, a ripper tagged a later disc as the first.
    for path in ["Mara Quill/Low Water [CD2]/02 Ebb.mp3", "Low Water (Box)/Low Water [CD3]/02 Ebb.mp3"] {
        assert!(!is_taken(path), "{path}");
    }
}

#[test]
fn a_place_on_a_record_stands_before_a_title_or_is_one() {
    for path in [
        "Mara Quill/Low Water/A2 Ebb.mp3",
        "Mara Quill/Low Water/B2 - Ebb.mp3",
        "Mara Quill - Low Water/b2. Ebb.mp3",
        "x/A2 Mara Quill - Ebb.mp3",
        "x/A2 - Mara Quill - Ebb.mp3",
    ] {
        assert!(takes(path, &ebb(40.0)), "{path}");
    }
    let called = |title: &str, artist: &str| wanted(title, &[artist], "Low Water", 40.0);
    for path in ["Mara Quill/Low Water/A1.mp3", "Mara Quill/Low Water/02 A1.mp3", "x/Mara Quill - A1.mp3"] {
        assert!(takes(path, &called("A1", "Mara Quill")), "{path}");
    }
    assert!(takes("Mara Quill/Low Water/A1 Ebb.mp3", &called("A1 Ebb", "Mara Quill")));
    assert!(takes("x/A1 - Ebb.mp3", &called("Ebb", "A1")), "who plays it");
    assert!(!takes("Mara Quill/Low Water/A1 Ebb Tide.mp3", &ebb(40.0)));
}

#[test]
fn names_that_programs_and_shops_give_are_read() {
    for name in [
        "01-mara_quill-ebb",
        "mara-quill-ebb",
        "Mara Quill - Ebb [320]",
        "Mara_Quill_-_Ebb_(320_kbps)",
        "Mara Quill - Ebb (Official Video)",
        "01. Mara Quill - Ebb (Official Audio)",
        "Mara Quill - Ebb [dQw4w9WgXcQ]",
        "Mara Quill - Ebb (Official Video) [a-1Bc_9xYz0]",
    ] {
        assert!(takes(&format!("x/{name}.mp3"), &ebb(40.0)), "{name}");
    }
    for name in [
        "01-mara_quill-ebb-live",
        "Mara Quill - Ebb (Live) [320]",
        "Mara_Quill_-_Ebb_(Live)_(320_kbps)",
        "Mara Quill - Ebb (Live) [dQw4w9WgXcQ]",
        "Mara Quill - Ebb [DemoVersion]",
    ] {
        assert!(!takes(&format!("x/{name}.mp3"), &ebb(40.0)), "{name}");
    }
}

#[test]
fn what_only_says_how_good_a_file_is_stands_beside_its_title() {
    for mark in [
        " (Official HD Video)",
        " [MV]",
        " (Official Video HD)",
        " [Official MV]",
        " (Full HD)",
        " (Official Music Video HD)",
        " (Official 4K Video)",
        " (1080p)",
        " (128 kbps)",
        " (mp3.pm)",
        " (with lyrics)",
        " Official Video",
        " HQ",
        " HD",
        " with lyrics",
        " - YouTube",
        "-dQw4w9WgXcQ",
    ] {
        for seconds in [40.0, 0.0] {
            assert!(takes(&format!("x/Mara Quill - Ebb{mark}.mp3"), &ebb(seconds)), "{mark}, {seconds}");
        }
    }
    // A lone word may be the title's own, and a year tell of a recording made anew.
    for (mark, why) in [(" lyrics", "its name ends in a mark"), (" (2015)", "only one side has the year")] {
        let path = format!("x/Mara Quill - Ebb{mark}.mp3");
        let asked = asked(&path, &ebb(0.0));
        assert!(asked.contains(why), "{mark}: {asked}");
    }
    assert!(takes("x/Mara Quill - Ebb lyrics.mp3", &ebb(40.0)));
    assert!(takes("x/Mara Quill - Ebb Remastered 2011.mp3", &ebb(40.0)));
    assert!(!takes("x/Mara Quill - Ebb (2015).mp3", &ebb(40.0)));
    let lyrics = wanted("Ebb Lyrics", &["Mara Quill"], "Low Water", 40.0);
    assert!(takes("x/Mara Quill - Ebb Lyrics.mp3", &lyrics), "that is what it is called");
    for name in
        ["Mara Quill - Ebb Live HD", "Mara Quill - Ebb (Official Live Video)", "Mara Quill - Ebb Tide HD"]
    {
        assert!(!takes(&format!("x/{name}.mp3"), &ebb(0.0)), "{name}");
    }
}

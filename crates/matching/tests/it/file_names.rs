//! What a file's name says of its title: numbers that are words of it, marks of copies, and names that contradict the tags.

use ferrotape_domain::{Choice, Wanted};
use ferrotape_matching::Index;

use crate::catalogue::{Made, choose_one, offers, wanted};

fn decide(files: &[Made], wish: &Wanted) -> Choice {
    choose_one(&Index::build(&offers(files)), wish)
}

fn untagged(path: &str) -> Made {
    Made::new(path, "", "", "", 40.0)
}

fn file_of(choice: &Choice) -> Option<i64> {
    if let Choice::Chosen(found) = choice { Some(found.file_id) } else { None }
}

fn takes(path: &str, wish: &Wanted) -> bool {
    file_of(&decide(&[untagged(path)], wish)) == Some(1)
}

/// Why a person is asked about it.
#[track_caller]
fn asked(file: &Made, wish: &Wanted) -> String {
    match decide(std::slice::from_ref(file), wish) {
        Choice::Review(_, why) => why,
        other => panic!("{file:?} is a question: {other:?}"),
    }
}

#[test]
fn a_number_may_begin_a_title_or_an_artist() {
    let titled = |title: &str, seconds: f64| wanted(title, &["Mara Quill"], "Low Water", seconds);
    for seconds in [40.0, 0.0] {
        let lanterns = titled("99 Lanterns", seconds);
        for path in [
            "Phone/Mara Quill - 99 Lanterns.mp3",
            "Mara Quill/Low Water/10 99 Lanterns.mp3",
            "Mara Quill/Low Water/10 - 99 Lanterns.mp3",
            "Mara Quill/Low Water/99 Lanterns.mp3",
            "Mara Quill - Low Water (2009)/16 - 99 Lanterns.mp3",
            "Various Artists/Now/05 Mara Quill - 99 Lanterns.mp3",
            "x/11-mara_quill-99_lanterns.mp3",
            "x/11-mara-quill-99-lanterns.mp3",
        ] {
            assert!(takes(path, &lanterns), "{path}, {seconds}");
        }
        assert!(!takes("Phone/Mara Quill - 98 Lanterns.mp3", &lanterns));
        assert!(takes("Phone/Mara Quill - 22.mp3", &titled("22", seconds)));
        assert!(takes("Mara Quill/Low Water/06 22.mp3", &titled("22", seconds)));
        for path in
            ["Phone/50 Lamps - Ebb.mp3", "Phone/03 50 Lamps - Ebb.mp3", "Phone/03 - 50 Lamps - Ebb.mp3"]
        {
            assert!(takes(path, &wanted("Ebb", &["50 Lamps"], "Low Water", seconds)), "{path}, {seconds}");
        }
        // A track's number is none of its words.
        for path in [
            "Mara Quill/Low Water/03 Ebb.mp3",
            "Phone/13 Mara Quill - Ebb.mp3",
            "Phone/Mara Quill - 13 - Ebb.mp3",
        ] {
            assert!(takes(path, &titled("Ebb", seconds)), "{path}, {seconds}");
        }
    }
}

#[test]
fn a_title_may_begin_with_a_number_behind_that_of_its_track() {
    for seconds in [40.0, 0.0] {
        let answers = wanted("21 Answers", &["Mara Quill"], "Low Water", seconds);
        for name in [
            "Mara Quill - Low Water - 05 - 21 Answers",
            "Mara Quill - Low Water - 05 21 Answers",
            "Mara Quill - 05 - 21 Answers",
            "Mara Quill - 05 21 Answers",
            "05 - Mara Quill - 21 Answers",
            "05 - Mara Quill - Low Water - 21 Answers",
        ] {
            assert!(takes(&format!("Phone/{name}.mp3"), &answers), "{name}, {seconds}");
        }
        for name in ["Mara Quill - 05 - 22 Answers", "Mara Quill - Low Water - 21 - 05 Answers"] {
            assert!(!takes(&format!("Phone/{name}.mp3"), &answers), "{name}, {seconds}");
        }
        // The number of a disc stands before that of the track.
        let ebb = wanted("Ebb", &["Mara Quill"], "Low Water", seconds);
        assert!(takes("Phone/Mara Quill - 1 - 05 Ebb.mp3", &ebb), "{seconds}");
    }
}

#[test]
fn the_mark_of_a_copy_is_no_part_of_a_title() {
    let wish = |seconds: f64| wanted("Ebb", &["Mara Quill"], "Low Water", seconds);
    for name in ["Ebb (1)", "Ebb - Copy", "Ebb - Copy (2)", "Ebb (2)", "Ebb copy", "Ebb_1"] {
        assert!(takes(&format!("Phone/Mara Quill - {name}.mp3"), &wish(40.0)), "{name}");
    }
    for name in ["Ebb (1)", "Ebb - Copy"] {
        assert!(takes(&format!("Phone/Mara Quill - {name}.mp3"), &wish(0.0)), "{name}");
    }
    // Without a length it may be another part.
    for name in ["Ebb (2)", "Ebb copy", "Ebb_1"] {
        let why = asked(&untagged(&format!("Phone/Mara Quill - {name}.mp3")), &wish(0.0));
        assert!(why.contains("a copy or of another part"), "{name}: {why}");
    }
    let second = wanted("Ebb, Pt. 2", &["Mara Quill"], "Low Water", 0.0);
    assert!(takes("Phone/Mara Quill - Ebb (Part 2).mp3", &second));
}

#[test]
fn a_name_that_says_another_title_than_the_tags_is_asked_about() {
    let tagged = |path: &str| Made::new(path, "Lanterns", "Mara Quill", "", 40.0);
    let wish = |seconds: f64| wanted("Lanterns", &["Mara Quill"], "Low Water", seconds);
    for path in ["Phone/Mara Quill - Undertow.mp3", "Phone/03 Undertow - Mara Quill.mp3"] {
        let why = asked(&tagged(path), &wish(0.0));
        assert!(why.contains("its name says another title, “Undertow”"), "{path}: {why}");
        assert_eq!(file_of(&decide(&[tagged(path)], &wish(40.0))), Some(1), "{path}: the length agrees");
    }
    let on_album = Made { album: "Low Water".to_owned(), ..tagged("Phone/Mara Quill - Undertow.mp3") };
    assert_eq!(file_of(&decide(&[on_album], &wish(0.0))), Some(1));
    for name in [
        "Mara Quill - Lanterns",
        "Mara Quill - lantern",
        "Mara Quill - Lanterns (Official Video)",
        "Mara Quill - 03",
        "Mara Quill - Track 3",
        "Mara Quill - Low Water - Undertow",
        "Oda Brenn - Undertow",
        "Undertow",
    ] {
        let choice = decide(&[tagged(&format!("Phone/{name}.mp3"))], &wish(0.0));
        assert_eq!(file_of(&choice), Some(1), "{name}: {choice:?}");
    }
}

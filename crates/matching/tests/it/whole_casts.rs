//! Albums of many: the file's artist tag speaks for all of it, and what is wanted names who sings each track.

use ferrotape_domain::{Choice, Wanted};
use ferrotape_matching::Index;

use crate::catalogue::{Made, choose_one, offers, wanted};

const ALBUM: &str = "Low Water (Original Cast Recording)";

/// A file of the album; what its folder above is called says nothing.
fn sung_by(artist: &str) -> Made {
    Made {
        track: 3,
        album_artist: artist.to_owned(),
        ..Made::new("Shows/Low Water/03 Ebb Tide.mp3", "Ebb Tide", artist, ALBUM, 200.3)
    }
}

fn wish(seconds: f64) -> Wanted {
    Wanted {
        disc_number: (seconds > 0.0).then_some(1),
        track_number: (seconds > 0.0).then_some(3),
        ..wanted("Ebb Tide", &["Mara Quill"], ALBUM, seconds)
    }
}

fn decide(file: Made, wish: &Wanted) -> Choice {
    choose_one(&Index::build(&offers(&[file])), wish)
}

#[track_caller]
fn asked(file: Made, wish: &Wanted) -> String {
    match decide(file, wish) {
        Choice::Review(_, why) => why,
        other => panic!("a question: {other:?}"),
    }
}

const FOR_MANY: [&str; 7] =
    ["Original Broadway Cast", "Various Artists", "Low Water Cast", "Various", "OST", "Disney", "Soundtrack"];

#[test]
fn an_album_of_many_is_taken_where_number_and_length_agree_too() {
    for artist in FOR_MANY {
        let choice = decide(sung_by(artist), &wish(200.0));
        assert!(matches!(choice, Choice::Chosen(_)), "{artist}: {choice:?}");
        let longer = decide(sung_by(artist), &wish(230.0));
        assert!(!matches!(longer, Choice::Chosen(_)), "{artist}: {longer:?}");
    }
}

#[test]
fn title_and_album_alone_are_a_question() {
    for artist in FOR_MANY {
        let why = asked(sung_by(artist), &wish(0.0));
        let told = format!("its artist is “{artist}”, which stands for the whole album");
        assert!(why.contains(&told), "{why}");
    }
    let named = Made { album_artist: "Oda Brenn".to_owned(), ..sung_by("Low Water Cast") };
    let why = asked(named, &wish(200.0));
    assert!(why.contains("something else about it names another artist"), "{why}");
    let why = asked(Made { track: 5, ..sung_by("Low Water Cast") }, &wish(200.0));
    assert!(why.contains("title and album alone do not prove"), "{why}");
}

#[test]
fn on_another_album_or_by_somebody_else_it_is_nothing() {
    for seconds in [0.0, 200.0] {
        let elsewhere = Made { album: "High Water".to_owned(), ..sung_by("Low Water Cast") };
        let choice = decide(elsewhere, &wish(seconds));
        assert!(matches!(choice, Choice::None(_)), "{choice:?}");
        for artist in ["Oda Brenn", "Cast"] {
            let choice = decide(sung_by(artist), &wish(seconds));
            assert!(matches!(choice, Choice::None(_)), "{artist}: {choice:?}");
        }
    }
}

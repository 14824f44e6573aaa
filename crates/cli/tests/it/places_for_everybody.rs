//! Places for everybody have any performer, version and length of a title: where a list has no playing times, more than
//! title and name must agree, or the user is asked.

use std::fs;

use ferrotape_testkit::fake_catalogues::{FakeCatalogues, FakeTrack, JAMENDO_CLIENT_ID};
use ferrotape_testkit::{MadeTrack, make_track};
use serde_json::{Value, json};

use crate::home::{Home, files_below, list, outcome_of, row_of};

const SECONDS: f64 = 4.0;

/// A home whose list, as Spotify's own export, names artist, album and title alone.
fn home(titles: &[&str]) -> Home {
    let home = Home::new();
    let tracks: Vec<Value> = titles
        .iter()
        .enumerate()
        .map(|(at, title)| {
            json!({ "artist": "Mara Quill", "album": "Low Water", "track": title,
                "uri": format!("spotify:track:0aB1cD2eF3gH4iJ5kL6m{at:02}") })
        })
        .collect();
    let library = json!({ "tracks": tracks, "albums": [], "shows": [], "episodes": [], "artists": [] });
    fs::write(home.path("YourLibrary.json"), library.to_string()).unwrap();
    fs::create_dir(home.path("own")).unwrap();
    fs::write(home.path("jamendo"), JAMENDO_CLIENT_ID).unwrap();
    home
}

/// A track of a catalogue; its file names no album of its own.
fn there(home: &Home, album: &str, title: &str) -> FakeTrack {
    let path = home.path(&format!("{title}.flac"));
    make_track(&path, &MadeTrack::new("Mara Quill", "", 0, title).seconds(SECONDS)).unwrap();
    FakeTrack::new("Mara Quill", album, 1, title).sounding(fs::read(path).unwrap(), SECONDS)
}

fn fill(home: &Home, catalogues: &FakeCatalogues) -> Value {
    let line = "convert YourLibrary.json --from own --to ./player --stand-in";
    home.json(&format!("{line} {}", catalogues.server().address()))
}

#[test]
fn a_title_and_a_name_alone_are_a_question_before_and_after_the_fetch() {
    let home = home(&["Ebb"]);
    let catalogues = FakeCatalogues::start(vec![there(&home, "Low Water", "Ebb")]).unwrap();
    home.well("source add wikimedia-commons");
    let first = fill(&home, &catalogues);
    let report = &first["report"];
    assert_eq!(outcome_of(report, "Ebb"), "needs_review", "{first:#}");
    let says = row_of(report, "Ebb")["says"].as_str().unwrap();
    assert!(says.contains("it is from a place for everybody"), "{says}");
    let place = &first["gathered"]["places"][0];
    assert_eq!((&place["has"], &place["fetched"]), (&0.into(), &1.into()), "{first:#}");
    assert_eq!(home.mp3s(), Vec::<String>::new());
    // It lies in the collection now, and is no surer for that.
    let again = fill(&home, &catalogues);
    assert_eq!(outcome_of(&again["report"], "Ebb"), "needs_review", "{again:#}");
    assert_eq!(again["gathered"]["places"][0]["fetched"], 0, "{again:#}");

    let number = row_of(report, "Ebb")["number"].as_i64().unwrap();
    home.well(&format!("review --pick {number}=1"));
    assert_eq!(outcome_of(&fill(&home, &catalogues)["report"], "Ebb"), "on_player");
    // The finished file says where it is from, and who allows the copy.
    let finished = fs::read(home.player().join(&home.mp3s()[0])).unwrap();
    let holds = |words: &str| finished.windows(words.len()).any(|at| at == words.as_bytes());
    for words in ["WOAF", "WCOP", "creativecommons.org/licenses/by-sa/4.0/"] {
        assert!(holds(words), "{words}");
    }
}

#[test]
fn what_a_place_has_on_the_wanted_album_is_taken_and_on_another_asked_about() {
    let home = home(&["Ebb", "Gull"]);
    let tracks = vec![there(&home, "Low Water", "Ebb"), there(&home, "Previews", "Gull")];
    let catalogues = FakeCatalogues::start(tracks).unwrap();
    home.well("source add jamendo --key-file jamendo");
    let last = fill(&home, &catalogues);
    let report = &last["report"];
    let outcomes = (outcome_of(report, "Ebb"), outcome_of(report, "Gull"));
    assert_eq!(outcomes, ("on_player", "needs_review"), "{last:#}");
}

#[test]
fn what_a_lost_library_knew_of_a_file_is_asked_anew_and_not_taken_for_the_users_own() {
    let home = home(&["Ebb"]);
    let catalogues = FakeCatalogues::start(vec![there(&home, "Previews", "Ebb")]).unwrap();
    home.well("source add jamendo --key-file jamendo");
    assert_eq!(outcome_of(&fill(&home, &catalogues)["report"], "Ebb"), "needs_review");
    // The settings and the collection are kept elsewhere.
    let library = home.path(".local/share/ferrotape");
    for file in ["library.sqlite", "library.sqlite-wal", "library.sqlite-shm"] {
        drop(fs::remove_file(library.join(file)));
    }
    let offline = home.json("convert YourLibrary.json --from own --to ./player --offline");
    let says = row_of(&offline["report"], "Ebb")["says"].as_str().unwrap();
    assert_eq!(outcome_of(&offline["report"], "Ebb"), "needs_review", "{offline:#}");
    assert!(says.contains("it is from a place for everybody"), "{says}");
    let last = fill(&home, &catalogues);
    let report = &last["report"];
    assert_eq!(outcome_of(report, "Ebb"), "needs_review", "{last:#}");
    assert_eq!(last["gathered"]["places"][0]["fetched"], 0, "{last:#}");
    let origins = list(report, "/came_from");
    assert_eq!((origins.len(), &origins[0]["source"]), (1, &"jamendo".into()), "{last:#}");
    assert_eq!(home.mp3s(), Vec::<String>::new());
}

#[test]
fn a_file_that_is_no_use_never_has_a_name_in_the_collection() {
    let home = home(&["Ebb"]);
    // It lasts four seconds, and is listed with 200.
    let notice = FakeTrack { seconds: 200.0, ..there(&home, "Low Water", "Ebb") };
    let catalogues = FakeCatalogues::start(vec![notice]).unwrap();
    home.well("source add jamendo --key-file jamendo");
    let last = fill(&home, &catalogues);
    let says = row_of(&last["report"], "Ebb")["says"].as_str().unwrap();
    assert_eq!(outcome_of(&last["report"], "Ebb"), "waiting", "{last:#}");
    assert!(says.starts_with("jamendo could not give it: ") && !says.contains("; until"), "{says}");
    assert_eq!(files_below(&home.path(".local/share/ferrotape/collection")), Vec::<String>::new());
}

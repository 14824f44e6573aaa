//! Music that is tagged anew on the computer: on the player it is the same music, in its place.

use std::fs;

use ferrotape_domain::AudioFormat;
use ferrotape_testkit::{MadeTrack, Track, make_music, mutagen_tags};
use serde_json::json;

use crate::home::{Home, files_below, list};

const TITLES: [&str; 3] = ["Ebb", "Flood", "Neap"];

fn made(format: AudioFormat, genre: &str) -> Vec<MadeTrack> {
    let track = |(number, title): (u32, &str)| MadeTrack {
        genre: Some(genre.to_owned()),
        ..MadeTrack::new("Mara Quill", "Low Water", number, title).format(format).seconds(3.0)
    };
    (1..).zip(TITLES).map(track).collect()
}

fn home_with(format: AudioFormat) -> Home {
    let home = Home::new();
    make_music(&home.path("music"), &made(format, "Folk")).unwrap();
    home.csv("list.csv", &TITLES.map(|title| Track::new("Mara Quill", "Low Water", title)));
    home
}

#[test]
fn it_is_written_anew_in_its_place_and_nothing_is_removed_for_it() {
    for format in [AudioFormat::Flac, AudioFormat::Mp3] {
        // A car keeps no trash, so what is removed there is gone, and is asked about.
        for profile in ["generic", "car"] {
            let home = home_with(format);
            let line = format!("convert list.csv --from music --to ./player --profile {profile}");
            assert_eq!(home.json(&line)["performed"]["written"], 3);
            let there = home.mp3s();
            make_music(&home.path("music"), &made(format, "Sea Songs")).unwrap();
            let last = home.json(&line);
            assert_eq!((&last["~code"], &last["plan"]["removals"]), (&json!(0), &json!([])), "{last:#}");
            assert_eq!(last["performed"]["written"], 3, "{last:#}");
            assert_eq!(home.mp3s(), there);
            let tags = mutagen_tags(&home.player().join(&there[0])).unwrap();
            assert_eq!(tags["TCON"][0], "Sea Songs");
            let files = files_below(&home.player());
            assert!(!files.iter().any(|path| path.contains("/trash/")), "{files:?}");
            assert_eq!(home.json(&line)["performed"]["written"], 0);
        }
    }
}

#[test]
fn another_list_that_the_new_tags_do_not_answer_keeps_it() {
    let home = home_with(AudioFormat::Flac);
    // Of no album, so that it is known by its names still; the other wants it from the album that the tags name no more.
    fs::write(home.path("one.csv"), "Track Name,Artist Name(s),Album Name\nEbb,Mara Quill,\n").unwrap();
    fs::write(
        home.path("two.csv"),
        "Track Name,Artist Name(s),Album Name\nEbb,Mara Quill,Low Water\nFlood,Mara Quill,Low Water\n",
    )
    .unwrap();
    home.well("import one.csv");
    home.well("import two.csv");
    let line = "convert --from music --to ./player --yes";
    home.well(line);
    let old = made(AudioFormat::Flac, "Folk").swap_remove(0);
    fs::remove_file(home.path("music").join(old.relative_path())).unwrap();
    let anew = MadeTrack { album: "Best Of".to_owned(), ..old };
    make_music(&home.path("music"), &[anew]).unwrap();
    for _ in 0..2 {
        let last = home.json(line);
        let text = fs::read_to_string(home.player().join("Playlists/two.m3u8")).unwrap();
        assert!(text.contains("Ebb.mp3") && text.contains("Flood.mp3"), "{text} {last:#}");
    }
}

#[test]
fn another_sound_in_its_place_is_no_older_form_of_it() {
    let home = home_with(AudioFormat::Flac);
    let line = "convert list.csv --from music --to ./player --yes";
    home.well(line);
    let mut other = made(AudioFormat::Flac, "Folk");
    other.truncate(1);
    let other = other.into_iter().map(|track| track.seconds(3.5)).collect::<Vec<_>>();
    make_music(&home.path("music"), &other).unwrap();
    let last = home.json(line);
    assert_eq!(list(&last, "/plan/removals").len(), 1, "{last:#}");
    let files = files_below(&home.player());
    assert!(files.iter().any(|path| path.contains("/trash/")), "{files:?}");
}

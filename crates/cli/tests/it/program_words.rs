//! A program's word for its file: it brings the file, and fills no player against what the file says of itself.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use ferrotape_testkit::{MadeTrack, Track, make_track};
use serde_json::json;

use crate::home::{Home, row_of, text};

const SECONDS: f64 = 5.0;

/// A program that offers one file as the wanted recording, out of a public feed.
fn program(home: &Home) {
    let offer = json!({ "offer": { "id": "https://feeds.example/tide 1", "file_name": "1.flac", "title": "Ebb",
        "artists": ["Mara Quill"], "album": "Low Water", "track_number": 1, "duration_ms": SECONDS * 1000.0,
        "rights": "public_feed" } });
    let script = format!(
        "#!/bin/sh\nread -r line\ncase \"$line\" in\n\
         *'\"do\":\"fetch\"'*) to=${{line##*'\"to\":\"'}}; cp it.flac \"${{to%%'\"'*}}\";;\n\
         *) echo '{offer}';;\nesac\necho '{{\"done\":true}}'\n"
    );
    fs::write(home.path("shelf.sh"), script).unwrap();
    fs::set_permissions(home.path("shelf.sh"), fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_file_is_what_it_calls_itself_though_a_program_says_that_it_is_of_a_public_feed() {
    for (title, outcome) in [("Ebb", "on_player"), ("Gull", "not_in_sources")] {
        let home = Home::new();
        let wanted = Track {
            duration_ms: Some((SECONDS * 1000.0) as u64),
            ..Track::new("Mara Quill", "Low Water", "Ebb")
        };
        home.csv("list.csv", &[wanted]);
        let made = MadeTrack::new("Mara Quill", "Low Water", 1, title).seconds(SECONDS);
        make_track(&home.path("it.flac"), &made).unwrap();
        program(&home);
        home.well(&format!("source add program --name shelf -- {}", text(&home.path("shelf.sh"))));
        fs::create_dir(home.path("own")).unwrap();
        let report = home.json("convert list.csv --from own --to ./player")["report"].clone();
        let row = row_of(&report, "Ebb");
        assert_eq!(row["outcome"], outcome, "{title}: {report:#}");
        let told = row["says"].as_str().unwrap_or_default();
        let names_it = told.contains("what came from program:shelf as 1.flac is “Gull” by Mara Quill");
        assert_eq!(names_it, title == "Gull", "{report:#}");
    }
}

#[test]
fn what_a_program_may_have_is_not_announced_as_a_question_before_it_was_looked_at() {
    let home = Home::new();
    let duration_ms = Some((SECONDS * 1000.0) as u64);
    home.csv("list.csv", &[Track { duration_ms, ..Track::new("Mara Quill", "Low Water", "Ebb") }]);
    fs::create_dir(home.path("shelf")).unwrap();
    let made = MadeTrack::new("Mara Quill", "Low Water", 1, "Ebb").seconds(SECONDS);
    make_track(&home.path("shelf/Mara Quill - Ebb.flac"), &made).unwrap();
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/sources/program-example/folder.py");
    let example = example.canonicalize().unwrap();
    let shelf = home.path("shelf");
    home.well(&format!("source add program --name shelf -- {} {}", text(&example), text(&shelf)));
    fs::create_dir(home.path("own")).unwrap();
    // It says no length, so that only the file tells whether it is the one.
    let said = home.well("convert list.csv --from own --to ./player").out;
    assert!(said.contains("1 file came") && said.contains("it is looked at now"), "{said}");
    assert!(!said.contains("review asks you"), "{said}");
    assert_eq!(home.mp3s().len(), 1, "{said}");
    assert!(home.well("review --list").out.contains("Nothing waits for a decision"));
}

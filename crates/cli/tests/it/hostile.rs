//! Hostile input is refused or listed in clean words, and never reaches beyond the target.

use std::fs;
use std::io::Write;
use std::path::Path;

use ferrotape_testkit::{MadeTrack, Track, make_music, mp3val_clean, tree_snapshot};
use zip::write::SimpleFileOptions;

use crate::collection::track;
use crate::home::{Home, Said, files_below, list, outcome_of};

/// Converts a hostile input; whatever it says, it says it well and writes nowhere but to its own places.
fn convert(home: &Home, what: &str) -> Said {
    let said = home.run(&format!("convert {what} --from MUSIC --to ./player"));
    assert!([0, 1, 3].contains(&said.code), "{what}: {said:?}");
    assert!(said.code != 1 || said.err.starts_with("error: ") || said.err.contains("\nerror: "), "{said:?}");
    let own = ["player/", ".local/", ".cache/ferrotape/converted/", what];
    let outside: Vec<String> = files_below(&home.path(""))
        .into_iter()
        .filter(|path| !own.iter().any(|place| path.starts_with(place)))
        .collect();
    assert_eq!(outside, Vec::<String>::new(), "{what} left something behind");
    said
}

fn zip_of(path: &Path, files: &[(&str, &[u8])]) {
    let mut archive = zip::ZipWriter::new(fs::File::create(path).unwrap());
    for (name, bytes) in files {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap();
}

#[test]
fn a_zip_cut_in_the_middle() {
    let home = Home::with_wishes();
    let whole = fs::read(home.path("wishes.zip")).unwrap();
    fs::write(home.path("wishes.zip"), &whole[..whole.len() / 2]).unwrap();
    let said = convert(&home, "wishes.zip");
    assert!(said.code == 1 && said.err.contains("wishes.zip"), "{said:?}");
}

#[test]
fn a_zip_bomb() {
    let home = Home::new();
    let mut zeros = br#"{"playlists":["#.to_vec();
    zeros.resize(80 << 20, b' ');
    zip_of(&home.path("bomb.zip"), &[("MyData/Playlist1.json", &zeros)]);
    let said = convert(&home, "bomb.zip");
    assert!(said.all().contains("zip bomb"), "{said:?}");
}

#[test]
fn names_that_climb_out_of_a_zip() {
    let home = Home::new();
    let list = br#"{"playlists":[{"name":"../../../up","items":[{"track":{"trackName":"Ebb",
        "artistName":"Mara Quill","albumName":"Low Water"}}]}]}"#;
    zip_of(&home.path("climb.zip"), &[("../../../MyData/Playlist1.json", list), ("/etc/x.json", b"{}")]);
    convert(&home, "climb.zip");
    // A playlist of that name in a decent zip stays inside as well.
    zip_of(&home.path("name.zip"), &[("MyData/Playlist1.json", list)]);
    fs::remove_file(home.path("climb.zip")).unwrap();
    convert(&home, "name.zip");
    assert_eq!(home.mp3s().len(), 1);
}

#[test]
fn json_of_the_wrong_shape_and_endless_brackets() {
    let home = Home::new();
    let brackets = "[".repeat(20 << 20);
    let mixed =
        br#"{"playlists":[7,{"name":3,"items":"no"},{"name":"ok","items":[null,5,{"track":{"trackName":"Ebb",
        "artistName":"Mara Quill","albumName":"Low Water"}}]}]}"#;
    let library = br#"{"tracks":{"no":"list"},"albums":[[[1]]],"shows":false}"#;
    for (name, bytes) in [
        ("Playlist1.json", mixed.as_slice()),
        ("YourLibrary.json", library),
        ("Playlist2.json", brackets.as_bytes()),
    ] {
        fs::create_dir_all(home.path("MyData")).unwrap();
        fs::write(home.path("MyData").join(name), bytes).unwrap();
    }
    let said = convert(&home, "MyData");
    assert!(said.out.contains("7 remarks"), "problems are named: {said:?}");
    assert_eq!(home.mp3s().len(), 1, "the one good row is not lost: {said:?}");
}

#[test]
fn a_csv_of_mixed_encodings() {
    let home = Home::new();
    home.csv("mixed.csv", &[track("Ebb"), track("Snø og Is")]);
    let mut bytes = fs::read(home.path("mixed.csv")).unwrap();
    bytes.extend(b"\"spotify:track:x\",\"Caf\xe9 \xff\xfe\",\"a\",\"Bj\xf6rk\"\n\"open quote");
    fs::write(home.path("mixed.csv"), bytes).unwrap();
    convert(&home, "mixed.csv");
    assert!(home.mp3s().iter().any(|path| path.contains("Ebb")), "{:?}", home.mp3s());
}

#[test]
fn tags_that_climb_or_never_end_become_safe_names() {
    let home = Home::new();
    let long = "long ".repeat(2_000);
    let names = [
        ("../../..", "../../etc/passwd"),
        ("CON", "a:b*c?\"<>|"),
        ("🎺🎺", "🦀 emoji"),
        ("Long", long.as_str()),
    ];
    let made: Vec<MadeTrack> = names
        .iter()
        .zip(1..)
        .map(|((artist, title), n)| {
            MadeTrack::new(artist, "../up", n, title).seconds(0.5).at(&format!("{n}.flac"))
        })
        .collect();
    make_music(&home.path("odd"), &made).unwrap();
    let wanted: Vec<Track> = names.iter().map(|(artist, title)| Track::new(artist, "../up", title)).collect();
    home.csv("odd.csv", &wanted);
    let before = tree_snapshot(&home.path("odd")).unwrap();
    let last = home.json("convert odd.csv --from odd --to deep/player");
    assert_eq!(last["event"], "error", "a missing parent is named: {last}");
    fs::create_dir(home.path("deep")).unwrap();
    let last = home.json("convert odd.csv --from odd --to deep/player");
    assert_eq!(outcome_of(&last["report"], "🦀 emoji"), "on_player", "{last}");
    assert_eq!(list(&last, "/report/rows").len(), 4);
    assert_eq!(tree_snapshot(&home.path("odd")).unwrap(), before);
    assert_eq!(files_below(&home.path("deep")).iter().filter(|p| !p.starts_with("player/")).count(), 0);
    for path in files_below(&home.path("deep/player")).iter().filter(|path| path.ends_with(".mp3")) {
        assert!(path.split('/').all(|name| name.encode_utf16().count() <= 255 && name != ".."), "{path}");
        assert!(!path.contains([':', '*', '?', '"', '<', '>', '|', '\\']), "{path}");
        mp3val_clean(&home.path("deep/player").join(path)).unwrap();
    }
}

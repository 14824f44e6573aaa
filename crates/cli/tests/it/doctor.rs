//! What doctor finds that nobody else would tell before it is too late.

use std::fs;

use serde_json::Value;

use crate::collection::{TRUNCATED, copy_of_music};
use crate::home::{Home, list};

/// What is not in order, as `subject: words`.
fn bad(examined: &Value) -> Vec<String> {
    let bad = list(examined, "/findings").iter().filter(|finding| finding["good"] == false);
    bad.map(|one| format!("{}: {}", one["subject"].as_str().unwrap(), one["says"].as_str().unwrap()))
        .collect()
}

fn home() -> Home {
    let home = Home::new();
    copy_of_music(&home.path("music"));
    fs::remove_file(home.path("music").join(TRUNCATED)).unwrap();
    home.well("--library library scan music");
    home.well("--library library doctor");
    home
}

#[test]
fn a_broken_list_of_sources_is_told_with_its_line() {
    let home = home();
    fs::write(home.path("library/sources.toml"), "[[source]]\nkind = \"librivox\"\nadress = \"x\"\n")
        .unwrap();
    let examined = home.json("--library library doctor");
    let bad = bad(&examined);
    assert!(bad.len() == 1 && bad[0].contains("sources.toml: line 3: source 1: “adress”"), "{bad:?}");
    assert_eq!(examined["~code"], 1);
}

#[test]
fn broken_files_are_named() {
    let home = home();
    let whole = fs::read(home.path("music/Nordlys/Aurora/01 Green Light.m4a")).unwrap();
    fs::write(home.path("music/half.m4a"), &whole[..whole.len() / 2]).unwrap();
    home.well("--library library scan music");
    let bad = bad(&home.json("--library library doctor"));
    assert!(bad.len() == 1 && bad[0].contains("/half.m4a: cut off"), "{bad:?}");
}

#[test]
fn files_that_went_since_the_last_scan_are_missed() {
    let home = home();
    fs::remove_dir_all(home.path("music/Nordlys")).unwrap();
    let bad = bad(&home.json("--library library doctor"));
    assert!(
        bad.len() == 1 && bad[0].contains("4 files seen before") && bad[0].contains("Nordlys/Aurora/01"),
        "{bad:?}"
    );
    assert!(bad[0].ends_with("not there now – plug the disk in and scan again"), "{bad:?}");
    // The advice does not send the user round in a circle.
    home.well("--library library scan music");
    let again = self::bad(&home.json("--library library doctor"));
    assert!(again.len() == 1 && again[0].contains("if you deleted that yourself"), "{again:?}");
}

#[test]
fn a_player_that_is_not_there_is_named_as_it_was_given() {
    let home = home();
    let bad = bad(&home.json("--library library doctor --player media/stick/x"));
    assert!(bad.len() == 1 && bad[0].starts_with("media/stick/x: it is not there"), "{bad:?}");
}

#[test]
fn status_of_a_machine_where_nothing_was_done_yet_says_how_to_begin() {
    let home = Home::new();
    let said = home.well("--library nowhere status");
    assert!(said.out.contains("Nothing is known yet") && said.out.contains("ferrotape convert"), "{said:?}");
    assert_eq!(said.err, "");
    let last = home.json("--library nowhere status --history");
    assert_eq!(
        (&last["~code"], &last["event"], &last["nothing_yet"]),
        (&0.into(), &"result".into(), &true.into())
    );
    assert!(!home.path("nowhere").exists(), "looking makes nothing");
}

#[test]
fn what_doctor_counts_is_what_it_tells() {
    let home = home();
    fs::remove_dir_all(home.path("music/Nordlys")).unwrap();
    let whole = fs::read(home.path("music/Mara Quill/Low Water/01 Ebb.flac")).unwrap();
    fs::write(home.path("music/half.m4a"), b"\0\0\0\x18ftypM4A \0\0\0\0").unwrap();
    fs::write(home.path("music/new.tta"), "TTA1 of some kind").unwrap();
    fs::write(home.path("music/whole.flac"), whole).unwrap();
    home.well("--library library scan music");
    // Since the scan.
    fs::remove_file(home.path("music/whole.flac")).unwrap();
    let examined = home.json("--library library doctor");
    let said = home.run("--library library doctor").out;
    let bad = bad(&examined);
    let gone = bad.iter().find(|one| one.contains("files seen before")).unwrap();
    assert!(gone.contains("5 files") && said.contains("(5 gone, 2 not readable)"), "{gone}\n{said}");
    assert!(said.contains("1 is of a format that cannot be decoded"), "{said}");
}

//! What doctor finds that nobody else would tell before it is too late.

use std::fs;

use ferrotape_testkit::{MadeTrack, make_music};
use serde_json::{Value, json};

use crate::collection::{TRUNCATED, copy_of_music, music, track, undertow};
use crate::home::{Home, list};
use crate::whole_albums;

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
fn what_the_user_says_is_gone_is_missed_no_more_and_what_is_lost_with_it_is_told() {
    let home = home();
    home.csv("list.csv", &[track("Ebb")]);
    home.well("--library library import list.csv");
    let file = home.path("music/Mara Quill/Low Water/01 Ebb.flac");
    fs::rename(&file, home.path("aside.flac")).unwrap();
    home.well("--library library scan music");
    let missed = bad(&home.json("--library library doctor"));
    assert!(missed.len() == 2 && missed[0].contains("`ferrotape doctor --gone PATH`"), "{missed:?}");
    assert!(missed[1].contains("01 Ebb.flac was the only file of “Mara Quill – Ebb”"), "{missed:?}");

    let nothing = home.run("--library library doctor --gone music/Nordlys");
    assert!(nothing.code == 1 && nothing.err.contains("no known file is gone from"), "{nothing:?}");
    let gone = "music/Mara Quill/Low Water/01 Ebb.flac";
    let said = home.run_with("--json --library library doctor --gone", &[gone]).last_object();
    assert_eq!(said["~code"], 0, "{said:#}");
    assert_eq!(list(&said, "/gone_for_good/files").len(), 1, "{said:#}");
    let lost = &list(&said, "/gone_for_good/lost")[0];
    assert_eq!((&lost["wanted"], &lost["left"]), (&"Mara Quill – Ebb".into(), &"nothing".into()), "{said:#}");
    let said = home.well("--library library doctor").out;
    assert!(said.contains("1 file is gone for good, as you said") && said.contains("(1 gone, "), "{said}");
    home.well("--library library scan music");
    home.well("--library library doctor");
    assert_eq!(home.json("--library library shop --all")["missing"], 1, "it is wanted all the same");
    home.well("--library library doctor --gone music");

    // It comes back.
    fs::rename(home.path("aside.flac"), &file).unwrap();
    let back = bad(&home.json("--library library doctor"));
    assert!(
        back.len() == 1 && back[0].ends_with("there again – scan the folder, so that it is used"),
        "{back:?}"
    );
    home.well("--library library scan music");
    assert!(home.well("--library library doctor").out.contains("all known files are there and readable"));
    // And goes again, of which nobody has said anything.
    fs::remove_file(&file).unwrap();
    home.well("--library library scan music");
    assert_eq!(bad(&home.json("--library library doctor")).len(), 2);
}

#[test]
fn what_only_something_near_is_left_of_is_lost_as_well() {
    let home = home();
    let path = "Mara Quill/Low Water/05 Undertow.flac";
    let made = MadeTrack::new("Mara Quill", "Low Water", 5, "Undertow").at(path);
    make_music(&home.path("music"), &[made]).unwrap();
    home.csv("list.csv", &[undertow()]);
    home.well("--library library import list.csv");
    home.well("--library library scan music");
    home.well("--library library doctor");
    fs::remove_file(home.path("music").join(path)).unwrap();
    home.well("--library library scan music");
    // The collection has it live.
    let missed = bad(&home.json("--library library doctor"));
    let near = "05 Undertow.flac was the file of “Mara Quill – Undertow”, and only something near it is left";
    assert!(missed.len() == 2 && missed[1].contains(near), "{missed:?}");
    let said = home.well("--library library doctor --gone music").out;
    let lost = "went the file of “Mara Quill – Undertow”; only something near it is left.";
    assert!(said.contains(lost) && said.contains("`ferrotape review` shows what is near"), "{said}");
    assert!(!said.contains("shop --all"), "nothing of it is to be bought while there is a question: {said}");
    let all = home.json("--library library shop --all");
    assert_eq!((&all["missing"], &all["in_question"]), (&0.into(), &1.into()), "{all:#}");
    let all = home.well("--library library shop --all").out;
    assert!(all.contains("Not in the list: 1 thing that files only come near; `ferrotape review`"), "{all}");
}

#[test]
fn tracks_of_an_album_that_are_gone_are_named_unless_there_is_a_copy() {
    let home = whole_albums::home();
    let folder = home.path("own/Mara Quill/Low Water");
    fs::create_dir_all(&folder).unwrap();
    for name in ["01 Ebb.flac", "02 Flood.flac", "03 Slack.mp3"] {
        fs::copy(music().join("Mara Quill/Low Water").join(name), folder.join(name)).unwrap();
    }
    fs::create_dir(home.path("own/again")).unwrap();
    fs::copy(folder.join("03 Slack.mp3"), home.path("own/again/Slack.mp3")).unwrap();
    home.well("import YourLibrary.json");
    home.well("scan own");
    home.well("doctor");
    fs::remove_file(folder.join("03 Slack.mp3")).unwrap();
    home.well("scan own");
    let missed = bad(&home.json("doctor"));
    assert!(missed.len() == 1 && missed[0].contains("not there now"), "{missed:?}");

    // It was the last one: nothing in the tags of the others tells that there was more.
    fs::remove_file(home.path("own/again/Slack.mp3")).unwrap();
    home.well("scan own");
    let missed = bad(&home.json("doctor"));
    let lacks = "“Mara Quill – Low Water” lacks “Slack” now, gone with ";
    assert!(missed.len() == 2 && missed[1].contains(lacks), "{missed:?}");
    let said = home.json("doctor --gone own");
    let lost = list(&said, "/gone_for_good/lost");
    assert_eq!((lost.len(), &lost[0]["left"], &lost[0]["tracks"]), (1, &"part".into(), &json!(["Slack"])));
    home.well("doctor");
}

#[test]
fn a_whole_folder_can_be_gone_for_good() {
    let home = home();
    fs::remove_dir_all(home.path("music/Nordlys")).unwrap();
    // No scan has seen it.
    let missed = bad(&home.json("--library library doctor"));
    assert!(missed.len() == 1 && missed[0].ends_with("plug the disk in and scan again"), "{missed:?}");
    let said = home.well("--library library doctor --gone music/Nordlys").out;
    assert!(said.contains("4 files are gone for good, and missed no more"), "{said}");
    assert!(said.contains("all other files are there and readable"), "{said}");
    fs::remove_dir_all(home.path("music")).unwrap();
    assert_eq!(home.json("--library library doctor")["~code"], 1);
    home.well("--library library doctor --gone music");
}

#[test]
fn a_player_that_is_not_there_is_named_as_it_was_given() {
    let home = home();
    let bad = bad(&home.json("--library library doctor --player media/stick/x"));
    assert!(bad.len() == 1 && bad[0].starts_with("media/stick/x: it is not there"), "{bad:?}");
}

#[test]
fn a_first_filling_that_was_cut_short_or_goes_on_is_told_as_that() {
    let home = home();
    home.csv("list.csv", &[track("Ebb"), track("Slack")]);
    // By another library: this one knows nothing of it.
    home.well("--library other convert list.csv --from music --to ./player");
    let there = home.mp3s();
    // As a kill leaves it, before the list is written.
    let ours = home.player().join(".ferrotape");
    let list: Value = serde_json::from_slice(&fs::read(ours.join("manifest.json")).unwrap()).unwrap();
    let steps = list["files"].as_array().unwrap().iter();
    let steps = steps.map(|file| format!("{}\n", json!({ "step": "file", "record": file })));
    fs::write(ours.join("journal"), steps.collect::<String>()).unwrap();
    fs::remove_file(ours.join("manifest.json")).unwrap();
    fs::remove_dir_all(home.player().join("Playlists")).unwrap();
    let cut_short = bad(&home.json("--library library doctor --player ./player"));
    assert!(cut_short.len() == 1 && cut_short[0].contains("cut short"), "{cut_short:?}");
    assert!(cut_short[0].contains("same convert again") && !cut_short[0].contains("adopt"), "{cut_short:?}");
    #[cfg(target_os = "linux")]
    {
        let lock = fs::File::options().write(true).open(ours.join("lock")).unwrap();
        lock.lock().unwrap();
        let filled = bad(&home.json("--library library doctor --player ./player"));
        assert!(filled.len() == 1 && filled[0].contains("is filling it"), "{filled:?}");
    }
    home.well("--library library convert list.csv --to ./player");
    assert_eq!(home.mp3s(), there);
    home.well("--library library doctor --player ./player --thorough");
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

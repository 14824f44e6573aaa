//! A run after one that left nothing to do takes its answer over; whatever has changed since is seen.

use std::fs;

use ferrotape_testkit::{MadeTrack, Track, changes, make_music, tree_snapshot, write_cover};
use serde_json::Value;

use crate::home::{Home, list};

fn track(title: &str) -> Track {
    Track::new("Nordlys", "Harbour", title)
}

/// A player filled with two tracks, and a run that had nothing to do.
fn filled() -> Home {
    let home = Home::new();
    let made = [(1, "Gull"), (2, "Tern")]
        .map(|(number, title)| MadeTrack::new("Nordlys", "Harbour", number, title).seconds(0.5));
    make_music(&home.path("music"), &made).unwrap();
    home.csv("list.csv", &[track("Gull"), track("Tern")]);
    home.well("convert list.csv --from music --to ./player");
    let again = again(&home, "");
    assert_eq!((&again["as_before"], &again["performed"]["written"]), (&true.into(), &0.into()), "{again:#}");
    home
}

fn again(home: &Home, options: &str) -> Value {
    home.json(&format!("convert list.csv --from music --to ./player {options}"))
}

#[test]
fn nothing_new_gives_the_same_report_and_writes_nothing_anywhere() {
    let home = filled();
    let (player, library) = (
        tree_snapshot(&home.player()).unwrap(),
        tree_snapshot(&home.path(".local/share/ferrotape")).unwrap(),
    );
    let (one, two) = (again(&home, ""), again(&home, ""));
    assert_eq!(one["report"], two["report"]);
    assert_eq!(one["report"]["outcomes"]["on_player"], 2, "{one:#}");
    assert_eq!(one["plan"]["unchanged"], 2);
    assert_eq!(
        (&one["scan"]["audio"], &one["scan"]["listed"], &one["scan"]["opened"]),
        (&2.into(), &2.into(), &0.into())
    );
    assert_eq!(tree_snapshot(&home.player()).unwrap(), player);
    let now = tree_snapshot(&home.path(".local/share/ferrotape")).unwrap();
    // The lock says who holds it.
    assert_eq!(changes(&library, &now), ["changed library.lock"]);
    let said = home.run("convert list.csv --from music --to ./player");
    assert!(said.out.contains("Nothing has changed since the last run"), "{said:?}");
    assert!(said.out.contains("report.html"), "{said:?}");
    // A dry run may say so, too; the page that is asked for is written.
    let dry = again(&home, "--dry-run --report-html page.html");
    assert_eq!((&dry["as_before"], dry["performed"].is_null()), (&true.into(), true), "{dry:#}");
    assert!(fs::read_to_string(home.path("page.html")).unwrap().contains("Gull"));
    // Without the folder's name, too: it is known.
    let unnamed = |home: &Home| home.json("convert list.csv --to ./player");
    assert_eq!((&unnamed(&home)["as_before"], &unnamed(&home)["as_before"]), (&false.into(), &true.into()));
}

#[test]
fn what_was_changed_on_the_player_is_mended() {
    let home = filled();
    let ebb = home.mp3s().into_iter().find(|path| path.contains("Gull")).unwrap();
    let place = home.player().join(&ebb);
    for damage in ["removed", "cut", "list"] {
        match damage {
            "removed" => fs::remove_file(&place).unwrap(),
            "cut" => fs::write(&place, "short").unwrap(),
            _ => fs::remove_file(home.player().join(".ferrotape/manifest.json")).unwrap(),
        }
        let mended = again(&home, "--yes");
        assert_eq!(mended["as_before"], false, "{damage}");
        assert!(fs::metadata(&place).unwrap().len() > 5, "{damage}");
    }
}

#[test]
fn what_changed_in_the_music_the_wishes_or_the_request_is_seen() {
    let home = filled();
    // A picture beside the music is no audio, and changes what is made of it.
    write_cover(&home.path("music/Nordlys/Harbour/cover.jpg"), 300).unwrap();
    let with_picture = again(&home, "");
    assert_eq!(with_picture["as_before"], false);
    assert!(with_picture["performed"]["written"].as_u64().unwrap() > 0, "{with_picture:#}");
    for options in ["--preset 192", "--profile car", "--loudness off"] {
        assert_eq!(again(&home, options)["as_before"], false, "{options}");
        assert_eq!(again(&home, options)["as_before"], true, "{options}");
    }
    home.csv("list.csv", &[track("Gull")]);
    let fewer = again(&home, "--profile car --yes");
    assert_eq!((&fewer["as_before"], list(&fewer, "/plan/removals").len()), (&false.into(), 1));
    // Something that is in no source is answered the same until something changes.
    home.csv("list.csv", &[track("Gull"), Track::new("Nobody", "Nothing", "Not There")]);
    assert_eq!(again(&home, "--profile car")["as_before"], false);
    let missing = again(&home, "--profile car");
    assert_eq!(missing["as_before"], true);
    assert_eq!(missing["report"]["outcomes"]["not_in_sources"], 1, "{missing:#}");
    // The user's word is in the library.
    home.well("policy --no-remaster list");
    assert_eq!(again(&home, "--profile car")["as_before"], false);
}

#[test]
fn what_lies_beside_a_file_that_was_chosen_elsewhere_is_seen() {
    let home = filled();
    let ebb = MadeTrack::new("Nordlys", "Harbour", 3, "Ebb").seconds(0.5).at("Ebb.flac");
    make_music(&home.path("attic"), &[ebb]).unwrap();
    home.csv("list.csv", &[track("Gull"), track("Flow")]);
    let last = again(&home, "--profile rockbox --yes");
    let number = crate::home::row_of(&last["report"], "Flow")["number"].as_i64().unwrap();
    home.well(&format!("review --file {number}=attic/Ebb.flac"));
    again(&home, "--profile rockbox --yes");
    assert_eq!(again(&home, "--profile rockbox")["as_before"], true);
    fs::write(home.path("attic/Ebb.lrc"), "[00:00.10]A line\n").unwrap();
    let seen = again(&home, "--profile rockbox");
    assert_eq!((&seen["as_before"], list(&seen, "/plan/companions").len()), (&false.into(), 1), "{seen:#}");
    assert_eq!(again(&home, "--profile rockbox")["as_before"], true);
}

#[test]
fn a_file_of_the_users_that_kept_ours_out_is_missed() {
    let home = filled();
    write_cover(&home.path("music/Nordlys/Harbour/cover.jpg"), 300).unwrap();
    let mine = home.player().join("Music/Nordlys/Harbour/cover.jpg");
    fs::write(&mine, "mine").unwrap();
    again(&home, "--profile rockbox");
    assert_eq!(again(&home, "--profile rockbox")["as_before"], true);
    fs::remove_file(&mine).unwrap();
    assert_eq!(again(&home, "--profile rockbox")["as_before"], false);
    assert!(fs::metadata(&mine).unwrap().len() > 100);
}

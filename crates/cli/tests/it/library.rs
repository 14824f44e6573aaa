//! The library over time, as its owner sees it.

use std::fs;

use serde_json::Value;

use crate::home::{Home, Said, list};

/// Imports a list of titles as the playlist “Road”.
fn road(home: &Home, titles: &[&str]) -> Said {
    let rows: String = titles.iter().map(|title| format!("{title};The Rusty Reels;Oxide;\n")).collect();
    fs::write(home.path("Road.csv"), format!("title;artist;album;isrc\n{rows}")).unwrap();
    home.well("import Road.csv")
}

fn shown(home: &Home, args: &str) -> Vec<String> {
    let last = home.json(&format!("library show Road {args}"));
    let titles = list(&last, "/list/entries").iter();
    titles.map(|entry| entry["thing"]["title"].as_str().unwrap().to_owned()).collect()
}

fn three_states() -> Home {
    let home = Home::new();
    road(&home, &["One", "Two", "Three"]);
    road(&home, &["One", "Three", "Four"]);
    road(&home, &["Three", "Four"]);
    home
}

#[test]
fn an_earlier_list_is_shown_compared_and_brought_back() {
    let home = three_states();
    assert_eq!(shown(&home, ""), ["Three", "Four"]);
    assert_eq!(shown(&home, "--at 1"), ["One", "Two", "Three"]);
    assert_eq!(shown(&home, "--at #2"), ["One", "Three", "Four"]);

    let diff = home.json("library diff 1 3");
    let change = &list(&diff, "/lists")[0];
    let titles = |rows: &Value, of: &dyn Fn(&Value) -> Value| -> Vec<String> {
        rows.as_array().unwrap().iter().map(|row| of(row).as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(titles(&change["added"], &|row| row["title"].clone()), ["Four"]);
    assert_eq!(titles(&change["removed"], &|row| row["thing"]["title"].clone()), ["One", "Two"]);
    assert_eq!(home.well("library diff 2 2").out, "No list differs between the two.\n");

    let plan = home.well("library restore Road --at 1 --dry-run").out;
    assert!(plan.contains("+ The Rusty Reels – Two") && plan.contains("− The Rusty Reels – Four"), "{plan}");
    assert_eq!(shown(&home, ""), ["Three", "Four"], "a dry run changes nothing");
    let said = home.well("library restore Road --at 1").out;
    assert!(said.contains("has its 3 entries of snapshot 1 again"), "{said}");
    assert_eq!(shown(&home, ""), ["One", "Two", "Three"]);

    let undo = said.lines().find_map(|line| line.strip_prefix("To undo this: ferrotape ")).unwrap();
    home.well(&undo.replace('"', ""));
    assert_eq!(shown(&home, ""), ["Three", "Four"]);
    let nothing = home.well("library restore Road --at 3").out;
    assert!(nothing.contains("nothing to restore"), "{nothing}");
}

#[test]
fn a_list_that_was_taken_out_stays_out_until_it_is_restored() {
    let home = Home::new();
    road(&home, &["One", "Two"]);
    home.well("library drop Road");
    // One thing twice, and one more.
    for titles in [&["One", "Two", "Two"], &["One", "Two", "Three"]] {
        let said = road(&home, titles).out;
        assert!(said.contains("Road: kept as it was – you took this list out"), "{said}");
        assert_eq!(shown(&home, ""), [""; 0]);
    }
    home.well("library restore Road --at 1");
    assert_eq!(shown(&home, ""), ["One", "Two"]);
    // The very file that came while it was out.
    let said = road(&home, &["One", "Two", "Three"]).out;
    assert!(said.contains("Road: 1 added"), "{said}");
    let said = road(&home, &["One", "Two", "Three", "Four"]).out;
    assert!(said.contains("Road: 1 added"), "{said}");
    assert_eq!(shown(&home, ""), ["One", "Two", "Three", "Four"]);
}

#[test]
fn a_restored_list_is_what_goes_on_the_player() {
    let home = Home::new();
    let tracks =
        |titles: &[&str]| titles.iter().map(|title| crate::collection::track(title)).collect::<Vec<_>>();
    home.csv("Water.csv", &tracks(&["Ebb", "Flood"]));
    home.fill("Water.csv");
    home.csv("Water.csv", &tracks(&["Flood"]));
    home.well("import Water.csv");
    home.well("library restore Water --at 1");
    home.well("convert --list Water --from MUSIC --to ./player --yes");
    assert_eq!(home.mp3s().len(), 2, "{:?}", home.mp3s());
}

#[test]
fn the_log_tells_what_came_and_why_things_left() {
    let home = three_states();
    let log = home.well("library log").out;
    assert_eq!(log.lines().filter(|line| line.contains("Road.csv")).count(), 3, "{log}");
    assert!(log.contains("Road: +1 −1, 3 entries"), "{log}");
    let of_list = home.well("library log Road").out;
    assert!(of_list.contains("− The Rusty Reels – Two (not in the source any more"), "{of_list}");
    let snapshots = home.json("library log");
    assert_eq!(list(&snapshots, "/snapshots").len(), 3);
    assert_eq!(list(&snapshots, "/snapshots")[2]["origin"], "input");
    let versions = home.json("library log Road");
    assert_eq!(list(&versions, "/versions")[1]["removed"][0]["cause"], "not_in_source");
}

#[test]
fn days_and_times_name_a_moment_too() {
    let home = three_states();
    assert_eq!(shown(&home, "--at 2999-12-31"), ["Three", "Four"]);
    assert_eq!(shown(&home, "--at 2999-12-31T23:59"), ["Three", "Four"]);
    let early = home.run("library show Road --at 1999-12-31");
    assert!(early.code == 1 && early.err.contains("was not in the library then"), "{early:?}");
    let odd = home.run("library show Road --at yesterday");
    assert!(odd.code == 2 && odd.err.contains("2026-03-01"), "{odd:?}");
    let missing = home.run("library show Road --at 99");
    assert!(missing.code == 1 && missing.err.contains("no snapshot 99"), "{missing:?}");
    let unknown = home.run("library show Rood");
    assert!(unknown.code == 1 && unknown.err.contains("the lists are: Road"), "{unknown:?}");
}

#[test]
fn two_lists_of_one_name_are_told_apart() {
    let home = Home::new();
    let header = "title;artist;album;isrc\n";
    for (folder, title) in [("a", "One"), ("b", "Two")] {
        fs::create_dir_all(home.path("both").join(folder)).unwrap();
        let rows = format!("{header}{title};The Rusty Reels;Oxide;\n");
        fs::write(home.path("both").join(folder).join("Road.csv"), rows).unwrap();
    }
    home.well("import both");
    let said = home.run("library show Road");
    assert!(said.code == 1 && said.err.contains("“list 1” (1 entries), “list 2” (1 entries)"), "{said:?}");
    let second = home.run_with("--json library show", &["list 2"]).last_object();
    assert_eq!(second["list"]["entries"][0]["thing"]["title"], "Two");

    let dropped = home.run_with("library drop", &["list 2"]);
    assert!(dropped.out.contains("`ferrotape convert --to PLAYER` without naming an input"), "{dropped:?}");
    assert!(dropped.out.contains("library restore \"list 2\" --at 1"), "{dropped:?}");
    let back = home.run_with("library restore", &["list 2", "--at", "1"]);
    assert!(back.code == 0 && back.out.contains("library restore \"list 2\" --at"), "{back:?}");
}

#[test]
fn what_was_taken_together_is_explained_and_can_be_taken_apart() {
    let home = Home::new();
    let csv = |name: &str, link: &str, album: &str| {
        let header = "Track URI,Track Name,Artist Name(s),Album Name,ISRC,Track Duration (ms)\n";
        fs::write(home.path(name), format!("{header}{link},Twin,Magnetite,{album},GBAAA2100001,200000\n"))
            .unwrap();
        home.well(&format!("import {name}"));
    };
    csv("One.csv", "spotify:track:0000000000000000000001", "Poles");
    csv("Two.csv", "spotify:track:0000000000000000000002", "Best of Magnetite");
    let explained = home.json("explain Twin");
    let said = list(&explained, "/explained/descriptions");
    assert_eq!((said.len(), &said[1]["reason"]), (2, &"same_isrc".into()), "{explained:#}");
    let text = home.well("explain Twin").out;
    assert!(text.contains("2 descriptions") && text.contains("Best of Magnetite"), "{text}");

    let number = said[1]["number"].as_i64().unwrap();
    let apart = home.well(&format!("library split {number}")).out;
    assert!(apart.contains("is a recording of its own now"), "{apart}");
    assert_eq!(list(&home.json("explain Twin"), "/several").len(), 2);
    home.well("import Two.csv");
    assert_eq!(list(&home.json("explain Twin"), "/several").len(), 2, "and stays so");
    let again = home.run(&format!("library split {number}"));
    assert!(again.code == 1 && again.err.contains("no description that was taken together"), "{again:?}");
}

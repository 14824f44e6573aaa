//! Review: what a person decided is followed, kept, and can be carried to another library.

use std::fs;
use std::process::Command;

use ferrotape_testkit::Track;
use serde_json::Value;

use crate::collection::{copy_of_music, polar_night_live, track, undertow};
use crate::home::{Home, list, outcome_of, row_of};

/// A home whose library waits for two decisions: `Undertow` is there live only, `Polar Night - Live` in the studio.
fn undecided() -> Home {
    let home = Home::new();
    copy_of_music(&home.path("music"));
    home.csv("two.csv", &[undertow(), polar_night_live(), track("Ebb")]);
    home.well("convert two.csv --from music --to player");
    home
}

fn case<'v>(cases: &'v Value, title: &str) -> Option<&'v Value> {
    list(cases, "/cases").iter().find(|case| case["wanted"].as_str().unwrap().contains(title))
}

fn number(home: &Home, title: &str) -> i64 {
    let report = home.json("report");
    row_of(&report, title)["number"].as_i64().unwrap()
}

fn convert(home: &Home) -> Value {
    home.json("convert two.csv --from music --to player")["report"].clone()
}

#[test]
fn the_list_names_candidates_with_reasons() {
    let home = undecided();
    let cases = home.json("review --list");
    let undertow = case(&cases, "Undertow").unwrap();
    let candidate = &undertow["candidates"][0];
    assert!(candidate["path"].as_str().unwrap().ends_with("01 Undertow (Live).flac"), "{undertow}");
    assert!(candidate["evidence"].to_string().contains("live"), "{undertow}");
    let said = home.well("review --list");
    assert!(said.out.contains("Undertow (Live).flac") && said.out.contains("live"), "{said:?}");
    // Without a terminal nothing is asked.
    assert!(home.well("review").out.contains("Undertow"));
}

#[test]
fn a_pick_is_followed_kept_through_moves_and_imports_and_can_be_undone() {
    let home = undecided();
    let number = number(&home, "Undertow");
    home.well(&format!("review --pick {number}=1"));
    assert!(case(&home.json("review --list"), "Undertow").is_none());
    let report = convert(&home);
    assert_eq!(outcome_of(&report, "Undertow"), "on_player");
    let place = row_of(&report, "Undertow")["says"].clone();

    fs::create_dir(home.path("music/elsewhere")).unwrap();
    let old = home.path("music/Mara Quill/Live at the Quay/01 Undertow (Live).flac");
    fs::rename(old, home.path("music/elsewhere/u.flac")).unwrap();
    home.csv("two.csv", &[track("Ebb"), undertow(), polar_night_live(), track("Flood")]);
    let report = convert(&home);
    assert_eq!(row_of(&report, "Undertow")["outcome"], "on_player");
    assert_eq!(row_of(&report, "Undertow")["says"], place);

    home.well(&format!("review --undo {number}"));
    assert_eq!(outcome_of(&convert(&home), "Undertow"), "needs_review");
    assert!(!home.mp3s().iter().any(|path| path.contains("Undertow")), "{:?}", home.mp3s());
}

#[test]
fn none_of_these_is_not_proposed_again() {
    let home = undecided();
    home.well(&format!("review --none {}", number(&home, "Polar Night - Live")));
    let report = convert(&home);
    assert_eq!(outcome_of(&report, "Polar Night - Live"), "not_in_sources");
    assert!(case(&home.json("review --list"), "Polar Night").is_none());
    assert_eq!(outcome_of(&report, "Undertow"), "needs_review");
}

#[test]
fn a_file_can_be_named_also_outside_the_sources() {
    let home = undecided();
    let number = number(&home, "Polar Night - Live");
    fs::create_dir(home.path("other disk")).unwrap();
    let file = home.path("other disk/bootleg, quay.ogg");
    fs::copy(home.path("music/Tin Parade/Brass/01 March Home.ogg"), &file).unwrap();
    let order = format!("{number}={}", file.display());
    assert_eq!(home.run_with("review --file", &[&order]).code, 0);
    assert_eq!(outcome_of(&convert(&home), "Polar Night - Live"), "on_player");
}

#[test]
fn decisions_travel_to_another_library() {
    let home = undecided();
    home.well(&format!("review --pick {}=1", number(&home, "Undertow")));
    home.well(&format!("review --none {}", number(&home, "Polar Night - Live")));
    home.well("review --export decisions.json");
    let text = fs::read_to_string(home.path("decisions.json")).unwrap();
    assert!(text.contains("Undertow") && text.contains("Polar Night"), "not readable: {text}");

    home.well("--library second scan music");
    let before = home.json("--library second convert two.csv --from music --to player2");
    assert_eq!(outcome_of(&before["report"], "Undertow"), "needs_review");
    home.well("--library second review --merge decisions.json");
    let after = home.json("--library second convert two.csv --from music --to player2");
    assert_eq!(outcome_of(&after["report"], "Undertow"), "on_player");
    assert_eq!(outcome_of(&after["report"], "Polar Night - Live"), "not_in_sources");
    // The file as we write it, read back and written again, is the same.
    home.well("--library second review --export again.json");
    assert_eq!(fs::read_to_string(home.path("again.json")).unwrap(), text);
}

#[test]
fn wrong_orders_change_nothing_and_say_what_is_right() {
    let home = undecided();
    let undertow = number(&home, "Undertow");
    let codes = [
        (format!("review --pick {undertow}=9"), 2),
        (format!("review --pick {undertow}"), 2),
        ("review --pick 99999=1".to_owned(), 2),
        ("review --undo 99999".to_owned(), 1),
        (format!("review --file {undertow}=nothing.flac"), 1),
        (format!("review --file {undertow}=two.csv"), 1),
        ("review --merge two.csv".to_owned(), 1),
    ];
    for (line, code) in codes {
        let said = home.run(&line);
        assert_eq!(said.code, code, "{line}: {said:?}");
        assert!(said.err.starts_with("error: "), "{line}: {said:?}");
    }
    assert_eq!(list(&home.json("review --list"), "/cases").len(), 2);
}

#[test]
fn orders_with_json_end_in_one_object() {
    let home = undecided();
    let last = home.json(&format!("review --none {}", number(&home, "Undertow")));
    assert_eq!((&last["event"], &last["~code"]), (&"result".into(), &0.into()), "{last}");
}

#[test]
fn the_dialogue_asks_one_by_one() {
    let home = undecided();
    // `script` gives the program a terminal; its answers come from a pipe.
    let line = format!("{} review", env!("CARGO_BIN_EXE_ferrotape"));
    let mut command = Command::new("script");
    command.args(["-qec", &line, "/dev/null"]).current_dir(home.path("")).env("HOME", home.path(""));
    command.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped());
    let Ok(mut child) = command.spawn() else {
        println!("skipped: `script` of util-linux is not there");
        return;
    };
    let mut stdin = child.stdin.take().unwrap();
    std::io::Write::write_all(&mut stdin, b"x\n1\nn\n").unwrap();
    let output = child.wait_with_output().unwrap();
    drop(stdin);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("(1 of 2)") && text.contains("(2 of 2)"), "{text}");
    assert!(text.contains("none of the keys") && text.contains("2 decided, 0 left"), "{text}");
    assert_eq!(outcome_of(&convert(&home), "Undertow"), "on_player");
}

#[test]
fn a_thing_no_file_comes_near_can_be_given_one() {
    let home = undecided();
    home.csv("one.csv", &[Track::new("Nobody Known", "Nowhere", "Missing")]);
    home.well("convert one.csv --from music --to player2");
    let number = row_of(&home.json("report --to player2"), "Missing")["number"].as_i64().unwrap();
    let order = format!("{number}=music/Mara Quill/Low Water/02 Flood.flac");
    assert_eq!(home.run_with("review --file", &[&order]).code, 0);
    let report = home.json("convert one.csv --from music --to player2")["report"].clone();
    assert_eq!(outcome_of(&report, "Missing"), "on_player");
}

#[test]
fn what_was_chosen_without_asking_can_be_refused() {
    let home = undecided();
    let number = number(&home, "Ebb");
    home.well(&format!("review --none {number}"));
    assert_eq!(outcome_of(&convert(&home), "Ebb"), "not_in_sources");
    assert!(!home.mp3s().iter().any(|path| path.contains("Ebb")), "{:?}", home.mp3s());
    home.well(&format!("review --undo {number}"));
    assert_eq!(outcome_of(&convert(&home), "Ebb"), "on_player");
}

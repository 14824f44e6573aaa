//! Review: what a person decided is followed, kept, and can be carried to another library.

use std::fs;

use ferrotape_testkit::{Sound, Track};
use serde_json::Value;

use crate::collection::{copy_of_music, polar_night_live, track, undertow};
use crate::home::{Home, list, outcome_of, row_of};

/// A home whose library waits for two decisions: `Undertow` is there live only, `Polar Night - Live` in the studio.
pub(crate) fn undecided() -> Home {
    let home = Home::new();
    copy_of_music(&home.path("music"));
    home.csv("two.csv", &[undertow(), polar_night_live(), track("Ebb")]);
    home.well("convert two.csv --from music --to ./player");
    home
}

pub(crate) fn case<'v>(cases: &'v Value, title: &str) -> Option<&'v Value> {
    list(cases, "/cases").iter().find(|case| case["wanted"].as_str().unwrap().contains(title))
}

pub(crate) fn number(home: &Home, title: &str) -> i64 {
    let report = home.json("report");
    row_of(&report, title)["number"].as_i64().unwrap()
}

pub(crate) fn convert(home: &Home) -> Value {
    home.json("convert two.csv --from music --to ./player")["report"].clone()
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
fn a_chosen_file_that_is_deleted_is_said_to_be_gone_and_its_music_stays() {
    let home = undecided();
    let number = number(&home, "Polar Night - Live");
    fs::create_dir(home.path("attic")).unwrap();
    let file = home.path("attic/bootleg.wav");
    Sound::of_seconds(77, 4.0).write_wav(&file).unwrap();
    home.well(&format!("review --file {number}=attic/bootleg.wav"));
    assert_eq!(outcome_of(&convert(&home), "Polar Night - Live"), "on_player");
    let before = home.mp3s();
    fs::remove_file(&file).unwrap();
    for _ in 0..2 {
        let said = home.well("convert two.csv --from music --to ./player").all();
        let told =
            said.contains("the file you chose is not there now") && said.contains("stays on the player");
        assert!(told, "{said}");
        assert_eq!(home.mp3s(), before);
    }
}

#[test]
fn another_pick_after_one_says_what_to_do_first() {
    let home = undecided();
    let number = number(&home, "Undertow");
    home.well(&format!("review --pick {number}=1"));
    let said = home.run(&format!("review --pick {number}=2"));
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.err.contains("you said already which file"), "{said:?}");
    assert!(said.err.contains(&format!("ferrotape review --undo {number}")), "{said:?}");
    home.well(&format!("review --undo {number}"));
    home.well(&format!("review --pick {number}=1"));
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
        ("review --pick 99999=1".to_owned(), 1),
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

#[test]
fn what_is_left_out_stays_out_whatever_comes_and_can_be_taken_back() {
    let home = undecided();
    let number = number(&home, "Ebb");
    home.well(&format!("review --leave-out {number}"));
    let report = convert(&home);
    assert_eq!(outcome_of(&report, "Ebb"), "left_out");
    assert!(!home.mp3s().iter().any(|path| path.contains("Ebb")), "{:?}", home.mp3s());
    // Its file is gone, too: what the user left out does not stay on the player for want of it.
    fs::remove_file(home.path("music/Mara Quill/Low Water/01 Ebb.flac")).unwrap();
    assert_eq!(outcome_of(&convert(&home), "Ebb"), "left_out");
    let page = home.run("report --html page.html --csv missing.csv");
    assert_eq!(page.code, 0, "{page:?}");
    assert!(fs::read_to_string(home.path("page.html")).unwrap().contains("Left out, as you said"));
    assert!(fs::read_to_string(home.path("missing.csv")).unwrap().contains("left_out"));
    home.well("review --undo-last");
    assert_eq!(outcome_of(&convert(&home), "Ebb"), "not_in_sources");
    assert!(home.well("review --undo-last").out.contains("nothing to take back"));
}

#[test]
fn two_libraries_say_the_same_whichever_merges_and_a_word_taken_back_stays_so() {
    let home = undecided();
    home.well("--library b scan music");
    home.json("--library b convert two.csv --from music --to player2");
    let (undertow, polar) = (number(&home, "Undertow"), number(&home, "Polar Night - Live"));
    home.well(&format!("review --pick {undertow}=1"));
    home.well("review --export first.json");
    home.well("--library b review --merge first.json");
    // One takes back what both hold, the other decides more.
    home.well(&format!("review --undo {undertow}"));
    home.well(&format!("--library b review --leave-out {polar}"));
    home.well("review --export a.json");
    home.well("--library b review --export b.json");
    home.well("review --merge b.json");
    home.well("--library b review --merge a.json");
    home.well("review --export both-a.json");
    home.well("--library b review --export both-b.json");
    let text = |name: &str| fs::read_to_string(home.path(name)).unwrap();
    assert_eq!(text("both-a.json"), text("both-b.json"));
    assert!(text("both-a.json").contains("takes_back") && text("both-a.json").contains("leave_out"));
    for library in ["", "--library b "] {
        let cases = home.json(&format!("{library}review --list"));
        assert!(case(&cases, "Undertow").is_some() && case(&cases, "Polar Night").is_none(), "{cases}");
    }
}

#[test]
fn files_of_decisions_that_make_no_sense_are_refused_whole() {
    let home = undecided();
    let row = |more: &str| {
        let row = format!("{{\"wanted\": \"k\", \"decided_at\": 5{more}}}");
        format!("{{\"ferrotape_decisions\": 2, \"decisions\": [{row}]}}")
    };
    let bad = [
        row(""),
        row(", \"leave_out\": true, \"none_of\": []"),
        row(", \"leave_out\": true").replace(": 5", ": 99999999999999"),
        row(", \"leave_out\": true").replace(": 2,", ": 3,"),
    ];
    for text in bad {
        fs::write(home.path("bad.json"), &text).unwrap();
        let said = home.run("review --merge bad.json");
        assert!(said.code == 1 && said.err.contains("bad.json"), "{text}: {said:?}");
    }
    let (first, whole) = ("{\"ferrotape_decisions\": 2, \"decisions\": [\n", row(", \"leave_out\": true"));
    let told = [
        ("title,artist\nEbb,Mara Quill\n".to_owned(), "line 1: there are no decisions in it"),
        (whole[..whole.len() - 4].to_owned(), "it ends in line 1, in the middle"),
        (format!("{first}{{\"wanted\": \"k\"}}]}}"), "line 2: up to here a decision lacks something"),
        (format!("{first}{{\"wanted\": \"k\",\n}}]}}"), "line 3: this cannot be read"),
    ];
    for (text, says) in told {
        fs::write(home.path("own.csv"), &text).unwrap();
        let said = home.run("review --merge own.csv");
        assert!(said.code == 1 && said.err.contains(&format!("own.csv: {says}")), "{text}: {said:?}");
        assert!(!said.err.contains("column") && !said.err.contains("expected"), "{said:?}");
    }
    let said = home.run("review --merge nowhere.json");
    assert!(said.code == 1 && said.err.contains("nowhere.json: there is no such file"), "{said:?}");
    // What the first version wrote is still read.
    let old = "{\"ferrotape_decisions\": 1, \"decisions\": [{\"wanted\": \"k\", \"decided_at\": 5}]}";
    fs::write(home.path("old.json"), old).unwrap();
    assert!(home.well("review --merge old.json").out.contains("1 decision new"));
    assert!(home.well("review --merge old.json").out.contains("0 decisions new"));
}

#[test]
fn what_was_refused_is_told_as_that_and_how_to_take_it_back() {
    let home = undecided();
    let number = number(&home, "Undertow");
    home.well(&format!("review --none {number}"));
    let report = convert(&home);
    let row = row_of(&report, "Undertow");
    let says = row["says"].as_str().unwrap();
    let undo = format!("review --undo {number}");
    assert!(row["outcome"] == "not_in_sources" && says.contains("you said") && says.contains(&undo), "{row}");
    assert!(home.well("explain Undertow").out.contains(&undo));
    home.well(&undo);
    assert_eq!(outcome_of(&convert(&home), "Undertow"), "needs_review");
}

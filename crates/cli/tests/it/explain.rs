//! Why something was found or not; and which versions may stand in, by list and by run.

use ferrotape_testkit::{MadeTrack, Track, make_music, make_track};
use serde_json::Value;

use crate::collection::{copy_of_music, polar_night_live, track, undertow};
use crate::home::{Home, list, outcome_of, row_of};
use crate::review::{number, undecided};

fn explained(home: &Home, what: &str) -> Value {
    home.json(&format!("explain {what}"))["explained"].clone()
}

#[test]
fn it_tells_the_answer_the_points_and_what_to_do() {
    let home = undecided();
    let undertow = explained(&home, "mara undertow");
    assert_eq!((&undertow["answer"], &undertow["wanted"]["title"]), (&"review".into(), &"Undertow".into()));
    let near = &list(&undertow, "/near")[0];
    assert!(near["path"].as_str().unwrap().ends_with("01 Undertow (Live).flac"), "{undertow}");
    assert!(near["rejected"].as_str().unwrap().contains("live"), "{undertow}");
    let points = list(near, "/evidence");
    assert!(points.iter().any(|point| point["kind"] == "title" && point["weight"].as_f64().unwrap() > 0.0));
    assert!(points.iter().any(|point| point["kind"] == "version" && point["weight"].as_f64().unwrap() < 0.0));
    assert_eq!(undertow["would_do"], serde_json::json!(["--allow live"]));
    assert!(undertow["floor"].as_f64().unwrap() > 0.0 && undertow["decision"].is_null(), "{undertow}");

    let said = home.well("explain Undertow").out;
    for part in ["needs your review", "Undertow (Live).flac", "same title", "--pick", "--allow live"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let ebb = explained(&home, "ebb");
    assert_eq!((&ebb["answer"], &list(&ebb, "/near")[0]["is_answer"]), (&"chosen".into(), &true.into()));
}

#[test]
fn it_gives_the_answer_that_match_gives_for_everything_wanted() {
    let home = Home::with_wishes();
    home.fill("wishes.zip");
    let matches = home.json("match");
    assert!(list(&matches, "/matches").len() > 15);
    for one in list(&matches, "/matches") {
        let explained = explained(&home, &one["number"].to_string());
        assert_eq!(explained["answer"], one["answer"], "{one}\n{explained}");
        if one["answer"] == "chosen" && one["kind"] == "recording" {
            let taken = list(&explained, "/near").iter().find(|near| near["is_answer"] == true).unwrap();
            assert_eq!(taken["path"], one["candidates"][0]["path"], "{explained}");
        }
    }
}

#[test]
fn a_thing_is_found_by_number_link_and_words_and_several_are_listed() {
    let home = undecided();
    let number = number(&home, "Undertow");
    let by_number = explained(&home, &number.to_string());
    let link = by_number["wanted"]["link"].as_str().unwrap().to_owned();
    assert_eq!(explained(&home, &link), by_number);
    assert_eq!(explained(&home, "underto")["wanted"]["title"], "Undertow", "the beginning of a word will do");
    home.csv("more.csv", &[Track::new("Mara Quill", "Best Of", "Undertow")]);
    home.well("import more.csv");
    let several = home.json("explain mara quill undertow");
    assert_eq!(list(&several, "/several").len(), 2, "{several}");
    assert!(home.well("explain undertow").out.contains("Best Of"));
    let said = home.run("explain nothing like it");
    assert_eq!(said.code, 1);
    assert!(said.err.contains("nothing you want is called"), "{said:?}");
    assert_eq!(home.run("explain").code, 2);
}

#[test]
fn a_decision_is_shown_and_so_is_what_a_file_was_considered_for() {
    let home = undecided();
    let number = number(&home, "Undertow");
    home.well(&format!("review --leave-out {number}"));
    let left_out = explained(&home, "undertow");
    assert_eq!(
        (&left_out["answer"], &left_out["decision"]["says"]),
        (&"left_out".into(), &"leave_out".into())
    );
    assert!(left_out["next"].as_str().unwrap().contains("--undo"), "{left_out}");
    assert!(!list(&left_out, "/near").is_empty(), "what would have been near is shown all the same");

    let file = home.json("explain --file music/nothing.flac")["message"].clone();
    assert!(file.as_str().unwrap().contains("not among the files"), "{file}");
    let path = "music/Mara Quill/Low Water/01 Ebb.flac";
    let said = home.run_with("--json explain --file", &[path]).last_object();
    let considered = list(&said, "/file/considered_for");
    assert_eq!((considered.len(), &considered[0]["is_answer"]), (1, &true.into()), "{said}");
    assert_eq!(considered[0]["wanted"]["title"], "Ebb");
}

/// A home with the live `Undertow` only, wanted by two lists, and the player that was filled.
fn two_lists() -> Home {
    let home = Home::new();
    copy_of_music(&home.path("music"));
    home.csv("road.csv", &[undertow(), track("Ebb")]);
    home.csv("home.csv", &[track("Flood")]);
    home.well("import road.csv home.csv");
    home
}

fn convert_all(home: &Home, more: &str) -> Value {
    home.json(&format!("convert --from music --to ./player {more}"))["report"].clone()
}

#[test]
fn what_a_list_allows_stands_in_and_is_labelled_everywhere() {
    let home = two_lists();
    assert_eq!(outcome_of(&convert_all(&home, ""), "Undertow"), "needs_review");
    let said = home.well("policy Road --allow live").out;
    assert!(said.contains("road: the same recording, or a remaster of it, or a live recording"), "{said}");
    let report = convert_all(&home, "--report-html page.html --report-csv missing.csv");
    assert_eq!(outcome_of(&report, "Undertow"), "on_player");
    assert!(row_of(&report, "Undertow")["substitute"].as_str().unwrap().contains("live"), "{report}");
    assert_eq!((&report["substitutes"], &row_of(&report, "Ebb")["substitute"]), (&1.into(), &Value::Null));
    let said = home.well("report").out;
    assert!(said.contains("of these 1 stands in for what you wanted") && said.contains("Undertow"), "{said}");
    let page = std::fs::read_to_string(home.path("page.html")).unwrap();
    assert!(page.contains("stands in:"), "the page does not say so");
    let table = std::fs::read_to_string(home.path("missing.csv")).unwrap();
    assert!(table.contains("Stands in") && table.contains("Undertow"), "{table}");

    home.well("policy Road --same");
    assert_eq!(outcome_of(&convert_all(&home, ""), "Undertow"), "needs_review");
    assert!(!home.mp3s().iter().any(|path| path.contains("Undertow")), "{:?}", home.mp3s());
}

#[test]
fn of_several_lists_the_strictest_holds_and_a_run_may_say_otherwise() {
    let home = two_lists();
    home.well("policy road --allow live --allow edition --no-remaster");
    home.csv("home.csv", &[track("Flood"), undertow()]);
    home.well("import home.csv");
    assert_eq!(outcome_of(&convert_all(&home, ""), "Undertow"), "needs_review");
    let undertow = explained(&home, "undertow");
    assert_eq!(undertow["policy"]["allowed"]["live"], false);
    assert_eq!(undertow["policy"]["allowed"]["remaster"], false);
    assert_eq!(list(&undertow, "/policy/lists").len(), 2);
    assert!(home.well("explain undertow").out.contains("the strictest holds"));
    let policies = home.json("policy");
    let road = list(&policies, "/lists").iter().find(|list| list["name"] == "road").unwrap();
    assert_eq!((&road["held_back"], &road["by_default"]), (&1.into(), &false.into()), "{policies}");

    assert_eq!(home.json("explain undertow --allow live")["explained"]["answer"], "chosen");
    assert_eq!(outcome_of(&convert_all(&home, "--allow live"), "Undertow"), "on_player");
    assert_eq!(outcome_of(&convert_all(&home, ""), "Undertow"), "needs_review", "said for one run only");
    home.well("policy home --allow live");
    assert_eq!(outcome_of(&convert_all(&home, ""), "Undertow"), "on_player");
}

#[test]
fn wrong_policies_are_refused_and_change_nothing() {
    let home = two_lists();
    for (line, code) in [
        ("policy --allow live", 2),
        ("policy road --allow remix", 2),
        ("policy road --same --allow live", 2),
        ("policy nowhere --allow live", 1),
    ] {
        assert_eq!(home.run(line).code, code, "{line}");
    }
    assert!(list(&home.json("policy"), "/lists").iter().all(|list| list["by_default"] == true));
    home.csv("live.csv", &[polar_night_live()]);
    home.well("convert live.csv --from music --to ./player --allow live");
    assert_eq!(outcome_of(&home.json("report"), "Polar Night - Live"), "needs_review", "live was asked for");
}

#[test]
fn how_much_it_was_listened_to_is_told() {
    let home = Home::with_wishes();
    home.well("import wishes.zip");
    let played = explained(&home, "ebb");
    let heard = &played["listening"];
    assert!(
        heard["plays"].as_u64().unwrap() > 0 && heard["first"].as_i64() <= heard["last"].as_i64(),
        "{heard}"
    );
    assert!(home.well("explain ebb").out.contains("listened    "), "and in words");
}

#[test]
fn where_no_file_is_near_it_says_truly_why() {
    let home = undecided();
    let number = number(&home, "Undertow");
    home.well(&format!("review --none {number}"));
    let said = home.well(&format!("explain {number}")).out;
    assert!(said.contains("near files  none beside what you refused"), "{said}");
    let home = Home::with_wishes();
    home.fill("wishes.zip");
    let of_kind = |kind: &str| {
        let last = home.json("report");
        list(&last, "/rows").iter().find(|row| row["kind"] == kind).unwrap()["number"].to_string()
    };
    for (kind, says) in [
        ("local_file", "none: no file shares enough of its title and artist"),
        ("release", "none beside its 3 files"),
    ] {
        let said = home.well(&format!("explain {}", of_kind(kind))).out;
        assert!(said.contains(&format!("near files  {says}")), "{kind}: {said}");
    }
}

#[test]
fn a_chosen_file_that_is_broken_now_is_not_called_gone() {
    let home = undecided();
    let number = number(&home, "Undertow");
    let path = "music/Mara Quill/Low Water/01 Ebb.flac";
    home.run_with("review --file", &[&format!("{number}={path}")]);
    std::fs::write(home.path(path), "fLaC and nothing that makes sense").unwrap();
    home.well("scan music");
    let said = home.well(&format!("explain {number}")).out;
    assert!(said.contains("the file you chose cannot be used") && !said.contains("not there now"), "{said}");
}

#[test]
fn a_file_that_was_deleted_is_not_called_found_and_what_happens_next_is_told() {
    let home = undecided();
    let number = number(&home, "Undertow");
    let (ebb, chosen) =
        ("music/Mara Quill/Low Water/01 Ebb.flac", "music/Mara Quill/Low Water/02 Flood.flac");
    home.run_with("review --file", &[&format!("{number}={chosen}")]);
    assert!(list(&explained(&home, "ebb"), "/gone").is_empty());
    for path in [ebb, chosen] {
        std::fs::remove_file(home.path(path)).unwrap();
    }
    let said = home.well("explain ebb").out;
    assert!(said.contains("found by the last scan, but its file is not there now"), "{said}");
    assert!(said.contains("look again with `ferrotape scan`") && !said.contains("nothing; if"), "{said}");
    let gone = explained(&home, "ebb");
    assert!(list(&gone, "/gone")[0].as_str().unwrap().ends_with("01 Ebb.flac"), "{gone}");
    let said = home.well(&format!("explain {number}")).out;
    assert!(said.contains("not there now") && said.contains(&format!("--undo {number}")), "{said}");
    home.well("scan music");
    assert!(list(&explained(&home, "ebb"), "/gone").is_empty());
}

#[test]
fn what_is_shown_and_what_is_counted_are_all_files_that_came_near() {
    let home = Home::new();
    home.csv("a.csv", &[Track::new("Mara Quill", "Low Water", "Ebb")]);
    std::fs::create_dir(home.path("own")).unwrap();
    let make =
        |name: &str, made: &MadeTrack| make_track(&home.path(&format!("own/{name}.flac")), made).unwrap();
    for nth in 1..=12 {
        make(&nth.to_string(), &MadeTrack::new("Mara Quill", &format!("Album {nth}"), 1, "Ebb").seconds(1.0));
    }
    make("other", &MadeTrack::new("Nordlys", "Aurora", 1, "Zebra").seconds(1.0));
    home.well("import a.csv");
    home.well("scan own");
    let counted = || {
        let ebb = explained(&home, "ebb");
        (list(&ebb, "/near").len(), ebb["more"].as_u64().unwrap(), ebb["wanted"]["number"].as_i64().unwrap())
    };
    let (near, more, number) = counted();
    assert_eq!((near, more), (10, 2));
    home.run_with("review --file", &[&format!("{number}=own/other.flac")]);
    assert_eq!(counted(), (10, 3, number), "what was chosen is shown as well");
}

#[test]
fn no_other_version_is_advised_where_a_file_is_asked_about_for_its_marks() {
    let home = Home::new();
    let book = MadeTrack::new("Nell Harrow", "Salt", 1, "Salt").seconds(40.0);
    let book = MadeTrack { genre: Some("Audiobook".to_owned()), ..book };
    make_music(&home.path("music"), &[book]).unwrap();
    home.csv("list.csv", &[Track::new("Nell Harrow", "Salt", "Salt")]);
    home.well("import list.csv");
    home.well("scan music");
    let salt = explained(&home, "Salt");
    assert_eq!((&salt["answer"], list(&salt, "/would_do").len()), (&"review".into(), 0), "{salt:#}");
    assert!(home.well("explain Salt").out.contains("marked as an audiobook"));
}

//! What the program says about itself: help with examples, completions, manual pages, exit codes, quiet pipes.

use std::fs;

use crate::collection::track;
use crate::home::Home;

const VERBS: [&str; 14] = [
    "convert",
    "import",
    "scan",
    "match",
    "review",
    "explain",
    "policy",
    "player",
    "eject",
    "report",
    "shop",
    "doctor",
    "completions",
    "man",
];

#[test]
fn every_verb_explains_itself_with_an_example() {
    let home = Home::new();
    let overview = home.well("--help").out;
    for verb in VERBS {
        assert!(overview.contains(verb), "{verb} is not in the overview");
        let help = home.well(&format!("{verb} --help")).out;
        assert!(help.contains("Example"), "{verb} --help has no example");
        assert!(help.contains(&format!("  ferrotape {verb}")), "{verb} --help shows no command");
    }
    assert!(overview.contains("Exit codes"), "{overview}");
}

#[test]
fn the_version_is_the_packages() {
    let said = Home::new().well("--version");
    assert_eq!(said.out.trim(), concat!("ferrotape ", env!("CARGO_PKG_VERSION")));
}

#[test]
fn completions_and_manual_pages_are_made() {
    let home = Home::new();
    for shell in ["bash", "zsh", "fish"] {
        let script = home.well(&format!("completions {shell}")).out;
        for word in ["convert", "dry-run", "preset"] {
            assert!(script.contains(word), "{shell}: no {word}");
        }
    }
    home.well("man pages");
    let page = fs::read_to_string(home.path("pages/ferrotape.1")).unwrap();
    assert!(page.starts_with(".ie") || page.contains(".TH"), "no manual page: {page}");
    for verb in VERBS {
        assert!(home.path(&format!("pages/ferrotape-{verb}.1")).exists(), "no page of {verb}");
    }
}

#[test]
fn wrong_usage_is_told_with_code_2_and_makes_nothing() {
    let home = Home::new();
    home.csv("one.csv", &[track("Ebb")]);
    let lines = [
        "convert one.csv --from MUSIC --to ./player --preset 999",
        "convert one.csv --from MUSIC",
        "bogus",
        "scan",
        "convert one.csv --from MUSIC --to ./player --no-such-option",
        "completions tcl",
    ];
    for line in lines {
        let said = home.run(line);
        assert_eq!(said.code, 2, "{line}: {said:?}");
        assert!(said.out.is_empty() && said.err.starts_with("error: "), "{line}: {said:?}");
    }
    assert!(!home.player().exists());
}

#[test]
fn a_pipe_gets_the_result_without_progress() {
    let home = Home::new();
    home.csv("one.csv", &[track("Ebb")]);
    let said = home.well("convert one.csv --from MUSIC --to ./player");
    assert_eq!(said.err, "", "nothing to warn of");
    assert!(said.out.contains("on the player"), "{said:?}");
    assert!(!said.out.contains('\r') && !said.out.contains('█'), "{said:?}");
    let events = home.run("--json convert one.csv --from MUSIC --to ./player");
    let last = events.last_object();
    assert_eq!((&last["event"], &last["command"]), (&"result".into(), &"convert".into()));
    assert!(events.out.contains("\"event\":\"started\""), "{}", events.out);
}

#[test]
fn errors_with_json_are_one_object_with_the_exit_code() {
    let home = Home::new();
    let last = home.json("convert nothing.csv --from MUSIC --to ./player");
    assert_eq!((&last["event"], &last["code"]), (&"error".into(), &last["~code"]), "{last}");
    assert!(last["message"].as_str().unwrap().contains("nothing.csv"), "{last}");
    assert!(!home.player().exists());
}

#[test]
fn a_name_that_is_not_there_is_code_1_everywhere_and_makes_nothing() {
    let home = Home::new();
    home.csv("one.csv", &[track("Ebb")]);
    home.well("convert one.csv --from MUSIC --to ./player");
    for line in [
        "convert --list nobody --to ./new",
        "convert --to player:nobody",
        "convert --to ./new --profile nobody",
        "player show nobody",
        "player new mine --like nobody",
        "doctor --player player:nobody",
        "player adopt player:nobody",
        "eject nobody",
        "export nobody --to x.json",
        "policy nobody --allow live",
        "library log nobody",
        "library restore nobody --at 1",
        "library drop nobody",
        "library split 999",
        "explain nobody",
        "review --pick 999=1",
        "review --none 999",
        "review --undo 999",
        "source check nobody",
        "source remove nobody",
        "drill --down nobody",
        "refresh --forget nobody",
    ] {
        let said = home.run(line);
        assert!(said.code == 1 && said.err.starts_with("error: "), "{line}: {said:?}");
    }
    assert!(!home.path("new").exists() && !home.path("x.json").exists());
}

#[test]
fn a_command_line_that_makes_no_sense_is_told_as_json_where_that_is_asked_for() {
    let home = Home::new();
    for (line, says) in [
        ("convert --json", "--to"),
        ("source add nope --json", "nope"),
        ("--json nonsense", "nonsense"),
        ("--json", "requires a subcommand"),
    ] {
        let said = home.run(line);
        let last = said.last_object();
        assert_eq!(
            (&last["event"], &last["code"], said.code),
            (&"error".into(), &2.into(), 2),
            "{line}: {said:?}"
        );
        assert!(last["message"].as_str().unwrap().contains(says), "{line}: {last}");
        assert!(!last["message"].as_str().unwrap().contains('\n'), "{line}: {last}");
    }
    let plain = home.run("convert");
    assert!(plain.code == 2 && plain.out.is_empty() && plain.err.contains("--to"), "{plain:?}");
}

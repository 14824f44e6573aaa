//! The review as a person meets it: a terminal, single keys, a player; and lines where there is no terminal.
#![cfg(unix)]

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use ferrotape_testkit::{MadeTrack, Track, make_music};
use rexpect::process::Signal;
use rexpect::session::{PtySession, spawn_command};

use crate::collection::track;
use crate::home::{Home, list, outcome_of, said};
use crate::review::{case, convert, number, undecided};

/// Ends every question.
const PROMPT: &str = "q quit > ";

/// `ferrotape` with these arguments on a terminal of its own.
fn on_a_terminal(home: &Home, args: &[&str]) -> PtySession {
    let mut command = home.command();
    command.args(args);
    on_this_terminal(command)
}

fn on_this_terminal(mut command: Command) -> PtySession {
    command.env("TERM", "dumb");
    command.stdin(Stdio::inherit()).stdout(Stdio::inherit()).stderr(Stdio::inherit());
    spawn_command(command, Some(30_000)).unwrap()
}

/// Waits for the question after what is expected, and gives back what stood before it.
fn question(session: &mut PtySession) -> String {
    as_text(&session.exp_string(PROMPT).unwrap())
}

/// The terminal's bytes, which come one to a character.
fn as_text(bytes: &str) -> String {
    let bytes: Vec<u8> = bytes.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Types keys.
fn press(session: &mut PtySession, keys: &str) {
    session.send(keys).unwrap();
    session.flush().unwrap();
}

fn end(mut session: PtySession) -> String {
    let text = as_text(&session.exp_eof().unwrap());
    assert!(
        matches!(session.process().wait().unwrap(), rexpect::process::WaitStatus::Exited(_, 0)),
        "{text}"
    );
    text
}

/// An album of four wanted, all of it there live only; and `Undertow`, likewise, from elsewhere.
fn live_album() -> Home {
    let home = undecided();
    let titles = ["Outer Reef", "Spring Tide", "Sandbar", "Lee Shore"];
    let made: Vec<MadeTrack> = (1..)
        .zip(titles)
        .map(|(number, title)| {
            MadeTrack::new("Kelp Choir", "Harbour Nights", number, &format!("{title} (Live)")).seconds(2.0)
        })
        .collect();
    make_music(&home.path("music"), &made).unwrap();
    let mut wanted = titles.map(|title| Track::new("Kelp Choir", "Tidal", title)).to_vec();
    wanted.extend([crate::collection::undertow(), crate::collection::polar_night_live(), track("Ebb")]);
    home.csv("two.csv", &wanted);
    home.well("convert two.csv --from music --to ./player");
    home
}

#[test]
fn keys_need_no_enter_and_everything_said_is_followed() {
    let home = undecided();
    let mut session = on_a_terminal(&home, &["review"]);
    let shown = question(&mut session);
    assert!(shown.contains("(1 of 2)") && shown.contains("«(Live)»"), "the difference is marked: {shown}");
    assert!(shown.contains("same title, same artist – live"), "the reason in one line: {shown}");
    press(&mut session, "z");
    session.exp_string("none of the keys").unwrap();
    press(&mut session, "?");
    session.exp_string("never ask again").unwrap();
    press(&mut session, "1");
    session.exp_string("(2 of 2)").unwrap();
    press(&mut session, "n");
    session.exp_string("That was the last one").unwrap();
    press(&mut session, "u");
    session.exp_string("(2 of 2)").unwrap();
    press(&mut session, "xq");
    let text = end(session);
    assert!(text.contains("2 decided, 0 left"), "{text}");
    let report = convert(&home);
    assert_eq!(outcome_of(&report, "Undertow"), "on_player");
    assert_eq!(outcome_of(&report, "Polar Night - Live"), "left_out");
    assert_eq!(report["outcomes"]["left_out"], 1);
    assert!(home.well("report").out.contains("you left it out"));
}

#[test]
fn undo_takes_back_the_last_word_and_asks_again_also_after_a_restart() {
    let home = undecided();
    let mut session = on_a_terminal(&home, &["review"]);
    question(&mut session);
    press(&mut session, "n");
    session.exp_string("(2 of 2)").unwrap();
    question(&mut session);
    press(&mut session, "u");
    session.exp_string("taken back: ").unwrap();
    session.exp_string("(1 of 2)").unwrap();
    question(&mut session);
    press(&mut session, "xq");
    assert!(end(session).contains("1 decided, 1 left"));

    let mut session = on_a_terminal(&home, &["review"]);
    question(&mut session);
    press(&mut session, "uuq");
    session.exp_string("Undertow; the next review asks for it").unwrap();
    session.exp_string("nothing to take back").unwrap();
    end(session);
    assert_eq!(list(&home.json("review --list"), "/cases").len(), 2);
}

#[test]
fn one_answer_settles_an_album_after_its_pairs_were_shown_and_one_undo_takes_it_back() {
    let home = live_album();
    let mut session = on_a_terminal(&home, &["review"]);
    assert!(question(&mut session).contains("g all 4 of this album"));
    press(&mut session, "g");
    let pairs = as_text(&session.exp_string("any other key goes back > ").unwrap());
    for title in ["Outer Reef", "Spring Tide", "Sandbar", "Lee Shore"] {
        assert!(pairs.contains(&format!("{title} (Live).flac")), "{title}: {pairs}");
    }
    assert!(!pairs.contains("Undertow"), "{pairs}");
    press(&mut session, "k");
    question(&mut session);
    press(&mut session, "gy");
    session.exp_string("4 decisions kept").unwrap();
    session.exp_string("(5 of 6)").unwrap();
    question(&mut session);
    press(&mut session, "u");
    session.exp_string("(1 of 6)").unwrap();
    question(&mut session);
    press(&mut session, "gyq");
    assert!(end(session).contains("4 decided, 2 left"));
    let report = convert(&home);
    assert_eq!(outcome_of(&report, "Sandbar"), "on_player");
    assert_eq!(outcome_of(&report, "Undertow"), "needs_review");

    let said = home.well("review --undo-last");
    assert_eq!(said.out.matches("decision taken back").count(), 4, "{said:?}");
    assert_eq!(list(&home.json("review --list"), "/cases").len(), 6);
}

#[test]
fn filters_leave_out_what_is_not_meant_and_the_list_is_grouped_by_reason() {
    let home = live_album();
    let count = |line: &str| list(&home.json(line), "/cases").len();
    assert_eq!(count("review --list --reason version"), 6);
    assert_eq!(count("review --list --reason duration"), 0);
    assert_eq!(count("review --list --album tidal"), 4);
    assert_eq!(count("review --list --artist QUILL"), 1);
    assert_eq!(count("review --list two --list"), 6);
    assert_eq!(home.run("review --list --reason because").code, 2);
    let listed = home.well("review --list").out;
    assert!(listed.contains("another version: 6 (--reason version)"), "{listed}");

    let mut session = on_a_terminal(&home, &["review", "--artist", "nordlys"]);
    assert!(question(&mut session).contains("(1 of 1)"));
    press(&mut session, "/several\r");
    session.exp_string("no open case has that reason").unwrap();
    press(&mut session, "/ver\r");
    session.exp_string("1 of them version").unwrap();
    press(&mut session, "q");
    end(session);
}

/// A player that writes down what it was asked to play and then plays for a very long time.
fn fake_player(home: &Home) -> String {
    let script = home.path("play er.sh");
    let log = home.path("played.txt");
    let text = format!("#!/bin/sh\nprintf '%s\\n' \"$@\" >> '{}'\nsleep 600\n", log.display());
    fs::write(&script, text).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    format!("'{}' --quietly", script.display())
}

/// Waits until the player was called, and gives back what it was told.
fn played(home: &Home) -> String {
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        match fs::read_to_string(home.path("played.txt")) {
            Ok(text) if text.contains(".flac\n") => return text,
            _ if Instant::now() > until => panic!("the player was not called"),
            _ => std::thread::sleep(Duration::from_millis(20)),
        }
    }
}

#[test]
fn a_candidate_is_played_by_the_named_program_until_the_next_key() {
    let home = undecided();
    let command = fake_player(&home);
    let mut session = on_a_terminal(&home, &["review", "--play-with", &command]);
    question(&mut session);
    press(&mut session, "p");
    session.exp_string("playing").unwrap();
    let told = played(&home);
    assert!(told.starts_with("--quietly\n") && told.ends_with("01 Undertow (Live).flac\n"), "{told}");
    // It would sleep for ten minutes; the next key ends it, and with it nothing keeps the terminal.
    let began = Instant::now();
    press(&mut session, "q");
    end(session);
    assert!(began.elapsed() < Duration::from_secs(30));
    let group = home.path("play er.sh");
    let still = Command::new("pgrep").args(["-f", group.to_str().unwrap()]).output();
    if let Ok(still) = still {
        assert!(still.stdout.is_empty(), "the player is still there");
    }
}

#[test]
fn without_a_player_it_says_so() {
    let home = undecided();
    let mut command = home.command();
    command.arg("review").env("PATH", home.path("nothing"));
    let mut session = on_this_terminal(command);
    question(&mut session);
    press(&mut session, "p");
    session.exp_string("no player was found").unwrap();
    press(&mut session, "q");
    end(session);
    assert_eq!(home.run_with("review --play-with", &["mpv 'unclosed"]).code, 2);
}

#[test]
fn a_file_is_named_by_typing_its_path() {
    let home = undecided();
    fs::create_dir(home.path("other disk")).unwrap();
    fs::copy(home.path("music/Tin Parade/Brass/01 March Home.ogg"), home.path("other disk/take.ogg"))
        .unwrap();
    let mut session = on_a_terminal(&home, &["review"]);
    question(&mut session);
    press(&mut session, "fnowhere.ogg\r");
    session.exp_string("cannot be opened").unwrap();
    press(&mut session, "f'other diskk\u{7f}/take.ogg'\r");
    session.exp_string("(2 of 2)").unwrap();
    press(&mut session, "q");
    end(session);
    assert_eq!(outcome_of(&convert(&home), "Undertow"), "on_player");
}

#[test]
fn what_was_decided_before_a_kill_is_kept() {
    let home = undecided();
    let mut session = on_a_terminal(&home, &["review"]);
    question(&mut session);
    press(&mut session, "1");
    session.exp_string("(2 of 2)").unwrap();
    session.process_mut().kill(Signal::SIGKILL).unwrap();
    drop(session);
    let cases = home.json("review --list");
    assert!(case(&cases, "Undertow").is_none() && case(&cases, "Polar Night").is_some(), "{cases}");
}

#[test]
fn without_a_terminal_answers_are_lines() {
    let home = undecided();
    let mut child = home
        .command()
        .arg("review")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = "?\n1\nf music/Nordlys/Aurora/04 Polar Night.flac\n";
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let said = said(child.wait_with_output().unwrap(), "review");
    assert!(said.out.contains("2 decided, 0 left"), "{said:?}");
    let report = convert(&home);
    assert_eq!(outcome_of(&report, "Undertow"), "on_player");
    assert_eq!(outcome_of(&report, "Polar Night - Live"), "on_player");
    assert!(number(&home, "Undertow") > 0);
}

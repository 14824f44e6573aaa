//! Looking again at what was read before, by hand and by a timer.

use std::fs;
use std::process::Command;

use ferrotape_testkit::fake_spotify::FakeLibrary;

use crate::account::Account;
use crate::collection::{copy_of_music, track};
use crate::home::{Home, list, text};

fn news<'v>(last: &'v serde_json::Value, name: &str) -> &'v str {
    let inputs = list(last, "/inputs").iter();
    let mut found = inputs.filter(|input| input["path"].as_str().unwrap().ends_with(name));
    found.next().unwrap_or_else(|| panic!("no {name}: {last:#}"))["news"].as_str().unwrap()
}

#[test]
fn only_what_changed_is_read_again_and_what_is_gone_loses_nothing() {
    let home = Home::new();
    let nothing = home.well("refresh");
    assert!(nothing.out.contains("Nothing was read before"), "{nothing:?}");

    home.csv("a.csv", &[track("Ebb"), track("Flood")]);
    home.csv("b.csv", &[track("Slack")]);
    home.well("import a.csv b.csv");
    let same = home.json("refresh");
    assert_eq!((news(&same, "a.csv"), news(&same, "b.csv")), ("unchanged", "unchanged"));
    assert_eq!(
        (&same["music"], &same["account"]["news"]),
        (&serde_json::Value::Null, &"not_connected".into())
    );

    home.csv("a.csv", &[track("Ebb"), track("Flood"), track("Cold Sky")]);
    fs::remove_file(home.path("b.csv")).unwrap();
    let changed = home.json("refresh");
    assert_eq!((news(&changed, "a.csv"), news(&changed, "b.csv")), ("read", "gone"));
    assert_eq!(list(&changed, "/inputs")[0]["import"]["playlists"][0]["added"], 1);
    assert_eq!(changed["~code"], 0, "a file that was moved away is no fault");
    assert_eq!(list(&home.json("library show b"), "/list/entries").len(), 1);

    fs::write(home.path("a.csv"), b"\x00\x01").unwrap();
    let broken = home.json("refresh");
    assert_eq!((news(&broken, "a.csv"), &broken["~code"]), ("failed", &3.into()));
    assert_eq!(list(&home.json("library show a"), "/list/entries").len(), 3);
}

#[test]
fn a_folder_of_inputs_is_read_again_when_a_file_comes() {
    let home = Home::new();
    fs::create_dir(home.path("inbox")).unwrap();
    home.csv("inbox/a.csv", &[track("Ebb")]);
    home.well("import inbox");
    assert_eq!(news(&home.json("refresh"), "inbox"), "unchanged");
    home.csv("inbox/b.csv", &[track("Flood")]);
    assert_eq!(news(&home.json("refresh"), "inbox"), "read");
    assert_eq!(list(&home.json("library show b"), "/list/entries").len(), 1);
}

#[test]
fn music_folders_are_scanned_again() {
    let home = Home::new();
    let music = home.path("music");
    copy_of_music(&music);
    home.well(&format!("scan {}", text(&music)));
    let same = home.json("refresh");
    assert_eq!(same["music"]["opened"], 0, "{same:#}");
    fs::remove_file(music.join("Mara Quill/Low Water/03 Slack.mp3")).unwrap();
    assert_eq!(home.json("refresh")["music"]["missing"], 1);

    let listed = home.well("refresh --list").out;
    assert!(listed.starts_with("music  "), "{listed}");
    home.well(&format!("refresh --forget {}", text(&music)));
    assert!(home.json("refresh")["music"].is_null());
    let again = home.run(&format!("refresh --forget {}", text(&music)));
    assert!(again.code == 1 && again.err.contains("not looked at anyway"), "{again:?}");
}

#[test]
fn the_account_is_asked_when_it_is_due() {
    let account = Account::connected(FakeLibrary::small());
    let address = account.spotify.address();
    let run = |more: &str| {
        let line = format!(
            "refresh {more} --api-address {address} --accounts-address {address} --library library --json"
        );
        account.home.run(&line).last_object()
    };
    let first = run("");
    assert_eq!(first["account"]["news"], "pulled", "{first:#}");
    account.spotify.clear();
    assert_eq!(run("")["account"]["news"], "not_due");
    assert!(account.spotify.asked().is_empty(), "nothing is asked before its time");
    assert_eq!(run("--now")["account"]["news"], "pulled");
}

#[test]
fn the_end_of_the_agreement_is_told_by_a_refresh() {
    let account = Account::connected(FakeLibrary::small());
    let address = account.spotify.address();
    let line = format!("refresh --api-address {address} --accounts-address {address} --library library");
    let far = account.home.json(&line);
    assert!(far["agreement"].is_null(), "{far:#}");
    account.agreed_days_ago(168);
    let near = account.home.json(&line);
    assert_eq!((&near["agreement"]["ended"], near["agreement"]["ends_at"].is_i64()), (&false.into(), true));
    let told = account.home.well(&format!("--quiet {line}")).out;
    assert!(told.contains("agreement ends on") && told.contains("spotify connect` renews it"), "{told}");
    account.spotify.end_agreement();
    account.spotify.expire_access();
    let ends = account.home.run(&format!("--quiet {line} --now"));
    assert!(ends.code == 3 && ends.out.contains("agreement has ended"), "{ends:?}");
    let after = account.home.well(&format!("--quiet {line}")).out;
    assert!(after.contains("The agreement has ended"), "{after}");
    assert_eq!(account.home.json(&line)["agreement"]["ended"], true);
}

#[test]
fn an_account_that_cannot_be_used_stops_nothing_else() {
    let home = Home::new();
    home.csv("a.csv", &[track("Ebb")]);
    home.well("import a.csv --library library");
    home.csv("a.csv", &[track("Ebb"), track("Flood")]);
    fs::write(home.path("library/account.json"), "{ damaged").unwrap();
    let last = home.json("refresh --library library");
    assert_eq!((news(&last, "a.csv"), &last["account"]["news"]), ("read", &"failed".into()), "{last:#}");
    assert_eq!(last["~code"], 3);
}

#[test]
fn a_timer_is_written_as_systemd_reads_it_and_taken_away_again() {
    let home = Home::new();
    let library = "lib \"rary\" $HOME 100 %";
    let said = home.run_with("install-timer --at 06:30 --library", &[library]);
    assert_eq!(said.code, 0, "{said:?}");
    let units = home.path(".config/systemd/user");
    let service = fs::read_to_string(units.join("ferrotape-refresh.service")).unwrap();
    let timer = fs::read_to_string(units.join("ferrotape-refresh.timer")).unwrap();
    assert!(timer.contains("OnCalendar=*-*-* 06:30:00"), "{timer}");
    assert!(service.contains(r#"lib \"rary\" $$HOME 100 %%" "refresh""#), "{service}");
    assert!(said.out.contains("systemctl --user enable --now ferrotape-refresh.timer"), "{said:?}");
    let mut judge = Command::new("systemd-analyze");
    judge.args(["verify", "--user"]).arg(units.join("ferrotape-refresh.timer"));
    judge.arg(units.join("ferrotape-refresh.service"));
    match judge.output() {
        Ok(judged) => {
            let words = String::from_utf8_lossy(&judged.stderr).into_owned();
            assert!(!words.contains("ferrotape-refresh"), "{words}");
        }
        Err(_) => eprintln!("skipped: systemd-analyze is not here to judge the units"),
    }
    let again = home.well("install-timer --remove").out;
    assert_eq!(again.matches("Took away").count(), 2, "{again}");
    assert_eq!(home.well("install-timer --remove").out, "There was no timer.\n");
}

#[test]
fn a_crontab_line_runs_as_a_shell_reads_it() {
    let home = Home::new();
    home.csv("a.csv", &[track("Ebb")]);
    home.run_with("import a.csv --library", &["it's mine 100%"]);
    let said = home.run_with("install-timer --cron --at 06:05 --library", &["it's mine 100%"]);
    let line = said.out.trim();
    let command = line.strip_prefix("5 6 * * * ").unwrap_or_else(|| panic!("{said:?}"));
    // cron takes the backslash away before the shell sees the line.
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(command.replace("\\%", "%")).env_clear().env("HOME", home.path(""));
    let ran = shell.current_dir(home.path("")).output().unwrap();
    let out = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert!(ran.status.success() && out.contains("1 input is as before"), "{ran:?}");
}

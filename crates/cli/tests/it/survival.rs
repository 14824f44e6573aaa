//! Stopped, crowded out, locked out, left alone: a clear word, no half file, and the same command goes on.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use ferrotape_testkit::{Sound, Track, changes, mp3val_clean, tree_snapshot};
use serde_json::{Value, json};

use crate::collection::track;
use crate::home::{Home, Said, files_below, said};

const MILES: usize = 8;

/// A home with music that takes a second or two to convert.
pub(crate) fn long_haul() -> Home {
    let home = Home::new();
    let folder = home.path("long/Long Haul/Road");
    fs::create_dir_all(&folder).unwrap();
    let whole = Sound::of_seconds(7, 15.0).wav();
    let title =
        |n: usize| format!("Mile {}", ["One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight"][n]);
    for n in 0..MILES {
        // Each a little shorter than the one before, so that no two are the same recording.
        let mut wav = whole[..whole.len() - n * 4_000].to_vec();
        let data = u32::try_from(wav.len() - 44).unwrap();
        wav[4..8].copy_from_slice(&(data + 36).to_le_bytes());
        wav[40..44].copy_from_slice(&data.to_le_bytes());
        fs::write(folder.join(format!("{:02} - {}.wav", n + 1, title(n))), wav).unwrap();
    }
    let wanted: Vec<Track> = (0..MILES).map(|n| Track::new("Long Haul", "Road", &title(n))).collect();
    home.csv("miles.csv", &wanted);
    home.of_one_mark(&[".local/share/ferrotape", "other", "third"]);
    home
}

/// Some of its tracks.
pub(crate) fn miles(titles: &[&str]) -> Vec<Track> {
    titles.iter().map(|title| Track::new("Long Haul", "Road", &format!("Mile {title}"))).collect()
}

const LINE: [&str; 6] = ["convert", "miles.csv", "--from", "long", "--to", "./player"];

fn start(home: &Home) -> Child {
    home.command().args(LINE).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(30), "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn one_is_there(home: &Home) -> bool {
    // The folder changes while it is read; a failed look is no answer.
    let files = ferrotape_testkit::tree_snapshot(&home.player()).unwrap_or_default();
    files.keys().any(|path| path.ends_with(".mp3") && !path.starts_with('.'))
}

fn whole(home: &Home) {
    for path in home.mp3s() {
        mp3val_clean(&home.player().join(path)).unwrap();
    }
}

#[test]
fn ctrl_c_leaves_whole_files_and_the_same_command_goes_on() {
    let home = long_haul();
    let child = start(&home);
    until("a track is there", || one_is_there(&home));
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let stopped = said(child.wait_with_output().unwrap(), "convert, stopped");
    assert_eq!(stopped.code, 130, "{stopped:?}");
    assert!(stopped.out.contains("goes on from here") || stopped.err.contains("goes on"), "{stopped:?}");
    assert!((1..MILES).contains(&home.mp3s().len()), "{:?}", home.mp3s());
    whole(&home);
    let first = home.mp3s();
    let kept = tree_snapshot(&home.player()).unwrap();
    assert_eq!(home.well(&LINE.join(" ")).code, 0);
    let after = tree_snapshot(&home.player()).unwrap();
    assert!(first.iter().all(|path| kept[path] == after[path]), "what was finished is not made again");
    equals_an_undisturbed_run(&home);
}

#[test]
fn a_killed_run_is_finished_by_the_same_command() {
    let home = long_haul();
    let mut child = start(&home);
    until("a track is there", || one_is_there(&home));
    child.kill().unwrap();
    child.wait().unwrap();
    whole(&home);
    home.well(&LINE.join(" "));
    equals_an_undisturbed_run(&home);
}

#[test]
fn what_a_killed_run_put_there_stays_for_runs_with_other_lists_and_without_its_sources() {
    let home = long_haul();
    home.csv("other.csv", &[track("Ebb")]);
    let mut child = start(&home);
    until("a track is there", || one_is_there(&home));
    child.kill().unwrap();
    child.wait().unwrap();
    let there = home.mp3s();
    home.well("convert other.csv --from MUSIC --to ./player --delete");
    let all_there = || there.iter().all(|path| home.mp3s().contains(path));
    assert!(all_there(), "{:?}", home.mp3s());
    assert_eq!(home.mp3s().len(), there.len() + 1);
    // Nothing of it could be made again.
    fs::remove_dir_all(home.path("long")).unwrap();
    home.well("convert miles.csv --from MUSIC --to ./player --delete");
    assert!(all_there(), "{:?}", home.mp3s());
}

/// exFAT's check deletes a file whose entry a power cut tore, and the journal's is written anew with each step.
#[test]
fn what_came_before_a_power_cut_that_took_the_journal_is_not_written_twice() {
    let home = long_haul();
    let mut child = start(&home);
    until("a track is there", || one_is_there(&home));
    child.kill().unwrap();
    child.wait().unwrap();
    let journal = home.player().join(".ferrotape/journal");
    if journal.exists() {
        fs::remove_file(journal).unwrap();
    }
    home.well(&LINE.join(" "));
    equals_an_undisturbed_run(&home);
}

/// Bytes on the player are those of a run that nothing disturbed.
fn equals_an_undisturbed_run(home: &Home) {
    home.well("--library other convert miles.csv --from long --to undisturbed --cache-size 0");
    home.well("--library third convert miles.csv --from long --to from-cache");
    let disturbed = tree_snapshot(&home.player()).unwrap();
    let undisturbed = tree_snapshot(&home.path("undisturbed")).unwrap();
    assert_eq!(changes(&undisturbed, &disturbed), Vec::<String>::new());
    // What was kept in the middle of it is whole.
    let from_cache = tree_snapshot(&home.path("from-cache")).unwrap();
    assert_eq!(changes(&undisturbed, &from_cache), Vec::<String>::new());
    assert_eq!(home.mp3s().len(), MILES);
}

#[test]
fn two_at_once_on_one_library_take_turns() {
    let home = long_haul();
    let first = start(&home);
    until("the first is at work", || home.player().join(".ferrotape").exists());
    let second = said(start(&home).wait_with_output().unwrap(), "the second");
    let first = said(first.wait_with_output().unwrap(), "the first");
    assert_eq!((first.code, second.code), (0, 0), "{first:?} {second:?}");
    assert!(second.err.contains("is using the library"), "{second:?}");
    assert!(second.out.contains("othing to change"), "{second:?}");
    equals_an_undisturbed_run(&home);
}

#[test]
fn a_source_that_vanishes_in_the_middle_takes_nothing_with_it() {
    let home = long_haul();
    let child = start(&home);
    until("a track is there", || one_is_there(&home));
    fs::rename(home.path("long"), home.path("gone")).unwrap();
    let during = said(child.wait_with_output().unwrap(), "convert, source gone");
    assert!([0, 3].contains(&during.code), "{during:?}");
    whole(&home);
    fs::rename(home.path("gone"), home.path("long")).unwrap();
    home.well(&LINE.join(" "));
    equals_an_undisturbed_run(&home);
}

/// Runs `ferrotape` twice in a mount namespace of its own, on a player of `size` that holds what `before` put there;
/// the player's files are copied to `player-copy`. `None` when this system lets nobody mount.
fn on_small_player(home: &Home, options: &str) -> Option<Said> {
    let script = format!(
        "mkdir -p player player-copy; mount -t tmpfs -o {options} none player || exit 99
         \"$FERROTAPE\" {}; code=$?; cp -r player/. player-copy/; exit $code",
        LINE.join(" ")
    );
    home.with_own_mounts(&script)
}

/// What is mounted on a file keeps it from being removed, or from being written to.
#[test]
fn a_file_that_the_player_does_not_let_go_stops_nothing() {
    let home = long_haul();
    home.csv("a.csv", &miles(&["One", "Two"]));
    home.csv("b.csv", &miles(&["Two", "Three"]));
    let script = "mkdir -p player; mount -t tmpfs none player || exit 99
        \"$FERROTAPE\" convert a.csv --from long --to ./player || exit 98
        one=$(find player/Music -name '*Mile One.mp3'); mount --bind \"$one\" \"$one\" || exit 99
        for run in first second; do
            \"$FERROTAPE\" convert b.csv --from long --to ./player --only -y; echo \"$run ended with $?\"
        done
        echo \"lists: $(ls player/Playlists)\"";
    let Some(said) = home.with_own_mounts(script) else { return };
    assert!(said.out.contains("first ended with 0") && said.out.contains("second ended with 0"), "{said:?}");
    assert!(said.out.contains("lists: b.m3u8"), "{said:?}");
    let told = "Mile One.mp3: could not be removed and stays for now";
    assert_eq!(said.all().matches(told).count(), 2, "{said:?}");
}

#[test]
fn a_file_whose_time_cannot_be_set_stops_nothing() {
    let home = long_haul();
    home.csv("a.csv", &miles(&["One"]));
    home.csv("b.csv", &miles(&["One", "Two"]));
    let script = "mkdir -p player; mount -t tmpfs none player || exit 99
        run() { \"$FERROTAPE\" convert $1 --from long --to ./player --profile shokz-openswim -y; }
        run a.csv || exit 98
        one=$(find player -name '*Mile One*.mp3'); touch -d '2031-01-01' \"$one\"
        mount --bind \"$one\" \"$one\" && mount -o remount,ro,bind \"$one\" || exit 99
        run b.csv; echo \"ended with $?\"";
    let Some(said) = home.with_own_mounts(script) else { return };
    assert!(said.out.contains("ended with 0"), "{said:?}");
    assert!(said.out.contains("could not be put in the order in which the player plays them"), "{said:?}");
}

#[test]
fn a_full_player_holds_whole_files_and_the_rest_waits() {
    let home = long_haul();
    let Some(full) = on_small_player(&home, "size=3500k") else { return };
    assert!([0, 3].contains(&full.code), "{full:?}");
    assert!(full.all().contains("does not fit") || full.all().contains("full"), "{full:?}");
    let waiting = home.json("report")["outcomes"]["waiting"].as_u64().unwrap();
    let files = files_below(&home.path("player-copy"));
    let there: Vec<&String> = files.iter().filter(|path| path.ends_with(".mp3")).collect();
    assert_eq!(there.len() as u64 + waiting, MILES as u64, "{files:?}");
    assert!(waiting > 0 && !there.is_empty(), "the player is meant to be too small, not empty: {files:?}");
    for path in there {
        assert!(path.starts_with("Music/"), "a half file: {path}");
        mp3val_clean(&home.path("player-copy").join(path)).unwrap();
    }
}

#[test]
fn a_player_that_cannot_be_written_is_told_of() {
    let home = long_haul();
    let Some(refused) = on_small_player(&home, "ro,size=1m") else { return };
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.err.contains("error: ") && refused.err.contains("player"), "{refused:?}");
}

#[test]
fn a_target_that_is_no_folder_is_told_of() {
    let home = Home::new();
    home.csv("one.csv", &[track("Ebb")]);
    fs::write(home.player(), "a file").unwrap();
    for (target, named) in [("player", "player"), ("no/such/parent", "no/such")] {
        let said = home.run(&format!("convert one.csv --from MUSIC --to {target}"));
        assert_eq!(said.code, 1, "{said:?}");
        assert!(said.err.contains(named), "{said:?}");
    }
    assert_eq!(fs::read_to_string(home.player()).unwrap(), "a file");
    assert!(!Path::new(&home.path("no")).exists());
}

/// What the list on the player says of the first track there.
fn first_record(home: &Home) -> Value {
    let text = fs::read_to_string(home.player().join(".ferrotape/manifest.json")).unwrap();
    serde_json::from_str::<Value>(&text).unwrap()["files"][0].clone()
}

fn journal(home: &Home, step: &Value) {
    fs::write(home.player().join(".ferrotape/journal"), format!("{step}\n")).unwrap();
}

#[test]
fn what_was_cut_short_and_went_to_the_trash_is_named() {
    let home = long_haul();
    home.well(&LINE.join(" "));
    let mut record = first_record(&home);
    record["identity"] = "another".into();
    record["path"] = "Music/Long Haul/Road/09 - Cut.mp3".into();
    journal(&home, &json!({ "step": "file", "record": record }));
    fs::write(home.player().join("Music/Long Haul/Road/09 - Cut.mp3"), "half").unwrap();
    let said = home.well(&LINE.join(" "));
    assert!(said.err.contains("09 - Cut.mp3") && said.err.contains("trash"), "{said:?}");
    assert_eq!(home.mp3s().len(), MILES);
}

#[cfg(unix)]
#[test]
fn a_player_whose_file_system_needs_a_check_is_told_of_and_nothing_is_removed() {
    let home = long_haul();
    home.well(&LINE.join(" "));
    let record = first_record(&home);
    let placed = home.player().join(record["path"].as_str().unwrap());
    let left = home.player().join(".ferrotape/staging/000003.tmp");
    journal(&home, &json!({ "step": "file", "record": record, "from": ".ferrotape/staging/000003.tmp" }));
    // Two names of the same bytes, as a power cut leaves them on FAT.
    fs::hard_link(&placed, &left).unwrap();
    let refused = home.run(&LINE.join(" "));
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.err.contains("needs a check") && refused.err.contains("000003.tmp"), "{refused:?}");
    assert!(placed.exists() && left.exists());
    // A check cuts one of them short.
    fs::remove_file(&left).unwrap();
    fs::write(&left, "").unwrap();
    home.well(&LINE.join(" "));
    assert!(placed.exists() && !left.exists());
    // A kill before a file was replaced by one of the very same bytes leaves both, too, and nothing is wrong with that.
    journal(&home, &json!({ "step": "file", "record": record, "from": ".ferrotape/staging/000003.tmp" }));
    fs::copy(&placed, &left).unwrap();
    let before = fs::metadata(&placed).unwrap().modified().unwrap() - Duration::from_secs(60);
    fs::File::options().write(true).open(&placed).unwrap().set_modified(before).unwrap();
    home.well(&LINE.join(" "));
    assert!(placed.exists() && !left.exists());
    equals_an_undisturbed_run(&home);
}

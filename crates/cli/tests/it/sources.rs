//! Sources that move, break, go away or go round in circles: the music on the player stays.

use std::fs;
use std::path::Path;

use ferrotape_domain::AudioFormat;
use ferrotape_testkit::{MadeTrack, changes, make_music, tree_snapshot};

use crate::collection::{TRUNCATED, copy_of_music, track, wishes};
use crate::home::{Home, list, outcome_of, row_of};

/// A home with music of its own that the test may change.
fn own_music() -> Home {
    let home = Home::with_wishes();
    copy_of_music(&home.path("music"));
    home
}

#[test]
fn an_unplugged_source_takes_nothing_off_the_player() {
    let home = own_music();
    home.json("convert wishes.zip --from music --to ./player");
    let before = tree_snapshot(&home.player()).unwrap();
    fs::rename(home.path("music"), home.path("unplugged")).unwrap();
    let last = home.json("convert wishes.zip --from music --to ./player");
    assert_eq!(outcome_of(&last["report"], "Ebb"), "on_player");
    assert_eq!(changes(&before, &tree_snapshot(&home.player()).unwrap()), Vec::<String>::new());
    assert_eq!(list(&last, "/scan/faults").len(), 1, "{}", last["scan"]);

    assert_eq!(outcome_of(&last["report"], "March Home"), "on_player", "its picture is away, too");

    // An empty mount point is no word that the music is gone either.
    fs::create_dir(home.path("music")).unwrap();
    let last = home.json("convert wishes.zip --from music --to ./player");
    assert_eq!(outcome_of(&last["report"], "Brass"), "on_player");
    assert_eq!(outcome_of(&last["report"], "March Home"), "on_player");
    assert_eq!(changes(&before, &tree_snapshot(&home.player()).unwrap()), Vec::<String>::new());

    // Plugged in again nothing is made anew.
    fs::remove_dir(home.path("music")).unwrap();
    fs::rename(home.path("unplugged"), home.path("music")).unwrap();
    let last = home.json("convert wishes.zip --from music --to ./player");
    assert_eq!(last["performed"]["written"], 0);
    assert_eq!(changes(&before, &tree_snapshot(&home.player()).unwrap()), Vec::<String>::new());
}

#[test]
fn a_scan_opens_only_what_is_new_and_knows_what_moved() {
    let home = own_music();
    let first = home.json("scan music");
    assert_eq!((&first["event"], &first["missing"]), (&"result".into(), &0.into()));
    assert!(first["opened"].as_u64().unwrap() >= 13, "{first}");
    assert_eq!(home.json("scan music")["opened"], 0);
    fs::create_dir(home.path("music/sorted")).unwrap();
    let old = home.path("music/Øyvind Bråten/Fjell/01 Snø og Is.aiff");
    fs::rename(old, home.path("music/sorted/snow.aiff")).unwrap();
    fs::remove_file(home.path("music/Tin Parade/Brass/01 March Home.ogg")).unwrap();
    let last = home.json("scan music");
    assert_eq!((&last["moved"], &last["missing"], &last["opened"]), (&1.into(), &1.into(), &1.into()));
    assert_eq!(home.json("scan nowhere")["~code"], 1);
}

#[test]
fn moved_music_is_not_made_anew() {
    let home = own_music();
    home.json("convert wishes.zip --from music --to ./player");
    let before = tree_snapshot(&home.player()).unwrap();
    // With its picture, for another cover would be another file.
    fs::rename(home.path("music/Tin Parade"), home.path("music/Brass bands")).unwrap();
    let last = home.json("convert wishes.zip --from music --to ./player");
    assert_eq!(last["scan"]["moved"], 3);
    assert_eq!(last["performed"]["written"], 0, "{last}");
    assert_eq!(changes(&before, &tree_snapshot(&home.player()).unwrap()), Vec::<String>::new());
}

#[test]
fn what_cannot_be_read_is_listed_with_the_reason_and_stops_nothing() {
    let home = own_music();
    fs::write(home.path("music/empty.flac"), "").unwrap();
    fs::write(home.path("music/lie.mp3"), "this is a text, whatever it is called\n".repeat(200)).unwrap();
    fs::write(home.path("music/noise.flac"), [b"fLaC".as_slice(), &[0xA5; 4000]].concat()).unwrap();
    let last = home.json("scan music");
    let named = |name: &str| {
        let of = |file: &&serde_json::Value| file["path"].as_str().unwrap().ends_with(name);
        list(&last, "/unreadable").iter().find(of).cloned()
    };
    assert!(named("noise.flac").is_some_and(|file| file["reason"] != ""), "{last}");
    assert_eq!(last["audio"].as_u64().unwrap() + u64::from(named(TRUNCATED).is_some()), 13, "{last}");
    let last = home.json("convert wishes.zip --from music --to ./player");
    assert_eq!(outcome_of(&last["report"], "Ebb"), "on_player");
}

#[test]
fn a_loop_of_links_ends() {
    let home = own_music();
    std::os::unix::fs::symlink(home.path("music"), home.path("music/Nordlys/again")).unwrap();
    std::os::unix::fs::symlink(home.path("music/nothing"), home.path("music/dangling.flac")).unwrap();
    std::os::unix::fs::symlink("self", home.path("music/self")).unwrap();
    let last = home.json("scan music");
    assert_eq!(last["event"], "result");
    assert!(
        list(&last, "/unreadable").iter().any(|f| f["reason"].to_string().contains("leads back")),
        "{last}"
    );
    assert!(last["audio"].as_u64().unwrap() <= 13, "each file once: {last}");
}

#[test]
fn several_sources_fill_one_player_and_a_broken_copy_gives_way() {
    let home = own_music();
    let whole = MadeTrack::new("Mara Quill", "Low Water", 4, "Neap").format(AudioFormat::Vorbis);
    let extra = MadeTrack::new("Nobody Known", "Nowhere", 1, "Missing").seconds(1.0);
    make_music(&home.path("cds"), &[whole.seconds(2.5), extra]).unwrap();
    let last = home.json("convert wishes.zip --from music --from cds --to ./player");
    for title in ["Neap", "Missing", "Ebb"] {
        assert_eq!(outcome_of(&last["report"], title), "on_player", "{title}: {last}");
    }
    assert_eq!(last["~code"], 0, "nothing failed in the end");
}

#[test]
fn originals_are_never_changed() {
    let home = own_music();
    let before = tree_snapshot(&home.path("music")).unwrap();
    home.json("convert wishes.zip --from music --to ./player");
    home.json("convert wishes.zip --from music --to ./player --only --yes");
    assert_eq!(tree_snapshot(&home.path("music")).unwrap(), before);
}

#[test]
fn a_player_inside_the_music_folder_is_not_its_own_source() {
    let home = own_music();
    home.csv("one.csv", &[track("Ebb")]);
    home.well("convert one.csv --from music --to music/player");
    let before = tree_snapshot(&home.path("music/player")).unwrap();
    home.well("convert one.csv --from music --to music/player");
    let changed = changes(&before, &tree_snapshot(&home.path("music/player")).unwrap());
    assert_eq!(changed, Vec::<String>::new(), "our own output was taken for a source");
}

#[test]
fn doctor_finds_what_is_wrong_with_a_player() {
    let home = Home::new();
    home.zip("wishes.zip", &wishes());
    home.fill("wishes.zip");
    assert_eq!(home.json("doctor --player player --thorough")["event"], "result");
    let victim = home.player().join(home.mp3s().remove(0));
    let mut bytes = fs::read(&victim).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0xFF;
    fs::write(&victim, bytes).unwrap();
    let said = home.run("doctor --player player --thorough");
    assert_eq!(said.code, 1, "{said:?}");
    let name = Path::new(&victim).file_name().unwrap().to_str().unwrap();
    assert!(said.out.contains("BAD") && said.out.contains(name), "{said:?}");
}

#[test]
fn the_player_itself_remembers_what_its_files_answer() {
    let home = own_music();
    home.csv("one.csv", &[track("Ebb")]);
    home.csv("two.csv", &[track("Flood")]);
    home.json("convert one.csv two.csv --from music --to ./player");
    // The last run knew nothing of the first list; then the disk is empty, and the library is another one.
    home.json("convert two.csv --to ./player");
    let before = tree_snapshot(&home.player()).unwrap();
    fs::remove_dir_all(home.path("music/Mara Quill")).unwrap();
    for library in ["", "--library other "] {
        let last = home.json(&format!("{library}convert one.csv two.csv --from music --to ./player"));
        assert_eq!(outcome_of(&last["report"], "Ebb"), "on_player");
        assert_eq!(changes(&before, &tree_snapshot(&home.player()).unwrap()), Vec::<String>::new());
    }
}

#[test]
fn a_live_take_at_hand_does_not_drive_out_the_studio_recording_that_is_away() {
    let home = own_music();
    let live = MadeTrack::new("Mara Quill", "Low Water", 1, "Ebb (Live)").seconds(2.5).at("Ebb (Live).flac");
    make_music(&home.path("music/live"), &[live]).unwrap();
    home.csv("one.csv", &[track("Ebb")]);
    home.json("convert one.csv --from music --to ./player");
    let before = tree_snapshot(&home.player()).unwrap();
    fs::remove_dir_all(home.path("music/Mara Quill")).unwrap();
    let last = home.json("convert one.csv --from music --to ./player");
    assert_eq!(outcome_of(&last["report"], "Ebb"), "on_player");
    assert_eq!(changes(&before, &tree_snapshot(&home.player()).unwrap()), Vec::<String>::new());
}

#[test]
fn a_broken_file_stays_failed_for_every_target_until_it_is_another_one() {
    let home = own_music();
    home.csv("one.csv", &[neap()]);
    let fill = |target: &str, more: &str| home.json(&format!("convert one.csv --to ./{target} {more}"));
    for (target, more) in
        [("one", "--from music"), ("one", "--from music"), ("two", "--from music"), ("three", "")]
    {
        let last = fill(target, more);
        let row = row_of(&last["report"], "Neap").clone();
        let says = row["says"].as_str().unwrap();
        assert_eq!((&row["outcome"], &last["~code"]), (&"failed".into(), &3.into()), "{target}: {row}");
        assert!(says.contains("04 Neap.flac: broken: it ends after"), "{row}");
        let explained = home.json("explain Neap")["explained"].clone();
        assert!(
            says == explained["broken"] && explained["why"].as_str().unwrap().contains(says),
            "{explained:#}"
        );
    }
    let matched = home.json("match --from music one.csv");
    assert!(matched["matches"][0]["why"].as_str().unwrap().contains("04 Neap.flac"), "{matched:#}");
    // Moved, it is the same broken file.
    fs::create_dir(home.path("music/moved")).unwrap();
    let (broken, moved) = (home.path("music").join(TRUNCATED), home.path("music/moved/Neap.flac"));
    fs::rename(&broken, &moved).unwrap();
    let last = fill("four", "--from music");
    assert!(
        row_of(&last["report"], "Neap")["says"].as_str().unwrap().contains("moved/Neap.flac"),
        "{last:#}"
    );
    // A whole one in its place is taken.
    let whole = MadeTrack::new("Mara Quill", "Low Water", 4, "Neap").seconds(2.5).at("moved/Neap.flac");
    make_music(&home.path("music"), &[whole]).unwrap();
    let last = fill("four", "--from music");
    assert_eq!(outcome_of(&last["report"], "Neap"), "on_player", "{last:#}");
    assert!(home.json("explain Neap")["explained"]["broken"].is_null());
}

#[test]
fn another_version_that_is_broken_does_not_pass_for_the_wanted_one() {
    let home = own_music();
    let live = ferrotape_testkit::Track { title: "Neap - Live".to_owned(), ..neap() };
    home.csv("one.csv", &[neap()]);
    home.csv("two.csv", &[live]);
    home.json("convert one.csv --from music --to ./one");
    let last = home.json("convert two.csv --from music --to ./two");
    assert_eq!(outcome_of(&last["report"], "Neap - Live"), "not_in_sources", "{last:#}");
}

fn neap() -> ferrotape_testkit::Track {
    ferrotape_testkit::Track { title: "Neap".to_owned(), ..track("Ebb") }
}

#[test]
fn a_folder_that_was_never_there_is_an_error_and_not_remembered() {
    let home = own_music();
    for (line, says) in [
        ("scan nowhere", "nowhere: the folder cannot be read"),
        ("convert --from nowhere --to ./player", "There is no folder nowhere"),
    ] {
        let said = home.run(line);
        assert!(said.code == 1 && said.err.contains(says), "{line}: {said:?}");
        assert!(list(&home.json("refresh --list"), "/places").is_empty(), "{line}");
    }
    let both = home.run("scan music nowhere");
    assert!(both.code == 3 && both.out.contains("audio files") && both.err.contains("nowhere"), "{both:?}");
    // What is missing from the sum stands above it, as a terminal shows them.
    let mut shell = std::process::Command::new("sh");
    let program = env!("CARGO_BIN_EXE_ferrotape");
    shell.current_dir(home.path("")).env("HOME", home.path(""));
    let merged = shell.args(["-c", &format!("{program} scan music nowhere 2>&1")]).output().unwrap().stdout;
    let merged = String::from_utf8(merged).unwrap();
    let (fault, sum) = (merged.find("nowhere: the folder"), merged.find("Your music: "));
    assert!(fault.is_some() && sum.is_some() && fault < sum, "{merged}");
    // One that was there may come back.
    fs::rename(home.path("music"), home.path("away")).unwrap();
    assert_eq!(home.run("scan music").code, 1);
    let places = home.json("refresh --list");
    let names: Vec<&str> = list(&places, "/places").iter().filter_map(|one| one["path"].as_str()).collect();
    assert!(names.len() == 1 && names[0].ends_with("/music"), "{names:?}");
}

#[test]
fn a_cut_off_mp4_is_called_cut_off() {
    let home = own_music();
    let whole = fs::read(home.path("music/Nordlys/Aurora/01 Green Light.m4a")).unwrap();
    fs::create_dir(home.path("cut")).unwrap();
    fs::write(home.path("cut/a.m4a"), &whole[..whole.len() / 2]).unwrap();
    // Words that look like one.
    fs::write(home.path("cut/b.m4a"), "The free lunch, and what it is worth").unwrap();
    let scan = home.json("scan cut");
    let reasons: Vec<&str> =
        list(&scan, "/unreadable").iter().filter_map(|one| one["reason"].as_str()).collect();
    assert!(
        reasons.len() == 2 && reasons[0].starts_with("cut off: ") && reasons[1] == "not an audio file",
        "{reasons:?}"
    );
}

#[test]
fn a_folder_that_was_never_there_is_an_error_before_anything_is_done() {
    let home = own_music();
    for verb in [
        "convert wishes.zip --from musik --to ./player",
        "match wishes.zip --from musik/",
        "review --list --from musik",
        "explain Ebb --from musik",
    ] {
        let said = home.run(verb);
        assert!(said.code == 1 && said.err.contains("There is no folder musik"), "{verb}: {said:?}");
        assert!(said.err.contains("is it ") && said.err.contains("/music?"), "{said:?}");
    }
    assert!(!home.player().exists(), "nothing was made");
    assert_eq!(list(&home.json("library log"), "/snapshots").len(), 0, "nor imported");
    // Other music that is known makes a slip no better.
    home.well("scan music");
    let said = home.run("convert wishes.zip --from music --from elsewhere --to ./player");
    assert!(said.code == 1 && said.err.contains("There is no folder elsewhere"), "{said:?}");
    assert!(said.err.contains("plug that in"), "{said:?}");
}

#[test]
fn a_folder_that_was_never_scanned_is_told_with_the_command_that_does_it() {
    let home = own_music();
    home.csv("one.csv", &[track("Ebb")]);
    let hint = |said: &str| {
        let lines = said.lines().filter(|line| line.contains("was never scanned"));
        lines.filter(|line| line.contains("`ferrotape scan ") && line.contains("/music`")).count()
    };
    let said = home.well("match one.csv --from music");
    assert!(hint(&said.err) == 1 && !said.out.contains("none of your files"), "{said:?}");
    assert!(said.out.contains("no folder named here was ever scanned"), "{said:?}");
    let found = home.json("match one.csv --from music");
    assert_eq!((list(&found, "/never_scanned").len(), &found["~code"]), (1, &0.into()), "{found:#}");
    for verb in ["explain Ebb --from music", "review --list --from music"] {
        assert_eq!(hint(&home.well(verb).err), 1, "{verb}");
    }
    // What was scanned, alone or as a part of more, or in parts, is known; and of all files nothing is asked.
    home.well("scan music/Nordlys");
    for folder in ["music", "music/Nordlys", "music/Nordlys/Aurora"] {
        let said = home.well(&format!("match one.csv --from {folder}"));
        assert!(hint(&said.err) == 0 && said.out.contains("none of your files"), "{folder}: {said:?}");
    }
    assert_eq!(hint(&home.well("match one.csv").err), 0);
}

#[cfg(unix)]
#[test]
fn a_link_to_an_unplugged_disk_is_known_by_what_it_led_to() {
    let home = own_music();
    fs::create_dir(home.path("disk")).unwrap();
    fs::rename(home.path("music"), home.path("disk/music")).unwrap();
    std::os::unix::fs::symlink("disk/music", home.path("mine")).unwrap();
    home.json("convert wishes.zip --from mine --to ./player");
    let before = tree_snapshot(&home.player()).unwrap();
    fs::rename(home.path("disk/music"), home.path("unplugged")).unwrap();
    for from in ["mine", "mine/", "disk/music/"] {
        let last = home.json(&format!("convert wishes.zip --from {from} --to ./player"));
        assert_eq!(last["event"], "result", "{from}: {last:#}");
        assert_eq!(list(&last, "/scan/faults").len(), 1, "{from}: {}", last["scan"]);
        assert_eq!(changes(&before, &tree_snapshot(&home.player()).unwrap()), Vec::<String>::new(), "{from}");
    }
    let part = home.json("convert wishes.zip --from mine/Nordlys --to ./player --dry-run");
    assert_eq!(part["event"], "result", "files of it are known: {part:#}");
    assert_eq!(home.run("convert wishes.zip --from mine/Nothing --to ./player").code, 1);
}

#[test]
fn a_thing_whose_only_file_is_broken_is_on_the_shopping_list_and_named_a_file_that_is_not() {
    let home = own_music();
    home.csv("one.csv", &[neap()]);
    let last = home.json("convert one.csv --from music --to ./player");
    assert_eq!(outcome_of(&last["report"], "Neap"), "failed");
    for line in ["shop", "shop --all"] {
        assert_eq!(home.json(line)["missing"], 1, "{line}: it needs another copy");
    }
    let number = row_of(&last["report"], "Neap")["number"].clone();
    let file = format!("{number}=music/{TRUNCATED}");
    let said = home.run_with("review --file", &[&file]);
    assert!(said.code == 1 && said.err.contains("it ends after"), "{said:?}");
    assert!(said.err.contains("name a whole copy"), "{said:?}");
}

#[test]
fn a_broken_file_that_only_may_be_it_is_no_failure() {
    let home = own_music();
    let of = |album: &str, title: &str, ms: Option<u64>| ferrotape_testkit::Track {
        duration_ms: ms,
        isrc: None,
        ..ferrotape_testkit::Track::new("Mara Quill", album, title)
    };
    let made = |album: &str, seconds: f64| MadeTrack::new("Mara Quill", album, 1, "Ford").seconds(seconds);
    for path in make_music(&home.path("fords"), &[made("Dawn", 4.0), made("Dusk", 14.0)]).unwrap() {
        let whole = fs::read(&path).unwrap();
        fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    }
    home.csv("both.csv", &[of("Dawn", "Ford", Some(4_000)), of("Dusk", "Ford", Some(14_000))]);
    let last = home.json("convert both.csv --from fords --to ./one");
    assert_eq!(last["report"]["outcomes"]["failed"], 2, "{last:#}");
    home.csv("any.csv", &[of("", "Ford", None)]);
    let last = home.json("convert any.csv --from fords --to ./two");
    assert_eq!(outcome_of(&last["report"], "Ford"), "not_in_sources", "{last:#}");
    let says = row_of(&last["report"], "Ford")["says"].as_str().unwrap();
    assert!(says.contains("one that may be it cannot be used"), "{says}");
}

#[test]
fn what_is_on_the_player_and_nowhere_else_is_told_to_be_there() {
    let home = Home::new();
    copy_of_music(&home.path("music"));
    home.csv("one.csv", &[track("Ebb")]);
    home.well("convert one.csv --from music --to ./player");
    fs::remove_file(home.path("music/Mara Quill/Low Water/01 Ebb.flac")).unwrap();
    home.well("scan music");
    let file = home.mp3s().remove(0);
    let name = file.rsplit('/').next().unwrap();
    let said = home.well("explain ebb").out;
    let place =
        said.lines().find(|line| line.starts_with("on player   ")).unwrap_or_else(|| panic!("{said}"));
    assert!(place.contains(name) && place.contains("(run of "), "{said}");
    assert!(said.contains("nothing: what is on a player stays there"), "{said}");
    let explained = home.json("explain ebb");
    assert!(
        list(&explained, "/explained/on_player")[0]["path"].as_str().unwrap().ends_with(name),
        "{explained}"
    );
    let said = home.well("shop --all --html list.html").out;
    assert!(said.contains("on the player (") && said.contains(name), "{said}");
    let page = fs::read_to_string(home.path("list.html")).unwrap();
    assert!(page.contains("is on the player (") && page.contains("no whole file of it"), "{page}");
}

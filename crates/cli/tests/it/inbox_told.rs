//! What the inbox does not take: it waits, or is told with what to do, and nothing of it is torn apart or removed.

use std::fs::{self, File};
use std::path::Path;
use std::process::Stdio;

use ferrotape_testkit::Band;
use serde_json::Value;

use crate::home::{files_below, list};
use crate::inbox::{age, bought, ebb, file, home, interrupt, put, slack, wait_for, zip};

/// An MP3 that does not say how long it is: half of it is as whole as all of it.
fn of_no_length() -> Vec<u8> {
    let mut bytes = slack();
    let at = bytes.windows(4).position(|word| word == b"Info" || word == b"Xing").unwrap();
    bytes[at..at + 4].fill(0);
    bytes
}

#[test]
#[cfg(target_os = "linux")]
fn what_a_program_has_open_for_writing_waits_however_long_it_is_quiet() {
    let home = home();
    let growing = home.path("library/inbox/Slack.mp3");
    let whole = of_no_length();
    put(&growing, &whole[..whole.len() / 2]);
    let writer = File::options().append(true).open(&growing).unwrap();
    for command in ["inbox", "inbox --move"] {
        let last = home.json(&format!("--library library {command}"));
        assert_eq!((list(&last, "/waiting").len(), &last["filed"]), (1, &0.into()), "{last:#}");
        assert!(growing.exists() && bought(&home).is_empty(), "{last:#}");
    }
    let told = home.well("--library library inbox --move").out;
    assert!(told.contains("Slack.mp3: still being written"), "{told}");
    drop(writer);
    put(&growing, &whole);
    let last = home.json("--library library inbox --move");
    assert_eq!(last["filed"], 1, "{last:#}");
    assert!(!growing.exists());
}

#[test]
fn a_half_copy_does_not_stay_beside_the_whole() {
    let home = home();
    let growing = home.path("library/inbox/Slack.mp3");
    let whole = of_no_length();
    for length in [whole.len() / 2, whole.len()] {
        put(&growing, &whole[..length]);
        let last = home.json("--library library inbox");
        assert_eq!(last["filed"], 1, "{last:#}");
        let place = "bought/Mara Quill/Low Water/Slack.mp3";
        assert_eq!(bought(&home), [place], "{last:#}");
        let lies_there = fs::read(home.path("library/collection").join(place)).unwrap();
        assert!(lies_there == whole[..length], "{last:#}");
    }
}

#[test]
#[cfg(unix)]
fn a_watch_that_moves_waits_until_it_is_quiet_for_long() {
    let home = home();
    let path = home.path("library/inbox/Slack.mp3");
    put(&path, &slack());
    // As if it had just come.
    File::options().write(true).open(&path).unwrap().set_modified(std::time::SystemTime::now()).unwrap();
    let mut run = home.command();
    let out = home.path("watched.txt");
    run.args(["--library", "library", "--json", "inbox", "--watch", "--move"]);
    let mut run = run.stdout(File::create(&out).unwrap()).stderr(Stdio::null()).spawn().unwrap();
    let said = || fs::read_to_string(&out).unwrap();
    wait_for("it looks once", || said().contains("\"looked\"") && said().ends_with('\n'));
    let looked = said();
    let first: Value =
        serde_json::from_str(looked.lines().find(|line| line.contains("\"looked\"")).unwrap()).unwrap();
    assert_eq!((list(&first, "/waiting").len(), &first["filed"]), (1, &0.into()), "{first:#}");
    assert!(path.exists() && bought(&home).is_empty());
    age(&path, 180);
    wait_for("it is moved", || !path.exists());
    assert_eq!(interrupt(&mut run), 130);
    assert_eq!(bought(&home).len(), 1);
}

/// A split zip as `zip -s` writes it: music as it is, cut anywhere.
fn put_split(folder: &Path) {
    let bytes = [&b"PK\x07\x08PK\x03\x04"[..], &ebb()[..]].concat();
    let parts = ["split.z01", "split.z02", "split.zip"];
    for (part, name) in bytes.chunks(bytes.len().div_ceil(3)).zip(parts) {
        put(&folder.join(name), part);
    }
}

#[test]
fn what_is_not_opened_is_told_once_with_what_to_do_and_stays() {
    let home = home();
    let inbox = home.path("library/inbox");
    put_split(&inbox);
    put(&inbox.join("empty.zip"), b"");
    put(&inbox.join("page.zip"), b"<!DOCTYPE html><html><body>Please log in</body></html>");
    put(&inbox.join("zeros.zip"), &[0; 9_000]);
    put(&inbox.join("a.rar"), b"Rar!\x1a\x07\x00");
    put(&inbox.join("b.tar.gz"), b"\x1f\x8b\x08");
    put(&inbox.join("clip.webm"), b"\x1a\x45\xdf\xa3");
    put(&inbox.join("Disc/Disc.cue"), b"FILE \"Disc.bin\" BINARY\n  TRACK 01 AUDIO\n    INDEX 01 00:00:00\n");
    put(&inbox.join("Disc/Disc.bin"), &[0; 2_352]);
    for other in ["bill.pdf", "setup.exe", "system.iso", "log.gz"] {
        put(&inbox.join(other), b"x");
    }
    let before = files_below(&inbox);
    let last = home.json("--library library inbox --move");
    let told = list(&last, "/unopened").iter();
    let mut told: Vec<(&str, &str)> = told
        .map(|one| (one["path"].as_str().unwrap().rsplit('/').next().unwrap(), one["kind"].as_str().unwrap()))
        .collect();
    told.sort_unstable();
    let kinds = [
        ("Disc.cue", "image"),
        ("a.rar", "archive"),
        ("b.tar.gz", "archive"),
        ("clip.webm", "video"),
        ("empty.zip", "no_zip"),
        ("page.zip", "no_zip"),
        ("split.z01", "parts"),
        ("zeros.zip", "no_zip"),
    ];
    assert_eq!(told, kinds, "{last:#}");
    assert_eq!((&last["~code"], &last["not_taken"], &last["filed"]), (&3.into(), &4.into(), &0.into()));
    assert_eq!(files_below(&inbox), before);
    assert!(bought(&home).is_empty(), "{:?}", bought(&home));
    let said = home.run("--library library inbox").out;
    for line in [
        "empty.zip: it is empty",
        "page.zip: it holds a web page",
        "zeros.zip: it does not begin as a zip does",
        "split.z01: a part of a split archive; unpack it",
        "a.rar: an archive that ferrotape does not open; unpack it and drop the folder",
        "`ferrotape rip` takes its music: name Disc.cue to it",
        "0 files filed, 4 not taken.",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    assert!(
        !said.contains("bill.pdf") && !said.contains("system.iso") && !said.contains("Nothing"),
        "{said}"
    );
    // A refresh tells what is new.
    put(&inbox.join("late.7z"), b"7z\xbc\xaf\x27\x1c");
    let last = home.json("--library library refresh");
    let new = list(&last["inbox"], "/unopened");
    assert!(new.len() == 1 && new[0]["path"].as_str().unwrap().ends_with("late.7z"), "{last:#}");
    let quiet = home.json("--library library refresh");
    assert!(list(&quiet["inbox"], "/unopened").is_empty(), "{quiet:#}");
}

#[test]
fn of_a_folder_full_of_archives_some_are_named_and_the_rest_is_counted() {
    let home = home();
    for number in 1..=8 {
        put(&home.path(&format!("library/inbox/{number}.rar")), b"Rar!\x1a\x07\x00");
    }
    let said = home.well("--library library inbox").out;
    assert!(said.contains("/5.rar: an archive") && said.contains("and 3 more archives"), "{said}");
    assert!(!said.contains("/6.rar"), "{said}");
}

#[test]
fn an_archive_is_no_music_whatever_it_is_called() {
    let home = home();
    let name = [&b"01 Slack.mp3"[..], &[0; 245][..], &b"ustar"[..], &[0; 250][..]].concat();
    put(&home.path("library/inbox/Album/album.mp3"), &[name, slack()].concat());
    put(&home.path("library/inbox/Album/album.cbt"), &[0; 300]);
    let last = home.json("--library library inbox --move");
    let reason = file(&last, "album.mp3")["reason"].as_str().unwrap();
    assert!(reason.contains("it is an archive"), "{last:#}");
    assert_eq!(files_below(&home.path("library/inbox")).len(), 2);
    assert!(bought(&home).is_empty());
}

#[test]
fn a_zip_that_is_packed_otherwise_is_not_called_damaged() {
    const BZIP2: u8 = 12;
    let home = home();
    let path = home.path("library/inbox/Low Water.zip");
    zip(&path, &[("01 Ebb.flac", ebb())]);
    let mut bytes = fs::read(&path).unwrap();
    let directory = bytes.windows(4).rposition(|word| word == b"PK\x01\x02").unwrap();
    (bytes[8], bytes[directory + 10]) = (BZIP2, BZIP2);
    put(&path, &bytes);
    let last = home.json("--library library inbox --move");
    let reason = file(&last, "01 Ebb.flac")["reason"].as_str().unwrap();
    assert!(reason.contains("packed in a way (bzip2) that ferrotape does not open"), "{last:#}");
    assert!(path.exists());
}

#[test]
fn a_colon_in_a_zip_leads_nowhere() {
    let home = home();
    zip(&home.path("library/inbox/Low Water.zip"), &[("A:B.flac", ebb()), ("C:\\Slack.mp3", slack())]);
    let last = home.json("--library library inbox");
    let colon = file(&last, "A:B.flac");
    assert_eq!(colon["news"], "filed", "{last:#}");
    assert!(!colon["path"].as_str().unwrap().contains(':'), "{last:#}");
    assert_eq!(file(&last, "C:\\Slack.mp3")["news"], "refused", "{last:#}");
}

#[test]
fn two_files_that_are_alike_where_they_are_first_looked_at_are_two() {
    let home = home();
    let wav = home.path("one.wav");
    Band { sample_rate: 44_100, ..Band::playing(8, 4.0) }.write_wav(&wav).unwrap();
    let one = fs::read(&wav).unwrap();
    let mut other = one.clone();
    // Neither at the beginning, nor in the middle, nor at the end.
    other[100_000..140_000].fill(0);
    let rip = home.path("library/inbox/Rip");
    put(&rip.join("01 One.wav"), &one);
    put(&rip.join("02 Other.wav"), &other);
    let last = home.json("--library library inbox --move");
    assert_eq!((&last["~code"], &last["filed"]), (&0.into(), &2.into()), "{last:#}");
    assert!(!rip.exists(), "{last:#}");
    let place = |name: &str| {
        let found = bought(&home).into_iter().find(|path| path.ends_with(name)).unwrap();
        home.path("library/collection").join(found)
    };
    assert!(fs::read(place("01 One.wav")).unwrap() == one);
    assert!(fs::read(place("02 Other.wav")).unwrap() == other);
    // Each is known as itself, in a zip as well.
    zip(&rip.with_file_name("again.zip"), &[("x.wav", other)]);
    let last = home.json("--library library inbox");
    let again = file(&last, "x.wav");
    assert!(again["news"] == "had" && again["path"].as_str().unwrap().ends_with("02 Other.wav"), "{last:#}");
}

#[test]
fn a_zip_that_holds_only_another_archive_says_so() {
    let home = home();
    let inbox = home.path("library/inbox");
    let one = |name: &str, members: &[(&str, &[u8])]| {
        let members: Vec<(&str, Vec<u8>)> =
            members.iter().map(|(name, bytes)| (*name, bytes.to_vec())).collect();
        zip(&inbox.join(name), &members);
    };
    one("sent.zip", &[("Low Water/album.zip", b"PK\x03\x04"), ("Low Water/cover.jpg", b"x")]);
    one("parts.zip", &[("__MACOSX/._a.part1.rar", b"x"), ("a.part1.rar", b"Rar!"), ("a.part2.rar", b"Rar!")]);
    one("papers.zip", &[("letter.txt", b"x")]);
    one("game.zip", &[("levels.tar", b"x"), ("game.pak", b"x")]);
    let before = files_below(&inbox);
    let said = home.run("--library library inbox --move");
    for line in [
        "sent.zip\n  no music in it but another archive, album.zip; unpack that as well and drop the folder\n",
        "parts.zip\n  no music in it but another archive, a.part1.rar and 1 more; unpack that as well",
        "papers.zip\n  no music in it\n",
        "game.zip\n  no music in it\n",
        "0 files filed, 2 not taken.",
    ] {
        assert!(said.out.contains(line), "{line}: {said:?}");
    }
    assert_eq!((said.code, files_below(&inbox)), (3, before), "all of it stays");
}

#[test]
fn music_in_a_zip_is_known_by_its_content_and_what_is_not_read_is_named() {
    let home = home();
    let inbox = home.path("library/inbox");
    zip(&inbox.join("bought.zip"), &[("Mara Quill - Low Water - 03. Slack", slack())]);
    let last = home.json("--library library inbox");
    assert_eq!(last["filed"], 1, "{last:#}");
    assert_eq!(file(&last, "Mara Quill - Low Water - 03. Slack")["news"], "filed", "{last:#}");

    // What begins as WMA does, and as an Audible book does; a program with its data is no music still.
    let wma = [&b"\x30\x26\xb2\x75\x8e\x66\xcf\x11"[..], &[0; 9_000]].concat();
    let book = [&b"\0\0\0\x20ftypaax \0\0\0\x01aax M4B mp42isom"[..], &[0; 9_000]].concat();
    zip(&inbox.join("old.zip"), &[("song.wma", wma), ("cover.jpg", b"x".to_vec())]);
    zip(&inbox.join("program.zip"), &[("run", b"\x7fELF".to_vec()), ("run.dat", vec![7; 9_000])]);
    put(&inbox.join("Book.aax"), &book);
    let said = home.run("--library library inbox");
    for line in [
        "WMA (ASF) is not readable yet; convert it to FLAC first",
        "a protected (DRM) book of Audible, which plays only in the programs of the shop that sold it",
        "program.zip\n  no music in it\n",
    ] {
        assert!(said.out.contains(line), "{line}: {said:?}");
    }
    assert_eq!(said.code, 3, "{said:?}");
}

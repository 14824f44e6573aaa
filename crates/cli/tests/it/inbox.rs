//! What people bought or ripped, filed into the collection and matched.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use ferrotape_testkit::{Band, Track, tree_snapshot};
use serde_json::Value;
use zip::write::SimpleFileOptions;

use crate::collection::{TRUNCATED, music, track};
use crate::home::{Home, files_below, list, text};

/// Bytes of a file of the collection.
pub(crate) fn sound(path: &str) -> Vec<u8> {
    fs::read(music().join(path)).unwrap()
}

pub(crate) fn ebb() -> Vec<u8> {
    sound("Mara Quill/Low Water/01 Ebb.flac")
}

pub(crate) fn slack() -> Vec<u8> {
    sound("Mara Quill/Low Water/03 Slack.mp3")
}

/// A zip as shops make them; written whole under another name first.
pub(crate) fn zip(path: &Path, members: &[(&str, Vec<u8>)]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let beside = path.with_extension("tmp");
    let mut archive = zip::ZipWriter::new(File::create(&beside).unwrap());
    for (name, bytes) in members {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap();
    let old = std::time::SystemTime::now() - Duration::from_secs(60);
    File::options().write(true).open(&beside).unwrap().set_modified(old).unwrap();
    fs::rename(&beside, path).unwrap();
}

pub(crate) fn put(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
    age(path, 60);
}

/// Files that changed long ago need not be watched for a while.
pub(crate) fn age(path: &Path, seconds: u64) {
    let old = std::time::SystemTime::now() - Duration::from_secs(seconds);
    File::options().write(true).open(path).unwrap().set_modified(old).unwrap();
}

pub(crate) fn bought(home: &Home) -> Vec<String> {
    files_below(&home.path("library/collection"))
}

pub(crate) fn file<'v>(last: &'v Value, name: &str) -> &'v Value {
    let files = list(last, "/drops").iter().flat_map(|drop| list(drop, "/files"));
    let mut found = files.filter(|file| file["name"] == name);
    found.next().unwrap_or_else(|| panic!("no {name}: {last:#}"))
}

/// A home that wants some of the collection.
pub(crate) fn home() -> Home {
    let home = Home::new();
    home.csv("road.csv", &[track("Ebb"), track("Slack"), track("Green Light")]);
    home.well("--library library import road.csv");
    home
}

fn low_water(home: &Home) {
    let name = |of: &str| format!("Mara Quill - Low Water - {of}");
    let members = [
        (name("01 Ebb.flac"), ebb()),
        (name("02 Flood.flac"), sound("Mara Quill/Low Water/02 Flood.flac")),
        (name("03 Slack.mp3"), slack()),
        ("cover.jpg".to_owned(), sound("Tin Parade/Brass/cover.jpg")),
        (name("01 Ebb.lrc"), b"[00:01.00]Out with the tide\n".to_vec()),
    ];
    let members: Vec<(&str, Vec<u8>)> =
        members.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())).collect();
    zip(&home.path("library/inbox/Mara Quill - Low Water.zip"), &members);
}

#[test]
fn a_shops_zip_is_filed_and_ticks_off_what_was_wanted() {
    let home = home();
    low_water(&home);
    let zip = fs::read(home.path("library/inbox/Mara Quill - Low Water.zip")).unwrap();
    let first = home.json("--library library inbox");
    assert_eq!((&first["~code"], &first["filed"]), (&0.into(), &3.into()), "{first:#}");
    let ebb = file(&first, "Mara Quill - Low Water - 01 Ebb.flac");
    assert_eq!((&ebb["news"], &ebb["answers"][0]["wanted"]), (&"filed".into(), &"Mara Quill – Ebb".into()));
    assert!(list(file(&first, "Mara Quill - Low Water - 02 Flood.flac"), "/answers").is_empty());
    assert_eq!(list(&first, "/ticked_off").len(), 2);
    let at = |name: &str| format!("bought/Mara Quill/Low Water/{name}");
    let filed = ["Mara Quill - Low Water - 01 Ebb.flac", "Mara Quill - Low Water - 01 Ebb.lrc"];
    for name in filed.iter().chain(&["cover.jpg"]) {
        assert!(bought(&home).contains(&at(name)), "{:?}", bought(&home));
    }
    assert_eq!(bought(&home).len(), 5, "nothing else is left there");
    assert_eq!(fs::read(home.path("library/inbox/Mara Quill - Low Water.zip")).unwrap(), zip);

    let before = tree_snapshot(&home.path("library/collection")).unwrap();
    let again = home.json("--library library inbox");
    assert_eq!((&again["filed"], &again["scan"]), (&0.into(), &Value::Null), "{again:#}");
    assert_eq!(file(&again, "Mara Quill - Low Water - 03 Slack.mp3")["news"], "had");
    let told = home.well("--library library inbox").out;
    assert!(
        told.contains("already had (same content)") && told.contains("0 files filed, 3 already had"),
        "{told}"
    );
    // The same under another name.
    fs::copy(home.path("library/inbox/Mara Quill - Low Water.zip"), home.path("library/inbox/again.zip"))
        .unwrap();
    assert_eq!(home.json("--library library inbox")["filed"], 0);
    assert_eq!(tree_snapshot(&home.path("library/collection")).unwrap(), before);

    let last = home.json("--library library convert road.csv --to ./player");
    assert_eq!(last["performed"]["written"], 2, "what was filed is music like any other: {last:#}");
}

#[test]
fn members_that_break_the_rules_are_refused_one_by_one() {
    let home = home();
    let path = home.path("library/inbox/Bad - Zip.zip");
    zip(&path, &[("placeholder.flac", ebb())]);
    let mut archive = zip::ZipWriter::new(File::create(&path).unwrap());
    let plain = SimpleFileOptions::default();
    let mut add = |name: &str, bytes: &[u8]| {
        archive.start_file(name, plain).unwrap();
        archive.write_all(bytes).unwrap();
    };
    add("../../../evil.flac", &ebb());
    add("/absolute.flac", &ebb());
    add("C:\\drive.flac", &ebb());
    add("a/../../up.flac", &ebb());
    add("bomb.wav", &vec![0; 200 << 20]);
    add("text.mp3", b"this is no music at all, whatever it is called");
    add("cut.flac", &ebb()[..60]);
    add("Same.flac", &sound("Mara Quill/Low Water/02 Flood.flac"));
    add("SAME.FLAC", &sound("Nordlys/Aurora/04 Polar Night.flac"));
    add("inner.zip", b"PK\x03\x04");
    add("setup.exe", b"MZ");
    add("good/01 Slack.mp3", &slack());
    archive.add_symlink("link.flac", "/etc/passwd", plain).unwrap();
    archive.finish().unwrap();
    let last = home.json("--library library inbox");
    assert_eq!(last["~code"], 3, "some were not taken");
    for name in [
        "../../../evil.flac",
        "/absolute.flac",
        "C:\\drive.flac",
        "a/../../up.flac",
        "link.flac",
        "inner.zip",
    ] {
        assert_eq!(file(&last, name)["news"], "refused", "{name}: {last:#}");
    }
    for name in ["bomb.wav", "text.mp3", "cut.flac"] {
        let one = file(&last, name);
        assert!(one["news"] == "broken" && one["reason"].is_string(), "{name}: {one:#}");
    }
    assert_eq!(file(&last, "good/01 Slack.mp3")["news"], "filed");
    assert_eq!(last["filed"], 3, "{last:#}");
    let names: Vec<String> = bought(&home).iter().map(|path| path.to_lowercase()).collect();
    let mut once = names.clone();
    once.dedup();
    assert_eq!((names.len(), &once), (3, &names), "no two names differ in nothing but case");
    for outside in ["evil.flac", "up.flac", "absolute.flac", "drive.flac"] {
        assert!(files_below(&home.path("")).iter().all(|path| !path.ends_with(outside)), "{outside}");
    }
    // It is no zip at all.
    put(&home.path("library/inbox/cut.zip"), b"PK\x03\x04 and then the line went dead");
    let cut = home.run("--library library inbox");
    assert!(cut.code == 3 && cut.out.contains("cut off or damaged"), "{cut:?}");
}

#[test]
fn an_album_in_one_file_keeps_its_sheet() {
    let home = Home::new();
    let mut wanted = Track::new("Nia Orrin", "One Piece", "Harbour Wall");
    wanted.duration_ms = Some(20_000);
    home.csv("road.csv", &[wanted]);
    home.well("--library library import road.csv");
    let rip = home.path("rips/Nia Orrin - One Piece");
    fs::create_dir_all(rip.join("CD 1")).unwrap();
    Band { sample_rate: 44_100, ..Band::playing(8, 40.0) }.write_wav(&rip.join("CD 1/album.wav")).unwrap();
    age(&rip.join("CD 1/album.wav"), 60);
    let sheet = "PERFORMER \"Nia Orrin\"\nTITLE \"One Piece\"\nFILE \"album.wav\" WAVE\nTRACK 01 AUDIO\n\
        TITLE \"Lanterns\"\nINDEX 01 00:00:00\nTRACK 02 AUDIO\nTITLE \"Harbour Wall\"\nINDEX 01 00:20:00\n";
    put(&rip.join("CD 1/album.cue"), sheet.as_bytes());
    put(&rip.join("front.jpg"), &sound("Tin Parade/Brass/cover.jpg"));
    let last = home.json("--library library inbox rips");
    let at = |name: &str| format!("bought/Nia Orrin/One Piece/CD 1/{name}");
    assert_eq!(bought(&home), ["album.cue", "album.wav", "front.jpg"].map(at), "{last:#}");
    assert_eq!(file(&last, "CD 1/album.wav")["answers"][0]["wanted"], "Nia Orrin – Harbour Wall");
}

#[test]
fn loose_files_come_alone_and_what_is_unfinished_waits() {
    let home = home();
    let downloads = home.path("downloads");
    put(&downloads.join("Slack.mp3"), &slack());
    put(&downloads.join("holiday.jpg"), b"\xff\xd8\xff\xe0");
    put(&downloads.join("letter.pdf"), b"%PDF-1.4");
    put(&downloads.join("Ebb.flac.part"), &ebb()[..1_000]);
    put(&downloads.join("Ebb.flac"), b"");
    put(&downloads.join("export.zip"), b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
    let last = home.json("--library library inbox downloads");
    assert_eq!(bought(&home), ["bought/Mara Quill/Low Water/Slack.mp3"], "{last:#}");
    assert_eq!(list(&last, "/waiting").len(), 2);
    // A file that grows.
    fs::remove_file(downloads.join("Ebb.flac.part")).unwrap();
    let whole = ebb();
    let growing = downloads.join("Ebb.flac");
    fs::write(&growing, &whole[..whole.len() / 2]).unwrap();
    let writer = std::thread::spawn({
        let (growing, rest) = (growing.clone(), whole[whole.len() / 2..].to_vec());
        move || {
            for piece in rest.chunks(rest.len().div_ceil(30)) {
                sleep(Duration::from_millis(80));
                File::options().append(true).open(&growing).unwrap().write_all(piece).unwrap();
            }
        }
    });
    let last = home.json("--library library inbox downloads");
    assert_eq!((list(&last, "/waiting").len(), &last["filed"]), (1, &0.into()), "{last:#}");
    writer.join().unwrap();
    age(&growing, 60);
    assert_eq!(home.json("--library library refresh")["inbox"]["filed"], 1);
    let quiet = home.json("--library library refresh");
    assert_eq!((&quiet["inbox"]["drops"], &quiet["inbox"]["as_before"]), (&serde_json::json!([]), &2.into()));
    let listed = home.well("--library library refresh --list").out;
    assert!(listed.contains("inbox  ") && !listed.contains("Slack.mp3"), "{listed}");
    home.well(&format!("--library library refresh --forget {}", text(&downloads.canonicalize().unwrap())));
    assert!(home.json("--library library refresh")["inbox"].is_null());
}

#[test]
fn what_is_moved_goes_only_when_all_of_it_is_safe() {
    let home = home();
    low_water(&home);
    let inbox = home.path("library/inbox");
    zip(
        &inbox.join("half.zip"),
        &[("a.mp3", b"no music".to_vec()), ("b.flac", sound("Nordlys/Aurora/04 Polar Night.flac"))],
    );
    put(&inbox.join("Rip/01 Snow.aiff"), &sound("Øyvind Bråten/Fjell/01 Snø og Is.aiff"));
    put(&inbox.join("Rip/broken.flac"), &sound(TRUNCATED)[..50]);
    put(&inbox.join("Rip/more/cover.png"), b"\x89PNG");
    let last = home.json("--library library inbox --move");
    assert_eq!(last["filed"], 5, "{last:#}");
    assert_eq!(files_below(&inbox), ["Rip/broken.flac", "half.zip"], "{last:#}");
    let mut names = bought(&home);
    names.retain(|name| name.contains("Fjell"));
    assert_eq!(names, ["bought/Øyvind Bråten/Fjell/01 Snow.aiff", "bought/Øyvind Bråten/Fjell/cover.png"]);
    // What is had already goes as well.
    low_water(&home);
    let again = home.json("--library library inbox --move");
    assert_eq!(again["filed"], 0);
    assert!(!inbox.join("Mara Quill - Low Water.zip").exists(), "{again:#}");
}

#[test]
fn a_killed_run_goes_on_to_the_same_end() {
    let reference = home();
    low_water(&reference);
    reference.well("--library library inbox");
    let wanted = tree_snapshot(&reference.path("library/collection")).unwrap();
    let names = |tree: &std::collections::BTreeMap<String, _>| tree.keys().cloned().collect::<Vec<_>>();
    for round in 0..8_u64 {
        let home = home();
        low_water(&home);
        let mut run = home.command();
        run.args(["--library", "library", "inbox", "--move"]).stdout(Stdio::null()).stderr(Stdio::null());
        let mut run = run.spawn().unwrap();
        sleep(Duration::from_millis(15 + round * 18));
        let _ = run.kill();
        run.wait().unwrap();
        home.well("--library library inbox --move");
        let after = tree_snapshot(&home.path("library/collection")).unwrap();
        assert_eq!(names(&after), names(&wanted), "round {round}");
        for name in names(&wanted) {
            let read = |home: &Home| fs::read(home.path("library/collection").join(&name)).unwrap();
            assert_eq!(read(&home), read(&reference), "{name}");
        }
        let last = home.json("--library library convert road.csv --to ./player");
        assert_eq!(last["performed"]["written"], 2, "round {round}: {last:#}");
    }
}

pub(crate) fn wait_for(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(60), "{what}");
        sleep(Duration::from_millis(50));
    }
}

/// Ends the program as Ctrl-C does.
pub(crate) fn interrupt(run: &mut Child) -> i32 {
    Command::new("kill").args(["-INT", &run.id().to_string()]).status().unwrap();
    run.wait().unwrap().code().unwrap()
}

#[test]
#[cfg(unix)]
fn a_watched_inbox_takes_what_comes_until_it_is_stopped() {
    let home = home();
    let mut run = home.command();
    let out = home.path("watched.txt");
    run.args(["--library", "library", "--json", "inbox", "--watch"]).stdout(File::create(&out).unwrap());
    let mut run = run.stderr(Stdio::null()).spawn().unwrap();
    wait_for("it looks once", || fs::read_to_string(&out).unwrap().contains("\"looked\""));
    low_water(&home);
    let name = "library/collection/bought/Mara Quill/Low Water/cover.jpg";
    wait_for("the zip is filed", || home.path(name).exists());
    wait_for("it is told", || fs::read_to_string(&out).unwrap().matches("\"looked\"").count() > 1);
    // Others may use the library meanwhile.
    home.well("--library library import road.csv");
    assert_eq!(interrupt(&mut run), 130, "as every verb that the user stops");
    let said = fs::read_to_string(&out).unwrap();
    let last: Value = serde_json::from_str(said.lines().last().unwrap()).unwrap();
    assert_eq!((&last["event"], &last["looks"]), (&"result".into(), &2.into()), "{said}");
}

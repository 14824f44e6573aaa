//! CDs, as images that are made up here: ripped by the real `cd-paranoia`, and checked by sums that Python reckons.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use ferrotape_testkit::{HttpAnswer, HttpRequest, HttpServer, Sound, Track, mutagen_tags, tree_snapshot};

use crate::home::{Home, files_below, list};

const SECONDS: [f64; 3] = [6.0, 7.0, 5.0];

/// Whether the ripper is here; says so where not.
pub(crate) fn can_rip() -> bool {
    let there = Command::new("cd-paranoia").arg("--version").stderr(Stdio::null()).status().is_ok();
    if !there {
        println!("skipped: cd-paranoia is not installed, so no disc can be read");
    }
    there
}

/// The bytes of each track, each of whole sectors.
fn sounds() -> Vec<Vec<u8>> {
    let one = |(at, seconds): (usize, &f64)| {
        let sound = Sound { sample_rate: 44_100, channels: 2, ..Sound::of_seconds(90 + at as u64, *seconds) };
        let mut bytes: Vec<u8> = sound.pcm().iter().flat_map(|sample| sample.to_le_bytes()).collect();
        bytes.truncate(bytes.len() / 2352 * 2352);
        bytes
    };
    SECONDS.iter().enumerate().map(one).collect()
}

/// A home that wants a track of the disc, and the disc.
fn home(titles: bool) -> Home {
    let home = Home::new();
    let mut wanted = Track::new("Nia Orrin", "Two Harbours", "Night Ferry");
    wanted.duration_ms = Some(7_000);
    home.csv("road.csv", &[wanted]);
    home.well("--library library import road.csv");
    let sounds = sounds();
    fs::write(home.path("disc.bin"), sounds.concat()).unwrap();
    let mut sheet = "FILE \"disc.bin\" BINARY\n".to_owned();
    if titles {
        sheet.insert_str(0, "PERFORMER \"Nia Orrin\"\nTITLE \"Two Harbours\"\nREM DATE 2003\n");
    }
    let mut sector = 0;
    for (at, (title, sound)) in ["Moor", "Night Ferry", "Quay/Side"].iter().zip(&sounds).enumerate() {
        sheet += &format!("  TRACK {:02} AUDIO\n", at + 1);
        if titles {
            sheet += &format!("    TITLE \"{title}\"\n    PERFORMER \"Nia Orrin\"\n");
        }
        sheet += &format!("    INDEX 01 {:02}:{:02}:{:02}\n", sector / 4500, sector / 75 % 60, sector % 75);
        sector += sound.len() / 2352;
    }
    fs::write(home.path("disc.cue"), sheet).unwrap();
    home
}

pub(crate) fn pcm_of(flac: &Path) -> Vec<u8> {
    let args = ["-s", "-d", "-c", "--force-raw-format", "--endian=little", "--sign=signed"];
    let decoded = Command::new("flac").args(args).arg(flac).output().unwrap();
    assert!(decoded.status.success(), "{decoded:?}");
    decoded.stdout
}

#[test]
fn an_image_becomes_the_same_sound_once() {
    if !can_rip() {
        return;
    }
    let home = home(true);
    let before = tree_snapshot(&home.path("")).unwrap()["disc.bin"].clone();
    let last = home.json("--library library rip disc.cue --no-lookup");
    assert_eq!(last["~code"], 0, "{last:#}");
    let collection = home.path("library/collection");
    let names = ["01 Moor.flac", "02 Night Ferry.flac", "03 Quay-Side.flac"];
    let paths = names.map(|name| format!("ripped/Nia Orrin/Two Harbours/{name}"));
    assert_eq!(files_below(&collection), paths, "{last:#}");
    for (path, sound) in paths.iter().zip(sounds()) {
        assert!(pcm_of(&collection.join(path)) == sound, "{path} is sample for sample what was on the disc");
    }
    let tags = mutagen_tags(&collection.join(&paths[2])).unwrap();
    assert_eq!(tags.iter().find(|(key, _)| key.eq_ignore_ascii_case("title")).unwrap().1[0], "Quay/Side");
    let tracks = list(&last, "/tracks");
    assert_eq!(tracks[0]["check"]["verdict"], "not_checked");
    assert_eq!(tracks[1]["answers"][0]["wanted"], "Nia Orrin – Night Ferry");
    assert_eq!(list(&last, "/ticked_off").len(), 1);
    assert_eq!(tree_snapshot(&home.path("")).unwrap()["disc.bin"], before);

    let kept = tree_snapshot(&collection).unwrap();
    let again = home.json("--library library rip disc.cue --no-lookup");
    assert!(list(&again, "/tracks").iter().all(|track| track["news"] == "had"), "{again:#}");
    assert_eq!(tree_snapshot(&collection).unwrap(), kept);
    // One that went is ripped again, and nothing else.
    fs::remove_file(collection.join(&paths[1])).unwrap();
    let again = home.json("--library library rip disc.cue --no-lookup");
    let news: Vec<&str> =
        list(&again, "/tracks").iter().map(|track| track["news"].as_str().unwrap()).collect();
    assert_eq!(news, ["had", "ripped", "had"], "{again:#}");
    let told = home.well("--library library rip disc.cue --no-lookup").out;
    assert!(told.contains("ripped before; not checked with AccurateRip: you asked for no lookup"), "{told}");
}

/// AccurateRip's sums of a track, both versions, by a few lines of Python.
fn sums_by_python(home: &Home, sound: &[u8], first: bool, last: bool) -> [u32; 2] {
    let script = "import struct,sys\n\
        d=open(sys.argv[1],'rb').read(); n=len(d)//4; a=b=0\n\
        for i,(s,) in enumerate(struct.iter_unpack('<I',d),1):\n\
        \x20   if sys.argv[2]=='1' and i<2940: continue\n\
        \x20   if sys.argv[3]=='1' and i>n-2940: continue\n\
        \x20   p=s*i; a=(a+p)&0xffffffff; b=(b+(p&0xffffffff)+(p>>32))&0xffffffff\n\
        print(a,b)\n";
    let raw = home.path("track.raw");
    fs::write(&raw, sound).unwrap();
    let flag = |is: bool| if is { "1" } else { "0" };
    let said = Command::new("python3")
        .args(["-c", script])
        .arg(&raw)
        .args([flag(first), flag(last)])
        .output()
        .unwrap();
    let text = String::from_utf8(said.stdout).unwrap();
    let sums: Vec<u32> = text.split_whitespace().map(|sum| sum.parse().unwrap()).collect();
    [sums[0], sums[1]]
}

/// What AccurateRip would send for the disc of this address.
fn d_bar(target: &str, entries: &[(u8, [u32; 3])]) -> Vec<u8> {
    let file = target.rsplit('/').next().unwrap().trim_end_matches(".bin");
    let ids: Vec<u32> = file.split('-').skip(2).map(|id| u32::from_str_radix(id, 16).unwrap()).collect();
    let mut bytes = Vec::new();
    for (confidence, sums) in entries {
        bytes.push(3);
        ids.iter().for_each(|id| bytes.extend(id.to_le_bytes()));
        for sum in sums {
            bytes.push(*confidence);
            bytes.extend(sum.to_le_bytes());
            bytes.extend([0; 4]);
        }
    }
    bytes
}

/// What MusicBrainz says of the disc.
fn names_of_the_disc(request: &HttpRequest) -> HttpAnswer {
    let id = request.target.split("discid/").nth(1).unwrap_or_default().split('?').next().unwrap_or_default();
    let track = |number: u32, title: &str| {
        serde_json::json!({ "position": number, "title": title, "recording":
            { "id": "5b11f4ce-a62d-471e-81fc-a69a8278c7da" } })
    };
    HttpAnswer::json(&serde_json::json!({ "id": id, "releases": [{
        "id": "0b0c25f4-f31c-46a5-a4fb-ccbf53d663bd", "title": "Two Harbours", "date": "2003",
        "artist-credit": [{ "name": "Nia Orrin", "joinphrase": "" }],
        "media": [{ "position": 1, "discs": [{ "id": id }],
            "tracks": [track(1, "Moor"), track(2, "Night Ferry"), track(3, "Quay")] }],
    }] }))
}

#[test]
fn others_are_asked_what_they_read_and_how_the_tracks_are_called() {
    if !can_rip() {
        return;
    }
    let home = home(false);
    let sounds = sounds();
    let sums: Vec<[u32; 2]> = (0..3).map(|at| sums_by_python(&home, &sounds[at], at == 0, at == 2)).collect();
    let entries = [(4, [sums[0][0], 7, 7]), (9, [3, sums[1][1], 7])];
    let server = HttpServer::start(move |request| {
        if request.target.contains("/accuraterip/") {
            return HttpAnswer::file("application/octet-stream", "x", d_bar(&request.target, &entries));
        }
        names_of_the_disc(request)
    });
    let server = server.unwrap();
    let line = format!("--library library rip disc.cue --stand-in {}", server.address());
    let last = home.json(&line);
    let checks: Vec<_> = list(&last, "/tracks").iter().map(|track| track["check"].clone()).collect();
    assert_eq!(
        checks[0],
        serde_json::json!({ "verdict": "same", "confidence": 4, "version": 1 }),
        "{last:#}"
    );
    assert_eq!(checks[1], serde_json::json!({ "verdict": "same", "confidence": 9, "version": 2 }));
    assert_eq!(checks[2]["verdict"], "differs");
    assert_eq!((&last["album"], &last["tracks"][2]["title"]), (&"Two Harbours".into(), &"Quay".into()));
    assert_eq!(list(&last, "/ticked_off").len(), 1);
    assert_eq!(server.asked().len(), 2, "each is asked once: {:?}", server.asked());

    // Nobody answers: the rip goes on and says so.
    let home = crate::rip::home(true);
    let last = home.json("--library library rip disc.cue --stand-in http://127.0.0.1:9");
    assert_eq!(last["~code"], 0, "{last:#}");
    assert_eq!(last["tracks"][0]["check"]["verdict"], "not_checked");
    assert!(last["no_names"].is_string());
}

/// A server that knows the names and nobody's sums.
fn names() -> HttpServer {
    let answer = |request: &HttpRequest| match request.target.contains("/accuraterip/") {
        true => HttpAnswer::file("application/octet-stream", "x", Vec::new()).and_status(404),
        false => names_of_the_disc(request),
    };
    HttpServer::start(answer).unwrap()
}

const NOBODY: &str = "--library library rip disc.cue --stand-in http://127.0.0.1:9";
const NAMED: [&str; 3] = ["01 Moor.flac", "02 Night Ferry.flac", "03 Quay.flac"];

fn with_names() -> Vec<String> {
    NAMED.iter().map(|name| format!("ripped/Nia Orrin/Two Harbours/{name}")).collect()
}

pub(crate) fn news(last: &serde_json::Value) -> Vec<&str> {
    list(last, "/tracks").iter().map(|track| track["news"].as_str().unwrap()).collect()
}

#[test]
fn what_was_ripped_without_names_gets_them_when_they_are_known() {
    if !can_rip() {
        return;
    }
    let (server, home) = (names(), home(false));
    let collection = home.path("library/collection");
    let told = home.well(NOBODY).out;
    assert!(told.contains("No names from musicbrainz: ") && told.contains("Rip the disc again"));
    let nameless = files_below(&collection);
    assert!(nameless.iter().all(|path| path.starts_with("ripped/Unknown Artist/Disc ")), "{nameless:?}");
    let again = home.json(NOBODY);
    assert_eq!(news(&again), ["had"; 3], "{again:#}");
    assert_eq!(again["is_nameless"], true);

    home.well("--library library status --retry");
    let line = format!("--library library rip disc.cue --stand-in {}", server.address());
    let last = home.json(&line);
    assert_eq!(news(&last), ["named"; 3], "{last:#}");
    assert_eq!(list(&last, "/ticked_off").len(), 1);
    assert_eq!(files_below(&collection), with_names(), "no file and no folder is left of those without");
    assert!(!collection.join("ripped/Unknown Artist").exists());
    // Byte for byte what a rip with names gives.
    let fresh = crate::rip::home(false);
    fresh.json(&line);
    for path in with_names() {
        let read = |home: &Home| fs::read(home.path("library/collection").join(&path)).unwrap();
        assert!(read(&home) == read(&fresh), "{path}");
    }
    let kept = tree_snapshot(&collection).unwrap();
    let again = home.json(&line);
    assert_eq!((news(&again), &again["is_nameless"]), (vec!["had"; 3], &false.into()), "{again:#}");
    assert_eq!(tree_snapshot(&collection).unwrap(), kept);
}

#[test]
fn what_the_user_moved_or_changed_keeps_its_place_and_is_told_of() {
    if !can_rip() {
        return;
    }
    let (server, home) = (names(), home(false));
    let collection = home.path("library/collection");
    home.well(NOBODY);
    let first = collection.join(&files_below(&collection)[0]);
    fs::create_dir_all(collection.join("ripped/mine")).unwrap();
    let mine = collection.join("ripped/mine/moor.flac");
    fs::rename(&first, &mine).unwrap();
    fs::write(first.with_file_name("notes.txt"), "found in a charity shop").unwrap();
    // Nothing has looked at the files since.
    let changed =
        collection.join(files_below(&collection).iter().find(|path| path.contains("/03 ")).unwrap());
    let set = Command::new("metaflac").arg("--set-tag=COMMENT=scratched").arg(&changed).status();
    assert!(set.unwrap().success());
    let before = [&mine, &changed].map(|path| fs::read(path).unwrap());
    home.well("--library library status --retry");
    let line = format!("--library library rip disc.cue --stand-in {}", server.address());
    let last = home.json(&line);
    assert_eq!((news(&last), &last["left_nameless"]), (vec!["had", "named", "had"], &2.into()), "{last:#}");
    assert!([&mine, &changed].map(|path| fs::read(path).unwrap()) == before);
    assert!(first.with_file_name("notes.txt").exists(), "what is not ours stays where it is");
    let told = home.well(&line).out;
    assert!(told.contains("2 tracks that had no names"), "{told}");
}

#[test]
fn a_file_that_the_user_called_otherwise_keeps_that_name() {
    if !can_rip() {
        return;
    }
    let (server, home) = (names(), home(false));
    let collection = home.path("library/collection");
    home.well(NOBODY);
    let nameless = files_below(&collection);
    let second = collection.join(nameless.iter().find(|path| path.contains("/02 ")).unwrap());
    let mine = second.with_file_name("My favourite.flac");
    fs::rename(&second, &mine).unwrap();
    // As a twin of that name is called; that is still ours.
    let third = collection.join(nameless.iter().find(|path| path.contains("/03 ")).unwrap());
    fs::rename(&third, third.with_file_name("03 Track 03 (2).flac")).unwrap();
    home.well("--library library scan library/collection");
    home.well("--library library status --retry");
    let line = format!("--library library rip disc.cue --stand-in {}", server.address());
    let last = home.json(&line);
    let became = (news(&last), &last["left_nameless"]);
    assert_eq!(became, (vec!["named", "had", "named"], &1.into()), "{last:#}");
    assert!(mine.is_file(), "{:?}", files_below(&collection));
    assert_eq!(files_below(&collection).len(), 3, "{:?}", files_below(&collection));
}

/// Begins a rip, and kills it after `wait`.
fn cut_off(home: &Home, more: &[&str], wait: impl FnOnce(&mut Child)) {
    let mut run = home.command();
    run.args(["--library", "library", "rip", "disc.cue"]).args(more);
    let mut run = run.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    wait(&mut run);
    let _ = run.kill();
    run.wait().unwrap();
}

#[test]
fn a_naming_that_was_cut_off_leaves_the_old_or_the_new_and_goes_on() {
    if !can_rip() {
        return;
    }
    let server = names();
    for round in 0..6_u64 {
        let home = home(false);
        home.well(NOBODY);
        home.well("--library library status --retry");
        let address = server.address().clone();
        let wait = |_: &mut Child| sleep(Duration::from_millis(100 + round * 120));
        cut_off(&home, &["--stand-in", &address], wait);
        let files = files_below(&home.path("library/collection"));
        for number in 1..=3 {
            let is_it = |path: &&String| path.contains(&format!("/{number:02} ")) && path.ends_with(".flac");
            assert!(files.iter().any(|path| is_it(&path)), "round {round}, track {number}: {files:?}");
        }
        let last = home.json(&format!("--library library rip disc.cue --stand-in {address}"));
        assert!(!news(&last).contains(&"ripped"), "round {round}: nothing is read anew: {last:#}");
        assert_eq!(files_below(&home.path("library/collection")), with_names(), "round {round}");
    }
}

#[test]
fn names_that_were_asked_for_and_not_taken_are_told_as_that() {
    if !can_rip() {
        return;
    }
    let server = HttpServer::start(|request| {
        let Some((_, asked)) = request.target.split_once("discid/") else { return HttpAnswer::status(404) };
        let id = asked.split('?').next().unwrap_or_default();
        let release = |title: &str| {
            let track =
                |number: u32| serde_json::json!({ "position": number, "title": format!("{title} {number}") });
            serde_json::json!({ "id": title, "title": title, "artist-credit": [{ "name": "Nia Orrin" }],
                "media": [{ "position": 1, "discs": [{ "id": id }], "tracks": [track(1), track(2), track(3)] }] })
        };
        HttpAnswer::json(
            &serde_json::json!({ "id": id, "releases": [release("Harbours"), release("Moors")] }),
        )
    });
    let server = server.unwrap();
    let home = home(true);
    let said = home.well(&format!("--library library rip disc.cue --stand-in {}", server.address())).out;
    assert!(said.contains("No names from musicbrainz: MusicBrainz knows this disc as “Harbours”"), "{said}");
    assert!(said.contains("none of their names was taken") && !said.contains("not asked"), "{said}");
}

#[test]
fn a_rip_that_was_cut_off_goes_on() {
    if !can_rip() {
        return;
    }
    let reference = home(true);
    reference.well("--library library rip disc.cue --no-lookup");
    let files = files_below(&reference.path("library/collection"));
    for round in 0..5_u64 {
        let home = home(true);
        cut_off(&home, &["--no-lookup"], |_| sleep(Duration::from_millis(60 + round * 150)));
        // The last one may have been put there, and not noted yet.
        let ripped = home.path("library/collection/ripped");
        let done = if ripped.exists() { files_below(&ripped).len().saturating_sub(1) } else { 0 };
        let last = home.json("--library library rip disc.cue --no-lookup");
        assert_eq!(news(&last)[..done], vec!["had"; done], "round {round}: {last:#}");
        assert_eq!(files_below(&home.path("library/collection")), files, "round {round}");
        for file in &files {
            let read = |home: &Home| fs::read(home.path("library/collection").join(file)).unwrap();
            assert!(read(&home) == read(&reference), "{file}, round {round}");
        }
    }
}

#[test]
fn what_a_run_that_was_cut_off_had_ripped_is_ticked_off_by_the_next() {
    if !can_rip() {
        return;
    }
    let home = home(true);
    let third = home.path("library/collection/ripped/Nia Orrin/Two Harbours/03 Quay-Side.flac");
    // Once a track is begun the one before it is noted.
    let begun = home.path("library/collection/.ferrotape/rip/track.raw");
    let second = third.with_file_name("02 Night Ferry.flac");
    cut_off(&home, &["--no-lookup"], |run| {
        while !(second.exists() && (begun.exists() || third.exists())) {
            assert!(run.try_wait().unwrap().is_none(), "it came to its end at once");
            sleep(Duration::from_millis(2));
        }
    });
    let last = home.json("--library library rip disc.cue --no-lookup");
    assert_eq!(news(&last)[..1], ["had"], "{last:#}");
    assert_eq!(list(&last, "/ticked_off").len(), 1, "{last:#}");
}

#[test]
fn what_is_no_disc_is_told() {
    let home = home(true);
    fs::write(home.path("music.cue"), "FILE \"disc.wav\" WAVE\nTRACK 01 AUDIO\nINDEX 01 00:00:00\n").unwrap();
    Sound::of_seconds(1, 2.0).write_wav(&home.path("disc.wav")).unwrap();
    let refused = |line: &str, says: &str| {
        let said = home.run(&format!("--library library {line}"));
        assert!(said.code == 1 && said.err.contains(says), "{said:?}");
    };
    refused("rip music.cue", "is music already");
    fs::write(home.path("out.cue"), "FILE \"../../etc/passwd\" BINARY\nTRACK 01 AUDIO\nINDEX 01 00:00:00\n")
        .unwrap();
    refused("rip out.cue", "must lie beside it");
    refused("rip disc.bin", "neither a drive nor a cue sheet");
    refused("rip nothing.cue", "cannot be read");
    let mut lonely = home.command();
    lonely.env("PATH", "").args(["--library", "library", "rip", "disc.cue", "--no-lookup"]);
    let said = crate::home::said(lonely.output().unwrap(), "rip without the program");
    assert!(said.code == 1 && said.err.contains("apt install cd-paranoia"), "{said:?}");
}

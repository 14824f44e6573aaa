//! What services know of wanted things: looked up once, used by every run, and taken back whole.

use std::fs;
use std::process::Command;

use ferrotape_testkit::fake_registers::{
    ACOUSTID_KEY, FakeLyrics, FakeRecording, FakeRegisters, FakeRelease, FakeSound, FakeTable, HOSTS, Mood,
};
use ferrotape_testkit::{
    HttpAnswer, HttpServer, MadeTrack, Track, make_music, make_track, mutagen_frames, write_cover,
};
use serde_json::Value;

use crate::home::{Home, files_below, list, outcome_of, row_of};

const EBB: &str = "0f3b8a2c-4d5e-4f60-8a7b-1c2d3e4f5a6b";
const RELEASE: &str = "1f3b8a2c-4d5e-4f60-8a7b-1c2d3e4f5a6b";
const GROUP: &str = "2f3b8a2c-4d5e-4f60-8a7b-1c2d3e4f5a6b";
const SYNCED: &str = "[00:00.50]The tide goes out\n[00:02.00]And takes the light\n";

fn ebb() -> Track {
    Track { duration_ms: Some(4_000), ..Track::new("Mara Quill", "Low Water", "Ebb") }
}

fn tern() -> Track {
    Track { duration_ms: Some(4_000), ..Track::new("Nordlys", "Harbour", "Tern") }
}

/// Two tracks that are filled, without pictures or words.
fn home() -> Home {
    let home = Home::new();
    let made = |artist, album, title| MadeTrack::new(artist, album, 1, title).seconds(4.0);
    make_music(
        &home.path("music"),
        &[made("Mara Quill", "Low Water", "Ebb"), made("Nordlys", "Harbour", "Tern")],
    )
    .unwrap();
    home.csv("list.csv", &[ebb(), tern()]);
    let last = fill(&home);
    assert_eq!(last["report"]["outcomes"]["on_player"], 2, "{last:#}");
    home
}

fn fill(home: &Home) -> Value {
    home.json("convert list.csv --from music --to ./player --profile rockbox")
}

/// All that is known: one recording, which every sound is taken for.
fn services(home: &Home) -> FakeRegisters {
    let picture = home.path("picture.jpg");
    write_cover(&picture, 400).unwrap();
    let release = FakeRelease::new(RELEASE, "Low Water", GROUP);
    let recording = FakeRecording::new(EBB, "Mara Quill", "Ebb", 4_000).link(&ebb().uri()).on(release);
    FakeRegisters::start(FakeTable {
        recordings: vec![recording.isrc("XXB012000001")],
        sounds: vec![FakeSound { begins: String::new(), recording: EBB.to_owned(), score: 0.98 }],
        covers: vec![(RELEASE.to_owned(), fs::read(picture).unwrap())],
        lyrics: vec![FakeLyrics {
            title: "Ebb".to_owned(),
            artist: "Mara Quill".to_owned(),
            album: "Low Water".to_owned(),
            seconds: 4.0,
            synced: Some(SYNCED.to_owned()),
            ..FakeLyrics::default()
        }],
    })
    .unwrap()
}

fn add(home: &Home, kinds: &[&str]) {
    fs::write(home.path("key"), ACOUSTID_KEY).unwrap();
    for kind in kinds {
        let key = if *kind == "acoustid" { "--key-file key" } else { "" };
        home.well(&format!("source add {kind} {key}"));
    }
}

fn look_up(home: &Home, services: &FakeRegisters) -> Value {
    home.json(&format!("lookup --stand-in {}", services.server().address()))
}

fn service<'v>(last: &'v Value, name: &str) -> &'v Value {
    let all = list(last, "/services");
    all.iter().find(|one| one["name"] == name).unwrap_or_else(|| panic!("no {name}: {last:#}"))
}

fn counts(last: &Value, name: &str) -> (u64, u64, u64) {
    let one = service(last, name);
    let count = |field: &str| one[field].as_u64().unwrap();
    (count("asked"), count("found"), count("left"))
}

fn frames(home: &Home, path: &str) -> Vec<String> {
    let frames = mutagen_frames(&[home.player().join(path)]).unwrap().remove(0);
    frames.into_keys().collect()
}

fn beside(home: &Home) -> Vec<String> {
    files_below(&home.player()).into_iter().filter(|path| path.ends_with(".lrc")).collect()
}

const EBB_FILE: &str = "Music/Mara Quill/Low Water/01 - Ebb.mp3";

#[test]
fn what_is_looked_up_fills_tags_and_folders_and_is_taken_back_whole() {
    let home = home();
    let services = services(&home);
    let has = |kind: &str| frames(&home, EBB_FILE).iter().any(|frame| frame.starts_with(kind));
    assert!(!has("APIC") && !has("USLT") && !has("SYLT") && beside(&home).is_empty());
    add(&home, &["musicbrainz", "cover-art-archive", "lrclib"]);
    let last = look_up(&home, &services);
    assert_eq!(last["~code"], 0, "{last:#}");
    assert_eq!(counts(&last, "musicbrainz"), (2, 1, 0), "{last:#}");
    assert_eq!(counts(&last, "cover-art-archive"), (1, 1, 0), "{last:#}");
    assert_eq!(counts(&last, "lrclib"), (2, 1, 0), "{last:#}");

    let last = fill(&home);
    assert_eq!(last["plan"]["writes"].as_array().unwrap().len(), 1, "{last:#}");
    assert!(has("APIC") && has("USLT") && has("SYLT"), "{:?}", frames(&home, EBB_FILE));
    let id = &mutagen_frames(&[home.player().join(EBB_FILE)]).unwrap()[0]["UFID:http://musicbrainz.org"];
    assert!(format!("{id:?}").contains(EBB), "{id:?}");
    let lyrics = fs::read_to_string(home.player().join(EBB_FILE).with_extension("lrc")).unwrap();
    assert_eq!(lyrics.trim_start_matches('\u{feff}').replace("\r\n", "\n"), SYNCED);
    assert_eq!(list(&fill(&home), "/plan/writes").len(), 0);

    // Asking again loses nothing and makes nothing surer than it is.
    let known = home.well("explain Ebb").out;
    let last = home.json(&format!("lookup --again --stand-in {}", services.server().address()));
    assert_eq!(counts(&last, "musicbrainz"), (2, 1, 0), "{last:#}");
    assert_eq!(home.well("explain Ebb").out, known);
    assert_eq!(list(&fill(&home), "/plan/writes").len(), 0);

    // What is known is not asked again, and nobody is needed for it.
    let before = services.server().requests().len();
    let last = look_up(&home, &services);
    assert!(list(&last, "/services").iter().all(|one| one["asked"] == 0 && one["left"] == 0), "{last:#}");
    assert_eq!(services.server().requests().len(), before);
    let explained = home.well("explain Ebb").out;
    assert!(
        explained.contains(&format!("musicbrainz says the recording {EBB} (by its link or id)")),
        "{explained}"
    );

    let ready = || files_below(&home.path("")).into_iter().filter(|path| path.contains("/covers/")).count();
    assert_eq!(ready(), 1, "made ready for the player");
    for name in ["lrclib", "cover-art-archive", "musicbrainz"] {
        let said = home.well(&format!("source remove {name}")).out;
        assert!(said.contains("is forgotten"), "{said}");
    }
    assert_eq!(ready(), 0, "it would be kept for nobody");
    fill(&home);
    assert!(!has("APIC") && !has("USLT") && !has("SYLT") && !has("UFID") && beside(&home).is_empty());
    let explained = home.well("explain Ebb").out;
    assert!(!explained.contains("musicbrainz"), "{explained}");
}

#[test]
fn a_file_whose_sound_is_known_as_something_else_is_asked_about() {
    let home = home();
    let services = services(&home);
    add(&home, &["musicbrainz", "acoustid"]);
    let last = look_up(&home, &services);
    assert_eq!(counts(&last, "acoustid"), (2, 2, 0), "{last:#}");
    let report = &fill(&home)["report"];
    assert_eq!(
        (outcome_of(report, "Ebb"), outcome_of(report, "Tern")),
        ("on_player", "needs_review"),
        "{report:#}"
    );
    let why = row_of(report, "Tern")["says"].as_str().unwrap();
    assert!(why.contains("its sound is known as “Ebb” by Mara Quill"), "{why}");
    let explained = home.well("explain Ebb").out;
    assert!(explained.contains("its sound is known as this very recording"), "{explained}");
    // A person's word counts more.
    let id = row_of(report, "Tern")["number"].as_i64().unwrap();
    home.well(&format!("review --pick {id}=1"));
    assert_eq!(outcome_of(&fill(&home)["report"], "Tern"), "on_player");
    let secret = |path: &str| fs::read(home.path(path)).unwrap_or_default();
    for path in files_below(&home.path("")) {
        let has_key = secret(&path).windows(ACOUSTID_KEY.len()).any(|part| part == ACOUSTID_KEY.as_bytes());
        assert!(!has_key || path == "key" || path.ends_with("sources.secret.json"), "{path} holds the key");
    }
}

#[test]
fn a_file_that_says_nothing_is_found_by_its_sound_and_asked_about() {
    let home = Home::new();
    let made = MadeTrack::new("Mara Quill", "Low Water", 1, "Ebb").seconds(4.0);
    fs::create_dir(home.path("music")).unwrap();
    make_track(&home.path("made.flac"), &made).unwrap();
    let bare = ["-v", "error", "-i", "made.flac", "-map_metadata", "-1", "music/AUD-0042.flac"];
    let mut ffmpeg = std::process::Command::new("ffmpeg");
    assert!(ffmpeg.current_dir(home.path("")).args(bare).status().unwrap().success());
    home.csv("list.csv", &[ebb(), tern()]);
    assert_eq!(outcome_of(&fill(&home)["report"], "Ebb"), "not_in_sources");
    let services = services(&home);
    add(&home, &["acoustid"]);
    // While its disk is away nobody is asked of it, and that is no answer.
    fs::rename(home.path("music"), home.path("away")).unwrap();
    assert_eq!(counts(&look_up(&home, &services), "acoustid"), (0, 0, 1));
    fs::rename(home.path("away"), home.path("music")).unwrap();
    assert_eq!(counts(&look_up(&home, &services), "acoustid"), (1, 1, 0));
    let report = &fill(&home)["report"];
    let outcomes = (outcome_of(report, "Ebb"), outcome_of(report, "Tern"));
    assert_eq!(outcomes, ("needs_review", "not_in_sources"), "{report:#}");
    let says = row_of(report, "Ebb")["says"].as_str().unwrap();
    let why = "its tags give no title, and its sound is known as “Ebb” by Mara Quill";
    assert!(says.contains(why), "{says}");
    let id = row_of(report, "Ebb")["number"].as_i64().unwrap();
    home.well(&format!("review --none {id}"));
    assert_eq!(outcome_of(&fill(&home)["report"], "Ebb"), "not_in_sources");
    home.well(&format!("review --undo {id}"));
    home.well(&format!("review --pick {id}=1"));
    assert_eq!(outcome_of(&fill(&home)["report"], "Ebb"), "on_player");
    assert_eq!(files_below(&home.player()).iter().filter(|path| path.ends_with("Ebb.mp3")).count(), 1);
}

#[test]
fn a_service_that_is_down_stops_no_other_and_is_asked_again() {
    let home = home();
    let services = services(&home);
    add(&home, &["musicbrainz", "lrclib"]);
    services.set_mood(HOSTS[0], Some(Mood::Down));
    let last = look_up(&home, &services);
    assert_eq!(last["~code"], 3, "{last:#}");
    assert_eq!(counts(&last, "musicbrainz"), (0, 0, 2), "{last:#}");
    assert!(service(&last, "musicbrainz")["fault"].is_string());
    assert_eq!(counts(&last, "lrclib"), (2, 1, 0));
    services.set_mood(HOSTS[0], None);
    home.well("status --retry");
    let last = look_up(&home, &services);
    assert_eq!(counts(&last, "musicbrainz"), (2, 1, 0), "{last:#}");
}

#[test]
fn nobody_is_asked_who_was_not_added_and_no_more_than_was_said() {
    let home = home();
    let services = services(&home);
    let said = home.run("lookup");
    assert!(said.code == 1 && said.err.contains("source add musicbrainz"), "{said:?}");
    add(&home, &["lrclib"]);
    let last = home.json(&format!("lookup --most 1 --stand-in {}", services.server().address()));
    assert_eq!(counts(&last, "lrclib"), (1, 1, 1), "{last:#}");
    let last = home.json(&format!("refresh --stand-in {}", services.server().address()));
    assert_eq!(counts(&last["lookup"], "lrclib"), (1, 0, 0), "{last:#}");
    assert!(HOSTS.iter().all(|host| *host == "lrclib.net" || services.asked(host) == 0));
    let said = home.run("source add acoustid");
    assert!(said.code == 2 && said.err.contains("--key-file"), "{said:?}");
}

#[test]
fn a_link_that_leads_to_another_title_or_a_film_tells_nothing() {
    let home = home();
    let other = FakeRecording::new(EBB, "Nobody", "Quite Another Thing", 91_000).link(&ebb().uri());
    let film = FakeRecording { is_video: true, ..FakeRecording::new(GROUP, "Nordlys", "Tern", 91_000) };
    let recordings = vec![other, film.link(&tern().uri())];
    let services = FakeRegisters::start(FakeTable { recordings, ..FakeTable::default() }).unwrap();
    add(&home, &["musicbrainz"]);
    let last = look_up(&home, &services);
    assert_eq!(counts(&last, "musicbrainz"), (2, 0, 0), "{last:#}");
    assert_eq!(fill(&home)["report"]["outcomes"]["on_player"], 2);
}

#[test]
fn words_that_are_sung_on_a_live_album_are_not_those_of_the_studio() {
    let home = home();
    let of = |album: &str, plain: &str| FakeLyrics {
        title: "Ebb".to_owned(),
        artist: "Mara Quill".to_owned(),
        album: album.to_owned(),
        seconds: 4.0,
        plain: Some(plain.to_owned()),
        ..FakeLyrics::default()
    };
    let there = |lyrics| FakeRegisters::start(FakeTable { lyrics, ..FakeTable::default() }).unwrap();
    add(&home, &["lrclib"]);
    let live = of("Live 1999", "good evening, the sea goes out");
    assert_eq!(counts(&look_up(&home, &there(vec![live.clone()])), "lrclib"), (2, 0, 0));
    let services = there(vec![live, of("Greatest Hits", "the sea goes out")]);
    let last = home.json(&format!("lookup --again --stand-in {}", services.server().address()));
    assert_eq!(counts(&last, "lrclib").1, 1, "{last:#}");
}

#[test]
fn what_cannot_be_understood_is_told_and_not_taken_for_an_answer() {
    let home = home();
    let services = services(&home);
    add(&home, &["lrclib"]);
    let stand_in =
        ferrotape_testkit::HttpServer::start(|_| ferrotape_testkit::HttpAnswer::status(400)).unwrap();
    let last = home.json(&format!("lookup --stand-in {}", stand_in.address()));
    assert_eq!(counts(&last, "lrclib"), (0, 0, 2), "{last:#}");
    assert_eq!(list(service(&last, "lrclib"), "/unusable").len(), 2);
    home.well("status --retry");
    assert_eq!(counts(&look_up(&home, &services), "lrclib"), (2, 1, 0));
    // Taken out by hand, it can still be forgotten.
    let path = files_below(&home.path("")).into_iter().find(|path| path.ends_with("sources.toml")).unwrap();
    fs::write(home.path(&path), "").unwrap();
    assert!(home.well("source remove lrclib").out.contains("is forgotten"));
    assert_eq!(home.run("source remove lrclib").code, 1);
}

#[test]
fn a_service_that_answers_nonsense_has_not_said_that_it_knows_nothing() {
    let home = home();
    let services = services(&home);
    let all = ["musicbrainz", "cover-art-archive", "lrclib"];
    add(&home, &all);
    for nonsense in [(200, "{}"), (404, "<html>Back soon</html>")] {
        services.talk_nonsense(Some(nonsense));
        let last = look_up(&home, &services);
        assert_eq!(last["~code"], 3, "{nonsense:?} {last:#}");
        for name in ["musicbrainz", "lrclib"] {
            assert_eq!(counts(&last, name), (0, 0, 2), "{nonsense:?} {last:#}");
            assert!(service(&last, name)["fault"].is_string(), "{nonsense:?} {last:#}");
        }
        home.well("status --retry");
    }
    services.talk_nonsense(None);
    let last = look_up(&home, &services);
    for (name, counted) in
        [("musicbrainz", (2, 1, 0)), ("cover-art-archive", (1, 1, 0)), ("lrclib", (2, 1, 0))]
    {
        assert_eq!(counts(&last, name), counted, "{last:#}");
    }
}

#[test]
fn covers_that_cannot_be_used_stop_no_other_and_are_not_asked_for_by_each_run() {
    let home = Home::new();
    let titles = ["Ebb", "Flood", "Neap", "Spring"];
    let album = |title: &str| format!("Book of {title}");
    let track =
        |title: &str| Track { duration_ms: Some(4_000), ..Track::new("Mara Quill", &album(title), title) };
    let made = titles.map(|title| MadeTrack::new("Mara Quill", &album(title), 1, title).seconds(4.0));
    make_music(&home.path("music"), &made).unwrap();
    home.csv("list.csv", &titles.map(track));
    assert_eq!(fill(&home)["report"]["outcomes"]["on_player"], 4);
    let picture = home.path("picture.jpg");
    write_cover(&picture, 400).unwrap();
    let id = |kind: &str, title: &str| format!("{kind}f3b8a2c-4d5e-4f60-8a7b-00000000000{}", title.len());
    let recordings = titles.map(|title| {
        let release = FakeRelease::new(&id("1", title), &album(title), &id("2", title));
        FakeRecording::new(&id("0", title), "Mara Quill", title, 4_000).link(&track(title).uri()).on(release)
    });
    // Of all but the last there is something that is no picture.
    let covers = titles.map(|title| match title {
        "Spring" => (id("1", title), fs::read(&picture).unwrap()),
        _ => (id("1", title), b"GIF89a".to_vec()),
    });
    let (recordings, covers) = (recordings.to_vec(), covers.to_vec());
    let services = FakeRegisters::start(FakeTable { recordings, covers, ..FakeTable::default() }).unwrap();
    add(&home, &["musicbrainz", "cover-art-archive"]);
    let last = look_up(&home, &services);
    let archive = "cover-art-archive";
    assert_eq!((counts(&last, archive), &last["~code"]), ((1, 1, 3), &Value::from(0)), "{last:#}");
    assert_eq!(list(service(&last, archive), "/unusable").len(), 3, "{last:#}");
    let before = services.asked("coverartarchive.org");
    let last = look_up(&home, &services);
    assert_eq!(counts(&last, archive), (0, 0, 0), "{last:#}");
    assert_eq!(services.asked("coverartarchive.org"), before, "not by each run");
}

#[test]
fn what_cannot_be_asked_of_is_counted_with_what_it_lacks() {
    let home = home();
    let services = services(&home);
    assert!(home.well("source check").out.contains("no source to check"));
    add(&home, &["musicbrainz", "cover-art-archive", "lrclib"]);
    let nameless = Track { duration_ms: None, ..Track::new("Mara Quill", "Low Water", "Nameless") };
    fs::write(
        home.path("bare.csv"),
        format!("Track Name,Artist Name(s),Album Name\n{},Mara Quill,Low Water\n", nameless.title),
    )
    .unwrap();
    home.well("import bare.csv");
    let last = look_up(&home, &services);
    let lacks = |name: &str| service(&last, name)["cannot"].clone();
    let link = "link, and no title with an ISRC or with artist and length";
    assert_eq!(lacks("musicbrainz"), serde_json::json!({ link: 1 }), "{last:#}");
    assert_eq!(lacks("cover-art-archive"), serde_json::json!({ "release id of MusicBrainz": 1 }), "{last:#}");
    assert_eq!(lacks("lrclib"), serde_json::json!({}), "{last:#}");
    let said = home.well(&format!("lookup --stand-in {}", services.server().address())).out;
    assert!(said.contains(&format!("1 thing cannot be asked of, as it has no {link}")), "{said}");
}

#[test]
fn a_service_that_is_taken_out_while_it_is_asked_leaves_nothing() {
    let home = home();
    add(&home, &["lrclib"]);
    let path = home.path("");
    let library = home.path(".local/share/ferrotape");
    let server = HttpServer::start(move |_| {
        let mut remove = Command::new(env!("CARGO_BIN_EXE_ferrotape"));
        remove.current_dir(&path).env("HOME", &path).args(["source", "remove", "lrclib"]);
        remove.arg("--library").arg(&library).output().unwrap();
        HttpAnswer::says(
            404,
            r#"{"message":"Failed to find specified track","name":"TrackNotFound","statusCode":404}"#,
        )
    })
    .unwrap();
    let said = home.run(&format!("lookup --stand-in {}", server.address()));
    assert!(said.code == 1 && said.err.contains("lrclib was taken out meanwhile"), "{said:?}");
    assert!(!said.err.contains("transaction"), "{said:?}");
    // Asked of again, it is asked of all.
    add(&home, &["lrclib"]);
    let services = services(&home);
    assert_eq!(counts(&look_up(&home, &services), "lrclib"), (2, 1, 0));
}

#[test]
fn services_that_ask_for_it_are_told_how_the_user_is_reached_and_no_others() {
    let home = home();
    let services = services(&home);
    add(&home, &["musicbrainz", "lrclib"]);
    let status = home.json("status");
    assert_eq!(status["want_contact"], serde_json::json!(["musicbrainz"]), "{status:#}");
    let said = home.well("status").out;
    assert!(
        said.contains("musicbrainz asks for a way to reach who uses") && said.contains("sources.toml"),
        "{said}"
    );
    let settings = home.path(".local/share/ferrotape/sources.toml");
    let text = fs::read_to_string(&settings).unwrap();
    fs::write(&settings, format!("contact = \"me@home.example\"\n{text}")).unwrap();
    assert_eq!(look_up(&home, &services)["~code"], 0);
    let told: Vec<(bool, bool)> = services
        .server()
        .requests()
        .iter()
        .map(|request| {
            let agent = request.header("user-agent").unwrap_or_default();
            (request.path().contains("musicbrainz.org"), agent.ends_with("; me@home.example)"))
        })
        .collect();
    assert!(told.contains(&(true, true)) && told.contains(&(false, false)), "{told:?}");
    assert!(!told.contains(&(true, false)) && !told.contains(&(false, true)), "{told:?}");
    assert_eq!(home.json("status")["want_contact"], serde_json::json!([]));
}

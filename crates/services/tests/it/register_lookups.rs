//! Who knows sounds, covers and lyrics.

use std::process::Command;
use std::time::Duration;

use ferrotape_domain::{
    Cancel, CoverArchive, Fact, Fault, FaultKind, FoundLyrics, Health, Heard, LyricsArchive, SoundRegister,
    SungTrack,
};
use ferrotape_services::Secret;
use ferrotape_services::acoustid::AcoustId;
use ferrotape_services::cover_art_archive::CoverArtArchive;
use ferrotape_services::lrclib::LrcLib;
use ferrotape_services::net::Net;
use ferrotape_testkit::fake_registers::{
    ACOUSTID_KEY, FakeLyrics, FakeRecording, FakeRegisters, FakeSound, FakeTable, Mood,
};
use ferrotape_testkit::{HttpAnswer, HttpServer, HttpTrouble, Sound};
use serde_json::json;

use crate::registers::{mbid, net, net_later};

const EBB: &str = "0f3b8a2c-4d5e-4f60-8a7b-1c2d3e4f5a6b";
const FLOOD: &str = "1f3b8a2c-4d5e-4f60-8a7b-1c2d3e4f5a6b";
const NONE: &str = "2f3b8a2c-4d5e-4f60-8a7b-1c2d3e4f5a6b";

fn heard(fingerprint: Vec<u32>) -> Heard {
    Heard { fingerprint, duration: Duration::from_millis(200_900), health: Health::Sound }
}

fn acoustid(server: &HttpServer, key: &str) -> AcoustId {
    AcoustId::new(net(server).0, &Secret::new(key)).unwrap()
}

fn fakes(table: FakeTable) -> FakeRegisters {
    FakeRegisters::start(table).unwrap()
}

fn fpcalc(arguments: &[&str], path: &str) -> String {
    let output = Command::new("fpcalc").args(arguments).arg(path).output();
    let output = output.unwrap_or_else(|_| {
        panic!("fpcalc is not there; install it with: apt-get install libchromaprint-tools")
    });
    let said = String::from_utf8(output.stdout).unwrap();
    said.lines().find_map(|line| line.strip_prefix("FINGERPRINT=")).unwrap().to_owned()
}

#[test]
fn a_fingerprint_is_sent_as_fpcalc_prints_it() {
    let folder = tempfile::tempdir().unwrap();
    let server = HttpServer::start(|_| HttpAnswer::json(&json!({ "status": "ok", "results": [] }))).unwrap();
    for (seed, seconds) in [(1, 3.0), (2, 31.7), (3, 130.0)] {
        let path = folder.path().join("a.wav");
        Sound::of_seconds(seed, seconds).write_wav(&path).unwrap();
        let path = path.to_str().unwrap();
        let raw: Vec<u32> =
            fpcalc(&["-raw"], path).split(',').map(|value| value.parse::<i64>().unwrap() as u32).collect();
        assert!(!raw.is_empty());
        assert_eq!(acoustid(&server, ACOUSTID_KEY).names_of(&heard(raw), &Cancel::default()), Ok(Vec::new()));
        let asked = server.requests().pop().unwrap();
        assert_eq!(asked.parameter("fingerprint").unwrap(), fpcalc(&[], path), "{seconds} s");
        assert_eq!((asked.method.as_str(), asked.parameter("duration").as_deref()), ("POST", Some("200")));
        assert_eq!(asked.parameter("meta").as_deref(), Some("recordings compress"));
    }
}

#[test]
fn the_most_alike_come_first_each_once_and_the_rest_not_at_all() {
    let sound =
        |recording: &str, score| FakeSound { begins: String::new(), recording: recording.to_owned(), score };
    let table = FakeTable {
        recordings: vec![FakeRecording::new(EBB, "Mara Quill", "Ebb", 200_000)],
        sounds: vec![
            sound(FLOOD, 0.8),
            sound(EBB, 0.85),
            sound(EBB, 0.9874),
            sound(NONE, 0.799),
            sound("x", 1.0),
        ],
        ..FakeTable::default()
    };
    let fakes = fakes(table);
    let names =
        acoustid(fakes.server(), ACOUSTID_KEY).names_of(&heard(vec![1, 2, 3]), &Cancel::default()).unwrap();
    let told: Vec<_> =
        names.iter().map(|name| (name.recording.clone(), name.alike, name.title.as_str())).collect();
    assert_eq!(told, [(mbid(EBB), 987, "Ebb"), (mbid(FLOOD), 800, "")]);
    assert_eq!(names[0].artists, ["Mara Quill"]);
    assert!(names[1].artists.is_empty());
}

#[test]
fn too_many_names_and_odd_scores_do_no_harm() {
    let recordings: Vec<_> = (0..90)
        .map(|at| json!({ "id": format!("0f3b8a2c-4d5e-4f60-8a7b-{at:012}"), "title": "Ebb" }))
        .collect();
    let hit = |score: serde_json::Value| json!({ "score": score, "recordings": recordings });
    let odd =
        json!({ "status": "ok", "results": [hit(json!("NaN")), hit(json!(-3)), hit(json!(null)), 7, []] });
    let many = json!({ "status": "ok", "results": [hit(json!(1e9))] });
    for (answer, count) in [(odd, 0), (many, 20)] {
        let server = HttpServer::start(move |_| HttpAnswer::json(&answer)).unwrap();
        let names = acoustid(&server, ACOUSTID_KEY).names_of(&heard(vec![1]), &Cancel::default()).unwrap();
        assert_eq!(names.len(), count);
        assert!(names.iter().all(|name| name.alike == 1000));
    }
}

#[test]
fn an_old_none_is_no_answer_of_those_who_are_down() {
    let fakes = fakes(FakeTable::default());
    let (first, memory) = net(fakes.server());
    let later = net_later(fakes.server(), memory);
    let named = |net: &Net| {
        let register = AcoustId::new(net.clone(), &Secret::new(ACOUSTID_KEY)).unwrap();
        register.names_of(&heard(vec![1, 2]), &Cancel::default())
    };
    let track = SungTrack {
        title: "Ebb".to_owned(),
        artist: "Mara Quill".to_owned(),
        album: None,
        duration: Duration::from_secs(200),
    };
    let sung = |net: &Net| LrcLib::new(net.clone()).lyrics(&track, &|_| true, &Cancel::default());
    assert_eq!((named(&first), sung(&first)), (Ok(Vec::new()), Ok(None)));
    for host in ["api.acoustid.org", "lrclib.net"] {
        fakes.set_mood(host, Some(Mood::Down));
    }
    for fault in [named(&later).unwrap_err(), sung(&later).unwrap_err()] {
        assert!(matches!(fault.kind, FaultKind::Temporary { .. }), "{fault:?}");
    }
}

#[test]
fn a_sound_is_asked_once_and_a_silent_one_never() {
    let fakes = fakes(FakeTable::default());
    let register = acoustid(fakes.server(), ACOUSTID_KEY);
    let ask = |heard: &Heard| register.names_of(heard, &Cancel::default());
    assert_eq!(ask(&heard(Vec::new())), Ok(Vec::new()));
    assert_eq!(ask(&Heard { duration: Duration::from_millis(900), ..heard(vec![1]) }), Ok(Vec::new()));
    assert_eq!(fakes.asked("api.acoustid.org"), 0);
    for _ in 0..2 {
        assert_eq!(ask(&heard(vec![1, 2])), Ok(Vec::new()));
    }
    assert_eq!(fakes.asked("api.acoustid.org"), 1, "it is kept");
    assert_eq!(ask(&heard(vec![1, 3])), Ok(Vec::new()));
    assert_eq!(fakes.asked("api.acoustid.org"), 2, "another sound is another question");
    ask(&heard((0..100_000).collect())).unwrap();
    assert!(fakes.server().requests().iter().all(|request| request.body.len() < 20_000));
}

#[test]
fn a_key_that_is_none_is_the_users_matter_and_never_shown() {
    let key = "wr0ngK3y";
    for trouble in
        [None, Some(HttpTrouble::Status(500)), Some(HttpTrouble::Page), Some(HttpTrouble::Status(418))]
    {
        let fakes = fakes(FakeTable::default());
        let (net, memory) = net(fakes.server());
        let mut shown = Vec::new();
        for key in [key, ACOUSTID_KEY] {
            let register = AcoustId::new(net.clone(), &Secret::new(key)).unwrap();
            (0..4).for_each(|_| trouble.iter().for_each(|one| fakes.server().spoil("lookup", one.clone())));
            let answer = register.names_of(&heard(vec![7, 8]), &Cancel::default());
            match (&trouble, key == ACOUSTID_KEY, &answer) {
                (None, true, answer) => assert_eq!(answer, &Ok(Vec::new()), "the refusal was not kept"),
                (None, false, Err(fault)) => assert_eq!(fault.kind, FaultKind::NeedsUser),
                (_, _, answer) => assert!(answer.is_err()),
            }
            shown.push(format!("{register:?} {answer:?}"));
        }
        shown.push(memory.everything());
        let asked = fakes.server().requests();
        assert!(
            asked.iter().any(|request| request.parameter("client").as_deref() == Some(key)),
            "it is used"
        );
        assert!(asked.iter().all(|request| !request.target.contains(key)), "not in an address");
        for text in shown {
            assert!(!text.contains(key) && !text.contains(ACOUSTID_KEY), "{text}");
        }
    }
    let fakes = fakes(FakeTable::default());
    for bad in ["", "abc", "a b c d", "key&x=y", "kéy123"] {
        let fault = AcoustId::new(net(fakes.server()).0, &Secret::new(bad)).unwrap_err();
        assert_eq!(fault.kind, FaultKind::NeedsUser, "{bad}");
        assert!(bad.is_empty() || !fault.reason.contains(bad), "{fault}");
    }
}

#[test]
fn sounds_that_cannot_be_asked_are_faults() {
    let fakes = fakes(FakeTable::default());
    for mood in [Mood::Down, Mood::OverQuota] {
        fakes.set_mood("api.acoustid.org", Some(mood));
        let fault = acoustid(fakes.server(), ACOUSTID_KEY).names_of(&heard(vec![1]), &Cancel::default());
        assert!(matches!(fault.unwrap_err().kind, FaultKind::Temporary { .. }), "{mood:?}");
    }
}

const JPEG: &[u8] = b"\xff\xd8\xff\xe0 a picture, made up";

fn cover(server: &HttpServer, of: &Fact) -> Result<Option<Vec<u8>>, Fault> {
    CoverArtArchive::new(net(server).0).front_cover(of, &Cancel::default())
}

#[test]
fn covers_come_from_where_the_archive_leads_and_are_not_kept() {
    let table = FakeTable {
        covers: vec![
            (EBB.to_owned(), JPEG.to_vec()),
            (FLOOD.to_owned(), b"\x89PNG\r\n\x1a\nmade up".to_vec()),
        ],
        ..FakeTable::default()
    };
    let fakes = fakes(table);
    let (net, memory) = net(fakes.server());
    let archive = CoverArtArchive::new(net);
    let ask = |of: &Fact| archive.front_cover(of, &Cancel::default()).unwrap();
    for _ in 0..2 {
        assert_eq!(ask(&Fact::Release(mbid(EBB))).as_deref(), Some(JPEG));
        assert_eq!(ask(&Fact::Release(mbid(NONE))), None);
    }
    assert!(ask(&Fact::ReleaseGroup(mbid(FLOOD))).unwrap().starts_with(b"\x89PNG"));
    assert_eq!(ask(&Fact::Recording(mbid(EBB))), None);
    assert_eq!(fakes.asked("coverartarchive.org"), 4, "that there is none is kept");
    assert!(fakes.server().asked()[0].contains(&format!("/release/{EBB}/front-500")));
    let kept = memory.everything();
    assert!(kept.contains(NONE) && !kept.contains("made up"), "{kept}");
}

#[test]
fn an_archive_that_does_not_know_a_release_has_no_cover_of_it() {
    for says in ["No release found with identifier", "No release group found with identifier"] {
        let page = format!("<!doctype html><title>404 Not Found</title><p>{says} {NONE}</p>");
        let server = HttpServer::start(move |_| HttpAnswer::says(404, &page)).unwrap();
        assert_eq!(cover(&server, &Fact::Release(mbid(NONE))), Ok(None), "{says}");
    }
}

#[test]
fn what_is_no_picture_is_refused_and_a_busy_archive_is_no_empty_one() {
    let page = b"<!doctype html><title>Please sign in</title>".to_vec();
    for bytes in [page, Vec::new(), b"\xff\xd8".to_vec(), b"GIF89a".to_vec(), [JPEG, &[0; 9 << 20]].concat()]
    {
        let table = FakeTable { covers: vec![(EBB.to_owned(), bytes)], ..FakeTable::default() };
        let fault = cover(fakes(table).server(), &Fact::Release(mbid(EBB))).unwrap_err();
        assert_eq!((fault.source.as_str(), fault.kind), ("cover-art-archive", FaultKind::Permanent));
    }
    let fakes = fakes(FakeTable::default());
    for mood in [Mood::Down, Mood::OverQuota] {
        fakes.set_mood("coverartarchive.org", Some(mood));
        let fault = cover(fakes.server(), &Fact::Release(mbid(EBB))).unwrap_err();
        assert!(matches!(fault.kind, FaultKind::Temporary { .. }), "{fault:?}");
    }
    let inside = HttpServer::start(|_| HttpAnswer::leads_to(307, "http://127.0.0.1/picture.jpg")).unwrap();
    let fault = cover(&inside, &Fact::Release(mbid(EBB))).unwrap_err();
    assert!(fault.reason.contains("leads"), "{fault}");
}

fn sung(title: &str, album: Option<&str>, seconds: u64) -> SungTrack {
    let (title, album) = (title.to_owned(), album.map(str::to_owned));
    SungTrack { title, artist: "Mara Quill".to_owned(), album, duration: Duration::from_secs(seconds) }
}

fn words(title: &str, album: &str, seconds: f64, plain: &str) -> FakeLyrics {
    let (title, artist, album) = (title.to_owned(), "Mara Quill".to_owned(), album.to_owned());
    FakeLyrics { title, artist, album, seconds, plain: Some(plain.to_owned()), ..FakeLyrics::default() }
}

fn lyrics(fakes: &FakeRegisters, track: &SungTrack) -> Option<FoundLyrics> {
    LrcLib::new(net(fakes.server()).0).lyrics(track, &|_| true, &Cancel::default()).unwrap()
}

fn with(lyrics: Vec<FakeLyrics>) -> FakeRegisters {
    fakes(FakeTable { lyrics, ..FakeTable::default() })
}

#[test]
fn lyrics_are_asked_for_exactly_then_without_the_album_then_searched() {
    let fakes = with(vec![words("Ebb", "Low Water", 200.4, "the sea\ngoes out")]);
    let plain = |found: Option<FoundLyrics>| found.and_then(|found| found.plain);
    assert_eq!(
        plain(lyrics(&fakes, &sung("Ebb", Some("Low Water"), 200))).as_deref(),
        Some("the sea\ngoes out")
    );
    assert_eq!(fakes.asked("lrclib.net"), 1);
    assert!(plain(lyrics(&fakes, &sung("Ebb", Some("Best Of"), 200))).is_some());
    assert_eq!(fakes.asked("lrclib.net"), 3);
    assert_eq!(lyrics(&fakes, &sung("Ebb", None, 210)), None);
    let asked = fakes.server().asked();
    assert!(asked[3].contains("/api/get?") && asked[4].contains("/api/search?"), "{asked:?}");
    assert!(!asked[3].contains("album_name") && asked[3].contains("duration=210"), "{asked:?}");
}

#[test]
fn lyrics_of_an_album_of_another_version_are_passed_over() {
    let live = words("Ebb", "Live 1999", 200.0, "good evening, the sea");
    let is_studio = |album: &str| album != "Live 1999";
    let ask = |fakes: &FakeRegisters, album: Option<&str>| {
        let archive = LrcLib::new(net(fakes.server()).0);
        let found = archive.lyrics(&sung("Ebb", album, 200), &is_studio, &Cancel::default()).unwrap();
        found.and_then(|found| found.plain)
    };
    // Whether it is told exactly, without the album, or by the search.
    for album in [None, Some("Low Water"), Some("Live 1999")] {
        assert_eq!(ask(&with(vec![live.clone()]), album), None, "{album:?}");
    }
    let both = with(vec![live, words("Ebb", "Low Water", 200.0, "the sea")]);
    assert_eq!(ask(&both, None).as_deref(), Some("the sea"));
}

#[test]
fn of_what_a_search_finds_only_the_same_track_counts_and_the_one_with_times_most() {
    let timed = |lyrics: FakeLyrics| FakeLyrics { synced: Some("[00:01.00]the sea".to_owned()), ..lyrics };
    let by = |artist: &str, lyrics| FakeLyrics { artist: artist.to_owned(), ..lyrics };
    // Only the search tells of one that is written with a guest.
    let near = "Ebb (feat. Ole Nordlys)";
    for (there, expected) in [
        (vec![words(near, "x", 200.0, "a"), timed(words(near, "x", 201.9, "b"))], Some("b")),
        (vec![words(near, "x", 201.9, "a"), words(near, "x", 200.1, "b")], Some("b")),
        (vec![timed(words(near, "x", 203.0, "a"))], None),
        (vec![timed(words("Ebb Tide", "x", 200.0, "a"))], None),
        (vec![timed(by("Another", words(near, "x", 200.0, "a")))], None),
    ] {
        let found = lyrics(&with(there), &sung("Ebb", None, 200));
        assert_eq!(found.and_then(|found| found.plain).as_deref(), expected);
    }
}

#[test]
fn nobody_sings_and_nothing_is_known_are_told_apart() {
    let quiet = FakeLyrics { plain: None, is_instrumental: true, ..words("Ebb", "x", 200.0, "") };
    let found = lyrics(&with(vec![quiet]), &sung("Ebb", None, 200)).unwrap();
    assert_eq!(found, FoundLyrics { instrumental: true, ..FoundLyrics::default() });
    let empty = FakeLyrics { plain: Some(" \n".to_owned()), ..words("Ebb", "x", 200.0, "") };
    assert_eq!(lyrics(&with(vec![empty]), &sung("Ebb", None, 200)), None);
}

#[test]
fn lyrics_are_plain_text_and_not_too_long() {
    let there = words("Ebb", "x", 200.0, "\u{0}the\u{1b}[31m sea\r\n\tgoes\u{7f} out\n\n");
    let found = lyrics(&with(vec![there]), &sung("Ebb", None, 200)).unwrap();
    assert_eq!(found.plain.as_deref(), Some("the[31m sea\n\tgoes out"));
    let mut long = words("Ebb", "x", 200.0, &"la ".repeat(30_000));
    assert_eq!(lyrics(&with(vec![long.clone()]), &sung("Ebb", None, 200)), None);
    long.synced = Some("[00:01.00]la".to_owned());
    let found = lyrics(&with(vec![long]), &sung("Ebb", None, 200)).unwrap();
    assert_eq!((found.plain, found.synced.as_deref()), (None, Some("[00:01.00]la")));
}

#[test]
fn what_cannot_have_lyrics_is_not_asked_and_none_is_kept() {
    let fakes = with(Vec::new());
    let archive = LrcLib::new(net(fakes.server()).0);
    let ask = |track: &SungTrack| archive.lyrics(track, &|_| true, &Cancel::default());
    for track in [sung("Ebb", None, 0), sung("Ebb", None, 3601), sung("?", None, 200)] {
        assert_eq!(ask(&track), Ok(None));
    }
    assert_eq!(fakes.asked("lrclib.net"), 0);
    for _ in 0..2 {
        assert_eq!(ask(&sung("Ebb", Some("Low Water"), 200)), Ok(None));
    }
    assert_eq!(fakes.asked("lrclib.net"), 3, "that there are none is kept");
    for mood in [Mood::Down, Mood::OverQuota] {
        fakes.set_mood("lrclib.net", Some(mood));
        let fault = ask(&sung("Flood", None, 200)).unwrap_err();
        assert!(matches!(fault.kind, FaultKind::Temporary { .. }), "{fault:?}");
    }
}

//! Several recordings of one name in the places of the user's own: one that comes alone is not taken for the other, whether
//! the other is not asked for, lies on another server, could not be had, or is broken.

use std::fs;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use ferrotape_testkit::{HttpAnswer, HttpServer, HttpTrouble, MadeTrack, Track, make_track};
use serde_json::{Value, json};

use crate::elsewhere::{Server, outcome, subsonic};
use crate::home::{Home, files_below};

/// A song of a server: its id, title, album, number and how many seconds it lasts.
#[derive(Clone, Copy)]
struct Song(&'static str, &'static str, &'static str, u32, u32);

const EBB: Song = Song("n3", "Ebb", "Low Water", 3, 6);
const NAMESAKE: Song = Song("n7", "Ebb", "Low Water", 7, 6);
const OTHER: Song = Song("o1", "Ebb", "High Water", 1, 12);

impl Song {
    /// Its file: no two of them sound alike.
    fn made(self) -> MadeTrack {
        let Self(id, title, album, number, seconds) = self;
        let mut made = MadeTrack { disc: Some(1), ..MadeTrack::new("Mara Quill", album, number, title) };
        made.sound.seed = id.bytes().fold(7, |seed, byte| seed * 31 + u64::from(byte));
        made.seconds(f64::from(seconds))
    }
}

/// A server of these songs. While the switch that comes with it is on, it does not give the one of this id.
fn serving(home: &Home, songs: &[Song], fails: &'static str) -> (Server, Arc<AtomicBool>) {
    let read = |song: &Song| {
        let path = home.path(&format!("{}.flac", song.0));
        make_track(&path, &song.made()).unwrap();
        (*song, fs::read(path).unwrap())
    };
    let all: Vec<(Song, Vec<u8>)> = songs.iter().map(read).collect();
    let failing = Arc::new(AtomicBool::new(true));
    let is_failing = Arc::clone(&failing);
    let http = HttpServer::start(move |request| {
        let is = |call: &str| request.path().contains(call);
        if is("download") || is("stream") {
            let id = request.parameter("id").unwrap();
            if id == fails && is_failing.load(Ordering::SeqCst) {
                return HttpAnswer::status(404);
            }
            let (_, bytes) = all.iter().find(|(song, _)| song.0 == id).unwrap();
            return HttpAnswer::file("audio/flac", &format!("\"{id}\""), bytes.clone());
        }
        if is("search3") && request.parameter("songOffset").is_none_or(|offset| offset == "0") {
            let song = |(Song(id, title, album, number, seconds), bytes): &(Song, Vec<u8>)| {
                json!({
                    "id": id, "title": title, "artist": "Mara Quill", "album": album, "albumArtist": "Mara Quill",
                    "track": number, "discNumber": 1, "duration": seconds, "size": bytes.len(), "suffix": "flac",
                    "contentType": "audio/flac", "isDir": false, "path": format!("{album}/{id}.flac"), "type": "music",
                })
            };
            let songs: Vec<Value> = all.iter().map(song).collect();
            let answer = json!({ "status": "ok", "version": "1.16.1", "type": "made-up", "openSubsonic": true,
                "searchResult3": { "song": songs } });
            return HttpAnswer::json(&json!({ "subsonic-response": answer }));
        }
        subsonic(request, &[])
    });
    (Server { http: http.unwrap(), down: Arc::default() }, failing)
}

/// The ids of the files that were asked for, each as often as it was.
fn asked(server: &Server) -> Vec<String> {
    let of_a_file = |path: &str| path.contains("download") || path.contains("stream");
    let requests = server.http.requests().into_iter().filter(|request| of_a_file(request.path()));
    let mut ids: Vec<String> = requests.filter_map(|request| request.parameter("id")).collect();
    ids.sort();
    ids
}

/// A home that wants “Ebb” of an album and so long.
fn wanting(album: &str, duration_ms: Option<u64>, track_number: Option<u32>) -> Home {
    let home = Home::new();
    fs::create_dir(home.path("own")).unwrap();
    let disc_number = track_number.map(|_| 1);
    let ebb = Track { duration_ms, track_number, disc_number, ..Track::new("Mara Quill", album, "Ebb") };
    home.csv("a.csv", &[ebb]);
    home
}

const LINE: &str = "convert a.csv --from own --to ./player";

/// Files of the collection, but for what lies aside until its rivals came.
fn collected(home: &Home) -> usize {
    let collection = home.path(".local/share/ferrotape/collection");
    let files = if collection.exists() { files_below(&collection) } else { Vec::new() };
    files.iter().filter(|path| !path.contains(".fetching/")).count()
}

#[test]
fn two_songs_of_one_name_on_a_server_are_both_fetched_and_asked_about() {
    let home = wanting("Low Water", Some(6_000), None);
    let (server, _) = serving(&home, &[EBB, NAMESAKE], "");
    server.add(&home);
    for run in 1..=2 {
        let last = home.json(LINE);
        assert_eq!(outcome(&last, "Ebb")["outcome"], "needs_review", "{run}: {last:#}");
        assert_eq!((asked(&server), home.mp3s().len()), (vec!["n3".to_owned(), "n7".to_owned()], 0), "{run}");
    }
}

#[test]
fn of_two_that_contend_neither_stays_alone() {
    let home = wanting("Low Water", Some(6_000), None);
    let (server, fails) = serving(&home, &[EBB, NAMESAKE], "n7");
    server.add(&home);
    for run in 1..=2 {
        let last = home.json(LINE);
        assert_eq!(outcome(&last, "Ebb")["outcome"], "waiting", "{run}: {last:#}");
        assert_eq!((collected(&home), home.mp3s().len()), (0, 0), "{run}");
        assert_eq!(last["gathered"]["places"][0]["fetched"], 0, "what lies aside did not come: {last:#}");
        // What nobody gives is asked for again, too.
        home.well("status --retry");
    }
    fails.store(false, Ordering::SeqCst);
    let last = home.json(LINE);
    assert_eq!(
        (&outcome(&last, "Ebb")["outcome"], collected(&home)),
        (&"needs_review".into(), 2),
        "{last:#}"
    );
    assert_eq!(last["gathered"]["places"][0]["fetched"], 2, "{last:#}");
    let times = asked(&server).iter().filter(|id| *id == "n3").count();
    assert_eq!(times, 1, "what came is kept: {:?}", asked(&server));
}

/// Runs until the first file of a question came, and is killed while it waits for the second.
fn killed_at_the_second(home: &Home, server: &Server) {
    server.http.spoil("download", HttpTrouble::Late(Duration::ZERO));
    server.http.spoil("download", HttpTrouble::Late(Duration::from_secs(120)));
    let mut command = home.command();
    command.args(LINE.split_whitespace()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let begun = Instant::now();
    while asked(server).len() < 2 {
        assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", server.http.asked());
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn of_two_that_contend_a_killed_run_leaves_none_to_be_taken() {
    let home = wanting("Low Water", Some(6_000), None);
    let (server, _) = serving(&home, &[EBB, NAMESAKE], "");
    server.add(&home);
    killed_at_the_second(&home, &server);
    assert_eq!(collected(&home), 0);
    let last = home.json(LINE);
    assert_eq!(outcome(&last, "Ebb")["outcome"], "needs_review", "{last:#}");
    assert_eq!((collected(&home), home.mp3s().len()), (2, 0));
    assert_eq!(asked(&server).len(), 3, "only the second is fetched again: {:?}", asked(&server));
}

#[test]
fn what_a_killed_run_fetched_to_be_heard_is_heard_by_the_next() {
    for seconds in [6, 7] {
        let songs = [EBB, Song("o7", "Ebb", "High Water", 7, seconds)];
        let filled = |is_killed: bool| {
            let home = wanting("", Some(6_000), None);
            let (server, _) = serving(&home, &songs, "");
            server.add(&home);
            if is_killed {
                killed_at_the_second(&home, &server);
            }
            let last = home.json(LINE);
            (outcome(&last, "Ebb")["outcome"].clone(), home.mp3s(), collected(&home))
        };
        assert_eq!(filled(true), filled(false), "{seconds}");
    }
}

#[test]
fn one_song_on_each_of_two_servers_is_a_question_where_they_are_two() {
    let home = wanting("", None, None);
    let ((first, _), (second, _)) = (serving(&home, &[EBB], ""), serving(&home, &[OTHER], ""));
    first.add_as(&home, "first");
    second.add_as(&home, "second");
    for run in 1..=2 {
        let last = home.json(LINE);
        assert_eq!(outcome(&last, "Ebb")["outcome"], "needs_review", "{run}: {last:#}");
        assert_eq!((asked(&first).len(), asked(&second).len(), home.mp3s().len()), (1, 1, 0), "{run}");
    }
}

#[test]
fn what_could_not_be_had_is_waited_for_and_its_namesake_not_taken() {
    let home = wanting("Low Water", Some(6_000), Some(3));
    let (server, fails) = serving(&home, &[EBB, NAMESAKE], "n3");
    server.add(&home);
    for run in 1..=2 {
        let last = home.json(LINE);
        assert_eq!(outcome(&last, "Ebb")["outcome"], "waiting", "{run}: {last:#}");
        assert!(!asked(&server).contains(&"n7".to_owned()) && home.mp3s().is_empty(), "{run}");
    }
    fails.store(false, Ordering::SeqCst);
    home.well("status --retry");
    let last = home.json(LINE);
    assert_eq!(outcome(&last, "Ebb")["outcome"], "on_player", "{last:#}");
    assert!(!asked(&server).contains(&"n7".to_owned()));
}

#[test]
fn a_copy_of_what_could_not_be_had_is_taken() {
    let home = wanting("Low Water", Some(6_000), Some(3));
    let (server, _) = serving(&home, &[EBB, Song("c1", "Ebb", "Best Of", 1, 6)], "n3");
    server.add(&home);
    let last = home.json(LINE);
    assert_eq!(outcome(&last, "Ebb")["outcome"], "on_player", "{last:#}");
    assert!(asked(&server).contains(&"c1".to_owned()));
}

#[test]
fn a_namesake_is_not_taken_for_a_broken_file() {
    let home = wanting("Low Water", Some(6_000), Some(3));
    let right = home.path("own/03.flac");
    make_track(&right, &EBB.made()).unwrap();
    make_track(&home.path("own/07.flac"), &NAMESAKE.made()).unwrap();
    let whole = fs::read(&right).unwrap();
    fs::write(&right, &whole[..whole.len() * 2 / 5]).unwrap();
    // The first run finds out that it is broken.
    home.json(LINE);
    let last = home.json(LINE);
    let row = outcome(&last, "Ebb");
    let says = row["says"].as_str().unwrap();
    assert!(
        row["outcome"] == "needs_review" && says.contains("the file that fits best is broken: "),
        "{last:#}"
    );
    assert!(says.contains("03.flac") && home.mp3s().is_empty(), "{last:#}");
}

#[test]
fn what_a_server_has_near_is_named_with_the_reason() {
    let home = Home::new();
    fs::create_dir(home.path("own")).unwrap();
    let long =
        |title: &str| Track { duration_ms: Some(40_000), ..Track::new("Mara Quill", "Low Water", title) };
    home.csv("a.csv", &[long("Ash"), long("Raven")]);
    let near = [
        Song("l", "Ash (Live)", "Low Water", 1, 44),
        Song("k", "Raven (Karaoke Version)", "Low Water", 2, 44),
    ];
    let (server, _) = serving(&home, &near, "");
    server.add(&home);
    let last = home.json(LINE);
    for (title, named) in [("Ash", "“Ash (Live)”"), ("Raven", "“Raven (Karaoke Version)”")] {
        let row = outcome(&last, title);
        let says = row["says"].as_str().unwrap();
        let is_told = says.contains(&format!("subsonic:home has {named}, which was not taken: "));
        assert!(row["outcome"] == "not_in_sources" && is_told, "{row}");
        assert_eq!(says.contains("`--allow live`"), title == "Ash", "{row}");
    }
    assert_eq!(asked(&server), Vec::<String>::new());
}

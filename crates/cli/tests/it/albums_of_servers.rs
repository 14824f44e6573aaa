//! Albums of one name on a server, which its ids tell apart; marks that only the server gives; and lists that are asked for
//! again, because what came was not what they say.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ferrotape_testkit::{HttpAnswer, HttpRequest, HttpServer, MadeTrack, Track, make_track};
use serde_json::{Value, json};

use crate::elsewhere::{Server, outcome, subsonic};
use crate::home::{Home, list};
use crate::whole_albums::home;

const CONVERT: &str = "convert YourLibrary.json --from own --to ./player";

/// A song of a server: its id, the album's id, disc, number, title, and how many seconds it lasts. What sounds as another one is
/// given that one's id.
#[derive(Clone, Copy)]
pub(crate) struct Song {
    pub(crate) id: &'static str,
    pub(crate) album: &'static str,
    pub(crate) disc: u32,
    pub(crate) number: u32,
    pub(crate) title: &'static str,
    pub(crate) seconds: u32,
    pub(crate) sounds_as: &'static str,
    pub(crate) kbps: u32,
    pub(crate) mark: &'static str,
}

pub(crate) fn song(
    id: &'static str,
    album: &'static str,
    number: u32,
    title: &'static str,
    seconds: u32,
) -> Song {
    Song { id, album, disc: 1, number, title, seconds, sounds_as: id, kbps: 900, mark: "" }
}

impl Song {
    pub(crate) fn bytes(self, home: &Home) -> Vec<u8> {
        let mut made = MadeTrack::new("Mara Quill", "Low Water", self.number, self.title);
        (made.disc, made.genre) = (Some(self.disc), Some(self.id.to_owned()));
        made.sound.seed = self.sounds_as.bytes().fold(7, |seed, byte| seed * 31 + u64::from(byte));
        let path = home.path(&format!("{}.flac", self.id));
        make_track(&path, &made.seconds(f64::from(self.seconds))).unwrap();
        fs::read(path).unwrap()
    }

    pub(crate) fn row(self, bytes: &[u8]) -> Value {
        json!({
            "id": self.id, "albumId": self.album, "title": self.title, "artist": "Mara Quill", "album": "Low Water",
            "albumArtist": "Mara Quill", "track": self.number, "discNumber": self.disc, "duration": self.seconds,
            "size": bytes.len(), "suffix": "flac", "contentType": "audio/flac", "isDir": false, "type": "music",
            "path": format!("{}/{}.flac", self.album, self.id), "bitRate": self.kbps, "explicitStatus": self.mark,
        })
    }
}

pub(crate) fn is_of_a_file(request: &HttpRequest) -> bool {
    ["download", "stream"].iter().any(|call| request.path().contains(call))
}

pub(crate) fn found(songs: &[Value]) -> HttpAnswer {
    let answer = json!({ "status": "ok", "version": "1.16.1", "type": "made-up", "openSubsonic": true,
        "searchResult3": { "song": songs } });
    HttpAnswer::json(&json!({ "subsonic-response": answer }))
}

pub(crate) fn is_first_page(request: &HttpRequest) -> bool {
    let is_first = request.parameter("songOffset").is_none_or(|offset| offset == "0");
    request.path().contains("search3") && is_first
}

/// A server of these songs, known to this home.
fn serving(home: &Home, songs: &[Song]) -> Server {
    serving_as(home, "home", songs)
}

/// The same under this name.
pub(crate) fn serving_as(home: &Home, name: &str, songs: &[Song]) -> Server {
    let all: Vec<(Song, Vec<u8>)> = songs.iter().map(|song| (*song, song.bytes(home))).collect();
    let http = HttpServer::start(move |request| {
        if is_of_a_file(request) {
            let id = request.parameter("id").unwrap();
            let (_, bytes) = all.iter().find(|(song, _)| song.id == id).unwrap();
            return HttpAnswer::file("audio/flac", &format!("\"{id}\""), bytes.clone());
        }
        if is_first_page(request) {
            return found(&all.iter().map(|(song, bytes)| song.row(bytes)).collect::<Vec<_>>());
        }
        subsonic(request, &[])
    });
    let server = Server { http: http.unwrap(), down: Arc::default() };
    server.add_as(home, name);
    server
}

/// The ids of the files that were asked for, in their order.
pub(crate) fn asked(server: &Server) -> Vec<String> {
    let requests = server.http.requests().into_iter().filter(is_of_a_file);
    let mut ids: Vec<String> = requests.filter_map(|request| request.parameter("id")).collect();
    ids.sort();
    ids
}

/// How often the server's list was asked for.
fn listings(server: &Server) -> usize {
    server.http.requests().iter().filter(|request| is_first_page(request)).count()
}

/// A home that wants “Ebb”, however long it is and whatever its words are.
fn wanting_ebb() -> Home {
    let home = Home::new();
    fs::create_dir(home.path("own")).unwrap();
    let library = json!({ "shows": [], "episodes": [], "artists": [], "albums": [],
        "tracks": [{ "artist": "Mara Quill", "album": "Low Water", "track": "Ebb",
            "uri": "spotify:track:0aB1cD2eF3gH4iJ5kL6mN7" }] });
    fs::write(home.path("YourLibrary.json"), library.to_string()).unwrap();
    home
}

#[test]
fn two_albums_of_one_name_are_not_put_together_as_one() {
    let home = home();
    let studio = [song("a1", "al-1", 1, "Ebb", 4), song("a2", "al-1", 2, "Flood", 5)];
    let namesake = [song("b1", "al-2", 5, "Wren", 6), song("b2", "al-2", 6, "Owl", 7)];
    let server = serving(&home, &[studio, namesake].concat());
    let last = home.json(CONVERT);
    let row = outcome(&last, "Low Water");
    let says = row["says"].as_str().unwrap();
    assert_eq!((&row["outcome"], asked(&server).len()), (&"not_in_sources".into(), 0), "{last:#}");
    assert!(says.contains("two albums of this name are on your server"), "{says}");
}

#[test]
fn an_album_of_two_editions_comes_from_one_of_them() {
    let home = home();
    let of = |id, album, number, title, kbps| Song { kbps, ..song(id, album, number, title, 4) };
    let old = [of("o1", "al-1", 1, "Ebb", 1_200), of("o2", "al-1", 2, "Flood", 1_200)];
    let new = [
        of("n1", "al-2", 1, "Ebb", 900),
        of("n2", "al-2", 2, "Flood", 900),
        of("n3", "al-2", 3, "Slack", 900),
    ];
    let server = serving(&home, &[old.to_vec(), new.to_vec()].concat());
    let last = home.json(CONVERT);
    assert_eq!(outcome(&last, "Low Water")["outcome"], "on_player", "{last:#}");
    assert_eq!((asked(&server), home.mp3s().len()), (["n1", "n2", "n3"].map(str::to_owned).to_vec(), 3));
}

#[test]
fn an_album_whose_discs_are_albums_to_the_server_is_one() {
    let home = home();
    let second = Song { disc: 2, ..song("b1", "al-2", 1, "Neap", 6) };
    let songs = [song("a1", "al-1", 1, "Ebb", 4), song("a3", "al-1", 3, "Slack", 5), second];
    let server = serving(&home, &songs);
    let last = home.json(CONVERT);
    assert_eq!(outcome(&last, "Low Water")["outcome"], "on_player", "{last:#}");
    assert_eq!((asked(&server).len(), home.mp3s().len()), (3, 3), "{last:#}");
}

#[test]
fn an_album_is_completed_from_the_one_that_is_here() {
    let home = home();
    let studio = [
        song("a1", "al-1", 1, "Ebb", 4),
        song("a2", "al-1", 2, "Flood", 5),
        song("a3", "al-1", 3, "Slack", 6),
    ];
    let live = [song("b1", "al-2", 1, "Ebb", 12), song("b2", "al-2", 2, "Flood", 14)];
    let server = serving(&home, &[studio.to_vec(), live.to_vec()].concat());
    let ebb = Track { duration_ms: Some(12_000), ..Track::new("Mara Quill", "Low Water", "Ebb") };
    home.csv("songs.csv", &[ebb]);
    home.json("convert songs.csv --from own --to ./player");
    assert_eq!(asked(&server), ["b1"]);
    let last = home.json("convert songs.csv YourLibrary.json --to ./player --yes");
    assert_eq!(outcome(&last, "Low Water")["outcome"], "on_player", "{last:#}");
    assert_eq!(
        (asked(&server), home.mp3s().len()),
        (["b1", "b2"].map(str::to_owned).to_vec(), 2),
        "{last:#}"
    );
}

#[test]
fn an_album_stays_one_when_its_server_gives_it_another_id() {
    let home = home();
    let on = |album| {
        let of = |id, number, title, seconds| song(id, album, number, title, seconds);
        // Two of its tracks are nowhere.
        [of("a1", 1, "Ebb", 4), of("a2", 2, "Flood", 5), of("a4", 4, "Slack", 6), of("a6", 6, "Neap", 7)]
    };
    let bytes = on("al-1").map(|song| song.bytes(&home));
    let is_read_anew = Arc::new(AtomicBool::new(false));
    let read_anew = Arc::clone(&is_read_anew);
    let http = HttpServer::start(move |request| {
        let (album, count, day) = if read_anew.load(Ordering::SeqCst) {
            ("al-9", 4, "2026-02-02")
        } else {
            ("al-1", 3, "2026-01-01")
        };
        let listed = || on(album).into_iter().zip(&bytes).take(count);
        if is_of_a_file(request) {
            let id = request.parameter("id").unwrap();
            let (_, bytes) = listed().find(|(song, _)| song.id == id).unwrap();
            return HttpAnswer::file("audio/flac", &format!("\"{id}\""), bytes.clone());
        }
        if request.path().contains("getScanStatus") {
            let scan = json!({ "scanning": false, "count": count, "lastScan": format!("{day}T00:00:00Z") });
            let answer = json!({ "status": "ok", "version": "1.16.1", "type": "made-up", "openSubsonic": true,
                "scanStatus": scan });
            return HttpAnswer::json(&json!({ "subsonic-response": answer }));
        }
        if is_first_page(request) {
            return found(&listed().map(|(song, bytes)| song.row(bytes)).collect::<Vec<_>>());
        }
        subsonic(request, &[])
    });
    let server = Server { http: http.unwrap(), down: Arc::default() };
    server.add(&home);
    for (count, is_anew) in [(3, false), (4, true), (4, true)] {
        is_read_anew.store(is_anew, Ordering::SeqCst);
        let last = home.json(CONVERT);
        assert_eq!(outcome(&last, "Low Water")["outcome"], "on_player", "{last:#}");
        assert_eq!((asked(&server).len(), home.mp3s().len()), (count, count), "{last:#}");
    }
}

#[test]
fn one_song_is_not_said_to_be_the_album_where_that_cannot_be_told() {
    let home = home();
    // The server gives no ids.
    let studio = [song("a1", "", 1, "Ebb", 4), song("a2", "", 2, "Flood", 5)];
    let live = [song("b1", "", 1, "Ebb", 12), song("b2", "", 2, "Flood", 14)];
    let server = serving(&home, &[studio, live].concat());
    let ebb = Track { duration_ms: Some(4_000), ..Track::new("Mara Quill", "Low Water", "Ebb") };
    home.csv("songs.csv", &[ebb]);
    home.json("convert songs.csv --from own --to ./player");
    let not_taken = "subsonic:home has files of this name that were not taken: ";
    // Also in a run that asks nobody.
    for more in ["", "", "--offline"] {
        let last = home.json(&format!("convert songs.csv YourLibrary.json --to ./player --yes {more}"));
        let row = outcome(&last, "Low Water");
        let says = row["substitute"].as_str().unwrap_or_default();
        let told = format!("perhaps a part of it: {not_taken}");
        assert!(row["outcome"] == "on_player" && says.starts_with(&told), "{more}: {last:#}");
        assert_eq!(asked(&server), ["a1"], "{more}");
    }

    // Nothing of it is bought without a word of the user's, and it is named all the same.
    for line in ["shop", "shop --all"] {
        let shop = home.json(line);
        let part = &list(&shop, "/perhaps_in_part")[0];
        let is_told = part["says"].as_str().is_some_and(|says| says.starts_with(not_taken));
        assert!(part["wanted"] == "Mara Quill – Low Water" && is_told && shop["missing"] == 0, "{shop:#}");
    }
    let said = home.well("shop --html list.html").out;
    assert!(said.contains("Nothing to buy: of what is known, nothing is missing on "), "{said}");
    assert!(said.contains(&format!("Low Water may be here only in part: {not_taken}")), "{said}");
    assert!(fs::read_to_string(home.path("list.html")).unwrap().contains("Perhaps here only in part"));
    // Whoever has more of it from elsewhere has settled that.
    let flood = MadeTrack::new("Mara Quill", "Low Water", 2, "Flood").seconds(5.0);
    make_track(&home.path("own/02 Flood.flac"), &flood).unwrap();
    home.well("scan own");
    for line in ["shop", "shop --all"] {
        assert_eq!(home.json(line)["perhaps_in_part"], json!([]), "{line}");
    }
}

#[test]
fn one_track_of_two_albums_of_one_name_is_heard_before_it_is_taken() {
    // Of less than ten seconds nothing can be told.
    for (sounds_as, ends) in [("b3", "needs_review"), ("a3", "on_player")] {
        let home = Home::new();
        fs::create_dir(home.path("own")).unwrap();
        let ebb = Track { duration_ms: Some(20_000), ..Track::new("Mara Quill", "Low Water", "Ebb") };
        home.csv("a.csv", &[ebb]);
        let other = Song { sounds_as, ..song("b3", "al-2", 3, "Ebb", 20) };
        let server = serving(&home, &[song("a3", "al-1", 3, "Ebb", 20), other]);
        let last = home.json("convert a.csv --from own --to ./player");
        assert_eq!(asked(&server), ["a3", "b3"], "{last:#}");
        assert_eq!(outcome(&last, "Ebb")["outcome"], ends, "{last:#}");
    }
}

#[test]
fn what_only_a_server_marks_as_clean_is_not_taken_for_the_other() {
    let clean = Song { mark: "clean", ..song("c1", "al-1", 1, "Ebb", 8) };
    let explicit = Song { mark: "explicit", ..song("x1", "al-2", 1, "Ebb", 8) };
    for (songs, is_taken) in [(vec![clean], false), (vec![clean, explicit], true)] {
        let home = wanting_ebb();
        let server = serving(&home, &songs);
        for run in 1..=2 {
            let last = home.json(CONVERT);
            assert_eq!(outcome(&last, "Ebb")["outcome"] == "on_player", is_taken, "{run}: {last:#}");
            assert_eq!(home.mp3s().len(), usize::from(is_taken), "{run}: {last:#}");
        }
        assert!(!is_taken || asked(&server) == ["x1"], "{:?}", asked(&server));
    }
}

/// A server that lists one song, and never says that anything has changed.
struct Mending {
    server: Server,
    is_mended: Arc<AtomicBool>,
}

/// While it is not mended it gives this as “Ebb”, and says that it lasts so long; then it gives “Ebb”.
fn mending(home: &Home, wrong: Song, told_seconds: u32) -> Mending {
    let right = song("s1", "al-1", 1, "Ebb", 8);
    let (wrong_bytes, right_bytes) = (wrong.bytes(home), right.bytes(home));
    let is_mended = Arc::new(AtomicBool::new(false));
    let mended = Arc::clone(&is_mended);
    let http = HttpServer::start(move |request| {
        let is_right = mended.load(Ordering::SeqCst);
        let bytes = if is_right { &right_bytes } else { &wrong_bytes };
        if is_of_a_file(request) {
            return HttpAnswer::file("audio/flac", &format!("\"{is_right}\""), bytes.clone());
        }
        if is_first_page(request) {
            let seconds = if is_right { right.seconds } else { told_seconds };
            return found(&[Song { seconds, ..right }.row(bytes)]);
        }
        subsonic(request, &[])
    });
    let server = Server { http: http.unwrap(), down: Arc::default() };
    server.add(home);
    Mending { server, is_mended }
}

#[test]
fn a_list_that_what_came_contradicts_is_asked_for_again_once() {
    let another = song("w1", "al-1", 1, "Polar Night", 8);
    let too_short = song("w2", "al-1", 1, "Ebb", 8);
    for (wrong, told, before) in [(another, 8, "not_in_sources"), (too_short, 90, "waiting")] {
        let home = wanting_ebb();
        let Mending { server, is_mended } = mending(&home, wrong, told);
        let place = |last: &Value, name: &str| last["gathered"]["places"][0][name].clone();
        let runs = [(1, true, false), (2, false, true), (2, false, false)];
        for (run, (lists, doubted, again)) in runs.into_iter().enumerate() {
            let last = home.json(CONVERT);
            assert_eq!(outcome(&last, "Ebb")["outcome"], before, "{run}: {last:#}");
            assert_eq!((listings(&server), asked(&server).len()), (lists, 1), "{run}: {last:#}");
            let told = (place(&last, "list_doubted"), place(&last, "listed_again"));
            assert_eq!(told, (doubted.into(), again.into()), "{run}: {last:#}");
        }
        // Nobody asks for the list of a server that says that nothing has changed, unless something contradicts it.
        is_mended.store(true, Ordering::SeqCst);
        assert_eq!(outcome(&home.json(CONVERT), "Ebb")["outcome"], before);
    }
}

#[test]
fn what_a_server_mends_after_a_contradiction_comes_though_it_says_that_nothing_changed() {
    let another = song("w1", "al-1", 1, "Polar Night", 8);
    let too_short = song("w2", "al-1", 1, "Ebb", 8);
    for (wrong, told) in [(another, 8), (too_short, 90)] {
        let home = wanting_ebb();
        let Mending { server, is_mended } = mending(&home, wrong, told);
        let said = home.run(CONVERT).all();
        assert!(said.contains("so the next run asks for its list again"), "{said}");
        is_mended.store(true, Ordering::SeqCst);
        let said = home.well(CONVERT).all();
        assert!(said.contains("its list was asked for again, since"), "{said}");
        assert_eq!((asked(&server).len(), home.mp3s().len()), (2, 1), "{said}");
    }
}

#[test]
fn who_plays_along_contradicts_no_list() {
    let home = wanting_ebb();
    let ebb = song("s1", "al-1", 1, "Ebb", 8);
    let bytes = ebb.bytes(&home);
    let http = HttpServer::start(move |request| {
        if is_of_a_file(request) {
            return HttpAnswer::file("audio/flac", "\"s1\"", bytes.clone());
        }
        if is_first_page(request) {
            let mut row = ebb.row(&bytes);
            row["artist"] = json!("Mara Quill • Bo Fen");
            row["artists"] = json!([{ "name": "Mara Quill" }, { "name": "Bo Fen" }]);
            return found(&[row]);
        }
        subsonic(request, &[])
    });
    let server = Server { http: http.unwrap(), down: Arc::default() };
    server.add(&home);
    let last = home.json(CONVERT);
    assert_eq!(outcome(&last, "Ebb")["outcome"], "on_player", "{last:#}");
    assert_eq!(last["gathered"]["places"][0]["list_doubted"], false, "{last:#}");
}

#[test]
fn what_lies_aside_until_its_rival_comes_has_the_list_asked_for_again_once() {
    let home = Home::new();
    fs::create_dir(home.path("own")).unwrap();
    let ebb = Track { duration_ms: Some(8_000), ..Track::new("Mara Quill", "Low Water", "Ebb") };
    home.csv("a.csv", &[ebb]);
    let songs = [song("n3", "al-1", 3, "Ebb", 8), song("n7", "al-1", 7, "Ebb", 8)];
    let another = song("w1", "al-1", 3, "Polar Night", 8).bytes(&home);
    let http = HttpServer::start(move |request| {
        if is_of_a_file(request) {
            return match request.parameter("id").as_deref() {
                Some("n3") => HttpAnswer::file("audio/flac", "\"n3\"", another.clone()),
                _ => HttpAnswer::status(503),
            };
        }
        if is_first_page(request) {
            return found(&songs.map(|song| song.row(&another)));
        }
        subsonic(request, &[])
    });
    let server = Server { http: http.unwrap(), down: Arc::default() };
    server.add(&home);
    for (run, lists) in [1, 2, 2].into_iter().enumerate() {
        let last = home.json("convert a.csv --from own --to ./player");
        assert_eq!(outcome(&last, "Ebb")["outcome"], "waiting", "{run}: {last:#}");
        assert_eq!(listings(&server), lists, "{run}: {last:#}");
        home.well("status --retry");
    }
}

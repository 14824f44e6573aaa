//! Whatever subset of all places is down, and however: `convert` ends in order, fills what the others have, and names who is
//! waited for and until when; the next run with all of them fills the rest.

use std::fs;
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ferrotape_testkit::fake_catalogues::{FakeCatalogues, FakeTrack, JAMENDO_CLIENT_ID};
use ferrotape_testkit::fake_podcasts::{FakePodcasts, FakeShow};
use ferrotape_testkit::{HttpAnswer, HttpRequest, HttpServer, MadeTrack, Track, make_track};
use serde_json::{Value, json};

use crate::collection::track;
use crate::elsewhere::{HELD, Held, Server, outcome, subsonic};
use crate::home::{Home, list, text};
use crate::podcasts::{five_seconds, opml};
use crate::ways_down::{WAYS, Way, nobody_beside};

/// Each place by its name, the one thing that it alone has, and the hosts that are its own.
const PLACES: [(&str, &str, &[&str]); 10] = [
    ("internet-archive", "Ebb", &["archive.org", "ia800000.us.archive.org"]),
    ("wikimedia-commons", "Fen", &["commons.wikimedia.org", "upload.wikimedia.org"]),
    ("openverse", "Gull", &["api.openverse.org", "files.example.org"]),
    ("jamendo", "Harbour", &["api.jamendo.com", "prod-1.storage.jamendo.com"]),
    ("librivox", BOOK, &["librivox.org"]),
    ("podcasts", "Low Tide", &["feeds.example", "stats.example", "more-stats.example", "cdn.feeds.example"]),
    ("program:shelf", "Dune", &[]),
    ("subsonic:home", "Slack", &[]),
    ("subsonic:den", "Flood", &[]),
    ("jellyfin:attic", "Jetty", &[]),
];
const ALL: usize = (1 << PLACES.len()) - 1;
/// Where some of them stand there.
const ARCHIVE: usize = 0;
const LIBRIVOX: usize = 4;
const PODCASTS: usize = 5;
const PROGRAM: usize = 6;
const SERVERS: usize = 7;
const BOOK: &str = "The Salt Marsh";
const NOBODY: &str = "Nobody Has This";
const SECOND: [Held; 1] = [("s2", "Flood", "Mara Quill/Low Water/02 Flood.flac", "flac", 2)];
/// The library of a home, and where it keeps its places.
const LIBRARY: &str = ".local/share/ferrotape";
const SETTINGS: [&str; 2] = ["sources.toml", "sources.secret.json"];
const SECONDS: f64 = 5.0;

type Answers = Box<dyn Fn(&HttpRequest) -> HttpAnswer + Send + Sync>;

/// How a place is down in a subset, if it is: another way in each, and for each.
fn way(subset: usize, at: usize) -> Option<Way> {
    let way = WAYS[(subset + at) % WAYS.len()];
    // Of LibriVox's own are no files, and a program is one whole.
    let is_whole = [LIBRIVOX, PROGRAM].contains(&at) && way == Way::WithoutFiles;
    (subset & 1 << at != 0).then_some(if is_whole { Way::Unwell(500) } else { way })
}

/// What a place says in the subset that is down now.
fn said(down: &AtomicUsize, at: usize, answer: impl FnOnce() -> HttpAnswer) -> HttpAnswer {
    match way(down.load(Ordering::SeqCst), at) {
        Some(way) => way.instead_of(answer()),
        None => answer(),
    }
}

fn sound(home: &Home, title: &str) -> Vec<u8> {
    let path = home.path(&format!("{title}.flac"));
    make_track(&path, &MadeTrack::new("Mara Quill", "Low Water", 1, title).seconds(SECONDS)).unwrap();
    fs::read(path).unwrap()
}

/// What a place answers that has one thing.
fn answers(home: &Home, place: &str, title: &str) -> Answers {
    let recording =
        || FakeTrack::new("Mara Quill", "Low Water", 1, title).sounding(sound(home, title), SECONDS);
    let book =
        || FakeTrack::new("Oda Brenn", BOOK, 1, "One").spoken().sounding(five_seconds(home, "book"), SECONDS);
    match place {
        "podcasts" => {
            let show =
                FakeShow::new(title, "feeds.example/low-tide", 1).sounding(five_seconds(home, "talk"), 5);
            Box::new(FakePodcasts::answers(vec![show]))
        }
        "internet-archive" => Box::new(FakeCatalogues::answers(vec![recording(), book()])),
        "librivox" => Box::new(FakeCatalogues::answers(vec![book()])),
        _ => Box::new(FakeCatalogues::answers(vec![recording()])),
    }
}

/// Stands in for all hosts; the bits of `down` say which places are down.
fn world(home: &Home, down: &Arc<AtomicUsize>) -> HttpServer {
    let all: Vec<(&[&str], Answers)> =
        PLACES.iter().map(|(name, title, hosts)| (*hosts, answers(home, name, title))).collect();
    let down = Arc::clone(down);
    let answer = move |request: &HttpRequest| {
        let path = request.plain_path();
        let host = path.trim_start_matches('/').split('/').next().unwrap_or_default();
        match all.iter().position(|(hosts, _)| hosts.contains(&host)) {
            Some(at) => said(&down, at, || all[at].1(request)),
            None => HttpAnswer::status(404),
        }
    };
    HttpServer::start(answer).unwrap()
}

/// The servers that the user named: two that speak Subsonic, and a Jellyfin server.
fn servers(home: &Home, down: &Arc<AtomicUsize>) -> [HttpServer; 3] {
    let (ninth, sound) = (Arc::clone(down), sound(home, "Jetty"));
    let speak = |at: usize, held: &'static [Held]| {
        let down = Arc::clone(down);
        HttpServer::start(move |request| said(&down, at, || subsonic(request, held))).unwrap()
    };
    let attic = move |request: &HttpRequest| said(&ninth, SERVERS + 2, || jellyfin(request, &sound));
    [speak(SERVERS, &HELD[1..]), speak(SERVERS + 1, &SECOND), HttpServer::start(attic).unwrap()]
}

/// A Jellyfin server with one file.
fn jellyfin(request: &HttpRequest, sound: &[u8]) -> HttpAnswer {
    const ID: &str = "000000000000000000000000000000fe";
    let ticks = (SECONDS * 10_000_000.0) as u64;
    let file = json!({ "Protocol": "File", "Id": ID, "Container": "flac", "Size": sound.len(), "RunTimeTicks": ticks,
        "MediaStreams": [{ "Codec": "flac", "Type": "Audio" }] });
    let item = json!({ "Name": "Jetty", "ServerId": "5e5e", "Id": ID, "Etag": "1", "Path": "/music/Jetty.flac",
        "DateCreated": "2025-01-01T10:00:00.0000000Z", "RunTimeTicks": ticks, "IndexNumber": 1, "ParentIndexNumber": 1,
        "IsFolder": false, "Type": "Audio", "MediaType": "Audio", "Artists": ["Mara Quill"], "Album": "Low Water",
        "AlbumArtist": "Mara Quill", "MediaSources": [file] });
    match request.path().trim_matches('/').split('/').collect::<Vec<_>>().as_slice() {
        ["Items"] => {
            let is_first = request.parameter("startIndex").is_none_or(|start| start == "0");
            let items = if is_first { vec![item] } else { Vec::new() };
            HttpAnswer::json(&json!({ "Items": items, "TotalRecordCount": 1, "StartIndex": 0 }))
        }
        ["Items", ID, "Download"] => HttpAnswer::file("audio/flac", "\"1\"", sound),
        _ => HttpAnswer::status(404),
    }
}

/// A program that has one file; it is down, and says what a file `down` beside it says, while that is there.
fn program(home: &Home, title: &str) {
    fs::write(home.path("dune.flac"), sound(home, title)).unwrap();
    let offer = json!({ "offer": { "id": "1", "file_name": "1.flac", "title": title, "artists": ["Mara Quill"],
        "album": "Low Water", "track_number": 1, "duration_ms": SECONDS * 1000.0, "rights": "own" } });
    let script = format!(
        "#!/bin/sh\nread -r line\nif [ -e down ]; then cat down; exit; fi\n\
         case \"$line\" in\n*'\"do\":\"fetch\"'*) to=${{line##*'\"to\":\"'}}; cp dune.flac \"${{to%%'\"'*}}\";;\n\
         *'\"{title}\"'*) echo '{offer}';;\nesac\necho '{{\"done\":true}}'\n"
    );
    fs::write(home.path("shelf.sh"), script).unwrap();
    fs::set_permissions(home.path("shelf.sh"), fs::Permissions::from_mode(0o755)).unwrap();
}

/// What is wanted, and the places; gives the servers back.
fn prepare(home: &Home, servers: [HttpServer; 3]) -> [HttpServer; 3] {
    let wanted = |title: &str| Track {
        duration_ms: Some((SECONDS * 1000.0) as u64),
        ..Track::new("Mara Quill", "Low Water", title)
    };
    let of_catalogues = ["Ebb", "Fen", "Gull", "Harbour", "Dune", "Jetty", NOBODY].map(wanted);
    home.csv("list.csv", &[of_catalogues.as_slice(), &["Slack", "Flood"].map(track)].concat());
    let library = json!({ "tracks": [], "albums": [], "shows": [], "episodes": [], "artists": [],
        "audiobooks": [{ "name": BOOK, "author": "Oda Brenn" }] });
    fs::write(home.path("YourLibrary.json"), library.to_string()).unwrap();
    opml(&home.path("shows.opml"), "Low Tide", "feeds.example/low-tide");
    fs::create_dir(home.path("own")).unwrap();
    fs::write(home.path("jamendo"), JAMENDO_CLIENT_ID).unwrap();
    for kind in [
        "internet-archive",
        "wikimedia-commons",
        "openverse",
        "jamendo --key-file jamendo",
        "librivox",
        "podcasts",
    ] {
        home.well(&format!("source add {kind}"));
    }
    let [own, den, attic] = servers.map(|http| Server { http, down: Arc::default() });
    own.add_as(home, "home");
    den.add_as(home, "den");
    fs::write(home.path("key"), "7a77c0ffee77\n").unwrap();
    let address = attic.http.address();
    home.well(&format!("source add jellyfin --name attic --address {address} --key-file key"));
    program(home, "Dune");
    home.well(&format!("source add program --name shelf -- {}", text(&home.path("shelf.sh"))));
    [own, den, attic].map(|server| server.http)
}

/// Those that are tried: all with `FERROTAPE_EVERY_SUBSET`; else none, all, and eleven in which each place is down five times
/// and any two together twice, so that each is down where another is well. The squares by 11, turned, are such a design.
fn subsets() -> Vec<usize> {
    if std::env::var_os("FERROTAPE_EVERY_SUBSET").is_some() {
        return (0..=ALL).collect();
    }
    let is_square = |number: usize| [1, 3, 4, 5, 9].contains(&(number % 11));
    let row =
        |by: usize| (0..PLACES.len()).filter(|at| is_square(at + by)).map(|at| 1_usize << at).sum::<usize>();
    [0, ALL].into_iter().chain((0..11).map(row)).collect()
}

#[test]
fn whatever_is_down_the_others_fill_what_they_have_and_the_right_ones_are_waited_for() {
    let home = Home::new();
    let down = Arc::new(AtomicUsize::new(0));
    let world = world(&home, &down);
    let servers = prepare(&home, servers(&home, &down));
    let mut wrong = Vec::new();
    for subset in subsets() {
        let library = format!("library-{subset}");
        fs::create_dir(home.path(&library)).unwrap();
        let line = format!(
            "--library {library} convert list.csv YourLibrary.json shows.opml --from own --to ./{library}/player \
             --stand-in {}",
            world.address()
        );
        let held = take_down(&home, (subset, &library), &servers, &down);
        wrong.extend(judge(subset, &home.json(&line), "at first"));
        drop(held);
        if subset != 0 {
            take_down(&home, (0, &library), &servers, &down);
            home.well(&format!("--library {library} status --retry"));
            let then = home.json(&line);
            wrong.extend(judge(0, &then, &format!("after {subset:010b}")));
        }
        fs::remove_dir_all(home.path(&library)).unwrap();
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Takes these places down, and all others up again, as a library finds them; what is given back holds ports so that nobody is
/// there.
fn take_down(
    home: &Home,
    (subset, library): (usize, &str),
    servers: &[HttpServer; 3],
    down: &AtomicUsize,
) -> Vec<TcpStream> {
    down.store(subset, Ordering::SeqCst);
    match way(subset, PROGRAM) {
        Some(way) => fs::write(home.path("down"), way.of_program()).unwrap(),
        None => drop(fs::remove_file(home.path("down"))),
    }
    let [settings, secrets] = SETTINGS.map(|file| home.path(&format!("{LIBRARY}/{file}")));
    let mut places = fs::read_to_string(settings).unwrap();
    let mut held = Vec::new();
    for (at, server) in (SERVERS..).zip(servers) {
        if way(subset, at) == Some(Way::Refuses) {
            let (port, address) = nobody_beside(server);
            places = places.replace(&server.address(), &address);
            held.push(port);
        }
    }
    fs::write(home.path(&format!("{library}/{}", SETTINGS[0])), places).unwrap();
    fs::copy(secrets, home.path(&format!("{library}/{}", SETTINGS[1]))).unwrap();
    held
}

/// For which places each thing waits.
fn waits(subset: usize) -> Vec<(&'static str, Vec<usize>)> {
    let is_down = |at: &usize| way(subset, *at).is_some();
    // Who only gives no files says that it has no such thing.
    let is_silent = |at: &usize| way(subset, *at).is_some_and(|way| way != Way::WithoutFiles);
    let music = (0..PLACES.len()).filter(|at| ![LIBRIVOX, PODCASTS].contains(at));
    let things = PLACES.iter().enumerate().map(|(at, (_, title, _))| {
        // LibriVox's files lie at the archive.
        let needs = if at == LIBRIVOX && !is_down(&at) { ARCHIVE } else { at };
        (*title, Some(needs).into_iter().filter(is_down).collect::<Vec<usize>>())
    });
    things.chain([(NOBODY, music.filter(is_silent).collect())]).collect()
}

/// What is not as it should be.
fn judge(subset: usize, last: &Value, when: &str) -> Vec<String> {
    assert_eq!(
        (&last["event"], &last["~code"]),
        (&"result".into(), &0.into()),
        "{subset:010b} {when}: {last:#}"
    );
    let mut wrong = Vec::new();
    for (title, missing) in waits(subset) {
        let row = outcome(last, title);
        let says = row["says"].as_str().unwrap_or_default();
        let expected = match (missing.as_slice(), title) {
            ([_, ..], _) => "waiting",
            ([], NOBODY) => "not_in_sources",
            ([], _) => "on_player",
        };
        let names: Vec<&str> = missing.iter().map(|at| PLACES[*at].0).collect();
        let is_right = row["outcome"] == expected && (missing.is_empty() || tells(says, subset, &missing));
        if !is_right {
            wrong.push(format!(
                "{subset:010b} {when}, {title}: {} – {says}; expected {expected} {names:?}",
                row["outcome"]
            ));
        }
    }
    wrong.extend(count(last).map(|says| format!("{subset:010b} {when}: {says}")));
    wrong
}

/// Whether a line names these places, nobody who is well, and until when it waits: where it waits for one that asked for a
/// pause, the hour, and of several whose hour it is.
fn tells(says: &str, subset: usize, missing: &[usize]) -> bool {
    let named: Vec<usize> = (0..PLACES.len()).filter(|at| says.contains(PLACES[*at].0)).collect();
    let (_, until) = says.rsplit_once("; until ").unwrap_or_default();
    // A program cannot ask for a pause.
    let pauses = |at: &usize| *at != PROGRAM && matches!(way(subset, *at), Some(Way::Pauses(_)));
    let tells_until = match named.as_slice() {
        [at] if pauses(at) => until.starts_with("20") && until.ends_with(", when it is asked again"),
        [_, _, ..] => named.iter().filter(|at| pauses(at)).all(|at| {
            until.contains(" asked again")
                && (until.contains("when they are ") || until.contains(PLACES[*at].0))
        }),
        _ => true,
    };
    let tells_until = tells_until && !until.is_empty();
    let are_down = named.iter().all(|at| way(subset, *at).is_some());
    missing.iter().all(|at| named.contains(at)) && are_down && tells_until
}

/// Why a report does not add up.
fn count(last: &Value) -> Option<String> {
    let (rows, told) = (list(last, "/report/rows"), &last["report"]["outcomes"]);
    let wanted = PLACES.len() + 1;
    let of = |outcome: &str| rows.iter().filter(|row| row["outcome"] == outcome).count();
    let is_told = told.as_object().unwrap().iter().all(|(outcome, things)| *things == of(outcome));
    let is_all = rows.len() == wanted && last["report"]["items"] == wanted;
    (!is_told || !is_all).then(|| format!("{} rows, {}, {told}", rows.len(), last["report"]["items"]))
}

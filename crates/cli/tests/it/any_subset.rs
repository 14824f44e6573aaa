//! Whatever subset of all places is down: `convert` ends in order, fills what the others have, and names who is waited for.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ferrotape_testkit::fake_catalogues::{FakeCatalogues, FakeTrack, JAMENDO_CLIENT_ID};
use ferrotape_testkit::fake_podcasts::{FakePodcasts, FakeShow};
use ferrotape_testkit::{HttpAnswer, HttpRequest, HttpServer, MadeTrack, Random, Track, make_track};
use serde_json::{Value, json};

use crate::collection::track;
use crate::elsewhere::{HELD, Server, outcome};
use crate::home::{Home, text};
use crate::podcasts::{five_seconds, opml};

/// Each place by its name, the one thing that it alone has, and the hosts that are its own.
const PLACES: [(&str, &str, &[&str]); 8] = [
    ("internet-archive", "Ebb", &["archive.org", "ia800000.us.archive.org"]),
    ("wikimedia-commons", "Fen", &["commons.wikimedia.org", "upload.wikimedia.org"]),
    ("openverse", "Gull", &["api.openverse.org", "files.example.org"]),
    ("jamendo", "Harbour", &["api.jamendo.com", "prod-1.storage.jamendo.com"]),
    ("librivox", BOOK, &["librivox.org"]),
    ("podcasts", "Low Tide", &["feeds.example", "stats.example", "more-stats.example", "cdn.feeds.example"]),
    ("subsonic:home", "Slack", &[]),
    ("program:shelf", "Dune", &[]),
];
const BOOK: &str = "The Salt Marsh";
const NOBODY: &str = "Nobody Has This";
/// The library of a home, and where it keeps its places.
const LIBRARY: &str = ".local/share/ferrotape";
const SETTINGS: [&str; 2] = ["sources.toml", "sources.secret.json"];
/// Subsets that every run of the tests tries, beside none, all, each alone and all but each.
const MORE: usize = 6;
const SECONDS: f64 = 5.0;

type Answers = Box<dyn Fn(&HttpRequest) -> HttpAnswer + Send + Sync>;

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

/// Stands in for all hosts; the bits of `down` say which places are not there.
fn world(home: &Home, down: &Arc<AtomicUsize>) -> HttpServer {
    let all: Vec<(&[&str], Answers)> =
        PLACES.iter().map(|(name, title, hosts)| (*hosts, answers(home, name, title))).collect();
    let down = Arc::clone(down);
    let answer = move |request: &HttpRequest| {
        let path = request.plain_path();
        let host = path.trim_start_matches('/').split('/').next().unwrap_or_default();
        match all.iter().position(|(hosts, _)| hosts.contains(&host)) {
            Some(at) if down.load(Ordering::SeqCst) & 1 << at == 0 => all[at].1(request),
            Some(_) => HttpAnswer::status(503),
            None => HttpAnswer::status(404),
        }
    };
    HttpServer::start(answer).unwrap()
}

/// A program that has one file; it is down while a file of that name lies beside it.
fn program(home: &Home, title: &str) {
    fs::write(home.path("dune.flac"), sound(home, title)).unwrap();
    let offer = json!({ "offer": { "id": "1", "file_name": "1.flac", "title": title, "artists": ["Mara Quill"],
        "album": "Low Water", "track_number": 1, "duration_ms": SECONDS * 1000.0, "rights": "own" } });
    let script = format!(
        "#!/bin/sh\nread -r line\nif [ -e down ]; then echo '{{\"error\":\"closed\"}}'; exit; fi\n\
         case \"$line\" in\n*'\"do\":\"fetch\"'*) to=${{line##*'\"to\":\"'}}; cp dune.flac \"${{to%%'\"'*}}\";;\n\
         *'\"{title}\"'*) echo '{offer}';;\nesac\necho '{{\"done\":true}}'\n"
    );
    fs::write(home.path("shelf.sh"), script).unwrap();
    fs::set_permissions(home.path("shelf.sh"), fs::Permissions::from_mode(0o755)).unwrap();
}

/// What is wanted, and the places, in a library called `first`.
fn prepare(home: &Home, subsonic: &Server) {
    let wanted = |title: &str| Track {
        duration_ms: Some((SECONDS * 1000.0) as u64),
        ..Track::new("Mara Quill", "Low Water", title)
    };
    let of_catalogues = ["Ebb", "Fen", "Gull", "Harbour", "Dune", NOBODY].map(wanted);
    home.csv("list.csv", &[of_catalogues.as_slice(), &[track("Slack")]].concat());
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
    subsonic.add(home);
    program(home, "Dune");
    home.well(&format!("source add program --name shelf -- {}", text(&home.path("shelf.sh"))));
}

/// None, all, each alone, all but each, and others.
fn subsets() -> Vec<usize> {
    let all = (1 << PLACES.len()) - 1;
    if std::env::var_os("FERROTAPE_EVERY_SUBSET").is_some() {
        return (0..=all).collect();
    }
    let mut random = Random::seeded(7);
    let others = (0..MORE).map(|_| random.next_u64() as usize & all);
    let of_each = (0..PLACES.len()).flat_map(|at| [1 << at, all ^ 1 << at]);
    [0, all].into_iter().chain(of_each).chain(others).collect()
}

#[test]
fn whatever_is_down_the_others_fill_what_they_have_and_the_right_ones_are_waited_for() {
    let home = Home::new();
    let down = Arc::new(AtomicUsize::new(0));
    let (world, subsonic) = (world(&home, &down), Server::with(&HELD[1..]));
    prepare(&home, &subsonic);
    let mut wrong = Vec::new();
    for subset in subsets() {
        down.store(subset, Ordering::SeqCst);
        subsonic.down.store(subset & 1 << 6 != 0, Ordering::SeqCst);
        let closed = home.path("down");
        if subset & 1 << 7 == 0 {
            drop(fs::remove_file(closed));
        } else {
            fs::write(closed, "").unwrap();
        }
        let library = format!("library-{subset}");
        fs::create_dir(home.path(&library)).unwrap();
        for file in SETTINGS {
            fs::copy(home.path(&format!("{LIBRARY}/{file}")), home.path(&format!("{library}/{file}")))
                .unwrap();
        }
        let last = home.json(&format!(
            "--library {library} convert list.csv YourLibrary.json shows.opml --from own --to ./{library}/player \
             --stand-in {}",
            world.address()
        ));
        assert_eq!((&last["event"], &last["~code"]), (&"result".into(), &0.into()), "{subset:08b}: {last:#}");
        wrong.extend(judge(subset, &last));
        fs::remove_dir_all(home.path(&library)).unwrap();
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is not as it should be.
fn judge(subset: usize, last: &Value) -> Vec<String> {
    let down = |at: &usize| subset & 1 << at != 0;
    let mut wrong = Vec::new();
    let nobody = (0..PLACES.len()).filter(|at| ![4, 5].contains(at)).collect::<Vec<_>>();
    // LibriVox's files lie at the archive.
    let needs = |at: usize| if PLACES[at].1 == BOOK && !down(&at) { vec![0] } else { vec![at] };
    let things = PLACES.iter().enumerate().map(|(at, (_, title, _))| (*title, needs(at)));
    for (title, needs) in things.chain([(NOBODY, nobody)]) {
        let row = outcome(last, title);
        let says = row["says"].as_str().unwrap_or_default();
        let missing: Vec<&str> = needs.iter().filter(|at| down(at)).map(|at| PLACES[*at].0).collect();
        let expected = match (missing.is_empty(), title) {
            (false, _) => "waiting",
            (true, NOBODY) => "not_in_sources",
            (true, _) => "on_player",
        };
        let names_them = expected != "waiting" || missing.iter().all(|name| says.contains(name));
        let names_others = PLACES
            .iter()
            .enumerate()
            .any(|(at, (name, ..))| expected == "waiting" && !down(&at) && says.contains(name));
        if row["outcome"] != expected || !names_them || names_others {
            wrong.push(format!(
                "{subset:08b} {title}: {} – {says}; expected {expected} {missing:?}",
                row["outcome"]
            ));
        }
    }
    wrong
}

//! What the folders lack comes from places elsewhere: a server of the user's own, an open catalogue; and any of them may
//! be down.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ferrotape_testkit::{HttpAnswer, HttpRequest, HttpServer, Track};
use serde_json::{Value, json};

use crate::collection::{music, track};
use crate::home::{Home, list, text};

/// A Subsonic server with two files of the collection; it can be made to be down.
pub(crate) struct Server {
    pub(crate) http: HttpServer,
    pub(crate) down: Arc<AtomicBool>,
}

/// Id, title, file of the collection, ending, number.
pub(crate) type Held = (&'static str, &'static str, &'static str, &'static str, u32);

pub(crate) const HELD: [Held; 2] = [
    ("s1", "Ebb", "Mara Quill/Low Water/01 Ebb.flac", "flac", 1),
    ("s3", "Slack", "Mara Quill/Low Water/03 Slack.mp3", "mp3", 3),
];

impl Server {
    pub(crate) fn start() -> Self {
        Self::with(&HELD)
    }

    /// One that has these only.
    pub(crate) fn with(held: &'static [Held]) -> Self {
        let down = Arc::new(AtomicBool::new(false));
        let is_down = Arc::clone(&down);
        let http = HttpServer::start(move |request| match is_down.load(Ordering::SeqCst) {
            true => HttpAnswer::status(503),
            false => subsonic(request, held),
        });
        Self { http: http.unwrap(), down }
    }

    pub(crate) fn add(&self, home: &Home) {
        self.add_as(home, "home");
    }

    pub(crate) fn add_as(&self, home: &Home, name: &str) {
        fs::write(home.path("password"), "s3cret\n").unwrap();
        let line = format!(
            "source add subsonic --name {name} --address {} --user alice --password-file password",
            self.http.address()
        );
        home.well(&line);
    }
}

pub(crate) fn subsonic(request: &HttpRequest, held: &[Held]) -> HttpAnswer {
    let ok = |name: &str, value: Value| {
        let mut answer =
            json!({ "status": "ok", "version": "1.16.1", "type": "made-up", "openSubsonic": true });
        if !name.is_empty() {
            answer[name] = value;
        }
        HttpAnswer::json(&json!({ "subsonic-response": answer }))
    };
    let child = |&(id, title, path, suffix, number): &Held| {
        let size = fs::metadata(music().join(path)).unwrap().len();
        json!({
            "id": id, "title": title, "artist": "Mara Quill", "album": "Low Water", "albumArtist": "Mara Quill",
            "track": number, "discNumber": 1, "duration": 2, "size": size, "suffix": suffix, "path": path,
            "contentType": format!("audio/{suffix}"), "isDir": false, "type": "music",
        })
    };
    match request.path().rsplit('/').next().unwrap().trim_end_matches(".view") {
        "ping" => ok("", Value::Null),
        "getOpenSubsonicExtensions" => ok("openSubsonicExtensions", json!([])),
        "getScanStatus" => ok(
            "scanStatus",
            json!({ "scanning": false, "count": held.len(), "lastScan": "2026-01-01T00:00:00Z" }),
        ),
        "search3" if request.parameter("songOffset").is_some_and(|offset| offset != "0") => {
            ok("searchResult3", json!({}))
        }
        "search3" => ok("searchResult3", json!({ "song": held.iter().map(child).collect::<Vec<_>>() })),
        "download" | "stream" => {
            let id = request.parameter("id").unwrap();
            let (_, _, path, suffix, _) = held.iter().find(|one| one.0 == id).unwrap();
            let bytes = fs::read(music().join(path)).unwrap();
            HttpAnswer::file(&format!("audio/{suffix}"), &format!("\"{id}\""), bytes)
        }
        _ => HttpAnswer::status(404),
    }
}

pub(crate) fn outcome<'v>(last: &'v Value, title: &str) -> &'v Value {
    let rows = list(last, "/report/rows").iter();
    rows.into_iter().find(|row| row["title"] == title).unwrap_or_else(|| panic!("no {title}: {last:#}"))
}

pub(crate) fn nothing() -> Track {
    Track { title: "Nobody Has This".to_owned(), isrc: None, ..track("Ebb") }
}

#[test]
fn what_the_folders_lack_is_fetched_from_ones_own_server_once() {
    let home = Home::new();
    let server = Server::start();
    home.csv("a.csv", &[track("Ebb"), track("Slack"), nothing()]);
    server.add(&home);
    fs::create_dir(home.path("empty")).unwrap();
    fs::copy(music().join("Nordlys/Aurora/04 Polar Night.flac"), home.path("empty/x.flac")).unwrap();
    let planned = home.json("convert a.csv --from empty --to ./player --dry-run");
    assert_eq!(outcome(&planned, "Ebb")["outcome"], "waiting", "{planned:#}");
    assert!(outcome(&planned, "Ebb")["says"].as_str().unwrap().starts_with("subsonic:home has it"));
    assert!(!server.http.asked().iter().any(|asked| asked.contains("download")), "a dry run fetches nothing");

    let first = home.json("convert a.csv --from empty --to ./player");
    for title in ["Ebb", "Slack"] {
        assert_eq!(outcome(&first, title)["outcome"], "on_player", "{first:#}");
    }
    let missing = outcome(&first, "Nobody Has This");
    assert_eq!(missing["outcome"], "not_in_sources");
    assert!(missing["says"].as_str().unwrap().ends_with("asked as well: subsonic:home"), "{missing}");
    assert_eq!(first["gathered"]["places"][0]["fetched"], 2, "{first:#}");
    let from = list(&first, "/report/came_from");
    assert!(from.len() == 2 && from.iter().all(|one| one["rights"] == "your own"), "{from:#?}");
    let fetched =
        |server: &Server| server.http.asked().iter().filter(|asked| asked.contains("download")).count();
    assert_eq!(fetched(&server), 2);

    let again = home.json("convert a.csv --from empty --to ./player");
    assert_eq!(outcome(&again, "Ebb")["outcome"], "on_player");
    assert_eq!((fetched(&server), &again["performed"]["written"]), (2, &0.into()), "{again:#}");
    for file in ["library/sources.toml", "report.html"] {
        let data = home.path(".local/share/ferrotape").join(file.trim_start_matches("library/"));
        assert!(!fs::read_to_string(data).unwrap().contains("s3cret"));
    }
}

#[test]
fn whose_music_is_all_on_a_server_is_not_asked_for_a_folder() {
    let home = Home::new();
    let server = Server::start();
    home.csv("a.csv", &[track("Ebb")]);
    let told = |said: &str| said.contains("No music folder has been looked through yet");
    assert!(told(&home.well("convert a.csv --to ./player --dry-run").out), "neither folder nor place");
    server.add(&home);
    let said = home.well("convert a.csv --to ./player --dry-run").out;
    assert!(said.contains("subsonic:home has it") && !told(&said), "{said}");
}

#[test]
fn a_server_that_is_down_is_waited_for_by_name_and_asked_again() {
    let home = Home::new();
    let server = Server::start();
    home.csv("a.csv", &[track("Ebb"), track("March Home")]);
    server.add(&home);
    server.down.store(true, Ordering::SeqCst);
    let first = home.json("convert a.csv --from MUSIC --to ./player");
    assert_eq!(first["~code"], 0, "{first:#}");
    assert_eq!(outcome(&first, "Ebb")["outcome"], "on_player", "what is here needs nobody");

    let other = Home::new();
    other.csv("a.csv", &[track("Ebb")]);
    server.add(&other);
    fs::create_dir(other.path("empty")).unwrap();
    fs::copy(music().join("Nordlys/Aurora/04 Polar Night.flac"), other.path("empty/x.flac")).unwrap();
    let waits = other.json("convert a.csv --from empty --to ./player");
    let row = outcome(&waits, "Ebb");
    assert_eq!((row["outcome"].as_str(), &waits["~code"]), (Some("waiting"), &0.into()), "{waits:#}");
    assert!(row["says"].as_str().unwrap().starts_with("subsonic:home could not be asked"), "{row}");
    let status = other.json("status --history");
    let service = &list(&status, "/services")[0];
    assert_eq!(
        (&service["service"], &service["state"]),
        (&"subsonic:home".into(), &"down".into()),
        "{status:#}"
    );
    assert_eq!(service["waiting"], 1);
    assert_eq!(list(&status, "/incidents").len(), 1);

    server.down.store(false, Ordering::SeqCst);
    other.well("status --retry");
    let refreshed = other.json("refresh");
    assert_eq!(refreshed["gathered"]["places"][0]["fetched"], 1, "{refreshed:#}");
    // What came waits for nobody but the next run.
    assert_eq!(list(&other.json("status"), "/services")[0]["waiting"], 0);
    let report = other.well("report").out;
    let says = "it came since, by `ferrotape refresh`; until the next `ferrotape convert` puts it there";
    assert!(report.contains(says) && !report.contains("could not be asked"), "{report}");
    let done = other.json("convert a.csv --from empty --to ./player --offline");
    assert_eq!(outcome(&done, "Ebb")["outcome"], "on_player", "{done:#}");
    assert_eq!(list(&other.json("status"), "/services")[0]["state"], "up");
}

#[test]
fn a_refresh_says_what_puts_what_came_on_the_player() {
    let home = Home::new();
    let server = Server::start();
    home.csv("a.csv", &[track("Ebb")]);
    home.well("import a.csv");
    server.add(&home);
    let next = "The next `ferrotape convert` puts what came on your player.";
    let first = home.well("refresh").out;
    assert!(first.contains("1 file came") && first.contains(next), "{first}");
    let second = home.well("refresh").out;
    assert!(!second.contains(next), "nothing more came: {second}");
}

#[test]
fn with_any_of_three_servers_down_the_others_fill_what_they_have() {
    const THIRD: [Held; 1] = [("s2", "Flood", "Mara Quill/Low Water/02 Flood.flac", "flac", 2)];
    let servers = [Server::with(&HELD[..1]), Server::with(&HELD[1..]), Server::with(&THIRD)];
    let titles = ["Ebb", "Slack", "Flood"];
    for subset in 0..8_usize {
        let home = Home::new();
        home.csv("a.csv", &titles.map(track));
        fs::create_dir(home.path("own")).unwrap();
        fs::copy(music().join("Nordlys/Aurora/04 Polar Night.flac"), home.path("own/x.flac")).unwrap();
        for (at, server) in servers.iter().enumerate() {
            server.add_as(&home, ["a", "b", "c"][at]);
            server.down.store(subset & 1 << at != 0, Ordering::SeqCst);
        }
        let last = home.json("convert a.csv --from own --to ./player");
        assert_eq!(last["~code"], 0, "{last:#}");
        for (at, title) in titles.iter().enumerate() {
            let row = outcome(&last, title);
            let says = row["says"].as_str().unwrap();
            match subset & 1 << at {
                0 => assert_eq!(row["outcome"], "on_player", "{subset}: {row}"),
                _ => assert!(
                    row["outcome"] == "waiting" && says.contains("could not be asked"),
                    "{subset}: {row}"
                ),
            }
        }
    }
}

#[test]
fn a_drill_tells_what_still_plays_and_leaves_no_trace() {
    let home = Home::new();
    let server = Server::start();
    home.csv("a.csv", &[track("Ebb"), track("March Home"), nothing()]);
    server.add(&home);
    home.well("import a.csv");
    let drilled = home.json("drill --down musicbrainz");
    let things = |of: &str| drilled[of]["things"].as_u64().unwrap();
    assert_eq!((things("can_be_fetched"), things("waits"), things("all")), (1, 0, 3), "{drilled:#}");
    home.well("convert a.csv --from MUSIC --to ./player");
    let before = server.http.requests().len();
    let drilled = home.json("drill --down all");
    assert_eq!(drilled["plays_here"]["things"], 2, "{drilled:#}");
    assert_eq!(drilled["waits"]["things"], 1, "{drilled:#}");
    assert_eq!((&drilled["several_copies"], list(&drilled, "/single_copies").len()), (&0.into(), 2));
    assert_eq!(server.http.requests().len(), before, "it was really refused");
    assert!(list(&drilled, "/places")[0]["fault"].as_str().unwrap().contains("drill"));
    assert!(list(&home.json("status"), "/services").iter().all(|service| service["state"] != "down"));
    let unknown = home.run("drill --down napster");
    assert!(unknown.code == 1 && unknown.err.contains("subsonic:home"), "{unknown:?}");
}

#[test]
fn sources_are_added_checked_and_taken_out() {
    let home = Home::new();
    let server = Server::start();
    assert!(home.well("source list").out.contains("No place is asked"));
    server.add(&home);
    assert!(home.well("source check subsonic:home").out.contains("answers"));
    assert!(home.well("source list").out.contains("subsonic:home"));
    for (line, says) in [
        ("source add napster", "no such kind"),
        ("source add subsonic --address http://127.0.0.1:1", "--name"),
        ("source add subsonic --name den", "--address"),
        ("source add jamendo", "client id"),
        ("source add program --name x", "after --"),
    ] {
        let said = home.run(line);
        assert!(said.code == 2 && said.err.contains(says), "{line}: {said:?}");
    }
    server.down.store(true, Ordering::SeqCst);
    let check = home.run("source check");
    assert!(check.code == 3 && check.out.contains("does not"), "{check:?}");
    home.well("source remove subsonic:home");
    let secrets = home.path(".local/share/ferrotape/sources.secret.json");
    assert!(!fs::read_to_string(secrets).unwrap().contains("s3cret"));
    assert_eq!(home.run("source remove subsonic:home").code, 1);
    let folder = home.path("fetched");
    home.well(&format!("source collection {}", text(&folder)));
    assert!(folder.is_dir() && home.well("source collection").out.contains("fetched"));
}

#[test]
fn what_a_killed_run_fetched_is_found_by_the_next() {
    let home = Home::new();
    let server = Server::start();
    home.csv("a.csv", &[track("Ebb")]);
    server.add(&home);
    home.json("convert a.csv --to ./player");
    // As if the run had ended between the fetch and the look: the file is there, and no library knows it.
    let library = home.path(".local/share/ferrotape");
    for file in ["library.sqlite", "library.sqlite-wal", "library.sqlite-shm"] {
        let _ = fs::remove_file(library.join(file));
    }
    fs::remove_dir_all(home.player()).unwrap();
    let again = home.json("convert a.csv --to ./player");
    assert_eq!(outcome(&again, "Ebb")["outcome"], "on_player", "{again:#}");
    let fetched = server.http.asked().iter().filter(|asked| asked.contains("download")).count();
    assert_eq!(fetched, 1, "it was not fetched again");
}

#[test]
fn a_place_that_cannot_be_used_is_waited_for_and_not_called_empty() {
    let home = Home::new();
    let server = Server::start();
    home.csv("a.csv", &[track("Ebb")]);
    server.add(&home);
    let library = home.path(".local/share/ferrotape");
    fs::remove_file(library.join("sources.secret.json")).unwrap();
    let last = home.json("convert a.csv --to ./player");
    let row = outcome(&last, "Ebb");
    assert!(row["outcome"] == "waiting" && row["says"].as_str().unwrap().contains("subsonic:home"), "{row}");

    // What is known of services may be lost; nothing stops for it.
    fs::write(library.join("services.sqlite"), "no database at all").unwrap();
    server.add(&home);
    let last = home.json("convert a.csv --to ./player");
    assert_eq!(outcome(&last, "Ebb")["outcome"], "on_player", "{last:#}");
    assert!(library.join("services.sqlite.damaged").exists());
}

#[test]
fn a_password_stays_with_the_server_it_was_given_for() {
    let home = Home::new();
    let (server, other) = (Server::start(), Server::start());
    server.add(&home);
    let line =
        |more: &str| format!("source add subsonic --name home --address {} {more}", other.http.address());
    let moved = home.run(&line("--user alice"));
    assert!(moved.code == 2 && moved.err.contains("password"), "{moved:?}");
    let secret = home.run("source add subsonic --name x --user a --address http://a:hunter2@127.0.0.1/");
    assert!(secret.code != 0 && !secret.all().contains("hunter2"), "{secret:?}");
    assert!(other.http.requests().is_empty());
}

#[test]
fn a_thing_whose_file_is_broken_waits_for_the_place_that_may_have_it() {
    let home = Home::new();
    let server = Server::start();
    server.add(&home);
    crate::collection::copy_of_music(&home.path("music"));
    let neap = Track { title: "Neap".to_owned(), ..track("Ebb") };
    home.csv("a.csv", &[neap]);
    let line = "convert a.csv --from music --to ./player";
    let first = home.json(line);
    assert_eq!(outcome(&first, "Neap")["outcome"], "failed", "{first:#}");
    server.down.store(true, Ordering::SeqCst);
    let last = home.json(line);
    let row = outcome(&last, "Neap");
    assert_eq!(row["outcome"], "waiting", "{last:#}");
    let says = row["says"].as_str().unwrap();
    assert!(says.contains("subsonic:home could not be asked") && says.contains("Neap.flac"), "{says}");
}

/// The whole of “Low Water”, but for the broken one.
const ALBUM: [Held; 3] = [HELD[0], ("s2", "Flood", "Mara Quill/Low Water/02 Flood.flac", "flac", 2), HELD[1]];

#[test]
fn a_saved_album_that_is_partly_here_is_completed_from_ones_own_server() {
    let home = Home::new();
    let server = Server::with(&ALBUM);
    server.add(&home);
    for name in ["01 Ebb.flac", "03 Slack.mp3"] {
        fs::create_dir_all(home.path("own")).unwrap();
        fs::copy(music().join("Mara Quill/Low Water").join(name), home.path("own").join(name)).unwrap();
    }
    let library = json!({ "tracks": [], "shows": [], "episodes": [], "artists": [],
        "albums": [{ "artist": "Mara Quill", "album": "Low Water", "uri": "spotify:album:0aB1cD2eF3gH4iJ5kL6mN7" }] });
    fs::write(home.path("YourLibrary.json"), library.to_string()).unwrap();
    let last = home.json("convert YourLibrary.json --from own --to ./player");
    let row = outcome(&last, "Low Water");
    assert_eq!((&row["outcome"], &row["substitute"]), (&"on_player".into(), &Value::Null), "{last:#}");
    assert_eq!(home.mp3s().len(), 3, "{last:#}");
    let fetched = server.http.requests().iter().filter(|one| one.path().contains("download")).count();
    assert_eq!(fetched, 1, "what is here is not fetched");
}

#[test]
fn an_album_of_which_a_file_does_not_come_is_told_of_as_its_server_lists_it() {
    let home = Home::new();
    let http = HttpServer::start(|request| {
        let is_of_a_file = ["download", "stream"].iter().any(|call| request.path().contains(call));
        // The last one: neither a gap nor a total tells that it is missing.
        match is_of_a_file && request.parameter("id").is_some_and(|id| id == "s3") {
            true => HttpAnswer::status(404),
            false => subsonic(request, &ALBUM),
        }
    });
    let server = Server { http: http.unwrap(), down: Arc::default() };
    server.add(&home);
    fs::create_dir(home.path("own")).unwrap();
    let library = json!({ "tracks": [], "shows": [], "episodes": [], "artists": [],
        "albums": [{ "artist": "Mara Quill", "album": "Low Water", "uri": "spotify:album:0aB1cD2eF3gH4iJ5kL6mN7" }] });
    fs::write(home.path("YourLibrary.json"), library.to_string()).unwrap();
    let last = home.json("convert YourLibrary.json --from own --to ./player");
    let row = outcome(&last, "Low Water");
    let says = row["substitute"].as_str().unwrap_or_default();
    let part = "a part of it, 2 of at least 3 tracks as subsonic:home lists them; 1 could not be had: ";
    assert!(row["outcome"] == "on_player" && says.starts_with(part), "{last:#}");
    assert!(home.well("explain Low Water").out.contains("1 could not be had: "));
}

//! Places elsewhere as people live with them: passwords that changed, settings with a slip in them, names in short,
//! places that say nothing, and what a drill may promise.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use ferrotape_testkit::{HttpAnswer, HttpRequest, HttpServer, Track};
use serde_json::{Value, json};

use crate::collection::{music, track, undertow};
use crate::elsewhere::{HELD, Held, Server, nothing, outcome, subsonic};
use crate::home::{Home, files_below, list, text};

fn library(home: &Home) -> std::path::PathBuf {
    home.path(".local/share/ferrotape")
}

pub(crate) fn service<'v>(status: &'v Value, name: &str) -> Option<&'v Value> {
    list(status, "/services").iter().find(|one| one["service"] == name)
}

/// A home with a folder that holds nothing that is wanted.
pub(crate) fn with_little(titles: &[&str]) -> Home {
    let home = Home::new();
    home.csv("a.csv", &titles.iter().map(|title| track(title)).collect::<Vec<_>>());
    fs::create_dir(home.path("own")).unwrap();
    fs::copy(music().join("Nordlys/Aurora/04 Polar Night.flac"), home.path("own/x.flac")).unwrap();
    home
}

/// A program that is a source: `says` is its script.
fn program(home: &Home, says: &str) -> String {
    let path = home.path("shelf");
    fs::write(&path, format!("#!/bin/sh\n{says}\n")).unwrap();
    let made = std::process::Command::new("chmod").arg("755").arg(&path).status().unwrap();
    assert!(made.success());
    text(&path).to_owned()
}

#[test]
fn a_server_that_refuses_the_password_is_not_called_up() {
    let home = with_little(&["Ebb"]);
    let refuses = HttpServer::start(|_| {
        let error = json!({ "code": 40, "message": "Wrong username or password" });
        let answer = json!({ "status": "failed", "version": "1.16.1", "type": "made-up", "error": error });
        HttpAnswer::json(&json!({ "subsonic-response": answer }))
    })
    .unwrap();
    fs::write(home.path("password"), "old\n").unwrap();
    let add = |address: &str| {
        format!("source add subsonic --name home --address {address} --user alice --password-file password")
    };
    home.well(&add(&refuses.address()));
    home.json("convert a.csv --from own --to ./player");
    let status = home.json("status");
    let one = service(&status, "subsonic:home").unwrap();
    assert!(one["state"] == "refuses" && one["refuses_since"].is_i64(), "{status:#}");
    let mends =
        format!("ferrotape source add subsonic --name home --address {} --user alice", refuses.address());
    assert_eq!(one["mend_with"], mends.as_str());
    let told = home.well("status").out;
    assert!(told.contains("refuses since ") && told.contains(&mends), "{told}");
    // The command that it names asks for the password, for the one it has is no good.
    let again = home.run(mends.strip_prefix("ferrotape ").unwrap());
    assert!(again.code == 2 && again.err.contains("password is missing"), "{again:?}");

    let server = Server::start();
    server.add(&home);
    home.json("convert a.csv --from own --to ./player");
    assert_eq!(service(&home.json("status"), "subsonic:home").unwrap()["state"], "up");
}

#[test]
fn a_server_that_lists_and_refuses_its_files_is_not_called_up() {
    let home = with_little(&["Ebb"]);
    let http = HttpServer::start(|request| match request.path().contains("download") {
        true => {
            let error = json!({ "code": 40, "message": "Wrong username or password" });
            let answer =
                json!({ "status": "failed", "version": "1.16.1", "type": "made-up", "error": error });
            HttpAnswer::json(&json!({ "subsonic-response": answer }))
        }
        false => subsonic(request, &HELD),
    });
    let server = Server { http: http.unwrap(), down: Arc::new(AtomicBool::new(false)) };
    server.add(&home);
    home.json("convert a.csv --from own --to ./player");
    let status = home.json("status");
    assert_eq!(service(&status, "subsonic:home").unwrap()["state"], "refuses", "{status:#}");
}

#[test]
fn what_is_taken_out_is_forgotten_but_for_its_outages() {
    let home = with_little(&["Ebb"]);
    let server = Server::start();
    server.add(&home);
    server.down.store(true, Ordering::SeqCst);
    home.json("convert a.csv --from own --to ./player");
    home.well("source remove home");
    let status = home.json("status --history");
    assert!(service(&status, "subsonic:home").is_none(), "{status:#}");
    assert!(list(&status, "/incidents")[0]["until"].is_i64(), "it is over, and known: {status:#}");
    let drilled = home.run("drill --down subsonic:home");
    assert!(drilled.code == 1 && drilled.err.contains("no service is called subsonic:home"), "{drilled:?}");
}

#[test]
fn a_program_stands_in_the_status_like_any_other() {
    let home = with_little(&["Ebb", "Slack", "March Home", "Drum Shed"]);
    let path = program(
        &home,
        "n=$(cat n 2>/dev/null || echo 0); n=$((n+1)); echo $n > n; echo \"{\\\"error\\\":\\\"trouble $n\\\"}\"",
    );
    let gone = home.run("source add program --name shelf -- /no/such/shelf");
    assert!(gone.code == 2 && gone.err.contains("cannot be started"), "{gone:?}");
    home.well(&format!("source add program --name shelf -- {path}"));
    assert_eq!(service(&home.json("status"), "program:shelf").unwrap()["state"], "not asked yet");
    let last = home.json("convert a.csv --from own --to ./player");
    // Three in a row stop it; the last of them did.
    assert_eq!(list(&last, "/gathered/places")[0]["fault"], "it says: trouble 3", "{last:#}");
    assert_eq!(service(&home.json("status"), "program:shelf").unwrap()["state"], "down");
    program(&home, "echo '{\"done\":true}'");
    home.json("convert a.csv --from own --to ./player");
    assert_eq!(service(&home.json("status"), "program:shelf").unwrap()["state"], "up");
    fs::remove_file(home.path("shelf")).unwrap();
    home.json("convert a.csv --from own --to ./player");
    let status = home.json("status");
    let one = service(&status, "program:shelf").unwrap();
    assert!(one["state"] == "down" && one["reason"].as_str().unwrap().contains("cannot be started"), "{one}");
}

#[test]
fn names_in_short_are_understood_and_names_that_are_none_refused() {
    let home = Home::new();
    let server = Server::start();
    server.add(&home);
    assert!(home.well("source check home").out.contains("subsonic:home"));
    assert_eq!(home.json("drill --down home")["~code"], 0);
    let podcasts = home.run("source add podcasts --name mine");
    assert!(podcasts.code == 2 && podcasts.err.contains("only one"), "{podcasts:?}");
    let path = program(&home, "echo '{\"done\":true}'");
    home.well(&format!("source add program --name home -- {path}"));
    let both = home.run("source remove home");
    assert!(both.code == 1 && both.err.contains("subsonic:home, program:home"), "{both:?}");
    home.well("source remove program:home");
    // What was taken out of the file by hand leaves no secret behind either.
    fs::remove_file(library(&home).join("sources.toml")).unwrap();
    home.well("source remove subsonic:home");
    assert!(!fs::read_to_string(library(&home).join("sources.secret.json")).unwrap().contains("s3cret"));
    server.add(&home);
    let none = home.run("source check nobody");
    assert!(none.code == 1 && none.err.contains("there are subsonic:home"), "{none:?}");
}

#[test]
fn a_port_that_says_nothing_is_not_waited_for_long_and_what_rests_is_asked() {
    let home = with_little(&["Ebb"]);
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    fs::write(home.path("password"), "s3cret\n").unwrap();
    let address = silent.local_addr().unwrap();
    home.well(&format!(
        "source add subsonic --name home --address http://{address} --user alice --password-file password"
    ));
    let begun = Instant::now();
    let check = home.run("source check");
    assert!(check.code == 3 && begun.elapsed() < Duration::from_secs(25), "{:?} {check:?}", begun.elapsed());
    drop(silent);

    let server = Server::start();
    server.add(&home);
    server.down.store(true, Ordering::SeqCst);
    for _ in 0..3 {
        home.json("convert a.csv --from own --to ./player");
    }
    let resting = home.run("source check home");
    assert!(resting.out.contains("status --retry"), "{resting:?}");
    server.down.store(false, Ordering::SeqCst);
    assert!(home.well("source check home").out.contains("lets you in"), "it is asked though it rests");
    assert_eq!(service(&home.json("status"), "subsonic:home").unwrap()["state"], "up");
}

#[test]
fn the_collection_is_no_inbox_and_the_inbox_no_collection() {
    let home = Home::new();
    fs::create_dir_all(home.path("drops")).unwrap();
    home.well("inbox drops");
    let taken = home.run("source collection drops");
    assert!(taken.code == 1 && taken.err.contains("your inbox"), "{taken:?}");
    assert_eq!(home.json("refresh")["inbox"]["folders"], json!([home.path("drops").canonicalize().unwrap()]));
    home.well("source collection kept");
    let other = home.run("inbox kept");
    assert!(other.code == 1 && other.err.contains("it lies in the collection"), "{other:?}");
    assert!(!home.well("refresh --list").out.contains("kept"), "it is not kept in mind either");
    home.well("refresh");
}

#[test]
fn a_slip_in_the_settings_stops_only_what_needs_them() {
    let home = with_little(&["Ebb"]);
    let server = Server::start();
    server.add(&home);
    home.well("source collection kept");
    let settings = library(&home).join("sources.toml");
    let good = fs::read_to_string(&settings).unwrap();
    let broken = good.replace("kind = \"subsonic\"", "kind = \"subsonik\"");
    let line = broken.lines().position(|line| line.contains("subsonik")).unwrap() + 1;
    fs::write(&settings, &broken).unwrap();
    let named =
        |said: &str| said.contains(&format!("sources.toml: line {line}: ")) && said.contains("subsonik");
    for verb in ["status", "drill --down all", "inbox", "convert a.csv --from own --to ./player"] {
        let said = home.run(verb);
        assert!(matches!(said.code, 0 | 3) && named(&said.err), "{verb}: {said:?}");
    }
    for verb in
        ["source list", "source check", "source remove home", "source add librivox", "source collection x"]
    {
        let said = home.run(verb);
        assert!(
            said.code == 1 && named(&said.err) && said.err.contains("source collection"),
            "{verb}: {said:?}"
        );
    }
    assert_eq!(fs::read_to_string(&settings).unwrap(), broken, "nobody wrote over it");
    // What comes is filed where it belongs.
    let drop = library(&home).join("inbox");
    fs::create_dir_all(&drop).unwrap();
    crate::inbox::put(&drop.join("Slack.mp3"), &crate::inbox::slack());
    assert_eq!(home.json("inbox")["filed"], 1);
    assert!(home.path("kept/bought/Mara Quill/Low Water/Slack.mp3").exists());
    // Unless it cannot be told where that is.
    fs::write(&settings, good.replace("collection =", "colection =")).unwrap();
    let lost = home.run("inbox");
    assert!(lost.code == 1 && lost.err.contains("colection"), "{lost:?}");
}

#[test]
fn a_drill_counts_no_player_that_is_away_and_nothing_that_was_refused() {
    let home = Home::new();
    let server = Server::start();
    home.csv("a.csv", &[track("Ebb"), track("Slack"), nothing()]);
    server.add(&home);
    fs::create_dir(home.path("own")).unwrap();
    let own = |path: &str, name: &str| fs::copy(music().join(path), home.path("own").join(name)).unwrap();
    own("Mara Quill/Low Water/01 Ebb.flac", "ebb.flac");
    own("Mara Quill/Low Water/03 Slack.mp3", "slack.mp3");
    home.json("convert a.csv --from own --to ./player --offline");
    fs::remove_dir_all(home.path("own")).unwrap();
    let there = home.json("drill --down all");
    assert_eq!(there["plays_on_players"]["things"], 2, "{there:#}");
    fs::rename(home.player(), home.path("unplugged")).unwrap();
    let away = home.json("drill --down all");
    assert_eq!(away["plays_on_players"]["things"], 0, "{away:#}");
    assert_eq!(away["on_absent_players"]["things"], 2, "{away:#}");
    assert!(!home.well("drill --down all").out.contains("0.0 h"));
}

#[test]
fn music_that_cannot_be_read_is_no_clean_refresh() {
    let home = Home::new();
    let cut = |bytes: Vec<u8>| bytes[..60].to_vec();
    fs::create_dir(home.path("own")).unwrap();
    fs::write(
        home.path("own/cut.flac"),
        cut(fs::read(music().join("Mara Quill/Low Water/01 Ebb.flac")).unwrap()),
    )
    .unwrap();
    home.run("scan own");
    let refreshed = home.json("refresh");
    assert_eq!(
        (&refreshed["~code"], list(&refreshed, "/music/unreadable").len()),
        (&3.into(), 1),
        "{refreshed:#}"
    );
}

#[test]
#[cfg(unix)]
fn a_library_behind_a_link_knows_what_was_fetched_once() {
    let home = with_little(&["Ebb", "Slack"]);
    let server = Server::start();
    fs::create_dir(home.path("disk")).unwrap();
    std::os::unix::fs::symlink(home.path("disk"), home.path("music")).unwrap();
    fs::write(home.path("password"), "s3cret\n").unwrap();
    home.well(&format!(
        "--library music/lib source add subsonic --name home --address {} --user alice --password-file password",
        server.http.address()
    ));
    home.json("--library music/lib convert a.csv --from own --to ./player");
    server.down.store(true, Ordering::SeqCst);
    let again = home.json("--library music/lib convert a.csv --from own --to ./player");
    assert_eq!((&again["scan"]["opened"], &again["scan"]["audio"]), (&0.into(), &3.into()), "{again:#}");
    let doctor = home.well("--library music/lib doctor").out;
    assert!(doctor.contains("3 files (0 gone"), "each once: {doctor}");
}

#[test]
fn what_only_a_place_that_is_down_could_have_waits_though_another_version_is_near() {
    let home = Home::new();
    let server = Server::start();
    server.add(&home);
    home.csv("a.csv", &[undertow()]);
    // Where the place could be asked and has it not, a person is to say.
    let asked = home.json("convert a.csv --from MUSIC --to ./player");
    assert_eq!(outcome(&asked, "Undertow")["outcome"], "needs_review", "{asked:#}");
    server.down.store(true, Ordering::SeqCst);
    let other = Home::new();
    server.add(&other);
    other.csv("a.csv", &[undertow()]);
    let down = other.json("convert a.csv --from MUSIC --to ./player");
    let row = outcome(&down, "Undertow");
    let says = row["says"].as_str().unwrap();
    assert!(row["outcome"] == "waiting" && says.starts_with("subsonic:home could not be asked"), "{row}");
    assert!(says.contains("ferrotape review"), "{row}");
    let cases = other.json("review --list");
    assert_eq!(list(&cases, "/cases").len(), 1, "it can be chosen all the same");
    assert_eq!(other.json("drill --down all")["waits"]["things"], 1);
    // Whoever said no to it, or wants it no more, waits for nobody.
    let number = &list(&cases, "/cases")[0]["number"];
    other.well(&format!("review --none {number}"));
    let refused = other.json("drill --down all");
    assert_eq!(
        (&refused["refused"]["things"], &refused["waits"]["things"]),
        (&1.into(), &0.into()),
        "{refused:#}"
    );
    other.well(&format!("review --leave-out {number}"));
    assert_eq!(other.json("drill --down all")["all"]["things"], 0);
}

#[test]
fn what_a_place_listed_before_waits_for_it_in_a_run_offline() {
    let home = with_little(&["Ebb", "March Home"]);
    let server = Server::start();
    server.add(&home);
    home.json("convert a.csv --from own --to ./player --dry-run");
    let before = server.http.requests().len();
    let last = home.json("convert a.csv --from own --to ./player --offline");
    let ebb = outcome(&last, "Ebb");
    let says = ebb["says"].as_str().unwrap();
    assert!(ebb["outcome"] == "waiting" && says.starts_with("subsonic:home has it"), "{ebb}");
    assert!(says.contains("--offline"), "{ebb}");
    assert_eq!(outcome(&last, "March Home")["outcome"], "not_in_sources");
    assert!(last["gathered"].is_null() && server.http.requests().len() == before, "{last:#}");
    let again = home.json("convert a.csv --from own --to ./player --offline");
    assert_eq!(outcome(&again, "Ebb")["outcome"], "waiting");
}

#[test]
fn what_a_place_listed_cannot_be_fetched_while_it_is_down() {
    let home = with_little(&["Ebb"]);
    let server = Server::start();
    server.add(&home);
    home.json("convert a.csv --from own --to ./player --dry-run");
    home.well("import a.csv");
    let drilled = |down: &str| {
        let drilled = home.json(&format!("drill --down {down}"));
        ["can_be_fetched", "waits"].map(|share| drilled[share]["things"].as_u64().unwrap())
    };
    assert_eq!(drilled("musicbrainz"), [1, 0]);
    assert_eq!(drilled("home"), [0, 1]);
}

#[test]
fn what_a_place_answered_is_not_told_to_fail_as_what_it_could_not_be_asked_for() {
    let home = Home::new();
    fs::create_dir(home.path("own")).unwrap();
    fs::copy(music().join("Nordlys/Aurora/04 Polar Night.flac"), home.path("own/x.flac")).unwrap();
    let long =
        |title: &str| Track { duration_ms: Some(200_000), ..Track::new("Mara Quill", "Low Water", title) };
    home.csv("a.csv", &[long("Gull Song"), long("Flood Song")]);
    let offer = json!({ "offer": { "id": "1", "file_name": "1.flac", "title": "Gull Song", "artists": ["Mara Quill"],
        "album": "Low Water", "duration_ms": 200_000, "rights": "own" } });
    let path = program(
        &home,
        &format!(
            "read -r asked\ncase \"$asked\" in\n*Gull*) echo '{offer}'; echo '{{\"done\":true}}';;\n\
             *) echo '{{\"error\":\"trouble\"}}';;\nesac"
        ),
    );
    home.well(&format!("source add program --name shelf -- {path}"));
    let last = home.json("convert a.csv --from own --to ./player --dry-run");
    let says = |title: &str| outcome(&last, title)["says"].as_str().unwrap();
    assert!(says("Gull Song").starts_with("program:shelf has it"), "{last:#}");
    assert!(says("Flood Song").starts_with("program:shelf could not be asked: it says: trouble"), "{last:#}");
}

#[test]
fn a_file_that_is_no_use_is_named_and_not_fetched_by_every_run() {
    const NO_AUDIO: [Held; 1] = [("s1", "Ebb", "Tin Parade/Brass/notes.txt", "flac", 1)];
    let no_audio = Server::with(&NO_AUDIO);
    let gone = HttpServer::start(|request| {
        match ["download", "stream"].iter().any(|call| request.path().contains(call)) {
            true => HttpAnswer::status(404),
            false => subsonic(request, &HELD[..1]),
        }
    });
    let gone = Server { http: gone.unwrap(), down: no_audio.down.clone() };
    for server in [no_audio, gone] {
        let home = with_little(&["Ebb"]);
        server.add(&home);
        let asked = || {
            server
                .http
                .asked()
                .iter()
                .filter(|asked| asked.contains("download") || asked.contains("stream"))
                .count()
        };
        let first = home.json("convert a.csv --from own --to ./player");
        assert_eq!(outcome(&first, "Ebb")["outcome"], "waiting", "{first:#}");
        let once = asked();
        assert!(once > 0);
        let second = home.json("convert a.csv --from own --to ./player");
        assert_eq!(asked(), once, "{second:#}");
        let says = outcome(&second, "Ebb")["says"].as_str().unwrap();
        assert!(says.contains("was no use on") && says.contains("is fetched again after"), "{says}");
        assert_eq!(list(&second, "/gathered/failed").len(), 1, "it is named: {second:#}");
        // Added anew, it is tried anew.
        home.well("source remove home");
        server.add(&home);
        home.json("convert a.csv --from own --to ./player");
        assert!(asked() > once);
    }
}

#[test]
fn a_list_that_one_empty_page_cut_short_is_not_believed_for_ever() {
    let empty = Arc::new(AtomicBool::new(true));
    let is_empty = Arc::clone(&empty);
    // It gives one track with each page.
    let http = HttpServer::start(move |request| {
        let offset = request.parameter("songOffset").and_then(|offset| offset.parse::<usize>().ok());
        match offset {
            None => subsonic(request, &HELD),
            Some(at) if at >= HELD.len() || (at > 0 && is_empty.load(Ordering::SeqCst)) => {
                let nothing = json!({ "status": "ok", "version": "1.16.1", "searchResult3": {} });
                HttpAnswer::json(&json!({ "subsonic-response": nothing }))
            }
            Some(at) => {
                let target = request.target.replace("songOffset=1", "songOffset=0");
                subsonic(&HttpRequest { target, ..request.clone() }, &HELD[at..=at])
            }
        }
    });
    let server = Server { http: http.unwrap(), down: Arc::default() };
    let home = with_little(&["Slack"]);
    server.add(&home);
    let short = home.json("convert a.csv --from own --to ./player");
    let row = outcome(&short, "Slack");
    assert_eq!(row["outcome"], "not_in_sources", "{short:#}");
    let says = row["says"].as_str().unwrap();
    assert!(says.contains("subsonic:home lists 1 of the 2 tracks that it counts"), "{says}");
    empty.store(false, Ordering::SeqCst);
    let whole = home.json("convert a.csv --from own --to ./player");
    assert_eq!(outcome(&whole, "Slack")["outcome"], "on_player", "{whole:#}");
}

#[test]
fn what_was_deleted_is_fetched_from_who_has_it_and_what_is_away_waits() {
    let home = with_little(&["Ebb", "Slack"]);
    let own = home.path("own/ebb.flac");
    fs::copy(music().join("Mara Quill/Low Water/01 Ebb.flac"), &own).unwrap();
    let server = Server::start();
    server.add(&home);
    let fetched = || server.http.asked().iter().filter(|asked| asked.contains("download")).count();
    home.json("convert a.csv --from own --to ./player");
    assert_eq!(fetched(), 1, "the folder has the other");

    // A disk that is not there is waited for, and who may have deleted it is told how to say so.
    fs::rename(home.path("own"), home.path("away")).unwrap();
    let waits = home.json("convert a.csv --to ./second");
    let row = outcome(&waits, "Ebb");
    assert!(row["outcome"] == "waiting" && row["says"].as_str().unwrap().contains("doctor --gone"), "{row}");
    assert_eq!(fetched(), 1);
    fs::rename(home.path("away"), home.path("own")).unwrap();

    fs::remove_file(&own).unwrap();
    let collection = library(&home).join("collection");
    let slack = files_below(&collection).into_iter().find(|path| path.ends_with(".mp3")).unwrap();
    fs::remove_file(collection.join(slack)).unwrap();
    let last = home.json("convert a.csv --to ./third");
    for title in ["Ebb", "Slack"] {
        assert_eq!(outcome(&last, title)["outcome"], "on_player", "{last:#}");
    }
    assert_eq!(fetched(), 3, "both from the server");
}

#[test]
fn a_disk_below_a_folder_is_waited_for_and_counts_again_when_it_is_back() {
    let home = with_little(&["Ebb"]);
    fs::create_dir_all(home.path("disk/Mara")).unwrap();
    let ebb = music().join("Mara Quill/Low Water/01 Ebb.flac");
    fs::copy(ebb, home.path("disk/Mara/ebb.flac")).unwrap();
    std::os::unix::fs::symlink(home.path("disk"), home.path("own/usb")).unwrap();
    let server = Server::start();
    server.add(&home);
    let run = |to: &str| outcome(&home.json(&format!("convert a.csv --to ./{to}")), "Ebb")["outcome"].clone();
    home.well("scan own");
    assert_eq!(run("first"), "on_player");
    // Pulled, its link leads nowhere; its mount point may be there, with a note in it that it is only that.
    fs::rename(home.path("disk"), home.path("away")).unwrap();
    assert_eq!(run("second"), "waiting");
    fs::create_dir(home.path("disk")).unwrap();
    fs::write(home.path("disk/.not-mounted"), "").unwrap();
    assert_eq!(run("third"), "waiting");
    assert!(!server.http.asked().iter().any(|asked| asked.contains("download")));
    // A scan takes it for gone, until it is back as it was.
    home.well("scan own");
    fs::remove_dir_all(home.path("disk")).unwrap();
    fs::rename(home.path("away"), home.path("disk")).unwrap();
    assert_eq!(run("fourth"), "on_player");
    assert!(!server.http.asked().iter().any(|asked| asked.contains("download")));
}

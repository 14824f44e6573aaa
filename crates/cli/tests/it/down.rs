//! Services that are not there, and services that say nothing: nobody waits for them for long.

use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use ferrotape_testkit::{HttpAnswer, HttpServer, Track};

use crate::elsewhere::outcome;
use crate::elsewhere_care::service;
use crate::home::{Home, list, said};

/// A home that wants some things that its folders do not have, and may ask one place.
fn home() -> Home {
    let home = Home::new();
    let wanted: Vec<Track> =
        ["Ash", "Birch", "Cedar", "Elm"].map(|title| Track::new("The Trees", "Wood", title)).to_vec();
    home.csv("trees.csv", &wanted);
    home.well("source add internet-archive");
    home
}

#[test]
fn where_nobody_is_there_it_is_asked_thrice_and_then_left_alone() {
    let home = home();
    // A port that was free a moment ago.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let stand_in = format!("--stand-in http://{address}");
    let last = home.json(&format!("convert trees.csv --from MUSIC --to ./player {stand_in}"));
    assert_eq!(last["report"]["outcomes"]["waiting"], 4, "{last:#}");
    let shop = home.well("shop").out;
    assert!(shop.contains("Nothing to buy yet"), "{shop}");
    assert!(shop.contains("4 things wait for internet-archive"), "{shop}");
    assert!(shop.contains("The last run was about 1 list ("), "{shop}");
    let service = list(&home.json("status"), "/services")[0].clone();
    assert_eq!((&service["state"], &service["failures"]), (&"rests".into(), &1.into()), "{service:#}");
    assert!(service["reason"].as_str().unwrap().ends_with("3 times in a row"), "{service:#}");
}

#[test]
fn what_waits_for_a_place_goes_on_waiting_in_runs_that_ask_nobody() {
    let home = home();
    let is_well = Arc::new(AtomicBool::new(false));
    let of_server = Arc::clone(&is_well);
    let none = r#"{"responseHeader":{"status":0},"response":{"numFound":0,"start":0,"docs":[]}}"#;
    let server = HttpServer::start(move |_| match of_server.load(Ordering::SeqCst) {
        true => HttpAnswer::says(200, none),
        false => HttpAnswer::status(503),
    })
    .unwrap();
    let online = format!("convert trees.csv --from MUSIC --to ./player --stand-in {}", server.address());
    let offline = "convert trees.csv --from MUSIC --to ./player --offline";
    assert_eq!(home.json(offline)["report"]["outcomes"]["not_in_sources"], 4, "nobody was asked yet");
    assert_eq!(home.json(&online)["report"]["outcomes"]["waiting"], 4);
    // Also after another such run, and with the same words.
    let says = [1, 2].map(|_| {
        let last = home.json(offline);
        assert_eq!(last["report"]["outcomes"]["waiting"], 4, "{last:#}");
        assert_eq!(list(&home.json("status"), "/services")[0]["waiting"], 4);
        list(&last, "/report/rows")[0]["says"].as_str().unwrap().to_owned()
    });
    let said = "it waits for internet-archive, and nobody is asked in this run; until a run without --offline asks again";
    assert!(says.iter().all(|says| says.starts_with(said)), "{says:?}");
    assert_eq!(says[0], says[1]);

    is_well.store(true, Ordering::SeqCst);
    home.well("status --retry");
    assert_eq!(home.json(&online)["report"]["outcomes"]["not_in_sources"], 4);
    assert_eq!(home.json(offline)["report"]["outcomes"]["not_in_sources"], 4, "it was asked, and has none");
}

#[test]
fn a_place_that_answers_nonsense_is_waited_for_and_asked_again() {
    let none = r#"{"responseHeader":{"status":0},"response":{"numFound":0,"start":0,"docs":[]}}"#;
    for nonsense in [(404, "<html>Back soon</html>"), (200, "{}")] {
        let (home, is_well) = (home(), Arc::new(AtomicBool::new(false)));
        let of_server = Arc::clone(&is_well);
        let server = HttpServer::start(move |_| match of_server.load(Ordering::SeqCst) {
            true => HttpAnswer::says(200, none),
            false => HttpAnswer::says(nonsense.0, nonsense.1),
        })
        .unwrap();
        let convert = format!("convert trees.csv --from MUSIC --to ./player --stand-in {}", server.address());
        let last = home.json(&convert);
        assert_eq!(last["report"]["outcomes"]["waiting"], 4, "{nonsense:?} {last:#}");
        assert!(last.to_string().contains("internet-archive could not be asked"), "{nonsense:?} {last:#}");
        is_well.store(true, Ordering::SeqCst);
        home.well("status --retry");
        let last = home.json(&convert);
        assert_eq!(last["report"]["outcomes"]["not_in_sources"], 4, "{nonsense:?} {last:#}");
    }
}

#[test]
fn what_waits_for_several_places_says_when_the_first_is_asked_again_and_who_named_no_time() {
    let server = HttpServer::start(|request| match request.path() {
        path if path.starts_with("/archive.org/") => HttpAnswer::status(503).with("Retry-After", 2 * 3_600),
        path if path.starts_with("/commons.wikimedia.org/") => {
            HttpAnswer::status(429).with("Retry-After", 5 * 3_600)
        }
        _ => HttpAnswer::status(500),
    })
    .unwrap();
    let home = Home::new();
    home.csv("ash.csv", &[Track::new("The Trees", "Wood", "Ash")]);
    for place in ["internet-archive", "wikimedia-commons", "openverse"] {
        home.well(&format!("source add {place}"));
    }
    let last =
        home.json(&format!("convert ash.csv --from MUSIC --to ./player --stand-in {}", server.address()));
    let says = outcome(&last, "Ash")["says"].as_str().unwrap().to_owned();
    let (_, until) = says.rsplit_once("; until ").unwrap_or_else(|| panic!("{says}"));
    let words = ", when internet-archive is asked again (wikimedia-commons at ";
    let (first, others) = until.split_once(words).unwrap_or_else(|| panic!("{says}"));
    let second = others.strip_suffix("; openverse named no time)").unwrap_or_else(|| panic!("{says}"));
    let is_hour = |text: &str| text.starts_with("20") && text.len() == "2026-11-28 12:00".len();
    assert!(is_hour(first) && is_hour(second) && first < second, "{says}");

    let shop = home.json("shop");
    assert_eq!(list(&shop, "/waiting")[0]["until"], until, "{shop:#}");
    let shop = home.well("shop").out;
    assert!(shop.contains(&format!(", until {until}; what comes from there need not be bought")), "{shop}");
    for told in [home.well("report").out, home.well("explain Ash").out] {
        assert!(told.contains(until), "{told}");
    }
    let status = home.json("status");
    for (place, has_hour) in [("internet-archive", true), ("wikimedia-commons", true), ("openverse", false)] {
        let one = service(&status, place).unwrap();
        assert_eq!((&one["waiting"], one["next_try"].is_i64()), (&1.into(), has_hour), "{status:#}");
    }
}

#[test]
fn ctrl_c_does_not_wait_for_an_answer() {
    let home = home();
    let asked = Arc::new(AtomicBool::new(false));
    let is_asked = Arc::clone(&asked);
    let server = HttpServer::start(move |_| {
        is_asked.store(true, Ordering::SeqCst);
        sleep(Duration::from_secs(20));
        HttpAnswer::status(404)
    })
    .unwrap();
    let mut convert = home.command();
    convert.args(["convert", "trees.csv", "--to", "./player", "--stand-in", &server.address()]);
    let child = convert.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let begun = Instant::now();
    while !asked.load(Ordering::SeqCst) {
        assert!(begun.elapsed() < Duration::from_secs(30), "nobody was asked");
        sleep(Duration::from_millis(5));
    }
    let begun = Instant::now();
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let stopped = said(child.wait_with_output().unwrap(), "convert, stopped");
    assert_eq!(stopped.code, 130, "{stopped:?}");
    assert!(begun.elapsed() < Duration::from_secs(4), "it waited for {:?}", begun.elapsed());
}

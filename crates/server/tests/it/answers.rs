//! What the routes show.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::room::{Room, TARGET};

#[test]
fn the_page_shows_the_last_report_and_runs_nothing_of_it() {
    let room = Room::with_report();
    let page = room.get("/");
    assert_eq!(page.status, 200, "{page:?}");
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    assert!(page.body.contains("Half the Harbour") && page.body.contains(TARGET), "{}", page.body);
    assert!(!page.body.contains("<script"), "titles are text, never markup");
    assert!(page.header("content-security-policy").unwrap().starts_with("default-src 'none'"));
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(page.header("x-frame-options"), Some("DENY"));
    assert_eq!(page.header("access-control-allow-origin"), None);
}

#[test]
fn the_json_adds_up() {
    let room = Room::with_report();
    let answer = room.get("/report.json");
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
    let report: Value = serde_json::from_str(&answer.body).unwrap();
    let rows = report["rows"].as_array().unwrap();
    let outcomes = report["outcomes"].as_object().unwrap();
    assert_eq!((outcomes.len(), &report["substitutes"]), (7, &0.into()));
    assert_eq!(outcomes.values().map(|count| count.as_u64().unwrap()).sum::<u64>(), 4);
    for (word, count) in outcomes {
        let of_word = rows.iter().filter(|row| row["outcome"] == word.as_str()).count();
        assert_eq!(count.as_u64().unwrap(), of_word as u64, "{word}");
    }
    assert_eq!((rows.len(), &report["items"], &report["entries"]), (4, &4.into(), &5.into()));
    assert_eq!((&report["target"], &report["at"]), (&TARGET.into(), &1_700_000_000.into()));
    assert_eq!(report["lists"][0]["on_player"], 2, "the duplicate counts twice in its list");
    assert_eq!(rows[2]["title"], "Lys over Åsen, del 2");
    let fields: Vec<&String> = rows[0].as_object().unwrap().keys().collect();
    let documented = [
        "album",
        "artist",
        "kind",
        "link",
        "lists",
        "number",
        "outcome",
        "played_ms",
        "plays",
        "says",
        "substitute",
        "title",
    ];
    assert_eq!(fields, documented);
}

#[test]
fn the_csv_holds_what_is_missing() {
    let room = Room::with_report();
    let answer = room.get("/missing.csv");
    assert_eq!(answer.status, 200);
    assert!(answer.header("content-type").unwrap().starts_with("text/csv"));
    assert_eq!(answer.header("content-disposition"), Some("attachment; filename=\"missing.csv\""));
    let lines: Vec<&str> = answer.body.lines().collect();
    assert_eq!(lines.len(), 4, "a header and what is not on the player: {lines:?}");
    assert!(lines[0].starts_with("Outcome,Kind,Artist,Title"));
    assert!(answer.body.contains("\"Lys over Åsen, del 2\"") && !answer.body.contains("Half the Harbour"));
}

#[test]
fn a_run_is_found_by_its_target_and_new_runs_show_at_once() {
    let room = Room::with_report();
    room.convert("/home/me/other player", 1_700_000_500);
    let target = |path: &str| {
        let answer = room.get(path);
        assert_eq!(answer.status, 200, "{path}");
        serde_json::from_str::<Value>(&answer.body).unwrap()["target"].clone()
    };
    assert_eq!(target("/report.json"), "/home/me/other player");
    assert_eq!(target("/report.json?to=%2Fmedia%2FPLAYER"), TARGET);
    assert_eq!(target("/report.json?to=/home/me/other+player"), "/home/me/other player");
}

#[test]
fn without_a_report_every_form_says_what_to_run() {
    let room = Room::empty();
    for (path, kind) in
        [("/", "text/html"), ("/report.json", "application/json"), ("/missing.csv", "text/plain")]
    {
        let answer = room.get(path);
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.header("content-type").unwrap().starts_with(kind), "{answer:?}");
        assert!(answer.body.contains("ferrotape convert"), "{path}: {}", answer.body);
    }
    let other = Room::with_report().get("/?to=%3Cimg%20src%3Dx%3E");
    assert_eq!(other.status, 404);
    assert!(!other.body.contains("<img"), "{}", other.body);
}

#[test]
fn health_and_head_and_unknown_places() {
    let room = Room::with_report();
    let health = room.get("/health");
    assert_eq!((health.status, health.body.as_str()), (200, "{\"status\":\"ok\"}\n"));
    let head = room.send(b"HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    assert_eq!(head.header("content-length").unwrap(), room.get("/").body.len().to_string());
    for path in ["/nowhere", "/../../etc/passwd", "/report.json/"] {
        assert_eq!(room.get(path).status, 404, "{path}");
    }
}

#[test]
fn it_stops_when_asked_even_with_a_silent_visitor() {
    let mut room = Room::with_report();
    assert_eq!(room.get("/health").status, 200);
    let _silent = room.connect();
    let asked = Instant::now();
    room.cancel.stop();
    room.ended().unwrap();
    assert!(asked.elapsed() < Duration::from_secs(8), "{:?}", asked.elapsed());
    assert!(std::net::TcpStream::connect(room.address).is_err());
}

#[test]
fn a_taken_port_is_named() {
    let room = Room::empty();
    let folder = tempfile::tempdir().unwrap();
    let opened = ferrotape_app::open_to_look(folder.path()).unwrap();
    let Err(error) = ferrotape_server::Server::bind(opened, room.address) else { panic!("two on one port") };
    let says = error.to_string();
    assert!(says.contains(&room.address.to_string()) && says.contains("--port"), "{says}");
}

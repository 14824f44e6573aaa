//! Several ways to sign in to one server, and what a second `source add` keeps.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ferrotape_testkit::{HttpAnswer, HttpRequest, HttpServer};
use serde_json::{Value, json};

use crate::elsewhere::{HELD, subsonic};
use crate::home::{Home, list};

/// A server that takes passwords, and an API key as long as it is told to.
fn server(takes_keys: &Arc<AtomicBool>) -> HttpServer {
    let takes_keys = Arc::clone(takes_keys);
    let refuse = |code: u32| {
        let error = json!({ "code": code, "message": "no" });
        let answer = json!({ "status": "failed", "version": "1.16.1", "type": "made-up", "error": error });
        HttpAnswer::json(&json!({ "subsonic-response": answer }))
    };
    let answer = move |request: &HttpRequest| match request.parameter("apiKey") {
        _ if request.path().contains("getOpenSubsonicExtensions") => subsonic(request, &HELD),
        Some(key) if key == "k3y" && takes_keys.load(Ordering::SeqCst) => subsonic(request, &HELD),
        Some(_) => refuse(44),
        None if request.parameter("t").is_some() => subsonic(request, &HELD),
        None => refuse(10),
    };
    HttpServer::start(answer).unwrap()
}

fn home() -> Home {
    let home = Home::new();
    fs::write(home.path("password"), "s3cret\n").unwrap();
    fs::write(home.path("key"), "k3y\n").unwrap();
    home
}

fn ways(home: &Home) -> Vec<Value> {
    list(&home.json("source list"), "/sources/0/sign_in").to_vec()
}

/// How the last call was signed.
fn last_way(server: &HttpServer) -> &'static str {
    let last = server.requests().into_iter().next_back().unwrap();
    match (last.parameter("apiKey"), last.parameter("t")) {
        (Some(_), None) => "key",
        (None, Some(_)) => "token",
        _ => "none, or both",
    }
}

#[test]
fn a_second_source_add_keeps_what_it_does_not_say() {
    let home = home();
    let takes_keys = Arc::new(AtomicBool::new(true));
    let server = server(&takes_keys);
    let address = server.address();
    home.well(&format!(
        "source add subsonic --name home --address {address} --user alice --password-file password"
    ));
    home.well("source check home");
    assert_eq!(ways(&home), ["password"]);
    assert_eq!(last_way(&server), "token");

    home.well("source add subsonic --name home --key-file key");
    assert_eq!(ways(&home), ["key", "password"]);
    let one = home.json("source list")["sources"][0].clone();
    assert!(one["user"] == "alice" && one["address"] == address.as_str(), "{one}");
    let told = home.well("source list").out;
    assert!(told.contains("as alice, with key and password"), "{told}");
    assert!(!told.contains("s3cret") && !told.contains("k3y"), "{told}");
    home.well("source check home");
    assert_eq!(last_way(&server), "key", "the best way is tried first");
    takes_keys.store(false, Ordering::SeqCst);
    home.well("source check home");
    assert_eq!(last_way(&server), "token", "and the other one is there when it fails");

    // A key is for the server it was given for, and that it goes is said.
    fs::write(home.path("password"), "an0ther\n").unwrap();
    let moved = home.json(
        "source add subsonic --name home --address http://127.0.0.1:1 --user alice --password-file password",
    );
    assert_eq!(list(&moved, "/dropped"), ["key"]);
    assert_eq!(ways(&home), ["password"]);
}

#[test]
fn password_and_key_may_be_given_at_once() {
    let home = home();
    let takes_keys = Arc::new(AtomicBool::new(false));
    let server = server(&takes_keys);
    let line = format!("source add subsonic --name home --address {}", server.address());
    home.well(&format!("{line} --user alice --password-file password --key-file key"));
    assert_eq!(ways(&home), ["key", "password"]);
    home.well("source check home");
    assert_eq!(last_way(&server), "token");
    for (more, says) in [
        ("--user alice --password-file - --key-file -", "standard input"),
        ("--name nobody --password-file password", "--user"),
    ] {
        let line = line.replace(" --name home", if more.contains("--name") { "" } else { " --name home" });
        let said = home.run(&format!("{line} {more}"));
        assert!(said.code == 2 && said.err.contains(says), "{more}: {said:?}");
    }
    let den = "source add jellyfin --name den --address http://127.0.0.1:1 --user a";
    let both = home.run(&format!("{den} --password-file password --key-file key"));
    assert!(both.code == 2 && both.err.contains("not both"), "{both:?}");
}

#[test]
fn a_password_may_come_after_a_key_without_a_user() {
    let home = home();
    let server = server(&Arc::new(AtomicBool::new(true)));
    home.well(&format!("source add subsonic --name home --address {} --key-file key", server.address()));
    let added = home.json("source add subsonic --name home --user alice --password-file password");
    assert!(list(&added, "/dropped").is_empty(), "{added}");
    assert_eq!(ways(&home), ["key", "password"]);
}

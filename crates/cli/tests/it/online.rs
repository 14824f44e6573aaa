//! What links alone can tell, asked of a stand-in on this computer.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use ferrotape_testkit::{spotify_id, spotify_uri};

use crate::home::{Home, list};

/// Answers each path with a status, a header line and a body, and keeps what was asked.
struct StandIn {
    address: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl StandIn {
    /// Ends with the test's process; answers are `(beginning of the path, status, header, body)`.
    fn start(answers: Vec<(String, u16, String, String)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut lines = BufReader::new(&stream).lines().map_while(Result::ok);
                let first = lines.next().unwrap_or_default();
                for _ in lines.take_while(|line| !line.is_empty()) {}
                kept.lock().unwrap().push(first.clone());
                let path = first.split(' ').nth(1).unwrap_or_default();
                let answer = answers.iter().find(|(begins, ..)| path.starts_with(begins));
                let (status, header, body) = answer.map_or((404, "", ""), |(_, status, header, body)| {
                    (*status, header.as_str(), body.as_str())
                });
                let sent = if first.starts_with("HEAD") { "" } else { body };
                let _ = write!(
                    &stream,
                    "HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n{header}\r\n{sent}",
                    body.len()
                );
            }
        });
        Self { address, asked }
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

fn redirect(from: &str, to: &str) -> (String, u16, String, String) {
    (from.to_owned(), 307, format!("Location: {to}\r\n"), String::new())
}

fn titled(title: &str) -> (String, u16, String, String) {
    let body =
        format!(r#"{{"version": "1.0", "type": "rich", "title": "{title}", "html": "<iframe></iframe>"}}"#);
    ("/open.spotify.com/oembed".to_owned(), 200, String::new(), body)
}

fn web(kind: &str, name: &str) -> String {
    format!("https://open.spotify.com/{kind}/{}", spotify_id(kind, name))
}

#[test]
fn without_leave_nothing_is_asked() {
    let stand_in = StandIn::start(vec![titled("Ebb")]);
    let home = Home::new();
    let said = home.run(&format!("import {}", web("track", "new")));
    assert!(said.code == 1 && said.err.contains("--online"), "{said:?}");
    let short = home.run("import https://spotify.link/abc");
    assert!(short.code == 1 && short.err.contains("--online"), "{short:?}");
    assert!(stand_in.asked().is_empty());
}

#[test]
fn a_short_link_is_followed_by_heads_alone_to_what_the_library_knows() {
    let home = Home::with_wishes();
    home.well("import wishes.zip");
    let ebb = crate::collection::track("Ebb").uri().replacen(
        "spotify:track:",
        "https://open.spotify.com/track/",
        1,
    );
    let stand_in = StandIn::start(vec![
        redirect("/spotify.link/abc", "https://spotify.app.link/def?x=1"),
        redirect("/spotify.app.link/def", &format!("{ebb}?si=77")),
    ]);
    let said =
        home.well(&format!("import https://spotify.link/abc --online --links-address {}", stand_in.address));
    assert!(said.out.contains("Ebb"), "{said:?}");
    let asked = stand_in.asked();
    assert_eq!(asked.len(), 2, "{asked:?}");
    assert!(asked.iter().all(|line| line.starts_with("HEAD /spotify.")), "{asked:?}");
}

#[test]
fn hostile_short_links_are_not_followed() {
    let home = Home::new();
    let cases = [
        ("https://evil.example/x", "none of Spotify's"),
        ("https://open.spotify.com.evil.example/track/1", "none of Spotify's"),
        ("https://open.spotify.com@evil.example/", "no plain web address"),
        ("https://spotify.link:8443/x", "no plain web address"),
        ("file:///etc/passwd", "no web address"),
        ("https://spotify.link/abc", "followed four times"),
    ];
    for (to, says) in cases {
        let stand_in = StandIn::start(vec![redirect("/spotify.link/abc", to)]);
        let line = format!("import https://spotify.link/abc --online --links-address {}", stand_in.address);
        let said = home.run(&line);
        assert!(said.code == 1 && said.err.contains(says), "{to}: {said:?}");
        assert!(stand_in.asked().iter().all(|line| line.starts_with("HEAD /spotify.link/")), "{to}");
    }
    let away = home.run("import https://spotify.link/abc --online --links-address http://192.0.2.1");
    assert!(away.code == 1 && away.err.contains("this computer"), "{away:?}");
}

#[test]
fn a_title_alone_takes_no_file_unasked() {
    let stand_in = StandIn::start(vec![titled("Ebb")]);
    let home = Home::new();
    let online = format!("--online --links-address {}", stand_in.address);
    let last = home.json(&format!("convert {} --from MUSIC --to ./player {online}", web("track", "unknown")));
    assert_eq!(list(&last, "/report/rows").len(), 1, "{last:#}");
    let row = &list(&last, "/report/rows")[0];
    assert_eq!((&row["title"], home.mp3s().len()), (&"Ebb".into(), 0), "{row}");
    assert!(["needs_review", "not_in_sources"].contains(&row["outcome"].as_str().unwrap()), "{row}");
    assert!(
        stand_in.asked().iter().all(|line| line.starts_with("GET /open.spotify.com/oembed?url=https%3A"))
    );
    home.well(&format!("import {}", spotify_uri("track", "unknown")));
    assert!(stand_in.asked().is_empty(), "what is known is not asked for again");
}

#[test]
fn a_playlist_is_more_than_its_title() {
    let stand_in = StandIn::start(vec![titled("Road Trip")]);
    let online = format!("--online --links-address {}", stand_in.address);
    let said = Home::new().run(&format!("import {} {online}", web("playlist", "x")));
    assert!(said.code == 1 && said.err.contains("is the playlist “Road Trip”"), "{said:?}");
    let nothing = StandIn::start(Vec::new());
    let online = format!("--online --links-address {}", nothing.address);
    let said = Home::new().run(&format!("import {} {online}", web("track", "x")));
    assert!(said.code == 1 && said.err.contains("nothing imported so far carries"), "{said:?}");
    let garbage = StandIn::start(vec![(
        "/open.spotify.com/oembed".to_owned(),
        200,
        String::new(),
        "<html>".to_owned(),
    )]);
    let online = format!("--online --links-address {}", garbage.address);
    let said = Home::new().run(&format!("import {} {online}", web("track", "x")));
    assert!(said.code == 1 && said.err.contains("none that oEmbed would give"), "{said:?}");
}

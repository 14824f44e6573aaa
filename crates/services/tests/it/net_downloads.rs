//! Files over lines that break off, begin anew or lie.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ferrotape_domain::{Cancel, Fault, FaultKind, Fetched, ServiceMemory, Sums};
use ferrotape_services::net::{Download, Net};
use ferrotape_testkit::{HttpAnswer, HttpServer, HttpTrouble as Trouble};
use serde_json::json;

use crate::net::{get, net};

pub(crate) fn audio(bytes: usize) -> Vec<u8> {
    (0..bytes).map(|at| (at * 31 % 251) as u8 | 1).collect()
}

fn fetch(net: &Net, path: &str, to: &Path, sums: &Sums) -> Result<Fetched, Fault> {
    let download = Download { request: get(path), to, size: None, sums, max_bytes: 10 << 20, came: &|_| {} };
    net.download(&download, &Cancel::default())
}

fn files(bytes: usize, etag: &'static str) -> HttpServer {
    HttpServer::start(move |request| match request.path() {
        "/example.org/gone.flac" => HttpAnswer::status(404),
        "/example.org/page.flac" => HttpAnswer::file("audio/flac", etag, "<!DOCTYPE html><p>Sign in"),
        "/example.org/plain.flac" => HttpAnswer::file("text/plain; charset=utf-8", etag, audio(bytes)),
        "/example.org/note.flac" => HttpAnswer::file("text/plain", etag, "Schönen Tag, bitte anmelden\n"),
        "/example.org/markup.flac" => HttpAnswer::file("text/plain", etag, "<!DOCTYPE html><p>Sign in"),
        "/example.org/error.flac" => HttpAnswer::json(&json!({ "error": 70 })),
        "/example.org/large.flac" => HttpAnswer::file("audio/flac", etag, vec![1; 11 << 20]),
        _ => HttpAnswer::file("audio/flac", etag, audio(bytes)),
    })
    .unwrap()
}

fn sha256_of(bytes: &[u8]) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn what_is_called_plain_text_is_a_file_where_its_bytes_are_no_text() {
    let server = files(300_000, "\"one\"");
    let (net, _) = net(&server);
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("a.flac");
    server.spoil("plain.flac", Trouble::CutAfter(100_000));
    let fetched = fetch(&net, "/plain.flac", &to, &Sums::default()).unwrap();
    assert_eq!((fetched.bytes, fetched.sha256), (300_000, sha256_of(&audio(300_000))));
    for text in ["/note.flac", "/markup.flac"] {
        let to = folder.path().join("b.flac");
        assert!(fetch(&net, text, &to, &Sums::default()).is_err(), "{text}");
        assert!(!to.exists(), "{text}");
    }
}

#[test]
fn a_file_that_breaks_off_is_gone_on_with_and_comes_whole() {
    let server = files(300_000, "\"one\"");
    let (net, _) = net(&server);
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("deep/er/a.flac");
    for trouble in [
        Trouble::CutAfter(100_000),
        Trouble::Silence(Duration::from_secs(1)),
        Trouble::NoRanges,
        Trouble::HungUp,
        Trouble::CutAfter(10_000),
        Trouble::WrongRange,
        Trouble::CutAfter(200_000),
        Trouble::OtherEtag,
        Trouble::Status(503),
    ] {
        server.spoil("a.flac", trouble);
    }
    let fetched = fetch(&net, "/a.flac", &to, &Sums::default()).unwrap();
    assert_eq!(std::fs::read(&to).unwrap(), audio(300_000));
    assert_eq!((fetched.bytes, fetched.sha256), (300_000, sha256_of(&audio(300_000))));
    assert_eq!(fetched.url.as_deref(), Some("https://example.org/a.flac"));
    assert_eq!(std::fs::read_dir(to.parent().unwrap()).unwrap().count(), 1, "nothing is left beside it");
    assert!(server.requests().iter().any(|request| request.header("range").is_some()));
    assert!(server.requests().iter().all(|request| {
        request.header("range").is_none()
            || request.header("if-range") == Some("\"one\"")
            || request.header("if-range") == Some("\"another\"")
    }));
}

#[test]
fn what_an_earlier_run_began_is_gone_on_with_only_where_it_is_the_same_file() {
    for (etag, goes_on) in [("\"one\"", true), ("", false), ("W/\"weak\"", false)] {
        let server = files(300_000, etag);
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("a.flac");
        server.spoil("a.flac", Trouble::CutAfter(100_000));
        // Each try that brings something counts anew, so it must be ones that bring nothing that end the run.
        for _ in 0..3 {
            server.spoil("a.flac", Trouble::HungUp);
        }
        let (first, _) = net(&server);
        assert!(fetch(&first, "/a.flac", &to, &Sums::default()).is_err(), "{etag}");
        let (second, _) = net(&server);
        let before = server.requests().len();
        fetch(&second, "/a.flac", &to, &Sums::default()).unwrap();
        assert_eq!(std::fs::read(&to).unwrap(), audio(300_000), "{etag}");
        let asked = server.requests();
        assert_eq!(
            asked[before..].iter().any(|request| request.header("range").is_some()),
            goes_on,
            "{etag}"
        );
    }
}

#[test]
fn a_file_that_always_breaks_off_at_one_place_is_let_go_soon_and_its_line_is_well() {
    let server = HttpServer::start(|_| {
        HttpAnswer::file("audio/flac", "", audio(100_000)).but(Trouble::CutAfter(90_000))
    })
    .unwrap();
    let (net, memory) = net(&server);
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("a.flac");
    let fault = fetch(&net, "/a.flac", &to, &Sums::default()).unwrap_err();
    assert_eq!((server.requests().len(), fault.kind), (4, FaultKind::Permanent), "{}", fault.reason);
    assert!(fault.reason.ends_with("4 times at the same place"), "{}", fault.reason);
    let standing = memory.standing("example").unwrap().unwrap();
    assert_eq!((standing.down_since, standing.failures), (None, 0));
}

#[test]
fn a_file_without_end_is_let_go_where_it_should_end() {
    let server = HttpServer::start(|_| HttpAnswer::file("audio/flac", "", audio(9)).but(Trouble::Endless));
    let (net, _) = net(server.as_ref().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let (to, sums, came) = (folder.path().join("a.flac"), Sums::default(), AtomicUsize::new(0));
    let count = |bytes: u64| {
        came.fetch_add(usize::try_from(bytes).unwrap(), Ordering::SeqCst);
    };
    let (request, size) = (get("/a.flac"), Some(100_000));
    let download = Download { request, to: &to, size, sums: &sums, max_bytes: 10 << 20, came: &count };
    let fault = net.download(&download, &Cancel::default()).unwrap_err();
    assert!(fault.reason.starts_with("more came than the file has"), "{fault}");
    assert!(came.load(Ordering::SeqCst) <= 400_000 && !to.exists(), "{came:?}");
}

#[test]
fn a_line_that_breaks_here_and_there_is_gone_on_with_as_long_as_it_gets_further() {
    let server = files(300_000, "");
    let (net, _) = net(&server);
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("a.flac");
    for end in [50_000, 40_000, 30_000, 60_000, 20_000, 10_000, 70_000] {
        server.spoil("a.flac", Trouble::CutAfter(end));
    }
    fetch(&net, "/a.flac", &to, &Sums::default()).unwrap();
    assert_eq!(std::fs::read(&to).unwrap(), audio(300_000));
}

/// Bytes of another file.
fn others(bytes: usize) -> Vec<u8> {
    audio(bytes).into_iter().map(|byte| byte ^ 0x22).collect()
}

/// A server whose file breaks off in the middle and is another from then on: rests of that carry this ETag and total.
fn changes_its_file(etag: &'static str, total: &'static str) -> HttpServer {
    let began = AtomicUsize::new(0);
    HttpServer::start(move |request| {
        if let Some(range) = request.header("range") {
            let start: usize = range.trim_start_matches("bytes=").trim_end_matches('-').parse().unwrap();
            let end = total.parse().unwrap_or(200_000);
            let rest = HttpAnswer::text("audio/flac", &others(end)[start..]).and_status(206);
            let rest = rest.with("Content-Range", format!("bytes {start}-{}/{total}", end - 1));
            return if etag.is_empty() { rest } else { rest.with("ETag", etag) };
        }
        let whole = |etag: &str, bytes: Vec<u8>| HttpAnswer::text("audio/flac", bytes).with("ETag", etag);
        match began.fetch_add(1, Ordering::SeqCst) {
            0 => whole("\"a\"", audio(100_000)).but(Trouble::CutAfter(50_000)),
            _ => whole("\"b\"", others(200_000)),
        }
    })
    .unwrap()
}

#[test]
fn a_rest_that_does_not_show_whose_it_is_is_not_joined_to_a_beginning() {
    for (etag, total) in [("", "100000"), ("W/\"a\"", "100000"), ("\"a\"", "200000"), ("\"a\"", "*")] {
        let server = changes_its_file(etag, total);
        let (net, _) = net(&server);
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("a.flac");
        fetch(&net, "/a.flac", &to, &Sums::default()).unwrap();
        assert!(server.requests().iter().any(|request| request.header("range").is_some()), "{etag} {total}");
        let is_whole = std::fs::read(&to).unwrap() == others(200_000);
        assert!(is_whole, "halves of two files were joined: {etag} {total}");
    }
}

#[test]
fn a_promised_sum_is_kept_to() {
    let server = files(50_000, "\"one\"");
    let (net, _) = net(&server);
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("a.flac");
    let sums = Sums { sha256: Some(sha256_of(&audio(50_000))), ..Sums::default() };
    server.spoil("a.flac", Trouble::Corrupt(4_711));
    fetch(&net, "/a.flac", &to, &sums).unwrap();
    assert_eq!(std::fs::read(&to).unwrap(), audio(50_000), "a spoilt copy is fetched once more");
    let to = folder.path().join("b.flac");
    server.spoil("b.flac", Trouble::Corrupt(1));
    server.spoil("b.flac", Trouble::Corrupt(2));
    let fault = fetch(&net, "/b.flac", &to, &sums).unwrap_err();
    assert!(fault.reason.contains("SHA-256") && !to.exists(), "{fault}");
}

#[test]
fn what_is_no_file_is_not_taken_for_one() {
    let server = files(1, "\"one\"");
    let (net, memory) = net(&server);
    let folder = tempfile::tempdir().unwrap();
    for (path, says) in [
        ("/gone.flac", "404"),
        ("/page.flac", "web page"),
        ("/error.flac", "something else"),
        ("/large.flac", "10 MiB"),
    ] {
        let to = folder.path().join("x.flac");
        let fault = fetch(&net, path, &to, &Sums::default()).unwrap_err();
        assert!(fault.reason.contains(says) && fault.kind == FaultKind::Permanent, "{path}: {fault}");
        assert!(!to.exists());
    }
    let standing = memory.standing("example").unwrap();
    assert!(standing.is_none_or(|standing| standing.failures == 0), "none of it is the line's fault");
}

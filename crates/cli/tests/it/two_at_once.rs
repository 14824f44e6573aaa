//! Two of the program at the same time: what a service allows is shared between them.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use ferrotape_testkit::{HttpAnswer, HttpServer};
use serde_json::json;

use crate::home::Home;

/// So long the first request is answered at the latest; who looks waits for ten seconds.
const LATEST: Duration = Duration::from_secs(8);
const MOMENT: Duration = Duration::from_millis(5);

fn check(home: &Home, server: &HttpServer) -> Child {
    let mut command = home.command();
    command.args(["--stand-in", server.address().as_str(), "source", "check", "musicbrainz"]);
    command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

#[test]
fn a_service_is_asked_by_one_of_them_at_a_time_and_the_other_says_that_it_waits() {
    let home = Home::new();
    home.well("source add musicbrainz");
    let is_waited_for = Arc::new(AtomicBool::new(false));
    let (asked, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (answers_when, count, highest) = (Arc::clone(&is_waited_for), Arc::clone(&asked), Arc::clone(&most));
    let now = AtomicUsize::new(0);
    let server = HttpServer::start(move |_| {
        highest.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        count.fetch_add(1, Ordering::SeqCst);
        let began = Instant::now();
        while !answers_when.load(Ordering::SeqCst) && began.elapsed() < LATEST {
            sleep(MOMENT);
        }
        now.fetch_sub(1, Ordering::SeqCst);
        HttpAnswer::json(&json!({}))
    });
    let server = server.unwrap();
    let mut first = check(&home, &server);
    while asked.load(Ordering::SeqCst) == 0 && first.try_wait().unwrap().is_none() {
        sleep(MOMENT);
    }
    let mut second = check(&home, &server);
    let mut said = String::new();
    BufReader::new(second.stderr.take().unwrap()).read_line(&mut said).unwrap();
    is_waited_for.store(true, Ordering::SeqCst);
    first.wait().unwrap();
    second.wait().unwrap();
    assert!(said.contains("another ferrotape is using musicbrainz; waiting for a turn there"), "{said}");
    assert_eq!(most.load(Ordering::SeqCst), 1);
    assert!(asked.load(Ordering::SeqCst) >= 2, "both have asked");
}

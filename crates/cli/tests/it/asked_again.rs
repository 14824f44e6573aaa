//! Places that say or give something wrong for a while: it is told by name, tried again before long, and never stands in
//! the way of what is right.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ferrotape_testkit::{HttpAnswer, HttpRequest, HttpServer};

use crate::collection::music;
use crate::elsewhere::{HELD, Server, outcome, subsonic};
use crate::elsewhere_care::with_little;

/// A server of the user's with one file. While it is `down`, it answers as `wrong` says, where that says anything.
fn spoilt(wrong: impl Fn(&HttpRequest) -> Option<HttpAnswer> + Send + Sync + 'static) -> Server {
    let down = Arc::new(AtomicBool::new(true));
    let is_down = Arc::clone(&down);
    let http = HttpServer::start(move |request| {
        let answer = if is_down.load(Ordering::SeqCst) { wrong(request) } else { None };
        answer.unwrap_or_else(|| subsonic(request, &HELD[..1]))
    });
    Server { http: http.unwrap(), down }
}

fn is_of_a_file(request: &HttpRequest) -> bool {
    ["download", "stream"].iter().any(|call| request.path().contains(call))
}

#[test]
fn one_bad_answer_does_not_bar_a_file_for_long() {
    let ebb = fs::read(music().join("Mara Quill/Low Water/01 Ebb.flac")).unwrap();
    let bad = [
        HttpAnswer::status(404),
        HttpAnswer::text("text/html", "<!DOCTYPE html><html><body>Please sign in</body></html>"),
        HttpAnswer::text("audio/flac", &ebb[..ebb.len() / 2]),
    ];
    for answer in bad {
        let says = format!("{} {:?}", answer.status, answer.headers);
        let server = spoilt(move |request| is_of_a_file(request).then(|| answer.clone()));
        let home = with_little(&["Ebb"]);
        server.add(&home);
        let first = home.json("convert a.csv --from own --to ./player");
        let row = outcome(&first, "Ebb");
        let told = row["says"].as_str().unwrap();
        assert!(row["outcome"] == "waiting" && told.contains("it is fetched again after 2"), "{says}: {row}");
        assert!(told.contains("status --retry"), "{says}: {row}");

        server.down.store(false, Ordering::SeqCst);
        let second = home.json("convert a.csv --from own --to ./player");
        assert_eq!(outcome(&second, "Ebb")["outcome"], "waiting", "{says}: not by every run");
        assert_eq!(home.json("status --retry")["freed_files"], 1, "{says}");
        let third = home.json("convert a.csv --from own --to ./player");
        assert_eq!(outcome(&third, "Ebb")["outcome"], "on_player", "{says}: {third:#}");
    }
}

//! Podcasts whose feeds give their episodes no ids, and whose hosts give each file another address every day.

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use ferrotape_testkit::fake_podcasts::FakePodcasts;
use ferrotape_testkit::{HttpAnswer, HttpServer};

use crate::home::{Home, files_below};
use crate::podcasts::{five_seconds, opml};
use crate::podcasts_taken::forget_answers;

/// A feed of one episode, whose file is somewhere else each day.
fn moving(sound: Vec<u8>) -> (HttpServer, Arc<AtomicUsize>) {
    let (own, day) = (Arc::new(Mutex::new(String::new())), Arc::new(AtomicUsize::new(1)));
    let (of_server, today) = (Arc::clone(&own), Arc::clone(&day));
    let server = HttpServer::start(move |request| match request.path() {
        "/feed" => {
            let (own, day) = (of_server.lock().unwrap(), today.load(Ordering::SeqCst));
            let rss = format!(
                "<rss><channel><title>Low Tide</title><item><title>Harbour</title>\
                 <pubDate>Tue, 05 Mar 2024 06:30:00 GMT</pubDate>\
                 <enclosure url=\"{own}/signed-{day}/harbour.mp3\" type=\"audio/mpeg\"/></item></channel></rss>"
            );
            HttpAnswer::text("application/rss+xml", rss)
        }
        _ => HttpAnswer::file("audio/mpeg", "", sound.clone()),
    })
    .unwrap();
    *own.lock().unwrap() = server.address();
    (server, day)
}

#[test]
fn an_episode_without_an_id_is_not_another_one_each_day() {
    let home = Home::new();
    let (server, day) = moving(five_seconds(&home, "Harbour"));
    let outside = FakePodcasts::start(Vec::new()).unwrap();
    opml(&home.path("shows.opml"), "Low Tide", "feeds.example/low-tide");
    let address = format!("{}/feed", server.address());
    let text = fs::read_to_string(home.path("shows.opml")).unwrap();
    fs::write(home.path("shows.opml"), text.replace("https://feeds.example/low-tide", &address)).unwrap();
    home.well(&format!("source add podcasts --feed {address}"));
    fs::create_dir(home.path("own")).unwrap();
    let line = format!("convert shows.opml --from own --to ./player --stand-in {}", outside.address());
    for today in 1..=3 {
        day.store(today, Ordering::SeqCst);
        forget_answers(&home);
        let last = home.json(&line);
        assert_eq!(last["report"]["outcomes"]["on_player"], 1, "{today}: {last:#}");
        let files = files_below(&home.path(".local/share/ferrotape/collection"));
        let files = files.iter().filter(|path| path.ends_with(".mp3")).count();
        let fetched = server.requests().iter().filter(|one| one.path().ends_with(".mp3")).count();
        assert_eq!((files, fetched, home.mp3s().len()), (1, 1, 1), "{today}: {:?}", server.asked());
    }
}

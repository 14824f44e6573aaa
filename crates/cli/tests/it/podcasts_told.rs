//! Podcasts that are on the player, and of which something does not come: each is told of by name, in the report, by
//! `explain` and by `status`, until it comes.

use std::fs;
use std::sync::{Arc, Mutex};

use ferrotape_testkit::fake_podcasts::{Door, FakePodcasts, FakeShow, Listing, Sound};
use ferrotape_testkit::{HttpAnswer, HttpServer, HttpTrouble, Track};
use serde_json::{Value, json};

use crate::collection::music;
use crate::elsewhere_care::service;
use crate::home::{Home, list, row_of, text};
use crate::podcasts::{five_seconds, opml};

fn waiting(home: &Home, name: &str) -> Value {
    let status = home.json("status");
    service(&status, name).unwrap_or_else(|| panic!("no {name}: {status:#}"))["waiting"].clone()
}

#[test]
fn an_episode_that_always_breaks_off_rests_for_a_day_and_its_host_is_named() {
    let home = Home::new();
    let show =
        FakeShow::new("Low Tide", "feeds.example/low-tide", 1).sounding(five_seconds(&home, "Harbour"), 5);
    // Parts of its copies are not joined, so that each is asked for from its beginning.
    let feeds = FakePodcasts::start(vec![FakeShow { sound: Sound::Advertised, ..show }]).unwrap();
    (0..40).for_each(|_| feeds.spoil("/cdn.feeds.example/1.mp3", HttpTrouble::CutAfter(20_000)));
    opml(&home.path("shows.opml"), "Low Tide", "feeds.example/low-tide");
    home.well("source add podcasts");
    fs::create_dir(home.path("own")).unwrap();
    let line = format!("convert shows.opml --from own --to ./player --stand-in {}", feeds.address());
    for run in ["the first", "the next"] {
        let last = home.json(&line);
        let row = row_of(&last["report"], "Low Tide").clone();
        assert_eq!(
            (&row["outcome"], feeds.asked("/cdn.feeds.example/1.mp3")),
            (&"waiting".into(), 4),
            "{run}: {row:#}"
        );
        let says = row["says"].as_str().unwrap();
        assert!(says.contains("could not give it: ") && says.contains("at the same place"), "{run}: {says}");
        assert!(says.contains("it is fetched again after 2") && !says.contains("; until"), "{run}: {says}");
        assert_eq!(waiting(&home, "podcasts/stats.example"), 1, "{run}");
    }
}

#[test]
fn a_podcast_that_gets_no_new_episodes_says_why() {
    let home = Home::new();
    // A feed that is kept nowhere is asked for by every run.
    let feed = "feeds.example/low-tide?auth=hunter2";
    let show = FakeShow::new("Low Tide", feed, 1).sounding(five_seconds(&home, "Harbour"), 5);
    let feeds = FakePodcasts::start(vec![FakeShow { listing: Listing::Nowhere, ..show }]).unwrap();
    opml(&home.path("shows.opml"), "Low Tide", feed);
    home.well("source add podcasts");
    fs::create_dir(home.path("own")).unwrap();
    let line = format!("convert shows.opml --from own --to ./player --stand-in {}", feeds.address());
    let told = || {
        let report = home.json(&line)["report"].clone();
        let row = row_of(&report, "Low Tide");
        assert_eq!(
            (&row["outcome"], home.mp3s().len()),
            (&"on_player".into(), 1),
            "what is there stays: {row:#}"
        );
        assert_eq!(report["substitutes"], 0, "no other version stands in: {row:#}");
        row["substitute"].as_str().map(str::to_owned)
    };
    let is_in_all = |says: &str| {
        for said in [home.well("report").out, home.well("explain Low Tide").out] {
            assert!(said.contains(says) && !said.contains("stands in"), "{said}");
        }
    };
    assert_eq!(told(), None);
    assert_eq!(waiting(&home, "podcasts"), 0);

    feeds.shows()[0].door = Door::Gone;
    let says = told().unwrap_or_default();
    let gone = "no new episodes: the feed that you named is not at feeds.example any more";
    assert!(says.starts_with(gone) && !says.contains("hunter2"), "{says}");
    is_in_all(gone);
    assert_eq!(waiting(&home, "podcasts"), 1);
    // A run that asks nobody knows nothing better.
    let offline = home.json(&format!("{line} --offline"))["report"].clone();
    assert_eq!(row_of(&offline, "Low Tide")["substitute"].as_str(), Some(says.as_str()), "{offline:#}");

    feeds.shows()[0].door = Door::Password("alice".to_owned(), "s3cret".to_owned());
    let says = told().unwrap_or_default();
    let refused = "no new episodes: podcasts/feeds.example could not be asked: feeds.example gives the feed to \
                   subscribers only";
    assert!(says.starts_with(refused) && says.contains("until you have done that"), "{says}");
    is_in_all(refused);
    let status = home.json("status");
    let host = service(&status, "podcasts/feeds.example").unwrap();
    assert_eq!((&host["state"], &host["waiting"]), (&"refuses".into(), &1.into()), "{status:#}");

    feeds.shows()[0].door = Door::Open;
    assert_eq!(told(), None);
    let status = home.json("status");
    let host = service(&status, "podcasts/feeds.example").unwrap();
    assert_eq!((&host["state"], &host["waiting"]), (&"up".into(), &0.into()), "{status:#}");
}

#[test]
fn a_feed_that_is_gone_for_a_while_says_when_it_is_asked_for_again_and_comes_at_once_after_a_retry() {
    let home = Home::new();
    let show =
        FakeShow::new("Low Tide", "feeds.example/low-tide", 1).sounding(five_seconds(&home, "Harbour"), 5);
    let feeds =
        FakePodcasts::start(vec![FakeShow { door: Door::Gone, listing: Listing::Nowhere, ..show }]).unwrap();
    opml(&home.path("shows.opml"), "Low Tide", "feeds.example/low-tide");
    home.well("source add podcasts");
    fs::create_dir(home.path("own")).unwrap();
    let line = format!("convert shows.opml --from own --to ./player --stand-in {}", feeds.address());
    let row = || row_of(&home.json(&line)["report"], "Low Tide").clone();
    let again = || {
        let row = row();
        let says = row["says"].as_str().unwrap_or_default();
        let gone = "the feed that you named is not at feeds.example any more (asked for again after ";
        let (_, again) = says.split_once(gone).unwrap_or_else(|| panic!("{row:#}"));
        let (again, _) = again.split_once(", or at once after `ferrotape status --retry`)").unwrap();
        again.to_owned()
    };
    let first = again();
    assert!(first.starts_with("20") && home.well("report").out.contains(&first), "{first}");
    // Its host's word stands, and the next run says so with the same hour.
    feeds.shows()[0].door = Door::Open;
    assert_eq!((again(), feeds.asked("low-tide")), (first, 1));
    let freed = home.json("status --retry");
    assert_eq!(freed["freed_feeds"], 1, "{freed:#}");
    let row = row();
    assert_eq!(row["outcome"], "on_player", "{row:#}");
}

/// Four episodes: one is there, one is gone, one is a page, and the host of one is down.
fn of_four(sound: Vec<u8>) -> HttpServer {
    HttpServer::start(move |request| match request.path() {
        "/feeds.example/low-tide" => {
            let hosts = ["cdn.example", "gone.example", "page.example", "down.example"];
            let item = |(at, host): (usize, &str)| {
                format!(
                    "<item><title>Talk {at}</title><guid>{at}</guid><pubDate>2024-03-0{} 08:00:00</pubDate>\
                     <enclosure url=\"https://{host}/{at}.mp3\" type=\"audio/mpeg\"/></item>",
                    at + 1
                )
            };
            let items: String = hosts.into_iter().enumerate().map(item).collect();
            let feed = format!("<rss><channel><title>Low Tide</title>{items}</channel></rss>");
            HttpAnswer::text("application/rss+xml", feed)
        }
        // Many a host does not know what it sends.
        "/cdn.example/0.mp3" => HttpAnswer::file("text/plain", "", sound.clone()),
        "/page.example/2.mp3" => {
            HttpAnswer::text("text/html", "<!DOCTYPE html><title>Please sign in</title>")
        }
        "/down.example/3.mp3" => HttpAnswer::status(503),
        _ => HttpAnswer::status(404),
    })
    .unwrap()
}

#[test]
fn a_podcast_of_which_most_episodes_did_not_come_says_which_and_why() {
    let home = Home::new();
    let feeds = of_four(five_seconds(&home, "Harbour"));
    opml(&home.path("shows.opml"), "Low Tide", "feeds.example/low-tide");
    home.well("source add podcasts");
    fs::create_dir(home.path("own")).unwrap();
    let line = format!("convert shows.opml --from own --to ./player --stand-in {}", feeds.address());
    // The second run knows that one was no use.
    for run in 1..=2 {
        let report = home.json(&line)["report"].clone();
        let row = row_of(&report, "Low Tide");
        let says = row["substitute"].as_str().unwrap_or_default().to_owned();
        assert_eq!(row["outcome"], "on_player", "{run}: {row:#}");
        let parts = [
            "1 of the newest 4; 3 could not be had: ",
            "the sound is not at gone.example any more (status 404)",
            "it is fetched again after 2",
            "page.example sends a page or text instead of the sound, until ",
        ];
        assert!(parts.iter().all(|part| says.contains(part)), "{run}: {says}");
        let html = home.path("report.html");
        home.well(&format!("report --html {}", text(&html)));
        let page = fs::read_to_string(html).unwrap();
        let explained = home.well("explain Low Tide").out;
        assert!(explained.contains("found, 1 file –"), "{run}: {explained}");
        for said in [page, explained, home.well("report").out] {
            assert!(said.contains(parts[0]) && !said.contains("stands in"), "{run}: {said}");
        }
        assert_eq!(waiting(&home, "podcasts/page.example"), 1, "{run}");
    }
}

#[test]
fn a_podcast_whose_feed_broke_off_gets_what_there_is_and_says_that_there_may_be_more() {
    let home = Home::new();
    let sounds = ["Harbour", "Gulls"].map(|title| five_seconds(&home, title));
    let item = |at: usize| {
        format!(
            "<item><title>Talk {at}</title><guid>{at}</guid><pubDate>2024-03-0{at} 08:00:00</pubDate>\
             <enclosure url=\"https://cdn.example/{at}.mp3\" type=\"audio/mpeg\"/></item>"
        )
    };
    let whole = format!("<rss><channel><title>Low Tide</title>{}{}</channel></rss>", item(1), item(2));
    let half = whole[..whole.find("<enclosure url=\"https://cdn.example/2").unwrap()].to_owned();
    let feed = Arc::new(Mutex::new(half));
    let of_server = Arc::clone(&feed);
    let feeds = HttpServer::start(move |request| match request.path() {
        "/feeds.example/low-tide" => {
            HttpAnswer::text("application/rss+xml", of_server.lock().unwrap().clone())
        }
        "/cdn.example/1.mp3" => HttpAnswer::file("audio/mpeg", "", sounds[0].clone()),
        "/cdn.example/2.mp3" => HttpAnswer::file("audio/mpeg", "", sounds[1].clone()),
        _ => HttpAnswer::status(404),
    })
    .unwrap();
    opml(&home.path("shows.opml"), "Low Tide", "feeds.example/low-tide");
    home.well("source add podcasts");
    fs::create_dir(home.path("own")).unwrap();
    let line = format!("convert shows.opml --from own --to ./player --stand-in {}", feeds.address());
    let told = |episodes: usize| {
        let report = home.json(&line)["report"].clone();
        let row = row_of(&report, "Low Tide");
        assert_eq!((&row["outcome"], home.mp3s().len()), (&"on_player".into(), episodes), "{row:#}");
        row["substitute"].as_str().map(str::to_owned)
    };
    // The second run has all that half of it tells.
    for run in ["the first", "the next"] {
        let says = "there may be more of it: the feed at feeds.example broke off in the middle, until ";
        let row = told(1).unwrap_or_default();
        assert!(row.starts_with(says), "{run}: {row}");
        for said in [home.well("report").out, home.well("explain Low Tide").out] {
            assert!(said.contains(says), "{run}: {said}");
        }
        assert_eq!(waiting(&home, "podcasts/feeds.example"), 1, "{run}");
    }
    *feed.lock().unwrap() = whole;
    assert_eq!(told(2), None);
    assert_eq!(waiting(&home, "podcasts/feeds.example"), 0);
}

#[test]
fn what_waits_is_not_forgotten_when_another_list_is_converted() {
    let home = Home::new();
    let feeds = HttpServer::start(|request| match request.path() {
        "/login.example/rss" => HttpAnswer::status(403),
        _ => HttpAnswer::status(503),
    })
    .unwrap();
    let show = |title: &str, host: &str| {
        format!("<outline type=\"rss\" text=\"{title}\" title=\"{title}\" xmlUrl=\"https://{host}/rss\"/>")
    };
    let shows = [show("High Tide", "down.example"), show("Mid Tide", "login.example")].concat();
    let list = format!("<?xml version=\"1.0\"?><opml version=\"2.0\"><head/><body>{shows}</body></opml>");
    fs::write(home.path("shows.opml"), list).unwrap();
    home.csv("other.csv", &[Track::new("Mara Quill", "Low Water", "Ebb")]);
    home.well("source add podcasts");
    fs::create_dir(home.path("own")).unwrap();
    fs::copy(music().join("Nordlys/Aurora/04 Polar Night.flac"), home.path("own/x.flac")).unwrap();
    let fill = |what: &str| {
        home.json(&format!("convert {what} --from own --to ./player --stand-in {}", feeds.address()))
    };
    assert_eq!(fill("shows.opml")["report"]["outcomes"]["waiting"], 2);
    // Once more, for what is told of a list before the last one.
    for what in ["shows.opml", "other.csv", "other.csv"] {
        fill(what);
        assert_eq!(waiting(&home, "podcasts/down.example"), 1, "{what}");
        let status = home.json("status");
        let login = service(&status, "podcasts/login.example").unwrap();
        assert_eq!(
            (&login["state"], &login["waiting"]),
            (&"refuses".into(), &1.into()),
            "{what}: {status:#}"
        );
        let why = login["refuses"].as_str().unwrap_or_default();
        assert!(why.starts_with("login.example gives the feed to subscribers only"), "{what}: {why}");
        let explained = home.well("explain High Tide").out;
        assert!(explained.contains("podcasts/down.example could not be asked"), "{what}: {explained}");
    }
}

#[test]
fn half_a_feed_that_does_not_tell_its_name_is_waited_for_by_the_name_of_its_host() {
    let home = Home::new();
    let show =
        FakeShow::new("Low Tide", "feeds.example/low-tide", 1).sounding(five_seconds(&home, "Harbour"), 5);
    let feeds = FakePodcasts::start(vec![FakeShow { listing: Listing::Nowhere, ..show }]).unwrap();
    let library = json!({ "tracks": [], "albums": [], "episodes": [], "artists": [],
        "shows": [{ "name": "Low Tide", "publisher": "Mara Quill" }] });
    fs::write(home.path("YourLibrary.json"), library.to_string()).unwrap();
    home.well("source add podcasts --feed https://feeds.example/low-tide");
    fs::create_dir(home.path("own")).unwrap();
    let line = format!("convert YourLibrary.json --from own --to ./player --stand-in {}", feeds.address());
    let row = || row_of(&home.json(&line)["report"], "Low Tide").clone();
    feeds.spoil("/feeds.example/low-tide", HttpTrouble::Says(200, "<rss><channel><title>Low Ti"));
    let first = row();
    let says = "podcasts/feeds.example could not be asked: the feed at feeds.example broke off in the middle";
    assert_eq!(first["outcome"], "waiting", "{first:#}");
    assert!(first["says"].as_str().unwrap_or_default().contains(says), "{first:#}");
    assert_eq!(waiting(&home, "podcasts/feeds.example"), 1);
    let next = row();
    assert_eq!(next["outcome"], "on_player", "{next:#}");
}

#[test]
fn a_feed_that_leads_to_another_podcast_when_it_is_first_read_is_asked_about() {
    let home = Home::new();
    let sound = five_seconds(&home, "Coin");
    let server = HttpServer::start(move |request| match request.path() {
        "/feeds.example/low-tide" => HttpAnswer::leads_to(301, "https://sister.example/feed"),
        "/sister.example/feed" => HttpAnswer::text(
            "application/rss+xml",
            "<rss><channel><title>Gulls at Noon</title><item><title>Coin</title><guid>1</guid>\
             <enclosure url=\"https://sister.example/1.mp3\" type=\"audio/mpeg\"/></item></channel></rss>",
        ),
        path if path.ends_with(".mp3") => HttpAnswer::file("audio/mpeg", "", sound.clone()),
        _ => HttpAnswer::json(&json!({ "resultCount": 0, "results": [] })),
    })
    .unwrap();
    opml(&home.path("shows.opml"), "Low Tide", "feeds.example/low-tide");
    home.well("source add podcasts");
    fs::create_dir(home.path("own")).unwrap();
    let fill = || {
        let line = format!("convert shows.opml --from own --to ./player --stand-in {}", server.address());
        home.json(&line)
    };
    // The second run takes what was kept of it.
    for run in 1..=2 {
        let last = fill();
        let says = list(&last["report"], "/rows")[0]["says"].as_str().unwrap_or_default().to_owned();
        assert!(says.contains("calls itself “Gulls at Noon”") && says.contains("--feed"), "{run}: {last:#}");
        assert_eq!(home.mp3s().len(), 0, "{run}");
    }
    home.well("source add podcasts --feed https://feeds.example/low-tide");
    let last = fill();
    assert_eq!(last["report"]["outcomes"]["on_player"], 1, "the user says that it is right: {last:#}");
}

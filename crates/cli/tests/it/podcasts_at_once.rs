//! The run that imports podcasts fetches them and fills them: what it imported is known when feeds are asked for, and a feed
//! that was taken for a podcast is it, whatever it calls itself.

use std::fs;
use std::path::Path;

use ferrotape_testkit::fake_podcasts::{FakePodcasts, FakeShow};
use serde_json::json;

use crate::home::Home;
use crate::podcasts::{five_seconds, opml};

/// A library of the first of a show's episodes, as an own file of ferrotape's lists it.
fn episodes(path: &Path, show: &FakeShow, release: &str, count: usize) {
    let entry = |at: usize| {
        let episode = &show.episodes[at];
        json!({ "kind": "episode", "title": episode.title, "release": release, "released": episode.day,
            "artists": [{ "name": show.author }], "duration_ms": episode.seconds * 1000 })
    };
    let entries: Vec<_> = (0..count).map(entry).collect();
    let list = json!({ "kind": "saved_episodes", "name": "Saved Episodes", "entries": entries });
    let library =
        json!({ "format": "ferrotape-library", "version": 1, "lists": [list], "noted": [], "plays": [] });
    fs::write(path, library.to_string()).unwrap();
}

/// A home with podcasts set up and no music, and the address of the stand-in.
fn home_with(feeds: &FakePodcasts) -> (Home, String) {
    let home = Home::new();
    home.well("source add podcasts");
    fs::create_dir(home.path("own")).unwrap();
    (home, feeds.address())
}

fn sounds_fetched(feeds: &FakePodcasts) -> usize {
    feeds.requests().iter().filter(|request| request.path().starts_with("/cdn.")).count()
}

#[test]
fn a_private_feed_is_fetched_from_in_the_run_that_imports_it() {
    let sound = five_seconds(&Home::new(), "Harbour");
    let show = FakeShow::new("Low Tide", "feeds.example/low-tide?auth=hunter2", 1).sounding(sound, 5);
    let feeds = FakePodcasts::start(vec![show]).unwrap();
    let (home, address) = home_with(&feeds);
    opml(&home.path("shows.opml"), "Low Tide", "feeds.example/low-tide?auth=hunter2");
    let last = home.json(&format!("convert shows.opml --from own --to ./player --stand-in {address}"));
    assert_eq!(last["report"]["outcomes"]["on_player"], 1, "{last:#}");
    assert!(!last.to_string().contains("hunter2"), "{last:#}");
}

#[test]
fn episodes_prove_their_feed_in_the_run_that_imports_them() {
    let sound = five_seconds(&Home::new(), "Harbour");
    let show = FakeShow::new("Low Tide", "feeds.example/low-tide", 5).sounding(sound, 5);
    let feeds = FakePodcasts::start(vec![show.clone()]).unwrap();
    let (home, address) = home_with(&feeds);
    episodes(&home.path("eps.json"), &show, "Low Tide", 5);
    let last = home.json(&format!("convert eps.json --from own --to ./player --stand-in {address}"));
    assert_eq!(sounds_fetched(&feeds), 5, "{last:#}");
}

#[test]
fn refresh_fetches_what_it_has_just_read() {
    let sound = five_seconds(&Home::new(), "Harbour");
    let show = FakeShow::new("Low Tide", "feeds.example/low-tide", 5).sounding(sound, 5);
    let feeds = FakePodcasts::start(vec![show.clone()]).unwrap();
    let (home, address) = home_with(&feeds);
    episodes(&home.path("eps.json"), &show, "Low Tide", 1);
    home.well("import eps.json");
    episodes(&home.path("eps.json"), &show, "Low Tide", 5);
    let last = home.json(&format!("refresh --stand-in {address}"));
    assert_eq!(sounds_fetched(&feeds), 5, "{last:#}");
}

#[test]
fn a_feed_that_was_named_for_a_podcast_is_it_whatever_it_calls_itself() {
    let sound = five_seconds(&Home::new(), "Harbour");
    for (named, calls_itself, feed) in [
        ("Low Tide", "Low Tide with Mara Quill", "feeds.example/low-tide"),
        ("My renamed show", "Low Tide", "feeds.example/low-tide"),
        ("Low Tide (Patreon)", "Low Tide", "feeds.example/low-tide?auth=hunter2"),
    ] {
        let show = FakeShow::new(calls_itself, feed, 1).sounding(sound.clone(), 5);
        let feeds = FakePodcasts::start(vec![show]).unwrap();
        let (home, address) = home_with(&feeds);
        opml(&home.path("shows.opml"), named, feed);
        let line = format!("convert shows.opml --from own --to ./player --stand-in {address}");
        // Asked or not, it stays.
        for line in [line.clone(), line.clone(), format!("{line} --offline")] {
            let last = home.json(&line);
            assert_eq!(last["report"]["outcomes"]["on_player"], 1, "{named}: {last:#}");
            assert_eq!(home.mp3s().len(), 1, "{named}");
        }
        assert_eq!(sounds_fetched(&feeds), 1, "{named}");
    }
}

#[test]
fn episodes_are_filled_from_the_feed_that_they_prove_whatever_it_calls_itself() {
    let home = Home::new();
    let sounds = ["Harbour", "Gulls", "Ebb"].map(|title| five_seconds(&home, title)).to_vec();
    let show =
        FakeShow::new("Low Tide with Mara Quill", "feeds.example/low-tide", 3).sounding_each(sounds, 5);
    let feeds = FakePodcasts::start(vec![show.clone()]).unwrap();
    let (home, address) = home_with(&feeds);
    episodes(&home.path("eps.json"), &show, "Low Tide", 3);
    let last = home.json(&format!("convert eps.json --from own --to ./player --stand-in {address}"));
    assert_eq!(last["report"]["outcomes"]["on_player"], 3, "{last:#}");
}

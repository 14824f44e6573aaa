//! Feeds that were taken for podcasts: what comes of them, and what happens once they are doubted.

use std::fs;
use std::process::Command;

use ferrotape_testkit::fake_podcasts::{FakePodcasts, FakeShow, Listing};
use serde_json::json;

use crate::home::{Home, row_of};
use crate::podcasts::{five_seconds, list_of_two, opml, two_of_one_name};

#[test]
fn a_feed_that_is_doubted_later_fills_the_podcast_no_more() {
    let home = Home::new();
    // A list calls it as the wanted podcast is called; it calls itself otherwise.
    let other = FakeShow::new("Gulls at Noon", "other.example/rss", 1);
    let other = FakeShow { listing: Listing::Nowhere, ..other.sounding(five_seconds(&home, "Gulls"), 5) };
    let feeds = FakePodcasts::start(vec![other]).unwrap();
    opml(&home.path("shows.opml"), "The Low Tide Podcast", "other.example/rss");
    let library = json!({ "tracks": [], "albums": [], "episodes": [], "artists": [],
        "shows": [{ "name": "Low Tide", "publisher": "Mara Quill" }] });
    fs::write(home.path("YourLibrary.json"), library.to_string()).unwrap();
    home.well("source add podcasts");
    fs::create_dir(home.path("own")).unwrap();
    let fill = || {
        let line = format!(
            "convert shows.opml YourLibrary.json --from own --to ./player --stand-in {}",
            feeds.address()
        );
        let report = home.json(&line)["report"].clone();
        let of = |title: &str| row_of(&report, title)["outcome"] == "on_player";
        [of("Low Tide"), of("The Low Tide Podcast")]
    };
    assert_eq!(fill(), [true, true], "nothing speaks against it");
    // Now it says whose it is.
    feeds.shows()[0].author = "Somebody Else".to_owned();
    forget_answers(&home);
    assert_eq!(fill(), [false, true], "it is only that of the list");
}

/// Forgets what is known of services, so that all is asked again.
pub(crate) fn forget_answers(home: &Home) {
    for ending in ["", "-wal", "-shm"] {
        drop(fs::remove_file(home.path(&format!(".local/share/ferrotape/services.sqlite{ending}"))));
    }
}

#[test]
fn the_episodes_of_a_feed_that_is_doubted_later_are_asked_about() {
    let home = Home::new();
    let other = FakeShow::new("Low Tide", "other.example/rss", 1).sounding(five_seconds(&home, "Gulls"), 5);
    let feeds = FakePodcasts::start(vec![FakeShow { listing: Listing::Nowhere, ..other }]).unwrap();
    let library = json!({ "tracks": [], "albums": [], "episodes": [], "artists": [],
        "shows": [{ "name": "Low Tide", "publisher": "Mara Quill" }] });
    fs::write(home.path("YourLibrary.json"), library.to_string()).unwrap();
    home.well("source add podcasts --feed https://other.example/rss");
    fs::create_dir(home.path("own")).unwrap();
    let fill = |network: &str| {
        let last = home.json(&format!("convert YourLibrary.json --from own --to ./player {network}"));
        row_of(&last["report"], "Low Tide").clone()
    };
    let stand_in = format!("--stand-in {}", feeds.address());
    assert_eq!(fill(&stand_in)["outcome"], "on_player", "nothing speaks against it");
    let there = home.mp3s();
    assert_eq!(there.len(), 1, "{there:?}");
    feeds.shows()[0].author = "Somebody Else".to_owned();
    forget_answers(&home);
    for network in [stand_in.as_str(), "--offline"] {
        let row = fill(network);
        assert_ne!(row["outcome"], "on_player", "{network}: {row:#}");
        // Nobody knows that they are another's: what is there stays until that is answered.
        assert!(row["says"].as_str().unwrap().contains("stays there as it is"), "{network}: {row:#}");
        assert_eq!(home.mp3s(), there, "{network}");
    }
    let why = home.well("explain Low Tide").out;
    assert!(why.contains("a feed of this name that may be another podcast's"), "{why}");
    // It says again that it is hers.
    feeds.shows()[0].author = "Mara Quill".to_owned();
    forget_answers(&home);
    assert_eq!(fill(&stand_in)["outcome"], "on_player");
}

#[test]
fn a_podcast_whose_feed_says_that_it_moved_has_its_new_episodes_beside_one_of_its_name() {
    let home = Home::new();
    let show = |name: &str, feed: &str, sound: &str| {
        let show = FakeShow::new(name, feed, 1).sounding(five_seconds(&home, sound), 5);
        FakeShow { listing: Listing::Nowhere, ..show }
    };
    let old = FakeShow {
        new_feed: Some("new.example/feed".to_owned()),
        ..show("Low Tide", "feeds.example/low-tide", "Harbour")
    };
    let new = show("Low Tide", "new.example/feed", "Harbour");
    let other = show("The Low Tide Podcast", "other.example/rss", "Gulls");
    let report = two_of_one_name(&home, vec![old, new, other]);
    assert_eq!(row_of(&report, "Low Tide")["outcome"], "on_player", "{report:#}");
    assert_eq!(home.mp3s().len(), 2, "{:?}", home.mp3s());
}

#[test]
fn a_saved_podcast_is_not_filled_with_the_episodes_of_its_namesake_in_a_list() {
    // By another publisher it is another podcast; by the same one it is one, wanted twice.
    for (author, filled) in [("Other Person", 1), ("Mara Quill", 2)] {
        let home = Home::new();
        let other = FakeShow::new("Low Tide", "n.example/rss", 1).sounding(five_seconds(&home, "Gulls"), 5);
        let other = FakeShow { author: author.to_owned(), listing: Listing::Nowhere, ..other };
        let feeds = FakePodcasts::start(vec![other]).unwrap();
        opml(&home.path("shows.opml"), "Low Tide", "n.example/rss");
        let library = json!({ "tracks": [], "albums": [], "episodes": [], "artists": [],
            "shows": [{ "name": "Low Tide", "publisher": "Mara Quill" }] });
        fs::write(home.path("YourLibrary.json"), library.to_string()).unwrap();
        home.well("source add podcasts");
        fs::create_dir(home.path("own")).unwrap();
        let fill = |lists: &str| {
            let line = format!("convert {lists} --from own --to ./player --stand-in {}", feeds.address());
            home.json(&line)["report"].clone()
        };
        // The second run finds the files and the feed that the first one took.
        for _ in 0..2 {
            let report = fill("shows.opml YourLibrary.json");
            assert_eq!(report["outcomes"]["on_player"], filled, "{author}: {report:#}");
        }
        let report = fill("YourLibrary.json");
        let is_filled = row_of(&report, "Low Tide")["outcome"] == "on_player";
        assert_eq!(is_filled, filled == 2, "{author}, her list alone: {report:#}");
    }
}

/// The same sound, whose own tags call the podcast itself its artist.
fn by_the_podcast(home: &Home, sound: &[u8]) -> Vec<u8> {
    fs::write(home.path("plain.mp3"), sound).unwrap();
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.current_dir(home.path("")).args(["-v", "error", "-y", "-i", "plain.mp3", "-c", "copy"]);
    ffmpeg.args(["-metadata", "artist=Low Tide", "-metadata", "album_artist=Low Tide", "tagged.mp3"]);
    assert!(ffmpeg.status().unwrap().success());
    fs::read(home.path("tagged.mp3")).unwrap()
}

#[test]
fn a_part_of_the_library_gives_a_saved_podcast_nothing_of_its_namesake() {
    let home = Home::new();
    let sound = by_the_podcast(&home, &five_seconds(&home, "Gulls"));
    let other = FakeShow::new("Low Tide", "n.example/rss", 1).sounding(sound, 5);
    let other = FakeShow { author: "Other Person".to_owned(), listing: Listing::Nowhere, ..other };
    let feeds = FakePodcasts::start(vec![other]).unwrap();
    opml(&home.path("shows.opml"), "Low Tide", "n.example/rss");
    let uri = "spotify:show:0aB1cD2eF3gH4iJ5kL6mN7";
    let library = json!({ "tracks": [], "albums": [], "episodes": [], "artists": [],
        "shows": [{ "name": "Low Tide", "publisher": "Mara Quill", "uri": uri }] });
    fs::write(home.path("YourLibrary.json"), library.to_string()).unwrap();
    home.well("source add podcasts");
    fs::create_dir(home.path("own")).unwrap();
    let fill = |what: &str, network: &str| {
        home.json(&format!("convert {what} --from own --to ./player {network}"))["report"].clone()
    };
    let stand_in = format!("--stand-in {}", feeds.address());
    let report = fill("shows.opml YourLibrary.json", &stand_in);
    assert_eq!(report["outcomes"]["on_player"], 1, "that of the list: {report:#}");
    for (what, network) in [("YourLibrary.json", stand_in.as_str()), (uri, "--offline")] {
        let report = fill(what, network);
        assert_ne!(row_of(&report, "Low Tide")["outcome"], "on_player", "{what}: {report:#}");
    }
    let report = fill("shows.opml", "--offline");
    assert_eq!(row_of(&report, "Low Tide")["outcome"], "on_player", "its own: {report:#}");
}

#[test]
fn an_episode_that_two_podcasts_of_a_name_have_is_asked_about_where_nothing_tells() {
    // With a day that only one of them has, it is that one's.
    for (day, outcome) in [(None, "needs_review"), (Some("2023-01-01"), "on_player")] {
        let home = Home::new();
        let show = |name: &str, feed: &str, sound: &str, day: &str| {
            let mut show = FakeShow::new(name, feed, 1).sounding(five_seconds(&home, sound), 5);
            show.episodes[0].day = day.to_owned();
            FakeShow { listing: Listing::Nowhere, ..show }
        };
        let shows = vec![
            show("Low Tide", "feeds.example/low-tide", "One", "2024-01-01"),
            show("The Low Tide Podcast", "other.example/rss", "Other", "2023-01-01"),
        ];
        let feeds = FakePodcasts::start(shows).unwrap();
        list_of_two(&home);
        let entry = json!({ "kind": "episode", "title": "Harbour", "release": "Low Tide", "released": day });
        let list = json!({ "kind": "saved_episodes", "name": "Saved Episodes", "entries": [entry] });
        let library =
            json!({ "format": "ferrotape-library", "version": 1, "lists": [list], "noted": [], "plays": [] });
        fs::write(home.path("eps.json"), library.to_string()).unwrap();
        home.well("source add podcasts");
        fs::create_dir(home.path("own")).unwrap();
        let line =
            format!("convert shows.opml eps.json --from own --to ./player --stand-in {}", feeds.address());
        for run in 1..=2 {
            let report = home.json(&line)["report"].clone();
            assert_eq!(row_of(&report, "Harbour")["outcome"], outcome, "{day:?} {run}: {report:#}");
            assert_eq!(home.mp3s().len(), 2, "{day:?} {run}: each podcast has its own");
        }
    }
}

#[test]
fn a_feed_is_read_however_a_program_of_podcasts_writes_its_address() {
    for scheme in ["feed://", "feed:https://", "itpc://", "pcast://"] {
        let home = Home::new();
        let show = FakeShow::new("Low Tide", "feeds.example/low-tide", 1);
        let show = FakeShow { listing: Listing::Nowhere, ..show.sounding(five_seconds(&home, "Harbour"), 5) };
        let feeds = FakePodcasts::start(vec![show]).unwrap();
        let list = home.path("shows.opml");
        opml(&list, "Low Tide", "feeds.example/low-tide");
        let written = fs::read_to_string(&list).unwrap().replace("https://", scheme);
        fs::write(&list, written).unwrap();
        home.well("source add podcasts");
        fs::create_dir(home.path("own")).unwrap();
        let line = format!("convert shows.opml --from own --to ./player --stand-in {}", feeds.address());
        let last = home.json(&line);
        assert_eq!(row_of(&last["report"], "Low Tide")["outcome"], "on_player", "{scheme}: {last:#}");
    }
}

//! Podcasts whose feeds the user named, from the list to the player.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

use ferrotape_testkit::fake_podcasts::{Door, FakePodcasts, FakeShow};
use ferrotape_testkit::{HttpAnswer, HttpServer, MadeTrack, make_music, make_track, mutagen_frames};
use serde_json::Value;

use crate::home::{Home, list, row_of};

/// The bytes of an MP3 of five seconds without tags of its own, another for each title.
pub(crate) fn five_seconds(home: &Home, title: &str) -> Vec<u8> {
    let (made, bare) = (home.path("made.mp3"), home.path("bare.mp3"));
    let track = MadeTrack::new("", "", 1, title).format(ferrotape_domain::AudioFormat::Mp3).seconds(5.0);
    make_track(&made, &track).unwrap();
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-v", "error", "-y", "-i"]).arg(made);
    ffmpeg.args(["-map", "0:a", "-map_metadata", "-1", "-c", "copy"]).arg(&bare);
    assert!(ffmpeg.status().unwrap().success());
    fs::read(bare).unwrap()
}

/// A list of podcasts, as another program saves it.
pub(crate) fn opml(path: &Path, title: &str, feed: &str) {
    let text = format!(
        "<?xml version=\"1.0\"?><opml version=\"2.0\"><head/><body>\
         <outline type=\"rss\" text=\"{title}\" title=\"{title}\" xmlUrl=\"https://{feed}\"/></body></opml>"
    );
    fs::write(path, text).unwrap();
}

/// Titles and beginnings in milliseconds of the chapters of a finished track.
fn chapters(path: &Path) -> Vec<(String, u64)> {
    let mut ffprobe = Command::new("ffprobe");
    ffprobe.args(["-v", "error", "-show_chapters", "-of", "json"]).arg(path);
    let shown: Value = serde_json::from_slice(&ffprobe.output().unwrap().stdout).unwrap();
    let chapter = |one: &Value| {
        let start: f64 = one["start_time"].as_str().unwrap().parse().unwrap();
        (one["tags"]["title"].as_str().unwrap_or_default().to_owned(), (start * 1000.0).round() as u64)
    };
    list(&shown, "/chapters").iter().map(chapter).collect()
}

fn fetched(show: impl FnOnce(&Home) -> FakeShow) -> (Home, Value) {
    let home = Home::new();
    let feeds = FakePodcasts::start(vec![show(&home)]).unwrap();
    opml(&home.path("shows.opml"), "Low Tide", "feeds.example/low-tide");
    home.well("source add podcasts");
    fs::create_dir(home.path("own")).unwrap();
    let line = format!(
        "convert shows.opml --from own --to ./player --profile rockbox --stand-in {}",
        feeds.address()
    );
    let last = home.json(&line);
    assert_eq!(last["event"], "result", "{last:#}");
    (home, last)
}

#[test]
fn what_a_feed_says_of_an_episode_is_in_the_finished_file() {
    let (home, last) = fetched(|home| {
        FakeShow::new("Low Tide", "feeds.example/low-tide", 1).sounding(five_seconds(home, "Harbour"), 5)
    });
    assert_eq!(last["report"]["outcomes"]["on_player"], 1, "{last:#}");
    let episodes = home.mp3s();
    assert_eq!(episodes.len(), 1, "{episodes:?}");
    for episode in &episodes {
        let path = home.player().join(episode);
        let told = chapters(&path);
        assert_eq!(told, [("Hello".to_owned(), 0), ("The rest".to_owned(), 2_500)], "{episode}");
        let frames = mutagen_frames(&[path]).unwrap().remove(0);
        let has = |name: &str, text: &str| {
            frames.iter().any(|(frame, says)| frame.starts_with(name) && format!("{says:?}").contains(text))
        };
        // Whether the address of a feed that the user named holds a key, nobody knows.
        assert!(!has("WFED", "") && has("TGID", "") && !has("TGID", "feeds.example"), "{frames:?}");
        assert!(has("TDES", "About"), "{frames:?}");
    }
}

#[test]
fn chapters_of_another_copy_are_left_out() {
    // Its advertisements make the copy that came 40 seconds shorter than the feed says.
    let (home, _) = fetched(|home| {
        FakeShow::new("Low Tide", "feeds.example/low-tide", 1).sounding(five_seconds(home, "Harbour"), 45)
    });
    let episodes = home.mp3s();
    assert_eq!(episodes.len(), 1, "{episodes:?}");
    assert_eq!(chapters(&home.player().join(&episodes[0])), []);
}

/// A server at home with a feed of one episode, by plain addresses.
fn at_home(sound: Vec<u8>) -> HttpServer {
    let own = Arc::new(Mutex::new(String::new()));
    let of_server = Arc::clone(&own);
    let server = HttpServer::start(move |request| match request.path() {
        "/feed" => {
            let own = of_server.lock().unwrap();
            HttpAnswer::text(
                "application/rss+xml",
                format!(
                    "<rss><channel><title>Low Tide</title><item><title>Harbour</title><guid>1</guid>\
                     <enclosure url=\"{own}/1.mp3\" type=\"audio/mpeg\"/></item></channel></rss>"
                ),
            )
        }
        _ => HttpAnswer::file("audio/mpeg", "", sound.clone()),
    })
    .unwrap();
    *own.lock().unwrap() = server.address();
    server
}

#[test]
fn a_feed_at_home_is_asked_once_the_user_typed_it() {
    let home = Home::new();
    let server = at_home(five_seconds(&home, "Harbour"));
    let outside = FakePodcasts::start(Vec::new()).unwrap();
    opml(&home.path("shows.opml"), "Low Tide", "feeds.example/low-tide");
    let address = format!("{}/feed", server.address());
    let text = fs::read_to_string(home.path("shows.opml")).unwrap();
    fs::write(home.path("shows.opml"), text.replace("https://feeds.example/low-tide", &address)).unwrap();
    home.well("source add podcasts");
    fs::create_dir(home.path("own")).unwrap();
    let fill = || {
        let line = format!("convert shows.opml --from own --to ./player --stand-in {}", outside.address());
        home.json(&line)
    };
    let last = fill();
    let says = list(&last["report"], "/rows")[0]["says"].as_str().unwrap_or_default().to_owned();
    assert!(says.contains(&format!("ferrotape source add podcasts --feed {address}")), "{last:#}");
    assert_eq!(server.requests().len(), 0, "a list may be of anybody");
    home.well(&format!("source add podcasts --feed {address}"));
    home.well("source add podcasts");
    assert!(home.well("source list").out.contains("podcasts                 1 feed of your own"));
    let last = fill();
    assert_eq!(last["report"]["outcomes"]["on_player"], 1, "{last:#}");
    let odd = home.run("source add podcasts --feed http://me:hunter2@nas/feed");
    assert!(odd.code == 2 && !odd.all().contains("hunter2"), "{odd:?}");
}

#[test]
fn an_episode_that_came_cut_off_is_fetched_again_after_a_rest() {
    let home = Home::new();
    let whole = five_seconds(&home, "Harbour");
    let cut = whole[..whole.len() / 2].to_vec();
    let show = FakeShow::new("Low Tide", "feeds.example/low-tide", 1).sounding(cut, 5);
    let feeds = FakePodcasts::start(vec![show]).unwrap();
    opml(&home.path("shows.opml"), "Low Tide", "feeds.example/low-tide");
    home.well("source add podcasts");
    fs::create_dir(home.path("own")).unwrap();
    let line = format!("convert shows.opml --from own --to ./player --stand-in {}", feeds.address());
    let fill = || home.json(&line);
    let fetched = || feeds.requests().iter().filter(|one| one.path().starts_with("/cdn.")).count();
    fill();
    let (first, before) = (fetched(), home.mp3s());
    assert!(first > 0 && before.is_empty(), "{before:?}");
    feeds.shows()[0].audio = Some(whole);
    let last = fill();
    assert_eq!(fetched(), first, "not at once: {last:#}");
    // The day after.
    let collection = home.path(".local/share/ferrotape/collection");
    let file = crate::home::files_below(&collection).into_iter().find(|path| path.ends_with(".mp3")).unwrap();
    let file = fs::File::options().write(true).open(collection.join(file)).unwrap();
    file.set_modified(std::time::SystemTime::now() - std::time::Duration::from_secs(30 * 3_600)).unwrap();
    fill();
    let last = fill();
    assert_eq!(fetched(), first + 1, "{last:#}");
    assert_eq!(home.mp3s().len(), 1, "{last:#}");
}

/// A list of two podcasts of one name.
pub(crate) fn list_of_two(home: &Home) {
    opml(&home.path("shows.opml"), "Low Tide", "feeds.example/low-tide");
    let text = fs::read_to_string(home.path("shows.opml")).unwrap();
    let second =
        "<outline type=\"rss\" text=\"The Low Tide Podcast\" xmlUrl=\"https://other.example/rss\"/></body>";
    fs::write(home.path("shows.opml"), text.replace("</body>", second)).unwrap();
}

/// A run that wants both podcasts of such a list: its report.
pub(crate) fn two_of_one_name(home: &Home, shows: Vec<FakeShow>) -> Value {
    let feeds = FakePodcasts::start(shows).unwrap();
    list_of_two(home);
    home.well("source add podcasts");
    fs::create_dir(home.path("own")).unwrap();
    let line = format!("convert shows.opml --from own --to ./player --stand-in {}", feeds.address());
    home.json(&line)["report"].clone()
}

#[test]
fn a_podcast_whose_feed_is_gone_is_not_filled_from_one_of_its_name() {
    for (door, filled) in [(Door::Open, 2), (Door::Gone, 1)] {
        let home = Home::new();
        let show = |name: &str, feed: &str, sound: &str| {
            FakeShow::new(name, feed, 1).sounding(five_seconds(&home, sound), 5)
        };
        let public = show("Low Tide", "feeds.example/low-tide", "Harbour");
        let other = FakeShow { door, ..show("The Low Tide Podcast", "other.example/rss", "Gulls") };
        let report = two_of_one_name(&home, vec![public, other]);
        assert_eq!(report["outcomes"]["on_player"], filled, "{report:#}");
        assert_eq!(home.mp3s().len(), filled, "{:?}", home.mp3s());
    }
}

#[test]
fn one_file_of_two_podcasts_of_one_name_fills_both() {
    let home = Home::new();
    let sound = five_seconds(&home, "Harbour");
    let show = |name: &str, feed: &str| FakeShow::new(name, feed, 1).sounding(sound.clone(), 5);
    let shows =
        vec![show("Low Tide", "feeds.example/low-tide"), show("The Low Tide Podcast", "other.example/rss")];
    let report = two_of_one_name(&home, shows);
    assert_eq!(report["outcomes"]["on_player"], 2, "{report:#}");
    assert_eq!(home.mp3s().len(), 1, "it is one file: {:?}", home.mp3s());
}

#[test]
fn an_episode_of_a_podcast_that_is_not_wanted_any_more_is_not_its_namesakes() {
    let home = Home::new();
    let public =
        FakeShow::new("Low Tide", "feeds.example/low-tide", 1).sounding(five_seconds(&home, "Harbour"), 5);
    let mut other = FakeShow::new("The Low Tide Podcast", "other.example/rss", 1)
        .sounding(five_seconds(&home, "Gulls"), 5);
    other.episodes[0].title = "Gulls".to_owned();
    let feeds = FakePodcasts::start(vec![public, other]).unwrap();
    home.well("source add podcasts");
    fs::create_dir(home.path("own")).unwrap();
    let line = format!("convert shows.opml --from own --to ./player --stand-in {}", feeds.address());
    list_of_two(&home);
    home.json(&line);
    assert_eq!(home.mp3s().len(), 2, "{:?}", home.mp3s());
    opml(&home.path("shows.opml"), "Low Tide", "feeds.example/low-tide");
    let report = home.json(&line)["report"].clone();
    let left = home.mp3s();
    assert!(left.len() == 1 && left[0].contains("Harbour"), "{left:?}: {report:#}");
    let told = row_of(&report, "Low Tide")["substitute"].as_str().unwrap_or_default();
    assert!(told.contains("1 more file may be this podcast's or another's"), "{report:#}");
}

#[test]
fn an_own_file_that_may_be_of_either_podcast_of_a_name_is_told_of_and_stays() {
    let home = Home::new();
    let show = |name: &str, feed: &str, sound: &str| {
        let mut show = FakeShow::new(name, feed, 1).sounding(five_seconds(&home, sound), 5);
        show.episodes[0].title = sound.to_owned();
        show
    };
    let shows = vec![
        show("Low Tide", "feeds.example/low-tide", "Harbour"),
        show("The Low Tide Podcast", "other.example/rss", "Gulls"),
    ];
    let feeds = FakePodcasts::start(shows).unwrap();
    let own = MadeTrack::new("Harbour Radio", "Low Tide", 1, "My own copy");
    let own = own.format(ferrotape_domain::AudioFormat::Mp3).seconds(8.0).at("copy.mp3");
    let own = MadeTrack { genre: Some("Podcast".to_owned()), ..own };
    make_music(&home.path("own"), &[own]).unwrap();
    home.well("source add podcasts");
    let line = format!("convert shows.opml --from own --to ./player --stand-in {}", feeds.address());
    opml(&home.path("shows.opml"), "Low Tide", "feeds.example/low-tide");
    let first = home.json(&line)["report"].clone();
    assert_eq!(
        (home.mp3s().len(), &row_of(&first, "Low Tide")["substitute"]),
        (2, &Value::Null),
        "{first:#}"
    );
    list_of_two(&home);
    let report = home.json(&line)["report"].clone();
    // Whose it is became a question, and that is no reason to take it away.
    assert_eq!(home.mp3s().len(), 3, "one of each feed, and the own one: {:?}", home.mp3s());
    let told = row_of(&report, "Low Tide")["substitute"].as_str().unwrap_or_default();
    assert!(
        told.contains("My own copy.mp3, which an earlier run put on the player, stays there"),
        "{report:#}"
    );
    for row in list(&report, "/rows") {
        let told = row["substitute"].as_str().unwrap_or_default();
        let next = format!("`ferrotape explain {}`", row["number"]);
        assert!(told.starts_with("perhaps a part of it: 1 more file") && told.contains(&next), "{row:#}");
    }
    let said = home.well("report").out;
    assert!(said.contains("1 more file may be this podcast's or another's of its name"), "{said}");
}

#[test]
fn the_country_of_podcasts_is_kept_and_shown() {
    let home = Home::new();
    home.well("source add podcasts --country de");
    home.well("source add podcasts");
    assert!(home.well("source list").out.contains("Apple's directory of DE"));
    assert_eq!(home.json("source list")["sources"][0]["country"], "DE");
    for line in ["source add podcasts --country deu", "source add librivox --country de"] {
        assert_eq!(home.run(line).code, 2, "{line}");
    }
}

#[test]
fn each_feed_is_kept_once() {
    let home = Home::new();
    let feeds = || {
        let text = fs::read_to_string(home.path(".local/share/ferrotape/sources.toml")).unwrap();
        ["http://nas/a", "http://nas/b"].map(|feed| text.matches(feed).count())
    };
    home.well("source add podcasts --feed http://nas/a --feed http://nas/a");
    assert_eq!(feeds(), [1, 0]);
    home.well("source add podcasts --feed http://nas/b --feed http://nas/a --feed http://nas/b");
    assert_eq!(feeds(), [1, 1]);
    assert!(home.well("source list").out.contains("2 feeds of your own"));
}

#[test]
fn an_episode_is_what_its_feed_calls_it() {
    let home = Home::new();
    fs::write(home.path("plain.mp3"), five_seconds(&home, "Harbour")).unwrap();
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.current_dir(home.path("")).args(["-v", "error", "-i", "plain.mp3", "-c", "copy"]);
    ffmpeg.args(["-metadata", "title=ep1", "-metadata", "date=2019", "ep1.mp3"]);
    assert!(ffmpeg.status().unwrap().success());
    let sound = fs::read(home.path("ep1.mp3")).unwrap();
    let show = FakeShow::new("Low Tide", "feeds.example/low-tide", 1).sounding(sound, 5);
    let feeds = FakePodcasts::start(vec![show]).unwrap();
    opml(&home.path("shows.opml"), "Low Tide", "feeds.example/low-tide");
    let uri = "spotify:episode:0aB1cD2eF3gH4iJ5kL6mN7";
    let library = serde_json::json!({ "tracks": [], "shows": [], "albums": [], "artists": [],
        "episodes": [{ "name": "Harbour", "show": "Low Tide", "uri": uri }] });
    fs::write(home.path("YourLibrary.json"), library.to_string()).unwrap();
    home.well("source add podcasts");
    fs::create_dir(home.path("own")).unwrap();
    let last = home.json(&format!(
        "convert shows.opml YourLibrary.json --from own --to ./player --stand-in {}",
        feeds.address()
    ));
    assert_eq!(last["report"]["outcomes"]["on_player"], 2, "{:#}", last["report"]);
    assert_eq!(home.mp3s(), ["Podcasts/Low Tide/2024-01-01 - Harbour.mp3"]);
    let frames = mutagen_frames(&[home.player().join(&home.mp3s()[0])]).unwrap().remove(0);
    assert_eq!(frames["TIT2"], ["Harbour"], "{frames:?}");
    let why = home.well("explain Harbour").out;
    assert!(why.contains("same title, as its feed says"), "{why}");
}

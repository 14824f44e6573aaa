//! The pictures of episodes: their own, else their feed's.

use std::fs;
use std::path::Path;
use std::process::Command;

use ferrotape_testkit::fake_podcasts::{Door, FakePodcasts, FakeShow, Listing};
use ferrotape_testkit::{HttpTrouble, write_cover};

use crate::home::{Home, files_below};
use crate::podcasts::{five_seconds, opml};

/// The width of a finished track's picture; none where it has none.
fn width(path: &Path) -> Option<u32> {
    let mut ffprobe = Command::new("ffprobe");
    ffprobe.args(["-v", "error", "-select_streams", "v", "-show_entries", "stream=width", "-of", "csv=p=0"]);
    let said = ffprobe.arg(path).output().unwrap().stdout;
    String::from_utf8(said).unwrap().trim().trim_end_matches(',').parse().ok()
}

fn picture(home: &Home, pixels: u32) -> Vec<u8> {
    let path = home.path("picture.jpg");
    write_cover(&path, pixels).unwrap();
    fs::read(path).unwrap()
}

/// A home with a list of one podcast and no music.
fn home_of(feed: &str) -> Home {
    let home = Home::new();
    opml(&home.path("shows.opml"), "Low Tide", feed);
    home.well("source add podcasts");
    fs::create_dir(home.path("own")).unwrap();
    home
}

/// A show of one episode with a sound of its own.
fn show(home: &Home, feed: &str, sound: &str) -> FakeShow {
    FakeShow::new("Low Tide", feed, 1).sounding(five_seconds(home, sound), 5)
}

/// A show of several episodes, each with a sound of its own.
fn show_of(home: &Home, feed: &str, sounds: &[&str]) -> FakeShow {
    let sounds: Vec<Vec<u8>> = sounds.iter().map(|sound| five_seconds(home, sound)).collect();
    FakeShow::new("Low Tide", feed, sounds.len()).sounding_each(sounds, 5)
}

/// The command that fills the player.
fn line(feeds: &FakePodcasts) -> String {
    format!("convert shows.opml --from own --to ./player --stand-in {}", feeds.address())
}

/// Forgets what services said, and how they are.
fn forget(home: &Home) {
    for ending in ["", "-wal", "-shm"] {
        drop(fs::remove_file(home.path(&format!(".local/share/ferrotape/services.sqlite{ending}"))));
    }
}

/// Fills the player; the widths of the pictures there.
fn fill(home: &Home, feeds: &FakePodcasts) -> Vec<Option<u32>> {
    home.well(&line(feeds));
    home.mp3s().iter().map(|path| width(&home.player().join(path))).collect()
}

#[test]
fn an_episode_has_its_own_picture_else_that_of_its_feed() {
    let feed = "feeds.example/low-tide";
    for (of_feed, of_episode, expected) in
        [(Some(120), None, Some(120)), (Some(120), Some(64), Some(64)), (None, None, None)]
    {
        let home = home_of(feed);
        let bytes = |pixels: Option<u32>| pixels.map(|pixels| picture(&home, pixels));
        let (picture, newest_picture) = (bytes(of_feed), bytes(of_episode));
        let feeds =
            FakePodcasts::start(vec![FakeShow { picture, newest_picture, ..show(&home, feed, "Harbour") }]);
        let feeds = feeds.unwrap();
        for _ in 0..2 {
            assert_eq!(fill(&home, &feeds), [expected]);
        }
        assert_eq!(feeds.asked(".jpg"), usize::from(expected.is_some()), "once");
    }
}

#[test]
fn a_picture_is_fetched_once_for_all_episodes_that_show_it() {
    let home = home_of("feeds.example/low-tide");
    let first = show(&home, "feeds.example/low-tide", "Harbour");
    let feeds = FakePodcasts::start(vec![FakeShow { picture: Some(picture(&home, 120)), ..first }]).unwrap();
    assert_eq!(fill(&home, &feeds), [Some(120)]);
    // The next week's, with a sound of its own. What is known of the feed is forgotten, so that it is asked again.
    let sound = five_seconds(&home, "Gulls");
    let next = FakeShow::new("Low Tide", "feeds.example/low-tide", 2).sounding(sound, 5);
    let picture = feeds.shows()[0].picture.clone();
    feeds.shows()[0] = FakeShow { picture, ..next };
    forget(&home);
    assert_eq!(fill(&home, &feeds), [Some(120), Some(120)]);
    assert_eq!(feeds.asked(".jpg"), 1);
}

#[test]
fn an_episode_whose_picture_does_not_come_is_there_and_gets_it_later() {
    let home = home_of("feeds.example/low-tide");
    let bare = show(&home, "feeds.example/low-tide", "Harbour");
    let feeds = FakePodcasts::start(vec![FakeShow { picture: Some(picture(&home, 120)), ..bare }]).unwrap();
    feeds.spoil("show.jpg", HttpTrouble::Pause(503, 3_600));
    assert_eq!(fill(&home, &feeds), [None], "it is there without");
    home.well("status --retry");
    assert_eq!(fill(&home, &feeds), [Some(120)]);
}

#[test]
fn what_is_no_picture_is_asked_for_once_for_all_episodes() {
    let home = home_of("feeds.example/low-tide");
    let bare = show_of(&home, "feeds.example/low-tide", &["Harbour", "Gulls", "Salt"]);
    let page = b"<html>no picture</html>".to_vec();
    let feeds = FakePodcasts::start(vec![FakeShow { picture: Some(page), ..bare }]).unwrap();
    for _ in 0..2 {
        assert_eq!(fill(&home, &feeds), [None; 3]);
    }
    assert_eq!(feeds.asked("show.jpg"), 1);
}

#[test]
fn a_feed_that_is_refused_is_not_asked_for_the_picture_of_each_episode() {
    let home = home_of("me:hunter2@feeds.example/low-tide");
    let door = |password: &str| Door::Password("me".to_owned(), password.to_owned());
    let bare = show_of(&home, "feeds.example/low-tide", &["Harbour", "Gulls", "Salt", "Ebb"]);
    let bare = FakeShow { listing: Listing::Nowhere, door: door("hunter2"), ..bare };
    let feeds = FakePodcasts::start(vec![FakeShow { picture: Some(picture(&home, 120)), ..bare }]).unwrap();
    feeds.spoil("show.jpg", HttpTrouble::Pause(503, 3_600));
    assert_eq!(fill(&home, &feeds), [None; 4]);
    forget(&home);
    feeds.shows()[0].door = door("another");
    let before = feeds.asked("low-tide");
    home.run(&line(&feeds));
    // For new episodes, and for the pictures.
    let asked = feeds.asked("low-tide") - before;
    assert!((1..=3).contains(&asked), "{asked}");
}

#[test]
fn a_feed_that_is_not_there_for_a_while_costs_no_episode_its_picture() {
    let home = home_of("feeds.example/low-tide");
    let bare = show(&home, "feeds.example/low-tide", "Harbour");
    let bare = FakeShow { listing: Listing::Nowhere, ..bare };
    let feeds = FakePodcasts::start(vec![FakeShow { picture: Some(picture(&home, 120)), ..bare }]).unwrap();
    feeds.spoil("show.jpg", HttpTrouble::Pause(503, 3_600));
    assert_eq!(fill(&home, &feeds), [None]);
    forget(&home);
    feeds.shows()[0].door = Door::Gone;
    home.run(&line(&feeds));
    forget(&home);
    feeds.shows()[0].door = Door::Open;
    assert_eq!(fill(&home, &feeds), [Some(120)]);
}

#[test]
fn the_address_of_a_private_feeds_picture_is_kept_nowhere() {
    let feed = "feeds.example/low-tide?auth=hunter2";
    let home = home_of(feed);
    let query = "?auth=hunter2".to_owned();
    let private = FakeShow { picture: Some(picture(&home, 120)), query, ..show(&home, feed, "Harbour") };
    let feeds = FakePodcasts::start(vec![private]).unwrap();
    assert_eq!(fill(&home, &feeds), [Some(120)]);
    let library = home.path(".local/share/ferrotape");
    let is_asked_about = |path: &String| path.contains("collection") || path.contains("services");
    for path in files_below(&library).into_iter().filter(is_asked_about) {
        let bytes = fs::read(library.join(&path)).unwrap();
        let holds = |text: &[u8]| bytes.windows(text.len()).any(|part| part == text);
        assert!(!path.contains("hunter2") && !holds(b"hunter2") && !holds(b"show.jpg"), "{path}");
    }
}

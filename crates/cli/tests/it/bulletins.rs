//! Episodes whose titles tell nothing: each that its feed tells apart comes, and what it does not tell apart is there once.

use std::fs;

use ferrotape_testkit::fake_podcasts::FakeShow;
use serde_json::json;

use crate::came_as::{after, following, sounds_fetched};
use crate::home::{Home, files_below};
use crate::podcasts::five_seconds;

/// A feed of so many bulletins of one day, each with a sound and an hour of its own, the newest first.
fn bulletins(titles: &[&str]) -> FakeShow {
    let home = Home::new();
    let sounds = (0..titles.len()).map(|at| five_seconds(&home, &format!("Sound {at}"))).collect();
    let mut show = FakeShow::new("Low Tide", "feeds.example/low-tide", titles.len()).sounding_each(sounds, 5);
    for (at, (episode, title)) in show.episodes.iter_mut().zip(titles).enumerate() {
        episode.title = (*title).to_owned();
        episode.day = "2024-01-01".to_owned();
        episode.time = format!("{:02}:00:00 GMT", 20 - at);
    }
    show
}

/// The files of sound in the collection.
fn collected(home: &Home) -> usize {
    let files = files_below(&home.path(".local/share/ferrotape/collection"));
    files.iter().filter(|path| path.ends_with(".mp3")).count()
}

#[test]
fn several_bulletins_of_one_day_title_and_length_all_come() {
    for title in ["News", "Trailer", "Nachrichten"] {
        let (home, feeds, line) = following(bulletins(&[title; 3]));
        for run in 1..=2 {
            let last = home.json(&line);
            let there = (home.mp3s().len(), collected(&home), sounds_fetched(&feeds));
            assert_eq!(there, (3, 3, 3), "{title} {run}: {:?} {last:#}", home.mp3s());
        }
    }
}

#[test]
fn a_bulletin_that_is_listed_twice_with_equal_bytes_is_there_once() {
    let mut twice = bulletins(&["News"; 3]);
    twice.sounds[1] = twice.sounds[0].clone();
    let (home, _feeds, line) = following(twice);
    let last = home.json(&line);
    assert_eq!(home.mp3s().len(), 2, "{last:#}");
}

/// Another day, sound and length under the same name.
fn next_day(home: &Home, day: usize) -> impl FnOnce(&mut FakeShow) {
    let sound = five_seconds(home, &format!("Day {day}"));
    move |show| {
        show.sounds[0] = sound;
        show.episodes[0].day = format!("2024-01-{day:02}");
        show.episodes[0].seconds = 5 + day as u64 % 2 * 40;
    }
}

#[test]
fn each_days_news_under_one_name_come_and_the_newest_is_kept() {
    let (home, feeds, line) = following(bulletins(&["News"]));
    home.json(&line);
    for day in 2..=4 {
        let last = after((&home, &feeds, line.as_str()), next_day(&home, day));
        let newest = format!("Podcasts/Low Tide/2024-01-{day:02} - News.mp3");
        assert_eq!(home.mp3s(), [newest], "{last:#}");
        assert_eq!((collected(&home), sounds_fetched(&feeds)), (1, day), "{last:#}");
    }
    let said = home.well(&line);
    assert_eq!((collected(&home), sounds_fetched(&feeds)), (1, 4), "nothing is new: {said:?}");
    // The same length, and only the day is another.
    after((&home, &feeds, line.as_str()), |show| show.episodes[0].day = "2024-01-05".to_owned());
    assert_eq!(home.mp3s(), ["Podcasts/Low Tide/2024-01-05 - News.mp3"]);
    assert_eq!(collected(&home), 1, "its sound is the same, and it is dated anew");
}

#[test]
fn that_an_older_bulletin_made_way_is_told() {
    let (home, feeds, line) = following(bulletins(&["News"]));
    home.json(&line);
    next_day(&home, 2)(&mut feeds.shows()[0]);
    for ending in ["", "-wal", "-shm"] {
        drop(fs::remove_file(home.path(&format!(".local/share/ferrotape/services.sqlite{ending}"))));
    }
    let said = home.well(&line);
    assert!(said.all().contains("that of 2024-01-02 is kept, and that of 2024-01-01 made way"), "{said:?}");
}

#[test]
fn a_bulletin_that_is_wanted_by_itself_stays_when_a_newer_one_comes() {
    let (home, feeds, line) = following(bulletins(&["News"]));
    let entry = json!({ "kind": "episode", "title": "News", "release": "Low Tide", "released": "2024-01-01",
            "artists": [{ "name": "Mara Quill" }], "duration_ms": 5_000 });
    let list = json!({ "kind": "saved_episodes", "name": "Saved Episodes", "entries": [entry] });
    let library =
        json!({ "format": "ferrotape-library", "version": 1, "lists": [list], "noted": [], "plays": [] });
    fs::write(home.path("eps.json"), library.to_string()).unwrap();
    home.well("import eps.json");
    home.json(&line);
    after((&home, &feeds, line.as_str()), next_day(&home, 20));
    assert_eq!((collected(&home), home.mp3s().len()), (2, 2), "{:?}", home.mp3s());
    after((&home, &feeds, line.as_str()), next_day(&home, 21));
    assert_eq!((collected(&home), home.mp3s().len()), (2, 2), "{:?}", home.mp3s());
}

#[test]
fn a_copy_that_the_user_changed_stays_when_a_newer_bulletin_comes() {
    let (home, feeds, line) = following(bulletins(&["News"]));
    home.json(&line);
    let collection = home.path(".local/share/ferrotape/collection");
    let file = files_below(&collection).into_iter().find(|path| path.ends_with(".mp3")).unwrap();
    // Padding behind the sound, as an editor of tags leaves it.
    let mut bytes = fs::read(collection.join(&file)).unwrap();
    bytes.extend([0; 128]);
    fs::write(collection.join(&file), bytes).unwrap();
    after((&home, &feeds, line.as_str()), next_day(&home, 2));
    assert!(collection.join(&file).exists() && collected(&home) == 2, "it is the user's now");
}

#[test]
fn a_trailer_that_is_dated_anew_each_day_is_there_once() {
    for title in ["Trailer", "Episode 12"] {
        let (home, feeds, line) = following(bulletins(&[title]));
        home.json(&line);
        let there = home.mp3s();
        for day in 2..=4 {
            let last = after((&home, &feeds, line.as_str()), next_day(&home, day));
            assert_eq!(home.mp3s(), there, "{title} {day}: {last:#}");
            assert_eq!((collected(&home), sounds_fetched(&feeds)), (1, 1), "{title} {day}");
        }
    }
}

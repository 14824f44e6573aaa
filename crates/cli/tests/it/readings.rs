//! Readings of a wanted book that may not be meant: fetched whole, and asked about; such as are not whole; and a book on a server
//! of one's own.

use std::fs;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ferrotape_testkit::{HttpAnswer, HttpRequest, HttpServer, Sound};
use serde_json::{Value, json};

use crate::home::{Home, files_below, row_of, text};

/// A home that wants a book of Mara Quill from LibriVox, and three chapters that say nothing of themselves.
fn home(title: &str) -> Home {
    let home = wanting(title);
    home.well("--library library source add librivox");
    home
}

/// The same without a place.
fn wanting(title: &str) -> Home {
    let home = Home::new();
    let wanted = json!({"format": "ferrotape-library", "version": 1, "noted": [], "plays": [], "lists": [
        {"kind": "saved_audiobooks", "name": "Saved Audiobooks", "entries": [
            {"kind": "audiobook", "title": title, "artists": [{"name": "Mara Quill"}]}]}]});
    fs::write(home.path("books.json"), wanted.to_string()).unwrap();
    fs::create_dir(home.path("empty")).unwrap();
    for number in 1..=3 {
        let wav = home.path("chapter.wav");
        Sound { channels: 2, sample_rate: 44_100, ..Sound::of_seconds(number, 6.0) }.write_wav(&wav).unwrap();
        let mut ffmpeg = Command::new("ffmpeg");
        ffmpeg.args(["-v", "error", "-y", "-i", text(&wav), "-map_metadata", "-1", "-b:a", "128k"]);
        assert!(ffmpeg.arg(home.path(&format!("salt_0{number}.mp3"))).status().unwrap().success());
    }
    home.well("--library library import books.json");
    home
}

/// LibriVox with one reading of two chapters, and the Internet Archive with its files.
fn librivox(home: &Home, title: &str, language: &str) -> HttpServer {
    librivox_listing(home, title, language, &[1, 2])
}

/// The same, where its catalogue lists these sections of two.
fn librivox_listing(home: &Home, title: &str, language: &str, sections: &[u32]) -> HttpServer {
    let section = |number: u32| {
        json!({"section_number": number.to_string(), "title": format!("Chapter {number}"), "playtime": "6",
            "file_name": format!("salt_0{number}_64kb.mp3"), "readers": [{"display_name": "Bob Reader"}]})
    };
    let book = json!({"books": [{"id": "1", "title": title, "language": language,
        "url_iarchive": "https://archive.org/details/salt", "num_sections": "2",
        "sections": sections.iter().map(|number| section(*number)).collect::<Vec<Value>>(),
        "authors": [{"first_name": "Mara", "last_name": "Quill"}]}]});
    let file = |number: u32| {
        json!({"name": format!("salt_0{number}_128kb.mp3"), "source": "original", "format": "128Kbps MP3",
            "length": "6.0"})
    };
    let item = json!({"metadata": {"identifier": "salt"}, "files": [file(1), file(2)]});
    let sounds = [1, 2].map(|number| fs::read(home.path(&format!("salt_0{number}.mp3"))).unwrap());
    let answer = move |request: &HttpRequest| match request.path() {
        path if path.starts_with("/librivox.org/") => HttpAnswer::json(&book),
        path if path.starts_with("/archive.org/metadata/") => HttpAnswer::json(&item),
        path => {
            let sound = if path.contains("salt_01") { &sounds[0] } else { &sounds[1] };
            HttpAnswer::file("audio/mpeg", "", sound.clone())
        }
    };
    HttpServer::start(answer).unwrap()
}

fn convert(home: &Home, server: &HttpServer, title: &str) -> Value {
    let to = format!("--from empty --to ./player --stand-in {}", server.address());
    let last = home.json(&format!("--library library convert books.json {to}"));
    row_of(&last["report"], title).clone()
}

#[test]
fn a_reading_in_another_language_is_asked_about_and_taken_whole_once_it_is_chosen() {
    let title = "The Salt Marsh";
    let home = home(title);
    let server = librivox(&home, "Salt Marsh", "German");
    for _ in 0..2 {
        let row = convert(&home, &server, title);
        assert_eq!(row["outcome"], "needs_review", "{row}");
        let says = row["says"].as_str().unwrap();
        assert!(says.contains("this reading is in German, read by Bob Reader"), "{row}");
    }
    let came = files_below(&home.path("library/collection"));
    assert_eq!(came.len(), 2, "whoever says yes has all of it: {came:?}");
    assert!(home.mp3s().is_empty());
    let chosen = format!("1=library/collection/{}", came[0]);
    let said = home.run_with("--library library review --file", &[&chosen]);
    assert_eq!(said.code, 0, "{said:?}");
    let row = convert(&home, &server, title);
    assert_eq!((&row["outcome"], home.mp3s().len()), (&"on_player".into(), 2), "{row}");
}

#[test]
fn an_unabridged_reading_is_no_abridged_book_and_a_second_reading_is_the_same_text() {
    let title = "The Salt Marsh (Abridged)";
    let home = home(title);
    let row = convert(&home, &librivox(&home, "Salt Marsh", "English"), title);
    assert_eq!(row["outcome"], "needs_review", "{row}");
    let says = row["says"].as_str().unwrap();
    assert!(
        says.contains("nothing says that it is abridged") && says.contains("read by Bob Reader"),
        "{row}"
    );

    let title = "The Salt Marsh";
    let home = crate::readings::home(title);
    let row = convert(&home, &librivox(&home, "Salt Marsh (version 2)", "English"), title);
    assert_eq!((&row["outcome"], home.mp3s().len()), (&"on_player".into(), 2), "{row}");
}

#[test]
fn a_book_of_which_the_catalogue_lists_not_all_chapters_is_not_taken_and_that_is_said() {
    let title = "The Salt Marsh";
    let home = home(title);
    let server = librivox_listing(&home, "Salt Marsh", "English", &[2]);
    let row = convert(&home, &server, title);
    assert_eq!((&row["outcome"], home.mp3s().len()), (&"not_in_sources".into(), 0), "{row}");
    let says = row["says"].as_str().unwrap();
    assert!(says.contains("librivox has “Salt Marsh”, but not all of it: section 1 of 2"), "{row}");
}

/// A server of one's own with the first so many chapters of a book, and which of them it does not give.
fn own_server(home: &Home, title: &str, chapters: usize) -> (HttpServer, Arc<AtomicUsize>) {
    let missing = Arc::new(AtomicUsize::new(0));
    let (is_missing, title) = (Arc::clone(&missing), title.to_owned());
    let read = |number: usize| fs::read(home.path(&format!("salt_0{number}.mp3"))).unwrap();
    let sounds: Vec<Vec<u8>> = (1..=chapters).map(read).collect();
    let answer = move |request: &HttpRequest| {
        let ok = |name: &str, value: Value| {
            let mut answer = json!({"status": "ok", "version": "1.16.1", "openSubsonic": true});
            answer[name] = value;
            HttpAnswer::json(&json!({"subsonic-response": answer}))
        };
        let row = |number: usize| {
            json!({"id": number.to_string(), "title": format!("Chapter {number}"), "artist": "Mara Quill",
                "album": title, "track": number, "duration": 6, "size": sounds[number - 1].len(), "suffix": "mp3",
                "path": format!("books/salt_0{number}.mp3"), "isDir": false, "type": "audiobook"})
        };
        match request.path().rsplit('/').next().unwrap().trim_end_matches(".view") {
            "ping" => ok("none", Value::Null),
            "getOpenSubsonicExtensions" => ok("openSubsonicExtensions", json!([])),
            "search3" if request.parameter("songOffset").as_deref() == Some("0") => {
                ok("searchResult3", json!({"song": (1..=chapters).map(row).collect::<Vec<Value>>()}))
            }
            "search3" => ok("searchResult3", json!({})),
            "download" => {
                let number: usize = request.parameter("id").unwrap().parse().unwrap();
                match number == is_missing.load(Ordering::SeqCst) {
                    true => HttpAnswer::status(404),
                    false => HttpAnswer::file("audio/mpeg", "", sounds[number - 1].clone()),
                }
            }
            _ => HttpAnswer::status(404),
        }
    };
    let server = HttpServer::start(answer).unwrap();
    fs::write(home.path("password"), "s3cret\n").unwrap();
    home.well(&format!(
        "--library library source add subsonic --name home --address {} --user alice --password-file password",
        server.address()
    ));
    (server, missing)
}

#[test]
fn a_book_on_ones_own_server_is_fetched_whole() {
    let title = "The Salt Marsh";
    let home = wanting(title);
    let (server, _) = own_server(&home, title, 2);
    let row = convert(&home, &server, title);
    assert_eq!((&row["outcome"], home.mp3s().len()), (&"on_player".into(), 2), "{row}");
}

#[test]
fn a_book_of_which_a_part_does_not_come_is_told_of_until_it_does() {
    let title = "The Salt Marsh";
    let home = wanting(title);
    let (server, missing) = own_server(&home, title, 3);
    // The last one: no number leaves a gap.
    missing.store(3, Ordering::SeqCst);
    for run in 1..=2 {
        let row = convert(&home, &server, title);
        let says = row["substitute"].as_str().unwrap_or_default();
        let part = "a part of it, 2 of at least 3 parts as subsonic:home lists them; 1 could not be had: ";
        assert!(row["outcome"] == "on_player" && says.starts_with(part), "{run}: {row}");
    }
    missing.store(0, Ordering::SeqCst);
    home.well("--library library status --retry");
    let row = convert(&home, &server, title);
    assert_eq!((&row["outcome"], &row["substitute"]), (&"on_player".into(), &Value::Null), "{row}");
    assert_eq!(home.mp3s().len(), 3, "{row}");
    let is_first =
        |one: &&HttpRequest| one.path().contains("download") && one.parameter("id").as_deref() == Some("1");
    assert_eq!(server.requests().iter().filter(is_first).count(), 1, "what is here is not fetched again");
}

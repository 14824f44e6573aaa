//! Saved albums whose tracks nobody lists: files that only bear the name of one, two of one name, and titles that stand on
//! one album more than once.

use std::sync::Arc;

use ferrotape_testkit::{HttpServer, MadeTrack, Track, make_music};
use serde_json::Value;

use crate::elsewhere::{HELD, Held, Server, outcome, subsonic};
use crate::home::{Home, list, text};
use crate::whole_albums::{ALBUM, downloads, home};

const CONVERT: &str = "convert YourLibrary.json --from own --to ./player";

/// A file of the album in a folder of this name.
fn made(folder: &str, number: u32, title: &str, seconds: f64) -> MadeTrack {
    let mut made = MadeTrack::new("Mara Quill", "Low Water", number, title);
    made.sound.seed = folder.bytes().map(u64::from).sum::<u64>() + 1_000 * u64::from(number);
    made.seconds(seconds).at(&format!("Mara Quill/{folder}/{number:02} {title}.flac"))
}

/// What becomes of the album where these are the files in the user's folders, and how many are on the player.
fn with(files: &[MadeTrack]) -> (Home, Value, usize) {
    let home = home();
    make_music(&home.path("own"), files).unwrap();
    let last = home.json(CONVERT);
    let count = if home.player().exists() { home.mp3s().len() } else { 0 };
    let row = outcome(&last, "Low Water").clone();
    (home, row, count)
}

#[test]
fn an_album_is_not_filled_with_what_its_folder_or_its_titles_call_another_version() {
    for files in [
        [made("Low Water (Karaoke)", 1, "Ebb", 4.0), made("Low Water (Karaoke)", 2, "Flood", 5.0)],
        [made("Low Water", 1, "Ebb (Live at Oslo)", 4.0), made("Low Water", 2, "Flood (Live at Oslo)", 5.0)],
    ] {
        let (_home, row, count) = with(&files);
        assert_eq!((&row["outcome"], count), (&"needs_review".into(), 0), "{row:#}");
    }
    let own = [made("Low Water", 1, "Ebb", 4.0), made("Low Water", 2, "Flood", 5.0)];
    let karaoke = [made("Low Water (Karaoke)", 1, "Ebb", 4.0), made("Low Water (Karaoke)", 3, "Slack", 5.0)];
    let (_home, row, count) = with(&[own, karaoke].concat());
    assert_eq!((&row["outcome"], count), (&"on_player".into(), 2), "nothing of the karaoke album: {row:#}");
}

#[test]
fn an_album_is_not_filled_with_its_clean_version() {
    let marked = |folder: &str, mark: &str, number, title, seconds| MadeTrack {
        more_tags: vec![("ITUNESADVISORY".to_owned(), mark.to_owned())],
        ..made(folder, number, title, seconds)
    };
    let clean = [marked("Shop", "2", 1, "Ebb", 4.0), marked("Shop", "2", 2, "Flood", 5.0)];
    let (home, row, count) = with(&clean);
    assert_eq!((&row["outcome"], count), (&"needs_review".into(), 0), "{row:#}");
    let last = home.json("convert YourLibrary.json --from own --to ./player --never-clean");
    assert_eq!(outcome(&last, "Low Water")["outcome"], "needs_review", "{last:#}");
    // Beside the other version it is left alone.
    let other = [marked("Rip", "1", 1, "Ebb", 4.0), marked("Rip", "1", 2, "Flood", 5.0)];
    let (_home, row, count) = with(&[clean.to_vec(), other.to_vec()].concat());
    assert_eq!((&row["outcome"], count), (&"on_player".into(), 2), "{row:#}");
}

#[test]
fn two_recordings_and_two_albums_of_one_name_are_asked_about() {
    let old = [made("Low Water (1990)", 1, "Ebb", 4.0), made("Low Water (1990)", 2, "Flood", 5.0)];
    for (other, why) in [
        (["Ebb", "Flood"], "differ in their playing time"),
        (["Wren", "Owl"], "two titles stand under one track number"),
    ] {
        let [first, second] = other;
        let new = [made("Low Water (2010)", 1, first, 8.0), made("Low Water (2010)", 2, second, 9.0)];
        let (_home, row, count) = with(&[old.clone(), new].concat());
        assert_eq!((&row["outcome"], count), (&"needs_review".into(), 0), "{row:#}");
        assert!(row["says"].as_str().is_some_and(|says| says.contains(why)), "{row:#}");
    }
}

#[test]
fn who_chooses_an_album_of_two_gets_all_its_discs() {
    let of = |year: u32, seconds: f64| {
        let disc = |disc: u32, title: &str| made(&format!("Low Water ({year})/CD{disc}"), 1, title, seconds);
        [disc(1, "Ebb"), disc(2, "Slack")]
    };
    let (home, row, _) = with(&[of(1990, 4.0), of(2010, 8.0)].concat());
    assert_eq!(row["outcome"], "needs_review", "{row:#}");
    let cases = home.json("review --list");
    home.well(&format!("review --pick {}=1", list(&cases, "/cases")[0]["number"]));
    let last = home.json("convert YourLibrary.json --from own --to ./player --yes");
    let row = outcome(&last, "Low Water");
    assert_eq!((&row["outcome"], home.mp3s().len()), (&"on_player".into(), 2), "{last:#}");
}

#[test]
fn tracks_of_one_title_all_come() {
    let names = ["Interlude", "Ebb", "Interlude", "Untitled", "Untitled"];
    let files: Vec<MadeTrack> =
        (1..).zip(names).map(|(number, title)| made("Low Water", number, title, 4.0)).collect();
    let (_home, row, count) = with(&files);
    let is_whole = row["outcome"] == "on_player" && row["substitute"].is_null();
    assert!(is_whole && count == 5, "{count} {row:#}");
}

#[test]
fn one_file_of_an_album_is_said_to_be_no_more_than_that() {
    let (home, row, count) = with(&[made("Low Water", 1, "Ebb", 4.0)]);
    let unknown = "1 file; how many tracks it has is not known";
    assert_eq!((&row["outcome"], &row["substitute"], count), (&"on_player".into(), &unknown.into(), 1));
    home.csv("list.csv", &[Track::new("Mara Quill", "Low Water", "Slack")]);
    let last = home.json("convert YourLibrary.json list.csv --from own --to ./player");
    let row = outcome(&last, "Low Water");
    let part = "a part of it: “Slack” is wanted of this album, too, and no file is it";
    assert_eq!((&row["outcome"], &row["substitute"]), (&"on_player".into(), &part.into()), "{last:#}");
    let (_home, row, _) = with(&[made("Low Water", 1, "Low Water", 4.0)]);
    assert!(row["substitute"].is_null(), "a single is called as its song: {row:#}");
}

#[test]
fn an_album_in_two_formats_and_on_two_discs_is_one() {
    let on = |disc: &str, number, title| made(&format!("Low Water/{disc}"), number, title, 4.0);
    let discs = [on("CD1", 1, "Ebb"), on("CD1", 2, "Flood"), on("CD2", 1, "Slack"), on("CD2", 2, "Neap")];
    let (home, row, count) = with(&discs);
    assert_eq!((&row["outcome"], count), (&"on_player".into(), 4), "{row:#}");
    for made in &discs {
        let flac = home.path("own").join(made.relative_path());
        let mp3 = text(&flac).replace("Low Water", "Low Water [MP3]").replace(".flac", ".mp3");
        std::fs::create_dir_all(std::path::Path::new(&mp3).parent().unwrap()).unwrap();
        let mut command = std::process::Command::new("ffmpeg");
        let done = command.args(["-nostdin", "-v", "error", "-i", text(&flac), &mp3]).status();
        assert!(done.expect("apt-get install ffmpeg").success());
    }
    let last = home.json("convert YourLibrary.json --from own --to ./player --yes");
    let row = outcome(&last, "Low Water");
    assert_eq!((&row["outcome"], home.mp3s().len()), (&"on_player".into(), 4), "{last:#}");
}

/// A server whose listing says this in place of that.
fn listing(held: &'static [Held], that: &'static str, this: &'static str) -> Server {
    let http = HttpServer::start(move |request| {
        let mut answer = subsonic(request, held);
        if request.path().contains("search3") {
            let said = String::from_utf8(answer.body).unwrap();
            answer.body = said.replace(that, this).into_bytes();
        }
        answer
    });
    Server { http: http.unwrap(), down: Arc::default() }
}

#[test]
fn a_servers_doubtful_album_is_told_by_name_and_not_fetched() {
    const TWO: [Held; 2] = [HELD[0], ("s2", "Flood", "Mara Quill/Low Water/02 Flood.flac", "flac", 1)];
    for (server, why) in [
        (listing(&ALBUM, "Low Water/", "Low Water (Karaoke)/"), "karaoke by its folder"),
        (listing(&TWO, "Ebb", "Ebb"), "two titles stand under one track number"),
    ] {
        let home = home();
        server.add(&home);
        let last = home.json(CONVERT);
        let row = outcome(&last, "Low Water");
        let told =
            |says: &str| says.contains("has files of this name that were not taken: ") && says.contains(why);
        assert_eq!((&row["outcome"], downloads(&server)), (&"not_in_sources".into(), 0), "{last:#}");
        assert!(row["says"].as_str().is_some_and(told), "{last:#}");
    }
}

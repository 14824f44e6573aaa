//! Files that bear the wanted names, of the wanted album even, and are not the wanted recording.

use std::fs;
use std::path::Path;
use std::process::Command;

use ferrotape_testkit::{MadeTrack, Track, make_music, make_track, spotify_uri};
use serde_json::Value;

use crate::home::{Home, list, text};
use crate::inbox::{bought, ebb, file, slack, zip};

const ALBUM: &str = "Low Water (Deluxe)";

/// A file of the deluxe edition, loud or quiet: what is quiet has the lower bit rate.
fn made(disc: u32, track: u32, title: &str, seconds: f64) -> MadeTrack {
    let path = format!("Mara Quill/{ALBUM}/CD{disc}/{track:02} {title}.flac");
    let mut made = MadeTrack { disc: Some(disc), ..MadeTrack::new("Mara Quill", ALBUM, track, title) };
    made.sound.seed = u64::from(disc * 100 + track);
    made.sound.level = if disc == 1 { 0.1 } else { 0.9 };
    made.seconds(seconds).at(&path)
}

fn wanted(disc: u32, track: u32, title: &str, seconds: f64) -> Track {
    Track {
        uri: Some(spotify_uri("track", &format!("{disc}-{track}"))),
        disc_number: Some(disc),
        track_number: Some(track),
        duration_ms: Some((seconds * 1_000.0) as u64),
        ..Track::new("Mara Quill", ALBUM, title)
    }
}

/// What was matched: the end of each answer's path, or the kind of the answer.
fn matched(home: &Home) -> Vec<String> {
    home.well("scan music");
    let found = home.json("match wish.csv --from music");
    let said = |one: &Value| match one["answer"].as_str().unwrap() {
        "chosen" => {
            let path = Path::new(one["candidates"][0]["path"].as_str().unwrap()).to_owned();
            let folder = path.parent().unwrap().file_name().unwrap();
            format!("{}/{}", folder.to_string_lossy(), path.file_name().unwrap().to_string_lossy())
        }
        other => other.to_owned(),
    };
    list(&found, "/matches").iter().map(said).collect()
}

#[test]
fn the_studio_disc_of_a_deluxe_edition_is_not_filled_from_the_live_one() {
    let home = Home::new();
    let titles = ["Undertow", "Ebb"];
    let discs = [(1, 20.0), (2, 22.0)];
    let files = discs.iter().flat_map(|(disc, seconds)| {
        titles.iter().zip(1..).map(move |(title, track)| made(*disc, track, title, *seconds))
    });
    make_music(&home.path("music"), &files.collect::<Vec<_>>()).unwrap();
    let rows: Vec<Track> =
        titles.iter().zip(1..).map(|(title, track)| wanted(1, track, title, 20.0)).collect();
    home.csv("wish.csv", &rows);
    assert_eq!(matched(&home), ["CD1/01 Undertow.flac", "CD1/02 Ebb.flac"]);
    // Without the studio disc nothing is taken for it.
    fs::remove_dir_all(home.path(&format!("music/Mara Quill/{ALBUM}/CD1"))).unwrap();
    assert_eq!(matched(&home), ["review", "review"]);
}

#[test]
fn a_second_disc_that_is_tagged_as_the_first_is_found_by_its_folder() {
    let home = Home::new();
    let tracks = [(1, "Undertow"), (2, "Slack")];
    let files = tracks.map(|(disc, title)| MadeTrack { disc: Some(1), ..made(disc, 1, title, 20.0) });
    make_music(&home.path("music"), &files).unwrap();
    home.csv("wish.csv", &tracks.map(|(disc, title)| wanted(disc, 1, title, 20.0)));
    assert_eq!(matched(&home), ["CD1/01 Undertow.flac", "CD2/01 Slack.flac"]);
}

#[test]
fn two_interludes_get_a_file_each_and_one_file_fills_one() {
    let home = Home::new();
    let interlude = |track, seconds| made(1, track, "Interlude", seconds);
    make_music(&home.path("music"), &[interlude(4, 21.0), interlude(9, 22.0)]).unwrap();
    let rows = [(4, 21.0), (9, 22.0)].map(|(track, seconds)| wanted(1, track, "Interlude", seconds));
    home.csv("wish.csv", &rows);
    assert_eq!(matched(&home), ["CD1/04 Interlude.flac", "CD1/09 Interlude.flac"]);
    fs::remove_file(home.path(&format!("music/Mara Quill/{ALBUM}/CD1/09 Interlude.flac"))).unwrap();
    let left = matched(&home);
    assert_eq!(left[0], "CD1/04 Interlude.flac");
    assert_ne!(left[1], "CD1/04 Interlude.flac", "it would be lost without a word");
}

/// The same sound and tags as a stream, whose header tells no length.
fn streamed(from: &Path, to: &Path, format: &str) {
    let mut command = Command::new("ffmpeg");
    command.args(["-nostdin", "-v", "error", "-i", text(from), "-f", format, "pipe:1"]);
    let output = command.output().expect("apt-get install ffmpeg");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    fs::write(to, output.stdout).unwrap();
}

#[test]
fn a_stream_is_measured_so_that_its_name_alone_does_not_fill_anything() {
    let home = Home::new();
    let whole = home.path("whole.flac");
    make_track(&whole, &made(1, 1, "Ebb", 20.0)).unwrap();
    fs::create_dir_all(home.path("music/CD1")).unwrap();
    streamed(&whole, &home.path("music/CD1/Ebb.flac"), "flac");
    home.csv("wish.csv", &[wanted(1, 1, "Ebb", 10.0)]);
    home.well("scan music");
    let found = home.json("match wish.csv --from music")["matches"][0].clone();
    assert_eq!(found["answer"], "review", "{found}");
    assert!(found["candidates"][0]["objection"].to_string().contains("10 s longer"), "{found}");
    let long = Track { uri: Some(spotify_uri("track", "long")), ..wanted(1, 1, "Ebb", 20.0) };
    home.csv("wish.csv", &[long]);
    assert_eq!(matched(&home), ["CD1/Ebb.flac"], "and what it is, it fills");
}

#[test]
fn a_version_that_only_a_zip_or_a_folder_tells_stays_told_and_ticks_off_nothing() {
    let home = crate::inbox::home();
    let inbox = |name: &str| home.path(&format!("library/inbox/{name}"));
    zip(&inbox("Mara Quill - Low Water (Instrumentals).zip"), &[("01 Ebb.flac", ebb())]);
    let neap = home.path("neap.flac");
    make_track(&neap, &MadeTrack::new("Mara Quill", "Low Water", 4, "Neap")).unwrap();
    let inner = "Mara Quill - Low Water/04 Neap.flac";
    zip(&inbox("Mara Quill - Low Water (Live).zip"), &[(inner, fs::read(&neap).unwrap())]);
    zip(&inbox("Mara Quill - Low Water.zip"), &[("Karaoke/MP3/03 Slack.mp3", slack())]);
    let came = home.json("--library library inbox");
    for name in ["01 Ebb.flac", inner, "Karaoke/MP3/03 Slack.mp3"] {
        assert_eq!(file(&came, name)["news"], "filed", "{came:#}");
    }
    assert!(list(&came, "/ticked_off").is_empty(), "{came:#}");
    let places = bought(&home);
    let places_of = ["Low Water (Instrumentals)/01 Ebb.flac", "Low Water (Live)/04 Neap.flac"];
    for place in [&places_of[..], &["Low Water/Karaoke/03 Slack.mp3"]].concat() {
        assert!(places.contains(&format!("bought/Mara Quill/{place}")), "{places:?}");
    }
}

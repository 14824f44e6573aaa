//! Lyrics and pictures of folders beside the tracks, where the player's profile asks for them.

use std::fs;
use std::process::Command;

use ferrotape_testkit::{MadeTrack, Track, changes, make_music, tree_snapshot, write_cover};
use serde_json::Value;

use crate::home::{Home, files_below};

const LYRICS: &str = "[ti:Gull]\n[00:01.50]Sølv over vannet\n[00:03.00]A second line\n";

fn track(title: &str) -> Track {
    Track::new("Nordlys", "Harbour", title)
}

fn home() -> Home {
    let home = Home::new();
    let made = [(1, "Gull"), (2, "Tern")]
        .map(|(number, title)| MadeTrack::new("Nordlys", "Harbour", number, title).seconds(0.5));
    make_music(&home.path("music"), &made).unwrap();
    let album = home.path("music/Nordlys/Harbour");
    write_cover(&album.join("cover.jpg"), 900).unwrap();
    let gull = fs::read_dir(&album)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.file_stem().is_some_and(|stem| stem.to_string_lossy().contains("Gull")));
    fs::write(gull.unwrap().with_extension("lrc"), LYRICS).unwrap();
    home.csv("list.csv", &[track("Gull"), track("Tern")]);
    home
}

fn fill(home: &Home, options: &str) -> Value {
    home.json(&format!("convert list.csv --from music --to ./player --profile rockbox {options}"))
}

/// What lies beside the tracks.
fn beside(home: &Home) -> Vec<String> {
    let files = files_below(&home.player()).into_iter();
    files.filter(|path| path.starts_with("Music/") && !path.ends_with(".mp3")).collect()
}

#[test]
fn lyrics_and_pictures_lie_where_rockbox_looks_and_go_with_their_tracks() {
    let home = home();
    fill(&home, "");
    let folder = "Music/Nordlys/Harbour";
    assert_eq!(beside(&home), [format!("{folder}/01 - Gull.lrc"), format!("{folder}/cover.jpg")]);
    let lyrics = fs::read_to_string(home.player().join(folder).join("01 - Gull.lrc")).unwrap();
    assert_eq!(lyrics, "\u{feff}[00:01.50]Sølv over vannet\r\n[00:03.00]A second line\r\n");
    let probe = Command::new("ffprobe")
        .args(["-v", "error", "-of", "csv=p=0", "-show_entries", "stream=codec_name,profile,width,pix_fmt"])
        .arg(home.player().join(folder).join("cover.jpg"))
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&probe.stdout).trim(), "mjpeg,Baseline,500,yuvj420p");

    let before = tree_snapshot(&home.player()).unwrap();
    assert_eq!(fill(&home, "")["plan"]["companions"].as_array().unwrap().len(), 0);
    // Also where the answer is found anew.
    fill(&home, "--no-listen");
    assert_eq!(changes(&before, &tree_snapshot(&home.player()).unwrap()), Vec::<String>::new());

    home.csv("list.csv", &[track("Tern")]);
    fill(&home, "--delete --yes");
    assert_eq!(beside(&home), [format!("{folder}/cover.jpg")]);
    home.csv("list.csv", &[]);
    let last = fill(&home, "--delete --yes --accept-shrink");
    assert_eq!(
        files_below(&home.player()).iter().filter(|path| !path.starts_with('.')).count(),
        0,
        "{last:#}"
    );
}

#[test]
fn another_profile_takes_them_away_and_another_picture_takes_the_place_of_the_old() {
    let home = home();
    fill(&home, "");
    let picture = home.player().join("Music/Nordlys/Harbour/cover.jpg");
    let old = fs::read(&picture).unwrap();
    write_cover(&home.path("music/Nordlys/Harbour/cover.jpg"), 300).unwrap();
    fill(&home, "");
    assert_ne!(fs::read(&picture).unwrap(), old);
    // What was changed on the player goes to the trash, and comes back.
    fs::write(&picture, "another").unwrap();
    fill(&home, "");
    assert!(fs::metadata(&picture).unwrap().len() > 100);
    let trash = files_below(&home.player()).into_iter().filter(|path| path.contains("/trash/"));
    assert!(trash.into_iter().any(|path| path.ends_with("cover.jpg")));
    home.well("convert list.csv --from music --to ./player --profile generic --yes");
    assert_eq!((home.mp3s().len(), beside(&home)), (2, Vec::new()));
}

#[test]
fn a_picture_of_the_users_stays() {
    let home = home();
    fs::create_dir_all(home.player().join("Music/Nordlys/Harbour")).unwrap();
    let picture = home.player().join("Music/Nordlys/Harbour/cover.jpg");
    fs::write(&picture, "mine").unwrap();
    fill(&home, "");
    fill(&home, "--no-listen");
    assert_eq!(fs::read_to_string(&picture).unwrap(), "mine");
    assert_eq!(beside(&home).len(), 2);
}

#[test]
fn lyrics_that_the_user_mended_by_hand_are_kept_in_the_trash() {
    let home = home();
    fill(&home, "");
    let lyrics = home.player().join("Music/Nordlys/Harbour/01 - Gull.lrc");
    let edited = fs::read_to_string(&lyrics).unwrap().replace("[00:01.50]", "[00:01.55]");
    fs::write(&lyrics, &edited).unwrap();
    let source = files_below(&home.path("music")).into_iter().find(|path| path.ends_with(".lrc")).unwrap();
    fs::write(home.path("music").join(source), LYRICS.replace("second", "third")).unwrap();
    fill(&home, "");
    assert!(fs::read_to_string(&lyrics).unwrap().contains("third"));
    let trash = files_below(&home.player()).into_iter().find(|path| path.contains("/trash/")).unwrap();
    assert_eq!(fs::read_to_string(home.player().join(trash)).unwrap(), edited);
    // Of a track without lyrics: a file that the user puts there is left alone, and is no news.
    fs::write(home.player().join("Music/Nordlys/Harbour/02 - Tern.lrc"), "mine").unwrap();
    fs::remove_dir_all(home.path(".local/share/ferrotape/as-before")).unwrap();
    let last = fill(&home, "");
    assert_eq!(last["plan"]["companions"].as_array().unwrap().len(), 0, "{last:#}");
}

#[test]
fn the_plan_says_what_comes_beside_the_tracks_and_done_counts_it() {
    let home = home();
    let said = home.well("convert list.csv --from music --to ./player --profile rockbox --dry-run").out;
    assert!(said.contains("1 picture of a folder and 1 file of timed lyrics to put beside tracks"), "{said}");
    assert!(said.contains("1 track may hold timed lyrics"), "{said}");
    let said = home.well("convert list.csv --from music --to ./player --profile rockbox").out;
    assert!(said.contains("2 files beside tracks; 0 removed"), "{said}");
    // Renamed by another profile: no file is written, and that is said so.
    let said = home.well("convert list.csv --from music --to ./player --profile generic --dry-run").out;
    assert!(!said.contains("0 B") && !said.contains("lyrics to"), "{said}");
    assert!(said.contains("2 beside tracks no longer wanted"), "{said}");
}

//! Albums that are one file with a cue sheet.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use ferrotape_testkit::{Band, Track, decoded_samples_ffmpeg, mutagen_tags};

use crate::home::{Home, list, row_of};

const SHEET: &str = "PERFORMER \"Nia Orrin\"\nTITLE \"One Piece\"\nREM DATE 2001\nFILE \"album.wav\" WAVE\n\
    TRACK 01 AUDIO\nTITLE \"Lanterns\"\nINDEX 01 00:00:00\n\
    TRACK 02 AUDIO\nTITLE \"Harbour Wall\"\nINDEX 00 00:17:00\nINDEX 01 00:20:10\n\
    TRACK 03 AUDIO\nTITLE \"Night Ferry\"\nINDEX 01 00:40:20\n";

fn wanted(title: &str, seconds: u32) -> Track {
    let mut track = Track::new("Nia Orrin", "One Piece", title);
    track.duration_ms = Some(u64::from(seconds) * 1_000);
    track
}

/// A folder with an album of a minute in one file, and the sound it was made of.
fn album(home: &Home) -> (PathBuf, PathBuf) {
    let music = home.path("music");
    fs::create_dir(&music).unwrap();
    let wav = home.path("album.wav");
    Band { sample_rate: 44_100, ..Band::playing(8, 60.0) }.write_wav(&wav).unwrap();
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-v", "error", "-i"]).arg(&wav).arg(music.join("album.flac"));
    assert!(ffmpeg.status().unwrap().success());
    (music, wav)
}

#[test]
fn tracks_of_a_cue_sheet_arrive_one_by_one_and_follow_the_sheet() {
    let home = Home::new();
    let (music, wav) = album(&home);
    fs::write(music.join("album.cue"), SHEET).unwrap();
    home.csv("road.csv", &[wanted("Harbour Wall", 20), wanted("Night Ferry", 20)]);
    let last = home.json("convert road.csv --from music --to ./player");
    let samples = |frames: u64| frames * 588;
    let whole = decoded_samples_ffmpeg(&wav).unwrap();
    let ends = [samples(40 * 75 + 20) - samples(20 * 75 + 10), whole - samples(40 * 75 + 20)];
    for ((title, number), expected) in [("Harbour Wall", "2"), ("Night Ferry", "3")].into_iter().zip(ends) {
        let row = row_of(&last["report"], title);
        assert_eq!(row["outcome"], "on_player", "{row}");
        let path = home.player().join(row["says"].as_str().unwrap());
        assert_eq!(decoded_samples_ffmpeg(&path).unwrap(), expected, "{title}");
        let tags = mutagen_tags(&path).unwrap();
        assert_eq!(
            (&tags["TIT2"][..], &tags["TRCK"][..]),
            (&[title.to_owned()][..], &[number.to_owned()][..])
        );
    }
    assert_eq!(home.mp3s().len(), 2);
    let again = home.json("convert road.csv --from music --to ./player");
    assert_eq!(again["performed"]["written"], 0, "nothing is new");
    home.well("import road.csv");
    let why = home.well("explain Harbour");
    assert!(why.out.contains("album.flac, track 2"), "{}", why.out);

    // Without its sheet the album is no track of it.
    fs::remove_file(music.join("album.cue")).unwrap();
    let last = home.json("convert road.csv --from music --to other");
    assert_ne!(row_of(&last["report"], "Night Ferry")["outcome"], "on_player");
}

#[test]
fn a_sheet_inside_a_file_and_one_beside_it_must_make_the_same_tracks() {
    let home = Home::new();
    let (music, wav) = album(&home);
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-v", "error", "-y", "-i"]).arg(&wav).args(["-metadata", &format!("CUESHEET={SHEET}")]);
    assert!(ffmpeg.arg(music.join("album.flac")).status().unwrap().success());
    home.csv("road.csv", &[wanted("Harbour Wall", 20), wanted("Night Ferry", 20)]);
    let are_on_player = |player: &str| {
        let last = home.json(&format!("convert road.csv --from music --to {player} --yes"));
        ["Harbour Wall", "Night Ferry"].map(|title| row_of(&last["report"], title)["outcome"] == "on_player")
    };
    assert_eq!(are_on_player("./player"), [true, true]);
    // One that says no names takes none away.
    let says_names = |line: &&str| line.starts_with("TITLE") || line.starts_with("PERFORMER");
    let nameless: Vec<&str> = SHEET.lines().filter(|line| !says_names(line)).collect();
    fs::write(music.join("album.cue"), nameless.join("\n")).unwrap();
    assert_eq!(are_on_player("./player"), [true, true]);
    // Of one that swaps two names nobody can say whether it is right.
    let swapped = SHEET.replace("Harbour Wall", "?").replace("Night Ferry", "Harbour Wall");
    fs::write(music.join("album.cue"), swapped.replace('?', "Night Ferry")).unwrap();
    let told = home.run("scan music");
    assert!(format!("{}{}", told.out, told.err).contains("so neither counts"), "{told:?}");
    assert_eq!(are_on_player("other"), [false, false]);
    // And whoever looks for a track learns why.
    let named = "/album.flac: the cue sheet inside of it and the one beside it make different tracks of it";
    let why = home.well("explain Ferry").out;
    assert!(why.contains("it may be in ") && why.contains(named), "{why}");
}

#[test]
fn sheets_that_contradict_each_other_are_named_wherever_a_track_is_missed() {
    let home = Home::new();
    let (music, _) = album(&home);
    fs::write(music.join("album.cue"), SHEET).unwrap();
    fs::write(music.join("other.cue"), SHEET.replace("Night Ferry", "Morning Ferry")).unwrap();
    home.csv("road.csv", &[wanted("Morning Ferry", 20), wanted("Lanterns", 20), wanted("Moor", 20)]);
    let last = home.json("convert road.csv --from music --to ./player");
    let named =
        "album.flac: two cue sheets beside it cut it differently, so neither counts; remove the wrong one";
    for (title, is_named) in [("Morning Ferry", true), ("Lanterns", true), ("Moor", false)] {
        let row = row_of(&last["report"], title);
        assert_eq!(row["outcome"], "not_in_sources", "{row}");
        assert_eq!(row["says"].as_str().unwrap().contains(named), is_named, "{row}");
        assert_eq!(home.well(&format!("explain {title}")).out.contains(named), is_named, "{title}");
    }
    assert_eq!(home.well("match road.csv --from music").out.matches(named).count(), 2);
    let doctor = home.run("doctor");
    assert!(doctor.code == 1 && doctor.out.contains(named), "{doctor:?}");

    fs::remove_file(music.join("album.cue")).unwrap();
    let last = home.json("convert road.csv --from music --to ./player --yes");
    assert_eq!(row_of(&last["report"], "Morning Ferry")["outcome"], "on_player", "{last:#}");
    assert!(!home.well("doctor").out.contains("cue sheets"));
}

/// What somebody chose before a sheet came, or chooses although there is one, is the file as it is.
#[test]
fn the_whole_file_stays_what_was_chosen() {
    let home = Home::new();
    let (music, _) = album(&home);
    home.csv("mix.csv", &[wanted("The Long Mix", 60)]);
    home.well("import mix.csv");
    // The first thing wanted has the number 1.
    home.well("review --file 1=music/album.flac");
    for sheet in [false, true] {
        if sheet {
            fs::write(music.join("album.cue"), SHEET).unwrap();
        }
        let last = home.json("convert mix.csv --from music --to ./player");
        assert_eq!(row_of(&last["report"], "The Long Mix")["outcome"], "on_player", "{last}");
        assert_eq!(home.mp3s().len(), 1);
    }
    // A part is named as it is printed; the whole is no answer where one track was asked for.
    home.csv("moor.csv", &[wanted("Moor", 20)]);
    home.well("import moor.csv");
    let refused = home.run("review --file 2=music/album.flac");
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("holds 3 recordings"), "{}", refused.err);
    assert_eq!(home.run_with("review --file", &["2=music/album.flac, track 3"]).code, 0);
    let last = home.json("convert moor.csv --from music --to ./player");
    assert_eq!(row_of(&last["report"], "Moor")["outcome"], "on_player", "{last}");
    // The parts are there all the same.
    home.csv("road.csv", &[wanted("Harbour Wall", 20)]);
    let last = home.json("convert road.csv --from music --to ./player");
    assert_eq!(row_of(&last["report"], "Harbour Wall")["outcome"], "on_player", "{last}");
}

/// A sheet over several files, as rippers write it where each gap is at the end of the file before.
pub(crate) fn sheet_of_tracks(titles: &[&str]) -> String {
    let mut sheet = "PERFORMER \"Nia Orrin\"\nTITLE \"One Piece\"\nREM DATE 2001\n".to_owned();
    for (at, title) in titles.iter().enumerate() {
        let number = at + 1;
        let track = format!("  TRACK {number:02} AUDIO\n    TITLE \"{title}\"\n");
        let file = format!("FILE \"Track{number:02}.wav\" WAVE\n");
        match at {
            0 => sheet += &format!("{file}{track}    INDEX 01 00:00:00\n"),
            _ => sheet += &format!("{track}    INDEX 00 00:18:00\n{file}    INDEX 01 00:00:00\n"),
        }
    }
    sheet
}

fn tune(piece: u64) -> Band {
    Band { sample_rate: 44_100, ..Band::playing(piece, 20.0) }
}

#[test]
fn files_that_are_a_track_each_are_called_as_their_sheet_says() {
    let home = Home::new();
    let music = home.path("music");
    fs::create_dir(&music).unwrap();
    for number in 1..=2 {
        let wav = home.path("track.wav");
        tune(number).write_wav(&wav).unwrap();
        let mut ffmpeg = Command::new("ffmpeg");
        ffmpeg.args(["-v", "error", "-y", "-i"]).arg(&wav).arg(music.join(format!("Track0{number}.flac")));
        assert!(ffmpeg.status().unwrap().success());
    }
    fs::write(music.join("rip.cue"), sheet_of_tracks(&["Lanterns", "Harbour Wall"])).unwrap();
    home.csv("road.csv", &[wanted("Lanterns", 20), wanted("Harbour Wall", 20)]);
    let outcomes = || {
        let last = home.json("convert road.csv --from music --to ./player --yes");
        ["Lanterns", "Harbour Wall"].map(|title| row_of(&last["report"], title)["outcome"].clone())
    };
    assert_eq!(outcomes(), ["on_player", "on_player"]);
    let path = home.mp3s().into_iter().find(|path| path.contains("Harbour")).unwrap();
    let tags = mutagen_tags(&home.player().join(path)).unwrap();
    assert_eq!((&tags["TIT2"][0][..], &tags["TRCK"][0][..]), ("Harbour Wall", "2"));
    // Two sheets that name one file differently: nobody can say which is right.
    fs::write(music.join("other.cue"), sheet_of_tracks(&["Harbour Wall"])).unwrap();
    assert_eq!(outcomes()[0], "not_in_sources");
}

#[test]
fn a_rip_of_tracks_comes_in_by_its_sheet_and_another_disc_beside_it() {
    let home = Home::new();
    home.csv("road.csv", &[wanted("Lanterns", 20), wanted("Harbour Wall", 20), wanted("Night Ferry", 20)]);
    home.well("--library library import road.csv");
    let drop = |folder: &str, pieces: &[u64], titles: &[&str]| {
        for (piece, number) in pieces.iter().zip(1..) {
            let wav = home.path("track.wav");
            tune(*piece).write_wav(&wav).unwrap();
            let to = home.path(&format!("library/inbox/{folder}/Track{number:02}.wav"));
            crate::inbox::put(&to, &fs::read(&wav).unwrap());
        }
        let sheet = home.path(&format!("library/inbox/{folder}/rip.cue"));
        crate::inbox::put(&sheet, sheet_of_tracks(titles).as_bytes());
        home.json("--library library inbox")
    };
    let first = drop("rip", &[1, 2], &["Lanterns", "Harbour Wall"]);
    let answers = |last: &serde_json::Value, folder: &str, name: &str| {
        let is_it = |drop: &&serde_json::Value| drop["path"].as_str().unwrap().ends_with(folder);
        let drop = list(last, "/drops").iter().find(is_it).unwrap();
        let file = list(drop, "/files").iter().find(|file| file["name"] == name).unwrap();
        file["answers"][0]["wanted"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(answers(&first, "rip", "Track02.wav"), "Nia Orrin – Harbour Wall", "{first:#}");
    let second = drop("rip two", &[3], &["Night Ferry"]);
    assert_eq!(answers(&second, "rip two", "Track01.wav"), "Nia Orrin – Night Ferry", "{second:#}");
    let at = |folder: &str, name: &str| format!("bought/Nia Orrin/{folder}/{name}");
    let mut expected = vec![at("One Piece (2)", "Track01.wav"), at("One Piece (2)", "rip.cue")];
    expected.extend(["Track01.wav", "Track02.wav", "rip.cue"].map(|name| at("One Piece", name)));
    expected.sort();
    assert_eq!(crate::inbox::bought(&home), expected);
    // What the first disc is called stays.
    let last = home.json("--library library convert road.csv --to ./player");
    assert_eq!(home.mp3s().len(), 3, "{last:#}");
}

#[test]
fn a_second_disc_of_an_album_with_a_very_long_name_gets_its_folder() {
    let home = Home::new();
    let long = "Low Water and ".repeat(12);
    for (folder, piece) in [("one", 1), ("two", 2)] {
        let wav = home.path("track.wav");
        Band::playing(piece, 6.0).write_wav(&wav).unwrap();
        let rip = home.path("library/inbox").join(folder);
        crate::inbox::put(&rip.join("Track01.wav"), &fs::read(&wav).unwrap());
        let sheet = sheet_of_tracks(&["Ebb"]).replace("One Piece", &long);
        crate::inbox::put(&rip.join("rip.cue"), sheet.as_bytes());
    }
    let last = home.json("--library library inbox");
    let bought = crate::inbox::bought(&home);
    assert_eq!(bought.len(), 4, "{last:#}");
    assert!(bought.iter().filter(|path| path.contains(" (2)/")).count() == 2, "{bought:?}");
}

/// Puts a disc into the inbox, as tracks of these numbers, and has the inbox looked into; gives what lies where then.
fn file_disc(home: &Home, folder: &str, tracks: &[(u64, u32)], titles: &[&str]) -> Vec<String> {
    let rip = home.path("library/inbox").join(folder);
    for (piece, number) in tracks {
        let wav = home.path("track.wav");
        Band::playing(*piece, 6.0).write_wav(&wav).unwrap();
        crate::inbox::put(&rip.join(format!("Track{number:02}.wav")), &fs::read(&wav).unwrap());
    }
    if !titles.is_empty() {
        crate::inbox::put(&rip.join("rip.cue"), sheet_of_tracks(titles).as_bytes());
    }
    home.well("--library library inbox");
    let bought = crate::inbox::bought(home);
    bought.iter().map(|path| path.trim_start_matches("bought/Nia Orrin/").to_owned()).collect()
}

#[test]
fn a_sheet_is_not_filed_beside_another_disc_whose_files_it_would_name() {
    let home = Home::new();
    fs::create_dir(home.path("music")).unwrap();
    Band::playing(2, 6.0).write_wav(&home.path("music/old rip.wav")).unwrap();
    home.well("--library library scan music");
    let first = file_disc(&home, "Nia Orrin - One Piece", &[(1, 1)], &[]);
    assert_eq!(first, ["One Piece/Track01.wav"]);
    // The first track of the second disc is had elsewhere, so nothing of the discs has the same name.
    let second = file_disc(&home, "two", &[(2, 1), (3, 2)], &["Night Ferry", "Moor"]);
    let apart = ["One Piece (2)/Track02.wav", "One Piece (2)/rip.cue", "One Piece/Track01.wav"];
    assert_eq!(second, apart);
}

#[test]
fn a_sheet_that_comes_later_is_filed_beside_its_own_disc() {
    let home = Home::new();
    let folder = "Nia Orrin - One Piece";
    file_disc(&home, folder, &[(1, 1)], &[]);
    let all = file_disc(&home, folder, &[(2, 2)], &["Lanterns", "Harbour Wall"]);
    assert_eq!(all, ["One Piece/Track01.wav", "One Piece/Track02.wav", "One Piece/rip.cue"]);
}

#[test]
fn a_disc_without_a_sheet_is_not_filed_beside_one_that_would_name_it() {
    let home = Home::new();
    let titles = ["Lanterns", "Harbour Wall"];
    file_disc(&home, "one", &[(1, 1)], &titles);
    let second = file_disc(&home, "Nia Orrin - One Piece", &[(2, 2)], &[]);
    let apart = ["One Piece (2)/Track02.wav", "One Piece/Track01.wav", "One Piece/rip.cue"];
    assert_eq!(second, apart);
    // What the first disc lacked comes with its sheet.
    let whole = file_disc(&home, "again", &[(3, 2)], &titles);
    assert_eq!(whole, [apart[0], apart[1], "One Piece/Track02.wav", apart[2]]);
}

/// A sheet that cuts a file into tracks of ten seconds.
pub(crate) fn sheet_of_cuts(file: &str, titles: &[&str]) -> String {
    let mut sheet = format!("PERFORMER \"Nia Orrin\"\nTITLE \"Low Water\"\nFILE \"{file}\" WAVE\n");
    for (at, title) in titles.iter().enumerate() {
        let number = at + 1;
        sheet += &format!("TRACK {number:02} AUDIO\nTITLE \"{title}\"\nINDEX 01 00:{at}0:00\n");
    }
    sheet
}

pub(crate) const FIRST: [&str; 3] = ["Lanterns", "Harbour Wall", "Night Ferry"];
const SECOND: [&str; 4] = ["Moor", "Ebb", "Flood", "Slack"];

/// Puts sounds into folders, `CD1/CDImage.wav`, and sheets where they are to be.
pub(crate) fn put_discs(home: &Home, at: &str, sounds: &[(&str, u64, f64)], sheets: &[(&str, String)]) {
    for (name, piece, seconds) in sounds {
        let wav = home.path("disc.wav");
        Band { sample_rate: 44_100, ..Band::playing(*piece, *seconds) }.write_wav(&wav).unwrap();
        crate::inbox::put(&home.path(at).join(name), &fs::read(&wav).unwrap());
    }
    for (name, sheet) in sheets {
        crate::inbox::put(&home.path(at).join(name), sheet.as_bytes());
    }
}

pub(crate) fn wish(home: &Home, titles: &[&str]) {
    let mut tracks: Vec<Track> =
        titles.iter().map(|title| Track::new("Nia Orrin", "Low Water", title)).collect();
    tracks.iter_mut().for_each(|track| track.duration_ms = Some(10_000));
    home.csv("discs.csv", &tracks);
    home.well("--library library import discs.csv");
}

/// What is below the albums of the collection.
pub(crate) fn filed(home: &Home) -> Vec<String> {
    let below = |path: String| {
        path.split_once("/Low Water/").map_or_else(|| path.clone(), |(_, below)| below.to_owned())
    };
    let mut all: Vec<String> = crate::inbox::bought(home).into_iter().map(below).collect();
    all.sort();
    all
}

const IMAGES: [(&str, u64, f64); 2] = [("CD1/CDImage.wav", 1, 30.0), ("CD2/CDImage.wav", 2, 40.0)];

#[test]
fn a_sheet_above_the_discs_goes_with_the_one_whose_folder_it_names() {
    for (first, second) in
        [("CD1\\CDImage.wav", "CD2/CDImage.wav"), ("C:\\r\\CD1\\CDImage.wav", "C:\\r\\CD2\\CDImage.wav")]
    {
        let home = Home::new();
        wish(&home, &["Lanterns", "Moor", "Slack"]);
        let sheets = [("CD1.cue", sheet_of_cuts(first, &FIRST)), ("CD2.cue", sheet_of_cuts(second, &SECOND))];
        put_discs(&home, "library/inbox/Low Water", &IMAGES, &sheets);
        home.well("--library library inbox --move");
        assert_eq!(filed(&home), ["CD1/CD1.cue", "CD1/CDImage.wav", "CD2/CD2.cue", "CD2/CDImage.wav"]);
        let last = home.json("--library library convert discs.csv --to ./player");
        for (title, part) in [
            ("Lanterns", "CD1/CDImage.wav, track 1"),
            ("Moor", "CD2/CDImage.wav, track 1"),
            ("Slack", "CD2/CDImage.wav, track 4"),
        ] {
            assert_eq!(row_of(&last["report"], title)["outcome"], "on_player", "{last:#}");
            let why = home.well(&format!("--library library explain {title}")).out;
            assert!(why.contains(part), "{title}: {why}");
        }
    }
}

#[test]
fn the_only_sheet_above_two_discs_leaves_the_other_alone() {
    let home = Home::new();
    wish(&home, &["Moor"]);
    let sheets = [("CD2.cue", sheet_of_cuts("CD2\\CDImage.wav", &SECOND))];
    put_discs(&home, "library/inbox/Low Water", &IMAGES, &sheets);
    home.well("--library library inbox --move");
    assert_eq!(filed(&home), ["CD1/CDImage.wav", "CD2/CD2.cue", "CD2/CDImage.wav"]);
    let why = home.well("--library library explain Moor").out;
    assert!(why.contains("CD2/CDImage.wav, track 1"), "{why}");
}

#[test]
fn a_sheet_above_the_discs_names_the_tracks_of_its_own() {
    let home = Home::new();
    wish(&home, &["Moor"]);
    let sheet = sheet_of_tracks(&["Moor", "Ebb"]).replace("One Piece", "Low Water");
    let sheets = [("CD2.cue", sheet.replace("Track0", "CD2\\Track0"))];
    let sounds = ["CD1/Track01.wav", "CD1/Track02.wav", "CD2/Track01.wav", "CD2/Track02.wav"];
    let sounds: Vec<(&str, u64, f64)> =
        sounds.into_iter().zip(1..).map(|(name, piece)| (name, piece, 10.0)).collect();
    put_discs(&home, "library/inbox/Low Water", &sounds, &sheets);
    home.well("--library library inbox --move");
    assert!(filed(&home).contains(&"CD2/CD2.cue".to_owned()), "{:?}", filed(&home));
    let why = home.well("--library library explain Moor").out;
    assert!(why.contains("CD2/Track01.wav"), "{why}");
}

#[test]
fn a_sheet_that_may_be_about_any_disc_stays_and_is_named() {
    let home = Home::new();
    wish(&home, &["Moor"]);
    let sheets = [("all.cue", sheet_of_cuts("CDImage.wav", &SECOND))];
    put_discs(&home, "library/inbox/Low Water", &IMAGES, &sheets);
    let said = home.well("--library library inbox --move").out;
    assert!(said.contains("all.cue"), "{said}");
    assert!(home.path("library/inbox/Low Water/all.cue").exists(), "{said}");
    assert_eq!(filed(&home), ["CD1/CDImage.wav", "CD2/CDImage.wav"]);
}

/// As an earlier version filed them: both sheets beside the first disc.
#[test]
fn a_folder_of_music_is_not_cut_by_the_sheet_of_another_disc() {
    let home = Home::new();
    let (first, second) =
        (sheet_of_cuts("CD1\\CDImage.wav", &FIRST), sheet_of_cuts("CD2\\CDImage.wav", &SECOND));
    let sheets = [("CD1/CD1.cue", first.clone()), ("CD1/CD2.cue", second)];
    put_discs(&home, "music/Low Water", &IMAGES[..1], &sheets);
    wish(&home, &["Lanterns", "Moor"]);
    // A player each: what is on one stays there though nothing here says any more what it is.
    let outcome = |title: &str, player: &str| {
        let last =
            home.json(&format!("--library library convert discs.csv --from music --to ./{player} --yes"));
        row_of(&last["report"], title)["outcome"].clone()
    };
    assert_eq!(outcome("Lanterns", "one"), "on_player");
    assert_ne!(outcome("Moor", "one"), "on_player");
    // Two that are about this one and differ: a person must say.
    let other = sheet_of_cuts("CDImage.wav", &SECOND);
    fs::write(home.path("music/Low Water/CD1/CD2.cue"), other).unwrap();
    assert_ne!(outcome("Moor", "two"), "on_player");
    assert_ne!(outcome("Lanterns", "two"), "on_player");
    // The same twice is no question.
    fs::write(home.path("music/Low Water/CD1/CD2.cue"), first).unwrap();
    assert_eq!(outcome("Lanterns", "three"), "on_player");
}

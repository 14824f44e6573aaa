//! The main job: what stands on the player afterwards, judged by other programs.

use std::fs;
use std::path::Path;
use std::process::Command;

use ferrotape_testkit::{decoded_samples_ffmpeg, decoded_samples_mpg123, mp3val_clean, mutagen_tags};

use crate::collection::{MP3, held, music, samples_of, track};
use crate::home::{Home, outcome_of, row_of};

#[test]
fn every_held_recording_arrives_whole_and_clean() {
    let home = Home::with_wishes();
    let last = home.fill("wishes.zip");
    let report = &last["report"];
    for (track, source) in held() {
        let row = row_of(report, &track.title);
        assert_eq!(row["outcome"], "on_player", "{row}");
        let path = home.player().join(row["says"].as_str().unwrap());
        mp3val_clean(&path).unwrap();
        let samples = samples_of(source);
        assert_eq!(decoded_samples_mpg123(&path).unwrap(), samples, "mpg123: {source}");
        assert_eq!(decoded_samples_ffmpeg(&path).unwrap(), samples, "ffmpeg: {source}");
    }
    // One file per recording, however many lists name it.
    assert_eq!(home.mp3s().len(), held().len(), "{:?}", home.mp3s());
    assert_eq!(last["performed"]["written"], held().len());
    assert_eq!(last["performed"]["copied"], 1);
}

#[test]
fn tags_are_read_back_by_mutagen() {
    let home = Home::with_wishes();
    let last = home.fill("wishes.zip");
    let tags_of = |title: &str| {
        let path = row_of(&last["report"], title)["says"].as_str().unwrap().to_owned();
        mutagen_tags(&home.player().join(path)).unwrap()
    };
    let tags = tags_of("Ebb");
    let one = |key: &str| tags.get(key).and_then(|values| values.first()).map_or("", String::as_str);
    let expected = [
        ("TIT2", "Ebb"),
        ("TPE1", "Mara Quill"),
        ("TPE2", "Mara Quill"),
        ("TALB", "Low Water"),
        ("TRCK", "1"),
        ("TPOS", "1"),
        ("TCON", "Folk"),
        ("TSRC", "XXA011900001"),
        ("~version", "2.3.0"),
    ];
    for (key, value) in expected {
        assert_eq!(one(key), value, "{key} of {tags:?}");
    }
    let link = track("Ebb").uri().replace("spotify:track:", "https://open.spotify.com/track/");
    let links = |(key, values): (&String, &Vec<String>)| key.starts_with('W') && values.contains(&link);
    assert!(tags.iter().any(links), "no link frame with {link}: {tags:?}");
    assert!(tags.contains_key("TXXX:REPLAYGAIN_TRACK_GAIN"), "{tags:?}");
    let foreign = tags_of("Snø og Is");
    assert_eq!(foreign["TPE1"], ["Øyvind Bråten"]);
    // 1 is UTF-16; numbers and addresses are Latin-1 by the standard; UTF-8 is none of ID3v2.3's.
    assert!(foreign["~encodings"].iter().all(|e| e == "0" || e == "1"), "{foreign:?}");
    assert!(foreign["~encodings"].contains(&"1".to_owned()), "{foreign:?}");
    // Copied frames get new tags all the same.
    assert_eq!(tags_of("Slack")["TIT2"], ["Slack"]);
}

#[test]
fn covers_come_from_the_file_or_its_folder_small_enough_for_any_player() {
    let home = Home::with_wishes();
    let last = home.fill("wishes.zip");
    for title in ["Ebb", "March Home", "Last Post"] {
        let path = home.player().join(row_of(&last["report"], title)["says"].as_str().unwrap());
        let entries = "stream=codec_name,profile,width,height,pix_fmt";
        let probe = Command::new("ffprobe")
            .args(["-v", "error", "-select_streams", "v:0", "-of", "csv=p=0", "-show_entries", entries])
            .arg(&path)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&probe.stdout).trim().to_owned();
        assert_eq!(said, "mjpeg,Baseline,500,500,yuvj420p", "{title}");
    }
}

#[test]
fn an_mp3_source_is_copied_frame_by_frame() {
    let home = Home::with_wishes();
    let last = home.fill("wishes.zip");
    let made = home.player().join(row_of(&last["report"], "Slack")["says"].as_str().unwrap());
    assert_eq!(frames(&music().join(MP3)), frames(&made));
}

/// A checksum of the audio packets as they are in the file.
fn frames(path: &Path) -> String {
    let output = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-i"])
        .arg(path)
        .args(["-map", "0:a", "-c", "copy", "-f", "md5", "-"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn playlists_keep_order_and_duplicates_and_name_files_that_are_there() {
    let home = Home::with_wishes();
    home.fill("wishes.zip");
    let titles = playlist_titles(&home, "Road Trip");
    assert_eq!(titles, ["Last Post", "Ebb", "Green Light", "Ebb", "March Home", "Drum Shed"]);
    assert_eq!(playlist_titles(&home, "Mixed Bag"), ["Snø og Is"]);
    assert_eq!(playlist_titles(&home, "Liked Songs"), ["Slack", "Flood", "Cold Sky", "Ice Road"]);
}

/// The titles that a playlist on the player leads to, read from the files themselves.
pub(crate) fn playlist_titles(home: &Home, name: &str) -> Vec<String> {
    let playlists = crate::home::files_below(&home.player());
    let file = playlists.iter().find(|path| path.contains(name) && path.contains(".m3u"));
    let path = home.player().join(file.unwrap_or_else(|| panic!("no playlist {name}: {playlists:?}")));
    let text = fs::read_to_string(&path).unwrap();
    let entries = text.trim_start_matches('\u{feff}').lines().filter(|line| !line.starts_with('#'));
    let title = |entry: &str| {
        let entry = entry.trim_end_matches('\r').replace('\\', "/");
        let place = match entry.strip_prefix('/') {
            Some(from_root) => home.player().join(from_root),
            None => path.parent().unwrap().join(&entry),
        };
        mutagen_tags(&place).unwrap_or_else(|e| panic!("{entry}: {e}"))["TIT2"][0].clone()
    };
    entries.filter(|line| !line.trim().is_empty()).map(title).collect()
}

#[test]
fn presets_decide_the_bitrate() {
    let home = Home::new();
    home.csv("one.csv", &[track("Ebb")]);
    home.well("convert one.csv --from MUSIC --to ./player --preset 128");
    let path = home.player().join(home.mp3s().remove(0));
    let probe = Command::new("ffprobe")
        .args(["-v", "error", "-select_streams", "a", "-of", "csv=p=0", "-show_entries", "stream=bit_rate"])
        .arg(&path)
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&probe.stdout).trim().trim_end_matches(','), "128000");
    // Another preset is another file: it is made anew, not left.
    let last = home.json("convert one.csv --from MUSIC --to ./player --preset 192");
    assert_eq!((&last["performed"]["written"], home.mp3s().len()), (&1.into(), 1), "{last}");
}

#[test]
fn a_preset_that_was_said_holds_until_another_is_said() {
    let home = Home::new();
    home.csv("one.csv", &[track("Ebb")]);
    let run = |options: &str| home.json(&format!("convert one.csv --from MUSIC --to ./player {options}"));
    let writes = |last: &serde_json::Value| last["plan"]["writes"].as_array().map(Vec::len);
    run("");
    assert_eq!(writes(&run("--preset 192 --dry-run")), Some(1));
    assert_eq!(writes(&run("")), Some(0), "a dry run keeps nothing in mind");
    assert_eq!(writes(&run("--preset 128")), Some(1));
    assert_eq!(writes(&run("")), Some(0));
    let said = home.well("convert one.csv --from MUSIC --to ./player --dry-run").out;
    assert!(said.contains("Quality: 128, as you said before for this player"), "{said}");
    assert_eq!(writes(&run("--preset v0")), Some(1));
    assert_eq!(writes(&run("")), Some(0));
}

#[test]
fn tags_and_loudness_that_were_said_hold_until_others_are_said() {
    let home = Home::new();
    home.csv("one.csv", &[track("Ebb")]);
    let run = |options: &str| home.json(&format!("convert one.csv --from MUSIC --to ./player {options}"));
    let writes = |last: &serde_json::Value| last["plan"]["writes"].as_array().map(Vec::len);
    run("");
    for options in ["--id3 2.4", "--id3v1", "--loudness off", "--loudness apply:-16.5"] {
        assert_eq!(writes(&run(&format!("{options} --dry-run"))), Some(1), "{options}");
        assert_eq!(writes(&run("")), Some(0), "{options}: a dry run keeps nothing in mind");
        assert_eq!(writes(&run(options)), Some(1), "{options}");
        assert_eq!(writes(&run("")), Some(0), "{options} holds");
    }
    let said = home.well("convert one.csv --from MUSIC --to ./player --dry-run").out;
    for told in ["Loudness: apply:-16.5, as you", "Tags: ID3v2.4, as you", "Tags: ID3v1 as well, as you"] {
        assert!(said.contains(told), "{told}: {said}");
    }
    for options in ["--no-id3v1", "--id3 2.3", "--loudness tags"] {
        assert_eq!(writes(&run(options)), Some(1), "{options}");
        assert_eq!(writes(&run("")), Some(0), "{options} holds");
    }
    // What is said for the first time holds, too, where it is what was done before.
    run("--preset v0");
    let said = home.well("convert one.csv --from MUSIC --to ./player --dry-run").out;
    assert!(said.contains("Quality: v0, as you said before"), "{said}");
}

#[test]
fn a_dry_run_makes_nothing_and_plans_everything() {
    let home = Home::with_wishes();
    let last = home.json("convert wishes.zip --from MUSIC --to ./player --dry-run");
    assert!(!home.player().exists());
    assert_eq!(
        last["plan"]["writes"].as_array().unwrap().len(),
        held().len() + 1,
        "the broken one is not known yet"
    );
    assert!(last["performed"].is_null());
    assert_eq!(outcome_of(&last["report"], "Ebb"), "on_player");
    assert_eq!(home.run("report").code, 1, "a dry run is no run to report on");
}

#[test]
fn a_file_cut_in_the_middle_fails_by_name_and_stops_nothing() {
    let home = Home::with_wishes();
    let last = home.fill("wishes.zip");
    let row = row_of(&last["report"], "Neap");
    assert_eq!((&row["outcome"], &last["~code"]), (&"failed".into(), &3.into()), "{row}");
    assert!(!home.mp3s().iter().any(|path| path.contains("Neap")), "{:?}", home.mp3s());
    // It is known now, so the next run neither tries nor forgets it.
    let again = home.fill("wishes.zip");
    assert_eq!(again["performed"]["written"], 0);
    let outcome = outcome_of(&again["report"], "Neap");
    assert!(["failed", "not_in_sources"].contains(&outcome), "{outcome}");
}

#[test]
fn match_counts_what_is_cut_off_as_convert_does() {
    let home = Home::with_wishes();
    home.fill("wishes.zip");
    let last = home.fill("wishes.zip");
    let count = |word: &str| last["report"]["outcomes"][word].as_u64().unwrap();
    assert_eq!((count("failed"), count("waiting")), (1, 0), "{last:#}");
    let said = home.well("match wishes.zip --from MUSIC").out;
    let sums = format!(
        "{} found, {} need your review, {} not in your sources, 1 failed (the file is broken), {} nothing to fill",
        count("on_player"),
        count("needs_review"),
        count("not_in_sources"),
        count("not_yet"),
    );
    assert!(said.ends_with(&format!("{sums}\n")), "{said}\n{sums}");
    let matches = home.json("match wishes.zip --from MUSIC");
    let broken = matches["matches"].as_array().unwrap().iter().filter(|one| !one["broken"].is_null());
    assert_eq!(broken.count(), 1, "{matches:#}");
}

#[test]
fn a_run_that_names_no_folder_says_what_it_uses() {
    let home = Home::new();
    home.csv("a.csv", &[track("Ebb")]);
    let first = home.json("convert a.csv --from MUSIC --to ./player");
    assert!(first["known_music"].is_null(), "{first:#}");
    home.csv("b.csv", &[track("Ebb"), track("Green Light")]);
    let said = home.well("convert b.csv --to ./player").out;
    let line = said.lines().find(|line| line.starts_with("Using the ")).unwrap_or_else(|| panic!("{said}"));
    let folder = crate::collection::music().canonicalize().unwrap().display().to_string();
    assert!(line.contains(&format!(" files known from {folder} (looked through ")), "{line}");
    assert!(line.ends_with("`ferrotape scan FOLDER` looks again."), "{line}");
    let last = home.json("convert b.csv --to ./other");
    let known = &last["known_music"];
    assert_eq!(known["folders"], serde_json::json!([folder]), "{last:#}");
    assert!(known["files"].as_u64().unwrap() > 5 && known["looked_at"].as_i64().unwrap() > 0, "{known}");
    let said = home.well("convert b.csv --from MUSIC --to ./third").out;
    assert!(!said.contains("Using the "), "{said}");
}

#[test]
fn a_run_that_names_an_input_says_that_other_lists_stay_as_they_are() {
    let home = Home::new();
    home.csv("a.csv", &[track("Ebb")]);
    home.csv("b.csv", &[track("Green Light")]);
    home.well("convert a.csv --from MUSIC --to ./player");
    let said = home.well("convert b.csv --from MUSIC --to ./player").out;
    let line = "1 other list stays as it is: `ferrotape convert --to ./player` looks at all.";
    assert!(said.contains(line), "{said}");
    let said = home.well("convert --to ./player").out;
    assert!(!said.contains("other list"), "{said}");
}

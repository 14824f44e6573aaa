//! Nothing is encoded twice: another player, other tags, another cover, and whatever may happen to what is kept.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use ferrotape_testkit::{Band, Track, changes, tree_snapshot, write_cover};
use serde_json::Value;

use crate::collection::{copy_of_music, held, track};
use crate::home::{Home, files_below, list, row_of, said, text};

/// What is held, without the one MP3 whose frames are copied.
fn encodable() -> u64 {
    held().len() as u64 - 1
}

fn kept(home: &Home) -> PathBuf {
    home.path(".cache/ferrotape/converted")
}

/// The entries of the cache, by path.
fn entries(home: &Home) -> Vec<PathBuf> {
    files_below(&kept(home)).into_iter().map(|path| kept(home).join(path)).collect()
}

/// Fills a fresh player from a library of its own, and tells how many tracks were (encoded, from the cache).
fn fill_another(home: &Home, name: &str, options: &str) -> (u64, u64) {
    home.of_one_mark(&[&format!("lib-{name}")]);
    let last = home.json(&format!("--library lib-{name} convert {options} --to {name}"));
    counts(&last)
}

fn counts(last: &Value) -> (u64, u64) {
    let count =
        |what: &str| last["performed"][what].as_u64().unwrap_or_else(|| panic!("no {what}: {last:#}"));
    assert_eq!(count("written"), count("encoded") + count("from_cache") + count("copied"), "{last:#}");
    (count("encoded"), count("from_cache"))
}

fn differ(home: &Home, one: &str, other: &str) -> Vec<String> {
    changes(&tree_snapshot(&home.path(one)).unwrap(), &tree_snapshot(&home.path(other)).unwrap())
}

const NONE: Vec<String> = Vec::new();

#[test]
fn a_second_player_is_filled_without_encoding_and_to_the_byte() {
    let home = Home::with_wishes();
    let options = "wishes.zip --from MUSIC";
    assert_eq!(fill_another(&home, "one", options), (encodable(), 0));
    assert_eq!(fill_another(&home, "two", options), (0, encodable()));
    assert_eq!(fill_another(&home, "none", &format!("{options} --cache-size 0")), (encodable(), 0));
    assert_eq!(differ(&home, "one", "two"), NONE);
    assert_eq!(differ(&home, "one", "none"), NONE);
    let told = home.run("--library lib-three convert wishes.zip --from MUSIC --to three");
    let summary = format!("{} tracks: {} from the cache, 1 copied as it was", held().len(), encodable());
    assert!(told.out.contains(&summary), "{told:?}");
}

/// Tags of another version, other gains, none: the frames are the same. Each names all of its settings, for what was said
/// before would hold on.
#[test]
fn other_settings_of_tags_encode_nothing() {
    let home = Home::with_wishes();
    home.fill("wishes.zip");
    for options in [
        "--id3 2.4 --id3v1",
        "--id3 2.3 --no-id3v1 --loudness r128",
        "--id3 2.3 --no-id3v1 --loudness off",
        "--id3 2.3 --id3v1 --loudness tags",
    ] {
        let all = format!("wishes.zip --from MUSIC {options}");
        let (encoded, from_cache) = counts(&home.json(&format!("convert {all} --to ./player")));
        assert_eq!((encoded, from_cache), (0, encodable()), "{options}");
        let name = format!("made{}", options.replace(' ', ""));
        fill_another(&home, &name, &format!("{all} --cache-size 0"));
        let mine = |path: &String| path.starts_with("Music/") || path.starts_with("Playlists/");
        let differ = |one: &str| -> Vec<(String, String)> {
            let tree = tree_snapshot(&home.path(one)).unwrap();
            tree.into_iter()
                .filter(|(path, _)| mine(path))
                .map(|(path, state)| (path, state.blake3))
                .collect()
        };
        assert_eq!(differ("player"), differ(&name), "{options}");
    }
}

/// What decides the frames is another entry.
#[test]
fn another_preset_or_loudness_of_the_sound_is_encoded() {
    let home = Home::new();
    home.csv("one.csv", &[track("Ebb"), track("Cold Sky")]);
    let run =
        |options: &str| counts(&home.json(&format!("convert one.csv --from MUSIC --to ./player {options}")));
    assert_eq!(run(""), (2, 0));
    assert_eq!(run("--preset 192"), (2, 0));
    assert_eq!(run("--loudness apply"), (2, 0));
    assert_eq!(run("--loudness apply:-16"), (2, 0));
    for options in ["--loudness tags", "--loudness apply", "--loudness apply:-16", "--loudness tags"] {
        assert_eq!(run(options), (0, 2), "{options}");
    }
}

#[test]
fn a_new_cover_and_new_tags_in_the_source_encode_nothing() {
    let home = Home::with_wishes();
    let music = home.path("music");
    copy_of_music(&music);
    let fill = || home.json("convert wishes.zip --from music --to ./player");
    fill();
    write_cover(&music.join("Tin Parade/Brass/cover.jpg"), 700).unwrap();
    assert_eq!(counts(&fill()), (0, 3), "the three tracks of the album");

    let ebb = music.join("Mara Quill/Low Water/01 Ebb.flac");
    let mut metaflac = Command::new("metaflac");
    metaflac.args(["--remove-tag=GENRE", "--set-tag=GENRE=Sea", "--set-tag=COMMENT=a much longer comment"]);
    assert!(metaflac.arg("--dont-use-padding").arg(&ebb).status().unwrap().success());
    let last = fill();
    // With it those of its album whose gain hangs on it.
    let (encoded, from_cache) = counts(&last);
    assert!(encoded == 0 && from_cache >= 1, "{last:#}");
    let made = home.player().join(row_of(&last["report"], "Ebb")["says"].as_str().unwrap());
    assert_eq!(ferrotape_testkit::mutagen_tags(&made).unwrap()["TCON"], ["Sea"]);
    fill_another(&home, "none", "wishes.zip --from music --cache-size 0");
    let relative = made.strip_prefix(home.player()).unwrap().to_owned();
    let read = |player: &str| fs::read(home.path(player).join(&relative)).unwrap();
    assert!(read("player") == read("none"), "{relative:?}");

    // Other sound under the same tags is other sound.
    let softer = home.path("softer.flac");
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-v", "error", "-i", text(&ebb), "-map", "0:a", "-af", "volume=0.5", text(&softer)]);
    assert!(ffmpeg.status().unwrap().success());
    fs::rename(&softer, &ebb).unwrap();
    assert_eq!(counts(&fill()).0, 1);
}

/// Whatever is wrong with an entry, it is noticed, encoded anew and whole afterwards.
#[test]
fn damaged_entries_are_encoded_anew() {
    let home = Home::with_wishes();
    let options = "wishes.zip --from MUSIC";
    fill_another(&home, "one", options);
    let all = entries(&home);
    assert_eq!(all.len() as u64, encodable());
    let whole: Vec<Vec<u8>> = all.iter().map(|path| fs::read(path).unwrap()).collect();
    let flipped = |at: usize, bytes: &[u8]| {
        let mut bytes = bytes.to_vec();
        bytes[at] ^= 0x10;
        bytes
    };
    let len = |n: usize| whole[n].len();
    fs::write(&all[0], &whole[0][..len(0) / 2]).unwrap();
    fs::write(&all[1], "").unwrap();
    fs::write(&all[2], flipped(len(2) / 3, &whole[2])).unwrap();
    fs::write(&all[3], flipped(len(3) - 200, &whole[3])).unwrap();
    fs::write(&all[4], &whole[5]).unwrap();
    fs::write(&all[5], "not ours at all, whatever its name says".repeat(50)).unwrap();
    fs::write(&all[6], [&whole[6][..], b"more"].concat()).unwrap();
    fs::write(&all[7], flipped(len(7) - 1, &whole[7])).unwrap();
    assert_eq!(fill_another(&home, "two", options), (8, encodable() - 8));
    assert_eq!(differ(&home, "one", "two"), NONE);
    assert_eq!(fill_another(&home, "three", options), (0, encodable()));
    assert_eq!(differ(&home, "one", "three"), NONE);
    let now: Vec<Vec<u8>> = all.iter().map(|path| fs::read(path).unwrap()).collect();
    assert!(now == whole, "entries are the same bytes again");
}

/// A place where no cache can be costs one warning and no music.
#[test]
fn an_unusable_cache_costs_no_music() {
    let home = Home::with_wishes();
    home.of_one_mark(&[".local/share/ferrotape"]);
    fs::create_dir_all(kept(&home).parent().unwrap()).unwrap();
    fs::write(kept(&home), "a file where the folder should be").unwrap();
    let told = home.run("convert wishes.zip --from MUSIC --to one");
    assert_eq!(told.err.matches("cannot be used").count(), 1, "{told:?}");
    fill_another(&home, "two", "wishes.zip --from MUSIC --cache-size 0");
    assert_eq!(differ(&home, "one", "two"), NONE);
    assert_eq!(home.run("cache").code, 1);
    assert_eq!(fs::read_to_string(kept(&home)).unwrap(), "a file where the folder should be");
}

#[test]
fn a_cache_that_can_only_be_read_is_read() {
    let home = Home::new();
    home.csv("one.csv", &[track("Ebb"), track("Flood")]);
    fill_another(&home, "one", "one.csv --from MUSIC");
    let folders: BTreeSet<PathBuf> =
        entries(&home).iter().map(|path| path.parent().unwrap().to_owned()).chain([kept(&home)]).collect();
    let mode = |mode| {
        for folder in &folders {
            fs::set_permissions(folder, fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    mode(0o555);
    home.csv("two.csv", &[track("Ebb"), track("Flood"), track("Last Post")]);
    let told = home.json("--library lib-two convert two.csv --from MUSIC --to two");
    mode(0o755);
    assert_eq!(counts(&told), (1, 2), "{told:#}");
}

#[test]
fn the_limit_keeps_what_was_used_last() {
    let home = Home::new();
    let titles = ["Ebb", "Flood", "Ice Road", "Last Post"];
    for title in titles {
        home.csv(&format!("{title}.csv"), &[track(title)]);
    }
    let fill = |title: &str, options: &str| {
        let name = format!("{title}0").replace(' ', "");
        let line = format!("--library lib --json convert --to {name} --yes --from MUSIC {options}");
        counts(&home.run_with(&line, &[&format!("{title}.csv")]).last_object())
    };
    for title in &titles[..3] {
        assert_eq!(fill(title, ""), (1, 0), "{title}");
    }
    // An hour passes; then the first is used.
    for path in entries(&home) {
        let file = fs::File::options().append(true).open(path).unwrap();
        let used = file.metadata().unwrap().modified().unwrap();
        file.set_modified(used - Duration::from_secs(3_600)).unwrap();
    }
    let before = SystemTime::now() - Duration::from_secs(60);
    fs::remove_dir_all(home.path("Ebb0")).unwrap();
    assert_eq!(fill("Ebb", ""), (0, 1));
    let used_now = |path: &PathBuf| fs::metadata(path).unwrap().modified().unwrap() > before;
    assert_eq!(entries(&home).iter().filter(|path| used_now(path)).count(), 1);

    // Room for two: the two that were not used for longest go.
    let largest = entries(&home).iter().map(|path| fs::metadata(path).unwrap().len()).max().unwrap();
    let limit = largest * 11 / 5;
    assert_eq!(fill("Last Post", &format!("--cache-size {limit}")), (1, 0));
    let shown = home.json("cache");
    assert!(shown["bytes"].as_u64().unwrap() <= limit, "{shown}");
    assert_eq!(shown["entries"], 2, "{shown}");
    for title in ["Ebb", "Last Post"] {
        fs::remove_dir_all(home.path(&format!("{title}0").replace(' ', ""))).unwrap();
        assert_eq!(fill(title, &format!("--cache-size {limit}")), (0, 1), "{title}");
    }
    // What is larger than the whole cache is made and not kept.
    fs::remove_dir_all(home.path("Flood0")).unwrap();
    assert_eq!(fill("Flood", "--cache-size 1K"), (1, 0));
    assert_eq!(home.json("cache")["entries"], 2);
}

#[test]
fn two_at_once_share_a_cache() {
    let home = Home::with_wishes();
    home.of_one_mark(&["lib-one", "lib-two"]);
    let start = |name: &str| {
        let library = format!("lib-{name}");
        let args = ["--json", "--library", &library, "convert", "wishes.zip", "--to", name, "--from"];
        let mut command = home.command();
        command.args(args).arg(crate::collection::music());
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let running = ["one", "two"].map(start);
    for child in running {
        let ended = said(child.wait_with_output().unwrap(), "convert");
        let (encoded, from_cache) = counts(&ended.last_object());
        assert_eq!(encoded + from_cache, encodable(), "{ended:?}");
    }
    assert_eq!(entries(&home).len() as u64, encodable());
    assert_eq!(fill_another(&home, "three", "wishes.zip --from MUSIC"), (0, encodable()));
    fill_another(&home, "none", "wishes.zip --from MUSIC --cache-size 0");
    for name in ["one", "two", "three"] {
        assert_eq!(differ(&home, "none", name), NONE, "{name}");
    }
}

#[test]
fn the_verb_shows_and_empties_and_leaves_what_is_not_ours() {
    let home = Home::new();
    let empty = home.json("cache");
    assert_eq!((&empty["entries"], &empty["bytes"]), (&0.into(), &0.into()), "{empty}");
    assert!(empty["limit"].as_u64().is_some_and(|limit| limit > 0 && limit <= 10 << 30), "{empty}");
    assert!(!kept(&home).exists(), "a look makes nothing");
    home.csv("one.csv", &[track("Ebb")]);
    fill_another(&home, "off", "one.csv --from MUSIC --cache-size 0");
    assert!(!kept(&home).exists());
    fill_another(&home, "one", "one.csv --from MUSIC");
    let shown = home.json("cache");
    assert_eq!((&shown["entries"], Path::new(shown["folder"].as_str().unwrap())), (&1.into(), &*kept(&home)));
    assert!(home.well("cache").out.contains("1 recording"), "{shown}");
    let mine = entries(&home).remove(0).with_file_name("mine.txt");
    fs::write(&mine, "mine").unwrap();
    fs::write(kept(&home).join("notes.part"), "mine").unwrap();
    let cleared = home.json("cache clear");
    assert_eq!((&cleared["removed"], &cleared["bytes"]), (&1.into(), &shown["bytes"]), "{cleared}");
    assert_eq!(entries(&home).len(), 2, "{:?}", entries(&home));
    assert_eq!(home.json("cache")["entries"], 0);
    assert_eq!(fill_another(&home, "two", "one.csv --from MUSIC"), (1, 0));
    for wrong in ["ten", "-1", "10X"] {
        assert_eq!(home.run(&format!("convert --to one --cache-size={wrong}")).code, 2, "{wrong}");
    }
}

/// The parts of an album in one file are recordings of their own.
#[test]
fn tracks_of_a_cue_sheet_are_kept_one_by_one() {
    let home = Home::new();
    fs::create_dir(home.path("music")).unwrap();
    let wav = home.path("music/album.wav");
    Band { sample_rate: 44_100, ..Band::playing(8, 24.0) }.write_wav(&wav).unwrap();
    let sheet = "PERFORMER \"Nia Orrin\"\nTITLE \"One Piece\"\nFILE \"album.wav\" WAVE\n\
        TRACK 01 AUDIO\nTITLE \"Lanterns\"\nINDEX 01 00:00:00\n\
        TRACK 02 AUDIO\nTITLE \"Harbour Wall\"\nINDEX 01 00:12:00\n";
    fs::write(home.path("music/album.cue"), sheet).unwrap();
    let wanted = |title: &str| {
        let mut track = Track::new("Nia Orrin", "One Piece", title);
        track.duration_ms = Some(12_000);
        track
    };
    home.csv("both.csv", &[wanted("Lanterns"), wanted("Harbour Wall")]);
    assert_eq!(fill_another(&home, "one", "both.csv --from music"), (2, 0));
    assert_eq!(fill_another(&home, "two", "both.csv --from music"), (0, 2));
    assert_eq!(fill_another(&home, "none", "both.csv --from music --cache-size 0"), (2, 0));
    assert_eq!(differ(&home, "one", "two"), NONE);
    assert_eq!(differ(&home, "one", "none"), NONE);
}

/// The album's gain is known without decoding what was encoded before, also where it changes the sound.
#[test]
fn a_whole_album_comes_from_the_cache() {
    let home = Home::with_wishes();
    for loudness in ["tags", "apply-album"] {
        let options = format!("wishes.zip --from MUSIC --loudness {loudness}");
        let (one, two, none) = (format!("{loudness}1"), format!("{loudness}2"), format!("{loudness}0"));
        assert_eq!(fill_another(&home, &one, &options).0, encodable(), "{loudness}");
        // Once more for what its album's broken track changes in the second round.
        let (encoded, from_cache) = fill_another(&home, &two, &options);
        assert!(encoded == 0 && from_cache >= encodable(), "{loudness}: {from_cache}");
        fill_another(&home, &none, &format!("{options} --cache-size 0"));
        assert_eq!(differ(&home, &one, &two), NONE);
        assert_eq!(differ(&home, &one, &none), NONE);
        let last = home.json(&format!("--library lib-{two} convert {options} --to {two}"));
        assert_eq!((counts(&last), list(&last, "/plan/writes").len()), ((0, 0), 0));
    }
}

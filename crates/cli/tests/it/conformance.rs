//! Every kind of player that is known, filled from a small library of hostile names, covers and tags, and judged rule by
//! rule by what its profile says – by `mutagen`, `ffprobe`, `mpg123` and `mp3val`, and on a FAT32 by `mtools` and `fsck.vfat`,
//! in `conformance.py` –; and its playlists by readers as Rockbox's and by `mpd`, in `playlist_readers.py`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use ferrotape_domain::AudioFormat;
use ferrotape_testkit::{MadeTrack, Track, make_music, write_cover};
use serde_json::{Value, json};

use crate::home::Home;

const PYTHON: &str = "/usr/bin/python3";
const JUDGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/conformance.py");
const READERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/playlist_readers.py");
const PROFILES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../device/profiles");
/// Rules that no built-in profile has.
const ODD: &str = "name = \"odd\"\ntitle = \"Odd\"\n[names]\ncharacters = \"iso9660\"\nmax_name_units = 30\n\
    [folders]\nlayout = \"none\"\nmusic = \"\"\nplaylists = \"\"\n[playlists]\npaths = \"from-root-backslash\"\nmax_bytes = 1500\nmax_entries = 20\nmax_playlists = 12\n\
    titles = false\n[audio]\nmax_kbps = 128\nvbr = false\nsample_rates = [48000]\n\
    [tags]\nversion = \"2.4\"\ntext = \"utf8\"\nseveral_values = true\nid3v1 = true\n[cover]\nmax_side = 64\n";

/// Artist, album, title.
const NAMES: [(&str, &str, &str); 14] = [
    ("#1 Hash Band", "# Album", "#EXTM3U"),
    ("CON", "AUX.live", "nul"),
    ("Ünï", "Ét", "Case"),
    ("ünï", "ét", "Other"),
    ("AC/DC: \"Live\" <?>|*", "a:b*c?", "../../etc/passwd"),
    ("🎵 Crab 🦀", "emoji 🏳️‍🌈", "ti🎵tle"),
    ("שלום", "אלבום", "שיר"),
    ("Кино", "Группа", "曲名"),
    ("dots...", "trail. .", "..end. ."),
    ("Straße", "MASS", "x (2)"),
    ("PROGRA~1", "desktop.ini", "LONGFI~2"),
    ("List.m3u", "Album.m3u8", "Title.mp3"),
    ("Mara Quill", "Low Water", "Slack"),
    ("Mara Quill", "Low Water", "Flood"),
];

/// The library's files, with covers of every form.
fn library(folder: &Path) -> Vec<MadeTrack> {
    let covers = covers(folder);
    let tracks = NAMES.iter().zip(1..).map(|((artist, album, title), number)| {
        let track = MadeTrack::new(artist, album, number, title);
        MadeTrack { cover: covers.get(number as usize % (covers.len() + 1)).cloned(), ..track }
    });
    let mut tracks: Vec<MadeTrack> = tracks.collect();
    for (disc, title) in [(1, "First"), (2, "Second")] {
        let more_tags = vec![("DISCTOTAL".to_owned(), "2".to_owned())];
        let track = MadeTrack::new("Disc Band", "Set", 1, title);
        tracks.push(MadeTrack { disc: Some(disc), more_tags, ..track });
    }
    let long = "Långt namn ".repeat(80).trim_end().to_owned();
    tracks.push(MadeTrack::new(&long, &long, 3, &long));
    for track in &mut tracks[12..14] {
        track.album_artist = Some("The Quills".to_owned());
    }
    tracks[12].format = AudioFormat::Mp3;
    tracks[13].sound.sample_rate = 96_000;
    tracks[2].sound.sample_rate = 22_050;
    for (track, number) in tracks.iter_mut().zip(1..) {
        track.isrc = Some(format!("XXC0119{number:05}"));
        track.path = Some(format!("{number:02}.{}", ferrotape_testkit::extension(track.format)));
        if track.format == AudioFormat::Flac {
            track.more_tags.push(("TRACKTOTAL".to_owned(), "30".to_owned()));
        }
        (track.date, track.genre) = (Some("2003".to_owned()), Some("Rock".to_owned()));
        *track = track.clone().seconds(1.3);
    }
    tracks[13].date = Some("2003-05-07".to_owned());
    tracks
}

fn covers(folder: &Path) -> Vec<PathBuf> {
    let (large, full, png) = (folder.join("large.jpg"), folder.join("full.jpg"), folder.join("clear.png"));
    write_cover(&large, 1_300).unwrap();
    for (made, format) in [(&full, "yuvj444p"), (&png, "rgba")] {
        let made_of = Command::new("ffmpeg")
            .args(["-nostdin", "-v", "error", "-y", "-i"])
            .arg(&large)
            .args(["-vf", "scale=300:200", "-pix_fmt", format, "-frames:v", "1", "-update", "1"])
            .arg(made)
            .status();
        assert!(made_of.unwrap().success());
    }
    vec![large, full, png]
}

/// What each recording must say of itself, by ISRC.
fn expected(tracks: &[MadeTrack]) -> Value {
    let about = |track: &MadeTrack| {
        let artists =
            if track.title == "Second" { vec!["Disc Band", "Guest"] } else { vec![track.artist.as_str()] };
        let tracks = if track.format == AudioFormat::Flac { "30" } else { "" };
        let about = json!({
            "title": track.title, "album": track.album, "artists": artists, "track": track.track, "tracks": tracks,
            "disc": track.disc, "discs": 2, "cover": track.cover.is_some(), "date": track.date, "genre": track.genre,
            "album_artist": track.album_artist.as_ref().unwrap_or(&track.artist),
        });
        (track.isrc.clone().unwrap(), about)
    };
    tracks.iter().map(about).collect::<serde_json::Map<_, _>>().into()
}

/// A home with the library, and lists of it: one long enough to be cut, one of an odd name.
fn filled_home() -> Home {
    let home = Home::new();
    fs::create_dir(home.path("covers")).unwrap();
    let tracks = library(&home.path("covers"));
    make_music(&home.path("music"), &tracks).unwrap();
    let second = tracks.iter().find(|track| track.title == "Second").unwrap();
    let guest = Command::new("metaflac")
        .arg("--set-tag=ARTIST=Guest")
        .arg(home.path("music").join(second.relative_path()))
        .status();
    assert!(guest.unwrap().success());
    let sung = home.path("music").join(tracks[2].relative_path()).with_extension("lrc");
    fs::write(sung, "[00:00.10]Žluťoučký kůň\n[00:01.00]שיר\n").unwrap();
    let wish = |made: &MadeTrack| Track {
        isrc: made.isrc.clone(),
        ..Track::new(&made.artist, &made.album, &made.title)
    };
    let wishes: Vec<Track> = tracks.iter().map(wish).collect();
    home.csv("#1 odd: List?.csv", &wishes);
    home.csv("Long.csv", &vec![wishes.clone(); 17].concat());
    fs::write(home.path("expected.json"), expected(&tracks).to_string()).unwrap();
    fs::write(home.path("odd.toml"), ODD).unwrap();
    assert_eq!(home.run_with("import", &["#1 odd: List?.csv", "Long.csv"]).code, 0);
    home
}

/// The files that a profile is made of, its own last.
fn chain(file: PathBuf) -> Vec<PathBuf> {
    let text = fs::read_to_string(&file).unwrap();
    let name = file.file_stem().unwrap();
    let extends =
        text.lines().find_map(|line| line.strip_prefix("extends = ")).map(|name| name.trim_matches('"'));
    let mut chain = match extends {
        _ if name == "generic" => Vec::new(),
        base => chain_of(base.unwrap_or("generic")),
    };
    chain.push(file);
    chain
}

fn chain_of(name: &str) -> Vec<PathBuf> {
    chain(Path::new(PROFILES).join(format!("{name}.toml")))
}

/// The rules that a player breaks, and how much was looked at.
fn judge(home: &Home, player: &str, profile: &[PathBuf]) -> (Vec<String>, String) {
    let mut command = Command::new(PYTHON);
    command.arg(JUDGE).arg(home.path("expected.json")).arg(home.path(player)).args(profile);
    let said = command.env("LC_ALL", "C.UTF-8").output().unwrap();
    assert!(said.status.success(), "{player}: {}", String::from_utf8_lossy(&said.stderr));
    let mut lines: Vec<String> = String::from_utf8(said.stdout).unwrap().lines().map(str::to_owned).collect();
    let looked = lines.pop().unwrap();
    (lines, looked)
}

#[test]
fn every_profile_is_kept_to_as_judges_of_others_see_it() {
    let home = filled_home();
    let listed = home.json("player list");
    let names =
        crate::home::list(&listed, "/profiles").iter().map(|one| one["name"].as_str().unwrap().to_owned());
    let names: Vec<String> = names.filter(|name| name != "ipod-apple").collect();
    assert!(names.len() >= 23, "{names:?}");
    // One is judged while the next is filled.
    std::thread::scope(|scope| {
        for name in names.iter().map(String::as_str).chain(["./odd.toml"]) {
            let player = name.trim_start_matches("./");
            let last = home.json(&format!("convert --from music --to {player}.player --profile {name}"));
            assert_eq!(last["event"], "result", "{name}: {last}");
            scope.spawn(|| is_kept_to(&home, name));
        }
    });
    lists_beyond_the_limit_are_told(&home);
    the_judge_objects(&home);
    let players: Vec<String> = names.iter().map(|name| format!("{name}.player")).collect();
    the_playlists_are_read_by_others(&home, &players);
}

/// By the run that left them out and by one that finds nothing new.
fn lists_beyond_the_limit_are_told(home: &Home) {
    let again = home.json("convert --from music --to odd.toml.player --profile ./odd.toml");
    let told = crate::home::list(&again, "/plan/playlists_left_out");
    assert!(!told.is_empty() && crate::home::list(&again, "/plan/playlists").is_empty(), "{again}");
    let last = told[told.len() - 1].as_str().unwrap();
    assert!(last.starts_with("Long "), "{last}");
    let said = home.run("convert --from music --to odd.toml.player --profile ./odd.toml");
    let words = format!("{} left out of the playlists", told.len());
    assert!(said.out.contains(&words) && said.out.contains("Long "), "{said:?}");
}

/// What a reader of playlists does not find, and how much it looked for.
fn read_lists(home: &Home, reader: &str, players: &[&str]) -> (Vec<String>, String) {
    let mut command = Command::new(PYTHON);
    command.arg(READERS).arg(reader).args(players.iter().map(|player| home.path(player)));
    let said = command.env("LC_ALL", "C.UTF-8").output().unwrap();
    assert!(said.status.success(), "{reader}: {}", String::from_utf8_lossy(&said.stderr));
    let mut lines: Vec<String> = String::from_utf8(said.stdout).unwrap().lines().map(str::to_owned).collect();
    let looked = lines.pop().unwrap();
    (lines, looked)
}

/// Every entry is found by the rules of Rockbox and by a real `mpd`, which reads lists with backslashes, a mark or Latin-1
/// after they were turned into its form; and what is missing would be noticed.
fn the_playlists_are_read_by_others(home: &Home, players: &[String]) {
    let all: Vec<&str> = players.iter().map(String::as_str).chain(["odd.toml.player"]).collect();
    // Sony's read a `.m3u` as UTF-8 without a mark, which Rockbox does not.
    let walkman = "sony-walkman.player";
    let like_rockbox: Vec<&str> = all.iter().copied().filter(|player| *player != walkman).collect();
    for (reader, players) in [("rockbox", &like_rockbox), ("mpd", &all)] {
        let (missing, looked) = read_lists(home, reader, players);
        assert_eq!(missing, Vec::<String>::new(), "{reader}");
        let entries: usize = looked.split(' ').nth(2).unwrap().parse().unwrap();
        assert!(entries > 300 * (players.len() - 4), "{reader}: {looked}");
    }
    assert!(!read_lists(home, "rockbox", &[walkman]).0.is_empty());
    let gone = home.path("generic.player/Music/Straße/MASS");
    fs::rename(gone, home.path("generic.player/Music/MASS")).unwrap();
    for reader in ["rockbox", "mpd"] {
        let (missing, _) = read_lists(home, reader, &["generic.player"]);
        assert!(
            missing.len() >= 18 && missing.iter().all(|line| line.contains("MASS")),
            "{reader}: {missing:?}"
        );
    }
}

fn is_kept_to(home: &Home, name: &str) {
    let own = match name.strip_prefix("./") {
        Some(file) => [chain_of("generic"), vec![home.path(file)]].concat(),
        None => chain_of(name),
    };
    let player = format!("{}.player", name.trim_start_matches("./"));
    let (broken, looked) = judge(home, &player, &own);
    assert_eq!(broken, Vec::<String>::new(), "{name}");
    assert!(looked.starts_with("looked at 17 files"), "{name}: {looked}");
}

/// Players that were filled by other rules are objected to, each rule by its own word.
fn the_judge_objects(home: &Home) {
    let own = |name: &str| if name == "odd" { vec![home.path("odd.toml")] } else { chain_of(name) };
    for (player, by, words) in [
        ("generic", "mp3-cd", "characters: |folder too long: |layout: |letters: |ID3v1: |ReplayGain: "),
        ("generic", "rockbox", "ID3 version: |byte order mark: "),
        ("android", "generic", "line ends: |size of a cover: |track number: |a PNG: |not baseline 4:2:0: "),
        ("generic", "echo-mini", "album: |playlists: |characters: "),
        ("rockbox", "generic", "year: |byte order mark: "),
        ("generic", "mp3-cd", "ID3v1 title: |ID3v1 track: "),
        (
            "generic",
            "odd",
            "variable: |sample rate: |artists: |titles: |path from: |bytes of |entries: |slashes: |place of a playlist: |date: ",
        ),
        ("generic", "shokz-openswim", "covers: "),
    ] {
        let rules = [chain_of("generic"), own(by)].concat();
        let (broken, _) = judge(home, &format!("{player}.player").replace("odd.", "odd.toml."), &rules);
        for word in words.split('|') {
            assert!(
                broken.iter().any(|line| line.starts_with(word)),
                "{player} by {by}: no “{word}”: {broken:#?}"
            );
        }
    }
}

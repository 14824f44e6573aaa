//! Inputs made to hurt: each ends in a clear error or a listed problem, quickly and in little memory.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ferrotape_domain::{Cancel, Silent, Wishlist};
use ferrotape_import::{ImportError, Limits, read_path};
use zip::write::SimpleFileOptions;

use crate::packages::read;

const GOOD: &str =
    r#"{"playlists":[{"name":"Good","items":[{"track":{"trackName":"Lantern","artistName":"Mira Dune"}}]}]}"#;

fn with(limits: &Limits, path: &Path) -> Result<Wishlist, ImportError> {
    read_path(path, limits, &Silent, &Cancel::default())
}

fn zip_of(path: &Path, files: &[(&str, &[u8])]) {
    let mut zip = zip::ZipWriter::new(File::create(path).unwrap());
    for (name, bytes) in files {
        let method = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        zip.start_file(*name, method).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap();
}

fn problems(wishlist: &Wishlist) -> String {
    wishlist.problems.iter().map(|p| format!("{} {:?} {}\n", p.file, p.row, p.reason)).collect()
}

#[test]
fn a_zip_bomb_is_told_and_the_rest_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("bomb.zip");
    // Recognisable at its head, then nothing but spaces: about 1,000 to 1.
    let mut bomb = br#"{"playlists":[{"name":"Bomb","items":["#.to_vec();
    bomb.resize(40 << 20, b' ');
    zip_of(&path, &[("Playlist1.json", &bomb), ("Playlist2.json", GOOD.as_bytes())]);
    let wishlist = read(&path);
    assert!(problems(&wishlist).contains("zip bomb"), "{}", problems(&wishlist));
    assert!(wishlist.playlists.iter().any(|list| list.name == "Good" && list.entries.len() == 1));
}

#[test]
fn the_limits_on_totals_end_the_import() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("big.zip");
    zip_of(&path, &[("a.json", GOOD.as_bytes()), ("b.json", GOOD.as_bytes()), ("c.json", GOOD.as_bytes())]);
    let few = Limits { files: 2, ..Limits::default() };
    assert!(matches!(with(&few, &path), Err(ImportError::TooManyFiles { .. })));
    let small = Limits { total_bytes: 150, ..Limits::default() };
    assert!(matches!(with(&small, &path), Err(ImportError::TooLarge { .. })));
    let rows = Limits { rows: 2, ..Limits::default() };
    assert!(matches!(with(&rows, &path), Err(ImportError::TooManyRows { .. })));
    let file = Limits { file_bytes: 60, ..Limits::default() };
    let wishlist = with(&file, &path).unwrap();
    assert_eq!(problems(&wishlist).matches("larger than 60 bytes").count(), 3, "{}", problems(&wishlist));
}

#[test]
fn names_that_climb_out_of_the_archive_are_only_names() {
    let dir = tempfile::tempdir().unwrap();
    let inside = dir.path().join("inside");
    fs::create_dir(&inside).unwrap();
    let path = inside.join("t.zip");
    zip_of(
        &path,
        &[("../../Playlist1.json", GOOD.as_bytes()), ("/etc/\u{1b}[2Jx\u{202e}.json", GOOD.as_bytes())],
    );
    let wishlist = read(&path);
    assert_eq!(wishlist.playlists.len(), 2);
    assert!(
        wishlist.accounts.iter().all(|a| !a.file.contains(['\u{1b}', '\u{202e}'])),
        "{:?}",
        wishlist.accounts
    );
    let left: Vec<_> = fs::read_dir(dir.path()).unwrap().collect();
    assert_eq!((left.len(), fs::read_dir(&inside).unwrap().count()), (1, 1), "nothing was written");
}

#[test]
fn a_truncated_zip_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cut.zip");
    zip_of(&path, &[("Playlist1.json", GOOD.as_bytes())]);
    let bytes = fs::read(&path).unwrap();
    for length in [4, 30, bytes.len() / 2, bytes.len() - 1] {
        fs::write(&path, &bytes[..length]).unwrap();
        let error = with(&Limits::default(), &path).unwrap_err();
        assert!(matches!(error, ImportError::BrokenZip { .. }), "{length}: {error}");
        assert!(error.to_string().contains("cut.zip") && error.to_string().contains("download it again"));
    }
}

#[test]
fn a_damaged_entry_costs_only_itself() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("damaged.zip");
    let long = GOOD.replace("Lantern", &"Lantern ".repeat(400));
    zip_of(&path, &[("Playlist1.json", long.as_bytes()), ("Playlist2.json", GOOD.as_bytes())]);
    let mut bytes = fs::read(&path).unwrap();
    // In the middle of the first entry's packed bytes.
    for byte in &mut bytes[60..80] {
        *byte ^= 0x5a;
    }
    fs::write(&path, bytes).unwrap();
    let wishlist = read(&path);
    assert!(problems(&wishlist).contains("Playlist1.json"), "{}", problems(&wishlist));
    assert!(wishlist.playlists.iter().any(|list| list.name == "Good" && list.entries.len() == 1));
}

#[test]
fn a_gigabyte_of_brackets_is_refused_at_once() {
    let dir = tempfile::tempdir().unwrap();
    // The file is mostly a hole after its brackets, so it costs no disk; reading it would cost a gigabyte.
    for (name, start) in [("list.json", "["), ("deep.json", "{\"a\":")] {
        let path = dir.path().join(name);
        let mut file = File::create(&path).unwrap();
        file.write_all(start.repeat(200_000).as_bytes()).unwrap();
        file.set_len(1 << 30).unwrap();
        let begun = Instant::now();
        let error = with(&Limits::default(), &path).unwrap_err();
        assert!(error.to_string().contains("deeper than 32"), "{error}");
        assert!(begun.elapsed() < Duration::from_secs(1));
    }
    // Behind a good beginning the depth is met while the file is read.
    let path = dir.path().join("Playlist1.json");
    let filler = GOOD.trim_end_matches("]}").to_owned() + "]}," + &" ".repeat(70_000);
    fs::write(&path, filler + &"[".repeat(20 << 20)).unwrap();
    let begun = Instant::now();
    let wishlist = read(&path);
    assert!(problems(&wishlist).contains("deeper than 32"), "{}", problems(&wishlist));
    assert!(wishlist.playlists[0].entries.len() == 1 && begun.elapsed() < Duration::from_secs(2));
}

#[test]
fn json_of_the_wrong_shape_is_no_wish() {
    let dir = tempfile::tempdir().unwrap();
    for (text, ok) in [
        ("{\"playlists\": 7}", true),
        ("{\"playlists\":[1,[],\"x\",null,{}]}", true),
        ("{\"playlists\":[{\"items\":{\"a\":1},\"name\":[]}]}", true),
        ("{\"tracks\":[[[]]],\"albums\":\"no\",\"wonder\":[1]}", true),
        ("[{\"endTime\":1,\"msPlayed\":{}},5,\"x\",[],{\"endTime\":\"2021-01-01 00:00\"}]", true),
        ("[{\"ts\":[],\"ms_played\":null},", true),
        ("[1,2,3]", false),
        ("{\"a\":1}", false),
        ("[", false),
        ("{\"", false),
    ] {
        let path = dir.path().join("x.json");
        fs::write(&path, text).unwrap();
        match with(&Limits::default(), &path) {
            Ok(wishlist) => {
                assert!(ok, "{text}");
                assert!(wishlist.accounts.iter().all(|account| account.adds_up()), "{text}");
                assert!(wishlist.plays.is_empty(), "{text}");
            }
            Err(error) => {
                assert!(!ok && matches!(error, ImportError::NothingRecognised { .. }), "{text}: {error}");
            }
        }
    }
}

#[test]
fn a_file_cut_off_keeps_the_rows_before_the_cut() {
    let dir = tempfile::tempdir().unwrap();
    let item = r#"{"track":{"trackName":"Lantern","artistName":"Mira Dune"}},"#;
    let text = format!(r#"{{"playlists":[{{"name":"Cut","items":[{}"#, item.repeat(5));
    let path = dir.path().join("Playlist1.json");
    for lost in [0, 10, 40] {
        fs::write(&path, &text[..text.len() - lost]).unwrap();
        let wishlist = read(&path);
        assert_eq!(wishlist.playlists[0].entries.len(), if lost == 0 { 5 } else { 4 });
        assert!(problems(&wishlist).contains("cut off"), "{}", problems(&wishlist));
    }
}

#[test]
fn problems_are_capped_and_still_counted() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("StreamingHistory0.json");
    let bad = r#"{"endTime":"no","msPlayed":1},"#.repeat(2_500);
    fs::write(&path, format!("[{bad}{{}}]")).unwrap();
    let wishlist = read(&path);
    assert_eq!((wishlist.accounts[0].rows, wishlist.accounts[0].problems), (2_501, 2_501));
    assert_eq!(wishlist.problems.len(), 1_001);
    assert!(wishlist.problems.last().unwrap().reason.starts_with("1501 more"));
}

#[cfg(unix)]
#[test]
fn symbolic_links_are_not_followed_and_loops_end() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("Playlist1.json"), GOOD).unwrap();
    std::os::unix::fs::symlink(dir.path(), dir.path().join("loop")).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", dir.path().join("Playlist2.json")).unwrap();
    let mut deep: PathBuf = dir.path().into();
    for _ in 0..20 {
        deep.push("d");
        fs::create_dir(&deep).unwrap();
    }
    let wishlist = read(dir.path());
    assert_eq!(wishlist.playlists.len(), 1);
    let says = problems(&wishlist);
    assert!(
        says.contains("loop") && says.contains("symbolic link") && says.contains("deeper than 16"),
        "{says}"
    );
}

#[test]
fn a_damaged_zip_in_a_folder_is_a_problem() {
    let dir = tempfile::tempdir().unwrap();
    zip_of(&dir.path().join("good.zip"), &[("Playlist1.json", GOOD.as_bytes()), ("in.zip", b"PK\x03\x04")]);
    fs::write(dir.path().join("bad.zip"), b"PK\x03\x04 and nothing").unwrap();
    let wishlist = read(dir.path());
    assert_eq!(wishlist.playlists.len(), 1);
    assert!(problems(&wishlist).contains("bad.zip") && problems(&wishlist).contains("inside a zip"));
}

#[test]
fn a_million_plays_are_read_with_little_memory() {
    let dir = tempfile::tempdir().unwrap();
    let mut row = 0u32;
    for file in 0..10 {
        let path = dir.path().join(format!("Streaming_History_Audio_2020_{file}.json"));
        let mut out = std::io::BufWriter::new(File::create(path).unwrap());
        out.write_all(b"[").unwrap();
        for at in 0..100_000 {
            let comma = if at == 0 { "" } else { "," };
            let title = row % 50_000;
            write!(
                out,
                r#"{comma}{{"ts":"2020-01-01T00:00:00Z","ms_played":{row},"master_metadata_track_name":"T{title}","master_metadata_album_artist_name":"A","master_metadata_album_album_name":"B","spotify_track_uri":"spotify:track:{title:022}"}}"#
            )
            .unwrap();
            row += 1;
        }
        out.write_all(b"]").unwrap();
    }
    let wishlist = read(dir.path());
    assert_eq!((wishlist.plays.len(), wishlist.wanted.len()), (1_000_000, 50_000));
    #[cfg(target_os = "linux")]
    {
        let status = fs::read_to_string("/proc/self/status").unwrap();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        let kib: u64 = peak.trim().trim_end_matches(" kB").parse().unwrap();
        assert!(kib < 400 * 1024, "the whole test binary peaked at {kib} KiB");
    }
}

#[test]
fn two_files_of_one_name_in_a_zip_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("twice.zip");
    let other = GOOD.replace("Good", "Late");
    zip_of(&path, &[("Playlist1.json", GOOD.as_bytes()), ("Playlist2.json", other.as_bytes())]);
    // No zip writer makes this willingly.
    let mut bytes = fs::read(&path).unwrap();
    for at in 0..bytes.len() - 14 {
        if &bytes[at..at + 14] == b"Playlist2.json" {
            bytes[at + 8] = b'1';
        }
    }
    fs::write(&path, bytes).unwrap();
    let wishlist = read(&path);
    let names: Vec<_> = wishlist.playlists.iter().map(|list| list.name.as_str()).collect();
    assert_eq!(names, ["Late"]);
    assert_eq!(
        problems(&wishlist),
        "twice.zip/Playlist1.json None the zip holds 2 files of this name; only the last is read\n"
    );
}

#[test]
fn xml_that_would_fill_the_memory_or_never_closes_is_refused_with_what_came_before() {
    let folder = tempfile::tempdir().unwrap();
    let begun = "<playlist><trackList><track><title>Rain</title><creator>Bo</creator></track><track><title>";
    let long = "x".repeat(3 << 20);
    let deep = "<a>".repeat(40);
    let file = |name: &str, rest: &str| {
        let path = folder.path().join(name);
        fs::write(&path, format!("{begun}{rest}")).unwrap();
        let wishlist = with(&Limits::default(), &path).unwrap();
        assert!(wishlist.accounts.iter().all(|account| account.adds_up()), "{:?}", wishlist.accounts);
        let account = &wishlist.accounts[0];
        assert_eq!((account.rows, account.entries, account.problems), (2, 1, 1), "{name}");
        problems(&wishlist)
    };
    assert!(file("long.xspf", &long).contains("longer than"));
    assert!(file("deep.xspf", &deep).contains("deeper than 32 levels"));
    assert!(file("cut.xspf", "Sn").contains("cut off"));
}

/// A zip in memory.
fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.zip");
    zip_of(&path, files);
    fs::read(&path).unwrap()
}

#[test]
fn the_zips_in_apples_zip_are_opened_once_and_no_deeper() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("apple.zip");
    let tracks = br#"[{"Track Identifier":1,"Title":"Rain","Artist":"Bo"}]"#;
    let deeper = zipped(&[("Apple Music Library Tracks.json", tracks)]);
    let inner = zipped(&[
        ("Apple Music Library Tracks.json", tracks),
        ("Apple Music Library Playlists.json.zip", &deeper),
    ]);
    let (name, cut) = ("a/Apple Music Library Tracks.json.zip", &inner[..inner.len() - 9]);
    zip_of(
        &path,
        &[(name, &inner), ("b/Apple Music Library Playlists.json.zip", cut), ("other.zip", &deeper)],
    );
    let wishlist = read(&path);
    assert_eq!((wishlist.wanted.len(), wishlist.accounts[0].entries), (1, 1));
    let says = problems(&wishlist);
    assert_eq!(says.matches("it is a zip inside a zip; unpack it").count(), 2, "{says}");
    assert!(says.contains("Playlists.json.zip None the zip is cut off"), "{says}");
    let small = Limits { inner_zip_bytes: 50, ..Limits::default() };
    let error = with(&small, &path).unwrap_err().to_string();
    assert!(error.contains("more than 50 bytes"), "{error}");
}

#[test]
fn only_so_many_zips_in_zips_are_held() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("many.zip");
    let inner = zipped(&[("Playlist1.json", GOOD.as_bytes())]);
    let names: Vec<String> = (0..6).map(|at| format!("{at}/Apple Music Library Tracks.json.zip")).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), inner.as_slice())).collect();
    zip_of(&path, &files);
    let wishlist = read(&path);
    assert_eq!((wishlist.playlists.len(), problems(&wishlist).matches("more than 4").count()), (4, 2));
}

//! What may hold music and is not opened here: archives, parts of split ones, images of CDs, videos, and what is called a
//! zip and is none. Nothing of it is taken or moved; it is told with what to do.
//!
//! Told by names, so that a folder of downloads is not read through; zips, and what has no ending, by their first bytes.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use ferrotape_audio::read_cue_sheet;
use ferrotape_domain::ListedFile;

use super::album::file_of;
use super::earlier::low_stem;
use super::listing::stamp_of;
use crate::sheets::{MOST_SHEETS, is_sheet};

/// Something that is not opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unopened {
    /// The file; of several parts the first, of an image its cue sheet.
    pub path: PathBuf,
    /// What it is.
    pub kind: Closed,
    /// Why it is not opened, and what to do.
    pub reason: String,
    /// All its files.
    pub(super) files: Vec<ListedFile>,
}

/// What is not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Closed {
    /// It is called a zip and is none.
    NoZip,
    /// Parts of an archive.
    Parts,
    /// An archive that is no zip.
    Archive,
    /// An image of a CD.
    Image,
    /// A video.
    Video,
}

impl Unopened {
    /// Whether somebody surely meant it to be taken; other archives and videos may be anything.
    pub fn is_trouble(&self) -> bool {
        matches!(self.kind, Closed::NoZip | Closed::Parts)
    }

    /// Whether it was told before, and is as it was.
    pub(super) fn is_as(&self, seen: &HashMap<PathBuf, String>) -> bool {
        self.files.iter().all(|file| seen.get(&file.path).is_some_and(|stamp| *stamp == stamp_of(file)))
    }
}

const ARCHIVES: [&str; 10] = ["7z", "ace", "arj", "rar", "tar", "tbz", "tbz2", "tgz", "txz", "tzst"];
/// How a tar is packed: alone such a file may be anything.
const PACKED_TARS: [&str; 6] = ["bz2", "gz", "lz", "lzma", "xz", "zst"];
const IMAGES: [&str; 5] = ["bin", "img", "iso", "mdf", "nrg"];
const VIDEOS: [&str; 6] = ["avi", "flv", "mkv", "mov", "webm", "wmv"];

/// Takes out of the files of an inbox what is not opened.
pub(super) fn take_out(files: &mut Vec<ListedFile>) -> Vec<Unopened> {
    let there: HashSet<PathBuf> = files.iter().map(|file| small(&file.path)).collect();
    let with_images: HashSet<PathBuf> = files
        .iter()
        .filter(|file| IMAGES.contains(&ending(&file.path).as_str()))
        .filter_map(|file| file.path.parent().map(Path::to_owned))
        .collect();
    let mut sheets = 0;
    // By kind, too: parts are one thing, whatever lies beside them under their name.
    let mut found: BTreeMap<(PathBuf, Closed), Unopened> = BTreeMap::new();
    files.retain(|file| {
        let has_image = || file.path.parent().is_some_and(|folder| with_images.contains(folder));
        let is_told = match told_of(&file.path, &there) {
            None if is_sheet(&file.path) && has_image() && sheets < MOST_SHEETS => {
                sheets += 1;
                told_of_sheet(&file.path, &there)
            }
            told => told,
        };
        let Some((kind, reason)) = is_told else { return true };
        let name = if kind == Closed::Parts { whole_of(&file.path) } else { file.path.clone() };
        let new = || Unopened { path: file.path.clone(), kind, reason, files: Vec::new() };
        found.entry((name, kind)).or_insert_with(new).files.push(file.clone());
        false
    });
    found.into_values().collect()
}

fn told_of(path: &Path, there: &HashSet<PathBuf>) -> Option<(Closed, String)> {
    const ARCHIVE: &str = "an archive that ferrotape does not open; unpack it and drop the folder";
    let told = |kind, says: &str| Some((kind, says.to_owned()));
    if is_part_with_others(path, there) {
        return told(Closed::Parts, "a part of a split archive; unpack it and drop the folder");
    }
    let ending = ending(path);
    let is_packed_tar = || PACKED_TARS.contains(&ending.as_str()) && low_stem(path).ends_with(".tar");
    match ending.as_str() {
        "zip" => why_no_zip(&head_of(path).ok()?).map(|says| (Closed::NoZip, says.to_owned())),
        "" => head_of(path)
            .is_ok_and(|head| is_kept_whole(&head))
            .then(|| (Closed::Archive, ARCHIVE.to_owned())),
        one if ARCHIVES.contains(&one) || is_packed_tar() => told(Closed::Archive, ARCHIVE),
        one if VIDEOS.contains(&one) => {
            told(Closed::Video, "a video; ferrotape takes no sound out of videos")
        }
        _ => None,
    }
}

/// Whether a file is called as an archive or a part of one is.
pub(super) fn is_called_archive(path: &Path) -> bool {
    let ending = ending(path);
    let is_one = |those: &[&str]| those.contains(&ending.as_str());
    ending == "zip" || is_one(&ARCHIVES) || is_one(&PACKED_TARS) || is_part(path)
}

/// Of a cue sheet that is about an image with sound. Other images may be anything, and the sheets of data are nobody's.
fn told_of_sheet(sheet: &Path, there: &HashSet<PathBuf>) -> Option<(Closed, String)> {
    let read = read_cue_sheet(sheet).ok()?;
    let is_image = |name: &str| {
        let path = sheet.with_file_name(file_of(name));
        IMAGES.contains(&ending(&path).as_str()) && there.contains(&small(&path))
    };
    let name = sheet.file_name()?.to_string_lossy();
    let mut files = read.files.iter();
    let is_one = files.any(|file| is_image(&file.name) && file.tracks.iter().any(|track| track.is_sound));
    is_one.then(|| {
        (Closed::Image, format!("an image of a CD; `ferrotape rip` takes its music: name {name} to it"))
    })
}

/// Whether a file is a part of an archive by its own name.
pub(super) fn is_part(path: &Path) -> bool {
    let ending = ending(path);
    let is_number = |text: &str| text.bytes().all(|letter| letter.is_ascii_digit());
    match (ending.len(), ending.as_bytes()) {
        (3, [b'r' | b'z', ..]) => ending.get(1..).is_some_and(is_number),
        (3, _) => is_number(&ending),
        _ => false,
    }
}

/// Whether the first or the last part of an archive says that this is one, too: the last of a split zip is called as a
/// whole one, and other things have numbers as well.
fn is_part_with_others(path: &Path, there: &HashSet<PathBuf>) -> bool {
    let has =
        |others: &[&str]| others.iter().any(|other| there.contains(&small(&path.with_extension(other))));
    match ending(path).as_str() {
        "zip" => has(&["z01"]),
        "rar" => has(&["r00"]) || low_stem(path) != without_number(&low_stem(path)),
        _ if !is_part(path) => false,
        other if other.starts_with('z') => has(&["z01", "zip"]),
        other if other.starts_with('r') => has(&["r00", "rar"]),
        _ => has(&["001"]),
    }
}

/// What all parts of an archive are called.
fn whole_of(path: &Path) -> PathBuf {
    path.with_file_name(without_number(&low_stem(path)))
}

/// Without the `.part2` of `album.part2.rar`.
fn without_number(stem: &str) -> &str {
    let Some((before, number)) = stem.rsplit_once(".part") else { return stem };
    let is_number = !number.is_empty() && number.bytes().all(|letter| letter.is_ascii_digit());
    if is_number { before } else { stem }
}

fn ending(path: &Path) -> String {
    path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default()
}

/// The path with a name that is written small.
fn small(path: &Path) -> PathBuf {
    path.with_file_name(path.file_name().unwrap_or_default().to_string_lossy().to_lowercase())
}

/// Where the name of a tar begins that says that it is one.
const TAR_AT: usize = 257;

fn head_of(path: &Path) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    File::open(path)?.take(512).read_to_end(&mut head)?;
    Ok(head)
}

/// Why what begins so is no zip; `None` where it is one.
fn why_no_zip(head: &[u8]) -> Option<&'static str> {
    let text = String::from_utf8_lossy(head).trim_start_matches('\u{feff}').trim_start().to_lowercase();
    match head {
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => None,
        [] => Some("it is empty, so it did not come; get it again"),
        _ if ["<!doctype", "<html", "<head", "<?xml"].iter().any(|begin| text.starts_with(begin)) => {
            Some("it holds a web page, not music: an error, perhaps, or a request to log in; get it again")
        }
        _ if is_kept_whole(head) => Some("it is no zip but another archive; unpack it and drop the folder"),
        _ => Some("it does not begin as a zip does; get it again, or unpack it yourself and drop the folder"),
    }
}

/// Whether it begins as a RAR, 7z or tar.
fn is_kept_whole(head: &[u8]) -> bool {
    let begins = [&b"Rar!"[..], &b"7z\xbc\xaf\x27\x1c"[..]].iter().any(|magic| head.starts_with(magic));
    begins || head.get(TAR_AT..).is_some_and(|tar| tar.starts_with(b"ustar"))
}

/// Whether a file is an archive or packed by its first bytes: sound is found in the middle of such a file, too, and is no
/// file of its own.
pub(super) fn is_archive(path: &Path) -> bool {
    const PACKED: [&[u8]; 6] =
        [b"PK\x03\x04", b"PK\x07\x08", b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd"];
    let is_it = |head: Vec<u8>| is_kept_whole(&head) || PACKED.iter().any(|magic| head.starts_with(magic));
    head_of(path).is_ok_and(is_it)
}

/// What is said of an archive that is called as sound is.
pub(super) const IS_ARCHIVE: &str = "it is an archive, whatever its name; unpack it and drop the folder";

#[cfg(test)]
mod tests {
    use super::super::listing::listed;
    use super::*;

    const SHEET: &str = "FILE \"Disc.bin\" BINARY\n  TRACK 01 AUDIO\n    INDEX 01 00:00:00\n";

    #[test]
    fn what_is_not_opened_is_told_with_what_to_do() {
        let home = tempfile::tempdir().unwrap();
        let tar = [&[b'a'; TAR_AT][..], &b"ustar"[..], &[0; 300][..]].concat();
        let files: [(&str, &[u8], Option<Closed>); 23] = [
            ("a.zip", b"", Some(Closed::NoZip)),
            ("b.zip", b"\n<!DOCTYPE html>", Some(Closed::NoZip)),
            ("c.ZIP", &[0; 600], Some(Closed::NoZip)),
            ("d.zip", b"PK\x03\x04", None),
            ("split.z01", b"PK\x07\x08", Some(Closed::Parts)),
            ("split.z02", b"x", None),
            ("split.zip", b"x", None),
            ("two.part1.rar", b"Rar!", Some(Closed::Parts)),
            ("two.part2.rar", b"Rar!", None),
            ("e.rar", b"Rar!", Some(Closed::Archive)),
            ("f.tar.gz", b"x", Some(Closed::Archive)),
            ("g", &tar, Some(Closed::Archive)),
            ("log.gz", b"x", None),
            ("game.z64", b"x", None),
            ("x.flac.001", b"fLaC", Some(Closed::Parts)),
            ("h.webm", b"x", Some(Closed::Video)),
            ("Disc.cue", SHEET.as_bytes(), Some(Closed::Image)),
            ("disc.BIN", b"x", None),
            ("system.iso", b"x", None),
            ("game.cue", b"FILE \"game.bin\" BINARY\n  TRACK 01 MODE2/2352\n    INDEX 01 00:00:00\n", None),
            ("game.bin", b"x", None),
            ("setup.exe", b"MZ", None),
            ("song.mp3", b"x", None),
        ];
        let mut all = Vec::new();
        for (name, bytes, _) in &files {
            let path = home.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            all.push(listed(path.clone(), &path.metadata().unwrap()));
        }
        all.sort_by(|a, b| a.path.cmp(&b.path));
        let told = take_out(&mut all);
        for (name, _, kind) in files {
            let one = told.iter().find(|one| one.path.ends_with(name));
            assert_eq!(one.map(|one| one.kind), kind, "{name}");
        }
        let parts = told.iter().find(|one| one.path.ends_with("split.z01")).unwrap();
        assert_eq!(parts.files.len(), 3);
        assert!(told.iter().any(|one| one.reason.contains("web page")));
        assert!(told.iter().any(|one| one.reason.contains("name Disc.cue")));
        let left: Vec<&str> = all.iter().filter_map(|file| file.path.file_name()?.to_str()).collect();
        let left_is = [
            "d.zip",
            "disc.BIN",
            "game.bin",
            "game.cue",
            "game.z64",
            "log.gz",
            "setup.exe",
            "song.mp3",
            "system.iso",
        ];
        assert_eq!(left, left_is);
    }

    #[test]
    fn archives_are_known_by_their_first_bytes() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("song.mp3");
        let cases: [(&[u8], bool); 6] = [
            (b"Rar!\x1a\x07\x00", true),
            (b"PK\x07\x08", true),
            (b"\x1f\x8b\x08", true),
            (b"ID3\x04", false),
            (b"fLaC", false),
            (b"", false),
        ];
        for (bytes, is_so) in cases {
            std::fs::write(&path, bytes).unwrap();
            assert_eq!(is_archive(&path), is_so, "{bytes:?}");
        }
    }
}

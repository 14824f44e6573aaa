//! What holds for every format: each case folder, whole and damaged, as a folder, as a zip, and without its endings.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use ferrotape_domain::{Cancel, Silent, Wishlist};
use ferrotape_import::{Limits, read_path};
use ferrotape_testkit::Random;
use walkdir::WalkDir;
use zip::write::SimpleFileOptions;

use crate::packages::read;

/// Cuts of each file, and changed bytes in each.
const CUTS: usize = 24;
const FLIPS: usize = 24;

fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let found = WalkDir::new(root).min_depth(2).max_depth(2).sort_by_file_name().into_iter();
    let cases: Vec<PathBuf> =
        found.map(|entry| entry.unwrap().into_path()).filter(|path| path.is_dir()).collect();
    assert!(cases.len() >= 30, "only {} cases were found", cases.len());
    cases
}

/// The files of a case, by their path inside its input.
fn files(case: &Path) -> Vec<(String, Vec<u8>)> {
    let input = case.join("input");
    let found = WalkDir::new(&input).sort_by_file_name().into_iter().map(Result::unwrap);
    let found = found.filter(|entry| entry.file_type().is_file());
    let name = |path: &Path| path.strip_prefix(&input).unwrap().to_str().unwrap().to_owned();
    found.map(|entry| (name(entry.path()), fs::read(entry.path()).unwrap())).collect()
}

fn write(folder: &Path, files: &[(String, Vec<u8>)]) {
    for (name, bytes) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

/// As [`read`], where nothing at all may be recognised.
fn read_if_known(path: &Path) -> Option<Wishlist> {
    read_path(path, &Limits::default(), &Silent, &Cancel::default()).ok()?;
    Some(read(path))
}

/// Without the names of the files, which differ with the place they lie in.
fn without_files(mut wishlist: Wishlist, prefix: &str) -> Wishlist {
    let cut = |file: &mut String| *file = file.strip_prefix(prefix).unwrap_or(file).to_owned();
    wishlist.accounts.iter_mut().for_each(|account| cut(&mut account.file));
    wishlist.problems.iter_mut().for_each(|problem| cut(&mut problem.file));
    wishlist
}

#[test]
fn reading_twice_gives_the_same() {
    for case in cases() {
        assert_eq!(read(&case.join("input")), read(&case.join("input")), "{}", case.display());
    }
}

#[test]
fn every_problem_of_a_row_is_counted_or_its_row_is_used() {
    for case in cases() {
        let wishlist = read(&case.join("input"));
        for account in &wishlist.accounts {
            let told = wishlist.problems.iter().filter(|problem| problem.file == account.file).count() as u64;
            // Rows that are alike share one problem; so at least one is told where any is counted.
            assert!(account.problems == 0 || told > 0, "{}: {account:?}", case.display());
        }
        let entries: usize = wishlist.playlists.iter().map(|list| list.entries.len()).sum();
        let told: u64 = wishlist.accounts.iter().map(|account| account.entries).sum();
        assert!(entries as u64 <= told, "{}", case.display());
        let plays: u64 = wishlist.accounts.iter().map(|account| account.plays).sum();
        assert_eq!(wishlist.plays.len() as u64, plays, "{}", case.display());
        let noted: u64 = wishlist.accounts.iter().map(|account| account.noted).sum();
        assert_eq!(wishlist.noted.len() as u64, noted, "{}", case.display());
    }
}

#[test]
fn a_zip_gives_what_the_folder_gives() {
    let dir = tempfile::tempdir().unwrap();
    for case in cases() {
        let path = dir.path().join("all.zip");
        let mut zip = zip::ZipWriter::new(File::create(&path).unwrap());
        for (name, bytes) in files(&case).iter().rev() {
            zip.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap();
        let (of_zip, of_folder) = (without_files(read(&path), "all.zip/"), read(&case.join("input")));
        assert_eq!(of_zip, of_folder, "{}", case.display());
    }
}

#[test]
fn a_folder_around_it_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    for (at, case) in cases().iter().enumerate() {
        let outer = dir.path().join(at.to_string());
        write(&outer.join("exports/mine"), &files(case));
        let wishlist = without_files(read(&outer), "exports/mine/");
        assert_eq!(wishlist, read(&case.join("input")), "{}", case.display());
    }
}

#[test]
fn the_content_decides_and_not_the_ending() {
    let dir = tempfile::tempdir().unwrap();
    for (at, case) in cases().iter().enumerate() {
        // Empty lists are told by their names, and files that must not be opened as well.
        let by_name = ["account"];
        if by_name.iter().any(|format| case.parent().unwrap().ends_with(format)) {
            continue;
        }
        let known = read(&case.join("input"));
        let is_read = |name: &str| {
            known.accounts.iter().any(|account| account.file == name && !account.format.starts_with("not "))
        };
        let files: Vec<_> = files(case).into_iter().filter(|(name, _)| is_read(name)).collect();
        let (with, without) =
            (dir.path().join(format!("{at}-with")), dir.path().join(format!("{at}-without")));
        write(&with, &files);
        let bare: Vec<_> = files
            .into_iter()
            .map(|(name, bytes)| {
                let bare = Path::new(&name).with_extension("").to_str().unwrap().to_owned();
                (bare, bytes)
            })
            .collect();
        write(&without, &bare);
        let (with, without) = (read(&with), read(&without));
        assert_eq!(with.wanted, without.wanted, "{}", case.display());
        assert_eq!(with.playlists, without.playlists, "{}", case.display());
        assert_eq!(with.plays, without.plays, "{}", case.display());
        assert_eq!(with.noted, without.noted, "{}", case.display());
    }
}

#[test]
fn a_file_cut_anywhere_adds_up() {
    let dir = tempfile::tempdir().unwrap();
    for (name, bytes) in cases().iter().flat_map(|case| files(case)) {
        let path = dir.path().join(Path::new(&name).file_name().unwrap());
        for at in 0..CUTS.min(bytes.len()) {
            fs::write(&path, &bytes[..bytes.len() * at / CUTS]).unwrap();
            read_if_known(&path);
        }
        fs::remove_file(&path).unwrap_or_default();
    }
}

#[test]
fn changed_bytes_add_up() {
    let dir = tempfile::tempdir().unwrap();
    let mut random = Random::seeded(7);
    for (name, bytes) in cases().iter().flat_map(|case| files(case)).filter(|(_, bytes)| !bytes.is_empty()) {
        let path = dir.path().join(Path::new(&name).file_name().unwrap());
        for _ in 0..FLIPS {
            let mut changed = bytes.clone();
            for _ in 0..3 {
                let at = random.below(changed.len() as u64) as usize;
                changed[at] ^= 1 << random.below(8);
            }
            fs::write(&path, changed).unwrap();
            read_if_known(&path);
        }
        fs::remove_file(&path).unwrap();
    }
}

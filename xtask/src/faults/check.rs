//! What must be so after a fault, and after the run that repairs.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use ferrotape_testkit::mp3val_clean;

/// Every file below a player with its bytes.
pub(crate) type Tree = BTreeMap<String, Vec<u8>>;

/// Files of the user's: beside ours, under a name that ours would like to have, and a list.
const USERS: [(&str, &[u8]); 4] = [
    ("diary.txt", b"mine"),
    ("Music/Tin Lantern/mine.mp3", b"my own recording"),
    ("Music/Oda Vinterhav/Havn/01 - Number 1 in a Row.mp3", b"my own Number 1"),
    ("Playlists/All of It.m3u8", b"my own list"),
];

pub(crate) fn put_users_files(player: &Path) -> Result<()> {
    for (path, bytes) in USERS {
        let path = player.join(path);
        fs::create_dir_all(path.parent().context("a file lies in a folder")?)?;
        fs::write(path, bytes)?;
    }
    Ok(())
}

/// Reads a player.
pub(crate) fn tree(player: &Path) -> Result<Tree> {
    let mut tree = Tree::new();
    let mut folders = vec![player.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(player)?.to_string_lossy().into_owned();
                tree.insert(name, fs::read(&path).with_context(|| path.display().to_string())?);
            }
        }
    }
    Ok(tree)
}

pub(super) fn copy(from: &Path, to: &Path) -> Result<()> {
    if to.exists() {
        fs::remove_dir_all(to)?;
    }
    let copied = Command::new("cp").arg("-a").arg(from).arg(to).status().context("could not run cp")?;
    ensure!(copied.success(), "could not copy {}", from.display());
    Ok(())
}

fn is_music(path: &str) -> bool {
    path.ends_with(".mp3")
        && !path.starts_with(".ferrotape/")
        && !USERS.iter().any(|(users, _)| *users == path)
}

/// An undisturbed run's music decodes, or nothing could be compared with it.
pub(crate) fn sound(player: &Path, tree: &Tree) -> Result<()> {
    let music: Vec<&String> = tree.keys().filter(|path| is_music(path)).collect();
    ensure!(!music.is_empty(), "an undisturbed run put no music on the player – nothing could be tested");
    music.into_iter().try_for_each(|path| Ok(mp3val_clean(&player.join(path))?))
}

fn users_changed(found: &Tree) -> impl Iterator<Item = String> {
    let changed = USERS.iter().filter(|(path, bytes)| found.get(*path).is_none_or(|found| found != bytes));
    changed.map(|(path, _)| format!("{path} is the user's, and changed"))
}

/// Right after a fault: no file but one of before or of an undisturbed run, by its bytes, or at least a whole one – where
/// a track of an album could not be made, the others go without the album's loudness.
pub(crate) fn after_fault(player: &Path, before: &Tree, wanted: &Tree) -> Result<Vec<String>> {
    if !player.exists() {
        return Ok(Vec::new());
    }
    let found = tree(player)?;
    // Of music only: another file may be empty, and an empty track is not good for that.
    let music = before.iter().chain(wanted).filter(|(path, _)| is_music(path));
    let good: HashSet<&Vec<u8>> = music.map(|(_, bytes)| bytes).collect();
    let others = found.iter().filter(|(path, bytes)| is_music(path) && !good.contains(bytes));
    let broken = others.filter_map(|(path, _)| mp3val_clean(&player.join(path)).err());
    Ok(broken.map(|error| format!("a half file: {error}")).chain(users_changed(&found)).collect())
}

/// After the run that repairs: what an undisturbed run leaves, nothing more and nothing less.
pub(crate) fn repaired(player: &Path, wanted: &Tree) -> Result<Vec<String>> {
    let counts = |path: &str| !path.starts_with(".ferrotape/trash/");
    let found = tree(player)?;
    let differs = |path: &&String| counts(path) && found.get(*path) != wanted.get(*path);
    let paths: std::collections::BTreeSet<&String> =
        found.keys().chain(wanted.keys()).filter(differs).collect();
    let told = |path: &String| match (found.contains_key(path), wanted.contains_key(path)) {
        (true, false) => format!("{path} was left behind"),
        (false, true) => format!("{path} is missing after the repair"),
        _ => format!("{path} differs after the repair"),
    };
    Ok(paths.into_iter().map(told).chain(users_changed(&found)).collect())
}

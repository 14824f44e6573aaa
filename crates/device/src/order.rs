//! The order in which a player plays the files of a folder, where it goes by the folder itself.
//!
//! Some players go by the entries of a FAT folder, which stand in the order of their making; a place that a deletion frees
//! is used again, so copying in order is not enough. Moving all files of ours out of the folder and back, one by one,
//! makes their entries anew in the wanted order, and copies no data. What is being moved is written down first: after a
//! kill the next opening moves the rest back. Other players go by the times of change; those are set.

use std::collections::HashSet;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use crate::allot::in_folder;
use crate::error::DeviceError;
use crate::manifest::{Manifest, is_inside};
use crate::on_the_way::refuse_doubled;
use crate::profile::FileOrder;
use crate::root::{OURS, Root};
use crate::storage::Entry;
use crate::trash;

/// Files on their way back into their folder.
const MOVING: &str = ".ferrotape/order";
/// Which they are.
const NOTE: &str = ".ferrotape/order.json";
/// Says that files came in since all was last put in order; without it, a kill in between would leave them so for good.
const DUE: &str = ".ferrotape/order.due";
const LARGEST_NOTE: u64 = 16 * 1024 * 1024;
/// FAT keeps times to two seconds.
const STEP: Duration = Duration::from_secs(2);

/// A folder whose files are being put in order.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Moving {
    folder: String,
    /// In the wanted order.
    names: Vec<String>,
}

/// Puts the files of ours in order; the folders in which that did not work, because the file system orders them itself.
pub(crate) fn put_in_order(
    root: &Root,
    manifest: &Manifest,
    order: FileOrder,
) -> Result<Vec<String>, DeviceError> {
    match order {
        FileOrder::Any => Ok(Vec::new()),
        FileOrder::Directory => directories(root, manifest),
        FileOrder::Modified => times(root, manifest).map(|()| Vec::new()),
    }
}

/// Writes down that the order has to be looked at, for a player that goes by it.
pub(crate) fn note_due(root: &Root, order: FileOrder) -> Result<(), DeviceError> {
    if order == FileOrder::Any { Ok(()) } else { root.open_or_create(DUE).map(drop) }
}

/// Whether an earlier run was cut short before it had put its files in order.
pub(crate) fn is_due(root: &Root) -> Result<bool, DeviceError> {
    Ok(root.look(DUE)?.is_some() || root.look(NOTE)?.is_some())
}

/// All is in order, as far as it goes. A note that was cut short says nothing any more.
pub(crate) fn settle(root: &Root) -> Result<(), DeviceError> {
    for path in [DUE, NOTE] {
        if root.look(path)?.is_some() {
            root.remove_file(path)?;
        }
    }
    Ok(())
}

/// Moves back what an interrupted run was moving.
pub(crate) fn complete(root: &Root) -> Result<(), DeviceError> {
    let Some(moving) = note(root)? else { return Ok(()) };
    move_back(root, &moving)
}

fn directories(root: &Root, manifest: &Manifest) -> Result<Vec<String>, DeviceError> {
    if !root.keeps_order() {
        return Ok(Vec::new());
    }
    let mut unordered = Vec::new();
    for (folder, names) in manifest.names_by_folder() {
        let known: HashSet<&String> = names.iter().collect();
        let ours_there = || -> Result<Vec<String>, DeviceError> {
            Ok(root.names_in(&folder)?.into_iter().filter(|name| known.contains(name)).collect())
        };
        let before = ours_there()?;
        let there: HashSet<&String> = before.iter().collect();
        let wanted: Vec<String> = names.iter().filter(|name| there.contains(name)).cloned().collect();
        if before == wanted {
            continue;
        }
        reorder(root, Moving { folder: folder.clone(), names: wanted.clone() })?;
        let shown = ours_there()?;
        if shown != wanted && !(is_fuse(root) && is_reversed(&shown, &wanted)) {
            unordered.push(folder);
        }
    }
    Ok(unordered)
}

/// What was made since it was mounted, exfat-fuse lists newest first, until it is mounted anew; in the folder itself it
/// stands in the order in which it was made, which is how a player reads it.
fn is_reversed(shown: &[String], wanted: &[String]) -> bool {
    shown.iter().eq(wanted.iter().rev())
}

/// Whether a program answers for the file system.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn is_fuse(root: &Root) -> bool {
    rustix::fs::fstatfs(root.dir()).is_ok_and(|stat| stat.f_type == 0x6573_5546)
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn is_fuse(_root: &Root) -> bool {
    false
}

fn reorder(root: &Root, moving: Moving) -> Result<(), DeviceError> {
    let text = serde_json::to_vec(&moving).map_err(|error| root.fault(error.into(), "written", NOTE))?;
    root.create_dir_all(MOVING)?;
    // Not renamed: on FAT it would be an empty one after a power cut. Cut short it says nothing, and nothing has moved yet.
    root.write_new(NOTE, &text)?;
    root.sync_dir(OURS)?;
    for (at, name) in moving.names.iter().enumerate() {
        root.rename_over(&in_folder(&moving.folder, name), &format!("{MOVING}/{at}"))?;
    }
    move_back(root, &moving)
}

fn move_back(root: &Root, moving: &Moving) -> Result<(), DeviceError> {
    for (at, name) in moving.names.iter().enumerate() {
        let from = format!("{MOVING}/{at}");
        if root.look(&from)?.is_none() {
            continue;
        }
        let to = in_folder(&moving.folder, name);
        match root.rename_new(&from, &to) {
            // Somebody put a file of their own there meanwhile: it stays, and ours is made again.
            Err(DeviceError::Occupied { .. }) => {
                refuse_doubled(root, &from, &to)?;
                trash::put(root, &from)?;
            }
            moved => moved?,
        }
    }
    // Only where it is empty.
    let _ = root.dir().remove_dir(MOVING);
    // The files are in their places on the disk before what tells of them goes.
    root.sync_all()?;
    root.remove_file(NOTE)?;
    root.sync_dir(OURS)
}

fn note(root: &Root) -> Result<Option<Moving>, DeviceError> {
    match root.look(NOTE)?.flatten() {
        Some(bytes) if bytes <= LARGEST_NOTE => {}
        _ => return Ok(None),
    }
    let text = root.dir().read(NOTE).map_err(|error| root.fault(error, "read", NOTE))?;
    let moving: Option<Moving> = serde_json::from_slice(&text).ok();
    // What lies on a player may have been written by anybody.
    Ok(moving.filter(|moving| {
        moving.names.iter().all(|name| is_inside(&in_folder(&moving.folder, name)) && !name.contains('/'))
    }))
}

/// Each file later than the one before it, by path; written only where one is not.
fn times(root: &Root, manifest: &Manifest) -> Result<(), DeviceError> {
    let ours = manifest.files.values().filter(|file| !file.adopted);
    let mut paths: Vec<&str> = ours.map(|file| file.path.as_str()).collect();
    paths.sort_unstable();
    let mut last = None;
    let mut is_in_order = true;
    for path in &paths {
        let Some(Entry::File { modified, .. }) = root.metadata(path)? else { continue };
        is_in_order &= modified.is_some() && last.is_none_or(|last| modified > last);
        last = Some(modified);
    }
    if is_in_order {
        return Ok(());
    }
    let span = STEP.saturating_mul(u32::try_from(paths.len()).unwrap_or(u32::MAX));
    let mut time = SystemTime::now().checked_sub(span).unwrap_or(SystemTime::UNIX_EPOCH);
    for path in &paths {
        time += STEP;
        if root.look(path)?.flatten().is_some() {
            root.set_modified(path, time)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::FileRecord;

    fn filled(names: &[&str]) -> (tempfile::TempDir, Root, Manifest) {
        let folder = tempfile::tempdir().unwrap();
        let root = Root::open(folder.path()).unwrap();
        root.create_dir_all(OURS).unwrap();
        root.create_dir_all("Music").unwrap();
        let mut manifest = Manifest::default();
        for name in names {
            let path = format!("Music/{name}");
            root.write_new(&path, name.as_bytes()).unwrap();
            let record = FileRecord {
                identity: (*name).to_owned(),
                recipe: String::new(),
                path,
                bytes: name.len() as u64,
                blake3: String::new(),
                label: String::new(),
                seconds: None,
                adopted: false,
                sound: String::new(),
            };
            manifest.files.insert((*name).to_owned(), record);
        }
        (folder, root, manifest)
    }

    fn content(root: &Root, path: &str) -> String {
        root.dir().read_to_string(path).unwrap()
    }

    #[test]
    fn times_rise_with_the_paths_and_are_left_alone_when_they_do() {
        let (folder, root, manifest) = filled(&["03.mp3", "01.mp3", "02.mp3"]);
        put_in_order(&root, &manifest, FileOrder::Modified).unwrap();
        let time = |name: &str| match root.metadata(&format!("Music/{name}")).unwrap() {
            Some(Entry::File { modified: Some(modified), .. }) => modified,
            other => panic!("{other:?}"),
        };
        let first = time("01.mp3");
        assert!(first < time("02.mp3") && time("02.mp3") < time("03.mp3"));
        let looked = std::fs::metadata(folder.path().join("Music/01.mp3")).unwrap().accessed().unwrap();
        assert_eq!(looked, first, "exfat-fuse sets the one only with the other");
        put_in_order(&root, &manifest, FileOrder::Modified).unwrap();
        assert_eq!(time("01.mp3"), first);
    }

    #[test]
    fn files_are_moved_out_and_back_and_a_kill_in_between_loses_none() {
        let names = ["01.mp3", "02.mp3", "03.mp3"];
        let (_folder, root, _) = filled(&names);
        let moving = || Moving { folder: "Music".to_owned(), names: names.map(str::to_owned).to_vec() };
        reorder(&root, moving()).unwrap();
        assert_eq!(content(&root, "Music/02.mp3"), "02.mp3");
        assert_eq!(root.look(NOTE).unwrap(), None);
        // As a kill leaves it: one moved back already, one still out, one not yet moved.
        root.create_dir_all(MOVING).unwrap();
        root.write_new(NOTE, &serde_json::to_vec(&moving()).unwrap()).unwrap();
        root.rename_over("Music/02.mp3", ".ferrotape/order/1").unwrap();
        complete(&root).unwrap();
        for name in names {
            assert_eq!(content(&root, &format!("Music/{name}")), name);
        }
        assert_eq!((root.look(NOTE).unwrap(), root.look(MOVING).unwrap()), (None, None));
    }

    #[test]
    fn a_file_that_took_a_place_meanwhile_stays_and_stops_nothing() {
        let (_folder, root, _) = filled(&["01.mp3"]);
        root.create_dir_all(MOVING).unwrap();
        root.rename_over("Music/01.mp3", ".ferrotape/order/0").unwrap();
        root.write_new("Music/01.mp3", b"yours").unwrap();
        root.write_new(NOTE, br#"{"folder":"Music","names":["01.mp3"]}"#).unwrap();
        complete(&root).unwrap();
        assert_eq!(content(&root, "Music/01.mp3"), "yours");
        assert_eq!((root.look(NOTE).unwrap(), root.look(MOVING).unwrap()), (None, None));
    }

    #[test]
    fn only_the_whole_order_turned_round_is_a_reversed_one() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let wanted = names(&["1", "2", "3"]);
        assert!(is_reversed(&names(&["3", "2", "1"]), &wanted));
        for shown in [&["1", "2", "3"][..], &["3", "1", "2"], &["2", "1"]] {
            assert!(!is_reversed(&names(shown), &wanted), "{shown:?}");
        }
    }

    #[test]
    fn a_note_that_is_not_ours_moves_nothing() {
        let (_folder, root, _) = filled(&["01.mp3"]);
        root.create_dir_all(MOVING).unwrap();
        root.write_new(".ferrotape/order/0", b"evil").unwrap();
        for text in [r#"{"folder":"../..","names":["x"]}"#, r#"{"folder":"Music","names":["../../x"]}"#, "{"]
        {
            root.write_new(NOTE, text.as_bytes()).unwrap();
            complete(&root).unwrap();
            assert_eq!(content(&root, ".ferrotape/order/0"), "evil");
        }
        // One that was cut short before anything moved must not have the order looked at in each run for ever.
        settle(&root).unwrap();
        assert!(!is_due(&root).unwrap());
    }
}

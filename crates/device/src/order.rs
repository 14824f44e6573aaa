//! The order in which a player plays the files of a folder, where it goes by the folder itself.
//!
//! Some players go by the entries of a FAT folder, which stand in the order of their making; a place that a deletion frees
//! is used again, so copying in order is not enough. Moving all files of ours out of the folder and back, one by one,
//! makes their entries anew in the wanted order, and copies no data. What is being moved is written down first: after a
//! kill the next opening moves the rest back (`astray.rs`). Other players go by the times of change; those are set.

use std::collections::{BTreeSet, HashSet};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use crate::allot::in_folder;
use crate::astray;
use crate::error::DeviceError;
use crate::manifest::{Manifest, is_inside};
use crate::notes;
use crate::profile::FileOrder;
use crate::root::{OURS, Root};
use crate::storage::Entry;

/// Files on their way back into their folder.
pub(crate) const MOVING: &str = ".ferrotape/order";
/// Which they are.
pub(crate) const NOTE: &str = ".ferrotape/order.json";
/// Says that files came in since all was last put in order; without it, a kill in between would leave them so for good.
const DUE: &str = ".ferrotape/order.due";
const LARGEST_NOTE: u64 = 16 * 1024 * 1024;
/// FAT keeps times to two seconds.
const STEP: Duration = Duration::from_secs(2);

/// A folder whose files are being put in order.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Moving {
    pub(crate) folder: String,
    /// In the wanted order.
    pub(crate) names: Vec<String>,
}

/// What came of putting files in order.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Ordered {
    /// Whether any were in another.
    pub(crate) has_changed: bool,
    /// Folders in which that did not work: the file system orders them itself, or does not let the files be moved or dated.
    pub(crate) unordered: Vec<String>,
    /// Whether that was for want of room, so that another time it may work.
    pub(crate) lacked_room: bool,
}

/// Puts the files of ours in order.
pub(crate) fn put_in_order(
    root: &Root,
    manifest: &Manifest,
    order: FileOrder,
) -> Result<Ordered, DeviceError> {
    match order {
        FileOrder::Any => Ok(Ordered::default()),
        FileOrder::Directory => directories(root, manifest),
        FileOrder::Modified => times(root, manifest),
    }
}

/// Whether any are in another. Looks only.
pub(crate) fn is_other(root: &Root, manifest: &Manifest, order: FileOrder) -> Result<bool, DeviceError> {
    match order {
        FileOrder::Any => Ok(false),
        FileOrder::Directory => Ok(!in_other_order(root, manifest)?.is_empty()),
        FileOrder::Modified => Ok(root.device().is_none() && !do_times_rise(root, &by_path(manifest))?),
    }
}

fn word(order: FileOrder) -> Option<&'static str> {
    match order {
        FileOrder::Any => None,
        FileOrder::Directory => Some("directory"),
        FileOrder::Modified => Some("modified"),
    }
}

/// Whether this is the order that files were put in last; `None` where that is not told, as of a player that an older ferrotape
/// has filled.
pub(crate) fn is_as_last(root: &Root, order: FileOrder) -> Result<Option<bool>, DeviceError> {
    let Some(word) = word(order) else { return Ok(Some(true)) };
    Ok(notes::ordered(root)?.map(|last| last == word))
}

/// Writes down which order files are in. Without room for it the next run looks once more, and writes it then.
pub(crate) fn note_settled(root: &Root, order: FileOrder) -> Result<(), DeviceError> {
    match notes::remember_ordered(root, word(order)) {
        Err(error) if error.is_no_space() => {
            let _ = note_due(root, order);
            Ok(())
        }
        noted => noted,
    }
}

/// Writes down that the order has to be looked at, for a player that goes by it.
pub(crate) fn note_due(root: &Root, order: FileOrder) -> Result<(), DeviceError> {
    if order == FileOrder::Any { Ok(()) } else { root.open_or_create(DUE).map(drop) }
}

/// Whether an earlier run was cut short before it had put its files in order.
pub(crate) fn is_due(root: &Root) -> Result<bool, DeviceError> {
    Ok(root.look(DUE)?.is_some() || root.look(NOTE)?.is_some() || astray::are_any(root)?)
}

/// Files are in order, as far as it goes. A note that was cut short says nothing any more; what still waits to be moved back needs
/// its own. Whether all are in their folders.
pub(crate) fn settle(root: &Root, ordered: &Ordered) -> Result<bool, DeviceError> {
    if astray::are_any(root)? {
        return Ok(false);
    }
    let done: &[&str] = if ordered.lacked_room { &[NOTE] } else { &[DUE, NOTE] };
    for path in done {
        if root.look(path)?.is_some() {
            root.remove_file(path)?;
        }
    }
    Ok(true)
}

/// The folders whose files of ours stand in another order than is wanted, where the file system keeps what is given.
fn in_other_order(root: &Root, manifest: &Manifest) -> Result<Vec<Moving>, DeviceError> {
    let mut found = Vec::new();
    if !root.keeps_order() {
        return Ok(found);
    }
    for (folder, names) in manifest.names_by_folder() {
        let before = there_of(root, &folder, &names)?;
        let there: HashSet<&String> = before.iter().collect();
        let wanted: Vec<String> = names.into_iter().filter(|name| there.contains(name)).collect();
        if before != wanted {
            found.push(Moving { folder, names: wanted });
        }
    }
    Ok(found)
}

/// Those of the names that a folder has, as it lists them.
fn there_of(root: &Root, folder: &str, names: &[String]) -> Result<Vec<String>, DeviceError> {
    let known: HashSet<&String> = names.iter().collect();
    Ok(root.names_in(folder)?.into_iter().filter(|name| known.contains(name)).collect())
}

fn directories(root: &Root, manifest: &Manifest) -> Result<Ordered, DeviceError> {
    let all = in_other_order(root, manifest)?;
    let mut ordered = Ordered { has_changed: !all.is_empty(), ..Ordered::default() };
    for moving in all {
        // Those of one folder could not be moved back: their names are not to be given to others.
        let is_put = !astray::are_any(root)? && is_done(reorder(root, &moving), &mut ordered)?;
        let shown = there_of(root, &moving.folder, &moving.names)?;
        let in_order = shown == moving.names || (is_fuse(root) && is_reversed(&shown, &moving.names));
        if !(is_put && in_order) {
            ordered.unordered.push(moving.folder);
        }
    }
    Ok(ordered)
}

/// Whether it went well. That one folder, or one file, could not be put in order ends no run: the music plays all the same, and
/// what tells of it comes after.
fn is_done(result: Result<(), DeviceError>, ordered: &mut Ordered) -> Result<bool, DeviceError> {
    match result {
        Ok(()) => Ok(true),
        Err(error) if error.is_target_gone() => Err(error),
        Err(error @ DeviceError::NeedsCheck { .. }) => Err(error),
        Err(error) => {
            ordered.lacked_room |= error.is_no_space();
            Ok(false)
        }
    }
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

/// Moves the files of a folder out and back. One that does not move leaves the others where they were.
fn reorder(root: &Root, moving: &Moving) -> Result<(), DeviceError> {
    let text = serde_json::to_vec(moving).map_err(|error| root.fault(error.into(), "written", NOTE))?;
    root.create_dir_all(MOVING)?;
    // Not renamed: on FAT it would be an empty one after a power cut. Cut short it says nothing, and nothing has moved yet.
    if let Err(error) = root.write_new(NOTE, &text) {
        // It takes a cluster.
        let _ = root.dir().remove_dir(MOVING);
        return Err(error);
    }
    root.sync_dir(OURS)?;
    let mut out = Ok(());
    for (at, name) in moving.names.iter().enumerate() {
        // Whatever lies there is not to be lost.
        out = root.rename_new(&in_folder(&moving.folder, name), &format!("{MOVING}/{at}"));
        if out.is_err() {
            break;
        }
    }
    let back = astray::move_back(root, moving).map(drop);
    out.and(back)
}

/// Which files an interrupted run was moving; `None` where there is no note of that, or none that can be used.
pub(crate) fn note(root: &Root) -> Result<Option<Moving>, DeviceError> {
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

fn by_path(manifest: &Manifest) -> Vec<&str> {
    let ours = manifest.files.values().filter(|file| !file.adopted);
    let mut paths: Vec<&str> = ours.map(|file| file.path.as_str()).collect();
    paths.sort_unstable();
    paths
}

fn do_times_rise(root: &Root, paths: &[&str]) -> Result<bool, DeviceError> {
    let mut last = None;
    for path in paths {
        let Some(Entry::File { modified, .. }) = root.metadata(path)? else { continue };
        if modified.is_none() || last.is_some_and(|last| modified <= last) {
            return Ok(false);
        }
        last = Some(modified);
    }
    Ok(true)
}

/// Each file later than the one before it, by path; written only where one is not. A device gives files no other times.
fn times(root: &Root, manifest: &Manifest) -> Result<Ordered, DeviceError> {
    let paths = by_path(manifest);
    if root.device().is_some() || do_times_rise(root, &paths)? {
        return Ok(Ordered::default());
    }
    let span = STEP.saturating_mul(u32::try_from(paths.len()).unwrap_or(u32::MAX));
    let mut time = SystemTime::now().checked_sub(span).unwrap_or(SystemTime::UNIX_EPOCH);
    let (mut ordered, mut unordered) = (Ordered { has_changed: true, ..Ordered::default() }, BTreeSet::new());
    for path in &paths {
        time += STEP;
        if root.look(path)?.flatten().is_some() && !is_done(root.set_modified(path, time), &mut ordered)? {
            unordered.insert(path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned());
        }
    }
    ordered.unordered = unordered.into_iter().collect();
    Ok(ordered)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::FileRecord;
    use crate::sums::sum_of;
    use crate::trash;

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
                sum: String::new(),
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
        reorder(&root, &moving()).unwrap();
        assert_eq!(content(&root, "Music/02.mp3"), "02.mp3");
        assert_eq!(root.look(NOTE).unwrap(), None);
        // As a kill leaves it: one moved back already, one still out, one not yet moved.
        root.create_dir_all(MOVING).unwrap();
        root.write_new(NOTE, &serde_json::to_vec(&moving()).unwrap()).unwrap();
        root.rename_over("Music/02.mp3", ".ferrotape/order/1").unwrap();
        let places = astray::by_place(&root).unwrap();
        assert_eq!(places, [("Music/02.mp3".to_owned(), ".ferrotape/order/1".to_owned())].into());
        assert_eq!(astray::bring_back(&root, &Manifest::default(), &[]).unwrap(), [""; 0]);
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
        let in_trash = astray::bring_back(&root, &Manifest::default(), &[]).unwrap();
        assert_eq!(content(&root, "Music/01.mp3"), "yours");
        assert!(in_trash.len() == 1 && in_trash[0].ends_with("/Music/01.mp3"), "{in_trash:?}");
        assert_eq!(content(&root, &in_trash[0]), "01.mp3");
        assert_eq!((root.look(NOTE).unwrap(), root.look(MOVING).unwrap()), (None, None));
    }

    #[test]
    fn what_no_note_tells_of_goes_where_its_bytes_belong_or_to_the_trash() {
        let (_folder, root, mut manifest) = filled(&["01.mp3", "02.mp3"]);
        for record in manifest.files.values_mut() {
            record.sum = sum_of(record.identity.as_bytes());
        }
        root.create_dir_all(MOVING).unwrap();
        root.rename_over("Music/01.mp3", ".ferrotape/order/7").unwrap();
        root.write_new(".ferrotape/order/8", b"whose?").unwrap();
        // Torn, gone, or of a later version.
        root.write_new(NOTE, br#"{"folder":"Music","names":["01.mp3"],"later":1}"#).unwrap();
        assert!(is_due(&root).unwrap());
        let in_trash = astray::bring_back(&root, &manifest, &[]).unwrap();
        assert_eq!(content(&root, "Music/01.mp3"), "01.mp3");
        assert_eq!(in_trash.len(), 1);
        assert_eq!(content(&root, &in_trash[0]), "whose?");
        assert_eq!(root.look(MOVING).unwrap(), None);
    }

    #[test]
    fn what_lies_where_files_are_moved_to_is_not_lost() {
        let names = ["01.mp3", "02.mp3"];
        let (_folder, root, _) = filled(&names);
        root.create_dir_all(MOVING).unwrap();
        root.write_new(".ferrotape/order/1", b"only copy").unwrap();
        assert!(!settle(&root, &Ordered::default()).unwrap());
        assert!(is_due(&root).unwrap(), "it is not settled");
        let moving = Moving { folder: "Music".to_owned(), names: names.map(str::to_owned).to_vec() };
        assert!(reorder(&root, &moving).is_err());
        for name in names {
            assert_eq!(content(&root, &format!("Music/{name}")), name);
        }
        let all = trash::all(&root).unwrap();
        assert_eq!(all.len(), 1);
        assert_eq!(content(&root, &all[0].path), "only copy");
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
        let (_folder, root, manifest) = filled(&["01.mp3"]);
        for text in [r#"{"folder":"../..","names":["x"]}"#, r#"{"folder":"Music","names":["../../x"]}"#, "{"]
        {
            root.create_dir_all(MOVING).unwrap();
            root.write_new(".ferrotape/order/0", b"evil").unwrap();
            root.write_new(NOTE, text.as_bytes()).unwrap();
            let in_trash = astray::bring_back(&root, &manifest, &[]).unwrap();
            assert_eq!(in_trash.len(), 1);
            assert_eq!(content(&root, &in_trash[0]), "evil");
        }
        // One that was cut short before anything moved must not have the order looked at in each run for ever.
        assert!(settle(&root, &Ordered::default()).unwrap());
        assert!(!is_due(&root).unwrap());
    }
}

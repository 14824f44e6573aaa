//! Does on the disk what reading the journal found.

use std::collections::BTreeSet;

use super::{Recovery, take_file};
use crate::error::DeviceError;
use crate::journal;
use crate::manifest::Manifest;
use crate::on_the_way::is_whole;
use crate::publish::missing_on_the_way;
use crate::root::{Root, STAGING};
use crate::trash;

/// Does on the disk what [`adopt`](super::adopt) found: finished files without names, leftovers, files cut short, the staging folder.
pub(crate) fn tidy(root: &Root, manifest: &mut Manifest, recovery: &mut Recovery) -> Result<(), DeviceError> {
    // First: on a full target that gives the room that the folders of the trash take.
    let unplaced = recovery.unplaced.iter().map(|(from, _)| from.clone());
    let waiting: BTreeSet<String> = unplaced.chain(recovery.proofs.iter().cloned()).collect();
    recovery.swept = sweep(root, &waiting)?;
    put_in_trash(root, recovery)?;
    let mut stay = place_finished(root, manifest, recovery)?;
    stay.extend(recovery.proofs.iter().cloned());
    for (path, bytes, hash) in std::mem::take(&mut recovery.leftovers) {
        // Where it shared its bytes with the new name, a check has emptied it.
        if root.look(&path)? == Some(Some(0)) || is_whole(root, &path, bytes, &hash)? {
            match root.remove_file(&path) {
                Err(error) if error.is_target_gone() || root.check_writable().is_err() => return Err(error),
                // It stays, on record: that one file cannot be removed is no reason to stop.
                Err(_) => manifest.leave_bytes_behind(&path, bytes, &hash),
                Ok(()) => {}
            }
        }
    }
    recovery.swept += sweep(root, &stay)?;
    Ok(())
}

/// Makes the names of files cut short free again.
fn put_in_trash(root: &Root, recovery: &mut Recovery) -> Result<(), DeviceError> {
    for path in std::mem::take(&mut recovery.distrusted) {
        match trash::put(root, &path) {
            // It lies there until there is room.
            Err(error) if error.is_no_space() => {
                recovery.waits_for_room = true;
                recovery.in_the_way.insert(path);
                continue;
            }
            // A device may not even give out half a file. It may also be the user's, or this computer's disk may be full:
            // it stays, is no longer ours, and what is wanted there gets another name.
            Err(DeviceError::Io { .. }) if root.device().is_some() => {}
            put => drop(put?),
        }
        recovery.distrusted.push(path);
    }
    Ok(())
}

/// As [`tidy`], for those who only look: finished files without names are found in their places, as a run will put them there.
pub(crate) fn foresee(root: &mut Root, manifest: &mut Manifest, recovery: &mut Recovery) {
    for (from, record) in std::mem::take(&mut recovery.unplaced) {
        // Of two that wait for one name the later one has it.
        if !recovery.adopted.contains(&record.path) {
            root.look_for_one_aside(record.path.clone(), from);
            take_file(manifest, &record, recovery);
        }
    }
}

/// Sweeps away what told whose a file is, once no journal asks: until then a kill, or a journal that has to stay, would have the
/// next opening take the user's file for half of ours.
pub(crate) fn sweep_proofs(root: &Root, recovery: &mut Recovery) -> Result<(), DeviceError> {
    if !recovery.proofs.is_empty() && journal::load(root)?.is_none() {
        recovery.swept += sweep(root, &BTreeSet::new())?;
    }
    Ok(())
}

/// Gives finished files their names: what each took the place of may be gone, and its source away. Gives where those lie that
/// could not have them now, and that the next opening tries again.
fn place_finished(
    root: &Root,
    manifest: &mut Manifest,
    recovery: &mut Recovery,
) -> Result<BTreeSet<String>, DeviceError> {
    let mut stay = BTreeSet::new();
    for (from, record) in std::mem::take(&mut recovery.unplaced) {
        match place_one(root, manifest, &from, &record.path) {
            Ok(()) => take_file(manifest, &record, recovery),
            Err(error) if error.is_target_gone() => return Err(error),
            // Somebody has a file there by now.
            Err(DeviceError::Occupied { .. }) if !recovery.in_the_way.contains(&record.path) => {}
            // A full target is not a worn one, of which a lost write is told.
            Err(error) if error.is_no_space() || matches!(error, DeviceError::Occupied { .. }) => {
                recovery.waits_for_room = true;
                stay.insert(from);
            }
            Err(_) => {
                root.note_lost_write();
                stay.insert(from);
            }
        }
    }
    Ok(stay)
}

fn place_one(root: &Root, manifest: &mut Manifest, from: &str, to: &str) -> Result<(), DeviceError> {
    for folder in missing_on_the_way(root, to)? {
        root.create_dir_all(&folder)?;
        manifest.folders.insert(folder);
    }
    root.rename_new(from, to)
}

fn sweep(root: &Root, stay: &BTreeSet<String>) -> Result<usize, DeviceError> {
    if !root.metadata(STAGING)?.is_some_and(|there| there.is_dir()) {
        return Ok(0);
    }
    let mut swept = 0;
    let entries = root.dir().read_dir(STAGING).map_err(|error| root.fault(error, "read", STAGING))?;
    for entry in entries {
        let entry = entry.map_err(|error| root.fault(error, "read", STAGING))?;
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|name| name.ends_with(".tmp")) else { continue };
        let path = format!("{STAGING}/{name}");
        if !stay.contains(&path) {
            root.remove_file(&path)?;
            swept += 1;
        }
    }
    Ok(swept)
}

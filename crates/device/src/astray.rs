//! Files of ours that a kill left outside of their folders while these were put in order (`order.rs`).
//!
//! They go back to their places: as the note of it tells, or, where that is torn, gone or of a later version, as their bytes do.
//! What nothing tells of goes to the trash, also where the profile keeps none: it is not known to be ours to delete.

use std::collections::HashMap;

use crate::allot::in_folder;
use crate::error::DeviceError;
use crate::journal::Step;
use crate::manifest::{FileRecord, Manifest};
use crate::on_the_way::{are_of_other_times, refuse_doubled};
use crate::order::{MOVING, Moving, NOTE, note};
use crate::root::{OURS, Root};
use crate::sums::Sums;
use crate::trash;

/// Whether any file is out of its folder.
pub(crate) fn are_any(root: &Root) -> Result<bool, DeviceError> {
    for name in root.names_in(MOVING)? {
        if root.look(&format!("{MOVING}/{name}"))?.flatten().is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Moves back what an interrupted run was moving. Gives where those lie in the trash whose places are taken or not known.
pub(crate) fn bring_back(
    root: &Root,
    manifest: &Manifest,
    steps: &[Step],
) -> Result<Vec<String>, DeviceError> {
    let mut in_trash = match note(root)? {
        Some(moving) => move_back(root, &moving)?,
        None => Vec::new(),
    };
    if are_any(root)? {
        match by_their_bytes(root, manifest, steps, &mut in_trash) {
            // They lie there as well until there is room.
            Err(error) if !error.is_no_space() => return Err(error),
            _ => {}
        }
        let _ = root.dir().remove_dir(MOVING);
        root.sync_all()?;
    }
    Ok(in_trash)
}

/// Where files that the note names lie by now, by the places that are theirs. For those who only look.
pub(crate) fn by_place(root: &Root) -> Result<HashMap<String, String>, DeviceError> {
    let mut places = HashMap::new();
    let Some(Moving { folder, names }) = note(root)? else { return Ok(places) };
    for (at, name) in names.iter().enumerate() {
        let (from, to) = (format!("{MOVING}/{at}"), in_folder(&folder, name));
        if root.look(&from)?.flatten().is_some() && root.look(&to)?.is_none() {
            places.insert(to, from);
        }
    }
    Ok(places)
}

/// Moves the files of a folder back, as far as they are out of it. Where one cannot be, the note of them stays.
pub(crate) fn move_back(root: &Root, moving: &Moving) -> Result<Vec<String>, DeviceError> {
    let (mut in_trash, mut failed) = (Vec::new(), None);
    for (at, name) in moving.names.iter().enumerate() {
        let from = format!("{MOVING}/{at}");
        if root.look(&from)?.is_none() {
            continue;
        }
        match move_one_back(root, &from, &in_folder(&moving.folder, name)) {
            Ok(trashed) => in_trash.extend(trashed),
            Err(error) if error.is_target_gone() => return Err(error),
            Err(error @ DeviceError::NeedsCheck { .. }) => return Err(error),
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    if let Some(error) = failed {
        return Err(error);
    }
    // Only where it is empty.
    let _ = root.dir().remove_dir(MOVING);
    // The files are in their places on the disk before what tells of them goes.
    root.sync_all()?;
    root.remove_file(NOTE)?;
    root.sync_dir(OURS)?;
    Ok(in_trash)
}

/// Gives where it lies in the trash if its place is taken.
fn move_one_back(root: &Root, from: &str, to: &str) -> Result<Option<String>, DeviceError> {
    if let Some((folder, _)) = to.rsplit_once('/') {
        root.create_dir_all(folder)?;
    }
    match root.rename_new(from, to) {
        // Somebody put a file of their own there meanwhile: it stays, and ours is made again.
        Err(DeviceError::Occupied { .. }) => {
            refuse_doubled(root, from, to)?;
            trash::put_as(root, from, to).map(Some)
        }
        moved => moved.map(|()| None),
    }
}

/// Without a note, size and hash tell whose place is whose.
fn by_their_bytes(
    root: &Root,
    manifest: &Manifest,
    steps: &[Step],
    in_trash: &mut Vec<String>,
) -> Result<(), DeviceError> {
    for name in root.names_in(MOVING)? {
        let from = format!("{MOVING}/{name}");
        let Some(print) = root.fingerprint_on_disk(&from)? else { continue };
        let (mut free, mut taken) = (None, Vec::new());
        for place in places_of(&print, manifest, steps) {
            match root.look(place)? {
                None => free = free.or(Some(place)),
                Some(_) => taken.push(place),
            }
        }
        if let Some(place) = free {
            in_trash.extend(move_one_back(root, &from, place)?);
            continue;
        }
        // A power cut may have left it under both names. What was made again has a time of its own.
        for place in &taken {
            if !are_of_other_times(root, &from, place)? {
                refuse_doubled(root, &from, place)?;
            }
        }
        in_trash.push(trash::put_as(root, &from, taken.first().copied().unwrap_or(&from))?);
    }
    Ok(())
}

/// The places of files of ours with these bytes.
fn places_of<'r>((bytes, sums): &(u64, Sums), manifest: &'r Manifest, steps: &'r [Step]) -> Vec<&'r str> {
    let is_void =
        |path: &str| steps.iter().any(|step| matches!(step, Step::Void { path: void } if void == path));
    let is_it = |record: &&FileRecord| record.bytes == *bytes && *sums == record.sum;
    let journalled = steps.iter().rev().filter_map(|step| match step {
        Step::File { record, .. } => Some(record),
        _ => None,
    });
    let journalled = journalled.filter(is_it).filter(|record| !is_void(&record.path));
    let listed = manifest.files.values().filter(|record| !record.adopted).filter(is_it);
    journalled.chain(listed).map(|record| record.path.as_str()).collect()
}

//! `.ferrotape/trash/<day>/<same path>`: the way back from a removal.

use crate::error::DeviceError;
use crate::names::numbered;
use crate::on_the_way::are_of_other_times;
use crate::root::{Root, TRASH};
use crate::target::Target;

/// Deeper than any path of ours; guards against folders linked in a circle.
const DEEPEST: usize = 64;

/// A removed file in the target's trash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrashedFile {
    /// The day it was removed (UTC), `YYYY-MM-DD`.
    pub day: String,
    /// Where it was, relative to the target.
    pub was: String,
    /// Where it is now, relative to the target.
    pub path: String,
    /// Its size in bytes.
    pub bytes: u64,
}

/// What emptying the trash gave back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EmptiedTrash {
    /// Files deleted.
    pub files: usize,
    /// Their size in bytes.
    pub bytes: u64,
}

impl Target {
    /// Everything in the target's trash, oldest day first.
    pub fn trashed(&self) -> Result<Vec<TrashedFile>, DeviceError> {
        let mut found = all(&self.root)?;
        found.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(found)
    }

    /// Deletes these files of the target's trash for good, with the folders that they leave empty. What is not there as it
    /// was listed is passed over.
    pub fn remove_from_trash(&self, files: &[TrashedFile]) -> Result<(), DeviceError> {
        if files.is_empty() {
            return Ok(());
        }
        self.check_may_write()?;
        let _ledger = self.ledger();
        for file in files.iter().filter(|file| is_in_trash(&file.path)) {
            if self.root.look(&file.path)? == Some(Some(file.bytes)) {
                self.root.remove_file(&file.path)?;
            }
            remove_empty_above(&self.root, &file.path);
        }
        Ok(())
    }

    /// Deletes everything in the target's trash for good.
    pub fn empty_trash(&self) -> Result<EmptiedTrash, DeviceError> {
        self.check_may_write()?;
        let _ledger = self.ledger();
        let mut emptied = EmptiedTrash::default();
        for file in self.trashed()? {
            emptied.files += 1;
            emptied.bytes += file.bytes;
        }
        if self.root.metadata(TRASH)?.is_some() {
            let removed = self.root.dir().remove_dir_all(TRASH);
            removed.map_err(|error| self.root.fault(error, "emptied", TRASH))?;
        }
        Ok(emptied)
    }
}

/// Removes the folders on the way to a path in the trash, as far as they are empty.
fn remove_empty_above(root: &Root, path: &str) {
    let mut below = path;
    while let Some((folder, _)) = below.rsplit_once('/').filter(|(folder, _)| is_in_trash(folder)) {
        // Others may lie in it; or it was not made for want of room, unlike those above it.
        if root.look(folder).is_ok_and(|there| there.is_some()) && root.remove_dir(folder).is_err() {
            break;
        }
        below = folder;
    }
}

/// Whether it lies below the folder of the trash.
fn is_in_trash(path: &str) -> bool {
    let rest = path.strip_prefix(TRASH);
    rest.is_some_and(|rest| rest.starts_with('/') && rest.split('/').all(|part| part != ".."))
}

/// Everything in the trash of a target.
pub(crate) fn all(root: &Root) -> Result<Vec<TrashedFile>, DeviceError> {
    let mut found = Vec::new();
    list(root, TRASH, 0, &mut found)?;
    Ok(found)
}

/// So many files of one name find a place on one day.
const MOST_OF_A_NAME: u32 = 100_000;

/// Moves a file into the trash of today; returns where it is now. What lies there from the same place with the same bytes is kept
/// once: the older stays.
pub(crate) fn put(root: &Root, path: &str) -> Result<String, DeviceError> {
    put_as(root, path, path)
}

/// As [`put`], of a file whose own place is another.
pub(crate) fn put_as(root: &Root, path: &str, place: &str) -> Result<String, DeviceError> {
    put_as_if(root, path, place, |_| Ok(()))
}

/// As [`put`], unless a place that is new there is refused.
pub(crate) fn put_if(
    root: &Root,
    path: &str,
    check: impl FnOnce(&str) -> Result<(), DeviceError>,
) -> Result<String, DeviceError> {
    put_as_if(root, path, path, check)
}

fn put_as_if(
    root: &Root,
    path: &str,
    place: &str,
    check: impl FnOnce(&str) -> Result<(), DeviceError>,
) -> Result<String, DeviceError> {
    if let Some(older) = put_before(root, path, place)
        && root.remove_file(path).is_ok()
    {
        return Ok(older);
    }
    let day = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
    check(&place_on(&day, place, 1))?;
    let moved = root.create_dir_all(&folder_on(&day, place)).and_then(|()| move_to(root, path, &day, place));
    if moved.is_err() {
        // They would take the room that a full player has left for its lists.
        remove_empty_above(root, &place_on(&day, place, 1));
    }
    moved
}

fn move_to(root: &Root, path: &str, day: &str, place: &str) -> Result<String, DeviceError> {
    for copy in 1..MOST_OF_A_NAME {
        let there = place_on(day, place, copy);
        match root.rename_new(path, &there) {
            Ok(()) => return Ok(there),
            Err(DeviceError::Occupied { .. }) => {}
            Err(error) => return Err(error.of_path(root.path().join(path))),
        }
    }
    Err(DeviceError::NoNameLeft { label: path.to_owned() })
}

/// Where the trash has these very bytes from the same place already. What cannot be read is no reason to stop: it is kept once
/// more.
fn put_before(root: &Root, path: &str, place: &str) -> Option<String> {
    let bytes = root.look(path).ok().flatten().flatten()?;
    let mut own = None;
    for day in root.names_in(TRASH).ok()? {
        for copy in 1..MOST_OF_A_NAME {
            let there = place_on(&day, place, copy);
            let Ok(Some(found)) = root.look(&there) else { break };
            // A power cut may have left one file here and there: on FAT to remove the one would give the room of the other away. What
            // was made again has a time of its own; a device tells none.
            let may_be_itself =
                root.device().is_none() && !are_of_other_times(root, path, &there).unwrap_or(false);
            if found != Some(bytes) || may_be_itself {
                continue;
            }
            // Read only where it may be the same.
            if own.is_none() {
                own = Some(root.fingerprint(path).ok()??);
            }
            if root.fingerprint(&there).ok()? == own {
                return Some(there);
            }
        }
    }
    None
}

/// The folder of the trash for what was at this path.
fn folder_on(day: &str, path: &str) -> String {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    [TRASH, day, folder].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/")
}

fn place_on(day: &str, path: &str, copy: u32) -> String {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    let (stem, tail) = name.rfind('.').filter(|at| *at > 0).map_or((name, ""), |at| name.split_at(at));
    format!("{}/{}", folder_on(day, path), numbered(stem, copy, tail, 255, 255))
}

fn list(root: &Root, folder: &str, depth: usize, found: &mut Vec<TrashedFile>) -> Result<(), DeviceError> {
    if depth > DEEPEST || !root.metadata(folder)?.is_some_and(|there| there.is_dir()) {
        return Ok(());
    }
    let entries = root.dir().read_dir(folder).map_err(|error| root.fault(error, "read", folder))?;
    for entry in entries {
        let entry = entry.map_err(|error| root.fault(error, "read", folder))?;
        let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
        match root.look(&path)? {
            Some(None) => list(root, &path, depth + 1, found)?,
            Some(Some(bytes)) => {
                let below = path.strip_prefix(TRASH).unwrap_or_default().trim_start_matches('/');
                if let Some((day, was)) = below.split_once('/') {
                    found.push(TrashedFile {
                        day: day.to_owned(),
                        was: was.to_owned(),
                        path: path.clone(),
                        bytes,
                    });
                }
            }
            None => {}
        }
    }
    Ok(())
}

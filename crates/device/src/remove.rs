//! Removing what we put there: to the trash, unless told otherwise.

use crate::error::DeviceError;
use crate::manifest::FileRecord;
use crate::plan::PlannedRemoval;
use crate::target::{Ledger, Target};
use crate::trash;

/// How a name is had that a file of ours may have.
#[derive(Debug)]
pub(crate) enum Way {
    /// Nothing gives way.
    Clear,
    /// The new file is renamed over that of another recording.
    Over { identity: String },
    /// What gives way went before; `kept` is where it lies in the trash.
    Gone { old: FileRecord, kept: Option<String> },
}

/// What the folders of the trash may take of the room that is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ForTrash {
    /// What playlists and manifest do not need.
    WhatIsToSpare,
    /// All, for what is worth as much.
    All,
}

impl Target {
    /// Performs one planned removal; returns where the file lies in the trash, if it went there.
    ///
    /// Does nothing if the manifest does not list that file at that path (any more). A file that something else
    /// changed since we wrote it goes to the trash in any case. One that cannot be removed stays, on record, and is told by
    /// [`Receipt::not_removed`](crate::Receipt::not_removed); an error is one of all: the target is gone or write-protected.
    pub fn remove(&self, removal: &PlannedRemoval) -> Result<Option<String>, DeviceError> {
        self.check_may_write()?;
        let mut ledger = self.ledger();
        let removed = self.remove_from(&mut ledger, removal, ForTrash::WhatIsToSpare);
        let kept = removed.as_ref().ok().cloned().flatten();
        self.is_gone(&mut ledger, &removal.path, removed)?;
        Ok(kept)
    }

    /// Whether a file went that was to be removed. That one of them could not be is no reason to stop: where the trash has no room
    /// for its folders, the lists, which name what is there, may have.
    pub(crate) fn is_gone(
        &self,
        ledger: &mut Ledger,
        path: &str,
        removed: Result<Option<String>, DeviceError>,
    ) -> Result<bool, DeviceError> {
        let known = &mut ledger.receipt.not_removed;
        let Err(error) = removed else {
            // It may have been tried before, when there was no room.
            known.retain(|(one, _)| one != path);
            return Ok(true);
        };
        if error.is_target_gone() || self.root.check_writable().is_err() {
            return Err(error);
        }
        if known.iter().all(|(one, _)| one != path) {
            known.push((path.to_owned(), error.to_string()));
        }
        Ok(false)
    }

    pub(crate) fn remove_from(
        &self,
        ledger: &mut Ledger,
        removal: &PlannedRemoval,
        for_trash: ForTrash,
    ) -> Result<Option<String>, DeviceError> {
        let known = ledger.manifest.files.get(&removal.identity).filter(|record| record.path == removal.path);
        let Some(record) = known else { return Ok(None) };
        if record.adopted {
            ledger.manifest.files.remove(&removal.identity);
            return Ok(None);
        }
        let kept = self.discard(&record.path, record.bytes, removal.to_trash, for_trash)?;
        ledger.manifest.files.remove(&removal.identity);
        ledger.receipt.files_removed += 1;
        Ok(kept)
    }

    /// What is to be deleted goes when the new file is renamed over it, in one step; what is kept goes to the trash before.
    pub(crate) fn clear_the_way(
        &self,
        ledger: &mut Ledger,
        record: &FileRecord,
        displaces: Option<&PlannedRemoval>,
    ) -> Result<Way, DeviceError> {
        let Some(removal) = displaces else { return Ok(Way::Clear) };
        let old = ledger.manifest.files.get(&removal.identity);
        let old = old.filter(|old| old.path == removal.path).cloned();
        let is_there = match &old {
            Some(old) if !old.adopted => self.root.look(&old.path)?.flatten(),
            _ => None,
        };
        let (Some(old), Some(bytes)) = (old, is_there) else {
            self.remove_from(ledger, removal, ForTrash::All)?;
            return Ok(Way::Clear);
        };
        // To a device a file is sent anew, which takes its time.
        let in_one_step = old.path == record.path && old.bytes == bytes && self.root.device().is_none();
        if in_one_step && !removal.to_trash {
            return Ok(Way::Over { identity: old.identity });
        }
        let kept = self.remove_from(ledger, removal, ForTrash::All)?;
        Ok(Way::Gone { old, kept })
    }

    /// Puts back from the trash what gave way to a file that did not come; whether it is where it was.
    pub(crate) fn bring_back(&self, ledger: &mut Ledger, old: FileRecord, kept: Option<&str>) -> bool {
        let is_back = kept.is_some_and(|kept| self.root.rename_new(kept, &old.path).is_ok());
        if is_back {
            ledger.receipt.files_removed = ledger.receipt.files_removed.saturating_sub(1);
            ledger.manifest.files.insert(old.identity.clone(), old);
        }
        is_back
    }

    /// Deletes a file that is as we left it, or moves it to the trash; leaves alone what is no plain file.
    pub(crate) fn discard(
        &self,
        path: &str,
        bytes: u64,
        to_trash: bool,
        for_trash: ForTrash,
    ) -> Result<Option<String>, DeviceError> {
        match self.root.look(path)? {
            Some(Some(found)) if found == bytes && !to_trash => match self.root.remove_file(path) {
                // A device was asked once more, and it was changed since it was looked at.
                Err(DeviceError::Occupied { .. }) => self.keep_in_trash(path, for_trash).map(Some),
                removed => removed.map(|()| None),
            },
            Some(Some(_)) => self.keep_in_trash(path, for_trash).map(Some),
            Some(None) | None => Ok(None),
        }
    }

    fn keep_in_trash(&self, path: &str, for_trash: ForTrash) -> Result<String, DeviceError> {
        // Of a device it lies on this computer.
        if self.root.device().is_some() || for_trash == ForTrash::All {
            return trash::put(&self.root, path);
        }
        trash::put_if(&self.root, path, |place| match self.missing_folders(place)?.len() {
            0 => Ok(()),
            folders => self.check_room(place, |space| space.taken_by_folders(folders)),
        })
    }
}

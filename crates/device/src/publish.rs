//! Staging files, and renaming them into place.
//!
//! A file is written under `.ferrotape/staging`, brought to the disk, named in the journal, and only then renamed: neither a
//! kill nor a power cut leaves a half file under a final name. Should a disk lie about what it has written, the journal still
//! lists the file, so it is looked into and not believed. What is not ours is never replaced.

use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use cap_std::fs::OpenOptions;

use crate::error::DeviceError;
use crate::journal::Step;
use crate::manifest::FileRecord;
use crate::onward::{self, Onward};
use crate::order;
use crate::placing::Finished;
use crate::plan::{PlannedRename, PlannedWrite};
use crate::root::{Root, STAGING};
use crate::target::{Ledger, Target};
use crate::trash;

/// A file being written; deleted when it is dropped without being published.
#[derive(Debug)]
pub struct StagedFile {
    file: File,
    place: Place,
}

/// The name of a staged file, and the duty to remove it.
#[derive(Debug)]
pub(crate) struct Place {
    root: Arc<Root>,
    pub(crate) path: String,
    pub(crate) published: bool,
}

impl StagedFile {
    /// The open file, for reading and writing; empty at first.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// The open file, where a method asks for it to be mutable.
    pub fn file_mut(&mut self) -> &mut File {
        &mut self.file
    }

    /// What has the file go on to the disk while it is written; `None` where that would gain nothing.
    pub fn onward(&self) -> Option<Onward> {
        Onward::of(&self.file)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if !self.published {
            // What cannot be removed now is swept at the next opening.
            let _ = self.root.remove_file(&self.path);
        }
    }
}

impl Target {
    /// Makes an empty file to write a planned track into. May be called from many threads.
    pub fn stage(&self, track: &PlannedWrite) -> Result<StagedFile, DeviceError> {
        self.check_may_write()?;
        let path = self.staging_path()?;
        let options = OpenOptions::new().read(true).write(true).create_new(true).clone();
        let file = self.root.dir().open_with(&path, &options);
        let file = file.map_err(|error| self.root.fault(error, "made", &track.path))?;
        Ok(StagedFile {
            file: file.into_std(),
            place: Place { root: Arc::clone(&self.root), path, published: false },
        })
    }

    /// Sorts an error from writing to a staged file: full, gone, write-protected, or else.
    pub fn write_fault(&self, error: std::io::Error, track: &PlannedWrite) -> DeviceError {
        self.root.fault(error, "written", &track.path)
    }

    /// Takes a finished file, which gets its name together with others. May be called from many threads.
    ///
    /// `bytes` is its size and `blake3` its hash in hexadecimal, as the writer knows them; a file of another size
    /// is refused. When it gets its name the old file of the same recording goes, a file that changed under us goes to the
    /// trash, and a file that is not ours is left alone ([`DeviceError::Occupied`]). What goes wrong with others then is told
    /// by [`Target::place_rest`], which must be called once all are published.
    pub fn publish(
        &self,
        staged: StagedFile,
        track: &PlannedWrite,
        bytes: u64,
        blake3: &str,
    ) -> Result<(), DeviceError> {
        self.check_may_write()?;
        let StagedFile { file, place } = staged;
        let found = file.metadata().map_err(|error| self.root.fault(error, "read", &track.path))?.len();
        if found != bytes {
            return Err(DeviceError::WrongSize { path: track.path.clone(), expected: bytes, found });
        }
        onward::begin_writing(&file, 0);
        let record = FileRecord {
            identity: track.identity.clone(),
            recipe: track.recipe.clone(),
            path: track.path.clone(),
            bytes,
            blake3: blake3.to_owned(),
            label: track.label.clone(),
            seconds: track.seconds,
            adopted: false,
        };
        let displaces = track.displaces.clone();
        let gives_room = track.replaces.is_some() || displaces.is_some();
        let finished = Finished { track: track.track, file, place, record, displaces, gives_room };
        self.wait_for_name(&mut self.ledger(), finished)
    }

    /// Gives a file of ours another name. Does nothing if it is no longer where the plan says.
    pub fn rename(&self, rename: &PlannedRename) -> Result<(), DeviceError> {
        self.check_may_write()?;
        let mut ledger = self.ledger();
        let known = ledger.manifest.files.get(&rename.identity).filter(|record| record.path == rename.from);
        let Some(mut record) = known.cloned() else { return Ok(()) };
        if self.root.look(&rename.from)? != Some(Some(record.bytes)) {
            return Ok(());
        }
        record.path.clone_from(&rename.to);
        self.note_order_due(&mut ledger)?;
        let mut steps = as_steps(self.missing_folders(&rename.to)?);
        steps.push(Step::File { record: record.clone() });
        ledger.journal.append(&self.root, &steps)?;
        ledger.manifest.files.remove(&rename.identity);
        let moved = self.move_in(&mut ledger, &rename.from, record.clone(), true);
        if moved.is_err() {
            record.path.clone_from(&rename.from);
            ledger.manifest.files.insert(record.identity.clone(), record);
        } else {
            ledger.receipt.files_renamed += 1;
        }
        moved
    }

    /// A new name in the staging folder, which exists when this returns.
    pub(crate) fn staging_path(&self) -> Result<String, DeviceError> {
        if self.root.metadata(STAGING)?.is_none() {
            self.root.create_dir_all(STAGING)?;
        }
        Ok(format!("{STAGING}/{:06}.tmp", self.staged.fetch_add(1, Ordering::Relaxed)))
    }

    /// Looks at the final name. Returns whether it is free; if not, our own earlier file of that recording is
    /// there as we left it and may be replaced.
    pub(crate) fn make_room(&self, ledger: &Ledger, path: &str, identity: &str) -> Result<bool, DeviceError> {
        let Some(there) = self.root.look(path)? else { return Ok(true) };
        let ours = ledger.manifest.files.get(identity);
        let ours = ours.filter(|record| record.path == path && !record.adopted);
        match (there, ours) {
            (Some(bytes), Some(record)) if bytes == record.bytes => Ok(false),
            (Some(_), Some(_)) => {
                trash::put(&self.root, path)?;
                Ok(true)
            }
            _ => Err(DeviceError::Occupied { path: path.to_owned() }),
        }
    }

    /// Writes down that files come in, for a player that goes by their order.
    pub(crate) fn note_order_due(&self, ledger: &mut Ledger) -> Result<(), DeviceError> {
        if !ledger.order_is_due {
            order::note_due(&self.root, self.profile.copy.order)?;
            ledger.order_is_due = true;
        }
        Ok(())
    }

    /// Folders, rename, ledger, of what the journal names; then the old file of the same recording goes.
    pub(crate) fn move_in(
        &self,
        ledger: &mut Ledger,
        from: &str,
        record: FileRecord,
        free: bool,
    ) -> Result<(), DeviceError> {
        let path = record.path.clone();
        self.create_folders(ledger, &self.missing_folders(&path)?)?;
        let moved = if free { self.root.rename_new(from, &path) } else { self.root.rename_over(from, &path) };
        if let Err(DeviceError::Occupied { .. }) = moved {
            ledger.journal.append(&self.root, &[Step::Void { path }])?;
            return moved;
        }
        moved?;
        let old = ledger.manifest.files.insert(record.identity.clone(), record);
        let Some(old) = old.filter(|old| old.path != path && !old.adopted) else { return Ok(()) };
        let gone = self.discard(&old.path, old.bytes, false);
        if gone.is_err() {
            ledger.manifest.leave_behind(old);
        }
        gone.map(drop)
    }

    /// The folders on the way to a path that are not there yet, outermost first.
    pub(crate) fn missing_folders(&self, path: &str) -> Result<Vec<String>, DeviceError> {
        let mut missing = Vec::new();
        for (at, _) in path.match_indices('/') {
            let folder = path.get(..at).unwrap_or_default();
            match self.root.metadata(folder)? {
                Some(there) if there.is_dir() => {}
                Some(_) => return Err(DeviceError::Occupied { path: folder.to_owned() }),
                None => missing.push(folder.to_owned()),
            }
        }
        Ok(missing)
    }

    pub(crate) fn create_folders(&self, ledger: &mut Ledger, folders: &[String]) -> Result<(), DeviceError> {
        for path in folders {
            self.root.create_dir_all(path)?;
            ledger.manifest.folders.insert(path.clone());
        }
        Ok(())
    }
}

/// Folders that are about to be made, as the journal has them.
pub(crate) fn as_steps(folders: impl IntoIterator<Item = String>) -> Vec<Step> {
    folders.into_iter().map(|path| Step::Folder { path }).collect()
}

//! Staging files, and renaming them into place.
//!
//! A file is written under `.ferrotape/staging`, brought to the disk, named in the journal, and only then renamed: neither a
//! kill nor a power cut leaves a half file under a final name. Should a disk lie about what it has written, the journal still
//! lists the file, so it is looked into and not believed. What is not ours is never replaced.

use std::collections::BTreeSet;
use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use cap_std::fs::OpenOptions;

use crate::error::DeviceError;
use crate::journal::Step;
use crate::manifest::FileRecord;
use crate::on_the_way::is_whole;
use crate::onward::{self, Onward};
use crate::order;
use crate::placing::Finished;
use crate::plan::{PlannedRename, PlannedWrite, WhyWritten};
use crate::remove::ForTrash;
use crate::root::{Root, STAGING};
use crate::target::{Ledger, Target};
use crate::trash;

/// So many renames are brought to the disk with one writing of the journal.
const RENAMED_TOGETHER: usize = 64;

/// A file being written; deleted when it is dropped without being published.
#[derive(Debug)]
pub struct StagedFile {
    file: File,
    place: Place,
    sound: String,
}

/// Files of ours that keep their names, although others were meant for them.
#[derive(Debug)]
pub struct Unrenamed {
    /// What was planned of each.
    pub renames: Vec<PlannedRename>,
    /// What went wrong.
    pub error: DeviceError,
}

impl Unrenamed {
    /// Fails where all others are bound to fail, too.
    fn one(rename: &PlannedRename, error: DeviceError) -> Result<Self, DeviceError> {
        match error.is_target_gone() {
            true => Err(error),
            false => Ok(Self { renames: vec![rename.clone()], error }),
        }
    }
}

/// The name of a staged file, and the duty to remove it.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) root: Arc<Root>,
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

    /// Notes of which sound it is made: a word that is the same for the same sound, whatever its source's tags say, and for no
    /// other. By it the file is known again when its source is tagged anew.
    pub fn of_sound(&mut self, sound: String) {
        self.sound = sound;
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
            sound: String::new(),
        })
    }

    /// Sorts an error from writing to a staged file: full, gone, write-protected, or else.
    pub fn write_fault(&self, error: std::io::Error, track: &PlannedWrite) -> DeviceError {
        self.root.fault(error, "written", &track.path)
    }

    /// Takes a finished file, which gets its name together with others. May be called from many threads.
    ///
    /// `bytes` is its size and `sum` its XXH3 of 128 bits in hexadecimal, as the writer knows them; a file of another size
    /// is refused. When it gets its name the old file of the same recording goes, a file that changed under us goes to the
    /// trash, and a file that is not ours is left alone ([`DeviceError::Occupied`]). What goes wrong with others then is told
    /// by [`Target::place_rest`], which must be called once all are published.
    pub fn publish(
        &self,
        staged: StagedFile,
        track: &PlannedWrite,
        bytes: u64,
        sum: &str,
    ) -> Result<(), DeviceError> {
        self.check_may_write()?;
        let StagedFile { file, place, sound } = staged;
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
            sum: sum.to_owned(),
            label: track.label.clone(),
            seconds: track.seconds,
            adopted: false,
            sound,
        };
        let displaces = track.displaces.clone();
        // What goes to the trash gives none.
        let is_deleted = displaces.as_ref().is_some_and(|removal| !removal.to_trash);
        let gives_room = is_deleted || (track.replaces.is_some() && track.why == WhyWritten::Changed);
        let finished = Finished { track: track.track, file, place, record, displaces, gives_room };
        self.wait_for_name(&mut self.ledger(), finished)
    }

    /// Gives files of ours other names. Those that are no longer where the plan says are passed over.
    ///
    /// One that fails stops no other: it stays whole under the name it has, and is given back. So are all that are left where the
    /// journal has no room for more. An error says that the target is gone.
    pub fn rename_all(&self, renames: &[PlannedRename]) -> Result<Vec<Unrenamed>, DeviceError> {
        self.check_may_write()?;
        let mut ledger = self.ledger();
        let (mut unrenamed, mut rest) = (Vec::new(), renames);
        while !rest.is_empty() {
            let (some, others) = rest.split_at(RENAMED_TOGETHER.min(rest.len()));
            match self.rename_some(&mut ledger, some) {
                Ok(kept) => unrenamed.extend(kept),
                Err(error) if error.is_target_gone() => return Err(error),
                // Fewer might fit, but the playlists that must name them anew might not.
                Err(error) if error.is_no_space() => {
                    unrenamed.push(Unrenamed { renames: rest.to_vec(), error });
                    break;
                }
                Err(error) => unrenamed.push(Unrenamed { renames: some.to_vec(), error }),
            }
            rest = others;
        }
        Ok(told_together(unrenamed))
    }

    /// The journal names them together. An error is one of all of them: none has its new name then, unless the target is gone.
    fn rename_some(
        &self,
        ledger: &mut Ledger,
        renames: &[PlannedRename],
    ) -> Result<Vec<Unrenamed>, DeviceError> {
        let (mut folders, mut ready, mut unrenamed) = (BTreeSet::<String>::new(), Vec::new(), Vec::new());
        for rename in renames {
            match self.ready_for_name(ledger, rename, renames) {
                Ok(Some((record, missing))) => {
                    let more = missing.iter().filter(|folder| !folders.contains(*folder)).count();
                    let taken = folders.len() + more;
                    let room = || self.check_room(&rename.to, |space| space.taken_by_folders(taken));
                    if more > 0
                        && let Err(error) = room()
                    {
                        unrenamed.push(Unrenamed::one(rename, error)?);
                        continue;
                    }
                    folders.extend(missing);
                    ready.push((rename, record));
                }
                Ok(None) => {}
                Err(error) => unrenamed.push(Unrenamed::one(rename, error)?),
            }
        }
        if ready.is_empty() {
            return Ok(unrenamed);
        }
        self.note_order_due(ledger)?;
        // No byte of theirs is written, so only their number counts.
        ledger.list_before(&self.root, ready.len(), 0)?;
        let mut steps = as_steps(folders);
        let step = |(rename, record): &(&PlannedRename, FileRecord)| Step::File {
            record: record.clone(),
            from: Some(rename.from.clone()),
        };
        steps.extend(ready.iter().map(step));
        ledger.journal.append(&self.root, &steps)?;
        for (rename, record) in ready {
            if let Err(error) = self.rename_one(ledger, &rename.from, record) {
                unrenamed.push(Unrenamed::one(rename, error)?);
            }
        }
        Ok(unrenamed)
    }

    /// The record of a file under its new name, and the folders that are missing on the way to it; `None` where it is not where
    /// the plan says. Looks only. The journal names nothing that is the user's already; what moves on before is not in the way.
    fn ready_for_name(
        &self,
        ledger: &Ledger,
        PlannedRename { identity, from, to }: &PlannedRename,
        together: &[PlannedRename],
    ) -> Result<Option<(FileRecord, Vec<String>)>, DeviceError> {
        let known = ledger.manifest.files.get(identity).filter(|record| record.path == *from);
        let Some(mut record) = known.cloned() else { return Ok(None) };
        if self.root.look(from)? != Some(Some(record.bytes)) {
            return Ok(None);
        }
        if self.root.look(to)?.is_some() && !together.iter().any(|other| other.from == *to) {
            return Err(DeviceError::Occupied { path: to.clone() });
        }
        record.path.clone_from(to);
        Ok(Some((record, self.missing_folders(to)?)))
    }

    fn rename_one(&self, ledger: &mut Ledger, from: &str, mut record: FileRecord) -> Result<(), DeviceError> {
        ledger.manifest.files.remove(&record.identity);
        let moved = self.move_in(ledger, from, record.clone(), true);
        if moved.is_err() {
            from.clone_into(&mut record.path);
            ledger.manifest.files.insert(record.identity.clone(), record);
        } else {
            ledger.count_renamed();
        }
        moved
    }

    /// A new name in the staging folder, which exists when this returns.
    pub(crate) fn staging_path(&self) -> Result<String, DeviceError> {
        if self.root.metadata(STAGING)?.is_none() {
            self.root.create_dir_all(STAGING)?;
        }
        loop {
            let path = format!("{STAGING}/{:06}.tmp", self.staged.fetch_add(1, Ordering::Relaxed));
            // A finished one that opening could not put in its place lies there still.
            if self.root.look(&path)?.is_none() {
                return Ok(path);
            }
        }
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
        let older = self.rename_in(ledger, from, record, free)?;
        self.discard_older(ledger, older)
    }

    /// Folders, rename, ledger; gives the old record of the same recording where its file is another one and ours.
    pub(crate) fn rename_in(
        &self,
        ledger: &mut Ledger,
        from: &str,
        record: FileRecord,
        free: bool,
    ) -> Result<Option<FileRecord>, DeviceError> {
        let path = record.path.clone();
        self.create_folders(ledger, &self.missing_folders(&path)?)?;
        let moved = if free { self.root.rename_new(from, &path) } else { self.root.rename_over(from, &path) };
        if let Err(error) = moved {
            if matches!(error, DeviceError::Occupied { .. }) {
                ledger.journal.append(&self.root, &[Step::Void { path }])?;
                return Err(error);
            }
            if !self.came_all_the_same(from, &record) {
                return Err(error);
            }
        }
        let old = ledger.manifest.files.insert(record.identity.clone(), record);
        Ok(old.filter(|old| old.path != path && !old.adopted))
    }

    /// Removes the old file of a recording that has a new one.
    pub(crate) fn discard_older(
        &self,
        ledger: &mut Ledger,
        older: Option<FileRecord>,
    ) -> Result<(), DeviceError> {
        let Some(old) = older else { return Ok(()) };
        match self.discard(&old.path, old.bytes, false, ForTrash::All) {
            Ok(_) => Ok(()),
            Err(error) => {
                let path = old.path.clone();
                ledger.manifest.leave_behind(old);
                // The new one is there.
                if error.is_no_space() {
                    self.is_gone(ledger, &path, Err(error)).map(drop)
                } else {
                    Err(error)
                }
            }
        }
    }

    /// Whether a file has its new name although the system says that it could not be called so: a network or a bad plug may lose
    /// the answer alone. Where nobody can tell, the journal is kept for the next opening.
    fn came_all_the_same(&self, from: &str, record: &FileRecord) -> bool {
        if self.root.device().is_some() {
            return false;
        }
        let came = self.root.look(from).and_then(|there| {
            let is_there = || is_whole(&self.root, &record.path, record.bytes, &record.sum);
            if there.is_some() { Ok(false) } else { is_there() }
        });
        came.unwrap_or_else(|_| {
            self.root.note_lost_write();
            false
        })
    }

    /// The folders on the way to a path that are not there yet, outermost first.
    pub(crate) fn missing_folders(&self, path: &str) -> Result<Vec<String>, DeviceError> {
        missing_on_the_way(&self.root, path)
    }

    pub(crate) fn create_folders(&self, ledger: &mut Ledger, folders: &[String]) -> Result<(), DeviceError> {
        for path in folders {
            self.root.create_dir_all(path)?;
            ledger.manifest.folders.insert(path.clone());
        }
        Ok(())
    }
}

/// Those that found no room are many, and for one reason.
fn told_together(unrenamed: Vec<Unrenamed>) -> Vec<Unrenamed> {
    let (no_room, mut others): (Vec<_>, Vec<_>) =
        unrenamed.into_iter().partition(|one| one.error.is_no_space());
    let together = no_room.into_iter().reduce(|mut all, one| {
        all.renames.extend(one.renames);
        all
    });
    others.extend(together);
    others
}

/// The folders on the way to a path that are not there yet, outermost first.
pub(crate) fn missing_on_the_way(root: &Root, path: &str) -> Result<Vec<String>, DeviceError> {
    let mut missing = Vec::new();
    for (at, _) in path.match_indices('/') {
        let folder = path.get(..at).unwrap_or_default();
        match root.metadata(folder)? {
            Some(there) if there.is_dir() => {}
            Some(_) => return Err(DeviceError::Occupied { path: folder.to_owned() }),
            None => missing.push(folder.to_owned()),
        }
    }
    Ok(missing)
}

/// Folders that are about to be made, as the journal has them.
pub(crate) fn as_steps(folders: impl IntoIterator<Item = String>) -> Vec<Step> {
    folders.into_iter().map(|path| Step::Folder { path }).collect()
}

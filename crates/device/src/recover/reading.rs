//! What the journal says of the files of an interrupted run, and what of that the disk confirms. Changes nothing on the disk.

use std::collections::BTreeSet;

use super::{Recovery, forget_path, is_listed, take_file, take_playlist};
use crate::error::DeviceError;
use crate::journal::Step;
use crate::manifest::{CompanionRecord, FileRecord, Manifest, PlaylistRecord};
use crate::on_the_way::{OnTheWay, are_of_other_times, is_whole, refuse_doubled};
use crate::root::{Root, STAGING};

/// Brings the manifest up to the journal, believing only what the disk confirms.
pub(crate) fn adopt(root: &Root, manifest: &mut Manifest, steps: &[Step]) -> Result<Recovery, DeviceError> {
    let mut reading = Reading { root, manifest, recovery: Recovery::default(), told: Told::default() };
    // The latest word on a path or recording counts.
    for step in steps.iter().rev() {
        reading.step(step)?;
    }
    reading.distrust()?;
    let mut recovery = reading.recovery;
    recovery.leftovers.retain(|(path, ..)| !recovery.adopted.contains(path));
    Ok(recovery)
}

/// A journal that is read from its end.
struct Reading<'a> {
    root: &'a Root,
    manifest: &'a mut Manifest,
    recovery: Recovery,
    told: Told,
}

/// What its later steps told.
#[derive(Default)]
struct Told {
    /// Paths of files that are not whole.
    doubtful: BTreeSet<String>,
    /// Paths of files that are.
    confirmed: BTreeSet<String>,
    /// Identities of recordings and keys of lists that have their place.
    settled: BTreeSet<String>,
    /// Paths of files that turned out not to be ours.
    void: BTreeSet<String>,
}

impl Told {
    fn is_known(&self, path: &str) -> bool {
        self.void.contains(path) || self.confirmed.contains(path)
    }
}

impl Reading<'_> {
    fn step(&mut self, step: &Step) -> Result<(), DeviceError> {
        let on_the_way = OnTheWay::of(step).filter(|it| !self.told.void.contains(it.to));
        if let Some(it) = on_the_way.filter(|it| !self.told.confirmed.contains(it.from)) {
            self.must_be_at_one_place(it)?;
        }
        match step {
            Step::Folder { path } => {
                if self.root.metadata(path)?.is_some_and(|there| there.is_dir()) {
                    self.manifest.folders.insert(path.clone());
                }
            }
            Step::Void { path } => {
                self.told.void.insert(path.clone());
            }
            Step::File { record, from } if !self.told.is_known(&record.path) => {
                self.file(step, record, from.as_deref())?;
            }
            Step::File { .. } => {}
            Step::Playlist { record, .. } => self.playlist(step, record)?,
            Step::Companion { record, .. } => self.companion(step, record)?,
        }
        Ok(())
    }

    fn file(&mut self, step: &Step, record: &FileRecord, from: Option<&str>) -> Result<(), DeviceError> {
        if !is_whole(self.root, &record.path, record.bytes, &record.sum)? {
            return self.file_not_there(step, record, from);
        }
        self.told.confirmed.insert(record.path.clone());
        if self.told.settled.insert(record.identity.clone()) {
            take_file(self.manifest, record, &mut self.recovery);
        } else {
            // An earlier place of a recording that has moved on since.
            self.recovery.leftovers.push((record.path.clone(), record.bytes, record.sum.clone()));
        }
        Ok(())
    }

    /// Of one that is not whole in its place.
    fn file_not_there(
        &mut self,
        step: &Step,
        record: &FileRecord,
        from: Option<&str>,
    ) -> Result<(), DeviceError> {
        let cut = self.cut_short(step, &record.path)?;
        let is_free = self.is_free(&record.path, cut.is_some())?;
        self.told.doubtful.extend(cut);
        if is_free
            && let Some(from) = waits_for_its_name(self.root, from, record)?
            && !self.told.settled.contains(&record.identity)
            && self.recovery.unplaced.iter().all(|(_, later)| later.identity != record.identity)
        {
            // Not settled: until it has its name, an earlier file of the recording stays, and on record.
            self.recovery.unplaced.push((from.to_owned(), record.clone()));
        }
        Ok(())
    }

    fn playlist(&mut self, step: &Step, record: &PlaylistRecord) -> Result<(), DeviceError> {
        let Some(file) = record.file.as_ref().filter(|file| !self.told.is_known(&file.path)) else {
            return Ok(());
        };
        if !is_whole(self.root, &file.path, file.bytes, &file.sum)? {
            let cut = self.cut_short(step, &file.path)?;
            self.told.doubtful.extend(cut);
        } else if self.told.settled.insert(format!("playlist {}", record.key)) {
            self.told.confirmed.insert(file.path.clone());
            take_playlist(self.manifest, record, file, &mut self.recovery);
        }
        Ok(())
    }

    fn companion(&mut self, step: &Step, record: &CompanionRecord) -> Result<(), DeviceError> {
        let Some(file) = record.file.as_ref().filter(|_| !self.told.is_known(&record.path)) else {
            return Ok(());
        };
        if is_whole(self.root, &file.path, file.bytes, &file.sum)? {
            self.told.confirmed.insert(file.path.clone());
            forget_path(self.manifest, &file.path);
            self.manifest.companions.insert(file.path.clone(), record.clone());
        } else {
            let cut = self.cut_short(step, &file.path)?;
            self.told.doubtful.extend(cut);
        }
        Ok(())
    }

    /// Whether a name can be had: nothing has it, or half of the file itself, which goes to the trash before.
    fn is_free(&self, path: &str, is_half: bool) -> Result<bool, DeviceError> {
        Ok(self.root.look(path)?.is_none() || (is_half && !is_listed(self.root, self.manifest, path)?))
    }

    /// Files that are neither what the journal nor what the manifest says.
    fn distrust(&mut self) -> Result<(), DeviceError> {
        for path in self.told.doubtful.difference(&self.told.confirmed) {
            if self.root.look(path)?.flatten().is_some() && !is_listed(self.root, self.manifest, path)? {
                forget_path(self.manifest, path);
                self.recovery.distrusted.push(path.clone());
            }
        }
        Ok(())
    }

    /// Fails where it is at both. What was about to take the place of a file of ours with the very same bytes is another file, and
    /// was written later than that.
    fn must_be_at_one_place(&self, it: OnTheWay<'_>) -> Result<(), DeviceError> {
        let OnTheWay { from, to, .. } = it;
        match refuse_doubled(self.root, from, to) {
            Err(DeviceError::NeedsCheck { .. })
                if are_of_other_times(self.root, from, to)? && is_listed(self.root, self.manifest, to)? =>
            {
                Ok(())
            }
            looked => looked,
        }
    }

    /// The place of a file that is not whole there, unless another's lies in it.
    fn cut_short(&mut self, step: &Step, path: &str) -> Result<Option<String>, DeviceError> {
        if let Some(it) = OnTheWay::of(step)
            && it.is_anothers(self.root)?
        {
            self.recovery.proofs.insert(it.from.to_owned());
            return Ok(None);
        }
        Ok(Some(path.to_owned()))
    }
}

/// Where a finished file was made, if it is whole there.
fn waits_for_its_name<'f>(
    root: &Root,
    from: Option<&'f str>,
    record: &FileRecord,
) -> Result<Option<&'f str>, DeviceError> {
    let made_here = |from: &&str| from.strip_prefix(STAGING).is_some_and(|rest| rest.starts_with('/'));
    let Some(from) = from.filter(made_here) else { return Ok(None) };
    Ok(is_whole(root, from, record.bytes, &record.sum)?.then_some(from))
}

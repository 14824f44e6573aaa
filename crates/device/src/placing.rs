//! Finished files get their names together.
//!
//! They wait in the staging folder until there are enough of them. Then their bytes are brought to the disk, the journal names
//! them, and they are renamed in the order of their paths: a power cut leaves no half file under a final name, those that come
//! together lie in order in their folders, and one sync serves them all.

use std::collections::BTreeSet;
use std::fs::File;
use std::time::{Duration, Instant};

use crate::error::DeviceError;
use crate::journal::Step;
use crate::manifest::FileRecord;
use crate::on_the_way::is_whole;
use crate::onward;
use crate::plan::PlannedRemoval;
use crate::publish::{Place, as_steps};
use crate::remove::Way;
use crate::space::{Space, space_of};
use crate::target::{Ledger, Target};

/// So many files, so many bytes or so long a wait is enough: a kill costs at most what waits. The first of a run wait for few
/// others.
const FEW_FILES: usize = 2;
const ENOUGH_FILES: usize = 64;
const ENOUGH_BYTES: u64 = 256 * 1024 * 1024;
const LONG_ENOUGH: Duration = Duration::from_secs(30);

/// Files that are finished, but do not have their names yet.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    files: Vec<Finished>,
    bytes: u64,
    since: Option<Instant>,
    unplaced: Vec<Unplaced>,
}

/// A finished file in the staging folder.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) track: usize,
    pub(crate) file: File,
    pub(crate) place: Place,
    pub(crate) record: FileRecord,
    pub(crate) displaces: Option<PlannedRemoval>,
    /// Whether an older file of ours gives its room back when this one has its name.
    pub(crate) gives_room: bool,
}

/// Tracks whose finished files could not be put in their places, and why.
#[derive(Debug)]
pub struct Unplaced {
    /// Each [`PlannedWrite::track`](crate::PlannedWrite::track).
    pub tracks: Vec<usize>,
    /// What went wrong.
    pub error: DeviceError,
}

/// With the folders on the way to it that are missing.
type Ready = (Finished, Vec<String>);

impl Finished {
    fn as_step(&self) -> Step {
        Step::File { record: self.record.clone(), from: Some(self.place.path.clone()) }
    }
}

impl Waiting {
    fn could_not(&mut self, track: usize, error: DeviceError) {
        self.unplaced.push(Unplaced { tracks: vec![track], error });
    }

    fn verdict_on(&mut self, track: usize) -> Result<(), DeviceError> {
        match self.unplaced.iter().position(|unplaced| unplaced.tracks == [track]) {
            Some(at) => Err(self.unplaced.swap_remove(at).error),
            None => Ok(()),
        }
    }
}

impl Target {
    /// Puts the finished files that still wait in their places. Gives those for which that failed since this was last asked;
    /// they are not on the target.
    pub fn place_rest(&self) -> Vec<Unplaced> {
        let mut ledger = self.ledger();
        self.place_waiting(&mut ledger);
        std::mem::take(&mut ledger.waiting.unplaced)
    }

    /// As [`Target::place_rest`], where nobody asks track by track.
    pub(crate) fn place_rest_or_fail(&self) -> Result<(), DeviceError> {
        self.place_rest().into_iter().next().map_or(Ok(()), |unplaced| Err(unplaced.error))
    }

    /// Has a file wait for its name; it may be the last that was waited for. An error is one of this file alone.
    pub(crate) fn wait_for_name(&self, ledger: &mut Ledger, finished: Finished) -> Result<(), DeviceError> {
        let track = finished.track;
        let enough_files = (ledger.receipt.files_written / 2).clamp(FEW_FILES, ENOUGH_FILES);
        let waiting = &mut ledger.waiting;
        waiting.bytes = waiting.bytes.saturating_add(finished.record.bytes);
        waiting.files.push(finished);
        let since = *waiting.since.get_or_insert_with(Instant::now);
        let enough = waiting.files.len() >= enough_files
            || waiting.bytes >= ENOUGH_BYTES
            || since.elapsed() >= LONG_ENOUGH;
        let gives_room = waiting.files.iter().any(|file| file.gives_room);
        // What is sent to a device has its place at once, and an old file gives its room back where that is short.
        if enough || self.root.device().is_some() || (gives_room && self.is_nearly_full()) {
            self.place_waiting(ledger);
            return ledger.waiting.verdict_on(track);
        }
        Ok(())
    }

    fn is_nearly_full(&self) -> bool {
        space_of(&self.root).is_ok_and(|space| space.free < 2 * ENOUGH_BYTES)
    }

    fn place_waiting(&self, ledger: &mut Ledger) {
        let Waiting { files, unplaced, .. } = std::mem::take(&mut ledger.waiting);
        ledger.waiting.unplaced = unplaced;
        if files.is_empty() {
            return;
        }
        let tracks = files.iter().map(|file| file.track).collect();
        if let Err(error) = self.place_together(ledger, files) {
            ledger.waiting.unplaced.push(Unplaced { tracks, error });
        }
    }

    /// An error is one of all of them: none has its name then, and what was to give way to them is there.
    fn place_together(&self, ledger: &mut Ledger, files: Vec<Finished>) -> Result<(), DeviceError> {
        self.check_may_write()?;
        let mut files = self.bring_to_disk(ledger, files)?;
        let bytes: u64 = files.iter().map(|file| file.record.bytes).sum();
        ledger.list_before(&self.root, files.len(), bytes)?;
        files.sort_by(|a, b| a.record.path.cmp(&b.record.path));
        let mut ready = Vec::new();
        for file in files {
            match self.ready(ledger, &file) {
                Ok(folders) => ready.push((file, folders)),
                Err(error) => ledger.waiting.could_not(file.track, error),
            }
        }
        self.leave_lists_their_room(ledger, &mut ready);
        if let Err(error) = self.name_in_journal(ledger, &mut ready) {
            // Some of it may have been written.
            for (Finished { place, record, .. }, _) in ready {
                self.disown(ledger, &record, place, &error);
            }
            return Err(error);
        }
        for (Finished { track, file, mut place, record, displaces, .. }, _) in ready {
            // Some systems rename no open file.
            drop(file);
            match self.place(ledger, &mut place, &record, displaces.as_ref()) {
                Ok(()) => place.published = true,
                Err(error) => {
                    self.disown(ledger, &record, place, &error);
                    ledger.waiting.could_not(track, error);
                }
            }
        }
        Ok(())
    }

    /// The journal names a file that did not come to its place: what lies there, now or later, is not to be taken for what is left
    /// of it. Where that cannot be written down, the finished file stays where it was made, and the next opening sees by it.
    fn disown(&self, ledger: &mut Ledger, record: &FileRecord, mut place: Place, error: &DeviceError) {
        if place.published {
            // It is all that is left of both, and the next opening puts it in its place.
            self.root.note_lost_write();
            return;
        }
        let is_taken = matches!(error, DeviceError::Occupied { .. });
        // A device may hold half of it; and what we had there before is ours still.
        if !is_taken && (self.root.device().is_some() || has_ours_at(ledger, &record.path)) {
            return;
        }
        let came =
            if is_taken { Ok(false) } else { is_whole(&self.root, &record.path, record.bytes, &record.sum) };
        if !matches!(came, Ok(false)) {
            // The next opening looks at what the journal names.
            self.root.note_lost_write();
            place.published = true;
            return;
        }
        let void = [Step::Void { path: record.path.clone() }];
        match ledger.journal.append(&self.root, &void) {
            Ok(()) => {}
            Err(error) if error.is_no_space() => {
                drop(place);
                let _ = ledger.journal.append(&self.root, &void);
            }
            Err(_) => place.published = true,
        }
    }

    /// Files may turn out larger than planned, and so may what else comes to the target meanwhile. Those that would take the room of
    /// playlists and manifest, with their folders, give theirs back.
    fn leave_lists_their_room(&self, ledger: &mut Ledger, ready: &mut Vec<Ready>) {
        while let Some(last) = ready.iter().rposition(|(file, _)| !file.gives_room) {
            let folders: BTreeSet<&String> = ready.iter().flat_map(|(_, folders)| folders).collect();
            let path = ready.get(last).map_or("", |(file, _)| file.record.path.as_str());
            // To a device they are still to be sent.
            let is_sent = self.root.device().is_none();
            let unsent: Vec<u64> =
                ready.iter().filter(|_| !is_sent).map(|(file, _)| file.record.bytes).collect();
            let taken = |space: Space| {
                let files = unsent.iter().map(|bytes| space.taken_by(*bytes));
                files.fold(space.taken_by_folders(folders.len()), u64::saturating_add)
            };
            match self.check_room(path, taken) {
                Err(error) if error.is_no_space() => {
                    let (file, _) = ready.remove(last);
                    ledger.waiting.could_not(file.track, error);
                }
                _ => return,
            }
        }
    }

    /// Where the last room went to the files themselves, one after the other gives its own back.
    fn name_in_journal(&self, ledger: &mut Ledger, ready: &mut Vec<Ready>) -> Result<(), DeviceError> {
        let mut given_up: Vec<String> = Vec::new();
        while !ready.is_empty() {
            let folders: BTreeSet<&String> = ready.iter().flat_map(|(_, folders)| folders).collect();
            let mut steps = as_steps(folders.into_iter().cloned());
            steps.extend(ready.iter().map(|(file, ..)| file.as_step()));
            let noted = self.note_order_due(ledger).and_then(|()| ledger.lay_claims(&self.root));
            match noted.and_then(|()| ledger.journal.append(&self.root, &steps)) {
                Err(error) if error.is_no_space() => {
                    let Some((last, ..)) = ready.pop() else { break };
                    ledger.waiting.could_not(last.track, error);
                    given_up.push(last.record.path.clone());
                }
                appended => {
                    appended?;
                    break;
                }
            }
        }
        // Now there is room. What was written before there was none may name them.
        given_up.retain(|path| !has_ours_at(ledger, path));
        if !given_up.is_empty() {
            let void: Vec<Step> = given_up.into_iter().map(|path| Step::Void { path }).collect();
            let _ = ledger.journal.append(&self.root, &void);
        }
        Ok(())
    }

    /// Has what is written of these files reach the disk; gives those that did.
    ///
    /// A sync of everything serves them all, but tells only once that a write failed, and not of which file: it may be one that
    /// is still being made. So from then on each file is asked for its own. It answers for all that was written since it was
    /// opened, which is why it is open still; and as its bytes have been sent on already, that takes little.
    fn bring_to_disk(
        &self,
        ledger: &mut Ledger,
        mut files: Vec<Finished>,
    ) -> Result<Vec<Finished>, DeviceError> {
        if self.root.device().is_some() {
            return Ok(files);
        }
        // Behind FUSE, a sync of everything goes nowhere; of one file alone, everything would be too much.
        let one_by_one = !cfg!(target_os = "linux")
            || files.len() == 1
            || files.iter().any(|finished| !onward::waits_in_memory(&finished.file));
        if !one_by_one {
            match self.root.sync_all() {
                Err(error) if error.is_target_gone() => return Err(error),
                Err(_) => {}
                Ok(()) if self.root.lost_a_write() => {}
                Ok(()) => return Ok(files),
            }
        }
        files.retain(|Finished { track, file, record, .. }| match file.sync_all() {
            Ok(()) => true,
            Err(error) => {
                ledger.waiting.could_not(*track, self.root.fault(error, "written", &record.path));
                false
            }
        });
        Ok(files)
    }

    /// Whether the name can be had: it is free, or a file of ours is there that gives way. Looks only. Gives the folders that are
    /// missing.
    fn ready(&self, ledger: &Ledger, file: &Finished) -> Result<Vec<String>, DeviceError> {
        let FileRecord { path, identity, .. } = &file.record;
        let is_ours = |identity: &String| {
            let record = ledger.manifest.files.get(identity);
            record.is_some_and(|record| record.path == *path && !record.adopted)
        };
        match self.root.look(path)? {
            None => {}
            Some(Some(_)) if is_ours(identity) => {}
            Some(Some(_)) if file.displaces.as_ref().is_some_and(|removal| is_ours(&removal.identity)) => {}
            Some(_) => return Err(DeviceError::Occupied { path: path.clone() }),
        }
        self.missing_folders(path)
    }

    /// What gives way goes only now: it plays until there is something to take its place. Is that not to be had after all, it is
    /// where it was; where it cannot be, the finished file stays where it was made.
    fn place(
        &self,
        ledger: &mut Ledger,
        place: &mut Place,
        record: &FileRecord,
        displaces: Option<&PlannedRemoval>,
    ) -> Result<(), DeviceError> {
        let way = self.clear_the_way(ledger, record, displaces)?;
        let free = match &way {
            Way::Over { .. } => Ok(false),
            Way::Clear | Way::Gone { .. } => self.make_room(ledger, &record.path, &record.identity),
        };
        let came = free.and_then(|free| self.rename_in(ledger, &place.path, record.clone(), free));
        match (&came, way) {
            (Ok(_), Way::Over { identity }) => {
                ledger.manifest.files.remove(&identity);
                ledger.receipt.files_removed += 1;
            }
            (Err(error), Way::Gone { old, kept }) => {
                let is_back = self.bring_back(ledger, old, kept.as_deref());
                place.published = !(is_back || matches!(error, DeviceError::Occupied { .. }));
            }
            _ => {}
        }
        let older = came?;
        self.discard_older(ledger, older)?;
        ledger.count_placed(record.bytes);
        Ok(())
    }
}

fn has_ours_at(ledger: &Ledger, path: &str) -> bool {
    ledger.manifest.files.values().any(|file| file.path == path && !file.adopted)
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::fs;
    use std::sync::Arc;

    use super::*;
    use crate::plan::{SyncPlan, WhyRemoved};
    use crate::profile::Profile;
    use crate::sums::sum_of;

    fn finished(target: &Target, track: usize, name: &str) -> Finished {
        let path = target.staging_path().unwrap();
        target.root.write_unsynced(&path, name.as_bytes()).unwrap();
        let file = target.root.open_or_create(&path).unwrap().into_std();
        let record = FileRecord {
            identity: name.to_owned(),
            recipe: String::new(),
            path: format!("Music/{name}.mp3"),
            bytes: name.len() as u64,
            sum: sum_of(name.as_bytes()),
            label: name.to_owned(),
            seconds: None,
            adopted: false,
            sound: String::new(),
        };
        let place = Place { root: Arc::clone(&target.root), path, published: false };
        Finished { track, file, place, record, displaces: None, gives_room: false }
    }

    fn waiting(target: &Target, names: &[&str]) {
        for (track, name) in names.iter().enumerate() {
            let finished = finished(target, track, name);
            target.ledger().waiting.files.push(finished);
        }
    }

    #[test]
    fn a_write_that_failed_costs_the_file_whose_it_was_and_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let target = Target::open(folder.path(), Profile::generic()).unwrap();
        waiting(&target, &["a", "b", "c"]);
        // Others were told of the failure already; what cannot be synced stands in for the file whose it was.
        target.root.note_lost_write();
        target.ledger().waiting.files[1].file = File::open("/dev/null").unwrap();
        let unplaced = target.place_rest();
        assert_eq!(unplaced.iter().flat_map(|one| one.tracks.clone()).collect::<Vec<_>>(), [1_usize]);
        let said = unplaced[0].error.to_string();
        assert!(said.contains("Music/b.mp3 could not be written"), "{said}");
        let music = folder.path().join("Music");
        assert!(music.join("a.mp3").exists() && music.join("c.mp3").exists());
        assert!(!music.join("b.mp3").exists());

        // What lost a write unnoticed is looked into by the next opening.
        assert!(target.finish(&SyncPlan::default()).unwrap().lost_a_write);
        drop(target);
        fs::write(music.join("c.mp3"), "").unwrap();
        let target = Target::open(folder.path(), Profile::generic()).unwrap();
        assert_eq!(target.recovery().adopted, ["Music/a.mp3"]);
        assert_eq!(target.recovery().distrusted, ["Music/c.mp3"]);
        assert!(!folder.path().join(".ferrotape/journal").exists(), "it is sound from here on");
    }

    /// As the better file of the recording “a”, which takes the place of the one that is there.
    fn better(target: &Target, to_trash: bool) -> Finished {
        let mut better = finished(target, 1, "better");
        better.record.path = "Music/a.mp3".to_owned();
        better.displaces = Some(PlannedRemoval {
            identity: "a".to_owned(),
            path: "Music/a.mp3".to_owned(),
            bytes: 1,
            why: WhyRemoved::Replaced,
            to_trash,
        });
        better
    }

    #[test]
    fn what_gives_way_is_there_still_where_the_new_one_cannot_have_its_name() {
        for to_trash in [false, true] {
            let folder = tempfile::tempdir().unwrap();
            let target = Target::open(folder.path(), Profile::generic()).unwrap();
            waiting(&target, &["a"]);
            assert!(target.place_rest().is_empty());
            let better = better(&target, to_trash);
            // As a rename that fails.
            fs::remove_file(folder.path().join(&better.place.path)).unwrap();
            target.ledger().waiting.files.push(better);
            assert_eq!(target.place_rest().len(), 1);
            assert_eq!(fs::read(folder.path().join("Music/a.mp3")).unwrap(), b"a");
            assert_eq!(target.listed_at("a").as_deref(), Some("Music/a.mp3"));
            assert_eq!(target.listed_at("better"), None);
            let receipt = target.finish(&SyncPlan::default()).unwrap();
            assert_eq!((receipt.files_written, receipt.files_removed), (1, 0));
            assert!(target.trashed().unwrap().is_empty());
        }
    }

    #[test]
    fn what_gives_way_goes_with_the_coming_of_the_new_one() {
        for to_trash in [false, true] {
            let folder = tempfile::tempdir().unwrap();
            let target = Target::open(folder.path(), Profile::generic()).unwrap();
            waiting(&target, &["a"]);
            assert!(target.place_rest().is_empty());
            let better = better(&target, to_trash);
            target.ledger().waiting.files.push(better);
            assert!(target.place_rest().is_empty());
            assert_eq!(fs::read(folder.path().join("Music/a.mp3")).unwrap(), b"better");
            assert_eq!((target.listed_at("a"), target.file_count()), (None, 1));
            let receipt = target.finish(&SyncPlan::default()).unwrap();
            assert_eq!((receipt.files_written, receipt.files_removed), (2, 1));
            assert_eq!(target.trashed().unwrap().len(), usize::from(to_trash));
        }
    }

    #[test]
    fn a_name_that_was_not_reached_is_free_for_a_file_of_the_users() {
        let folder = tempfile::tempdir().unwrap();
        let target = Target::open(folder.path(), Profile::generic()).unwrap();
        waiting(&target, &["a", "b"]);
        // As a rename that fails: what is to be renamed is not there.
        fs::remove_file(folder.path().join(".ferrotape/staging/000000.tmp")).unwrap();
        assert_eq!(target.place_rest().len(), 1);
        let mine = folder.path().join("Music/a.mp3");
        fs::write(&mine, "mine").unwrap();
        // The run comes to no end that forgets the journal.
        drop(target);
        let target = Target::open(folder.path(), Profile::generic()).unwrap();
        assert_eq!(fs::read(&mine).unwrap(), b"mine");
        assert_eq!(target.recovery().adopted, ["Music/b.mp3"]);
        assert!(target.recovery().distrusted.is_empty());
    }
}

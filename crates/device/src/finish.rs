//! The end of a sync: playlists, empty folders, the manifest last.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::error::DeviceError;
use crate::journal::Step;
use crate::manifest::{Manifest, PlaylistFile, PlaylistRecord};
use crate::order;
use crate::plan::SyncPlan;
use crate::playlist::{self, Line, PlaylistTarget};
use crate::publish::{Place, as_steps};
use crate::remove::ForTrash;
use crate::sums::{is_sum_of, sum_of};
use crate::target::{Ledger, Target};
use crate::trash;

/// What was done since the target was opened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Receipt {
    /// Files that came to their places.
    pub files_written: usize,
    /// Their size in bytes, with that of files beside tracks.
    pub bytes_written: u64,
    /// Files that got another name.
    pub files_renamed: usize,
    /// Files removed.
    pub files_removed: usize,
    /// Playlists written.
    pub playlists_written: usize,
    /// Playlists removed.
    pub playlists_removed: usize,
    /// Files put beside tracks.
    pub companions_written: usize,
    /// Files beside tracks removed.
    pub companions_removed: usize,
    /// Files that were to be removed and could not be, with what went wrong; they stay, on record.
    pub not_removed: Vec<(String, String)>,
    /// Whether the manifest was written.
    pub manifest_written: bool,
    /// Folders whose files could not be put in the order of their names, which the profile asks for.
    pub unordered: Vec<String>,
    /// Whether files of ours lie outside their folders, where they were to be put in order and could not be moved back; the next
    /// opening does that.
    pub has_files_astray: bool,
    /// Whether the system could not write something, perhaps of another file than those that were refused for it: the next
    /// opening looks into what came last.
    pub lost_a_write: bool,
    /// Files of ours now on the target, without those that were adopted.
    pub files_total: usize,
    /// Files of the user's now on the target that were adopted.
    pub files_adopted: usize,
}

/// The plan's answers as far as their files are there.
fn answers_on_target(plan: &SyncPlan, manifest: &Manifest) -> BTreeMap<String, Vec<String>> {
    let there = |identities: &Vec<String>| -> Vec<String> {
        identities.iter().filter(|identity| manifest.files.contains_key(*identity)).cloned().collect()
    };
    let answers = plan.wanted.iter().map(|(key, identities)| (key.clone(), there(identities)));
    answers.filter(|(_, identities)| !identities.is_empty()).collect()
}

impl Target {
    /// Writes the playlists that differ from what is there, listing the tracks that are on the target now, and
    /// removes those the plan drops. A playlist none of whose tracks is there gets no file.
    pub fn write_playlists(&self, plan: &SyncPlan) -> Result<(), DeviceError> {
        self.check_may_write()?;
        self.place_rest_or_fail()?;
        let mut ledger = self.ledger();
        self.forget(&mut ledger, plan)?;
        for key in &plan.dropped_playlists {
            if let Some(record) = ledger.manifest.playlists.get(key).cloned() {
                let to_trash = !plan.delete_for_good;
                if self.drop_playlist_file(&mut ledger, record.file.as_ref(), to_trash)? {
                    ledger.manifest.playlists.remove(key);
                }
            }
        }
        // What gets no file first: another list may take the name of one that goes.
        let (with_file, without): (Vec<_>, Vec<_>) =
            plan.playlists.iter().partition(|target| target.path.is_some());
        for target in without.into_iter().chain(with_file) {
            self.settle_playlist(&mut ledger, target, plan)?;
        }
        Ok(())
    }

    /// Ends a sync, also one that could not do everything it planned: playlists, empty folders, then the manifest,
    /// on the disk when this returns. Writes nothing when nothing changed.
    pub fn finish(&self, plan: &SyncPlan) -> Result<Receipt, DeviceError> {
        self.remove_companions(&mut self.ledger(), plan)?;
        self.finish_early(plan)
    }

    /// As [`Target::finish`], of a sync that was cut short: what lies beside tracks stays, for these may not have gone.
    pub fn finish_early(&self, plan: &SyncPlan) -> Result<Receipt, DeviceError> {
        self.write_playlists(plan)?;
        let mut ledger = self.ledger();
        self.remove_empty_folders(&mut ledger)?;
        self.settle_order(&mut ledger)?;
        ledger.manifest.wanted = answers_on_target(plan, &ledger.manifest);
        ledger.manifest.coming.clear();
        ledger.claims = None;
        let before = ledger.receipt.clone();
        ledger.checkpoint(&self.root)?;
        if before != Receipt::default() || ledger.receipt.manifest_written {
            self.root.sync_all()?;
        }
        ledger.receipt.lost_a_write = self.root.lost_a_write();
        (ledger.receipt.files_total, ledger.receipt.files_adopted) = ledger.manifest.counts();
        Ok(ledger.receipt.clone())
    }

    /// Puts files in the order in which the player plays them, where some came or went, or it was another before.
    fn settle_order(&self, ledger: &mut Ledger) -> Result<(), DeviceError> {
        let receipt = &ledger.receipt;
        let has_written = *receipt != Receipt::default();
        let moved = receipt.files_written + receipt.files_renamed + receipt.files_removed;
        if moved == 0 && !self.asks_for_order(ledger)? {
            return Ok(());
        }
        let order = self.profile.copy.order;
        let ordered = order::put_in_order(&self.root, &ledger.manifest, order)?;
        let was_due = ledger.order_is_due;
        ledger.receipt.unordered.clone_from(&ordered.unordered);
        ledger.receipt.has_files_astray = !order::settle(&self.root, &ordered)?;
        // Where there is nothing to do, nothing is written, not even this; and not where it is to be tried again.
        ledger.order_is_due = ordered.lacked_room;
        if ordered.lacked_room {
            // An entry of no bytes; where even that has no room, the next run that moves something looks again.
            let _ = order::note_due(&self.root, order);
        }
        let is_to_be_noted = (ordered.has_changed || has_written || was_due) && !ordered.lacked_room;
        if is_to_be_noted { order::note_settled(&self.root, order) } else { Ok(()) }
    }

    /// Whether the order of files has to be looked at: some came since, or they were last put in another, or nobody knows.
    pub(crate) fn asks_for_order(&self, ledger: &Ledger) -> Result<bool, DeviceError> {
        Ok(ledger.order_is_due || order::is_as_last(&self.root, self.profile.copy.order)? != Some(true))
    }

    /// Forgets what was gone when this was planned and still is, before a playlist names it.
    fn forget(&self, ledger: &mut Ledger, plan: &SyncPlan) -> Result<(), DeviceError> {
        for identity in &plan.forgotten_identities {
            let vanished = match ledger.manifest.files.get(identity) {
                Some(record) => record.adopted || self.root.look(&record.path)?.flatten().is_none(),
                None => false,
            };
            if vanished {
                ledger.manifest.files.remove(identity);
            }
        }
        Ok(())
    }

    fn settle_playlist(
        &self,
        ledger: &mut Ledger,
        target: &PlaylistTarget,
        plan: &SyncPlan,
    ) -> Result<(), DeviceError> {
        let to_trash = !plan.delete_for_good;
        let known = ledger.manifest.playlists.get(&target.key);
        let old = known.and_then(|list| list.file.clone());
        let files = &ledger.manifest.files;
        let is_there = |identity: &str| files.contains_key(identity);
        let is_entry = |identity: &&String| !target.is_of_run || !plan.has_given_way(identity, is_there);
        let entries: Vec<String> = target.entries.iter().filter(is_entry).cloned().collect();
        // One with the same in it stays whose it is, or two libraries with the same lists would write for ever.
        let of = known.filter(|list| !target.is_of_run || list.entries == entries);
        let of = of.and_then(|list| list.library.clone());
        let mut record = PlaylistRecord {
            key: target.key.clone(),
            name: target.name.clone(),
            file: None,
            write_file: target.write_file,
            entries: entries.clone(),
            library: of.or_else(|| plan.library.clone().filter(|_| target.is_of_run)),
        };
        let mut lines = entries.iter().filter_map(|identity| files.get(identity)).peekable();
        match target.path.as_ref().filter(|_| lines.peek().is_some()) {
            None => {
                if !self.drop_playlist_file(ledger, old.as_ref(), to_trash)? {
                    record.file = old;
                }
            }
            Some(path) => {
                let lines =
                    lines.map(|file| Line { path: &file.path, label: &file.label, seconds: file.seconds });
                let text = playlist::text(&self.profile, path, lines);
                let bytes = text.len() as u64;
                record.file = Some(PlaylistFile { path: path.clone(), bytes, sum: sum_of(&text) });
                // Another kind of sum is no reason to write it anew: what the user put in another order there would be gone.
                let is_told = |old: &PlaylistFile| old.path == *path && is_sum_of(&old.sum, &text);
                let same = old.as_ref().is_some_and(is_told) && self.root.look(path)? == Some(Some(bytes));
                if !same && !self.put_playlist(ledger, old.as_ref(), &record, path, &text)? {
                    return Ok(());
                }
            }
        }
        ledger.manifest.playlists.insert(record.key.clone(), record);
        Ok(())
    }

    /// Whether it is there now. It is not where what has its name finds no room in the trash; that is told as not removed, and stops
    /// no other list.
    fn put_playlist(
        &self,
        ledger: &mut Ledger,
        old: Option<&PlaylistFile>,
        record: &PlaylistRecord,
        path: &str,
        text: &[u8],
    ) -> Result<bool, DeviceError> {
        let has_name = |file: &PlaylistFile| file.path == path;
        let mut others = ledger.manifest.playlists.values().filter(|list| list.key != record.key);
        if others.any(|list| list.file.as_ref().is_some_and(has_name)) && self.root.look(path)?.is_some() {
            return Ok(false);
        }
        let staged = self.staging_path()?;
        let mut place = Place { root: Arc::clone(&self.root), path: staged.clone(), published: false };
        self.root.write_new(&staged, text)?;
        let free = match (self.root.fingerprint(path)?, old.filter(|old| has_name(old))) {
            (Some((_, found)), Some(old)) if found == old.sum => false,
            // Edited on the player: the user's work is kept.
            (Some(_), Some(_)) => match trash::put(&self.root, path) {
                Err(error) if error.is_no_space() => return self.is_gone(ledger, path, Err(error)),
                kept => kept.map(|_| true)?,
            },
            // Free, or not ours: then this fails without harm.
            _ => true,
        };
        let folders = self.missing_folders(path)?;
        let mut steps = as_steps(folders.clone());
        steps.push(Step::Playlist { record: record.clone(), from: Some(staged.clone()) });
        ledger.journal.append(&self.root, &steps)?;
        // From here on the journal tells of it, also to the next opening.
        place.published = true;
        self.create_folders(ledger, &folders)?;
        let moved =
            if free { self.root.rename_new(&staged, path) } else { self.root.rename_over(&staged, path) };
        if let Err(DeviceError::Occupied { .. }) = moved {
            self.root.remove_file(&staged)?;
            ledger.journal.append(&self.root, &[Step::Void { path: path.to_owned() }])?;
        }
        moved?;
        ledger.receipt.playlists_written += 1;
        if let Some(old) = old.filter(|old| old.path != path) {
            let gone = self.discard_playlist(old, false);
            // What somebody edited is theirs, where it cannot be kept in the trash.
            if !self.is_gone(ledger, &old.path, gone)? && !self.is_edited(old).unwrap_or(false) {
                ledger.manifest.leave_bytes_behind(&old.path, old.bytes, &old.sum);
            }
        }
        Ok(true)
    }

    fn is_edited(&self, file: &PlaylistFile) -> Result<bool, DeviceError> {
        Ok(self.root.fingerprint(&file.path)?.is_some_and(|(_, found)| found != file.sum))
    }

    /// Whether there is none of it now.
    fn drop_playlist_file(
        &self,
        ledger: &mut Ledger,
        file: Option<&PlaylistFile>,
        to_trash: bool,
    ) -> Result<bool, DeviceError> {
        let Some(file) = file else { return Ok(true) };
        let gone = self.discard_playlist(file, to_trash);
        let is_gone = self.is_gone(ledger, &file.path, gone)?;
        ledger.receipt.playlists_removed += usize::from(is_gone);
        Ok(is_gone)
    }

    /// What somebody edited goes to the trash in any case.
    fn discard_playlist(&self, file: &PlaylistFile, to_trash: bool) -> Result<Option<String>, DeviceError> {
        let to_trash = self.is_edited(file)? || to_trash;
        self.discard(&file.path, file.bytes, to_trash, ForTrash::All)
    }

    /// Removes the folders that we made and that hold nothing any more, deepest first.
    fn remove_empty_folders(&self, ledger: &mut Ledger) -> Result<(), DeviceError> {
        let idle = ledger.manifest.idle_folders();
        // A folder sorts before everything in it, so backwards is deepest first.
        for folder in idle.iter().rev() {
            let there = self.root.metadata(folder)?.is_some_and(|there| there.is_dir());
            // Where the user keeps something in it, it stays, and stays ours.
            if !there || self.root.remove_dir(folder).is_ok() {
                ledger.manifest.folders.remove(folder);
            }
        }
        Ok(())
    }
}

//! Files that lie beside tracks: timed lyrics, and the picture of a folder. They go where their tracks go.

use std::sync::Arc;

use crate::error::DeviceError;
use crate::journal::Step;
use crate::manifest::{CompanionRecord, PlaylistFile};
use crate::plan::{PlannedCompanion, SyncPlan};
use crate::planner_companions::place_beside;
use crate::playlist;
use crate::profile::LyricsRules;
use crate::publish::Place;
use crate::remove::ForTrash;
use crate::sums::sum_of;
use crate::target::{Ledger, Target};
use crate::trash;

/// Timed lyrics as the player reads them beside a track. `text` has one line per time.
pub fn lyrics_file(text: &str, rules: &LyricsRules) -> Vec<u8> {
    let text = text.replace('\n', "\r\n");
    let letters = playlist::in_letters(rules.encoding, &text);
    [playlist::mark(rules.encoding), &letters].concat()
}

impl Target {
    /// Puts companions in their places; with nothing to put, that is remembered, so that it is not tried again. Those
    /// whose track is not on the target, or kept its old name, are passed over, and so are those whose place is taken by a file
    /// of the user's. None are put where they would leave no room for playlists and the manifest ([`DeviceError::NoSpace`]).
    pub fn put_companions(&self, made: &[(&PlannedCompanion, Option<Vec<u8>>)]) -> Result<(), DeviceError> {
        self.check_may_write()?;
        self.place_rest_or_fail()?;
        let files = made.iter().filter_map(|(planned, bytes)| Some((planned, bytes.as_ref()?.len() as u64)));
        if let Some((one, _)) = files.clone().next() {
            self.check_room(&one.path, |space| files.clone().map(|(_, bytes)| space.taken_by(bytes)).sum())?;
        }
        let mut ledger = self.ledger();
        let mut staged = Vec::new();
        for (planned, bytes) in made {
            let track = ledger.manifest.files.get(&planned.of);
            let place = track.and_then(|track| place_beside(&track.path, planned.kind, &self.profile));
            if place.as_ref() != Some(&planned.path) {
                continue;
            }
            let (record, place) = self.stage_companion(planned, bytes.as_deref())?;
            staged.push((record, place));
        }
        let step = |(record, place): &(CompanionRecord, Option<Place>)| {
            let from = Some(place.as_ref()?.path.clone());
            Some(Step::Companion { record: record.clone(), from })
        };
        let steps: Vec<Step> = staged.iter().filter_map(step).collect();
        if !steps.is_empty() {
            ledger.journal.append(&self.root, &steps)?;
        }
        // From here on the journal tells of them, also to the next opening.
        staged.iter_mut().filter_map(|(_, place)| place.as_mut()).for_each(|place| place.published = true);
        for (record, place) in &staged {
            let place = place.as_ref().map(|place| place.path.as_str());
            self.move_companion_in(&mut ledger, record.clone(), place)?;
        }
        Ok(())
    }

    fn stage_companion(
        &self,
        planned: &PlannedCompanion,
        bytes: Option<&[u8]>,
    ) -> Result<(CompanionRecord, Option<Place>), DeviceError> {
        let mut record = CompanionRecord {
            path: planned.path.clone(),
            of: planned.of.clone(),
            kind: planned.kind,
            made_from: planned.made_from.clone(),
            file: None,
        };
        let Some(bytes) = bytes else { return Ok((record, None)) };
        let path = self.staging_path()?;
        let place = Place { root: Arc::clone(&self.root), path, published: false };
        // One sync at the end is for all of them; until then the journal knows what each must be.
        self.root.write_unsynced(&place.path, bytes)?;
        record.file =
            Some(PlaylistFile { path: planned.path.clone(), bytes: bytes.len() as u64, sum: sum_of(bytes) });
        Ok((record, Some(place)))
    }

    fn move_companion_in(
        &self,
        ledger: &mut Ledger,
        record: CompanionRecord,
        place: Option<&str>,
    ) -> Result<(), DeviceError> {
        let ours = ledger.manifest.companions.get(&record.path).and_then(|old| old.file.clone());
        let there = self.root.look(&record.path)?;
        // Whoever edits lyrics by hand often keeps their size; they are small enough to be read.
        let found = self.root.fingerprint(&record.path)?;
        let is_ours = ours.as_ref().zip(found).is_some_and(|(old, (_, hash))| hash == old.sum);
        match (place, there) {
            (Some(place), Some(_)) if is_ours => self.root.rename_over(place, &record.path)?,
            (Some(place), _) => {
                if ours.is_some() && there.is_some_and(|there| there.is_some()) {
                    trash::put(&self.root, &record.path)?;
                }
                match self.root.rename_new(place, &record.path) {
                    Err(DeviceError::Occupied { path }) => {
                        self.root.remove_file(place)?;
                        return ledger.journal.append(&self.root, &[Step::Void { path }]);
                    }
                    moved => moved?,
                }
            }
            (None, Some(_)) if is_ours => self.root.remove_file(&record.path)?,
            (None, _) => {}
        }
        ledger.receipt.companions_written += usize::from(place.is_some());
        ledger.receipt.bytes_written += record.file.as_ref().map_or(0, |file| file.bytes);
        ledger.manifest.companions.insert(record.path.clone(), record);
        Ok(())
    }

    /// Removes those that the plan drops.
    pub(crate) fn remove_companions(&self, ledger: &mut Ledger, plan: &SyncPlan) -> Result<(), DeviceError> {
        self.check_may_write()?;
        for removal in &plan.companion_removals {
            if ledger.manifest.companions.contains_key(&removal.path) {
                let file = ledger.manifest.companions.get(&removal.path).and_then(|one| one.file.clone());
                let found = self.root.fingerprint(&removal.path)?;
                let edited = found.zip(file).is_some_and(|((_, hash), file)| hash != file.sum);
                let gone = self.discard(
                    &removal.path,
                    removal.bytes,
                    removal.to_trash || edited,
                    ForTrash::WhatIsToSpare,
                );
                if self.is_gone(ledger, &removal.path, gone)? {
                    ledger.manifest.companions.remove(&removal.path);
                    ledger.receipt.companions_removed += 1;
                }
            }
        }
        for path in &plan.forgotten_companions {
            ledger.manifest.companions.remove(path);
        }
        Ok(())
    }
}

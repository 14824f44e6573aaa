//! What the files of a run are there for, on record before the first of them has its name.
//!
//! A run may be cut short. If the manifest learned only at its end which lists and wanted things it was about, the files that came
//! would be there for nothing until then, and a run about another list would remove them.

use std::collections::{BTreeMap, HashSet};
use std::sync::atomic::Ordering;

use crate::error::DeviceError;
use crate::manifest::{Manifest, PlaylistRecord};
use crate::plan::SyncPlan;
use crate::playlist::PlaylistTarget;
use crate::root::Root;
use crate::target::{Ledger, Target};

/// What a run is about.
#[derive(Debug)]
pub(crate) struct Claims {
    lists: Vec<PlaylistRecord>,
    wanted: BTreeMap<String, Vec<String>>,
}

impl Claims {
    fn of(plan: &SyncPlan) -> Self {
        let record = |list: &PlaylistTarget| PlaylistRecord {
            key: list.key.clone(),
            name: list.name.clone(),
            file: None,
            write_file: list.write_file,
            entries: list.entries.clone(),
            library: plan.library.clone(),
        };
        let of_run = plan.playlists.iter().filter(|list| list.is_of_run);
        Self { lists: of_run.map(record).collect(), wanted: plan.wanted.clone() }
    }
}

impl Target {
    /// Tells what is about to be done. Nothing is written for it before the first file gets its name: a run that puts nothing
    /// there leaves everything as it is. From here on the trash and what lies beside tracks leave lists and manifest their room.
    pub fn begin(&self, plan: &SyncPlan) {
        self.ledger().claims = Some(Claims::of(plan));
        self.kept_free.store(plan.bytes_for_its_end, Ordering::Relaxed);
    }
}

impl Ledger {
    /// Writes down what the run is about, once.
    pub(crate) fn lay_claims(&mut self, root: &Root) -> Result<(), DeviceError> {
        let Some(claims) = &self.claims else { return Ok(()) };
        join(&mut self.manifest, claims);
        self.checkpoint(root)?;
        self.claims = None;
        Ok(())
    }
}

/// Only adds: what was there for a list or a wanted thing is there for it until the run has come to its end.
fn join(manifest: &mut Manifest, claims: &Claims) {
    for list in &claims.lists {
        let mut list = list.clone();
        if let Some(old) = manifest.playlists.get(&list.key) {
            // With the same in it, it stays whose it is, as at the end of the run.
            if old.entries == list.entries {
                list.library = old.library.clone().or(list.library);
            }
            let new: HashSet<&String> = list.entries.iter().collect();
            let rest: Vec<String> = old.entries.iter().filter(|one| !new.contains(one)).cloned().collect();
            list.entries.extend(rest);
            list.file.clone_from(&old.file);
        }
        manifest.playlists.insert(list.key.clone(), list);
    }
    for (key, identities) in &claims.wanted {
        let known = manifest.wanted.get(key);
        let is_known = |one: &&String| known.is_some_and(|known| known.contains(one));
        let new: Vec<&String> = identities.iter().filter(|one| !is_known(one)).collect();
        if new.is_empty() {
            continue;
        }
        let coming = manifest.coming.entry(key.clone()).or_default();
        for one in new {
            if !coming.contains(one) {
                coming.push(one.clone());
            }
        }
    }
}

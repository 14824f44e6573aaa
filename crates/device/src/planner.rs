//! Compares what is wanted with the manifest and the disk. Reads only; the result is data.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::allot::{Allotted, Allotter};
use crate::desired::{Desired, DesiredTrack};
use crate::error::DeviceError;
use crate::layout::track_spot;
use crate::manifest::{FileRecord, Manifest, PlaylistRecord};
use crate::plan::{
    PlannedRemoval, PlannedRename, PlannedWrite, SyncPlan, UnchangedFile, WhyRemoved, WhyWritten,
};
use crate::profile::Profile;
use crate::root::Root;
use crate::space::{reserve_for, space_of};

/// What the disk says about a file of the manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Condition {
    Present,
    Vanished,
    Altered,
}

pub(crate) struct Planner<'a> {
    pub(crate) root: &'a Root,
    pub(crate) profile: &'a Profile,
    pub(crate) manifest: &'a Manifest,
    pub(crate) desired: &'a Desired,
    /// One index per identity, most important first.
    order: Vec<usize>,
    /// The manifest's files, by identity.
    conditions: HashMap<&'a str, Condition>,
    /// Identities of playlists that stay although this run does not name them.
    claimed: HashSet<&'a str>,
    pub(crate) plan: SyncPlan,
}

/// Makes the plan.
pub(crate) fn plan(
    root: &Root,
    profile: &Profile,
    manifest: &Manifest,
    desired: &Desired,
) -> Result<SyncPlan, DeviceError> {
    check(desired)?;
    let mut planner = Planner {
        root,
        profile,
        manifest,
        desired,
        order: by_importance(desired),
        conditions: conditions(root, manifest)?,
        claimed: claimed(manifest, desired),
        plan: SyncPlan {
            delete_for_good: desired.delete_for_good,
            wanted: answered(manifest, desired),
            ..SyncPlan::default()
        },
    };
    planner.plan_removals();
    let places = planner.allot_tracks()?;
    for index in planner.order.clone() {
        planner.plan_track(index, &places);
    }
    planner.fit_into_space()?;
    planner.plan_playlists()?;
    Ok(planner.plan)
}

/// What the manifest knows of wanted things, with what this run knows of its own.
fn answered(manifest: &Manifest, desired: &Desired) -> BTreeMap<String, Vec<String>> {
    let mut wanted = manifest.wanted.clone();
    for (key, tracks) in &desired.wanted {
        let identities = tracks.iter().filter_map(|track| desired.tracks.get(*track));
        wanted.insert(key.clone(), identities.map(|track| track.identity.clone()).collect());
    }
    wanted
}

/// Identities that were the answer to something wanted which has another answer now.
fn replaced<'a>(manifest: &'a Manifest, desired: &Desired) -> HashSet<&'a str> {
    let answered_anew = |key: &String| desired.wanted.get(key).is_some_and(|tracks| !tracks.is_empty());
    let asked = manifest.wanted.iter().filter(|(key, _)| answered_anew(key));
    asked.flat_map(|(_, identities)| identities.iter().map(String::as_str)).collect()
}

fn check(desired: &Desired) -> Result<(), DeviceError> {
    let mut keys = HashSet::new();
    for list in &desired.playlists {
        if !keys.insert(&list.key) {
            return Err(DeviceError::BadDesired {
                reason: format!("two playlists have the key {}", list.key),
            });
        }
        if let Some(entry) = list.entries.iter().find(|entry| **entry >= desired.tracks.len()) {
            let reason = format!("playlist “{}” names track {entry}, which is not there", list.name);
            return Err(DeviceError::BadDesired { reason });
        }
    }
    Ok(())
}

/// First index of every identity: as the playlists name them, then the rest.
fn by_importance(desired: &Desired) -> Vec<usize> {
    let mut first = HashMap::new();
    for (index, track) in desired.tracks.iter().enumerate() {
        first.entry(track.identity.as_str()).or_insert(index);
    }
    let named = desired.playlists.iter().flat_map(|list| list.entries.iter().copied());
    let mut seen = HashSet::new();
    named
        .chain(0..desired.tracks.len())
        .filter_map(|index| desired.tracks.get(index))
        .filter(|track| seen.insert(track.identity.as_str()))
        .filter_map(|track| first.get(track.identity.as_str()).copied())
        .collect()
}

fn conditions<'a>(root: &Root, manifest: &'a Manifest) -> Result<HashMap<&'a str, Condition>, DeviceError> {
    let judge = |record: &'a FileRecord| {
        let condition = match root.look(&record.path)? {
            // A folder in its place is none of ours.
            None | Some(None) => Condition::Vanished,
            Some(Some(bytes)) if bytes == record.bytes => Condition::Present,
            Some(_) => Condition::Altered,
        };
        Ok((record.identity.as_str(), condition))
    };
    manifest.files.values().map(judge).collect()
}

fn claimed<'a>(manifest: &'a Manifest, desired: &Desired) -> HashSet<&'a str> {
    kept_playlists(manifest, desired).flat_map(|list| list.entries.iter().map(String::as_str)).collect()
}

pub(crate) fn kept_playlists<'a>(
    manifest: &'a Manifest,
    desired: &Desired,
) -> impl Iterator<Item = &'a PlaylistRecord> + use<'a> {
    let named: HashSet<String> = desired.playlists.iter().map(|list| list.key.clone()).collect();
    let keep = desired.keep_other_playlists;
    manifest.playlists.values().filter(move |list| keep && !named.contains(&list.key))
}

impl<'a> Planner<'a> {
    fn condition(&self, identity: &str) -> Option<Condition> {
        self.conditions.get(identity).copied()
    }

    fn plan_removals(&mut self) {
        let wanted: HashSet<&str> = self.desired.tracks.iter().map(|track| track.identity.as_str()).collect();
        let replaced = replaced(self.manifest, self.desired);
        for record in self.manifest.files.values() {
            let identity = record.identity.as_str();
            if wanted.contains(identity) {
                continue;
            }
            let vanished = self.condition(identity) == Some(Condition::Vanished);
            if vanished {
                self.forget(record);
            } else if !self.claimed.contains(identity) {
                self.plan.removals.push(PlannedRemoval {
                    identity: record.identity.clone(),
                    path: record.path.clone(),
                    bytes: record.bytes,
                    why: if replaced.contains(identity) {
                        WhyRemoved::Replaced
                    } else {
                        WhyRemoved::NotWanted
                    },
                    // What something else changed is never deleted for good.
                    to_trash: !self.desired.delete_for_good
                        || self.condition(identity) == Some(Condition::Altered),
                });
            }
        }
        let total = self.manifest.files.len().max(1);
        self.plan.removes_share = self.plan.removals.len() as f64 / total as f64;
    }

    fn forget(&mut self, record: &FileRecord) {
        self.plan.forgotten.push(record.path.clone());
        self.plan.forgotten_identities.push(record.identity.clone());
    }

    /// The place of every wanted track that is or will be on the target, by identity.
    fn allot_tracks(&mut self) -> Result<HashMap<String, Allotted>, DeviceError> {
        let mut allotter = Allotter::new(self.root, &self.profile.names);
        let leaving: HashSet<&str> = self.plan.removals.iter().map(|r| r.identity.as_str()).collect();
        for record in self.manifest.files.values() {
            if leaving.contains(record.identity.as_str()) {
                allotter.leave(&record.path, &record.identity);
            } else {
                allotter.hold(&record.path);
            }
        }
        let mut by_identity: BTreeMap<&str, &DesiredTrack> = BTreeMap::new();
        for track in self.order.iter().filter_map(|index| self.desired.tracks.get(*index)) {
            by_identity.insert(&track.identity, track);
        }
        let mut places = HashMap::new();
        for (identity, track) in by_identity {
            let record = self.manifest.files.get(identity);
            let spot = track_spot(&track.tags, self.profile);
            let kept = match record {
                Some(record) if !track.can_be_made => Some(record),
                // What is there as a file was looked at already; a folder may have taken a vanished one's place.
                Some(record)
                    if self.condition(identity) == Some(Condition::Vanished)
                        && self.root.look(&record.path)? == Some(None) =>
                {
                    None
                }
                Some(record) if allotter.stays(&record.path, &spot)? => Some(record),
                _ => None,
            };
            let place = match kept {
                Some(record) => Allotted { path: record.path.clone(), displaces: None },
                None if track.can_be_made => allotter.allot(&spot, &track.label)?,
                None => continue,
            };
            places.insert(identity.to_owned(), place);
        }
        self.plan.occupied_by_user.append(&mut allotter.occupied);
        Ok(places)
    }

    fn plan_track(&mut self, index: usize, places: &HashMap<String, Allotted>) {
        let (manifest, desired) = (self.manifest, self.desired);
        let Some(track) = desired.tracks.get(index) else { return };
        let record = manifest.files.get(&track.identity);
        let condition = self.condition(&track.identity);
        let place = places.get(&track.identity);
        let (why, place) = match (record, condition, place) {
            (Some(record), Some(Condition::Vanished), _) if !track.can_be_made => {
                self.forget(record);
                self.plan.cannot_be_made.push(index);
                return;
            }
            (Some(record), Some(_), _) if !track.can_be_made => return self.keep(record),
            (None, _, None) => return self.plan.cannot_be_made.push(index),
            (Some(record), Some(Condition::Present), Some(place)) if record.recipe == track.recipe => {
                if record.path == place.path {
                    return self.keep(record);
                }
                if place.displaces.is_none() {
                    let rename = (record.identity.clone(), record.path.clone(), place.path.clone());
                    let (identity, from, to) = rename;
                    return self.plan.renames.push(PlannedRename { identity, from, to });
                }
                (WhyWritten::Changed, place)
            }
            (Some(_), Some(Condition::Present), Some(place)) => (WhyWritten::Changed, place),
            (Some(_), Some(Condition::Altered), Some(place)) => (WhyWritten::Altered, place),
            (Some(_), _, Some(place)) => (WhyWritten::Vanished, place),
            (None, _, Some(place)) => (WhyWritten::New, place),
            (Some(record), ..) => return self.keep(record),
        };
        let replaces =
            record.filter(|_| condition != Some(Condition::Vanished)).map(|record| record.path.clone());
        let displaces = place.displaces.as_ref();
        self.plan.writes.push(PlannedWrite {
            track: index,
            identity: track.identity.clone(),
            recipe: track.recipe.clone(),
            path: place.path.clone(),
            replaces,
            displaces: displaces
                .and_then(|owner| self.plan.removals.iter().find(|removal| removal.identity == *owner))
                .cloned(),
            why,
            expected_bytes: track.expected_bytes,
            label: track.label.clone(),
            seconds: track.duration.map(|duration| (duration.as_secs_f64().round()) as u64),
        });
    }

    fn keep(&mut self, record: &FileRecord) {
        self.plan.unchanged.push(UnchangedFile {
            identity: record.identity.clone(),
            path: record.path.clone(),
            bytes: record.bytes,
        });
    }

    /// Counts bytes and takes out what does not fit, the least important first.
    fn fit_into_space(&mut self) -> Result<(), DeviceError> {
        let space = space_of(self.root)?;
        let plan = &mut self.plan;
        let needed = |write: &PlannedWrite| space.taken_by(write.expected_bytes);
        let old_bytes = |write: &PlannedWrite| {
            let record = write.replaces.as_ref().and_then(|_| self.manifest.files.get(&write.identity));
            record
                .filter(|_| write.why == WhyWritten::Changed)
                .map_or(0, |record| space.taken_by(record.bytes))
        };
        let removed: u64 =
            plan.removals.iter().filter(|removal| !removal.to_trash).map(|r| space.taken_by(r.bytes)).sum();
        plan.bytes_free = space.free;
        plan.bytes_needed = plan.writes.iter().map(needed).fold(0, u64::saturating_add);
        plan.bytes_freed = plan.writes.iter().map(old_bytes).sum::<u64>().saturating_add(removed);

        let usable = space.free.saturating_sub(reserve_for(self.manifest.files.len() + plan.writes.len()));
        let worth =
            |write: &PlannedWrite| self.desired.tracks.get(write.track).map_or(0, |track| track.worth);
        let mut first: Vec<usize> = (0..plan.writes.len()).collect();
        first.sort_by_key(|at| std::cmp::Reverse(plan.writes.get(*at).map(worth)));
        let fitting = |mut room: u64| -> Vec<bool> {
            let mut fit = |write: &PlannedWrite| {
                let fits = needed(write) <= room && write.expected_bytes <= self.profile.max_file_bytes;
                if fits {
                    // Old and new lie side by side until the new one is in place.
                    room = (room - needed(write)).saturating_add(old_bytes(write));
                }
                fits
            };
            let mut fits = vec![false; plan.writes.len()];
            for at in &first {
                if let (Some(write), Some(does)) = (plan.writes.get(*at), fits.get_mut(*at)) {
                    *does = fit(write);
                }
            }
            fits
        };
        let mut fits = fitting(usable);
        if fits.contains(&false) && removed > 0 {
            plan.remove_first = true;
            fits = fitting(usable.saturating_add(removed));
        }
        let mut fits = fits.into_iter();
        let (writes, waiting): (Vec<_>, Vec<_>) =
            std::mem::take(&mut plan.writes).into_iter().partition(|_| fits.next().unwrap_or(false));
        plan.writes = writes;
        plan.does_not_fit = waiting.iter().map(|write| write.track).collect();
        Ok(())
    }
}

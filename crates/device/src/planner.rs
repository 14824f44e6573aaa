//! Compares what is wanted with the manifest and the disk. Reads only; the result is data.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::allot::{Allotted, Allotter};
use crate::desired::{Desired, DesiredTrack};
use crate::error::DeviceError;
use crate::layout::{Spot, spot_of};
use crate::manifest::{FileRecord, Manifest, PlaylistRecord};
use crate::names::clash_key;
use crate::of_the_owner::OfTheOwner;
use crate::plan::{
    PlannedRemoval, PlannedRename, PlannedWrite, SyncPlan, UnchangedFile, WhyRemoved, WhyWritten,
};
use crate::profile::Profile;
use crate::root::Root;
use crate::space::space_of;

/// Stands in a playlist's key between that of the whole list and the number of the part; no key of a library's has it.
pub(crate) const PART: &str = "\u{1e}part ";

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
    pub(crate) order: Vec<usize>,
    /// The manifest's files, by identity.
    conditions: HashMap<&'a str, Condition>,
    /// Identities of playlists that stay although this run does not name them.
    pub(crate) claimed: HashSet<&'a str>,
    /// What counts beside our files.
    pub(crate) of_the_owner: OfTheOwner,
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
        of_the_owner: OfTheOwner::default(),
        plan: SyncPlan {
            delete_for_good: desired.delete_for_good || !profile.copy.trash,
            wanted: answered(manifest, desired),
            gives_way: desired.gives_way.clone(),
            in_place_of: in_place_of(desired),
            library: desired.library.clone(),
            retagged: desired.retagged.clone(),
            ..SyncPlan::default()
        },
    };
    planner.plan_removals();
    let places = planner.allot_tracks()?;
    for index in planner.order.clone() {
        if !planner.gives_way(index) {
            planner.plan_track(index, &places);
        }
    }
    if OfTheOwner::counts(profile) {
        planner.of_the_owner = OfTheOwner::on(root, &planner.keys_of_ours());
    }
    let space = space_of(root)?;
    planner.fit_with_what_stays(space);
    planner.keep_what_makes_no_room();
    planner.plan_lists_of_others();
    planner.tell_what_is_beyond();
    planner.plan_playlists()?;
    planner.plan_companions(space)?;
    Ok(planner.plan)
}

/// What each file gives way to, by identity.
fn in_place_of(desired: &Desired) -> BTreeMap<String, Vec<String>> {
    let of_one = |(old, tracks): (&String, &Vec<usize>)| {
        let new = tracks.iter().filter_map(|at| desired.tracks.get(*at));
        (old.clone(), new.map(|track| track.identity.clone()).collect())
    };
    desired.gives_way.iter().map(of_one).collect()
}

/// What the manifest knows of wanted things, with what this run knows of its own.
fn answered(manifest: &Manifest, desired: &Desired) -> BTreeMap<String, Vec<String>> {
    let mut wanted = manifest.wanted.clone();
    for key in manifest.coming.keys() {
        wanted.insert(key.clone(), manifest.answers(key).cloned().collect());
    }
    for (key, tracks) in &desired.wanted {
        let identities = tracks.iter().filter_map(|track| desired.tracks.get(*track));
        wanted.insert(key.clone(), identities.map(|track| track.identity.clone()).collect());
    }
    wanted
}

/// Identities that were the answer to something wanted which has another answer now.
fn replaced<'a>(manifest: &'a Manifest, desired: &Desired) -> HashSet<&'a str> {
    // Fewer of the same, as of a podcast of which only the newest are kept, are no other answer.
    let answered_anew = |key: &String, before: &[String]| {
        let tracks = desired.wanted.get(key).into_iter().flatten().filter_map(|at| desired.tracks.get(*at));
        tracks.into_iter().any(|track| !before.contains(&track.identity))
    };
    let asked = manifest.wanted.iter().filter(|(key, before)| answered_anew(key, before));
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

fn kept_playlists<'a>(
    manifest: &'a Manifest,
    desired: &Desired,
) -> impl Iterator<Item = &'a PlaylistRecord> + use<'a> {
    let named: HashSet<String> = desired.playlists.iter().map(|list| list.key.clone()).collect();
    let keep = desired.keep_other_playlists;
    playlists_besides(manifest, named).filter(move |_| keep)
}

/// The playlists on record that are none of these, nor parts of them.
pub(crate) fn playlists_besides(
    manifest: &Manifest,
    named: HashSet<String>,
) -> impl Iterator<Item = &PlaylistRecord> {
    manifest.playlists.values().filter(move |list| !named.contains(whole_of(&list.key)))
}

/// The key of the whole list that a part of it belongs to.
pub(crate) fn whole_of(key: &str) -> &str {
    key.split(PART).next().unwrap_or(key)
}

impl<'a> Planner<'a> {
    /// Paths of files that no track of this run is about, and that stay for playlists which do.
    pub(crate) fn claimed_paths(&self) -> impl Iterator<Item = &'a str> {
        let wanted: HashSet<&str> = self.desired.tracks.iter().map(|track| track.identity.as_str()).collect();
        let claimed = self.claimed.iter().filter(move |identity| !wanted.contains(**identity));
        let there = |identity: &&str| self.condition(identity) != Some(Condition::Vanished);
        let manifest = self.manifest;
        claimed
            .copied()
            .filter(there)
            .filter_map(|identity| Some(manifest.files.get(identity)?.path.as_str()))
    }

    /// Keys of what is ours, with what was adopted and counts for a recording.
    fn keys_of_ours(&self) -> HashSet<String> {
        let manifest = self.manifest;
        let files = manifest.files.values().filter(|file| !file.adopted).map(|file| file.path.as_str());
        let lists = manifest.playlists.values().filter_map(|list| Some(list.file.as_ref()?.path.as_str()));
        let staying = self.plan.unchanged.iter().map(|file| file.path.as_str());
        files.chain(lists).chain(staying).chain(self.claimed_paths()).map(clash_key).collect()
    }

    /// Whether it is the user's, as it was adopted.
    fn is_adopted(&self, record: &FileRecord) -> bool {
        record.adopted && self.condition(&record.identity) == Some(Condition::Present)
    }

    /// Whether it is there, and nothing else changed it since.
    pub(crate) fn is_as_written(&self, identity: &str) -> bool {
        self.condition(identity) == Some(Condition::Present)
    }

    fn condition(&self, identity: &str) -> Option<Condition> {
        self.conditions.get(identity).copied()
    }

    fn plan_removals(&mut self) {
        let wanted: HashSet<&str> = self.desired.tracks.iter().map(|track| track.identity.as_str()).collect();
        let replaced = replaced(self.manifest, self.desired);
        for record in self.manifest.files.values() {
            let identity = record.identity.as_str();
            if wanted.contains(identity) && !self.desired.gives_way.contains_key(identity) {
                continue;
            }
            let vanished = self.condition(identity) == Some(Condition::Vanished);
            let is_claimed = self.claimed.contains(identity);
            // What was adopted counts for whichever list names it next, unless another file takes its place.
            let gives_way = self.desired.gives_way.contains_key(identity) || replaced.contains(identity);
            let counts = self.is_adopted(record) && !gives_way;
            if vanished || (record.adopted && !is_claimed && !counts) {
                self.forget(record);
            } else if !record.adopted && !is_claimed {
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
                    to_trash: !self.plan.delete_for_good
                        || self.condition(identity) == Some(Condition::Altered),
                });
            }
        }
        self.plan.removals.sort_by(|a, b| a.path.cmp(&b.path));
        self.share_of_removals();
    }

    pub(crate) fn share_of_removals(&mut self) {
        let ours = self.manifest.files.values().filter(|file| !file.adopted).count().max(1);
        self.plan.removes_share = self.plan.removals.len() as f64 / ours as f64;
    }

    /// Whether it is only there until something else is.
    fn gives_way(&self, index: usize) -> bool {
        let Some(track) = self.desired.tracks.get(index) else { return false };
        self.desired.gives_way.contains_key(&track.identity)
            && !self.claimed.contains(track.identity.as_str())
    }

    fn forget(&mut self, record: &FileRecord) {
        self.plan.forgotten.push(record.path.clone());
        self.plan.forgotten_identities.push(record.identity.clone());
    }

    /// One that knows what stays where it is, and what leaves.
    fn allotter(&self, wanted: &BTreeMap<&str, (&DesiredTrack, Spot)>) -> Allotter<'a> {
        let mut allotter = Allotter::new(self.root, self.profile);
        let leaving: HashSet<&str> = self.plan.removals.iter().map(|r| r.identity.as_str()).collect();
        for record in self.manifest.files.values() {
            if leaving.contains(record.identity.as_str()) {
                allotter.leave(&record.path, &record.identity);
                continue;
            }
            allotter.hold(&record.path);
            if let Some((_, spot)) = wanted.get(record.identity.as_str()).filter(|_| !record.adopted) {
                allotter.claim(&record.path, spot);
            }
        }
        self.manifest.companions.values().for_each(|record| allotter.lies_beside(&record.path));
        allotter
    }

    /// The place of every wanted track that is or will be on the target, by identity.
    fn allot_tracks(&mut self) -> Result<HashMap<String, Allotted>, DeviceError> {
        let mut by_identity: BTreeMap<&str, (&DesiredTrack, Spot)> = BTreeMap::new();
        for track in self.order.iter().filter_map(|index| self.desired.tracks.get(*index)) {
            by_identity.insert(&track.identity, (track, spot_of(track, self.profile)));
        }
        let mut allotter = self.allotter(&by_identity);
        let mut places = HashMap::new();
        for (identity, (track, spot)) in by_identity {
            let record = self.manifest.files.get(identity);
            let kept = match record {
                // One that is not as it was adopted is the user's alone again.
                Some(record) if record.adopted => Some(record).filter(|record| self.is_adopted(record)),
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
        if let Some(record) = record.filter(|record| self.is_adopted(record)) {
            return self.keep(record);
        }
        // One that is not as it was adopted is the user's alone again.
        let record = record.filter(|record| !record.adopted);
        let condition = self.condition(&track.identity);
        let place = places.get(&track.identity);
        let (why, place) = match (record, condition, place) {
            (Some(record), Some(Condition::Vanished), _) if !track.can_be_made => {
                self.forget(record);
                self.plan.cannot_be_made.push(index);
                return;
            }
            (Some(record), Some(condition), _) if !track.can_be_made => {
                if condition == Condition::Altered {
                    self.plan.cannot_be_made.push(index);
                    self.plan.altered.push(record.identity.clone());
                }
                return self.keep(record);
            }
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
        if let Some(record) = record.filter(|_| condition == Some(Condition::Vanished)) {
            // Unless it is really put there again, no playlist may name it.
            self.plan.forgotten_identities.push(record.identity.clone());
        }
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
}

//! The plan's part about files that lie beside tracks.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::allot::in_folder;
use crate::desired::CompanionKind;
use crate::error::DeviceError;
use crate::manifest::CompanionRecord;
use crate::names::clash_key;
use crate::plan::{PlannedCompanion, PlannedRemoval, WhyRemoved};
use crate::planner::Planner;
use crate::profile::Profile;
use crate::space::Space;

/// Where a companion of this kind lies whose track lies there; `None` where the player wants none.
pub(crate) fn place_beside(track: &str, kind: CompanionKind, profile: &Profile) -> Option<String> {
    let (folder, name) = track.rsplit_once('/').unwrap_or(("", track));
    match kind {
        CompanionKind::Lyrics if profile.lyrics.lrc => {
            let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
            let ending = if name.ends_with(".MP3") { "LRC" } else { "lrc" };
            Some(in_folder(folder, &format!("{stem}.{ending}")))
        }
        CompanionKind::Picture if !profile.cover.file.is_empty() => {
            Some(in_folder(folder, &profile.cover.file))
        }
        CompanionKind::Lyrics | CompanionKind::Picture => None,
    }
}

impl Planner<'_> {
    /// Companions to write and to remove. Of the tracks of one folder the first speaks for its picture.
    pub(crate) fn plan_companions(&mut self, space: Space) -> Result<(), DeviceError> {
        let lines = self.lines();
        let places: HashMap<String, String> =
            lines.into_iter().map(|(identity, line)| (identity.to_owned(), line.path.to_owned())).collect();
        let wanted = self.wanted_companions(&places);
        let described = self.desired.tracks.iter().filter(|track| track.can_be_made);
        let described: HashSet<&str> = described.map(|track| track.identity.as_str()).collect();
        // Tracks of other lists, and those whose source is not there: nothing is said of their companions, so they stay.
        let others: HashMap<&str, &str> = places
            .iter()
            .map(|(identity, place)| (identity.as_str(), place.as_str()))
            .filter(|(identity, _)| !described.contains(identity))
            .collect();
        let mut staying = self.places_beside(others.values());
        for (path, planned) in wanted {
            staying.insert(clash_key(&path));
            if self.must_be_put(&path, &planned, &others)? {
                let bytes = space.taken_by(planned.expected_bytes.unwrap_or(0));
                self.plan.bytes_needed = self.plan.bytes_needed.saturating_add(bytes);
                self.plan.companions.push(planned);
            } else if !self.manifest.companions.contains_key(&path) {
                self.plan.in_the_way.push(path);
            }
        }
        let records = self.manifest.companions.values();
        let leaving = records.filter(|record| !staying.contains(&clash_key(&record.path)));
        let to_trash = !self.plan.delete_for_good;
        for record in leaving {
            match &record.file {
                Some(file) => self.plan.companion_removals.push(removal_of(record, file.bytes, to_trash)),
                None => self.plan.forgotten_companions.push(record.path.clone()),
            }
        }
        Ok(())
    }

    fn wanted_companions(&self, places: &HashMap<String, String>) -> BTreeMap<String, PlannedCompanion> {
        let mut wanted: BTreeMap<String, (&str, PlannedCompanion)> = BTreeMap::new();
        for companion in &self.desired.companions {
            let Some(track) = self.desired.tracks.get(companion.track) else { continue };
            let Some(place) = places.get(&track.identity) else { continue };
            if self.manifest.files.get(&track.identity).is_some_and(|record| record.adopted) {
                continue;
            }
            let Some(path) = place_beside(place, companion.kind, self.profile) else { continue };
            if wanted.get(&path).is_some_and(|(first, _)| *first <= place.as_str()) {
                continue;
            }
            let planned = PlannedCompanion {
                track: companion.track,
                of: track.identity.clone(),
                kind: companion.kind,
                path: path.clone(),
                made_from: companion.made_from.clone(),
                expected_bytes: companion.expected_bytes,
            };
            wanted.insert(path, (place, planned));
        }
        wanted.into_iter().map(|(path, (_, planned))| (path, planned)).collect()
    }

    fn must_be_put(
        &self,
        path: &str,
        planned: &PlannedCompanion,
        others: &HashMap<&str, &str>,
    ) -> Result<bool, DeviceError> {
        let there = self.root.look(path)?;
        // What is there and not ours is the user's.
        let Some(record) = self.manifest.companions.get(path) else { return Ok(there.is_none()) };
        let as_left = match &record.file {
            Some(file) => there == Some(Some(file.bytes)),
            // There was nothing to put there: what lies there now is the user's.
            None if there.is_some() => return Ok(false),
            None => true,
        };
        let speaks = others.contains_key(record.of.as_str());
        Ok(!(as_left && (speaks || record.made_from == planned.made_from)))
    }

    fn places_beside<'t>(&self, tracks: impl Iterator<Item = &'t &'t str>) -> HashSet<String> {
        let kinds = [CompanionKind::Lyrics, CompanionKind::Picture];
        let beside = tracks
            .flat_map(|place| kinds.into_iter().filter_map(|kind| place_beside(place, kind, self.profile)));
        beside.map(|path| clash_key(&path)).collect()
    }
}

fn removal_of(record: &CompanionRecord, bytes: u64, to_trash: bool) -> PlannedRemoval {
    PlannedRemoval {
        identity: record.of.clone(),
        path: record.path.clone(),
        bytes,
        why: WhyRemoved::NotWanted,
        to_trash,
    }
}

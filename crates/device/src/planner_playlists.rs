//! The playlists' part of a plan: their places, and which files will change.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::allot::Allotter;
use crate::error::DeviceError;
use crate::layout::playlist_spot;
use crate::manifest::PlaylistRecord;
use crate::plan::{PlannedPlaylist, PlannedRemoval, WhyRemoved};
use crate::planner::{Planner, kept_playlists};
use crate::playlist::{self, Line, PlaylistTarget};

impl Planner<'_> {
    pub(crate) fn plan_playlists(&mut self) -> Result<(), DeviceError> {
        let (manifest, desired) = (self.manifest, self.desired);
        let kept: Vec<&PlaylistRecord> = kept_playlists(manifest, desired).collect();
        let staying: HashSet<&str> = kept
            .iter()
            .map(|list| list.key.as_str())
            .chain(desired.playlists.iter().map(|list| list.key.as_str()))
            .collect();
        self.plan.dropped_playlists =
            manifest.playlists.keys().filter(|key| !staying.contains(key.as_str())).cloned().collect();
        let mut paths = self.allot_playlists()?;
        let wanted = desired.playlists.iter().map(|list| {
            let identities = list.entries.iter().filter_map(|entry| desired.tracks.get(*entry));
            PlaylistTarget {
                key: list.key.clone(),
                name: list.name.clone(),
                path: paths.remove(&list.key),
                entries: identities.map(|track| track.identity.clone()).collect(),
            }
        });
        let mut targets: Vec<PlaylistTarget> = wanted.collect();
        for list in kept {
            targets.push(PlaylistTarget {
                key: list.key.clone(),
                name: list.name.clone(),
                path: paths.remove(&list.key),
                entries: list.entries.clone(),
            });
        }
        self.foresee_playlists(&targets)?;
        self.plan.playlists = targets;
        Ok(())
    }

    fn allot_playlists(&mut self) -> Result<HashMap<String, String>, DeviceError> {
        let (manifest, desired) = (self.manifest, self.desired);
        let mut allotter = Allotter::new(self.root, &self.profile.names);
        let dropped: HashSet<&String> = self.plan.dropped_playlists.iter().collect();
        for (list, file) in manifest.playlists.values().filter_map(|list| Some((list, list.file.as_ref()?))) {
            if dropped.contains(&list.key) {
                allotter.leave(&file.path, &list.key);
            } else {
                allotter.hold(&file.path);
            }
        }
        let kept = kept_playlists(manifest, desired);
        let kept = kept.filter(|list| list.write_file).map(|list| (list.key.as_str(), list.name.as_str()));
        let named = desired.playlists.iter().filter(|list| list.write_file);
        let named = named.map(|list| (list.key.as_str(), list.name.as_str()));
        let mut paths = HashMap::new();
        for (key, name) in kept.chain(named).collect::<BTreeMap<_, _>>() {
            let spot = playlist_spot(name, self.profile);
            let path = match manifest.playlists.get(key).and_then(|list| list.file.as_ref()) {
                Some(file) if allotter.stays(&file.path, &spot)? => file.path.clone(),
                _ => allotter.allot(&spot, name)?.path,
            };
            paths.insert(key.to_owned(), path);
        }
        self.plan.occupied_by_user.append(&mut allotter.occupied);
        Ok(paths)
    }

    /// Says which playlist files will change if everything goes as planned.
    fn foresee_playlists(&mut self, targets: &[PlaylistTarget]) -> Result<(), DeviceError> {
        let manifest = self.manifest;
        let plan = &self.plan;
        let gone = plan.removals.iter().map(|r| &r.identity).chain(&plan.forgotten_identities);
        let gone: HashSet<&String> = gone.collect();
        let mut lines: HashMap<&str, Line<'_>> = HashMap::new();
        for record in manifest.files.values().filter(|record| !gone.contains(&record.identity)) {
            lines.insert(
                &record.identity,
                Line { path: &record.path, label: &record.label, seconds: record.seconds },
            );
        }
        for write in &plan.writes {
            lines.insert(
                &write.identity,
                Line { path: &write.path, label: &write.label, seconds: write.seconds },
            );
        }
        for rename in &plan.renames {
            if let Some(line) = lines.get_mut(rename.identity.as_str()) {
                line.path = &rename.to;
            }
        }
        let mut writes = Vec::new();
        let mut removals = Vec::new();
        for key in &plan.dropped_playlists {
            removals
                .extend(manifest.playlists.get(key).and_then(|list| removal_of(list, plan.delete_for_good)));
        }
        for target in targets {
            let listed: Vec<Line<'_>> =
                target.entries.iter().filter_map(|identity| lines.get(identity.as_str())).copied().collect();
            let record = manifest.playlists.get(&target.key);
            match target.path.as_ref().filter(|_| !listed.is_empty()) {
                None => removals.extend(record.and_then(|list| removal_of(list, plan.delete_for_good))),
                Some(path) => {
                    let text = playlist::text(self.profile, path, listed.iter().copied());
                    let stored = record.and_then(|list| list.file.as_ref());
                    let same = stored.is_some_and(|file| {
                        file.path == *path && file.blake3 == blake3::hash(&text).to_hex().as_str()
                    }) && self.root.look(path)? == Some(Some(text.len() as u64));
                    if !same {
                        writes.push(PlannedPlaylist {
                            key: target.key.clone(),
                            name: target.name.clone(),
                            path: path.clone(),
                            entries: listed.len(),
                        });
                    }
                }
            }
        }
        self.plan.playlist_writes = writes;
        self.plan.playlist_removals = removals;
        Ok(())
    }
}

fn removal_of(list: &PlaylistRecord, delete_for_good: bool) -> Option<PlannedRemoval> {
    let file = list.file.as_ref()?;
    Some(PlannedRemoval {
        identity: list.key.clone(),
        path: file.path.clone(),
        bytes: file.bytes,
        why: WhyRemoved::NotWanted,
        to_trash: !delete_for_good,
    })
}

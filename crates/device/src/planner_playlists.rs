//! The playlists' part of a plan: their places, and which files will change.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::allot::{Allotter, in_folder};
use crate::error::DeviceError;
use crate::layout::playlist_spot;
use crate::manifest::{PlaylistFile, PlaylistRecord};
use crate::plan::{PlannedPlaylist, PlannedRemoval, WhyRemoved};
use crate::planner::{PART, Planner};
use crate::playlist::{self, Line, PlaylistTarget};
use crate::sums::is_sum_of;

/// A playlist to be, or a part of one that is too long for the player.
struct Part {
    key: String,
    name: String,
    /// Whether a file is wanted for it, though the player may read none.
    write_file: bool,
    /// Whether it gets no file because the player reads no more lists.
    left_out: bool,
    entries: Vec<String>,
    /// Whether this run names it.
    is_of_run: bool,
}

impl Planner<'_> {
    pub(crate) fn plan_playlists(&mut self) -> Result<(), DeviceError> {
        let mut parts = self.parts();
        self.leave_out(&mut parts);
        let staying: HashSet<&str> = parts.iter().map(|part| part.key.as_str()).collect();
        let dropped = self.manifest.playlists.keys().filter(|key| !staying.contains(key.as_str()));
        self.plan.dropped_playlists = dropped.cloned().collect();
        let mut paths = self.allot_playlists(&parts)?;
        let target = |part: Part| PlaylistTarget {
            path: paths.remove(&part.key),
            key: part.key,
            name: part.name,
            entries: part.entries,
            is_of_run: part.is_of_run,
            write_file: part.write_file,
        };
        let targets: Vec<PlaylistTarget> = parts.into_iter().map(target).collect();
        self.foresee_playlists(&targets)?;
        self.plan.playlists = targets;
        Ok(())
    }

    /// The lists of this run, then those that stay; each in as many parts as the player needs.
    fn parts(&self) -> Vec<Part> {
        let lines = self.lines();
        let mut parts = Vec::new();
        for list in &self.desired.playlists {
            let identities = list.entries.iter().filter_map(|entry| self.desired.tracks.get(*entry));
            let whole = Part {
                key: list.key.clone(),
                name: list.name.clone(),
                write_file: list.write_file,
                left_out: false,
                entries: identities.map(|track| track.identity.clone()).collect(),
                is_of_run: true,
            };
            parts.extend(self.in_parts(whole, &lines));
        }
        parts.extend(self.staying_playlists().into_iter().map(|list| Part {
            key: list.key.clone(),
            name: list.name.clone(),
            write_file: list.write_file,
            left_out: false,
            entries: list.entries.clone(),
            is_of_run: false,
        }));
        parts
    }

    /// Leaves out the files of lists beyond those that the player reads, the owner's first: those named first have one. Lists without a track on
    /// the player do not count, for they get no file.
    fn leave_out(&mut self, parts: &mut [Part]) {
        let most = self.profile.playlists.max_playlists;
        if most == 0 || !self.profile.playlists.write {
            return;
        }
        let most = most.saturating_sub(self.of_the_owner.playlists);
        let lines = self.lines();
        let comes = |identity: &str| lines.contains_key(identity);
        let is_entry = |identity: &str, is_of_run: bool| {
            comes(identity) && !(is_of_run && self.plan.has_given_way(identity, comes))
        };
        let mut names = Vec::new();
        let mut written = 0;
        for part in parts.iter_mut().filter(|part| part.write_file) {
            if !part.entries.iter().any(|identity| is_entry(identity, part.is_of_run)) {
                continue;
            }
            written += 1;
            if written > most {
                part.left_out = true;
                names.push(part.name.clone());
            }
        }
        self.plan.playlists_left_out = names;
    }

    /// A list that is longer than the player reads, cut: `Road Trip`, `Road Trip 2`, …
    fn in_parts(&self, whole: Part, lines: &HashMap<&str, Line<'_>>) -> Vec<Part> {
        let rules = &self.profile.playlists;
        if !whole.write_file || !rules.write || (rules.max_entries == 0 && rules.max_bytes == 0) {
            return vec![whole];
        }
        let any = |limit: usize| if limit == 0 { usize::MAX } else { limit };
        let (most, room) = (any(rules.max_entries), any(rules.max_bytes));
        // Only where it lies counts for how long its lines are, not what it is called.
        let place = in_folder(self.profile.folders.playlists.trim_matches('/'), "x");
        let first = playlist::heading(rules, false).len();
        let mut chunks: Vec<Vec<String>> = Vec::new();
        let (mut count, mut bytes) = (0, first);
        for identity in whole.entries {
            // What is not on the player takes no line.
            let line = lines.get(identity.as_str());
            let length = line.map_or(0, |line| playlist::length_of(self.profile, &place, *line));
            let more = usize::from(line.is_some());
            if chunks.is_empty() || count + more > most || bytes.saturating_add(length) > room {
                chunks.push(Vec::new());
                (count, bytes) = (0, first);
            }
            (count, bytes) = (count + more, bytes.saturating_add(length));
            chunks.last_mut().into_iter().for_each(|chunk| chunk.push(identity.clone()));
        }
        let part = |(at, entries): (usize, Vec<String>)| match at {
            0 => Part {
                key: whole.key.clone(),
                name: whole.name.clone(),
                write_file: true,
                left_out: false,
                entries,
                is_of_run: true,
            },
            _ => Part {
                key: format!("{}{PART}{}", whole.key, at + 1),
                name: format!("{} {}", whole.name, at + 1),
                write_file: true,
                left_out: false,
                entries,
                is_of_run: true,
            },
        };
        let chunks = if chunks.is_empty() { vec![Vec::new()] } else { chunks };
        chunks.into_iter().enumerate().map(part).collect()
    }

    fn allot_playlists(&mut self, parts: &[Part]) -> Result<HashMap<String, String>, DeviceError> {
        let manifest = self.manifest;
        let mut allotter = Allotter::of_playlists(self.root, self.profile);
        // Their files go before any is written.
        let left_out = parts.iter().filter(|part| part.left_out).map(|part| &part.key);
        let dropped: HashSet<&String> = self.plan.dropped_playlists.iter().chain(left_out).collect();
        for (list, file) in manifest.playlists.values().filter_map(|list| Some((list, list.file.as_ref()?))) {
            if dropped.contains(&list.key) {
                allotter.leave(&file.path, &list.key);
            } else {
                allotter.hold(&file.path);
            }
        }
        let writes = self.profile.playlists.write;
        let written = parts.iter().filter(|part| writes && part.write_file && !part.left_out);
        let named = written.map(|part| (part.key.as_str(), part.name.as_str()));
        let mut paths = HashMap::new();
        for (key, name) in named.collect::<BTreeMap<_, _>>() {
            let spot = playlist_spot(name, self.profile);
            let path = match manifest.playlists.get(key).and_then(|list| list.file.as_ref()) {
                // A folder of the user's may have taken its place.
                Some(file)
                    if self.root.look(&file.path)? != Some(None) && allotter.stays(&file.path, &spot)? =>
                {
                    file.path.clone()
                }
                _ => allotter.allot(&spot, name)?.path,
            };
            paths.insert(key.to_owned(), path);
        }
        self.plan.occupied_by_user.append(&mut allotter.occupied);
        Ok(paths)
    }

    /// Every track that will be on the target if all goes as planned, by identity.
    pub(crate) fn lines(&self) -> HashMap<&str, Line<'_>> {
        let plan = &self.plan;
        let gone = plan.removals.iter().map(|r| &r.identity).chain(&plan.forgotten_identities);
        let gone: HashSet<&String> = gone.collect();
        let mut lines: HashMap<&str, Line<'_>> = HashMap::new();
        for record in self.manifest.files.values().filter(|record| !gone.contains(&record.identity)) {
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
        lines
    }

    /// Says which playlist files will change if everything goes as planned.
    fn foresee_playlists(&mut self, targets: &[PlaylistTarget]) -> Result<(), DeviceError> {
        let manifest = self.manifest;
        let plan = &self.plan;
        let lines = self.lines();
        let (mut writes, mut removals) = (Vec::new(), Vec::new());
        let mut edited: Vec<String> = Vec::new();
        let dropped = plan.dropped_playlists.iter().filter_map(|key| manifest.playlists.get(key));
        let mut goes: Vec<&PlaylistRecord> = dropped.collect();
        for target in targets {
            let is_over = |identity: &String| plan.has_given_way(identity, |one| lines.contains_key(one));
            let is_entry = |identity: &&String| !target.is_of_run || !is_over(identity);
            let entries = target.entries.iter().filter(is_entry);
            let listed: Vec<Line<'_>> =
                entries.filter_map(|identity| lines.get(identity.as_str())).copied().collect();
            let record = manifest.playlists.get(&target.key);
            match target.path.as_ref().filter(|_| !listed.is_empty()) {
                None => goes.extend(record),
                Some(path) => {
                    let text = playlist::text(self.profile, path, listed.iter().copied());
                    let stored = record.and_then(|list| list.file.as_ref());
                    let same = stored.is_some_and(|file| file.path == *path && is_sum_of(&file.sum, &text))
                        && self.root.look(path)? == Some(Some(text.len() as u64));
                    if !same {
                        edited.extend(stored.map(|file| self.if_edited(file)).transpose()?.flatten());
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
        for (list, file) in goes.into_iter().filter_map(|list| Some((list, list.file.as_ref()?))) {
            let kept = self.if_edited(file)?;
            // What somebody edited is never deleted for good.
            removals.push(removal_of(list, file, kept.is_some() || !plan.delete_for_good));
            edited.extend(kept);
        }
        self.plan.playlists_edited = edited;
        self.plan.playlist_writes = writes;
        self.plan.playlist_removals = removals;
        Ok(())
    }

    /// Where the file lies, if it is not as it was written. It is read for that: it is small, and only asked of what goes.
    fn if_edited(&self, file: &PlaylistFile) -> Result<Option<String>, DeviceError> {
        match self.root.fingerprint(&file.path) {
            Ok(found) => Ok(found.filter(|(_, hash)| *hash != *file.sum).map(|_| file.path.clone())),
            // The music comes all the same; whoever is to replace it looks again.
            Err(error) if !error.is_target_gone() => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn removal_of(list: &PlaylistRecord, file: &PlaylistFile, to_trash: bool) -> PlannedRemoval {
    PlannedRemoval {
        identity: list.key.clone(),
        path: file.path.clone(),
        bytes: file.bytes,
        why: WhyRemoved::NotWanted,
        to_trash,
    }
}

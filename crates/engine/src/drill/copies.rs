//! How many copies there are of each wanted file, now. What was made of it for a player is no copy of it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};

use ferrotape_domain::ContentId;

use super::files::{Files, Now};
use super::targets::Targets;
use super::{Drilled, files_of};
use crate::matching::Matching;

/// A wanted file of which no second copy is seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnlyCopy {
    /// The file.
    pub path: PathBuf,
    /// Players and folders on which an MP3 made of it is seen now.
    pub mp3_on: Vec<String>,
    /// Those that are not there now and had one when they were last filled, and when that was.
    pub mp3_was_on: Vec<(String, i64)>,
}

/// A wanted file that is there.
struct Original<'m> {
    copies: usize,
    contents: Vec<&'m ContentId>,
    wanted: Vec<i64>,
}

pub(super) fn count(drilled: &mut Drilled, matching: &Matching, targets: &Targets, files: &Files) {
    let (originals, changed) = originals(matching, files);
    drilled.changed_files = changed.into_iter().cloned().collect();
    drilled.several_copies = originals.values().filter(|original| original.copies > 1).count() as u64;
    let single = originals.iter().filter(|(_, original)| original.copies <= 1);
    let single = single.map(|(path, original)| OnlyCopy {
        path: (*path).clone(),
        mp3_on: targets.holding(&original.contents),
        mp3_was_on: targets.that_had(&original.wanted),
    });
    drilled.single_copies = single.collect();
}

/// In the order of their paths; and the files of wanted contents that are others now.
fn originals<'m>(
    matching: &'m Matching,
    files: &Files,
) -> (BTreeMap<&'m PathBuf, Original<'m>>, BTreeSet<&'m PathBuf>) {
    let mut here: HashMap<&ContentId, HashSet<Which>> = HashMap::new();
    let answers = || matching.matched.iter().flat_map(|matched| files_of(&matched.answer));
    for offer in answers().filter_map(|id| matching.offer(id)) {
        here.entry(&offer.content).or_default();
    }
    let mut changed = BTreeSet::new();
    for offer in &matching.offers {
        let Some(copies) = here.get_mut(&offer.content) else { continue };
        match files.now(&offer.path) {
            Now::AsScanned => copies.extend(file_at(&offer.path)),
            Now::Changed => {
                changed.insert(&offer.path);
            }
            Now::Gone => {}
        }
    }
    let mut originals: BTreeMap<&PathBuf, Original<'_>> = BTreeMap::new();
    for matched in &matching.matched {
        for offer in files_of(&matched.answer).iter().filter_map(|id| matching.offer(*id)) {
            if files.now(&offer.path) != Now::AsScanned {
                continue;
            }
            let copies = here.get(&offer.content).map_or(1, |files| files.len().max(1));
            let original = originals.entry(&offer.path).or_insert(Original {
                copies,
                contents: Vec::new(),
                wanted: Vec::new(),
            });
            // Of a file with several wanted parts a copy must have them all.
            original.copies = original.copies.min(copies);
            original.contents.push(&offer.content);
            original.wanted.push(matched.wanted.id);
        }
    }
    (originals, changed)
}

/// Which file it is that a path leads to: one that has two names is one copy.
#[cfg(unix)]
type Which = (u64, u64);

#[cfg(not(unix))]
type Which = PathBuf;

/// The file that lies there.
#[cfg(unix)]
fn file_at(path: &Path) -> Option<Which> {
    use std::os::unix::fs::MetadataExt;
    let found = path.metadata().ok()?;
    Some((found.dev(), found.ino()))
}

#[cfg(not(unix))]
fn file_at(path: &Path) -> Option<Which> {
    path.canonicalize().ok()
}

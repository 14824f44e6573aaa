//! How many copies there are of each wanted file, now. What was made of it for a player is no copy of it.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use ferrotape_domain::ContentId;

use super::files::Seen;
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

pub(super) fn count(drilled: &mut Drilled, matching: &Matching, targets: &Targets, seen: &Seen<'_>) {
    let originals = originals(matching, seen);
    drilled.changed_files = seen.changed_files();
    drilled.several_copies = originals.values().filter(|original| original.copies > 1).count() as u64;
    let single = originals.iter().filter(|(_, original)| original.copies <= 1);
    let single = single.map(|(path, original)| OnlyCopy {
        path: (*path).clone(),
        mp3_on: targets.holding(&original.contents),
        mp3_was_on: targets.that_had(&original.wanted),
    });
    drilled.single_copies = single.collect();
}

/// In the order of their paths.
fn originals<'m>(matching: &'m Matching, seen: &Seen<'m>) -> BTreeMap<&'m PathBuf, Original<'m>> {
    let mut originals: BTreeMap<&PathBuf, Original<'_>> = BTreeMap::new();
    for matched in &matching.matched {
        for offer in files_of(&matched.answer).iter().filter_map(|id| matching.offer(*id)) {
            let places = seen.places_of(&offer.content);
            let chosen = places.iter().find(|path| ***path == offer.path).or(places.first());
            let Some(path) = chosen.copied() else { continue };
            let copies: HashSet<Which> = places.iter().filter_map(|path| file_at(path)).collect();
            let copies = copies.len();
            let original = originals.entry(path).or_insert(Original {
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
    originals
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

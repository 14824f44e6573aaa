//! Which contents are on this computer already, outside the inboxes.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};

use ferrotape_domain::{ContentId, ListedFile};

use super::InboxRequest;
use super::filing::SOURCE;
use super::listing::stamp_of;
use crate::same_file::look;
use crate::shelves::sum_of;
use crate::{Context, EngineError};

/// Seconds in which all of a drop comes that is written file by file. Some programs call the folder of every disc alike, and
/// one of another day may hold another disc.
const ONE_RIP: i64 = 2 * 24 * 3600;

pub(super) struct Known {
    /// By what the windows show: which of the contents that share them it is, each byte tells.
    by_look: HashMap<String, Vec<(PathBuf, u64)>>,
    sizes: HashSet<u64>,
    /// What came in a drop of each name lately.
    by_drop: HashMap<String, Vec<ContentId>>,
    /// Contents whose origin is on record.
    pub(super) with_origin: HashSet<ContentId>,
    /// What was compared when it was looked at before, with its stamp.
    looked_at: HashMap<PathBuf, String>,
}

impl Known {
    /// `seen` is what was looked at before, with its stamp.
    pub(super) fn load(
        request: &InboxRequest,
        seen: &HashMap<PathBuf, String>,
        context: &Context,
    ) -> Result<Self, EngineError> {
        let looked_at = if request.move_in { HashMap::new() } else { seen.clone() };
        let (sizes, with_origin) = (HashSet::new(), HashSet::new());
        let (by_look, by_drop) = (HashMap::new(), HashMap::new());
        let mut known = Self { by_look, sizes, by_drop, with_origin, looked_at };
        for file in context.library.known_files()? {
            let in_inbox = request.folders.iter().any(|folder| file.path.starts_with(folder));
            let is_own = file.path.starts_with(request.collection) || !in_inbox;
            if let Some(content) = file.content.filter(|_| is_own && file.readable && !file.missing) {
                known.add(&content, file.path, file.size);
            }
        }
        for origin in context.library.provenance()? {
            if origin.source == SOURCE && origin.at >= context.now - ONE_RIP {
                known.by_drop.entry(origin.remote_id).or_default().push(origin.content.clone());
            }
            known.with_origin.insert(origin.content);
        }
        Ok(known)
    }

    pub(super) fn add(&mut self, content: &ContentId, path: PathBuf, size: u64) {
        self.sizes.insert(size);
        self.by_look.entry(look(content).to_owned()).or_default().push((path, size));
    }

    /// Whether a file of this size may be known.
    pub(super) fn has_size(&self, size: u64) -> bool {
        self.sizes.contains(&size)
    }

    /// Where the very same file lies now. The id of a content is of its size and three windows, which another file may have
    /// as well; so each byte counts.
    pub(super) fn same_at(&self, content: &ContentId, sha256: &str) -> Option<&Path> {
        self.places_of(content).find(|place| sum_of(place).is_ok_and(|sum| sum == sha256))
    }

    /// The same of a file that is not summed yet, and its sum where that was needed: what was compared when it was looked at
    /// before, and is as it was, need not be read again – unless it is to go.
    pub(super) fn same_as(
        &self,
        file: &ListedFile,
        content: &ContentId,
    ) -> io::Result<Option<(&Path, Option<String>)>> {
        let Some(near) = self.places_of(content).next() else { return Ok(None) };
        if self.looked_at.get(&file.path).is_some_and(|stamp| *stamp == stamp_of(file)) {
            return Ok(Some((near, None)));
        }
        let sum = sum_of(&file.path)?;
        Ok(self.same_at(content, &sum).map(|place| (place, Some(sum))))
    }

    /// All the places where it, or what shares its windows, lies now.
    pub(super) fn places_of(&self, content: &ContentId) -> impl Iterator<Item = &Path> {
        let is_there = |path: &Path, size: u64| path.metadata().is_ok_and(|found| found.len() == size);
        let places = self.by_look.get(look(content)).into_iter().flatten();
        places.filter(move |(path, size)| is_there(path, *size)).map(|(path, _)| path.as_path())
    }

    /// Where what came in drops of this name lately lies now.
    pub(super) fn came_in(&self, drop: &str) -> impl Iterator<Item = &Path> {
        self.by_drop.get(drop).into_iter().flatten().flat_map(move |content| self.places_of(content))
    }
}

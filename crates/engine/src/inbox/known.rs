//! Which contents are on this computer already, outside the inboxes.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use ferrotape_domain::ContentId;

use super::InboxRequest;
use super::filing::SOURCE;
use crate::{Context, EngineError};

/// Seconds in which all of a drop comes that is written file by file. Some programs call the folder of every disc alike, and
/// one of another day may hold another disc.
const ONE_RIP: i64 = 2 * 24 * 3600;

pub(super) struct Known {
    by_content: HashMap<ContentId, Vec<(PathBuf, u64)>>,
    sizes: HashSet<u64>,
    /// What came in a drop of each name lately.
    by_drop: HashMap<String, Vec<ContentId>>,
    /// Contents whose origin is on record.
    pub(super) with_origin: HashSet<ContentId>,
}

impl Known {
    pub(super) fn load(request: &InboxRequest, context: &Context) -> Result<Self, EngineError> {
        let (by_content, by_drop) = (HashMap::new(), HashMap::new());
        let mut known = Self { by_content, sizes: HashSet::new(), by_drop, with_origin: HashSet::new() };
        for file in context.library.known_files()? {
            let in_inbox = request.folders.iter().any(|folder| file.path.starts_with(folder));
            let is_own = file.path.starts_with(request.collection) || !in_inbox;
            if let Some(content) = file.content.filter(|_| is_own && file.readable && !file.missing) {
                known.add(content, file.path, file.size);
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

    pub(super) fn add(&mut self, content: ContentId, path: PathBuf, size: u64) {
        self.sizes.insert(size);
        self.by_content.entry(content).or_default().push((path, size));
    }

    /// Whether a file of this size may be known.
    pub(super) fn has_size(&self, size: u64) -> bool {
        self.sizes.contains(&size)
    }

    /// Where this content lies now.
    pub(super) fn place_of(&self, content: &ContentId) -> Option<&Path> {
        self.places_of(content).next()
    }

    /// All the places where it lies now.
    pub(super) fn places_of(&self, content: &ContentId) -> impl Iterator<Item = &Path> {
        let is_there = |path: &Path, size: u64| path.metadata().is_ok_and(|found| found.len() == size);
        let places = self.by_content.get(content).into_iter().flatten();
        places.filter(move |(path, size)| is_there(path, *size)).map(|(path, _)| path.as_path())
    }

    /// Where what came in drops of this name lately lies now.
    pub(super) fn came_in(&self, drop: &str) -> impl Iterator<Item = &Path> {
        self.by_drop.get(drop).into_iter().flatten().flat_map(move |content| self.places_of(content))
    }
}

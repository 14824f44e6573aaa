//! Which contents are on this computer already, outside the inboxes.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use ferrotape_domain::ContentId;

use super::InboxRequest;
use crate::{Context, EngineError};

pub(super) struct Known {
    by_content: HashMap<ContentId, Vec<(PathBuf, u64)>>,
    sizes: HashSet<u64>,
    /// Contents whose origin is on record.
    pub(super) with_origin: HashSet<ContentId>,
}

impl Known {
    pub(super) fn load(request: &InboxRequest, context: &Context) -> Result<Self, EngineError> {
        let mut known =
            Self { by_content: HashMap::new(), sizes: HashSet::new(), with_origin: HashSet::new() };
        for file in context.library.known_files()? {
            let in_inbox = request.folders.iter().any(|folder| file.path.starts_with(folder));
            let is_own = file.path.starts_with(request.collection) || !in_inbox;
            if let Some(content) = file.content.filter(|_| is_own && file.readable && !file.missing) {
                known.add(content, file.path, file.size);
            }
        }
        known.with_origin = context.library.provenance()?.into_iter().map(|origin| origin.content).collect();
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
        let places = self.by_content.get(content)?;
        let is_there = |path: &Path, size: u64| path.metadata().is_ok_and(|found| found.len() == size);
        places.iter().find(|(path, size)| is_there(path, *size)).map(|(path, _)| path.as_path())
    }
}

//! Which files are here now as they were when they were looked through: one that was cut short, emptied or overwritten
//! since may lie in its place and play nothing.

use std::collections::HashMap;
use std::fs::{File, Metadata};
use std::path::{Path, PathBuf};

use ferrotape_audio::content_id;
use ferrotape_store::KnownFile;

use crate::same_file::{have_one_look, stamp_of};
use crate::{Context, EngineError};

/// How a file is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Now {
    AsScanned,
    /// Something lies there of which nobody knows what it is.
    Changed,
    Gone,
}

/// What the last look through each folder found.
pub(super) struct Files {
    known: HashMap<PathBuf, KnownFile>,
}

impl Files {
    pub(super) fn load(context: &Context) -> Result<Self, EngineError> {
        let known = context.library.known_files()?.into_iter();
        Ok(Self { known: known.map(|file| (file.path.clone(), file)).collect() })
    }

    pub(super) fn now(&self, path: &Path) -> Now {
        let Some(found) = path.metadata().ok().filter(Metadata::is_file) else { return Now::Gone };
        match self.known.get(path) {
            Some(known) if is_as_scanned(known, &found) => Now::AsScanned,
            _ => Now::Changed,
        }
    }
}

fn is_as_scanned(known: &KnownFile, found: &Metadata) -> bool {
    let (now, then) = (stamp_of(found), known.stamp());
    if now.agrees_with(&then) {
        return true;
    }
    // Rights, names and links are no change of what it plays; and what is to be looked at again for another reason has no
    // time.
    let is_kept = then.modified_ns == now.modified_ns || then.modified_ns == 0;
    let same_bytes = || {
        let windows = File::open(&known.path).and_then(|mut file| content_id(&mut file));
        known.content.as_ref().zip(windows.ok()).is_some_and(|(then, now)| have_one_look(then, &now))
    };
    is_kept && now.size == then.size && same_bytes()
}

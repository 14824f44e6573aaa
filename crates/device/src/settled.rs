//! Whether a target is as the last run left it. Looks only.

use std::collections::BTreeMap;

use crate::error::DeviceError;
use crate::journal;
use crate::manifest::is_inside;
use crate::order;
use crate::plan::{SyncPlan, UnchangedFile};
use crate::recover::Recovery;
use crate::root::STAGING;
use crate::target::Target;

impl Target {
    /// Identity of the list of what was put here; `None` where there is none, or it is not safely in its place.
    pub fn list_hash(&self) -> Option<String> {
        self.ledger().stored().map(|hash| hash.to_hex().to_string())
    }

    /// Whether its first filling did not come to its list: the journal tells of that, or nothing has come to its place yet. With
    /// neither, it is not known what of it is ours.
    pub fn is_begun(&self) -> Result<bool, DeviceError> {
        Ok(self.is_new() && (journal::load(&self.root)?.is_some() || self.strangers()?.is_empty()))
    }

    /// Whether something lies at each of these places; `false` where that cannot be told.
    pub fn has_all(&self, paths: &[String]) -> bool {
        paths.iter().all(|path| is_inside(path) && matches!(self.root.look(path), Ok(Some(_))))
    }

    /// The plan of a run with nothing to do: `None` unless everything that was put here is there, by size, and no run
    /// was cut short.
    pub fn settled(&self) -> Result<Option<SyncPlan>, DeviceError> {
        let is_tidy = *self.recovery() == Recovery::default()
            && journal::load(&self.root)?.is_none()
            && !order::is_due(&self.root)?
            && order::is_as_last(&self.root, self.profile().copy.order)? != Some(false)
            && self.root.names_in(STAGING)?.is_empty();
        if !is_tidy {
            return Ok(None);
        }
        let ledger = self.ledger();
        let mut by_folder: BTreeMap<&str, Vec<(&str, u64)>> = BTreeMap::new();
        let tracks = ledger.manifest.files.values().map(|file| (file.path.as_str(), file.bytes));
        let lists = ledger.manifest.playlists.values().filter_map(|list| list.file.as_ref());
        let beside = ledger.manifest.companions.values().filter_map(|companion| companion.file.as_ref());
        for (path, bytes) in tracks.chain(lists.chain(beside).map(|file| (file.path.as_str(), file.bytes))) {
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            by_folder.entry(folder).or_default().push((name, bytes));
        }
        for (folder, files) in by_folder {
            if !self.root.holds(folder, &files)? {
                return Ok(None);
            }
        }
        let unchanged = ledger.manifest.files.values().map(|file| UnchangedFile {
            identity: file.identity.clone(),
            path: file.path.clone(),
            bytes: file.bytes,
        });
        // One that is empty could not be removed then; now perhaps it can.
        for folder in ledger.manifest.idle_folders() {
            if self.root.metadata(&folder)?.is_none() || self.root.names_in(&folder)?.is_empty() {
                return Ok(None);
            }
        }
        let space = self.root.space()?;
        Ok(Some(SyncPlan {
            unchanged: unchanged.collect(),
            bytes_free: space.free,
            bytes_total: space.total,
            ..SyncPlan::default()
        }))
    }
}

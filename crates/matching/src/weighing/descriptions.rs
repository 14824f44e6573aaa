//! What files' texts say, described once: a file is looked at for every wanted track of its artist.

use std::sync::{Arc, PoisonError, RwLock};

use rustc_hash::FxHashMap;

use crate::readings::describe::Readings;

/// So many are kept, of two or three kilobytes each; then it begins anew.
const MOST: usize = 4_096;

/// By the file's place in the index, and whether only its nearest folders were read.
#[derive(Debug, Default)]
pub(crate) struct Descriptions(RwLock<FxHashMap<(u32, bool), Arc<Readings>>>);

impl Descriptions {
    /// The description that is kept, or what `describe` gives.
    pub(crate) fn of(&self, key: (u32, bool), describe: impl FnOnce() -> Readings) -> Arc<Readings> {
        if let Some(kept) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Arc::clone(kept);
        }
        let described = Arc::new(describe());
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(key, Arc::clone(&described));
        described
    }
}

//! Which files are here now as they were when they were looked through: one that was cut short, emptied or overwritten
//! since may lie in its place and play nothing.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs::{File, Metadata};
use std::path::PathBuf;

use ferrotape_audio::content_id;
use ferrotape_domain::ContentId;
use ferrotape_store::KnownFile;

use super::files_of;
use crate::matching::Matching;
use crate::same_file::{have_one_look, stamp_of};
use crate::{Context, EngineError};

/// Where what answers wanted things lies now, by content: a copy plays as well as the file that was chosen.
pub(super) struct Seen<'m> {
    here: HashMap<&'m ContentId, Vec<&'m PathBuf>>,
    /// Something lies there of which nobody knows what it is.
    changed: HashMap<&'m ContentId, Vec<&'m PathBuf>>,
}

impl<'m> Seen<'m> {
    pub(super) fn look(matching: &'m Matching, context: &Context) -> Result<Self, EngineError> {
        let known = context.library.known_files()?.into_iter();
        let known: HashMap<PathBuf, KnownFile> = known.map(|file| (file.path.clone(), file)).collect();
        let answers = matching.matched.iter().flat_map(|matched| files_of(&matched.answer));
        let wanted: HashSet<&ContentId> =
            answers.filter_map(|id| matching.offer(id)).map(|offer| &offer.content).collect();
        let mut seen = Self { here: HashMap::new(), changed: HashMap::new() };
        for offer in matching.offers.iter().filter(|offer| wanted.contains(&offer.content)) {
            let Some(found) = offer.path.metadata().ok().filter(Metadata::is_file) else { continue };
            let is_as_scanned = known.get(&offer.path).is_some_and(|known| is_as_scanned(known, &found));
            let place = if is_as_scanned { &mut seen.here } else { &mut seen.changed };
            place.entry(&offer.content).or_default().push(&offer.path);
        }
        Ok(seen)
    }

    /// Where it lies as it was looked through.
    pub(super) fn places_of(&self, content: &ContentId) -> &[&'m PathBuf] {
        self.here.get(content).map(Vec::as_slice).unwrap_or_default()
    }

    pub(super) fn is_changed(&self, content: &ContentId) -> bool {
        self.changed.contains_key(content)
    }

    /// In the order of their paths.
    pub(super) fn changed_files(&self) -> Vec<PathBuf> {
        let files: BTreeSet<&PathBuf> = self.changed.values().flatten().copied().collect();
        files.into_iter().cloned().collect()
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

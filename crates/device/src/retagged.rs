//! What was tagged anew where it comes from is the same recording under another identity. Its file on the target is carried
//! along: it counts as an older form of what is wanted now, and is written anew in its place, or left alone where it is the
//! user's.
//!
//! Only the list changes by that, in memory. Where the run is cut off before the list is written, the file is found there
//! under the identity that it had, or the journal names the one that took its place.

use std::collections::BTreeMap;

use crate::manifest::Manifest;
use crate::plan::SyncPlan;
use crate::target::Target;

impl Manifest {
    /// Gives files other identities, by those they have. One whose new identity is on record already keeps its own.
    pub(crate) fn carry_along(&mut self, retagged: &BTreeMap<String, String>) {
        for (old, new) in retagged {
            if self.files.contains_key(new) {
                continue;
            }
            let Some(mut record) = self.files.remove(old) else { continue };
            record.identity.clone_from(new);
            self.files.insert(new.clone(), record);
            let entries = self.playlists.values_mut().flat_map(|list| &mut list.entries);
            let answers = self.wanted.values_mut().chain(self.coming.values_mut()).flatten();
            let of_lists = entries.chain(answers);
            let of_companions = self.companions.values_mut().map(|companion| &mut companion.of);
            for identity in of_lists.chain(of_companions).filter(|identity| **identity == *old) {
                identity.clone_from(new);
            }
        }
    }
}

impl Target {
    /// Of the files that answer the wanted thing of this key: identity, and which sound it was made of, where that is known.
    pub fn sounds_answering(&self, wanted_key: &str) -> Vec<(String, String)> {
        let ledger = self.ledger();
        let identities = ledger.manifest.answers(wanted_key);
        let files = identities.filter_map(|identity| ledger.manifest.files.get(identity));
        let known = files.filter(|file| !file.sound.is_empty());
        known.map(|file| (file.identity.clone(), file.sound.clone())).collect()
    }

    /// Whether a file is on record under this identity, there or not.
    pub fn lists(&self, identity: &str) -> bool {
        self.ledger().manifest.files.contains_key(identity)
    }

    /// Carries along what was tagged anew, as the plan takes it for granted: before anything else of it is done.
    pub fn carry_along(&self, plan: &SyncPlan) {
        self.ledger().manifest.carry_along(&plan.retagged);
    }
}

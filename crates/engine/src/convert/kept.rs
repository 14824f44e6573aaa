//! What stays on the player although its source is not at hand.

use std::collections::{BTreeMap, HashSet};

use ferrotape_device::Target;

use crate::matching::{Answer, Matching};

/// Files that earlier runs put on the player and whose source is not there now.
pub(super) struct Kept {
    pub(super) path: String,
    pub(super) identities: Vec<String>,
    /// Whether they settle the wanted thing; an album goes on with what is at hand.
    pub(super) settles: bool,
}

/// The music never stops: what answers a wanted thing on the player stays there when its source is unplugged or gone.
/// The player's own manifest remembers, so this holds for any library and any earlier run. What the user refused does
/// not stay.
pub(super) fn kept_without_source(matching: &Matching, target: &Target) -> BTreeMap<i64, Kept> {
    let at_hand: HashSet<&str> = matching.offers.iter().map(|offer| offer.content.0.as_str()).collect();
    let mut kept = BTreeMap::new();
    for matched in &matching.matched {
        // A file whose source is at hand and was not chosen again is no longer sure; a copy that gave way goes as well.
        let stays = |identity: &str| {
            !at_hand.contains(identity)
                && !matches!(matched.answer, Answer::File(_) | Answer::LeftOut(_) | Answer::NotYet(_))
        };
        let keys = std::iter::once(&matched.wanted.key).chain(&matched.wanted.aliases);
        let there: Vec<(String, String)> = keys
            .flat_map(|key| target.answering(key))
            .filter(|(identity, _)| stays(identity))
            .filter(|(identity, _)| !matched.refused.iter().any(|content| &content.0 == identity))
            .collect();
        let Some((_, path)) = there.first() else { continue };
        let path = path.clone();
        let settles = !matches!(matched.answer, Answer::Files(..));
        let identities = there.into_iter().map(|(identity, _)| identity).collect();
        kept.insert(matched.wanted.id, Kept { path, identities, settles });
    }
    kept
}

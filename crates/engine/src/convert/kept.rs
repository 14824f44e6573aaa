//! What stays on the player although its source is not at hand.

use std::collections::{BTreeMap, HashSet};

use ferrotape_device::Target;
use ferrotape_domain::{ContentId, Offer};

use super::spoken::is_spoken;
use crate::matching::{Answer, Matched, Matching};

/// Files that earlier runs put on the player and whose source is not there now.
pub(super) struct Kept {
    pub(super) path: String,
    pub(super) identities: Vec<String>,
    /// Whether they settle the wanted thing; an album goes on with what is at hand.
    pub(super) settles: bool,
}

impl Kept {
    /// Whether some of what stays was cut from this file.
    pub(super) fn holds_pieces_of(&self, file: &ContentId) -> bool {
        self.identities.iter().any(|identity| file_of(identity) == file.0 && *identity != file.0)
    }
}

/// The file that an identity is of, or of a part of.
fn file_of(identity: &str) -> &str {
    identity.split(':').next().unwrap_or(identity)
}

/// The music never stops: what answers a wanted thing on the player stays there when its source is unplugged or gone.
/// The player's own manifest remembers, so this holds for any library and any earlier run. What the user refused does
/// not stay.
pub(super) fn kept_without_source(matching: &Matching, target: &Target) -> BTreeMap<i64, Kept> {
    let at_hand: HashSet<&str> = matching.offers.iter().map(|offer| offer.content.0.as_str()).collect();
    let mut kept = BTreeMap::new();
    for matched in &matching.matched {
        let away = away(matched, matching);
        // A file whose source is at hand and was not chosen again is no longer sure; a copy that gave way goes as well.
        let stays = |identity: &str| {
            let is_piece = is_spoken(matched.wanted.wanted.kind) && !at_hand.contains(identity);
            if is_piece && at_hand.contains(file_of(identity)) {
                return away.contains(file_of(identity));
            }
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
        let settles = match &matched.answer {
            Answer::Files(files, _) => !away.is_empty() && away.len() == files.len(),
            _ => true,
        };
        let identities = there.into_iter().map(|(identity, _)| identity).collect();
        kept.insert(matched.wanted.id, Kept { path, identities, settles });
    }
    kept
}

/// The files of a podcast or book that are known but cannot be reached now: what was cut from them stays as it is.
fn away<'m>(matched: &Matched, matching: &'m Matching) -> HashSet<&'m str> {
    let files = match &matched.answer {
        _ if !is_spoken(matched.wanted.wanted.kind) => return HashSet::new(),
        Answer::File(found) => std::slice::from_ref(&found.file_id),
        Answer::Files(files, _) => files.as_slice(),
        _ => return HashSet::new(),
    };
    let offers = files.iter().filter_map(|id| matching.offer(*id));
    let unreachable = |offer: &&Offer| !offer.path.exists();
    offers.filter(unreachable).map(|offer| offer.content.0.as_str()).collect()
}

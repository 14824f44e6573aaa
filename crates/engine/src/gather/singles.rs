//! Albums that came from servers of the user's own, of which there may be more than is here though nothing in their tags
//! tells it. Whoever liked two songs and saves the album later wants the rest of it; and to an album that was whole, somebody
//! may add tracks on the server.

use std::collections::{HashMap, HashSet};

use ferrotape_domain::{Asked, ContentId, Offer, WantedKind};
use ferrotape_store::StoredWanted;

use super::Elsewhere;
use crate::matching::{Answer, Matched, Matching};
use crate::partly::Partly;
use crate::{Context, EngineError};

/// The files that came from servers of the user's own that list all they have.
pub(super) struct Singles {
    /// From which servers each came.
    came: HashMap<ContentId, HashSet<String>>,
}

impl Singles {
    pub(super) fn load(
        wanted: &[StoredWanted],
        elsewhere: &Elsewhere,
        context: &Context,
    ) -> Result<Self, EngineError> {
        let has_albums = wanted.iter().any(|one| one.wanted.kind == WantedKind::Release);
        let lists_all = elsewhere
            .catalogues
            .iter()
            .filter(|place| place.is_own() && matches!(place.asked(), Asked::Whole(_)));
        let servers: HashSet<&str> = lists_all.map(|place| place.name()).collect();
        if servers.is_empty() || !has_albums {
            return Ok(Self { came: HashMap::new() });
        }
        let mut came: HashMap<ContentId, HashSet<String>> = HashMap::new();
        for origin in context.library.provenance()? {
            if servers.contains(origin.source.as_str()) {
                came.entry(origin.content).or_default().insert(origin.source);
            }
        }
        Ok(Self { came })
    }

    /// Whether all files of a saved album are such, and nothing tells how many there are of it.
    pub(super) fn are_all_of(&self, matched: &Matched, matching: &Matching) -> bool {
        let Answer::Files(files, _) = &matched.answer else { return false };
        let is_unknown = matched.wanted.wanted.kind == WantedKind::Release
            && !matched.decided
            && matching.list_of(matched.wanted.id).is_none()
            && Partly::of_answer(matched, matching).is_none();
        let mut offers = files.iter().filter_map(|id| matching.offer(*id));
        is_unknown
            && !self.came.is_empty()
            && offers.all(|offer| offer.tags.track_total.is_none() && self.came.contains_key(&offer.content))
    }

    /// Whether all files of a saved album came from the server whose list of it is kept: what that lists now is the album.
    pub(super) fn may_have_grown(&self, matched: &Matched, matching: &Matching) -> bool {
        let Answer::Files(files, _) = &matched.answer else { return false };
        let is_album = matched.wanted.wanted.kind == WantedKind::Release && !matched.decided;
        let Some(list) = matching.list_of(matched.wanted.id).filter(|_| is_album) else { return false };
        let came = |offer: &Offer| {
            self.came.get(&offer.content).is_some_and(|servers| servers.contains(&list.source))
        };
        files.iter().all(|id| matching.offer(*id).is_some_and(came))
    }
}

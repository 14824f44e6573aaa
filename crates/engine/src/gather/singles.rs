//! Albums of which only single songs were had. Whoever liked two songs and saves the album later wants the rest of it, and
//! nothing in the songs' tags tells that there is more.

use std::collections::HashSet;

use ferrotape_domain::{Asked, ContentId, WantedKind};
use ferrotape_store::StoredWanted;

use super::Elsewhere;
use crate::matching::{Answer, Matched, Matching};
use crate::partly::Partly;
use crate::{Context, EngineError};

/// The files that came from servers of the user's own that list all they have.
pub(super) struct Singles {
    came: HashSet<ContentId>,
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
            return Ok(Self { came: HashSet::new() });
        }
        let came = context.library.provenance()?.into_iter();
        let came = came.filter(|origin| servers.contains(origin.source.as_str()));
        Ok(Self { came: came.map(|origin| origin.content).collect() })
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
            && offers.all(|offer| offer.tags.track_total.is_none() && self.came.contains(&offer.content))
    }
}

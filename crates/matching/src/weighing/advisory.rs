//! What shops mark of a recording's words, in a tag of its own: the clean version bears title, album and length of the other.
//!
//! A mark as clean is believed. One as explicit says nothing: services mark the same song differently, and a wanted recording
//! that is not marked is mostly one that never had bad words.

use ferrotape_domain::Advisory;

use crate::Policy;
use crate::readings::describe::{Album, Sought, is_clean};
use crate::search::collection::File;
use crate::versions::table::{Claim, Kind};
use crate::weighing::kinds::Agreeing;

/// Adds that a file is the clean version where only its mark says so, and where that tells it from what is wanted or makes it
/// just that. A recording that the wanted list knows as not explicit may be either.
pub(crate) fn claim_by_mark(
    claims: &mut Vec<Claim>,
    (sought, file): (&Sought, &File<'_>),
    album: &Album,
    agreeing: Agreeing,
    policy: &Policy,
) {
    if file.advisory != Some(Advisory::Clean) || is_clean(claims) {
        return;
    }
    let wants_clean = is_clean(&sought.title.claims) || is_called_clean(&sought.album);
    let is_another = sought.explicit != Some(false) && !(agreeing.id && agreeing.close());
    let tells = !is_called_clean(album) && (wants_clean || is_another);
    if tells || policy.allowed.never_clean {
        claims.push(Claim { kind: Kind::Clean, particulars: Vec::new() });
    }
}

fn is_called_clean(album: &Album) -> bool {
    album.claims.iter().any(|(claim, _)| claim.kind == Kind::Clean)
}

/// Whether one file is marked clean and the other explicit: however alike they sound, they are two recordings.
pub(crate) fn are_marked_apart(a: &File<'_>, b: &File<'_>) -> bool {
    a.advisory.zip(b.advisory).is_some_and(|(one, other)| one != other)
}

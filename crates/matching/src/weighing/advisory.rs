//! What tags beside title and album say of a recording: what shops mark of its words, and a genre that is just karaoke.
//!
//! Of the words there is a tag of its own: the clean version bears title, album and length of the other.
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
    let is_another = may_be_explicit(sought) && !(agreeing.id && agreeing.close());
    // Two albums that both say so leave it to neither's titles.
    let both_say = is_called_clean(album) && is_called_clean(&sought.album);
    let tells = !both_say && (wants_clean || is_another);
    if tells || policy.allowed.never_clean {
        claims.push(Claim { kind: Kind::Clean, particulars: Vec::new() });
    }
}

/// Adds that a file is karaoke where only its genre says so: title, artist and length are those of the song. Where either
/// album is called karaoke, or such a band is wanted, the titles need not say it.
pub(crate) fn claim_by_genre(
    claims: &mut Vec<Claim>,
    (sought, file): (&Sought, &File<'_>),
    album: &Album,
    agreeing: Agreeing,
) {
    let is_said = |claims: &[Claim]| claims.iter().any(|claim| claim.kind == Kind::Karaoke);
    if !file.is_karaoke || is_said(claims) {
        return;
    }
    let is_called = |album: &Album| album.claims.iter().any(|(claim, _)| claim.kind == Kind::Karaoke);
    let is_by_such = || sought.names.0.iter().any(|name| says_karaoke(&name.folded));
    let is_open = is_called(album) || is_called(&sought.album) || is_by_such();
    let is_proved = agreeing.id && agreeing.close();
    if is_said(&sought.title.claims) || !is_open && !is_proved {
        claims.push(Claim { kind: Kind::Karaoke, particulars: Vec::new() });
    }
}

/// Whether a folded name has the word in it.
pub(crate) fn says_karaoke(folded: &str) -> bool {
    folded.split(' ').any(|word| word == "karaoke")
}

/// Whether the explicit version may be meant: a list calls it so or does not know, or the title or the album's name does.
pub(crate) fn may_be_explicit(sought: &Sought) -> bool {
    let in_title = sought.title.claims.iter().any(|claim| claim.kind == Kind::Explicit);
    let behind_name = sought.album.folded.strip_prefix(sought.album.base.as_str()).unwrap_or_default();
    sought.explicit != Some(false) || in_title || behind_name.split(' ').any(|word| word == "explicit")
}

/// Whether an album's name says that it is the clean version.
pub(crate) fn is_called_clean(album: &Album) -> bool {
    album.claims.iter().any(|(claim, _)| claim.kind == Kind::Clean)
}

/// Whether one file is marked clean and the other explicit: however alike they sound, they are two recordings.
pub(crate) fn are_marked_apart(a: &File<'_>, b: &File<'_>) -> bool {
    a.advisory.zip(b.advisory).is_some_and(|(one, other)| one != other)
}

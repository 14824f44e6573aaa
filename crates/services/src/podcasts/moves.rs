//! Feeds that have moved for good. The address that was first named stays the feed's name; where it is now is noted beside
//! it, and asked first.
//!
//! Noted is only what every step on the way said (301, 308) and where a sound feed was; nothing of a private feed, and no
//! address that may hold a key: many that feeds lead to are signed, or of a statistics service.

use super::NAME;
use super::addresses::may_hold_a_key;
use super::place::Place;
use crate::net::{Address, Net};

/// Begins the name of such a note, of the line [`NAME`].
pub const MOVED: &str = "moved ";

/// Where a feed is now, if that is known to be elsewhere.
pub(super) fn moved_to(net: &Net, place: &Place) -> Option<Place> {
    if place.is_private() {
        return None;
    }
    let note = net.memory().note(NAME, &format!("{MOVED}{}", place.name())).ok().flatten()?;
    Place::public(&note).filter(|moved| moved.reveal() != place.reveal())
}

/// Notes where a feed is from now on. That failing is no failure: it is found by its old address.
pub(super) fn keep(net: &Net, place: &Place, to: &Address) {
    if place.is_private() || may_hold_a_key(to.reveal()) {
        return;
    }
    drop(net.memory().keep_note(NAME, &format!("{MOVED}{}", place.name()), to.reveal()));
}

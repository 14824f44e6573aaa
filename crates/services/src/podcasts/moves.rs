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

/// So long a note is believed before the old address is asked again: a host that sent its feeds elsewhere by mistake has
/// mended it by then.
const LONG_S: i64 = 30 * 24 * 60 * 60;

/// Where a feed is now.
pub(super) struct Moved {
    pub(super) to: Place,
    pub(super) is_long_ago: bool,
}

/// Where a feed is now, if that is known to be elsewhere.
pub(super) fn moved_to(net: &Net, place: &Place) -> Option<Moved> {
    if place.is_private() {
        return None;
    }
    let note = net.memory().note(NAME, &format!("{MOVED}{}", place.name())).ok().flatten()?;
    let (noted, to) = note.split_once(' ')?;
    let to = Place::public(to).filter(|to| to.reveal() != place.reveal())?;
    let is_long_ago = noted.parse().map_or(true, |noted: i64| net.now_ms() / 1000 - noted > LONG_S);
    Some(Moved { to, is_long_ago })
}

/// Notes where a feed is from now on. That failing is no failure: it is found by its old address.
pub(super) fn keep(net: &Net, place: &Place, to: &Address) {
    if place.is_private() || may_hold_a_key(to.reveal()) {
        return;
    }
    let note = format!("{} {}", net.now_ms() / 1000, to.reveal());
    drop(net.memory().keep_note(NAME, &format!("{MOVED}{}", place.name()), &note));
}

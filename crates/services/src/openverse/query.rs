//! The questions: the words of artist and title, or one file by its id.

use std::time::Duration;

use ferrotape_domain::{Fault, Wanted};

use super::NAME;
use super::wire::{told_by_file, told_by_search};
use crate::answers::{main_words, own_address, words};
use crate::net::{Keep, Line, Request};

/// The most that is answered without a key.
const PAGE: &str = "20";
const DAY: u64 = 24 * 3600;
/// Longer than elsewhere, for so little may be asked.
const KEPT: Keep = Keep::For {
    fresh: Duration::from_secs(30 * DAY),
    none: Duration::from_secs(30 * DAY),
    stale: Duration::from_secs(3650 * DAY),
};

/// The question for a recording; `None` where too little is known to ask.
pub(super) fn of(line: &Line, wanted: &Wanted) -> Result<Option<Request>, Fault> {
    let artist = words(wanted.artists.first().unwrap_or_default());
    let title = main_words(&wanted.title);
    if artist.is_empty() || title.is_empty() {
        return Ok(None);
    }
    let address = own_address(NAME, "https://api.openverse.org/v1/audio/")?
        .with("q", &format!("{artist} {title}"))
        .with("page_size", PAGE);
    Ok(Some(Request::get(line, address).kept(KEPT).unless_told(told_by_search)))
}

/// The question for one file. Kept for a short time only: it is asked right before the file is fetched.
pub(super) fn of_id(line: &Line, id: &str) -> Result<Request, Fault> {
    let address = own_address(NAME, "https://api.openverse.org/v1/audio")?.below([id, ""]);
    Ok(Request::get(line, address).kept(Keep::NEWS).unless_told(told_by_file))
}

//! What a feed has that comes near to a wanted episode and is not it: a person may know better.

use std::sync::PoisonError;

use ferrotape_domain::{Wanted, WantedKind};

use super::episodes;
use super::feed::FeedEpisode;
use super::feeds::Had;
use super::finding::Finder;
use super::shows::show_key;
use super::titles::about_as_long;

/// Bytes of a title that are told.
const LONGEST: usize = 120;

impl Finder {
    /// Notes what comes nearest to a wanted episode in a feed that does not have it; `found` is what is offered.
    pub(super) fn note_nearest(&self, had: &Had, found: &[&FeedEpisode], wanted: &Wanted) {
        let is_there = || episodes::is_among(found.iter().copied(), &had.feed, wanted);
        if wanted.kind != WantedKind::Episode || is_there() {
            return;
        }
        let Some((key, found)) = key_of(wanted).zip(episodes::nearest(&had.feed, wanted)) else { return };
        let mut near = self.near.lock().unwrap_or_else(PoisonError::into_inner);
        near.insert(
            key,
            format!("its feed at {} does not have it; {}", had.place.host(), says(found, wanted)),
        );
    }

    /// What was noted, as a sentence without full stop.
    pub(super) fn nearest(&self, wanted: &Wanted) -> Option<String> {
        let near = self.near.lock().unwrap_or_else(PoisonError::into_inner);
        near.get(&key_of(wanted)?).cloned()
    }
}

fn key_of(wanted: &Wanted) -> Option<String> {
    let (day, length) = (wanted.released.as_deref().unwrap_or_default(), wanted.duration.unwrap_or_default());
    Some(format!("{}\n{}\n{day}\n{}", show_key(wanted)?, wanted.title, length.as_millis()))
}

/// Its title and day; and its length, where that is another.
fn says(found: &FeedEpisode, wanted: &Wanted) -> String {
    let title = found.title.get(..found.title.floor_char_boundary(LONGEST)).unwrap_or_default();
    let cut = if title.len() < found.title.len() { "…" } else { "" };
    let day = found.published.as_ref().map(|published| format!(" of {}", published.day)).unwrap_or_default();
    let lengths = wanted.duration.filter(|length| !length.is_zero()).zip(found.duration);
    let other = lengths.filter(|(wanted, own)| !about_as_long(*wanted, *own));
    let length = other.map(|(_, own)| format!(", which lasts {} min", (own.as_secs() + 30) / 60));
    format!("the nearest there is “{title}{cut}”{day}{}", length.unwrap_or_default())
}

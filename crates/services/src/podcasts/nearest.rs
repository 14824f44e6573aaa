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
    /// Notes what comes nearest to a wanted episode in a feed that does not have it, and which episodes of its title a feed
    /// has where that tells none from another; `found` is what is offered.
    pub(super) fn note_nearest(&self, had: &Had, found: &[&FeedEpisode], wanted: &Wanted) {
        let Some(key) = key_of(wanted).filter(|_| wanted.kind == WantedKind::Episode) else { return };
        let host = had.place.host();
        let says = if episodes::is_among(found.iter().copied(), &had.feed, wanted) {
            several(found)
                .map(|days| format!("its feed at {host} has {days}, and nothing tells which is wanted"))
        } else {
            let nearest = episodes::nearest(&had.feed, wanted);
            nearest.map(|nearest| format!("its feed at {host} does not have it; {}", says(nearest, wanted)))
        };
        let Some(says) = says else { return };
        let mut near = self.near.lock().unwrap_or_else(PoisonError::into_inner);
        near.insert(key, says);
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

/// `2 of this title, of 2024-11-20 and 2024-02-03`; `None` where all are of one day, or one has none.
fn several(found: &[&FeedEpisode]) -> Option<String> {
    let days: Option<Vec<&str>> =
        found.iter().map(|episode| Some(episode.published.as_ref()?.day.as_str())).collect();
    let mut days = days?;
    days.dedup();
    let (last, before) = days.split_last().filter(|(_, before)| !before.is_empty())?;
    Some(format!("{} of this title, of {} and {last}", days.len(), before.join(", ")))
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

//! Public directories of podcasts: a name in, addresses of feeds out.
//!
//! Apple's needs no key and knows nearly all; Podcast Index is asked as well where the user has a key. Rejected:
//! gpodder.net, which other programs gave up for its silences; the dump of Podcast Index, gigabytes for a few names.

mod itunes;
mod podcast_index;

use std::time::Duration;

use ferrotape_domain::{Cancel, Fault};

pub use podcast_index::PodcastIndexKey;

use super::Settings;
use super::addresses::resolved;
use super::titles::{name_key, says_more};
use crate::net::{Keep, Net};

/// A podcast that is not listed today may be next week.
const KEEP: Keep = Keep::For {
    fresh: Duration::from_secs(7 * 24 * 3600),
    none: Duration::from_secs(24 * 3600),
    stale: Duration::from_secs(365 * 24 * 3600),
};

/// Entries of one answer that are looked at.
const MOST_ENTRIES: usize = 50;
/// Entries that each directory is asked for.
const ASKED_FOR: &str = "20";
/// Feeds that are looked into for one podcast.
const MOST_FEEDS: usize = 5;

/// A podcast as a directory has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) title: String,
    pub(super) author: String,
    /// Its feed; a directory may keep that to itself.
    pub(super) feed: Option<String>,
}

/// What all directories together say.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Those with a like name, the most like first; no feed twice.
    pub(super) entries: Vec<Entry>,
    /// Who was asked, for people.
    pub(super) asked: String,
    /// Why one of them could not be asked.
    pub(super) fault: Option<Fault>,
}

/// Asks all of them for a podcast of this name and, where known, publisher.
pub(super) fn ask(net: &Net, settings: &Settings, (name, author): (&str, &str), cancel: &Cancel) -> Found {
    let found = |entries: &Vec<Entry>| entries.iter().any(|entry| rank(entry, name, author).is_some());
    let countries = countries(&settings.country);
    let mut asked: Vec<String> = countries.iter().map(|country| format!("Apple's of {country}")).collect();
    let apple = |country: &String| net.surely(found, |net| itunes::ask(&net, country, name, cancel));
    let mut answers: Vec<_> = countries.iter().map(|country| apple(country).map_err(itunes::ours)).collect();
    if let Some(key) = &settings.podcast_index {
        asked.push("Podcast Index".to_owned());
        answers.push(net.surely(found, |net| podcast_index::ask(&net, key, name, cancel)));
    }
    let mut found = Found { asked: asked.join(", "), ..Found::default() };
    let mut ranked = Vec::new();
    for answer in answers {
        match answer {
            Ok(entries) => {
                let like = entries.into_iter().filter_map(|entry| Some((rank(&entry, name, author)?, entry)));
                ranked.extend(like);
            }
            Err(fault) => found.fault = found.fault.or(Some(fault)),
        }
    }
    ranked.sort_by_key(|(rank, _)| *rank);
    for (_, entry) in ranked {
        let key = |entry: &Entry| entry.feed.as_deref().map(ferrotape_domain::feed_key);
        let is_known = found.entries.iter().any(|known| key(known) == key(&entry));
        if !is_known && found.entries.len() < MOST_FEEDS {
            found.entries.push(entry);
        }
    }
    found
}

/// Apple lists a podcast in the countries that its maker chose, and nearly all in this one.
const MOST_LISTED: &str = "US";

/// The user's country first: where it has one of the name, that is meant.
fn countries(own: &str) -> Vec<String> {
    let own = own.to_ascii_uppercase();
    let other = Some(MOST_LISTED.to_owned()).filter(|country| *country != own);
    std::iter::once(own).chain(other).collect()
}

/// How like a name is, 0 the most; `None` where it is another.
fn rank(entry: &Entry, name: &str, author: &str) -> Option<u8> {
    let (own, wanted) = (name_key(&entry.title), name_key(name));
    let same_author = !author.is_empty() && name_key(&entry.author) == name_key(author);
    match (own == wanted, same_author) {
        (true, true) => Some(0),
        (true, false) => Some(1),
        (false, _) if says_more(&own, &wanted) => Some(2),
        (false, true) => Some(3),
        (false, false) => None,
    }
}

/// An address as a directory gives it.
fn web_address(text: &str) -> Option<String> {
    resolved("https://directory.invalid/", text).filter(|address| !address.contains("directory.invalid"))
}

/// Reads bytes as an answer of each directory.
#[cfg(any(test, feature = "fuzzing"))]
pub(super) fn read_all(bytes: &[u8]) {
    for entries in [itunes::read(bytes), podcast_index::read(bytes)].into_iter().flatten() {
        assert!(entries.len() <= MOST_ENTRIES && entries.iter().all(|entry| !entry.title.is_empty()));
    }
}

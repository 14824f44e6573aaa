//! Feeds that the library knows for another podcast than the wanted one of their name.

use std::collections::{HashMap, HashSet};

use ferrotape_domain::{ContentId, PRIVATE_FEED, Provenance, Wanted, WantedKind, feed_key};
use ferrotape_matching::spoken::name_key;

/// So many episodes of two feeds must agree by title and day for the feeds to be one podcast's: as many as prove a feed
/// that a directory names.
const PROOF: usize = 3;

/// By feed: title and day of the episodes that came from it, as it says them.
type Episodes<'p> = HashMap<String, HashSet<(String, &'p str)>>;

/// Names of podcasts among `all` with feeds that were ever named for them, wanted now or not, where files came from such. One
/// with the episodes of the wanted podcast's own feed is left out: it is where that was before its address was changed.
pub(crate) fn feeds_of_others<'w>(
    wanted: impl Iterator<Item = &'w Wanted>,
    all: impl Iterator<Item = &'w Wanted>,
    came_from: &[Provenance],
    feeds: &HashMap<ContentId, Vec<String>>,
) -> Vec<(String, String)> {
    let own = named_feeds(wanted);
    let episodes = episodes_of_feeds(came_from, feeds);
    let is_foreign =
        |feed: &String| !feed.starts_with(PRIVATE_FEED) && own.iter().all(|(_, own)| own != feed);
    if own.is_empty() || !episodes.keys().any(is_foreign) {
        return Vec::new();
    }
    let mut others = named_feeds(all);
    others.retain(|other| episodes.contains_key(&other.1) && !is_of_one(other, &own, &episodes));
    others
}

/// Whether a feed of this name has the episodes of a wanted podcast's own one.
fn is_of_one((name, feed): &(String, String), own: &[(String, String)], episodes: &Episodes<'_>) -> bool {
    let agree = |own: &String| {
        let both = episodes.get(own).zip(episodes.get(feed));
        both.is_some_and(|(ours, theirs)| ours.intersection(theirs).count() >= PROOF)
    };
    own.iter().any(|(of, own)| of == name && agree(own))
}

/// Name and feed, as they are compared, of the podcasts that have a feed of their own.
fn named_feeds<'w>(things: impl Iterator<Item = &'w Wanted>) -> Vec<(String, String)> {
    let shows = things.filter(|wanted| wanted.kind == WantedKind::Show);
    shows.filter_map(|show| Some((name_key(&show.title), feed_key(show.feed.as_deref()?)))).collect()
}

fn episodes_of_feeds<'p>(
    came_from: &'p [Provenance],
    feeds: &HashMap<ContentId, Vec<String>>,
) -> Episodes<'p> {
    let mut episodes = Episodes::new();
    for origin in came_from {
        for feed in feeds.get(&origin.content).into_iter().flatten() {
            let known = episodes.entry(feed_key(feed)).or_default();
            if let (Some(title), Some(day)) = (&origin.said.title, &origin.said.date) {
                known.insert((name_key(title), day.as_str()));
            }
        }
    }
    episodes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feed_with_the_same_episodes_is_that_of_the_same_podcast() {
        let of = |days: &[&'static str]| days.iter().map(|day| ("harbour".to_owned(), *day)).collect();
        let episodes: Episodes<'_> = HashMap::from([
            ("new".to_owned(), of(&["2024-01-01", "2024-01-08", "2024-01-15", "2024-01-22"])),
            ("old".to_owned(), of(&["2023-12-25", "2024-01-01", "2024-01-08", "2024-01-15"])),
            ("other".to_owned(), of(&["2023-12-25", "2024-01-01", "2024-01-08"])),
        ]);
        let named = |name: &str, feed: &str| (name.to_owned(), feed.to_owned());
        let is = |name: &str, feed: &str| is_of_one(&named(name, feed), &[named("tide", "new")], &episodes);
        assert!(is("tide", "old"));
        assert!(!is("tide", "other"), "two may be by chance");
        assert!(!is("ebb", "old") && !is("tide", "unknown"));
    }
}

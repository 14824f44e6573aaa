//! Podcasts that call themselves something else than the user does: a feed that was taken for a podcast, because the user
//! named it or its episodes proved it, is that podcast whatever its title says.

use std::collections::BTreeSet;

use ferrotape_domain::{Wanted, WantedKind, feed_key};
use rustc_hash::FxHashMap;

use super::headings::name_key;

/// Which feeds were taken for wanted podcasts, and which files are of them.
#[derive(Debug, Default)]
pub(super) struct OwnFeeds {
    /// By [`podcast_key`]: the keys of feeds.
    of_shows: FxHashMap<String, BTreeSet<String>>,
    /// By [`podcast_key`]: the keys of feeds that what is known speaks against.
    doubted: FxHashMap<String, BTreeSet<String>>,
    /// By the key of a feed: its files, by their place on the shelf.
    files: FxHashMap<String, BTreeSet<usize>>,
}

impl OwnFeeds {
    pub(super) fn learn_file(&mut self, at: usize, feed: &str) {
        self.files.entry(feed_key(feed)).or_default().insert(at);
    }

    pub(super) fn learn_show(&mut self, wanted: &Wanted, feeds: impl IntoIterator<Item = String>) {
        let Some(key) = podcast_key(wanted) else { return };
        let feeds = feeds.into_iter().map(|feed| feed_key(&feed));
        self.of_shows.entry(key).or_default().extend(feeds);
    }

    pub(super) fn learn_doubt(&mut self, wanted: &Wanted, feeds: impl IntoIterator<Item = String>) {
        let Some(key) = podcast_key(wanted) else { return };
        let feeds = feeds.into_iter().map(|feed| feed_key(&feed));
        self.doubted.entry(key).or_default().extend(feeds);
    }

    /// Whether what is known speaks against this feed, by its key, being the podcast's.
    pub(super) fn is_doubted(&self, wanted: &Wanted, feed: &str) -> bool {
        podcast_key(wanted).and_then(|key| self.doubted.get(&key)).is_some_and(|feeds| feeds.contains(feed))
    }

    /// Whether this feed, by its key, was taken for the podcast.
    pub(super) fn has(&self, wanted: &Wanted, feed: &str) -> bool {
        podcast_key(wanted).and_then(|key| self.of_shows.get(&key)).is_some_and(|feeds| feeds.contains(feed))
    }

    /// Whether one feed alone was taken for the podcast.
    pub(super) fn are_files_of_one(&self, wanted: &Wanted) -> bool {
        podcast_key(wanted).and_then(|key| self.of_shows.get(&key)).is_some_and(|feeds| feeds.len() == 1)
    }

    /// Whether this feed, by its key, was taken for another podcast and not for this one. What shares a feed with this
    /// one is no other: it is the same podcast, saved elsewhere, perhaps before its feed moved.
    pub(super) fn is_anothers(&self, wanted: &Wanted, feed: &str) -> bool {
        let Some(own) = podcast_key(wanted) else { return false };
        let taken = self.of_shows.get(&own);
        let own_feed = wanted.feed.as_deref().map(feed_key);
        let shares = |feeds: &BTreeSet<String>| {
            own_feed.as_ref().is_some_and(|own| feeds.contains(own))
                || taken.is_some_and(|taken| !taken.is_disjoint(feeds))
        };
        let is_other = |(key, feeds): (&String, &BTreeSet<String>)| {
            *key != own && feeds.contains(feed) && !shares(feeds)
        };
        !self.has(wanted, feed) && self.of_shows.iter().any(is_other)
    }

    /// The files of the podcast that is wanted, or that an episode is wanted of, by their place on the shelf.
    pub(super) fn files_of(&self, wanted: &Wanted) -> BTreeSet<usize> {
        let feeds = podcast_key(wanted).and_then(|key| self.of_shows.get(&key)).into_iter().flatten();
        feeds.filter_map(|feed| self.files.get(feed)).flatten().copied().collect()
    }
}

/// What a podcast that is wanted, or that an episode is wanted of, is told apart by: the feed that the user named for this
/// very one, else its name. It may hold the address of a private feed.
pub fn podcast_key(wanted: &Wanted) -> Option<String> {
    let name = match wanted.kind {
        WantedKind::Episode => wanted.release.as_deref().unwrap_or_default(),
        WantedKind::Show => &wanted.title,
        _ => return None,
    };
    let by_name = || Some(name_key(name)).filter(|name| !name.is_empty()).map(|name| format!("name {name}"));
    wanted.feed.as_deref().map(|feed| format!("feed {}", feed_key(feed))).or_else(by_name)
}

//! Podcasts whose feed broke off in the middle: what it has is fetched, and newer episodes may be behind the break.

use std::sync::PoisonError;

use ferrotape_domain::{Fault, Wanted, WantedKind};

use super::feed::Feed;
use super::feeds::Had;
use super::finding::Finder;
use super::shows::show_key;

impl Finder {
    /// Notes that a podcast's feed broke off, where it may have newer episodes than it told.
    pub(super) fn note_cut_off(&self, had: &Had, wanted: &Wanted) {
        let has_all = !had.feed.is_cut_off || has_the_newest(&had.feed, self.settings.newest);
        let Some(key) = key_of(wanted).filter(|_| !has_all) else { return };
        let Some(fault) = had.may_lack() else { return };
        self.cut_off.lock().unwrap_or_else(PoisonError::into_inner).insert(key, fault);
    }

    /// Why there may be newer episodes of a podcast than its feed told.
    pub(super) fn may_have_newer(&self, wanted: &Wanted) -> Option<Fault> {
        let key = key_of(wanted)?;
        self.cut_off.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned()
    }
}

/// Of podcasts only: an episode that half a feed does not have waits for its host.
fn key_of(wanted: &Wanted) -> Option<String> {
    show_key(wanted).filter(|_| wanted.kind == WantedKind::Show)
}

/// Whether half a feed surely has the newest `most`: its days run from new to old, as in most feeds, so that only older ones
/// are behind the break.
fn has_the_newest(feed: &Feed, most: usize) -> bool {
    let days = feed.episodes.iter().map(|one| Some(one.published.as_ref()?.at));
    let Some(days) = days.collect::<Option<Vec<i64>>>() else { return false };
    days.len() >= most && days.is_sorted_by(|one, next| one >= next) && days.first() > days.last()
}

#[cfg(test)]
mod tests {
    use super::super::feed::{FeedEpisode, Published};
    use super::*;

    #[test]
    fn only_a_feed_from_new_to_old_has_its_newest_before_the_break() {
        let table: [(&[i64], bool); 8] = [
            (&[9, 8, 7], true),
            (&[9, 9, 8, 7], true),
            (&[9, 8], false),
            (&[7, 8, 9], false),
            (&[9, 7, 8], false),
            (&[9, 9, 9], false),
            (&[9, 8, 0], false),
            (&[], false),
        ];
        for (days, expected) in table {
            let episode = |at: &i64| FeedEpisode {
                published: (*at > 0).then(|| Published { day: String::new(), at: *at }),
                ..FeedEpisode::default()
            };
            let feed = Feed { episodes: days.iter().map(episode).collect(), ..Feed::default() };
            assert_eq!(has_the_newest(&feed, 3), expected, "{days:?}");
        }
        assert!(!has_the_newest(&Feed::default(), 0));
    }
}

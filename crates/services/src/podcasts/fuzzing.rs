//! The parsers of what hosts and directories send, and what must hold of all that they read.

use std::collections::HashSet;

use super::addresses::may_hold_a_key;
use super::feed::{MOST_EPISODES, read_feed};
use super::place::{Place, names_of};
use super::{chapters, directories};
use crate::fuzzing::Reader;

/// All of them.
pub(crate) const READERS: &[Reader] = &[
    Reader { name: "podcast-feed", seeds: "podcasts", read: feed },
    Reader { name: "podcast-answers", seeds: "podcast-answers", read: answers },
];

const ADDRESS: &str = "https://feeds.example/tide.xml";

/// A feed, with what must hold of any: ids that tell episodes apart, the same on every reading; web addresses; times in
/// order.
fn feed(bytes: &[u8]) {
    // A first byte chooses what the host declares.
    let types =
        [None, Some("text/xml"), Some("application/rss+xml; charset=iso-8859-1"), Some("x; charset=utf-16")];
    let declared = bytes.first().and_then(|first| types.get(usize::from(first % 8))).copied().flatten();
    let Ok(feed) = read_feed(bytes, declared, ADDRESS) else { return };
    assert_eq!(read_feed(bytes, declared, ADDRESS).as_ref(), Ok(&feed), "a second reading differs");
    let ids: HashSet<&str> = feed.episodes.iter().map(|episode| episode.id.as_str()).collect();
    assert_eq!(ids.len(), feed.episodes.len(), "two episodes have one id");
    assert!(feed.episodes.len() <= MOST_EPISODES && !ids.contains(""));
    assert!(feed.is_whole || !feed.problems.is_empty(), "nothing says why it is not whole");
    for episode in &feed.episodes {
        let others = [&episode.page, &episode.image, &episode.chapters_url];
        let addresses = others.into_iter().flatten().chain([&episode.audio.url]);
        for address in addresses {
            assert!(address.starts_with("http://") || address.starts_with("https://"), "{address}");
            let _ = (may_hold_a_key(address), Place::of_user(address));
        }
        assert!(
            episode.title.len() <= 1024
                && episode.description.as_ref().is_none_or(|text| text.len() <= 8 << 10)
        );
        assert!(episode.chapters.iter().all(|chapter| chapter.start_ms <= chapter.end_ms));
        let place = Place::of_user(ADDRESS);
        let id = place.map(|place| place.offer_id(&episode.id)).unwrap_or_default();
        assert_eq!(names_of(&id).map(|(_, name)| name), Some(episode.id.as_str()));
    }
}

/// Chapters and the answers of directories.
fn answers(bytes: &[u8]) {
    let chapters = chapters::read(bytes, None);
    assert!(chapters.iter().all(|chapter| chapter.start_ms <= chapter.end_ms));
    directories::read_all(bytes);
}

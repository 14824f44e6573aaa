//! Which feeds were taken for a podcast, by the user's word or by its episodes: they are it, whatever they call themselves,
//! until what is known speaks against them.

use std::collections::{BTreeSet, HashMap};

use ferrotape_domain::{Provenance, RemoteOffer, TagSet, Wanted, feed_key};
use ferrotape_matching::spoken::{FeedItem, podcast_key};

/// A podcast, as [`show_sum`] names it, and a feed as offers name it.
pub(crate) type FeedsOfShows = BTreeSet<(String, String)>;

/// What the library calls a podcast that is wanted, or that an episode is wanted of: a sum, for a feed may be secret.
fn show_sum(wanted: &Wanted) -> Option<String> {
    Some(blake3::hash(podcast_key(wanted)?.as_bytes()).to_hex()[..32].to_owned())
}

/// The item of a feed that an offer of a place is.
pub(crate) fn item_of_offer(offer: &RemoteOffer, place: &str) -> Option<FeedItem> {
    Some(item(offer.feed(place)?, &offer.id, &offer.tags))
}

/// The item of a feed that a file came as.
pub(crate) fn item_of(origin: &Provenance) -> Option<FeedItem> {
    Some(item(origin.feed()?, &origin.remote_id, &origin.said))
}

fn item(feed: &str, name: &str, said: &TagSet) -> FeedItem {
    let at = said.more.as_ref().and_then(|more| more.published_at);
    FeedItem { feed: feed.to_owned(), name: name.to_owned(), at }
}

/// Adds the feeds that these offers of a place are of: it took them for the podcast that it was asked for.
pub(crate) fn note(known: &mut FeedsOfShows, wanted: &Wanted, (place, offers): (&str, &[RemoteOffer])) {
    let Some(show) = show_sum(wanted) else { return };
    let feeds: BTreeSet<&str> = offers.iter().filter_map(|offer| offer.feed(place)).collect();
    known.extend(feeds.into_iter().map(|feed| (show.clone(), feed.to_owned())));
}

/// Adds the feeds that are not to be this podcast's any more, each by its key.
pub(crate) fn doubt(doubted: &mut FeedsOfShows, wanted: &Wanted, feeds: &[String]) {
    let Some(show) = show_sum(wanted) else { return };
    doubted.extend(feeds.iter().map(|feed| (show.clone(), feed_key(feed))));
}

/// Those of the known ones that are doubted: a list may spell the address of a feed otherwise than a directory.
pub(crate) fn doubted_of(known: &FeedsOfShows, doubted: &FeedsOfShows) -> FeedsOfShows {
    let is_doubted = |(show, feed): &&(String, String)| doubted.contains(&(show.clone(), feed_key(feed)));
    known.iter().filter(is_doubted).cloned().collect()
}

/// The same podcasts and feeds, each feed by its key.
pub(crate) fn by_their_keys(all: &FeedsOfShows) -> FeedsOfShows {
    all.iter().map(|(show, feed)| (show.clone(), feed_key(feed))).collect()
}

/// The feeds that are known so of each of these: taken for it, or doubted.
pub(crate) fn feeds_of<'w>(
    known: &FeedsOfShows,
    wanted: impl Iterator<Item = &'w Wanted>,
) -> Vec<(&'w Wanted, Vec<String>)> {
    let mut by_show: HashMap<&str, Vec<&String>> = HashMap::new();
    for (show, feed) in known {
        by_show.entry(show).or_default().push(feed);
    }
    let of_one = |wanted: &'w Wanted| {
        let feeds = by_show.get(show_sum(wanted)?.as_str())?;
        Some((wanted, feeds.iter().map(|feed| (*feed).clone()).collect::<Vec<String>>()))
    };
    wanted.filter_map(of_one).collect()
}

#[cfg(test)]
mod tests {
    use ferrotape_domain::WantedKind;

    use super::*;

    #[test]
    fn a_podcast_with_a_feed_of_its_own_is_another_than_its_namesake() {
        let show = |feed: Option<&str>| Wanted {
            title: "Low Tide".to_owned(),
            feed: feed.map(str::to_owned),
            ..Wanted::of_kind(WantedKind::Show)
        };
        let episode = Wanted {
            title: "Harbour".to_owned(),
            release: Some("The Low Tide Podcast".to_owned()),
            ..Wanted::of_kind(WantedKind::Episode)
        };
        assert_eq!(show_sum(&show(None)), show_sum(&episode));
        let named = show_sum(&show(Some("https://feeds.example/tide?auth=hunter2"))).unwrap();
        assert_ne!(Some(&named), show_sum(&show(None)).as_ref());
        assert!(!named.contains("hunter2"));
        assert_eq!(show_sum(&Wanted::of_kind(WantedKind::Episode)), None, "of no podcast");
    }

    #[test]
    fn a_feed_is_doubted_for_one_podcast_however_it_is_spelt() {
        let show = |title: &str| Wanted { title: title.to_owned(), ..Wanted::of_kind(WantedKind::Show) };
        let pair = |title: &str, feed: &str| (show_sum(&show(title)).unwrap(), feed.to_owned());
        let [tide, ebb] = ["Low Tide", "Ebb"].map(|title| pair(title, "http://other.example/rss/"));
        let known = BTreeSet::from([tide.clone(), ebb, pair("Low Tide", "https://feeds.example/tide")]);
        let mut doubted = FeedsOfShows::new();
        doubt(&mut doubted, &show("Low Tide"), &["https://other.example/rss".to_owned()]);
        assert_eq!(doubted_of(&known, &doubted), BTreeSet::from([tide]));
    }
}

//! Feeds that were taken for podcasts: what comes of them.

use ferrotape_testkit::fake_podcasts::{FakeShow, Listing};

use crate::home::{Home, row_of};
use crate::podcasts::{five_seconds, two_of_one_name};

#[test]
fn a_podcast_whose_feed_says_that_it_moved_has_its_new_episodes_beside_one_of_its_name() {
    let home = Home::new();
    let show = |name: &str, feed: &str, sound: &str| {
        let show = FakeShow::new(name, feed, 1).sounding(five_seconds(&home, sound), 5);
        FakeShow { listing: Listing::Nowhere, ..show }
    };
    let old = FakeShow {
        new_feed: Some("new.example/feed".to_owned()),
        ..show("Low Tide", "feeds.example/low-tide", "Harbour")
    };
    let new = show("Low Tide", "new.example/feed", "Harbour");
    let other = show("The Low Tide Podcast", "other.example/rss", "Gulls");
    let report = two_of_one_name(&home, vec![old, new, other]);
    assert_eq!(row_of(&report, "Low Tide")["outcome"], "on_player", "{report:#}");
    assert_eq!(home.mp3s().len(), 2, "{:?}", home.mp3s());
}

//! Which episodes of a feed may be the wanted one. Matching decides; this keeps what cannot be it from being fetched.

use ferrotape_domain::Wanted;

use super::agreement::{Likeness, likeness};
use super::feed::{Feed, FeedEpisode};
use super::titles::{canonical, says_more};

/// Episodes that are offered for one.
const MOST: usize = 3;
/// Where a day begins is another question than which one it is.
const DAYS: u64 = 1;

/// Same title, and day and length as far as they are known; without any such those that come near by title.
pub(super) fn may_be<'f>(feed: &'f Feed, wanted: &Wanted) -> Vec<&'f FeedEpisode> {
    let title = canonical(&wanted.title);
    if title.is_empty() {
        return Vec::new();
    }
    let (mut same, mut near) = (Vec::new(), Vec::new());
    for episode in &feed.episodes {
        let own = canonical(&episode.title);
        let is_near = own == title || says_more(&own, &title);
        match (is_near, likeness(wanted, episode, DAYS)) {
            (true, Likeness::Agrees | Likeness::Unknown) if own == title => same.push(episode),
            (true, Likeness::Agrees) => near.push(episode),
            // The title alone: published anew, or cut.
            (true, Likeness::Differs) if own == title => near.push(episode),
            _ => {}
        }
    }
    let mut found = if same.is_empty() { near } else { same };
    found.truncate(MOST);
    found
}

/// The newest `most`, newest first; those without a day in the feed's order behind all others.
pub(super) fn newest(feed: &Feed, most: usize) -> Vec<&FeedEpisode> {
    let mut all: Vec<&FeedEpisode> = feed.episodes.iter().collect();
    all.sort_by_key(|episode| std::cmp::Reverse(episode.published.as_ref().map_or(i64::MIN, |day| day.at)));
    all.truncate(most);
    all
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use ferrotape_domain::WantedKind;

    use super::super::feed::Published;
    use super::*;

    fn feed(episodes: &[(&str, &str, i64)]) -> Feed {
        let episode = |(title, day, at): &(&str, &str, i64)| FeedEpisode {
            id: format!("{title} {day}"),
            title: (*title).to_owned(),
            published: Some(Published { day: (*day).to_owned(), at: *at }).filter(|day| day.at > 0),
            duration: Some(Duration::from_secs(1800)),
            ..FeedEpisode::default()
        };
        Feed { episodes: episodes.iter().map(episode).collect(), ..Feed::default() }
    }

    #[test]
    fn what_may_be_the_episode_and_what_not() {
        let ours = feed(&[
            ("News", "2024-03-07", 3),
            ("News", "2024-03-06", 2),
            ("News", "2024-01-05", 1),
            ("The Long Way Home (Bonus)", "2024-03-05", 4),
        ]);
        let ids = |title: &str, day: Option<&str>, seconds: u64| {
            let wanted = Wanted {
                title: title.to_owned(),
                released: day.map(str::to_owned),
                duration: Some(Duration::from_secs(seconds)),
                ..Wanted::of_kind(WantedKind::Episode)
            };
            may_be(&ours, &wanted).iter().map(|episode| episode.id.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(ids("NEWS", Some("2024-03-07"), 1800), ["News 2024-03-07", "News 2024-03-06"]);
        assert_eq!(ids("News", Some("2024-01-05"), 2300), ["News 2024-01-05"]);
        assert_eq!(ids("News", None, 1800).len(), 3);
        assert_eq!(ids("News", Some("2020-01-01"), 1800).len(), 3, "a person may look");
        assert_eq!(
            ids("The Long Way Home", Some("2024-03-05"), 1800),
            ["The Long Way Home (Bonus) 2024-03-05"]
        );
        assert!(ids("The Long Way Home", Some("2024-03-05"), 9000).is_empty());
        assert!(ids("", None, 1800).is_empty() && ids("Gulls", None, 1800).is_empty());
    }

    #[test]
    fn the_newest_come_first() {
        let ours =
            feed(&[("A", "2024-01-01", 1), ("B", "", 0), ("C", "2024-01-03", 3), ("D", "2024-01-02", 2)]);
        let titles =
            |most| newest(&ours, most).iter().map(|episode| episode.title.as_str()).collect::<String>();
        assert_eq!((titles(2), titles(9)), ("CD".to_owned(), "CDAB".to_owned()));
    }
}

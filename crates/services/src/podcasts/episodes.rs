//! Which episodes of a feed may be the wanted one. Matching decides; this keeps what cannot be it from being fetched.

use std::collections::BTreeSet;

use ferrotape_domain::Wanted;

use super::agreement::{Likeness, likeness};
use super::feed::{Feed, FeedEpisode, days};
use super::titles::{Names, about_as_long, one_holds_the_other, says_more};

/// Episodes that are offered for one.
const MOST: usize = 3;
/// Where a day begins is another question than which one it is.
const DAYS: u64 = 1;

/// Same title, and day and length as far as they are known; without any such those that come near by title. A number before
/// the title only counts, and its podcast's name beside it says nothing.
pub(super) fn may_be<'f>(feed: &'f Feed, wanted: &Wanted) -> Vec<&'f FeedEpisode> {
    let names = names(feed, wanted);
    let heading = names.heading(&wanted.title);
    if heading.whole.is_empty() {
        return Vec::new();
    }
    let (mut same, mut counted, mut near) = (Vec::new(), Vec::new(), Vec::new());
    for episode in &feed.episodes {
        let own = names.heading(&episode.title);
        let is_whole = own.whole == heading.whole;
        let is_it = is_whole || heading.is_of_one(&own);
        match likeness(wanted, episode, DAYS) {
            Likeness::Agrees | Likeness::Unknown if is_whole => same.push(episode),
            Likeness::Agrees | Likeness::Unknown if is_it => counted.push(episode),
            Likeness::Agrees if says_more(&own.whole, &heading.whole) => near.push(episode),
            // The title alone: published anew, or cut.
            Likeness::Differs if is_it => near.push(episode),
            _ => {}
        }
    }
    let mut found = [same, counted, near].into_iter().find(|found| !found.is_empty()).unwrap_or_default();
    found.truncate(MOST);
    found
}

/// What the podcast is called by its feed and by whoever wants it.
fn names(feed: &Feed, wanted: &Wanted) -> Names {
    Names::of(&[&feed.title, wanted.release.as_deref().unwrap_or_default()])
}

/// Whether a feed has the wanted episode, as far as it tells.
pub(super) fn has(feed: &Feed, wanted: &Wanted) -> bool {
    is_among(feed.episodes.iter(), feed, wanted)
}

/// The same of some of its episodes.
pub(super) fn is_among<'f>(
    mut episodes: impl Iterator<Item = &'f FeedEpisode>,
    feed: &Feed,
    wanted: &Wanted,
) -> bool {
    let names = names(feed, wanted);
    let heading = names.heading(&wanted.title);
    let is_it = |episode: &FeedEpisode| {
        likeness(wanted, episode, DAYS) != Likeness::Differs
            && heading.is_of_one(&names.heading(&episode.title))
    };
    episodes.any(is_it)
}

/// Of a feed that does not have the wanted episode the one that comes nearest: by its title, else by its day and length.
pub(super) fn nearest<'f>(feed: &'f Feed, wanted: &Wanted) -> Option<&'f FeedEpisode> {
    let names = names(feed, wanted);
    let heading = names.heading(&wanted.title);
    let day = wanted.released.as_deref().and_then(days);
    let day_of = |episode: &FeedEpisode| days(&episode.published.as_ref()?.day);
    let rank = |episode: &FeedEpisode| {
        let (own, days) = (names.heading(&episode.title), day.zip(day_of(episode)));
        let lengths = wanted.duration.filter(|length| !length.is_zero()).zip(episode.duration);
        let is_then = days.is_some_and(|(wanted, own)| wanted.abs_diff(own) <= DAYS)
            && lengths.is_none_or(|(wanted, own)| about_as_long(wanted, own));
        let by_title = if heading.is_of_one(&own) {
            4
        } else if own.words == heading.words || is_within(&own.whole, &heading.whole) {
            3
        } else if share_words(&own.words, &heading.words) {
            2
        } else if is_then {
            1
        } else {
            return None;
        };
        Some((by_title, is_then))
    };
    let ranked = feed.episodes.iter().filter_map(|episode| Some((rank(episode)?, episode)));
    // Of equals the first, which is mostly the newest.
    ranked.rev().max_by_key(|(rank, _)| *rank).map(|(_, episode)| episode)
}

/// Whether one title holds the other, by whole words.
fn is_within(one: &str, other: &str) -> bool {
    says_more(one, other) || one_holds_the_other(one, other) == Some(true)
}

/// Whether two titles have the same words but for numbers and parts, in any order, or one of them all of the other's.
fn share_words(one: &str, other: &str) -> bool {
    let words = |title: &str| -> BTreeSet<String> {
        let is_telling = |word: &&str| {
            word.chars().count() > 2
                && word.chars().all(char::is_alphabetic)
                && !["part", "the"].contains(word)
        };
        title.split(' ').filter(is_telling).map(str::to_owned).collect()
    };
    let (one, other) = (words(one), words(other));
    !one.is_empty() && !other.is_empty() && (one.is_subset(&other) || other.is_subset(&one))
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
    fn numbers_and_the_podcasts_name_do_not_hide_an_episode() {
        for (wanted_as, listed_as) in [
            ("Harbour", "#12 - Harbour"),
            ("Harbour", "S2E3 | Harbour"),
            ("12. Harbour", "Harbour"),
            ("Harbour | Low Tide", "Harbour"),
            ("Fog", "Ep. 3: Fog"),
            ("Harbour (Part 2)", "Harbour, Pt. II"),
        ] {
            let ours = feed(&[("Gulls", "2024-03-05", 2), (listed_as, "2024-03-05", 1)]);
            let wanted = |day: &str| Wanted {
                title: wanted_as.to_owned(),
                release: Some("Low Tide".to_owned()),
                released: Some(day.to_owned()),
                ..Wanted::of_kind(WantedKind::Episode)
            };
            let near = |day: &str| nearest(&ours, &wanted(day)).map(|episode| episode.title.as_str());
            assert!(has(&ours, &wanted("2024-03-04")) && !has(&ours, &wanted("2024-03-02")), "{wanted_as}");
            let found = may_be(&ours, &wanted("2024-03-04"));
            assert_eq!(found.iter().map(|found| found.title.as_str()).collect::<Vec<_>>(), [listed_as]);
            assert_eq!(near("2020-01-01"), Some(listed_as));
        }
        let ours = feed(&[("Bonus: Harbour", "2024-03-05", 2), ("Gulls", "2024-03-12", 1)]);
        let near = |title: &str, day: &str| {
            let (title, released) = (title.to_owned(), Some(day.to_owned()));
            let wanted = Wanted { title, released, ..Wanted::of_kind(WantedKind::Episode) };
            assert!(!has(&ours, &wanted), "{wanted:?}");
            nearest(&ours, &wanted).map(|episode| episode.title.clone())
        };
        assert_eq!(near("Harbour", "2020-01-01").as_deref(), Some("Bonus: Harbour"));
        assert_eq!(near("Salt", "2024-03-11").as_deref(), Some("Gulls"), "the same day");
        assert_eq!(near("Salt", "2024-06-11"), None);
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

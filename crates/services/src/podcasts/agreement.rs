//! Whether a feed is a wanted podcast's: its episodes decide, never its name alone.
//!
//! Names repeat, and public directories hold other people's copies. Three episodes that agree by title, and by day and
//! length as far as both sides tell them (one of these at least), are no chance. But sister podcasts share episodes, so a
//! feed that calls itself otherwise must have nearly all of those that can be compared.

use std::collections::BTreeSet;

use ferrotape_domain::Wanted;

use super::feed::{Feed, FeedEpisode, days};
use super::titles::{about_as_long, canonical};

/// So many episodes must agree.
pub(super) const ENOUGH: usize = 3;
/// Of a feed that calls itself otherwise, one in so many of those that can be compared may differ.
const ONE_MAY_DIFFER_IN: usize = 5;
/// A feed may be dated in another time zone, or anew when it moved.
const DAYS: u64 = 2;

/// How an episode of a feed and a wanted one agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Likeness {
    /// In day or length, or both, and in nothing not.
    Agrees,
    /// Neither day nor length can be compared.
    Unknown,
    /// Not in day or not in length.
    Differs,
}

/// Compares day and length; titles were compared before.
pub(super) fn likeness(wanted: &Wanted, episode: &FeedEpisode, most_days: u64) -> Likeness {
    let day = wanted.released.as_deref().and_then(days);
    let day = day.zip(episode.published.as_ref().and_then(|published| days(&published.day)));
    let day = day.map(|(wanted, own)| wanted.abs_diff(own) <= most_days);
    let length = wanted.duration.filter(|length| !length.is_zero()).zip(episode.duration);
    let length = length.map(|(wanted, own)| about_as_long(wanted, own));
    match (day, length) {
        (Some(false), _) | (_, Some(false)) => Likeness::Differs,
        (None, None) => Likeness::Unknown,
        _ => Likeness::Agrees,
    }
}

/// How far a feed and what is known of a podcast agree.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Agreement {
    /// Episodes that are known.
    pub(super) known: usize,
    /// Those that the feed has, by title, and day or length.
    pub(super) agree: usize,
    /// Those that it has by title, of which nothing else can be compared.
    pub(super) by_title: usize,
    /// Those that it has with another day or length, or should have: their day or length is known, and they are not
    /// older than all that it has, for many feeds drop what is old.
    pub(super) differ: usize,
    /// Those of them that it does not have and may have dropped: their day is not known, or none of its own.
    pub(super) undated: usize,
}

impl Agreement {
    pub(super) fn is_enough(self) -> bool {
        self.agree >= ENOUGH
    }

    /// Whether it proves a feed that nobody named for the podcast.
    pub(super) fn proves(self, is_called_so: bool) -> bool {
        let are_nearly_all = self.differ * ONE_MAY_DIFFER_IN <= self.agree + self.differ;
        self.is_enough() && (is_called_so || are_nearly_all)
    }

    /// Whether what is known is of another podcast, as far as it tells anything.
    pub(super) fn speaks_against(self) -> bool {
        self.agree == 0 && self.differ > 0
    }

    /// Whether it proves that a feed is another podcast's, whatever it is called: as many as would prove it differ, and none
    /// may agree.
    pub(super) fn disproves(self) -> bool {
        self.agree == 0 && self.by_title == 0 && self.differ.saturating_sub(self.undated) >= ENOUGH
    }

    /// As a sentence without full stop.
    pub(super) fn says(self) -> String {
        let of = |count: usize| if count == 1 { "1 episode".to_owned() } else { format!("{count} episodes") };
        match self {
            Self { known: 0, .. } => "none of its episodes is known here".to_owned(),
            Self { known, agree, by_title: 0, .. } => format!("{agree} of {} known here agree", of(known)),
            Self { known, agree, by_title, .. } => format!(
                "{agree} of {} known here agree, and {by_title} more by title alone, for neither day nor length is \
                 known of them",
                of(known)
            ),
        }
    }
}

/// Compares a feed with the known episodes of a podcast, each title once.
pub(super) fn agreement(feed: &Feed, known: &[&Wanted]) -> Agreement {
    let mut titles: Vec<(String, &FeedEpisode)> =
        feed.episodes.iter().map(|episode| (canonical(&episode.title), episode)).collect();
    titles.sort_by(|a, b| a.0.cmp(&b.0));
    let oldest = feed.episodes.iter().filter_map(|episode| days(&episode.published.as_ref()?.day)).min();
    let mut seen = BTreeSet::new();
    let mut agreement = Agreement::default();
    for wanted in known {
        let title = canonical(&wanted.title);
        if title.is_empty() || !seen.insert(title.clone()) {
            continue;
        }
        agreement.known += 1;
        let first = titles.partition_point(|(own, _)| *own < title);
        let same = titles.get(first..).unwrap_or_default().iter().take_while(|(own, _)| *own == title);
        let mut likenesses: Vec<Likeness> =
            same.map(|(_, episode)| likeness(wanted, episode, DAYS)).collect();
        likenesses.sort_by_key(|likeness| *likeness as u8);
        match likenesses.first() {
            Some(Likeness::Agrees) => agreement.agree += 1,
            Some(Likeness::Unknown) => agreement.by_title += 1,
            Some(Likeness::Differs) => agreement.differ += 1,
            None if is_missing(wanted, oldest) => {
                agreement.differ += 1;
                let is_dated = wanted.released.as_deref().and_then(days).is_some() && oldest.is_some();
                agreement.undated += usize::from(!is_dated);
            }
            None => {}
        }
    }
    agreement
}

/// Whether an episode that a feed does not have speaks against it; `oldest` is the day of the feed's first episode.
fn is_missing(wanted: &Wanted, oldest: Option<i64>) -> bool {
    match wanted.released.as_deref().and_then(days) {
        Some(day) => oldest.is_none_or(|oldest| day.saturating_add_unsigned(DAYS) >= oldest),
        None => wanted.duration.is_some_and(|length| !length.is_zero()),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use ferrotape_domain::WantedKind;

    use super::super::feed::Published;
    use super::*;

    fn wanted(title: &str, day: Option<&str>, minutes: Option<u64>) -> Wanted {
        Wanted {
            title: title.to_owned(),
            released: day.map(str::to_owned),
            duration: minutes.map(|minutes| Duration::from_secs(minutes * 60)),
            ..Wanted::of_kind(WantedKind::Episode)
        }
    }

    fn feed(episodes: &[(&str, &str, u64)]) -> Feed {
        let episode = |(title, day, minutes): &(&str, &str, u64)| FeedEpisode {
            title: (*title).to_owned(),
            published: Some(Published { day: (*day).to_owned(), at: 0 }),
            duration: Some(Duration::from_secs(minutes * 60)).filter(|length| !length.is_zero()),
            ..FeedEpisode::default()
        };
        Feed { episodes: episodes.iter().map(episode).collect(), ..Feed::default() }
    }

    #[test]
    fn three_episodes_must_agree_by_title_day_and_length() {
        let ours = feed(&[
            ("Harbour", "2024-03-05", 30),
            ("Gulls", "2024-03-12", 31),
            ("Salt", "2024-03-19", 32),
            ("Salt", "2023-03-19", 32),
            ("Fog", "2024-03-26", 0),
        ]);
        let harbour = || wanted("Harbour!", Some("2024-03-07"), Some(39));
        let gulls = || wanted("gulls", Some("2024-03-12"), Some(31));
        let table = [
            ("all three", vec![harbour(), gulls(), wanted("Salt", Some("2024-03-18"), Some(32))], (3, 3, 0)),
            (
                "a day too far",
                vec![harbour(), gulls(), wanted("Salt", Some("2024-03-22"), Some(32))],
                (3, 2, 0),
            ),
            (
                "much too long",
                vec![harbour(), gulls(), wanted("Salt", Some("2024-03-19"), Some(60))],
                (3, 2, 0),
            ),
            (
                "another title",
                vec![harbour(), gulls(), wanted("Salts", Some("2024-03-19"), Some(32))],
                (3, 2, 0),
            ),
            ("one twice", vec![harbour(), gulls(), gulls()], (2, 2, 0)),
            ("by day alone", vec![harbour(), gulls(), wanted("Fog", Some("2024-03-26"), Some(5))], (3, 3, 0)),
            ("by length alone", vec![harbour(), gulls(), wanted("Salt", None, Some(32))], (3, 3, 0)),
            ("a year is no day", vec![harbour(), wanted("Fog", Some("2024"), Some(5))], (2, 1, 1)),
            ("titles alone", vec![wanted("Harbour", None, None), wanted("Gulls", None, None)], (2, 0, 2)),
            ("nothing", vec![], (0, 0, 0)),
        ];
        for (what, known, (number, agree, by_title)) in table {
            let known: Vec<&Wanted> = known.iter().collect();
            let found = agreement(&ours, &known);
            assert_eq!((found.known, found.agree, found.by_title), (number, agree, by_title), "{what}");
            assert_eq!(found.is_enough(), agree >= 3, "{what}");
        }
    }

    #[test]
    fn a_feed_is_proved_to_be_anothers_by_what_it_has_or_must_have() {
        let ours = feed(&[("Harbour", "2024-03-05", 30), ("Gulls", "2024-03-12", 31)]);
        let on = |title: &str, day: &str| wanted(title, Some(day), Some(30));
        let may_be_old = |title: &str| wanted(title, None, Some(30));
        let others =
            || vec![on("Harbour", "2021-03-05"), on("Gulls", "2021-03-12"), on("Salt", "2024-03-19")];
        let table = [
            ("two other days, and one that it must have", others(), true),
            ("two are too few", others().split_off(1), false),
            (
                "it may have dropped them",
                vec![may_be_old("Salt"), may_be_old("Fog"), may_be_old("Ebb"), on("Lamps", "2020-01-01")],
                false,
            ),
        ];
        for (what, known, disproved) in table {
            let known: Vec<&Wanted> = known.iter().collect();
            assert_eq!(agreement(&ours, &known).disproves(), disproved, "{what}");
            assert!(!agreement(&feed(&[]), &known).disproves(), "it may be empty for a day");
        }
        let more = feed(&[("Harbour", "2024-03-05", 30), ("Ebb", "2024-03-12", 31)]);
        for one in [on("Ebb", "2024-03-12"), wanted("Ebb", None, None)] {
            let known = [others(), vec![one]].concat();
            assert!(!agreement(&more, &known.iter().collect::<Vec<_>>()).disproves(), "one agrees, or may");
        }
    }
}

//! Whether a feed is a wanted podcast's: its episodes decide, never its name alone.
//!
//! Names repeat, and public directories hold other people's copies. Three episodes that agree by title, and by day and
//! length as far as both sides tell them (one of these at least), are no chance. But sister podcasts share episodes, so a
//! feed that calls itself otherwise must have nearly all of those that can be compared.
//!
//! A number before a title only counts, and the podcast's name beside it says nothing: `12. Harbour` is `Harbour`, where no other
//! number is before it. A title that only repeats the day or a number is no title: every daily show has `November 23, 2026` on that day. Nor is one
//! that is the same as others but for these: `Headlines for November 23` (`bare`). Such episodes count where something else says whose they are: three with titles of their own, the publisher, or lengths
//! that agree to the second.

use std::collections::BTreeSet;
use std::time::Duration;

use ferrotape_domain::Wanted;

use super::bare::Bare;
use super::feed::{Feed, FeedEpisode, days};
use super::shows::Episodes;
use super::titles::{Heading, Names, about_as_long, canonical, one_holds_the_other};

/// So many episodes must agree.
pub(super) const ENOUGH: usize = 3;
/// Of a feed that calls itself otherwise, one in so many of those that can be compared may differ.
const ONE_MAY_DIFFER_IN: usize = 5;
/// A feed may be dated in another time zone, or anew when it moved.
const DAYS: u64 = 2;
/// Lengths are rounded to seconds, up or down.
const TO_THE_SECOND: Duration = Duration::from_secs(1);

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
    /// Those that it has by day or length, whose titles say nothing of their own, where nothing says whose they are.
    pub(super) bare: usize,
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
        self.agree + self.bare == 0 && self.differ > 0
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
            Self { known, agree, bare, by_title, .. } => {
                let by_title = (by_title > 0).then(|| {
                    format!("{by_title} more by title alone, for neither day nor length is known of them")
                });
                let bare = (bare > 0).then(|| {
                    format!(
                        "{bare} more by a title that says no more than a day, a number, the podcast's name or what its other \
                         titles say, while no publisher is known to agree"
                    )
                });
                let more = [by_title, bare].into_iter().flatten();
                let agree = format!("{agree} of {} known here agree", of(known));
                more.fold(agree, |said, more| format!("{said}, and {more}"))
            }
        }
    }
}

/// Compares a feed with the known episodes of a podcast, each title once.
pub(super) fn agreement(feed: &Feed, known: &Episodes<'_>) -> Agreement {
    let name = known.all.iter().find_map(|wanted| wanted.release.as_deref()).unwrap_or_default();
    let names = Names::of(&[&feed.title, name]);
    let mut titles: Vec<(Heading, &FeedEpisode)> =
        feed.episodes.iter().map(|episode| (names.heading(&episode.title), episode)).collect();
    titles.sort_by(|a, b| a.0.words.cmp(&b.0.words));
    let oldest = feed.episodes.iter().filter_map(|episode| days(&episode.published.as_ref()?.day)).min();
    let mut seen = BTreeSet::new();
    let bare = Bare::of(feed, &known.all);
    let (mut agreement, mut lengths) = (Agreement::default(), Lengths::default());
    for wanted in &known.all {
        let title = canonical(&wanted.title);
        if title.is_empty() || !seen.insert(title.clone()) {
            continue;
        }
        agreement.known += 1;
        let heading = names.heading(&wanted.title);
        let first = titles.partition_point(|(own, _)| own.words < heading.words);
        let same =
            titles.get(first..).unwrap_or_default().iter().take_while(|(own, _)| own.words == heading.words);
        let likest = same
            .filter(|(own, _)| own.is_of_one(&heading))
            .map(|(_, episode)| (likeness(wanted, episode, DAYS), *episode))
            .min_by_key(|(likeness, _)| *likeness as u8);
        match likest {
            Some((Likeness::Agrees, episode)) if bare.has(wanted) => {
                agreement.bare += 1;
                lengths.compare(wanted, episode);
            }
            Some((Likeness::Agrees, _)) => agreement.agree += 1,
            Some((Likeness::Unknown, _)) => agreement.by_title += 1,
            Some((Likeness::Differs, _)) => agreement.differ += 1,
            None if is_missing(wanted, oldest) => {
                agreement.differ += 1;
                let is_dated = wanted.released.as_deref().and_then(days).is_some() && oldest.is_some();
                agreement.undated += usize::from(!is_dated);
            }
            None => {}
        }
    }
    let author = feed.author.as_deref().unwrap_or_default();
    if agreement.is_enough() || one_holds_the_other(author, known.publisher) == Some(true) || lengths.tell() {
        agreement.agree += std::mem::take(&mut agreement.bare);
    }
    agreement
}

/// The lengths of episodes whose titles say nothing.
#[derive(Default)]
struct Lengths {
    /// In seconds, as the library knows them: each once, for bulletins may all last five minutes.
    same: BTreeSet<u64>,
    others: usize,
}

impl Lengths {
    fn compare(&mut self, wanted: &Wanted, episode: &FeedEpisode) {
        let Some((known, own)) = wanted.duration.zip(episode.duration) else { return };
        if known.abs_diff(own) <= TO_THE_SECOND {
            self.same.insert(known.as_secs());
        } else {
            self.others += 1;
        }
    }

    /// Whether they are those of one podcast: some of many agree by chance.
    fn tell(&self) -> bool {
        let same = self.same.len();
        same >= ENOUGH && self.others * ONE_MAY_DIFFER_IN <= same + self.others
    }
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

    /// These, of whom no publisher is known.
    fn of_nobody(known: &[Wanted]) -> Episodes<'_> {
        Episodes { all: known.iter().collect(), publisher: "" }
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
            let found = agreement(&ours, &of_nobody(&known));
            assert_eq!((found.known, found.agree, found.by_title), (number, agree, by_title), "{what}");
            assert_eq!(found.is_enough(), agree >= 3, "{what}");
        }
    }

    #[test]
    fn a_feed_that_counts_its_episodes_is_proved_as_well() {
        let ours = feed(&[
            ("#12 - Harbour", "2024-03-05", 30),
            ("S2E3 | Gulls", "2024-03-12", 31),
            ("Ep. 14: Salt", "2024-03-19", 32),
        ]);
        let on = |title: &str, day: &str, minutes: u64| wanted(title, Some(day), Some(minutes));
        let agree = |harbour: &str| {
            let known =
                [on(harbour, "2024-03-05", 30), on("Gulls", "2024-03-12", 31), on("Salt", "2024-03-19", 32)];
            agreement(&ours, &of_nobody(&known)).agree
        };
        assert_eq!(agree("Harbour"), 3);
        assert_eq!(agree("12: Harbour"), 3);
        assert_eq!(agree("13: Harbour"), 2, "another number is another episode");
        assert_eq!(agree("Harbour, Part 2"), 2);
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
            assert_eq!(agreement(&ours, &of_nobody(&known)).disproves(), disproved, "{what}");
            assert!(!agreement(&feed(&[]), &of_nobody(&known)).disproves(), "it may be empty for a day");
        }
        let more = feed(&[("Harbour", "2024-03-05", 30), ("Ebb", "2024-03-12", 31)]);
        for one in [on("Ebb", "2024-03-12"), wanted("Ebb", None, None)] {
            let known = [others(), vec![one]].concat();
            assert!(!agreement(&more, &of_nobody(&known)).disproves(), "one agrees, or may");
        }
    }

    #[test]
    fn titles_that_only_repeat_the_day_prove_no_feed() {
        let days = ["2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26"];
        let title = |at: usize| format!("November {}, 2026", 23 + at);
        let known: Vec<Wanted> = (0..4).map(|at| wanted(&title(at), Some(days[at]), Some(5))).collect();
        let with_lengths = |lengths: [u64; 4]| Feed {
            title: "Morning News".to_owned(),
            author: Some("Casino FM".to_owned()),
            episodes: (0..4)
                .map(|at| FeedEpisode {
                    title: title(at),
                    published: Some(Published { day: days[at].to_owned(), at: 0 }),
                    duration: Some(Duration::from_secs(lengths[at])),
                    ..FeedEpisode::default()
                })
                .collect(),
            ..Feed::default()
        };
        let told = |feed: &Feed, known: &[Wanted], publisher: &str| {
            let found = agreement(feed, &Episodes { all: known.iter().collect(), publisher });
            (found.agree, found.bare, found.is_enough(), found.speaks_against())
        };
        let bulletins = with_lengths([300; 4]);
        for publisher in ["Harbour Radio", ""] {
            assert_eq!(told(&bulletins, &known, publisher), (0, 4, false, false), "{publisher}");
        }
        assert_eq!(told(&bulletins, &known, "Casino FM"), (4, 0, true, false));
        // To the second, and each another.
        let lasting = |lengths: [u64; 4]| -> Vec<Wanted> {
            let lasts = |(one, length): (&Wanted, u64)| Wanted {
                duration: Some(Duration::from_secs(length)),
                ..one.clone()
            };
            known.iter().zip(lengths).map(lasts).collect()
        };
        let lengths = [301, 322, 343, 364];
        assert!(told(&with_lengths(lengths), &lasting(lengths), "Harbour Radio").2);
        assert!(!told(&with_lengths(lengths), &lasting([301, 322, 343, 399]), "Harbour Radio").2);
        // The same words before each day are no title of its own either.
        let formula = |at: usize| format!("Headlines for November {}", 23 + at);
        let mut headlines = with_lengths([300; 4]);
        let mut of_formula = known.clone();
        for (at, (episode, wanted)) in headlines.episodes.iter_mut().zip(&mut of_formula).enumerate() {
            (episode.title, wanted.title) = (formula(at), formula(at));
        }
        assert_eq!(told(&headlines, &of_formula, "Harbour Radio"), (0, 4, false, false));
        assert_eq!(told(&headlines, &of_formula, "Casino FM"), (4, 0, true, false));
        // Three with titles of their own say whose the others are.
        let mut mixed = with_lengths([300; 4]);
        let mut known = known.clone();
        for (at, title) in ["Harbour", "Gulls", "Salt"].into_iter().enumerate() {
            title.clone_into(&mut mixed.episodes[at].title);
            title.clone_into(&mut known[at].title);
        }
        assert_eq!(told(&mixed, &known, ""), (4, 0, true, false));
    }
}

//! Titles that say nothing of an episode but what any podcast of the name may say.
//!
//! `November 23, 2026` says so by itself. Of `Headlines for November 23` only the others tell it: where several known titles
//! are the same but for their days and numbers, the words are the podcast's formula, and its namesakes may have it, too.

use std::collections::{BTreeMap, BTreeSet};

use ferrotape_domain::{Wanted, said_beside_numbers, says_nothing_of_its_own};
use unicode_normalization::UnicodeNormalization;

use super::agreement::ENOUGH;
use super::feed::Feed;
use super::titles::canonical;

/// What is bare among the known titles of a podcast.
pub(super) struct Bare {
    feed: String,
    /// What so many titles as prove a feed say beside their days and numbers.
    formulas: BTreeSet<String>,
}

impl Bare {
    /// As a feed is called, and what is known.
    pub(super) fn of(feed: &Feed, known: &[&Wanted]) -> Self {
        let feed = composed(&feed.title);
        let mut titles: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for wanted in known {
            let said = with_names(wanted, &feed, said_beside_numbers);
            titles.entry(said).or_default().insert(canonical(&wanted.title));
        }
        titles.retain(|_, titles| titles.len() >= ENOUGH);
        Self { feed, formulas: titles.into_keys().collect() }
    }

    pub(super) fn has(&self, wanted: &Wanted) -> bool {
        with_names(wanted, &self.feed, says_nothing_of_its_own)
            || self.formulas.contains(&with_names(wanted, &self.feed, said_beside_numbers))
    }
}

/// What is told of an episode's title, given the names of its podcast.
fn with_names<T>(wanted: &Wanted, feed: &str, tell: fn(&str, &[&str]) -> T) -> T {
    let own = composed(wanted.release.as_deref().unwrap_or_default());
    tell(&composed(&wanted.title), &[feed, &own])
}

fn composed(text: &str) -> String {
    text.nfc().collect()
}

#[cfg(test)]
mod tests {
    use ferrotape_domain::WantedKind;

    use super::*;

    fn are_bare(titles: &[&str]) -> Vec<bool> {
        let of = |title: &&str| Wanted {
            title: (*title).to_owned(),
            release: Some("Zed News".to_owned()),
            ..Wanted::of_kind(WantedKind::Episode)
        };
        let known: Vec<Wanted> = titles.iter().map(of).collect();
        let bare = Bare::of(&Feed::default(), &known.iter().collect::<Vec<_>>());
        known.iter().map(|wanted| bare.has(wanted)).collect()
    }

    #[test]
    fn titles_that_differ_only_in_days_and_numbers_are_bare() {
        for formula in [
            ["Headlines for November 23", "Headlines for November 24", "Headlines for November 25"],
            ["Nov 23 AM Update", "Nov 24 AM Update", "Nov 25 AM Update"],
            ["Mon morning briefing", "Tue morning briefing", "Wed morning briefing"],
            [
                "Daily Mass - November 23, 2026",
                "Daily Mass - November 24, 2026",
                "Daily Mass - November 25, 2026",
            ],
            [
                "Monday, November 23 2026 - Evening News",
                "Tuesday, November 24 2026 - Evening News",
                "Wednesday, November 25 2026 - Evening News",
            ],
            ["Day 23: Devotional", "Day 24: Devotional", "Day 25: Devotional"],
            ["Wordle 1223", "Wordle 1224", "Wordle 1225"],
            ["Part XXI", "Part XXII", "Part XXIII"],
        ] {
            assert_eq!(are_bare(&formula), [true; 3], "{formula:?}");
        }
        assert_eq!(are_bare(&["12: Harbour", "13: Gulls", "14: Salt"]), [false; 3]);
        assert_eq!(are_bare(&["Fog, Part 1", "Fog, Part 2", "Harbour"]), [false; 3], "two are no formula");
        assert_eq!(are_bare(&["Wordle 1", "Wordle 1", "Wordle 2"]), [false; 3], "one twice is one");
    }
}

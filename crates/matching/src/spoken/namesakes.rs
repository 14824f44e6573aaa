//! Several wanted podcasts of one name, each with a feed that the user named (a public one and one for paying listeners):
//! names do not tell their files apart, so the feeds must.

use std::collections::BTreeSet;

use ferrotape_domain::{ContentId, Offer, Wanted, WantedKind, feed_key};
use rustc_hash::FxHashMap;

use super::headings::name_key;

/// Whose a file is, among wanted podcasts of one name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// That of the one that is asked about.
    Its,
    /// That of another one.
    Anothers,
    /// One of several; nothing says which.
    Unknown,
}

/// The wanted podcasts that share a name, and which feeds files are of.
#[derive(Debug, Default)]
pub(super) struct Namesakes {
    /// By name: the keys of the feeds, where there are several.
    feeds: FxHashMap<String, BTreeSet<String>>,
    /// The feeds of files, where known: the same bytes may be in several.
    of_files: FxHashMap<ContentId, BTreeSet<String>>,
    /// Those feeds, each once.
    seen: BTreeSet<String>,
}

impl Namesakes {
    pub(super) fn of<'w>(wanted: impl Iterator<Item = &'w Wanted>) -> Self {
        let mut feeds: FxHashMap<String, BTreeSet<String>> = FxHashMap::default();
        for show in wanted.filter(|wanted| wanted.kind == WantedKind::Show) {
            if let Some(feed) = &show.feed {
                feeds.entry(name_key(&show.title)).or_default().insert(feed_key(feed));
            }
        }
        feeds.retain(|_, feeds| feeds.len() > 1);
        Self { feeds, ..Self::default() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.feeds.is_empty()
    }

    /// Learns which feeds a file is of.
    pub(super) fn learn(&mut self, file: &Offer, feeds: impl IntoIterator<Item = String>) {
        for feed in feeds {
            let feed = feed_key(&feed);
            self.seen.insert(feed.clone());
            self.of_files.entry(file.content.clone()).or_default().insert(feed);
        }
    }

    /// Whether a file is of the podcast `wanted` rather than of another of its name. One that several feeds gave is of
    /// each of them.
    pub(super) fn whose(&self, file: &Offer, wanted: &Wanted) -> Whose {
        let feeds = self.feeds.get(&name_key(&wanted.title));
        let Some((feeds, own)) = feeds.zip(wanted.feed.as_deref().map(feed_key)) else { return Whose::Its };
        let all: Vec<Whose> = match self.of_files.get(&file.content) {
            Some(known) => known.iter().map(|feed| among(&self.may_be(feed, feeds), &own)).collect(),
            None => vec![among(&feeds.iter().collect::<Vec<_>>(), &own)],
        };
        let best_first = [Whose::Its, Whose::Unknown];
        best_first.into_iter().find(|whose| all.contains(whose)).unwrap_or(Whose::Anothers)
    }

    /// Which of `feeds` the feed of a file may be. It may go by another name than the address that the user gave: a
    /// private one by a sum, one that moved by where it is now. Such a name is none of those whose own address is seen
    /// on other files.
    fn may_be<'f>(&self, feed: &str, feeds: &'f BTreeSet<String>) -> Vec<&'f String> {
        match feeds.get(feed) {
            Some(feed) => vec![feed],
            None => feeds.iter().filter(|feed| !self.seen.contains(*feed)).collect(),
        }
    }
}

/// Whose a file is that may be of these feeds.
fn among(may_be: &[&String], own: &String) -> Whose {
    match may_be {
        [one] if *one == own => Whose::Its,
        several if several.is_empty() || several.contains(&own) => Whose::Unknown,
        _ => Whose::Anothers,
    }
}

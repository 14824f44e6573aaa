//! Podcasts of one name, each with a feed that the user named (a public one and one for paying listeners): names do not
//! tell their files apart, so the feeds must.

use std::collections::BTreeSet;

use ferrotape_domain::{
    ContentId, Offer, PRIVATE_FEED, TagSet, Wanted, WantedKind, feed_key, one_name_holds_the_other,
};
use rustc_hash::FxHashMap;

use super::headings::name_key;
use crate::texts::normalise::fold;

/// Whose a file is, among podcasts of one name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// That of the one that is asked about.
    Its,
    /// That of another one.
    Anothers,
    /// One of several; nothing says which.
    Unknown,
}

/// The feeds of wanted podcasts by their names, and which feeds files are of.
#[derive(Debug, Default)]
pub(super) struct Namesakes {
    /// By name: the keys of the feeds of those that are wanted.
    feeds: FxHashMap<String, BTreeSet<String>>,
    /// By name: who publishes those that are wanted.
    publishers: FxHashMap<String, BTreeSet<String>>,
    /// By name: the keys of feeds that the library knows for others.
    of_others: FxHashMap<String, BTreeSet<String>>,
    /// The feeds of files, where known: the same bytes may be in several.
    of_files: FxHashMap<ContentId, BTreeSet<String>>,
    /// Those feeds, each once.
    seen: BTreeSet<String>,
}

impl Namesakes {
    pub(super) fn of<'w>(wanted: impl Iterator<Item = &'w Wanted>) -> Self {
        let mut all = Self::default();
        all.learn_wanted(wanted);
        all
    }

    /// Learns the feeds of podcasts that are wanted as well.
    pub(super) fn learn_wanted<'w>(&mut self, wanted: impl Iterator<Item = &'w Wanted>) {
        for show in wanted.filter(|wanted| wanted.kind == WantedKind::Show) {
            if let Some(feed) = &show.feed {
                self.feeds.entry(name_key(&show.title)).or_default().insert(feed_key(feed));
            }
            let publishers = show.artists.names().map(str::to_owned);
            self.publishers.entry(name_key(&show.title)).or_default().extend(publishers);
        }
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

    /// Learns that a feed is that of another podcast of this name, of which the key is given.
    pub(super) fn learn_other(&mut self, name: String, feed: &str) {
        self.of_others.entry(name).or_default().insert(feed_key(feed));
    }

    /// The keys of the feeds that gave a file.
    pub(super) fn feeds_of(&self, file: &Offer) -> impl Iterator<Item = &String> {
        self.of_files.get(&file.content).into_iter().flatten()
    }

    /// Whether a file's tags name nobody of those who publish the podcast that the episode is wanted of, as far as both
    /// are known. That alone says little, for the artist may be a guest.
    pub(super) fn names_others(&self, tags: &TagSet, episode: &Wanted) -> bool {
        let show = name_key(episode.release.as_deref().unwrap_or_default());
        let saved = self.publishers.get(&show).into_iter().flatten().map(String::as_str);
        let publishers = known(episode.artists.names().chain(saved), &show);
        let said = known(tags.album_artists.iter().chain(&tags.artists).map(String::as_str), &show);
        are_others(&said, &publishers)
    }

    /// Whether several podcasts of the name that this episode is wanted of are wanted: with feeds of their own, or by
    /// publishers neither of whose names holds the other's.
    pub(super) fn are_several(&self, episode: &Wanted) -> bool {
        let show = name_key(episode.release.as_deref().unwrap_or_default());
        let saved = self.publishers.get(&show).into_iter().flatten().map(String::as_str);
        let publishers = known(saved, &show);
        let are_apart = |one: &&str| publishers.iter().any(|other| are_others(&[*one], &[*other]));
        episode.feed.is_none()
            && (self.feeds.get(&show).is_some_and(|feeds| feeds.len() > 1)
                || publishers.iter().any(are_apart))
    }

    /// Whether a file's tags name the publisher that the episode is wanted of.
    pub(super) fn names_its_publisher(&self, tags: &TagSet, episode: &Wanted) -> bool {
        let show = name_key(episode.release.as_deref().unwrap_or_default());
        let publishers = known(episode.artists.names(), &show);
        let said = known(tags.album_artists.iter().chain(&tags.artists).map(String::as_str), &show);
        !said.is_empty() && !publishers.is_empty() && !are_others(&said, &publishers)
    }

    /// Whether a file is of the podcast `wanted` rather than of another of its name. One that several feeds gave is of
    /// each of them. To one without a feed of its own addresses say nothing: there the shelf looks what was taken for whom.
    pub(super) fn whose(&self, file: &Offer, wanted: &Wanted) -> Whose {
        let name = name_key(&wanted.title);
        let own = wanted.feed.as_deref().map(feed_key);
        let Some((feeds, own)) = self.feeds.get(&name).zip(own) else { return Whose::Its };
        let all: Vec<Whose> = match self.of_files.get(&file.content) {
            Some(known) => {
                known.iter().map(|feed| self.whose_feed(feed, (name.as_str(), feeds), &own)).collect()
            }
            None => vec![among(&feeds.iter().collect::<Vec<_>>(), &own)],
        };
        let best_first = [Whose::Its, Whose::Unknown];
        best_first.into_iter().find(|whose| all.contains(whose)).unwrap_or(Whose::Anothers)
    }

    /// Whose the files of this feed are. It may go by another name than the address that the user gave: a private one
    /// by a sum, which is none of those whose own address is seen on other files.
    ///
    /// A foreign public address is where a feed moved to, or another podcast's. Where several are wanted, it does not say
    /// of which, and what is left over proves nothing: it may be of none of them. One alone of its name has it from its
    /// own feed, which said that it moved, unless the address was named for another podcast. Those files may be the
    /// other's, which is not wanted any more, or its own, whose address the user changed: that is asked. Where a feed was
    /// taken for this very podcast, the shelf knows better.
    fn whose_feed(&self, feed: &str, (name, feeds): (&str, &BTreeSet<String>), own: &String) -> Whose {
        if feeds.contains(feed) {
            return if feed == own { Whose::Its } else { Whose::Anothers };
        }
        let is_alone = feeds.len() == 1;
        if feed.starts_with(PRIVATE_FEED) {
            let may_be: Vec<&String> =
                feeds.iter().filter(|feed| is_alone || !self.seen.contains(*feed)).collect();
            return among(&may_be, own);
        }
        let is_anothers = self.of_others.get(name).is_some_and(|others| others.contains(feed));
        if is_alone && !is_anothers { Whose::Its } else { Whose::Unknown }
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

/// Whether an episode's podcast and the wanted one have publishers that are known, and neither name holds the other: `NPR`,
/// `NPR and a station`. An episode's own artist may be a guest, so that one speaks for it only; and a feed that names no
/// author stands under the podcast's own name.
pub(super) fn is_of_other_publisher(tags: &TagSet, wanted: &Wanted) -> bool {
    let show = name_key(&wanted.title);
    let said = known(tags.album_artists.iter().map(String::as_str), &show);
    let artists = known(tags.artists.iter().map(String::as_str), &show);
    !said.is_empty() && are_others(&[said, artists].concat(), &known(wanted.artists.names(), &show))
}

/// Whether two files of podcasts of one name tell of other publishers.
pub(super) fn are_of_other_publishers(one: &TagSet, other: &TagSet, show: &str) -> bool {
    let show = name_key(show);
    let [one, other] = [one, other].map(|tags| known(tags.album_artists.iter().map(String::as_str), &show));
    are_others(&one, &other)
}

/// Those of the names that say who publishes a podcast, of which the name is given.
fn known<'n>(names: impl Iterator<Item = &'n str>, show: &str) -> Vec<&'n str> {
    names.filter(|name| !name.trim().is_empty() && name_key(name) != show).collect()
}

/// Whether both are known, and no name holds one of the others.
fn are_others(said: &[&str], publishers: &[&str]) -> bool {
    let is_other =
        |name: &str, publisher: &str| one_name_holds_the_other(&fold(name), &fold(publisher)) == Some(false);
    !said.is_empty()
        && !publishers.is_empty()
        && said.iter().all(|name| publishers.iter().all(|publisher| is_other(name, publisher)))
}

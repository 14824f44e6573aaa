//! What is known of each wanted podcast: its episodes, and the feeds that the user named for it.

use std::collections::HashMap;

use ferrotape_domain::{Fault, Wanted, WantedKind, feed_key};

use super::place::Place;
use super::titles::name_key;

/// Tells what the library wants or has heard of. It is asked with the first podcast, not before: what the same run imports
/// is known by then.
pub type AskKnown = Box<dyn Fn() -> Result<Vec<Wanted>, Fault> + Send + Sync>;

/// What is known of all podcasts, by [`group_key`].
#[derive(Default)]
pub(super) struct Known {
    shows: HashMap<String, KnownShow>,
    /// All feeds that the user named.
    feeds: Vec<String>,
    /// Those that the user typed.
    typed: Vec<String>,
}

/// What is known of one podcast.
#[derive(Default)]
pub(super) struct KnownShow {
    /// Its episodes.
    pub(super) episodes: Vec<Wanted>,
    /// Addresses of its feed, as the user named them.
    pub(super) feeds: Vec<String>,
    /// Who publishes it; empty where nobody says.
    pub(super) author: String,
}

/// What proves a podcast's feed.
#[derive(Debug, Clone, Default)]
pub(super) struct Episodes<'a> {
    pub(super) all: Vec<&'a Wanted>,
    /// Empty where nobody says.
    pub(super) publisher: &'a str,
}

impl KnownShow {
    /// Its known episodes, and what is wanted if that is one; and who publishes it.
    pub(super) fn episodes_and<'a>(&'a self, wanted: &'a Wanted) -> Episodes<'a> {
        let one = Some(wanted).filter(|wanted| wanted.kind == WantedKind::Episode);
        let publisher = wanted.artists.first().unwrap_or(&self.author);
        Episodes { all: self.episodes.iter().chain(one).collect(), publisher }
    }
}

impl Known {
    pub(super) fn of(wanted: Vec<Wanted>) -> Self {
        let mut known = Self::default();
        for wanted in wanted {
            let Some(key) = group_key(&wanted) else { continue };
            let show = known.shows.entry(key).or_default();
            if let Some(feed) = &wanted.feed {
                known.feeds.push(feed.clone());
                if !show.feeds.iter().any(|one| feed_key(one) == feed_key(feed)) {
                    show.feeds.push(feed.clone());
                }
            }
            if show.author.is_empty() {
                wanted.artists.first().unwrap_or_default().clone_into(&mut show.author);
            }
            if wanted.kind == WantedKind::Episode && !wanted.title.is_empty() {
                show.episodes.push(wanted);
            }
        }
        known
    }

    /// With the feeds that the user typed, of whatever podcasts they are.
    pub(super) fn and_typed(mut self, typed: Vec<String>) -> Self {
        self.feeds.extend(typed.iter().cloned());
        Self { typed, ..self }
    }

    /// The feed that the user named by this address.
    pub(super) fn place(&self, address: &str) -> Option<Place> {
        let typed = self.typed.iter().any(|one| feed_key(one) == feed_key(address));
        if typed { Place::typed(address) } else { Place::of_user(address) }
    }

    /// The feeds that the user typed and no list names: which podcasts they are of, only they can say.
    pub(super) fn only_typed(&self) -> impl Iterator<Item = Place> {
        let is_listed = |address: &str| {
            let mut listed = self.shows.values().flat_map(|show| &show.feeds);
            listed.any(|one| feed_key(one) == feed_key(address))
        };
        self.typed.iter().filter(move |one| !is_listed(one)).filter_map(|one| Place::typed(one))
    }

    /// What is known of podcasts of its name.
    pub(super) fn show(&self, wanted: &Wanted) -> Option<&KnownShow> {
        self.shows.get(&group_key(wanted)?)
    }

    pub(super) fn feeds(&self) -> &[String] {
        &self.feeds
    }
}

/// The name of the podcast that is wanted, or that an episode is wanted of.
pub(super) fn show_name(wanted: &Wanted) -> &str {
    match wanted.kind {
        WantedKind::Episode => wanted.release.as_deref().unwrap_or_default().trim(),
        WantedKind::Show => wanted.title.trim(),
        _ => "",
    }
}

/// What is known of podcasts is kept together by: their names, or of nameless ones their feeds. Namesakes are among each
/// other there.
fn group_key(wanted: &Wanted) -> Option<String> {
    let name = show_name(wanted);
    if name.is_empty() { wanted.feed.as_deref().map(feed_key) } else { Some(name_key(name)) }
}

/// What podcasts are told apart by when their feeds are looked for: the feed that the user named for this very one, else
/// the name. Two of one name (a public feed and one for paying listeners) have a feed each.
pub(super) fn show_key(wanted: &Wanted) -> Option<String> {
    wanted.feed.as_deref().map(feed_key).or_else(|| group_key(wanted))
}

//! Podcasts from the feeds that their makers publish for everybody.
//!
//! A wanted episode names its show and says nothing of a feed. The feed is the one that the user named for the show
//! (an imported list of podcasts), or one that a public directory names and at least three known episodes prove
//! (`agreement`); anything less is a question for the user. A feed that they named for another podcast of its name is taken
//! unless what is known speaks against it (`named`). Of the feed, a few episodes are offered, and matching
//! decides. A show that is wanted as a whole gets its newest episodes: nobody fetches a back catalogue unasked.
//!
//! Files come whole, in one go, as they are: parts of two copies are never joined, since each may have other
//! advertisements in it, and a copy that is there is never fetched again because another would have another size. The
//! address of a private feed is a key: it stands in no id, tag, message or cache (`place.rs`).
//!
//! A feed that the user named and that has become another podcast is a question (`before`), and so is which of several
//! podcasts of a name an episode is of where nothing tells (`either`).
//!
//! A public feed that has moved for good is asked where it is now, and is the same feed all the same (`moves`). A feed may
//! be in the user's own network where the user typed its address; what it names there must be on its own server.
//!
//! What there is of a feed that broke off in the middle is offered, and that there may be newer episodes is told (`cut_off`).
//!
//! A wanted episode that is not on a feed's first page is looked for on the further ones (`feeds/pages.rs`). Where a feed does
//! not have it, the one that comes nearest is named.
//!
//! Rejected: taking a feed by its name (directories hold copies and namesakes), and asking for slices of files (counted as
//! plays).

mod addresses;
mod agreement;
mod bare;
mod before;
mod chapters;
mod cut_off;
mod directories;
mod either;
mod episodes;
pub mod feed;
mod feeds;
mod finding;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod gone;
mod moves;
mod named;
mod nearest;
mod offers;
mod pictures;
mod place;
mod shows;
mod titles;

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use ferrotape_domain::{
    Asked, Cancel, Catalogue, Fault, FaultKind, Fetched, Pictures, RemoteOffer, Searches, Sums, Wanted,
    WantedKind,
};

pub use addresses::is_feed_address;
pub use before::WAS;
pub use directories::PodcastIndexKey;
pub use moves::MOVED;

/// Apple's directory, as what waits for it is told.
pub const APPLE: &str = "podcasts/itunes.apple.com";

use crate::net::{Download, Got, Keep, Net, Reply};
use feed::{Feed, FeedEpisode};
use feeds::{Answer, Had, fault};
use finding::Finder;
use place::{Place, names_of, public_of};
use shows::show_name;

pub use shows::AskKnown;

/// The source's name.
pub const NAME: &str = ferrotape_domain::PODCASTS;

/// The most bytes that an episode may have.
const LARGEST_FILE: u64 = 4 << 30;

/// How podcasts are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// So many episodes of a show that is wanted as a whole, the newest.
    pub newest: usize,
    /// The country whose directory of Apple is asked first, by its two letters; that of the US is asked as well.
    pub country: String,
    /// The user's key for Podcast Index, which is not asked without one.
    pub podcast_index: Option<PodcastIndexKey>,
    /// Addresses of feeds that the user typed: these may be in their own network.
    pub feeds: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { newest: 5, country: "US".to_owned(), podcast_index: None, feeds: Vec::new() }
    }
}

/// The podcasts of all hosts. Its `Debug` shows nothing: feeds are full of keys.
pub struct Podcasts {
    finder: Finder,
}

impl fmt::Debug for Podcasts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Podcasts").finish_non_exhaustive()
    }
}

impl Podcasts {
    /// `known` tells what the library wants or has heard of: episodes, which prove feeds, and shows with the feeds that the
    /// user named. Other kinds are passed over.
    pub fn new(net: Net, settings: Settings, known: AskKnown) -> Self {
        Self { finder: Finder::new(net, settings, known) }
    }

    /// Of shows that were asked for and cannot be had from a public feed: the name, and why as a sentence without full
    /// stop.
    pub fn notes(&self) -> Vec<(String, String)> {
        self.finder.notes()
    }

    /// The feed that an offer is of.
    fn place_of(&self, name: &str) -> Result<Place, Fault> {
        let known = self.finder.known()?;
        let mut named = known.feeds().iter().filter_map(|feed| known.place(feed));
        let of_user = named.find(|place| place.name() == name);
        of_user.or_else(|| public_of(name)).ok_or_else(|| {
            let reason =
                "its private feed is not among your podcasts any more – import the feed's address again";
            fault("", FaultKind::NeedsUser, reason)
        })
    }

    /// The episode that an offer is, anew from its feed: what is signed in addresses does not last.
    fn episode_of(&self, offer_id: &str, cancel: &Cancel) -> Result<(Arc<Had>, FeedEpisode), Fault> {
        let no_episode = "its feed does not have this episode any more";
        let (feed, episode) =
            names_of(offer_id).ok_or_else(|| fault("", FaultKind::Permanent, no_episode))?;
        let place = self.place_of(feed)?;
        let gone = || fault(place.host(), FaultKind::Permanent, no_episode);
        let Answer::Feed(had) = self.finder.feeds.get(&place, cancel)? else { return Err(gone()) };
        let is_it = |one: &&FeedEpisode| place.episode_name(&one.id) == episode;
        let has_it = |feed: &Feed| feed.episodes.iter().any(|one| is_it(&one));
        let had = self.finder.feeds.until(had, &has_it, cancel)?;
        let found = had.feed.episodes.iter().find(is_it);
        let episode = found.cloned().ok_or_else(|| had.may_lack().unwrap_or_else(gone))?;
        Ok((had, episode))
    }
}

impl Catalogue for Podcasts {
    fn name(&self) -> &str {
        NAME
    }

    fn may_hold(&self, kind: WantedKind) -> bool {
        matches!(kind, WantedKind::Episode | WantedKind::Show)
    }

    fn asked(&self) -> Asked<'_> {
        Asked::Search(self)
    }

    fn is_sure_of_feeds(&self) -> bool {
        true
    }

    fn doubted_feeds(&self, wanted: &Wanted) -> Vec<String> {
        self.finder.doubted_feeds(wanted)
    }

    fn pictures(&self) -> Option<&dyn Pictures> {
        Some(self)
    }

    fn says_of(&self, wanted: &Wanted) -> Option<String> {
        self.finder.note(wanted).or_else(|| self.finder.nearest(wanted))
    }

    fn may_have_more(&self, wanted: &Wanted) -> Option<Fault> {
        self.finder.may_have_newer(wanted)
    }

    fn fetch(
        &self,
        offer: &RemoteOffer,
        to: &Path,
        came: &(dyn Fn(u64) + Sync),
        cancel: &Cancel,
    ) -> Result<Fetched, Fault> {
        let (had, episode) = self.episode_of(&offer.id, cancel)?;
        let request = had.request_with_login(&episode.audio.url)?.kept_as(&offer.id, Keep::Not);
        let host = request.address.host().to_owned();
        let sums = Sums::default();
        let what = Download { request, to, size: None, sums: &sums, max_bytes: LARGEST_FILE, came };
        match self.finder.net.download_or_else(&what, cancel)? {
            Got::File(fetched) if had.place.is_private() => Ok(Fetched { url: None, ..fetched }),
            Got::File(fetched) => Ok(fetched),
            Got::Else(reply) => Err(no_sound(&reply, &host)),
        }
    }
}

impl Searches for Podcasts {
    fn search(&self, wanted: &Wanted, cancel: &Cancel) -> Result<Vec<RemoteOffer>, Fault> {
        if !self.may_hold(wanted.kind) {
            return Ok(Vec::new());
        }
        let Some(had) = self.finder.feed_of(wanted, cancel)? else { return Ok(Vec::new()) };
        // Of a podcast the newest are wanted, which are on the first page.
        let had = match wanted.kind {
            WantedKind::Show => had,
            _ => self.finder.feeds.until(had, &|feed: &Feed| episodes::has(feed, wanted), cancel)?,
        };
        let found = match wanted.kind {
            WantedKind::Show => episodes::newest(&had.feed, self.finder.settings.newest),
            _ => episodes::may_be(&had.feed, wanted),
        };
        // An old feed does not tell that there is no such episode by now, nor does half a feed.
        if let Some(fault) = had.may_lack().filter(|_| found.is_empty()) {
            return Err(fault);
        }
        self.finder.note_nearest(&had, &found, wanted);
        self.finder.note_cut_off(&had, wanted);
        let offers = found.into_iter().map(|episode| {
            let chapters = self.finder.feeds.chapters(&had, episode, cancel);
            offers::offer((&had.place, &had.feed), episode, chapters, show_name(wanted))
        });
        Ok(offers.collect())
    }
}

/// What a host sends instead of the sound.
fn no_sound(reply: &Reply, host: &str) -> Fault {
    match reply.status {
        200..300 => fault(
            host,
            FaultKind::Temporary { retry_after_seconds: None },
            format!("{host} sends a page or text instead of the sound"),
        ),
        401 | 403 => fault(
            host,
            FaultKind::NeedsUser,
            format!("{host} gives the sound to subscribers only (status {})", reply.status),
        ),
        404 | 410 => fault(
            host,
            FaultKind::Permanent,
            format!("the sound is not at {host} any more (status {})", reply.status),
        ),
        status => fault(
            host,
            FaultKind::Permanent,
            format!("{host} answers with status {status} instead of the sound"),
        ),
    }
}

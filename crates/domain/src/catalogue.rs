//! Places elsewhere that have audio: what they can be asked, what they offer, and what stays known of a file that came
//! from one.
//!
//! A place does what it can: one that can list all it has is a [`ListsAll`], one that must be asked for each thing a
//! [`Searches`]. What is fetched becomes a file of the user's collection, is scanned and matched like any other, and keeps
//! its [`Provenance`] by content, place and the place's name for it.

use std::path::Path;
use std::time::Duration;

use crate::{AudioFormat, Cancel, ContentId, Fault, TagSet, Wanted, WantedKind};

/// Why a copy may be made, as far as the place says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rights {
    /// It is the user's: on their own server, bought, or ripped from a disc of theirs.
    Own,
    /// An open licence, or the public domain.
    Licence {
        /// As people call it: `CC BY-SA 4.0`, `public domain`.
        name: String,
        /// Where it can be read; `http` or `https`.
        url: Option<String>,
    },
    /// It is offered to everybody in a podcast's feed.
    PublicFeed,
    /// The artist allows it for such collections, without a licence's name: the text says how.
    Permission(String),
    /// Nothing is said; such audio is never taken.
    Unknown,
}

impl Rights {
    /// Whether a copy may be made.
    pub fn allow_a_copy(&self) -> bool {
        !matches!(self, Self::Unknown)
    }

    /// A short text for people: `CC BY 4.0`, `your own`.
    pub fn words(&self) -> &str {
        match self {
            Self::Own => "your own",
            Self::Licence { name, .. } => name,
            Self::PublicFeed => "public podcast feed",
            Self::Permission(how) => how,
            Self::Unknown => "unknown",
        }
    }
}

/// Sums that a place gives for a file, in lower-case hex. What is fetched must have them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the sums'")]
pub struct Sums {
    pub md5: Option<String>,
    pub sha1: Option<String>,
    pub sha256: Option<String>,
}

/// Begins the name of a feed whose address may hold a key; what follows is a sum of it.
pub const PRIVATE_FEED: &str = "private:";

/// The place of podcasts. It alone reads feeds, so it alone is believed about them: any other place, such as a program, may
/// say of a file what it likes.
pub const PODCASTS: &str = "podcasts";

/// Ends the name of a folder in which a file lies until it is whole and known; scans pass such folders over.
pub const FETCHING: &str = ".fetching";

/// Audio that a place elsewhere has.
#[derive(Debug, Clone, PartialEq)]
pub struct RemoteOffer {
    /// The place's own name for it, stable between runs, enough to fetch it; says nothing secret.
    pub id: String,
    /// The name that the file has there, with its ending; only a hint.
    pub file_name: String,
    /// The folders that it lies in there, the nearest last, with `/` between them; only a hint, and empty where they say
    /// nothing.
    pub folder: String,
    /// What the place says that it is.
    pub tags: TagSet,
    /// Playing time.
    pub duration: Option<Duration>,
    /// What the ending or media type says.
    pub format: Option<AudioFormat>,
    /// Average bit rate in kbit/s.
    pub bitrate_kbps: Option<u32>,
    /// Size in bytes, where the place can be believed.
    pub size: Option<u64>,
    /// Sums of the bytes.
    pub sums: Sums,
    /// Why a copy may be made.
    pub rights: Rights,
    /// A page about it for people.
    pub page: Option<String>,
}

impl RemoteOffer {
    /// One of which the place tells nothing more.
    pub fn bare(id: &str, file_name: &str, rights: Rights) -> Self {
        Self {
            id: id.to_owned(),
            file_name: file_name.to_owned(),
            folder: String::new(),
            tags: TagSet::default(),
            duration: None,
            format: None,
            bitrate_kbps: None,
            size: None,
            sums: Sums::default(),
            rights,
            page: None,
        }
    }
}

/// A file that was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of the bytes, in lower-case hex.
    pub sha256: String,
    /// Where it was had, without anything secret; `None` where that is no address.
    pub url: Option<String>,
}

/// What stays known of a file that did not come with the user's own folders, kept by content, place and the place's name for
/// it: equal bytes may be several things.
#[derive(Debug, Clone, PartialEq)]
pub struct Provenance {
    /// The file's content.
    pub content: ContentId,
    /// The name under which it was put into the collection; empty where that says nothing.
    pub file_name: String,
    /// The place: [`Catalogue::name`], `inbox`, `cd`.
    pub source: String,
    /// [`RemoteOffer::id`], or the name of the archive or disc it came in.
    pub remote_id: String,
    /// Where it was had.
    pub url: Option<String>,
    /// A page about it for people.
    pub page: Option<String>,
    /// Why there may be a copy.
    pub rights: Rights,
    /// A note for people: the shop's zip, the rip's check.
    pub note: String,
    /// When, in seconds since 1970 UTC.
    pub at: i64,
    /// SHA-256 of the bytes as they came, in lower-case hex.
    pub sha256: String,
    /// What the place said that it is; stands in where the file's own tags are silent. An episode's feed is believed before
    /// the file ([`Provenance::is_of_feed`]).
    pub said: TagSet,
}

impl Provenance {
    /// Whether it is an episode that was had from its feed. What another place says is of a public feed is that place's
    /// word alone.
    pub fn is_of_feed(&self) -> bool {
        is_of_feed(&self.source, &self.rights)
    }

    /// The feed that an episode was had from; see [`RemoteOffer::feed`].
    pub fn feed(&self) -> Option<&str> {
        feed_in(&self.source, &self.remote_id, &self.rights)
    }
}

impl RemoteOffer {
    /// The feed that an episode is of, as its id begins: the feed's address, or of one whose address may hold a key a sum
    /// that says nothing. `place` has the offer: any other than that of podcasts is believed as little as after the fetch.
    pub fn feed(&self, place: &str) -> Option<&str> {
        feed_in(place, &self.id, &self.rights)
    }
}

/// A program may call what it has a public feed's, too.
fn is_of_feed(place: &str, rights: &Rights) -> bool {
    place == PODCASTS && *rights == Rights::PublicFeed
}

fn feed_in<'a>(place: &str, id: &'a str, rights: &Rights) -> Option<&'a str> {
    let (feed, _) = id.split_once(' ').filter(|_| is_of_feed(place, rights))?;
    Some(feed)
}

/// Kinds of places where all there is the user's.
const OWN_KINDS: [&str; 2] = ["subsonic", "jellyfin"];

/// Whether all there is at the place of this name is the user's: its kind stands before the colon, and says so also where the
/// place itself was taken away.
pub fn is_own_place(name: &str) -> bool {
    name.split_once(':').is_some_and(|(kind, _)| OWN_KINDS.contains(&kind))
}

/// A place elsewhere that has audio.
pub trait Catalogue: Send + Sync {
    /// Its name in messages, options and on record: `subsonic:home`, `internet-archive`. Stable between runs.
    fn name(&self) -> &str;

    /// Whether it may have things of this kind at all; others it is not asked for.
    fn may_hold(&self, kind: WantedKind) -> bool;

    /// Whether all there is the user's: then what only comes near is fetched, too, so that it can be listened to and
    /// chosen in a review.
    fn is_own(&self) -> bool {
        is_own_place(self.name())
    }

    /// How it is asked.
    fn asked(&self) -> Asked<'_>;

    /// Whether what it has for a podcast is of a feed that surely is that podcast's, because the user named it or episodes
    /// prove it. Others only tell what may be it.
    fn is_sure_of_feeds(&self) -> bool {
        false
    }

    /// Feeds that it may have taken for a podcast once and that what is known speaks against now, as [`RemoteOffer::feed`]
    /// names them. It is asked after the search for the podcast.
    fn doubted_feeds(&self, _wanted: &Wanted) -> Vec<String> {
        Vec::new()
    }

    /// The pictures of what it gave, where it has such beside the audio.
    fn pictures(&self) -> Option<&dyn Pictures> {
        None
    }

    /// Why it has nothing for a thing that it was asked for, where it knows more than that; a sentence without full stop.
    fn says_of(&self, _wanted: &Wanted) -> Option<String> {
        None
    }

    /// Why there may be more of a thing than it offered, such as that a feed broke off in the middle. It is asked after the
    /// search for the thing.
    fn may_have_more(&self, _wanted: &Wanted) -> Option<Fault> {
        None
    }

    /// Fetches a file and puts it, whole and checked, at `to`. What lies beside it half done is gone on with.
    /// `came` is told of each piece, in bytes.
    fn fetch(
        &self,
        offer: &RemoteOffer,
        to: &Path,
        came: &(dyn Fn(u64) + Sync),
        cancel: &Cancel,
    ) -> Result<Fetched, Fault>;
}

/// A place that has pictures beside its audio. Its word for what it gave is [`RemoteOffer::id`].
pub trait Pictures: Send + Sync {
    /// How the picture of what it gave is called: the same picture always the same, in letters and digits that say nothing
    /// secret. `None`: it has none. `Err`: who tells, such as a podcast's feed, cannot be asked now.
    fn picture_name(&self, offer_id: &str, cancel: &Cancel) -> Result<Option<String>, Fault>;

    /// The picture's bytes, as they come. What is permanent is the picture's own fault.
    fn picture(&self, offer_id: &str, cancel: &Cancel) -> Result<Vec<u8>, Fault>;
}

/// How a place is asked what it has.
pub enum Asked<'a> {
    /// It lists everything.
    Whole(&'a dyn ListsAll),
    /// It is asked for each thing.
    Search(&'a dyn Searches),
}

/// A place that can list everything it has.
pub trait ListsAll: Send + Sync {
    /// Differs when what is there has changed, and costs one request at most; `None` where the place cannot tell.
    fn mark(&self, cancel: &Cancel) -> Result<Option<String>, Fault>;

    /// Lists everything, page by page. `Err` in the middle means that the listing is not whole.
    fn list(
        &self,
        cancel: &Cancel,
        page: &mut dyn FnMut(Vec<RemoteOffer>) -> Result<(), Fault>,
    ) -> Result<(), Fault>;
}

/// A place that is asked for one thing after the other.
pub trait Searches: Send + Sync {
    /// What may be the wanted thing; matching decides. Empty: asked, has none.
    fn search(&self, wanted: &Wanted, cancel: &Cancel) -> Result<Vec<RemoteOffer>, Fault>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_of_the_users_are_their_own_and_no_other_place_is() {
        assert!(is_own_place("subsonic:home") && is_own_place("jellyfin:den"));
        for other in ["jamendo", "program:subsonic", "subsonic", "podcasts", ""] {
            assert!(!is_own_place(other), "{other}");
        }
    }

    #[test]
    fn only_the_place_of_podcasts_is_believed_about_feeds() {
        let origin = |source: &str, rights| Provenance {
            content: ContentId("a".to_owned()),
            file_name: String::new(),
            source: source.to_owned(),
            remote_id: "https://feeds.example/tide 1".to_owned(),
            url: None,
            page: None,
            rights,
            note: String::new(),
            at: 5,
            sha256: String::new(),
            said: TagSet::default(),
        };
        let episode = origin(PODCASTS, Rights::PublicFeed);
        assert_eq!((episode.is_of_feed(), episode.feed()), (true, Some("https://feeds.example/tide")));
        for other in [origin("program:shelf", Rights::PublicFeed), origin(PODCASTS, Rights::Own)] {
            assert_eq!((other.is_of_feed(), other.feed()), (false, None), "{other:?}");
        }
        // Nor is it before anything is fetched.
        let offer = |rights| RemoteOffer::bare("https://feeds.example/tide 1", "1.mp3", rights);
        let episode = offer(Rights::PublicFeed);
        assert_eq!(episode.feed(PODCASTS), Some("https://feeds.example/tide"));
        assert_eq!((episode.feed("program:shelf"), offer(Rights::Own).feed(PODCASTS)), (None, None));
    }
}

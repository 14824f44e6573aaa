//! A podcast's feed as plain data, read from whatever a host sends.
//!
//! Two passes, both pure: `decode` makes clean text of the bytes (letters by what is true rather than declared, no
//! control characters, no bare `<`), and `reading` takes it in with quick-xml, tag by tag. Nothing that is broken
//! loses what is whole: a feed that is cut off gives the episodes before the cut, and says so.
//!
//! Rejected (decision 0032): the `rss` crate, which keeps the last of several enclosures and gives up at a bare `&`;
//! `feed-rs`, which drops the podcast namespace and makes up another id on every reading.

mod dates;
mod decode;
mod episode;
mod lengths;
mod names;
mod reading;
mod texts;

use std::time::Duration;

use ferrotape_domain::Chapter;

pub use dates::Published;
pub(super) use dates::days;
pub(super) use episode::end_chapters;

/// Bytes of a feed that are read; the longest there are have about a third of this.
pub const MOST_BYTES: usize = 32 << 20;
/// Episodes of a feed that are kept: a daily show of fifty years.
pub const MOST_EPISODES: usize = 20_000;

/// What a feed says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Feed {
    /// The podcast's name; empty where it has none.
    pub title: String,
    /// Who makes it.
    pub author: Option<String>,
    /// Its page for people; `http` or `https`, as all addresses here.
    pub site: Option<String>,
    /// The address of its picture.
    pub image: Option<String>,
    /// As it says: `en-gb`.
    pub language: Option<String>,
    /// Its `podcast:guid`.
    pub guid: Option<String>,
    /// Where it has moved to.
    pub new_feed_url: Option<String>,
    /// Where its older episodes are, if it comes in several pages (RFC 5005).
    pub older: Option<String>,
    /// Those with audio, in the feed's order, which is mostly the newest first.
    pub episodes: Vec<FeedEpisode>,
    /// Whether it was there to its end.
    pub is_whole: bool,
    /// Whether it breaks off in the middle, so that there may be more of it.
    pub is_cut_off: bool,
    /// What was not understood, as sentences without full stop.
    pub problems: Vec<String>,
}

/// An episode that has audio.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FeedEpisode {
    /// Its `guid`, or where that is missing a sum of the feed's address and its audio's; unlike all others of the feed.
    pub id: String,
    /// Its title; empty where it has none.
    pub title: String,
    /// Who made it, where that is told apart from the podcast's author.
    pub author: Option<String>,
    /// What it is about, as text without markup.
    pub description: Option<String>,
    /// Its page for people.
    pub page: Option<String>,
    /// When it was published.
    pub published: Option<Published>,
    /// How long it plays; advertisements may make it longer.
    pub duration: Option<Duration>,
    /// Its season.
    pub season: Option<u32>,
    /// Its number.
    pub number: Option<u32>,
    /// The address of a picture of its own.
    pub image: Option<String>,
    /// Its audio.
    pub audio: Enclosure,
    /// Chapters that stand in the feed itself; the end of the last one is its beginning where nothing tells it.
    pub chapters: Vec<Chapter>,
    /// Where its chapters are.
    pub chapters_url: Option<String>,
    /// Where it can be read.
    pub transcripts: Vec<Transcript>,
}

/// A file of audio.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Enclosure {
    /// Where it is.
    pub url: String,
    /// What it is said to be, in lower case; may be empty or wrong.
    pub media_type: String,
    /// How many bytes it is said to have: often wrong.
    pub size: Option<u64>,
}

/// A transcript of an episode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transcript {
    /// Where it is.
    pub url: String,
    /// Its media type, in lower case.
    pub media_type: String,
}

/// Why bytes are no podcast's feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAFeed {
    /// More than [`MOST_BYTES`].
    #[error("it has more than {} MiB, which no podcast's feed has", MOST_BYTES >> 20)]
    TooBig,
    /// Nothing at all.
    #[error("it is empty")]
    Empty,
    /// A page for people: a sign-in, a "not found".
    #[error("it is a web page, no feed")]
    WebPage,
    /// Something else.
    #[error("it is neither RSS nor Atom")]
    NotXml,
}

/// Reads a feed that was had from `address` with this `Content-Type`.
pub fn read_feed(bytes: &[u8], content_type: Option<&str>, address: &str) -> Result<Feed, NotAFeed> {
    if bytes.len() > MOST_BYTES {
        return Err(NotAFeed::TooBig);
    }
    let decoded = decode::decode(bytes, content_type);
    let clean = decode::clean(&decoded.text);
    if clean.text.is_empty() {
        return Err(if bytes.iter().all(u8::is_ascii_whitespace) {
            NotAFeed::Empty
        } else {
            NotAFeed::NotXml
        });
    }
    let mut feed = reading::read(&clean.text, address)?;
    let odd =
        [(decoded.has_lost, "some of its letters could not be read"), (clean.had_words_before, WORDS_BEFORE)];
    let odd = odd.into_iter().filter(|(is, _)| *is).map(|(_, says)| says.to_owned());
    feed.problems.splice(0..0, odd);
    Ok(feed)
}

const WORDS_BEFORE: &str = "something that is no part of it stands before it";

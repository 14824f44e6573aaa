//! What is remembered of services between runs, and the port to where it is remembered.
//!
//! A *line* is what shares one rate limit, one breaker and one standing: a service (`musicbrainz`), a server of the
//! user's (`subsonic:home`), or a host of many (`podcasts/feeds.example.org`). The part before the slash is the service.

use crate::Fault;

/// How a line stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The line.
    pub line: String,
    /// Whether the last contact failed, and since when it has: milliseconds since 1970 UTC.
    pub down_since: Option<i64>,
    /// When it last gave a good answer.
    pub last_good: Option<i64>,
    /// Failures in a row.
    pub failures: u32,
    /// Not to be asked before this; 0 when it may be asked at once.
    pub not_before: i64,
    /// Why the last contact failed; empty when it did not.
    pub reason: String,
}

/// A time in which a line could not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// The line.
    pub line: String,
    /// When it began, in milliseconds since 1970 UTC.
    pub from: i64,
    /// When it ended; `None` while it goes on.
    pub until: Option<i64>,
    /// Why, as it was first said.
    pub reason: String,
}

/// An answer that was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAnswer {
    /// When it came or was last confirmed, in milliseconds since 1970 UTC.
    pub at: i64,
    /// The status; 404 and 410 are answers, too: "has none".
    pub status: u16,
    /// The media type.
    pub content_type: String,
    /// What to ask with whether it is still so; empty when the service gave none.
    pub etag: String,
    /// The same as a date.
    pub last_modified: String,
    /// The body.
    pub body: Vec<u8>,
}

/// Something that one alone has, until it is dropped.
pub type Hold = Box<dyn Send>;

/// Where all this is remembered. Shared between processes; each call is one step.
pub trait ServiceMemory: Send + Sync {
    /// Takes the line's next turn, at least `gap_ms` after the one before whoever took that; when it comes, in
    /// milliseconds since 1970 UTC. May be in the past, and is then now.
    fn take_turn(&self, line: &str, now_ms: i64, gap_ms: i64) -> Result<i64, Fault>;

    /// Holds a name of the line's, such as one of its places, until that is dropped or the process ends, in whatever way;
    /// `None` while another holds it, in this process or in one that remembers in the same place.
    fn hold(&self, line: &str, name: &str) -> Result<Option<Hold>, Fault>;

    /// How a line stands; `None` when it was never asked.
    fn standing(&self, line: &str) -> Result<Option<Standing>, Fault>;

    /// How all lines stand.
    fn standings(&self) -> Result<Vec<Standing>, Fault>;

    /// Takes down a good answer; ends an incident.
    fn went_well(&self, line: &str, now_ms: i64) -> Result<(), Fault>;

    /// Takes down a failure; begins an incident or goes on with it.
    fn went_wrong(&self, line: &str, now_ms: i64, not_before: i64, reason: &str) -> Result<(), Fault>;

    /// The newest incidents, newest first.
    fn incidents(&self, most: usize) -> Result<Vec<Incident>, Fault>;

    /// The answer kept under this key.
    fn answer(&self, key: &str) -> Result<Option<KeptAnswer>, Fault>;

    /// Keeps an answer in place of an earlier one.
    fn keep(&self, line: &str, key: &str, answer: &KeptAnswer) -> Result<(), Fault>;

    /// A kept value of a service's own that is no answer, such as the way a server wants its sign-in.
    fn note(&self, line: &str, name: &str) -> Result<Option<String>, Fault>;

    /// Keeps such a value.
    fn keep_note(&self, line: &str, name: &str, value: &str) -> Result<(), Fault>;
}

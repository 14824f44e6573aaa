//! The connected account: what can be asked of it, what it answered, and the port through which it is asked.
//!
//! Only the parts are named here. What an answer means is read by `import`; how it is asked for is a service's
//! matter; where it is kept for a while is the library's.

use crate::{Cancel, Fault, Progress};

/// A part of the account's library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountPart {
    /// The saved tracks.
    Tracks,
    /// The saved albums.
    Albums,
    /// The saved episodes.
    Episodes,
    /// The saved podcasts.
    Shows,
    /// The saved audiobooks.
    Audiobooks,
    /// The artists followed.
    Artists,
    /// The list of playlists, where it could not be had.
    Playlists,
    /// The entries of one playlist.
    Playlist {
        /// Its name; empty where the service gave none.
        name: String,
        /// Its link as the service gave it.
        link: String,
    },
}

/// What the account answered to one part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountAnswer {
    /// What was asked.
    pub part: AccountPart,
    /// A JSON object whose `items` are all rows of the part, in the service's order; or why it cannot be had, as a
    /// sentence without a full stop.
    pub rows: Result<Vec<u8>, String>,
}

/// A whole pull.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pulled {
    /// Every part, in a fixed order.
    pub answers: Vec<AccountAnswer>,
    /// Requests this run made.
    pub asked: u64,
    /// Rows that were kept from earlier and not asked for again.
    pub kept_rows: u64,
}

/// Keeps what an account answered, for a while. Answers expire; see `docs/account.md`.
pub trait AnswerCache {
    /// The answer kept under this key, and when it came, in seconds since 1970 UTC.
    fn answer(&self, asked: &str) -> Result<Option<(i64, Vec<u8>)>, Fault>;

    /// Keeps an answer in place of an earlier one under the same key. Durable when it returns.
    fn keep(&self, asked: &str, at: i64, answer: &[u8]) -> Result<(), Fault>;
}

/// An account that can be asked for its library.
pub trait AccountSource {
    /// Asks for everything that is not known yet; what comes is kept at once. A [`Fault`] in the middle loses
    /// nothing: the next call goes on from there.
    fn pull(
        &self,
        cache: &dyn AnswerCache,
        progress: &dyn Progress,
        cancel: &Cancel,
    ) -> Result<Pulled, Fault>;

    /// Called once what was pulled is recorded: the next pull asks anew what may have changed.
    fn recorded(&self, cache: &dyn AnswerCache) -> Result<(), Fault>;
}

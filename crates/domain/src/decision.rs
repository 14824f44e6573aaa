//! What a person said about a match. Kept for ever.

use crate::{ContentId, Heard};

/// The user's word on one wanted recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// This file is the recording.
    UseFile {
        /// The file's content when it was chosen; found again after a move.
        content: ContentId,
        /// Where it was when it was chosen; found again after a re-tag.
        path: String,
        /// How it sounded; found again after both, in another format, or on another machine. `None` where nobody
        /// listened to it.
        heard: Option<Heard>,
    },
    /// None of the candidates shown; these files are never proposed again.
    NoneOfThese {
        /// Content of the files that were refused.
        refused: Vec<ContentId>,
        /// How they sounded, as far as somebody listened; they are refused after a re-tag, too.
        heard: Vec<Heard>,
    },
    /// It is not to be on the player, whatever files come; never ask again.
    LeaveOut,
}

/// A verdict and what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Link or name key of the wanted recording.
    pub wanted_key: String,
    /// How a person would name it.
    pub label: String,
    /// What was said.
    pub verdict: Verdict,
    /// When, seconds since 1970 UTC.
    pub decided_at: i64,
}

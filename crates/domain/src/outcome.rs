//! How a wanted thing ended. Each ends in exactly one of these, and the totals add up.

/// The seven outcomes of the report.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Its file is on the player.
    OnPlayer {
        /// Path on the player, relative to its root.
        path: String,
        /// Set when it is not exactly what is wanted but stands in for it, a part of an album or perhaps of a podcast
        /// too: what it is. Of these two also what else of them does not come, and why.
        substitute: Option<String>,
    },
    /// A person must choose; the text tells why.
    NeedsReview(String),
    /// No source has it; the text tells what was looked for.
    NotInSources(String),
    /// It could not be asked for or done now.
    Waiting {
        /// What it waits for.
        reason: String,
        /// Until when, in words: a time, or an event such as "there is space on the player".
        until: String,
        /// The services and places that it waits for, by name; none where it is something else.
        on: Vec<String>,
    },
    /// It was tried and went wrong; the text tells how.
    Failed(String),
    /// The user said that it is not to be on the player, or only the newest of its podcast; the text tells so.
    LeftOut(String),
    /// Nothing that can be filled yet: an entry that was empty already.
    NotYet(String),
}

impl Outcome {
    /// The stable words, in the order of the report.
    pub const WORDS: [&'static str; 7] =
        ["on_player", "needs_review", "not_in_sources", "waiting", "failed", "left_out", "not_yet"];

    /// The stable word of this outcome.
    pub fn word(&self) -> &'static str {
        match self {
            Self::OnPlayer { .. } => "on_player",
            Self::NeedsReview(_) => "needs_review",
            Self::NotInSources(_) => "not_in_sources",
            Self::Waiting { .. } => "waiting",
            Self::Failed(_) => "failed",
            Self::LeftOut(_) => "left_out",
            Self::NotYet(_) => "not_yet",
        }
    }
}

//! What matching decided for one wanted recording, and on which evidence.

use std::fmt;

/// One reason for or against an offer, fit to be shown to the user.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// A stable word: `isrc`, `mbid`, `title`, `artist`, `album`, `duration`, `version`, `file_name`, `sound`,
    /// `decision`; of spoken word also `date`, `kind`, `parts`.
    pub kind: &'static str,
    /// Points added to (or, negative, taken from) the score.
    pub weight: f32,
    /// A short sentence without full stop: `same title`, `live, but the studio recording is wanted`.
    pub says: String,
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.says)
    }
}

/// Why an offer must not be chosen without asking, whatever its score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objection {
    /// A stable word for the gravest reason: `spelling`, `artist`, `title`, `duration`, `version`, `sound`, `names`; of
    /// spoken word also `date`, `kind`, `parts`.
    pub kind: &'static str,
    /// All reasons as one sentence without full stop: `live, but the plain recording is wanted, 41 s longer`.
    pub says: String,
}

/// An offer that may be the wanted recording.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// [`crate::Offer::file_id`] of the offer.
    pub file_id: i64,
    /// From 0 to 1: the share of offers with this score that turn out to be the wanted recording.
    pub score: f32,
    /// Why.
    pub evidence: Vec<Evidence>,
    /// Set when it is not exactly what is wanted but may stand in for it: `a remaster of it`. To be shown wherever
    /// the match is.
    pub substitute: Option<String>,
    /// Why it must not be chosen without asking; `None` where nothing forbids it.
    pub objection: Option<Objection>,
}

/// The three results of matching.
#[derive(Debug, Clone, PartialEq)]
pub enum Choice {
    /// This is the recording.
    Chosen(Match),
    /// It may be one of these, best first; a person must say. The text tells why it was not chosen.
    Review(Vec<Match>, String),
    /// No offer comes near. The text tells what was looked for.
    None(String),
}

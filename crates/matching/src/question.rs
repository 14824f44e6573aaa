//! What matching is asked, and what is known beside the files' texts.

use std::collections::HashMap;

use ferrotape_domain::{ContentId, Heard, Match, Wanted};

use crate::{Choice, Policy};

/// One wanted recording and what may stand in for it.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// What is wanted.
    pub wanted: &'a Wanted,
    /// How careful to be.
    pub policy: &'a Policy,
}

/// Tells whether the user has refused this file for this wanted thing; such files are never proposed again.
pub type Refused<'a> = dyn Fn(&Wanted, &ContentId) -> bool + Sync + 'a;

/// What is known beside the files' texts.
#[derive(Clone, Copy)]
pub struct Knowledge<'a> {
    /// What the user refused.
    pub refused: &'a Refused<'a>,
    /// What was heard of some files; the others' audio is not known.
    pub heard: &'a HashMap<ContentId, Heard>,
    /// Whether every file was measured that can be. Then one without a playing time is asked about where one is wanted:
    /// it may be anything of that name.
    pub measured: bool,
}

/// Why a recording was matched or not: all that was near, with its reasons.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The same answer that [`crate::choose_all`] gives.
    pub choice: Choice,
    /// What was looked at, best first.
    pub near: Vec<Near>,
}

/// One file that was looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Near {
    /// The file, its score and every reason.
    pub found: Match,
    /// Why it must not be chosen, whatever its score; `None` when nothing forbids it.
    pub rejected: Option<String>,
}

static NOTHING_HEARD: std::sync::LazyLock<HashMap<ContentId, Heard>> = std::sync::LazyLock::new(HashMap::new);

impl Knowledge<'static> {
    /// Nothing was refused and nothing heard.
    pub fn nothing() -> Self {
        Self { refused: &|_, _| false, heard: &NOTHING_HEARD, measured: false }
    }
}

//! How the tracks of a plan ended, and why one could not be made.

use std::collections::HashMap;
use std::io;
use std::path::Path;

use ferrotape_audio::MakeError;
use ferrotape_device::{DeviceError, Receipt};
use ferrotape_domain::Outcome;

use super::reuse::MadeBy;

/// How one planned track ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrackResult {
    /// It is in its place.
    Written {
        /// How its sound came to be.
        by: MadeBy,
        /// Bytes written.
        bytes: u64,
        /// What the user should know, e.g. damaged frames that were left out.
        notes: Vec<String>,
    },
    /// It went wrong; the text tells how.
    Failed(String),
    /// It could not be done now.
    Waiting {
        /// Why.
        reason: String,
        /// Until when.
        until: String,
    },
}

/// Why a run ended before its plan did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// The user asked to stop.
    ByUser,
    /// The player is full.
    PlayerFull,
    /// The player is gone.
    PlayerGone,
}

/// What was done.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Performed {
    /// One result per planned write, by index of its track.
    pub results: HashMap<usize, TrackResult>,
    /// Tracks encoded, in all rounds of the run.
    pub encoded: usize,
    /// Tracks made of sound that was encoded before, in all rounds of the run.
    pub from_cache: usize,
    /// Tracks whose frames were copied, in all rounds of the run.
    pub copied: usize,
    /// By which recipe each of these tracks was made; it may be another than the planned one.
    pub(super) recipes: HashMap<usize, String>,
    /// Where files still are that could not be given other names, by identity.
    pub not_renamed: HashMap<String, String>,
    /// Tracks whose source turned out to be broken, and how.
    pub broken: Vec<(usize, String)>,
    /// What the player's side did; `None` when the player was gone or too full to end in order.
    pub receipt: Option<Receipt>,
    /// Why the run ended early, if it did.
    pub stopped: Option<Stopped>,
    /// Whether lyrics or pictures beside tracks are left for another run.
    pub lacks_companions: bool,
    /// Whether more would have come by a further plan that the user did not agree to.
    pub not_agreed_further: bool,
}

impl Performed {
    /// Whether this track is in its place.
    pub(super) fn came(&self, track: usize) -> bool {
        matches!(self.results.get(&track), Some(TrackResult::Written { .. }))
    }

    /// Tracks written, however they were made.
    pub fn written(&self) -> usize {
        self.encoded + self.from_cache + self.copied
    }
}

/// The worst outcome of the files of one wanted thing, with how many of them came all the same.
pub(super) fn with_what_came(worst: &Outcome, all: &[Outcome]) -> Outcome {
    let there = all.iter().filter(|outcome| matches!(outcome, Outcome::OnPlayer { .. })).count();
    let partly = |why: &str| match there {
        0 => why.to_owned(),
        _ => format!("only {there} of its {} files are on the player – {why}", all.len()),
    };
    match worst {
        Outcome::Waiting { reason, until, on } => {
            Outcome::Waiting { reason: partly(reason), until: until.clone(), on: on.clone() }
        }
        Outcome::Failed(why) => Outcome::Failed(partly(why)),
        other => other.clone(),
    }
}

pub(super) fn waiting(stopped: Stopped) -> TrackResult {
    let (reason, until) = match stopped {
        Stopped::ByUser => ("you stopped the run", "you run the same command again"),
        Stopped::PlayerFull => ("the player is full", "there is space on the player"),
        Stopped::PlayerGone => {
            ("the player was disconnected", "it is connected and you run the same command again")
        }
    };
    TrackResult::Waiting { reason: reason.to_owned(), until: until.to_owned() }
}

/// Why one track could not be made or put in place.
#[derive(Debug, thiserror::Error)]
pub(super) enum TrackFailure {
    #[error(transparent)]
    Make(#[from] MakeError),
    #[error(transparent)]
    Device(#[from] DeviceError),
}

impl TrackFailure {
    pub(super) fn is_full(&self) -> bool {
        match self {
            Self::Make(error) => matches!(error, MakeError::NoSpace { .. }),
            Self::Device(error) => matches!(error, DeviceError::NoSpace { .. }),
        }
    }
}

/// Why a file that is away waits. It may as well have been deleted, which only the user knows.
pub(super) fn cannot_be_reached(file: &Path) -> String {
    format!(
        "its file {} cannot be reached (if you deleted it, `ferrotape doctor --gone` with its path says so)",
        file.display()
    )
}

/// Whether a file is away rather than wrong: unplugged, unmounted, moved since the scan.
pub(super) fn is_away(error: &io::Error) -> bool {
    use io::ErrorKind::{
        HostUnreachable, NetworkDown, NotADirectory, NotFound, StaleNetworkFileHandle, TimedOut,
    };
    matches!(
        error.kind(),
        NotFound | NotADirectory | StaleNetworkFileHandle | NetworkDown | HostUnreachable | TimedOut
    )
}

//! "Could not ask" as a value, kept apart from "has none".

use std::fmt;

/// Stands as the source of a fault where the disk here is in the way, whoever was asked.
pub const DISK: &str = "the disk";

/// Whether, and when, asking again may help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultKind {
    /// Try again later; seconds to wait when the service said so.
    Temporary {
        /// Seconds the service asked us to wait.
        retry_after_seconds: Option<u64>,
    },
    /// The user must do something first (sign in, plug in, mount).
    NeedsUser,
    /// Asking again will not help.
    Permanent,
}

/// A source or service could not be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Which source or service.
    pub source: String,
    /// Whether to try again.
    pub kind: FaultKind,
    /// What happened, to which thing, what to do.
    pub reason: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.source, self.reason)
    }
}

impl std::error::Error for Fault {}

/// `Ok(None)`: asked, has none. `Err`: could not ask.
pub type Lookup<T> = Result<Option<T>, Fault>;

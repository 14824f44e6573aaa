//! Why there is no answer, and whether asking again may help.

use std::time::Duration;

use ferrotape_domain::{DISK, Fault, FaultKind};

/// Why there is no whole answer. The texts never hold what was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trouble {
    pub(crate) kind: TroubleKind,
    /// A sentence without full stop.
    pub(crate) says: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TroubleKind {
    /// No answer, half an answer, or one of a server in trouble: it may be asked again.
    Passing,
    /// It did not answer in time. It may be asked again, but each time takes long.
    Slow,
    /// There is nobody at its address: it may be asked again, but soon enough it is down.
    Unreachable,
    /// Nothing leads to its address, or that cannot be found: as likely the fault of the network here as its own.
    NoWay,
    /// Who answers there does not prove to be it: nothing is said to them, and only a person can tell why.
    Untrusted,
    /// It asks for a pause; how long, when it says so.
    Busy(Option<Duration>),
    /// It is not asked at all now, for so long.
    Resting(Duration),
    /// A drill says that it is down.
    Shut,
    /// The answer or the address is such that asking again is of no use; the service is not to blame.
    Hopeless,
    /// The user must do something first.
    NeedsUser,
    /// The disk here is in the way; the service has nothing to do with it.
    OfDisk,
    /// The user stopped it.
    Stopped,
}

impl Trouble {
    pub(crate) fn new(kind: TroubleKind, says: impl Into<String>) -> Self {
        Self { kind, says: says.into() }
    }

    pub(crate) fn passing(says: impl Into<String>) -> Self {
        Self::new(TroubleKind::Passing, says)
    }

    pub(crate) fn slow(says: impl Into<String>) -> Self {
        Self::new(TroubleKind::Slow, says)
    }

    pub(crate) fn unreachable(says: impl Into<String>) -> Self {
        Self::new(TroubleKind::Unreachable, says)
    }

    pub(crate) fn no_way(says: impl Into<String>) -> Self {
        Self::new(TroubleKind::NoWay, says)
    }

    pub(crate) fn untrusted(says: impl Into<String>) -> Self {
        Self::new(TroubleKind::Untrusted, says)
    }

    pub(crate) fn hopeless(says: impl Into<String>) -> Self {
        Self::new(TroubleKind::Hopeless, says)
    }

    pub(crate) fn stopped() -> Self {
        Self::new(TroubleKind::Stopped, "stopped")
    }

    /// Whether the line could not do its work.
    pub(crate) fn is_the_lines(&self) -> bool {
        self.is_nobody_there()
            || matches!(
                self.kind,
                TroubleKind::Passing | TroubleKind::Slow | TroubleKind::Untrusted | TroubleKind::Busy(_)
            )
    }

    /// Whether there was no connection at all.
    pub(crate) fn is_nobody_there(&self) -> bool {
        matches!(self.kind, TroubleKind::Unreachable | TroubleKind::NoWay)
    }

    pub(crate) fn into_fault(self, line: &str) -> Fault {
        let seconds = |wait: Duration| wait.as_millis().div_ceil(1000).try_into().ok();
        let kind = match self.kind {
            TroubleKind::Passing
            | TroubleKind::Slow
            | TroubleKind::Unreachable
            | TroubleKind::NoWay
            | TroubleKind::Shut
            | TroubleKind::Stopped => FaultKind::Temporary { retry_after_seconds: None },
            TroubleKind::Busy(wait) => FaultKind::Temporary { retry_after_seconds: wait.and_then(seconds) },
            TroubleKind::Resting(wait) => FaultKind::Temporary { retry_after_seconds: seconds(wait) },
            TroubleKind::Hopeless => FaultKind::Permanent,
            TroubleKind::NeedsUser | TroubleKind::Untrusted | TroubleKind::OfDisk => FaultKind::NeedsUser,
        };
        let source = if self.kind == TroubleKind::OfDisk { DISK } else { line };
        Fault { source: source.to_owned(), kind, reason: self.says }
    }
}

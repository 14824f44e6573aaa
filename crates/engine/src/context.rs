//! What every job of the engine needs: the library, where news goes, how to stop, and the time.

use ferrotape_domain::{Cancel, Event, LinkLookup, Phase, Progress};
use ferrotape_store::Library;

/// Handed to every job. The time is given, not read, so that a job's result depends on its inputs alone.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The user's library.
    pub library: &'a Library,
    /// Where news goes.
    pub progress: &'a dyn Progress,
    /// Set when the user wants to stop.
    pub cancel: &'a Cancel,
    /// Seconds since 1970 UTC.
    pub now: i64,
    /// Whether files may be listened to where their texts do not settle what they are. What was heard before counts
    /// either way.
    pub listen: bool,
    /// Asked where a link says too little; `None` where the user did not allow it.
    pub links: Option<&'a dyn LinkLookup>,
}

impl Context<'_> {
    pub(crate) fn started(&self, phase: Phase, total: Option<u64>) {
        self.progress.event(Event::Started { phase, total });
    }

    pub(crate) fn advanced(&self, phase: Phase, by: u64, bytes: u64) {
        self.progress.event(Event::Advanced { phase, by, bytes });
    }

    pub(crate) fn finished(&self, phase: Phase) {
        self.progress.event(Event::Finished { phase });
    }

    pub(crate) fn warn(&self, subject: impl Into<String>, says: impl Into<String>) {
        self.progress.event(Event::Warning { subject: subject.into(), says: says.into() });
    }
}

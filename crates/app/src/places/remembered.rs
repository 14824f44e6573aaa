//! A place whose word is remembered for `ferrotape status`: that it refuses the user, which is no outage, so that no
//! line counts it; that it answers and says nothing of use, which its line takes for an answer; and how a program of the
//! user's did, which speaks through no line at all.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use ferrotape_domain::{
    Asked, Cancel, Catalogue, Fault, FaultKind, Fetched, ListsAll, Pictures, RemoteOffer, Searches,
    ServiceMemory, Wanted, WantedKind,
};
use ferrotape_engine::gather::{Refusal, Refusals};
use ferrotape_services::net::Net;

/// The note of why a place refuses the user; empty when it lets them in.
pub(super) const REFUSES: &str = "refuses";

/// The note of since when, in milliseconds since 1970 UTC; it is forgotten with the other, whose name it begins with.
pub(super) const REFUSES_SINCE: &str = "refuses since";

/// Notes of files that were no use begin so.
pub(super) const NO_USE: &str = "no use ";

/// So many searches in a row that came to nothing are no bad luck. Where none came to anything yet, one is enough.
const OUTAGE: u32 = 3;

/// The place.
pub(super) struct Remembered {
    within: Arc<dyn Catalogue>,
    net: Net,
    is_program: bool,
    /// Searches in a row that came to nothing.
    failures: AtomicU32,
}

impl Remembered {
    pub(super) fn new(within: Arc<dyn Catalogue>, net: Net, is_program: bool) -> Self {
        Self { within, net, is_program, failures: AtomicU32::new(OUTAGE - 1) }
    }

    fn taken_down<T>(&self, answer: Result<T, Fault>, cancel: &Cancel) -> Result<T, Fault> {
        if !cancel.is_stopped() {
            take_down(&self.net, self.within.name(), self.is_program, &answer);
        }
        answer
    }

    /// The same of a search: one thing that a place does not understand says little of the place.
    fn searched<T>(&self, answer: Result<T, Fault>, cancel: &Cancel) -> Result<T, Fault> {
        let failures = match &answer {
            Ok(_) => 0,
            Err(_) => self.failures.load(Ordering::Relaxed).saturating_add(1),
        };
        self.failures.store(failures, Ordering::Relaxed);
        let is_luck = matches!(&answer, Err(fault) if fault.kind != FaultKind::NeedsUser)
            && !self.is_program
            && failures < OUTAGE;
        if is_luck { answer } else { self.taken_down(answer, cancel) }
    }
}

/// Remembers why a service refuses the user; empty where it does not. Failing to remember is no failure.
pub(super) fn note_refusal(net: &Net, name: &str, why: &str) {
    let memory = net.memory();
    let known = memory.note(name, REFUSES).ok().flatten().unwrap_or_default();
    if known.is_empty() && !why.is_empty() {
        drop(memory.keep_note(name, REFUSES_SINCE, &net.now_ms().to_string()));
    }
    if known != why {
        drop(memory.keep_note(name, REFUSES, why));
    }
}

/// Remembers what a place said. Failing to remember is no failure.
pub(super) fn take_down<T>(net: &Net, name: &str, is_program: bool, answer: &Result<T, Fault>) {
    let memory = net.memory();
    let refuses = match answer {
        // A program that cannot be started is down like any other.
        _ if is_program => None,
        Ok(_) => Some(""),
        Err(fault) if fault.source == name && fault.kind == FaultKind::NeedsUser => Some(&*fault.reason),
        Err(_) => None,
    };
    if let Some(refuses) = refuses {
        note_refusal(net, name, refuses);
    }
    match answer {
        Ok(_) if is_program => drop(memory.went_well(name, net.now_ms())),
        Err(fault) if is_program || (fault.source == name && is_uncounted(memory.as_ref(), fault)) => {
            drop(memory.went_wrong(name, net.now_ms(), 0, &fault.reason));
        }
        _ => {}
    }
}

/// Whether a fault is of a kind that no line counts: it was answered, but not with anything of use.
fn is_uncounted(memory: &dyn ServiceMemory, fault: &Fault) -> bool {
    let is_down = || {
        let standing = memory.standing(&fault.source).ok().flatten();
        standing.is_some_and(|standing| standing.down_since.is_some())
    };
    match fault.kind {
        FaultKind::Permanent => true,
        FaultKind::Temporary { .. } => !is_down(),
        FaultKind::NeedsUser => false,
    }
}

impl Catalogue for Remembered {
    fn name(&self) -> &str {
        self.within.name()
    }

    fn may_hold(&self, kind: WantedKind) -> bool {
        self.within.may_hold(kind)
    }

    fn is_own(&self) -> bool {
        self.within.is_own()
    }

    fn asked(&self) -> Asked<'_> {
        match self.within.asked() {
            Asked::Whole(_) => Asked::Whole(self),
            Asked::Search(_) => Asked::Search(self),
        }
    }

    fn is_sure_of_feeds(&self) -> bool {
        self.within.is_sure_of_feeds()
    }

    fn doubted_feeds(&self, wanted: &Wanted) -> Vec<String> {
        self.within.doubted_feeds(wanted)
    }

    fn pictures(&self) -> Option<&dyn Pictures> {
        self.within.pictures()
    }

    fn says_of(&self, wanted: &Wanted) -> Option<String> {
        self.within.says_of(wanted)
    }

    fn may_have_more(&self, wanted: &Wanted) -> Option<Fault> {
        self.within.may_have_more(wanted)
    }

    fn fetch(
        &self,
        offer: &RemoteOffer,
        to: &Path,
        came: &(dyn Fn(u64) + Sync),
        cancel: &Cancel,
    ) -> Result<Fetched, Fault> {
        let fetched = self.within.fetch(offer, to, came, cancel);
        // A place may list all it has and give no file of it.
        if let Err(fault) = &fetched
            && !self.is_program
            && fault.source == self.name()
            && fault.kind == FaultKind::NeedsUser
        {
            note_refusal(&self.net, self.name(), &fault.reason);
        }
        fetched
    }
}

impl ListsAll for Remembered {
    fn mark(&self, cancel: &Cancel) -> Result<Option<String>, Fault> {
        match self.within.asked() {
            Asked::Whole(lists) => self.taken_down(lists.mark(cancel), cancel),
            Asked::Search(_) => Ok(None),
        }
    }

    fn list(
        &self,
        cancel: &Cancel,
        page: &mut dyn FnMut(Vec<RemoteOffer>) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        match self.within.asked() {
            Asked::Whole(lists) => self.taken_down(lists.list(cancel, page), cancel),
            Asked::Search(_) => Ok(()),
        }
    }
}

impl Searches for Remembered {
    fn search(&self, wanted: &Wanted, cancel: &Cancel) -> Result<Vec<RemoteOffer>, Fault> {
        match self.within.asked() {
            Asked::Search(searches) => self.searched(searches.search(wanted, cancel), cancel),
            Asked::Whole(_) => Ok(Vec::new()),
        }
    }
}

/// Which files of places were no use, as notes.
pub(super) struct Refused(pub(super) Arc<dyn ServiceMemory>);

impl Refusals for Refused {
    fn refused(&self, place: &str, key: &str) -> Option<Refusal> {
        self.0.note(place, &format!("{NO_USE}{key}")).ok().flatten().and_then(|note| read(&note))
    }

    fn refuse(&self, place: &str, key: &str, refusal: &Refusal) {
        let Refusal { at, times, source, why } = refusal;
        // A name with a space in it could not be told from the reason.
        let of = if source.is_empty() || source.contains(' ') { String::new() } else { format!("/{source}") };
        drop(self.0.keep_note(place, &format!("{NO_USE}{key}"), &format!("{at}/{times}{of} {why}")));
    }
}

/// Reads `SECONDS/TIMES WHY` and `SECONDS/TIMES/WHOSE WHY`. Notes of earlier versions do not count, which makes them a first time.
fn read(note: &str) -> Option<Refusal> {
    let (head, why) = note.split_once(' ')?;
    let mut parts = head.splitn(3, '/');
    let (at, times) = (parts.next()?.parse().ok()?, parts.next().unwrap_or("1").parse().ok()?);
    let source = parts.next().unwrap_or_default().to_owned();
    Some(Refusal { at, times, source, why: why.to_owned() })
}

#[cfg(test)]
mod tests {
    use ferrotape_store::ServiceFile;

    use super::*;

    #[test]
    fn how_often_a_file_was_no_use_is_kept_and_earlier_notes_are_understood() {
        let memory: Arc<dyn ServiceMemory> = Arc::new(ServiceFile::open_in_memory().unwrap());
        let refused = Refused(Arc::clone(&memory));
        let (source, why) = (String::new(), "01 Ebb.flac is no audio".to_owned());
        let refusal = Refusal { at: 1_795_800_000, times: 3, source, why };
        refused.refuse("shelf", "key", &refusal);
        assert_eq!(refused.refused("shelf", "key"), Some(refusal.clone()));
        let of_host = Refusal { source: "podcasts/cdn.example".to_owned(), ..refusal.clone() };
        refused.refuse("podcasts", "key", &of_host);
        assert_eq!(refused.refused("podcasts", "key"), Some(of_host));
        memory.keep_note("shelf", "no use old", "1795800000 01 Ebb.flac is no audio").unwrap();
        assert_eq!(refused.refused("shelf", "old"), Some(Refusal { times: 1, ..refusal }));
        memory.keep_note("shelf", "no use lost", "some day").unwrap();
        assert_eq!(refused.refused("shelf", "lost"), None);
    }
}

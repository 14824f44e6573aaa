//! A place whose word is remembered for `ferrotape status`: that it refuses the user, which is no outage, so that no
//! line counts it; and how a program of the user's did, which speaks through no line at all.

use std::path::Path;
use std::sync::Arc;

use ferrotape_domain::{
    Asked, Cancel, Catalogue, Fault, FaultKind, Fetched, ListsAll, Pictures, RemoteOffer, Searches,
    ServiceMemory, Wanted, WantedKind,
};
use ferrotape_engine::gather::Refusals;
use ferrotape_services::net::Net;

/// The note of why a place refuses the user; empty when it lets them in.
pub(super) const REFUSES: &str = "refuses";

/// Notes of files that were no use begin so.
pub(super) const NO_USE: &str = "no use ";

/// The place.
pub(super) struct Remembered {
    pub(super) within: Arc<dyn Catalogue>,
    pub(super) net: Net,
    pub(super) is_program: bool,
}

impl Remembered {
    fn taken_down<T>(&self, answer: Result<T, Fault>, cancel: &Cancel) -> Result<T, Fault> {
        if !cancel.is_stopped() {
            take_down(&self.net, self.within.name(), self.is_program, &answer);
        }
        answer
    }
}

/// Remembers why a service refuses the user; empty where it does not. Failing to remember is no failure.
pub(super) fn note_refusal(memory: &dyn ServiceMemory, name: &str, why: &str) {
    let known = memory.note(name, REFUSES).ok().flatten().unwrap_or_default();
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
        note_refusal(memory.as_ref(), name, refuses);
    }
    match answer {
        Ok(_) if is_program => drop(memory.went_well(name, net.now_ms())),
        Err(fault) if is_program => drop(memory.went_wrong(name, net.now_ms(), 0, &fault.reason)),
        _ => {}
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

    fn pictures(&self) -> Option<&dyn Pictures> {
        self.within.pictures()
    }

    fn says_of(&self, wanted: &Wanted) -> Option<String> {
        self.within.says_of(wanted)
    }

    fn fetch(
        &self,
        offer: &RemoteOffer,
        to: &Path,
        came: &(dyn Fn(u64) + Sync),
        cancel: &Cancel,
    ) -> Result<Fetched, Fault> {
        self.within.fetch(offer, to, came, cancel)
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
            Asked::Search(searches) => self.taken_down(searches.search(wanted, cancel), cancel),
            Asked::Whole(_) => Ok(Vec::new()),
        }
    }
}

/// Which files of places were no use, as notes.
pub(super) struct Refused(pub(super) Arc<dyn ServiceMemory>);

impl Refusals for Refused {
    fn refused(&self, place: &str, key: &str) -> Option<(i64, String)> {
        let note = self.0.note(place, &format!("{NO_USE}{key}")).ok().flatten()?;
        let (at, why) = note.split_once(' ')?;
        Some((at.parse().ok()?, why.to_owned()))
    }

    fn refuse(&self, place: &str, key: &str, at: i64, why: &str) {
        drop(self.0.keep_note(place, &format!("{NO_USE}{key}"), &format!("{at} {why}")));
    }
}

//! A program of the user's own that finds and fetches audio, for places that ferrotape does not know.
//!
//! It is started once for each question, without a shell and with an environment of two variables, reads one line of JSON
//! and writes lines of JSON (`docs/sources/program.md`). What it says has limits, and it is ended by its own handle when it
//! does not end itself. Rejected: libraries loaded into this process (they could do anything to it), a server that stays
//! (somebody must watch it), and a plain list of addresses (programs exist because a place is more than that).

mod folder;
mod offers;
mod run;
mod said;
mod wire;

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ferrotape_domain::{
    Asked, Cancel, Catalogue, Fault, FaultKind, Fetched, RemoteOffer, Searches, Wanted, WantedKind,
};

use folder::Folder;
use run::{Patience, Running};
use wire::{Answer, Task};

/// Offers of one search.
const MOST_OFFERS: usize = 500;

/// How long a program may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// For a search, in all.
    pub search: Duration,
    /// For a file, without a line or a byte more of it.
    pub silence: Duration,
    /// For a file, in all.
    pub fetch: Duration,
    /// The most bytes that a file may have.
    pub max_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            search: Duration::from_secs(60),
            silence: Duration::from_secs(120),
            fetch: Duration::from_secs(6 * 3600),
            max_bytes: crate::answers::MOST_BYTES,
        }
    }
}

/// The program. Its `Debug` shows no arguments, which may hold secrets.
#[derive(Clone)]
pub struct Program {
    name: String,
    path: PathBuf,
    arguments: Vec<String>,
    limits: Limits,
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Program").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Program {
    /// The program at an absolute `path`, with `arguments` as they are; in messages and on record it is `program:NAME`.
    /// Nothing is started yet.
    pub fn new(name: &str, path: PathBuf, arguments: Vec<String>) -> Result<Self, Fault> {
        let sound = (1..=40).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        let fault =
            |reason: String| Fault { source: "program".to_owned(), kind: FaultKind::NeedsUser, reason };
        if !sound {
            return Err(fault("a program's name is made of letters, digits, - and _".to_owned()));
        }
        if !path.is_absolute() {
            return Err(fault(format!("{name}: {} is no whole path – begin it with /", path.display())));
        }
        Ok(Self { name: format!("program:{name}"), path, arguments, limits: Limits::default() })
    }

    /// The same with other limits.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    fn fault(&self, kind: FaultKind, reason: impl Into<String>) -> Fault {
        Fault { source: self.name.clone(), kind, reason: reason.into() }
    }

    fn start(&self, task: &Task<'_>, patience: Patience) -> Result<Running, Fault> {
        Running::start(&self.name, &self.path, &self.arguments, task, patience)
    }
}

impl Catalogue for Program {
    fn name(&self) -> &str {
        &self.name
    }

    fn may_hold(&self, kind: WantedKind) -> bool {
        !matches!(kind, WantedKind::LocalFile | WantedKind::Unavailable)
    }

    fn asked(&self) -> Asked<'_> {
        Asked::Search(self)
    }

    fn fetch(
        &self,
        offer: &RemoteOffer,
        to: &Path,
        came: &(dyn Fn(u64) + Sync),
        cancel: &Cancel,
    ) -> Result<Fetched, Fault> {
        let of_disk = |says: String| self.fault(FaultKind::NeedsUser, says);
        let wrong = |says: String| self.fault(FaultKind::Permanent, says);
        if !offer.rights.allow_a_copy() {
            return Err(wrong("nothing says that this file may be copied, so it is not fetched".to_owned()));
        }
        if !offers::is_id(&offer.id) {
            return Err(wrong("the file on record has a name that no program gives".to_owned()));
        }
        let folder = Folder::beside(to).map_err(of_disk)?;
        let patience = Patience { whole: self.limits.fetch, silence: self.limits.silence };
        let place = folder.file().display().to_string();
        let mut running = self.start(&Task::fetch(&offer.id, &place), patience)?;
        let mut there = 0;
        loop {
            let size = folder.size();
            if size > self.limits.max_bytes {
                return Err(wrong(format!(
                    "more comes than the {} MiB that are taken",
                    self.limits.max_bytes >> 20
                )));
            }
            if size > there {
                came(size - there);
                there = size;
                running.is_alive();
            }
            match running.next(cancel)? {
                Some(Answer::Done) => break,
                Some(Answer::Offer(_)) => {
                    return Err(wrong("it makes offers while it should fetch".to_owned()));
                }
                Some(Answer::Progress) | None => {}
            }
        }
        running.end();
        let (bytes, sha256) = folder.take(offer, self.limits.max_bytes).map_err(wrong)?;
        came(bytes.saturating_sub(there));
        folder.publish(to).map_err(of_disk)?;
        Ok(Fetched { bytes, sha256, url: None })
    }
}

impl Searches for Program {
    fn search(&self, wanted: &Wanted, cancel: &Cancel) -> Result<Vec<RemoteOffer>, Fault> {
        if !self.may_hold(wanted.kind) {
            return Ok(Vec::new());
        }
        let patience = Patience { whole: self.limits.search, silence: self.limits.search };
        let mut running = self.start(&Task::search(wanted), patience)?;
        let mut offers = Vec::new();
        loop {
            match running.next(cancel)? {
                Some(Answer::Done) => break,
                Some(Answer::Offer(said)) => offers.extend(offers::offer(&said)),
                Some(Answer::Progress) | None => {}
            }
            if offers.len() > MOST_OFFERS {
                let reason = format!("it makes more than {MOST_OFFERS} offers for one thing");
                return Err(self.fault(FaultKind::Permanent, reason));
            }
        }
        running.end();
        Ok(offers)
    }
}

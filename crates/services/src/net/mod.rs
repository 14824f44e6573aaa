//! The one polite client, for every service that is asked.
//!
//! A request passes through layers that all have the form of `Transport`, from the outside in: what is kept
//! (`cache`), whether the line may be asked at all (`breaker`), asking again (`retries`), a door that a drill shuts
//! (`drill`), waiting for one's turn (`turns`), where an answer leads (`redirects`), and the wire (`wire`). What lines
//! did before is remembered through `ServiceMemory`, for the next run and for other processes.
//! Files are fetched by [`download`] through the same layers without the first three.
//!
//! Addresses that came from outside (a feed's enclosure, a redirect) never reach this computer or its network
//! (`guard`). Messages name lines and statuses, never addresses with what may be secret in them.

mod address;
mod body;
mod breaker;
mod cache;
pub mod download;
mod drill;
mod guard;
mod partial;
mod redirects;
mod request;
mod retries;
pub(crate) mod sums;
mod trouble;
mod turns;
mod wire;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ferrotape_domain::{Cancel, Fault, FaultKind, Fetched, ServiceMemory};

pub use address::Address;
pub use download::{Download, Got, NotAudio};
pub(crate) use guard::{INSIDE, leads_inside};
pub use request::{Keep, Line, Paring, Payload, Reply, Request, Stale, Telling, Told, Trust};
pub(crate) use sums::check as check_sums;

use crate::clock::{Clock, SystemClock};
use body::{Head, Sink, Whole};
use breaker::Breaker;
use cache::Cache;
use drill::Door;
use redirects::Redirects;
use retries::Retries;
use trouble::Trouble;
use turns::Turns;
use wire::{USER_AGENT, Wire};

/// One request in, one answer out, whose body goes into `sink`. Every layer is one of these around another.
trait Transport: Send + Sync {
    fn send(&self, request: &Request, sink: &mut dyn Sink, cancel: &Cancel) -> Result<Head, Trouble>;
}

impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn send(&self, request: &Request, sink: &mut dyn Sink, cancel: &Cancel) -> Result<Head, Trouble> {
        (**self).send(request, sink, cancel)
    }
}

/// How the network is to be used.
#[derive(Debug, Clone)]
pub struct Ways {
    /// A server on this computer that gets every request to others, for tests: `https://HOST/PATH` is asked there as
    /// `/HOST/PATH`, without waiting for turns.
    pub stand_in: Option<String>,
    /// Services that are refused, as if they were down; `all` refuses every one. Nothing of it is remembered.
    pub down: BTreeSet<String>,
    /// The longest silence in the middle of an answer.
    pub patience: Duration,
    /// Whether somebody waits to see if services answer: each is asked once, also one that rests, and not again.
    pub look: bool,
    /// Whether services are asked although what they said before is still fresh.
    pub anew: bool,
    /// How the user can be reached, for the services that want to know: an address of mail or of a page.
    pub contact: Option<String>,
    /// Told of a line, once, where other processes ask it as often at the same time as is allowed, and go on doing so.
    pub on_wait: Option<fn(&str)>,
}

/// Who only wants to see whether a service answers does not wait for long.
const LOOK: Duration = Duration::from_secs(10);

impl Ways {
    /// The same, to look whether services answer.
    #[must_use]
    pub fn to_look(&self) -> Self {
        Self { look: true, patience: self.patience.min(LOOK), ..self.clone() }
    }
}

impl Default for Ways {
    fn default() -> Self {
        Self {
            stand_in: None,
            down: BTreeSet::new(),
            patience: Duration::from_secs(30),
            look: false,
            anew: false,
            contact: None,
            on_wait: None,
        }
    }
}

/// The client. Clones share everything.
#[derive(Clone)]
pub struct Net {
    parts: Arc<Parts>,
    /// Where the first answer that stood in is noted, while somebody wants to know ([`Net::surely`]).
    noted: Option<Arc<Mutex<Option<Stale>>>>,
}

struct Parts {
    /// For answers: everything.
    asks: Box<dyn Transport>,
    /// For files: turns, redirects, the wire.
    files: Arc<dyn Transport>,
    memory: Arc<dyn ServiceMemory>,
    clock: Arc<dyn Clock>,
    hurry: bool,
    /// Who asks, for the services that want to know whom to write to.
    signature: Option<String>,
    stale: Mutex<Vec<Stale>>,
}

/// Services whose rules ask for a way to reach who uses them.
pub const WANT_CONTACT: [&str; 3] = ["musicbrainz", "cover-art-archive", "wikimedia-commons"];
/// Bytes of the longest way to reach somebody.
const LONGEST_CONTACT: usize = 200;

/// Whether a text can go along with requests as a way to reach the user: visible ASCII, at most 200 bytes.
pub fn is_contact(text: &str) -> bool {
    (1..=LONGEST_CONTACT).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

impl std::fmt::Debug for Net {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Net").finish_non_exhaustive()
    }
}

impl Net {
    /// A client that remembers in `memory`.
    pub fn new(memory: Arc<dyn ServiceMemory>, ways: &Ways) -> Result<Self, Fault> {
        Self::with_clock(memory, ways, Arc::new(SystemClock::default()))
    }

    /// The same with a clock of one's own.
    pub fn with_clock(
        memory: Arc<dyn ServiceMemory>,
        ways: &Ways,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Fault> {
        let hurry = ways.stand_in.is_some();
        let memory = if ways.down.is_empty() { memory } else { drill::forgetful(memory) };
        let wire = Wire::new(ways)?;
        let turns = Turns::new(Redirects(wire), Arc::clone(&memory), Arc::clone(&clock), ways);
        let files: Arc<dyn Transport> = Arc::new(Door::new(turns, ways.down.clone()));
        let retries = Retries::new(Arc::clone(&files), Arc::clone(&clock), hurry).once_if(ways.look);
        let breaker = Breaker::new(retries, Arc::clone(&memory), Arc::clone(&clock)).open_if(ways.look);
        let cache = Cache::new(breaker, Arc::clone(&memory), Arc::clone(&clock));
        let asks = Box::new(cache.shut_if(ways.look).anew_if(ways.anew));
        let contact = ways.contact.as_deref().filter(|contact| is_contact(contact));
        let signature = contact.map(|contact| format!("{USER_AGENT}; {contact})"));
        let parts = Parts { asks, files, memory, clock, hurry, signature, stale: Mutex::default() };
        Ok(Self { parts: Arc::new(parts), noted: None })
    }

    /// Asks, and waits for the whole answer. A status that is not in trouble (2xx, 3xx without a place, 4xx but 408 and
    /// 429) is an answer. What cannot be asked is answered from what was kept, if that is allowed and there;
    /// [`Reply::stale`] says so.
    pub fn ask(&self, request: &Request, cancel: &Cancel) -> Result<Reply, Fault> {
        let mut whole = Whole::new(request.max_bytes);
        let head = self.parts.asks.send(&self.signed(request), &mut whole, cancel);
        let head = head.map_err(|trouble| trouble.into_fault(&request.line.name))?;
        let Head { status, headers, stale, moved, asked_again } = head;
        let reply = Reply { status, headers, body: whole.bytes, stale, moved, asked_again };
        if let Some(stale) = &reply.stale {
            self.note(stale);
        }
        Ok(reply)
    }

    fn note(&self, stale: &Stale) {
        let mut all = self.parts.stale.lock().unwrap_or_else(PoisonError::into_inner);
        if !all.iter().any(|known| known.line == stale.line) {
            all.push(stale.clone());
        }
        drop(all);
        if let Some(noted) = &self.noted {
            noted.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_with(|| stale.clone());
        }
    }

    /// Looks for something with a client of its own. Where nothing is found and some answer only stood in, that is a fault,
    /// not "has none": what was not there when it was kept may be there by now. What is found counts, however old the answer.
    pub(crate) fn surely<T>(
        &self,
        is_found: impl FnOnce(&T) -> bool,
        look: impl FnOnce(Self) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let noted = Arc::new(Mutex::new(None));
        let found = look(Self { parts: Arc::clone(&self.parts), noted: Some(Arc::clone(&noted)) })?;
        let stale: Option<Stale> = noted.lock().unwrap_or_else(PoisonError::into_inner).take();
        match stale.filter(|_| !is_found(&found)) {
            Some(stale) => Err(stale.into_fault()),
            None => Ok(found),
        }
    }

    /// Fetches a file; see [`download`]. Where something else is there, that is the fault.
    pub fn download(&self, what: &Download, cancel: &Cancel) -> Result<Fetched, Fault> {
        let reason = |status: u16| match status {
            404 | 410 => format!("the file is not there (any more) (status {status})"),
            401 | 403 => format!("the file may not be had (status {status})"),
            _ => format!("it sends something else than a file (status {status})"),
        };
        match self.download_or_else(what, cancel)? {
            Got::File(fetched) => Ok(fetched),
            Got::Else(reply) => Err(Fault {
                source: what.request.line.name.clone(),
                kind: FaultKind::Permanent,
                reason: reason(reply.status),
            }),
        }
    }

    /// The same, where the service has something to say instead of a file.
    pub fn download_or_else(&self, what: &Download, cancel: &Cancel) -> Result<Got, Fault> {
        let parts = &*self.parts;
        let fetcher = download::Fetcher {
            files: &*parts.files,
            memory: &*parts.memory,
            clock: &*parts.clock,
            hurry: parts.hurry,
        };
        let request = self.signed(&what.request).into_owned();
        fetcher.fetch(&Download { request, ..*what }, cancel)
    }

    /// The same, which tells those that ask for it how the user is reached. Other servers that they lead to are not told.
    fn signed<'r>(&self, request: &'r Request) -> Cow<'r, Request> {
        match &self.parts.signature {
            Some(signature) if WANT_CONTACT.contains(&request.line.service()) => {
                Cow::Owned(request.clone().header("user-agent", signature))
            }
            _ => Cow::Borrowed(request),
        }
    }

    /// Where all is remembered.
    pub fn memory(&self) -> &Arc<dyn ServiceMemory> {
        &self.parts.memory
    }

    /// The clock that turns are counted by.
    pub fn now_ms(&self) -> i64 {
        self.parts.clock.now_ms()
    }

    /// Which lines were answered from what was kept, so far; each once.
    pub fn stale_used(&self) -> Vec<Stale> {
        self.parts.stale.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

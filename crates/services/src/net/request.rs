//! What is asked, how patiently, and what comes back.

use std::time::Duration;

use ferrotape_domain::{Fault, FaultKind};

use super::address::Address;

/// Who named the address, and so where it may lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// The user did: a server of their own, wherever it is. Redirects to other servers are [`Trust::Outside`].
    Named,
    /// It is ours or came from outside: it must not lead into this computer or its network.
    Outside,
}

/// What shares one rate limit, one breaker, one standing; see [`ferrotape_domain::Standing`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// `musicbrainz`, `subsonic:home`, `podcasts/feeds.example.org`.
    pub name: String,
    /// From the beginning of one request to the beginning of the next, all processes counted.
    pub gap: Duration,
    /// Requests at the same time, all processes counted.
    pub at_once: usize,
    /// Where its addresses may lead.
    pub trust: Trust,
}

impl Line {
    /// A public service that is asked one request at a time.
    pub fn public(name: impl Into<String>, gap: Duration) -> Self {
        Self { name: name.into(), gap, at_once: 1, trust: Trust::Outside }
    }

    /// A server of the user's.
    pub fn named(name: impl Into<String>, at_once: usize) -> Self {
        Self { name: name.into(), gap: Duration::ZERO, at_once, trust: Trust::Named }
    }

    /// The service it belongs to.
    pub fn service(&self) -> &str {
        self.name.split('/').next().unwrap_or_default()
    }
}

/// How long an answer holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// It is not kept.
    Not,
    /// It is.
    For {
        /// So long it is given without asking.
        fresh: Duration,
        /// So long "has none" is.
        none: Duration,
        /// So long it stands in when asking fails; "has none" never does.
        stale: Duration,
    },
}

const DAY: u64 = 24 * 3600;

impl Keep {
    /// For what hardly ever changes.
    pub const FACTS: Self = Self::For {
        fresh: Duration::from_secs(30 * DAY),
        none: Duration::from_secs(7 * DAY),
        stale: Duration::from_secs(3650 * DAY),
    };
    /// For what may change from day to day.
    pub const NEWS: Self = Self::For {
        fresh: Duration::from_secs(3600),
        none: Duration::from_secs(DAY),
        stale: Duration::from_secs(365 * DAY),
    };
}

/// What is sent with a request.
#[derive(Clone, PartialEq, Eq)]
pub enum Payload {
    /// Nothing: a GET.
    None,
    /// A form, by POST.
    Form(Vec<(String, String)>),
    /// JSON, by POST.
    Json(Vec<u8>),
}

/// One request. Its `Debug` shows no secrets.
#[derive(Clone)]
pub struct Request {
    /// On which line.
    pub line: Line,
    /// Where.
    pub address: Address,
    /// What is sent; anything makes it a POST.
    pub payload: Payload,
    /// Further headers; may hold secrets, and are not sent on to other servers.
    pub headers: Vec<(&'static str, String)>,
    /// How long the answer holds.
    pub keep: Keep,
    /// The name under which the answer is kept; without secrets. The address when `None`, which must have none then.
    pub key: Option<String>,
    /// The service that the answer is kept under and forgotten with, where that is not the one of the line.
    pub kept_for: Option<&'static str>,
    /// The most bytes that an answer may have, unpacked.
    pub max_bytes: u64,
    /// From the first byte sent to the last one received.
    pub whole: Duration,
    /// Finds the trouble that a service tells of inside an answer whose status is good. Such an answer is none: it is not
    /// kept, and asked for again where that may help.
    pub told: Option<Telling>,
    /// What of a good answer is kept, where that is not all of it.
    pub pared: Option<Paring>,
    /// A further status by which the service says that it is asked too often, and how long it is left alone then, unless
    /// it says so itself.
    pub busy: Option<(u16, Duration)>,
    /// A secret that answers repeat, such as a key in the addresses that they name: of an answer that may be kept it is taken
    /// out, before anybody reads it.
    pub hides: Option<String>,
}

/// Makes of the body of a good answer what is kept of it; `None`: nothing. "Has none" is kept all the same.
pub type Paring = fn(&[u8]) -> Option<Vec<u8>>;

/// Finds trouble in the body of an answer.
pub type Telling = fn(&[u8]) -> Option<Told>;

/// Trouble that a service tells of inside an answer. The texts are sentences without full stop, of our own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// It is in trouble.
    Passing(String),
    /// It is asked too often, or has no time now; how long to wait stands in `Retry-After`, if anywhere.
    Busy,
    /// Asking again is of no use.
    Hopeless(String),
    /// The user must do something first.
    NeedsUser(String),
}

/// Whole answers have less, unless a service knows better.
const USUAL_BYTES: u64 = 8 << 20;
const USUAL_WHOLE: Duration = Duration::from_secs(60);

impl Request {
    /// A GET that is not kept, with the usual limits.
    pub fn get(line: &Line, address: Address) -> Self {
        Self {
            line: line.clone(),
            address,
            payload: Payload::None,
            headers: vec![("accept", "application/json".to_owned())],
            keep: Keep::Not,
            key: None,
            kept_for: None,
            max_bytes: USUAL_BYTES,
            whole: USUAL_WHOLE,
            told: None,
            pared: None,
            busy: None,
            hides: None,
        }
    }

    /// The same, whose answers are kept without this secret.
    #[must_use]
    pub fn hiding(mut self, secret: impl Into<String>) -> Self {
        self.hides = Some(secret.into());
        self
    }

    /// The same to a service that says with this status that it is asked too often; so long it is left alone then.
    #[must_use]
    pub fn busy_by(mut self, status: u16, rest: Duration) -> Self {
        self.busy = Some((status, rest));
        self
    }

    /// The same, kept only as far as this goes.
    #[must_use]
    pub fn keeping(mut self, pared: Paring) -> Self {
        self.pared = Some(pared);
        self
    }

    /// The same, with a look for trouble inside good answers.
    #[must_use]
    pub fn unless_told(mut self, told: Telling) -> Self {
        self.told = Some(told);
        self
    }

    /// The same, kept.
    #[must_use]
    pub fn kept(mut self, keep: Keep) -> Self {
        self.keep = keep;
        self
    }

    /// The same, kept under a name without secrets.
    #[must_use]
    pub fn kept_as(mut self, key: impl Into<String>, keep: Keep) -> Self {
        (self.key, self.keep) = (Some(key.into()), keep);
        self
    }

    /// The same, whose answer is kept as one of another service than that of the line.
    #[must_use]
    pub fn kept_for(mut self, service: &'static str) -> Self {
        self.kept_for = Some(service);
        self
    }

    /// The same with a header in place of one of that name; names are in lower case.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.into()));
        self
    }

    /// The key if there is one, else the address without its query: what may be written down.
    pub(super) fn cache_key_shown(&self) -> String {
        self.key.clone().unwrap_or_else(|| self.address.shown())
    }

    /// What the answer is kept under, and forgotten with.
    pub(super) fn keeper(&self) -> &str {
        self.kept_for.unwrap_or(&self.line.name)
    }

    pub(super) fn cache_key(&self) -> String {
        self.key.clone().unwrap_or_else(|| self.address.reveal().to_owned())
    }
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Request({} on {})", self.address, self.line.name)
    }
}

/// An answer that was kept from earlier, because asking failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stale {
    /// The line.
    pub line: String,
    /// When the answer came, in milliseconds since 1970 UTC.
    pub at: i64,
    /// Why it could not be asked now.
    pub because: String,
}

impl Stale {
    /// Why it could not be asked, as a fault: for where the answer that stood in is not enough.
    pub(crate) fn into_fault(self) -> Fault {
        let kind = FaultKind::Temporary { retry_after_seconds: None };
        Fault { source: self.line, kind, reason: self.because }
    }
}

/// A whole answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The headers that came, names in lower case; of answers that were kept only a few.
    pub headers: Vec<(String, String)>,
    /// The body, unpacked.
    pub body: Vec<u8>,
    /// Set when it is from earlier and asking failed.
    pub stale: Option<Stale>,
    /// Where it is from now on: set where every step on the way to it said so (301, 308), and none led from an encrypted
    /// address to one that is not, or into this computer or its network.
    pub moved: Option<Address>,
    /// Where it says that there is no such thing and that is kept: until then it stands, and nobody is asked, in milliseconds
    /// since 1970 UTC.
    pub asked_again: Option<i64>,
}

impl Reply {
    /// The value of a header; the name is in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The media type without parameters, in lower case.
    pub fn media_type(&self) -> String {
        let whole = self.header("content-type").unwrap_or_default();
        whole.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    /// Whether it is what was asked for.
    pub fn is_ok(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Whether it says that there is no such thing.
    pub fn is_none(&self) -> bool {
        matches!(self.status, 404 | 410)
    }
}

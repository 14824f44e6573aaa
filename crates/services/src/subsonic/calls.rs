//! Calls to one server: the request, signing in once more where that may help, and the faults.

use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Mutex, MutexGuard, PoisonError};

use ferrotape_domain::{Cancel, Fault, FaultKind};
use serde_json::Value;

use super::answers::{MISSING_PARAMETER, NOT_ALLOWED, Refusal, Said, read};
use super::sign_in::{Credentials, SignIn};
use crate::net::{Address, Line, Net, Payload, Request};

/// Requests at the same time; servers at home are small.
const AT_ONCE: usize = 4;
/// A page of 500 tracks has about one MiB; some servers give all they have at once.
const MOST_BYTES: u64 = 64 << 20;

/// A server and what is known of it.
pub(super) struct Server {
    pub(super) line: Line,
    pub(super) address: Address,
    pub(super) credentials: Credentials,
    pub(super) net: Net,
    /// Whether `download` was refused, so that `stream` is asked at once.
    pub(super) streams_only: AtomicBool,
    /// How many tracks it counted when its mark was taken; 0 where it does not.
    pub(super) counted: AtomicU64,
    /// How it is signed in to; or why nobody gets in, so that a wrong password is not tried again and again.
    known: Mutex<Option<Result<SignIn, Fault>>>,
}

impl Server {
    pub(super) fn new(name: &str, address: Address, credentials: Credentials, net: Net) -> Self {
        let line = Line::named(format!("subsonic:{name}"), AT_ONCE);
        let (streams_only, counted, known) = (AtomicBool::new(false), AtomicU64::new(0), Mutex::default());
        Self { line, address, credentials, net, streams_only, counted, known }
    }

    pub(super) fn known(&self) -> MutexGuard<'_, Option<Result<SignIn, Fault>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn call_address(&self, how: &SignIn, call: &str) -> Address {
        let ending = if how.view { ".view" } else { "" };
        self.address.clone().below(["rest", &format!("{call}{ending}")])
    }

    /// The request of a call. It has a key, so that what names it holds nothing secret.
    pub(super) fn request(
        &self,
        how: &SignIn,
        call: &str,
        fields: &[(&str, &str)],
    ) -> Result<Request, Fault> {
        let Some(mut all) = how.fields(&self.credentials) else {
            return Err(
                self.fault(FaultKind::Permanent, "this computer gives no random numbers to sign in with")
            );
        };
        all.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let mut address = self.call_address(how, call);
        let mut payload = Payload::None;
        if how.post {
            payload = Payload::Form(all);
        } else {
            address = all.iter().fold(address, |address, (name, value)| address.with(name, value));
        }
        let mut request = Request::get(&self.line, address);
        request.payload = payload;
        request.max_bytes = MOST_BYTES;
        let words: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
        request.key = Some(format!("{} {call} {}", self.line.name, words.join(" ")));
        Ok(request)
    }

    /// Calls; what the server refuses for other reasons than the sign-in is for the caller to judge.
    pub(super) fn call(
        &self,
        call: &str,
        fields: &[(&str, &str)],
        cancel: &Cancel,
    ) -> Result<Result<Value, Refusal>, Fault> {
        let mut again = false;
        loop {
            if cancel.is_stopped() {
                return Err(self.stopped());
            }
            let how = self.sign_in(cancel)?;
            let reply = self.net.ask(&self.request(&how, call, fields)?, cancel)?;
            let refusal = match read(&reply) {
                Said::Yes(answer) => return Ok(Ok(answer)),
                Said::No(refusal) => refusal,
                Said::Shut(status) => return Err(self.shut(status)),
                Said::Foreign => return Err(self.foreign(call)),
            };
            // A missing parameter may be the sign-in's or the call's own.
            let maybe = refusal.is_about_sign_in() || refusal.code == MISSING_PARAMETER;
            match (maybe, again) {
                (true, false) => self.forget_sign_in(),
                _ if refusal.is_about_sign_in() => return Err(self.refused(&refusal)),
                _ => return Ok(Err(refusal)),
            }
            again = true;
        }
    }

    pub(super) fn fault(&self, kind: FaultKind, reason: impl Into<String>) -> Fault {
        Fault { source: self.line.name.clone(), kind, reason: reason.into() }
    }

    /// The fault of an answer that is none.
    pub(super) fn foreign(&self, call: &str) -> Fault {
        let says = format!("{call} is answered with something else than it should be");
        self.fault(FaultKind::Temporary { retry_after_seconds: None }, says)
    }

    pub(super) fn stopped(&self) -> Fault {
        self.fault(FaultKind::Temporary { retry_after_seconds: None }, "stopped")
    }

    /// An error of the protocol as a fault.
    pub(super) fn refused(&self, refusal: &Refusal) -> Fault {
        let at = self.address.shown();
        let said = match &refusal.message {
            message if message.is_empty() || self.credentials.are_in(message) => String::new(),
            message => format!(": “{}”", message.chars().take(200).collect::<String>()),
        };
        let code = refusal.code;
        let (kind, reason) = match code {
            NOT_ALLOWED => (
                FaultKind::NeedsUser,
                format!("the server at {at} does not allow this to the user{said} – allow it there"),
            ),
            _ if refusal.is_about_sign_in() => (
                FaultKind::NeedsUser,
                format!(
                    "the server at {at} refuses the sign-in (error {code}){said} – check what you entered for it"
                ),
            ),
            _ => (FaultKind::Permanent, format!("the server at {at} refuses (error {code}){said}")),
        };
        self.fault(kind, reason)
    }

    pub(super) fn shut(&self, status: u16) -> Fault {
        let reason = format!(
            "{} refuses with status {status}, as a proxy before a server does – let the Subsonic address through there",
            self.address.shown()
        );
        self.fault(FaultKind::NeedsUser, reason)
    }

    pub(super) fn no_server(&self) -> Fault {
        let at = self.address.shown();
        if self.answered_before() {
            let reason = format!(
                "something else answers at {at} than the Subsonic server that did before – a page about maintenance?"
            );
            return self.fault(FaultKind::Temporary { retry_after_seconds: None }, reason);
        }
        let reason =
            format!("no Subsonic server answers at {at} – check the address; it is what stands before /rest");
        self.fault(FaultKind::NeedsUser, reason)
    }
}

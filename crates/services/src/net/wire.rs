//! The wire: one request, one answer, with limits on time, silence and size. No redirects, no proxy, no cookies.
//!
//! Each exchange has a thread of its own, so that who stops need not wait for the answer under way.

use std::fmt::Display;
use std::io::{ErrorKind, Read};
use std::sync::mpsc::SyncSender;
use std::time::{Duration, Instant};

use ferrotape_domain::{Cancel, Fault, FaultKind};
use ureq::http::{Response, Uri};
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Body, Error};

use super::body::{Head, Sink};
use super::guard::{INSIDE, Names, PublicOnly, leads_inside};
use super::request::{Payload, Request, Trust};
use super::trouble::Trouble;
use super::{Transport, Ways};
use crate::loopback::is_loopback;
use crate::waiting::Coming;

const CONNECT: Duration = Duration::from_secs(15);
/// An answer of which less than this comes per second, after the longest silence allowed, is given up.
const SLOWEST_BYTES_PER_SECOND: u64 = 256;
/// Who asks, but for the closing bracket: how the user is reached stands before it, where that is told.
pub(super) const USER_AGENT: &str =
    concat!("ferrotape/", env!("CARGO_PKG_VERSION"), " (a program for one person's own music");

/// Speaks to all.
pub(super) struct Wire {
    /// To where the user said.
    named: Agent,
    /// To where others said.
    outside: Agent,
    stand_in: Option<String>,
    patience: Duration,
}

impl Wire {
    pub(super) fn new(ways: &Ways) -> Result<Self, Fault> {
        if ways.stand_in.as_deref().is_some_and(|address| !is_loopback(address)) {
            let reason = "only an address of this computer can stand in for others".to_owned();
            return Err(Fault { source: "the network".to_owned(), kind: FaultKind::Permanent, reason });
        }
        let config = || {
            Agent::config_builder()
                .http_status_as_error(false)
                .max_redirects(0)
                .max_redirects_will_error(false)
                .proxy(None)
                .timeout_connect(Some(CONNECT.min(ways.patience)))
                .timeout_per_read(Some(ways.patience))
                .timeout_per_write(Some(ways.patience))
                .user_agent(format!("{USER_AGENT})"))
                .build()
        };
        Ok(Self {
            named: Agent::with_parts(config(), DefaultConnector::default(), Names::default()),
            outside: Agent::with_parts(config(), DefaultConnector::default(), PublicOnly::default()),
            stand_in: ways.stand_in.as_deref().map(|address| address.trim_end_matches('/').to_owned()),
            patience: ways.patience,
        })
    }

    /// Where a request goes, and by whom.
    fn exchange(&self, request: &Request) -> Result<Exchange, Trouble> {
        let (agent, place) = match (request.line.trust, &self.stand_in) {
            (Trust::Named, _) => (&self.named, None),
            (Trust::Outside, _) if leads_inside(&request.address) => return Err(Trouble::hopeless(INSIDE)),
            // The stand-in itself is on this computer, and was named by the user.
            (Trust::Outside, Some(stand_in)) => {
                (&self.named, Some(format!("{stand_in}{}", request.address.at_stand_in())))
            }
            (Trust::Outside, None) => (&self.outside, None),
        };
        let uri = match place {
            Some(place) => place.parse().map_err(|_| Trouble::hopeless("it is no plain web address"))?,
            None => request.address.uri().map_err(Trouble::hopeless)?,
        };
        Ok(Exchange { agent: agent.clone(), uri, request: request.clone(), patience: self.patience })
    }
}

impl Transport for Wire {
    fn send(&self, request: &Request, sink: &mut dyn Sink, cancel: &Cancel) -> Result<Head, Trouble> {
        let exchange = self.exchange(request)?;
        let coming = Coming::from(move |came| exchange.run(came));
        let gone = || match cancel.is_stopped() {
            true => Trouble::stopped(),
            false => Trouble::passing("its answer broke off"),
        };
        let head = match coming.next(cancel).ok_or_else(gone)?? {
            Came::Head(head) => head,
            Came::Bytes(_) | Came::End => return Err(gone()),
        };
        if !sink.begin(&head)? {
            return Ok(head);
        }
        loop {
            match coming.next(cancel).ok_or_else(gone)?? {
                Came::Bytes(bytes) => sink.take(&bytes)?,
                Came::Head(_) | Came::End => return Ok(head),
            }
        }
    }
}

/// What comes of an answer, in this order.
enum Came {
    Head(Head),
    Bytes(Vec<u8>),
    End,
}

/// One request on its way.
struct Exchange {
    agent: Agent,
    uri: Uri,
    request: Request,
    patience: Duration,
}

impl Exchange {
    fn run(self, came: &SyncSender<Result<Came, Trouble>>) {
        let end = self.answer(came).map(|()| Came::End);
        // Nobody may be waiting any more.
        drop(came.send(end));
    }

    fn answer(&self, came: &SyncSender<Result<Came, Trouble>>) -> Result<(), Trouble> {
        let mut answer = self.call()?;
        let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
        let headers = answer.headers().iter();
        let headers =
            headers.map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes()))).collect();
        let status = answer.status().as_u16();
        let head = Head { status, headers, stale: None, moved: None, asked_again: None };
        let is_wanted = came.send(Ok(Came::Head(head)));
        if is_wanted.is_err() {
            return Ok(());
        }
        self.read(&mut answer, came)
    }

    fn call(&self) -> Result<Response<Body>, Trouble> {
        let Self { agent, uri, request, .. } = self;
        let answer = match &request.payload {
            Payload::None => {
                let mut get = agent.get(uri);
                for (name, value) in &request.headers {
                    get = get.header(*name, value);
                }
                get.config().timeout_global(Some(request.whole)).build().call()
            }
            Payload::Form(_) | Payload::Json(_) => {
                let mut post = agent.post(uri);
                for (name, value) in &request.headers {
                    post = post.header(*name, value);
                }
                let post = post.config().timeout_global(Some(request.whole)).build();
                match &request.payload {
                    Payload::Form(fields) => {
                        post.send_form(fields.iter().map(|(name, value)| (name.as_str(), value.as_str())))
                    }
                    Payload::Json(body) => {
                        post.header("content-type", "application/json").send(body.as_slice())
                    }
                    Payload::None => post.send_empty(),
                }
            }
        };
        answer.map_err(|error| of_error(&error))
    }

    fn read(
        &self,
        answer: &mut Response<Body>,
        came: &SyncSender<Result<Came, Trouble>>,
    ) -> Result<(), Trouble> {
        let began = Instant::now();
        let mut reader = answer.body_mut().with_config().limit(u64::MAX).reader();
        let mut buffer = vec![0; 64 << 10];
        let mut bytes = 0_u64;
        loop {
            let read = match reader.read(&mut buffer) {
                Ok(0) => return Ok(()),
                Ok(read) => read,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(broken_off(&error)),
            };
            bytes += read as u64;
            let part = buffer.get(..read).unwrap_or_default().to_vec();
            if came.send(Ok(Came::Bytes(part))).is_err() {
                return Ok(());
            }
            let time = began.elapsed();
            if time > self.patience && bytes < time.as_secs().saturating_mul(SLOWEST_BYTES_PER_SECOND) {
                return Err(Trouble::slow("its answer comes far too slowly"));
            }
        }
    }
}

fn broken_off(error: &std::io::Error) -> Trouble {
    // In the middle of an answer ureq's own errors come wrapped.
    let own = error.get_ref().and_then(|own| own.downcast_ref::<Error>());
    match matches!(own, Some(Error::Timeout(_))) || error.kind() == ErrorKind::TimedOut {
        true => Trouble::slow("it fell silent in the middle of its answer"),
        false => Trouble::passing("its answer broke off"),
    }
}

/// The texts of ureq's own errors could quote what was sent.
fn of_error(error: &Error) -> Trouble {
    match error {
        Error::HostNotFound => {
            Trouble::no_way("it cannot be reached: its name cannot be looked up – is the network on?")
        }
        Error::Timeout(_) => Trouble::slow("it took too long to answer"),
        Error::Io(error) if error.kind() == ErrorKind::PermissionDenied => Trouble::hopeless(INSIDE),
        // What TLS refuses comes as invalid data.
        Error::Io(error) if error.kind() == ErrorKind::InvalidData => untrusted(error),
        Error::Rustls(error) => untrusted(error),
        Error::Tls(error) => untrusted(error),
        Error::Io(error) if error.kind() == ErrorKind::TimedOut => {
            Trouble::slow("it took too long to answer")
        }
        Error::Io(error) => not_reached(error.kind()),
        Error::ConnectionFailed => Trouble::unreachable("it cannot be reached (no connection)"),
        _ => Trouble::passing("its answer is not valid HTTP"),
    }
}

/// A server of the user's may have a certificate of its own making, or its address a slip; and networks that want a
/// sign-in answer for everybody.
fn untrusted(error: &dyn Display) -> Trouble {
    Trouble::untrusted(match error.to_string().to_ascii_lowercase().contains("certificate") {
        true => {
            "its certificate cannot be trusted – look at its address, its certificate, and whether this network \
             wants you to sign in first"
        }
        false => "it does not speak https as it should – look at its address",
    })
}

/// In words of our own: those of the system's errors are for programmers.
fn not_reached(kind: ErrorKind) -> Trouble {
    match kind {
        ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown | ErrorKind::AddrNotAvailable => {
            Trouble::no_way("it cannot be reached: no network leads there – is the network on?")
        }
        ErrorKind::HostUnreachable => {
            Trouble::no_way("it cannot be reached: no way leads to its computer, or that is off")
        }
        ErrorKind::ConnectionRefused => Trouble::unreachable("it cannot be reached (connection refused)"),
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted => {
            Trouble::passing("it cannot be reached (the connection broke off)")
        }
        ErrorKind::UnexpectedEof | ErrorKind::BrokenPipe => {
            Trouble::passing("it cannot be reached (it hung up)")
        }
        _ => Trouble::passing("it cannot be reached"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::trouble::TroubleKind;
    use super::*;

    #[test]
    fn what_cannot_be_reached_is_told_of_in_plain_words() {
        for (kind, says) in [
            (ErrorKind::NetworkUnreachable, "is the network on?"),
            (ErrorKind::NetworkDown, "is the network on?"),
            (ErrorKind::HostUnreachable, "no way leads to its computer"),
        ] {
            let trouble = of_error(&Error::Io(kind.into()));
            assert!(trouble.kind == TroubleKind::NoWay && trouble.says.contains(says), "{trouble:?}");
        }
        let unknown = of_error(&Error::HostNotFound);
        assert!(
            unknown.kind == TroubleKind::NoWay && unknown.says.contains("cannot be looked up"),
            "{unknown:?}"
        );
        let refused = of_error(&Error::Io(ErrorKind::ConnectionRefused.into()));
        assert_eq!(refused.kind, TroubleKind::Unreachable);
        for (tls, says) in [
            ("invalid peer certificate: UnknownIssuer", "its certificate cannot be trusted"),
            ("received corrupt message of type InvalidContentType", "does not speak https"),
        ] {
            let trouble = of_error(&Error::Io(std::io::Error::new(ErrorKind::InvalidData, tls)));
            assert!(trouble.kind == TroubleKind::Untrusted && trouble.says.contains(says), "{trouble:?}");
        }
        // The system has no kind for it.
        let nameless = of_error(&Error::Io(std::io::Error::from_raw_os_error(9999)));
        assert_eq!((nameless.kind, nameless.says.as_str()), (TroubleKind::Passing, "it cannot be reached"));
    }
}

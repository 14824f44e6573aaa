//! The wire: one request, one answer, with limits on time and size. No redirects, no proxy, no cookies.
//!
//! Knows nothing of waiting or of meaning. An error says what went wrong and never what was sent.

use std::io::{ErrorKind, Read};
use std::time::Duration;

use ferrotape_domain::Cancel;
use ureq::Agent;
use ureq::http::{Response, header};

use super::addresses::Addresses;
use super::secret::Secret;
use crate::waiting::Coming;

/// A page of fifty albums with all their tracks has about 3 MB.
const MAX_BYTES: u64 = 32 << 20;
const CONNECT: Duration = Duration::from_secs(15);
/// From the first byte sent to the last one received.
const WHOLE: Duration = Duration::from_secs(90);

/// An answer, whatever its status.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    /// Seconds the service asks to wait.
    pub(super) retry_after: Option<u64>,
    pub(super) body: Vec<u8>,
}

/// Why there is no whole answer. Asking again may help, unless it was too big.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoReply {
    #[error("Spotify cannot be reached ({0})")]
    Unreachable(String),
    #[error("the answer broke off or was none ({0})")]
    Cut(String),
    #[error("the answer has more than {} MiB, which none should have", MAX_BYTES >> 20)]
    TooBig,
}

/// Speaks to both servers.
#[derive(Debug)]
pub(super) struct Client {
    agent: Agent,
    pub(super) addresses: Addresses,
}

impl Client {
    /// For addresses that were checked.
    pub(super) fn new(addresses: Addresses) -> Self {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .timeout_connect(Some(CONNECT))
            .timeout_global(Some(WHOLE))
            .user_agent(concat!("ferrotape/", env!("CARGO_PKG_VERSION")))
            .build()
            .new_agent();
        Self { agent, addresses }
    }

    /// Asks the Web API; `path` begins with a slash and may hold a query. Who stops need not wait for the answer.
    pub(super) fn get(&self, path: &str, token: &Secret, cancel: &Cancel) -> Result<Reply, NoReply> {
        let request = self.agent.get(format!("{}{path}", self.addresses.api));
        let request = request.header(header::AUTHORIZATION, format!("Bearer {}", token.reveal()));
        let request = request.header(header::ACCEPT, "application/json");
        let coming = Coming::from(|came| drop(came.send(read(request.call()))));
        coming.next(cancel).unwrap_or_else(|| Err(NoReply::Cut("it did not come".into())))
    }

    /// Asks for tokens, and waits for the answer: an old one may be void by then, and the new one must not be lost. The
    /// form may hold secrets, so it travels in the body.
    pub(super) fn token(&self, form: &[(&str, &str)]) -> Result<Reply, NoReply> {
        let request = self.agent.post(format!("{}/api/token", self.addresses.accounts));
        read(request.header(header::ACCEPT, "application/json").send_form(form.iter().copied()))
    }
}

fn read(answer: Result<Response<ureq::Body>, ureq::Error>) -> Result<Reply, NoReply> {
    let mut answer = answer.map_err(|error| no_reply(&error))?;
    let retry_after = answer.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok());
    let retry_after = retry_after.and_then(|seconds| seconds.trim().parse().ok());
    let mut body = Vec::new();
    // The limit counts what is unpacked.
    let mut reader = answer.body_mut().with_config().limit(u64::MAX).reader().take(MAX_BYTES + 1);
    reader.read_to_end(&mut body).map_err(|error| NoReply::Cut(kind_of(&error)))?;
    if body.len() as u64 > MAX_BYTES {
        return Err(NoReply::TooBig);
    }
    Ok(Reply { status: answer.status().as_u16(), retry_after, body })
}

fn no_reply(error: &ureq::Error) -> NoReply {
    match error {
        ureq::Error::HostNotFound => {
            NoReply::Unreachable("its address is not known; is the network on?".into())
        }
        ureq::Error::ConnectionFailed => NoReply::Unreachable("no connection".into()),
        ureq::Error::Timeout(_) => NoReply::Cut("it took too long".into()),
        ureq::Error::Io(error) if error.kind() == ErrorKind::ConnectionRefused => {
            NoReply::Unreachable(kind_of(error))
        }
        // What TLS refuses comes as invalid data.
        ureq::Error::Io(error) if error.kind() == ErrorKind::InvalidData => {
            NoReply::Unreachable("its certificate cannot be trusted".into())
        }
        ureq::Error::Io(error) => NoReply::Cut(kind_of(error)),
        ureq::Error::Rustls(_) | ureq::Error::Tls(_) => {
            NoReply::Unreachable("its certificate cannot be trusted".into())
        }
        // The texts of the others could quote what was sent.
        _ => NoReply::Cut("it is not valid HTTP".into()),
    }
}

/// In words of our own: those of the system are for programmers, and of some errors it has none.
fn kind_of(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::ConnectionRefused => "the connection was refused",
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted => "the connection broke off",
        ErrorKind::UnexpectedEof | ErrorKind::BrokenPipe => "it hung up",
        ErrorKind::TimedOut | ErrorKind::WouldBlock => "it took too long",
        ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown | ErrorKind::AddrNotAvailable => {
            "no network leads there; is the network on?"
        }
        ErrorKind::HostUnreachable => "no way leads to its computer",
        _ => "the connection failed",
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_has_no_word_for_is_told_in_plain_words() {
        for (error, says) in [
            (std::io::Error::from_raw_os_error(9999), "the connection failed"),
            (ErrorKind::Other.into(), "the connection failed"),
            (ErrorKind::ConnectionReset.into(), "the connection broke off"),
            (ErrorKind::UnexpectedEof.into(), "it hung up"),
            (ErrorKind::NetworkUnreachable.into(), "no network leads there; is the network on?"),
        ] {
            assert_eq!(kind_of(&error), says);
        }
    }
}

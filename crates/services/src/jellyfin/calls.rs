//! Calls to one server: who we are in each request's header, and the faults.

use ferrotape_domain::{Cancel, Fault, FaultKind};
use serde_json::Value;

use crate::net::sums::hex;
use crate::net::{Address, Line, Net, Payload, Reply, Request};
use crate::secret::Secret;

/// Requests at the same time; servers at home are small.
const AT_ONCE: usize = 4;
/// A page of 500 tracks has about one MiB.
const MOST_BYTES: u64 = 64 << 20;
/// Under which name this installation's id is remembered.
const NOTE: &str = "device";

/// A server, and the token for it when there is one.
#[derive(Clone)]
pub(super) struct Server {
    pub(super) line: Line,
    pub(super) address: Address,
    pub(super) net: Net,
    token: Option<Secret>,
    /// Sign-ins are of a device; random, and says nothing.
    device: String,
}

impl Server {
    pub(super) fn new(name: &str, address: Address, net: Net, token: Option<Secret>) -> Self {
        let line = Line::named(format!("jellyfin:{name}"), AT_ONCE);
        let device = device(&net, &line.name);
        Self { line, address, net, token, device }
    }

    /// `MediaBrowser …`, the one form that all versions take. `None` when the token cannot be one.
    fn authorization(&self) -> Option<String> {
        let mut says = format!(
            "MediaBrowser Client=\"ferrotape\", Device=\"ferrotape\", DeviceId=\"{}\", Version=\"{}\"",
            self.device,
            env!("CARGO_PKG_VERSION")
        );
        if let Some(token) = &self.token {
            let token = token.reveal();
            let is_plain = |char: char| char.is_ascii_graphic() && !matches!(char, '"' | '\\' | ',');
            if token.is_empty() || !token.chars().all(is_plain) {
                return None;
            }
            says.push_str(&format!(", Token=\"{token}\""));
        }
        Some(says)
    }

    /// A request for what lies below the server's address. It has a key, so that what names it holds nothing secret.
    pub(super) fn request(&self, steps: &[&str], fields: &[(&str, &str)]) -> Result<Request, Fault> {
        let address = self.address.clone().below(steps.iter().copied());
        let address = fields.iter().fold(address, |address, (name, value)| address.with(name, value));
        let Some(authorization) = self.authorization() else { return Err(self.wrong_token()) };
        let mut request = Request::get(&self.line, address).header("authorization", authorization);
        request.max_bytes = MOST_BYTES;
        request.key = Some(format!("{} {}", self.line.name, steps.join(" ")));
        Ok(request)
    }

    /// Asks; any status but 2xx is for the caller to judge.
    pub(super) fn ask(
        &self,
        steps: &[&str],
        fields: &[(&str, &str)],
        body: Option<Value>,
        cancel: &Cancel,
    ) -> Result<Result<Value, Reply>, Fault> {
        if cancel.is_stopped() {
            return Err(self.passing("stopped"));
        }
        let mut request = self.request(steps, fields)?;
        if let Some(body) = body {
            request.payload = Payload::Json(body.to_string().into_bytes());
        }
        let reply = self.net.ask(&request, cancel)?;
        if !reply.is_ok() {
            return Ok(Err(reply));
        }
        match serde_json::from_slice(&reply.body) {
            Ok(answer) => Ok(Ok(answer)),
            Err(_) => Err(self.passing("it answers with something else than it should")),
        }
    }

    pub(super) fn fault(&self, kind: FaultKind, reason: impl Into<String>) -> Fault {
        Fault { source: self.line.name.clone(), kind, reason: reason.into() }
    }

    pub(super) fn passing(&self, reason: impl Into<String>) -> Fault {
        self.fault(FaultKind::Temporary { retry_after_seconds: None }, reason)
    }

    /// Nobody on the way can read along.
    pub(super) fn is_private(&self) -> bool {
        self.address.is_encrypted() || crate::loopback::is_loopback(self.address.reveal())
    }

    fn wrong_token(&self) -> Fault {
        let at = self.address.shown();
        let reason = format!(
            "the server at {at} does not accept the sign-in (any more) – sign in again, or enter an API key of the server"
        );
        self.fault(FaultKind::NeedsUser, reason)
    }

    /// A status that is no answer as a fault.
    pub(super) fn refused(&self, status: u16) -> Fault {
        let at = self.address.shown();
        match status {
            401 => self.wrong_token(),
            403 => self.fault(
                FaultKind::NeedsUser,
                format!("the server at {at} does not allow this to the user – allow it in its dashboard, under Users"),
            ),
            404 => self.fault(
                FaultKind::NeedsUser,
                format!("no Jellyfin server answers at {at} – check the address, and the path in it if it has one"),
            ),
            _ => self.fault(FaultKind::Permanent, format!("the server at {at} refuses (status {status})")),
        }
    }
}

fn device(net: &Net, line: &str) -> String {
    let known = net.memory().note(line, NOTE).ok().flatten();
    let known = known.filter(|id| id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()));
    known.unwrap_or_else(|| {
        let mut bytes = [0; 16];
        // Without randomness all are one device, which only means that signing in again ends the sign-in before.
        let _ = getrandom::fill(&mut bytes);
        let id = hex(&bytes);
        drop(net.memory().keep_note(line, NOTE, &id));
        id
    })
}

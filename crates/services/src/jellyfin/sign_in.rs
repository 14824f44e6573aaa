//! Getting in: by Quick Connect, where a code is typed into a session that is signed in already; by user name and
//! password, once; or with an API key from the dashboard, for which nothing is asked.
//!
//! What comes out is an [`Access`] for the caller to keep. The password is kept nowhere.

use std::fmt;
use std::time::Duration;

use ferrotape_domain::{Cancel, Fault, FaultKind};
use serde_json::{Value, json};

use super::calls::Server;
use crate::clock::{Clock, SystemClock};
use crate::loose::{text, yes};
use crate::net::{Address, Net};
use crate::secret::Secret;

/// How often it is looked whether the code was typed in.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// What opens a server: kept by the caller, as secret as a password. Its `Debug` shows no secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// The token, or an API key.
    pub token: Secret,
    /// The user's id; `None` with an API key.
    pub user: Option<String>,
}

impl Access {
    /// An API key from the dashboard.
    pub fn api_key(key: Secret) -> Self {
        Self { token: key, user: None }
    }

    /// What was kept of a sign-in.
    pub fn kept(token: Secret, user: Option<String>) -> Self {
        Self { token, user }
    }
}

/// A sign-in that went well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// To be kept.
    pub access: Access,
    /// Whose it is, for people.
    pub user_name: String,
}

/// What a server says of itself to everybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerFacts {
    /// As its owner calls it.
    pub name: String,
    /// Its version: `10.11.5`.
    pub version: String,
}

/// A server that is not signed in to yet.
pub struct SignIn(Server);

impl SignIn {
    /// The server that the user calls `name`; see [`super::Jellyfin::new`].
    pub fn new(name: &str, address: Address, net: Net) -> Self {
        Self(Server::new(name, address, net, None))
    }

    /// Whether there is a Jellyfin server at all, and which.
    pub fn server(&self, cancel: &Cancel) -> Result<ServerFacts, Fault> {
        let answer = self.0.ask(&["System", "Info", "Public"], &[], None, cancel)?;
        let answer = answer.map_err(|reply| self.0.refused(reply.status))?;
        let (name, version) = (text(answer.get("ServerName")), text(answer.get("Version")));
        match version {
            Some(version) => Ok(ServerFacts { name: name.unwrap_or_default(), version }),
            None => Err(self.0.refused(404)),
        }
    }

    /// Signs in with user name and password.
    pub fn with_password(&self, user: &str, password: &Secret, cancel: &Cancel) -> Result<SignedIn, Fault> {
        let server = &self.0;
        let at = server.address.shown();
        if !server.is_private() {
            let reason = format!(
                "a password is never sent unencrypted, and {at} is not encrypted – use an https address, Quick Connect or \
                 an API key"
            );
            return Err(server.fault(FaultKind::NeedsUser, reason));
        }
        let body = json!({"Username": user, "Pw": password.reveal()});
        match server.ask(&["Users", "AuthenticateByName"], &[], Some(body), cancel)? {
            Ok(answer) => signed_in(server, &answer),
            Err(reply) if matches!(reply.status, 400 | 401) => {
                let reason = format!(
                    "the server at {at} does not accept this user name and password – correct them and try again"
                );
                Err(server.fault(FaultKind::NeedsUser, reason))
            }
            Err(reply) => Err(server.refused(reply.status)),
        }
    }

    /// Begins a Quick Connect: its code is to be shown to the user.
    pub fn quick_connect(&self, cancel: &Cancel) -> Result<QuickConnect, Fault> {
        let server = self.0.clone();
        let answer = match server.ask(&["QuickConnect", "Initiate"], &[], Some(json!({})), cancel)? {
            Ok(answer) => answer,
            Err(reply) if reply.status == 401 => {
                let at = server.address.shown();
                let reason = format!(
                    "Quick Connect is switched off on the server at {at} – switch it on in its dashboard, or sign in with \
                     user name and password"
                );
                return Err(server.fault(FaultKind::NeedsUser, reason));
            }
            Err(reply) => return Err(server.refused(reply.status)),
        };
        match (text(answer.get("Code")), text(answer.get("Secret"))) {
            (Some(code), Some(secret)) => Ok(QuickConnect { server, code, secret: Secret::new(secret) }),
            _ => Err(server.passing("it gives no code for Quick Connect")),
        }
    }
}

/// A Quick Connect that was begun. Its `Debug` shows no secrets.
pub struct QuickConnect {
    server: Server,
    code: String,
    secret: Secret,
}

impl QuickConnect {
    /// What the user types in where they are signed in: in the menu of their user, under Quick Connect.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Looks once; `None`: not yet.
    pub fn poll(&self, cancel: &Cancel) -> Result<Option<SignedIn>, Fault> {
        let server = &self.server;
        let secret = self.secret.reveal();
        let answer = match server.ask(&["QuickConnect", "Connect"], &[("secret", secret)], None, cancel)? {
            Ok(answer) => answer,
            Err(reply) if reply.status == 404 => return Err(self.too_late()),
            Err(reply) => return Err(server.refused(reply.status)),
        };
        if !yes(answer.get("Authenticated")) {
            return Ok(None);
        }
        let body = json!({"Secret": secret});
        match server.ask(&["Users", "AuthenticateWithQuickConnect"], &[], Some(body), cancel)? {
            Ok(answer) => signed_in(server, &answer).map(Some),
            Err(reply) if matches!(reply.status, 400 | 401 | 404) => Err(self.too_late()),
            Err(reply) => Err(server.refused(reply.status)),
        }
    }

    /// Looks until the code was typed in, for as long as `patience`.
    pub fn wait(&self, patience: Duration, cancel: &Cancel) -> Result<SignedIn, Fault> {
        let clock = SystemClock::default();
        loop {
            if let Some(signed_in) = self.poll(cancel)? {
                return Ok(signed_in);
            }
            if clock.running() >= patience {
                return Err(self.too_late());
            }
            clock.sleep(LOOK_EVERY.min(patience), cancel);
            if cancel.is_stopped() {
                return Err(self.server.passing("stopped"));
            }
        }
    }

    fn too_late(&self) -> Fault {
        let reason = format!("the code {} was not entered in time – begin again for another one", self.code);
        self.server.fault(FaultKind::NeedsUser, reason)
    }
}

impl fmt::Debug for QuickConnect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QuickConnect").field("code", &self.code).finish_non_exhaustive()
    }
}

fn signed_in(server: &Server, answer: &Value) -> Result<SignedIn, Fault> {
    let Some(token) = text(answer.get("AccessToken")) else {
        return Err(server.passing("it gives no token"));
    };
    let access = Access { token: Secret::new(token), user: text(answer.pointer("/User/Id")) };
    Ok(SignedIn { access, user_name: text(answer.pointer("/User/Name")).unwrap_or_default() })
}

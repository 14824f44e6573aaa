//! Requests with a token: refreshed in time, saved before use, and given up when Spotify says it is dead.

use std::cell::{Cell, RefCell};

use ferrotape_domain::{Cancel, Event, Fault, Phase, Progress};
use serde::Deserialize;
use serde_json::Value;

use super::client::{Client, NoReply, Reply};
use super::faults;
use super::line::Line;
use super::secret::Secret;
use super::tokens::{Connection, TokenFile};
use crate::clock::Clock;

/// A token that ends within this many seconds is refreshed before it is used.
const SPARE_S: i64 = 60;

/// What the token server gives. Every field may be missing.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Granted {
    access_token: Option<String>,
    refresh_token: Option<String>,
    expires_in: Option<f64>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Refused {
    error: String,
}

/// An answer of the Web API.
#[derive(Debug)]
pub(super) enum Given {
    /// 200, with a whole JSON document.
    Json(Value),
    /// It is not for this account, or not there any more: 403 or 404.
    Refused(u16),
}

/// One run's connection to the account.
pub(super) struct Session<'a> {
    client: &'a Client,
    file: &'a TokenFile,
    connection: RefCell<Connection>,
    pub(super) line: Line<'a>,
    clock: &'a dyn Clock,
    progress: &'a dyn Progress,
    bytes: Cell<u64>,
}

impl<'a> Session<'a> {
    /// `connection` is what the file holds.
    pub(super) fn new(
        client: &'a Client,
        file: &'a TokenFile,
        connection: Connection,
        clock: &'a dyn Clock,
        progress: &'a dyn Progress,
        cancel: &'a Cancel,
    ) -> Self {
        let line = Line::new(clock, cancel, client.addresses.pace());
        let (connection, bytes) = (RefCell::new(connection), Cell::new(0));
        Self { client, file, connection, line, clock, progress, bytes }
    }

    /// What the file holds now.
    pub(super) fn into_connection(self) -> Connection {
        self.connection.into_inner()
    }

    /// Asks for a path of the Web API.
    pub(super) fn get(&self, path: &str) -> Result<Given, Fault> {
        let mut refreshed = self.refresh_in_time()?;
        loop {
            let token = self.connection.borrow().access.clone().ok_or_else(faults::not_connected)?;
            let reply = self.line.ask(&|| whole(self.client.get(path, &token, self.line.cancel())?))?;
            let by = reply.body.len() as u64;
            self.bytes.set(self.bytes.get() + by);
            self.progress.event(Event::Advanced { phase: Phase::Pull, by: 1, bytes: by });
            match reply.status {
                200 => return json(&reply.body).map(Given::Json),
                401 if !refreshed => {
                    self.refresh()?;
                    refreshed = true;
                }
                401 => {
                    return Err(faults::needs_user("it takes the new token for an old one – connect again"));
                }
                status @ (403 | 404) => return Ok(Given::Refused(status)),
                status => {
                    let path = path.split('?').next().unwrap_or_default();
                    return Err(faults::permanent(format!("it answers {path} with status {status}")));
                }
            }
        }
    }

    /// Whether there was need to.
    fn refresh_in_time(&self) -> Result<bool, Fault> {
        let good = {
            let connection = self.connection.borrow();
            connection.access.is_some() && connection.access_until - SPARE_S > self.clock.now()
        };
        if !good {
            self.refresh()?;
        }
        Ok(!good)
    }

    /// Takes new tokens for the refresh token. They are on the disk before anything is asked with them.
    fn refresh(&self) -> Result<(), Fault> {
        let mut connection = self.connection.borrow_mut();
        let token = connection.refresh.clone().ok_or_else(faults::not_connected)?;
        let client_id = connection.client_id.clone();
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", token.reveal()),
            ("client_id", client_id.as_str()),
        ];
        let granted = match exchange(self.client, &self.line, &form)? {
            Ok(granted) => granted,
            Err(word) if word == "invalid_grant" => {
                // A dead token is never tried again.
                connection.refresh = None;
                connection.access = None;
                self.file.save(&connection)?;
                return Err(faults::needs_user(
                    "your agreement has ended or was taken back, and the old token is thrown away – \
                     `ferrotape spotify connect` connects again; what came so far is kept",
                ));
            }
            Err(word) => {
                return Err(faults::needs_user(format!("it gives no new token ({})", faults::word(&word))));
            }
        };
        take(&mut connection, granted, self.clock.now())?;
        self.file.save(&connection)
    }
}

/// Asks the token server; `Err` inside is its own word for a refusal.
pub(super) fn exchange(
    client: &Client,
    line: &Line<'_>,
    form: &[(&str, &str)],
) -> Result<Result<Granted, String>, Fault> {
    let reply = line.ask(&|| whole(client.token(form)?))?;
    if reply.status == 200 {
        return Ok(Ok(serde_json::from_slice(&reply.body).unwrap_or_default()));
    }
    let refused: Refused = serde_json::from_slice(&reply.body).unwrap_or_default();
    Ok(Err(refused.error))
}

/// Takes over what was granted. Without a new refresh token the old one stays good.
pub(super) fn take(connection: &mut Connection, granted: Granted, now: i64) -> Result<(), Fault> {
    let access = granted.access_token.filter(|token| !token.is_empty());
    let access = access.ok_or_else(|| faults::later("its answer holds no token – try again later"))?;
    connection.access = Some(Secret::new(access));
    #[expect(clippy::cast_possible_truncation, reason = "clamped to a day before")]
    let lasts = granted.expires_in.unwrap_or(3600.0).clamp(0.0, 86400.0) as i64;
    connection.access_until = now + lasts;
    if let Some(refresh) = granted.refresh_token.filter(|token| !token.is_empty()) {
        connection.refresh = Some(Secret::new(refresh));
    }
    Ok(())
}

/// A good answer that is no whole JSON document was cut off on its way.
fn whole(reply: Reply) -> Result<Reply, NoReply> {
    let is_whole =
        reply.status != 200 || serde_json::from_slice::<serde::de::IgnoredAny>(&reply.body).is_ok();
    if is_whole { Ok(reply) } else { Err(NoReply::Cut("it ends in the middle".into())) }
}

fn json(body: &[u8]) -> Result<Value, Fault> {
    serde_json::from_slice(body).map_err(|_| faults::later("its answer cannot be read – try again later"))
}

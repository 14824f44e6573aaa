//! Connecting: an address for the browser, the code it brings back, the first tokens.

use ferrotape_domain::{Cancel, Fault};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::callback::Callback;
use super::client::Client;
use super::faults;
use super::line::Line;
use super::pkce::{Pkce, random_text};
use super::secret::Secret;
use super::session::{Granted, exchange, take};
use super::tokens::{Connection, TokenFile};
use crate::clock::Clock;

/// The few rights that are asked for; `docs/account.md` says what each is for.
pub const SCOPES: [&str; 5] = [
    "user-library-read",
    "playlist-read-private",
    "playlist-read-collaborative",
    "user-follow-read",
    "user-read-playback-position",
];

/// All but the characters that RFC 3986 leaves to themselves.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A sign-in that waits for the browser.
pub struct Login<'a> {
    client: &'a Client,
    file: &'a TokenFile,
    clock: &'a dyn Clock,
    client_id: String,
    pkce: Pkce,
    state: Secret,
    callback: Callback,
}

impl<'a> Login<'a> {
    pub(super) fn begin(
        client: &'a Client,
        file: &'a TokenFile,
        clock: &'a dyn Clock,
        client_id: String,
    ) -> Result<Self, Fault> {
        let state = Secret::new(random_text(32)?);
        Ok(Self { client, file, clock, client_id, pkce: Pkce::new()?, state, callback: Callback::listen()? })
    }

    /// The address to open in a browser on this computer.
    pub fn address(&self) -> String {
        let redirect = self.callback.redirect_uri();
        let scopes = SCOPES.join(" ");
        let parameters = [
            ("response_type", "code"),
            ("client_id", &self.client_id),
            ("redirect_uri", &redirect),
            ("scope", &scopes),
            ("state", self.state.reveal()),
            ("code_challenge_method", "S256"),
            ("code_challenge", &self.pkce.challenge),
        ];
        let pairs = parameters.map(|(key, value)| format!("{key}={}", utf8_percent_encode(value, ENCODED)));
        format!("{}/authorize?{}", self.client.addresses.accounts, pairs.join("&"))
    }

    /// Waits for the browser to come back, at most five minutes, and takes the tokens. They are on the disk when it
    /// returns; `SpotifyAccount::settle` puts them into place.
    pub fn finish(self, cancel: &Cancel) -> Result<(), Fault> {
        let code = self.callback.wait(&self.state, cancel)?;
        let line = Line::new(self.clock, cancel, self.client.addresses.pace());
        let redirect = self.callback.redirect_uri();
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code.reveal()),
            ("redirect_uri", redirect.as_str()),
            ("client_id", self.client_id.as_str()),
            ("code_verifier", self.pkce.verifier.reveal()),
        ];
        let granted = exchange(self.client, &line, &form)?.map_err(|word| {
            faults::needs_user(format!("it gave no tokens ({}) – run the command again", faults::word(&word)))
        })?;
        self.keep(granted)
    }

    /// Keeps the first tokens. Whose they are is not known yet.
    fn keep(self, granted: Granted) -> Result<(), Fault> {
        let now = self.clock.now();
        let mut connection = Connection {
            client_id: self.client_id,
            whose: None,
            authorised_at: now,
            refresh: None,
            access: None,
            access_until: 0,
        };
        take(&mut connection, granted, now)?;
        if connection.refresh.is_none() {
            return Err(faults::needs_user("its answer holds no token for later – run the command again"));
        }
        self.file.unverified().save(&connection)
    }
}

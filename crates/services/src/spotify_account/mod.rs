//! The user's own account, read through Spotify's Web API with the user's own client id.
//!
//! Transport and consent only: what the rows mean is read by `import`. [`SpotifyAccount::begin_login`] connects by
//! PKCE with a loopback redirect; [`AccountSource::pull`] asks for the library, one request at a time, and keeps what
//! comes before it asks for more. Tokens lie in a file that only its owner may read (`tokens`), and no message or
//! log holds them (`secret`).

mod addresses;
mod callback;
mod client;
mod faults;
mod kept;
mod line;
mod lists;
mod login;
mod pkce;
mod pull;
mod rows;
mod session;
mod tokens;
mod verify;

use std::path::Path;

use ferrotape_domain::{AccountSource, AnswerCache, Cancel, Fault, Progress, Pulled, Silent};

pub use crate::clock::{Clock, SystemClock};
pub use addresses::Addresses;
pub use kept::PullState;
pub use login::{Login, SCOPES};

use self::client::Client;
use self::session::Session;
use self::tokens::{Connection, TokenFile};
use self::verify::verify;
use crate::secret;

/// The shortest six months there are. Spotify ends an agreement six months after it was given, whatever was refreshed.
const CONSENT_S: i64 = 181 * 24 * 3600;

/// The account whose tokens lie in one library folder.
pub struct SpotifyAccount {
    client: Client,
    file: TokenFile,
    clock: Box<dyn Clock>,
}

/// How the connection stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The user's client id.
    pub client_id: String,
    /// Whether there is a token; Spotify may still refuse it.
    pub connected: bool,
    /// When the user agreed, seconds since 1970 UTC.
    pub authorised_at: i64,
    /// When the agreement ends at the earliest, seconds since 1970 UTC.
    pub ends_at: i64,
}

impl Standing {
    fn of(connection: &Connection) -> Self {
        Self {
            client_id: connection.client_id.clone(),
            connected: connection.refresh.is_some(),
            authorised_at: connection.authorised_at,
            ends_at: connection.authorised_at.saturating_add(CONSENT_S),
        }
    }
}

impl SpotifyAccount {
    /// The account of a library folder. Refuses addresses to which tokens must not be sent.
    pub fn new(folder: &Path, addresses: Addresses, clock: Box<dyn Clock>) -> Result<Self, Fault> {
        let client = Client::new(addresses.checked()?);
        Ok(Self { client, file: TokenFile::new(folder), clock })
    }

    /// Begins to connect. Without a client id, that of the connection before is used.
    pub fn begin_login(&self, client_id: Option<&str>) -> Result<Login<'_>, Fault> {
        let client_id = match client_id {
            Some(given) => given.to_owned(),
            None => self.connection()?.ok_or_else(faults::no_client_id)?.client_id,
        };
        if client_id.len() != 32 || !client_id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(faults::not_a_client_id());
        }
        Login::begin(&self.client, &self.file, self.clock.as_ref(), client_id)
    }

    /// Puts the tokens that a login took into their place; asks whose they are, and refuses those of another account.
    pub fn settle(&self, cancel: &Cancel) -> Result<Standing, Fault> {
        verify(&self.client, &self.file, self.clock.as_ref(), &Silent, cancel)?;
        self.standing()?.ok_or_else(faults::not_connected)
    }

    /// How the connection stands; `None` when there never was one, or it was taken down.
    pub fn standing(&self) -> Result<Option<Standing>, Fault> {
        Ok(self.connection()?.as_ref().map(Standing::of))
    }

    /// Deletes the tokens; whether there were any.
    pub fn forget(&self) -> Result<bool, Fault> {
        let had_unverified = self.file.unverified().delete()?;
        Ok(self.file.delete()? || had_unverified)
    }

    /// The connection, or a new one of which it is not known yet whose it is.
    fn connection(&self) -> Result<Option<Connection>, Fault> {
        let known = self.file.load()?;
        if known.as_ref().is_some_and(|known| known.refresh.is_some()) {
            return Ok(known);
        }
        Ok(self.file.unverified().load()?.or(known))
    }

    /// How far the last pull came.
    pub fn last_pull(&self, cache: &dyn AnswerCache) -> Result<PullState, Fault> {
        PullState::load(cache)
    }
}

impl AccountSource for SpotifyAccount {
    fn pull(
        &self,
        cache: &dyn AnswerCache,
        progress: &dyn Progress,
        cancel: &Cancel,
    ) -> Result<Pulled, Fault> {
        let clock = self.clock.as_ref();
        pull::may_ask(cache, clock.now())?;
        verify(&self.client, &self.file, clock, progress, cancel)
            .map_err(|fault| pull::remembered(fault, cache, clock.now()))?;
        let connection = self.file.load()?.filter(|connection| connection.refresh.is_some());
        let connection = connection.ok_or_else(faults::not_connected)?;
        let session = Session::new(&self.client, &self.file, connection, clock, progress, cancel);
        pull::pull(&session, cache, clock.now())
    }

    fn recorded(&self, cache: &dyn AnswerCache) -> Result<(), Fault> {
        pull::recorded(cache, self.clock.now())
    }
}

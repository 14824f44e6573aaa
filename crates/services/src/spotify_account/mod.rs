//! The user's own account, read through Spotify's Web API with the user's own client id.
//!
//! Transport and consent only: what the rows mean is read by `import`. [`SpotifyAccount::begin_login`] connects by
//! PKCE with a loopback redirect; [`AccountSource::pull`] asks for the library, one request at a time, and keeps what
//! comes before it asks for more. Tokens lie in one file that only its owner may read (`tokens`), and no message or
//! log holds them (`secret`).

mod addresses;
mod callback;
mod client;
mod clock;
mod faults;
mod kept;
mod line;
mod lists;
mod login;
mod pkce;
mod pull;
mod rows;
mod secret;
mod session;
mod tokens;

use std::path::Path;

use ferrotape_domain::{AccountSource, AnswerCache, Cancel, Fault, Progress, Pulled};

pub use addresses::Addresses;
pub use clock::{Clock, SystemClock};
pub use kept::PullState;
pub use login::{Login, SCOPES};

use self::client::Client;
use self::session::Session;
use self::tokens::{Connection, TokenFile};

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
            None => self.file.load()?.ok_or_else(faults::not_connected)?.client_id,
        };
        let shaped =
            (1..=64).contains(&client_id.len()) && client_id.bytes().all(|b| b.is_ascii_alphanumeric());
        if !shaped {
            return Err(faults::permanent(
                "a client id is a row of letters and digits, as the dashboard of Spotify for Developers shows it",
            ));
        }
        Login::begin(&self.client, &self.file, self.clock.as_ref(), client_id)
    }

    /// How the connection stands; `None` when there never was one, or it was taken down.
    pub fn standing(&self) -> Result<Option<Standing>, Fault> {
        Ok(self.file.load()?.as_ref().map(Standing::of))
    }

    /// Deletes the tokens; whether there were any.
    pub fn forget(&self) -> Result<bool, Fault> {
        self.file.delete()
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
        let connection = self.file.load()?.filter(|connection| connection.refresh.is_some());
        let connection = connection.ok_or_else(faults::not_connected)?;
        let clock = self.clock.as_ref();
        let session = Session::new(&self.client, &self.file, connection, clock, progress, cancel);
        pull::pull(&session, cache, clock.now())
    }

    fn recorded(&self, cache: &dyn AnswerCache) -> Result<(), Fault> {
        pull::recorded(cache, self.clock.now())
    }
}

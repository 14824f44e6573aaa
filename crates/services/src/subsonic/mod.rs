//! Servers of the user's that speak Subsonic or OpenSubsonic: Navidrome, gonic, supysonic, LMS, Airsonic and others.
//!
//! [`Subsonic`] lists all that such a server has ([`ListsAll`]) and fetches the originals. How a server wants its sign-in is
//! found out once (`sign_in`); what it answers is taken as it comes (`answers`, `rows`). The crate `opensubsonic` was
//! rejected: it cannot go on with a file that broke off, and brings an async runtime (decision 0034).

mod answers;
mod calls;
mod fetch;
mod listing;
mod mark;
mod rows;
mod short;
mod sign_in;

use std::fmt;
use std::path::Path;

use ferrotape_domain::{Asked, Cancel, Catalogue, Fault, Fetched, ListsAll, RemoteOffer, Wanted, WantedKind};

pub use sign_in::{Credentials, SIGN_IN};

use self::calls::Server;
use crate::net::{Address, Net};

/// A server. Its `Debug` shows no secrets.
pub struct Subsonic(Server);

impl Subsonic {
    /// The server that the user calls `name` (letters, digits, `-`, `_`), at the address before `/rest`. Nothing is asked
    /// yet. How it wants its sign-in is remembered through the memory of `net`, without anything secret.
    pub fn new(name: &str, address: Address, credentials: Credentials, net: Net) -> Self {
        Self(Server::new(name, address, credentials, net))
    }

    /// Signs in, for a user who has just entered the server; the fault says what to correct.
    pub fn check(&self, cancel: &Cancel) -> Result<(), Fault> {
        match self.0.call("ping", &[], cancel)? {
            Ok(_) => Ok(()),
            Err(refusal) => Err(self.0.refused(&refusal)),
        }
    }
}

impl fmt::Debug for Subsonic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Server { line, address, credentials, .. } = &self.0;
        f.debug_struct("Subsonic")
            .field("name", &line.name)
            .field("address", address)
            .field("credentials", credentials)
            .finish_non_exhaustive()
    }
}

impl Catalogue for Subsonic {
    fn name(&self) -> &str {
        &self.0.line.name
    }

    /// Podcasts have feeds of their own.
    fn may_hold(&self, kind: WantedKind) -> bool {
        matches!(kind, WantedKind::Recording | WantedKind::Release | WantedKind::Audiobook)
    }

    fn asked(&self) -> Asked<'_> {
        Asked::Whole(self)
    }

    fn says_of(&self, _wanted: &Wanted) -> Option<String> {
        short::says(&self.0)
    }

    fn fetch(
        &self,
        offer: &RemoteOffer,
        to: &Path,
        came: &(dyn Fn(u64) + Sync),
        cancel: &Cancel,
    ) -> Result<Fetched, Fault> {
        fetch::fetch(&self.0, &fetch::Wish { offer, to, came }, cancel)
    }
}

impl ListsAll for Subsonic {
    fn mark(&self, cancel: &Cancel) -> Result<Option<String>, Fault> {
        mark::mark(&self.0, cancel)
    }

    fn list(
        &self,
        cancel: &Cancel,
        page: &mut dyn FnMut(Vec<RemoteOffer>) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        listing::list(&self.0, cancel, page)
    }
}

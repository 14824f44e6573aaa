//! Servers of the user's that run Jellyfin.
//!
//! [`Jellyfin`] lists all that such a server has ([`ListsAll`]) and fetches the originals. [`SignIn`] gets a token, which
//! the caller keeps. Six calls are made in all; the crates for the whole interface (`jellyfin-sdk`, `jellyfin_api`) were
//! rejected: they are young, bring an async runtime, and cannot go on with a file that broke off (decision 0034).

mod calls;
mod fetch;
mod listing;
mod rows;
mod sign_in;

use std::fmt;
use std::path::Path;

use ferrotape_domain::{Asked, Cancel, Catalogue, Fault, Fetched, ListsAll, RemoteOffer, WantedKind};

pub use sign_in::{Access, QuickConnect, ServerFacts, SignIn, SignedIn};

use self::calls::Server;
use crate::net::{Address, Net};

/// A server that is signed in to. Its `Debug` shows no secrets.
pub struct Jellyfin {
    server: Server,
    /// Whose view of the library it is.
    user: Option<String>,
}

impl Jellyfin {
    /// The server that the user calls `name` (letters, digits, `-`, `_`), at its address with the path that it may have.
    /// Nothing is asked yet.
    pub fn new(name: &str, address: Address, access: Access, net: Net) -> Self {
        Self { server: Server::new(name, address, net, Some(access.token)), user: access.user }
    }

    /// Asks whether the server lets us in, for a user who has just entered it; the fault says what to correct.
    pub fn check(&self, cancel: &Cancel) -> Result<(), Fault> {
        listing::mark(&self.server, self.user.as_deref(), cancel).map(drop)
    }
}

impl fmt::Debug for Jellyfin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Server { line, address, .. } = &self.server;
        f.debug_struct("Jellyfin").field("name", &line.name).field("address", address).finish_non_exhaustive()
    }
}

impl Catalogue for Jellyfin {
    fn name(&self) -> &str {
        &self.server.line.name
    }

    fn may_hold(&self, kind: WantedKind) -> bool {
        matches!(kind, WantedKind::Recording | WantedKind::Release | WantedKind::Audiobook)
    }

    fn asked(&self) -> Asked<'_> {
        Asked::Whole(self)
    }

    fn fetch(
        &self,
        offer: &RemoteOffer,
        to: &Path,
        came: &(dyn Fn(u64) + Sync),
        cancel: &Cancel,
    ) -> Result<Fetched, Fault> {
        fetch::fetch(&self.server, &fetch::Wish { offer, to, came }, cancel)
    }
}

impl ListsAll for Jellyfin {
    fn mark(&self, cancel: &Cancel) -> Result<Option<String>, Fault> {
        listing::mark(&self.server, self.user.as_deref(), cancel)
    }

    fn list(
        &self,
        cancel: &Cancel,
        page: &mut dyn FnMut(Vec<RemoteOffer>) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        listing::list(&self.server, self.user.as_deref(), cancel, page)
    }
}

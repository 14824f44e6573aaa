//! Jamendo: music under Creative Commons licences, of artists who let it be downloaded.
//!
//! Needs a client id, which is personal: it is the user's own, and never stands in an id, in what is kept or its key, a
//! message or a log. Errors come with a good status and are looked for in the answer. Rejected: the zip of an album (no way to go on
//! with it), and the addresses of files that answers name, for they carry the client id.

mod offers;
mod query;
mod wire;

use std::fmt;
use std::path::Path;
use std::time::Duration;

use ferrotape_domain::{
    Asked, Cancel, Catalogue, Fault, FaultKind, Fetched, RemoteOffer, Searches, Wanted, WantedKind,
};

use crate::answers::{Fetching, NEVER, ask, no_such_id, own_address};
use crate::net::{Keep, Line, Net, Request};

/// Its name, and that of its line.
pub const NAME: &str = "jamendo";
/// 35,000 questions a month are given, to all that one client id asks.
const GAP: Duration = Duration::from_secs(1);

/// The catalogue. Its `Debug` does not show the client id.
#[derive(Clone)]
pub struct Jamendo {
    net: Net,
    client_id: String,
}

impl fmt::Debug for Jamendo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Jamendo").finish_non_exhaustive()
    }
}

impl Jamendo {
    /// Asked through `net` with the user's client id; `Err` where that cannot be one.
    pub fn new(net: Net, client_id: &str) -> Result<Self, Fault> {
        let client_id = client_id.trim().to_owned();
        let sound =
            (4..=64).contains(&client_id.len()) && client_id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !sound {
            let reason =
                "the client id should be letters and digits – copy it again from devportal.jamendo.com";
            return Err(Fault {
                source: NAME.to_owned(),
                kind: FaultKind::NeedsUser,
                reason: reason.to_owned(),
            });
        }
        Ok(Self { net, client_id })
    }
}

impl Catalogue for Jamendo {
    fn name(&self) -> &str {
        NAME
    }

    fn may_hold(&self, kind: WantedKind) -> bool {
        matches!(kind, WantedKind::Recording | WantedKind::Release)
    }

    fn asked(&self) -> Asked<'_> {
        Asked::Search(self)
    }

    fn fetch(
        &self,
        offer: &RemoteOffer,
        to: &Path,
        came: &(dyn Fn(u64) + Sync),
        cancel: &Cancel,
    ) -> Result<Fetched, Fault> {
        let (track, form) = offers::parts_of(&offer.id).ok_or_else(|| no_such_id(NAME))?;
        let address = own_address(NAME, "https://api.jamendo.com/v3.0/tracks/file/")?
            .with("client_id", &self.client_id)
            .with("id", track)
            .with("audioformat", form)
            .with("action", "download");
        let request = Request::get(&Line::public(NAME, GAP), address);
        // The key tells what lies half done beside the file: the address has the client id in it.
        let request = request.kept_as(format!("jamendo file {}", offer.id), Keep::Not);
        Fetching { offer, to, came, cancel }.by(&self.net, request)
    }
}

impl Searches for Jamendo {
    fn search(&self, wanted: &Wanted, cancel: &Cancel) -> Result<Vec<RemoteOffer>, Fault> {
        let Some(query) = query::of(wanted).filter(|_| self.may_hold(wanted.kind)) else {
            return Ok(Vec::new());
        };
        let request = query::request(&query, &self.client_id)?;
        let found = |offers: &Vec<RemoteOffer>| !offers.is_empty();
        self.net.surely(found, |net| {
            let answer: Option<wire::Answer> = ask(&net, &request, NEVER, cancel)?;
            let tracks = answer.unwrap_or_default().results.0;
            Ok(tracks.iter().filter_map(offers::offer).collect())
        })
    }
}

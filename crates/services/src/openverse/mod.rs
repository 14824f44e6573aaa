//! Openverse: one search over several places with openly licensed audio.
//!
//! Without a key it may be asked little, so answers hold for long and questions are far apart. The files lie anywhere:
//! their addresses came from outside, each host is a line of its own, and none may lead inside. What it lists of Jamendo is
//! passed over, for it does not say whether the artist allows the download (see [`crate::jamendo`]); of Freesound, too, of
//! which it has previews only.

mod offers;
mod query;
mod wire;

use std::path::Path;
use std::time::Duration;

use ferrotape_domain::{
    Asked, Cancel, Catalogue, Fault, FaultKind, Fetched, RemoteOffer, Searches, Wanted, WantedKind,
};

use crate::answers::{Fetching, NEVER, ask, no_such_id};
use crate::net::{Address, Line, Net};

/// Its name, and that of its line; the hosts of files are lines below it.
pub const NAME: &str = "openverse";
/// Twenty questions a minute are allowed at most, and two hundred a day.
const GAP: Duration = Duration::from_secs(5);
/// Between two files of one host.
const FILE_GAP: Duration = Duration::from_secs(1);

/// The catalogue.
#[derive(Debug, Clone)]
pub struct Openverse {
    net: Net,
}

impl Openverse {
    /// Asked through `net`; needs nothing of the user.
    pub fn new(net: Net) -> Self {
        Self { net }
    }

    fn line() -> Line {
        Line::public(NAME, GAP)
    }

    /// Where a file lies now.
    fn place(&self, id: &str, cancel: &Cancel) -> Result<Address, Fault> {
        let fault = |reason: String| Fault { source: NAME.to_owned(), kind: FaultKind::Permanent, reason };
        let found: Option<wire::Audio> =
            ask(&self.net, &query::of_id(&Self::line(), id)?, wire::says_none, cancel)?;
        let found = found.ok_or_else(|| fault("the file is not listed any more".to_owned()))?;
        if !offers::is_taken(&found) || found.id.first() != Some(id) {
            return Err(fault("the file is listed otherwise than before, and may not be copied".to_owned()));
        }
        Address::parse(found.url.first().unwrap_or_default())
            .map_err(|why| fault(format!("the file lies nowhere: {why}")))
    }
}

impl Catalogue for Openverse {
    fn name(&self) -> &str {
        NAME
    }

    fn may_hold(&self, kind: WantedKind) -> bool {
        kind == WantedKind::Recording
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
        if !offers::is_id(&offer.id) {
            return Err(no_such_id(NAME));
        }
        let place = self.place(&offer.id, cancel)?;
        let line = Line::public(format!("{NAME}/{}", place.host()), FILE_GAP);
        Fetching { offer, to, came, cancel }.from(&self.net, &line, place)
    }
}

impl Searches for Openverse {
    fn search(&self, wanted: &Wanted, cancel: &Cancel) -> Result<Vec<RemoteOffer>, Fault> {
        let Some(request) = query::of(&Self::line(), wanted)?.filter(|_| self.may_hold(wanted.kind)) else {
            return Ok(Vec::new());
        };
        let found = |offers: &Vec<RemoteOffer>| !offers.is_empty();
        self.net.surely(found, |net| {
            let answer: Option<wire::Answer> = ask(&net, &request, NEVER, cancel)?;
            Ok(answer.unwrap_or_default().results.0.iter().filter_map(offers::offer).collect())
        })
    }
}

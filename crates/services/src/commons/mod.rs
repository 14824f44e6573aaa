//! Wikimedia Commons: recordings under free licences, with a lot of classical music.
//!
//! The search and what is said of the files come in one question, asked by the rules of the house: one at a time, with a
//! name, and not while its servers lag behind. A file is fetched by its name, so no address of others is followed. What its
//! name says beyond title and artist counts as well (`beyond`).
//! Rejected: categories (no search by words), structured data (few sound files have any).

mod beyond;
mod offers;
mod query;
mod wire;

use std::path::Path;
use std::time::Duration;

use ferrotape_domain::{Asked, Cancel, Catalogue, Fault, Fetched, RemoteOffer, Searches, Wanted, WantedKind};

use crate::answers::{Fetching, NEVER, ask, no_such_id, own_address};
use crate::net::{Line, Net};

/// Its name, and that of its line.
pub const NAME: &str = "wikimedia-commons";
const GAP: Duration = Duration::from_secs(1);
/// Answers that one search may be continued in.
const MOST_ANSWERS: usize = 4;

/// The catalogue.
#[derive(Debug, Clone)]
pub struct Commons {
    net: Net,
}

impl Commons {
    /// Asked through `net`; needs nothing of the user.
    pub fn new(net: Net) -> Self {
        Self { net }
    }

    fn line() -> Line {
        Line::public(NAME, GAP)
    }

    /// What was found. What is said of it may come in several answers.
    fn pages(&self, search: &str, cancel: &Cancel) -> Result<Vec<wire::Page>, Fault> {
        let mut pages: Vec<wire::Page> = Vec::new();
        let mut on = Vec::new();
        for _ in 0..MOST_ANSWERS {
            let request = query::request(&Self::line(), search, &on)?;
            let Some(answer) = ask::<wire::Answer>(&self.net, &request, NEVER, cancel)? else { break };
            let is_whole = answer.is_whole();
            on = answer.goes_on_with();
            for page in answer.query.pages.0 {
                match pages.iter_mut().find(|known| known.title == page.title) {
                    Some(known) if known.imageinfo.0.is_empty() => *known = page,
                    Some(_) => {}
                    None => pages.push(page),
                }
            }
            if is_whole || on.is_empty() {
                break;
            }
        }
        Ok(pages)
    }
}

impl Catalogue for Commons {
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
        let name = offers::name_of_id(&offer.id).ok_or_else(|| no_such_id(NAME))?;
        let place = own_address(NAME, "https://commons.wikimedia.org/wiki/Special:FilePath")?;
        Fetching { offer, to, came, cancel }.from(&self.net, &Self::line(), place.below([name]))
    }
}

impl Searches for Commons {
    fn search(&self, wanted: &Wanted, cancel: &Cancel) -> Result<Vec<RemoteOffer>, Fault> {
        let Some(search) = query::of(wanted).filter(|_| self.may_hold(wanted.kind)) else {
            return Ok(Vec::new());
        };
        let found = |offers: &Vec<RemoteOffer>| !offers.is_empty();
        self.net.surely(found, |net| {
            let pages = Self::new(net).pages(&search, cancel)?;
            Ok(pages.iter().filter_map(|page| offers::offer(page, wanted)).collect())
        })
    }
}

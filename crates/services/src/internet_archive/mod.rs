//! The Internet Archive: concerts that artists let people copy (`etree`), net labels, and whatever else says by its licence
//! that it may be copied.
//!
//! A search names items, a second question tells of an item's files. Most items name no licence and are not offered; nor is
//! what somebody without a name of their own put into the public domain, for that is where other people's records are.
//! Rejected: the scraping interface (a cursor over everything; here a few items are wanted), `_files.xml` (no sizes), and
//! the derived 64 kbit/s files.

mod archive;
mod concerts;
mod creators;
mod offers;
mod query;
mod released;
mod wire;

use std::path::Path;

use ferrotape_domain::{Asked, Cancel, Catalogue, Fault, Fetched, RemoteOffer, Searches, Wanted, WantedKind};

pub(crate) use archive::{Archive, id_of, is_identifier};
pub(crate) use offers::file_facts;
pub(crate) use wire::{File, Item};

use crate::answers::Fetching;
use crate::net::Net;

/// Its name, and that of the line that archive.org and its nodes share.
pub const NAME: &str = "internet-archive";
/// Items of one search whose files are asked for.
const MOST_ITEMS: usize = 5;
/// Offers of one search.
const MOST_OFFERS: usize = 300;

/// The catalogue.
#[derive(Debug, Clone)]
pub struct InternetArchive {
    net: Net,
    archive: Archive,
}

impl InternetArchive {
    /// Asked through `net`; needs nothing of the user.
    pub fn new(net: Net) -> Self {
        Self { archive: Archive::new(net.clone()), net }
    }
}

impl Catalogue for InternetArchive {
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
        self.archive.fetch(&Fetching { offer, to, came, cancel })
    }
}

impl Searches for InternetArchive {
    fn search(&self, wanted: &Wanted, cancel: &Cancel) -> Result<Vec<RemoteOffer>, Fault> {
        let Some(query) = query::of(wanted).filter(|_| self.may_hold(wanted.kind)) else {
            return Ok(Vec::new());
        };
        let found = |offers: &Vec<RemoteOffer>| !offers.is_empty();
        self.net.surely(found, |net| Self::new(net).look(&query, wanted, cancel))
    }
}

impl InternetArchive {
    fn look(&self, query: &str, wanted: &Wanted, cancel: &Cancel) -> Result<Vec<RemoteOffer>, Fault> {
        let found = self.archive.search(query, cancel)?;
        let may_be_copied = |found: &&wire::About| offers::rights(found).allow_a_copy();
        let mut all = Vec::new();
        for found in found.iter().filter(may_be_copied).take(MOST_ITEMS) {
            let Some(identifier) = found.identifier.first() else { continue };
            if let Some(item) = self.archive.item(identifier, cancel)? {
                all.extend(offers::of_item(&item, wanted));
            }
        }
        all.truncate(MOST_OFFERS);
        Ok(all)
    }
}

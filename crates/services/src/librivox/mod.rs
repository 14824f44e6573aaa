//! LibriVox: books whose authors are long dead, read by volunteers into the public domain.
//!
//! Its catalogue tells of books and their sections; the files lie at the Internet Archive, at 128 kbit/s and with sums
//! there, while the catalogue itself names those of 64. A book is offered whole or not at all, and of several readings of
//! one book the one that is most likely meant: two would only have to be asked about. One that may not be meant says so
//! (`reading`). Rejected: its RSS feeds (no lengths, the small files), the zip of a book (no way to go on with it, no sums).

mod languages;
mod offers;
mod query;
mod reading;
mod whole;
mod wire;

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ferrotape_domain::{Asked, Cancel, Catalogue, Fault, Fetched, RemoteOffer, Searches, Wanted, WantedKind};

use crate::answers::{Fetching, SEARCHED, ask};
use crate::internet_archive::Archive;
use crate::net::{Line, Net, Request};

/// Its name, and that of its line.
pub const NAME: &str = "librivox";
const GAP: Duration = Duration::from_secs(1);
/// Readings that are looked at, best first, until one is whole.
const MOST_READINGS: usize = 3;
/// Its answers hold every section of up to fifty books.
const MOST_ANSWER: u64 = 16 << 20;

/// The catalogue.
#[derive(Debug, Clone)]
pub struct LibriVox {
    net: Net,
    archive: Archive,
    /// Why a book that was asked for and is there was not offered, by its question.
    notes: Arc<Mutex<HashMap<query::Query, String>>>,
}

/// What came of a search.
#[derive(Debug, Default)]
struct Found {
    offers: Vec<RemoteOffer>,
    /// Why a reading was not offered.
    note: Option<String>,
}

impl LibriVox {
    /// Asked through `net`; needs nothing of the user. Files come on the line of the Internet Archive.
    pub fn new(net: Net) -> Self {
        Self { archive: Archive::new(net.clone()), net, notes: Arc::default() }
    }

    fn books(&self, query: &query::Query, cancel: &Cancel) -> Result<Vec<wire::Book>, Fault> {
        let request = Request::get(&Line::public(NAME, GAP), query::address(query)?);
        let mut request = request.kept(SEARCHED).unless_told(wire::told);
        request.max_bytes = MOST_ANSWER;
        let answer: Option<wire::Answer> = ask(&self.net, &request, wire::says_none, cancel)?;
        Ok(answer.unwrap_or_default().books.0)
    }
}

impl Catalogue for LibriVox {
    fn name(&self) -> &str {
        NAME
    }

    fn may_hold(&self, kind: WantedKind) -> bool {
        kind == WantedKind::Audiobook
    }

    fn asked(&self) -> Asked<'_> {
        Asked::Search(self)
    }

    fn says_of(&self, wanted: &Wanted) -> Option<String> {
        let notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        notes.get(&query::of(wanted)?).cloned()
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

impl Searches for LibriVox {
    fn search(&self, wanted: &Wanted, cancel: &Cancel) -> Result<Vec<RemoteOffer>, Fault> {
        let Some(query) = query::of(wanted).filter(|_| self.may_hold(wanted.kind)) else {
            return Ok(Vec::new());
        };
        // What was not whole when it was kept may be by now.
        let is_found = |found: &Found| !found.offers.is_empty();
        let wish = reading::Wish::of(query::book(wanted));
        let Found { offers, note } =
            self.net.surely(is_found, |net| Self::new(net).look(&query, &wish, cancel))?;
        let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        match note.filter(|_| offers.is_empty()) {
            Some(note) => notes.insert(query, note),
            None => notes.remove(&query),
        };
        Ok(offers)
    }
}

impl LibriVox {
    fn look(&self, query: &query::Query, wish: &reading::Wish, cancel: &Cancel) -> Result<Found, Fault> {
        let books = self.books(query, cancel)?;
        let mut found = Found::default();
        for book in offers::in_order(&books, query, wish).into_iter().take(MOST_READINGS) {
            if let Some(missing) = whole::missing(book) {
                found.note = found.note.or_else(|| offers::not_whole(book, query, &missing));
                continue;
            }
            let Some(identifier) = book.identifier() else { continue };
            let Some(item) = self.archive.item(identifier, cancel)? else { continue };
            let said = wish.says_of(book, &books);
            found.offers = offers::of_book(book, identifier, &item, said.as_deref());
            if !found.offers.is_empty() {
                return Ok(found);
            }
            let missing = "the Internet Archive has not a file for each of its sections";
            found.note = found.note.or_else(|| offers::not_whole(book, query, missing));
        }
        Ok(found)
    }
}

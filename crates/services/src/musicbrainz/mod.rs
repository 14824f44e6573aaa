//! MusicBrainz: which recording a wanted thing is, and where that one can be had.
//!
//! A hundred Spotify links go into one question; what no link tells is asked by ISRC, one after the other. Only what is
//! surely one recording counts. Its search finds something for everything: shops are never looked up by it, and as a
//! register it counts only where one recording alone has title, artist and playing time. Rejected: its dumps (several
//! gigabytes for a list of some hundred things).

mod facts;
mod links;
mod register;
mod search;
mod shops;
mod wire;

use std::time::Duration;

use ferrotape_domain::{Advice, Cancel, Fault, Lookup, Mbid, ShopAdvice, Wanted, WantedKind};
use serde::de::DeserializeOwned;

use crate::answers::{ask, own_address};
use crate::net::{Keep, Line, Net, Request};
use links::Linked;
use wire::{Entity, OfIsrc};

/// Its name, and that of its line.
pub const NAME: &str = "musicbrainz";
/// It takes one question a second.
const GAP: Duration = Duration::from_millis(1100);
/// Answers are much smaller.
const LARGEST: u64 = 4 << 20;

/// The service.
#[derive(Debug, Clone)]
pub struct MusicBrainz {
    net: Net,
}

impl MusicBrainz {
    /// Asked through `net`.
    pub fn new(net: Net) -> Self {
        Self { net }
    }

    fn request(steps: &[&str], parameters: &[(&str, &str)]) -> Result<Request, Fault> {
        let mut address = own_address(NAME, "https://musicbrainz.org/ws/2")?.below(steps.iter().copied());
        for (name, value) in parameters {
            address = address.with(name, value);
        }
        let told = match steps {
            ["url"] => wire::told_by_links,
            ["isrc", _] => wire::told_by_isrc,
            ["recording"] => wire::told_by_search,
            _ => wire::told_by_entry,
        };
        let request = Request::get(&Line::public(NAME, GAP), address.with("fmt", "json"));
        Ok(Request { max_bytes: LARGEST, ..request.kept(Keep::FACTS).unless_told(told) })
    }

    fn ask<T: DeserializeOwned>(&self, request: &Request, cancel: &Cancel) -> Lookup<T> {
        ask(&self.net, request, wire::says_none, cancel)
    }

    /// A recording or release with its links.
    fn entity(&self, kind: WantedKind, mbid: &Mbid, cancel: &Cancel) -> Result<Option<Entity>, Fault> {
        let step = if kind == WantedKind::Release { "release" } else { "recording" };
        self.ask(&Self::request(&[step, mbid.as_str()], &[("inc", "url-rels")])?, cancel)
    }

    /// The one recording with the wanted thing's ISRC. ISRCs are given to the wrong recording now and then, so the titles
    /// must agree as well.
    fn by_isrc(&self, wanted: &Wanted, cancel: &Cancel) -> Result<Option<Entity>, Fault> {
        let Some(isrc) = &wanted.isrc else { return Ok(None) };
        let request = Self::request(&["isrc", isrc.as_str()], &[("inc", "url-rels")])?;
        let answer: Option<OfIsrc> = self.ask(&request, cancel)?;
        Ok(wire::the_one(answer.unwrap_or_default().recordings.0, &wanted.title))
    }

    fn one(&self, wanted: &Wanted, linked: &Linked, cancel: &Cancel) -> Result<Option<Entity>, Fault> {
        let known = wanted.recording_mbid.clone().filter(|_| wanted.kind == WantedKind::Recording);
        match known.or_else(|| linked.mbid_of(wanted)) {
            Some(mbid) => {
                let found = self.entity(wanted.kind, &mbid, cancel)?;
                Ok(found.map(|entity| entity.or_id(&mbid)))
            }
            None if wanted.kind == WantedKind::Recording => self.by_isrc(wanted, cancel),
            None => Ok(None),
        }
    }
}

impl ShopAdvice for MusicBrainz {
    fn name(&self) -> &str {
        NAME
    }

    fn advise(
        &self,
        wanted: &[&Wanted],
        cancel: &Cancel,
        found: &mut dyn FnMut(Advice),
    ) -> Result<(), Fault> {
        let links = wanted.iter().filter_map(|wanted| links::own(wanted));
        let (linked, mut fault) = Linked::ask(self, links, &mut links::AT_ONCE.clone(), cancel);
        for (at, one) in wanted.iter().enumerate() {
            if cancel.is_stopped() {
                break;
            }
            // After a fault the rest may still be known from earlier; a line that is down answers at once.
            match self.one(one, &linked, cancel) {
                Ok(Some(entity)) => {
                    found(Advice { at, mbid: entity.mbid(), links: shops::links(&entity) });
                }
                Ok(None) => {}
                Err(trouble) => fault = fault.or(Some(trouble)),
            }
        }
        fault.map_or(Ok(()), Err)
    }
}

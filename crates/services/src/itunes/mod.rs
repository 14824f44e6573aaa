//! The iTunes Store: what a track or an album costs there. What is bought there is AAC without copy protection.
//!
//! Its search finds something for everything, so a hit counts only where title, artist and length agree; where no length is
//! known, the album must agree instead. None counts on an album of other versions than the wanted one. An album counts where
//! title and artist agree and there is only one such.

mod agreeing;
mod wire;

use std::time::Duration;

use ferrotape_domain::{
    Advice, Cancel, Fault, FaultKind, Price, ShopAdvice, ShopLink, ShopLinkKind, Wanted, WantedKind,
};

use crate::answers::{NEVER, answer, main_words, no_answer, own_address, shop_of, web_page, words};
use crate::net::{Address, Keep, Line, Net, Request};
use wire::{Answer, Hit};

/// Its name, and that of its line.
pub const NAME: &str = "itunes";
/// It takes some twenty questions a minute, whatever they are about.
const GAP: Duration = Duration::from_millis(3200);
/// How it says that there were more, and how long it is left alone then.
const TOO_OFTEN: (u16, Duration) = (403, Duration::from_secs(90));
const DAY: u64 = 24 * 3600;
/// Prices change.
const PRICES: Keep = Keep::For {
    fresh: Duration::from_secs(7 * DAY),
    none: Duration::from_secs(7 * DAY),
    stale: Duration::from_secs(365 * DAY),
};

/// A question to Apple's search, which the directory of podcasts is part of: all share one line.
pub(crate) fn question(address: Address) -> Request {
    let (status, rest) = TOO_OFTEN;
    Request::get(&Line::public(NAME, GAP), address).busy_by(status, rest).unless_told(wire::told)
}

/// Whether an album's name tells of other versions than the wanted one: live where the studio is wanted. Whoever matches
/// recordings knows that.
pub type OtherVersions = fn(album: &str, wanted: &Wanted) -> bool;

/// The store of one country.
#[derive(Debug, Clone)]
pub struct ITunes {
    net: Net,
    country: String,
    is_of_other_versions: OtherVersions,
}

impl ITunes {
    /// Asked through `net` for the store of a country, by its two letters; `Err` where that can be none.
    pub fn new(net: Net, country: &str, is_of_other_versions: OtherVersions) -> Result<Self, Fault> {
        let country = country.trim().to_ascii_uppercase();
        if country.len() != 2 || !country.bytes().all(|byte| byte.is_ascii_uppercase()) {
            let reason = "a country is written with two letters, such as US or DE".to_owned();
            return Err(Fault { source: NAME.to_owned(), kind: FaultKind::NeedsUser, reason });
        }
        Ok(Self { net, country, is_of_other_versions })
    }

    fn ask(&self, wanted: &Wanted, cancel: &Cancel) -> Result<Option<ShopLink>, Fault> {
        let is_album = wanted.kind == WantedKind::Release;
        let title = if is_album { words(&wanted.title) } else { main_words(&wanted.title) };
        let artist = words(wanted.artists.first().unwrap_or_default());
        if title.is_empty() || artist.is_empty() {
            return Ok(None);
        }
        let address = own_address(NAME, "https://itunes.apple.com/search")?
            .with("media", "music")
            .with("entity", if is_album { "album" } else { "song" })
            .with("term", &format!("{artist} {title}"))
            .with("country", &self.country)
            .with("limit", "25");
        let request = question(address).kept(PRICES);
        let reply = answer(&self.net, &request, NEVER, cancel)?.ok_or_else(|| no_answer(&request))?;
        if !reply.is_ok() {
            return Err(refused(reply.status));
        }
        let answer: Answer = serde_json::from_slice(&reply.body).map_err(|_| refused(reply.status))?;
        let hits = &answer.results.0;
        Ok(if is_album { album(hits, wanted) } else { self.track(hits, wanted) })
    }

    fn track(&self, hits: &[Hit], wanted: &Wanted) -> Option<ShopLink> {
        let hit = agreeing::track(hits, wanted, self.is_of_other_versions)?;
        link(hit.track_view_url.first()?, hit.price(&hit.track_price)?)
    }
}

fn album(hits: &[Hit], wanted: &Wanted) -> Option<ShopLink> {
    let hit = agreeing::album(hits, wanted)?;
    link(hit.collection_view_url.first()?, hit.price(&hit.collection_price)?)
}

fn link(url: &str, price: Price) -> Option<ShopLink> {
    let url = web_page(url)?;
    let shop = shop_of(&url).filter(|shop| shop == "iTunes Store")?;
    let (what, origin) = (ShopLinkKind::Product, NAME.to_owned());
    Some(ShopLink { shop, url, what, price: Some(price), origin })
}

fn refused(status: u16) -> Fault {
    let fault = |kind, reason: &str| Fault { source: NAME.to_owned(), kind, reason: reason.to_owned() };
    match status {
        200..=299 => fault(FaultKind::Permanent, "its answer has a form that is not known here"),
        _ => fault(FaultKind::Permanent, &format!("it does not understand the question (status {status})")),
    }
}

impl ShopAdvice for ITunes {
    fn name(&self) -> &str {
        NAME
    }

    fn advise(
        &self,
        wanted: &[&Wanted],
        cancel: &Cancel,
        found: &mut dyn FnMut(Advice),
    ) -> Result<(), Fault> {
        let mut fault: Option<Fault> = None;
        let askable = |wanted: &Wanted| matches!(wanted.kind, WantedKind::Recording | WantedKind::Release);
        for (at, one) in wanted.iter().enumerate().filter(|(_, one)| askable(one)) {
            if cancel.is_stopped() {
                break;
            }
            match self.ask(one, cancel) {
                Ok(Some(link)) => found(Advice { at, mbid: None, links: vec![link] }),
                Ok(None) => {}
                // The rest may still be known from earlier; a line that rests is not asked.
                Err(trouble) => fault = fault.or(Some(trouble)),
            }
        }
        fault.map_or(Ok(()), Err)
    }
}

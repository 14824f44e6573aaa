//! The shopping list: what nobody has, as the fewest purchases, what is listened to most first; with links of shops.
//!
//! It needs no network: then every purchase has links of searches, made of the user's own list of stores. Every missing
//! thing is in exactly one purchase.

mod albums;
mod asking;
mod csv_list;
mod fewest;
mod grouping;
mod html;
mod looking;
mod stores;

use std::collections::{BTreeMap, HashMap};

use ferrotape_domain::{Fault, Mbid, Outcome, Price, ShopAdvice, ShopLink, ShopLinkKind, Wanted, WantedKind};
use ferrotape_store::{Listening, SavedWait, StoredWanted};

pub use csv_list::csv;
pub use ferrotape_matching::is_of_other_versions;
pub use html::html;
pub use stores::{NotAStore, Store};

use crate::report::{Lies, on_players};
use crate::{Context, EngineError};
use albums::Albums;

/// Which things are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Those of the last run.
    LastRun,
    /// Everything that stands in a list now.
    All,
}

/// What is asked of a list.
pub struct Shopping<'a> {
    /// Which things are looked at.
    pub which: Which,
    /// Stores to search in.
    pub stores: &'a [Store],
    /// Services to ask; none to stay offline.
    pub advisers: &'a [Box<dyn ShopAdvice>],
}

/// A missing thing.
#[derive(Debug, Clone, PartialEq)]
pub struct Missing {
    /// The library's number of it.
    pub id: i64,
    /// What it is.
    pub wanted: Wanted,
    /// How much the user listened to it.
    pub listening: Listening,
    /// Where it lies on players all the same, whole, put there while a source had it.
    pub on_player: Vec<Lies>,
    /// What it waited for in the last run that was about it: it may come from there, and need not be bought yet.
    pub waits: Option<Waits>,
    /// The same as it is described on other albums than that of [`Missing::wanted`].
    pub on_other_albums: Vec<Wanted>,
    /// The releases of its album, where MusicBrainz knows them.
    pub releases: Vec<Mbid>,
}

/// What a missing thing waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waits {
    /// The services and places, by name; none where the next run itself brings it.
    pub services: Vec<String>,
    /// Why, in words.
    pub reason: String,
    /// Until when, in words; empty where the reason says it.
    pub until: String,
}

impl Waits {
    fn of(outcome: &Outcome) -> Option<Self> {
        let Outcome::Waiting { reason, until, on } = outcome else { return None };
        Some(Self { services: on.clone(), reason: reason.clone(), until: until.clone() })
    }

    /// What waits though no row of the run says so.
    fn beside(wait: &SavedWait) -> Self {
        Self { services: wait.on.clone(), reason: wait.reason.clone(), until: wait.until.clone() }
    }

    /// Whom it waits for, in a few words.
    pub fn whom(&self) -> String {
        match self.services.is_empty() {
            true => "the next run".to_owned(),
            false => self.services.join(", "),
        }
    }

    /// Until when, in words that are never empty.
    pub fn until(&self) -> &str {
        if self.until.is_empty() { &self.reason } else { &self.until }
    }
}

/// An album that is here, of which nobody knows whether it is all.
#[derive(Debug, Clone, PartialEq)]
pub struct PerhapsInPart {
    /// The library's number of it.
    pub id: i64,
    /// What it is.
    pub wanted: Wanted,
    /// Why it may be only a part, as the last run that was about it said.
    pub says: String,
}

/// What is bought in one piece.
#[derive(Debug, Clone, PartialEq)]
pub struct Purchase {
    /// A track, an album, or a book.
    pub kind: WantedKind,
    /// The artists, or the author; empty where nobody is known.
    pub artist: String,
    /// The title.
    pub title: String,
    /// What it fills, in the order in which things were first mentioned.
    pub fills: Vec<Missing>,
    /// What MusicBrainz calls it, where that is known.
    pub mbid: Option<Mbid>,
    /// Where it can be had: for nothing, as a product, then searches.
    pub links: Vec<ShopLink>,
}

impl Purchase {
    /// Milliseconds that the user listened to what it fills.
    pub fn played_ms(&self) -> u64 {
        self.fills.iter().map(|missing| missing.listening.played_ms).sum()
    }

    /// How often the user listened to what it fills.
    pub fn plays(&self) -> u64 {
        self.fills.iter().map(|missing| missing.listening.plays).sum()
    }

    /// How people name it.
    pub fn label(&self) -> String {
        if self.artist.is_empty() {
            self.title.clone()
        } else {
            format!("{} – {}", self.artist, self.title)
        }
    }

    /// The lowest price that is known.
    pub fn price(&self) -> Option<&Price> {
        self.links.iter().filter_map(|link| link.price.as_ref()).min_by_key(|price| price.minor)
    }

    /// Whether it can be had for nothing.
    pub fn is_free(&self) -> bool {
        self.links.iter().any(|link| link.what == ShopLinkKind::Free)
    }
}

/// The whole list.
#[derive(Debug, Clone, PartialEq)]
pub struct ShoppingList {
    /// The lists that the run was about; none where all that stands in lists was looked at.
    pub lists: Vec<String>,
    /// Lists that the run was not about; what they lack is not in here.
    pub other_lists: u64,
    /// What may come from a place that could not be asked yet, of the last run; it is in no purchase. Where all that
    /// stands in lists is looked at, it is in one, and has [`Missing::waits`].
    pub waiting: Vec<Missing>,
    /// Albums in no purchase of which only single songs may be here.
    pub perhaps_in_part: Vec<PerhapsInPart>,
    /// Things in no purchase that files only come near: a person must say whether they will do.
    pub in_question: u64,
    /// What to buy, what is listened to most first.
    pub purchases: Vec<Purchase>,
    /// Missing things that no shop sells: podcasts and their episodes.
    pub not_sold: u64,
    /// Missing files of the user's own computer, which lists only point to.
    pub own_files: u64,
    /// The player or folder of the run that it is of; `None` for all that stands in lists.
    pub target: Option<String>,
    /// When that run was, or now; seconds since 1970 UTC.
    pub at: i64,
    /// The services that were asked.
    pub asked: Vec<String>,
    /// Services that could not be asked, or not for all, and why.
    pub faults: Vec<Fault>,
}

impl ShoppingList {
    /// Things that the purchases fill.
    pub fn fills(&self) -> u64 {
        self.purchases.iter().map(|purchase| purchase.fills.len() as u64).sum()
    }

    /// How many things wait, by the services and places that they wait for; each is counted once.
    pub fn waiting_for(&self) -> BTreeMap<String, u64> {
        let mut counts = BTreeMap::new();
        for waits in self.waiting.iter().filter_map(|missing| missing.waits.as_ref()) {
            if !waits.services.is_empty() {
                *counts.entry(waits.whom()).or_insert(0) += 1;
            }
        }
        counts
    }

    /// Until when all those wait that wait for these, in words, where that is the same for all; they are as
    /// [`ShoppingList::waiting_for`] names them.
    pub fn all_wait_until(&self, whom: &str) -> Option<&str> {
        let waits = self.waiting.iter().filter_map(|missing| missing.waits.as_ref());
        let mut untils = waits.filter(|waits| waits.whom() == whom).map(|waits| waits.until.as_str());
        let first = untils.next().filter(|until| !until.is_empty())?;
        untils.all(|until| until == first).then_some(first)
    }

    /// What the known prices come to, by currency.
    pub fn known_prices(&self) -> Vec<(Price, u64)> {
        let mut sums: Vec<(Price, u64)> = Vec::new();
        for price in self.purchases.iter().filter(|one| !one.is_free()).filter_map(Purchase::price) {
            match sums.iter_mut().find(|(sum, _)| sum.currency == price.currency) {
                Some((sum, count)) => {
                    sum.minor = sum.minor.saturating_add(price.minor);
                    *count += 1;
                }
                None => sums.push((price.clone(), 1)),
            }
        }
        sums
    }
}

/// Makes the list; `None` where there was no run whose things could be looked at.
pub fn shop(asked: &Shopping, context: &Context) -> Result<Option<ShoppingList>, EngineError> {
    let Some(found) = looking::found(asked.which, context)? else { return Ok(None) };
    let sold = |kind| matches!(kind, WantedKind::Recording | WantedKind::Release | WantedKind::Audiobook);
    let (for_sale, not_sold): (Vec<StoredWanted>, Vec<StoredWanted>) =
        found.missing.into_iter().partition(|stored| sold(stored.wanted.kind));
    let own_files = not_sold.iter().filter(|stored| stored.wanted.kind == WantedKind::LocalFile).count();
    let mut known = Known::load(&for_sale, found.waits, context)?;
    let for_sale = for_sale.into_iter().map(|stored| known.missing(stored)).collect();
    let mut list = ShoppingList {
        purchases: grouping::purchases(for_sale),
        not_sold: (not_sold.len() - own_files) as u64,
        own_files: own_files as u64,
        target: found.target,
        at: found.at,
        waiting: found.waiting.into_iter().map(|stored| known.missing(stored)).collect(),
        perhaps_in_part: found.perhaps_in_part,
        in_question: found.in_question,
        lists: found.lists,
        other_lists: found.other_lists,
        asked: Vec::new(),
        faults: Vec::new(),
    };
    asking::ask(&mut list, asked.advisers, context);
    for purchase in &mut list.purchases {
        stores::add_searches(purchase, asked.stores);
    }
    Ok(Some(list))
}

/// What is known of things that are missing, by their numbers.
struct Known {
    listening: HashMap<i64, Listening>,
    on_players: HashMap<i64, Vec<Lies>>,
    waits: HashMap<i64, Waits>,
    albums: Albums,
}

impl Known {
    fn load(
        for_sale: &[StoredWanted],
        waits: HashMap<i64, Waits>,
        context: &Context,
    ) -> Result<Self, EngineError> {
        let mut on_players = on_players(context)?;
        on_players.values_mut().for_each(|all| all.retain(|lies| lies.is_whole));
        let listening = context.library.listening()?;
        Ok(Self { listening, on_players, waits, albums: Albums::load(for_sale, context)? })
    }

    fn missing(&mut self, stored: StoredWanted) -> Missing {
        let (wanted, on_other_albums) = self.albums.apart(&stored);
        Missing {
            id: stored.id,
            wanted,
            listening: self.listening.get(&stored.id).copied().unwrap_or_default(),
            on_player: self.on_players.remove(&stored.id).unwrap_or_default(),
            waits: self.waits.remove(&stored.id),
            on_other_albums,
            releases: self.albums.releases(stored.id),
        }
    }
}

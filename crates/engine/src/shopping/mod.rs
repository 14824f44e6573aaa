//! The shopping list: what nobody has, as the fewest purchases, what is listened to most first; with links of shops.
//!
//! It needs no network: then every purchase has links of searches, made of the user's own list of stores. Every missing
//! thing is in exactly one purchase.

mod asking;
mod csv_list;
mod grouping;
mod html;
mod stores;

use std::collections::BTreeMap;

use ferrotape_domain::{Fault, Mbid, Outcome, Price, ShopAdvice, ShopLink, ShopLinkKind, Wanted, WantedKind};
use ferrotape_store::{Listening, StoredWanted};

pub use csv_list::csv;
pub use ferrotape_matching::is_of_other_versions;
pub use html::html;
pub use stores::{NotAStore, Store};

use crate::matching::{Answer, Matched, match_wanted};
use crate::partly::Partly;
use crate::policies::RunPolicy;
use crate::report::{Lies, on_players};
use crate::{Context, EngineError};

/// Which things are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Those of the last run.
    LastRun,
    /// All of the library.
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
    /// The lists that the run was about; none where all of the library was looked at.
    pub lists: Vec<String>,
    /// How many things wait for whom; they are in no purchase.
    pub waiting: BTreeMap<String, u64>,
    /// What to buy, what is listened to most first.
    pub purchases: Vec<Purchase>,
    /// Missing things that no shop sells: podcasts and their episodes.
    pub not_sold: u64,
    /// Missing files of the user's own computer, which lists only point to.
    pub own_files: u64,
    /// The player or folder of the run that it is of; `None` for all of the library.
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
    let Some(found) = missing(asked.which, context)? else { return Ok(None) };
    let listening = context.library.listening()?;
    let sold = |kind| matches!(kind, WantedKind::Recording | WantedKind::Release | WantedKind::Audiobook);
    let (for_sale, not_sold): (Vec<StoredWanted>, Vec<StoredWanted>) =
        found.things.into_iter().partition(|stored| sold(stored.wanted.kind));
    let own_files = not_sold.iter().filter(|stored| stored.wanted.kind == WantedKind::LocalFile).count();
    let mut on_players = on_players(context)?;
    on_players.values_mut().for_each(|all| all.retain(|lies| lies.is_whole));
    let for_sale = for_sale.into_iter().map(|stored| Missing {
        on_player: on_players.remove(&stored.id).unwrap_or_default(),
        id: stored.id,
        listening: listening.get(&stored.id).copied().unwrap_or_default(),
        wanted: stored.wanted,
    });
    let mut list = ShoppingList {
        purchases: grouping::purchases(for_sale.collect()),
        not_sold: (not_sold.len() - own_files) as u64,
        own_files: own_files as u64,
        target: found.target,
        at: found.at,
        waiting: found.waiting,
        lists: found.lists,
        asked: Vec::new(),
        faults: Vec::new(),
    };
    asking::ask(&mut list, asked.advisers, context);
    for purchase in &mut list.purchases {
        stores::add_searches(purchase, asked.stores);
    }
    Ok(Some(list))
}

struct Found {
    lists: Vec<String>,
    waiting: BTreeMap<String, u64>,
    things: Vec<StoredWanted>,
    target: Option<String>,
    at: i64,
}

fn missing(which: Which, context: &Context) -> Result<Option<Found>, EngineError> {
    match which {
        Which::LastRun => {
            let Some(run) = context.library.last_run(None)? else { return Ok(None) };
            // What stands in may be a part of an album.
            let may_be_missing = |outcome: &Outcome| {
                matches!(
                    outcome,
                    Outcome::NotInSources(_)
                        | Outcome::Failed(_)
                        | Outcome::OnPlayer { substitute: Some(_), .. }
                )
            };
            let ids = run.rows.iter().filter(|(_, outcome)| may_be_missing(outcome)).map(|(id, _)| *id);
            // What came since, as by the inbox, would else be bought twice.
            let things = context.library.wanted_by_ids(&ids.collect::<Vec<i64>>())?;
            let things = without_a_whole_file(things, context)?;
            let lists = run.lists.iter().map(|list| list.name.clone()).collect();
            Ok(Some(Found {
                lists,
                waiting: waiting(&run.rows),
                things,
                target: Some(run.target),
                at: run.at,
            }))
        }
        Which::All => {
            let things = without_a_whole_file(context.library.every_wanted()?, context)?;
            Ok(Some(Found {
                lists: Vec::new(),
                waiting: BTreeMap::new(),
                things,
                target: None,
                at: context.now,
            }))
        }
    }
}

/// How many things wait for each service or place: nobody knows yet whether those are missing.
fn waiting(rows: &[(i64, Outcome)]) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for (_, outcome) in rows {
        if let Outcome::Waiting { on, .. } = outcome {
            for name in on {
                *counts.entry(name.clone()).or_insert(0) += 1;
            }
        }
    }
    counts
}

/// Those that no file answers, or only a broken one, or not all of: they need another copy.
fn without_a_whole_file(
    wanted: Vec<StoredWanted>,
    context: &Context,
) -> Result<Vec<StoredWanted>, EngineError> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let matching = match_wanted(wanted, &[], &RunPolicy::default(), context)?;
    let has_none = |one: &&Matched| {
        matches!(one.answer, Answer::None(_))
            || matching.broken.contains_key(&one.wanted.id)
            || Partly::of_answer(one, &matching).is_some()
    };
    Ok(matching.matched.iter().filter(has_none).map(|one| one.wanted.clone()).collect())
}

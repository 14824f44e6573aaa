//! Services are asked about all purchases; one that is down costs the list nothing but its links.

use ferrotape_domain::{Advice, Phase, ShopAdvice, ShopLinkKind, Wanted, WantedKind};

use super::{ShoppingList, grouping};
use crate::Context;

/// Links of one purchase; more are of no use.
const MOST_LINKS: usize = 24;

pub(super) fn ask(list: &mut ShoppingList, advisers: &[Box<dyn ShopAdvice>], context: &Context) {
    let things: Vec<Wanted> = list
        .purchases
        .iter()
        // A purchase is never without a thing.
        .map(|purchase| {
            grouping::as_wanted(purchase).unwrap_or_else(|| Wanted::of_kind(WantedKind::Unavailable))
        })
        .collect();
    if advisers.is_empty() || things.is_empty() {
        return;
    }
    let things: Vec<&Wanted> = things.iter().collect();
    context.started(Phase::Ask, None);
    for adviser in advisers {
        let purchases = &mut list.purchases;
        let mut take = |advice: Advice| {
            context.advanced(Phase::Ask, 1, 0);
            let Some(purchase) = purchases.get_mut(advice.at) else { return };
            purchase.mbid = purchase.mbid.take().or(advice.mbid);
            for link in advice.links {
                let known = purchase.links.iter().any(|known| known.url == link.url);
                if !known && is_web(&link.url) && purchase.links.len() < MOST_LINKS {
                    purchase.links.push(link);
                }
            }
        };
        list.asked.push(adviser.name().to_owned());
        if let Err(fault) = adviser.advise(&things, context.cancel, &mut take) {
            list.faults.push(fault);
        }
    }
    context.finished(Phase::Ask);
    for purchase in &mut list.purchases {
        // The order of those who were asked stays among equals.
        purchase.links.sort_by_key(|link| match link.what {
            ShopLinkKind::Free => 0,
            ShopLinkKind::Product => 1,
            ShopLinkKind::Search => 2,
        });
    }
}

/// Only such links are shown.
pub(super) fn is_web(url: &str) -> bool {
    let begins =
        |scheme: &str| url.get(..scheme.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(scheme));
    begins("https://") || begins("http://")
}

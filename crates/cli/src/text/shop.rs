//! The shopping list as text.

use ferrotape_domain::{ShopLink, ShopLinkKind, WantedKind};
use ferrotape_engine::shopping::{Missing, Purchase, ShoppingList};

use crate::output::{counted, line, moment, plain};

/// Links of searches that are named by their shop only.
const SEARCHES: usize = 6;

/// `stale`: who was answered for from what was kept, from when, and why.
pub(crate) fn shopping(list: &ShoppingList, stale: &[(String, i64, String)]) {
    let on =
        list.target.as_ref().map_or("of what is on your lists".to_owned(), |target| format!("on {target}"));
    if list.purchases.is_empty() {
        let yet = if list.waiting.is_empty() { "" } else { " yet" };
        let is_all_known =
            list.waiting.is_empty() && list.perhaps_in_part.is_empty() && list.in_question == 0;
        let known = if is_all_known { "" } else { "of what is known, " };
        line(&plain(&format!("Nothing to buy{yet}: {known}nothing is missing {on}.")));
    } else {
        let things = counted(list.fills(), "thing is", "things are");
        let purchases = counted(list.purchases.len() as u64, "purchase fills", "purchases fill");
        let them = if list.fills() == 1 { "it" } else { "them" };
        line(&plain(&format!("{things} missing {on}; {purchases} {them}.")));
    }
    for (number, purchase) in list.purchases.iter().enumerate() {
        one(number + 1, purchase);
    }
    line("");
    for (sum, count) in list.known_prices() {
        let of = counted(count, "purchase", "purchases");
        line(&plain(&format!("Known prices: {sum} for {of}.")));
    }
    about(list);
    for (services, count) in list.waiting_for() {
        let things = counted(count, "thing waits", "things wait");
        let until = list.all_wait_until(&services).map(|until| format!(", until {until}"));
        let until = until.unwrap_or_default();
        let come = "what comes from there need not be bought";
        line(&plain(&format!("Not in the list: {things} for {services}{until}; {come}.")));
    }
    let is_brought =
        |missing: &&Missing| missing.waits.as_ref().is_some_and(|waits| waits.services.is_empty());
    for missing in list.waiting.iter().filter(is_brought) {
        let reason = missing.waits.as_ref().map(|waits| waits.reason.as_str()).unwrap_or_default();
        line(&plain(&format!("Not in the list: {} – {reason}.", missing.wanted.label())));
    }
    if list.in_question > 0 {
        let things = counted(list.in_question, "thing", "things");
        line(&format!(
            "Not in the list: {things} that files only come near; `ferrotape review` asks about that."
        ));
    }
    for album in &list.perhaps_in_part {
        let label = album.wanted.label();
        line(&plain(&format!("Not in the list: {label} may be here only in part: {}.", album.says)));
    }
    if list.not_sold > 0 {
        let podcasts = counted(list.not_sold, "missing podcast or episode", "missing podcasts or episodes");
        line(&format!("Not in the list: {podcasts}; no shop sells them."));
    }
    if list.own_files > 0 {
        let files = counted(list.own_files, "missing file of your own", "missing files of your own");
        line(&format!(
            "Not in the list: {files}; scan the folder of each, or name it (`ferrotape explain`)."
        ));
    }
    for fault in &list.faults {
        line(&plain(&format!("{} could not be asked for all: {}.", fault.source, fault.reason)));
    }
    for (service, at, because) in stale {
        line(&plain(&format!("{service}: {because}; what it said on {} was used.", moment(*at))));
    }
    if list.asked.is_empty() && !list.purchases.is_empty() {
        line(
            "The links are searches; --online asks MusicBrainz and the iTunes Store for products and prices.",
        );
    }
}

/// Which lists it is of, where that may surprise.
fn about(list: &ShoppingList) {
    if list.lists.is_empty() || (list.other_lists == 0 && !list.purchases.is_empty()) {
        return;
    }
    let lists = counted(list.lists.len() as u64, "list", "lists");
    let names = list.lists.iter().take(SEARCHES).cloned().collect::<Vec<String>>().join(", ");
    let rest = if list.lists.len() > SEARCHES { ", …" } else { "" };
    let says = match list.other_lists {
        0 => "--all looks at everything on your lists".to_owned(),
        others => format!("--all looks at {}, too", counted(others, "other list", "other lists")),
    };
    line(&plain(&format!("The last run was about {lists} ({names}{rest}); {says}.")));
}

fn one(number: usize, purchase: &Purchase) {
    let kind = match purchase.kind {
        WantedKind::Release => "album",
        WantedKind::Audiobook => "audiobook",
        _ => "track",
    };
    let minutes = purchase.played_ms() / 60_000;
    let played = if minutes > 0 { format!(", {minutes} min listened") } else { String::new() };
    line(&plain(&format!("{number:>4}  {} ({kind}{played})", purchase.label())));
    if purchase.fills.len() > 1 {
        for missing in &purchase.fills {
            line(&plain(&format!("        fills {}", missing.wanted.label())));
        }
    }
    let on_player = purchase.fills.iter().filter_map(|missing| Some((missing, missing.on_player.first()?)));
    for (missing, lies) in on_player {
        let what = if purchase.fills.len() > 1 { missing.wanted.label() + ": " } else { String::new() };
        line(&plain(&format!(
            "        {what}on the player ({}: {}), but no whole file of it is in your sources",
            lies.target, lies.path
        )));
    }
    for missing in &purchase.fills {
        if let Some(waits) = &missing.waits {
            let what =
                if purchase.fills.len() > 1 { missing.wanted.label() + " waits" } else { "waits".to_owned() };
            let whom = waits.whom();
            line(&plain(&format!(
                "        {what} for {whom} since the last run; what comes need not be bought"
            )));
        }
    }
    for link in purchase.links.iter().filter(|link| link.what != ShopLinkKind::Search) {
        line(&plain(&format!("      {}{}: {}", link.shop, costs(link), link.url)));
    }
    let searches = || purchase.links.iter().filter(|link| link.what == ShopLinkKind::Search);
    if let Some(first) = searches().next() {
        line(&plain(&format!("      look in {}: {}", first.shop, first.url)));
        let more: Vec<&str> = searches().skip(1).take(SEARCHES).map(|link| link.shop.as_str()).collect();
        if !more.is_empty() {
            line(&plain(&format!("      or in {} (links with --html)", more.join(", "))));
        }
    }
}

fn costs(link: &ShopLink) -> String {
    match (link.what, &link.price) {
        (ShopLinkKind::Free, _) => " (free)".to_owned(),
        (_, Some(price)) => format!(" ({price})"),
        _ => String::new(),
    }
}

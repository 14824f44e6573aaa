//! The shopping list as JSON.

use ferrotape_domain::{Price, ShopLink};
use ferrotape_engine::shopping::{Missing, PerhapsInPart, Purchase, ShoppingList, Waits};
use serde_json::{Value, json};

/// `stale`: who was answered for from what was kept, from when, and why.
pub(crate) fn shopping(list: &ShoppingList, stale: &[(String, i64, String)]) -> Value {
    let faults = list.faults.iter().map(|fault| json!({ "source": fault.source, "reason": fault.reason }));
    let stale = stale.iter().map(|(line, at, why)| json!({ "service": line, "at": at, "reason": why }));
    let prices = list.known_prices().into_iter().map(|(sum, count)| {
        let mut sum = price(&sum);
        sum["purchases"] = count.into();
        sum
    });
    json!({
        "target": list.target, "at": list.at, "missing": list.fills(), "not_sold": list.not_sold,
        "other_lists": list.other_lists, "own_files": list.own_files, "in_question": list.in_question,
        "waiting": list.waiting.iter().map(waiting).collect::<Vec<_>>(),
        "perhaps_in_part": list.perhaps_in_part.iter().map(perhaps_in_part).collect::<Vec<_>>(),
        "purchases": list.purchases.iter().map(purchase).collect::<Vec<_>>(),
        "known_prices": prices.collect::<Vec<_>>(), "asked": list.asked,
        "faults": faults.collect::<Vec<_>>(), "stale": stale.collect::<Vec<_>>(),
    })
}

fn waiting(missing: &Missing) -> Value {
    let mut waits = missing.waits.as_ref().map(waits).unwrap_or_else(|| json!({}));
    waits["number"] = missing.id.into();
    waits["kind"] = missing.wanted.kind.as_str().into();
    waits["wanted"] = missing.wanted.label().into();
    waits
}

fn perhaps_in_part(album: &PerhapsInPart) -> Value {
    json!({ "number": album.id, "wanted": album.wanted.label(), "says": album.says })
}

fn waits(waits: &Waits) -> Value {
    json!({ "services": waits.services, "reason": waits.reason, "until": waits.until })
}

fn purchase(one: &Purchase) -> Value {
    let fills = one.fills.iter().map(|missing| {
        json!({
            "number": missing.id, "wanted": missing.wanted.label(), "plays": missing.listening.plays,
            "played_ms": missing.listening.played_ms,
            "on_player": missing.on_player.first().map(|lies| json!({ "target": lies.target, "path": lies.path })),
            "waits": missing.waits.as_ref().map(waits),
        })
    });
    json!({
        "kind": one.kind.as_str(), "artist": one.artist, "title": one.title,
        "fills": fills.collect::<Vec<_>>(), "plays": one.plays(), "played_ms": one.played_ms(),
        "mbid": one.mbid.as_ref().map(ToString::to_string),
        "links": one.links.iter().map(link).collect::<Vec<_>>(),
    })
}

fn link(link: &ShopLink) -> Value {
    json!({
        "shop": link.shop, "url": link.url, "what": link.what.as_str(), "origin": link.origin,
        "price": link.price.as_ref().map(price),
    })
}

fn price(price: &Price) -> Value {
    json!({ "minor": price.minor, "currency": price.currency, "text": price.to_string() })
}

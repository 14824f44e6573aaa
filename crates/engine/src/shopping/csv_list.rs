//! The list as a CSV for a spreadsheet: one row for each missing thing, so that it adds up there as well.

use super::{Purchase, ShoppingList};
use crate::spreadsheet::harmless;

/// The list.
pub fn csv(list: &ShoppingList) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let header = [
        "Purchase",
        "Kind",
        "Artist",
        "To buy",
        "Fills",
        "Number",
        "Minutes listened",
        "Plays",
        "Price",
        "Currency",
        "Links",
    ];
    // Writing to memory cannot fail; a failure would only leave the row out of a text.
    let _ = writer.write_record(header);
    for (number, purchase) in list.purchases.iter().enumerate() {
        for row in rows(number + 1, purchase) {
            let _ = writer.write_record(row.map(|cell| harmless(&cell)));
        }
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

fn rows(number: usize, purchase: &Purchase) -> impl Iterator<Item = [String; 11]> + '_ {
    let price = purchase.price();
    let amount = price.map(|price| price.to_string().replace(&format!(" {}", price.currency), ""));
    let currency = price.map(|price| price.currency.clone()).unwrap_or_default();
    let links: Vec<&str> = purchase.links.iter().map(|link| link.url.as_str()).collect();
    let links = links.join(" ");
    purchase.fills.iter().enumerate().map(move |(at, missing)| {
        // What is of the whole purchase stands in its first row only: sums would count it twice.
        let once = |text: &str| if at == 0 { text.to_owned() } else { String::new() };
        [
            number.to_string(),
            purchase.kind.as_str().to_owned(),
            purchase.artist.clone(),
            purchase.title.clone(),
            missing.wanted.label(),
            missing.id.to_string(),
            (missing.listening.played_ms / 60_000).to_string(),
            missing.listening.plays.to_string(),
            once(amount.as_deref().unwrap_or_default()),
            once(&currency),
            once(&links),
        ]
    })
}

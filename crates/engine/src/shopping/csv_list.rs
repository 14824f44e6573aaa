//! The list as a CSV for a spreadsheet: one row for each missing thing, so that it adds up there as well. What waits for a place
//! stands below it, in no purchase.

use super::{Missing, Purchase, ShoppingList, Waits};
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
        "Waits for",
        "Until",
    ];
    // Writing to memory cannot fail; a failure would only leave the row out of a text.
    let _ = writer.write_record(header);
    let bought = list.purchases.iter().enumerate();
    let bought = bought.flat_map(|(number, purchase)| rows(number + 1, purchase));
    for row in bought.chain(list.waiting.iter().map(waiting)) {
        let _ = writer.write_record(row.map(|cell| harmless(&cell)));
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

type Cells = [String; 13];

fn rows(number: usize, purchase: &Purchase) -> impl Iterator<Item = Cells> + '_ {
    let price = purchase.price();
    let amount = price.map(|price| price.to_string().replace(&format!(" {}", price.currency), ""));
    let currency = price.map(|price| price.currency.clone()).unwrap_or_default();
    let links: Vec<&str> = purchase.links.iter().map(|link| link.url.as_str()).collect();
    let links = links.join(" ");
    purchase.fills.iter().enumerate().map(move |(at, missing)| {
        // What is of the whole purchase stands in its first row only: sums would count it twice.
        let once = |text: &str| if at == 0 { text.to_owned() } else { String::new() };
        let [fills, id, minutes, plays, waits_for, until] = of_thing(missing);
        [
            number.to_string(),
            purchase.kind.as_str().to_owned(),
            purchase.artist.clone(),
            purchase.title.clone(),
            fills,
            id,
            minutes,
            plays,
            once(amount.as_deref().unwrap_or_default()),
            once(&currency),
            once(&links),
            waits_for,
            until,
        ]
    })
}

/// What is not bought has no number of a purchase, and nothing to buy.
fn waiting(missing: &Missing) -> Cells {
    let [fills, id, minutes, plays, waits_for, until] = of_thing(missing);
    let none = String::new;
    let kind = missing.wanted.kind.as_str().to_owned();
    let artist = missing.wanted.artists.to_string();
    [none(), kind, artist, none(), fills, id, minutes, plays, none(), none(), none(), waits_for, until]
}

fn of_thing(missing: &Missing) -> [String; 6] {
    let waits = missing.waits.as_ref();
    [
        missing.wanted.label(),
        missing.id.to_string(),
        (missing.listening.played_ms / 60_000).to_string(),
        missing.listening.plays.to_string(),
        waits.map(Waits::whom).unwrap_or_default(),
        waits.map(|waits| waits.until().to_owned()).unwrap_or_default(),
    ]
}

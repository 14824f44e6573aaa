//! The list as one self-contained page: no script, no fonts, no pictures from elsewhere.

use askama::Template;
use ferrotape_domain::{ShopLink, ShopLinkKind, WantedKind};

use super::asking::is_web;
use super::{Missing, Purchase, ShoppingList};

/// The page.
pub fn html(list: &ShoppingList) -> String {
    // Rendering to memory fails only for want of memory.
    Page::of(list).render().unwrap_or_else(|error| format!("The shopping list could not be made: {error}"))
}

#[derive(Template)]
#[template(path = "shopping.html")]
struct Page<'a> {
    list: &'a ShoppingList,
    lists: String,
    fills: u64,
    when: String,
    sums: Vec<String>,
    lines: Vec<Line<'a>>,
    waiting: Vec<String>,
}

struct Line<'a> {
    purchase: &'a Purchase,
    kind: &'static str,
    fills: Vec<String>,
    lies: Vec<String>,
    waits: Vec<String>,
    minutes: String,
    sure: Vec<&'a ShopLink>,
    searches: Vec<&'a ShopLink>,
}

impl<'a> Page<'a> {
    fn of(list: &'a ShoppingList) -> Self {
        let time = jiff::Timestamp::from_second(list.at);
        let sums = list.known_prices().into_iter();
        Self {
            list,
            lists: list.lists.join(", "),
            fills: list.fills(),
            when: time.map(|time| time.strftime("%Y-%m-%d %H:%M UTC").to_string()).unwrap_or_default(),
            sums: sums.map(|(sum, count)| format!("{sum} for {count}")).collect(),
            lines: list.purchases.iter().map(line).collect(),
            waiting: list.waiting.iter().filter_map(waits).collect(),
        }
    }
}

fn line(purchase: &Purchase) -> Line<'_> {
    let shown = || purchase.links.iter().filter(|link| is_web(&link.url));
    let several = purchase.fills.len() > 1;
    Line {
        purchase,
        kind: kind(purchase.kind),
        fills: purchase.fills.iter().filter(|_| several).map(|one| one.wanted.label()).collect(),
        lies: purchase.fills.iter().filter_map(lies).collect(),
        waits: purchase.fills.iter().filter_map(waits).collect(),
        minutes: match purchase.played_ms() / 60_000 {
            0 => String::new(),
            minutes => format!("{minutes} min"),
        },
        sure: shown().filter(|link| link.what != ShopLinkKind::Search).collect(),
        searches: shown().filter(|link| link.what == ShopLinkKind::Search).collect(),
    }
}

/// Where it lies on a player all the same.
fn lies(missing: &Missing) -> Option<String> {
    let lies = missing.on_player.first()?;
    Some(format!("{} is on the player ({}: {})", missing.wanted.label(), lies.target, lies.path))
}

/// What waits, for whom and until when.
fn waits(missing: &Missing) -> Option<String> {
    let waits = missing.waits.as_ref()?;
    let until = if waits.until.is_empty() { String::new() } else { format!(", until {}", waits.until) };
    Some(format!("{} waits for {}{until}: {}", missing.wanted.label(), waits.whom(), waits.reason))
}

fn kind(kind: WantedKind) -> &'static str {
    match kind {
        WantedKind::Release => "album",
        WantedKind::Audiobook => "audiobook",
        _ => "track",
    }
}

//! The shape of its answers. Every field may be missing.

use std::time::Duration;

use ferrotape_domain::Price;
use serde::Deserialize;

use crate::answers::{Many, Texts, is_counted, said, unless};
use crate::net::Told;

const MOST_HITS: usize = 200;
/// More is no price of music.
const MOST_MINOR: u64 = 100_000_000;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Answer {
    pub(super) results: Many<Hit, MOST_HITS>,
}

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Hit {
    pub(super) track_name: Texts,
    pub(super) artist_name: Texts,
    pub(super) collection_name: Texts,
    pub(super) collection_id: Texts,
    pub(super) track_view_url: Texts,
    pub(super) collection_view_url: Texts,
    pub(super) track_price: Texts,
    pub(super) collection_price: Texts,
    pub(super) currency: Texts,
    pub(super) release_date: Texts,
    track_time_millis: Texts,
}

impl Hit {
    pub(super) fn length(&self) -> Option<Duration> {
        self.track_time_millis.number().filter(|ms| *ms > 0).map(Duration::from_millis)
    }

    /// A price of this hit; none where it is not sold alone.
    pub(super) fn price(&self, amount: &Texts) -> Option<Price> {
        let currency = self.currency.first()?.to_ascii_uppercase();
        if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return None;
        }
        let minor = minor(amount.first()?, Price::digits(&currency))?;
        Some(Price { minor, currency })
    }
}

/// The trouble in an answer, whatever is looked for: it lists what was found, and counts it.
pub(super) fn told(body: &[u8]) -> Option<Told> {
    let said = said(body);
    unless(&said, is_counted(said.get("results"), said.get("resultCount")))
}

/// `1.29` with two digits is 129; -1 and 0 are no prices.
fn minor(amount: &str, digits: usize) -> Option<u64> {
    let (whole, rest) = amount.split_once('.').unwrap_or((amount, ""));
    let rest = rest.trim_end_matches('0');
    let plain = |text: &str| text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !plain(whole) || !plain(rest) || rest.len() > digits {
        return None;
    }
    let minor: u64 = format!("{whole}{rest:0<digits$}").parse().ok()?;
    (1..=MOST_MINOR).contains(&minor).then_some(minor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_exactly_or_not_at_all() {
        for (amount, digits, expected) in [
            ("1.29", 2, Some(129)),
            ("0.99", 2, Some(99)),
            ("9.9", 2, Some(990)),
            ("10", 2, Some(1000)),
            ("255.0", 0, Some(255)),
            ("-1", 2, None),
            ("-1.0", 2, None),
            ("0", 2, None),
            ("1.295", 2, None),
            ("1e3", 2, None),
            ("99999999999", 2, None),
            ("", 2, None),
        ] {
            assert_eq!(minor(amount, digits), expected, "{amount}");
        }
    }
}

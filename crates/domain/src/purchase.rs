//! Where a wanted thing can be had lawfully: links of shops, and the port to those who know some.

use std::fmt;

use crate::{Cancel, Fault, Mbid, Wanted};

/// What a link of a shop leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ShopLinkKind {
    /// The thing itself, for nothing, from those who may give it away.
    Free,
    /// The thing itself, for money.
    Product,
    /// A search for it; nobody knows whether it is there.
    Search,
}

impl ShopLinkKind {
    /// A stable word for files and `--json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Product => "product",
            Self::Search => "search",
        }
    }
}

/// What something costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Price {
    /// In the currency's smallest units: cents, yen.
    pub minor: u64,
    /// The currency, as ISO 4217 writes it: `EUR`.
    pub currency: String,
}

impl Price {
    /// Digits behind the point in a currency.
    pub fn digits(currency: &str) -> usize {
        match currency {
            "JPY" | "KRW" | "VND" | "CLP" | "ISK" | "PYG" | "UGX" | "XAF" | "XOF" => 0,
            "BHD" | "JOD" | "KWD" | "OMR" | "TND" => 3,
            _ => 2,
        }
    }
}

impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Self::digits(&self.currency) {
            0 => write!(f, "{} {}", self.minor, self.currency),
            digits => {
                let unit = if digits == 3 { 1000 } else { 100 };
                write!(f, "{}.{:0digits$} {}", self.minor / unit, self.minor % unit, self.currency)
            }
        }
    }
}

/// A place where a wanted thing can be had, or looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShopLink {
    /// The shop, as people call it.
    pub shop: String,
    /// The address; `http` or `https`.
    pub url: String,
    /// What it leads to.
    pub what: ShopLinkKind,
    /// What it costs there, where that is known.
    pub price: Option<Price>,
    /// Who knows of it: [`ShopAdvice::name`], or `stores`.
    pub origin: String,
}

/// What is known of one wanted thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// Which of the things asked for, from 0.
    pub at: usize,
    /// The recording (of a release: the release) that it surely is.
    pub mbid: Option<Mbid>,
    /// Where it can be had.
    pub links: Vec<ShopLink>,
}

/// A service that knows where things can be had.
pub trait ShopAdvice: Send + Sync {
    /// Its name in messages and on record.
    fn name(&self) -> &str;

    /// Tells what it knows, of several things at once, as it comes. What it tells nothing of it does not know. `Err`: the
    /// rest could not be asked; what was told before holds.
    fn advise(&self, wanted: &[&Wanted], cancel: &Cancel, found: &mut dyn FnMut(Advice))
    -> Result<(), Fault>;
}

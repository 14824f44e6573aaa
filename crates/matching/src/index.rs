//! Candidate search over the whole collection.

use ferrotape_domain::Offer;

/// Everything matching needs to know of the offers, owned and compact.
#[derive(Debug, Default)]
pub struct Index {
    count: usize,
}

impl Index {
    /// Builds the index; the order of `offers` makes no difference.
    pub fn build(offers: &[Offer]) -> Self {
        Self { count: offers.len() }
    }

    /// How many offers it holds.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }
}

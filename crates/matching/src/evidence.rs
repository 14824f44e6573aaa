//! Named reasons with their points. The score is the sum of the points pressed into 0 to 1 by the logistic curve.

use ferrotape_domain::Evidence;

/// Points every candidate begins with; reasons must overcome them.
const START: f32 = -3.0;

/// Reasons gathered for one file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ledger {
    reasons: Vec<Evidence>,
}

impl Ledger {
    pub(crate) fn add(&mut self, kind: &'static str, weight: f32, says: impl Into<String>) {
        self.reasons.push(Evidence { kind, weight, says: says.into() });
    }

    pub(crate) fn of(reasons: Vec<Evidence>) -> Self {
        Self { reasons }
    }

    pub(crate) fn push(&mut self, reason: Evidence) {
        self.reasons.push(reason);
    }

    pub(crate) fn points(&self) -> f32 {
        self.reasons.iter().map(|reason| reason.weight).sum()
    }

    /// From 0 to 1, to four places so that it prints the same everywhere.
    pub(crate) fn score(&self) -> f32 {
        let score = 1.0 / (1.0 + (-(START + self.points())).exp());
        (score * 10_000.0).round() / 10_000.0
    }

    pub(crate) fn into_reasons(self) -> Vec<Evidence> {
        self.reasons
    }
}

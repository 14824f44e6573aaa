//! Named reasons with their points. Their strength is the sum of the points pressed into 0 to 1 by the logistic curve.

use ferrotape_domain::Evidence;

use crate::weighing::objection::Against;

/// Points every candidate begins with; reasons must overcome them.
const START: f32 = -3.0;

/// How strong a file with such an objection can be.
fn at_most(against: Against) -> f32 {
    match against {
        Against::Unproven | Against::Letters => 0.6,
        Against::ArtistPart | Against::Words | Against::Place | Against::Unmeasured => 0.5,
        Against::Guest => 0.45,
        Against::Length => 0.4,
        Against::Version => 0.35,
        Against::Audio => 0.3,
        Against::Names => 0.2,
    }
}

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

    /// How strongly all of it speaks, from 0 to 1, to four places; what is objected to stays low.
    pub(crate) fn strength(&self, against: Option<Against>) -> f32 {
        let strength = 1.0 / (1.0 + (-(START + self.points())).exp());
        let strength = against.map_or(strength, |against| strength * at_most(against));
        (strength * 10_000.0).round() / 10_000.0
    }

    pub(crate) fn into_reasons(self) -> Vec<Evidence> {
        self.reasons
    }
}

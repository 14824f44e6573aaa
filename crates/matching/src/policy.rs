//! What a run allows, and how sure it must be.

/// How careful matching is. The default never takes another recording than the wanted one.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// Whether a remaster of the same recording may stand in for it (it is labelled in the evidence).
    pub allow_remaster: bool,
    /// Least score, 0 to 1, at which an offer is chosen without asking.
    pub floor: f32,
    /// How far the best offer's score must lie above that of the next *different* recording.
    pub margin: f32,
    /// Least score, 0 to 1, at which an offer is worth showing to a person.
    pub review_floor: f32,
    /// How many offers a review shows at most.
    pub review_length: usize,
}

impl Default for Policy {
    fn default() -> Self {
        Self { allow_remaster: true, floor: 0.75, margin: 0.04, review_floor: 0.3, review_length: 5 }
    }
}

//! What a run or a playlist allows to stand in for a recording, and how sure matching must be.

/// How careful matching is. The default never takes another recording than the wanted one; whatever else is allowed is
/// labelled as a substitute where it is taken, and only taken where the wanted recording itself is not there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Policy {
    /// Which versions may stand in.
    pub allowed: Allowed,
    /// Least score at which an offer is chosen without asking: of offers with this score, such a share is right.
    pub floor: f32,
    /// How far the best offer's evidence, as a strength from 0 to 1, must lie above that of the next *different*
    /// recording.
    pub margin: f32,
    /// Least strength of evidence, 0 to 1, at which an offer is worth showing to a person.
    pub review_floor: f32,
    /// How many offers a review shows at most.
    pub review_length: usize,
}

/// Which versions may stand in for the wanted one, when it is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Allowed {
    /// A remaster of the same recording.
    pub remaster: bool,
    /// Another edition of the same performance: radio or single edit, extended, mono or stereo.
    pub edition: bool,
    /// A live recording by the same artist.
    pub live: bool,
    /// A version marked clean or censored is never taken, not even where exactly that is wanted; the unmarked one is
    /// taken instead.
    pub never_clean: bool,
}

impl Default for Allowed {
    fn default() -> Self {
        Self { remaster: true, edition: false, live: false, never_clean: false }
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self { allowed: Allowed::default(), floor: 0.9, margin: 0.04, review_floor: 0.3, review_length: 5 }
    }
}

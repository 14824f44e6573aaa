//! From strength of evidence to a score that means what it says: of files scored 0.9, nine in ten are right.
//!
//! The curves were read off labelled sets (our benchmark's kind and one that is not ours): share of right files by
//! strength, kind of objection, and whether both playing times were known. They are round numbers on purpose: the sets
//! are not the world.

use crate::weighing::objection::Against;

/// Strength, and the share of files of that strength that were right, playing times known on both sides.
const WITH_LENGTH: &[(f32, f32)] = &[
    (0.0, 0.0),
    (0.4, 0.5),
    (0.6, 0.8),
    (0.75, 0.9),
    (0.8, 0.96),
    (0.85, 0.985),
    (0.9, 0.993),
    (1.0, 0.999),
];

/// The same without playing times: files cut short and unmarked takes cannot be told from the whole recording.
const WITHOUT_LENGTH: &[(f32, f32)] =
    &[(0.0, 0.0), (0.4, 0.6), (0.6, 0.8), (0.75, 0.9), (0.9, 0.93), (1.0, 0.96)];

/// The score of a file with this strength of evidence.
pub(crate) fn score(strength: f32, against: Option<Against>, length_known: bool) -> f32 {
    let curve = if length_known { WITH_LENGTH } else { WITHOUT_LENGTH };
    let fits = read_off(curve, strength);
    let score = against.map_or(fits, |against| fits * right_all_the_same(against));
    // Four places, so that it prints the same everywhere.
    (score * 10_000.0).round() / 10_000.0
}

/// Of files that look right but for such an objection, the share that is.
fn right_all_the_same(against: Against) -> f32 {
    match against {
        Against::Letters => 0.75,
        Against::Unproven | Against::Words | Against::Place | Against::Unmeasured => 0.6,
        Against::ArtistPart | Against::Guest => 0.3,
        Against::Version | Against::Length | Against::Audio => 0.015,
        Against::Names => 0.01,
    }
}

/// Of files that fit as well as a rival of theirs, the share that is right.
pub(crate) const AMONG_RIVALS: f32 = 0.6;

fn read_off(curve: &[(f32, f32)], strength: f32) -> f32 {
    let above = curve.windows(2).find_map(|pair| match pair {
        [(x0, y0), (x1, y1)] if strength <= *x1 => Some(y0 + (y1 - y0) * (strength - x0) / (x1 - x0)),
        _ => None,
    });
    above.or(curve.last().map(|(_, y)| *y)).unwrap_or(0.0).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_evidence_never_scores_less() {
        for length_known in [true, false] {
            for kind in [None, Some(Against::Letters), Some(Against::Version)] {
                let scores: Vec<f32> =
                    (0..=100_u8).map(|s| score(f32::from(s) / 100.0, kind, length_known)).collect();
                assert!(scores.windows(2).all(|pair| pair[0] <= pair[1]), "{kind:?}: {scores:?}");
                assert!(scores.iter().all(|score| (0.0..=1.0).contains(score)));
            }
        }
        assert!((score(0.75, None, true) - 0.9).abs() < 1e-6);
    }
}

//! How well scores tell what is right.

use super::{Answer, BenchRow, Truth};

/// What would come of taking every nearest file with at least this score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Least score taken.
    pub floor: f32,
    /// Share of those taken that is right.
    pub precision: f64,
    /// Share of the present that is taken and right.
    pub recall: f64,
}

/// Rows with a nearest file and a truth: score, and whether the nearest file is the recording.
fn told(rows: &[&BenchRow], answers: &[Answer]) -> Vec<(f32, bool)> {
    rows.iter()
        .zip(answers)
        .filter(|(row, _)| row.truth != Truth::Undecidable)
        .filter_map(|(row, answer)| {
            let nearest = answer.near.first()?;
            let right = matches!(&row.truth, Truth::Present { best, copies } if nearest == best || copies.contains(nearest));
            Some((answer.score, right))
        })
        .collect()
}

/// Expected calibration error over ten bins of equal width: how far a score lies from the share that is right.
pub fn calibration_error(rows: &[&BenchRow], answers: &[Answer]) -> f64 {
    let told = told(rows, answers);
    let mut bins = [(0.0_f64, 0_u32, 0_u32); 10];
    for (score, right) in &told {
        let at = ((score * 10.0).max(0.0) as usize).min(9);
        if let Some((sum, hits, count)) = bins.get_mut(at) {
            *sum += f64::from(*score);
            *hits += u32::from(*right);
            *count += 1;
        }
    }
    let apart: f64 = bins.iter().map(|(sum, hits, _)| (sum - f64::from(*hits)).abs()).sum();
    apart / (told.len().max(1) as f64)
}

/// Precision and recall for every floor from the highest score down, one point per different score.
pub fn frontier(rows: &[&BenchRow], answers: &[Answer]) -> Vec<Point> {
    let mut told = told(rows, answers);
    told.sort_by(|a, b| b.0.total_cmp(&a.0));
    let present = rows.iter().filter(|row| matches!(row.truth, Truth::Present { .. })).count().max(1);
    let (mut right, mut points) = (0_u32, Vec::new());
    for (at, (score, is_right)) in told.iter().enumerate() {
        right += u32::from(*is_right);
        if told.get(at + 1).is_none_or(|next| next.0 < *score) {
            points.push(Point {
                floor: *score,
                precision: f64::from(right) / (at + 1) as f64,
                recall: f64::from(right) / present as f64,
            });
        }
    }
    points
}

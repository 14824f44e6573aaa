//! The network that listening tests trained: eleven variables, three nodes, one distortion index, one grade.

use super::variables::{LEAST_BANDWIDTH_REF, LEAST_BANDWIDTH_TEST, Variables};

/// Least and most of each variable in the training, in the order of [`Variables::named`].
const RANGES: [(f64, f64); 11] = [
    (LEAST_BANDWIDTH_REF, 921.0),
    (LEAST_BANDWIDTH_TEST, 881.131226),
    (-24.045116, 16.212030),
    (1.110661, 107.137772),
    (-0.206623, 2.886017),
    (0.074318, 13.933351),
    (1.113683, 63.257874),
    (0.950345, 1145.018555),
    (0.029985, 14.819740),
    (0.000101, 1.0),
    (0.0, 1.0),
];
/// Weights of each variable at the three nodes.
const WEIGHTS: [[f64; 3]; 11] = [
    [-0.502657, 0.436333, 1.219602],
    [4.307481, 3.246017, 1.123743],
    [4.984241, -2.211189, -0.192096],
    [0.051056, -1.762424, 4.331315],
    [2.321580, 1.789971, -0.754560],
    [-5.303901, -3.452257, -10.814982],
    [2.730991, -6.111805, 1.519223],
    [0.624950, -1.331523, -5.955151],
    [3.102889, 0.871260, -5.922878],
    [-1.051468, -0.939882, -0.142913],
    [-1.804679, -0.503610, -0.620456],
];
const BIASES: [f64; 3] = [-2.518254, 0.654841, -2.207228];
const NODES: [f64; 3] = [-3.817048, 4.107138, 4.629582];
const BIAS: f64 = -0.307594;
const WORST: f64 = -3.98;
const BEST: f64 = 0.22;

/// What a listener would say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::quality) struct Grade {
    /// Objective difference grade: 0 no difference (or a little above), -1 audible but not annoying, -4 very annoying.
    pub(in crate::quality) odg: f64,
    /// Where it comes from, without the bounds of a grade.
    pub(in crate::quality) distortion_index: f64,
    pub(in crate::quality) variables: Variables,
}

pub(super) fn grade(variables: &Variables) -> Grade {
    let mut sums = BIASES;
    for (((_, value), (least, most)), weights) in variables.named().into_iter().zip(RANGES).zip(WEIGHTS) {
        // Not clipped to the range: the recommendation does not, and good codecs lie near its edge.
        let scaled = (value - least) / (most - least);
        sums.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += weight * scaled);
    }
    let nodes = sums.iter().zip(NODES).map(|(&sum, node)| node * sigmoid(sum));
    let distortion_index = BIAS + nodes.sum::<f64>();
    Grade { odg: odg_of(distortion_index), distortion_index, variables: *variables }
}

pub(super) fn odg_of(distortion_index: f64) -> f64 {
    WORST + (BEST - WORST) * sigmoid(distortion_index)
}

fn sigmoid(value: f64) -> f64 {
    1.0 / (1.0 + (-value).exp())
}

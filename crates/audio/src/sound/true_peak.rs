//! The true peak of BS.1770: the highest value of the wave that the samples stand for, also between them.
//!
//! Sound below 88.2 kHz is oversampled four times, below 176.4 kHz twice, by a windowed sinc of 24 taps (flat to 20 kHz at
//! 44.1 kHz; the standard's own has twelve and reads up to half a decibel too little there). Most stretches need no
//! filter at all: how far the wave can rise above its samples is bounded by how strongly they bend, and where that
//! bound lies below the highest peak so far, the filter cannot find a higher one. The bound is exact, so the result
//! is that of filtering everything. Rejected: the `ebur128` crate's meter, which filters everything.

/// Taps of one phase.
const TAPS: usize = 24;
/// Taps before the sample that the interpolated value follows.
const BEFORE: usize = TAPS / 2 - 1;
/// Values decided about together; at least `TAPS`, so that neighbours hold all that a value depends on.
const GROUP: usize = 32;
/// Shape of the Kaiser window: images 48 dB down.
const KAISER_BETA: f64 = 4.5;
/// Covers what rounding does to the bound.
const MARGIN: f32 = 1.000_01;

/// Measures all channels of one recording together.
#[derive(Debug)]
pub(crate) struct TruePeak {
    phases: Vec<[f32; TAPS]>,
    /// By how much a value between two samples can rise above them, in units of the strongest bend nearby.
    overshoot: f32,
    /// Per channel: samples whose surroundings are not complete yet.
    waiting: Vec<Vec<f32>>,
    groups: Vec<Group>,
    sample_peak: f32,
    true_peak: f32,
}

/// The highest sample of a group, and the largest second difference.
#[derive(Debug, Clone, Copy, Default)]
struct Group {
    peak: f32,
    bend: f32,
}

impl TruePeak {
    pub(crate) fn new(channels: usize, rate: u32) -> Self {
        let shifts: &[f64] = match rate {
            0..88_200 => &[0.25, 0.5, 0.75],
            88_200..176_400 => &[0.5],
            _ => &[],
        };
        let exact: Vec<[f64; TAPS]> = shifts.iter().map(|shift| taps(*shift)).collect();
        let overshoot = shifts.iter().zip(&exact).map(|(shift, taps)| overshoot(*shift, taps));
        Self {
            overshoot: overshoot.fold(0.0, f64::max) as f32,
            phases: exact.iter().map(|taps| taps.map(|tap| tap as f32)).collect(),
            // Silence before the first sample.
            waiting: vec![vec![0.0; GROUP]; channels],
            groups: Vec::new(),
            sample_peak: 0.0,
            true_peak: 0.0,
        }
    }

    pub(crate) fn add(&mut self, planes: &[Vec<f32>]) {
        let mut waiting = std::mem::take(&mut self.waiting);
        for (waiting, plane) in waiting.iter_mut().zip(planes) {
            waiting.extend_from_slice(plane);
            let done = self.look_at(waiting);
            waiting.drain(..done);
        }
        self.waiting = waiting;
    }

    /// The highest sample and the true peak of all that was added.
    pub(crate) fn finish(mut self) -> (f32, f32) {
        let silence = vec![vec![0.0; 3 * GROUP]; self.waiting.len()];
        self.add(&silence);
        (self.sample_peak, self.true_peak.max(self.sample_peak))
    }

    /// Looks at every whole group between the first and the last of `samples`; gives how many samples are done with.
    /// The first group was looked at before and the last is not yet whole: they are surroundings.
    fn look_at(&mut self, samples: &[f32]) -> usize {
        self.groups.clear();
        let mut at = 0;
        // A bend reaches one sample to each side; before the first group all bends are known to be looked at.
        while let Some(window) = samples.get(at..at + GROUP + 2).and_then(|w| w.first_chunk()) {
            self.groups.push(group(window));
            at += GROUP;
        }
        let sample_peak = self.groups.iter().fold(self.sample_peak, |peak, group| larger(group.peak, peak));
        self.sample_peak = sample_peak;
        self.true_peak = larger(sample_peak, self.true_peak);
        let Some(last) = self.groups.len().checked_sub(2).filter(|last| *last > 0) else { return 0 };
        for (at, three) in self.groups.windows(3).enumerate() {
            let [before, this, after] = three else { continue };
            let bend = larger(before.bend, larger(this.bend, after.bend));
            let peak = larger(this.peak, after.peak);
            if (peak + self.overshoot * bend) * MARGIN > self.true_peak {
                let start = (at + 1) * GROUP;
                self.true_peak = filter(&self.phases, samples, start, self.true_peak);
            }
        }
        last * GROUP
    }
}

/// The highest of `so_far` and the values behind each sample of the group that begins at `start`.
fn filter(phases: &[[f32; TAPS]], samples: &[f32], start: usize, so_far: f32) -> f32 {
    let Some(window) = samples.get(start - BEFORE..start - BEFORE + GROUP + TAPS) else { return so_far };
    phases.iter().fold(so_far, |highest, phase| {
        let mut sums = [0.0f32; GROUP];
        for (tap, shifted) in phase.iter().zip(window.windows(GROUP)) {
            for (sum, sample) in sums.iter_mut().zip(shifted) {
                *sum += tap * sample;
            }
        }
        sums.iter().fold(highest, |peak, sum| larger(sum.abs(), peak))
    })
}

/// Unlike `f32::max` one instruction; what is not a number counts for nothing.
fn larger(new: f32, so_far: f32) -> f32 {
    if new > so_far { new } else { so_far }
}

/// Of the first [`GROUP`] samples: the highest, and the largest bend around each sample's successor.
fn group(window: &[f32; GROUP + 2]) -> Group {
    const LANES: usize = 8;
    let (mut peaks, mut bends) = ([0.0f32; LANES], [0.0f32; LANES]);
    let shifted = |by: usize| window.get(by..by + GROUP).unwrap_or_default().as_chunks::<LANES>().0;
    for ((first, second), third) in shifted(0).iter().zip(shifted(1)).zip(shifted(2)) {
        let lanes = peaks.iter_mut().zip(&mut bends).zip(first).zip(second).zip(third);
        for ((((peak, bend), a), b), c) in lanes {
            *peak = larger(a.abs(), *peak);
            *bend = larger((a - 2.0 * b + c).abs(), *bend);
        }
    }
    Group {
        peak: peaks.into_iter().fold(0.0, |peak, lane| larger(lane, peak)),
        bend: bends.into_iter().fold(0.0, |bend, lane| larger(lane, bend)),
    }
}

/// A windowed sinc that gives the value `shift` behind the sample at [`BEFORE`]. Constant and linearly rising sound come
/// through exactly, which the bound rests on.
fn taps(shift: f64) -> [f64; TAPS] {
    let half = TAPS as f64 / 2.0;
    let mut taps: [f64; TAPS] = std::array::from_fn(|at| {
        let distance = at as f64 - BEFORE as f64 - shift;
        let sinc = (std::f64::consts::PI * distance).sin() / (std::f64::consts::PI * distance);
        sinc * bessel(KAISER_BETA * (1.0 - (distance / half).powi(2)).max(0.0).sqrt()) / bessel(KAISER_BETA)
    });
    let sum: f64 = taps.iter().sum();
    taps.iter_mut().for_each(|tap| *tap /= sum);
    let at: f64 = taps.iter().enumerate().map(|(at, tap)| tap * (at as f64 - BEFORE as f64)).sum();
    taps[BEFORE] -= shift - at;
    taps[BEFORE + 1] += shift - at;
    taps
}

/// The sum of what second differences add to the straight line between two samples.
fn overshoot(shift: f64, taps: &[f64; TAPS]) -> f64 {
    let straight = |at: usize| match at {
        BEFORE => 1.0 - shift,
        _ if at == BEFORE + 1 => shift,
        _ => 0.0,
    };
    let (mut slope, mut share, mut sum) = (0.0, 0.0f64, 0.0);
    for (at, tap) in taps.iter().enumerate() {
        slope += tap - straight(at);
        share += slope;
        sum += share.abs();
    }
    sum
}

/// The modified Bessel function of order zero.
fn bessel(x: f64) -> f64 {
    let (mut term, mut sum) = (1.0, 1.0);
    for at in 1..40 {
        term *= (x / 2.0 / f64::from(at)).powi(2);
        sum += term;
    }
    sum
}

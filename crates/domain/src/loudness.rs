//! How loud a recording is: EBU R 128 loudness, its range (EBU Tech 3342) and its peaks.
//!
//! What is kept is not a number but how often each loudness occurred, in steps of 0.05 LU: that can be added up, so
//! the loudness of an album is that of its tracks put together, to a few hundredths of a LU, without decoding them
//! again. A list of all blocks would be exact and a hundred times as long for a three-hour mix.

/// Blocks below this are taken for silence (the absolute gate of BS.1770).
pub const SILENCE_LUFS: f64 = -70.0;
/// Width of a step, and how many there are: up to +30 LUFS, beyond all sound.
const STEP_LU: f64 = 0.05;
const STEPS: u16 = 2_000;
/// BS.1770's offset between the mean square of weighted sound and LUFS.
const OFFSET_LU: f64 = -0.691;
/// The relative gates: of BS.1770 for the loudness, of EBU Tech 3342 for its range.
const LOUDNESS_GATE_LU: f64 = -10.0;
const RANGE_GATE_LU: f64 = -20.0;

/// Loudness in LUFS of a mean square of K-weighted sound, summed over the channels.
pub fn lufs(mean_square: f64) -> f64 {
    OFFSET_LU + 10.0 * mean_square.log10()
}

/// How often each loudness occurred among the blocks of a recording; silence is not counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LoudnessCounts {
    /// Steps that occurred, ascending, and how often.
    counts: Vec<(u16, u32)>,
}

impl LoudnessCounts {
    /// Counts one block of this loudness.
    pub fn add(&mut self, lufs: f64) {
        if lufs >= SILENCE_LUFS {
            let step = ((lufs - SILENCE_LUFS) / STEP_LU).min(f64::from(STEPS - 1)) as u16;
            self.add_times(step, 1);
        }
    }

    fn add_times(&mut self, step: u16, times: u32) {
        match self.counts.binary_search_by_key(&step, |(step, _)| *step) {
            Ok(at) => {
                if let Some((_, count)) = self.counts.get_mut(at) {
                    *count = count.saturating_add(times);
                }
            }
            Err(at) => self.counts.insert(at, (step, times)),
        }
    }

    /// Adds the blocks of another recording.
    pub fn merge(&mut self, other: &Self) {
        for (step, times) in &other.counts {
            self.add_times(*step, *times);
        }
    }

    /// The loudness of all blocks at or above `gate` together; `None` when there are none.
    fn mean(&self, gate: f64) -> Option<f64> {
        let above = self.counts.iter().filter(|(step, _)| middle(*step) >= gate);
        let (sum, blocks) = above.fold((0.0, 0.0), |(sum, blocks), (step, count)| {
            let count = f64::from(*count);
            (sum + count * 10f64.powf((middle(*step) - OFFSET_LU) / 10.0), blocks + count)
        });
        (blocks > 0.0).then(|| lufs(sum / blocks))
    }

    /// The loudness that `share` of the blocks at or above `gate` stay below.
    fn percentile(&self, gate: f64, share: f64) -> Option<f64> {
        let above = || self.counts.iter().filter(|(step, _)| middle(*step) >= gate);
        let wanted = share * above().map(|(_, count)| f64::from(*count)).sum::<f64>();
        let mut passed = 0.0;
        above().find_map(|(step, count)| {
            passed += f64::from(*count);
            (passed >= wanted).then(|| middle(*step))
        })
    }

    fn write(&self, out: &mut Vec<u8>) {
        write_number(out, self.counts.len() as u32);
        let mut before = 0;
        for (step, count) in &self.counts {
            write_number(out, u32::from(*step - before));
            write_number(out, *count);
            before = *step;
        }
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        let len = read_number(bytes).filter(|len| *len <= u32::from(STEPS))?;
        let mut counts: Vec<(u16, u32)> = Vec::with_capacity(len as usize);
        let mut before = 0;
        for at in 0..len {
            let apart = read_number(bytes).filter(|apart| *apart > 0 || at == 0)?;
            let step = u32::from(before).checked_add(apart).filter(|step| *step < u32::from(STEPS))? as u16;
            counts.push((step, read_number(bytes)?));
            before = step;
        }
        Some(Self { counts })
    }
}

/// The loudness in the middle of a step.
fn middle(step: u16) -> f64 {
    SILENCE_LUFS + (f64::from(step) + 0.5) * STEP_LU
}

/// What was measured of one recording, or of several taken as one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Loudness {
    /// Blocks of 400 ms, one every 100 ms.
    pub momentary: LoudnessCounts,
    /// Blocks of 3 s, one every 100 ms.
    pub short_term: LoudnessCounts,
    /// The highest value between the samples, 1.0 = full scale; never less than `sample_peak`.
    pub true_peak: f32,
    /// The highest sample, 1.0 = full scale.
    pub sample_peak: f32,
}

impl Loudness {
    /// Integrated loudness in LUFS; `None` for silence and for what is shorter than one block of 400 ms.
    pub fn integrated_lufs(&self) -> Option<f64> {
        let ungated = self.momentary.mean(SILENCE_LUFS)?;
        self.momentary.mean(ungated + LOUDNESS_GATE_LU)
    }

    /// Loudness range in LU; 0 for what is shorter than one block of 3 s.
    pub fn range_lu(&self) -> f64 {
        let counts = &self.short_term;
        let Some(ungated) = counts.mean(SILENCE_LUFS) else { return 0.0 };
        let gate = ungated + RANGE_GATE_LU;
        let (low, high) = (counts.percentile(gate, 0.10), counts.percentile(gate, 0.95));
        low.zip(high).map_or(0.0, |(low, high)| high - low)
    }

    /// True peak in dBTP; minus infinity for digital silence.
    pub fn true_peak_dbtp(&self) -> f64 {
        20.0 * f64::from(self.true_peak).log10()
    }

    /// These recordings as one, e.g. the tracks of an album.
    #[must_use]
    pub fn of_all<'a>(parts: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut all = Self::default();
        for part in parts {
            all.momentary.merge(&part.momentary);
            all.short_term.merge(&part.short_term);
            all.true_peak = all.true_peak.max(part.true_peak);
            all.sample_peak = all.sample_peak.max(part.sample_peak);
        }
        all
    }

    /// For the library: about a kilobyte.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        bytes.extend_from_slice(&self.true_peak.to_le_bytes());
        bytes.extend_from_slice(&self.sample_peak.to_le_bytes());
        self.momentary.write(&mut bytes);
        self.short_term.write(&mut bytes);
        bytes
    }

    /// What [`Loudness::to_bytes`] wrote; `None` for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (true_peak, bytes) = bytes.split_first_chunk()?;
        let (sample_peak, mut bytes) = bytes.split_first_chunk()?;
        let momentary = LoudnessCounts::read(&mut bytes)?;
        let short_term = LoudnessCounts::read(&mut bytes)?;
        let (true_peak, sample_peak) = (f32::from_le_bytes(*true_peak), f32::from_le_bytes(*sample_peak));
        let sane = bytes.is_empty() && true_peak.is_finite() && sample_peak.is_finite();
        sane.then_some(Self { momentary, short_term, true_peak, sample_peak })
    }
}

/// Seven bits a byte, the least first; the top bit says that more follow.
fn write_number(out: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn read_number(bytes: &mut &[u8]) -> Option<u32> {
    let mut number = 0u64;
    for place in 0..5 {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(first & 0x7f) << (7 * place);
        if first & 0x80 == 0 {
            return u32::try_from(number).ok();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(levels: &[(f64, usize)]) -> Loudness {
        let mut loudness = Loudness { true_peak: 0.7, sample_peak: 0.6, ..Loudness::default() };
        for (lufs, times) in levels {
            for _ in 0..*times {
                loudness.momentary.add(*lufs);
                loudness.short_term.add(*lufs);
            }
        }
        loudness
    }

    #[test]
    fn quiet_passages_are_gated_out() {
        let near = |found: Option<f64>, wanted: f64| found.is_some_and(|found| (found - wanted).abs() < 0.03);
        // EBU Tech 3341, case 3: −36, −23, −36 LUFS for 10, 60, 10 s.
        assert!(near(blocks(&[(-36.0, 200), (-23.0, 600)]).integrated_lufs(), -23.0));
        assert!(near(blocks(&[(-23.0, 600), (-80.0, 5000)]).integrated_lufs(), -23.0));
        assert_eq!(blocks(&[(-70.5, 100)]).integrated_lufs(), None);
        // EBU Tech 3342, case 1: −20 and −30 LUFS for 20 s each.
        assert!((blocks(&[(-20.0, 200), (-30.0, 200)]).range_lu() - 10.0).abs() < 0.1);
        assert!(blocks(&[]).range_lu() == 0.0);
    }

    #[test]
    fn parts_add_up_to_the_whole_and_bytes_come_back() {
        let (one, two) = (blocks(&[(-20.0, 100), (-31.3, 70_000)]), blocks(&[(-69.9, 2), (-9.0, 300)]));
        let whole = Loudness::of_all([&one, &two]);
        assert_eq!(whole, blocks(&[(-20.0, 100), (-31.3, 70_000), (-69.9, 2), (-9.0, 300)]));
        for loudness in [&one, &two, &whole, &Loudness::default()] {
            let bytes = loudness.to_bytes();
            assert_eq!(Loudness::from_bytes(&bytes).as_ref(), Some(loudness));
            for cut in 0..bytes.len() {
                assert_eq!(Loudness::from_bytes(&bytes[..cut]), None);
            }
        }
        assert_eq!(Loudness::from_bytes(&[0xff; 40]), None);
    }
}

//! What was heard of files as evidence: copies of one recording, different recordings, files that are not whole.
//!
//! Two fingerprints are laid over each other with small shifts in time. The share of bits that differ tells whether one
//! recording was heard twice: codecs and remasters change few, another performance changes nearly half. Between the two
//! bounds, and where too little was heard, nothing is said. `docs/decisions/0011-fingerprints.md` tells how the bounds
//! were measured; `cargo xtask bench sound` measures again.

use std::collections::HashSet;

use ferrotape_domain::{Choice, ContentId, Evidence, Health, Heard};

use crate::deciding::one::weigh_all;
use crate::weighing::objection::Against;
use crate::weighing::weigh::{Weighed, added};
use crate::{Index, Knowledge, Question};

/// Two copies may begin this many values apart: 3 s, at 0.124 s to a value.
const SHIFT: usize = 24;
/// Fewer values in common (10 s) tell nothing.
const LEAST: usize = 80;
/// The share of different bits up to which two files are one recording …
const SAME: f32 = 0.1;
/// … when no stretch of [`LEAST`] values differs more than this: a voice that is missing is missing in places.
const SAME_EVERYWHERE: f32 = 0.16;
/// The share from which on they are two.
const DIFFERENT: f32 = 0.30;
/// Copies play equally long but for silence at their ends, in seconds.
const APART: f32 = 5.0;
/// A file that begins like another and is this much shorter may be cut off.
const CUT_OFF: f32 = 0.8;
/// Files of one question that are compared with each other.
const MOST_COMPARED: usize = 12;
/// Strength from which on it is worth hearing whether a file is the recording.
const WORTH_FROM: f32 = 0.6;

/// What two files are to each other by their sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// One recording, whatever the formats.
    Same,
    /// The first begins like the second and ends much earlier.
    FirstIsPart,
    /// The second begins like the first and ends much earlier.
    SecondIsPart,
    /// Two recordings.
    Different,
    /// Too little was heard, or they are neither alike nor unlike.
    CannotTell,
}

/// Whether `a` and `b` are one recording.
pub fn likeness(a: &Heard, b: &Heard) -> Likeness {
    let Some(overlay) = Overlay::of(&a.fingerprint, &b.fingerprint) else { return Likeness::CannotTell };
    if overlay.error >= DIFFERENT {
        return Likeness::Different;
    }
    if overlay.error > SAME || overlay.worst > SAME_EVERYWHERE {
        return Likeness::CannotTell;
    }
    let (first, second) = (a.duration.as_secs_f32(), b.duration.as_secs_f32());
    if (first - second).abs() <= APART {
        Likeness::Same
    } else if first <= second * CUT_OFF {
        Likeness::FirstIsPart
    } else if second <= first * CUT_OFF {
        Likeness::SecondIsPart
    } else {
        Likeness::CannotTell
    }
}

/// Two fingerprints laid over each other where they agree best.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Overlay {
    /// Share of the bits that differ, 0 to 1; unlike recordings come near one half.
    pub error: f32,
    /// The same in the ten seconds that differ most.
    pub worst: f32,
}

impl Overlay {
    /// `None` when too little of both was heard, or nothing happens in it.
    pub fn of(a: &[u32], b: &[u32]) -> Option<Self> {
        let shifted = (0..=SHIFT).flat_map(|shift| [(shift, 0), (0, shift)]);
        let mut best: Option<(u64, &[u32], &[u32])> = None;
        for (skip_a, skip_b) in shifted {
            let (Some(a), Some(b)) = (a.get(skip_a..), b.get(skip_b..)) else { continue };
            let length = a.len().min(b.len());
            let (Some(a), Some(b)) = (a.get(..length), b.get(..length)) else { continue };
            if length < LEAST {
                continue;
            }
            // Compared by share without fractions: bits × the other's length.
            let bits = different_bits(a, b);
            let better = |(known, other, _): &(u64, &[u32], &[u32])| {
                bits * (other.len() as u64) < *known * (length as u64)
            };
            if best.as_ref().is_none_or(better) {
                best = Some((bits, a, b));
            }
        }
        let (bits, a, b) = best?;
        if is_monotonous(a) || is_monotonous(b) {
            return None;
        }
        let share = |bits: u64, values: usize| bits as f32 / (values as f32 * 32.0);
        let stretches = a.chunks_exact(LEAST).zip(b.chunks_exact(LEAST));
        let worst = stretches.map(|(a, b)| share(different_bits(a, b), LEAST)).fold(0.0, f32::max);
        Some(Self { error: share(bits, a.len()), worst })
    }
}

fn different_bits(a: &[u32], b: &[u32]) -> u64 {
    a.iter().zip(b).map(|(a, b)| u64::from((a ^ b).count_ones())).sum()
}

/// Silence and a single held tone look alike in every recording.
fn is_monotonous(fingerprint: &[u32]) -> bool {
    let distinct: HashSet<u32> = fingerprint.iter().copied().collect();
    distinct.len() * 8 < fingerprint.len()
}

/// What a weighed file is to the others of its question, by their sound.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sounding {
    same: Vec<u32>,
    different: Vec<u32>,
    /// By how many seconds it is shorter than a file that begins alike and may be the whole.
    shorter_by: Option<u32>,
}

impl Sounding {
    /// Whether it is the same recording as the file in this row; `None` where the sound does not tell.
    pub(crate) fn is_same(&self, at: u32) -> Option<bool> {
        if self.same.contains(&at) {
            return Some(true);
        }
        self.different.contains(&at).then_some(false)
    }

    /// Why it must not be taken without asking, when it may be cut off.
    pub(crate) fn may_be_cut_off(&self) -> Option<String> {
        let seconds = self.shorter_by?;
        Some(format!("it begins like another of your files but ends {seconds} s earlier; it may be cut off"))
    }
}

/// Compares what was heard of the weighed files, best first, and writes down what it means.
pub(crate) fn listen_to(index: &Index, weighed: &mut [Weighed], known: &Knowledge<'_>) {
    if known.heard.is_empty() {
        return;
    }
    let heard_of = |one: &Weighed| {
        let content = index.files.get(one.at)?.content.to_owned();
        known.heard.get(&ContentId(content))
    };
    let heard: Vec<(usize, &Heard)> = weighed
        .iter()
        .enumerate()
        .filter_map(|(place, one)| Some((place, heard_of(one)?)))
        .take(MOST_COMPARED)
        .collect();
    for (nth, (first, a)) in heard.iter().enumerate() {
        for (second, b) in heard.iter().skip(nth + 1) {
            if a.health == Health::Sound && b.health == Health::Sound {
                note(weighed, (*first, a), (*second, b));
            }
        }
    }
    for (place, heard) in heard {
        if let Some(one) = weighed.get_mut(place) {
            speak(one, heard);
        }
    }
}

fn note(weighed: &mut [Weighed], (first, a): (usize, &Heard), (second, b): (usize, &Heard)) {
    let rows = weighed.get(first).map(|one| one.at).zip(weighed.get(second).map(|one| one.at));
    let Some((first_at, second_at)) = rows else { return };
    let mut tell = |place: usize, write: &dyn Fn(&mut Sounding)| {
        if let Some(one) = weighed.get_mut(place) {
            write(&mut one.sound);
        }
    };
    match likeness(a, b) {
        Likeness::Same => {
            tell(first, &|sound| sound.same.push(second_at));
            tell(second, &|sound| sound.same.push(first_at));
        }
        Likeness::Different => {
            tell(first, &|sound| sound.different.push(second_at));
            tell(second, &|sound| sound.different.push(first_at));
        }
        Likeness::FirstIsPart => part_of(weighed, (first, a), (second, b)),
        Likeness::SecondIsPart => part_of(weighed, (second, b), (first, a)),
        Likeness::CannotTell => {}
    }
}

/// Only a whole that may itself be the wanted recording speaks against its part: a radio edit is no part of a remix.
fn part_of(weighed: &mut [Weighed], (part, short): (usize, &Heard), (whole, long): (usize, &Heard)) {
    let counts = weighed.get(whole).is_some_and(Weighed::may_be_it);
    let by = long.duration.saturating_sub(short.duration).as_secs_f32().round() as u32;
    if let (true, Some(one)) = (counts, weighed.get_mut(part)) {
        one.sound.shorter_by = one.sound.shorter_by.max(Some(by));
    }
}

/// What was heard, as a sentence of its evidence; what is not whole is not to be chosen.
fn speak(one: &mut Weighed, heard: &Heard) {
    let says = match heard.health {
        Health::Silent => "there is nothing but silence in it".to_owned(),
        Health::CutShort => {
            let seconds = heard.duration.as_secs();
            format!(
                "it is cut short: it ends after {}:{:02}, before its header says",
                seconds / 60,
                seconds % 60
            )
        }
        Health::Sound => {
            let (same, different) = (one.sound.same.len(), one.sound.different.len());
            let files =
                |count: usize| if count == 1 { "another file".to_owned() } else { format!("{count} others") };
            match (same, different) {
                (0, 0) => return,
                (0, _) => format!("sounds different from {}", files(different)),
                (_, 0) => format!("sounds the same as {}", files(same)),
                _ => format!("sounds the same as {}, different from {}", files(same), files(different)),
            }
        }
    };
    if heard.health != Health::Sound {
        one.against.raise(Against::Audio, says.clone());
    }
    added(one, Evidence { kind: "sound", weight: 0.0, says });
}

/// The files that should be heard before this question is answered: several fit, and the answer is doubtful or rests
/// on no known playing time. Empty where the sound would change nothing.
pub fn worth_hearing(
    index: &Index,
    question: Question<'_>,
    choice: &Choice,
    known: &Knowledge<'_>,
) -> Vec<i64> {
    let doubtful = match choice {
        Choice::Review(candidates, _) => candidates.len() > 1,
        Choice::Chosen(_) => question.wanted.duration.is_none(),
        Choice::None(_) => false,
    };
    if !doubtful {
        return Vec::new();
    }
    let near = weigh_all(index, question, known);
    let fit = near.iter().filter(|one| one.may_be_it() && one.strength >= WORTH_FROM / 2.0);
    let fit: Vec<i64> =
        fit.take(MOST_COMPARED).filter_map(|one| index.files.get(one.at)).map(|file| file.file_id).collect();
    if fit.len() > 1 { fit } else { Vec::new() }
}

/// The files that come near by their texts, best first.
pub fn near(index: &Index, question: Question<'_>) -> Vec<i64> {
    let near = weigh_all(index, question, &Knowledge::nothing());
    near.iter().filter_map(|one| index.files.get(one.at)).map(|file| file.file_id).collect()
}

//! What is answered: the file that is asked for, and of ten answers three are spoilt.

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, ensure};
use ferrotape_testkit::{HttpAnswer, HttpTrouble, MadeBody, Random};

use super::files::{fill, has_sum, large, length};

/// Of a hundred answers so many are spoilt.
const SPOILT: u64 = 30;

/// Answers, and counts what is spoilt.
pub(super) struct Spoiling {
    random: Mutex<Random>,
    bomb: Vec<u8>,
    spoilt: AtomicUsize,
    /// How often each file was asked for whose answers are spoilt in turn.
    asked: Mutex<BTreeMap<usize, usize>>,
}

impl Spoiling {
    pub(super) fn seeded(seed: u64) -> anyhow::Result<Self> {
        let (random, bomb) = (Mutex::new(Random::seeded(seed)), bomb()?);
        Ok(Self { random, bomb, spoilt: AtomicUsize::default(), asked: Mutex::default() })
    }

    /// Answers that were spoilt so far.
    pub(super) fn count(&self) -> usize {
        self.spoilt.load(Ordering::Relaxed)
    }

    pub(super) fn answer(&self, number: usize) -> HttpAnswer {
        let body = MadeBody::new(number, length(number), fill);
        let answer = HttpAnswer::made("audio/flac", &format!("\"{number}\""), body);
        match self.goes_wrong(number) {
            Some(Spoils::As(trouble)) => answer.but(trouble),
            Some(Spoils::Bomb) => {
                HttpAnswer::text("audio/flac", self.bomb.clone()).with("Content-Encoding", "gzip")
            }
            None => answer,
        }
    }

    fn goes_wrong(&self, number: usize) -> Option<Spoils> {
        let spoils = match large(number) {
            Some(which) if which / 2 % 2 == 0 => self.in_turn(number).map(Spoils::As),
            _ => self.by_chance(number),
        };
        self.spoilt.fetch_add(usize::from(spoils.is_some()), Ordering::Relaxed);
        spoils
    }

    /// Half of the large files break off, are gone on with, break off again, and are another file by then: chance might
    /// spare all of them.
    fn in_turn(&self, number: usize) -> Option<HttpTrouble> {
        let mut all = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let asked = all.entry(number).or_default();
        *asked += 1;
        match *asked {
            1 | 2 => Some(HttpTrouble::CutAfter(length(number) / 3)),
            3 => Some(HttpTrouble::OtherEtag),
            _ => None,
        }
    }

    fn by_chance(&self, number: usize) -> Option<Spoils> {
        let mut random = self.random.lock().unwrap_or_else(PoisonError::into_inner);
        if random.below(100) >= SPOILT {
            return None;
        }
        Some(match random.below(16) {
            // As large as one of these is the bomb itself, and only a sum could tell.
            0 if large(number).is_none() => Spoils::Bomb,
            _ => Spoils::As(trouble(&mut random, number)),
        })
    }
}

enum Spoils {
    As(HttpTrouble),
    Bomb,
}

/// 64 MB of nothing, packed into 64 KB.
fn bomb() -> anyhow::Result<Vec<u8>> {
    let zeros = tempfile::NamedTempFile::new()?;
    zeros.as_file().set_len(64 << 20)?;
    let packed = Command::new("gzip").arg("-c").arg(zeros.path()).output().context("could not run gzip")?;
    ensure!(packed.status.success(), "gzip: {}", String::from_utf8_lossy(&packed.stderr));
    Ok(packed.stdout)
}

fn trouble(random: &mut Random, number: usize) -> HttpTrouble {
    use HttpTrouble as T;
    let place = usize::try_from(random.below(length(number) as u64)).unwrap_or(0);
    match random.below(15) {
        0 => T::HungUp,
        1 => T::CutAfter(place),
        2 if has_sum(number) => T::Corrupt(place),
        3 => T::Late(Duration::from_millis(300)),
        4 => T::Silence(Duration::from_millis(300)),
        5 => T::Status([500, 502, 503, 504][place % 4]),
        6 => T::Pause(429, 0),
        7 => T::Page,
        8 => T::LeadsTo("http://169.254.169.254/latest".to_owned()),
        9 => T::NoRanges,
        10 => T::WrongRange,
        11 => T::OtherEtag,
        12 => T::ShortBody,
        13 => T::Rubbish,
        14 => T::Drops(8, Duration::from_millis(50)),
        _ => T::CutAfter(place / 2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_large_file_is_struck_whatever_the_seed() {
        use HttpTrouble as T;

        let spoiling = Spoiling {
            random: Mutex::new(Random::seeded(1)),
            bomb: Vec::new(),
            spoilt: AtomicUsize::default(),
            asked: Mutex::default(),
        };
        let first = (0..200).find(|number| large(*number).is_some()).unwrap();
        let third = length(first) / 3;
        let troubles: Vec<_> = (0..4).map(|_| spoiling.answer(first).trouble).collect();
        let cut = Some(T::CutAfter(third));
        assert_eq!(troubles, [cut.clone(), cut, Some(T::OtherEtag), None]);
        assert_eq!(spoiling.count(), 3);
    }
}

//! `cargo xtask faults`: `convert` onto a player that fails – system calls that return errors (by `strace`), writes that take a
//! part, a player that is full, pulled out, or without power – at random instants or at every call in turn, over and over.
//!
//! After every failure, a file under a final name holds the bytes of before or of an undisturbed run, or is at least whole,
//! and nothing of the user's has changed. One more run must then leave what an undisturbed run leaves, byte for byte, and
//! exFAT and FAT32 must be clean. What this machine cannot do is named and skipped. Only processes started here are ended,
//! by their handle.

mod calls;
pub(crate) mod check;
mod fault;
mod medium;
mod short;
mod stage;
mod table;

use std::time::Duration;

use anyhow::{Result, ensure};
use ferrotape_testkit::Random;

use crate::args::Args;
use crate::kill;
use crate::watch::Limits;
use crate::workspace::{self, Build};
use stage::{Case, Stage, Turn};
use table::{Outcome, Table};

/// What a run is given before it counts as hanging.
const PATIENCE: Limits = Limits { time: Duration::from_secs(120), memory_bytes: u64::MAX };
/// Which call fails does not depend on how long the music plays, and encoding it would take nearly all of the time.
const SECONDS_FOR_CALLS: u64 = 2;
/// After so many runs it is said how far it is.
const SAID_EVERY: usize = 500;

pub(crate) fn run(mut args: Args) -> Result<()> {
    let every = args.flag("--every");
    let runs: Option<usize> = args.option("--runs")?;
    let seed: u64 = args.option("--seed")?.unwrap_or(1);
    let binary = args.option("--binary")?;
    let only: Option<String> = args.option("--only")?;
    args.finish()?;
    let program = workspace::ferrotape(binary, Build::Debug)?;
    let scratch = tempfile::Builder::new().prefix("faults-").tempdir_in(workspace::scratch("faults")?)?;
    let mut random = Random::seeded(seed);
    let mut table = Table::default();
    let seconds = if every { SECONDS_FOR_CALLS } else { kill::SECONDS };
    let stage = Stage::set_up(scratch.path(), program, seconds)?;
    let mut cases = stage.cases();
    cases.retain(|case| only.as_ref().is_none_or(|only| case.name().contains(only.as_str())));
    ensure!(
        !cases.is_empty(),
        "no fault that can be tried here has “{}” in its name",
        only.unwrap_or_default()
    );
    let turns = if every {
        cases.iter().filter(|case| case.calls() > 0).for_each(|case| table.plan(case.name(), case.calls()));
        every_call(&cases, runs, &mut random)?
    } else {
        random_ones(&cases, runs.unwrap_or(cases.len().max(60)), &mut random)
    };
    for (number, turn) in turns.iter().enumerate() {
        let outcome = stage.one(turn).unwrap_or_else(|error| Outcome {
            findings: vec![format!("could not be tried to the end: {error:#}")],
            ..Outcome::default()
        });
        table.add(turn.case.name(), outcome);
        if table.has_enough() {
            println!("faults: ended early, after {} of {} runs – so many findings", number + 1, turns.len());
            break;
        }
        if (number + 1).is_multiple_of(SAID_EVERY) {
            println!("faults: {} of {} runs, {}", number + 1, turns.len(), table.so_far());
        }
    }
    table.print(seed)
}

/// Each call of each kind in turn; with a limit so many of them.
fn every_call<'a>(cases: &[Case<'a>], limit: Option<usize>, random: &mut Random) -> Result<Vec<Turn<'a>>> {
    let mut all = Vec::new();
    for case in cases {
        all.extend((1..=case.calls()).map(|call| Turn { case: *case, call, share: 0.0, seed: 0 }));
    }
    ensure!(!all.is_empty(), "none of this is a system call that can be counted here");
    let shift = random.below(all.len() as u64) as usize;
    let chosen = spread(all.len(), limit.unwrap_or(all.len()), shift);
    Ok(chosen.filter_map(|at| all.get(at).copied()).collect())
}

/// So many of all places, evenly spread; another shift below their number gives others.
fn spread(all: usize, limit: usize, shift: usize) -> impl Iterator<Item = usize> {
    let limit = limit.min(all);
    (0..limit).map(move |at| (at * all + shift) / limit)
}

/// Each case in turn, so that few runs try them all, at random places.
fn random_ones<'a>(cases: &[Case<'a>], runs: usize, random: &mut Random) -> Vec<Turn<'a>> {
    // Neighbours are alike; a short run should see all kinds.
    let step = (1..cases.len()).rev().find(|step| *step * 3 < cases.len() * 2 && coprime(*step, cases.len()));
    let step = step.unwrap_or(1);
    let mut turns = Vec::new();
    for number in 0..runs {
        let Some(case) = cases.get(number * step % cases.len()) else { break };
        let call = 1 + (random.unit() * f64::from(case.calls())) as u32;
        turns.push(Turn { case: *case, call, share: random.unit(), seed: random.next_u64() });
    }
    turns
}

fn coprime(a: usize, b: usize) -> bool {
    if b == 0 { a == 1 } else { coprime(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_spreads_over_all_places_and_none_takes_all_once() {
        assert_eq!(spread(5, 5, 4).collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
        assert_eq!(spread(5, 9, 0).collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
        assert_eq!(spread(1000, 4, 0).collect::<Vec<_>>(), [0, 250, 500, 750]);
        assert_eq!(spread(1000, 4, 999).collect::<Vec<_>>(), [249, 499, 749, 999]);
        assert_eq!(spread(5, 0, 3).count(), 0);
    }
}

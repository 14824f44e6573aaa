//! How often what was tried, and what was found.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};

/// With so many findings it is broken, and more of them tell nothing new.
const ENOUGH: usize = 50;

#[derive(Default)]
struct Row {
    runs: u32,
    /// Runs in which the fault came about while the program ran.
    struck: u32,
    /// At how many places it can be tried, where each is to be.
    of: Option<u32>,
    findings: Vec<String>,
}

#[derive(Default)]
pub(super) struct Table(BTreeMap<String, Row>);

/// What came of one run.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) has_struck: bool,
    pub(super) findings: Vec<String>,
}

impl Table {
    /// Says that a fault is to be tried at so many more places.
    pub(super) fn plan(&mut self, name: String, places: u32) {
        let row = self.0.entry(name).or_default();
        row.of = Some(row.of.unwrap_or(0) + places);
    }

    /// What was found is said at once: a long chore may be cut off before its table.
    pub(super) fn add(&mut self, name: String, outcome: Outcome) {
        outcome.findings.iter().for_each(|what| println!("faults: found: {name}: {what}"));
        let row = self.0.entry(name).or_default();
        row.runs += 1;
        row.struck += u32::from(outcome.has_struck);
        row.findings.extend(outcome.findings);
    }

    pub(super) fn has_enough(&self) -> bool {
        self.findings() >= ENOUGH
    }

    /// How far it is.
    pub(super) fn so_far(&self) -> String {
        let struck: u32 = self.0.values().map(|row| row.struck).sum();
        format!("{struck} struck, {} findings", self.findings())
    }

    fn findings(&self) -> usize {
        self.0.values().map(|row| row.findings.len()).sum()
    }

    pub(super) fn print(&self, seed: u64) -> Result<()> {
        println!("{:34}{:>6}{:>8}{:>8}{:>10}", "fault", "runs", "of", "struck", "findings");
        for (name, row) in &self.0 {
            let of = row.of.map(|places| places.to_string()).unwrap_or_default();
            println!("{name:34}{:>6}{of:>8}{:>8}{:>10}", row.runs, row.struck, row.findings.len());
        }
        let sum = |number: fn(&Row) -> u32| self.0.values().map(number).sum::<u32>();
        let (runs, struck, places) =
            (sum(|row| row.runs), sum(|row| row.struck), sum(|row| row.of.unwrap_or(0)));
        if places > 0 {
            println!("faults: {runs} of {places} calls were tried");
        }
        let told = |(name, row): (&String, &Row)| -> Vec<String> {
            row.findings.iter().map(|what| format!("{name}: {what}")).collect()
        };
        let found: Vec<String> = self.0.iter().flat_map(told).collect();
        ensure!(found.is_empty(), "seed {seed}:\n  {}", found.join("\n  "));
        println!(
            "faults: {runs} runs, {struck} of them struck: nothing bad believed, nothing of the user's changed, one more run \
             repaired all"
        );
        Ok(())
    }
}

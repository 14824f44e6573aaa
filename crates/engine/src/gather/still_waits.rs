//! What goes on waiting in a run that asks nobody: that a place could not be asked is no word that it has nothing.

use std::collections::HashMap;

use ferrotape_domain::Outcome;
use ferrotape_store::SavedRun;

use super::{Elsewhere, Gathered, Open, Wait};
use crate::{Context, EngineError};

impl Gathered {
    /// Has things wait that waited for one of the places after the last run that was about them, unless it is known better.
    pub(super) fn still_wait(
        &mut self,
        elsewhere: &Elsewhere,
        open: &[Open],
        context: &Context,
    ) -> Result<(), EngineError> {
        let runs = context.library.last_runs()?;
        let waited_on = waited_on(&runs);
        for id in open.iter().map(|one| one.wanted.id) {
            if self.waiting.contains_key(&id) {
                continue;
            }
            let waited_on = waited_on.get(&id).copied().unwrap_or_default();
            let is_there = |on: &String| elsewhere.catalogues.iter().any(|place| is_of(on, place.name()));
            let on: Vec<String> = waited_on.iter().filter(|on| is_there(on)).cloned().collect();
            if !on.is_empty() {
                // Told anew, so that what a run adds to a reason does not pile up.
                let reason = format!("it waits for {}, and nobody is asked in this run", on.join(", "));
                let until = "a run without --offline asks again".to_owned();
                self.waiting.insert(id, Wait { reason, until, on });
            }
        }
        Ok(())
    }
}

/// Whom things waited for after the last run that was about them, the newest run first; nobody where one ended otherwise.
fn waited_on(runs: &[SavedRun]) -> HashMap<i64, &[String]> {
    let mut waited_on: HashMap<i64, &[String]> = HashMap::new();
    for run in runs {
        let rows = run.rows.iter().map(|(id, outcome)| (*id, whom(outcome)));
        // What waits beside a row says nothing of the row's own end.
        let beside = run.waits.iter().map(|wait| (wait.id, wait.on.as_slice()));
        for (id, on) in rows.chain(beside) {
            waited_on.entry(id).or_insert(on);
        }
    }
    waited_on
}

fn whom(outcome: &Outcome) -> &[String] {
    match outcome {
        Outcome::Waiting { on, .. } => on,
        _ => &[],
    }
}

/// Whether a line that something waits for is a place's, or that of one of its hosts: `podcasts/feeds.example.org`.
fn is_of(line: &str, place: &str) -> bool {
    line.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

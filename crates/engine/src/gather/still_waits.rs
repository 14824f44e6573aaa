//! What goes on waiting in a run that asks nobody: that a place could not be asked is no word that it has nothing.

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
        for id in open.iter().map(|one| one.wanted.id) {
            if self.waiting.contains_key(&id) {
                continue;
            }
            let waited_on = runs.iter().find_map(|run| waited_on(run, id)).unwrap_or_default();
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

/// Whom a thing waited for after a run; nobody where it ended otherwise, and `None` where the run was not about it.
fn waited_on(run: &SavedRun, id: i64) -> Option<&[String]> {
    let row = run.rows.iter().find(|(row, _)| *row == id).map(|(_, outcome)| whom(outcome));
    row.or_else(|| run.waits.iter().find(|wait| wait.id == id).map(|wait| wait.on.as_slice()))
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

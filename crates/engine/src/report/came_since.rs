//! What waited for a place after a run and came since, by a refresh: nobody is to be told that it waits for a service that gave it.

use std::collections::HashSet;

use ferrotape_domain::Outcome;
use ferrotape_store::{SavedRun, StoredWanted};

use crate::gather::Gathered;
use crate::matching::{Answer, match_wanted};
use crate::policies::RunPolicy;
use crate::{Context, EngineError};

/// Has what waited after the last runs, and is here now, wait for nothing but the next run.
pub(crate) fn note_what_came(
    wanted: &[StoredWanted],
    gathered: &Gathered,
    context: &Context,
) -> Result<(), EngineError> {
    let mut runs = context.library.last_runs()?;
    if !runs.iter().any(has_waits) {
        return Ok(());
    }
    let matching = match_wanted(wanted.to_vec(), &[], &RunPolicy::default(), context)?;
    let answered =
        matching.matched.iter().filter(|one| matches!(one.answer, Answer::File(_) | Answer::Files(..)));
    let ids = answered.map(|matched| matched.wanted.id);
    let here: HashSet<i64> = ids.filter(|id| !gathered.has_wait(*id)).collect();
    for run in &mut runs {
        if take_out(run, &here) {
            context.library.change_run(run)?;
        }
    }
    Ok(())
}

fn has_waits(run: &SavedRun) -> bool {
    let is_wait = |outcome: &Outcome| matches!(outcome, Outcome::Waiting { on, .. } if !on.is_empty());
    !run.waits.is_empty() || run.rows.iter().any(|(_, outcome)| is_wait(outcome))
}

/// Takes the places out that these things waited for; whether there were any.
fn take_out(run: &mut SavedRun, here: &HashSet<i64>) -> bool {
    let before = run.waits.len();
    run.waits.retain(|wait| !here.contains(&wait.id));
    let mut is_changed = run.waits.len() != before;
    for (id, outcome) in &mut run.rows {
        let is_wait = matches!(outcome, Outcome::Waiting { on, .. } if !on.is_empty());
        if is_wait && here.contains(id) {
            let reason = "it came since, by `ferrotape refresh`".to_owned();
            let until = "the next `ferrotape convert` puts it there".to_owned();
            *outcome = Outcome::Waiting { reason, until, on: Vec::new() };
            is_changed = true;
        }
    }
    is_changed
}

#[cfg(test)]
mod tests {
    use ferrotape_store::SavedWait;

    use super::*;

    #[test]
    fn only_what_came_waits_for_no_place_any_more() {
        let waiting = |on: &[&str]| Outcome::Waiting {
            reason: "a place is down".to_owned(),
            until: String::new(),
            on: on.iter().map(|on| (*on).to_owned()).collect(),
        };
        let wait = |id: i64| SavedWait {
            id,
            since: 5,
            at: 5,
            reason: "no new episodes".to_owned(),
            until: String::new(),
            on: vec!["podcasts".to_owned()],
        };
        let mut run = SavedRun {
            target: "player".to_owned(),
            at: 5,
            rows: vec![(1, waiting(&["home"])), (2, waiting(&["home"])), (3, waiting(&[]))],
            lists: Vec::new(),
            waits: vec![wait(4), wait(5)],
        };
        assert!(has_waits(&run));
        assert!(take_out(&mut run, &HashSet::from([1, 3, 4])));
        assert_eq!((&run.rows[1].1, &run.rows[2].1), (&waiting(&["home"]), &waiting(&[])));
        assert!(
            matches!(&run.rows[0].1, Outcome::Waiting { on, until, .. } if on.is_empty() && until.contains("convert"))
        );
        assert_eq!(run.waits, [wait(5)]);
        assert!(!take_out(&mut run, &HashSet::from([1, 3, 4])), "once");
    }
}

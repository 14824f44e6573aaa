//! What waits beside the rows of a run: new episodes of a podcast that is on the player, files of an album of which only
//! some came, and what an earlier run to the same target was about and the last one was not. Nobody is to be told that
//! nothing waits because another list was converted meanwhile.

use std::collections::HashSet;

use ferrotape_domain::Outcome;
use ferrotape_store::{SavedRun, SavedWait};

use super::ConversionReport;
use crate::gather::day_of;
use crate::{Context, EngineError};

/// What is told of it on a row; `now` is when it is told.
pub(crate) fn wait_says(wait: &SavedWait, now: i64) -> String {
    let mut says = wait.reason.clone();
    if !wait.until.is_empty() {
        says += &format!("; until {}", wait.until);
    }
    let since = day_of(wait.since);
    if since != day_of(now) {
        says += &format!(" (so since {since})");
    }
    says
}

/// `waits` of this run, and those of the last one to the same target of things that this one was not about, that a list
/// still asks for, and that did not come in a later run to anywhere: then they are here, and wait for nobody.
pub(super) fn with_earlier(
    mut waits: Vec<SavedWait>,
    report: &ConversionReport,
    context: &Context,
) -> Result<Vec<SavedWait>, EngineError> {
    let Some(before) = context.library.last_run(Some(&report.target))? else { return Ok(waits) };
    let told: HashSet<i64> = report.rows.iter().map(|row| row.wanted_id).collect();
    let mut earlier = all_of(before);
    earlier.retain(|wait| !told.contains(&wait.id));
    if earlier.is_empty() {
        return Ok(waits);
    }
    let runs = context.library.last_runs()?;
    earlier.retain(|wait| !runs.iter().any(|run| has_come(wait, run)));
    let lists = context.library.playlists()?;
    let on_lists: HashSet<i64> =
        lists.iter().flat_map(|list| &list.entries).map(|entry| entry.wanted_id).collect();
    waits.extend(earlier.into_iter().filter(|wait| on_lists.contains(&wait.id)));
    Ok(waits)
}

/// Whether a run after it, to whatever target, had all that something waits for.
fn has_come(wait: &SavedWait, run: &SavedRun) -> bool {
    let is_there =
        |(id, outcome): &(i64, Outcome)| *id == wait.id && matches!(outcome, Outcome::OnPlayer { .. });
    let still_waits = run.waits.iter().any(|one| one.id == wait.id);
    run.at > wait.at && !still_waits && run.rows.iter().any(is_there)
}

/// All that waited for somebody after a run, its rows included.
fn all_of(run: SavedRun) -> Vec<SavedWait> {
    let at = run.at;
    let of_row = |(id, outcome): (i64, Outcome)| match outcome {
        Outcome::Waiting { reason, until, on } if !on.is_empty() => {
            Some(SavedWait { id, since: at, at, reason, until, on })
        }
        _ => None,
    };
    run.rows.into_iter().filter_map(of_row).chain(run.waits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_for_another_player_waits_no_more() {
        let wait = SavedWait {
            id: 1,
            since: 5,
            at: 5,
            reason: "a place is down".to_owned(),
            until: String::new(),
            on: Vec::new(),
        };
        let run = |at: i64, outcome: Outcome, waits: &[SavedWait]| SavedRun {
            target: "other".to_owned(),
            at,
            rows: vec![(1, outcome)],
            lists: Vec::new(),
            waits: waits.to_vec(),
        };
        let there = || Outcome::OnPlayer { path: "Ebb.mp3".to_owned(), substitute: None };
        assert!(has_come(&wait, &run(6, there(), &[])));
        assert!(!has_come(&wait, &run(5, there(), &[])), "it was not there later");
        assert!(!has_come(&wait, &run(6, Outcome::Failed(String::new()), &[])));
        assert!(!has_come(&wait, &run(6, there(), std::slice::from_ref(&wait))), "a part of it is missing");
    }

    #[test]
    fn what_waits_for_long_says_since_when() {
        let wait = |since: i64, until: &str| SavedWait {
            id: 1,
            since,
            at: since,
            reason: "no new episodes: its feed is gone".to_owned(),
            until: until.to_owned(),
            on: Vec::new(),
        };
        let days = |count: i64| count * 24 * 3_600;
        assert_eq!(wait_says(&wait(days(9), ""), days(9)), "no new episodes: its feed is gone");
        let says = wait_says(&wait(days(3), "you have done that"), days(9));
        let since = format!("until you have done that (so since {})", day_of(days(3)));
        assert!(says.ends_with(&since), "{says}");
    }
}

//! What is looked at: of a run what it did not find and what waits for a place that may have it, of the library what stands in
//! lists and has no whole file.

use std::collections::{HashMap, HashSet};

use ferrotape_domain::Outcome;
use ferrotape_store::StoredWanted;

use super::{Waits, Which};
use crate::matching::{Answer, Matched, match_wanted};
use crate::partly::Partly;
use crate::policies::RunPolicy;
use crate::{Context, EngineError};

/// What is there to be told.
pub(super) struct Found {
    pub(super) lists: Vec<String>,
    /// Lists with entries that the run was not about.
    pub(super) other_lists: u64,
    /// It is to be bought.
    pub(super) missing: Vec<StoredWanted>,
    /// It may come from a place yet.
    pub(super) waiting: Vec<StoredWanted>,
    /// What things wait for, by their numbers.
    pub(super) waits: HashMap<i64, Waits>,
    pub(super) target: Option<String>,
    pub(super) at: i64,
}

/// `None` where there was no run whose things could be looked at.
pub(super) fn found(which: Which, context: &Context) -> Result<Option<Found>, EngineError> {
    match which {
        Which::LastRun => of_last_run(context),
        Which::All => of_all(context).map(Some),
    }
}

fn of_last_run(context: &Context) -> Result<Option<Found>, EngineError> {
    let Some(run) = context.library.last_run(None)? else { return Ok(None) };
    // What stands in may be a part of an album.
    let may_be_missing = |outcome: &Outcome| {
        matches!(
            outcome,
            Outcome::NotInSources(_) | Outcome::Failed(_) | Outcome::OnPlayer { substitute: Some(_), .. }
        )
    };
    let ids = run.rows.iter().filter(|(_, outcome)| may_be_missing(outcome)).map(|(id, _)| *id);
    let missing = context.library.wanted_by_ids(&ids.collect::<Vec<i64>>())?;
    let waits = waiting_of(&run.rows, context)?;
    let looked_at: HashSet<i64> = missing.iter().map(|one| one.id).chain(waits.keys().copied()).collect();
    let all: Vec<i64> = run.rows.iter().map(|(id, _)| *id).collect();
    // What came since, as by the inbox, would else be bought twice.
    let things = without_a_whole_file(context.library.wanted_by_ids(&all)?, &looked_at, &waits, context)?;
    let (waiting, missing) = things.into_iter().partition(|one| waits.contains_key(&one.id));
    let is_other = |key: &str| run.lists.iter().all(|list| list.key != key);
    let playlists = context.library.playlists()?;
    let others = playlists.iter().filter(|list| !list.entries.is_empty() && is_other(&list.key));
    let other_lists = others.count() as u64;
    let lists = run.lists.iter().map(|list| list.name.clone()).collect();
    Ok(Some(Found { lists, other_lists, missing, waiting, waits, target: Some(run.target), at: run.at }))
}

fn of_all(context: &Context) -> Result<Found, EngineError> {
    // What was only heard of, as by a play, or left the lists is not wanted.
    let listed = context.library.on_lists()?;
    let mut ids: Vec<i64> = listed.iter().copied().collect();
    ids.sort_unstable();
    let missing =
        without_a_whole_file(context.library.wanted_by_ids(&ids)?, &listed, &HashMap::new(), context)?;
    let mut newest: HashMap<i64, Option<Waits>> = HashMap::new();
    // The newest first.
    for run in context.library.last_runs()? {
        for (id, outcome) in &run.rows {
            newest.entry(*id).or_insert_with(|| Waits::of(outcome));
        }
    }
    let waits = newest.into_iter().filter_map(|(id, waits)| Some((id, waits?))).collect();
    let (lists, waiting, target) = (Vec::new(), Vec::new(), None);
    Ok(Found { lists, other_lists: 0, missing, waiting, waits, target, at: context.now })
}

/// What waits after a run, and for whom, by the numbers that things have now.
fn waiting_of(rows: &[(i64, Outcome)], context: &Context) -> Result<HashMap<i64, Waits>, EngineError> {
    let waits = rows.iter().filter_map(|(id, outcome)| Some((*id, Waits::of(outcome)?)));
    let mut waits: HashMap<i64, Waits> = waits.collect();
    let waits_still = |(id, _): &&(i64, Outcome)| waits.contains_key(id);
    let ids: Vec<i64> = rows.iter().filter(waits_still).map(|(id, _)| *id).collect();
    let things = context.library.wanted_by_ids(&ids)?;
    let known: HashSet<i64> = things.iter().map(|one| one.id).collect();
    // An import since may have found two things to be one.
    for id in ids.into_iter().filter(|id| !known.contains(id)) {
        let now = context.library.wanted_by_ids(&[id])?;
        if let (Some(one), Some(wait)) = (now.first(), waits.remove(&id)) {
            waits.insert(one.id, wait);
        }
    }
    Ok(waits)
}

/// Those of `looked_at` that no file answers, or only a broken one, or not all of: they need another copy. What waits for a
/// place is waited for, too, while files only come near. All that they were wanted with is matched, as a run matches it: asked
/// for alone, a thing would be given the file that another one has.
fn without_a_whole_file(
    wanted: Vec<StoredWanted>,
    looked_at: &HashSet<i64>,
    waits: &HashMap<i64, Waits>,
    context: &Context,
) -> Result<Vec<StoredWanted>, EngineError> {
    if looked_at.is_empty() {
        return Ok(Vec::new());
    }
    let matching = match_wanted(wanted, &[], &RunPolicy::default(), context)?;
    let has_none = |one: &&Matched| {
        matches!(one.answer, Answer::None(_))
            || (matches!(one.answer, Answer::Review(..)) && waits.contains_key(&one.wanted.id))
            || matching.broken.contains_key(&one.wanted.id)
            || Partly::of_answer(one, &matching).is_some()
            || matching.more_of(one.wanted.id).is_some()
    };
    let matched = matching.matched.iter().filter(|one| looked_at.contains(&one.wanted.id));
    Ok(matched.filter(has_none).map(|one| one.wanted.clone()).collect())
}

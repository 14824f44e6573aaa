//! The last run to each target.

use std::collections::HashSet;

use diesel::prelude::*;
use ferrotape_domain::Outcome;

use super::{Db, same};
use crate::json;
use crate::model::SavedRun;
use crate::schema::runs;

pub(crate) fn save(db: &mut Db, run: &SavedRun) -> QueryResult<()> {
    // Replaced, not updated: the newest row is the newest run, also when two runs bear the same second.
    diesel::delete(runs::table.filter(runs::target.eq(&run.target))).execute(db)?;
    diesel::insert_into(runs::table)
        .values((runs::target.eq(&run.target), runs::at.eq(run.at), runs::body.eq(json::run_to_text(run)?)))
        .execute(db)?;
    Ok(())
}

pub(crate) fn change(db: &mut Db, run: &SavedRun) -> QueryResult<()> {
    let body = json::run_to_text(run)?;
    diesel::update(runs::table.filter(runs::target.eq(&run.target))).set(runs::body.eq(body)).execute(db)?;
    Ok(())
}

pub(crate) fn last(db: &mut Db, target: Option<&str>) -> QueryResult<Option<SavedRun>> {
    let mut query = runs::table.select((runs::target, runs::at, runs::body)).into_boxed();
    if let Some(target) = target {
        query = query.filter(runs::target.eq(target.to_owned()));
    }
    let newest: Option<(String, i64, String)> =
        query.order((runs::at.desc(), runs::id.desc())).first(db).optional()?;
    let run = newest.map(|(target, at, body)| json::run_from_text(target, at, &body)).transpose()?;
    let roots = same::roots(db)?;
    Ok(run.map(|run| by_first_rows(run, &roots)))
}

/// The last run to every target, newest first.
pub(crate) fn all(db: &mut Db) -> QueryResult<Vec<SavedRun>> {
    let rows: Vec<(String, i64, String)> = runs::table
        .order((runs::at.desc(), runs::id.desc()))
        .select((runs::target, runs::at, runs::body))
        .load(db)?;
    let roots = same::roots(db)?;
    rows.into_iter()
        .map(|(target, at, body)| Ok(by_first_rows(json::run_from_text(target, at, &body)?, &roots)))
        .collect()
}

/// What became one thing since the run is one row of it: the best of its outcomes counts, as it would in a new run.
fn by_first_rows(mut run: SavedRun, roots: &same::Roots) -> SavedRun {
    for (id, _) in &mut run.rows {
        *id = same::root_of(roots, *id);
    }
    let on_player = |outcome: &Outcome| matches!(outcome, Outcome::OnPlayer { .. });
    let filled: HashSet<i64> =
        run.rows.iter().filter(|(_, outcome)| on_player(outcome)).map(|(id, _)| *id).collect();
    let mut seen = HashSet::new();
    run.rows.retain(|(id, outcome)| (on_player(outcome) || !filled.contains(id)) && seen.insert(*id));
    let mut waiting = HashSet::new();
    run.waits.retain_mut(|wait| {
        wait.id = same::root_of(roots, wait.id);
        waiting.insert(wait.id)
    });
    for id in run.lists.iter_mut().flat_map(|list| &mut list.entries) {
        *id = same::root_of(roots, *id);
    }
    run
}

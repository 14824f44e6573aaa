//! The last run to each target.

use diesel::prelude::*;

use super::Db;
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

pub(crate) fn last(db: &mut Db, target: Option<&str>) -> QueryResult<Option<SavedRun>> {
    let mut query = runs::table.select((runs::target, runs::at, runs::body)).into_boxed();
    if let Some(target) = target {
        query = query.filter(runs::target.eq(target.to_owned()));
    }
    let newest: Option<(String, i64, String)> =
        query.order((runs::at.desc(), runs::id.desc())).first(db).optional()?;
    newest.map(|(target, at, body)| json::run_from_text(target, at, &body)).transpose()
}

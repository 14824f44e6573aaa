//! What a person said, kept for ever: a newer word or a removal only takes `current` away.

use diesel::prelude::*;
use ferrotape_domain::Decision;

use super::{Db, no_nul};
use crate::json;
use crate::schema::decisions;

pub(crate) fn save(db: &mut Db, decision: &Decision) -> QueryResult<()> {
    remove(db, &decision.wanted_key)?;
    diesel::insert_into(decisions::table)
        .values((
            decisions::wanted_key.eq(no_nul(&decision.wanted_key)),
            decisions::label.eq(no_nul(&decision.label)),
            decisions::verdict.eq(json::verdict_to_text(&decision.verdict)?),
            decisions::decided_at.eq(decision.decided_at),
            decisions::current.eq(1),
        ))
        .execute(db)?;
    Ok(())
}

/// Whether there was one in force.
pub(crate) fn remove(db: &mut Db, wanted_key: &str) -> QueryResult<bool> {
    let in_force =
        decisions::table.filter(decisions::wanted_key.eq(wanted_key)).filter(decisions::current.eq(1));
    Ok(diesel::update(in_force).set(decisions::current.eq(0)).execute(db)? > 0)
}

pub(crate) fn all(db: &mut Db) -> QueryResult<Vec<Decision>> {
    let rows: Vec<(String, String, String, i64)> = decisions::table
        .filter(decisions::current.eq(1))
        .order(decisions::id)
        .select((decisions::wanted_key, decisions::label, decisions::verdict, decisions::decided_at))
        .load(db)?;
    rows.into_iter()
        .map(|(wanted_key, label, verdict, decided_at)| {
            Ok(Decision { wanted_key, label, verdict: json::verdict_from_text(&verdict)?, decided_at })
        })
        .collect()
}

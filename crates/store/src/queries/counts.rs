//! How much the library holds.

use diesel::prelude::*;

use super::{Db, files::AUDIO};
use crate::model::{Counts, Origin};
use crate::schema::{decisions, files, noted, playlist_entries, playlists, plays, wanted};

pub(crate) fn counts(db: &mut Db) -> QueryResult<Counts> {
    let there = files::table.filter(files::missing.eq(0));
    let number = |counted: i64| u64::try_from(counted).unwrap_or_default();
    let things = wanted::table.filter(wanted::same_as.is_null()).filter(wanted::origin.ne(Origin::FORGOTTEN));
    Ok(Counts {
        wanted: number(things.count().get_result(db)?),
        playlists: number(playlists::table.count().get_result(db)?),
        entries: number(playlist_entries::table.count().get_result(db)?),
        plays: number(plays::table.count().get_result(db)?),
        noted: number(noted::table.count().get_result(db)?),
        files: number(files::table.count().get_result(db)?),
        missing: number(files::table.filter(files::missing.ne(0)).count().get_result(db)?),
        unreadable: number(there.filter(files::state.ne(AUDIO)).count().get_result(db)?),
        decisions: number(
            decisions::table
                .filter(decisions::current.ne(0))
                .select(diesel::dsl::count(decisions::wanted_key).aggregate_distinct())
                .first(db)?,
        ),
    })
}

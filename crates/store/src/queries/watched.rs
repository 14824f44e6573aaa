//! Places that were read before, for looking at them again.

use std::path::Path;

use diesel::prelude::*;

use super::Db;
use super::files::path_of;
use crate::json;
use crate::model::{Watched, WatchedKind};
use crate::schema::watched::{at, kind, path, stamp, table};

pub(crate) fn remember(db: &mut Db, one: &Watched) -> QueryResult<()> {
    let said = (kind.eq(one.kind.as_str()), stamp.eq(&one.stamp), at.eq(one.at));
    diesel::insert_into(table)
        .values((path.eq(one.path.as_os_str().as_encoded_bytes()), said))
        .on_conflict(path)
        .do_update()
        .set(said)
        .execute(db)
        .map(drop)
}

/// Whether it was watched.
pub(crate) fn forget(db: &mut Db, place: &Path) -> QueryResult<bool> {
    Ok(diesel::delete(table.find(place.as_os_str().as_encoded_bytes())).execute(db)? > 0)
}

/// All of them, in the order of their paths.
pub(crate) fn all(db: &mut Db) -> QueryResult<Vec<Watched>> {
    let rows: Vec<(Vec<u8>, String, String, i64)> =
        table.order(path).select((path, kind, stamp, at)).load(db)?;
    rows.into_iter()
        .map(|(place, word, mark, when)| {
            let known = WatchedKind::from_word(&word);
            Ok(Watched {
                path: path_of(place),
                kind: known.ok_or_else(|| json::unknown("kind of watched place", &word))?,
                stamp: mark,
                at: when,
            })
        })
        .collect()
}

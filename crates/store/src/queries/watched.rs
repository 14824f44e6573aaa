//! Places that were read before, for looking at them again.

use std::path::Path;

use diesel::prelude::*;

use super::Db;
use super::files::path_of;
use crate::json;
use crate::model::{Watched, WatchedKind};
use crate::schema::watched::{at, content, import_id, kind, path, stamp, table};

pub(crate) fn remember(db: &mut Db, one: &Watched) -> QueryResult<()> {
    let key = one.path.as_os_str().as_encoded_bytes();
    let known: Option<(String, i64)> = table.find(key).select((content, import_id)).first(db).optional()?;
    // Bytes that were there before stay those of the import that took them in first.
    let same = known.filter(|(known, _)| *known == one.content && !known.is_empty());
    let first = same.map_or(one.import_id, |(_, first)| first);
    let said = (
        kind.eq(one.kind.as_str()),
        stamp.eq(&one.stamp),
        at.eq(one.at),
        content.eq(&one.content),
        import_id.eq(first),
    );
    diesel::insert_into(table)
        .values((path.eq(key), said))
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
    type Row = (Vec<u8>, String, String, i64, String, i64);
    let rows: Vec<Row> = table.order(path).select((path, kind, stamp, at, content, import_id)).load(db)?;
    rows.into_iter()
        .map(|(place, word, mark, when, bytes, import)| {
            let known = WatchedKind::from_word(&word);
            Ok(Watched {
                path: path_of(place),
                kind: known.ok_or_else(|| json::unknown("kind of watched place", &word))?,
                stamp: mark,
                at: when,
                content: bytes,
                import_id: import,
            })
        })
        .collect()
}

/// The newest import that took in these very bytes, wherever they lay.
pub(super) fn import_of(db: &mut Db, bytes: &str) -> QueryResult<Option<i64>> {
    if bytes.is_empty() {
        return Ok(None);
    }
    let known = table.filter(content.eq(bytes)).filter(import_id.gt(0));
    known.select(diesel::dsl::max(import_id)).first(db)
}

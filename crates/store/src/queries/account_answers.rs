//! What the account answered, kept for a while.

use diesel::dsl::{count_star, min};
use diesel::prelude::*;

use super::Db;
use crate::schema::account_answers::{at, body, key, table};

/// The answer kept under this key, and when it came.
pub(crate) fn get(db: &mut Db, asked: &str) -> QueryResult<Option<(i64, Vec<u8>)>> {
    table.find(asked).select((at, body)).first(db).optional()
}

pub(crate) fn put(db: &mut Db, asked: &str, came: i64, answer: &[u8]) -> QueryResult<()> {
    diesel::insert_into(table)
        .values((key.eq(asked), at.eq(came), body.eq(answer)))
        .on_conflict(key)
        .do_update()
        .set((at.eq(came), body.eq(answer)))
        .execute(db)
        .map(drop)
}

/// Deletes the answers that came before `came`; how many there were.
pub(crate) fn purge(db: &mut Db, came: i64) -> QueryResult<usize> {
    diesel::delete(table.filter(at.lt(came))).execute(db)
}

/// How many answers there are, and when the oldest came. An empty one only keeps a place.
pub(crate) fn kept(db: &mut Db) -> QueryResult<(u64, Option<i64>)> {
    let (count, oldest): (i64, Option<i64>) =
        table.filter(body.ne(&b""[..])).select((count_star(), min(at))).first(db)?;
    Ok((u64::try_from(count).unwrap_or(0), oldest))
}

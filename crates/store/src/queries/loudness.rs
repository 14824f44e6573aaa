//! How loud files are, kept by content.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::upsert::excluded;
use ferrotape_domain::{ContentId, Loudness};

use super::{CHUNK, Db};
use crate::schema::loudness;

/// What this version of the meter measured of these contents, as far as it is known. A row that cannot be understood
/// counts as unknown: it is measured again.
pub(crate) fn of_contents(
    db: &mut Db,
    contents: &[ContentId],
    version: i64,
) -> QueryResult<HashMap<ContentId, Loudness>> {
    let mut known = HashMap::new();
    for chunk in contents.chunks(CHUNK) {
        let rows: Vec<(String, Vec<u8>)> = loudness::table
            .filter(loudness::content.eq_any(chunk.iter().map(|content| content.0.as_str())))
            .filter(loudness::version.eq(version))
            .select((loudness::content, loudness::measured))
            .load(db)?;
        let understood = rows
            .into_iter()
            .filter_map(|(content, measured)| Some((ContentId(content), Loudness::from_bytes(&measured)?)));
        known.extend(understood);
    }
    Ok(known)
}

/// Keeps what was measured, in place of what an earlier version measured.
pub(crate) fn record(db: &mut Db, batch: &[(ContentId, Loudness)], version: i64) -> QueryResult<()> {
    for chunk in batch.chunks(CHUNK) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|(content, one)| {
                (
                    loudness::content.eq(&content.0),
                    loudness::version.eq(version),
                    loudness::measured.eq(one.to_bytes()),
                )
            })
            .collect();
        diesel::insert_into(loudness::table)
            .values(rows)
            .on_conflict(loudness::content)
            .do_update()
            .set((
                loudness::version.eq(excluded(loudness::version)),
                loudness::measured.eq(excluded(loudness::measured)),
            ))
            .execute(db)?;
    }
    Ok(())
}

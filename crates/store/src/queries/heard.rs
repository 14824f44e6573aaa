//! What was heard of files, kept by content.

use std::collections::HashMap;
use std::time::Duration;

use diesel::prelude::*;
use diesel::upsert::excluded;
use ferrotape_domain::{ContentId, Health, Heard};

use super::{CHUNK, Db};
use crate::json;
use crate::schema::heard;

/// A row as it is read: content, fingerprint, playing time, health.
type Row = (String, Vec<u8>, i64, String);

/// What this version of the listening heard of these contents, as far as it is known.
pub(crate) fn of_contents(
    db: &mut Db,
    contents: &[ContentId],
    version: i64,
) -> QueryResult<HashMap<ContentId, Heard>> {
    let mut known = HashMap::new();
    for chunk in contents.chunks(CHUNK) {
        let rows: Vec<Row> = heard::table
            .filter(heard::content.eq_any(chunk.iter().map(|content| content.0.as_str())))
            .filter(heard::version.eq(version))
            .select((heard::content, heard::fingerprint, heard::duration_ms, heard::health))
            .load(db)?;
        for (content, fingerprint, duration_ms, health) in rows {
            let one = Heard {
                fingerprint: Heard::fingerprint_of_bytes(&fingerprint),
                duration: Duration::from_millis(u64::try_from(duration_ms).unwrap_or_default()),
                health: Health::from_word(&health).ok_or_else(|| json::unknown("health", &health))?,
            };
            known.insert(ContentId(content), one);
        }
    }
    Ok(known)
}

/// Keeps what was heard, in place of what an earlier version heard.
pub(crate) fn record(db: &mut Db, batch: &HashMap<ContentId, Heard>, version: i64) -> QueryResult<()> {
    let mut batch: Vec<(&ContentId, &Heard)> = batch.iter().collect();
    batch.sort_unstable_by_key(|(content, _)| *content);
    for chunk in batch.chunks(CHUNK) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|(content, one)| {
                (
                    heard::content.eq(&content.0),
                    heard::version.eq(version),
                    heard::fingerprint.eq(one.fingerprint_bytes()),
                    heard::duration_ms.eq(i64::try_from(one.duration.as_millis()).unwrap_or(i64::MAX)),
                    heard::health.eq(one.health.as_str()),
                )
            })
            .collect();
        diesel::insert_into(heard::table)
            .values(rows)
            .on_conflict(heard::content)
            .do_update()
            .set((
                heard::version.eq(excluded(heard::version)),
                heard::fingerprint.eq(excluded(heard::fingerprint)),
                heard::duration_ms.eq(excluded(heard::duration_ms)),
                heard::health.eq(excluded(heard::health)),
            ))
            .execute(db)?;
    }
    Ok(())
}

//! Entries and removals as text.

use diesel::QueryResult;

use crate::json::{from_text, to_text, unknown};
use crate::model::{Removal, RemovalCause, StoredEntry};

/// `[[wanted_id, added or null], …]`
pub(crate) fn entries_to_text(entries: &[StoredEntry]) -> QueryResult<String> {
    to_text(&entries.iter().map(|entry| (entry.wanted_id, &entry.added)).collect::<Vec<_>>())
}

pub(crate) fn entries_from_text(text: &str) -> QueryResult<Vec<StoredEntry>> {
    let pairs: Vec<(i64, Option<String>)> = from_text(text)?;
    Ok(pairs.into_iter().map(|(wanted_id, added)| StoredEntry { wanted_id, added }).collect())
}

/// `[[wanted_id, cause, wanted_id that took its place or null], …]`
pub(crate) fn removals_to_text(removals: &[Removal]) -> QueryResult<String> {
    let row = |removal: &Removal| {
        let to = match removal.cause {
            RemovalCause::Relinked { to } => Some(to),
            _ => None,
        };
        (removal.wanted_id, removal.cause.as_str(), to)
    };
    to_text(&removals.iter().map(row).collect::<Vec<_>>())
}

pub(crate) fn removals_from_text(text: &str) -> QueryResult<Vec<Removal>> {
    let rows: Vec<(i64, String, Option<i64>)> = from_text(text)?;
    let removal = |(wanted_id, word, to): (i64, String, Option<i64>)| {
        let cause = match (word.as_str(), to) {
            ("not_in_source", _) => RemovalCause::NotInSource,
            ("unnamed", _) => RemovalCause::Unnamed,
            ("restored", _) => RemovalCause::Restored,
            ("dropped", _) => RemovalCause::Dropped,
            ("relinked", Some(to)) => RemovalCause::Relinked { to },
            _ => return Err(unknown("cause of a removal", &word)),
        };
        Ok(Removal { wanted_id, cause })
    };
    rows.into_iter().map(removal).collect()
}

//! What lay at a path before other bytes came to lie there.

use std::collections::HashMap;

use diesel::prelude::*;
use ferrotape_domain::ContentId;

use super::files::path_of;
use super::{CHUNK, Db};
use crate::json;
use crate::model::{Former, Found, ScannedFile};
use crate::schema::{files, former_contents};

/// To be called before the files are recorded: keeps what was known of those whose bytes are others now.
pub(super) fn keep(db: &mut Db, batch: &[&ScannedFile]) -> QueryResult<()> {
    for chunk in batch.chunks(CHUNK) {
        let new: HashMap<&[u8], Option<&str>> = chunk
            .iter()
            .map(|file| (file.path.as_os_str().as_encoded_bytes(), content_of(&file.found)))
            .collect();
        let known: Vec<(Vec<u8>, Option<String>, String)> = files::table
            .filter(files::path.eq_any(new.keys().copied()))
            .filter(files::content.is_not_null())
            .select((files::path, files::content, files::facts))
            .load(db)?;
        let others = |path: &[u8], content: &str| new.get(path).is_some_and(|now| *now != Some(content));
        let rows: Vec<_> = known
            .iter()
            .filter_map(|(path, content, facts)| Some((path, content.as_deref()?, facts)))
            .filter(|(path, content, _)| others(path, content))
            .map(|(path, content, facts)| {
                (
                    former_contents::content.eq(content),
                    former_contents::path.eq(path),
                    former_contents::facts.eq(facts),
                )
            })
            .collect();
        diesel::insert_into(former_contents::table).values(rows).on_conflict_do_nothing().execute(db)?;
    }
    Ok(())
}

fn content_of(found: &Found) -> Option<&str> {
    match found {
        Found::Audio { content, .. } => Some(&content.0),
        Found::Unreadable { .. } => None,
    }
}

/// Where these contents lay once, in the order of content and path.
pub(crate) fn of_contents(db: &mut Db, contents: &[ContentId]) -> QueryResult<Vec<Former>> {
    let mut found = Vec::new();
    for chunk in contents.chunks(CHUNK) {
        let rows: Vec<(String, Vec<u8>, String)> = former_contents::table
            .filter(former_contents::content.eq_any(chunk.iter().map(|content| content.0.as_str())))
            .order((former_contents::content, former_contents::path))
            .select((former_contents::content, former_contents::path, former_contents::facts))
            .load(db)?;
        for (content, path, facts) in rows {
            let facts = json::facts_from_text(&facts)?;
            found.push(Former { content: ContentId(content), path: path_of(path), facts });
        }
    }
    Ok(found)
}

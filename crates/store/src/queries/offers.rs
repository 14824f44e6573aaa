//! Scanned files as offers: those that can be read, whole or in parts, and those that turned out to be broken.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use diesel::connection::DefaultLoadingMode;
use diesel::prelude::*;
use ferrotape_domain::{AudioFacts, ContentId, Offer};

use super::files::{AUDIO, THERE, is_below, path_of, size_of};
use super::{CHUNK, Db};
use crate::model::ScannedPart;
use crate::schema::files;
use crate::{json, json_parts};

#[derive(Queryable, Selectable)]
#[diesel(table_name = files)]
struct OfferRow {
    id: i64,
    path: Vec<u8>,
    size: i64,
    content: Option<String>,
    facts: String,
    tags: String,
    cover: String,
    parts: String,
    state: String,
    reason: String,
}

/// Numbers kept free for the parts of one file.
const PARTS: i64 = 1_000;

impl OfferRow {
    /// The file, or the parts that stand in its place.
    fn offers(self) -> QueryResult<Vec<Offer>> {
        let parts = self.parts.clone();
        let whole = self.whole()?;
        if parts.is_empty() {
            return Ok(vec![whole]);
        }
        let found = json_parts::parts_from_text(&parts)?.sound.into_iter();
        Ok(found.map(|(place, part)| part_of(&whole, place, part)).collect())
    }

    /// What of it is broken, and how.
    fn broken(self) -> QueryResult<Vec<(Offer, String)>> {
        let (parts, is_whole) = (json_parts::parts_from_text(&self.parts)?, self.state != AUDIO);
        let reason = self.reason.clone();
        let whole = self.whole()?;
        let mut broken: Vec<(Offer, String)> =
            parts.broken.into_iter().map(|(place, part, why)| (part_of(&whole, place, part), why)).collect();
        if is_whole {
            let others = parts.sound.into_iter().map(|(place, part)| part_of(&whole, place, part));
            broken.extend(others.map(|part| (part, reason.clone())));
        }
        if is_whole && broken.is_empty() {
            broken.push((whole, reason));
        }
        Ok(broken)
    }

    fn whole(self) -> QueryResult<Offer> {
        Ok(Offer {
            part: None,
            file_id: self.id,
            size: size_of(self.size),
            content: ContentId(self.content.unwrap_or_default()),
            facts: json::facts_from_text(&self.facts)?,
            tags: json::tags_from_text(&self.tags)?,
            cover: self.cover,
            path: path_of(self.path),
        })
    }
}

fn part_of(whole: &Offer, place: usize, part: ScannedPart) -> Offer {
    let ScannedPart { part, tags } = part;
    Offer {
        file_id: -(whole.file_id * PARTS + place as i64),
        part: Some(part),
        content: part.content(&whole.content),
        facts: AudioFacts { duration: part.duration(whole.facts.duration), ..whole.facts.clone() },
        tags,
        ..whole.clone()
    }
}

/// Readable files that are there, below `roots` (all when empty), in the order of their paths' bytes.
pub(crate) fn offers(db: &mut Db, roots: &[PathBuf]) -> QueryResult<Vec<Offer>> {
    let rows = files::table
        .filter(files::missing.eq(THERE))
        .filter(files::state.eq(AUDIO))
        .order(files::path)
        .select(OfferRow::as_select())
        .load_iter::<OfferRow, DefaultLoadingMode>(db)?;
    let mut offers = Vec::new();
    for row in rows {
        let row = row?;
        if is_below(&path_of(row.path.clone()), roots) {
            offers.extend(row.offers()?);
        }
    }
    Ok(offers)
}

/// Readable files that are gone, in the same order.
pub(crate) fn gone_offers(db: &mut Db) -> QueryResult<Vec<Offer>> {
    let rows: Vec<OfferRow> = files::table
        .filter(files::missing.ne(THERE))
        .filter(files::state.eq(AUDIO))
        .order(files::path)
        .select(OfferRow::as_select())
        .load(db)?;
    let mut offers = Vec::new();
    for row in rows {
        offers.extend(row.offers()?);
    }
    Ok(offers)
}

/// Files and parts of files that are there and could be opened, but turned out to be broken when they were decoded.
pub(crate) fn broken_offers(db: &mut Db, roots: &[PathBuf]) -> QueryResult<Vec<(Offer, String)>> {
    let rows: Vec<OfferRow> = files::table
        .filter(files::missing.eq(THERE))
        .filter(files::content.is_not_null())
        .filter(files::state.ne(AUDIO).or(files::parts.ne("")))
        .order(files::path)
        .select(OfferRow::as_select())
        .load(db)?;
    let mut broken = Vec::new();
    for row in rows.into_iter().filter(|row| is_below(&path_of(row.path.clone()), roots)) {
        broken.extend(row.broken()?);
    }
    Ok(broken)
}

pub(crate) fn count_offers(db: &mut Db, roots: &[PathBuf]) -> QueryResult<u64> {
    let paths: Vec<Vec<u8>> = files::table
        .filter(files::missing.eq(THERE))
        .filter(files::state.eq(AUDIO))
        .select(files::path)
        .load(db)?;
    Ok(paths.into_iter().filter(|path| is_below(&path_of(path.clone()), roots)).count() as u64)
}

/// Also when the file is missing now: a decision or a manifest may name it.
pub(crate) fn by_id(db: &mut Db, file_id: i64) -> QueryResult<Option<Offer>> {
    let row: Option<OfferRow> = files::table
        .find(if file_id < 0 { -file_id / PARTS } else { file_id })
        .filter(files::state.eq(AUDIO))
        .select(OfferRow::as_select())
        .first(db)
        .optional()?;
    let offers = row.map(OfferRow::offers).transpose()?.unwrap_or_default();
    Ok(offers.into_iter().find(|offer| offer.file_id == file_id))
}

pub(crate) fn by_path(db: &mut Db, path: &Path) -> QueryResult<Vec<Offer>> {
    let row: Option<OfferRow> = files::table
        .filter(files::path.eq(path.as_os_str().as_encoded_bytes()))
        .filter(files::missing.eq(THERE))
        .filter(files::state.eq(AUDIO))
        .select(OfferRow::as_select())
        .first(db)
        .optional()?;
    Ok(row.map(OfferRow::offers).transpose()?.unwrap_or_default())
}

pub(crate) fn by_content(db: &mut Db, content: &ContentId) -> QueryResult<Vec<Offer>> {
    let rows: Vec<OfferRow> = files::table
        .filter(files::content.eq(content.0.split(':').next().unwrap_or_default()))
        .filter(files::missing.eq(THERE))
        .filter(files::state.eq(AUDIO))
        .order(files::path)
        .select(OfferRow::as_select())
        .load(db)?;
    let mut offers = Vec::new();
    for row in rows {
        // Somebody may have chosen the whole of a file before its parts were known.
        let is_whole = row.content.as_ref() == Some(&content.0);
        let found = if is_whole { vec![row.whole()?] } else { row.offers()? };
        offers.extend(found.into_iter().filter(|offer| &offer.content == content));
    }
    Ok(offers)
}

/// Where these contents lie, of files that the last listing showed.
pub(crate) fn places(db: &mut Db, contents: &[ContentId]) -> QueryResult<HashMap<ContentId, Vec<PathBuf>>> {
    let mut places: HashMap<ContentId, Vec<PathBuf>> = HashMap::new();
    for chunk in contents.chunks(CHUNK) {
        let rows: Vec<(Option<String>, Vec<u8>)> = files::table
            .filter(files::content.eq_any(chunk.iter().map(|content| content.0.as_str())))
            .filter(files::missing.eq(THERE))
            .order(files::path)
            .select((files::content, files::path))
            .load(db)?;
        for (content, path) in rows {
            places.entry(ContentId(content.unwrap_or_default())).or_default().push(path_of(path));
        }
    }
    Ok(places)
}

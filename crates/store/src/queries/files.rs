//! Scanned files: what was found where. Gone files are marked, moved files keep their row.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use diesel::prelude::*;
use diesel::upsert::excluded;
use ferrotape_domain::{ContentId, Part};

use super::{CHUNK, Db, former, no_nul};
use crate::model::{FileStamp, Found, KnownFile, ScannedFile, SheetDoubt};
use crate::schema::files;
use crate::{json, json_parts};

/// The state of a file that can be read; every other state is a kind of trouble.
pub(crate) const AUDIO: &str = "audio";
/// The state of a file that begins as audio and cannot be decoded to its end.
const BROKEN: &str = "broken";
/// The disk did not give it.
const IO: &str = "io";

#[derive(Insertable)]
#[diesel(table_name = files, treat_none_as_default_value = false)]
struct NewFile<'f> {
    path: &'f [u8],
    size: i64,
    modified_ns: i64,
    missing: i64,
    state: &'f str,
    reason: Cow<'f, str>,
    content: Option<&'f str>,
    cover: &'f str,
    facts: String,
    tags: String,
    parts: String,
    sheets: i64,
    changed_ns: i64,
    whole: &'f str,
}

pub(crate) fn record(db: &mut Db, batch: &[ScannedFile]) -> QueryResult<()> {
    // One row per path and statement: PostgreSQL refuses to update a row twice.
    let by_path: HashMap<&Path, &ScannedFile> =
        batch.iter().map(|file| (file.path.as_path(), file)).collect();
    let mut once: Vec<&ScannedFile> = by_path.into_values().collect();
    once.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    former::keep(db, &once)?;
    for chunk in once.chunks(CHUNK) {
        let rows = chunk.iter().map(|file| new_file(file)).collect::<QueryResult<Vec<_>>>()?;
        diesel::insert_into(files::table)
            .values(rows)
            .on_conflict(files::path)
            .do_update()
            .set((
                files::size.eq(excluded(files::size)),
                files::modified_ns.eq(excluded(files::modified_ns)),
                files::missing.eq(excluded(files::missing)),
                files::state.eq(excluded(files::state)),
                files::reason.eq(excluded(files::reason)),
                files::content.eq(excluded(files::content)),
                files::cover.eq(excluded(files::cover)),
                files::facts.eq(excluded(files::facts)),
                files::tags.eq(excluded(files::tags)),
                files::parts.eq(excluded(files::parts)),
                files::sheets.eq(excluded(files::sheets)),
                files::changed_ns.eq(excluded(files::changed_ns)),
                files::whole.eq(excluded(files::whole)),
            ))
            .execute(db)?;
    }
    Ok(())
}

fn new_file(file: &ScannedFile) -> QueryResult<NewFile<'_>> {
    let mut row = NewFile {
        path: file.path.as_os_str().as_encoded_bytes(),
        size: stored_size(file.size),
        modified_ns: file.modified_ns,
        missing: 0,
        state: AUDIO,
        reason: Cow::Borrowed(""),
        content: None,
        cover: "",
        facts: String::new(),
        tags: String::new(),
        parts: String::new(),
        sheets: file.sheets,
        changed_ns: file.changed_ns,
        whole: &file.whole,
    };
    match &file.found {
        Found::Audio { content, facts, tags, cover, parts, doubt } => {
            // Of what is broken it is the reason for that.
            row.reason = doubt.as_ref().map_or(Cow::Borrowed(""), |doubt| Cow::Owned(doubt_to_text(doubt)));
            row.content = Some(&content.0);
            row.cover = cover;
            row.facts = json::facts_to_text(facts)?;
            row.tags = json::tags_to_text(tags)?;
            row.parts = json_parts::parts_to_text(parts)?;
        }
        Found::Unreadable { kind, reason } => {
            // A kind that reads `audio` would make an offer without facts.
            row.state = if kind == AUDIO { BROKEN } else { kind };
            row.reason = no_nul(reason);
            // The disk may give it the next time, so that is looked at as if the file had changed.
            if kind == IO {
                row.modified_ns = 0;
            }
        }
    }
    Ok(row)
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = files)]
struct KnownRow {
    id: i64,
    path: Vec<u8>,
    size: i64,
    modified_ns: i64,
    changed_ns: i64,
    missing: i64,
    content: Option<String>,
    state: String,
    cover: String,
    sheets: i64,
    whole: String,
}

pub(crate) fn known(db: &mut Db) -> QueryResult<Vec<KnownFile>> {
    let rows: Vec<KnownRow> = files::table.order(files::path).select(KnownRow::as_select()).load(db)?;
    let known = rows.into_iter().map(|row| KnownFile {
        file_id: row.id,
        path: path_of(row.path),
        size: size_of(row.size),
        modified_ns: row.modified_ns,
        changed_ns: row.changed_ns,
        missing: row.missing != 0,
        content: row.content.map(ContentId),
        readable: row.state == AUDIO,
        cover: row.cover,
        sheets: row.sheets,
        whole: row.whole,
    });
    Ok(known.collect())
}

/// Keeps when the entries of files were last written, by row: what else is known of them stays.
pub(crate) fn record_changed(db: &mut Db, changed: &[(i64, i64)]) -> QueryResult<()> {
    for &(file_id, changed_ns) in changed {
        diesel::update(files::table.find(file_id)).set(files::changed_ns.eq(changed_ns)).execute(db)?;
    }
    Ok(())
}

/// Keeps the sum of all bytes of the file at `path`, if it has none.
pub(crate) fn record_whole(db: &mut Db, path: &Path, whole: &str) -> QueryResult<()> {
    let row = files::table.filter(files::path.eq(path.as_os_str().as_encoded_bytes()));
    diesel::update(row.filter(files::whole.eq(""))).set(files::whole.eq(whole)).execute(db)?;
    Ok(())
}

/// Gives a file its new place. A row that stood there before describes a file that is gone: it takes the old place
/// and is marked missing, so that it too can be found again.
pub(crate) fn moved(db: &mut Db, file_id: i64, to: &Path, stamp: &FileStamp) -> QueryResult<()> {
    let to = to.as_os_str().as_encoded_bytes();
    let from: Vec<u8> = files::table.find(file_id).select(files::path).get_result(db)?;
    let displaced: Option<i64> = files::table
        .filter(files::path.eq(to))
        .filter(files::id.ne(file_id))
        .select(files::id)
        .first(db)
        .optional()?;
    if let Some(displaced) = displaced {
        // Paths are unique, so it steps aside to one that no file can have.
        let aside = [from.as_slice(), b"\0moved"].concat();
        diesel::update(files::table.find(displaced)).set(files::path.eq(aside)).execute(db)?;
    }
    diesel::update(files::table.find(file_id))
        .set((
            files::path.eq(to),
            files::size.eq(stored_size(stamp.size)),
            files::modified_ns.eq(stamp.modified_ns),
            files::changed_ns.eq(stamp.changed_ns),
            files::missing.eq(0),
        ))
        .execute(db)?;
    if let Some(displaced) = displaced {
        let missing: i64 = files::table.find(displaced).select(files::missing).get_result(db)?;
        // What is gone for good stays so.
        let missing = if missing == THERE { MISSED } else { missing };
        diesel::update(files::table.find(displaced))
            .set((files::path.eq(from), files::missing.eq(missing)))
            .execute(db)?;
    }
    Ok(())
}

/// Stands in `missing` of a file that is there.
pub(super) const THERE: i64 = 0;
/// Of one that a scan missed.
const MISSED: i64 = 1;
/// Of one that the user said is gone for good.
const FOR_GOOD: i64 = 2;

pub(crate) fn mark_missing(db: &mut Db, file_ids: &[i64]) -> QueryResult<()> {
    mark(db, file_ids, MISSED)
}

pub(crate) fn mark_there(db: &mut Db, file_ids: &[i64]) -> QueryResult<()> {
    for chunk in file_ids.chunks(CHUNK) {
        diesel::update(files::table.filter(files::id.eq_any(chunk)).filter(files::missing.eq(MISSED)))
            .set(files::missing.eq(THERE))
            .execute(db)?;
    }
    Ok(())
}

pub(crate) fn mark_gone_for_good(db: &mut Db, file_ids: &[i64]) -> QueryResult<()> {
    mark(db, file_ids, FOR_GOOD)
}

fn mark(db: &mut Db, file_ids: &[i64], how: i64) -> QueryResult<()> {
    for chunk in file_ids.chunks(CHUNK) {
        diesel::update(files::table.filter(files::id.eq_any(chunk)))
            .set(files::missing.eq(how))
            .execute(db)?;
    }
    Ok(())
}

pub(crate) fn gone_for_good(db: &mut Db) -> QueryResult<HashSet<i64>> {
    let ids: Vec<i64> = files::table.filter(files::missing.eq(FOR_GOOD)).select(files::id).load(db)?;
    Ok(ids.into_iter().collect())
}

/// A line that says why, and one for each name.
fn doubt_to_text(doubt: &SheetDoubt) -> String {
    let field = |text: &str| text.replace(['\n', '\r', '\t', '\0'], " ");
    let names = doubt.names.iter().map(|(name, by)| format!("{}\t{}", field(name), field(by)));
    std::iter::once(field(&doubt.why)).chain(names).collect::<Vec<_>>().join("\n")
}

fn doubt_from_text(text: &str) -> SheetDoubt {
    let mut lines = text.lines();
    let why = lines.next().unwrap_or_default().to_owned();
    let names = lines.filter_map(|line| line.split_once('\t'));
    SheetDoubt { why, names: names.map(|(name, by)| (name.to_owned(), by.to_owned())).collect() }
}

/// Files that are there and can be read, whose cue sheets contradict each other.
pub(crate) fn doubted(db: &mut Db, roots: &[PathBuf]) -> QueryResult<Vec<(PathBuf, SheetDoubt)>> {
    let rows: Vec<(Vec<u8>, String)> = files::table
        .filter(files::missing.eq(0))
        .filter(files::state.eq(AUDIO))
        .filter(files::reason.ne(""))
        .order(files::path)
        .select((files::path, files::reason))
        .load(db)?;
    let rows = rows.into_iter().map(|(path, reason)| (path_of(path), doubt_from_text(&reason)));
    Ok(rows.filter(|(path, _)| is_below(path, roots)).collect())
}

/// Path, kind of trouble, reason.
type Unreadable = (PathBuf, String, String);

pub(crate) fn unreadable(db: &mut Db, roots: &[PathBuf]) -> QueryResult<Vec<Unreadable>> {
    let rows: Vec<(Vec<u8>, String, String)> = files::table
        .filter(files::missing.eq(0))
        .filter(files::state.ne(AUDIO))
        .order(files::path)
        .select((files::path, files::state, files::reason))
        .load(db)?;
    let rows = rows.into_iter().map(|(path, kind, reason)| (path_of(path), kind, reason));
    let mut unreadable: Vec<Unreadable> = rows.collect();
    let with_parts: Vec<(Vec<u8>, String)> = files::table
        .filter(files::missing.eq(0))
        .filter(files::parts.ne(""))
        .order(files::path)
        .select((files::path, files::parts))
        .load(db)?;
    for (path, parts) in with_parts {
        let broken = json_parts::parts_from_text(&parts)?.broken.into_iter();
        unreadable.extend(broken.map(|(_, part, reason)| {
            (path_of(path.clone()), BROKEN.to_owned(), format!("track {}: {reason}", part.part.number))
        }));
    }
    unreadable.retain(|(path, ..)| is_below(path, roots));
    Ok(unreadable)
}

/// Sets the file at `path` aside. What it is stays known, so that what it would answer can be told.
pub(crate) fn break_file(db: &mut Db, path: &Path, reason: &str) -> QueryResult<()> {
    diesel::update(files::table.filter(files::path.eq(path.as_os_str().as_encoded_bytes())))
        .set((files::state.eq(BROKEN), files::reason.eq(no_nul(reason))))
        .execute(db)?;
    Ok(())
}

/// Sets one part of the file at `path` aside.
pub(crate) fn break_part(db: &mut Db, path: &Path, part: &Part, reason: &str) -> QueryResult<()> {
    let row = files::table.filter(files::path.eq(path.as_os_str().as_encoded_bytes()));
    let parts: Option<String> = row.select(files::parts).first(db).optional()?;
    let Some(parts) = parts.filter(|parts| !parts.is_empty()) else { return Ok(()) };
    let parts = json_parts::with_broken(&parts, part, reason)?;
    diesel::update(row).set(files::parts.eq(parts)).execute(db)?;
    Ok(())
}

/// How the file at `path` was when it was last looked at, and the sum of all its bytes, empty where there is none.
pub(crate) fn stamp(db: &mut Db, path: &Path) -> QueryResult<Option<(FileStamp, String)>> {
    let row: Option<(i64, i64, i64, String)> = files::table
        .filter(files::path.eq(path.as_os_str().as_encoded_bytes()))
        .filter(files::missing.eq(0))
        .select((files::size, files::modified_ns, files::changed_ns, files::whole))
        .first(db)
        .optional()?;
    Ok(row.map(|(size, modified_ns, changed_ns, whole)| {
        (FileStamp { size: size_of(size), modified_ns, changed_ns }, whole)
    }))
}

pub(super) fn is_below(path: &Path, roots: &[PathBuf]) -> bool {
    roots.is_empty() || roots.iter().any(|root| path.starts_with(root))
}

fn stored_size(size: u64) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

pub(super) fn size_of(stored: i64) -> u64 {
    u64::try_from(stored).unwrap_or_default()
}

#[cfg(unix)]
pub(super) fn path_of(bytes: Vec<u8>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    PathBuf::from(OsString::from_vec(bytes))
}

#[cfg(not(unix))]
pub(super) fn path_of(bytes: Vec<u8>) -> PathBuf {
    PathBuf::from(OsString::from(String::from_utf8_lossy(&bytes).into_owned()))
}

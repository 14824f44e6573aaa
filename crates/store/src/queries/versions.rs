//! The states of lists: writing the next one, and making an earlier one out of the differences that are kept.

use std::collections::HashMap;

use diesel::prelude::*;

use super::{Db, same};
use crate::model::{ListDiff, ListVersion, Origin, Removal, RemovalCause, Snapshot, StoredEntry};
use crate::schema::{imports, list_versions};
use crate::versions::{Delta, compare};
use crate::{json, json_entries};

/// After so many differences a state is kept whole again, so that making one out of them stays cheap.
const DEEPEST: i64 = 32;

/// What a version is of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The list as the library has it.
    List,
    /// What its source says, where the user restored something else.
    Source,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Source => "source",
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = list_versions)]
struct Row {
    id: i64,
    playlist_id: i64,
    import_id: i64,
    name: String,
    total: i64,
    added: i64,
    removed: i64,
    depth: i64,
}

#[derive(Insertable)]
#[diesel(table_name = list_versions, treat_none_as_default_value = false)]
struct NewRow<'n> {
    playlist_id: i64,
    import_id: i64,
    kind: &'static str,
    name: &'n str,
    total: i64,
    added: i64,
    removed: i64,
    depth: i64,
    base: Option<i64>,
    prefix: i64,
    suffix: i64,
    middle: String,
    removals: String,
}

/// The next state of a list.
pub(super) struct Next<'n> {
    pub(super) playlist_id: i64,
    pub(super) import_id: i64,
    pub(super) kind: Kind,
    pub(super) name: &'n str,
    pub(super) entries: &'n [StoredEntry],
    pub(super) added: u64,
    pub(super) removals: &'n [Removal],
}

/// Keeps a state; its row.
pub(super) fn write(db: &mut Db, next: &Next) -> QueryResult<i64> {
    let (delta, base, depth) = based(db, next)?;
    list_versions_insert(db, next, &delta, base, depth)
}

/// The difference from the newest state of the same kind where that is much smaller than the list.
fn based(db: &mut Db, next: &Next) -> QueryResult<(Delta, Option<i64>, i64)> {
    let newest: Option<Row> = list_versions::table
        .filter(list_versions::playlist_id.eq(next.playlist_id))
        .filter(list_versions::kind.eq(next.kind.as_str()))
        .order(list_versions::id.desc())
        .select(Row::as_select())
        .first(db)
        .optional()?;
    if let Some(newest) = newest.filter(|newest| newest.depth < DEEPEST) {
        let base = entries(db, newest.id)?;
        let delta = Delta::between(&base, next.entries);
        if delta.middle.len() * 2 <= next.entries.len() {
            return Ok((delta, Some(newest.id), newest.depth + 1));
        }
    }
    Ok((Delta::whole(next.entries), None, 0))
}

fn list_versions_insert(
    db: &mut Db,
    next: &Next,
    delta: &Delta,
    base: Option<i64>,
    depth: i64,
) -> QueryResult<i64> {
    let row = NewRow {
        playlist_id: next.playlist_id,
        import_id: next.import_id,
        kind: next.kind.as_str(),
        name: next.name,
        total: count(next.entries.len()),
        added: i64::try_from(next.added).unwrap_or(i64::MAX),
        removed: count(next.removals.len()),
        depth,
        base,
        prefix: count(delta.prefix),
        suffix: count(delta.suffix),
        middle: json_entries::entries_to_text(&delta.middle)?,
        removals: json_entries::removals_to_text(next.removals)?,
    };
    diesel::insert_into(list_versions::table).values(row).returning(list_versions::id).get_result(db)
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The entries of a state, made out of the whole one below it.
pub(super) fn entries(db: &mut Db, version_id: i64) -> QueryResult<Vec<StoredEntry>> {
    type Step = (Option<i64>, i64, i64, String);
    let mut deltas = Vec::new();
    let mut next = Some(version_id);
    while let Some(id) = next {
        let (base, prefix, suffix, middle): Step = list_versions::table
            .find(id)
            .select((
                list_versions::base,
                list_versions::prefix,
                list_versions::suffix,
                list_versions::middle,
            ))
            .first(db)?;
        let number = |value: i64| usize::try_from(value).unwrap_or_default();
        let middle = json_entries::entries_from_text(&middle)?;
        deltas.push(Delta { prefix: number(prefix), suffix: number(suffix), middle });
        // A base is always older: a damaged file cannot make this go round for ever.
        next = base.filter(|base| *base < id);
    }
    Ok(deltas.into_iter().rev().fold(Vec::new(), |base, delta| delta.apply(&base)))
}

/// The state that a list is in.
pub(super) fn newest(db: &mut Db, playlist_id: i64) -> QueryResult<Option<ListVersion>> {
    at_import(db, playlist_id, i64::MAX)
}

/// How many entries the user's last step left in a list: a restore, or taking it out. `None` where there was none.
pub(super) fn left_by_user(db: &mut Db, playlist_id: i64) -> QueryResult<Option<i64>> {
    let user = Origin::User.as_str();
    let steps: Vec<i64> = imports::table.filter(imports::origin.eq(user)).select(imports::id).load(db)?;
    list_versions::table
        .filter(list_versions::playlist_id.eq(playlist_id))
        .filter(list_versions::kind.eq(Kind::List.as_str()))
        .filter(list_versions::import_id.eq_any(&steps))
        .order(list_versions::id.desc())
        .select(list_versions::total)
        .first(db)
        .optional()
}

/// The import that last changed a list or what its source says of it; steps of the user's own are none.
pub(super) fn last_of_source(db: &mut Db, playlist_id: i64) -> QueryResult<Option<i64>> {
    let user = Origin::User.as_str();
    let steps: Vec<i64> = imports::table.filter(imports::origin.eq(user)).select(imports::id).load(db)?;
    list_versions::table
        .filter(list_versions::playlist_id.eq(playlist_id))
        .filter(list_versions::import_id.ne_all(&steps))
        .select(diesel::dsl::max(list_versions::import_id))
        .first(db)
}

/// The newest state that a list had when this import was done; `None` before its first.
pub(crate) fn at_import(db: &mut Db, playlist_id: i64, import_id: i64) -> QueryResult<Option<ListVersion>> {
    let row: Option<Row> = list_versions::table
        .filter(list_versions::playlist_id.eq(playlist_id))
        .filter(list_versions::kind.eq(Kind::List.as_str()))
        .filter(list_versions::import_id.le(import_id))
        .order(list_versions::id.desc())
        .select(Row::as_select())
        .first(db)
        .optional()?;
    Ok(row.map(version))
}

/// The entries of a state, each by the first row that describes it.
pub(crate) fn entries_of(db: &mut Db, version_id: i64) -> QueryResult<Vec<StoredEntry>> {
    let roots = same::roots(db)?;
    let mut found = entries(db, version_id)?;
    for entry in &mut found {
        entry.wanted_id = same::root_of(&roots, entry.wanted_id);
    }
    Ok(found)
}

/// Why entries left with this state.
pub(crate) fn removals_of(db: &mut Db, version_id: i64) -> QueryResult<Vec<Removal>> {
    let text: String = list_versions::table.find(version_id).select(list_versions::removals).first(db)?;
    let roots = same::roots(db)?;
    let mut removals = json_entries::removals_from_text(&text)?;
    for removal in &mut removals {
        removal.wanted_id = same::root_of(&roots, removal.wanted_id);
        if let RemovalCause::Relinked { to } = &mut removal.cause {
            *to = same::root_of(&roots, *to);
        }
    }
    Ok(removals)
}

/// A state as it is kept, for writing it anew.
pub(super) struct Kept {
    pub(super) import_id: i64,
    pub(super) origin: String,
    pub(super) name: String,
    pub(super) added: u64,
    pub(super) entries: Vec<StoredEntry>,
    pub(super) removals: Vec<Removal>,
}

/// Every state of a list, oldest first, with all that is kept of it.
pub(super) fn kept(db: &mut Db, playlist_id: i64) -> QueryResult<Vec<Kept>> {
    let origins: HashMap<i64, String> =
        imports::table.select((imports::id, imports::origin)).load(db)?.into_iter().collect();
    let mut kept = Vec::new();
    for version in of_list(db, playlist_id)? {
        let removals: String =
            list_versions::table.find(version.version_id).select(list_versions::removals).first(db)?;
        kept.push(Kept {
            import_id: version.import_id,
            origin: origins.get(&version.import_id).cloned().unwrap_or_default(),
            name: version.name,
            added: version.added,
            entries: entries(db, version.version_id)?,
            removals: json_entries::removals_from_text(&removals)?,
        });
    }
    Ok(kept)
}

/// Whether an import of this origin made any state of a list, its source's included.
pub(super) fn has_of_origin(db: &mut Db, playlist_id: i64, origin: &str) -> QueryResult<bool> {
    let made: Vec<i64> = list_versions::table
        .filter(list_versions::playlist_id.eq(playlist_id))
        .select(list_versions::import_id)
        .distinct()
        .load(db)?;
    let of_origin: std::collections::HashSet<i64> =
        imports::table.filter(imports::origin.eq(origin)).select(imports::id).load(db)?.into_iter().collect();
    Ok(made.iter().any(|import| of_origin.contains(import)))
}

/// What differs between two states; none is an empty one.
pub(crate) fn compare_two(db: &mut Db, old: Option<i64>, new: Option<i64>) -> QueryResult<ListDiff> {
    let mut state = |version: Option<i64>| version.map(|id| entries_of(db, id)).transpose();
    let (old, new) = (state(old)?.unwrap_or_default(), state(new)?.unwrap_or_default());
    let roots = same::roots(db)?;
    let facts = same::ListFacts::load(db, &roots, &old, &new)?;
    Ok(compare(&old, &new, &facts))
}

fn version(row: Row) -> ListVersion {
    let number = |value: i64| u64::try_from(value).unwrap_or_default();
    ListVersion {
        version_id: row.id,
        playlist_id: row.playlist_id,
        import_id: row.import_id,
        name: row.name,
        entries: number(row.total),
        added: number(row.added),
        removed: number(row.removed),
    }
}

/// Every state of a list, oldest first.
pub(crate) fn of_list(db: &mut Db, playlist_id: i64) -> QueryResult<Vec<ListVersion>> {
    let rows: Vec<Row> = list_versions::table
        .filter(list_versions::playlist_id.eq(playlist_id))
        .filter(list_versions::kind.eq(Kind::List.as_str()))
        .order(list_versions::id)
        .select(Row::as_select())
        .load(db)?;
    Ok(rows.into_iter().map(version).collect())
}

/// Every import with the lists it changed, oldest first.
pub(crate) fn snapshots(db: &mut Db) -> QueryResult<Vec<Snapshot>> {
    let rows: Vec<Row> = list_versions::table
        .filter(list_versions::kind.eq(Kind::List.as_str()))
        .order(list_versions::id)
        .select(Row::as_select())
        .load(db)?;
    let mut changes: HashMap<i64, Vec<ListVersion>> = HashMap::new();
    for row in rows {
        changes.entry(row.import_id).or_default().push(version(row));
    }
    let rows: Vec<(i64, String, i64, String)> = imports::table
        .order(imports::id)
        .select((imports::id, imports::label, imports::at, imports::origin))
        .load(db)?;
    rows.into_iter()
        .map(|(import_id, label, at, origin)| {
            let origin =
                Origin::from_word(&origin).ok_or_else(|| json::unknown("origin of an import", &origin))?;
            let changes = changes.remove(&import_id).unwrap_or_default();
            Ok(Snapshot { import_id, label, at, origin, changes })
        })
        .collect()
}

//! Rows that describe one wanted thing: reading them as one, keeping why, and taking them apart again.

use std::collections::HashMap;

use diesel::prelude::*;
use ferrotape_domain::Wanted;

use super::wanted::WantedColumns;
use super::wanted_index::Index;
use super::{CHUNK, Db, registers};
use crate::json;
use crate::model::{Description, MergeReason, Origin, StoredEntry};
use crate::schema::{merges, wanted};
use crate::versions::Facts;

/// For each row that is not the first of its thing, the first one.
pub(super) type Roots = HashMap<i64, i64>;

pub(super) fn roots(db: &mut Db) -> QueryResult<Roots> {
    let rows: Vec<(i64, Option<i64>)> =
        wanted::table.filter(wanted::same_as.is_not_null()).select((wanted::id, wanted::same_as)).load(db)?;
    Ok(rows.into_iter().filter_map(|(id, root)| Some((id, root?))).collect())
}

pub(super) fn root_of(roots: &Roots, id: i64) -> i64 {
    roots.get(&id).copied().unwrap_or(id)
}

/// All rows of the thing that this row is of.
pub(crate) fn rows_of(db: &mut Db, id: i64) -> QueryResult<Vec<i64>> {
    let root: Option<Option<i64>> = wanted::table.find(id).select(wanted::same_as).first(db).optional()?;
    let root = root.flatten().unwrap_or(id);
    wanted::table
        .filter(wanted::id.eq(root).or(wanted::same_as.eq(root)))
        .order(wanted::id)
        .select(wanted::id)
        .load(db)
}

/// Keeps what an import found to be one thing.
pub(super) fn record(db: &mut Db, index: &Index, at: i64) -> QueryResult<()> {
    let id_of = |slot: usize| index.slots.get(slot).and_then(|slot| slot.id);
    for merge in &index.new_merges {
        let (Some(member), Some(root)) = (id_of(merge.member), id_of(merge.root)) else { continue };
        diesel::insert_into(merges::table)
            .values((
                merges::wanted_id.eq(member),
                merges::into_id.eq(root),
                merges::at.eq(at),
                merges::reason.eq(merge.reason.as_str()),
                merges::undone.eq(0),
            ))
            .execute(db)?;
    }
    let touched = index.new_merges.iter().flat_map(|merge| index.members_with(merge.member));
    let touched: std::collections::BTreeSet<usize> = touched.collect();
    for slot in touched {
        let root = index.slots.get(slot).map(|slot| slot.root).filter(|root| *root != slot);
        let Some(id) = id_of(slot) else { continue };
        diesel::update(wanted::table.find(id)).set(wanted::same_as.eq(root.and_then(id_of))).execute(db)?;
    }
    Ok(())
}

/// The descriptions of a thing, the first one first.
pub(crate) fn descriptions(db: &mut Db, id: i64) -> QueryResult<Vec<Description>> {
    let root: Option<Option<i64>> = wanted::table.find(id).select(wanted::same_as).first(db).optional()?;
    let Some(root) = root.map(|root| root.unwrap_or(id)) else { return Ok(Vec::new()) };
    let rows: Vec<(i64, String, WantedColumns)> = wanted::table
        .filter(wanted::id.eq(root).or(wanted::same_as.eq(root)))
        .order(wanted::id)
        .select((wanted::id, wanted::origin, WantedColumns::as_select()))
        .load(db)?;
    let mut reasons: HashMap<i64, String> = HashMap::new();
    for chunk in rows.chunks(CHUNK) {
        let ids: Vec<i64> = chunk.iter().map(|(id, ..)| *id).collect();
        let said: Vec<(i64, String)> = merges::table
            .filter(merges::wanted_id.eq_any(&ids).and(merges::undone.eq(0)))
            .order(merges::id)
            .select((merges::wanted_id, merges::reason))
            .load(db)?;
        reasons.extend(said);
    }
    let described = rows.into_iter().map(|(id, origin, columns)| {
        let origin = Origin::from_word(&origin).ok_or_else(|| json::unknown("origin of a row", &origin))?;
        let reason = reasons.get(&id).filter(|_| id != root).and_then(|word| MergeReason::from_word(word));
        Ok(Description { id, origin, wanted: columns.wanted()?.1, reason })
    });
    described.collect()
}

/// All descriptions of those of these things that have several, by thing, the first one first; not what only the account said
/// that is forgotten.
pub(crate) fn descriptions_of_several(db: &mut Db, ids: &[i64]) -> QueryResult<HashMap<i64, Vec<Wanted>>> {
    let mut several: Vec<i64> = roots(db)?.into_values().collect();
    several.sort_unstable();
    several.dedup();
    let several: Vec<i64> = ids.iter().copied().filter(|id| several.binary_search(id).is_ok()).collect();
    let mut described: HashMap<i64, Vec<Wanted>> = HashMap::new();
    for chunk in several.chunks(CHUNK) {
        let rows: Vec<(i64, Option<i64>, WantedColumns)> = wanted::table
            .filter(wanted::id.eq_any(chunk).or(wanted::same_as.eq_any(chunk)))
            .filter(wanted::origin.ne(Origin::FORGOTTEN))
            .order(wanted::id)
            .select((wanted::id, wanted::same_as, WantedColumns::as_select()))
            .load(db)?;
        for (id, root, columns) in rows {
            described.entry(root.unwrap_or(id)).or_default().push(columns.wanted()?.1);
        }
    }
    Ok(described)
}

/// Makes one description a thing of its own again, for good; whether it was part of another.
pub(crate) fn split(db: &mut Db, id: i64, at: i64) -> QueryResult<bool> {
    let together = descriptions(db, id)?;
    let rest: Vec<i64> = together.iter().map(|one| one.id).filter(|other| *other != id).collect();
    let Some(first) = rest.first().copied() else { return Ok(false) };
    for other in &rest {
        let known = merges::table
            .filter(merges::wanted_id.eq_any([id, *other]).and(merges::into_id.eq_any([id, *other])));
        if diesel::update(known).set(merges::undone.eq(1)).execute(db)? == 0 {
            diesel::insert_into(merges::table)
                .values((
                    merges::wanted_id.eq(id),
                    merges::into_id.eq(*other),
                    merges::at.eq(at),
                    merges::reason.eq(MergeReason::SameWords.as_str()),
                    merges::undone.eq(1),
                ))
                .execute(db)?;
        }
    }
    set_root(db, &[id], None)?;
    set_root(db, &rest, Some(first))?;
    // Services were asked of both as one.
    registers::forget_wanted(db, &[id])?;
    registers::forget_wanted(db, &rest)?;
    Ok(true)
}

/// Makes `root` the first of these rows.
pub(super) fn set_root(db: &mut Db, rows: &[i64], root: Option<i64>) -> QueryResult<()> {
    for id in rows {
        let to = root.filter(|root| root != id);
        diesel::update(wanted::table.find(id)).set(wanted::same_as.eq(to)).execute(db)?;
    }
    Ok(())
}

/// What telling two states of a list apart needs to know.
pub(super) struct ListFacts<'r> {
    roots: &'r Roots,
    of: HashMap<i64, Known>,
}

#[derive(PartialEq, Eq)]
struct Known {
    kind: String,
    name_key: String,
    isrc: Option<String>,
}

impl<'r> ListFacts<'r> {
    /// Loads what is needed of entries that are in one state only.
    pub(super) fn load(
        db: &mut Db,
        roots: &'r Roots,
        old: &[StoredEntry],
        new: &[StoredEntry],
    ) -> QueryResult<Self> {
        let ids = |entries: &[StoredEntry]| -> std::collections::HashSet<i64> {
            entries.iter().map(|entry| entry.wanted_id).collect()
        };
        let (old, new) = (ids(old), ids(new));
        let differing: Vec<i64> = old.symmetric_difference(&new).copied().collect();
        // An entry without a name may stand in a list twice, and come once more.
        let mut of = HashMap::new();
        for chunk in differing.chunks(CHUNK) {
            let rows: Vec<(i64, String, String, Option<String>)> = wanted::table
                .filter(wanted::id.eq_any(chunk))
                .select((wanted::id, wanted::kind, wanted::name_key, wanted::isrc))
                .load(db)?;
            of.extend(
                rows.into_iter().map(|(id, kind, name_key, isrc)| (id, Known { kind, name_key, isrc })),
            );
        }
        let unnamed = ferrotape_domain::WantedKind::Unavailable.as_str();
        let rows: Vec<(i64, String, String, Option<String>)> = wanted::table
            .filter(wanted::kind.eq(unnamed))
            .filter(wanted::origin.ne(Origin::FORGOTTEN))
            .select((wanted::id, wanted::kind, wanted::name_key, wanted::isrc))
            .load(db)?;
        of.extend(rows.into_iter().map(|(id, kind, name_key, isrc)| (id, Known { kind, name_key, isrc })));
        Ok(Self { roots, of })
    }
}

impl Facts for ListFacts<'_> {
    fn same(&self, wanted_id: i64) -> i64 {
        root_of(self.roots, wanted_id)
    }

    fn is_unnamed(&self, wanted_id: i64) -> bool {
        let unnamed = ferrotape_domain::WantedKind::Unavailable.as_str();
        self.of.get(&wanted_id).is_some_and(|known| known.kind == unnamed)
    }

    fn is_relinked(&self, left: i64, came: i64) -> bool {
        let (Some(left), Some(came)) = (self.of.get(&left), self.of.get(&came)) else { return false };
        let bare = |known: &Known| super::wanted_index::bare(&known.name_key).to_owned();
        let same_isrc = left.isrc.is_some() && left.isrc == came.isrc;
        left.kind == came.kind && (bare(left) == bare(came) || same_isrc)
    }
}

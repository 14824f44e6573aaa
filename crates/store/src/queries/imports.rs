//! Recording one import: wanted things, lists, plays and noted rows, all or nothing.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use ferrotape_domain::{Event, Noted, Phase, Progress, SpotifyUri, Wanted, Wishlist};

use super::list_identity::{self, Incoming};
use super::wanted::WantedColumns;
use super::wanted_index::{Index, Use};
use super::{CHUNK, Db, entries, no_nul, playlists, plays, same, wanted_merge, watched};
use crate::json;
use crate::model::{ImportOptions, ImportReceipt, Origin, StoredEntry};
use crate::schema::{imports, noted, wanted, wanted_aliases};

/// Records `wishlist`; the same again changes nothing but the list of imports.
pub(crate) fn record(
    db: &mut Db,
    wishlist: &Wishlist,
    options: &ImportOptions,
    progress: &dyn Progress,
) -> QueryResult<ImportReceipt> {
    let import_id = begin(db, &options.label, options.at, options.origin)?;
    let mut receipt = ImportReceipt { import_id, ..ImportReceipt::default() };
    let (ids, filled) = record_wanted(db, wishlist, options, &mut receipt, progress)?;
    let lists_changed = record_lists(db, wishlist, options, &ids, &mut receipt)?;
    receipt.plays_new = plays::record(db, &wishlist.plays, &ids, progress)?;
    receipt.noted_new = record_noted(db, &wishlist.noted, options.origin)?;
    let added = receipt.wanted_new + receipt.plays_new + receipt.noted_new;
    receipt.unchanged = added == 0 && !filled && !lists_changed;
    Ok(receipt)
}

/// A new line of the library's log; its number.
pub(crate) fn begin(db: &mut Db, label: &str, at: i64, origin: Origin) -> QueryResult<i64> {
    diesel::insert_into(imports::table)
        .values((imports::label.eq(no_nul(label)), imports::at.eq(at), imports::origin.eq(origin.as_str())))
        .returning(imports::id)
        .get_result(db)
}

/// The row of each wanted thing, and whether a row that was known learned something.
fn record_wanted(
    db: &mut Db,
    wishlist: &Wishlist,
    options: &ImportOptions,
    receipt: &mut ImportReceipt,
    progress: &dyn Progress,
) -> QueryResult<(Vec<i64>, bool)> {
    let mut index = Index::load(db, options.origin)?;
    let slots = resolve_all(&mut index, wishlist);
    let mut described: Vec<(usize, usize)> = slots.iter().copied().zip(0..).collect();
    described.sort_unstable();
    let (known, new): (Vec<_>, Vec<_>) = described
        .chunk_by(|a, b| a.0 == b.0)
        .partition(|same| index.slots.get(same[0].0).is_some_and(|slot| slot.id.is_some()));
    (receipt.wanted_known, receipt.wanted_new) = index.known_and_new(&slots);
    let mut filled = !new.is_empty() || index.has_news();
    for chunk in known.chunks(CHUNK) {
        filled |= update_known(db, &index, chunk, wishlist)?;
        progress.event(Event::Advanced { phase: Phase::Import, by: chunk.len() as u64, bytes: 0 });
    }
    for chunk in new.chunks(CHUNK) {
        insert_new(db, &mut index, chunk, wishlist, options.origin)?;
        progress.event(Event::Advanced { phase: Phase::Import, by: chunk.len() as u64, bytes: 0 });
    }
    for slot in index.rekeyed.iter().filter_map(|at| index.slots.get(*at)) {
        let Some(id) = slot.id else { continue };
        diesel::update(wanted::table.find(id)).set(wanted::key.eq(&slot.key)).execute(db)?;
    }
    same::record(db, &index, options.at)?;
    let id_of = |slot: usize| index.slots.get(slot).and_then(|slot| slot.id);
    for (alias, slot) in &index.new_aliases {
        let Some(id) = id_of(*slot) else { continue };
        diesel::insert_into(wanted_aliases::table)
            .values((wanted_aliases::alias.eq(alias), wanted_aliases::wanted_id.eq(id)))
            .on_conflict_do_nothing()
            .execute(db)?;
    }
    let ids = slots.iter().map(|slot| id_of(*slot).ok_or(diesel::result::Error::NotFound));
    Ok((ids.collect::<QueryResult<_>>()?, filled))
}

/// Links first, then lists' entries, then plays: each may lean on what the earlier ones made known.
fn resolve_all(index: &mut Index, wishlist: &Wishlist) -> Vec<usize> {
    let listed: HashSet<usize> =
        wishlist.playlists.iter().flat_map(|list| &list.entries).map(|entry| entry.wanted).collect();
    let turn = |at: usize, wanted: &Wanted| match (wanted.spotify.is_some(), listed.contains(&at)) {
        (true, _) => 0,
        (false, true) => 1,
        (false, false) => 2,
    };
    index.look_for_ambiguous(wishlist.wanted.iter());
    let mut slots = vec![0; wishlist.wanted.len()];
    for this_turn in 0..3 {
        for ((at, wanted), slot) in wishlist.wanted.iter().enumerate().zip(&mut slots) {
            if turn(at, wanted) == this_turn {
                let used = if listed.contains(&at) { Use::Listed } else { Use::Played };
                *slot = index.resolve(&wanted_merge::cleaned(wanted), used);
            }
        }
    }
    slots
}

/// All that an import says about the things of one slot: pairs of slot and index into the wishlist.
type Same<'s> = &'s [(usize, usize)];

fn update_known(db: &mut Db, index: &Index, chunk: &[Same], wishlist: &Wishlist) -> QueryResult<bool> {
    let slot_of = |same: Same| same.first().and_then(|(slot, _)| index.slots.get(*slot));
    let ids: Vec<i64> = chunk.iter().filter_map(|same| slot_of(same)?.id).collect();
    let rows: Vec<(i64, WantedColumns)> = wanted::table
        .filter(wanted::id.eq_any(&ids))
        .select((wanted::id, WantedColumns::as_select()))
        .load(db)?;
    let mut rows: HashMap<i64, WantedColumns> = rows.into_iter().collect();
    let mut any = false;
    for same in chunk {
        let Some(slot) = slot_of(same) else { continue };
        let Some((id, row)) = slot.id.and_then(|id| rows.remove_entry(&id)) else { continue };
        let (_, mut known) = row.wanted()?;
        let mut changed = false;
        for (_, at) in *same {
            let Some(newer) = wishlist.wanted.get(*at) else { continue };
            changed |= wanted_merge::fill(&mut known, &wanted_merge::cleaned(newer));
        }
        if changed {
            let columns = WantedColumns::of(slot.key.clone(), &known)?;
            diesel::update(wanted::table.find(id)).set(columns).execute(db)?;
            any = true;
        }
    }
    Ok(any)
}

fn insert_new(
    db: &mut Db,
    index: &mut Index,
    chunk: &[Same],
    wishlist: &Wishlist,
    origin: Origin,
) -> QueryResult<()> {
    let mut rows = Vec::with_capacity(chunk.len());
    let mut slot_of_key: HashMap<String, usize> = HashMap::with_capacity(chunk.len());
    for same in chunk {
        let mut described =
            same.iter().filter_map(|(_, at)| wishlist.wanted.get(*at)).map(wanted_merge::cleaned);
        let (Some((slot, _)), Some(mut first)) = (same.first(), described.next()) else { continue };
        for more in described {
            wanted_merge::fill(&mut first, &more);
        }
        let Some(key) = index.slots.get(*slot).map(|slot| slot.key.clone()) else { continue };
        rows.push((WantedColumns::of(key.clone(), &first)?, wanted::origin.eq(origin.as_str())));
        slot_of_key.insert(key, *slot);
    }
    diesel::insert_into(wanted::table).values(rows).execute(db)?;
    // Read back by key: no database promises the order of RETURNING.
    let made: Vec<(i64, String)> = wanted::table
        .filter(wanted::key.eq_any(slot_of_key.keys()))
        .select((wanted::id, wanted::key))
        .load(db)?;
    for (id, key) in made {
        if let Some(slot) = slot_of_key.get(&key).and_then(|slot| index.slots.get_mut(*slot)) {
            slot.id = Some(id);
        }
    }
    Ok(())
}

fn record_lists(
    db: &mut Db,
    wishlist: &Wishlist,
    options: &ImportOptions,
    ids: &[i64],
    receipt: &mut ImportReceipt,
) -> QueryResult<bool> {
    let incoming: Vec<Incoming> = wishlist
        .playlists
        .iter()
        .map(|list| {
            let entries = list.entries.iter().filter_map(|entry| {
                let added = entry.added.as_ref().map(|added| no_nul(added).into_owned());
                Some(StoredEntry { wanted_id: *ids.get(entry.wanted)?, added })
            });
            Incoming {
                kind: list.kind,
                name: no_nul(&list.name),
                link: list.spotify.as_ref(),
                entries: entries.collect(),
                incomplete: list.incomplete,
            }
        })
        .collect();
    let incoming = list_identity::worth_a_row(db, incoming)?;
    let roots = same::roots(db)?;
    let from = list_identity::Source { origin: options.origin, label: &options.label };
    let (list_ids, mut changed) = list_identity::identify(db, &incoming, &from, &roots)?;
    let run = entries::Run {
        names: playlists::Names::load(db)?,
        import_id: receipt.import_id,
        label: &options.label,
        accept_shrink: options.accept_shrink,
        read_before: watched::import_of(db, &options.content)?,
    };
    for (id, one) in list_ids.iter().zip(&incoming) {
        let (change, this_changed) = entries::take_over(db, *id, one, &run, &roots)?;
        changed |= this_changed;
        receipt.playlists.push(change);
    }
    receipt.missing =
        playlists::no_longer_carried(db, receipt.import_id, &list_ids, (options.origin, &run.names))?;
    playlists::record_carried(db, receipt.import_id, &list_ids)?;
    Ok(changed)
}

/// Every row kept on record, by kind and name.
pub(crate) fn all_noted(db: &mut Db) -> QueryResult<Vec<Noted>> {
    let rows: Vec<(String, String, String)> = noted::table
        .order((noted::kind, noted::name, noted::spotify))
        .select((noted::kind, noted::name, noted::spotify))
        .load(db)?;
    rows.into_iter()
        .map(|(kind, name, spotify)| {
            let kind = Noted::kind_from_word(&kind).ok_or_else(|| json::unknown("kind of record", &kind))?;
            Ok(Noted { kind, name, spotify: SpotifyUri::parse(&spotify).ok() })
        })
        .collect()
}

fn record_noted(db: &mut Db, rows: &[Noted], origin: Origin) -> QueryResult<u64> {
    let mut new = 0;
    for row in rows {
        let (name, spotify) =
            (no_nul(&row.name), row.spotify.as_ref().map(ToString::to_string).unwrap_or_default());
        let added = diesel::insert_into(noted::table)
            .values((
                noted::kind.eq(row.kind),
                noted::name.eq(&name),
                noted::spotify.eq(&spotify),
                noted::origin.eq(origin.as_str()),
            ))
            .on_conflict_do_nothing()
            .execute(db)?;
        if added == 0 && origin == Origin::Input {
            let known = noted::table.find((row.kind, &*name, &*spotify));
            diesel::update(known).set(noted::origin.eq(origin.as_str())).execute(db)?;
        }
        new += added as u64;
    }
    Ok(new)
}

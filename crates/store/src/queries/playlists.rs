//! Lists and their entries: which list of the library an imported one is, and what changed in it.
//!
//! What stands in them is in `entries`, what stood in them in `versions`.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use ferrotape_domain::{PlaylistKind, SpotifyUri};

use super::{Db, same};
use crate::json;
use crate::model::{ListPolicy, Origin, StoredEntry, StoredPlaylist};
use crate::schema::{import_playlists, playlist_entries, playlists};

#[derive(Queryable, Selectable)]
#[diesel(table_name = playlists)]
struct ListRow {
    id: i64,
    key: String,
    kind: String,
    name: String,
    spotify: Option<String>,
    allows: Option<String>,
}

/// One imported list and what is needed to record it.
pub(super) struct Incoming<'i> {
    pub(super) kind: PlaylistKind,
    pub(super) name: Cow<'i, str>,
    pub(super) link: Option<&'i SpotifyUri>,
    pub(super) entries: Vec<StoredEntry>,
}

/// The rows of the library's lists that the imported ones are, in the order of the import; new rows are made.
/// Says also whether a list was made, renamed or given a link.
pub(super) fn identify(db: &mut Db, incoming: &[Incoming], origin: Origin) -> QueryResult<(Vec<i64>, bool)> {
    let known: Vec<ListRow> = playlists::table.order(playlists::id).select(ListRow::as_select()).load(db)?;
    let mut claimed: HashSet<i64> = HashSet::new();
    let mut ids: Vec<Option<i64>> = vec![None; incoming.len()];
    for (id, one) in ids.iter_mut().zip(incoming) {
        let Some(link) = one.link.map(ToString::to_string) else { continue };
        let same = known.iter().find(|row| row.spotify.as_ref() == Some(&link) && !claimed.contains(&row.id));
        *id = same.map(|row| row.id).filter(|id| claimed.insert(*id));
    }
    // By name only after every link has had its say.
    for (id, one) in ids.iter_mut().zip(incoming).filter(|(id, _)| id.is_none()) {
        let same = known.iter().find(|row| {
            !claimed.contains(&row.id) && same_name(row, one) && (one.link.is_none() || row.spotify.is_none())
        });
        *id = same.map(|row| row.id).filter(|id| claimed.insert(*id));
    }
    let mut changed = false;
    let mut keys: HashSet<String> = known.iter().map(|row| row.key.clone()).collect();
    let mut found = Vec::with_capacity(ids.len());
    for (id, one) in ids.into_iter().zip(incoming) {
        match id.and_then(|id| known.iter().find(|row| row.id == id)) {
            Some(row) => {
                changed |= update(db, row, one, origin)?;
                found.push(row.id);
            }
            None => {
                changed = true;
                found.push(insert(db, one, origin, &mut keys)?);
            }
        }
    }
    Ok((found, changed))
}

/// The library's own lists (liked tracks, saved albums …) are one each, whatever an input calls them.
fn same_name(row: &ListRow, one: &Incoming) -> bool {
    row.kind == one.kind.as_str() && (one.kind != PlaylistKind::Playlist || row.name == one.name)
}

fn update(db: &mut Db, row: &ListRow, one: &Incoming, origin: Origin) -> QueryResult<bool> {
    let by_link = one.link.is_some() && row.spotify.is_some();
    let renamed = by_link && !one.name.is_empty() && row.name != one.name;
    let name = if renamed { &*one.name } else { &row.name };
    let new_link = one.link.filter(|_| row.spotify.is_none());
    if origin == Origin::Input {
        confirm(db, row, one)?;
    }
    let changed = renamed || new_link.is_some();
    if changed {
        if new_link.is_some() {
            diesel::update(playlists::table.find(row.id))
                .set(playlists::link_origin.eq(origin.as_str()))
                .execute(db)?;
        }
        let spotify = new_link.map(ToString::to_string).or_else(|| row.spotify.clone());
        diesel::update(playlists::table.find(row.id))
            .set((playlists::name.eq(name), playlists::spotify.eq(spotify)))
            .execute(db)?;
    }
    Ok(changed)
}

/// A file has the list, too, and maybe its link: neither came from the account alone.
fn confirm(db: &mut Db, row: &ListRow, one: &Incoming) -> QueryResult<()> {
    let input = Origin::Input.as_str();
    diesel::update(playlists::table.find(row.id)).set(playlists::origin.eq(input)).execute(db)?;
    if one.link.is_some() {
        diesel::update(playlists::table.find(row.id)).set(playlists::link_origin.eq(input)).execute(db)?;
    }
    Ok(())
}

fn insert(db: &mut Db, one: &Incoming, origin: Origin, keys: &mut HashSet<String>) -> QueryResult<i64> {
    let kind = one.kind.as_str();
    let link = one.link.map(ToString::to_string);
    let by_name = (1..).map(|ordinal| format!("{kind}\u{1f}{}\u{1f}{ordinal}", one.name));
    let key = link.clone().into_iter().chain(by_name).find(|key| !keys.contains(key)).unwrap_or_default();
    keys.insert(key.clone());
    diesel::insert_into(playlists::table)
        .values((
            playlists::key.eq(key),
            playlists::kind.eq(kind),
            playlists::name.eq(&*one.name),
            playlists::spotify.eq(link),
            playlists::origin.eq(origin.as_str()),
            playlists::link_origin.eq(origin.as_str()),
        ))
        .returning(playlists::id)
        .get_result(db)
}

pub(super) fn record_carried(db: &mut Db, import_id: i64, playlist_ids: &[i64]) -> QueryResult<()> {
    for id in playlist_ids {
        diesel::insert_into(import_playlists::table)
            .values((import_playlists::import_id.eq(import_id), import_playlists::playlist_id.eq(id)))
            .on_conflict_do_nothing()
            .execute(db)?;
    }
    Ok(())
}

pub(crate) fn of_import(db: &mut Db, import_id: i64) -> QueryResult<Vec<i64>> {
    import_playlists::table
        .filter(import_playlists::import_id.eq(import_id))
        .order(import_playlists::playlist_id)
        .select(import_playlists::playlist_id)
        .load(db)
}

pub(crate) fn all(db: &mut Db) -> QueryResult<Vec<StoredPlaylist>> {
    let rows: Vec<ListRow> = playlists::table.order(playlists::id).select(ListRow::as_select()).load(db)?;
    let entries: Vec<(i64, i64, Option<String>)> = playlist_entries::table
        .order((playlist_entries::playlist_id, playlist_entries::position))
        .select((playlist_entries::playlist_id, playlist_entries::wanted_id, playlist_entries::added))
        .load(db)?;
    let roots = same::roots(db)?;
    let mut of_list: HashMap<i64, Vec<StoredEntry>> = HashMap::new();
    for (playlist_id, wanted_id, added) in entries {
        let wanted_id = same::root_of(&roots, wanted_id);
        of_list.entry(playlist_id).or_default().push(StoredEntry { wanted_id, added });
    }
    rows.into_iter()
        .map(|row| {
            Ok(StoredPlaylist {
                kind: PlaylistKind::from_word(&row.kind)
                    .ok_or_else(|| json::unknown("kind of list", &row.kind))?,
                spotify: row.spotify.and_then(|uri| SpotifyUri::parse(&uri).ok()),
                allows: row.allows.as_deref().map(policy_of_words),
                entries: of_list.remove(&row.id).unwrap_or_default(),
                id: row.id,
                key: row.key,
                name: row.name,
            })
        })
        .collect()
}

/// The rows that describe the entries of each list, in its order.
pub(crate) fn descriptions(db: &mut Db) -> QueryResult<HashMap<i64, Vec<i64>>> {
    let rows: Vec<(i64, i64)> = playlist_entries::table
        .order((playlist_entries::playlist_id, playlist_entries::position))
        .select((playlist_entries::playlist_id, playlist_entries::wanted_id))
        .load(db)?;
    let mut lists: HashMap<i64, Vec<i64>> = HashMap::new();
    for (playlist_id, wanted_id) in rows {
        lists.entry(playlist_id).or_default().push(wanted_id);
    }
    Ok(lists)
}

/// Whether there is such a list.
pub(crate) fn link(db: &mut Db, playlist_id: i64, uri: &SpotifyUri) -> QueryResult<bool> {
    let list = playlists::table.find(playlist_id);
    Ok(diesel::update(list).set(playlists::spotify.eq(Some(uri.to_string()))).execute(db)? > 0)
}

/// Words that an older program does not know are passed over.
fn policy_of_words(words: &str) -> ListPolicy {
    let says = |word: &str| words.split(' ').any(|said| said == word);
    ListPolicy {
        remaster: says("remaster"),
        edition: says("edition"),
        live: says("live"),
        never_clean: says("never_clean"),
    }
}

/// Whether there is such a list.
pub(crate) fn set_policy(db: &mut Db, playlist_id: i64, allows: Option<ListPolicy>) -> QueryResult<bool> {
    let words = allows.map(|allows| {
        let said = [
            (allows.remaster, "remaster"),
            (allows.edition, "edition"),
            (allows.live, "live"),
            (allows.never_clean, "never_clean"),
        ];
        said.into_iter().filter(|(is, _)| *is).map(|(_, word)| word).collect::<Vec<_>>().join(" ")
    });
    let list = playlists::table.find(playlist_id);
    Ok(diesel::update(list).set(playlists::allows.eq(words)).execute(db)? > 0)
}

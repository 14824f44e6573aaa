//! Lists and their entries: what they are called, what stands in them, which of them an import does not have any more.
//!
//! Which of them an imported one is tells `list_identity`; what changed in it is in `entries`, what stood in it in `versions`.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use ferrotape_domain::{PlaylistKind, SpotifyUri};

use super::{Db, entries, same};
use crate::json;
use crate::model::{ListPolicy, MissingList, Origin, StoredEntry, StoredPlaylist};
use crate::schema::{import_playlists, imports, playlist_entries, playlists};

#[derive(Queryable, Selectable)]
#[diesel(table_name = playlists)]
pub(super) struct ListRow {
    pub(super) id: i64,
    pub(super) key: String,
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) spotify: Option<String>,
    allows: Option<String>,
}

/// How many lists bear each name, in any spelling of upper and lower case.
pub(super) struct Names(HashMap<String, usize>);

impl Names {
    pub(super) fn load(db: &mut Db) -> QueryResult<Self> {
        let mut names: HashMap<String, usize> = HashMap::new();
        for name in playlists::table.select(playlists::name).load::<String>(db)? {
            *names.entry(name.trim().to_lowercase()).or_default() += 1;
        }
        Ok(Self(names))
    }

    /// What commands call a list: its name, or its number where the name does not tell it from others.
    pub(super) fn call(&self, id: i64, name: &str) -> String {
        let is_shared = self.0.get(&name.trim().to_lowercase()).is_some_and(|lists| *lists > 1);
        if is_shared { format!("list {id}") } else { name.to_owned() }
    }
}

/// Lists that the newest earlier import of most of these lists carried, too, and this one does not. A file with one list
/// says nothing of others, unless an earlier one of its name had them.
pub(super) fn no_longer_carried(
    db: &mut Db,
    import_id: i64,
    list_ids: &[i64],
    (origin, names): (Origin, &Names),
) -> QueryResult<Vec<MissingList>> {
    let here: HashSet<i64> = list_ids.iter().copied().collect();
    let label: String = imports::table.find(import_id).select(imports::label).first(db)?;
    let earlier: Vec<(i64, i64, String)> = import_playlists::table
        .inner_join(imports::table.on(imports::id.eq(import_playlists::import_id)))
        .filter(imports::origin.eq(origin.as_str()))
        .filter(import_playlists::import_id.lt(import_id))
        .order(import_playlists::import_id.desc())
        .select((import_playlists::import_id, import_playlists::playlist_id, imports::label))
        .load(db)?;
    let kin = earlier.chunk_by(|a, b| a.0 == b.0).find(|lists| {
        let shared = lists.iter().filter(|(_, list, _)| here.contains(list)).count();
        if here.len() < 2 {
            // A pull of the account may be one of a part of it; a file that comes again is all of it.
            let is_again = lists.first().is_some_and(|(_, _, earlier)| bare(earlier) == bare(&label));
            return origin == Origin::Input && is_again && shared == 1;
        }
        shared >= 2 && shared * 2 >= here.len()
    });
    let gone: Vec<i64> =
        kin.into_iter().flatten().map(|(_, list, _)| *list).filter(|list| !here.contains(list)).collect();
    let mut missing = Vec::new();
    for id in gone {
        let name: String = playlists::table.find(id).select(playlists::name).first(db)?;
        let entries = entries::current(db, id)?.len() as u64;
        if entries > 0 {
            missing.push(MissingList { call: names.call(id, &name), name, entries });
        }
    }
    Ok(missing)
}

/// A file's name without what tells one copy of it from another: `my_data (1).zip`, `my_data2.zip`.
fn bare(label: &str) -> String {
    let (stem, end) = label.rsplit_once('.').unwrap_or((label, ""));
    let counts = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '(' | ')' | '-' | '_');
    format!("{}.{end}", stem.trim_end_matches(counts)).to_lowercase()
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
    let rows_of_lists: Vec<(i64, i64, Option<String>)> = playlist_entries::table
        .order((playlist_entries::playlist_id, playlist_entries::position))
        .select((playlist_entries::playlist_id, playlist_entries::wanted_id, playlist_entries::added))
        .load(db)?;
    let roots = same::roots(db)?;
    let mut of_list: HashMap<i64, Vec<StoredEntry>> = HashMap::new();
    for (playlist_id, wanted_id, added) in rows_of_lists {
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

/// The things that stand in a list.
pub(crate) fn entered(db: &mut Db) -> QueryResult<HashSet<i64>> {
    let ids: Vec<i64> = playlist_entries::table.select(playlist_entries::wanted_id).distinct().load(db)?;
    let roots = same::roots(db)?;
    Ok(ids.into_iter().map(|id| same::root_of(&roots, id)).collect())
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

/// What stands before the number of episodes that are kept.
const NEWEST: &str = "newest=";

/// Words that an older program does not know are passed over.
fn policy_of_words(words: &str) -> ListPolicy {
    let says = |word: &str| words.split(' ').any(|said| said == word);
    ListPolicy {
        remaster: says("remaster"),
        edition: says("edition"),
        live: says("live"),
        never_clean: says("never_clean"),
        newest: words.split(' ').find_map(|said| said.strip_prefix(NEWEST)?.parse().ok()),
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
        let words = said.into_iter().filter(|(is, _)| *is).map(|(_, word)| word.to_owned());
        words.chain(allows.newest.map(|newest| format!("{NEWEST}{newest}"))).collect::<Vec<_>>().join(" ")
    });
    let list = playlists::table.find(playlist_id);
    Ok(diesel::update(list).set(playlists::allows.eq(words)).execute(db)? > 0)
}

//! Forgetting an account: all that only its Web API said goes, what files said stays as they said it.
//!
//! A row that only the account described is emptied, not deleted: reports of earlier runs still point to it.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use ferrotape_domain::{Wanted, WantedKind};

use super::versions::{self, Kept, Kind, Next};
use super::wanted::{WantedColumns, forgotten_key};
use super::{CHUNK, Db, entries, registers, same};
use crate::model::{Forgotten, Origin, StoredEntry};
use crate::schema::{
    account_answers, import_playlists, imports, list_versions, merges, noted, playlist_entries, playlists,
    wanted, wanted_aliases,
};

const ACCOUNT: &str = "account";

pub(crate) fn account(db: &mut Db) -> QueryResult<Forgotten> {
    let rows = Rows::load(db)?;
    let mut forgotten = Forgotten { wanted: rows.only_account.len() as u64, ..Forgotten::default() };
    let lists: Vec<(i64, String)> =
        playlists::table.order(playlists::id).select((playlists::id, playlists::origin)).load(db)?;
    for (id, origin) in lists {
        let kept = rewind(db, id, &rows)?;
        if !kept && origin == ACCOUNT {
            delete_list(db, id)?;
            forgotten.lists += 1;
        }
    }
    forget_links(db)?;
    empty_rows(db, &rows)?;
    forgotten.noted = diesel::delete(noted::table.filter(noted::origin.eq(ACCOUNT))).execute(db)? as u64;
    diesel::delete(account_answers::table).execute(db)?;
    let pulls: Vec<i64> = imports::table.filter(imports::origin.eq(ACCOUNT)).select(imports::id).load(db)?;
    for chunk in pulls.chunks(CHUNK) {
        diesel::delete(import_playlists::table.filter(import_playlists::import_id.eq_any(chunk)))
            .execute(db)?;
        diesel::delete(imports::table.filter(imports::id.eq_any(chunk))).execute(db)?;
    }
    Ok(forgotten)
}

/// The rows that the account described, and what stands in for them.
struct Rows {
    /// Every row of the account.
    account: HashSet<i64>,
    /// The row of a file that describes the same thing, for each that has one.
    instead: HashMap<i64, i64>,
    /// Things that only the account described, by their first row.
    only_account: HashSet<i64>,
    /// The rows of files in things that the account described, too, in their order.
    groups: Vec<Vec<i64>>,
}

impl Rows {
    fn load(db: &mut Db) -> QueryResult<Self> {
        let rows: Vec<(i64, Option<i64>, String)> = wanted::table
            .filter(wanted::origin.ne(Origin::FORGOTTEN))
            .order(wanted::id)
            .select((wanted::id, wanted::same_as, wanted::origin))
            .load(db)?;
        let mut things: HashMap<i64, (Vec<i64>, Vec<i64>)> = HashMap::new();
        for (id, root, origin) in rows {
            let (account, files) = things.entry(root.unwrap_or(id)).or_default();
            if origin == ACCOUNT { account.push(id) } else { files.push(id) }
        }
        things.retain(|_, (account, _)| !account.is_empty());
        let mut found = Self {
            account: HashSet::new(),
            instead: HashMap::new(),
            only_account: HashSet::new(),
            groups: Vec::new(),
        };
        for (root, (account, files)) in things {
            match files.first() {
                Some(file) => found.instead.extend(account.iter().map(|id| (*id, *file))),
                None => _ = found.only_account.insert(root),
            }
            found.account.extend(account);
            found.groups.push(files);
        }
        Ok(found)
    }

    /// What is left of a list without the account.
    fn without_account(&self, entries: Vec<StoredEntry>) -> Vec<StoredEntry> {
        let kept = |mut entry: StoredEntry| {
            if self.account.contains(&entry.wanted_id) {
                entry.wanted_id = *self.instead.get(&entry.wanted_id)?;
            }
            Some(entry)
        };
        entries.into_iter().filter_map(kept).collect()
    }
}

/// Takes the account's states out of a list's history; whether any state is left.
fn rewind(db: &mut Db, playlist_id: i64, rows: &Rows) -> QueryResult<bool> {
    let all = versions::kept(db, playlist_id)?;
    if !versions::has_of_origin(db, playlist_id, ACCOUNT)? {
        return Ok(!all.is_empty());
    }
    let left: Vec<Kept> = all.into_iter().filter(|version| version.origin != ACCOUNT).collect();
    let of_list = list_versions::table.filter(list_versions::playlist_id.eq(playlist_id));
    diesel::update(playlists::table.find(playlist_id))
        .set(playlists::source_version.eq(None::<i64>))
        .execute(db)?;
    diesel::update(of_list).set(list_versions::base.eq(None::<i64>)).execute(db)?;
    diesel::delete(of_list).execute(db)?;
    let mut last = Vec::new();
    let mut last_of_file = None;
    for version in &left {
        last = rows.without_account(version.entries.clone());
        let removals: Vec<_> = version
            .removals
            .iter()
            .filter(|removal| !rows.account.contains(&removal.wanted_id))
            .cloned()
            .collect();
        let written = versions::write(
            db,
            &Next {
                playlist_id,
                import_id: version.import_id,
                kind: Kind::List,
                name: &version.name,
                entries: &last,
                added: version.added,
                removals: &removals,
            },
        )?;
        if version.origin != Origin::User.as_str() {
            last_of_file = Some(written);
        }
    }
    if left.last().is_some_and(|version| version.origin == Origin::User.as_str()) {
        // The user restored something: what a file last said stays what later files are compared with.
        entries::set_source(db, playlist_id, last_of_file)?;
    }
    entries::replace(db, playlist_id, &last)?;
    if let Some(version) = left.last() {
        diesel::update(playlists::table.find(playlist_id))
            .set(playlists::name.eq(&version.name))
            .execute(db)?;
    }
    Ok(!left.is_empty())
}

fn delete_list(db: &mut Db, id: i64) -> QueryResult<()> {
    diesel::delete(playlist_entries::table.filter(playlist_entries::playlist_id.eq(id))).execute(db)?;
    diesel::delete(import_playlists::table.filter(import_playlists::playlist_id.eq(id))).execute(db)?;
    diesel::delete(playlists::table.find(id)).execute(db).map(drop)
}

/// Lists that files have, too, lose the links that only the account told; a key must not tell them either.
fn forget_links(db: &mut Db) -> QueryResult<()> {
    let told: Vec<(i64, String, String, Option<String>)> = playlists::table
        .filter(playlists::link_origin.eq(ACCOUNT))
        .select((playlists::id, playlists::key, playlists::kind, playlists::spotify))
        .load(db)?;
    for (id, key, kind, link) in told {
        let key = if link.as_ref() == Some(&key) { format!("{kind}\u{1f}list {id}") } else { key };
        diesel::update(playlists::table.find(id))
            .set((
                playlists::key.eq(key),
                playlists::spotify.eq(None::<String>),
                playlists::link_origin.eq(Origin::Input.as_str()),
            ))
            .execute(db)?;
    }
    Ok(())
}

fn empty_rows(db: &mut Db, rows: &Rows) -> QueryResult<()> {
    let account: Vec<i64> = rows.account.iter().copied().collect();
    for chunk in account.chunks(CHUNK) {
        diesel::delete(wanted_aliases::table.filter(wanted_aliases::wanted_id.eq_any(chunk))).execute(db)?;
        let about = merges::wanted_id.eq_any(chunk).or(merges::into_id.eq_any(chunk));
        diesel::delete(merges::table.filter(about)).execute(db)?;
    }
    registers::forget_wanted(db, &account)?;
    for files in &rows.groups {
        // What services were asked of it came from the account as well.
        registers::forget_wanted(db, files)?;
        same::set_root(db, files, files.first().copied())?;
    }
    for id in account {
        let nothing = Wanted::of_kind(WantedKind::Unavailable);
        diesel::update(wanted::table.find(id))
            .set((
                WantedColumns::of(forgotten_key(id), &nothing)?,
                wanted::origin.eq(Origin::FORGOTTEN),
                wanted::same_as.eq(rows.instead.get(&id).copied()),
            ))
            .execute(db)?;
    }
    Ok(())
}

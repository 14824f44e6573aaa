//! Which list of the library an imported one is: by its link, else by its name and what it shares.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet, VecDeque};

use diesel::prelude::*;
use ferrotape_domain::{PlaylistKind, SpotifyUri};

use super::playlists::ListRow;
use super::{Db, entries, same};
use crate::model::{Origin, StoredEntry};
use crate::schema::{import_playlists, imports, playlists};

/// One imported list and what is needed to record it.
pub(super) struct Incoming<'i> {
    pub(super) kind: PlaylistKind,
    pub(super) name: Cow<'i, str>,
    pub(super) link: Option<&'i SpotifyUri>,
    pub(super) entries: Vec<StoredEntry>,
    /// Rows of it are known to be missing.
    pub(super) incomplete: bool,
}

/// Where imported lists come from.
pub(super) struct Source<'s> {
    pub(super) origin: Origin,
    /// What was imported, for people.
    pub(super) label: &'s str,
}

/// The lists without those of the library's own that are empty and that it does not have: of these there is nothing to
/// tell.
pub(super) fn worth_a_row<'i>(db: &mut Db, lists: Vec<Incoming<'i>>) -> QueryResult<Vec<Incoming<'i>>> {
    let known: Vec<String> = playlists::table.select(playlists::kind).distinct().load(db)?;
    let has = |kind: PlaylistKind| known.iter().any(|known| known == kind.as_str());
    let is_worth = |one: &Incoming| one.kind.is_named() || !one.entries.is_empty() || has(one.kind);
    Ok(lists.into_iter().filter(is_worth).collect())
}

/// The rows of the library's lists that the imported ones are, in the order of the import; new rows are made.
/// Says also whether a list was made, renamed or given a link.
pub(super) fn identify(
    db: &mut Db,
    incoming: &[Incoming],
    from: &Source,
    roots: &same::Roots,
) -> QueryResult<(Vec<i64>, bool)> {
    let origin = from.origin;
    let known: Vec<ListRow> = playlists::table.order(playlists::id).select(ListRow::as_select()).load(db)?;
    let mut claimed: HashSet<i64> = HashSet::new();
    let mut ids: Vec<Option<i64>> = vec![None; incoming.len()];
    // One link may be on several lists of one input, and stays on as many.
    let mut of_link: HashMap<&str, VecDeque<i64>> = HashMap::new();
    for row in &known {
        row.spotify
            .as_deref()
            .into_iter()
            .for_each(|link| of_link.entry(link).or_default().push_back(row.id));
    }
    for (id, one) in ids.iter_mut().zip(incoming) {
        let Some(link) = one.link.map(ToString::to_string) else { continue };
        *id = of_link.get_mut(link.as_str()).and_then(VecDeque::pop_front);
        claimed.extend(*id);
    }
    // By name only after every link has had its say.
    by_name(db, incoming, (&known, from, roots), &mut claimed, &mut ids)?;
    let row_of: HashMap<i64, &ListRow> = known.iter().map(|row| (row.id, row)).collect();
    let mut changed = false;
    let mut keys: HashSet<String> = known.iter().map(|row| row.key.clone()).collect();
    let mut found = Vec::with_capacity(ids.len());
    for (id, one) in ids.into_iter().zip(incoming) {
        match id.and_then(|id| row_of.get(&id).copied()) {
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

/// Of more lists of one name than this, each is taken for the next one in order.
const MOST_OF_A_NAME: usize = 32;

/// Finds the lists that have no link; of several of one name those that share most, and of these those that differ least.
fn by_name(
    db: &mut Db,
    incoming: &[Incoming],
    (known, from, roots): (&[ListRow], &Source, &same::Roots),
    claimed: &mut HashSet<i64>,
    ids: &mut [Option<i64>],
) -> QueryResult<()> {
    let mut of_name: HashMap<(&str, &str), Vec<&ListRow>> = HashMap::new();
    for row in known.iter().filter(|row| !claimed.contains(&row.id)) {
        of_name.entry(name_of(&row.kind, &row.name)).or_default().push(row);
    }
    let mut next: HashMap<(&str, &str), usize> = HashMap::new();
    let mut pairs = Vec::new();
    for (at, one) in incoming.iter().enumerate() {
        if ids.get(at) != Some(&None) {
            continue;
        }
        let name = name_of(one.kind.as_str(), &one.name);
        let rows = of_name.get(&name).map(Vec::as_slice).unwrap_or_default();
        let may_be = |row: &&ListRow| one.link.is_none() || row.spotify.is_none();
        if rows.len() > MOST_OF_A_NAME {
            let turn = next.entry(name).or_default();
            let row = rows.get(*turn).copied().filter(may_be);
            *turn += 1;
            pairs.extend(row.map(|row| (std::cmp::Reverse(0), 0, at, row.id)));
            continue;
        }
        for row in rows.iter().copied().filter(may_be) {
            if let Some((shared, apart)) = shared_with(db, row, one, from, roots)? {
                pairs.push((std::cmp::Reverse(shared), apart, at, row.id));
            }
        }
    }
    pairs.sort_unstable();
    for (_, _, at, row) in pairs {
        if let Some(id) = ids.get_mut(at).filter(|id| id.is_none())
            && claimed.insert(row)
        {
            *id = Some(row);
        }
    }
    Ok(())
}

/// What a list without a link is known by. The library's own lists (liked tracks, saved albums …) are one each, whatever
/// an input calls them.
fn name_of<'n>(kind: &'n str, name: &'n str) -> (&'n str, &'n str) {
    if PlaylistKind::from_word(kind).is_none_or(PlaylistKind::is_named) { (kind, name) } else { (kind, "") }
}

/// How many things an imported list shares with one of the same name, and how many only one of them has; `None` where it
/// comes from another place and shares so little that it is another list.
fn shared_with(
    db: &mut Db,
    row: &ListRow,
    one: &Incoming,
    from: &Source,
    roots: &same::Roots,
) -> QueryResult<Option<(usize, usize)>> {
    let current = entries::current(db, row.id)?;
    let of = |list: &[StoredEntry]| -> HashSet<i64> {
        list.iter().map(|entry| same::root_of(roots, entry.wanted_id)).collect()
    };
    let (ours, theirs) = (of(&current), of(&one.entries));
    let shared = ours.intersection(&theirs).count();
    let apart = ours.symmetric_difference(&theirs).count();
    let is_own = !one.kind.is_named();
    if is_own || !entries::is_little(shared, current.len(), one.entries.len()) {
        return Ok(Some((shared, apart)));
    }
    let is_another = last_source(db, row.id)?.is_some_and(|source| source != from.label);
    Ok((!is_another).then_some((shared, apart)))
}

/// What the last import that carried a list was called.
pub(super) fn last_source(db: &mut Db, playlist_id: i64) -> QueryResult<Option<String>> {
    import_playlists::table
        .inner_join(imports::table.on(imports::id.eq(import_playlists::import_id)))
        .filter(import_playlists::playlist_id.eq(playlist_id))
        .order(imports::id.desc())
        .select(imports::label)
        .first(db)
        .optional()
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

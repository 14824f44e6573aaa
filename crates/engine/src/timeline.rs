//! The library over time: its log, a list as it was, what changed between two moments, and bringing a list back.

use std::collections::HashMap;

use ferrotape_domain::SpotifyUri;
use ferrotape_store::{
    Description, ListDiff, ListVersion, PlaylistChange, Removal, RemovalCause, Snapshot, StoredPlaylist,
    StoredWanted,
};

use crate::selection::spotify_uri;
use crate::{Context, EngineError};

/// A moment in the life of the library.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// After the snapshot of this number.
    Snapshot(i64),
    /// After the last snapshot up to this second since 1970 UTC.
    Time(i64),
}

/// One state of a list with the things that left when it came to be.
#[derive(Debug, Clone, PartialEq)]
pub struct ListStep {
    /// The state.
    pub version: ListVersion,
    /// The snapshot that made it.
    pub snapshot: Snapshot,
    /// What left, and why.
    pub removed: Vec<(StoredWanted, Removal)>,
}

/// What differs in one list between two moments.
#[derive(Debug, Clone, PartialEq)]
pub struct ListChange {
    /// Its name now.
    pub name: String,
    /// Whether it was there at the earlier moment.
    pub is_new: bool,
    /// Things that came.
    pub added: Vec<StoredWanted>,
    /// Things that left, and why as far as it is known.
    pub removed: Vec<(StoredWanted, Removal)>,
    /// Whether what stayed stands in another order.
    pub reordered: bool,
}

/// A list as it was.
#[derive(Debug, Clone, PartialEq)]
pub struct ListThen {
    /// The list as it is now.
    pub list: StoredPlaylist,
    /// The state.
    pub version: ListVersion,
    /// The snapshot that made it.
    pub snapshot: Snapshot,
    /// Its entries then, with the day each was added where known.
    pub entries: Vec<(StoredWanted, Option<String>)>,
}

/// Bringing a list back: what would change, as a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Restoring {
    /// The state that comes back.
    pub then: ListThen,
    /// What differs from now.
    pub change: ListChange,
    /// What commands call the list: its name, or `list 7` where other lists bear that name, too.
    pub call: String,
}

/// Every import, pull and restored list, oldest first.
pub fn log(context: &Context) -> Result<Vec<Snapshot>, EngineError> {
    Ok(context.library.snapshots()?)
}

/// Every state of one list, oldest first.
pub fn log_of_list(name: &str, context: &Context) -> Result<Vec<ListStep>, EngineError> {
    let list = find_list(name, context)?;
    let snapshots = context.library.snapshots()?;
    let mut steps = Vec::new();
    for version in context.library.versions_of_list(list.id)? {
        let Some(snapshot) = snapshots.iter().find(|one| one.import_id == version.import_id) else {
            continue;
        };
        let removed = with_wanted(context.library.removals_of_version(version.version_id)?, context)?;
        steps.push(ListStep { version, snapshot: snapshot.clone(), removed });
    }
    Ok(steps)
}

/// A list as it was at a moment.
pub fn show(name: &str, when: When, context: &Context) -> Result<ListThen, EngineError> {
    then(find_list(name, context)?, when, context)
}

fn then(list: StoredPlaylist, when: When, context: &Context) -> Result<ListThen, EngineError> {
    let at = snapshot_at(when, context)?;
    let version = match &at {
        Some(at) => context.library.list_at(list.id, at.import_id)?,
        None => None,
    };
    let Some(version) = version else { return Err(EngineError::NotYetThere { list: list.name }) };
    let snapshots = context.library.snapshots()?;
    let made_by = snapshots.into_iter().find(|one| one.import_id == version.import_id);
    let Some(snapshot) = made_by else { return Err(EngineError::NotYetThere { list: list.name }) };
    let entries = context.library.entries_of_version(version.version_id)?;
    let ids: Vec<i64> = entries.iter().map(|entry| entry.wanted_id).collect();
    let known = by_id(&ids, context)?;
    let described =
        entries.into_iter().filter_map(|entry| Some((known.get(&entry.wanted_id)?.clone(), entry.added)));
    Ok(ListThen { list, version, snapshot, entries: described.collect() })
}

/// What changed in the lists between two moments; only lists that differ.
pub fn diff(
    from: When,
    to: When,
    only: &[String],
    context: &Context,
) -> Result<Vec<ListChange>, EngineError> {
    let (from, to) = (snapshot_at(from, context)?, snapshot_at(to, context)?);
    let lists = match only {
        [] => context.library.playlists()?,
        names => names.iter().map(|name| find_list(name, context)).collect::<Result<_, _>>()?,
    };
    let mut changes = Vec::new();
    for list in lists {
        let state = |at: &Option<Snapshot>| match at {
            Some(at) => context.library.list_at(list.id, at.import_id),
            None => Ok(None),
        };
        let (old, new) = (state(&from)?, state(&to)?);
        let id = |version: &Option<ListVersion>| version.as_ref().map(|version| version.version_id);
        let diff = context.library.compare_versions(id(&old), id(&new))?;
        let is_new = old.is_none() && new.is_some();
        if is_new || diff != ListDiff::default() {
            changes.push(change(list.name, is_new, diff, context)?);
        }
    }
    Ok(changes)
}

fn change(name: String, is_new: bool, diff: ListDiff, context: &Context) -> Result<ListChange, EngineError> {
    let ids: Vec<i64> = diff.added.iter().map(|entry| entry.wanted_id).collect();
    let known = by_id(&ids, context)?;
    let added = ids.iter().filter_map(|id| known.get(id).cloned()).collect();
    let removed = with_wanted(diff.removed, context)?;
    Ok(ListChange { name, is_new, added, removed, reordered: diff.reordered })
}

type ById = HashMap<i64, StoredWanted>;

fn by_id(ids: &[i64], context: &Context) -> Result<ById, EngineError> {
    Ok(context.library.wanted_by_ids(ids)?.into_iter().map(|wanted| (wanted.id, wanted)).collect())
}

fn with_wanted(
    removed: Vec<Removal>,
    context: &Context,
) -> Result<Vec<(StoredWanted, Removal)>, EngineError> {
    let ids: Vec<i64> = removed.iter().map(|gone| gone.wanted_id).collect();
    let known = by_id(&ids, context)?;
    Ok(removed.into_iter().filter_map(|gone| Some((known.get(&gone.wanted_id)?.clone(), gone))).collect())
}

/// What bringing a list back would change.
pub fn plan_restore(name: &str, when: When, context: &Context) -> Result<Restoring, EngineError> {
    let list = find_list(name, context)?;
    let now = context.library.list_at(list.id, i64::MAX)?.map(|version| version.version_id);
    let then = then(list, when, context)?;
    let diff = context.library.compare_versions(now, Some(then.version.version_id))?;
    let mut change = change(then.list.name.clone(), false, diff, context)?;
    for (_, removal) in &mut change.removed {
        removal.cause = RemovalCause::Restored;
    }
    let folded = |name: &str| name.trim().to_lowercase();
    let is_namesake = |list: &&StoredPlaylist| folded(&list.name) == folded(&then.list.name);
    let is_shared = context.library.playlists()?.iter().filter(is_namesake).count() > 1;
    let call = if is_shared { format!("list {}", then.list.id) } else { then.list.name.clone() };
    Ok(Restoring { then, change, call })
}

/// Brings the list back as planned.
pub fn restore(plan: &Restoring, context: &Context) -> Result<Option<PlaylistChange>, EngineError> {
    let label = format!("“{}” as after snapshot {}", plan.then.list.name, plan.then.snapshot.import_id);
    let (list, version) = (plan.then.list.id, plan.then.version.version_id);
    Ok(context.library.restore_list(list, version, &label, context.now)?)
}

/// Takes a whole list out of the library; what changed, and the snapshot that a restore of it goes back to.
pub fn drop_list(name: &str, context: &Context) -> Result<(PlaylistChange, i64), EngineError> {
    let list = find_list(name, context)?;
    let before = show(name, When::Time(i64::MAX), context)?.snapshot.import_id;
    let label = format!("“{}” taken out", list.name);
    Ok((context.library.drop_list(list.id, &label, context.now)?, before))
}

/// Everything that was said of one thing.
pub fn descriptions(wanted_id: i64, context: &Context) -> Result<Vec<Description>, EngineError> {
    Ok(context.library.descriptions(wanted_id)?)
}

/// Makes one description a thing of its own; what it was part of before, and it itself.
pub fn split(number: i64, context: &Context) -> Result<(StoredWanted, StoredWanted), EngineError> {
    let of = |id: i64| context.library.wanted_by_ids(&[id]).map(|mut found| found.pop());
    let alone = || EngineError::NothingToSplit { number };
    let before = context.library.descriptions(number)?;
    let other = before.iter().map(|one| one.id).find(|id| *id != number).ok_or_else(alone)?;
    if !context.library.split(number, context.now)? {
        return Err(alone());
    }
    match (of(other)?, of(number)?) {
        (Some(rest), Some(split)) => Ok((rest, split)),
        _ => Err(alone()),
    }
}

/// The one list of this name or link.
fn find_list(name: &str, context: &Context) -> Result<StoredPlaylist, EngineError> {
    let lists = context.library.playlists()?;
    let link: Option<SpotifyUri> = spotify_uri(name).ok().flatten();
    let folded = |name: &str| name.trim().to_lowercase();
    let is_meant = |list: &&StoredPlaylist| {
        (link.is_some() && list.spotify == link) || folded(&list.name) == folded(name)
    };
    let mut meant: Vec<&StoredPlaylist> = lists.iter().filter(is_meant).collect();
    if meant.is_empty() {
        // Lists of one name are told apart by the number that the error about them gives.
        let number = name.strip_prefix("list ").and_then(|number| number.parse::<i64>().ok());
        meant = lists.iter().filter(|list| Some(list.id) == number).collect();
    }
    match meant.as_slice() {
        [one] => Ok((*one).clone()),
        [] => Err(EngineError::NoSuchList {
            name: name.to_owned(),
            known: lists.into_iter().map(|list| list.name).collect(),
        }),
        several => Err(EngineError::SeveralLists {
            name: name.to_owned(),
            known: several.iter().map(|list| (list.id, list.entries.len())).collect(),
        }),
    }
}

/// The last snapshot of a moment; `None` before the first.
fn snapshot_at(when: When, context: &Context) -> Result<Option<Snapshot>, EngineError> {
    let snapshots = context.library.snapshots()?;
    match when {
        When::Snapshot(number) => {
            let last = snapshots.last().map_or(0, |last| last.import_id);
            let found = snapshots.into_iter().find(|one| one.import_id == number);
            found.map(Some).ok_or(EngineError::NoSuchSnapshot { number, last })
        }
        When::Time(until) => Ok(snapshots.into_iter().rfind(|one| one.at <= until)),
    }
}

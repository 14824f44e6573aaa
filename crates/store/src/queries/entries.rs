//! What stands in a list, and what an import makes of it.
//!
//! A list that came back empty or much shorter is left as it was until the user agrees. Every other change is a new
//! version; an earlier one can always be brought back.

use std::collections::{HashMap, HashSet, VecDeque};

use diesel::prelude::*;
use ferrotape_domain::PlaylistKind;

use super::list_identity::{self, Incoming};
use super::playlists::Names;
use super::versions::{self, Kind, Next};
use super::{CHUNK, Db, same};
use crate::model::{KeptBack, ListDiff, Origin, PlaylistChange, RemovalCause, StoredEntry};
use crate::schema::{imports, playlist_entries, playlists};
use crate::versions::{Facts, compare, follow, is_same, with_added};

/// Lists of fewer entries may shrink freely: halving a list of six is an ordinary edit.
const GUARDED_FROM: usize = 10;
/// Why a list that the user took out stays as it is, as words that go on from “kept as it was – ”.
const TAKEN_OUT: &str = "you took this list out, and it stays out although it changed since; `ferrotape library restore` brings it back";

#[derive(Insertable)]
#[diesel(table_name = playlist_entries, treat_none_as_default_value = false)]
struct NewEntry<'e> {
    playlist_id: i64,
    position: i64,
    wanted_id: i64,
    added: Option<&'e str>,
}

/// What stands in a list now.
pub(super) fn current(db: &mut Db, playlist_id: i64) -> QueryResult<Vec<StoredEntry>> {
    let rows: Vec<(i64, Option<String>)> = playlist_entries::table
        .filter(playlist_entries::playlist_id.eq(playlist_id))
        .order((playlist_entries::position, playlist_entries::id))
        .select((playlist_entries::wanted_id, playlist_entries::added))
        .load(db)?;
    Ok(rows.into_iter().map(|(wanted_id, added)| StoredEntry { wanted_id, added }).collect())
}

/// Puts `entries` in place of what stood in the list.
pub(super) fn replace(db: &mut Db, playlist_id: i64, entries: &[StoredEntry]) -> QueryResult<()> {
    diesel::delete(playlist_entries::table.filter(playlist_entries::playlist_id.eq(playlist_id)))
        .execute(db)?;
    let rows: Vec<NewEntry> = (0_i64..)
        .zip(entries)
        .map(|(position, entry)| NewEntry {
            playlist_id,
            position,
            wanted_id: entry.wanted_id,
            added: entry.added.as_deref(),
        })
        .collect();
    for chunk in rows.chunks(CHUNK) {
        diesel::insert_into(playlist_entries::table).values(chunk).execute(db)?;
    }
    Ok(())
}

/// Puts a list into its next state and keeps that as a version.
fn put(
    db: &mut Db,
    (playlist_id, import_id): (i64, i64),
    name: &str,
    entries: &[StoredEntry],
    diff: &ListDiff,
) -> QueryResult<()> {
    replace(db, playlist_id, entries)?;
    let (kind, added) = (Kind::List, diff.added.len() as u64);
    let next = Next { playlist_id, import_id, kind, name, entries, added, removals: &diff.removed };
    versions::write(db, &next).map(drop)
}

/// A list and what is known of it before an import.
struct Before {
    name: String,
    current: Vec<StoredEntry>,
    /// What its source last said, where the user restored something else.
    source: Option<Vec<StoredEntry>>,
    source_version: Option<i64>,
}

impl Before {
    fn load(db: &mut Db, playlist_id: i64) -> QueryResult<Self> {
        let (name, source_version): (String, Option<i64>) = playlists::table
            .find(playlist_id)
            .select((playlists::name, playlists::source_version))
            .first(db)?;
        let source = source_version.map(|version| versions::entries(db, version)).transpose()?;
        Ok(Self { name, current: current(db, playlist_id)?, source, source_version })
    }

    /// What the source said last.
    fn source(&self) -> &[StoredEntry] {
        self.source.as_deref().unwrap_or(&self.current)
    }

    /// Whether the user took the whole list out, and did not bring it back since. Where its source had nothing in it either
    /// there is nothing to bring back, and it goes on as any other.
    fn is_taken_out(&self, db: &mut Db, playlist_id: i64) -> QueryResult<bool> {
        let is_out = self.source.is_some() && self.current.is_empty();
        Ok(is_out && versions::left_by_user(db, playlist_id)? == Some(0))
    }
}

/// Makes the entries of a list those of the import, unless the shrink guard holds. Says also whether anything,
/// order and dates included, changed.
pub(super) fn take_over(
    db: &mut Db,
    playlist_id: i64,
    one: &Incoming,
    run: &Run,
    roots: &same::Roots,
) -> QueryResult<(PlaylistChange, bool)> {
    let import_id = run.import_id;
    let before = Before::load(db, playlist_id)?;
    let mut change = PlaylistChange {
        playlist_id,
        call: run.names.call(playlist_id, &one.name),
        name: one.name.clone().into_owned(),
        kind: one.kind,
        entries: before.current.len() as u64,
        added: 0,
        removed: 0,
        kept_back: None,
        incomplete: one.incomplete,
    };
    let facts = same::ListFacts::load(db, roots, &before.current, &one.entries)?;
    let mut theirs = with_known_rows(&one.entries, before.source(), &facts);
    if one.incomplete {
        theirs = with_added(before.source(), &theirs, &facts);
    }
    if before.is_taken_out(db, playlist_id)? && !is_same(before.source(), &theirs, &facts) {
        // What its source says is not taken note of, so that what came meanwhile is new once the list is back.
        change.kept_back = Some(KeptBack { reason: TAKEN_OUT.to_owned(), may_be_accepted: false });
        return Ok((change, false));
    }
    change.kept_back =
        run.kept_back(db, playlist_id, one, (before.source(), &theirs), before.current.len(), &facts)?;
    if change.kept_back.is_some() {
        return Ok((change, false));
    }
    let entries = match &before.source {
        Some(source) => follow(source, &theirs, &before.current, &facts),
        None => theirs.clone(),
    };
    if let Some(source) = before.source.as_ref().filter(|source| **source != theirs) {
        let removals = compare(source, &theirs, &facts).removed;
        let kind = Kind::Source;
        let next = Next {
            playlist_id,
            import_id,
            kind,
            name: &before.name,
            entries: &theirs,
            added: 0,
            removals: &removals,
        };
        let version = versions::write(db, &next)?;
        set_source(db, playlist_id, Some(version))?;
    }
    let diff = compare(&before.current, &entries, &facts);
    change.entries = entries.len() as u64;
    change.added = diff.added.len() as u64;
    change.removed = diff.removed.len() as u64;
    let changed = entries != before.current;
    if changed || !is_kept(db, playlist_id, import_id)? {
        put(db, (playlist_id, import_id), &before.name, &entries, &diff)?;
    }
    Ok((change, changed))
}

/// Whether a list's state is on record so that it outlives what the account said: a file that says the same is kept
/// as a version, too.
fn is_kept(db: &mut Db, playlist_id: i64, import_id: i64) -> QueryResult<bool> {
    let origin = |db: &mut Db, import_id: i64| -> QueryResult<String> {
        imports::table.find(import_id).select(imports::origin).first(db)
    };
    let Some(newest) = versions::newest(db, playlist_id)? else { return Ok(false) };
    let account = Origin::Account.as_str();
    Ok(origin(db, newest.import_id)? != account || origin(db, import_id)? == account)
}

/// The import that lists are taken over from.
pub(super) struct Run<'r> {
    pub(super) names: Names,
    pub(super) import_id: i64,
    pub(super) label: &'r str,
    pub(super) accept_shrink: bool,
    /// The import that took in these very bytes before.
    pub(super) read_before: Option<i64>,
}

impl Run<'_> {
    /// Why the list stays as it is.
    fn kept_back(
        &self,
        db: &mut Db,
        playlist_id: i64,
        one: &Incoming,
        (current, theirs): (&[StoredEntry], &[StoredEntry]),
        kept: usize,
        facts: &dyn Facts,
    ) -> QueryResult<Option<KeptBack>> {
        if is_same(current, theirs, facts) {
            return Ok(None);
        }
        // What was read while the list was out, and so left it as it was, is news once the user has it back.
        if let Some(before) = self.read_before
            && let Some(newest) = versions::last_of_source(db, playlist_id)?
            && newest > before
        {
            let newer: String = imports::table.find(newest).select(imports::label).first(db)?;
            let reason = format!(
                "this file was read before, and “{newer}” changed the list since; `ferrotape library restore` brings \
                 an earlier state back"
            );
            return Ok(Some(KeptBack { reason, may_be_accepted: false }));
        }
        if self.accept_shrink {
            return Ok(None);
        }
        let reason = match shrink((current.len(), kept), theirs.len()) {
            Some(reason) => Some(reason),
            None if !one.kind.is_named() => self.another(db, playlist_id, current, theirs, facts)?,
            None => None,
        };
        Ok(reason.map(|reason| KeptBack { reason, may_be_accepted: true }))
    }

    /// The library's own lists are one each, but another service's likes are no later state of them.
    fn another(
        &self,
        db: &mut Db,
        playlist_id: i64,
        current: &[StoredEntry],
        theirs: &[StoredEntry],
        facts: &dyn Facts,
    ) -> QueryResult<Option<String>> {
        let shared = shared(current, theirs, facts);
        let source = list_identity::last_source(db, playlist_id)?;
        let shares_nothing = shared == 0 && !current.is_empty() && !theirs.is_empty();
        let shares_little = current.len() >= COMPARED_FROM && is_little(shared, current.len(), theirs.len());
        let is_another =
            (shares_nothing || shares_little) && source.as_deref().is_some_and(|source| source != self.label);
        Ok(is_another.then(|| {
            format!(
                "the one of “{}” shares {shared} of its {} entries with yours, so it seems to be another list",
                self.label,
                theirs.len()
            )
        }))
    }
}

/// Lists of fewer entries are told apart only where they share nothing.
const COMPARED_FROM: usize = 4;

/// Whether two lists share so little that they are hardly one.
pub(super) fn is_little(shared: usize, one: usize, other: usize) -> bool {
    shared * 4 < one.min(other)
}

/// How many things two lists share.
pub(super) fn shared(one: &[StoredEntry], other: &[StoredEntry], facts: &dyn Facts) -> usize {
    let of = |entries: &[StoredEntry]| -> HashSet<i64> {
        entries.iter().map(|entry| facts.same(entry.wanted_id)).collect()
    };
    of(one).intersection(&of(other)).count()
}

/// `current` is what the source had and what the library has, which differ where the user restored something.
fn shrink((current, kept): (usize, usize), newer: usize) -> Option<String> {
    if newer == 0 && current > 0 {
        return Some(format!("it came back empty; its {kept} entries were kept"));
    }
    (current >= GUARDED_FROM && newer * 2 < current)
        .then(|| format!("it came back with {newer} of {current} entries; the {kept} were kept"))
}

/// Entries by the rows and dates that the list already has them under: another input that says the same changes
/// nothing.
fn with_known_rows(theirs: &[StoredEntry], known: &[StoredEntry], facts: &dyn Facts) -> Vec<StoredEntry> {
    let mut rows: HashMap<i64, VecDeque<&StoredEntry>> = HashMap::new();
    for entry in known {
        rows.entry(facts.same(entry.wanted_id)).or_default().push_back(entry);
    }
    let mut taken = |entry: &StoredEntry| {
        let known = rows.get_mut(&facts.same(entry.wanted_id)).and_then(VecDeque::pop_front);
        match known {
            Some(known) => StoredEntry {
                wanted_id: known.wanted_id,
                added: known.added.clone().or_else(|| entry.added.clone()),
            },
            None => entry.clone(),
        }
    };
    theirs.iter().map(&mut taken).collect()
}

pub(super) fn set_source(db: &mut Db, playlist_id: i64, version: Option<i64>) -> QueryResult<()> {
    diesel::update(playlists::table.find(playlist_id))
        .set(playlists::source_version.eq(version))
        .execute(db)
        .map(drop)
}

/// Makes a list what it was in a version; the change, or `None` where there is no such version of it.
pub(crate) fn restore(
    db: &mut Db,
    playlist_id: i64,
    version_id: i64,
    label: &str,
    at: i64,
) -> QueryResult<Option<PlaylistChange>> {
    use crate::schema::list_versions::{dsl, table};
    let of: Option<i64> = table.find(version_id).select(dsl::playlist_id).first(db).optional()?;
    if of != Some(playlist_id) {
        return Ok(None);
    }
    let entries = versions::entries(db, version_id)?;
    let step = UserStep { entries, cause: RemovalCause::Restored, label, at };
    put_by_user(db, playlist_id, step).map(Some)
}

/// Takes everything out of a list, as a step in the log that a restore undoes.
pub(crate) fn drop_list(db: &mut Db, playlist_id: i64, label: &str, at: i64) -> QueryResult<PlaylistChange> {
    let step = UserStep { entries: Vec::new(), cause: RemovalCause::Dropped, label, at };
    put_by_user(db, playlist_id, step)
}

/// A state that the user puts a list into.
struct UserStep<'u> {
    entries: Vec<StoredEntry>,
    /// Why what leaves it leaves.
    cause: RemovalCause,
    label: &'u str,
    at: i64,
}

fn put_by_user(db: &mut Db, playlist_id: i64, step: UserStep) -> QueryResult<PlaylistChange> {
    let UserStep { entries, cause, label, at } = step;
    let import_id = super::imports::begin(db, label, at, Origin::User)?;
    let before = Before::load(db, playlist_id)?;
    let roots = same::roots(db)?;
    let facts = same::ListFacts::load(db, &roots, &before.current, &entries)?;
    let mut diff = compare(&before.current, &entries, &facts);
    diff.removed.iter_mut().for_each(|gone| gone.cause = cause);
    // What the source last said must be known by the next import, or that would undo this.
    let source = match (is_same(before.source(), &entries, &facts), before.source_version) {
        (true, _) => None,
        (false, Some(version)) => Some(version),
        (false, None) => versions::newest(db, playlist_id)?.map(|version| version.version_id),
    };
    set_source(db, playlist_id, source)?;
    put(db, (playlist_id, import_id), &before.name, &entries, &diff)?;
    let kind: String = playlists::table.find(playlist_id).select(playlists::kind).first(db)?;
    Ok(PlaylistChange {
        playlist_id,
        call: Names::load(db)?.call(playlist_id, &before.name),
        name: before.name,
        kind: PlaylistKind::from_word(&kind).ok_or_else(|| crate::json::unknown("kind of list", &kind))?,
        entries: entries.len() as u64,
        added: diff.added.len() as u64,
        removed: diff.removed.len() as u64,
        kept_back: None,
        incomplete: false,
    })
}

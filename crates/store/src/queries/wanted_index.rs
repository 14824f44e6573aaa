//! Which row of the library a described thing is: the rules of identity, over an index held in memory.
//!
//! A link is identity. Without one, the same words are the same thing (kind, first artist, title, album), unless
//! two ISRCs say otherwise; two rows with different links are never merged. A row of words becomes the row of a
//! link when exactly one such row bears the same words; its old key stays as an alias, so that decisions follow.
//! Plays name no album: they go by artist and title, and stay with the row they once went to.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use ferrotape_domain::Wanted;

use super::Db;
use super::wanted::PLAYED;
use crate::schema::{decisions, playlist_entries, wanted, wanted_aliases};

/// A row of the library, or one this import is about to add.
pub(super) struct Slot {
    /// `None` until it is inserted.
    pub(super) id: Option<i64>,
    pub(super) key: String,
    has_link: bool,
    has_album: bool,
    /// In some list now: a wish, not only something once played.
    listed: bool,
    isrc: Option<String>,
}

/// How an import uses a described thing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// An entry of a list.
    Listed,
    /// Only played.
    Played,
}

pub(super) struct Index {
    pub(super) slots: Vec<Slot>,
    /// Aliases to be written: alias and slot.
    pub(super) new_aliases: Vec<(String, usize)>,
    by_key: HashMap<String, usize>,
    by_name: HashMap<String, Vec<usize>>,
    /// By kind, artist and title alone.
    by_bare_name: HashMap<String, Vec<usize>>,
    /// Slots whose key a decision stands under.
    decided: HashSet<String>,
}

impl Index {
    pub(super) fn load(db: &mut Db) -> QueryResult<Self> {
        let mut index = Self {
            slots: Vec::new(),
            new_aliases: Vec::new(),
            by_key: HashMap::new(),
            by_name: HashMap::new(),
            by_bare_name: HashMap::new(),
            decided: decisions::table.select(decisions::wanted_key).load::<String>(db)?.into_iter().collect(),
        };
        let listed: HashSet<i64> = playlist_entries::table
            .select(playlist_entries::wanted_id)
            .distinct()
            .load(db)?
            .into_iter()
            .collect();
        type Row = (i64, String, String, String, Option<String>, Option<String>);
        let rows: Vec<Row> = wanted::table
            .order(wanted::id)
            .select((wanted::id, wanted::key, wanted::name_key, wanted::title, wanted::isrc, wanted::spotify))
            .load(db)?;
        let mut slot_of_id = HashMap::with_capacity(rows.len());
        for (id, key, name_key, title, isrc, spotify) in rows {
            let slot = Slot {
                id: Some(id),
                key,
                has_link: spotify.is_some(),
                has_album: has_album(&name_key),
                listed: listed.contains(&id),
                isrc,
            };
            slot_of_id.insert(id, index.add(slot, &name_key, !title.is_empty()));
        }
        let aliases: Vec<(String, i64)> =
            wanted_aliases::table.select((wanted_aliases::alias, wanted_aliases::wanted_id)).load(db)?;
        for (alias, id) in aliases {
            if let Some(slot) = slot_of_id.get(&id) {
                index.by_key.entry(alias).or_insert(*slot);
            }
        }
        Ok(index)
    }

    fn add(&mut self, slot: Slot, name_key: &str, is_named: bool) -> usize {
        let at = self.slots.len();
        self.by_key.insert(slot.key.clone(), at);
        if is_named {
            self.by_name.entry(name_key.to_owned()).or_default().push(at);
            self.by_bare_name.entry(bare(name_key).to_owned()).or_default().push(at);
        }
        self.slots.push(slot);
        at
    }

    /// The slot of a described thing; a new one when the library has none. Things with links must come first,
    /// things only played last.
    pub(super) fn resolve(&mut self, wanted: &Wanted, used: Use) -> usize {
        let at = if wanted.spotify.is_some() { self.of_link(wanted) } else { self.of_words(wanted, used) };
        if let Some(slot) = self.slots.get_mut(at) {
            slot.listed |= used == Use::Listed;
            if slot.isrc.is_none() {
                slot.isrc = wanted.isrc.as_ref().map(|isrc| isrc.as_str().to_owned());
            }
        }
        at
    }

    fn of_link(&mut self, wanted: &Wanted) -> usize {
        let key = wanted.spotify.as_ref().map(ToString::to_string).unwrap_or_default();
        if let Some(at) = self.by_key.get(&key) {
            return *at;
        }
        let name_key = wanted.name_key();
        if !wanted.title.is_empty() {
            let same_words =
                self.only_one(self.by_name.get(&name_key), |slot| !slot.has_link && agrees(slot, wanted));
            if let Some(at) = same_words {
                self.upgrade(at, key, String::new());
                return at;
            }
            let only_played = self.only_one(self.by_bare_name.get(bare(&name_key)), |slot| {
                !slot.has_link && !slot.has_album && !slot.listed && !self.decided.contains(&slot.key)
            });
            if let Some(at) = only_played {
                // The words lack the album, so they are no key for anything but plays.
                self.upgrade(at, key, PLAYED.to_owned());
                return at;
            }
        }
        self.add(new_slot(key, wanted, &name_key), &name_key, !wanted.title.is_empty())
    }

    fn of_words(&mut self, wanted: &Wanted, used: Use) -> usize {
        let name_key = wanted.name_key();
        let with_isrc = wanted.isrc.as_ref().map(|isrc| format!("{name_key}\u{1f}{}", isrc.as_str()));
        if let Some(at) = with_isrc.as_ref().and_then(|key| self.by_key.get(key)) {
            return *at;
        }
        let same_key = self.by_key.get(&name_key).copied().filter(|at| self.agrees_at(*at, wanted));
        let is_named = !wanted.title.is_empty();
        let same_words = || {
            let candidates = self.by_name.get(&name_key).filter(|_| is_named);
            candidates.and_then(|found| found.iter().copied().find(|at| self.agrees_at(*at, wanted)))
        };
        if let Some(at) = same_key.or_else(same_words) {
            return at;
        }
        let by_play = used == Use::Played && is_named && !has_album(&name_key);
        if let Some(at) = by_play.then(|| self.of_play(wanted, &name_key)).flatten() {
            return at;
        }
        // The plain key is taken by a recording with another ISRC.
        let taken = self.by_key.contains_key(&name_key);
        let key = with_isrc.filter(|_| taken).unwrap_or_else(|| name_key.clone());
        self.add(new_slot(key, wanted, &name_key), &name_key, is_named)
    }

    /// Artist and title may fit several albums; what is on a list is the likelier, then what was known first.
    fn of_play(&mut self, wanted: &Wanted, name_key: &str) -> Option<usize> {
        let alias = format!("{PLAYED}{name_key}");
        if let Some(at) = self.by_key.get(&alias) {
            return Some(*at);
        }
        let fits = |at: &usize| self.agrees_at(*at, wanted);
        let mut found = self.by_bare_name.get(bare(name_key))?.iter().copied().filter(fits);
        let first = found.next()?;
        let is_listed = |at: &usize| self.slots.get(*at).is_some_and(|slot| slot.listed);
        let chosen = std::iter::once(first).chain(found).find(is_listed).unwrap_or(first);
        // Remembered, or the same history read again after another import would go elsewhere and count twice.
        self.by_key.insert(alias.clone(), chosen);
        self.new_aliases.push((alias, chosen));
        Some(chosen)
    }

    fn only_one(&self, found: Option<&Vec<usize>>, fits: impl Fn(&Slot) -> bool) -> Option<usize> {
        let mut found = found?.iter().copied().filter(|at| self.slots.get(*at).is_some_and(&fits));
        found.next().filter(|_| found.next().is_none())
    }

    fn agrees_at(&self, at: usize, wanted: &Wanted) -> bool {
        self.slots.get(at).is_some_and(|slot| agrees(slot, wanted))
    }

    fn upgrade(&mut self, at: usize, key: String, alias_prefix: String) {
        let Some(slot) = self.slots.get_mut(at) else { return };
        let old = std::mem::replace(&mut slot.key, key.clone());
        slot.has_link = true;
        self.by_key.remove(&old);
        let alias = alias_prefix + &old;
        self.by_key.insert(key, at);
        self.by_key.insert(alias.clone(), at);
        self.new_aliases.push((alias, at));
    }
}

fn new_slot(key: String, wanted: &Wanted, name_key: &str) -> Slot {
    Slot {
        id: None,
        key,
        has_link: wanted.spotify.is_some(),
        has_album: has_album(name_key),
        listed: false,
        isrc: wanted.isrc.as_ref().map(|isrc| isrc.as_str().to_owned()),
    }
}

/// Same words with two different ISRCs are two recordings.
fn agrees(slot: &Slot, wanted: &Wanted) -> bool {
    match (&slot.isrc, &wanted.isrc) {
        (Some(known), Some(given)) => known == given.as_str(),
        _ => true,
    }
}

fn bare(name_key: &str) -> &str {
    name_key.rsplit_once('\u{1f}').map_or(name_key, |(bare, _)| bare)
}

fn has_album(name_key: &str) -> bool {
    !name_key.ends_with('\u{1f}')
}

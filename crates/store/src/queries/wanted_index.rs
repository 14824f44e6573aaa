//! Which row of the library a described thing is, and which rows are one thing: the rules of identity, over an index
//! held in memory.
//!
//! A row is a description: one link, or the same words (kind, first artist, title, album) without one. Rows are one
//! thing when they bear the same link; when they bear the same words, at most one of them has a link, and only one
//! thing fits; when ISRC, MusicBrainz recording or feed are the same and names and playing times agree. Two ISRCs,
//! or what the user took apart, are never one thing. What the account says has rows of its own, so that it can be
//! forgotten. Plays name no album: they go by artist and title, and stay with the row they once went to.

mod finding;

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use diesel::prelude::*;
use ferrotape_domain::{Wanted, WantedKind, feed_key};

use super::Db;
use super::wanted_groups::{Group, Id, MOST_OF_A_NAME, NewMerge};
use crate::model::{MergeReason, Origin};
use crate::schema::{decisions, merges, playlist_entries, wanted, wanted_aliases};

/// A row of the library, or one this import is about to add.
pub(super) struct Slot {
    /// `None` until it is inserted.
    pub(super) id: Option<i64>,
    pub(super) key: String,
    /// The slot of the thing's first row; its own place for that one itself.
    pub(super) root: usize,
    pub(super) is_account: bool,
    pub(super) kind: WantedKind,
    /// Kind, artist and title.
    pub(super) bare: String,
    has_album: bool,
    pub(super) duration_ms: Option<i64>,
    /// Of the whole thing, kept at its first row.
    pub(super) group: Group,
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
    pub(super) new_merges: Vec<NewMerge>,
    /// Known rows whose key changed.
    pub(super) rekeyed: Vec<usize>,
    origin: Origin,
    by_key: HashMap<String, usize>,
    by_link: HashMap<String, usize>,
    by_name: HashMap<String, Vec<usize>>,
    /// The same, but only things without a link, which is what a linked description may be of.
    open_by_name: HashMap<String, Vec<usize>>,
    /// By kind, artist and title alone.
    by_bare_name: HashMap<String, Vec<usize>>,
    /// The same, but only things without a link whose album nobody named.
    open_by_bare_name: HashMap<String, Vec<usize>>,
    /// Slots that a description of this import is of, found by words alone: what the import tells apart stays apart.
    taken: HashSet<usize>,
    /// Of words that several descriptions share, the first number whose description may still be looked for.
    next_number: HashMap<String, u32>,
    /// Hashes of words that this import has several things under, none of them linked: which of them another thing is
    /// would be a guess.
    ambiguous: HashSet<u64>,
    /// By ISRC, MusicBrainz recording or feed, each with its reason.
    pub(super) by_id: HashMap<Id, Vec<usize>>,
    /// Keys that a decision stands under.
    decided: HashSet<String>,
    /// Rows that the user took apart, lesser id first.
    pub(super) apart: HashSet<(i64, i64)>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = wanted)]
struct Row {
    id: i64,
    key: String,
    name_key: String,
    kind: String,
    title: String,
    duration_ms: Option<i64>,
    isrc: Option<String>,
    recording_mbid: Option<String>,
    spotify: Option<String>,
    feed: Option<String>,
    same_as: Option<i64>,
    origin: String,
}

/// What a description says of its identity.
struct Ids {
    link: Option<String>,
    others: Vec<Id>,
}

impl Ids {
    fn new(link: Option<String>, isrc: Option<String>, mbid: Option<String>, feed: Option<String>) -> Self {
        let others = [
            isrc.map(|isrc| (MergeReason::SameIsrc, isrc)),
            mbid.map(|mbid| (MergeReason::SameMbid, mbid)),
            feed.map(|feed| (MergeReason::SameFeed, feed_key(&feed))),
        ];
        Self { link, others: others.into_iter().flatten().collect() }
    }

    fn of(wanted: &Wanted) -> Self {
        Self::new(
            wanted.spotify.as_ref().map(ToString::to_string),
            wanted.isrc.as_ref().map(ToString::to_string),
            wanted.recording_mbid.as_ref().map(ToString::to_string),
            wanted.feed.clone(),
        )
    }
}

impl Index {
    pub(super) fn load(db: &mut Db, origin: Origin) -> QueryResult<Self> {
        let apart: Vec<(i64, i64)> = merges::table
            .filter(merges::undone.ne(0))
            .select((merges::wanted_id, merges::into_id))
            .load(db)?;
        let mut index = Self {
            slots: Vec::new(),
            new_aliases: Vec::new(),
            new_merges: Vec::new(),
            rekeyed: Vec::new(),
            origin,
            by_key: HashMap::new(),
            by_link: HashMap::new(),
            by_name: HashMap::new(),
            open_by_name: HashMap::new(),
            by_bare_name: HashMap::new(),
            open_by_bare_name: HashMap::new(),
            taken: HashSet::new(),
            next_number: HashMap::new(),
            ambiguous: HashSet::new(),
            by_id: HashMap::new(),
            decided: decisions::table.select(decisions::wanted_key).load::<String>(db)?.into_iter().collect(),
            apart: apart.into_iter().map(|(a, b)| (a.min(b), a.max(b))).collect(),
        };
        let listed: HashSet<i64> = playlist_entries::table
            .select(playlist_entries::wanted_id)
            .distinct()
            .load(db)?
            .into_iter()
            .collect();
        let rows: Vec<Row> = wanted::table.order(wanted::id).select(Row::as_select()).load(db)?;
        let slot_of_id = index.take(rows, &listed);
        let aliases: Vec<(String, i64)> =
            wanted_aliases::table.select((wanted_aliases::alias, wanted_aliases::wanted_id)).load(db)?;
        for (alias, id) in aliases {
            if let Some(slot) = slot_of_id.get(&id) {
                index.by_key.entry(alias).or_insert(*slot);
            }
        }
        Ok(index)
    }

    /// Takes in the rows of the library; the slot of each.
    fn take(&mut self, rows: Vec<Row>, listed: &HashSet<i64>) -> HashMap<i64, usize> {
        let mut slot_of_id = HashMap::with_capacity(rows.len());
        let mut joined = Vec::new();
        for row in rows {
            let ids = Ids::new(row.spotify, row.isrc, row.recording_mbid, row.feed);
            let slot = Slot {
                id: Some(row.id),
                key: row.key,
                root: 0,
                is_account: row.origin == Origin::Account.as_str(),
                kind: WantedKind::from_word(&row.kind).unwrap_or(WantedKind::Unavailable),
                bare: bare(&row.name_key).to_owned(),
                has_album: has_album(&row.name_key),
                duration_ms: row.duration_ms,
                group: Group { listed: listed.contains(&row.id), ..Group::default() },
            };
            let at = self.add(slot, &row.name_key, !row.title.is_empty(), &ids);
            slot_of_id.insert(row.id, at);
            joined.extend(row.same_as.map(|root| (at, root)));
        }
        for (at, root) in joined {
            if let Some(root) = slot_of_id.get(&root) {
                self.link_groups(at, *root);
            }
        }
        slot_of_id
    }

    fn add(&mut self, mut slot: Slot, name_key: &str, is_named: bool, ids: &Ids) -> usize {
        let at = self.slots.len();
        slot.root = at;
        slot.group.members = vec![at];
        slot.group.has_link = ids.link.is_some();
        slot.group.learn(&ids.others);
        self.by_key.insert(slot.key.clone(), at);
        if is_named {
            self.by_name.entry(name_key.to_owned()).or_default().push(at);
            self.by_bare_name.entry(slot.bare.clone()).or_default().push(at);
            if ids.link.is_none() {
                self.open_by_name.entry(name_key.to_owned()).or_default().push(at);
                if !slot.has_album {
                    self.open_by_bare_name.entry(slot.bare.clone()).or_default().push(at);
                }
            }
        }
        slot.group.hear(slot.duration_ms);
        self.slots.push(slot);
        self.learn(at, ids);
        at
    }

    /// Takes in the ids of a slot, old and newly learnt.
    fn learn(&mut self, at: usize, ids: &Ids) {
        if let Some(link) = &ids.link {
            self.by_link.entry(link.clone()).or_insert(at);
        }
        for id in &ids.others {
            let slots = self.by_id.entry(id.clone()).or_default();
            // An ISRC that stands for very many things stands for none.
            if slots.len() < MOST_OF_A_NAME && !slots.contains(&at) {
                slots.push(at);
            }
        }
    }

    /// The slot of a described thing; a new one when the library has none. Things with links must come first,
    /// things only played last.
    pub(super) fn resolve(&mut self, wanted: &Wanted, used: Use) -> usize {
        let at = if wanted.spotify.is_some() { self.of_link(wanted) } else { self.of_words(wanted, used) };
        let ids = Ids::of(wanted);
        self.learn(at, &ids);
        let milliseconds = milliseconds(wanted);
        if let Some(slot) = self.slots.get_mut(at) {
            slot.duration_ms = slot.duration_ms.or(milliseconds);
        }
        let root = self.root(at);
        if let Some(slot) = self.slots.get_mut(root) {
            slot.group.listed |= used == Use::Listed;
            slot.group.learn(&ids.others);
            slot.group.hear(milliseconds);
        }
        for (reason, id) in ids.others {
            self.join_same_id(at, reason, id);
        }
        at
    }

    /// Looks for words that stand for several things of an import.
    pub(super) fn look_for_ambiguous<'w>(&mut self, wanted: impl Iterator<Item = &'w Wanted>) {
        let mut seen = HashSet::new();
        for name in wanted.filter(|wanted| wanted.spotify.is_none()).map(|wanted| hash_of(&wanted.name_key()))
        {
            if !seen.insert(name) {
                self.ambiguous.insert(name);
            }
        }
    }

    /// How many things these slots are that the library had, and how many that are new.
    pub(super) fn known_and_new(&self, slots: &[usize]) -> (u64, u64) {
        let roots: HashSet<usize> = slots.iter().map(|at| self.root(*at)).collect();
        let known =
            roots.iter().filter(|at| self.slots.get(**at).is_some_and(|slot| slot.id.is_some())).count();
        (known as u64, (roots.len() - known) as u64)
    }

    /// Whether rows of the library are to be changed.
    pub(super) fn has_news(&self) -> bool {
        !self.new_merges.is_empty() || !self.rekeyed.is_empty()
    }
}

fn hash_of(name_key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    name_key.hash(&mut hasher);
    hasher.finish()
}

fn milliseconds(wanted: &Wanted) -> Option<i64> {
    wanted.duration.and_then(|time| i64::try_from(time.as_millis()).ok())
}

pub(super) fn bare(name_key: &str) -> &str {
    name_key.rsplit_once('\u{1f}').map_or(name_key, |(bare, _)| bare)
}

fn has_album(name_key: &str) -> bool {
    !name_key.ends_with('\u{1f}')
}

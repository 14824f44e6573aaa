//! Which row a described thing is: by its link, by its words, or as something that was played.

use ferrotape_domain::{Wanted, WantedKind};

use super::super::wanted::{PLAYED, account_key};
use super::super::wanted_groups::{Group, MOST_OF_A_NAME};
use super::{Ids, Index, Slot, Use, bare, has_album, hash_of, milliseconds};
use crate::model::{MergeReason, Origin};

/// Stands before the number in the key of a description whose words another has, too.
const NUMBER: &str = "#";

impl Index {
    /// The key under which this import's origin keeps a description.
    fn own_key(&self, key: &str) -> String {
        if self.origin == Origin::Account { account_key(key) } else { key.to_owned() }
    }

    pub(super) fn of_link(&mut self, wanted: &Wanted) -> usize {
        let link = wanted.spotify.as_ref().map(ToString::to_string).unwrap_or_default();
        let key = self.own_key(&link);
        if let Some(at) = self.by_key.get(&key) {
            return *at;
        }
        let name_key = wanted.name_key();
        let ids = Ids::of(wanted);
        let same_link = self.by_link.get(&link).copied();
        let is_named = names_enough(wanted);
        let time = milliseconds(wanted);
        let same_words = || {
            let is_clear = is_named && !self.ambiguous.contains(&hash_of(&name_key));
            let found = self.open_by_name.get(&name_key).filter(|_| is_clear);
            self.only_one(found, |group| !group.has_link && group.agrees(&ids.others) && group.lasts(time))
        };
        let same = match same_link {
            Some(at) => Some((at, MergeReason::SameLink)),
            None => same_words().map(|at| (at, MergeReason::SameWords)),
        };
        let same = same.or_else(|| {
            let at = self.only_played(&name_key).filter(|_| is_named)?;
            // The words lack the album, so they are no key for anything but plays.
            self.rekey(at);
            Some((at, MergeReason::SameWords))
        });
        let at = self.add_new(key, wanted, &name_key);
        if let Some((other, reason)) = same {
            self.join(at, other, reason);
        }
        at
    }

    pub(super) fn of_words(&mut self, wanted: &Wanted, used: Use) -> usize {
        let name_key = wanted.name_key();
        let ids = Ids::of(wanted);
        let with_id = ids.others.first().map(|(_, id)| format!("{name_key}\u{1f}{id}"));
        let id_key = with_id.map(|key| self.own_key(&key));
        if let Some(at) = id_key.as_ref().and_then(|key| self.by_key.get(key)) {
            return *at;
        }
        let own_key = self.own_key(&name_key);
        let time = milliseconds(wanted);
        let (same_key, free_key) = self.of_same_words(&own_key, &ids, time);
        if let Some(at) = same_key {
            return at;
        }
        let is_named = names_enough(wanted);
        let by_play = used == Use::Played && is_named && !has_album(&name_key);
        if let Some(at) = by_play.then(|| self.of_play(wanted, &name_key)).flatten() {
            return at;
        }
        // Words that fit several things say of none that it is meant.
        let found = self.by_name.get(&name_key).filter(|_| is_named);
        let same_words = self.only_one(found, |group| group.agrees(&ids.others) && group.lasts(time));
        let same_words = same_words.filter(|_| !self.ambiguous.contains(&hash_of(&name_key)));
        // The plain key is taken by a thing with another id, or by another of the same words.
        let key = id_key.filter(|_| free_key != own_key).unwrap_or(free_key);
        let at = self.add_new(key, wanted, &name_key);
        self.taken.insert(at);
        if let Some(other) = same_words {
            self.join(at, other, MergeReason::SameWords);
        }
        at
    }

    /// The description that these words were kept under before, unless something tells the two apart; and the key under
    /// which they can be kept if there is none. Things of the same words in one import are told apart by their number.
    fn of_same_words(&mut self, own_key: &str, ids: &Ids, time: Option<i64>) -> (Option<usize>, String) {
        let fits = |group: &Group| group.agrees(&ids.others) && group.lasts(time);
        let fitting = |index: &Self, at: usize| index.group(at).is_none_or(fits);
        let by_time = time.map(|time| format!("{own_key}\u{1f}{NUMBER}{time} ms"));
        let of_time = by_time.as_ref().and_then(|key| Some((self.by_key.get(key).copied()?, key.clone())));
        if let Some((at, key)) = of_time
            && fitting(self, at)
            && self.taken.insert(at)
        {
            return (Some(at), key);
        }
        // Numbers that are taken are not looked at again, or very many of the same words would never end.
        let mut first = self.next_number.get(own_key).copied().unwrap_or(1);
        let mut number = first;
        let found = loop {
            let key =
                if number == 1 { own_key.to_owned() } else { format!("{own_key}\u{1f}{NUMBER}{number}") };
            let Some(at) = self.by_key.get(&key).copied() else {
                // Time tells it apart by itself; a number only says which of equals it is.
                let free = by_time.filter(|key| number > 1 && !self.by_key.contains_key(key));
                break (None, free.unwrap_or(key));
            };
            if self.taken.contains(&at) {
                first += u32::from(number == first);
            } else if fitting(self, at) {
                self.taken.insert(at);
                break (Some(at), key);
            }
            number += 1;
        };
        self.next_number.insert(own_key.to_owned(), first);
        found
    }

    /// Artist and title may fit several albums; what is on a list is the likelier, then what was known first.
    fn of_play(&mut self, wanted: &Wanted, name_key: &str) -> Option<usize> {
        let alias = format!("{PLAYED}{name_key}");
        if let Some(at) = self.by_key.get(&alias) {
            return Some(*at);
        }
        let ids = Ids::of(wanted);
        // Plays are the user's own and outlive the account, so they never hang on a row of its.
        let own = |at: &usize| self.slots.get(*at).is_some_and(|slot| !slot.is_account);
        let fits = |at: &usize| own(at) && self.group(*at).is_some_and(|group| group.agrees(&ids.others));
        let mut found = self.by_bare_name.get(bare(name_key))?.iter().copied().filter(fits);
        let first = found.next()?;
        let is_listed = |at: &usize| self.group(*at).is_some_and(|group| group.listed);
        let chosen = std::iter::once(first).chain(found).find(is_listed).unwrap_or(first);
        // Remembered, or the same history read again after another import would go elsewhere and count twice.
        self.by_key.insert(alias.clone(), chosen);
        self.new_aliases.push((alias, chosen));
        Some(chosen)
    }

    /// The one thing of this artist and title that was only ever played.
    fn only_played(&self, name_key: &str) -> Option<usize> {
        let found = self.open_by_bare_name.get(bare(name_key))?;
        let plain = |at: &usize| {
            self.slots.get(*at).is_some_and(|slot| !slot.has_album && !self.decided.contains(&slot.key))
        };
        let found: Vec<usize> = found.iter().copied().take(MOST_OF_A_NAME).filter(plain).collect();
        self.only_one(Some(&found), |group| !group.has_link && !group.listed && group.members.len() == 1)
    }

    fn rekey(&mut self, at: usize) {
        let Some(slot) = self.slots.get_mut(at) else { return };
        let key = format!("{PLAYED}{}", slot.key);
        let old = std::mem::replace(&mut slot.key, key.clone());
        self.by_key.remove(&old);
        self.by_key.insert(key, at);
        self.rekeyed.push(at);
    }

    fn add_new(&mut self, key: String, wanted: &Wanted, name_key: &str) -> usize {
        let slot = Slot {
            id: None,
            key,
            root: 0,
            is_account: self.origin == Origin::Account,
            kind: wanted.kind,
            bare: bare(name_key).to_owned(),
            has_album: has_album(name_key),
            duration_ms: None,
            group: Group::default(),
        };
        self.add(slot, name_key, !wanted.title.is_empty(), &Ids::of(wanted))
    }
}

/// Words that may stand for a thing: a title alone is no name, but of a podcast or a book.
fn names_enough(wanted: &Wanted) -> bool {
    let is_alone = wanted.artists.is_empty() && wanted.release.is_none();
    !wanted.title.is_empty() && (!is_alone || matches!(wanted.kind, WantedKind::Show | WantedKind::Audiobook))
}

//! Which versions may stand in for what is wanted, and how much of podcasts is kept: what the user said of each list,
//! and of one run.
//!
//! A thing on several lists has one file on the player, so the strictest of their policies holds: only what all of
//! them allow. A run's own words are said over that, for this run.

use std::collections::HashMap;

use ferrotape_domain::{PlaylistKind, WantedKind};
use ferrotape_matching::{Allowed, Policy};
use ferrotape_store::{ListPolicy, StoredPlaylist};

use crate::{Context, EngineError};

/// What the command of one run says, over what the lists say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RunPolicy {
    /// Live recordings may stand in.
    pub live: bool,
    /// Other editions may stand in.
    pub edition: bool,
    /// No remaster may stand in.
    pub no_remaster: bool,
    /// A version marked clean is never taken.
    pub never_clean: bool,
    /// Of each podcast only so many episodes, the newest that were not played; over what lists say.
    pub newest: Option<u32>,
}

impl RunPolicy {
    /// `allowed`, changed by what this run says.
    pub fn over(self, allowed: Allowed) -> Allowed {
        Allowed {
            remaster: allowed.remaster && !self.no_remaster,
            edition: allowed.edition || self.edition,
            live: allowed.live || self.live,
            never_clean: allowed.never_clean || self.never_clean,
        }
    }
}

/// What holds for one wanted thing, and which lists' words led to it.
#[derive(Debug, Clone, PartialEq)]
pub struct InForce {
    /// What may stand in for it.
    pub allowed: Allowed,
    /// The lists that name it, with what each allows.
    pub lists: Vec<(String, Allowed)>,
    /// What this run says over them.
    pub run: RunPolicy,
}

impl InForce {
    /// Whether its lists do not all allow the same, so that some are stricter than the user said of others.
    pub fn is_strictest_of_several(&self) -> bool {
        self.lists.windows(2).any(|two| matches!(two, [(_, a), (_, b)] if a != b))
    }
}

/// What was said of one list.
#[derive(Debug)]
struct OneList {
    name: String,
    kind: PlaylistKind,
    allowed: Allowed,
    newest: Option<u32>,
}

/// The policies of every list, and of the run.
#[derive(Debug, Default)]
pub(crate) struct Policies {
    run: RunPolicy,
    lists: Vec<OneList>,
    of_wanted: HashMap<i64, Vec<usize>>,
}

impl Policies {
    pub(crate) fn load(run: &RunPolicy, context: &Context) -> Result<Self, EngineError> {
        let mut all = Self { run: *run, ..Self::default() };
        for (at, list) in context.library.playlists()?.into_iter().enumerate() {
            for entry in &list.entries {
                let lists = all.of_wanted.entry(entry.wanted_id).or_default();
                if lists.last() != Some(&at) {
                    lists.push(at);
                }
            }
            let allowed = of_list(&list);
            let newest = list.allows.and_then(|said| said.newest);
            all.lists.push(OneList { name: list.name, kind: list.kind, allowed, newest });
        }
        Ok(all)
    }

    pub(crate) fn in_force(&self, wanted_id: i64) -> InForce {
        let lists: Vec<(String, Allowed)> =
            self.lists_of(wanted_id).map(|list| (list.name.clone(), list.allowed)).collect();
        let allowed = self.run.over(strictest(lists.iter().map(|(_, allowed)| *allowed)));
        InForce { allowed, lists, run: self.run }
    }

    pub(crate) fn of(&self, wanted_id: i64) -> Policy {
        let allowed = self.lists_of(wanted_id).map(|list| list.allowed);
        Policy { allowed: self.run.over(strictest(allowed)), ..Policy::default() }
    }

    /// How many episodes are kept of a podcast, or of that of a saved episode: what the run says, else the strictest of
    /// its lists. Everything where a list names it that is neither of saved podcasts nor of saved episodes, and of an
    /// episode that was named by its link: what somebody put on a playlist, or asks for, is meant.
    pub(crate) fn newest(&self, wanted_id: i64, kind: WantedKind) -> Option<u32> {
        let asked_for = kind == WantedKind::Episode && self.lists_of(wanted_id).next().is_none();
        if asked_for || !self.lists_of(wanted_id).all(|list| keeps_newest(list.kind)) {
            return None;
        }
        self.run.newest.or_else(|| self.lists_of(wanted_id).filter_map(|list| list.newest).min())
    }

    fn lists_of(&self, wanted_id: i64) -> impl Iterator<Item = &OneList> {
        let lists = self.of_wanted.get(&wanted_id).into_iter().flatten();
        lists.filter_map(|at| self.lists.get(*at))
    }
}

/// Whether of a list's podcasts a number of episodes may be kept.
fn keeps_newest(kind: PlaylistKind) -> bool {
    matches!(kind, PlaylistKind::SavedShows | PlaylistKind::Subscriptions | PlaylistKind::SavedEpisodes)
}

/// Only what all of them allow; the default where there is none.
fn strictest(all: impl Iterator<Item = Allowed>) -> Allowed {
    let stricter = |a: Allowed, b: Allowed| Allowed {
        remaster: a.remaster && b.remaster,
        edition: a.edition && b.edition,
        live: a.live && b.live,
        never_clean: a.never_clean || b.never_clean,
    };
    all.reduce(stricter).unwrap_or_default()
}

fn of_list(list: &StoredPlaylist) -> Allowed {
    list.allows.map_or_else(Allowed::default, |said| Allowed {
        remaster: said.remaster,
        edition: said.edition,
        live: said.live,
        never_clean: said.never_clean,
    })
}

/// One list and what may stand in on it.
#[derive(Debug, Clone, PartialEq)]
pub struct PolicyOfList {
    /// The list's name.
    pub name: String,
    /// How many things it names, each once.
    pub things: u64,
    /// What may stand in on it.
    pub allowed: Allowed,
    /// How many episodes of each of its podcasts are kept; all when `None`.
    pub newest: Option<u32>,
    /// Whether the user said so; else it is what holds by default.
    pub said: bool,
    /// How many of its things are on a stricter list, too, and so do not get all that this one allows.
    pub held_back: u64,
}

/// Every list with its policy, in library order; with `names`, only the lists of these names.
pub fn list_policies(names: &[String], context: &Context) -> Result<Vec<PolicyOfList>, EngineError> {
    let policies = Policies::load(&RunPolicy::default(), context)?;
    let lists = named(names, context)?.into_iter().map(|list| {
        let allowed = of_list(&list);
        let mut things: Vec<i64> = list.entries.iter().map(|entry| entry.wanted_id).collect();
        things.sort_unstable();
        things.dedup();
        let held_back = things.iter().filter(|id| is_stricter(policies.of(**id).allowed, allowed)).count();
        PolicyOfList {
            name: list.name,
            things: things.len() as u64,
            allowed,
            newest: list.allows.and_then(|said| said.newest),
            said: list.allows.is_some(),
            held_back: held_back as u64,
        }
    });
    Ok(lists.collect())
}

fn is_stricter(holds: Allowed, said: Allowed) -> bool {
    (said.live && !holds.live) || (said.edition && !holds.edition) || (said.remaster && !holds.remaster)
}

/// Says what may stand in on the lists of these names, and how many episodes of their podcasts are kept; `None` is what
/// holds by default.
pub fn set_policy(names: &[String], said: Option<RunPolicy>, context: &Context) -> Result<(), EngineError> {
    let lists = named(names, context)?;
    let said =
        said.map(|said| (said.over(Allowed::default()), said.newest)).map(|(allowed, newest)| ListPolicy {
            remaster: allowed.remaster,
            edition: allowed.edition,
            live: allowed.live,
            never_clean: allowed.never_clean,
            newest,
        });
    let newest = said.and_then(|said| said.newest);
    if let Some(list) = lists.iter().find(|list| newest.is_some() && !keeps_newest(list.kind)) {
        return Err(EngineError::NewestOfPlaylist { list: list.name.clone() });
    }
    for list in lists {
        context.library.set_list_policy(list.id, said)?;
    }
    Ok(())
}

/// The lists of these names, in any spelling of upper and lower case; all when none is named.
fn named(names: &[String], context: &Context) -> Result<Vec<StoredPlaylist>, EngineError> {
    let mut lists = context.library.playlists()?;
    let folded = |name: &str| name.trim().to_lowercase();
    for name in names {
        if !lists.iter().any(|list| folded(&list.name) == folded(name)) {
            let known = lists.into_iter().map(|list| list.name).collect();
            return Err(EngineError::NoSuchList { name: name.clone(), known });
        }
    }
    lists.retain(|list| names.is_empty() || names.iter().any(|name| folded(name) == folded(&list.name)));
    Ok(lists)
}

/// What is taken, in words: `the same recording, or a remaster of it`.
pub fn says(allowed: Allowed) -> String {
    let may = [
        (allowed.remaster, "a remaster of it"),
        (allowed.edition, "another edition of it (single edit, extended, mono or stereo)"),
        (allowed.live, "a live recording of it"),
    ];
    let may: Vec<&str> = may.into_iter().filter(|(is, _)| *is).map(|(_, what)| what).collect();
    let never = if allowed.never_clean { "; never a clean version" } else { "" };
    match may.as_slice() {
        [] => format!("only the very same recording{never}"),
        may => format!("the same recording, or {}{never}", may.join(", or ")),
    }
}

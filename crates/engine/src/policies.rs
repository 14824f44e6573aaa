//! Which versions may stand in for what is wanted: what the user said of each list, and of one run.
//!
//! A thing on several lists has one file on the player, so the strictest of their policies holds: only what all of
//! them allow. A run's own words are said over that, for this run.

use std::collections::HashMap;

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

/// The policies of every list, and of the run.
#[derive(Debug, Default)]
pub(crate) struct Policies {
    run: RunPolicy,
    lists: Vec<(String, Allowed)>,
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
            all.lists.push((list.name, allowed));
        }
        Ok(all)
    }

    pub(crate) fn in_force(&self, wanted_id: i64) -> InForce {
        let lists = self.of_wanted.get(&wanted_id).into_iter().flatten();
        let lists: Vec<(String, Allowed)> = lists
            .filter_map(|at| self.lists.get(*at))
            .map(|(name, allowed)| (name.clone(), *allowed))
            .collect();
        let allowed = self.run.over(strictest(lists.iter().map(|(_, allowed)| *allowed)));
        InForce { allowed, lists, run: self.run }
    }

    pub(crate) fn of(&self, wanted_id: i64) -> Policy {
        let lists = self.of_wanted.get(&wanted_id).into_iter().flatten();
        let allowed = lists.filter_map(|at| self.lists.get(*at)).map(|(_, allowed)| *allowed);
        Policy { allowed: self.run.over(strictest(allowed)), ..Policy::default() }
    }
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
            said: list.allows.is_some(),
            held_back: held_back as u64,
        }
    });
    Ok(lists.collect())
}

fn is_stricter(holds: Allowed, said: Allowed) -> bool {
    (said.live && !holds.live) || (said.edition && !holds.edition) || (said.remaster && !holds.remaster)
}

/// Says what may stand in on the lists of these names; `None` is what holds by default.
pub fn set_policy(names: &[String], allowed: Option<Allowed>, context: &Context) -> Result<(), EngineError> {
    let said = allowed.map(|allowed| ListPolicy {
        remaster: allowed.remaster,
        edition: allowed.edition,
        live: allowed.live,
        never_clean: allowed.never_clean,
    });
    for list in named(names, context)? {
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

//! What the last runs left on players and in folders, and what of it is seen there now.

use std::collections::HashSet;
use std::path::Path;

use ferrotape_device::{KnownPlaces, SeenTarget, Standing, System};
use ferrotape_domain::{ContentId, Outcome};
use ferrotape_store::{SavedRun, StoredWanted};

use crate::matching::Matching;
use crate::{Context, EngineError};

/// A player or folder that was filled, as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetNow {
    /// Its path.
    pub target: String,
    /// When the last run to it was, in seconds since 1970 UTC: what is not seen now was seen then.
    pub at: i64,
    /// Whether it is there now, as one that was emptied is. A device that is reached by MTP is not looked for.
    pub is_there: bool,
    /// Wanted things that the last run left on it.
    pub left: u64,
    /// Of these, what is not on it any more although it is there.
    pub gone: u64,
}

/// Where a wanted thing is, of what the last runs left.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Left {
    /// On a target that is there, and seen.
    pub(super) there: bool,
    /// On a target that is not there now.
    pub(super) away: bool,
    /// Not any more on a target that is there.
    pub(super) gone: bool,
}

struct Filled {
    now: TargetNow,
    left: HashSet<i64>,
    /// `None` while it is away.
    seen: Option<SeenTarget>,
}

/// All that was ever filled.
pub(super) struct Targets {
    all: Vec<Filled>,
}

impl Targets {
    /// Looks at each target of the last runs.
    pub(super) fn look(matching: &Matching, system: &System, context: &Context) -> Result<Self, EngineError> {
        let runs = context.library.last_runs()?;
        let mut all: Vec<Filled> = runs.into_iter().map(|run| filled(run, system, context)).collect();
        for filled in &mut all {
            for wanted in matching.matched.iter().map(|matched| &matched.wanted) {
                if filled.left.contains(&wanted.id) {
                    filled.now.left += 1;
                    filled.now.gone += u64::from(filled.now.is_there && !filled.holds(wanted));
                }
            }
        }
        // Of what is not wanted any more nobody asks.
        all.retain(|filled| filled.now.left > 0 || filled.seen.is_some());
        Ok(Self { all })
    }

    /// Where a wanted thing is now.
    pub(super) fn of(&self, wanted: &StoredWanted) -> Left {
        let mut left = Left::default();
        for filled in &self.all {
            let was_left = filled.left.contains(&wanted.id);
            match filled.holds(wanted) {
                true => left.there = true,
                false if was_left && filled.now.is_there => left.gone = true,
                false => left.away |= was_left,
            }
        }
        left
    }

    /// The targets on which all that was made of these files is seen now.
    pub(super) fn holding(&self, files: &[&ContentId]) -> Vec<String> {
        let holds = |seen: &SeenTarget| files.iter().all(|file| seen.holds_all_of(&file.0));
        let holding = self.all.iter().filter(|filled| filled.seen.as_ref().is_some_and(holds));
        holding.map(|filled| filled.now.target.clone()).collect()
    }

    /// The targets that are away and had these things when they were last filled, and when that was.
    pub(super) fn that_had(&self, wanted: &[i64]) -> Vec<(String, i64)> {
        let away = self.all.iter().filter(|filled| filled.seen.is_none());
        let had = away.filter(|filled| wanted.iter().all(|id| filled.left.contains(id)));
        had.map(|filled| (filled.now.target.clone(), filled.now.at)).collect()
    }

    /// How each is now.
    pub(super) fn into_now(self) -> Vec<TargetNow> {
        self.all.into_iter().map(|filled| filled.now).filter(|now| now.left > 0).collect()
    }
}

impl Filled {
    fn holds(&self, wanted: &StoredWanted) -> bool {
        let Some(seen) = &self.seen else { return false };
        std::iter::once(&wanted.key).chain(&wanted.aliases).any(|key| seen.holds(key))
    }
}

fn filled(run: SavedRun, system: &System, context: &Context) -> Filled {
    let on_it = run.rows.iter().filter(|(_, outcome)| matches!(outcome, Outcome::OnPlayer { .. }));
    let left = on_it.map(|(id, _)| *id).collect();
    let seen = match is_unplugged(&run.target, system, context) {
        true => None,
        // What cannot be read is not seen.
        false => SeenTarget::at(Path::new(&run.target)).unwrap_or_else(|error| {
            context.warn(&run.target, format!("it cannot be looked at: {error}"));
            None
        }),
    };
    let is_there = seen.is_some();
    Filled { now: TargetNow { target: run.target, at: run.at, is_there, left: 0, gone: 0 }, left, seen }
}

/// Whether only its empty mount point is there, or another player.
fn is_unplugged(target: &str, system: &System, context: &Context) -> bool {
    let now = system.place_of(Path::new(target));
    let (Some(now), Some(folder)) = (now, context.library.folder()) else { return false };
    KnownPlaces::load(folder).is_ok_and(|known| known.standing(target, &now) != Standing::AsBefore)
}

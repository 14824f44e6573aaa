//! What only shows when it is done, and is worth another round.
//!
//! Sources that turn out to be broken only when they are decoded – cut off in the middle, damaged throughout – are recorded
//! as broken, so that matching passes them over from now on: the user may own a second copy. And files turn out smaller
//! than was planned, or take the places of larger ones, so that more fits on a full player. Every round sets
//! at least one file aside, writes one by a recipe that it was not written by before in this run, or has the next work on fewer at a
//! time; so the rounds end.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use ferrotape_device::{PlannedRemoval, PlannedWrite, Target, WhyNoRoom};

use super::results::{Performed, Stopped, TrackResult};
use super::reuse::MadeBy;
use super::step_1_plan::{self, ConversionPlan, PlannedTrack};
use super::{ConvertRequest, perform_if_agreed};
use crate::matching::{Matching, match_wanted};
use crate::selection::Selection;
use crate::{Context, EngineError};

/// What one round did, or in a dry run would do.
pub(super) struct Round {
    pub(super) matching: Matching,
    pub(super) plan: ConversionPlan,
    pub(super) performed: Option<Performed>,
}

/// Goes on until another round would bring nothing more. Each is planned anew, and may ask the user; what came before is there
/// whatever the answer, so where a further one is not agreed to, the run ends as the one before it did.
pub(super) fn all(
    request: &ConvertRequest,
    (selection, roots): (&Selection, &[PathBuf]),
    target: &Target,
    context: &Context,
) -> Result<(Round, EarlierRounds), EngineError> {
    let mut earlier = EarlierRounds { empties_trash: request.no_trash, ..EarlierRounds::default() };
    let mut before: Option<Round> = None;
    loop {
        let mut round = match (one(request, (selection, roots), &mut earlier, target, context), before) {
            (Err(error), Some(before)) => return Ok((left_by(before, error)?, earlier)),
            (round, _) => round?,
        };
        if !earlier.another(round.performed.as_mut(), &round.plan, context)? {
            return Ok((round, earlier));
        }
        before = Some(round);
    }
}

/// Plans a round, and does it if that is agreed to.
fn one(
    request: &ConvertRequest,
    (selection, roots): (&Selection, &[PathBuf]),
    earlier: &mut EarlierRounds,
    target: &Target,
    context: &Context,
) -> Result<Round, EngineError> {
    let matching = match_wanted(selection.wanted.clone(), roots, &request.allow, context)?;
    let plan = step_1_plan::plan(request, selection, &matching, target, context)?;
    let performed = perform_if_agreed(request, (&plan, earlier), target, context)?;
    Ok(Round { matching, plan, performed })
}

/// The round before one that did not come to anything, as the end of the run.
fn left_by(mut before: Round, error: EngineError) -> Result<Round, EngineError> {
    let Some(performed) = &mut before.performed else { return Err(error) };
    match error {
        EngineError::NotAgreed | EngineError::ListsOfOthers { .. } => performed.not_agreed_further = true,
        EngineError::Device(error) if error.is_target_gone() => {
            (performed.stopped, performed.receipt) = (Some(Stopped::PlayerGone), None);
        }
        EngineError::Interrupted => performed.stopped = Some(Stopped::ByUser),
        other => return Err(other),
    }
    Ok(before)
}

/// What the rounds before this one learned and did.
#[derive(Default)]
pub(super) struct EarlierRounds {
    /// Wanted things whose file was broken, and how.
    pub(super) broken: HashMap<i64, String>,
    began: bool,
    /// Whether another round went on from what one left.
    pub(super) went_on: bool,
    /// Files that the user agreed to remove, also where they stay until what is wanted has come; by identity.
    asked: HashSet<String>,
    /// What was written, each by which recipe: a round that writes nothing else leads nowhere.
    came: HashSet<(String, String)>,
    /// Whether the trash is emptied where there is need.
    empties_trash: bool,
    /// So many at a time may have room beside the files that they replace; all where that is not known to be few.
    at_most: Option<usize>,
    /// How each track was made that came, the first time.
    made: HashMap<String, MadeBy>,
}

impl EarlierRounds {
    /// Whether the plan of this round only goes on with one that was agreed to: what is removed is always asked about.
    pub(super) fn is_agreed(&mut self, plan: &ConversionPlan) -> bool {
        let sync = &plan.sync;
        let is_asked = sync.removals.iter().all(|one| self.asked.contains(&one.identity));
        let goes_on = std::mem::replace(&mut self.began, true) && is_asked && sync.trash_removals.is_empty();
        if !sync.is_empty() {
            let removals = sync.removals.iter().chain(&sync.stays_unwanted);
            self.asked.extend(removals.map(|one| one.identity.clone()));
        }
        goes_on
    }

    /// How many files may be in the making at the same time.
    pub(super) fn at_a_time(&self) -> usize {
        self.at_most.unwrap_or(usize::MAX)
    }

    /// Whether something came that had not come before in this run, or not so.
    fn is_news(&mut self, performed: &Performed, plan: &ConversionPlan) -> bool {
        let mut is_news = false;
        for (at, recipe) in performed.recipes.iter().filter(|(at, _)| performed.came(**at)) {
            if let Some(track) = plan.tracks.get(*at) {
                is_news |= self.came.insert((track.identity.clone(), recipe.clone()));
            }
        }
        is_news
    }

    /// Counts each track once, also one that a later round wrote anew.
    fn count_all(&mut self, performed: &mut Performed, plan: &ConversionPlan) {
        for (at, result) in &performed.results {
            if let (TrackResult::Written { by, .. }, Some(track)) = (result, plan.tracks.get(*at)) {
                self.made.entry(track.identity.clone()).or_insert(*by);
            }
        }
        let count = |how: MadeBy| self.made.values().filter(|by| **by == how).count();
        performed.encoded = count(MadeBy::Encoding);
        performed.from_cache = count(MadeBy::Cache);
        performed.copied = count(MadeBy::Copying);
    }

    /// Records what was found broken. `true` when another round may do better.
    pub(super) fn another(
        &mut self,
        performed: Option<&mut Performed>,
        plan: &ConversionPlan,
        context: &Context,
    ) -> Result<bool, EngineError> {
        let Some(performed) = performed else { return Ok(false) };
        let no_room = plan.sync.does_not_fit.iter().map(|one| one.why);
        let mut no_room = no_room.chain(plan.sync.kept_older.iter().map(|one| one.why));
        let is_news = self.is_news(performed, plan);
        let may_fit = is_news && (plan.has_split_albums || no_room.any(|why| why == WhyNoRoom::Full));
        let is_full = performed.stopped == Some(Stopped::PlayerFull);
        let fewer_may_fit = is_full && (is_news || self.at_most != Some(1));
        let goes_on = may_go_on(performed, (plan, self.empties_trash)) && !context.cancel.is_stopped();
        self.count_all(performed, plan);
        let mut found = false;
        for (track, reason) in &performed.broken {
            let wanted = plan.fills.iter().filter(|(_, tracks)| tracks.contains(track)).map(|(id, _)| *id);
            self.broken.extend(wanted.map(|id| (id, reason.clone())));
            let Some(track) = plan.tracks.get(*track) else { continue };
            let reason = without_path(track, reason);
            // Of what is cut for the player the library knows only the file.
            match track.part.as_ref().filter(|_| !track.is_piece) {
                Some(part) => context.library.record_broken_part(&track.source, part, reason)?,
                None => context.library.record_broken(&track.source, reason)?,
            }
            found = true;
        }
        if is_full {
            self.at_most = Some(self.at_most.map_or_else(|| room_for(plan), |most| most / 2).max(1));
        }
        let another = (found || may_fit || fewer_may_fit) && goes_on;
        self.went_on |= another;
        Ok(another)
    }
}

/// Whether another round finds the player as it is recorded, and room on it.
fn may_go_on(performed: &Performed, (plan, empties_trash): (&ConversionPlan, bool)) -> bool {
    // Where its end had no room, lists and files may be half in their places, and only opening the player anew puts that right.
    let is_as_recorded = performed.receipt.as_ref().is_some_and(|receipt| !receipt.has_files_astray);
    let has_room = match performed.stopped {
        None => true,
        // Too many at a time had no room beside the files that they replace.
        Some(Stopped::PlayerFull) => empties_trash || gives_room_back(plan),
        Some(_) => false,
    };
    is_as_recorded && has_room
}

/// How many of the files of a plan had room at the same time beside all that was there; fewer than were made at a time, as they had
/// none.
fn room_for(plan: &ConversionPlan) -> usize {
    let largest = plan.sync.writes.iter().map(|write| write.expected_bytes).max().unwrap_or(0);
    let room = plan.sync.bytes_free.saturating_sub(plan.sync.bytes_reserved);
    usize::try_from(room / largest.max(1)).unwrap_or(usize::MAX).min(rayon::current_num_threads())
}

/// Whether files take the places of others, and nothing is left to be asked about: what gives way to some was.
fn gives_room_back(plan: &ConversionPlan) -> bool {
    let gives_way = |one: &PlannedRemoval| plan.sync.gives_way.contains_key(&one.identity);
    plan.sync.removals.iter().all(gives_way) && plan.sync.writes.iter().any(PlannedWrite::takes_a_place)
}

/// Wherever the library's reasons are shown, the path stands before them.
fn without_path<'r>(track: &PlannedTrack, reason: &'r str) -> &'r str {
    let named = format!("{}: ", track.source.display());
    reason.strip_prefix(&named).unwrap_or(reason)
}

#[cfg(test)]
mod tests {
    use ferrotape_audio::LoudnessUse;
    use ferrotape_device::{Receipt, SyncPlan, WhyWritten};

    use super::*;

    /// One file that takes the place of another.
    fn replaced(receipt: Option<Receipt>, stopped: Option<Stopped>) -> bool {
        let write = PlannedWrite {
            track: 0,
            identity: "a".to_owned(),
            recipe: String::new(),
            path: "Music/a.mp3".to_owned(),
            replaces: Some("Music/a.mp3".to_owned()),
            displaces: None,
            why: WhyWritten::Changed,
            expected_bytes: 1,
            label: String::new(),
            seconds: None,
        };
        let mut sync = SyncPlan::default();
        sync.writes.push(write);
        let plan = ConversionPlan::nothing_to_do(sync, LoudnessUse::default(), Default::default());
        may_go_on(&Performed { receipt, stopped, ..Performed::default() }, (&plan, false))
    }

    #[test]
    fn a_round_begins_only_where_the_last_one_ended_in_order() {
        let well = || Some(Receipt::default());
        assert!(replaced(well(), None) && replaced(well(), Some(Stopped::PlayerFull)));
        assert!(!replaced(well(), Some(Stopped::ByUser)));
        assert!(!replaced(None, Some(Stopped::PlayerFull)), "the end itself had no room");
        let astray = || Some(Receipt { has_files_astray: true, ..Receipt::default() });
        assert!(!replaced(astray(), None) && !replaced(astray(), Some(Stopped::PlayerFull)));
    }
}

//! The end of a run: what lies beside the tracks, removals, playlists, the manifest last; also where it ends early.

use std::collections::{HashMap, HashSet};

use ferrotape_device::{DeviceError, PlannedRemoval, Receipt, Target};

use super::ConvertRequest;
use super::companions::put_companions;
use super::results::{Performed, Stopped, TrackResult};
use super::step_1_plan::ConversionPlan;
use crate::{Context, EngineError};

/// So many files that could not be removed are named, and the others counted.
const NAMED: usize = 10;

/// How the work went that is to be ended.
pub(super) struct Went<'a> {
    pub(super) results: &'a HashMap<usize, TrackResult>,
    /// Where files still are that could not be given other names, by identity.
    pub(super) not_renamed: &'a HashMap<String, String>,
    pub(super) stopped: Option<Stopped>,
}

/// How it ended.
pub(super) struct End {
    pub(super) receipt: Option<Receipt>,
    pub(super) stopped: Option<Stopped>,
    /// Whether lyrics or pictures beside tracks are left for another run.
    pub(super) lacks_companions: bool,
}

/// A player that fills up or goes away in the last moment ends the run like one that did so before: what is there is
/// journalled, and the same command goes on.
pub(super) fn finish_or_stop(
    request: &ConvertRequest,
    plan: &ConversionPlan,
    target: &Target,
    went: &Went,
    context: &Context,
) -> Result<End, EngineError> {
    let stopped = went.stopped;
    let put = if stopped.is_none() { put_companions(request, plan, target, context) } else { Ok(false) };
    // Playlists are worth more than what lies beside the tracks: no room for that is no reason to leave them out.
    let put = put.or_else(|error| match error.is_no_space() {
        true => {
            context.warn("lyrics and pictures of folders", error.to_string());
            Ok(false)
        }
        false => Err(error),
    });
    let lacks_companions = matches!(put, Ok(false));
    let end = |receipt, stopped| Ok(End { receipt, stopped, lacks_companions });
    match put.and_then(|_| finish(plan, target, went)) {
        Ok(receipt) => end(Some(receipt), stopped),
        Err(error) if error.is_no_space() => {
            context.warn("the player", error.to_string());
            end(None, stopped.or(Some(Stopped::PlayerFull)))
        }
        Err(error) if error.is_target_gone() => end(None, Some(Stopped::PlayerGone)),
        Err(error) => Err(error.into()),
    }
}

/// Removes, writes the playlists of what is there, and makes it last.
fn finish(plan: &ConversionPlan, target: &Target, went: &Went) -> Result<Receipt, DeviceError> {
    // An early end removes nothing: what takes the removed files' place may be missing still.
    let all_went = match went.stopped {
        Some(_) => false,
        None => remove(plan, target, went.results)?,
    };
    // What lies beside a track that kept its name belongs there.
    if all_went && went.not_renamed.is_empty() {
        target.finish(&plan.sync)
    } else {
        target.finish_early(&plan.sync)
    }
}

/// Removes what must go before anything comes: for the room of what is written, and, where nothing is, for that of other names.
/// On a full player the journal can tell of none of them. What gives way to a track that is written stays until that is there.
pub(super) fn remove_early(plan: &ConversionPlan, target: &Target) -> Result<(), DeviceError> {
    if plan.sync.remove_first {
        let coming: HashSet<usize> = plan.sync.writes.iter().map(|write| write.track).collect();
        for removal in plan.sync.removals.iter().filter(|one| plan.sync.goes_early(one, &coming)) {
            target.remove(removal)?;
        }
    } else if plan.sync.writes.is_empty() && !plan.sync.renames.is_empty() {
        // The trash frees nothing.
        for removal in plan.sync.removals.iter().filter(|removal| !removal.to_trash) {
            target.remove(removal)?;
        }
    }
    Ok(())
}

/// Removes what is to go; what gives way to a track that did not come stays. Whether all went.
fn remove(
    plan: &ConversionPlan,
    target: &Target,
    results: &HashMap<usize, TrackResult>,
) -> Result<bool, DeviceError> {
    // What was not to be written is there.
    let came = |track: &usize| results.get(track).is_none_or(|it| matches!(it, TrackResult::Written { .. }));
    let mut all_went = true;
    for removal in &plan.sync.removals {
        if plan.sync.gives_way.get(&removal.identity).is_none_or(|tracks| tracks.iter().all(came)) {
            target.remove(removal)?;
            all_went &= is_gone(removal, target);
        } else {
            all_went = false;
        }
    }
    Ok(all_went)
}

fn is_gone(removal: &PlannedRemoval, target: &Target) -> bool {
    target.listed_at(&removal.identity).is_none()
}

/// A file that cannot be removed stays, with its record: the next run tries again.
pub(super) fn tell_not_removed(performed: Option<&Performed>, context: &Context) {
    let receipt = performed.and_then(|performed| performed.receipt.as_ref());
    let Some(receipt) = receipt else { return };
    for (path, why) in receipt.not_removed.iter().take(NAMED) {
        context.warn(path, format!("could not be removed and stays for now – {why}"));
    }
    if receipt.not_removed.len() > NAMED {
        let more = receipt.not_removed.len() - NAMED;
        context.warn("the player", format!("{more} more of its files could not be removed and stay for now"));
    }
}

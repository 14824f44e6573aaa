//! The end of a run: what lies beside the tracks, removals, playlists, the manifest last; also where it ends early.

use ferrotape_device::{DeviceError, Receipt, Target};

use super::ConvertRequest;
use super::companions::put_companions;
use super::results::Stopped;
use super::step_1_plan::ConversionPlan;
use crate::{Context, EngineError};

/// A player that fills up or goes away in the last moment ends the run like one that did so before: what is there is
/// journalled, and the same command goes on.
pub(super) fn finish_or_stop(
    request: &ConvertRequest,
    plan: &ConversionPlan,
    target: &Target,
    (stopped, context): (Option<Stopped>, &Context),
) -> Result<(Option<Receipt>, Option<Stopped>), EngineError> {
    let put = if stopped.is_none() { put_companions(request, plan, target, context) } else { Ok(()) };
    // Playlists are worth more than what lies beside the tracks: no room for that is no reason to leave them out.
    let put = put.or_else(|error| match error.is_no_space() {
        true => {
            context.warn("lyrics and pictures of folders", error.to_string());
            Ok(())
        }
        false => Err(error),
    });
    match put.and_then(|()| finish(plan, target, stopped)) {
        Ok(receipt) => Ok((Some(receipt), stopped)),
        Err(error) if error.is_no_space() => {
            context.warn("the player", error.to_string());
            Ok((None, Some(Stopped::PlayerFull)))
        }
        Err(error) if error.is_target_gone() => Ok((None, Some(Stopped::PlayerGone))),
        Err(error) => Err(error.into()),
    }
}

/// Removes, writes the playlists of what is there, and makes it last.
fn finish(plan: &ConversionPlan, target: &Target, stopped: Option<Stopped>) -> Result<Receipt, DeviceError> {
    // An early end removes nothing: what takes the removed files' place may be missing still.
    if stopped.is_none() && !plan.sync.remove_first {
        remove(plan, target)?;
    }
    if stopped.is_some() { target.finish_early(&plan.sync) } else { target.finish(&plan.sync) }
}

pub(super) fn remove(plan: &ConversionPlan, target: &Target) -> Result<(), DeviceError> {
    for removal in &plan.sync.removals {
        target.remove(removal)?;
    }
    Ok(())
}

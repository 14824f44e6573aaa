//! Taking hold of the target: never of the empty mount point of a player that is not there.

use ferrotape_device::{DeviceError, KnownPlaces, Place, Standing, Target};
use ferrotape_domain::Outcome;

use super::ConvertRequest;
use crate::{Context, EngineError};

/// A dry run must not create anything, not even the folder. A place that was filled before and is empty now is most
/// likely the mount point of a player that is not there: nothing is written into it unasked.
pub(super) fn open_target(request: &ConvertRequest, context: &Context) -> Result<Target, EngineError> {
    let now = request.system.place_of(&request.target);
    let standing = standing(request, now.as_ref(), context);
    if let Standing::Unmounted { mount } = &standing
        && !request.refill
    {
        return Err(EngineError::PlayerNotMounted { target: request.target.clone(), mount: mount.clone() });
    }
    let is_other_player = standing == Standing::OtherVolume;
    if is_other_player {
        let says = "another player than before is mounted here; it is filled as a new one";
        context.warn(request.target_name(), says);
    }
    // What is there is read once where it can be: the list of a large player takes a while.
    if request.dry_run || !Target::has_list(&request.target) {
        let preview = look(request)?;
        if preview.is_new() && !request.refill && !is_other_player && was_filled(request, context)? {
            return Err(EngineError::TargetEmptied { target: request.target.clone() });
        }
        if request.dry_run {
            return Ok(preview);
        }
    }
    let target = take(request)?;
    // Pulled or swapped since it was looked at: the folder that was opened is not the one that was judged.
    if request.system.place_of(&request.target) != now {
        return Err(DeviceError::TargetGone { root: request.target.clone() }.into());
    }
    remember(request, now.as_ref(), context);
    Ok(target)
}

/// Whether what lies at the target is, by what is remembered of it, what lay there before.
pub(super) fn is_known_place(request: &ConvertRequest, context: &Context) -> bool {
    let now = request.system.place_of(&request.target);
    let (Some(now), Some(folder)) = (now, context.library.folder()) else { return true };
    let standing = KnownPlaces::load(folder).map(|known| known.standing(&request.target_name(), &now));
    standing.is_ok_and(|standing| standing == Standing::AsBefore)
}

/// Opened to look only.
pub(super) fn look(request: &ConvertRequest) -> Result<Target, DeviceError> {
    let profile = request.profile.clone();
    match request.mtp {
        Some(player) => Target::preview_mtp(player, &request.target, profile),
        None => Target::preview(&request.target, profile),
    }
}

fn take(request: &ConvertRequest) -> Result<Target, DeviceError> {
    let profile = request.profile.clone();
    match request.mtp {
        Some(player) => Target::open_mtp(player, &request.target, profile),
        None => Target::open(&request.target, profile),
    }
}

fn standing(request: &ConvertRequest, now: Option<&Place>, context: &Context) -> Standing {
    let (Some(now), Some(folder)) = (now, context.library.folder()) else { return Standing::AsBefore };
    match KnownPlaces::load(folder) {
        Ok(known) => known.standing(&request.target_name(), now),
        Err(error) => {
            let says =
                format!("what it says of players filled before cannot be used ({error}); it is written anew");
            context.warn("players.json", says);
            Standing::AsBefore
        }
    }
}

/// Without the record the next run only knows less; that is no reason to stop this one.
fn remember(request: &ConvertRequest, now: Option<&Place>, context: &Context) {
    let (Some(now), Some(folder)) = (now, context.library.folder()) else { return };
    let mut known = KnownPlaces::load(folder).unwrap_or_default();
    if known.remember(&request.target_name(), now)
        && let Err(error) = known.store(folder)
    {
        context.warn("players.json", format!("which player this is could not be written down ({error})"));
    }
}

fn was_filled(request: &ConvertRequest, context: &Context) -> Result<bool, EngineError> {
    let run = context.library.last_run(Some(&request.target_name()))?;
    Ok(run.is_some_and(|run| run.rows.iter().any(|(_, outcome)| matches!(outcome, Outcome::OnPlayer { .. }))))
}

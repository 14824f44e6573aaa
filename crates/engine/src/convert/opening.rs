//! Taking hold of the target: never of the empty mount point of a player that is not there.

use ferrotape_device::{DeviceError, KnownPlaces, Standing, Target};
use ferrotape_domain::Outcome;

use super::ConvertRequest;
use crate::site::{Judged, Site, tell_remarks};
use crate::{Context, EngineError};

/// A dry run must not create anything, not even the folder. A place that was filled before and is empty now may be the
/// mount point of a player that is not there: nothing is written into it unasked.
pub(super) fn open_target(request: &ConvertRequest, context: &Context) -> Result<Target, EngineError> {
    let site = site(request);
    if request.mtp.is_none() {
        site.refuse_inside_of_player()?;
    }
    let judged = site.judge(context)?;
    let is_other_player = judged.standing == Standing::OtherVolume;
    if is_other_player {
        let says = "another player than before is mounted here; it is filled as a new one";
        context.warn(request.target_name(), says);
    }
    // What is there is read once where it can be: the list of a large player takes a while.
    if request.dry_run || !Target::has_list(&request.target) {
        let preview = look(request)?;
        let is_emptied = preview.is_new() && !is_other_player && was_filled(request, context)?;
        if is_emptied && !may_refill(request, &judged) {
            let (target, is_there) = (request.target.clone(), is_there(request, &judged));
            // What lies there may well be what was put there.
            return Err(match preview.strangers()?.len() {
                0 => EngineError::TargetEmptied { target, is_there },
                files => EngineError::ListGone { target, files, is_there },
            });
        }
        if request.dry_run {
            tell_remarks(&preview, context);
            if let Err(error) = preview.check_writable() {
                context.warn(request.target_name(), format!("a real run would stop: {error}"));
            }
            return Ok(preview);
        }
    }
    site.take(&judged, || take(request), context)
}

fn site<'a>(request: &'a ConvertRequest) -> Site<'a> {
    // What we keep of a device that speaks MTP lies beside the library; the device itself is there.
    let as_folder = request.as_folder || request.mtp.is_some();
    Site { folder: &request.target, system: request.system, as_folder }
}

/// Agreeing in advance is enough only where it is sure that the emptied player or folder is there: a word that is written
/// into a script once is said also on the day on which it is not.
fn may_refill(request: &ConvertRequest, judged: &Judged) -> bool {
    request.as_folder || (request.refill && is_there(request, judged))
}

fn is_there(request: &ConvertRequest, judged: &Judged) -> bool {
    judged.is_recorded || request.mtp.is_some()
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

fn was_filled(request: &ConvertRequest, context: &Context) -> Result<bool, EngineError> {
    let run = context.library.last_run(Some(&request.target_name()))?;
    Ok(run.is_some_and(|run| run.rows.iter().any(|(_, outcome)| matches!(outcome, Outcome::OnPlayer { .. }))))
}

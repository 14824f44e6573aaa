//! `ferrotape player`: the players themselves.

mod adopt;
pub(crate) mod profiles;
pub(crate) mod to;

pub(crate) use profiles::PROFILES;

use std::path::Path;
use std::process::ExitCode;

use ferrotape_engine::device::{
    FoundMtp, FoundPlayer, Profile, Signature, System, at_path, connect, find_mtp, find_players,
};
use serde_json::json;

use crate::args::{Args, Player, PlayerVerb};
use crate::error::CliError;
use crate::json::result;
use crate::{json, output, text};

pub(crate) fn run(args: &Args, player: &Player) -> Result<ExitCode, CliError> {
    match &player.verb {
        PlayerVerb::Find => find(args),
        PlayerVerb::List => profiles::list(args),
        PlayerVerb::Show { name } => profiles::show(args, name),
        PlayerVerb::Adopt { player, dry_run, as_folder } => adopt::run(args, player, *dry_run, *as_folder),
        PlayerVerb::New { name, like } => profiles::new(args, name, like),
    }
}

fn find(args: &Args) -> Result<ExitCode, CliError> {
    let (players, devices) = plugged_in(args)?;
    let signatures = signatures(args)?;
    let look = |device: FoundMtp| {
        let seen = connect(&device).map(|session| session.look(&signatures));
        (device, seen)
    };
    let devices: Vec<_> = devices.into_iter().map(look).collect();
    if args.json {
        let players: Vec<_> = players.iter().map(json::player).collect();
        let devices: Vec<_> =
            devices.iter().map(|(device, seen)| json::device(device, seen.as_ref())).collect();
        output::line(&result("player find", json!({ "players": players, "mtp": devices })));
    } else {
        text::players(&players, &devices);
    }
    Ok(ExitCode::SUCCESS)
}

/// The players that are mounted, and the devices that speak MTP. Where only one of both can be looked for, the other
/// counts as none.
pub(crate) fn plugged_in(args: &Args) -> Result<(Vec<FoundPlayer>, Vec<FoundMtp>), CliError> {
    match (found(args), find_mtp(&system(args))) {
        (Ok(players), devices) => Ok((players, devices.unwrap_or_default())),
        (Err(_), Ok(devices)) if !devices.is_empty() => Ok((Vec::new(), devices)),
        (Err(error), _) => Err(error),
    }
}

/// The players that are mounted.
pub(crate) fn found(args: &Args) -> Result<Vec<FoundPlayer>, CliError> {
    Ok(find_players(&system(args), &signatures(args)?)?)
}

/// Where mounts and disks are asked for.
pub(crate) fn system(args: &Args) -> System {
    args.system_root.as_ref().map_or_else(System::default, System::at)
}

/// What kinds of players are recognised by.
pub(crate) fn signatures(args: &Args) -> Result<Vec<Signature>, CliError> {
    let (_, profiles, _) = profiles::profiles(args)?;
    let signature = |profile: &Profile| Signature {
        profile: profile.name.clone(),
        usb: profile.detect.usb.clone(),
        markers: profile.detect.markers.clone(),
        labels: profile.detect.labels.clone(),
        targets: profile.detect.targets.clone(),
    };
    Ok(profiles.all().map(signature).collect())
}

/// The player that a folder lies on. A folder that is on none, or a system that cannot be asked, is no reason to stop.
pub(crate) fn player_at(args: &Args, folder: &Path) -> Option<FoundPlayer> {
    let folder = folder.canonicalize().ok()?;
    at_path(&found(args).ok()?, &folder).cloned()
}

/// What kind of player it is, and why.
pub(crate) fn recognised(args: &Args, to: &to::Destination) -> Result<(Option<String>, String), CliError> {
    if let Some(device) = &to.mtp {
        return Ok(device.recognise(&signatures(args)?));
    }
    let looked_for = to.player.clone().or_else(|| player_at(args, &to.folder));
    Ok(looked_for.map(|player| (player.profile, player.why)).unwrap_or_default())
}

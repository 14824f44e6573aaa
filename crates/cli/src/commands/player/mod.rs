//! `ferrotape player`: the players themselves.

mod profiles;
pub(crate) mod to;

pub(crate) use profiles::PROFILES;

use std::path::Path;
use std::process::ExitCode;

use ferrotape_engine::device::{FoundPlayer, Profile, Signature, System, at_path, find_players};
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
        PlayerVerb::New { name, like } => profiles::new(args, name, like),
    }
}

fn find(args: &Args) -> Result<ExitCode, CliError> {
    let found = found(args)?;
    if args.json {
        let players: Vec<_> = found.iter().map(json::player).collect();
        output::line(&result("player find", json!({ "players": players })));
    } else {
        text::players(&found);
    }
    Ok(ExitCode::SUCCESS)
}

/// The players that are plugged in.
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
    };
    Ok(profiles.all().map(signature).collect())
}

/// The player that a folder lies on. A folder that is on none, or a system that cannot be asked, is no reason to stop.
pub(crate) fn player_at(args: &Args, folder: &Path) -> Option<FoundPlayer> {
    let folder = folder.canonicalize().ok()?;
    at_path(&found(args).ok()?, &folder).cloned()
}

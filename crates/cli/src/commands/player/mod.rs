//! `ferrotape player`: the players themselves.

pub(crate) mod to;

use std::process::ExitCode;

use ferrotape_engine::device::{FoundPlayer, Signature, System, find_players};
use serde_json::json;

use crate::args::{Args, Player, PlayerVerb};
use crate::error::CliError;
use crate::json::result;
use crate::{json, output, text};

pub(crate) fn run(args: &Args, player: &Player) -> Result<ExitCode, CliError> {
    match player.verb {
        PlayerVerb::Find => find(args),
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
    Ok(find_players(&system(args), &signatures())?)
}

/// Where mounts and disks are asked for.
pub(crate) fn system(args: &Args) -> System {
    args.system_root.as_ref().map_or_else(System::default, System::at)
}

/// What kinds of players are recognised by.
pub(crate) fn signatures() -> Vec<Signature> {
    Vec::new()
}

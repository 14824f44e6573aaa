//! `ferrotape eject`: a player becomes safe to unplug.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use ferrotape_engine::device::{
    Chosen, DeviceError, Ejected, FoundMtp, FoundPlayer, at_path, choose, connect, eject, eject_folder,
    find_mtp, find_players,
};

use super::player::{signatures, system};
use crate::args::{Args, Eject};
use crate::error::CliError;
use crate::{json, output, text};

pub(crate) fn run(args: &Args, wanted: &Eject) -> Result<ExitCode, CliError> {
    let system = system(args);
    let devices = find_mtp(&system).unwrap_or_default();
    let (name, ejected) = match (find_players(&system, &signatures(args)?), &wanted.player) {
        (Ok(players), named) => match meant(&players, &devices, named.as_deref())? {
            Chosen::Mounted(player) => (player.name(), eject(&system, player).map_err(with_hint)?),
            Chosen::Mtp(device, _) => (device.name(), let_go(device)?),
        },
        // Where players cannot be looked for, a folder can still be ejected.
        (Err(DeviceError::CannotLook { .. }), Some(folder)) if Path::new(folder).is_dir() => {
            (folder.clone(), eject_folder(Path::new(folder)).map_err(with_hint)?)
        }
        (Err(error), _) => return Err(error.into()),
    };
    show(args, &name, &ejected);
    Ok(ExitCode::SUCCESS)
}

/// A folder that is there wins over a label that is written like it.
fn meant<'p>(
    players: &'p [FoundPlayer],
    devices: &'p [FoundMtp],
    named: Option<&'p str>,
) -> Result<Chosen<'p>, CliError> {
    if let Some(named) = named
        && let Ok(path) = Path::new(named).canonicalize()
    {
        let on_player = at_path(players, &path);
        // A folder that only happens to be called like the player's label says nothing.
        if on_player.is_some() || named.contains(std::path::MAIN_SEPARATOR) {
            return on_player.map(Chosen::Mounted).ok_or_else(|| DeviceError::NotOnPlayer { path }.into());
        }
    }
    choose(players, devices, named).map_err(|error| {
        // Nothing is called like it, but there is a folder.
        if let (DeviceError::NoSuchPlayer { .. }, Some(path)) = (&error, folder_named(named)) {
            let says = "a folder of your disk needs no ejecting; `ferrotape player find` lists what does";
            return CliError::from(DeviceError::NotOnPlayer { path }).hint(says);
        }
        let hint = match &error {
            DeviceError::NoPlayer { others } if others.is_empty() => {
                "what is not mounted can be unplugged as it is"
            }
            _ => "say which one, by its label, volume id or folder: `ferrotape eject LABEL`",
        };
        CliError::from(error).hint(hint)
    })
}

fn folder_named(named: Option<&str>) -> Option<PathBuf> {
    Path::new(named?).canonicalize().ok().filter(|path| path.is_dir())
}

/// Over MTP nothing is mounted: what was sent is there. It is asked whether anybody has the device open.
fn let_go(device: &FoundMtp) -> Result<Ejected, CliError> {
    match connect(device) {
        Ok(session) => session.close(),
        // Nobody can be writing on it.
        Err(DeviceError::NoStorage { .. } | DeviceError::NoPermission { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(Ejected::default())
}

fn with_hint(error: DeviceError) -> CliError {
    let by_hand = match &error {
        DeviceError::NotUnmounted { mount, .. } if cfg!(target_os = "linux") => {
            let mount = mount.to_string_lossy();
            let quoted =
                shlex::try_quote(&mount).map_or_else(|_| mount.to_string(), |quoted| quoted.into_owned());
            Some(format!("this unmounts it by hand: sudo umount {quoted}"))
        }
        _ => None,
    };
    let shown = CliError::from(error);
    match by_hand {
        Some(hint) => shown.hint(hint),
        None => shown,
    }
}

fn show(args: &Args, name: &str, ejected: &Ejected) {
    if args.json {
        output::line(&json::result("eject", json::ejected(name, ejected)));
    } else {
        text::ejected(name, ejected);
    }
}

//! `--to`: a folder, or the player that is plugged in.

use std::path::{Path, PathBuf};

use ferrotape_engine::device::{Chosen, DeviceError, FoundMtp, FoundPlayer, MtpPlayer, choose, connect};

use super::plugged_in;
use crate::args::Args;
use crate::error::CliError;
use crate::session::library_folder;

/// The word that means the player that is plugged in. A folder of this name is `./player`.
const THE_PLAYER: &str = "player";
/// Below the library: for each device that speaks MTP a folder with our own files of it.
const DESKS: &str = "players";

/// What a run fills.
pub(crate) struct Destination {
    /// For a device that speaks MTP, the folder on this computer that belongs to it.
    pub(crate) folder: PathBuf,
    /// Where it is a player that was looked for.
    pub(crate) player: Option<FoundPlayer>,
    /// Where it is a device that speaks MTP; open for as long as this is kept.
    pub(crate) mtp: Option<MtpPlayer>,
}

impl Destination {
    pub(crate) fn folder(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), player: None, mtp: None }
    }

    /// Where what is removed goes, as words.
    pub(crate) fn trash(&self) -> String {
        match &self.mtp {
            Some(_) => format!("its trash on this computer ({}/.ferrotape/trash)", self.folder.display()),
            None => "the player's trash (.ferrotape/trash)".to_owned(),
        }
    }

    /// How it is called in messages.
    pub(crate) fn shown(&self) -> &Path {
        self.mtp.as_ref().map_or(&self.folder, |player| player.path())
    }
}

/// `player`, `player:LABEL` and `player:VOLUME-ID` are looked for; everything else is a folder.
pub(crate) fn destination(args: &Args, to: &Path) -> Result<Destination, CliError> {
    let Some(named) = to.to_str().and_then(player_word) else {
        return Ok(Destination::folder(to));
    };
    let (players, devices) = plugged_in(args)?;
    match choose(&players, &devices, named).map_err(with_hint)? {
        Chosen::Mounted(player) => {
            Ok(Destination { folder: player.mount.clone(), player: Some(player.clone()), mtp: None })
        }
        Chosen::Mtp(device, storage) => on_device(args, device, storage),
    }
}

fn on_device(args: &Args, device: &FoundMtp, storage: Option<&str>) -> Result<Destination, CliError> {
    let player = connect(device)?.storage(storage)?;
    let folder = player.desk_in(&library_folder(args)?.join(DESKS))?;
    Ok(Destination { folder, player: None, mtp: Some(player) })
}

fn with_hint(error: DeviceError) -> CliError {
    let hint = match &error {
        DeviceError::NoPlayer { others } if others.is_empty() => {
            "plug it in, set it to USB storage (MSC) and open it in your file manager, which mounts it; on a phone, choose \
             “file transfer” (MTP); or name its folder: --to FOLDER (a folder called player is --to ./player)"
        }
        DeviceError::NoPlayer { .. } => {
            "what is mounted does not look like a player; if it is one, say which: --to player:LABEL"
        }
        _ => {
            "say which one, by its label, name, serial number or volume id: --to player:LABEL; `ferrotape player find` \
             shows them"
        }
    };
    CliError::from(error).hint(hint)
}

/// `Some(None)` for any player, `Some(Some(name))` for a certain one.
fn player_word(to: &str) -> Option<Option<&str>> {
    match to.strip_prefix(THE_PLAYER)? {
        "" => Some(None),
        named => named.strip_prefix(':').filter(|named| !named.trim().is_empty()).map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::player_word;

    #[test]
    fn only_the_bare_word_is_the_player() {
        for folder in ["./player", "player/", "players", "player2", "/media/player", "player:", "Player"] {
            assert_eq!(player_word(folder), None, "{folder}");
        }
        assert_eq!(player_word("player"), Some(None));
        assert_eq!(player_word("player:CLIP SPORT"), Some(Some("CLIP SPORT")));
    }
}

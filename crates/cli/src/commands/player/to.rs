//! `--to`: a folder, or the player that is plugged in.

use std::path::{Path, PathBuf};

use ferrotape_engine::device::{DeviceError, FoundPlayer, choose};

use super::found;
use crate::args::Args;
use crate::error::CliError;

/// The word that means the player that is plugged in. A folder of this name is `./player`.
const THE_PLAYER: &str = "player";

/// What a run fills.
pub(crate) struct Destination {
    pub(crate) folder: PathBuf,
    /// Where it is a player that was looked for.
    pub(crate) player: Option<FoundPlayer>,
}

/// `player`, `player:LABEL` and `player:VOLUME-ID` are looked for; everything else is a folder.
pub(crate) fn destination(args: &Args, to: &Path) -> Result<Destination, CliError> {
    let Some(named) = to.to_str().and_then(player_word) else {
        return Ok(Destination { folder: to.to_owned(), player: None });
    };
    let player = choose(&found(args)?, named).cloned().map_err(|error| {
        let hint = match &error {
            DeviceError::NoPlayer { others } if others.is_empty() => {
                "plug it in, set it to USB storage (MSC) and open it in your file manager, which mounts it; or name \
                 its folder: --to FOLDER (a folder called player is --to ./player)"
            }
            DeviceError::NoPlayer { .. } => {
                "what is mounted does not look like a player; if it is one, say which: --to player:LABEL"
            }
            _ => "say which one, by its label or volume id: --to player:LABEL; `ferrotape player find` shows them",
        };
        CliError::from(error).hint(hint)
    })?;
    Ok(Destination { folder: player.mount.clone(), player: Some(player) })
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

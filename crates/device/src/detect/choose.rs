//! Which of the found players is meant.

use std::path::Path;

use super::FoundPlayer;
use crate::error::DeviceError;

/// The player that is meant: by its label or volume id, or the only one.
///
/// Where none is named, disks that do not look like players (backups on USB) do not count, and what is recognised
/// does not push aside a stick that is not: two are two. Errors: [`DeviceError::NoPlayer`],
/// [`DeviceError::SeveralPlayers`], [`DeviceError::NoSuchPlayer`].
pub fn choose<'p>(players: &'p [FoundPlayer], named: Option<&str>) -> Result<&'p FoundPlayer, DeviceError> {
    let Some(named) = named else {
        let likely: Vec<&FoundPlayer> = players.iter().filter(|player| player.looks_like_one()).collect();
        return match likely.as_slice() {
            [only] => Ok(only),
            [] => Err(DeviceError::NoPlayer { others: described(players) }),
            several => Err(DeviceError::SeveralPlayers { found: described(several.iter().copied()) }),
        };
    };
    let folded = named.trim().to_lowercase();
    let is_it = |own: &Option<String>| own.as_ref().is_some_and(|own| own.to_lowercase() == folded);
    let fitting: Vec<&FoundPlayer> =
        players.iter().filter(|player| is_it(&player.volume_id) || is_it(&player.label)).collect();
    match fitting.as_slice() {
        [only] => Ok(only),
        [] => Err(DeviceError::NoSuchPlayer { named: named.to_owned(), found: described(players) }),
        several => Err(DeviceError::SeveralPlayers { found: described(several.iter().copied()) }),
    }
}

/// The player that a path without links lies on.
pub fn at_path<'p>(players: &'p [FoundPlayer], path: &Path) -> Option<&'p FoundPlayer> {
    let below = players.iter().filter(|player| path.starts_with(&player.mount));
    below.max_by_key(|player| player.mount.as_os_str().len())
}

/// Name, place and id of each, to choose from.
fn described<'p>(players: impl IntoIterator<Item = &'p FoundPlayer>) -> Vec<String> {
    let one = |player: &FoundPlayer| {
        let id = player.volume_id.as_ref().map(|id| format!(" ({id})")).unwrap_or_default();
        format!("{} at {}{id}", player.name(), player.mount.display())
    };
    players.into_iter().map(one).collect()
}

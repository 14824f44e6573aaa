//! What we know a player by on the player itself: `.ferrotape/player`, the name of the profile it was filled by,
//! `.ferrotape/preset`, the quality that the user said then, and `.ferrotape/profile.toml`, a profile of its own that the user
//! may put there.

use std::io::Read;
use std::path::Path;

use crate::error::DeviceError;
use crate::profile::{LARGEST_PROFILE, Profile};
use crate::root::{OURS, Root};

pub use crate::detect::OWN_PROFILE;

const FILLED_BY: &str = ".ferrotape/player";
const FILLED_BY_NEW: &str = ".ferrotape/player.new";
const PRESET: &str = ".ferrotape/preset";
const PRESET_NEW: &str = ".ferrotape/preset.new";

/// What a player tells of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TargetNotes {
    /// The text of its own profile.
    pub own_profile: Option<String>,
    /// The name of the profile it was filled by.
    pub filled_by: Option<String>,
    /// The word for the quality that the user said when it was filled; none where nothing was said.
    pub preset: Option<String>,
}

/// Reads them; a folder that is not there tells nothing.
pub fn notes_on(target: &Path) -> Result<TargetNotes, DeviceError> {
    if !target.exists() {
        return Ok(TargetNotes::default());
    }
    let root = Root::open(target)?;
    let (filled_by, preset) = (word_in(&root, FILLED_BY)?, word_in(&root, PRESET)?);
    Ok(TargetNotes { own_profile: read(&root, OWN_PROFILE)?, filled_by, preset })
}

/// The one word that a file of ours holds.
fn word_in(root: &Root, path: &str) -> Result<Option<String>, DeviceError> {
    let name = read(root, path)?.map(|text| text.trim().to_owned());
    let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    Ok(name.filter(|name| (1..=64).contains(&name.len()) && name.chars().all(word)))
}

/// Writes down by which profile the player is filled, where it does not say so already.
pub(crate) fn remember(root: &Root, profile: &Profile) -> Result<(), DeviceError> {
    note(root, &profile.name, (FILLED_BY, FILLED_BY_NEW))
}

/// Writes down in which quality it is filled from now on.
pub(crate) fn remember_preset(root: &Root, word: &str) -> Result<(), DeviceError> {
    note(root, word, (PRESET, PRESET_NEW))
}

fn note(root: &Root, word: &str, (path, new): (&str, &str)) -> Result<(), DeviceError> {
    if word_in(root, path)?.as_deref() == Some(word) {
        return Ok(());
    }
    root.write_new(new, format!("{word}\n").as_bytes())?;
    root.rename_over(new, path)?;
    root.sync_dir(OURS)
}

/// A small file of text; none where it is something else.
fn read(root: &Root, path: &str) -> Result<Option<String>, DeviceError> {
    match root.look(path)?.flatten() {
        Some(bytes) if bytes <= LARGEST_PROFILE => {}
        _ => return Ok(None),
    }
    let file = root.dir().open(path).map_err(|error| root.fault(error, "read", path))?;
    let mut bytes = Vec::new();
    file.take(LARGEST_PROFILE).read_to_end(&mut bytes).map_err(|error| root.fault(error, "read", path))?;
    Ok(String::from_utf8(bytes).ok())
}

//! What we know a player by on the player itself: `.ferrotape/player`, the name of the profile it was filled by, and
//! `.ferrotape/profile.toml`, a profile of its own that the user may put there.

use std::io::Read;
use std::path::Path;

use crate::error::DeviceError;
use crate::profile::{LARGEST_PROFILE, Profile};
use crate::root::{OURS, Root};

pub use crate::detect::OWN_PROFILE;

const FILLED_BY: &str = ".ferrotape/player";
const FILLED_BY_NEW: &str = ".ferrotape/player.new";

/// What a player tells of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TargetNotes {
    /// The text of its own profile.
    pub own_profile: Option<String>,
    /// The name of the profile it was filled by.
    pub filled_by: Option<String>,
}

/// Reads them; a folder that is not there tells nothing.
pub fn notes_on(target: &Path) -> Result<TargetNotes, DeviceError> {
    if !target.exists() {
        return Ok(TargetNotes::default());
    }
    let root = Root::open(target)?;
    Ok(TargetNotes { own_profile: read(&root, OWN_PROFILE)?, filled_by: filled_by(&root)? })
}

fn filled_by(root: &Root) -> Result<Option<String>, DeviceError> {
    let name = read(root, FILLED_BY)?.map(|text| text.trim().to_owned());
    let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    Ok(name.filter(|name| (1..=64).contains(&name.len()) && name.chars().all(word)))
}

/// Writes down by which profile the player is filled, where it does not say so already.
pub(crate) fn remember(root: &Root, profile: &Profile) -> Result<(), DeviceError> {
    if filled_by(root)?.as_deref() == Some(profile.name.as_str()) {
        return Ok(());
    }
    root.write_new(FILLED_BY_NEW, format!("{}\n", profile.name).as_bytes())?;
    root.rename_over(FILLED_BY_NEW, FILLED_BY)?;
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

//! What we know a player by on the player itself: `.ferrotape/player`, the name of the profile it was filled by,
//! what the user said then of how it is filled (`.ferrotape/preset`, `loudness`, `id3`, `id3v1`), the order that its files were put
//! in (`.ferrotape/ordered`), and `.ferrotape/profile.toml`,
//! a profile of its own that the user may put there.

use std::io::Read;
use std::path::Path;

use crate::error::DeviceError;
use crate::profile::{LARGEST_PROFILE, Profile, ProfileError};
use crate::root::{OURS, Root};

pub use crate::detect::OWN_PROFILE;

const FILLED_BY: &str = ".ferrotape/player";
const FILLED_BY_NEW: &str = ".ferrotape/player.new";
const ORDERED: &str = ".ferrotape/ordered";
const ORDERED_NEW: &str = ".ferrotape/ordered.new";
/// More than any word and the ends of its line; what is longer is none.
const LONGEST_WORD: u64 = 256;

/// What the user may say of how a player is filled; it holds for runs that say nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// How MP3s are encoded.
    Preset,
    /// What is done with loudness.
    Loudness,
    /// The version of tags.
    Id3,
    /// Whether there is an ID3v1 tag as well.
    Id3v1,
}

impl Setting {
    const ALL: [Self; 4] = [Self::Preset, Self::Loudness, Self::Id3, Self::Id3v1];

    /// Where it is kept, and under which name it is written.
    fn paths(self) -> (&'static str, &'static str) {
        match self {
            Self::Preset => (".ferrotape/preset", ".ferrotape/preset.new"),
            Self::Loudness => (".ferrotape/loudness", ".ferrotape/loudness.new"),
            Self::Id3 => (".ferrotape/id3", ".ferrotape/id3.new"),
            Self::Id3v1 => (".ferrotape/id3v1", ".ferrotape/id3v1.new"),
        }
    }
}

/// The text of a profile that lies on a player, or why it cannot be used. One that the user wrote is never passed over.
pub type OwnProfile = Result<String, ProfileError>;

/// What a player tells of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TargetNotes {
    /// The text of its own profile, or why it has none that could be used.
    pub own_profile: Option<OwnProfile>,
    /// The name of the profile it was filled by.
    pub filled_by: Option<String>,
    /// What the user said when it was filled, each as one word.
    pub said: Vec<(Setting, String)>,
}

/// Reads them; a folder that is not there tells nothing.
pub fn notes_on(target: &Path) -> Result<TargetNotes, DeviceError> {
    if !target.exists() {
        return Ok(TargetNotes::default());
    }
    let root = Root::open(target)?;
    let mut said = Vec::new();
    for setting in Setting::ALL {
        said.extend(word_in(&root, setting.paths().0)?.map(|word| (setting, word)));
    }
    let filled_by = word_in(&root, FILLED_BY)?;
    Ok(TargetNotes { own_profile: own_profile(&root)?, filled_by, said })
}

fn own_profile(root: &Root) -> Result<Option<OwnProfile>, DeviceError> {
    let Some(bytes) = root.look(OWN_PROFILE)?.flatten() else { return Ok(None) };
    let text = || beginning_of(root, OWN_PROFILE, LARGEST_PROFILE).map(Option::unwrap_or_default);
    text_of(&root.path().join(OWN_PROFILE), bytes, text).map(Some)
}

/// The text of a profile that lies on a player as a file of so many bytes, which is read only if it may be one.
pub(crate) fn text_of(
    file: &Path,
    bytes: u64,
    read: impl FnOnce() -> Result<Vec<u8>, DeviceError>,
) -> Result<OwnProfile, DeviceError> {
    let refuse = |reason: String| Err(ProfileError { file: file.to_owned(), name: None, reason });
    if bytes > LARGEST_PROFILE {
        return Ok(refuse(format!("it has {bytes} bytes, more than the {LARGEST_PROFILE} of any profile")));
    }
    Ok(match String::from_utf8(read()?) {
        Ok(text) => Ok(text.trim_start_matches('\u{feff}').to_owned()),
        Err(_) => refuse("it is not UTF-8; save it as UTF-8 in your editor".to_owned()),
    })
}

/// The one word that a file of ours holds.
fn word_in(root: &Root, path: &str) -> Result<Option<String>, DeviceError> {
    let text = beginning_of(root, path, LONGEST_WORD)?.and_then(|bytes| String::from_utf8(bytes).ok());
    let name = text.map(|text| text.trim().to_owned());
    let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | ':' | '.');
    Ok(name.filter(|name| (1..=64).contains(&name.len()) && name.chars().all(word)))
}

/// Writes down by which profile the player is filled, where it does not say so already.
pub(crate) fn remember(root: &Root, profile: &Profile) -> Result<(), DeviceError> {
    note(root, &profile.name, (FILLED_BY, FILLED_BY_NEW))
}

/// Writes down how it is filled from now on.
pub(crate) fn remember_setting(root: &Root, setting: Setting, word: &str) -> Result<(), DeviceError> {
    note(root, word, setting.paths())
}

/// The order that its files were put in last; `None` where it says nothing of that.
pub(crate) fn ordered(root: &Root) -> Result<Option<String>, DeviceError> {
    word_in(root, ORDERED)
}

/// Writes down the order that its files are in now; `None` where they are in none.
pub(crate) fn remember_ordered(root: &Root, order: Option<&str>) -> Result<(), DeviceError> {
    match order {
        Some(word) => note(root, word, (ORDERED, ORDERED_NEW)),
        None if root.look(ORDERED)?.is_some() => root.remove_file(ORDERED),
        None => Ok(()),
    }
}

fn note(root: &Root, word: &str, (path, new): (&str, &str)) -> Result<(), DeviceError> {
    if word_in(root, path)?.as_deref() == Some(word) {
        return Ok(());
    }
    let written = root.write_new(new, format!("{word}\n").as_bytes());
    if let Err(error) = written.and_then(|()| root.rename_over(new, path)) {
        let _ = root.remove_file(new);
        return Err(error);
    }
    root.sync_dir(OURS)?;
    // On FAT, a file that was renamed is an empty one after a power cut until its entry is written once more.
    let file = root.open_or_create(path)?;
    file.sync_all().map_err(|error| root.fault(error, "synced", path))
}

/// The beginning of a plain file of our own folder, at most so many bytes; none where there is no such file.
pub(crate) fn beginning_of(root: &Root, path: &str, most: u64) -> Result<Option<Vec<u8>>, DeviceError> {
    if root.look(path)?.flatten().is_none() {
        return Ok(None);
    }
    let file = root.dir().open(path).map_err(|error| root.fault(error, "read", path))?;
    let mut bytes = Vec::new();
    file.take(most).read_to_end(&mut bytes).map_err(|error| root.fault(error, "read", path))?;
    Ok(Some(bytes))
}

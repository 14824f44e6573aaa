//! Which profile a player is filled by: the one that is named, its own, the one it was filled by before, the one of its
//! kind, or `generic`.

use std::path::Path;

use ferrotape_audio::Preset;
use ferrotape_device::{Profile, Profiles, TargetNotes, notes_on};

use crate::EngineError;

/// A profile, and why it was taken.
#[derive(Debug, Clone, PartialEq)]
pub struct ChosenProfile {
    /// The profile.
    pub profile: Profile,
    /// Why, as words that go on from “profile rockbox, ”.
    pub why: String,
}

/// Chooses the profile for a folder to be filled.
///
/// `named` is a profile's name or a file with one; `folder` is where the user keeps profiles. `kind` is the name of the
/// profile by which the player was recognised, with the reason. A profile of the user's that cannot be used stops nothing
/// unless it is the one that is wanted.
pub fn choose_profile(
    target: &Path,
    named: Option<&str>,
    folder: &Path,
    kind: Option<(&str, &str)>,
) -> Result<ChosenProfile, EngineError> {
    let (mut profiles, broken) = Profiles::with_folder(folder);
    let because =
        |profile: &Profile, why: &str| ChosenProfile { profile: profile.clone(), why: why.to_owned() };
    if let Some(named) = named {
        let name = if names_a_file(named) { profiles.add_file(Path::new(named))? } else { named.to_owned() };
        return match profiles.named(&name) {
            Some(profile) => Ok(because(profile, "as you said")),
            None => Err(
                match broken
                    .into_iter()
                    .find(|error| error.file.file_stem().is_some_and(|stem| *stem == *name))
                {
                    Some(error) => error.into(),
                    None => EngineError::NoProfile { name },
                },
            ),
        };
    }
    let TargetNotes { own_profile, filled_by, .. } = notes_on(target)?;
    if let Some(text) = own_profile {
        let name = profiles.add_text(&target.join(ferrotape_device::OWN_PROFILE), &text)?;
        let own = profiles.named(&name).unwrap_or(profiles.generic());
        return Ok(because(own, "which lies on the player"));
    }
    if let Some(name) = filled_by {
        return match profiles.named(&name) {
            Some(profile) => Ok(because(profile, "as before")),
            None => Err(EngineError::ProfileElsewhere {
                target: target.to_owned(),
                name,
                folder: folder.to_owned(),
            }),
        };
    }
    let recognised = kind.and_then(|(name, why)| Some((profiles.named(name)?, why)));
    let by_marker = || profiles.recognised_by_marker(target);
    Ok(match recognised {
        Some((profile, why)) => because(profile, why),
        None => match by_marker() {
            Some((profile, marker)) => because(profile, &format!("because it holds {marker}")),
            None => because(profiles.generic(), "because nothing tells which player it is"),
        },
    })
}

/// The quality that the user said when the player was filled before.
pub fn preset_before(target: &Path) -> Result<Option<Preset>, EngineError> {
    Ok(notes_on(target)?.preset.and_then(|word| word.parse().ok()))
}

fn names_a_file(named: &str) -> bool {
    named.contains(['/', '\\']) || named.ends_with(".toml")
}

//! Which profile a player is filled by: the one that is named, its own, the one it was filled by before, the one of its
//! kind, or `generic`; and what the user says of how it is filled.

use std::path::Path;

use ferrotape_audio::{LoudnessUse, Preset};
use ferrotape_device::{
    MtpPlayer, OWN_PROFILE, Profile, ProfileError, Profiles, Setting, Target, TargetNotes, notes_on,
};

use crate::EngineError;

/// The words for whether there is an ID3v1 tag.
const YES: &str = "yes";
const NO: &str = "no";

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
/// unless it is the one that is wanted: a built-in one of its name is not what the user wrote. For a device that speaks MTP,
/// `target` is the folder on this computer that belongs to it, and its own profile lies on the device.
pub fn choose_profile(
    target: &Path,
    mtp: Option<&MtpPlayer>,
    named: Option<&str>,
    folder: &Path,
    kind: Option<(&str, &str)>,
) -> Result<ChosenProfile, EngineError> {
    let (mut profiles, broken) = Profiles::with_folder(folder);
    let because =
        |profile: &Profile, why: &str| ChosenProfile { profile: profile.clone(), why: why.to_owned() };
    if let Some(file) = named.filter(|named| names_a_file(named)) {
        let name = profiles.add_file(Path::new(file))?;
        return Ok(because(profiles.named(&name).unwrap_or(profiles.generic()), "as you said"));
    }
    if let Some(name) = named {
        return match usable(&profiles, &broken, name)? {
            Some(profile) => Ok(because(profile, "as you said")),
            None => Err(EngineError::NoProfile { name: name.to_owned() }),
        };
    }
    let TargetNotes { own_profile, filled_by, .. } = notes_on(target)?;
    let (on, own_profile) = match mtp {
        Some(player) => (player.path(), player.own_profile()?),
        None => (target, own_profile),
    };
    if let Some(text) = own_profile {
        let name = profiles.add_text(&on.join(OWN_PROFILE), &text?)?;
        let own = profiles.named(&name).unwrap_or(profiles.generic());
        return Ok(because(own, "which lies on the player"));
    }
    if let Some(name) = filled_by {
        return match usable(&profiles, &broken, &name)? {
            Some(profile) => Ok(because(profile, "as before")),
            None => Err(EngineError::ProfileElsewhere {
                target: target.to_owned(),
                name,
                folder: folder.to_owned(),
            }),
        };
    }
    let (profile, why) = of_its_kind(target, &profiles, kind);
    Ok(because(usable(&profiles, &broken, &profile.name)?.unwrap_or(profile), &why))
}

/// The profile of the kind of player that it is, and why.
fn of_its_kind<'p>(
    target: &Path,
    profiles: &'p Profiles,
    kind: Option<(&str, &str)>,
) -> (&'p Profile, String) {
    if let Some((profile, why)) = kind.and_then(|(name, why)| Some((profiles.named(name)?, why))) {
        return (profile, why.to_owned());
    }
    match profiles.recognised_by_marker(target) {
        Some((profile, marker)) => (profile, format!("because it holds {marker}")),
        None => (profiles.generic(), "because nothing tells which player it is".to_owned()),
    }
}

/// The profile of that name, if there is one. Where a file of the user's with it cannot be used, that is the error: a
/// built-in one of its name is not what stands there.
fn usable<'p>(
    profiles: &'p Profiles,
    broken: &[ProfileError],
    name: &str,
) -> Result<Option<&'p Profile>, EngineError> {
    let known = profiles.named(name);
    let is_it = |error: &&ProfileError| error.is_of(name) || (known.is_none() && error.is_in_file_of(name));
    match broken.iter().find(is_it) {
        Some(error) => Err(error.clone().into()),
        None => Ok(known),
    }
}

/// What the user says of how a player is filled. It is kept on the player, for runs that say nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Said {
    /// How MP3s are encoded.
    pub preset: Option<Preset>,
    /// What is done with loudness.
    pub loudness: Option<LoudnessUse>,
    /// The version of tags, `2.3` or `2.4`.
    pub id3: Option<String>,
    /// Whether there is an ID3v1 tag as well.
    pub id3v1: Option<bool>,
}

impl Said {
    /// What was said when the player was filled before. Words that say nothing here are passed over.
    pub fn before(target: &Path) -> Result<Self, EngineError> {
        let mut before = Self::default();
        for (setting, word) in notes_on(target)?.said {
            match setting {
                Setting::Preset => before.preset = word.parse().ok(),
                Setting::Loudness => before.loudness = word.parse().ok(),
                Setting::Id3 => before.id3 = Some(word).filter(|word| matches!(word.as_str(), "2.3" | "2.4")),
                Setting::Id3v1 => before.id3v1 = [YES, NO].contains(&word.as_str()).then_some(word == YES),
            }
        }
        Ok(before)
    }

    /// What is not said now, from what was said before.
    #[must_use]
    pub fn or(self, before: Self) -> Self {
        Self {
            preset: self.preset.or(before.preset),
            loudness: self.loudness.or(before.loudness),
            id3: self.id3.or(before.id3),
            id3v1: self.id3v1.or(before.id3v1),
        }
    }

    fn words(&self) -> Vec<(Setting, String)> {
        let words = [
            (Setting::Preset, self.preset.map(|preset| preset.to_string())),
            (Setting::Loudness, self.loudness.map(|loudness| loudness.to_string())),
            (Setting::Id3, self.id3.clone()),
            (Setting::Id3v1, self.id3v1.map(|is_wanted| String::from(if is_wanted { YES } else { NO }))),
        ];
        words.into_iter().filter_map(|(setting, word)| Some((setting, word?))).collect()
    }

    /// Writes down what is said, and leaves what was said before of all else.
    pub(crate) fn note_on(&self, target: &Target) -> Result<(), EngineError> {
        for (setting, word) in self.words() {
            target.note_setting(setting, &word)?;
        }
        Ok(())
    }

    /// Whether all that is said stands there already.
    pub(crate) fn is_noted(&self, target: &Path) -> bool {
        let noted = notes_on(target).map(|notes| notes.said).unwrap_or_default();
        self.words().iter().all(|word| noted.contains(word))
    }
}

fn names_a_file(named: &str) -> bool {
    named.contains(['/', '\\']) || named.ends_with(".toml")
}

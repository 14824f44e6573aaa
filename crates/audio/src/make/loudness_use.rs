//! What is done with a track's loudness, as the user says it.

use std::str::FromStr;

use ferrotape_domain::Loudness;

use crate::tags::gain::GainForm;

/// The loudness `apply` turns everything to, unless another is named: ReplayGain's.
const APPLIED_LUFS: f64 = -18.0;
/// The loudest and the quietest that can be named.
const TARGETS_LUFS: std::ops::RangeInclusive<f64> = -40.0..=-5.0;

/// What is done with the loudness of tracks.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum LoudnessUse {
    /// ReplayGain 2.0 tags (reference −18 LUFS), of the track and of its album. The default.
    #[default]
    ReplayGain,
    /// `R128_TRACK_GAIN` and `R128_ALBUM_GAIN` in their place (reference −23 LUFS).
    R128,
    /// The sound itself is turned up or down; no gain tags.
    Apply {
        /// To this loudness, unless its true peak would come above −1 dBTP.
        target_lufs: f64,
        /// The tracks of an album by the same amount.
        by_album: bool,
    },
    /// Nothing: not measured, no gain tags.
    Off,
}

impl LoudnessUse {
    /// Each track brought to ReplayGain's loudness.
    pub const APPLY: Self = Self::Apply { target_lufs: APPLIED_LUFS, by_album: false };

    pub(crate) fn gain_form(self) -> Option<GainForm> {
        match self {
            Self::ReplayGain => Some(GainForm::ReplayGain),
            Self::R128 => Some(GainForm::R128),
            Self::Apply { .. } | Self::Off => None,
        }
    }

    /// Whether the tracks of an album must be known before any of them is finished.
    pub fn wants_albums(self) -> bool {
        matches!(self, Self::ReplayGain | Self::R128 | Self::Apply { by_album: true, .. })
    }
}

/// A word that names no use of loudness.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "“{0}” is no use of loudness; use tags, r128, apply, apply-album, apply:-16 (LUFS, −40 to −5) or off"
)]
pub struct NotALoudnessUse(pub String);

impl FromStr for LoudnessUse {
    type Err = NotALoudnessUse;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let refused = || NotALoudnessUse(word.chars().take(32).collect());
        let lower = word.trim().to_ascii_lowercase();
        let (name, target) =
            lower.split_once(':').map_or((lower.as_str(), None), |(name, to)| (name, Some(to)));
        let target_lufs = match target.map(|text| text.replace('−', "-").parse::<f64>()) {
            None => APPLIED_LUFS,
            Some(Ok(lufs)) if TARGETS_LUFS.contains(&lufs) => lufs,
            Some(_) => return Err(refused()),
        };
        match (name, target) {
            ("tags", None) => Ok(Self::ReplayGain),
            ("r128", None) => Ok(Self::R128),
            ("apply", _) => Ok(Self::Apply { target_lufs, by_album: false }),
            ("apply-album", _) => Ok(Self::Apply { target_lufs, by_album: true }),
            ("off", None) => Ok(Self::Off),
            _ => Err(refused()),
        }
    }
}

impl std::fmt::Display for LoudnessUse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::ReplayGain => f.write_str("tags"),
            Self::R128 => f.write_str("r128"),
            Self::Apply { target_lufs, by_album } => {
                write!(f, "{}:{target_lufs}", if *by_album { "apply-album" } else { "apply" })
            }
            Self::Off => f.write_str("off"),
        }
    }
}

/// What one track's making needs to know of loudness.
#[derive(Debug, Clone, Copy, Default)]
pub struct LoudnessRequest<'a> {
    /// What is done with it.
    pub purpose: LoudnessUse,
    /// The track's, where it was measured before; it is not measured again then.
    pub known: Option<&'a Loudness>,
    /// Its album's, where the whole album is known.
    pub album: Option<&'a Loudness>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_name_uses_and_come_back() {
        for word in ["tags", "r128", "apply:-18", "apply-album:-16.5", "off"] {
            assert_eq!(word.parse::<LoudnessUse>().unwrap().to_string(), word);
        }
        assert_eq!("Apply".parse(), Ok(LoudnessUse::Apply { target_lufs: -18.0, by_album: false }));
        for word in ["", "loud", "tags:-18", "apply:", "apply:3", "apply:nan", "apply:-99", "off:1"] {
            assert!(word.parse::<LoudnessUse>().is_err(), "{word}");
        }
    }
}

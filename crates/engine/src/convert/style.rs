//! A player's rules in the words of the audio room, which knows no players.

use ferrotape_audio::{CoverRules, Id3Version, TagStyle, TextStyle, ValueStyle};
use ferrotape_device::{Profile, TagVersion};

pub(super) fn tag_style(profile: &Profile) -> TagStyle {
    let rules = &profile.tags;
    TagStyle {
        version: match rules.version {
            TagVersion::V23 => Id3Version::V23,
            TagVersion::V24 => Id3Version::V24,
        },
        text: if rules.utf8 { TextStyle::Utf8 } else { TextStyle::Utf16 },
        values: if rules.several_values { ValueStyle::Separate } else { ValueStyle::Joined },
        totals: rules.totals,
        id3v1: rules.id3v1,
        padding_bytes: 0,
    }
}

pub(super) fn cover_rules(profile: &Profile) -> CoverRules {
    CoverRules {
        max_pixels: profile.mp3.cover_max_side,
        max_bytes: usize::try_from(profile.mp3.cover_max_bytes).unwrap_or(usize::MAX),
        any_jpeg: profile.mp3.cover_any_jpeg,
        png: profile.mp3.cover_png,
    }
}

//! A player's rules in the words of the audio room, which knows no players.

use ferrotape_audio::{CoverRules, Id3Version, LoudnessUse, Preset, TagStyle, TextStyle, ValueStyle};
use ferrotape_device::{AudioRules, LoudnessWish, Profile, TagText, TagVersion};
use ferrotape_domain::TagSet;

pub(super) fn tag_style(profile: &Profile) -> TagStyle {
    let rules = &profile.tags;
    TagStyle {
        version: match rules.version {
            TagVersion::V23 => Id3Version::V23,
            TagVersion::V24 => Id3Version::V24,
        },
        text: match rules.text {
            TagText::Utf16 => TextStyle::Utf16,
            TagText::Utf8 => TextStyle::Utf8,
            TagText::Latin1 => TextStyle::Latin1WherePossible,
        },
        values: if rules.several_values { ValueStyle::Separate } else { ValueStyle::Joined },
        totals: rules.totals,
        id3v1: rules.id3v1,
        padding_bytes: 0,
    }
}

pub(super) fn cover_rules(profile: &Profile) -> CoverRules {
    CoverRules {
        max_pixels: profile.cover.max_side,
        max_bytes: usize::try_from(profile.cover.max_bytes).unwrap_or(usize::MAX),
        any_jpeg: profile.cover.any_jpeg,
        png: profile.cover.png,
    }
}

/// What is done with loudness on such a player, unless the user says otherwise.
pub fn usual_loudness(profile: &Profile) -> LoudnessUse {
    match profile.audio.loudness {
        LoudnessWish::Tags => LoudnessUse::ReplayGain,
        LoudnessWish::Apply => LoudnessUse::APPLY,
    }
}

/// The wished quality as far as the player plays it. Frames of a variable bit rate may take up to 320 kbit/s, so a lower
/// limit means a constant rate.
pub fn preset_for(wish: Preset, rules: &AudioRules) -> Preset {
    let about = match wish {
        Preset::V0 | Preset::V2 if !wants_constant_rate(rules) => return wish,
        Preset::V0 => 320,
        Preset::V2 => 192,
        Preset::Cbr(kbps) => kbps,
    };
    let most = about.min(rules.max_kbps);
    Preset::Cbr([320, 256, 192, 128].into_iter().find(|kbps| *kbps <= most).unwrap_or(128))
}

/// Whether frames of a variable bit rate are more than the player plays, whatever their mean.
pub(super) fn wants_constant_rate(rules: &AudioRules) -> bool {
    !rules.vbr || rules.max_kbps < 320
}

/// The tags as the player sorts them.
pub(super) fn tags_for(profile: &Profile, mut tags: TagSet) -> TagSet {
    let of_a_set =
        tags.disc_total.is_some_and(|total| total > 1) || tags.disc_number.is_some_and(|disc| disc > 1);
    if profile.tags.disc_in_album
        && of_a_set
        && let (Some(album), Some(disc)) = (&tags.album, tags.disc_number)
    {
        tags.album = Some(format!("{album} (disc {disc})"));
    }
    tags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quality_beyond_the_player_becomes_the_best_it_plays() {
        let rules = |max_kbps, vbr| AudioRules { max_kbps, vbr, ..Profile::generic().audio };
        assert_eq!(preset_for(Preset::V0, &rules(320, true)), Preset::V0);
        assert_eq!(preset_for(Preset::V0, &rules(320, false)), Preset::Cbr(320));
        assert_eq!(preset_for(Preset::V2, &rules(320, false)), Preset::Cbr(192));
        assert_eq!(preset_for(Preset::V0, &rules(200, true)), Preset::Cbr(192));
        assert_eq!(preset_for(Preset::Cbr(128), &rules(320, true)), Preset::Cbr(128));
        assert_eq!(preset_for(Preset::Cbr(320), &rules(256, true)), Preset::Cbr(256));
    }

    #[test]
    fn discs_are_told_apart_by_the_album_where_the_player_mixes_them_up() {
        let mut profile = Profile::generic();
        profile.tags.disc_in_album = true;
        let tags = TagSet { album: Some("Tides".to_owned()), disc_number: Some(2), ..TagSet::default() };
        assert_eq!(tags_for(&profile, tags.clone()).album.as_deref(), Some("Tides (disc 2)"));
        let single = TagSet { disc_number: Some(1), disc_total: Some(1), ..tags.clone() };
        assert_eq!(tags_for(&profile, single).album.as_deref(), Some("Tides"));
        assert_eq!(tags_for(&Profile::generic(), tags).album.as_deref(), Some("Tides"));
    }
}

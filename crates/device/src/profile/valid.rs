//! What a profile must not say: values that would write rubbish, or outside the player's root.

use super::{CopyRules, Folders, NameRules, Profile, SpokenRules, TagText, TagVersion, TextEncoding};
use crate::manifest::is_inside;

/// Names shorter than this leave no room for number, title and extension.
const SHORTEST_NAME: usize = 12;
/// What an MP3 can be of.
const RATES: [u32; 9] = [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000];

/// Everything wrong with a profile, as sentences.
pub(super) fn complaints(profile: &Profile) -> Vec<String> {
    let mut found = Vec::new();
    let mut check = |sound: bool, complaint: String| {
        if !sound {
            found.push(complaint);
        }
    };
    let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    check(
        !profile.name.is_empty() && profile.name.len() <= 64 && profile.name.chars().all(word),
        format!("name must be lower-case letters, digits and hyphens, not “{}”", profile.name.escape_debug()),
    );
    check(!profile.title.trim().is_empty(), "title is empty".to_owned());
    names(&profile.names, &mut check);
    folders(profile, &mut check);
    playlists(profile, &mut check);
    let audio = &profile.audio;
    check(
        matches!(audio.max_kbps, 128..=320),
        format!("audio.max_kbps must be from 128 to 320, not {}", audio.max_kbps),
    );
    check(
        audio.min_kbps <= 128,
        format!("audio.min_kbps must be from 0 to 128, not {}", audio.min_kbps),
    );
    check(
        !audio.sample_rates.is_empty() && audio.sample_rates.iter().all(|rate| RATES.contains(rate)),
        format!("audio.sample_rates must be some of {RATES:?}"),
    );
    check(
        audio.sample_rates.iter().any(|rate| *rate >= 32_000),
        "audio.sample_rates must hold one of 32000, 44100, 48000".to_owned(),
    );
    let tags = &profile.tags;
    check(
        tags.version == TagVersion::V24 || (tags.text != TagText::Utf8 && !tags.several_values),
        "tags.text utf8 and tags.several_values need tags.version 2.4".to_owned(),
    );
    spoken("podcasts", &profile.podcasts, &mut check);
    spoken("audiobooks", &profile.audiobooks, &mut check);
    let cover = &profile.cover;
    check(
        (32..=4000).contains(&cover.max_side) && (1_000..=16_000_000).contains(&cover.max_bytes),
        "cover.max_side must be from 32 to 4000, cover.max_bytes from 1000 to 16000000".to_owned(),
    );
    let is_jpeg = [".jpg", ".jpeg"].iter().any(|ending| cover.file.to_ascii_lowercase().ends_with(ending));
    check(
        cover.file.is_empty() || (is_jpeg && !cover.file.contains('/') && is_inside(&cover.file)),
        "cover.file must be the name of a JPEG, such as cover.jpg, or empty".to_owned(),
    );
    let CopyRules { max_file_bytes, .. } = profile.copy;
    check(max_file_bytes >= 1_000_000, "copy.max_file_bytes must be at least 1000000".to_owned());
    found
}

fn names(rules: &NameRules, check: &mut dyn FnMut(bool, String)) {
    let lengths = [rules.max_name_units, rules.max_name_bytes, rules.max_folder_units];
    check(
        lengths.iter().all(|length| (SHORTEST_NAME..=255).contains(length)),
        format!(
            "names.max_name_units, max_name_bytes and max_folder_units must be from {SHORTEST_NAME} to 255"
        ),
    );
    check(
        (64..=4096).contains(&rules.max_path_units),
        "names.max_path_units must be from 64 to 4096".to_owned(),
    );
    let stand_ins = rules.replacements.values().chain(std::iter::once(&rules.otherwise));
    check(
        stand_ins.clone().all(|c| !c.is_control() && !"\"*/:<>?\\|.".contains(*c)),
        "names.replacements and names.otherwise must not stand in by a character that is refused itself"
            .to_owned(),
    );
}

fn folders(profile: &Profile, check: &mut dyn FnMut(bool, String)) {
    let folders = &profile.folders;
    for (key, path) in [("music", &folders.music), ("playlists", &folders.playlists)] {
        // The root itself is allowed.
        check(
            path.is_empty() || is_inside(path),
            format!("folders.{key} must be a path below the player's root, not “{}”", path.escape_debug()),
        );
    }
    for word in [&folders.unknown_artist, &folders.various_artists, &folders.untitled] {
        check(one_name(word), format!("folders: “{}” is no name of a file", word.escape_debug()));
    }
    check(
        folders.max_files == 0 || folders.max_files >= 10 || folders.layout == Folders::ArtistAlbum,
        "folders.max_files must be at least 10".to_owned(),
    );
}

fn spoken(section: &str, rules: &SpokenRules, check: &mut dyn FnMut(bool, String)) {
    let folder = &rules.folder;
    check(
        folder.is_empty() || is_inside(folder),
        format!("{section}.folder must be a path below the player's root, not “{}”", folder.escape_debug()),
    );
    check(
        rules.genre.len() <= 64 && !rules.genre.chars().any(char::is_control),
        format!("{section}.genre must be a word or two"),
    );
    check(
        (1..=600).contains(&rules.split_minutes),
        format!("{section}.split_minutes must be from 1 to 600, not {}", rules.split_minutes),
    );
}

fn playlists(profile: &Profile, check: &mut dyn FnMut(bool, String)) {
    let rules = &profile.playlists;
    let letters = rules.extension.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    check(
        letters && (1..=8).contains(&rules.extension.len()),
        "playlists.extension must be a few letters without a dot".to_owned(),
    );
    check(
        rules.max_bytes == 0 || rules.max_bytes >= 1_000,
        "playlists.max_bytes must be 0 (any) or at least 1000".to_owned(),
    );
    let latin = matches!(
        profile.names.characters,
        super::Characters::Latin1 | super::Characters::Ascii | super::Characters::Iso9660
    );
    check(
        rules.encoding != TextEncoding::Latin1 || latin,
        "playlists.encoding latin1 needs names.characters latin1, ascii or iso9660, or files cannot be named"
            .to_owned(),
    );
}

fn one_name(text: &str) -> bool {
    is_inside(text) && !text.contains('/') && text.len() <= 64
}

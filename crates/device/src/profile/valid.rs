//! What a profile must not say: values that would write rubbish, or outside the player's root.

use std::collections::BTreeMap;

use super::{
    Characters, CopyRules, Folders, NameRules, Profile, SpokenRules, TagText, TagVersion, TextEncoding,
};
use crate::folder_names::ROOM_FOR_NAME;
use crate::manifest::is_inside;
use crate::names::{safe_name, units};

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
    check(audio.min_kbps <= 128, format!("audio.min_kbps must be from 0 to 128, not {}", audio.min_kbps));
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
        cover.file.is_empty() || (is_jpeg && !cover.file.contains('/') && is_storable(&cover.file)),
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
        place(&format!("folders.{key}"), path, check);
    }
    for word in [&folders.unknown_artist, &folders.various_artists, &folders.untitled] {
        check(one_name(word), format!("folders: “{}” is no name of a file", word.escape_debug()));
    }
    check(
        match folders.max_files {
            0 => true,
            // A track, its lyrics and the folder's picture.
            most if folders.layout == Folders::ArtistAlbum => most >= 3,
            most => most >= 10,
        },
        "folders.max_files must be at least 10, with artist and album folders at least 3, or 0".to_owned(),
    );
    let shelves = [&folders.music, &profile.podcasts.folder, &profile.audiobooks.folder];
    let longest = shelves.into_iter().map(|shelf| units(shelf)).max().unwrap_or(0);
    let least = longest + 1 + 2 * (SHORTEST_NAME + 1) + ROOM_FOR_NAME;
    check(
        profile.names.max_path_units >= least,
        format!(
            "names.max_path_units must be at least {least}, or no artist, album and title find room below such folders"
        ),
    );
}

/// A folder of things of one kind.
fn place(key: &str, path: &str, check: &mut dyn FnMut(bool, String)) {
    let said = path.escape_debug();
    // The root itself is allowed.
    check(
        path.is_empty() || is_inside(path),
        format!("{key} must be a path below the player's root, not “{said}”"),
    );
    check(
        path.is_empty() || !is_inside(path) || is_storable(path),
        format!("{key}: a folder cannot be called “{said}” on FAT, exFAT or Windows"),
    );
}

/// Whether each name of a path is one that FAT, exFAT and Windows take as it is.
fn is_storable(path: &str) -> bool {
    let rules = NameRules {
        max_name_units: 255,
        max_name_bytes: 255,
        max_folder_units: 255,
        max_path_units: 4096,
        characters: Characters::All,
        replacements: BTreeMap::new(),
        otherwise: '_',
    };
    let takes = |name: &str| safe_name(name, &rules, rules.max_name_units, rules.max_name_bytes) == name;
    is_inside(path) && path.split('/').all(takes)
}

fn spoken(section: &str, rules: &SpokenRules, check: &mut dyn FnMut(bool, String)) {
    place(&format!("{section}.folder"), &rules.folder, check);
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
    let latin =
        matches!(profile.names.characters, Characters::Latin1 | Characters::Ascii | Characters::Iso9660);
    check(
        rules.encoding != TextEncoding::Latin1 || latin,
        "playlists.encoding latin1 needs names.characters latin1, ascii or iso9660, or files cannot be named"
            .to_owned(),
    );
}

fn one_name(text: &str) -> bool {
    is_inside(text) && !text.contains('/') && text.len() <= 64
}

//! Recipes: hashes of everything that decides a finished track's bytes. Equal ones make equal files.

use ferrotape_audio::{CoverRules, LoudnessUse, Preset, TagStyle};
use ferrotape_device::Profile;
use ferrotape_domain::{AudioFormat, Offer, TagSet};

use super::step_1_plan::{CoverSource, PlannedTrack};

/// Part of every recipe. Raise it when the same inputs would give other bytes (encoder, tags, cover rules), so that
/// files made by an older ferrotape are made anew. Where it is the frames that change, `audio::SOUND_VERSION` as well.
const PIPELINE: &str = "ferrotape-3";

/// The usual rates that a player does not take; nothing for nearly all.
pub(super) fn rates_left_out(profile: &Profile) -> String {
    let taken = &profile.audio.sample_rates;
    let left_out = [32_000, 44_100, 48_000].into_iter().filter(|rate| !taken.contains(rate));
    left_out.map(|rate| format!(" not {rate}")).collect()
}

/// Everything that decides the bytes of the finished track; no preset when its frames are copied. Equal recipes make
/// equal files.
pub(super) fn recipe(
    offer: &Offer,
    tags: &TagSet,
    cover: &CoverSource,
    rules: &(TagStyle, CoverRules),
    (preset, rates, loudness): (Option<Preset>, String, LoudnessUse),
) -> String {
    let cover = match cover {
        CoverSource::Embedded(content) => content.clone(),
        CoverSource::Folder(path, size, time) => {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            format!("{name} {size} {time}")
        }
        CoverSource::None => String::new(),
    };
    // What was made of these before may lack, without a word, what is damaged in the file: it is made anew once.
    let holes = match offer.facts.format {
        AudioFormat::OggFlac | AudioFormat::Vorbis | AudioFormat::Opus => "\nwith its holes",
        _ => "",
    };
    let text = format!(
        "{PIPELINE}\n{}\n{tags:?}\n{cover}\n{rules:?}\n{preset:?}{rates}\n{loudness}{holes}",
        offer.content.0
    );
    hashed(&text)
}

/// The recipe of a track as part of the album that has these contents; of one that stands alone its own.
pub(super) fn recipe_in_album(track: &PlannedTrack, mut contents: Vec<String>) -> String {
    contents.sort_unstable();
    if contents.len() < 2 {
        return track.own_recipe.clone();
    }
    hashed(&format!("{}\n{}", track.own_recipe, contents.join(" ")))
}

pub(super) fn hashed(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex()[..32].to_owned()
}

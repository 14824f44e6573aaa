//! From a result to an offer: only under a licence that is known, and only where the whole file may be had.

use std::time::Duration;

use ferrotape_domain::{AudioFormat, RemoteOffer, Rights, Sums, TagSet};

use super::wire::Audio;
use crate::answers::{rights_of, web_page};
use crate::net::Address;

/// Providers whose files are not taken from here; see the module.
const PASSED_OVER: [&str; 2] = ["jamendo", "freesound"];

/// Whether a file may be taken at all.
pub(super) fn is_taken(audio: &Audio) -> bool {
    let passed_over = |text: &str| audio.provider.has(text) || audio.source.has(text);
    let has_place = audio.url.first().is_some_and(|url| Address::parse(url).is_ok());
    has_place && rights(audio).allow_a_copy() && !PASSED_OVER.into_iter().any(passed_over)
}

pub(super) fn offer(audio: &Audio) -> Option<RemoteOffer> {
    let id = audio.id.first().filter(|id| is_id(id) && is_taken(audio))?;
    let ending = ending(audio);
    let album = audio.audio_set.as_ref().and_then(|set| set.title.first());
    let milliseconds = audio.duration.number().filter(|length| (1..200_000_000).contains(length));
    Some(RemoteOffer {
        id: id.to_owned(),
        file_name: if ending.is_empty() { id.to_owned() } else { format!("{id}.{ending}") },
        tags: TagSet {
            title: audio.title.first().map(str::to_owned),
            artists: audio.creator.iter().map(str::to_owned).collect(),
            album: album.map(str::to_owned),
            ..TagSet::default()
        },
        duration: milliseconds.map(Duration::from_millis),
        format: match ending {
            "mp3" => Some(AudioFormat::Mp3),
            "flac" => Some(AudioFormat::Flac),
            "wav" => Some(AudioFormat::Wav),
            _ => None,
        },
        bitrate_kbps: None,
        // What it says was so when it last looked.
        size: None,
        sums: Sums::default(),
        rights: rights(audio),
        folder: String::new(),
        page: audio.foreign_landing_url.first().and_then(web_page),
    })
}

fn rights(audio: &Audio) -> Rights {
    audio.license_url.first().map_or(Rights::Unknown, rights_of)
}

fn ending(audio: &Audio) -> &'static str {
    match audio.filetype.first().unwrap_or_default().to_ascii_lowercase().as_str() {
        "mp3" | "mp32" | "mpeg" => "mp3",
        "flac" | "x-flac" => "flac",
        "wav" | "wave" | "x-wav" => "wav",
        "ogg" | "oga" | "application/ogg" => "ogg",
        "opus" => "opus",
        _ => "",
    }
}

/// As Openverse gives them: a UUID.
pub(super) fn is_id(text: &str) -> bool {
    let sound = |(at, byte): (usize, u8)| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    text.len() == 36 && text.bytes().enumerate().all(sound)
}

//! From a track to an offer: only where its artist allows the download, under a licence that is known.

use ferrotape_domain::{AudioFormat, RemoteOffer, Sums, TagSet};

use super::wire::Track;
use crate::answers::{date, rights_of, seconds, web_page};

/// The forms of a file that are asked for: losslessly, or a good MP3.
const FLAC: &str = "flac";
const MP3: &str = "mp32";

pub(super) fn offer(track: &Track) -> Option<RemoteOffer> {
    let download = track.audiodownload.first()?;
    let rights = track.license_ccurl.first().map(rights_of)?;
    if !track.audiodownload_allowed.is_true() || !rights.allow_a_copy() {
        return None;
    }
    let number = track.id.first().filter(|id| is_number(id))?;
    let form = if download.contains("/flac") || download.contains("format=flac") { FLAC } else { MP3 };
    let (format, ending) = if form == FLAC { (AudioFormat::Flac, "flac") } else { (AudioFormat::Mp3, "mp3") };
    let artists: Vec<String> = track.artist_name.iter().map(str::to_owned).collect();
    Some(RemoteOffer {
        id: format!("{number}/{form}"),
        file_name: format!("{number}.{ending}"),
        tags: TagSet {
            title: track.name.first().map(str::to_owned),
            album_artists: artists.clone(),
            artists,
            album: track.album_name.first().map(str::to_owned),
            track_number: track.position.track(),
            date: track.releasedate.first().and_then(date),
            ..TagSet::default()
        },
        duration: track.duration.first().and_then(seconds),
        format: Some(format),
        bitrate_kbps: None,
        size: None,
        sums: Sums::default(),
        rights,
        folder: String::new(),
        page: track.shareurl.first().and_then(web_page),
    })
}

/// Track and form of an id.
pub(super) fn parts_of(id: &str) -> Option<(&str, &str)> {
    id.split_once('/').filter(|(track, form)| is_number(track) && matches!(*form, FLAC | MP3))
}

fn is_number(text: &str) -> bool {
    (1..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

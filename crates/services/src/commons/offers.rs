//! From a file's page to an offer: only under a licence that is known, or where nobody has any rights.

use ferrotape_domain::{RemoteOffer, Rights, Sums, TagSet, Wanted};

use super::beyond::Said;
use super::wire::{Info, Page};
use crate::answers::{Steps, ending, format_of, rights_of, seconds, web_page};

/// Endings of sound files there that ferrotape reads; there are notes for synthesizers, too.
const ENDINGS: [&str; 6] = ["flac", "mp3", "ogg", "oga", "opus", "wav"];

/// The offer as it is told of for this wish.
pub(super) fn offer(page: &Page, wanted: &Wanted) -> Option<RemoteOffer> {
    let info = page.imageinfo.0.first()?;
    let name = name_of_id(page.title.first()?.strip_prefix("File:")?)?;
    let rights = rights(info);
    let is_sound = info.mediatype.has("AUDIO")
        && (info.mime.has("application/ogg")
            || info.mime.first().is_some_and(|mime| mime.starts_with("audio/")));
    if !is_sound || !ENDINGS.contains(&ending(name).as_str()) || !rights.allow_a_copy() {
        return None;
    }
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem).replace('_', " ");
    let (title, artist) = (info.extmetadata.object_name.words(), info.extmetadata.artist.words());
    let title = if title.is_empty() { &stem } else { &title };
    let told = Said { title, artist: &artist, stem: &stem }.told_for(wanted)?;
    Some(RemoteOffer {
        id: name.to_owned(),
        file_name: name.to_owned(),
        tags: TagSet {
            title: Some(told.title),
            artists: told.artists,
            album: told.album,
            ..TagSet::default()
        },
        duration: info.duration.first().and_then(seconds),
        // An `.ogg` may hold FLAC or Opus as well.
        format: format_of(name).filter(|_| !matches!(ending(name).as_str(), "ogg" | "oga")),
        bitrate_kbps: None,
        size: info.size.number().filter(|size| *size > 0),
        sums: Sums { sha1: info.sha1.hex(40), ..Sums::default() },
        rights,
        folder: String::new(),
        page: info.descriptionurl.first().and_then(web_page),
    })
}

fn rights(info: &Info) -> Rights {
    let said = &info.extmetadata;
    let licensed = rights_of(&said.license_url.words());
    let is_free_of_rights = said.copyrighted.words().eq_ignore_ascii_case("false")
        && said.license.words().to_ascii_lowercase().starts_with("pd");
    match licensed {
        Rights::Unknown if is_free_of_rights => {
            Rights::Licence { name: "public domain".to_owned(), url: None }
        }
        rights => rights,
    }
}

/// A file's name as an id: one plain step.
pub(super) fn name_of_id(id: &str) -> Option<&str> {
    Steps::of(id).map(Steps::name).filter(|name| *name == id)
}

//! What a server's row (a `BaseItemDto`) says of a track. Every field may be missing or of another type.

use std::time::Duration;

use ferrotape_domain::{Advisory, AudioFormat, Mbid, RemoteOffer, Rights, Sums, TagSet};
use serde_json::Value;

use crate::endings::{file_name, folder, format_of};
use crate::loose::{count, many, names, number, single, text};

/// What matching knows audiobooks by.
const BOOK: &str = "Audiobook";
/// Their unit of time is 100 nanoseconds.
const TICKS_PER_MICROSECOND: u64 = 10;
/// Longer names are none that a server gives.
const MAX_ID_CHARS: usize = 64;

/// The name of a row.
pub(super) fn id_of(row: &Value) -> Option<String> {
    text(single(row.get("Id"))).filter(|id| id.chars().count() <= MAX_ID_CHARS)
}

/// The row as an offer of this server; `None` for what is neither a track nor a part of an audiobook.
pub(super) fn offer(server: &str, row: &Value) -> Option<RemoteOffer> {
    let is = |name: &str| row.get("Type").is_some_and(|kind| kind == name);
    if row.get("Type").is_some() && !is("Audio") && !is("AudioBook") {
        return None;
    }
    // The first is the original; others are further versions of the same.
    let file = many(row.get("MediaSources")).first().unwrap_or(&Value::Null);
    let bitrate = count(file.get("Bitrate")).map(|bits| bits / 1000).filter(|&kbps| kbps > 0);
    let ending = text(file.get("Container")).or_else(|| text(row.get("Container")));
    let path = text(row.get("Path")).or_else(|| text(file.get("Path")));
    let ticks = number(row.get("RunTimeTicks")).or_else(|| number(file.get("RunTimeTicks")));
    let duration = ticks.map(|ticks| Duration::from_micros(ticks / TICKS_PER_MICROSECOND));
    let mut tags = tags(server, row);
    if is("AudioBook") {
        tags.genres.push(BOOK.to_owned());
    }
    Some(RemoteOffer {
        id: id_of(row)?,
        file_name: file_name(path.as_deref(), tags.title.as_deref(), ending.as_deref()),
        tags,
        duration: duration.filter(|time| !time.is_zero()),
        format: format(file, ending.as_deref(), bitrate),
        bitrate_kbps: bitrate,
        size: number(file.get("Size")).filter(|&size| size > 0),
        sums: Sums::default(),
        rights: Rights::Own,
        folder: folder(path.as_deref()),
        page: None,
    })
}

/// By the codec, where the row says it; containers come as a list at times.
fn format(file: &Value, ending: Option<&str>, kbps: Option<u32>) -> Option<AudioFormat> {
    let streams = many(file.get("MediaStreams")).iter();
    let codec = streams.filter(|stream| stream.get("Type").is_some_and(|kind| kind == "Audio"));
    let codec = codec.filter_map(|stream| text(stream.get("Codec"))).next();
    let first = ending.map(|ending| ending.split(',').next().unwrap_or_default());
    match codec.as_deref() {
        Some("alac") => Some(AudioFormat::Alac),
        Some("aac") => Some(AudioFormat::Aac),
        Some("opus") => Some(AudioFormat::Opus),
        Some("flac") if first == Some("ogg") => Some(AudioFormat::OggFlac),
        _ => format_of(first?, kbps),
    }
}

fn tags(server: &str, row: &Value) -> TagSet {
    let of = |name: &str| single(row.get(name));
    let provider = |name: &str| row.get("ProviderIds").and_then(|ids| text(ids.get(name)));
    let mbid = |name: &str| provider(name).and_then(|id| Mbid::parse(&id).ok());
    let mbids = |name: &str| {
        let ids = provider(name).unwrap_or_default();
        ids.split([';', '/', ',']).filter_map(|id| Mbid::parse(id).ok()).collect()
    };
    let album_artists = match names(row.get("AlbumArtists"), "Name") {
        names if names.is_empty() => text(of("AlbumArtist")).into_iter().collect(),
        names => names,
    };
    TagSet {
        title: text(of("Name")),
        artists: names(row.get("Artists"), "Name"),
        album: text(of("Album")),
        album_artists,
        track_number: count(of("IndexNumber")),
        disc_number: count(of("ParentIndexNumber")),
        date: date(row),
        genres: names(row.get("Genres"), "Name"),
        recording_mbid: mbid("MusicBrainzRecording"),
        track_mbid: mbid("MusicBrainzTrack"),
        release_mbid: mbid("MusicBrainzAlbum"),
        release_group_mbid: mbid("MusicBrainzReleaseGroup"),
        artist_mbids: mbids("MusicBrainzArtist"),
        album_artist_mbids: mbids("MusicBrainzAlbumArtist"),
        advisory: text(of("OfficialRating")).and_then(|rating| advisory(&rating)),
        album_id: text(of("AlbumId")).map(|id| format!("{server} {id}").into_boxed_str()),
        ..TagSet::default()
    }
}

/// It keeps no mark of a shop; people and programs write one where films have the age that they are for.
fn advisory(rating: &str) -> Option<Advisory> {
    match rating.to_ascii_lowercase().as_str() {
        "explicit" | "parental advisory" => Some(Advisory::Explicit),
        "clean" => Some(Advisory::Clean),
        _ => None,
    }
}

/// A first of January is what a year alone becomes there.
fn date(row: &Value) -> Option<String> {
    let is_date = |date: &str| {
        let parts: Vec<&str> = date.split('-').collect();
        parts.iter().map(|part| part.len()).eq([4, 2, 2])
            && parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let premiere = text(row.get("PremiereDate"));
    let premiere = premiere.as_deref().and_then(|date| date.get(..10)).filter(|date| is_date(date));
    let year = count(row.get("ProductionYear")).filter(|year| (1000..=9999).contains(year));
    match premiere {
        Some(date) if !date.ends_with("-01-01") => Some(date.to_owned()),
        Some(date) => date.get(..4).map(str::to_owned),
        None => year.map(|year| year.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_full_row_is_read() {
        let row = json!({
            "Name": "Slow Rivers", "Id": "00f0", "Type": "Audio", "Album": "Maps", "AlbumArtist": "Nia",
            "AlbumArtists": [{"Name": "Nia", "Id": "1"}], "Artists": ["Nia", "Tom"], "IndexNumber": 3,
            "ParentIndexNumber": 2, "ProductionYear": 2019, "PremiereDate": "2019-04-05T00:00:00.0000000Z",
            "RunTimeTicks": 2_015_000_000_u64, "Genres": ["Folk"], "Path": "/media/Nia/Maps/03.m4a",
            "AlbumId": "a1", "OfficialRating": "Clean",
            "ProviderIds": {
                "MusicBrainzTrack": "0b1b2c3d-1111-4222-8333-444455556666",
                "MusicBrainzArtist": "0b1b2c3d-1111-4222-8333-444455556667;0b1b2c3d-1111-4222-8333-444455556668",
                "MusicBrainzAlbum": null
            },
            "MediaSources": [{
                "Size": 31_000_000, "Container": "mov,mp4,m4a", "Bitrate": 911_000,
                "MediaStreams": [{"Type": "EmbeddedImage", "Codec": "mjpeg"}, {"Type": "Audio", "Codec": "alac"}]
            }]
        });
        let offer = offer("jellyfin:den", &row).unwrap();
        assert_eq!((offer.id.as_str(), offer.file_name.as_str()), ("00f0", "03.m4a"));
        assert_eq!(offer.tags.artists, ["Nia", "Tom"]);
        assert_eq!((offer.tags.track_number, offer.tags.disc_number), (Some(3), Some(2)));
        assert_eq!(offer.tags.date.as_deref(), Some("2019-04-05"));
        assert!(offer.tags.track_mbid.is_some() && offer.tags.recording_mbid.is_none());
        assert_eq!(offer.tags.artist_mbids.len(), 2);
        assert_eq!(offer.tags.album_id.as_deref(), Some("jellyfin:den a1"));
        assert_eq!(offer.tags.advisory, Some(Advisory::Clean));
        assert_eq!((offer.format, offer.bitrate_kbps), (Some(AudioFormat::Alac), Some(911)));
        assert_eq!((offer.duration, offer.size), (Some(Duration::from_millis(201_500)), Some(31_000_000)));
    }

    #[test]
    fn dirty_rows_are_read_as_far_as_they_go() {
        let row = json!({
            "Id": "1", "Name": 7, "RunTimeTicks": "x", "MediaSources": {}, "PremiereDate": "2019-01-01T00:00:00Z",
            "Artists": null, "ProviderIds": [], "Path": "\\\\nas\\music\\a.mp3", "Container": "mp3",
            "AlbumId": null, "OfficialRating": 16
        });
        let offer = offer("jellyfin:den", &row).unwrap();
        assert_eq!((offer.file_name.as_str(), offer.duration, offer.size), ("a.mp3", None, None));
        assert_eq!(offer.tags.date.as_deref(), Some("2019"));
        assert_eq!((offer.tags.album_id, offer.tags.advisory), (None, None));
        assert_eq!(offer.format, Some(AudioFormat::Mp3));
    }

    #[test]
    fn an_audiobook_is_marked_as_one() {
        let row =
            json!({"Id": "1", "Type": "AudioBook", "Name": "The Salt Road", "AlbumArtist": "Mara Quill"});
        let tags = offer("jellyfin:den", &row).unwrap().tags;
        assert_eq!(
            (tags.title.as_deref(), tags.genres),
            (Some("The Salt Road"), vec!["Audiobook".to_owned()])
        );
    }

    #[test]
    fn what_is_no_track_is_left_out() {
        for row in [json!({"Id": "1", "Type": "MusicVideo"}), json!({"Type": "Audio"}), json!(3), json!(null)]
        {
            assert_eq!(offer("jellyfin:den", &row), None, "{row}");
        }
    }
}

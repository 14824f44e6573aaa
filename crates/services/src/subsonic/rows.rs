//! What a server's row (a `Child`) says of a track. Every field may be missing or of another type.

use std::time::Duration;

use ferrotape_domain::{Isrc, Mbid, RemoteOffer, Rights, Sums, TagSet};
use serde_json::Value;

use crate::endings::{file_name, folder, format_of};
use crate::loose::{count, many, names, number, text, yes};

/// What matching knows audiobooks by, where the row's own genres do not tell.
const BOOK: &str = "Audiobook";
/// Longer names are none that a server gives.
const MAX_ID_CHARS: usize = 512;

/// The name of a row.
pub(super) fn id_of(row: &Value) -> Option<String> {
    text(row.get("id")).filter(|id| id.chars().count() <= MAX_ID_CHARS)
}

/// The row as an offer; `None` for folders, videos and podcasts.
pub(super) fn offer(row: &Value) -> Option<RemoteOffer> {
    let kind = text(row.get("type")).unwrap_or_default().to_ascii_lowercase();
    if yes(row.get("isDir")) || yes(row.get("isVideo")) || matches!(kind.as_str(), "podcast" | "video") {
        return None;
    }
    let ending = text(row.get("suffix"));
    let bitrate_kbps = count(row.get("bitRate"));
    let mut tags = tags(row);
    if kind == "audiobook" {
        tags.genres.push(BOOK.to_owned());
    }
    Some(RemoteOffer {
        id: id_of(row)?,
        file_name: file_name(text(row.get("path")).as_deref(), tags.title.as_deref(), ending.as_deref()),
        tags,
        duration: number(row.get("duration")).filter(|&seconds| seconds > 0).map(Duration::from_secs),
        format: ending.and_then(|ending| format_of(&ending, bitrate_kbps)),
        bitrate_kbps,
        size: number(row.get("size")).filter(|&size| size > 0),
        sums: Sums::default(),
        rights: Rights::Own,
        folder: folder(text(row.get("path")).as_deref()),
        page: None,
    })
}

fn tags(row: &Value) -> TagSet {
    let several = |list: &str, one: &str| match names(row.get(list), "name") {
        names if names.is_empty() => text(row.get(one)).into_iter().collect(),
        names => names,
    };
    let isrcs = many(row.get("isrc")).iter().filter_map(|isrc| Isrc::parse(isrc.as_str()?).ok());
    let recording = text(row.get("musicBrainzId")).and_then(|id| Mbid::parse(&id).ok());
    TagSet {
        title: text(row.get("title")),
        artists: several("artists", "artist"),
        album: text(row.get("album")),
        album_artists: several("albumArtists", "displayAlbumArtist"),
        track_number: count(row.get("track")),
        disc_number: count(row.get("discNumber")),
        date: date(row.get("releaseDate")).or_else(|| year(row.get("year"))),
        genres: several("genres", "genre"),
        composers: text(row.get("displayComposer")).into_iter().collect(),
        bpm: count(row.get("bpm")),
        isrc: isrcs.into_iter().next(),
        recording_mbid: recording,
        ..TagSet::default()
    }
}

fn year(value: Option<&Value>) -> Option<String> {
    number(value).filter(|year| (1000..=9999).contains(year)).map(|year| year.to_string())
}

/// A date of which month and day may be missing.
fn date(value: Option<&Value>) -> Option<String> {
    let value = value?;
    let part = |name: &str, most: u64| number(value.get(name)).filter(|part| (1..=most).contains(part));
    let year = year(value.get("year"))?;
    Some(match (part("month", 12), part("day", 31)) {
        (Some(month), Some(day)) => format!("{year}-{month:02}-{day:02}"),
        (Some(month), None) => format!("{year}-{month:02}"),
        (None, _) => year,
    })
}

#[cfg(test)]
mod tests {
    use ferrotape_domain::AudioFormat;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_full_row_is_read() {
        let row = json!({
            "id": "tr-1", "isDir": false, "title": "Slow Rivers", "album": "Maps", "artist": "Nia & Tom",
            "artists": [{"id": "1", "name": "Nia"}, {"id": "2", "name": "Tom"}],
            "albumArtists": [{"id": "1", "name": "Nia"}], "track": 3, "discNumber": 2, "year": 2019,
            "releaseDate": {"year": 2019, "month": 4}, "genres": [{"name": "Folk"}], "genre": "Other",
            "duration": 201, "size": 31_000_000, "suffix": "flac", "bitRate": 911, "path": "Nia/Maps/2-03.flac",
            "isrc": ["nonsense", "GB-AAA-19-00001"], "musicBrainzId": "0b1b2c3d-1111-4222-8333-444455556666",
            "type": "music", "bpm": 0
        });
        let offer = offer(&row).unwrap();
        assert_eq!((offer.id.as_str(), offer.file_name.as_str()), ("tr-1", "2-03.flac"));
        assert_eq!(offer.folder, "Nia/Maps");
        assert_eq!(offer.tags.artists, ["Nia", "Tom"]);
        assert_eq!(offer.tags.album_artists, ["Nia"]);
        assert_eq!(
            (offer.tags.track_number, offer.tags.disc_number, offer.tags.bpm),
            (Some(3), Some(2), None)
        );
        assert_eq!(offer.tags.date.as_deref(), Some("2019-04"));
        assert_eq!(offer.tags.genres, ["Folk"]);
        assert_eq!(offer.tags.isrc.map(|isrc| isrc.as_str().to_owned()).as_deref(), Some("GBAAA1900001"));
        assert!(offer.tags.recording_mbid.is_some());
        assert_eq!((offer.format, offer.bitrate_kbps), (Some(AudioFormat::Flac), Some(911)));
        assert_eq!((offer.duration, offer.size), (Some(Duration::from_secs(201)), Some(31_000_000)));
        assert_eq!(offer.rights, Rights::Own);
    }

    #[test]
    fn dirty_rows_are_read_as_far_as_they_go() {
        let row = json!({
            "id": 17, "title": "  ", "artist": "A", "track": "4", "year": "19", "duration": "61.9",
            "size": "-1", "suffix": ".MP3", "bitRate": null, "path": "../../etc/passwd\u{0}", "isrc": "x"
        });
        let offer = offer(&row).unwrap();
        assert_eq!((offer.id.as_str(), offer.file_name.as_str()), ("17", "passwd"));
        assert_eq!((offer.tags.title, offer.tags.date, offer.tags.isrc), (None, None, None));
        assert_eq!((offer.tags.track_number, offer.size), (Some(4), None));
        assert_eq!(offer.duration, Some(Duration::from_secs(61)));
        assert_eq!(offer.format, Some(AudioFormat::Mp3));
    }

    #[test]
    fn what_the_server_calls_an_audiobook_is_one() {
        let genres = |kind: &str| {
            let row = json!({"id": "1", "type": kind, "genre": "Fantasy", "title": "One"});
            offer(&row).unwrap().tags.genres
        };
        assert_eq!(genres("audiobook"), ["Fantasy", "Audiobook"]);
        assert_eq!(genres("music"), ["Fantasy"]);
    }

    #[test]
    fn what_is_no_music_is_left_out() {
        for row in [
            json!({"id": "1", "type": "podcast"}),
            json!({"id": "1", "isVideo": "true"}),
            json!({"id": "1", "isDir": true}),
            json!({"title": "no name"}),
            json!({"id": "x".repeat(513)}),
            json!([]),
            json!(null),
        ] {
            assert_eq!(offer(&row), None, "{row}");
        }
    }
}

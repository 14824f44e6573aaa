//! What a server's row (a `Child`) says of a track. Every field may be missing or of another type, also one thing in a list.
//!
//! What no decision asks for is not read: comments, discs' names, gains, an album's `version` and `isCompilation`. The file
//! that comes has all of it.

use std::time::Duration;

use ferrotape_domain::{Advisory, Isrc, Mbid, ReleaseKinds, RemoteOffer, Rights, Sums, TagSet};
use serde_json::Value;

use crate::endings::{file_name, folder, format_of};
use crate::loose::{count, many, names, number, single, text, yes};

/// What matching knows audiobooks by, where the row's own genres do not tell.
const BOOK: &str = "Audiobook";
/// Longer names are none that a server gives.
const MAX_ID_CHARS: usize = 512;

/// The name of a row.
pub(super) fn id_of(row: &Value) -> Option<String> {
    text(single(row.get("id"))).filter(|id| id.chars().count() <= MAX_ID_CHARS)
}

/// The row as an offer of this server; `None` for folders, videos and podcasts.
pub(super) fn offer(server: &str, row: &Value) -> Option<RemoteOffer> {
    let of = |name: &str| single(row.get(name));
    let kind = text(of("type")).unwrap_or_default().to_ascii_lowercase();
    if yes(of("isDir")) || yes(of("isVideo")) || matches!(kind.as_str(), "podcast" | "video") {
        return None;
    }
    let (path, ending) = (text(of("path")), text(of("suffix")));
    let bitrate_kbps = count(of("bitRate"));
    let mut tags = tags(server, row);
    if kind == "audiobook" {
        tags.genres.push(BOOK.to_owned());
    }
    Some(RemoteOffer {
        id: id_of(row)?,
        file_name: file_name(path.as_deref(), tags.title.as_deref(), ending.as_deref()),
        tags,
        duration: number(of("duration")).filter(|&seconds| seconds > 0).map(Duration::from_secs),
        format: ending.and_then(|ending| format_of(&ending, bitrate_kbps)),
        bitrate_kbps,
        size: number(of("size")).filter(|&size| size > 0),
        sums: Sums::default(),
        rights: Rights::Own,
        folder: folder(path.as_deref()),
        page: None,
    })
}

fn tags(server: &str, row: &Value) -> TagSet {
    let of = |name: &str| single(row.get(name));
    let several = |list: &str, one: &str| match names(row.get(list), "name") {
        names if names.is_empty() => text(of(one)).into_iter().collect(),
        names => names,
    };
    let isrcs = many(row.get("isrc")).iter().filter_map(|isrc| Isrc::parse(isrc.as_str()?).ok());
    let mbid = |name: &str| text(of(name)).and_then(|id| Mbid::parse(&id).ok());
    let kinds = names(row.get("releaseTypes"), "name");
    TagSet {
        title: text(of("title")),
        artists: several("artists", "artist"),
        album: text(of("album")),
        album_artists: several("albumArtists", "displayAlbumArtist"),
        track_number: count(of("track")),
        disc_number: count(of("discNumber")),
        date: date(of("releaseDate")).or_else(|| year(of("year"))),
        genres: several("genres", "genre"),
        composers: text(of("displayComposer")).into_iter().collect(),
        bpm: count(of("bpm")),
        isrc: isrcs.into_iter().next(),
        recording_mbid: mbid("musicBrainzId"),
        release_kinds: ReleaseKinds::of_words(kinds.iter().map(String::as_str)),
        advisory: text(of("explicitStatus")).and_then(|status| advisory(&status)),
        album_id: text(of("albumId")).map(|id| format!("{server} {id}").into_boxed_str()),
        ..TagSet::default()
    }
}

/// What a song's row does not say and that of its album does.
pub(super) fn with_words_of_its_album(song: &mut Value, album: &Value) {
    let Some(song) = song.as_object_mut() else { return };
    for (of_song, of_album) in [("albumId", "id"), ("releaseTypes", "releaseTypes")] {
        let is_said = song.get(of_song).is_some_and(|said| !said.is_null());
        if let Some(said) = album.get(of_album).filter(|_| !is_said) {
            song.insert(of_song.to_owned(), said.clone());
        }
    }
}

/// OpenSubsonic has the words; some servers pass on the number of the tag.
fn advisory(status: &str) -> Option<Advisory> {
    match status.to_ascii_lowercase().as_str() {
        "explicit" => Some(Advisory::Explicit),
        "clean" => Some(Advisory::Clean),
        number => Advisory::of_number(number),
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
            "type": "music", "bpm": 0, "albumId": "al-7", "explicitStatus": "clean", "releaseTypes": ["Album", "Live"]
        });
        let offer = offer("subsonic:home", &row).unwrap();
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
        assert_eq!(offer.tags.album_id.as_deref(), Some("subsonic:home al-7"));
        assert_eq!(offer.tags.advisory, Some(Advisory::Clean));
        assert_eq!(offer.tags.release_kinds, ReleaseKinds::of_words(["live"]));
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
        let offer = offer("subsonic:home", &row).unwrap();
        assert_eq!((offer.id.as_str(), offer.file_name.as_str()), ("17", "passwd"));
        assert_eq!((offer.tags.title, offer.tags.date, offer.tags.isrc), (None, None, None));
        assert_eq!((offer.tags.track_number, offer.size), (Some(4), None));
        assert_eq!(offer.duration, Some(Duration::from_secs(61)));
        assert_eq!(offer.format, Some(AudioFormat::Mp3));
    }

    #[test]
    fn what_tells_albums_and_versions_apart_is_read_in_every_form() {
        let tags = |row: Value| offer("home", &row).unwrap().tags;
        let odd = tags(json!({
            "id": 1, "title": ["Ebb"], "albumId": 7, "explicitStatus": 2, "releaseTypes": "Live", "isrc": "GBAAA1900001",
            "track": ["3"], "musicBrainzId": ["0b1b2c3d-1111-4222-8333-444455556666"]
        }));
        assert_eq!((odd.title.as_deref(), odd.track_number), (Some("Ebb"), Some(3)));
        assert_eq!((odd.album_id.as_deref(), odd.advisory), (Some("home 7"), Some(Advisory::Clean)));
        assert!(odd.isrc.is_some() && odd.recording_mbid.is_some() && !odd.release_kinds.is_empty());
        for nothing in [json!(null), json!(""), json!("unknown"), json!([]), json!({"a": 1}), json!(true)] {
            let tags =
                tags(json!({"id": 1, "explicitStatus": nothing, "albumId": null, "releaseTypes": nothing}));
            assert_eq!((tags.advisory, tags.album_id), (None, None), "{nothing}");
            assert!(tags.release_kinds.is_empty(), "{nothing}");
        }
    }

    #[test]
    fn an_album_speaks_for_its_songs_where_they_are_silent() {
        let album = json!({"id": "al-7", "releaseTypes": ["Live"], "version": "Deluxe"});
        let told = |mut song: Value| {
            with_words_of_its_album(&mut song, &album);
            song
        };
        let whole = json!({"id": "1", "albumId": "al-7", "releaseTypes": ["Live"]});
        assert_eq!(told(json!({"id": "1", "albumId": null})), whole);
        let own = json!({"id": "1", "albumId": "al-8", "releaseTypes": []});
        assert_eq!(told(own.clone()), own);
        assert_eq!(told(json!("odd")), json!("odd"));
    }

    #[test]
    fn what_the_server_calls_an_audiobook_is_one() {
        let genres = |kind: &str| {
            let row = json!({"id": "1", "type": kind, "genre": "Fantasy", "title": "One"});
            offer("subsonic:home", &row).unwrap().tags.genres
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
            assert_eq!(offer("subsonic:home", &row), None, "{row}");
        }
    }
}

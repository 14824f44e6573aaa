//! The account data: library, playlists, the last year's history.

use serde::Serialize;

use super::{Export, Generation, PlayedRow, Row, Track, episode_uri, local_uri, pretty, spotify_uri};
use crate::KitError;

/// Spotify starts a new history file after so many rows.
const ROWS_PER_FILE: usize = 10_000;

pub(super) fn files(export: &Export, generation: Generation) -> Result<Vec<(String, Vec<u8>)>, KitError> {
    let dir = if generation == Generation::Y2025 { "Spotify Account Data" } else { "MyData" };
    let mut files = vec![
        pretty(&format!("{dir}/YourLibrary.json"), &Library::of(export, generation))?,
        pretty(&format!("{dir}/Playlist1.json"), &Playlists::of(export, generation))?,
    ];
    let mixed = generation != Generation::Y2025;
    let since =
        a_year_before(export.plays.iter().map(|play| play.ended_at.as_str()).max().unwrap_or_default());
    let last_year = export.plays.iter().filter(|play| play.ended_at >= since);
    let rows: Vec<(Kind, HistoryRow<'_>)> =
        last_year.filter_map(|play| HistoryRow::of(play, mixed)).collect();
    for (kind, stem) in [(Kind::Music, "music"), (Kind::Podcast, "podcast"), (Kind::Audiobook, "audiobook")] {
        let rows: Vec<&HistoryRow<'_>> =
            rows.iter().filter(|(of, _)| *of == kind).map(|(_, row)| row).collect();
        for (index, chunk) in rows.chunks(ROWS_PER_FILE).enumerate() {
            let name = if mixed { "StreamingHistory".into() } else { format!("StreamingHistory_{stem}_") };
            files.push(pretty(&format!("{dir}/{name}{index}.json"), &chunk)?);
        }
    }
    // Not JSON, though it is named so; a real package has this and it must not disturb the import.
    let address = b"List(Map(street -> Example, postal_code_short -> 00000, state -> XX))".to_vec();
    files.push((format!("{dir}/UserAddress.json"), address));
    Ok(files)
}

/// Account data goes back one year from the day it was asked for.
fn a_year_before(time: &str) -> String {
    match (time.get(..4).and_then(|year| year.parse::<u32>().ok()), time.get(4..)) {
        (Some(year), Some(rest)) => format!("{}{rest}", year.saturating_sub(1)),
        _ => String::new(),
    }
}

#[derive(Serialize)]
struct Library<'a> {
    tracks: Vec<LibraryTrack<'a>>,
    albums: Vec<LibraryAlbum<'a>>,
    shows: Vec<LibraryShow<'a>>,
    episodes: Vec<LibraryEpisode<'a>>,
    #[serde(rename = "bannedTracks")]
    banned_tracks: Vec<LibraryTrack<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    artists: Option<Vec<LibraryArtist<'a>>>,
    #[serde(rename = "bannedArtists", skip_serializing_if = "Option::is_none")]
    banned_artists: Option<Vec<LibraryArtist<'a>>>,
    other: Vec<String>,
}

#[derive(Serialize)]
struct LibraryTrack<'a> {
    artist: &'a str,
    album: &'a str,
    track: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri: Option<String>,
}

#[derive(Serialize)]
struct LibraryAlbum<'a> {
    artist: &'a str,
    album: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri: Option<String>,
}

#[derive(Serialize)]
struct LibraryShow<'a> {
    name: &'a str,
    publisher: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri: Option<String>,
}

#[derive(Serialize)]
struct LibraryEpisode<'a> {
    name: &'a str,
    show: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri: Option<String>,
}

#[derive(Serialize)]
struct LibraryArtist<'a> {
    name: &'a str,
    uri: String,
}

impl<'a> Library<'a> {
    fn of(export: &'a Export, generation: Generation) -> Self {
        let linked = generation != Generation::Y2021;
        let track = |track: &'a Track| LibraryTrack {
            artist: &track.artist,
            album: &track.album,
            track: &track.title,
            uri: linked.then(|| track.uri()),
        };
        let artist = |name: &'a String| LibraryArtist { name, uri: spotify_uri("artist", name) };
        let local = |row: &Row| match row {
            Row::Local { artist, album, title, seconds } => Some(local_uri(artist, album, title, *seconds)),
            _ => None,
        };
        Self {
            tracks: export.liked.iter().map(track).collect(),
            albums: export
                .albums
                .iter()
                .map(|album| LibraryAlbum {
                    artist: &album.artist,
                    album: &album.title,
                    uri: linked.then(|| album.uri()),
                })
                .collect(),
            shows: export
                .shows
                .iter()
                .map(|(name, publisher)| LibraryShow {
                    name,
                    publisher,
                    uri: linked.then(|| spotify_uri("show", name)),
                })
                .collect(),
            episodes: export
                .episodes
                .iter()
                .map(|(show, name)| LibraryEpisode {
                    name,
                    show,
                    uri: linked.then(|| episode_uri(show, name)),
                })
                .collect(),
            banned_tracks: export.banned_tracks.iter().map(track).collect(),
            artists: linked.then(|| export.artists.iter().map(artist).collect()),
            banned_artists: linked.then(Vec::new),
            other: export.local_files.iter().filter_map(local).collect(),
        }
    }
}

#[derive(Serialize)]
struct Playlists<'a> {
    playlists: Vec<Playlist<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Playlist<'a> {
    name: &'a str,
    last_modified_date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    collaborators: Option<[&'a str; 0]>,
    items: Vec<Entry<'a>>,
    description: Option<&'a str>,
    number_of_followers: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PlaylistTrack<'a> {
    track_name: &'a str,
    artist_name: &'a str,
    album_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    track_uri: Option<String>,
}

impl<'a> Playlists<'a> {
    fn of(export: &'a Export, generation: Generation) -> Self {
        let year = match generation {
            Generation::Y2021 => 2021,
            Generation::Y2022 => 2022,
            Generation::Y2025 => 2025,
        };
        let playlists = export.playlists.iter().enumerate().map(|(index, playlist)| Playlist {
            name: &playlist.name,
            last_modified_date: format!("{year}-01-{:02}", index % 28 + 1),
            collaborators: (generation == Generation::Y2025).then_some([]),
            items: playlist.rows.iter().enumerate().map(|(at, row)| Entry::of(row, at, generation)).collect(),
            description: None,
            number_of_followers: 0,
        });
        Self { playlists: playlists.collect() }
    }
}

#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    track: Option<PlaylistTrack<'a>>,
    episode: Option<PlaylistEpisode<'a>>,
    /// The outer `None` leaves the key out, the inner one writes `null`.
    #[serde(skip_serializing_if = "Option::is_none")]
    audiobook: Option<Option<PlaylistBook<'a>>>,
    local_track: Option<LocalTrack>,
    #[serde(skip_serializing_if = "Option::is_none")]
    added_date: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PlaylistEpisode<'a> {
    episode_name: &'a str,
    show_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    episode_uri: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PlaylistBook<'a> {
    audiobook_name: &'a str,
    author_name: &'a str,
    chapter_name: &'a str,
    audiobook_uri: String,
}

#[derive(Serialize)]
struct LocalTrack {
    uri: String,
}

impl<'a> Entry<'a> {
    fn of(row: &'a Row, at: usize, generation: Generation) -> Self {
        let newest = generation == Generation::Y2025;
        let mut entry = Self {
            audiobook: newest.then_some(None),
            added_date: newest.then(|| format!("2024-12-{:02}", at % 28 + 1)),
            ..Self::default()
        };
        match row {
            Row::Track(track) => {
                entry.track = Some(PlaylistTrack {
                    track_name: &track.title,
                    artist_name: &track.artist,
                    album_name: &track.album,
                    track_uri: (generation != Generation::Y2021).then(|| track.uri()),
                });
            }
            Row::Episode { show, title } => {
                let episode_uri = newest.then(|| episode_uri(show, title));
                entry.episode = Some(PlaylistEpisode { episode_name: title, show_name: show, episode_uri });
            }
            Row::Audiobook { author, title, chapter } if newest => {
                entry.audiobook = Some(Some(PlaylistBook {
                    audiobook_name: title,
                    author_name: author,
                    chapter_name: chapter,
                    audiobook_uri: spotify_uri("audiobook", title),
                }));
            }
            Row::Local { artist, album, title, seconds } => {
                entry.local_track = Some(LocalTrack { uri: local_uri(artist, album, title, *seconds) });
            }
            // Older packages know no books: such a row is empty there.
            Row::Audiobook { .. } | Row::Empty => {}
        }
        entry
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Music,
    Podcast,
    Audiobook,
}

#[derive(Serialize)]
#[serde(untagged)]
enum HistoryRow<'a> {
    #[serde(rename_all = "camelCase")]
    Music { end_time: String, artist_name: &'a str, track_name: &'a str, ms_played: u32 },
    #[serde(rename_all = "camelCase")]
    Podcast { end_time: String, podcast_name: &'a str, episode_name: &'a str, ms_played: u32 },
    #[serde(rename_all = "camelCase")]
    Audiobook {
        end_time: String,
        audiobook_name: &'a str,
        chapter_name: &'a str,
        author_name: &'a str,
        ms_played: u32,
    },
}

impl<'a> HistoryRow<'a> {
    /// `mixed`: the shape until 2022, where podcasts stand among the music.
    fn of(play: &'a PlayedRow, mixed: bool) -> Option<(Kind, Self)> {
        let end_time = play.ended_at.get(..16).unwrap_or(&play.ended_at).replace('T', " ");
        let ms_played = play.played_ms;
        match &play.row {
            Row::Track(Track { artist, title, .. }) | Row::Local { artist, title, .. } => Some((
                Kind::Music,
                Self::Music { end_time, artist_name: artist, track_name: title, ms_played },
            )),
            Row::Episode { show, title } if mixed => {
                Some((Kind::Music, Self::Music { end_time, artist_name: show, track_name: title, ms_played }))
            }
            Row::Episode { show, title } => Some((
                Kind::Podcast,
                Self::Podcast { end_time, podcast_name: show, episode_name: title, ms_played },
            )),
            Row::Audiobook { author, title, chapter } if !mixed => {
                let row = Self::Audiobook {
                    end_time,
                    audiobook_name: title,
                    chapter_name: chapter,
                    author_name: author,
                    ms_played,
                };
                Some((Kind::Audiobook, row))
            }
            Row::Audiobook { .. } | Row::Empty => None,
        }
    }
}

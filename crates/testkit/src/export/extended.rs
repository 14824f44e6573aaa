//! The extended streaming history: the whole time, to the second.

use serde::Serialize;

use super::{Export, PlayedRow, Row, episode_uri, spotify_uri};
use crate::KitError;

pub(super) fn files(export: &Export) -> Result<Vec<(String, Vec<u8>)>, KitError> {
    let rows: Vec<ExtendedRow<'_>> = export.plays.iter().map(ExtendedRow::of).collect();
    let years: Vec<&str> = export.plays.iter().filter_map(|play| play.ended_at.get(..4)).collect();
    let (Some(first), Some(last)) = (years.iter().min(), years.iter().max()) else { return Ok(Vec::new()) };
    let span = if first == last { (*first).to_owned() } else { format!("{first}-{last}") };
    let name = format!("Spotify Extended Streaming History/Streaming_History_Audio_{span}_0.json");
    let bytes =
        serde_json::to_vec(&rows).map_err(|source| KitError::Json { subject: name.clone(), source })?;
    Ok(vec![(name, bytes)])
}

#[derive(Serialize, Default)]
struct ExtendedRow<'a> {
    ts: &'a str,
    platform: &'a str,
    ms_played: u32,
    conn_country: &'a str,
    ip_addr: &'a str,
    master_metadata_track_name: Option<&'a str>,
    master_metadata_album_artist_name: Option<&'a str>,
    master_metadata_album_album_name: Option<&'a str>,
    spotify_track_uri: Option<String>,
    episode_name: Option<&'a str>,
    episode_show_name: Option<&'a str>,
    spotify_episode_uri: Option<String>,
    audiobook_title: Option<&'a str>,
    audiobook_uri: Option<String>,
    audiobook_chapter_uri: Option<String>,
    audiobook_chapter_title: Option<&'a str>,
    reason_start: &'a str,
    reason_end: &'a str,
    shuffle: bool,
    skipped: bool,
    offline: bool,
    offline_timestamp: Option<i64>,
    incognito_mode: bool,
}

impl<'a> ExtendedRow<'a> {
    fn of(play: &'a PlayedRow) -> Self {
        let mut row = Self {
            ts: &play.ended_at,
            platform: "linux",
            ms_played: play.played_ms,
            conn_country: "ZZ",
            // An address that RFC 5737 keeps for documentation.
            ip_addr: "203.0.113.1",
            reason_start: "trackdone",
            reason_end: "trackdone",
            ..Self::default()
        };
        match &play.row {
            Row::Track(track) => {
                row.master_metadata_track_name = Some(&track.title);
                row.master_metadata_album_artist_name =
                    Some(track.album_artist.as_deref().unwrap_or(&track.artist));
                row.master_metadata_album_album_name = Some(&track.album);
                row.spotify_track_uri = Some(track.uri());
            }
            Row::Episode { show, title } => {
                row.episode_name = Some(title);
                row.episode_show_name = Some(show);
                row.spotify_episode_uri = Some(episode_uri(show, title));
            }
            Row::Audiobook { title, chapter, .. } => {
                row.audiobook_title = Some(title);
                row.audiobook_uri = Some(spotify_uri("audiobook", title));
                row.audiobook_chapter_title = Some(chapter);
                row.audiobook_chapter_uri = Some(spotify_uri("chapter", &format!("{title}\n{chapter}")));
            }
            // Plays of local files, and of what is gone, name nothing.
            Row::Local { .. } | Row::Empty => {}
        }
        row
    }
}

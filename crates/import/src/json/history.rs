//! Listening histories: the account data's last year, and the extended one of all years.
//!
//! Only what was played, when and for how long is taken; addresses, devices and user names are not even parsed.

use ferrotape_domain::{PlaySource, Wanted, WantedKind};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::audiobook;
use super::lenient::{self, Text};
use crate::collector::{Collector, Played, Tally};
use crate::wanted::{describe, from_uri, says_something};

/// A row of `StreamingHistory*.json`, music, podcast or audiobook.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct AccountRow {
    end_time: Text,
    ms_played: Text,
    artist_name: Text,
    track_name: Text,
    podcast_name: Text,
    episode_name: Text,
    audiobook_name: Text,
    chapter_name: Text,
    author_name: Text,
}

/// A row of `Streaming_History_*.json`, `endsong_*.json` or `endvideo_*.json`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ExtendedRow {
    ts: Text,
    ms_played: Text,
    master_metadata_track_name: Text,
    master_metadata_album_artist_name: Text,
    master_metadata_album_album_name: Text,
    spotify_track_uri: Text,
    episode_name: Text,
    episode_show_name: Text,
    spotify_episode_uri: Text,
    audiobook_title: Text,
    audiobook_uri: Text,
    audiobook_chapter_uri: Text,
    audiobook_chapter_title: Text,
}

/// Takes one row of the account data.
pub(super) fn account_row(number: u64, text: &[u8], tally: &mut Tally, collector: &mut Collector) {
    let read = lenient::object::<AccountRow>(text).and_then(|row| {
        let played = played(&row.end_time, &row.ms_played, PlaySource::AccountHistory)?;
        Ok((account_wanted(&row, collector), played))
    });
    match read {
        Ok((wanted, played)) => collector.play_by_name(tally, wanted, played),
        Err(reason) => collector.refuse(tally, number, reason),
    }
}

fn account_wanted(row: &AccountRow, collector: &Collector) -> Wanted {
    let (kind, title, artist, release) = if let Some(episode) = row.episode_name.get() {
        (WantedKind::Episode, Some(episode), None, row.podcast_name.get())
    } else if let Some(book) = row.audiobook_name.get() {
        let chapter = row.chapter_name.get().or(Some(book));
        (WantedKind::Audiobook, chapter, row.author_name.get(), Some(book))
    } else if collector.is_show(row.artist_name.or_empty()) {
        // Until 2022 podcasts stand among the music, with the show as the artist.
        (WantedKind::Episode, row.track_name.get(), None, row.artist_name.get())
    } else {
        (WantedKind::Recording, row.track_name.get(), row.artist_name.get(), None)
    };
    let mut wanted = Wanted::of_kind(kind);
    describe(&mut wanted, title, artist, release);
    if wanted.title.is_empty() { Wanted::of_kind(WantedKind::Unavailable) } else { wanted }
}

/// Takes one row of the extended history.
pub(super) fn extended_row(number: u64, text: &[u8], tally: &mut Tally, collector: &mut Collector) {
    let read = lenient::object::<ExtendedRow>(text).and_then(|row| {
        let played = played(&row.ts, &row.ms_played, PlaySource::ExtendedHistory)?;
        Ok((extended_wanted(&row), played))
    });
    match read {
        Ok((wanted, played)) => collector.play(tally, wanted, played),
        Err(reason) => collector.refuse(tally, number, reason),
    }
}

fn extended_wanted(row: &ExtendedRow) -> Wanted {
    let is_episode = row.spotify_episode_uri.get().or(row.episode_name.get()).is_some();
    let is_track = row.spotify_track_uri.get().or(row.master_metadata_track_name.get()).is_some();
    let is_book =
        row.audiobook_chapter_uri.get().or(row.audiobook_uri.get()).or(row.audiobook_title.get()).is_some();
    let mut wanted;
    if is_track {
        (wanted, _) = from_uri(row.spotify_track_uri.get(), WantedKind::Recording);
        let artist = row.master_metadata_album_artist_name.get();
        let (title, album) =
            (row.master_metadata_track_name.get(), row.master_metadata_album_album_name.get());
        describe(&mut wanted, title, artist, album);
    } else if is_episode {
        (wanted, _) = from_uri(row.spotify_episode_uri.get(), WantedKind::Episode);
        describe(&mut wanted, row.episode_name.get(), None, row.episode_show_name.get());
    } else if is_book {
        let (chapter, chapter_uri) = (row.audiobook_chapter_title.get(), row.audiobook_chapter_uri.get());
        wanted = audiobook(chapter, chapter_uri, row.audiobook_title.get(), row.audiobook_uri.get());
    } else {
        // Spotify does not say what this was; the time spent is kept all the same.
        return Wanted::of_kind(WantedKind::Unavailable);
    }
    if says_something(&wanted) { wanted } else { Wanted::of_kind(WantedKind::Unavailable) }
}

fn played(time: &Text, length: &Text, source: PlaySource) -> Result<Played, String> {
    let ended_at = time.get().and_then(seconds_of).ok_or("when it was played cannot be read")?;
    let played_ms = length.milliseconds().ok_or("for how long it was played cannot be read")?;
    Ok(Played { ended_at, played_ms, source })
}

/// `2021-02-01 10:00` or `2023-05-01T00:15:30Z`, both UTC, as seconds since 1970.
fn seconds_of(text: &str) -> Option<i64> {
    if let Ok(stamp) = text.parse::<jiff::Timestamp>() {
        return Some(stamp.as_second());
    }
    let civil: DateTime = text.parse().ok()?;
    TimeZone::UTC.to_timestamp(civil).ok().map(jiff::Timestamp::as_second)
}

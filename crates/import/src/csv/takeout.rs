//! What Google's Takeout gives of YouTube Music, whose headers follow the language of the account.
//!
//! The English names are asked for first; then the shape of the rows tells: an id of eleven characters and a time are a
//! playlist's row, an id and names are a song of the library, and the id of a playlist begins like one.

use std::collections::BTreeMap;

use super::columns::{Columns, Dialect, Layout, folded};
use crate::text::{date, list_name};

/// How the word for “title” begins in the languages that were seen, folded.
const TITLES: [&str; 10] =
    ["title", "titel", "titre", "titulo", "título", "titolo", "tytuł", "название", "タイトル", "제목"];

/// What Takeout puts behind a playlist's name, after a hyphen, by language.
const VIDEOS: [&str; 10] =
    ["videos", "vidéos", "vídeos", "video", "filmy", "видео", "動画", "视频", "影片", "동영상"];

/// Characters of a playlist's name that Takeout keeps for the file's, at least.
const KEPT_OF_A_NAME: usize = 35;

/// Recognises one of Takeout's tables by its header's names, folded.
pub(super) fn by_names(names: &[String], sample: &[Vec<String>]) -> Option<Layout> {
    let at = |wanted: &str| names.iter().position(|name| name == wanted);
    if at("playlistid") == Some(0) {
        return Some(old_playlist(names, sample).unwrap_or_else(|| titles(names)));
    }
    let artist = at("artistname1").or_else(|| {
        at("videoid").filter(|at| *at == 0)?;
        at("artistnames").or(at("artistname"))
    });
    if let Some((title, artist)) = at("songtitle").zip(artist) {
        return Some(songs(names.len(), title, at("albumtitle"), artist));
    }
    let is_dated = names.get(1).is_some_and(|name| name.contains("timestamp") || name == "timeadded");
    (at("videoid") == Some(0) && is_dated).then(|| playlist(names.len(), 1, None))
}

/// Recognises one whose header is translated by its rows.
pub(super) fn by_shape(names: &[String], sample: &[Vec<String>]) -> Option<Layout> {
    let (header, rows) = sample.split_first()?;
    let all = |is: fn(&[String]) -> bool| !rows.is_empty() && rows.iter().all(|row| is(row));
    if is_video(header) || is_playlist(header) {
        return None;
    }
    if all(is_dated_video) {
        Some(playlist(names.len(), 1, None))
    } else if names.len() >= 4 && all(is_video) {
        Some(songs(names.len(), 1, Some(2), 3))
    } else {
        let layout = titles(names);
        (layout.columns.title.is_some() && all(is_playlist)).then_some(layout)
    }
}

/// Until 2022: two records about the playlist, then the videos under a header of their own.
fn old_playlist(names: &[String], sample: &[Vec<String>]) -> Option<Layout> {
    let begins = |row: &Vec<String>| row.first().is_some_and(|cell| folded(cell) == "videoid");
    let header = sample.iter().position(begins).filter(|at| *at >= 1)?;
    let title = names.iter().position(|name| name == "title");
    let title = title.and_then(|at| sample.get(1).filter(|_| header > 1)?.get(at)).cloned();
    Some(playlist(sample.get(header)?.len(), header + 1, title.filter(|title| !title.is_empty())))
}

fn playlist(header: usize, before: usize, title: Option<String>) -> Layout {
    let columns = Columns { foreign_id: Some(0), added: Some(1), ..Columns::default() };
    Layout { before, title, ..Layout::new(Dialect::YouTubePlaylist, columns, header) }
}

fn songs(header: usize, title: usize, album: Option<usize>, artist: usize) -> Layout {
    let columns = Columns {
        foreign_id: Some(0),
        title: Some(title),
        album,
        artist: Some(artist),
        ..Columns::default()
    };
    Layout::new(Dialect::YouTubeSongs, columns, header)
}

/// `playlists.csv`: the name is the shortest header that speaks of a title; a longer one tells its language.
fn titles(names: &[String]) -> Layout {
    let speaks = |name: &str| TITLES.iter().any(|title| name.contains(title));
    let columns = (0..).zip(names).filter(|(_, name)| speaks(name));
    let title = columns.min_by_key(|(_, name)| name.len()).map(|(at, _)| at);
    Layout::new(Dialect::YouTubeTitles, Columns { title, ..Columns::default() }, names.len())
}

fn is_id(cell: &str) -> bool {
    cell.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// Eleven characters that are no word: one of them is a digit, a sign, or a capital behind a small letter.
fn is_video(row: &[String]) -> bool {
    let Some(cell) = row.first().filter(|cell| cell.len() == 11 && is_id(cell)) else { return false };
    let odd = |pair: &[u8]| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase();
    cell.bytes().any(|byte| !byte.is_ascii_alphabetic()) || cell.as_bytes().windows(2).any(odd)
}

fn is_dated_video(row: &[String]) -> bool {
    is_video(row) && row.get(1).is_some_and(|time| time.len() > 10 && date(time).is_some())
}

fn is_playlist(row: &[String]) -> bool {
    let Some(cell) = row.first().filter(|cell| is_id(cell)) else { return false };
    ["PL", "FL", "LL", "WL", "RD", "LM"].iter().any(|start| cell.starts_with(start))
        && (cell.len() == 2 || cell.len() >= 13)
}

/// What a file's name keeps of a title at least: other signs are written as `_`.
pub(super) fn key_of(title: &str) -> String {
    folded(title)
}

/// The name of a playlist: the title that its file is named after, else its file's name. Takeout cuts long names.
pub(super) fn name_of(file: &str, titles: &BTreeMap<String, String>) -> String {
    let whole = list_name(file);
    let find = |name: &str| {
        let key = key_of(name);
        let is_cut = key.chars().count() >= KEPT_OF_A_NAME;
        let next = titles.range(key.clone()..).next();
        let fits = next.filter(|(title, _)| **title == key || (is_cut && title.starts_with(&key)));
        fits.filter(|_| !key.is_empty()).map(|(_, title)| title.clone())
    };
    let cut = whole.rsplit_once('-').filter(|(name, _)| !name.is_empty());
    if let Some(title) = find(&whole).or_else(|| find(cut?.0)) {
        return title;
    }
    match cut {
        Some((name, last)) if VIDEOS.contains(&last.to_lowercase().as_str()) => name.to_owned(),
        _ => whole,
    }
}

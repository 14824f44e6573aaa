//! Files of lines: M3U and PLS playlists, spotify-backup's text, and plain lists of Spotify links or of names.

mod backup;
mod m3u;
mod names;
mod pls;
mod titles;

use ferrotape_domain::{PlaylistKind, Wanted};

use crate::collector::Collector;
use crate::links::{Link, parse_link, wanted_kind};
use crate::text::{TextBytes, is_liked, list_name};

pub(crate) use self::names::of_file_name;
pub(crate) use self::titles::are_titles;

/// Endings by which a list without `#EXTM3U` is told from any other text.
const AUDIO_ENDINGS: [&str; 16] = [
    "mp3", "flac", "m4a", "m4b", "mp4", "aac", "ogg", "oga", "opus", "wav", "aif", "aiff", "wma", "ape",
    "wv", "mpc",
];

/// Lines longer than this are not read.
const LONGEST_LINE: usize = 64 * 1024;

/// Why a place on the network without an artist is no wish.
pub(crate) const RADIO: &str =
    "it is an address on the network and nothing names its artist; a radio station is no recording";

pub(crate) fn is_network_address(place: &str) -> bool {
    place.starts_with("http://") || place.starts_with("https://")
}

/// Which kind of line file the head of a file begins, if any.
pub(crate) fn recognise(head: &TextBytes) -> Option<LineFormat> {
    let text = head.decode(head.bytes());
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.clone().next()?;
    if first.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("#EXTM3U")) {
        return Some(LineFormat::M3u);
    }
    if backup::begins(&text) {
        return Some(LineFormat::Backup);
    }
    let mut said = lines.by_ref().filter(|line| !line.starts_with('#')).take(20).peekable();
    said.peek()?;
    let said: Vec<&str> = said.collect();
    let count = |is: fn(&str) -> bool| said.iter().filter(|line| is(line)).count();
    // A stray line does not make a list of links something else; web radio addresses alone are no such list.
    if count(is_link) * 2 > said.len() {
        return Some(LineFormat::Links);
    }
    (count(is_audio_path) * 2 > said.len()).then_some(LineFormat::M3u)
}

/// Whether a line is a link and nothing more: the names in that of a local file have their commas encoded, so one with a comma is
/// the first cell of a row.
fn is_link(line: &str) -> bool {
    match parse_link(line) {
        Ok(Link::LocalFile(_)) => !line.contains(','),
        parsed => parsed.is_ok(),
    }
}

/// The formats of this module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LineFormat {
    M3u,
    Pls,
    Backup,
    Links,
    /// Only where nothing else fits: any text might look like it.
    Titles,
}

/// Reads a whole file.
pub(crate) fn read(format: LineFormat, text: &TextBytes, file: &str, collector: &mut Collector) {
    match format {
        LineFormat::M3u => m3u::read(text, file, collector),
        LineFormat::Pls => pls::read(text, file, collector),
        LineFormat::Backup => backup::read(text, file, collector),
        LineFormat::Links => read_links(text, file, collector),
        LineFormat::Titles => titles::read(text, file, collector),
    }
}

fn is_audio_path(line: &str) -> bool {
    let ending = line.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| AUDIO_ENDINGS.contains(&ending.as_str()))
}

/// The lines with their numbers from 1, without white space around them.
fn lines(text: &TextBytes) -> impl Iterator<Item = (u64, &[u8])> {
    (1..).zip(text.bytes().split(|byte| matches!(byte, b'\n')).map(|line| line.trim_ascii()))
}

/// Reads a text with one Spotify link per line.
fn read_links(text: &TextBytes, file: &str, collector: &mut Collector) {
    let mut tally = collector.open(file, "list of Spotify links");
    let list = file_list(&list_name(file), collector);
    for (number, line) in lines(text).filter(|(_, line)| !line.is_empty() && !line.starts_with(b"#")) {
        match linked(&text.decode(line)) {
            Ok(wanted) => collector.entry(&mut tally, list, wanted, None),
            Err(reason) => collector.refuse(&mut tally, number, reason),
        }
    }
    collector.close(tally);
}

fn file_list(name: &str, collector: &mut Collector) -> usize {
    if is_liked(name) { collector.own_list(PlaylistKind::LikedTracks) } else { collector.playlist(name) }
}

/// The one thing a link names.
fn linked(text: &str) -> Result<Wanted, String> {
    match parse_link(text) {
        Ok(Link::LocalFile(wanted)) => Ok(*wanted),
        Ok(Link::Spotify(uri)) => match wanted_kind(uri.kind) {
            Some(kind) => Ok(Wanted { spotify: Some(uri), ..Wanted::of_kind(kind) }),
            None => Err(format!(
                "{uri} names a {}, which a list of links cannot hold; import it by itself",
                uri.kind.as_str()
            )),
        },
        Ok(other) => Err(other.why_not_usable()),
        Err(error) => Err(error.to_string()),
    }
}

//! Files of lines: M3U playlists, and plain lists of Spotify links.

use std::time::Duration;

use ferrotape_domain::{ArtistCredit, PlaylistKind, Wanted, WantedKind};

use crate::collector::{Collector, Tally};
use crate::links::{Link, parse_link, wanted_kind};
use crate::text::{TextBytes, base_name, is_liked, list_name, shown};

/// Endings by which a list without `#EXTM3U` is told from any other text.
const AUDIO_ENDINGS: [&str; 16] = [
    "mp3", "flac", "m4a", "m4b", "mp4", "aac", "ogg", "oga", "opus", "wav", "aif", "aiff", "wma", "ape",
    "wv", "mpc",
];

/// Lines longer than this are not read.
const LONGEST_LINE: usize = 64 * 1024;

/// Which kind of line file the head of a file begins, if any.
pub(crate) fn recognise(head: &TextBytes) -> Option<LineFormat> {
    let text = head.decode(head.bytes());
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.clone().next()?;
    if first.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("#EXTM3U")) {
        return Some(LineFormat::M3u);
    }
    let mut said = lines.by_ref().filter(|line| !line.starts_with('#')).take(20).peekable();
    said.peek()?;
    let said: Vec<&str> = said.collect();
    let count = |is: fn(&str) -> bool| said.iter().filter(|line| is(line)).count();
    // A stray line does not make a list of links something else; web radio addresses alone are no such list.
    if count(|line| parse_link(line).is_ok()) * 2 > said.len() {
        return Some(LineFormat::Links);
    }
    (count(is_audio_path) * 2 > said.len()).then_some(LineFormat::M3u)
}

/// The formats of this module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LineFormat {
    M3u,
    Links,
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
pub(crate) fn read_links(text: &TextBytes, file: &str, collector: &mut Collector) {
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

/// What the lines before an entry said of it.
#[derive(Default)]
struct Described {
    /// Row of the `#EXTINF` line, when there was one.
    row: Option<u64>,
    seconds: Option<u64>,
    says: String,
    artist: String,
    album: String,
}

/// Reads an M3U or M3U8.
pub(crate) fn read_m3u(text: &TextBytes, file: &str, collector: &mut Collector) {
    let mut tally = collector.open(file, "M3U playlist");
    if let Some(remark) = text.remark() {
        collector.remark(&mut tally, None, remark);
    }
    let mut name = list_name(file);
    let list = file_list(&name, collector);
    let mut described = Described::default();
    for (number, line) in lines(text).filter(|(_, line)| !line.is_empty()) {
        if line.len() > LONGEST_LINE {
            collector.refuse(&mut tally, number, "the line is far too long for an entry");
            continue;
        }
        if let Some(remark) = text.remark_on(line) {
            collector.remark(&mut tally, Some(number), remark);
        }
        let line = text.decode(line);
        if let Some(directive) = line.strip_prefix('#') {
            if let Some(title) = after(directive, "PLAYLIST:").filter(|title| !title.is_empty()) {
                name = shown(title);
                collector.rename(list, &name);
            } else if after(directive, "EXTINF:").is_some() {
                orphan(&described, &mut tally, collector);
                described = Described::default();
            }
            described.hear(directive, number);
            continue;
        }
        match entry(&line, &std::mem::take(&mut described)) {
            Ok(wanted) => collector.entry(&mut tally, list, wanted, None),
            Err(reason) => collector.refuse(&mut tally, number, reason),
        }
    }
    orphan(&described, &mut tally, collector);
    collector.close(tally);
}

/// A description whose entry never came is a row that is lost.
fn orphan(described: &Described, tally: &mut Tally, collector: &mut Collector) {
    if let Some(row) = described.row {
        collector.refuse(tally, row, "an #EXTINF line without an entry after it");
    }
}

fn after<'t>(directive: &'t str, word: &str) -> Option<&'t str> {
    let start = directive.get(..word.len())?;
    if start.eq_ignore_ascii_case(word) { directive.get(word.len()..).map(str::trim) } else { None }
}

impl Described {
    fn hear(&mut self, directive: &str, number: u64) {
        if let Some(text) = after(directive, "EXTINF:") {
            self.row = Some(number);
            let (length, says) = text.split_once(',').unwrap_or((text, ""));
            // Attributes may follow the length: `-1 tvg-id="…"`.
            let length = length.split_whitespace().next().and_then(|number| number.parse::<f64>().ok());
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "limited to days")]
            let seconds = length.filter(|s| *s >= 1.0 && *s < 604_800.0).map(|s| s.round() as u64);
            self.seconds = seconds;
            says.trim().clone_into(&mut self.says);
        } else if let Some(text) = after(directive, "EXTART:") {
            text.clone_into(&mut self.artist);
        } else if let Some(text) = after(directive, "EXTALB:") {
            text.clone_into(&mut self.album);
        }
    }
}

fn entry(line: &str, described: &Described) -> Result<Wanted, String> {
    let spotify = parse_link(line);
    let mut wanted = match spotify {
        Ok(_) => linked(line)?,
        Err(_) => Wanted::of_kind(WantedKind::Recording),
    };
    if wanted.title.is_empty() {
        let named = named(&described.says);
        let named = named.or_else(|| if wanted.spotify.is_none() { of_file_name(line) } else { None });
        if let Some(named) = named {
            wanted.title = named.title;
            wanted.artists = ArtistCredit::printed(&named.artist);
            wanted.track_number = named.track_number;
        }
    }
    if wanted.artists.is_empty() {
        wanted.artists = ArtistCredit::printed(&described.artist);
    }
    if wanted.release.is_none() && !described.album.is_empty() {
        wanted.release = Some(described.album.clone());
    }
    wanted.duration = wanted.duration.or(described.seconds.map(Duration::from_secs));
    let is_address = line.starts_with("http://") || line.starts_with("https://");
    if is_address && wanted.spotify.is_none() && wanted.artists.is_empty() {
        return Err(
            "it is an address on the network and nothing names its artist; a radio station is no recording"
                .into(),
        );
    }
    if wanted.title.is_empty() && wanted.spotify.is_none() && wanted.kind == WantedKind::Recording {
        return Err("neither the entry nor its #EXTINF line names anything".into());
    }
    Ok(wanted)
}

#[derive(Default)]
struct Named {
    artist: String,
    title: String,
    track_number: Option<u32>,
}

/// `Artist - Title`; a title alone when there is no dash.
fn named(says: &str) -> Option<Named> {
    let says = says.trim();
    let (artist, title) = match says.split_once(" - ") {
        Some((artist, title)) if !title.trim().is_empty() => (artist.trim(), title.trim()),
        _ => ("", says),
    };
    let named = Named { artist: artist.to_owned(), title: title.to_owned(), track_number: None };
    (!title.is_empty()).then_some(named)
}

/// `01 - Artist - Title.mp3` with or without number and artist; with the parts of an address decoded.
fn of_file_name(path: &str) -> Option<Named> {
    let base = base_name(path);
    let decoded = percent_encoding::percent_decode_str(base).decode_utf8_lossy();
    let base = if path.contains("://") { decoded.as_ref() } else { base };
    let stem = match base.rsplit_once('.') {
        Some((stem, _)) if is_audio_path(base) => stem,
        _ => base,
    };
    let (number, rest) = without_number(stem.trim());
    let mut named = named(rest)?;
    named.track_number = number;
    Some(named)
}

/// A track number is a number that something but a space ends, or one with a leading zero: `99 Luftballons` has none.
fn without_number(stem: &str) -> (Option<u32>, &str) {
    let digits = stem.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = stem.split_at(digits);
    let ends =
        rest.starts_with(" - ") || rest.starts_with(". ") || rest.starts_with('_') || rest.starts_with(") ");
    let leading_zero = number.starts_with('0') && rest.starts_with([' ', '-', '.']);
    let after = rest.trim_start_matches([' ', '-', '.', '_', ')']);
    if (1..=3).contains(&digits) && (ends || leading_zero) && !after.is_empty() {
        (number.parse().ok().filter(|number| *number > 0), after)
    } else {
        (None, stem)
    }
}

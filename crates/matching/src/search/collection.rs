//! The offers themselves, kept small: all texts in one arena, a fixed-size row per file.

use std::borrow::Cow;
use std::path::Path;
use std::time::Duration;

use ferrotape_domain::{Advisory, Offer, Players, ReleaseKinds};
use rayon::prelude::*;

use super::album_at::AlbumAt;
use super::keys::{MBID, hash};

/// Where a text lies in the arena.
#[derive(Debug, Clone, Copy, Default)]
struct Span {
    start: u32,
    length: u16,
}

/// One offer, without its texts.
#[derive(Debug, Clone)]
struct Row {
    file_id: i64,
    path: Span,
    title: Span,
    artists: Span,
    album: Span,
    album_artists: Span,
    sort_names: Span,
    composers: Span,
    players: Span,
    isrc: Span,
    mbid: Span,
    content: Span,
    duration_ms: u32,
    bitrate_kbps: u16,
    track: u16,
    disc: u16,
    filled_tags: u8,
    release_kinds: ReleaseKinds,
    advisory: Option<Advisory>,
    release_group: u32,
    album_at: AlbumAt,
    year: u16,
    is_karaoke: bool,
    lossless: bool,
    is_public: bool,
}

/// Texts and facts of one offer, borrowed from the collection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct File<'a> {
    pub(crate) file_id: i64,
    pub(crate) path: &'a str,
    pub(crate) title: &'a str,
    /// Several artists are separated by U+001F.
    pub(crate) artists: &'a str,
    pub(crate) album: &'a str,
    pub(crate) album_artists: &'a str,
    /// The artist's name for sorting, where it says more than the name itself.
    pub(crate) sort_names: &'a str,
    pub(crate) composers: &'a str,
    /// Who plays, as fields beside the artist say: the conductors, and behind U+001E the others.
    pub(crate) players: &'a str,
    pub(crate) isrc: &'a str,
    /// MusicBrainz id of the recording.
    pub(crate) mbid: &'a str,
    pub(crate) content: &'a str,
    /// Milliseconds; `None` when unknown.
    pub(crate) duration: Option<u32>,
    pub(crate) bitrate_kbps: u16,
    pub(crate) track: u16,
    pub(crate) disc: u16,
    pub(crate) filled_tags: u8,
    /// What the type of its release says of its version.
    pub(crate) release_kinds: ReleaseKinds,
    /// Whether shops mark it explicit or clean.
    pub(crate) advisory: Option<Advisory>,
    /// The hash of MusicBrainz's id of its release group, 0 when unknown: equal where the album is the same, in whatever edition.
    pub(crate) release_group: u32,
    /// What the server that lists it calls its album.
    pub(crate) album_at: AlbumAt,
    /// The year of its date, 0 when unknown.
    pub(crate) year: u16,
    /// Whether a genre of it is just `Karaoke`.
    pub(crate) is_karaoke: bool,
    pub(crate) lossless: bool,
    /// Whether it is of a place for everybody, not of the user's own.
    pub(crate) is_public: bool,
}

/// All offers, in an order of their own that does not depend on the order they came in.
#[derive(Debug, Default)]
pub(crate) struct Collection {
    arena: String,
    rows: Vec<Row>,
}

/// Longest text kept of one tag; longer ones are hostile.
const LONGEST_TAG: usize = 1_000;
/// Longest path kept; also the limit of common file systems.
const LONGEST_PATH: usize = 4_096;

impl Collection {
    /// Keeps what matching needs of one more offer.
    pub(crate) fn add(&mut self, offer: &Offer, is_public: bool) {
        let path: Cow<'_, Path> = match offer.part {
            // The file's name is the album's, which must not be read as the title of each track.
            Some(part) => Cow::Owned(offer.path.with_file_name(format!("Track {:02}", part.number))),
            None => Cow::Borrowed(offer.path.as_path()),
        };
        let row = self.row(&path.to_string_lossy(), offer);
        self.rows.push(Row { is_public, ..row });
    }

    /// Puts the rows in their order, by path and content: it depends on nothing but the files.
    pub(crate) fn sort(&mut self) {
        self.arena.shrink_to_fit();
        let mut rows = std::mem::take(&mut self.rows);
        rows.shrink_to_fit();
        rows.par_sort_by(|a, b| {
            let key = |row: &Row| (self.text(row.path), self.text(row.content));
            key(a).cmp(&key(b)).then(a.file_id.cmp(&b.file_id))
        });
        self.rows = rows;
    }

    fn row(&mut self, path: &str, offer: &Offer) -> Row {
        let tags = &offer.tags;
        let filled = [tags.title.is_some(), !tags.artists.is_empty(), tags.album.is_some()];
        let more =
            [tags.track_number.is_some(), tags.date.is_some(), tags.isrc.is_some(), !offer.cover.is_empty()];
        Row {
            file_id: offer.file_id,
            path: self.keep(path, LONGEST_PATH),
            title: self.keep(trimmed(tags.title.as_deref()), LONGEST_TAG),
            artists: self.keep(&joined(&tags.artists), LONGEST_TAG),
            album: self.keep(trimmed(tags.album.as_deref()), LONGEST_TAG),
            album_artists: self.keep(&joined(&tags.album_artists), LONGEST_TAG),
            sort_names: self.keep(trimmed(tags.artist_sort.as_deref()), LONGEST_TAG),
            composers: self.keep(&joined(&tags.composers), LONGEST_TAG),
            players: self.keep(&printed(tags.players.as_deref()), LONGEST_TAG),
            isrc: self.keep(tags.isrc.as_ref().map_or("", |isrc| isrc.as_str()), LONGEST_TAG),
            mbid: self.keep(tags.recording_mbid.as_ref().map_or("", |mbid| mbid.as_str()), LONGEST_TAG),
            content: self.keep(&offer.content.0, LONGEST_TAG),
            duration_ms: offer.facts.duration.map_or(0, milliseconds),
            bitrate_kbps: u16::try_from(offer.facts.bitrate_kbps.unwrap_or(0)).unwrap_or(u16::MAX),
            track: small(tags.track_number),
            disc: small(tags.disc_number),
            filled_tags: u8::try_from(filled.iter().chain(&more).filter(|filled| **filled).count())
                .unwrap_or(u8::MAX),
            release_kinds: tags.release_kinds,
            advisory: tags.advisory,
            release_group: tags
                .release_group_mbid
                .as_ref()
                .map_or(0, |mbid| hash(MBID, mbid.as_str()).max(1)),
            album_at: AlbumAt::of(tags.album_id.as_deref()),
            year: tags.date.as_deref().map_or(0, year_of),
            is_karaoke: tags.genres.iter().any(|genre| is_karaoke(genre)),
            lossless: offer.facts.format.is_lossless(),
            is_public: false,
        }
    }

    fn keep(&mut self, text: &str, longest: usize) -> Span {
        let text = clipped(text, longest);
        let Ok(start) = u32::try_from(self.arena.len()) else { return Span::default() };
        self.arena.push_str(text);
        Span { start, length: u16::try_from(text.len()).unwrap_or(u16::MAX) }
    }

    fn text(&self, span: Span) -> &str {
        let start = span.start as usize;
        self.arena.get(start..start + usize::from(span.length)).unwrap_or_default()
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn get(&self, at: u32) -> Option<File<'_>> {
        let row = self.rows.get(at as usize)?;
        Some(File {
            file_id: row.file_id,
            path: self.text(row.path),
            title: self.text(row.title),
            artists: self.text(row.artists),
            album: self.text(row.album),
            album_artists: self.text(row.album_artists),
            sort_names: self.text(row.sort_names),
            composers: self.text(row.composers),
            players: self.text(row.players),
            isrc: self.text(row.isrc),
            mbid: self.text(row.mbid),
            content: self.text(row.content),
            duration: (row.duration_ms > 0).then_some(row.duration_ms),
            bitrate_kbps: row.bitrate_kbps,
            track: row.track,
            disc: row.disc,
            filled_tags: row.filled_tags,
            release_kinds: row.release_kinds,
            advisory: row.advisory,
            release_group: row.release_group,
            album_at: row.album_at,
            year: row.year,
            is_karaoke: row.is_karaoke,
            lossless: row.lossless,
            is_public: row.is_public,
        })
    }
}

fn trimmed(text: Option<&str>) -> &str {
    text.unwrap_or_default().trim()
}

/// Several names in one text; mostly there is one.
fn joined(names: &[String]) -> Cow<'_, str> {
    match names {
        [] => Cow::Borrowed(""),
        [only] => Cow::Borrowed(only.as_str()),
        _ => Cow::Owned(names.join("\u{1f}")),
    }
}

fn printed(players: Option<&Players>) -> String {
    let Some(Players { conductors, others }) = players else { return String::new() };
    format!("{}\u{1e}{}", conductors.join("\u{1f}"), others.join("\u{1f}"))
}

/// The year that a date begins with, 0 when it tells none.
fn year_of(date: &str) -> u16 {
    let begins = date.trim().get(..4).filter(|year| year.bytes().all(|byte| byte.is_ascii_digit()));
    begins.and_then(|year| year.parse().ok()).unwrap_or(0)
}

/// Whether a genre says karaoke and nothing else.
fn is_karaoke(genre: &str) -> bool {
    matches!(genre.trim().to_lowercase().as_str(), "karaoke" | "カラオケ" | "караоке" | "노래방")
}

/// Whether a text that is kept is all there was.
pub(crate) fn is_kept_whole(text: &str) -> bool {
    // What was cut may have lost the bytes of a letter more.
    text.len() + 4 <= LONGEST_TAG
}

/// What is looked at of a wanted text, as much as is kept of a file's.
pub(crate) fn kept(text: &str) -> &str {
    clipped(text, LONGEST_TAG)
}

/// The beginning of a text, at most `longest` bytes and whole characters.
fn clipped(text: &str, longest: usize) -> &str {
    let mut end = text.len().min(longest);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// A number of a tag; 0 where there is none.
pub(crate) fn small(number: Option<u32>) -> u16 {
    number.map_or(0, |n| u16::try_from(n).unwrap_or(u16::MAX))
}

/// Whole milliseconds, at most 49 days.
pub(crate) fn milliseconds(duration: Duration) -> u32 {
    u32::try_from(duration.as_millis()).unwrap_or(u32::MAX)
}

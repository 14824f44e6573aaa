//! JSON of Spotify's data packages: which file is which, and each kind's reader.

mod cutter;
mod history;
mod lenient;
mod library;
mod playlists;
mod sniff;

use std::io::BufRead;

use ferrotape_domain::{ArtistCredit, SpotifyUri, Wanted, WantedKind};

use self::cutter::{Piece, Trouble, cut};
use crate::Limits;
use crate::collector::{Collector, Tally};
use crate::links::{Link, parse_link, wanted_kind};
use crate::text::{left_out, shown};

pub(crate) use self::sniff::{JsonFormat, recognise};

/// Reads one file; answers what went wrong with the reading itself, so that the caller can tell a stop from damage.
pub(crate) fn read(
    format: JsonFormat,
    reader: impl BufRead,
    file: &str,
    limits: &Limits,
    collector: &mut Collector,
) -> Option<std::io::Error> {
    let mut tally = collector.open(file, format.label());
    let mut rows = 0;
    let done = cut(reader, limits, |piece| {
        if piece.is_broken && format != JsonFormat::Playlists {
            return false;
        }
        if !piece.begins_list() {
            rows += 1;
        } else if matches!(format, JsonFormat::AccountHistory | JsonFormat::ExtendedHistory) {
            return true;
        }
        match format {
            JsonFormat::Library => library::piece(&piece, &mut tally, collector),
            JsonFormat::Playlists => playlists::piece(&piece, limits, &mut tally, collector),
            JsonFormat::AccountHistory => history::account_row(rows, piece.text, &mut tally, collector),
            JsonFormat::ExtendedHistory => history::extended_row(rows, piece.text, &mut tally, collector),
        }
        collector.rows() <= limits.rows
    });
    match format {
        JsonFormat::Library => unknown_lists(&sniff::LIBRARY_KEYS, &mut tally, collector),
        JsonFormat::Playlists => unknown_lists(&["playlists"], &mut tally, collector),
        JsonFormat::AccountHistory | JsonFormat::ExtendedHistory => {}
    }
    let error = done.err().and_then(|trouble| tell(trouble, format, rows, &mut tally, collector));
    collector.close(tally);
    error
}

/// Names each list that is none of the `known` ones once, however many rows it holds.
fn unknown_lists(known: &[&str], tally: &mut Tally, collector: &mut Collector) {
    for (list, rows) in tally.lists() {
        if !known.contains(&list.as_str()) {
            let left_out = left_out(rows);
            let reason = format!("ferrotape does not know the list “{}”; {left_out}", shown(&list));
            collector.refuse_all(tally, rows, reason);
        }
    }
}

/// Tells, where a list was expected under `key`, that there is none.
fn expect_list(piece: &Piece<'_>, tally: &mut Tally, collector: &mut Collector) {
    if !piece.begins_list() && !piece.is_broken {
        let reason = format!("“{}” holds no list, though a list of rows was expected", piece.key);
        collector.remark(tally, None, reason);
    }
}

fn tell(
    trouble: Trouble,
    format: JsonFormat,
    rows: u64,
    tally: &mut Tally,
    collector: &mut Collector,
) -> Option<std::io::Error> {
    let reason = trouble.what.to_string();
    // The row lost with a broken playlist was counted inside it.
    if trouble.in_piece && format != JsonFormat::Playlists {
        collector.refuse(tally, rows + 1, reason);
    } else {
        collector.remark(tally, None, reason);
    }
    match trouble.what {
        cutter::What::Read(error) => Some(error),
        _ => None,
    }
}

/// The thing a URI field names, or one of `kind` without link; the text tells what is odd about the URI.
fn from_uri(uri: Option<&str>, kind: WantedKind) -> (Wanted, Option<String>) {
    let Some(text) = uri else { return (Wanted::of_kind(kind), None) };
    match parse_link(text) {
        Ok(Link::LocalFile(wanted)) => (*wanted, None),
        Ok(Link::Spotify(uri)) => match wanted_kind(uri.kind) {
            Some(kind) => (Wanted { spotify: Some(uri), ..Wanted::of_kind(kind) }, None),
            None => (Wanted::of_kind(kind), Some(format!("its link is that of a {}", uri.kind.as_str()))),
        },
        Ok(_) | Err(_) => {
            (Wanted::of_kind(kind), Some("its link cannot be read; only its names are used".into()))
        }
    }
}

/// A chapter, or a book as a whole where no chapter is named. A book's link is never that of its chapter: two
/// chapters would become one thing.
fn audiobook(
    chapter: Option<&str>,
    chapter_uri: Option<&str>,
    book: Option<&str>,
    book_uri: Option<&str>,
) -> Wanted {
    let Some(chapter) = chapter.filter(|_| chapter_uri.is_none()) else {
        let (mut wanted, _) = from_uri(chapter_uri.or(book_uri), WantedKind::Audiobook);
        let release = if chapter.is_some() { book } else { None };
        describe(&mut wanted, chapter.or(book), None, release);
        return wanted;
    };
    let mut wanted = Wanted { spotify_release: link_of(book_uri), ..Wanted::of_kind(WantedKind::Audiobook) };
    describe(&mut wanted, Some(chapter), None, book);
    wanted
}

/// A link that is only kept on record.
fn link_of(text: Option<&str>) -> Option<SpotifyUri> {
    match parse_link(text?) {
        Ok(Link::Spotify(uri)) => Some(uri),
        _ => None,
    }
}

/// Sets names where the link has not brought them (local files carry their own).
fn describe(wanted: &mut Wanted, title: Option<&str>, artist: Option<&str>, release: Option<&str>) {
    if wanted.title.is_empty() {
        title.unwrap_or_default().clone_into(&mut wanted.title);
    }
    if wanted.artists.is_empty() {
        wanted.artists = ArtistCredit::printed(artist.unwrap_or_default());
    }
    if wanted.release.is_none() {
        wanted.release = release.map(str::to_owned);
    }
}

/// Whether anything is known of a thing.
fn says_something(wanted: &Wanted) -> bool {
    !wanted.title.is_empty() || wanted.spotify.is_some() || wanted.kind == WantedKind::LocalFile
}

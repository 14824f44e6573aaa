//! JSON: Spotify's and Apple's data packages, what other tools write, ListenBrainz, JSPF, and ferrotape's own export.
//! Which file is which, and each kind's reader.

mod account;
mod apple;
mod backup;
mod cutter;
mod ferrotape;
mod history;
mod jspf;
mod lenient;
mod library;
mod listens;
mod playlists;
mod sniff;
mod spotdl;
mod web_track;

use std::io::BufRead;

use ferrotape_domain::{SpotifyId, SpotifyKind, SpotifyUri, Wanted, WantedKind};

use self::cutter::{Piece, Trouble, cut};
use crate::Limits;
use crate::collector::{Collector, Tally};
use crate::text::{left_out, shown};
use crate::wanted::{describe, from_uri, link_of};

pub(crate) use self::account::read_part;
pub(crate) use self::ferrotape::{Credited, Entry, unreadable};
pub(crate) use self::lenient::{Maybe, Text};
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
    if format == JsonFormat::ListenLines {
        let error = listens::read_lines(reader, limits, &mut tally, collector);
        collector.close(tally);
        return error;
    }
    let error = pieces(format, reader, file, limits, &mut tally, collector);
    collector.close(tally);
    error
}

/// Reads a file piece by piece.
fn pieces(
    format: JsonFormat,
    reader: impl BufRead,
    file: &str,
    limits: &Limits,
    tally: &mut Tally,
    collector: &mut Collector,
) -> Option<std::io::Error> {
    let mut rows = 0;
    let mut songs = spotdl::Lists::of(file);
    let mut library = apple::Library::default();
    let done = cut(reader, limits, |piece| {
        if piece.is_broken && !format.has_rows_in_pieces() {
            return false;
        }
        if !piece.begins_list() {
            rows += 1;
        } else if format.is_row_by_row() {
            return true;
        }
        match format {
            JsonFormat::Spotdl => spotdl::piece(&piece, &mut songs, tally, collector),
            JsonFormat::Backup => backup::piece(&piece, limits, tally, collector),
            JsonFormat::Ferrotape => ferrotape::piece(&piece, limits, tally, collector),
            JsonFormat::Jspf => jspf::piece(&piece, file, limits, tally, collector),
            JsonFormat::Library => library::piece(&piece, tally, collector),
            JsonFormat::Playlists => playlists::piece(&piece, limits, tally, collector),
            JsonFormat::AccountHistory => history::account_row(rows, piece.text, tally, collector),
            JsonFormat::ExtendedHistory => history::extended_row(rows, piece.text, tally, collector),
            JsonFormat::Listens => listens::row(rows, piece.text, tally, collector),
            JsonFormat::AppleTracks => apple::track(rows, piece.text, &mut library, tally, collector),
            JsonFormat::ApplePlaylists => apple::playlist(rows, piece.text, tally, collector),
            JsonFormat::ListenLines => {} // It is no single document, and not cut.
        }
        collector.rows() <= limits.rows
    });
    match format {
        JsonFormat::Library => unknown_lists(&sniff::LIBRARY_KEYS, tally, collector),
        JsonFormat::Playlists => unknown_lists(&["playlists"], tally, collector),
        JsonFormat::Backup => unknown_lists(&backup::KEYS, tally, collector),
        JsonFormat::Ferrotape => unknown_lists(&ferrotape::KEYS, tally, collector),
        _ => {}
    }
    done.err().and_then(|trouble| tell(trouble, format, rows, tally, collector))
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
    collector.cut_short();
    // The row lost with a broken playlist was counted inside it.
    if trouble.in_piece && !format.has_rows_in_pieces() {
        collector.refuse(tally, rows + 1, reason);
    } else {
        collector.remark(tally, None, reason);
    }
    match trouble.what {
        cutter::What::Read(error) => Some(error),
        _ => None,
    }
}

/// Tells what ended a list inside a piece after so many rows; the row it broke in is set aside.
fn ended_early(trouble: &Trouble, rows: u64, place: &str, tally: &mut Tally, collector: &mut Collector) {
    let reason = format!("{place}{}", trouble.what);
    collector.cut_short();
    if trouble.in_piece {
        collector.refuse(tally, rows + 1, reason);
    } else {
        collector.remark(tally, None, reason);
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

/// The link of an album whose id stands alone.
fn album_link(id: &str) -> Option<SpotifyUri> {
    Some(SpotifyUri { kind: SpotifyKind::Album, id: SpotifyId::parse(id).ok()? })
}

//! Tables: Exportify in every dialect, TuneMyMusic, Soundiiz, Takeout, Last.fm's and Apple's histories, and any CSV with
//! titles and artists.
//!
//! The table is recognised by its header or, where that is translated, by the order of the columns or the shape of the
//! rows; each record is decoded and parsed on its own, so neither a wrong quote nor a wrong encoding spreads.

mod columns;
mod histories;
mod records;
mod rows;
mod takeout;

use std::collections::HashMap;

use ferrotape_domain::{Noted, PlaylistKind};

use self::columns::{Dialect, Layout, recognise};
use self::records::{CellReader, Record, delimiter_of, records};
use crate::collector::{Collector, Tally};
use crate::text::{TextBytes, is_liked, list_name, shown};

/// Records by which a table is recognised.
const SAMPLE: usize = 12;

/// What a table's rows are, so far as the order in which files are read depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rows {
    /// They speak for themselves.
    Alone,
    /// They are only understood after another file's.
    AfterOthers,
    /// Plays of whatever the other files hold.
    Plays,
    /// The same of Apple's, which are passed over where [`Rows::Plays`] of Apple's by day are there.
    AppleActivity,
    AppleDaily,
}

/// Whether the head of a file begins a table that is known here, and what its rows are. The head may end inside a
/// record.
pub(crate) fn is_table(head: &TextBytes) -> Option<Rows> {
    let (_, _, layout) = look(head);
    layout.map(|layout| match layout.dialect {
        Dialect::YouTubePlaylist => Rows::AfterOthers,
        Dialect::LastFm => Rows::Plays,
        Dialect::AppleDaily => Rows::AppleDaily,
        Dialect::AppleActivity => Rows::AppleActivity,
        _ => Rows::Alone,
    })
}

/// Reads a table; `file` names the playlist.
pub(crate) fn read(text: &TextBytes, file: &str, collector: &mut Collector) {
    let (records, mut reader, layout) = look(text);
    let Some(layout) = layout else { return };
    let rows = records.get(layout.before..).unwrap_or_default();
    let mut tally = collector.open(file, layout.dialect.label());
    if let Some(remark) = text.remark() {
        collector.remark(&mut tally, None, remark);
    }
    if layout.dialect.is_history() {
        histories::read(text, rows, &mut reader, &layout, &mut tally, collector);
    } else {
        let mut lists = Lists::of(file, &layout, collector);
        if rows.is_empty() && layout.columns.playlist.is_none() && layout.dialect != Dialect::YouTubeTitles {
            lists.of_file(collector);
        }
        for record in rows {
            row(text, *record, &mut reader, &layout, &mut lists, &mut tally, collector);
        }
    }
    collector.close(tally);
}

fn look(text: &TextBytes) -> (Vec<Record<'_>>, CellReader, Option<Layout>) {
    let bytes = text.bytes();
    let first_line =
        bytes.split(|byte| matches!(byte, b'\n' | b'\r')).find(|line| !line.trim_ascii().is_empty());
    let delimiter = delimiter_of(&text.decode(first_line.unwrap_or_default()));
    let records = records(bytes, delimiter);
    let mut reader = CellReader::new(delimiter);
    let cells_of = |record: &Record<'_>| reader.cells(&text.decode(record.bytes));
    let sample: Vec<_> = records.iter().take(SAMPLE).map(cells_of).collect();
    let layout = recognise(&sample);
    (records, reader, layout)
}

fn row(
    text: &TextBytes,
    record: Record<'_>,
    reader: &mut CellReader,
    layout: &Layout,
    lists: &mut Lists,
    tally: &mut Tally,
    collector: &mut Collector,
) {
    if record.unclosed {
        collector.cut_short();
        collector.refuse(tally, record.row, "its quotes do not match: one is not closed, or stands alone");
        return;
    }
    let cells = reader.cells(&text.decode(record.bytes));
    if layout.dialect == Dialect::YouTubeTitles {
        return title(&cells, record.row, layout, tally, collector);
    }
    match rows::read(&cells, layout) {
        Ok(row) => {
            let Some(row) = named_elsewhere(row, &cells, layout, collector) else {
                let reason = "only the number of its video is known, and no list of songs here has it";
                return collector.refuse(tally, record.row, reason);
            };
            if let Some(remark) = row.remark.or_else(|| text.remark_on(record.bytes)) {
                collector.remark(tally, Some(record.row), remark);
            }
            let list = lists.of_row(&cells, layout, collector);
            collector.entry(tally, list, row.wanted, row.added);
        }
        Err(reason) => collector.refuse(tally, record.row, reason),
    }
}

/// The name of a playlist whose videos another file holds.
fn title(cells: &[String], row: u64, layout: &Layout, tally: &mut Tally, collector: &mut Collector) {
    let name = layout.columns.title.and_then(|at| cells.get(at)).map_or("", String::as_str);
    if name.is_empty() {
        return collector.refuse(tally, row, "it does not name its playlist");
    }
    collector.remember_title(takeout::key_of(name), &shown(name));
    collector.note(tally, Noted { kind: "playlist_name", name: shown(name), spotify: None });
}

/// A row that names another service's id: what it says is kept for other files, or was said by one. `None` where nobody
/// said it.
fn named_elsewhere(
    mut row: rows::Row,
    cells: &[String],
    layout: &Layout,
    collector: &mut Collector,
) -> Option<rows::Row> {
    let Some(id) = layout.columns.foreign_id.and_then(|at| cells.get(at)) else { return Some(row) };
    if layout.dialect == Dialect::YouTubePlaylist {
        row.wanted = collector.recall(id)?;
    } else {
        collector.remember(id, &row.wanted);
    }
    Some(row)
}

/// The lists of one table: one named after the file, or one per name in the playlist column.
struct Lists {
    file_name: String,
    file_list: Option<usize>,
    named: HashMap<String, usize>,
}

impl Lists {
    fn of(file: &str, layout: &Layout, collector: &Collector) -> Self {
        let file_name = match &layout.title {
            Some(title) => shown(title),
            None if layout.dialect == Dialect::YouTubePlaylist => {
                takeout::name_of(file, collector.list_titles())
            }
            None => list_name(file),
        };
        Self { file_name, file_list: None, named: HashMap::new() }
    }

    fn of_file(&mut self, collector: &mut Collector) -> usize {
        *self.file_list.get_or_insert_with(|| {
            if is_liked(&self.file_name) {
                collector.own_list(PlaylistKind::LikedTracks)
            } else {
                collector.playlist(&self.file_name)
            }
        })
    }

    fn of_row(&mut self, cells: &[String], layout: &Layout, collector: &mut Collector) -> usize {
        let cell = |at: Option<usize>| at.and_then(|at| cells.get(at)).map_or("", String::as_str);
        if cell(layout.columns.kind).eq_ignore_ascii_case("favorite") {
            return collector.own_list(PlaylistKind::LikedTracks);
        }
        let name = shown(cell(layout.columns.playlist));
        if name.is_empty() {
            return self.of_file(collector);
        }
        *self.named.entry(name.clone()).or_insert_with(|| collector.playlist(&name))
    }
}

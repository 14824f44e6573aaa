//! The text form of spotify-backup: a line with a list's name, then one line of cells, apart by tabs, for each of its rows.

use ferrotape_domain::{PlaylistKind, WantedKind};

use super::{LONGEST_LINE, file_list};
use crate::collector::Collector;
use crate::text::{TextBytes, date, shown};
use crate::wanted::{describe, from_uri, says_something};

const PLAYLISTS: &str = "Playlists:";
const ALBUMS: &str = "Liked Albums:";
/// Name, artists, album, link, release date.
const CELLS: usize = 5;

/// Whether a text begins with one of the two headings and has rows of the right shape soon after.
pub(super) fn begins(head: &str) -> bool {
    let mut lines = head.lines().map(str::trim_end).filter(|line| !line.is_empty());
    let is_heading = |line: &str| line == PLAYLISTS || line == ALBUMS;
    lines.next().is_some_and(is_heading)
        && lines.take(200).any(|line| is_heading(line) || line.split('\t').count() == CELLS)
}

pub(super) fn read(text: &TextBytes, file: &str, collector: &mut Collector) {
    let mut tally = collector.open(file, "spotify-backup text");
    if let Some(remark) = text.remark() {
        collector.remark(&mut tally, None, remark);
    }
    let (mut kind, mut list) = (WantedKind::Recording, None);
    // An empty cell at either end is a tab, which must stay.
    for (number, line) in (1..).zip(text.bytes().split(|byte| *byte == b'\n')) {
        if line.len() > LONGEST_LINE {
            collector.refuse(&mut tally, number, "the line is far too long for an entry");
            continue;
        }
        let line = text.decode(line);
        match line.trim_matches([' ', '\r']) {
            "" => list = None,
            PLAYLISTS => kind = WantedKind::Recording,
            ALBUMS => (kind, list) = (WantedKind::Release, None),
            row if row.contains('\t') || kind == WantedKind::Release => {
                let list = *list.get_or_insert_with(|| match kind {
                    WantedKind::Release => collector.own_list(PlaylistKind::SavedAlbums),
                    _ => file_list("Playlist", collector),
                });
                take(row, number, kind, list, &mut tally, collector);
            }
            name => list = Some(file_list(&shown(name), collector)),
        }
    }
    collector.close(tally);
}

fn take(
    row: &str,
    number: u64,
    kind: WantedKind,
    list: usize,
    tally: &mut crate::collector::Tally,
    collector: &mut Collector,
) {
    let cells: Vec<&str> = row.split('\t').map(str::trim).collect();
    let cell = |at: usize| cells.get(at).copied().filter(|cell| !cell.is_empty() && *cell != "-");
    if cells.len() != CELLS {
        collector.refuse(tally, number, format!("it has {} cells instead of {CELLS}", cells.len()));
        return;
    }
    let (mut wanted, odd) = from_uri(cell(3), kind);
    let release = if kind == WantedKind::Release { None } else { cell(2) };
    describe(&mut wanted, cell(0), cell(1), release);
    wanted.released = cell(4).and_then(date);
    if !says_something(&wanted) {
        collector.refuse(tally, number, "it has neither a name nor a link");
        return;
    }
    if let Some(odd) = odd {
        collector.remark(tally, Some(number), odd);
    }
    collector.entry(tally, list, wanted, None);
}

//! The JSON of the answers. Types of their own, so that what clients read does not change with the engine; the fields
//! are those of the command line's `report` (docs/server.md).

use std::collections::BTreeMap;

use ferrotape_engine::report::{ConversionReport, ListCoverage, ReportRow};
use serde::Serialize;

#[derive(Serialize)]
pub(crate) struct Report<'a> {
    target: &'a str,
    at: i64,
    items: usize,
    entries: u64,
    outcomes: BTreeMap<&'static str, u64>,
    substitutes: u64,
    lists: Vec<List<'a>>,
    rows: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct List<'a> {
    name: &'a str,
    entries: u64,
    on_player: u64,
}

#[derive(Serialize)]
struct Row<'a> {
    number: i64,
    kind: &'static str,
    artist: &'a str,
    title: &'a str,
    album: &'a str,
    link: &'a str,
    lists: &'a [String],
    outcome: &'static str,
    says: String,
    substitute: Option<&'a str>,
    plays: u64,
    played_ms: u64,
}

/// An answer that is no report.
#[derive(Serialize)]
pub(crate) struct Problem<'a> {
    pub(crate) message: &'a str,
    pub(crate) hint: Option<&'a str>,
}

impl<'a> Report<'a> {
    pub(crate) fn of(report: &'a ConversionReport) -> Self {
        Self {
            target: &report.target,
            at: report.at,
            items: report.rows.len(),
            entries: report.entries(),
            outcomes: report.counts().iter().map(|(word, count)| (*word, count.things)).collect(),
            substitutes: report.substitutes().iter().map(|(_, count)| count).sum(),
            lists: report.lists.iter().map(List::of).collect(),
            rows: report.rows.iter().map(Row::of).collect(),
        }
    }
}

impl<'a> List<'a> {
    fn of(list: &'a ListCoverage) -> Self {
        Self { name: &list.name, entries: list.entries, on_player: list.on_player }
    }
}

impl<'a> Row<'a> {
    fn of(row: &'a ReportRow) -> Self {
        Self {
            number: row.wanted_id,
            kind: row.kind.as_str(),
            artist: &row.artist,
            title: &row.title,
            album: &row.album,
            link: &row.link,
            lists: &row.lists,
            outcome: row.outcome.word(),
            says: row.says(),
            substitute: row.substitute(),
            plays: row.listening.plays,
            played_ms: row.listening.played_ms,
        }
    }
}

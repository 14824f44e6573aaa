//! What is missing, as a CSV that a spreadsheet or another tool can read.

use ferrotape_domain::Outcome;

use super::{ConversionReport, ReportRow};
use crate::spreadsheet::harmless;

/// Everything that is not on the player, or only as something that stands in for it: outcome, names, link, lists,
/// minutes listened, the reason and what stands in.
pub fn missing_csv(report: &ConversionReport) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let header = [
        "Outcome",
        "Kind",
        "Artist",
        "Title",
        "Album",
        "ISRC",
        "Link",
        "Lists",
        "Minutes listened",
        "Reason",
        "Number",
        "Stands in",
    ];
    // Writing to memory cannot fail; a failure would only leave the row out of a text.
    let _ = writer.write_record(header);
    let missing =
        |row: &&ReportRow| !matches!(row.outcome, Outcome::OnPlayer { .. }) || row.substitute().is_some();
    for row in report.rows.iter().filter(missing) {
        let (minutes, number) = ((row.listening.played_ms / 60_000).to_string(), row.wanted_id.to_string());
        let (lists, says) = (row.lists.join("; "), row.says());
        let cells: [&str; 12] = [
            row.outcome.word(),
            row.kind.as_str(),
            &row.artist,
            &row.title,
            &row.album,
            &row.isrc,
            &row.link,
            &lists,
            &minutes,
            &says,
            &number,
            row.substitute().unwrap_or_default(),
        ];
        let _ = writer.write_record(cells.map(harmless));
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

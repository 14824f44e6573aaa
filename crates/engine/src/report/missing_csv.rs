//! What is missing, as a CSV that a spreadsheet or another tool can read.

use ferrotape_domain::Outcome;

use super::ConversionReport;

/// Everything that is not on the player: outcome, names, link, lists, minutes listened and the reason.
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
    ];
    // Writing to memory cannot fail; a failure would only leave the row out of a text.
    let _ = writer.write_record(header);
    for row in report.rows.iter().filter(|row| !matches!(row.outcome, Outcome::OnPlayer { .. })) {
        let minutes = (row.listening.played_ms / 60_000).to_string();
        let _ = writer.write_record([
            row.outcome.word(),
            row.kind.as_str(),
            &row.artist,
            &row.title,
            &row.album,
            &row.isrc,
            &row.link,
            &row.lists.join("; "),
            &minutes,
            &row.says(),
            &row.wanted_id.to_string(),
        ]);
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

//! The report of a run, as text.

use std::collections::BTreeSet;

use ferrotape_domain::{Outcome, WantedKind};
use ferrotape_engine::report::{ConversionReport, ReportRow};

use super::NAMED;
use crate::output::{counted, line, plain};

/// The titles of the outcomes, in the order of the report.
fn title(word: &str, planned: bool) -> &'static str {
    match word {
        "on_player" if planned => "would be on the player",
        "on_player" => "on the player",
        "needs_review" => "need your review",
        "not_in_sources" => "not in your sources",
        "waiting" => "waiting",
        "failed" => "failed",
        "left_out" => "left out, as you said",
        _ => "nothing that can be filled yet (an entry that was empty already)",
    }
}

pub(crate) fn report(report: &ConversionReport, all: bool, planned: bool) {
    let hours = |ms: u64| match ms {
        0..3_600_000 => format!("{} min", ms / 60_000),
        _ => format!("{:.1} h", ms as f64 / 3_600_000.0),
    };
    line(&format!(
        "\n{} wanted, named by {} of {}:",
        counted(report.rows.len() as u64, "item", "items"),
        counted(report.entries(), "entry", "entries"),
        counted(report.lists.len() as u64, "list", "lists"),
    ));
    let listened = report.played_ms() > 0;
    for (word, count) in report.counts().into_iter().filter(|(_, count)| count.things > 0) {
        let played =
            if listened { format!("  {:>9} listened", hours(count.played_ms)) } else { String::new() };
        let files = if word == "on_player" { in_files(report) } else { String::new() };
        line(&format!("{:>7}{played}  {}{files}", count.things, title(word, planned)));
        if word == "on_player" {
            stand_ins(report);
        }
    }
    for word in Outcome::WORDS {
        let rows: Vec<_> = report.rows.iter().filter(|row| row.outcome.word() == word).collect();
        let shown = if all { rows.len() } else { NAMED };
        if rows.is_empty() || (word == "on_player" && !all) {
            continue;
        }
        line(&format!("\n{}:", capitalised(title(word, planned))));
        for row in rows.iter().take(shown) {
            one_row(row);
        }
        if !all {
            more_than(rows.len());
        }
    }
    if !all {
        not_exactly(report);
    }
    if !report.came_from.is_empty() {
        line("\nFiles in your collection came from:");
        for (source, terms, count) in report.terms() {
            line(&plain(&format!("{count:>7}  {source} ({terms})")));
        }
    }
    if report.count("needs_review").things > 0 {
        line("\nTo decide what needs your review: ferrotape review");
    }
}

/// Several links may be one recording, and one recording is one file.
fn in_files(report: &ConversionReport) -> String {
    told_in_files(report.rows.iter().filter_map(|row| match &row.outcome {
        Outcome::OnPlayer { path, .. } => Some((row.kind, path.as_str())),
        _ => None,
    }))
}

/// The path of a podcast, an album or a book is that of one of its parts or of their folder: it tells neither how many files
/// these are, nor whether another thing is the same recording. So such rows are not compared, and beside them no number is told.
fn told_in_files<'p>(on_player: impl Iterator<Item = (WantedKind, &'p str)>) -> String {
    let (mut files, mut is_any_twice, mut is_any_of_parts) = (BTreeSet::new(), false, false);
    for (kind, path) in on_player {
        if matches!(kind, WantedKind::Show | WantedKind::Release | WantedKind::Audiobook) {
            is_any_of_parts = true;
        } else {
            is_any_twice |= !files.insert(path);
        }
    }
    match (is_any_twice, is_any_of_parts) {
        (false, _) => String::new(),
        (true, true) => " (several are one recording)".to_owned(),
        (true, false) => {
            format!(" (several are one recording: {})", counted(files.len() as u64, "file", "files"))
        }
    }
}

fn one_row(row: &ReportRow) {
    let artist = if row.artist.is_empty() { String::new() } else { format!("{} – ", row.artist) };
    let how = if row.is_not_whole() { "" } else { "stands in: " };
    let stands_in = row.substitute().map(|what| format!(" – {how}{what}")).unwrap_or_default();
    let text = format!("{artist}{}: {}{stands_in}", row.title, row.says());
    line(&format!("  {:>5}  {}", row.wanted_id, plain(&text)));
}

/// What is on the player and not exactly what was wanted, or not all of it.
fn not_exactly(report: &ConversionReport) {
    let (not_whole, stand_ins): (Vec<&ReportRow>, Vec<&ReportRow>) =
        report.rows.iter().filter(|row| row.substitute().is_some()).partition(|row| row.is_not_whole());
    let told = [
        ("On the player in place of what you wanted:", stand_ins),
        ("On the player, but not whole, or without new episodes:", not_whole),
    ];
    for (title, rows) in told.iter().filter(|(_, rows)| !rows.is_empty()) {
        line(&format!("\n{title}"));
        rows.iter().take(NAMED).for_each(|row| one_row(row));
        more_than(rows.len());
    }
}

fn more_than(rows: usize) {
    if rows > NAMED {
        line(&format!("         … and {} more (`ferrotape report --all`)", rows - NAMED));
    }
}

/// Below the count of what is on the player: how much of it is not exactly what was wanted, or not all of it.
fn stand_ins(report: &ConversionReport) {
    let not_whole = report.rows.iter().filter(|row| row.is_not_whole()).count();
    if not_whole > 0 {
        let verb = if not_whole == 1 { "is" } else { "are" };
        line(&format!("         of these {not_whole} {verb} not whole, or without new episodes: see below"));
    }
    let substitutes = report.substitutes();
    let total: u64 = substitutes.iter().map(|(_, count)| count).sum();
    if total > 0 {
        let kinds: Vec<String> =
            substitutes.iter().map(|(what, count)| format!("{} ({count})", plain(what))).collect();
        let verb = if total == 1 { "stands" } else { "stand" };
        line(&format!("         of these {total} {verb} in for what you wanted: {}", kinds.join(", ")));
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_things_of_one_file_are_told_to_be_one_recording() {
        let told = |rows: &[(WantedKind, &'static str)]| told_in_files(rows.iter().copied());
        let (song, show, album) = (WantedKind::Recording, WantedKind::Show, WantedKind::Release);
        assert_eq!(told(&[(song, "a.mp3"), (song, "b.mp3")]), "");
        assert_eq!(
            told(&[(song, "a.mp3"), (song, "b.mp3"), (song, "a.mp3")]),
            " (several are one recording: 2 files)"
        );
        // A podcast of one episode, two rows of one podcast, an album whose first track is wanted as well.
        assert_eq!(told(&[(WantedKind::Episode, "Tide/1.mp3"), (show, "Tide/1.mp3")]), "");
        assert_eq!(told(&[(show, "Tide"), (show, "Tide"), (song, "a.mp3"), (album, "a.mp3")]), "");
        assert_eq!(
            told(&[(song, "a.mp3"), (song, "a.mp3"), (album, "b.mp3")]),
            " (several are one recording)"
        );
    }
}

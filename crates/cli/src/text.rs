//! Results as text for people: short, friendly, exact.

use std::path::Path;

use ferrotape_domain::Outcome;
use ferrotape_engine::convert::{ConversionPlan, Performed, Stopped};
use ferrotape_engine::doctor::Examination;
use ferrotape_engine::matching::{Answer, Matched, Matching};
use ferrotape_engine::report::ConversionReport;
use ferrotape_engine::review::ReviewCase;
use ferrotape_engine::scan::ScanReport;
use ferrotape_engine::selection::{Imported, Selection};

use crate::output::{counted, line, plain, size};

/// So many of a kind are named one by one; the page and `--json` name them all.
const NAMED: usize = 10;

pub(crate) fn imported(imported: &Imported) {
    let receipt = &imported.receipt;
    let rows: u64 = imported.accounts.iter().map(|account| account.rows).sum();
    let change =
        if receipt.unchanged { "nothing new".to_owned() } else { format!("{} new", receipt.wanted_new) };
    let files = counted(imported.accounts.len() as u64, "file", "files");
    line(&format!(
        "Imported {}: {} in {files}, {change}",
        imported.path.display(),
        counted(rows, "row", "rows")
    ));
    for change in &receipt.playlists {
        if let Some(why) = &change.kept_back {
            line(&format!(
                "  {}: kept as it was – {why}; --accept-shrink takes the new one",
                plain(&change.name)
            ));
        } else if change.removed > 0 {
            line(&format!("  {}: {} added, {} removed", plain(&change.name), change.added, change.removed));
        }
    }
    name_some(&imported.problems, "remarks", |problem| {
        let row = problem.row.map(|row| format!(", row {row}")).unwrap_or_default();
        format!("{}{row}: {}", plain(&problem.file), plain(&problem.reason))
    });
}

pub(crate) fn selected(selection: &Selection) {
    for list in &selection.lists {
        line(&format!("{}: {}", plain(&list.name), counted(list.entries.len() as u64, "entry", "entries")));
    }
    for wanted in &selection.wanted {
        line(&format!("  {}", plain(&wanted.wanted.label())));
    }
}

pub(crate) fn scan(report: &ScanReport) {
    let mut parts = vec![format!("{} new or changed", report.opened)];
    parts.extend((report.moved > 0).then(|| format!("{} moved", report.moved)));
    parts.extend(
        (report.missing > 0).then(|| format!("{} gone since last time (kept on record)", report.missing)),
    );
    line(&format!(
        "Your music: {}, {}",
        counted(report.audio, "audio file", "audio files"),
        parts.join(", ")
    ));
    name_some(&report.unreadable, "not readable", |file| {
        format!("{}: {}", plain(&file.path.display().to_string()), plain(&file.reason))
    });
}

fn name_some<T>(all: &[T], what: &str, name: impl Fn(&T) -> String) {
    if all.is_empty() {
        return;
    }
    line(&format!("  {} {what}:", all.len()));
    for one in all.iter().take(NAMED) {
        line(&format!("    {}", name(one)));
    }
    if all.len() > NAMED {
        line(&format!("    … and {} more (--json lists all)", all.len() - NAMED));
    }
}

pub(crate) fn plan(plan: &ConversionPlan, to: &Path) {
    let sync = &plan.sync;
    if sync.is_empty() {
        line(&format!(
            "Plan for {}: nothing to change, {} as they should be",
            to.display(),
            counted(sync.unchanged.len() as u64, "file", "files")
        ));
        return;
    }
    line(&format!(
        "Plan for {}: {} to write (about {}, {} free), {} unchanged, {}",
        to.display(),
        counted(sync.writes.len() as u64, "file", "files"),
        size(sync.bytes_needed),
        size(sync.bytes_free),
        sync.unchanged.len(),
        counted(sync.playlist_writes.len() as u64, "playlist", "playlists"),
    ));
    for occupied in &sync.occupied_by_user {
        line(&format!(
            "  {} is a file of yours and stays; {} is used instead",
            occupied.taken, occupied.instead
        ));
    }
    if !sync.does_not_fit.is_empty() {
        line(&format!("  {} will not fit", counted(sync.does_not_fit.len() as u64, "file", "files")));
    }
    name_some(&sync.renames, "to rename", |rename| format!("{} → {}", rename.from, rename.to));
    let removals: Vec<_> = sync.removals.iter().chain(&sync.playlist_removals).collect();
    let how = if removals.iter().all(|removal| removal.to_trash) {
        "no longer wanted, to the player's trash (.ferrotape/trash)"
    } else {
        "no longer wanted, to be deleted for good"
    };
    name_some(&removals, how, |removal| removal.path.clone());
}

pub(crate) fn performed(performed: &Performed, plan: &ConversionPlan) {
    match &performed.receipt {
        Some(receipt)
            if performed.encoded + performed.copied == 0
                && plan.sync.is_empty()
                && plan.sync.does_not_fit.is_empty() =>
        {
            let files = counted(receipt.files_total as u64, "file", "files");
            line(&format!("Nothing to change: {files} on the player, all as they should be"));
        }
        Some(receipt) => line(&format!(
            "Done: {} encoded, {} copied as they were, {} removed; {} of ours on the player ({} written)",
            performed.encoded,
            performed.copied,
            receipt.files_removed,
            counted(receipt.files_total as u64, "file", "files"),
            size(receipt.bytes_written),
        )),
        None => {}
    }
    match performed.stopped {
        Some(Stopped::ByUser) => line("Stopped as you asked; the same command goes on from here."),
        Some(Stopped::PlayerFull) => line("The player is full; the rest waits until there is space."),
        Some(Stopped::PlayerGone) => {
            line(
                "The player was disconnected; connect it and run the same command again, it goes on from there.",
            );
        }
        None => {}
    }
}

/// The titles of the outcomes, in the order of the report.
fn title(word: &str, planned: bool) -> &'static str {
    match word {
        "on_player" if planned => "would be on the player",
        "on_player" => "on the player",
        "needs_review" => "need your review",
        "not_in_sources" => "not in your sources",
        "waiting" => "waiting",
        "failed" => "failed",
        _ => "not music we can fill yet (podcast, audiobook, local file)",
    }
}

pub(crate) fn report(report: &ConversionReport, all: bool, planned: bool) {
    let hours = |ms: u64| format!("{:.1} h", ms as f64 / 3_600_000.0);
    line(&format!(
        "\n{} wanted, named by {} of {}:",
        counted(report.rows.len() as u64, "item", "items"),
        counted(report.entries(), "entry", "entries"),
        counted(report.lists.len() as u64, "list", "lists"),
    ));
    let listened = report.played_ms() > 0;
    for (word, count) in report.counts() {
        let played =
            if listened { format!("  {:>9} listened", hours(count.played_ms)) } else { String::new() };
        line(&format!("{:>7}{played}  {}", count.things, title(word, planned)));
    }
    for word in Outcome::WORDS {
        let rows: Vec<_> = report.rows.iter().filter(|row| row.outcome.word() == word).collect();
        let shown = if all { rows.len() } else { NAMED };
        if rows.is_empty() || (word == "on_player" && !all) {
            continue;
        }
        line(&format!("\n{}:", capitalised(title(word, planned))));
        for row in rows.iter().take(shown) {
            let artist = if row.artist.is_empty() { String::new() } else { format!("{} – ", row.artist) };
            line(&format!(
                "  {:>5}  {}: {}",
                row.wanted_id,
                plain(&format!("{artist}{}", row.title)),
                plain(&row.says())
            ));
        }
        if rows.len() > shown {
            line(&format!("         … and {} more (`ferrotape report --all`)", rows.len() - shown));
        }
    }
    if report.count("needs_review").things > 0 {
        line("\nTo decide what needs your review: ferrotape review");
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

pub(crate) fn matching(matching: &Matching, all: bool) {
    let mut counts = [0_u64; 4];
    for matched in &matching.matched {
        let (at, sure) = match matched.answer {
            Answer::File(_) | Answer::Files(..) => (0, true),
            Answer::Review(..) => (1, false),
            Answer::None(_) => (2, false),
            Answer::NotYet(_) => (3, false),
        };
        counts[at] += 1;
        if all || !sure {
            one_match(matched, matching);
        }
    }
    let [chosen, review, none, not_yet] = counts;
    line(&format!(
        "{chosen} found, {review} need your review, {none} not in your sources, {not_yet} no music to fill"
    ));
}

fn one_match(matched: &Matched, matching: &Matching) {
    let says = match &matched.answer {
        Answer::File(found) => {
            let path =
                matching.offer(found.file_id).map(|o| o.path.display().to_string()).unwrap_or_default();
            let reasons: Vec<&str> = found.evidence.iter().map(|evidence| evidence.says.as_str()).collect();
            format!("{path} ({:.2}: {})", found.score, reasons.join(", "))
        }
        Answer::Files(files, why) => format!("{} – {why}", counted(files.len() as u64, "file", "files")),
        Answer::Review(_, why) => format!("review – {why}"),
        Answer::None(why) => format!("none – {why}"),
        Answer::NotYet(what) => format!("not yet – {what}"),
    };
    line(&format!("{:>5}  {}: {}", matched.wanted.id, plain(&matched.wanted.wanted.label()), plain(&says)));
}

pub(crate) fn reviews(cases: &[ReviewCase]) {
    if cases.is_empty() {
        line("Nothing waits for a decision.");
        return;
    }
    for case in cases {
        review(case);
        line("");
    }
    line(&format!(
        "{} for you. Decide with `ferrotape review` or `--pick NUMBER=K`.",
        counted(cases.len() as u64, "question", "questions")
    ));
}

pub(crate) fn review(case: &ReviewCase) {
    let wanted = &case.wanted.wanted;
    let album = wanted.release.as_deref().map(|album| format!(" · {album}")).unwrap_or_default();
    let time = wanted.duration.map(|d| format!(" · {}", minutes(d.as_secs()))).unwrap_or_default();
    line(&format!("{:>5}  {}{}{time}", case.wanted.id, plain(&wanted.label()), plain(&album)));
    line(&format!("       {}", plain(&case.why)));
    for (at, (offer, found)) in case.candidates.iter().enumerate() {
        let time = offer.facts.duration.map(|d| format!(" · {}", minutes(d.as_secs()))).unwrap_or_default();
        let reasons: Vec<&str> = found.evidence.iter().map(|evidence| evidence.says.as_str()).collect();
        line(&format!("    {}. {}{time}", at + 1, plain(&offer.path.display().to_string())));
        line(&format!("       {:.2}: {}", found.score, plain(&reasons.join(", "))));
    }
}

fn minutes(seconds: u64) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

pub(crate) fn examination(examination: &Examination, library: &Path) {
    let counts = &examination.counts;
    line(&format!("Library {}", library.display()));
    line(&format!(
        "  {} wanted in {} of {} · {} plays · {} files ({} gone, {} not readable) · {} decisions",
        counts.wanted,
        counted(counts.entries, "entry", "entries"),
        counted(counts.playlists, "list", "lists"),
        counts.plays,
        counts.files,
        counts.missing,
        counts.unreadable,
        counts.decisions,
    ));
    for finding in &examination.findings {
        let mark = if finding.good { "ok " } else { "BAD" };
        line(&format!("{mark}  {}: {}", plain(&finding.subject), plain(&finding.says)));
    }
}

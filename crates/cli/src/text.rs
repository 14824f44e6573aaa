//! Results as text for people: short, friendly, exact.

pub(crate) mod account;
mod case;
mod explain;
mod export;
mod gather;
mod inbox;
mod library;
mod lookup;
mod matching;
mod plan;
mod player;
mod policy;
mod refresh;
mod report;
mod rip;
mod shop;

use std::path::{Path, PathBuf};

use ferrotape_domain::ImportProblem;
use ferrotape_engine::doctor::{Examination, GoneForGood, Left};
use ferrotape_engine::scan::ScanReport;
use ferrotape_engine::selection::{Imported, LookedInto, Selection};
use ferrotape_engine::store::PlaylistChange;

pub(crate) use case::{Style, case, cases, pair};
pub(crate) use explain::{considered, explained, meant};
pub(crate) use export::exported;
pub(crate) use gather::gathered;
pub(crate) use inbox::inbox;
pub(crate) use library::{dropped, list_changes, list_steps, list_then, restored, snapshots, split};
pub(crate) use lookup::looked_up;
pub(crate) use matching::{Shown, from_other_albums, matching};
pub(crate) use plan::{performed, plan, playlists_left_out, short_of_room};
pub(crate) use player::{ejected, filling, filling_over_mtp, players, profiles};
pub(crate) use policy::policies;
pub(crate) use refresh::{refreshed, watched};
pub(crate) use report::report;
pub(crate) use rip::ripped;
pub(crate) use shop::shopping;

use crate::commands::named::KnownMusic;
use crate::output::{counted, line, plain};

/// So many of a kind are named one by one; the page and `--json` name them all.
const NAMED: usize = 10;

/// A score in words: of a hundred files like this one, how many are the wanted recording.
fn sure(score: f32) -> String {
    let percent = f64::from(score) * 100.0;
    if percent < 1.0 { "under 1 %".to_owned() } else { format!("{:.0} %", percent.floor()) }
}

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
        list_changed(change);
    }
    for missing in &receipt.missing {
        let (name, entries) = (plain(&missing.name), counted(missing.entries, "entry", "entries"));
        let call = plain(&missing.call);
        line(&format!(
            "  {name}: not in it any more; its {entries} stay – `ferrotape library drop \"{call}\"` takes them out"
        ));
    }
    let remarks = if imported.problems.len() == 1 { "remark" } else { "remarks" };
    name_some(&imported.problems, remarks, problem_of);
}

fn list_changed(change: &PlaylistChange) {
    let name = plain(&change.name);
    if let Some(kept) = &change.kept_back {
        let hint = if kept.may_be_accepted { "; --accept-shrink takes the new one" } else { "" };
        line(&format!("  {name}: kept as it was – {}{hint}", plain(&kept.reason)));
    } else if change.added + change.removed > 0 {
        let counts = [(change.added, "added"), (change.removed, "removed")];
        let counts = counts.iter().filter(|(count, _)| *count > 0);
        let counts: Vec<String> = counts.map(|(count, what)| format!("{count} {what}")).collect();
        let log = if change.removed > 0 {
            format!("; `ferrotape library log \"{}\"` tells which", plain(&change.call))
        } else {
            String::new()
        };
        line(&format!("  {name}: {}{log}", counts.join(", ")));
    }
    if change.incomplete {
        line(&format!("  {name}: it is cut off or misses rows, so nothing was taken out of the list"));
    }
}

/// What an input holds, every problem of it included.
pub(crate) fn looked_into(seen: &LookedInto) {
    line(&seen.path.display().to_string());
    for account in &seen.accounts {
        let parts = [
            (account.entries, "entry", "entries"),
            (account.plays, "play", "plays"),
            (account.noted, "kept on record", "kept on record"),
            (account.problems, "problem", "problems"),
        ];
        let parts = parts.iter().filter(|(count, ..)| *count > 0);
        let parts: Vec<String> = parts.map(|(count, one, many)| counted(*count, one, many)).collect();
        let sum = if parts.is_empty() { String::new() } else { format!(" = {}", parts.join(" + ")) };
        let rows = counted(account.rows, "row", "rows");
        line(&format!("  {}: {}, {rows}{sum}", plain(&account.file), plain(&account.format)));
    }
    for (_, name, entries) in &seen.lists {
        line(&format!("  list “{}”: {}", plain(name), counted(*entries as u64, "entry", "entries")));
    }
    for problem in &seen.problems {
        line(&format!("  {}", problem_of(problem)));
    }
}

fn problem_of(problem: &ImportProblem) -> String {
    let row = problem.row.map(|row| format!(", row {row}")).unwrap_or_default();
    format!("{}{row}: {}", plain(&problem.file), plain(&problem.reason))
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
    // Also what is no audio had to be looked into.
    let mut parts = vec![format!("{} looked into, new or changed", counted(report.opened, "file", "files"))];
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

/// That no folder was looked through, and what was used in their place.
pub(crate) fn known_music(known: &KnownMusic, now: i64) {
    for (folder, files) in &known.away {
        line(&format!(
            "{}: the folder is not there, or empty; its {} as away – check the path, or plug the disk in",
            plain(&folder.display().to_string()),
            counted(*files, "file counts", "files count"),
        ));
    }
    if known.files == 0 {
        return;
    }
    let number = indicatif::HumanCount(known.files);
    let files = if known.files == 1 { format!("{number} file") } else { format!("{number} files") };
    let shown = |path: &PathBuf| plain(&path.display().to_string());
    let mut folders: Vec<String> = known.folders.iter().take(FOLDERS).map(shown).collect();
    let more = known.folders.len().saturating_sub(FOLDERS);
    folders.extend((more > 0).then(|| format!("{more} more")));
    let from = if folders.is_empty() { String::new() } else { format!(" from {}", folders.join(", ")) };
    let age = known.looked_at.map(|at| format!(" (looked through {})", ago(now - at))).unwrap_or_default();
    line(&format!("Using the {files} known{from}{age}. `ferrotape scan FOLDER` looks again."));
}

/// So many folders are named.
const FOLDERS: usize = 3;

/// How long ago something was.
fn ago(seconds: i64) -> String {
    let told = |count: i64, one: &str, many: &str| {
        format!("{} ago", counted(u64::try_from(count).unwrap_or(0), one, many))
    };
    match seconds {
        ..60 => "just now".to_owned(),
        60..3_600 => told(seconds / 60, "minute", "minutes"),
        3_600..86_400 => told(seconds / 3_600, "hour", "hours"),
        _ => told(seconds / 86_400, "day", "days"),
    }
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

pub(crate) fn gone_for_good(gone: &GoneForGood) {
    let files = gone.files.len() as u64;
    if files == 0 {
        line(&format!("{} said to be gone before.", counted(gone.said_before, "file was", "files were")));
    } else {
        let back = if files == 1 { "If it comes back" } else { "If one comes back" };
        let files = counted(files, "file is", "files are");
        line(&format!("{files} gone for good, and missed no more. {back}, a scan finds it."));
    }
    for lost in &gone.lost {
        let (path, wanted) = (lost.path.display(), &lost.wanted);
        line(&plain(&match &lost.left {
            Left::Nothing => format!("With {path} went the only file of “{wanted}”."),
            Left::Near => format!("With {path} went the file of “{wanted}”; only something near it is left."),
            Left::Without(_) => format!("“{wanted}” lacks {} now.", lost.left.tracks_in_short()),
        }));
    }
    if gone.lost.iter().any(|lost| lost.left == Left::Nothing) {
        line("What went is still wanted: `ferrotape shop --all` tells where to get it anew.");
    }
    if gone.lost.iter().any(|lost| lost.left == Left::Near) {
        line("`ferrotape review` shows what is near, and asks whether it will do.");
    }
    if gone.lost.iter().any(|lost| matches!(lost.left, Left::Without(_))) {
        line("Nobody may name again what an album or a book lacks: bring it back, or get it anew.");
    }
}

pub(crate) fn examination(examination: &Examination, library: &Path) {
    let counts = &examination.counts;
    line(&format!("Library {}", library.display()));
    line(&format!(
        "  {} of {} · {} known, with those only played · {} · {} ({} gone, {} not readable) · {}",
        counted(counts.entries, "entry", "entries"),
        counted(counts.playlists, "list", "lists"),
        counted(counts.wanted, "thing", "things"),
        counted(counts.plays, "play", "plays"),
        counted(counts.files, "file", "files"),
        counts.missing,
        counts.unreadable,
        counted(counts.decisions, "decision", "decisions"),
    ));
    for finding in &examination.findings {
        let mark = if finding.good { "ok " } else { "BAD" };
        line(&format!("{mark}  {}: {}", plain(&finding.subject), plain(&finding.says)));
    }
}

#[cfg(test)]
mod tests {
    use super::ago;

    #[test]
    fn how_long_ago_is_told_in_one_unit() {
        let table = [
            (-5, "just now"),
            (59, "just now"),
            (60, "1 minute ago"),
            (7_200, "2 hours ago"),
            (86_400 * 3, "3 days ago"),
        ];
        for (seconds, says) in table {
            assert_eq!(ago(seconds), says);
        }
    }
}

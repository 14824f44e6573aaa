//! Results as text for people: short, friendly, exact.

pub(crate) mod account;
mod case;
mod explain;
mod export;
mod inbox;
mod library;
mod matching;
mod player;
mod policy;
mod refresh;
mod report;
mod rip;

use std::collections::BTreeMap;
use std::path::Path;

use ferrotape_domain::ImportProblem;
use ferrotape_engine::LoudnessUse;
use ferrotape_engine::convert::{ConversionPlan, Performed, Stopped};
use ferrotape_engine::device::{SyncPlan, WhyNoRoom, WhyRemoved};
use ferrotape_engine::doctor::Examination;
use ferrotape_engine::scan::ScanReport;
use ferrotape_engine::selection::{Imported, LookedInto, Selection};
use ferrotape_engine::store::PlaylistChange;

pub(crate) use case::{Style, case, cases, pair};
pub(crate) use explain::{considered, explained, meant};
pub(crate) use export::exported;
pub(crate) use inbox::inbox;
pub(crate) use library::{dropped, list_changes, list_steps, list_then, restored, snapshots, split};
pub(crate) use matching::matching;
pub(crate) use player::{ejected, filling, filling_over_mtp, players, profiles};
pub(crate) use policy::policies;
pub(crate) use refresh::{refreshed, watched};
pub(crate) use report::report;
pub(crate) use rip::ripped;

use crate::output::{counted, line, plain, size};

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
        line(&format!(
            "  {name}: not in it any more; its {entries} stay – `ferrotape library drop \"{name}\"` takes them out"
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
            format!("; `ferrotape library log \"{name}\"` tells which")
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

/// `trash` are words for where what is removed goes.
pub(crate) fn plan(plan: &ConversionPlan, to: &Path, trash: &str) {
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
        size(sync.writes.iter().map(|write| write.expected_bytes).sum()),
        size(sync.bytes_free),
        sync.unchanged.len(),
        counted(sync.playlist_writes.len() as u64, "playlist", "playlists"),
    ));
    if let Some(bar) = space_bar(sync) {
        line(&bar);
    }
    let copied = plan.tracks.iter().filter(|track| track.copy_mp3).count() as u64;
    if copied > 0 && matches!(plan.loudness, LoudnessUse::Apply { .. }) {
        let files = counted(copied, "MP3 is", "MP3s are");
        line(&format!("  {files} not encoded again: their frames are turned up or down, by steps of 1.5 dB"));
    }
    for occupied in &sync.occupied_by_user {
        line(&format!(
            "  {} is a file of yours and stays; {} is used instead",
            occupied.taken, occupied.instead
        ));
    }
    let mut no_room: BTreeMap<WhyNoRoom, u64> = BTreeMap::new();
    sync.does_not_fit.iter().for_each(|one| *no_room.entry(one.why).or_default() += 1);
    for (why, files) in no_room {
        line(&format!("  {} will not fit: {}", counted(files, "file", "files"), why.words()));
    }
    let beside = sync.companions.len() as u64;
    if beside > 0 {
        line(&format!(
            "  {} to look for: lyrics, and pictures of folders",
            counted(beside, "file beside tracks", "files beside tracks")
        ));
    }
    name_some(&sync.renames, "to rename", |rename| format!("{} → {}", rename.from, rename.to));
    name_some(&sync.playlist_removals, "of the playlist files no longer wanted", |list| list.path.clone());
    let removals: Vec<_> = sync.removals.iter().collect();
    for (why, says) in [
        (WhyRemoved::NotWanted, "no longer wanted"),
        (WhyRemoved::Replaced, "that another file takes the place of"),
    ] {
        let removals: Vec<_> = removals.iter().filter(|removal| removal.why == why).collect();
        let how = if removals.iter().all(|removal| removal.to_trash) {
            format!("{says}, to {trash}")
        } else {
            format!("{says}, to be deleted for good")
        };
        name_some(&removals, &how, |removal| removal.path.clone());
    }
}

/// The player's space now and then: `[#####++...]`. Nothing where it cannot be told how large it is.
fn space_bar(sync: &SyncPlan) -> Option<String> {
    const CELLS: u64 = 40;
    let total = Some(sync.bytes_total).filter(|total| *total > 0)?;
    let used = total.saturating_sub(sync.bytes_free);
    let comes: u64 = sync.writes.iter().map(|write| write.expected_bytes).sum();
    let then = used.saturating_add(comes).saturating_sub(sync.bytes_freed).min(total);
    let cells =
        |bytes: u64| usize::try_from(u128::from(bytes) * u128::from(CELLS) / u128::from(total)).unwrap_or(0);
    let (now, later) = (cells(used), cells(then));
    let change = if later > now { "+" } else { "-" };
    let (kept, most) = (now.min(later), now.max(later));
    let bar = format!("{}{}", "#".repeat(kept), change.repeat(most - kept));
    let width = usize::try_from(CELLS).unwrap_or(0);
    Some(format!("  [{bar:.<width$}] {} of {} used now, {} then", size(used), size(total), size(then)))
}

pub(crate) fn performed(performed: &Performed, plan: &ConversionPlan) {
    match &performed.receipt {
        Some(receipt)
            if performed.written() == 0 && plan.sync.is_empty() && plan.sync.does_not_fit.is_empty() =>
        {
            match receipt.files_total {
                0 => line("Nothing to put on the player, and nothing of ours is on it"),
                files => {
                    let files = counted(files as u64, "file", "files");
                    line(&format!("Nothing to change: {files} on the player, all as they should be"));
                }
            }
        }
        Some(receipt) => line(&format!(
            "Done: {}; {} removed; {} of ours on the player ({} written)",
            tracks_made(performed),
            receipt.files_removed,
            counted(receipt.files_total as u64, "file", "files"),
            size(receipt.bytes_written),
        )),
        None => {}
    }
    for folder in performed.receipt.iter().flat_map(|receipt| &receipt.unordered).take(NAMED) {
        line(&format!(
            "  {}: its files could not be put in the order in which the player plays them",
            plain(folder)
        ));
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

/// `12 tracks: 10 from the cache, 2 encoded`.
fn tracks_made(performed: &Performed) -> String {
    let parts = [
        (performed.from_cache, "from the cache"),
        (performed.encoded, "encoded"),
        (performed.copied, "copied as they were"),
    ];
    let parts = parts.iter().filter(|(count, _)| *count > 0);
    let parts: Vec<String> = parts.map(|(count, how)| format!("{count} {how}")).collect();
    let sum = counted(performed.written() as u64, "track", "tracks");
    if parts.is_empty() { sum } else { format!("{sum}: {}", parts.join(", ")) }
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

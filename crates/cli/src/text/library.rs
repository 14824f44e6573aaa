//! The library over time, as text.

use ferrotape_engine::store::{
    Description, ListVersion, MergeReason, PlaylistChange, Removal, RemovalCause, Snapshot, StoredWanted,
};
use ferrotape_engine::timeline::{ListChange, ListStep, ListThen, Restoring};

use super::NAMED;
use crate::output::{counted, line, moment, plain, quoted};

pub(crate) fn snapshots(snapshots: &[Snapshot]) {
    if snapshots.is_empty() {
        line("Nothing was imported yet; `ferrotape import` begins the log.");
    }
    for snapshot in snapshots {
        line(&format!("{}  {}", header(snapshot), plain(&snapshot.label)));
        let changes: Vec<&ListVersion> =
            snapshot.changes.iter().filter(|change| change.added + change.removed > 0).collect();
        for change in changes.iter().take(NAMED) {
            line(&format!(
                "        {}: {}",
                plain(&change.name),
                counts(change.added, change.removed, change.entries)
            ));
        }
        if changes.len() > NAMED {
            line(&format!("        … and {} more lists (--json lists all)", changes.len() - NAMED));
        }
    }
}

fn header(snapshot: &Snapshot) -> String {
    format!("{:>5}  {}", snapshot.import_id, moment(snapshot.at))
}

fn counts(added: u64, removed: u64, entries: u64) -> String {
    let mut parts = Vec::new();
    parts.extend((added > 0).then(|| format!("+{added}")));
    parts.extend((removed > 0).then(|| format!("−{removed}")));
    if parts.is_empty() {
        parts.push("another order, or dates".to_owned());
    }
    format!("{}, {}", parts.join(" "), counted(entries, "entry", "entries"))
}

pub(crate) fn list_steps(steps: &[ListStep]) {
    for step in steps {
        let removed = step.removed.len() as u64;
        line(&format!(
            "{}  {}: {}",
            header(&step.snapshot),
            plain(&step.snapshot.label),
            counts(step.version.added, removed, step.version.entries)
        ));
        removals(&step.removed, "        ");
    }
}

fn removals(removed: &[(StoredWanted, Removal)], indent: &str) {
    for (wanted, removal) in removed {
        line(&format!("{indent}− {} ({})", plain(&wanted.wanted.label()), cause(removal.cause)));
    }
}

fn cause(cause: RemovalCause) -> &'static str {
    match cause {
        RemovalCause::NotInSource => "not in the source any more; it does not say who took it out",
        RemovalCause::Unnamed => "Spotify no longer names it",
        RemovalCause::Relinked { .. } => "it stands there under another link",
        RemovalCause::Restored => "an earlier state without it is restored",
        RemovalCause::Dropped => "you took the list out",
    }
}

pub(crate) fn list_then(then: &ListThen) {
    let renamed = if then.version.name == then.list.name {
        String::new()
    } else {
        format!(", then “{}”", plain(&then.version.name))
    };
    line(&format!(
        "{}{renamed}: {}, as after snapshot {} ({})",
        plain(&then.list.name),
        counted(then.entries.len() as u64, "entry", "entries"),
        then.snapshot.import_id,
        moment(then.snapshot.at)
    ));
    for (at, (wanted, added)) in then.entries.iter().enumerate() {
        let added = added.as_deref().map(|added| format!("  (added {})", plain(added))).unwrap_or_default();
        line(&format!("{:>5}. {}{added}", at + 1, plain(&wanted.wanted.label())));
    }
}

pub(crate) fn list_changes(changes: &[ListChange]) {
    if changes.is_empty() {
        line("No list differs between the two.");
    }
    changes.iter().for_each(list_change);
}

fn list_change(change: &ListChange) {
    let is_new = if change.is_new { " (a new list)" } else { "" };
    line(&format!("{}{is_new}", plain(&change.name)));
    removals(&change.removed, "  ");
    for wanted in &change.added {
        line(&format!("  + {}", plain(&wanted.wanted.label())));
    }
    if change.reordered {
        line("  in another order");
    }
}

/// What was restored, or would be. `before` is the snapshot that undoes it.
pub(crate) fn restored(plan: &Restoring, dry_run: bool, nothing: bool, before: i64) {
    let name = plain(&plan.then.list.name);
    if nothing {
        line(&format!(
            "{name} is as it was after snapshot {}; nothing to restore.",
            plan.then.snapshot.import_id
        ));
        return;
    }
    list_change(&plan.change);
    if dry_run {
        line("Nothing was changed; without --dry-run this is what happens.");
        return;
    }
    let entries = counted(plan.then.entries.len() as u64, "entry", "entries");
    line(&format!("{name} has its {entries} of snapshot {} again.", plan.then.snapshot.import_id));
    undo(&plan.call, before);
}

pub(crate) fn dropped(dropped: &PlaylistChange, before: i64) {
    let (name, entries) = (plain(&dropped.name), dropped.removed);
    if entries == 0 {
        return line(&format!("{name} is empty; nothing to take out."));
    }
    let entries = counted(entries, "entry is", "entries are");
    line(&format!(
        "{name}: its {entries} out of the library. `ferrotape convert --to PLAYER` without naming an input takes off the player what \
         no other list wants."
    ));
    undo(&dropped.call, before);
}

/// `call` is what the list answers to.
fn undo(call: &str, before: i64) {
    line(&format!("To undo this: ferrotape library restore {} --at {before}", quoted(&plain(call))));
}

/// What was said of one thing, where it was said more than once.
pub(crate) fn descriptions(said: &[Description]) {
    if said.len() < 2 {
        return;
    }
    line(&format!("taken from  {} descriptions of it:", said.len()));
    for one in said {
        let wanted = &one.wanted;
        let mut parts = vec![wanted.label()];
        parts.extend(wanted.release.clone());
        parts.extend(wanted.isrc.as_ref().map(|isrc| format!("ISRC {isrc}")));
        parts.extend(wanted.spotify.as_ref().map(|uri| uri.web_address()));
        let why = one.reason.map(|reason| format!(" – {}", reason_says(reason))).unwrap_or_default();
        line(&format!("{:>9}  {}{why}", one.id, plain(&parts.join(" · "))));
    }
    line("            one of them is another recording? `ferrotape library split NUMBER`");
}

fn reason_says(reason: MergeReason) -> &'static str {
    match reason {
        MergeReason::SameLink => "the same link",
        MergeReason::SameWords => "the same artist, title and album",
        MergeReason::SameIsrc => "the same ISRC, artist and title",
        MergeReason::SameMbid => "the same MusicBrainz recording",
        MergeReason::SameFeed => "the same feed",
    }
}

pub(crate) fn split(rest: &StoredWanted, split: &StoredWanted) {
    line(&format!(
        "{} ({}) is a recording of its own now, apart from {} ({}).",
        split.id,
        plain(&split.wanted.label()),
        rest.id,
        plain(&rest.wanted.label())
    ));
}

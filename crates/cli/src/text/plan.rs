//! A plan before it is done, and what came of it.

use std::collections::BTreeMap;
use std::path::Path;

use ferrotape_engine::LoudnessUse;
use ferrotape_engine::convert::{ConversionPlan, Performed, Stopped};
use ferrotape_engine::device::{CompanionKind, PlannedRemoval, SyncPlan, WhyNoRoom, WhyRemoved, WhyWritten};

use super::{NAMED, name_some};
use crate::output::{counted, line, plain, size};

/// `trash` are words for where what is removed goes.
pub(crate) fn plan(plan: &ConversionPlan, to: &Path, trash: &str) {
    let sync = &plan.sync;
    line(&format!("Plan for {}: {}", to.display(), in_short(sync)));
    if !sync.is_empty() {
        space(sync);
    }
    if plan.held_back > 0 {
        let episodes = counted(plan.held_back as u64, "episode", "episodes");
        line(&format!("  {episodes} held back: only the newest unplayed of each podcast are kept"));
    }
    let in_doubt: Vec<&String> = plan.in_doubt.values().collect();
    name_some(&in_doubt, "in question, kept as they are until you answer (`ferrotape review`)", |place| {
        plain(place)
    });
    let written = sync.writes.iter().filter_map(|write| plan.tracks.get(write.track));
    let copied = written.filter(|track| track.copy_mp3).count() as u64;
    if copied > 0 && matches!(plan.loudness, LoudnessUse::Apply { .. }) {
        let files = counted(copied, "MP3 is not encoded again: its", "MP3s are not encoded again: their");
        line(&format!("  {files} frames are turned up or down, by steps of 1.5 dB"));
    }
    for occupied in &sync.occupied_by_user {
        line(&format!(
            "  {} is a file of yours and stays; {} is used instead",
            occupied.taken, occupied.instead
        ));
    }
    short_of_room(sync);
    playlists_left_out(sync);
    lists_of_others(sync);
    beside(sync);
    name_some(&sync.renames, "to rename", |rename| format!("{} → {}", rename.from, rename.to));
    changed_on_player(sync, trash);
    let lists: Vec<_> = sync.playlist_removals.iter().collect();
    let files = if lists.len() == 1 { "playlist file" } else { "playlist files" };
    removed(&lists, &format!("{files} no longer wanted"), trash);
    if sync.reorders {
        line("  Its files are not in the order that the player plays them in: they will be put in order");
    }
    for (why, says) in [
        (WhyRemoved::NotWanted, "no longer wanted"),
        (WhyRemoved::Replaced, "that another file takes the place of"),
        (WhyRemoved::LaterList, "that only lists you name later have, for the room of earlier ones"),
    ] {
        let removals: Vec<_> = sync.removals.iter().filter(|removal| removal.why == why).collect();
        removed(&removals, says, trash);
    }
    let for_good = "in the player's trash, to be deleted for good to make room";
    name_some(&sync.trash_removals, for_good, |file| file.path.clone());
    let with_tracks: Vec<_> = sync.companion_removals.iter().collect();
    removed(&with_tracks, "beside tracks no longer wanted", trash);
}

/// What has no room, what stays for it, and what the user can do.
pub(crate) fn short_of_room(sync: &SyncPlan) {
    no_room(sync);
    with_delete(sync);
    beyond_shown(sync);
    kept_older(sync);
    choose(sync);
    let stays =
        "no longer wanted, which stay until all that is wanted has come: the trash would make no room for it";
    name_some(&sync.stays_unwanted, stays, |removal| removal.path.clone());
}

/// Playlists beyond the number that the player reads.
pub(crate) fn playlists_left_out(sync: &SyncPlan) {
    let says = "left out of the playlists, for the player reads no more; their tracks come all the same";
    name_some(&sync.playlists_left_out, says, |name| plain(name));
}

/// Two people may have a list of one name, and one a library on each of two computers.
fn lists_of_others(sync: &SyncPlan) {
    for list in &sync.lists_of_others {
        let (name, tracks) = (plain(&list.name), counted(list.tracks as u64, "track", "tracks"));
        if list.shares_little {
            let shared = list.shared;
            line(&format!(
                "  “{name}” on the player is another library's, of another computer or person: yours of that name takes its \
                 place, and shares {shared} of its {tracks}"
            ));
        } else if list.removed > 0 {
            let files = counted(list.removed as u64, "file gives", "files give");
            line(&format!(
                "  “{name}” on the player is another library's, of another computer or person: {files} way to yours"
            ));
        }
    }
}

fn removed(removals: &[&PlannedRemoval], says: &str, trash: &str) {
    let (kept, for_good): (Vec<&PlannedRemoval>, Vec<&PlannedRemoval>) =
        removals.iter().copied().partition(|removal| removal.to_trash);
    name_some(&kept, &format!("{says}, to {trash}"), |removal| removal.path.clone());
    name_some(&for_good, &format!("{says}, to be deleted for good"), |removal| removal.path.clone());
}

/// What somebody changed on the player, and is written over or taken off: it is kept whatever else is deleted for good.
fn changed_on_player(sync: &SyncPlan, trash: &str) {
    let altered = sync.writes.iter().filter(|write| write.why == WhyWritten::Altered);
    let tracks = altered.map(|write| write.replaces.as_ref().unwrap_or(&write.path));
    let changed: Vec<&String> = tracks.chain(&sync.playlists_edited).collect();
    name_some(&changed, &format!("changed on the player since, to {trash}"), |path| (*path).clone());
}

/// `3 files to write (1 new, 2 in place of older ones; about 12 MB, 3 GB free), 20 unchanged, 1 playlist`; what there is
/// none of is left out.
fn in_short(sync: &SyncPlan) -> String {
    if sync.is_empty() {
        let files = counted(sync.unchanged.len() as u64, "file", "files");
        return format!("nothing to change, {files} as they should be");
    }
    let comes: u64 = sync.writes.iter().map(|write| write.expected_bytes).sum();
    let written = match sync.writes.len() {
        0 => format!("no file to write ({} free)", size(sync.bytes_free)),
        files => format!(
            "{} to write ({}about {}, {} free)",
            counted(files as u64, "file", "files"),
            why_written(sync),
            size(comes.saturating_add(bytes_beside(sync))),
            size(sync.bytes_free)
        ),
    };
    let unchanged = format!("{} unchanged", sync.unchanged.len());
    let lists = sync.playlist_writes.len() as u64;
    let lists = (lists > 0).then(|| counted(lists, "playlist", "playlists"));
    [Some(written), Some(unchanged), lists].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Says what takes the place of something; nothing where all is new.
fn why_written(sync: &SyncPlan) -> String {
    let count = |why: WhyWritten| sync.writes.iter().filter(|write| write.why == why).count();
    let kinds = [
        (count(WhyWritten::New), "new", "new"),
        (count(WhyWritten::Changed), "in place of an older one", "in place of older ones"),
        (count(WhyWritten::Vanished), "that is gone from the player", "that are gone from the player"),
        (count(WhyWritten::Altered), "that was changed on the player", "that were changed on the player"),
    ];
    if kinds.iter().skip(1).all(|(files, ..)| *files == 0) {
        return String::new();
    }
    let kinds = kinds.iter().filter(|(files, ..)| *files > 0);
    let kinds: Vec<String> = kinds.map(|(files, one, many)| counted(*files as u64, one, many)).collect();
    format!("{}; ", kinds.join(", "))
}

fn no_room(sync: &SyncPlan) {
    let mut no_room: BTreeMap<WhyNoRoom, u64> = BTreeMap::new();
    sync.does_not_fit.iter().for_each(|one| *no_room.entry(one.why).or_default() += 1);
    for (why, files) in no_room {
        let kept_free = match why {
            WhyNoRoom::Full => {
                format!("; {} are kept free for its lists", size(sync.bytes_reserved))
            }
            _ => String::new(),
        };
        line(&format!("  {} will not fit: {}{kept_free}", counted(files, "file", "files"), why.words()));
    }
}

/// What the user can do about a full player by a word.
fn with_delete(sync: &SyncPlan) {
    let files = sync.does_not_fit.iter().filter(|one| one.with_delete).count() as u64;
    if files == 0 {
        return;
    }
    let them = counted(files, "file", "files");
    let later = sync.later_lists.len() as u64;
    let holds = match (later, sync.trash_bytes) {
        (0, 0) => "what is no longer wanted takes the room".to_owned(),
        (0, bytes) => format!("the player's trash holds {}", size(bytes)),
        (later, bytes) => {
            let trash = match bytes {
                0 => String::new(),
                bytes => format!("the player's trash holds {}, and ", size(bytes)),
            };
            let files = counted(later, "file on the player takes", "files on the player take");
            format!("{trash}{files} the room for lists that you name later")
        }
    };
    line(&format!("  {holds}: `--delete` makes room for {them}"));
    name_some(&sync.later_lists, "that would go for it", String::clone);
}

/// What else the user can do about a full player.
fn choose(sync: &SyncPlan) {
    if sync.does_not_fit.iter().any(|one| one.why == WhyNoRoom::Full) {
        line(
            "  What comes first is up to you: the lists that you name (`--list NAME`, once for each) go in that order. More fits with \
             a smaller `--preset`",
        );
    }
}

/// A profile may allow less than the one before, and nobody knows which tracks such a player leaves out.
fn beyond_shown(sync: &SyncPlan) {
    let Some(beyond) = &sync.beyond_shown else { return };
    let most = counted(beyond.most_tracks as u64, "track", "tracks");
    let more = counted(beyond.beyond as u64, "more lies on it", "more lie on it");
    line(&format!(
        "  This player shows at most {most}; {more}, and which it leaves out is up to it. Name fewer lists with \
         `--only --list NAME`, or take one out (`ferrotape library drop NAME`), and the rest is taken off"
    ));
    name_some(&beyond.least, "of ours on it that count least, the least important first", String::clone);
}

/// Files that were to be written anew.
fn kept_older(sync: &SyncPlan) {
    if sync.in_turn > 0 {
        let follow = counted(sync.in_turn as u64, "more file follows", "more files follow");
        line(&format!("  {follow}, in the room that smaller files give back"));
    }
    let how = match sync.kept_older.len().saturating_sub(sync.in_turn) {
        0 => return,
        1 => "1 file stays as an earlier run wrote it: there is no room to write it anew".to_owned(),
        files => {
            format!("{files} files stay as an earlier run wrote them: there is no room to write them anew")
        }
    };
    let begin = match sync.bytes_to_begin {
        0 => String::new(),
        bytes => {
            format!("; free {} more once, and smaller files take the places of larger ones", size(bytes))
        }
    };
    let trash = match sync.trash_bytes {
        bytes if bytes > 0 && sync.trash_removals.is_empty() => {
            format!("; the player's trash holds {}, and `--delete` makes room of it", size(bytes))
        }
        _ => String::new(),
    };
    line(&format!("  {how}{begin}{trash}"));
}

/// Lyrics may be inside any file, and are looked for when it is read.
fn beside(sync: &SyncPlan) {
    let count = |kind: CompanionKind, known: bool| {
        let these = sync.companions.iter().filter(|one| one.kind == kind);
        these.filter(|one| one.expected_bytes.is_some() == known).count() as u64
    };
    let kinds = [
        (count(CompanionKind::Picture, true), "picture of a folder", "pictures of folders"),
        (count(CompanionKind::Lyrics, true), "file of timed lyrics", "files of timed lyrics"),
    ];
    let kinds: Vec<String> = kinds
        .iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| counted(*count, one, many))
        .collect();
    if !kinds.is_empty() {
        let bytes = size(bytes_beside(sync));
        line(&format!("  {} to put beside tracks (about {bytes})", kinds.join(" and ")));
    }
    let unknown = count(CompanionKind::Lyrics, false);
    if unknown > 0 {
        let tracks = counted(unknown, "track", "tracks");
        line(&format!("  {tracks} may hold timed lyrics: that is seen when they are read"));
    }
}

fn bytes_beside(sync: &SyncPlan) -> u64 {
    sync.companions.iter().filter_map(|one| one.expected_bytes).sum()
}

/// The player's space now and then: `[#####++...]`. Nothing where it cannot be told how large it is.
fn space(sync: &SyncPlan) {
    const CELLS: u64 = 40;
    let Some(total) = Some(sync.bytes_total).filter(|total| *total > 0) else { return };
    let used = total.saturating_sub(sync.bytes_free);
    let comes: u64 = sync.writes.iter().map(|write| write.expected_bytes).sum();
    let comes = comes.saturating_add(bytes_beside(sync));
    let then = used.saturating_add(comes).saturating_sub(sync.bytes_freed).min(total);
    let cells =
        |bytes: u64| usize::try_from(u128::from(bytes) * u128::from(CELLS) / u128::from(total)).unwrap_or(0);
    let (now, later) = (cells(used), cells(then));
    let change = if later > now { "+" } else { "-" };
    let (kept, most) = (now.min(later), now.max(later));
    let bar = format!("{}{}", "#".repeat(kept), change.repeat(most - kept));
    let width = usize::try_from(CELLS).unwrap_or(0);
    line(&format!("  [{bar:.<width$}] {} of {} used now, {} then", size(used), size(total), size(then)));
}

/// What was adopted stays the user's, and is counted as that.
fn and_yours(adopted: usize) -> String {
    if adopted == 0 { String::new() } else { format!(" and {adopted} of yours") }
}

pub(crate) fn performed(performed: &Performed, plan: &ConversionPlan) {
    match &performed.receipt {
        Some(receipt)
            if performed.written() == 0
                && plan.sync.is_empty()
                && plan.sync.does_not_fit.is_empty()
                && plan.sync.kept_older.is_empty() =>
        {
            match (receipt.files_total, receipt.files_adopted) {
                (0, 0) => line("Nothing to put on the player, and nothing of ours is on it"),
                (files, adopted) => {
                    let mut files = counted(files as u64, "file", "files");
                    if adopted > 0 {
                        files = format!("{files} of ours{}", and_yours(adopted));
                    }
                    line(&format!("Nothing to change: {files} on the player, all as they should be"));
                }
            }
        }
        Some(receipt) => {
            let beside = match receipt.companions_written as u64 {
                0 => String::new(),
                files => format!("; {} beside tracks", counted(files, "file", "files")),
            };
            line(&format!(
                "Done: {}{beside}; {} removed; {} of ours{} on the player ({} written)",
                tracks_made(performed),
                receipt.files_removed + receipt.companions_removed,
                counted(receipt.files_total as u64, "file", "files"),
                and_yours(receipt.files_adopted),
                size(receipt.bytes_written),
            ));
        }
        None if performed.written() > 0 => line(&format!("So far: {}", tracks_made(performed))),
        None => {}
    }
    lists_of_others(&plan.sync);
    for folder in performed.receipt.iter().flat_map(|receipt| &receipt.unordered).take(NAMED) {
        let folder = if folder.is_empty() { "The top folder" } else { folder };
        line(&format!(
            "  {}: its files could not be put in the order in which the player plays them",
            plain(folder)
        ));
    }
    if plan.sync.reorders && performed.receipt.as_ref().is_some_and(|receipt| receipt.unordered.is_empty()) {
        line("  Its files are now in the order that the player plays them in.");
    }
    if performed.receipt.as_ref().is_some_and(|receipt| receipt.lost_a_write) {
        line(
            "Not all that was written reached the player's memory, which may be worn out or badly plugged in. Eject it, plug it \
             in anew and run the same command: it looks into what came last.",
        );
    }
    early_end(performed);
}

/// Why not all of it was done, and what to do.
fn early_end(performed: &Performed) {
    if performed.not_agreed_further {
        line(
            "What came stays. The further plan above was not agreed to, and nothing of it was done: the same command shows it again, and \
             --yes agrees in advance.",
        );
    }
    if performed.receipt.is_none() && performed.stopped != Some(Stopped::PlayerGone) {
        line(
            "The player is too full for the end of this run: its lists may not be up to date. Make some space on it and run the same \
             command again; it goes on from there.",
        );
    }
    match performed.stopped {
        Some(Stopped::ByUser) => line("Stopped as you asked; the same command goes on from here."),
        Some(Stopped::PlayerFull) if performed.receipt.is_none() => {}
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
        (performed.copied, if performed.copied == 1 { "copied as it was" } else { "copied as they were" }),
    ];
    let parts = parts.iter().filter(|(count, _)| *count > 0);
    let parts: Vec<String> = parts.map(|(count, how)| format!("{count} {how}")).collect();
    let sum = counted(performed.written() as u64, "track", "tracks");
    if parts.is_empty() { sum } else { format!("{sum}: {}", parts.join(", ")) }
}

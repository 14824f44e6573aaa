//! Puts right what a kill, a power cut or a pulled player left behind.
//!
//! A file in the journal is ours if its size and hash agree. One that does not agree was cut short by a power
//! cut: it is not believed, and goes to the trash so that its name is free again – unless ours is whole where it was made, and
//! so never came there: then it is the user's. One that is whole where it was made, and whose name is free or has only half of it,
//! gets that.

use std::collections::BTreeSet;

use crate::error::DeviceError;
use crate::journal::{self, Step};
use crate::manifest::{FileRecord, Manifest, PlaylistFile, PlaylistRecord};
use crate::names::clash_key;
use crate::on_the_way::{OnTheWay, are_of_other_times, is_whole, refuse_doubled};
use crate::publish::missing_on_the_way;
use crate::root::{Root, STAGING};
use crate::trash;

/// What opening a target put right after an interrupted run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recovery {
    /// Finished files that were taken over, by path.
    pub adopted: Vec<String>,
    /// Files cut short, which went to the trash, by path.
    pub distrusted: Vec<String>,
    /// Files that a run was putting in order when it was cut short, and whose places are taken or not known: where they lie in
    /// the trash.
    pub astray: Vec<String>,
    /// How many half-written files were swept away.
    pub swept: usize,
    /// Files of ours whose place was taken by an adopted one, to be deleted.
    leftovers: Vec<(String, u64, String)>,
    /// Finished files that never came to their places, which are free: where each was made, and what it is.
    unplaced: Vec<(String, FileRecord)>,
    /// Where files of ours were made whose names another file has: by them that one is known for another's, as long as the journal
    /// asks.
    proofs: BTreeSet<String>,
    /// Files cut short for which the trash has no room.
    in_the_way: BTreeSet<String>,
    /// Whether something waits for room: the journal stays then, and the next opening tries again.
    pub(crate) waits_for_room: bool,
}

/// Brings the manifest up to the journal, believing only what the disk confirms. Changes nothing on the disk.
pub(crate) fn adopt(root: &Root, manifest: &mut Manifest, steps: &[Step]) -> Result<Recovery, DeviceError> {
    let mut recovery = Recovery::default();
    // The latest word on a path or recording counts.
    let [mut doubtful, mut confirmed, mut settled, mut void]: [BTreeSet<String>; 4] = Default::default();
    for step in steps.iter().rev() {
        let on_the_way = OnTheWay::of(step).filter(|it| !void.contains(it.to));
        if let Some(it) = on_the_way.filter(|it| !confirmed.contains(it.from)) {
            must_be_at_one_place(root, manifest, it)?;
        }
        match step {
            Step::Folder { path } => {
                if root.metadata(path)?.is_some_and(|there| there.is_dir()) {
                    manifest.folders.insert(path.clone());
                }
            }
            Step::Void { path } => {
                void.insert(path.clone());
            }
            Step::File { record, from }
                if !void.contains(&record.path) && !confirmed.contains(&record.path) =>
            {
                if !is_whole(root, &record.path, record.bytes, &record.sum)? {
                    let cut = cut_short(root, step, &record.path, &mut recovery)?;
                    let is_free = is_free(root, manifest, &record.path, cut.is_some())?;
                    doubtful.extend(cut);
                    if is_free
                        && let Some(from) = waits_for_its_name(root, from.as_deref(), record)?
                        && !settled.contains(&record.identity)
                        && recovery.unplaced.iter().all(|(_, later)| later.identity != record.identity)
                    {
                        // Not settled: until it has its name, an earlier file of the recording stays, and on record.
                        recovery.unplaced.push((from.to_owned(), record.clone()));
                    }
                } else if settled.insert(record.identity.clone()) {
                    confirmed.insert(record.path.clone());
                    take_file(manifest, record, &mut recovery);
                } else {
                    // An earlier place of a recording that has moved on since.
                    confirmed.insert(record.path.clone());
                    recovery.leftovers.push((record.path.clone(), record.bytes, record.sum.clone()));
                }
            }
            Step::Playlist { record, .. } => {
                let Some(file) = record.file.as_ref() else { continue };
                if void.contains(&file.path) || confirmed.contains(&file.path) {
                    continue;
                }
                if !is_whole(root, &file.path, file.bytes, &file.sum)? {
                    doubtful.extend(cut_short(root, step, &file.path, &mut recovery)?);
                } else if settled.insert(format!("playlist {}", record.key)) {
                    confirmed.insert(file.path.clone());
                    take_playlist(manifest, record, file, &mut recovery);
                }
            }
            Step::Companion { record, .. } => {
                let known = void.contains(&record.path) || confirmed.contains(&record.path);
                let Some(file) = record.file.as_ref().filter(|_| !known) else { continue };
                if is_whole(root, &file.path, file.bytes, &file.sum)? {
                    confirmed.insert(file.path.clone());
                    forget_path(manifest, &file.path);
                    manifest.companions.insert(file.path.clone(), record.clone());
                } else {
                    doubtful.extend(cut_short(root, step, &file.path, &mut recovery)?);
                }
            }
            Step::File { .. } => {}
        }
    }
    distrust(root, manifest, doubtful.difference(&confirmed), &mut recovery)?;
    recovery.leftovers.retain(|(path, ..)| !recovery.adopted.contains(path));
    Ok(recovery)
}

/// Whether a name can be had: nothing has it, or half of the file itself, which goes to the trash before.
fn is_free(root: &Root, manifest: &Manifest, path: &str, is_half: bool) -> Result<bool, DeviceError> {
    Ok(root.look(path)?.is_none() || (is_half && !is_listed(root, manifest, path)?))
}

/// Files that are neither what the journal nor what the manifest says.
fn distrust<'p>(
    root: &Root,
    manifest: &mut Manifest,
    doubtful: impl Iterator<Item = &'p String>,
    recovery: &mut Recovery,
) -> Result<(), DeviceError> {
    for path in doubtful {
        if root.look(path)?.flatten().is_some() && !is_listed(root, manifest, path)? {
            forget_path(manifest, path);
            recovery.distrusted.push(path.clone());
        }
    }
    Ok(())
}

/// Fails where it is at both. What was about to take the place of a file of ours with the very same bytes is another file, and
/// was written later than that.
fn must_be_at_one_place(root: &Root, manifest: &Manifest, it: OnTheWay<'_>) -> Result<(), DeviceError> {
    let OnTheWay { from, to, .. } = it;
    match refuse_doubled(root, from, to) {
        Err(DeviceError::NeedsCheck { .. })
            if are_of_other_times(root, from, to)? && is_listed(root, manifest, to)? =>
        {
            Ok(())
        }
        looked => looked,
    }
}

/// The place of a file that is not whole there, unless another's lies in it.
fn cut_short(
    root: &Root,
    step: &Step,
    path: &str,
    recovery: &mut Recovery,
) -> Result<Option<String>, DeviceError> {
    if let Some(it) = OnTheWay::of(step)
        && it.is_anothers(root)?
    {
        recovery.proofs.insert(it.from.to_owned());
        return Ok(None);
    }
    Ok(Some(path.to_owned()))
}

/// Where a finished file was made, if it is whole there.
fn waits_for_its_name<'f>(
    root: &Root,
    from: Option<&'f str>,
    record: &FileRecord,
) -> Result<Option<&'f str>, DeviceError> {
    let made_here = |from: &&str| from.strip_prefix(STAGING).is_some_and(|rest| rest.starts_with('/'));
    let Some(from) = from.filter(made_here) else { return Ok(None) };
    Ok(is_whole(root, from, record.bytes, &record.sum)?.then_some(from))
}

/// Does on the disk what [`adopt`] found: finished files without names, leftovers, files cut short, the staging folder.
pub(crate) fn tidy(root: &Root, manifest: &mut Manifest, recovery: &mut Recovery) -> Result<(), DeviceError> {
    // First: on a full target that gives the room that the folders of the trash take.
    let unplaced = recovery.unplaced.iter().map(|(from, _)| from.clone());
    let waiting: BTreeSet<String> = unplaced.chain(recovery.proofs.iter().cloned()).collect();
    recovery.swept = sweep(root, &waiting)?;
    put_in_trash(root, recovery)?;
    let mut stay = place_finished(root, manifest, recovery)?;
    stay.extend(recovery.proofs.iter().cloned());
    for (path, bytes, hash) in std::mem::take(&mut recovery.leftovers) {
        // Where it shared its bytes with the new name, a check has emptied it.
        if root.look(&path)? == Some(Some(0)) || is_whole(root, &path, bytes, &hash)? {
            match root.remove_file(&path) {
                Err(error) if error.is_target_gone() || root.check_writable().is_err() => return Err(error),
                // It stays, on record: that one file cannot be removed is no reason to stop.
                Err(_) => manifest.leave_bytes_behind(&path, bytes, &hash),
                Ok(()) => {}
            }
        }
    }
    recovery.swept += sweep(root, &stay)?;
    Ok(())
}

/// Makes the names of files cut short free again.
fn put_in_trash(root: &Root, recovery: &mut Recovery) -> Result<(), DeviceError> {
    for path in std::mem::take(&mut recovery.distrusted) {
        match trash::put(root, &path) {
            // It lies there until there is room.
            Err(error) if error.is_no_space() => {
                recovery.waits_for_room = true;
                recovery.in_the_way.insert(path);
                continue;
            }
            // A device may not even give out half a file. It may also be the user's, or this computer's disk may be full:
            // it stays, is no longer ours, and what is wanted there gets another name.
            Err(DeviceError::Io { .. }) if root.device().is_some() => {}
            put => drop(put?),
        }
        recovery.distrusted.push(path);
    }
    Ok(())
}

/// As [`tidy`], for those who only look: finished files without names are found in their places, as a run will put them there.
pub(crate) fn foresee(root: &mut Root, manifest: &mut Manifest, recovery: &mut Recovery) {
    for (from, record) in std::mem::take(&mut recovery.unplaced) {
        // Of two that wait for one name the later one has it.
        if !recovery.adopted.contains(&record.path) {
            root.look_for_one_aside(record.path.clone(), from);
            take_file(manifest, &record, recovery);
        }
    }
}

/// Sweeps away what told whose a file is, once no journal asks: until then a kill, or a journal that has to stay, would have the
/// next opening take the user's file for half of ours.
pub(crate) fn sweep_proofs(root: &Root, recovery: &mut Recovery) -> Result<(), DeviceError> {
    if !recovery.proofs.is_empty() && journal::load(root)?.is_none() {
        recovery.swept += sweep(root, &BTreeSet::new())?;
    }
    Ok(())
}

/// Gives finished files their names: what each took the place of may be gone, and its source away. Gives where those lie that
/// could not have them now, and that the next opening tries again.
fn place_finished(
    root: &Root,
    manifest: &mut Manifest,
    recovery: &mut Recovery,
) -> Result<BTreeSet<String>, DeviceError> {
    let mut stay = BTreeSet::new();
    for (from, record) in std::mem::take(&mut recovery.unplaced) {
        match place_one(root, manifest, &from, &record.path) {
            Ok(()) => take_file(manifest, &record, recovery),
            Err(error) if error.is_target_gone() => return Err(error),
            // Somebody has a file there by now.
            Err(DeviceError::Occupied { .. }) if !recovery.in_the_way.contains(&record.path) => {}
            // A full target is not a worn one, of which a lost write is told.
            Err(error) if error.is_no_space() || matches!(error, DeviceError::Occupied { .. }) => {
                recovery.waits_for_room = true;
                stay.insert(from);
            }
            Err(_) => {
                root.note_lost_write();
                stay.insert(from);
            }
        }
    }
    Ok(stay)
}

fn place_one(root: &Root, manifest: &mut Manifest, from: &str, to: &str) -> Result<(), DeviceError> {
    for folder in missing_on_the_way(root, to)? {
        root.create_dir_all(&folder)?;
        manifest.folders.insert(folder);
    }
    root.rename_new(from, to)
}

fn take_file(manifest: &mut Manifest, record: &FileRecord, recovery: &mut Recovery) {
    if let Some(old) = manifest.files.get(&record.identity) {
        // Equal keys may be one and the same file on FAT.
        if clash_key(&old.path) != clash_key(&record.path) && !old.adopted {
            recovery.leftovers.push((old.path.clone(), old.bytes, old.sum.clone()));
        }
    }
    forget_path(manifest, &record.path);
    manifest.files.insert(record.identity.clone(), record.clone());
    recovery.adopted.push(record.path.clone());
}

fn take_playlist(
    manifest: &mut Manifest,
    record: &PlaylistRecord,
    file: &PlaylistFile,
    recovery: &mut Recovery,
) {
    if let Some(old) = manifest.playlists.get(&record.key).and_then(|list| list.file.as_ref())
        && clash_key(&old.path) != clash_key(&file.path)
    {
        recovery.leftovers.push((old.path.clone(), old.bytes, old.sum.clone()));
    }
    forget_path(manifest, &file.path);
    manifest.playlists.insert(record.key.clone(), record.clone());
    recovery.adopted.push(file.path.clone());
}

fn forget_path(manifest: &mut Manifest, path: &str) {
    manifest.companions.remove(path);
    manifest.files.retain(|_, record| record.path != path);
    for list in manifest.playlists.values_mut() {
        list.file.take_if(|file| file.path == path);
    }
}

/// Whether the file is what the manifest itself says: the step in the journal never came to pass then.
fn is_listed(root: &Root, manifest: &Manifest, path: &str) -> Result<bool, DeviceError> {
    let files = manifest.files.values().map(|record| (&record.path, record.bytes, &record.sum));
    let lists = manifest.playlists.values().filter_map(|list| list.file.as_ref());
    let lists = lists.map(|file| (&file.path, file.bytes, &file.sum));
    let beside = manifest.companions.values().filter_map(|companion| companion.file.as_ref());
    let beside = beside.map(|file| (&file.path, file.bytes, &file.sum));
    for (listed, bytes, hash) in files.chain(lists).chain(beside) {
        if listed == path && is_whole(root, path, bytes, hash)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn sweep(root: &Root, stay: &BTreeSet<String>) -> Result<usize, DeviceError> {
    if !root.metadata(STAGING)?.is_some_and(|there| there.is_dir()) {
        return Ok(0);
    }
    let mut swept = 0;
    let entries = root.dir().read_dir(STAGING).map_err(|error| root.fault(error, "read", STAGING))?;
    for entry in entries {
        let entry = entry.map_err(|error| root.fault(error, "read", STAGING))?;
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|name| name.ends_with(".tmp")) else { continue };
        let path = format!("{STAGING}/{name}");
        if !stay.contains(&path) {
            root.remove_file(&path)?;
            swept += 1;
        }
    }
    Ok(swept)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sums::sum_of;

    fn record(path: &str, bytes: &[u8]) -> FileRecord {
        FileRecord {
            identity: "a".to_owned(),
            recipe: String::new(),
            path: path.to_owned(),
            bytes: bytes.len() as u64,
            sum: sum_of(bytes),
            label: String::new(),
            seconds: None,
            adopted: false,
            sound: String::new(),
        }
    }

    #[test]
    fn an_earlier_file_stays_where_the_later_one_cannot_have_its_name() {
        for is_blocked in [true, false] {
            let folder = tempfile::tempdir().unwrap();
            let root = Root::open(folder.path()).unwrap();
            let (staged, earlier, later) = (format!("{STAGING}/000000.tmp"), "Music/a.mp3", "Music/b/a.mp3");
            root.create_dir_all(STAGING).unwrap();
            root.create_dir_all("Music").unwrap();
            root.write_unsynced(&staged, b"later").unwrap();
            root.write_unsynced(earlier, b"earlier").unwrap();
            if is_blocked {
                root.write_unsynced("Music/b", b"the user's").unwrap();
            }
            let steps = [
                Step::File { record: record(earlier, b"earlier"), from: None },
                Step::File { record: record(later, b"later"), from: Some(staged) },
            ];
            let mut manifest = Manifest::default();
            let mut recovery = adopt(&root, &mut manifest, &steps).unwrap();
            tidy(&root, &mut manifest, &mut recovery).unwrap();
            let place = if is_blocked { earlier } else { later };
            assert_eq!(manifest.files["a"].path, place);
            assert_eq!(root.look(earlier).unwrap().is_some(), is_blocked);
            assert_eq!(root.look(later).unwrap().is_some(), !is_blocked);
        }
    }

    #[test]
    fn whose_a_file_is_can_be_told_as_long_as_the_journal_asks() {
        let folder = tempfile::tempdir().unwrap();
        let root = Root::open(folder.path()).unwrap();
        let (staged, place) = (format!("{STAGING}/000000.tmp"), "Music/a.mp3");
        root.create_dir_all(STAGING).unwrap();
        root.create_dir_all("Music").unwrap();
        root.write_unsynced(&staged, b"ours").unwrap();
        root.write_unsynced(place, b"the user's").unwrap();
        let steps = [Step::File { record: record(place, b"ours"), from: Some(staged.clone()) }];
        // The second opening finds the same journal: a kill came before it was gone.
        for _ in 0..2 {
            let mut manifest = Manifest::default();
            let mut recovery = adopt(&root, &mut manifest, &steps).unwrap();
            tidy(&root, &mut manifest, &mut recovery).unwrap();
            assert_eq!((recovery.distrusted.len(), recovery.swept), (0, 0));
            assert_eq!(std::fs::read(folder.path().join(place)).unwrap(), b"the user's");
        }
        let mut recovery = adopt(&root, &mut Manifest::default(), &steps).unwrap();
        sweep_proofs(&root, &mut recovery).unwrap();
        assert_eq!((recovery.swept, root.look(&staged).unwrap()), (1, None), "no journal is there");
    }
}

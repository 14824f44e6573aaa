//! Puts right what a kill, a power cut or a pulled player left behind.
//!
//! A file in the journal is ours if its size and hash agree. One that does not agree was cut short by a power
//! cut: it is not believed, and goes to the trash so that its name is free again – unless ours is whole where it was made, and
//! so never came there: then it is the user's. One that is whole where it was made, and whose name is free or has only half of it,
//! gets that.

use std::collections::BTreeSet;

use crate::error::DeviceError;
use crate::manifest::{FileRecord, Manifest, PlaylistFile, PlaylistRecord};
use crate::names::clash_key;
use crate::on_the_way::is_whole;
use crate::root::Root;
pub(crate) use reading::adopt;
pub(crate) use tidying::{foresee, sweep_proofs, tidy};

mod reading;
mod tidying;

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::Step;
    use crate::root::STAGING;
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

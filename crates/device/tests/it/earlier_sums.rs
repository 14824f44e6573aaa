//! A player that an earlier version filled: its list tells each file's bytes by another sum.

use std::fs;
use std::path::Path;

use ferrotape_device::{Profile, Target};
use ferrotape_domain::{Cancel, Silent};

use crate::support::{open, put, small_library, sum_of, sync, trashed, visible};

/// Has the list tell everything as version 2 did.
fn as_of_version_2(root: &Path) {
    told_as_then(root, "manifest.json");
}

/// Has a file of ours tell of all that is there as version 2 did.
fn told_as_then(root: &Path, name: &str) {
    let place = root.join(".ferrotape").join(name);
    let mut list = fs::read_to_string(&place).unwrap().replace("\"version\":3", "\"version\":2");
    for path in visible(root) {
        let bytes = fs::read(root.join(path)).unwrap();
        let (now, then) = (sum_of(&bytes), blake3::hash(&bytes).to_hex());
        assert!(list.contains(&now), "{now} in {list}");
        list = list.replace(&format!("\"sum\":\"{now}\""), &format!("\"blake3\":\"{then}\""));
    }
    assert!(!list.contains("\"sum\""), "{list}");
    fs::write(place, list).unwrap();
}

fn differing(root: &Path) -> Vec<String> {
    let target = Target::preview(root, Profile::generic()).unwrap();
    target.verify(true, &Silent, &Cancel::default()).unwrap()
}

#[test]
fn what_an_earlier_version_put_there_is_known_and_stays() {
    let root = tempfile::tempdir().unwrap();
    let library = small_library();
    sync(root.path(), &library);
    let before = visible(root.path());
    as_of_version_2(root.path());
    assert_eq!(differing(root.path()), [""; 0]);
    let (plan, receipt) = sync(root.path(), &library);
    assert_eq!((plan.writes.len(), plan.removals.len(), receipt.files_written), (0, 0, 0), "{plan:?}");
    assert_eq!((plan.playlist_writes.len(), receipt.playlists_written), (0, 0), "{plan:?}");
    assert_eq!(visible(root.path()), before);
    assert_eq!(trashed(&open(root.path())), [""; 0]);
    assert_eq!(differing(root.path()), [""; 0]);
    assert!(sync(root.path(), &library).0.is_empty());
}

#[test]
fn a_list_that_was_put_in_another_order_since_stays_so() {
    let root = tempfile::tempdir().unwrap();
    let library = small_library();
    sync(root.path(), &library);
    as_of_version_2(root.path());
    let walk = root.path().join("Playlists/Walk.m3u8");
    let text = fs::read_to_string(&walk).unwrap();
    let lines: Vec<&str> = text.split_inclusive('\n').rev().collect();
    let edited = lines.concat();
    assert!(edited.len() == text.len() && edited != text, "{edited}");
    fs::write(&walk, &edited).unwrap();
    // The first run says all by sums of now, the second looks at those.
    for _ in 0..2 {
        let (plan, receipt) = sync(root.path(), &library);
        assert_eq!((plan.playlist_writes.len(), receipt.playlists_written), (0, 0), "{plan:?}");
        assert_eq!(fs::read_to_string(&walk).unwrap(), edited);
    }
    assert_eq!(trashed(&open(root.path())), [""; 0]);
    let told = differing(root.path());
    assert!(told.len() == 1 && told[0].contains("Walk.m3u8 has other bytes"), "{told:?}");
}

#[test]
fn what_was_changed_since_an_earlier_version_put_it_there_is_told() {
    let root = tempfile::tempdir().unwrap();
    sync(root.path(), &small_library());
    as_of_version_2(root.path());
    let gull = root.path().join("Music/Nordlys/Harbour/01 - Gull.mp3");
    let mut bytes = fs::read(&gull).unwrap();
    bytes[100] ^= 1;
    fs::write(&gull, &bytes).unwrap();
    let told = differing(root.path());
    assert!(told.len() == 1 && told[0].contains("01 - Gull.mp3 has other bytes"), "{told:?}");
}

#[test]
fn what_an_earlier_version_put_there_is_known_by_its_journal() {
    let root = tempfile::tempdir().unwrap();
    let library = small_library();
    let target = open(root.path());
    let plan = target.plan(&library).unwrap();
    plan.writes.iter().take(2).for_each(|write| put(&target, write).unwrap());
    drop(target);
    // A kill: there is no list yet.
    for name in ["journal", "journal.copy"] {
        told_as_then(root.path(), name);
    }
    let target = open(root.path());
    let recovery = target.recovery();
    assert_eq!((recovery.adopted.len(), recovery.distrusted.len()), (2, 0), "{recovery:?}");
    let plan = target.plan(&library).unwrap();
    assert_eq!((plan.unchanged.len(), plan.writes.len()), (2, 2), "{plan:?}");
    drop(target);
    assert_eq!(differing(root.path()), [""; 0]);
}

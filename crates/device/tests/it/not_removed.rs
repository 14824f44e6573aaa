//! What cannot be removed stays, on record, and stops nothing.
#![cfg(unix)]

use std::fs;

use ferrotape_device::{Desired, Profile, Target};

use crate::recovery::{contents, undisturbed};
use crate::support::{open, perform, put, small_library, sync};

fn without_ash_and_oak() -> Desired {
    let mut library = small_library();
    library.playlists[1].entries = vec![1];
    library.tracks.truncate(2);
    library
}

#[test]
fn an_old_file_that_could_not_be_removed_goes_with_the_next_run() {
    let root = tempfile::tempdir().unwrap();
    let mut library = small_library();
    sync(root.path(), &library);
    library.tracks[0].recipe = "new".to_owned();
    library.tracks[0].tags.album = Some("Harbours".to_owned());
    let target = open(root.path());
    let plan = target.plan(&library).unwrap();
    let (folder, aside) = (root.path().join("Music/Nordlys/Harbour"), root.path().join("aside"));
    fs::rename(&folder, &aside).unwrap();
    std::os::unix::fs::symlink("Harbour", &folder).unwrap();
    assert!(put(&target, &plan.writes[0]).is_err(), "the way to the old file leads in circles");
    fs::remove_file(&folder).unwrap();
    fs::rename(&aside, &folder).unwrap();
    target.finish(&plan).unwrap();
    drop(target);
    assert!(folder.join("01 - Gull.mp3").exists());
    let (plan, _) = sync(root.path(), &library);
    assert_eq!((plan.removals.len(), plan.writes.len()), (1, 0));
    assert!(!folder.join("01 - Gull.mp3").exists());
    assert_eq!(contents(root.path()), undisturbed(&library));
}

#[test]
fn a_file_that_cannot_be_removed_stays_and_the_run_goes_on() {
    let root = tempfile::tempdir().unwrap();
    sync(root.path(), &small_library());
    let library = without_ash_and_oak();
    let target = open(root.path());
    let plan = target.plan(&library).unwrap();
    let (folder, aside) = (root.path().join("Music/Ada Fjell/Woods"), root.path().join("aside"));
    fs::rename(&folder, &aside).unwrap();
    std::os::unix::fs::symlink("Woods", &folder).unwrap();
    let receipt = perform(&target, &plan);
    fs::remove_file(&folder).unwrap();
    fs::rename(&aside, &folder).unwrap();
    assert_eq!((receipt.files_removed, receipt.playlists_written, receipt.files_total), (1, 1, 3));
    let stays: Vec<&str> = receipt.not_removed.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(stays, ["Music/Ada Fjell/Woods/07 - Oak.mp3"]);
    drop(target);
    let (plan, receipt) = sync(root.path(), &library);
    assert_eq!((plan.removals.len(), receipt.files_total), (1, 2));
    assert!(receipt.not_removed.is_empty() && !folder.exists());
}

#[test]
fn the_trash_leaves_the_lists_their_room() {
    let root = tempfile::tempdir().unwrap();
    sync(root.path(), &small_library());
    let library = without_ash_and_oak();
    let target = open(root.path());
    let mut plan = target.plan(&library).unwrap();
    plan.bytes_for_its_end = u64::MAX;
    let receipt = perform(&target, &plan);
    assert_eq!((receipt.files_removed, receipt.playlists_written, receipt.files_total), (0, 1, 4));
    let (stays, why): (Vec<_>, Vec<_>) = receipt.not_removed.into_iter().unzip();
    assert_eq!(stays, plan.removals.iter().map(|removal| removal.path.clone()).collect::<Vec<_>>());
    assert!(why.iter().all(|why| why.contains("no space left")), "{why:?}");
    assert!(!root.path().join(".ferrotape/trash").exists(), "a folder would take room");
    drop(target);
    let (plan, receipt) = sync(root.path(), &library);
    assert_eq!((plan.removals.len(), receipt.files_removed, receipt.files_total), (2, 2, 2));
}

#[test]
fn an_old_playlist_that_cannot_be_removed_stays_and_the_run_goes_on() {
    let root = tempfile::tempdir().unwrap();
    let library = small_library();
    sync(root.path(), &library);
    let mut profile = Profile::generic();
    profile.folders.playlists = "Lists".to_owned();
    let target = Target::open(root.path(), profile.clone()).unwrap();
    let plan = target.plan(&library).unwrap();
    let (folder, aside) = (root.path().join("Playlists"), root.path().join("aside"));
    fs::rename(&folder, &aside).unwrap();
    std::os::unix::fs::symlink("Playlists", &folder).unwrap();
    let receipt = perform(&target, &plan);
    assert_eq!((receipt.playlists_written, receipt.not_removed.len()), (2, 2));
    drop(target);
    fs::remove_file(&folder).unwrap();
    fs::rename(&aside, &folder).unwrap();
    let target = Target::open(root.path(), profile).unwrap();
    let plan = target.plan(&library).unwrap();
    assert_eq!(plan.removals.len(), 2);
    perform(&target, &plan);
    assert!(!folder.exists());
}

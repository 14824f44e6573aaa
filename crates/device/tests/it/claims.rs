//! A run that is cut short: what its files are there for is known all the same.

use ferrotape_device::Desired;

use crate::recovery::{contents, undisturbed};
use crate::support::{open, playlist, put, small_library, sync, track, visible};

/// What the files are there for is not on record at the end of a run only.
#[test]
fn what_a_killed_run_put_there_stays_for_its_lists() {
    let root = tempfile::tempdir().unwrap();
    let mut library = small_library();
    library.keep_other_playlists = true;
    library.wanted = [("gull".to_owned(), vec![0])].into();
    let target = open(root.path());
    let plan = target.plan(&library).unwrap();
    target.begin(&plan);
    assert!(!root.path().join(".ferrotape/manifest.json").exists(), "nothing has come yet");
    plan.writes.iter().take(2).for_each(|write| put(&target, write).unwrap());
    drop(target);

    assert_eq!(open(root.path()).answering("gull").len(), 1);
    let other = Desired {
        tracks: vec![track("id-elm", "Ada Fjell", "", 0, "Elm")],
        playlists: vec![playlist("p3", "Other", &[0])],
        keep_other_playlists: true,
        ..Desired::default()
    };
    let (plan, receipt) = sync(root.path(), &other);
    assert_eq!((plan.removals.len(), receipt.files_total), (0, 3));
    assert_eq!(open(root.path()).answering("gull").len(), 1);

    assert_eq!(sync(root.path(), &library).1.files_total, 5);
    let there = contents(root.path());
    assert!(undisturbed(&library).iter().all(|file| there.contains(file)), "{:?}", visible(root.path()));
}

#[test]
fn a_killed_run_leaves_the_files_of_its_lists_and_what_they_held_before() {
    let root = tempfile::tempdir().unwrap();
    let mut library = small_library();
    library.keep_other_playlists = true;
    sync(root.path(), &library);
    // The walk is without the oak now, and one track longer.
    library.tracks.push(track("id-elm", "Ada Fjell", "Woods", 8, "Elm"));
    library.tracks.swap_remove(3);
    library.playlists[1].entries = vec![2, 3];
    let target = open(root.path());
    let plan = target.plan(&library).unwrap();
    assert_eq!((plan.writes.len(), plan.removals.len()), (1, 1));
    target.begin(&plan);
    put(&target, &plan.writes[0]).unwrap();
    drop(target);

    let nothing = Desired { keep_other_playlists: true, ..Desired::default() };
    let (plan, receipt) = sync(root.path(), &nothing);
    assert_eq!((plan.removals.len(), receipt.files_total), (0, 5), "the oak waits for the end of that run");
    sync(root.path(), &library);
    assert_eq!(contents(root.path()), undisturbed(&library));
}

//! Files beside tracks: their room, and what a run that is cut short does with them.

use std::path::Path;

use ferrotape_device::{
    CompanionKind, Desired, DesiredCompanion, DeviceError, Profile, SyncPlan, Target, WhyRemoved,
};

use crate::support::{perform, publish, small_library, visible};

fn rockbox() -> Profile {
    let mut profile = Profile::generic();
    profile.lyrics.lrc = true;
    profile.cover.file = "cover.jpg".to_owned();
    profile
}

/// The small library; the first track brings lyrics, the first two the picture of their folder.
fn with_companions(bytes: u64) -> Desired {
    let one = |track, kind| DesiredCompanion {
        track,
        kind,
        made_from: "v1".to_owned(),
        expected_bytes: Some(bytes),
    };
    let companions =
        vec![one(0, CompanionKind::Lyrics), one(0, CompanionKind::Picture), one(1, CompanionKind::Picture)];
    Desired { companions, ..small_library() }
}

fn fill(root: &Path, desired: &Desired) -> SyncPlan {
    let target = Target::open(root, rockbox()).unwrap();
    let plan = target.plan(desired).unwrap();
    plan.writes.iter().for_each(|write| publish(&target, write).unwrap());
    let made: Vec<_> = plan.companions.iter().map(|one| (one, Some(b"beside".to_vec()))).collect();
    target.put_companions(&made).unwrap();
    target.finish(&plan).unwrap();
    plan
}

#[test]
fn a_run_that_is_cut_short_leaves_what_lies_beside_tracks() {
    let root = tempfile::tempdir().unwrap();
    fill(root.path(), &with_companions(10));
    let there = visible(root.path());
    let (lyrics, picture) = ("Music/Nordlys/Harbour/01 - Gull.lrc", "Music/Nordlys/Harbour/cover.jpg");
    assert!([lyrics, picture].iter().all(|path| there.contains(&(*path).to_owned())), "{there:?}");

    let target = Target::open(root.path(), rockbox()).unwrap();
    let nothing = Desired { delete_for_good: true, ..Desired::default() };
    let plan = target.plan(&nothing).unwrap();
    assert_eq!((plan.removals.len(), plan.companion_removals.len()), (4, 2));
    assert!(plan.removals.is_sorted_by_key(|removal| removal.path.clone()), "{:?}", plan.removals);
    assert!(plan.removals.iter().all(|removal| removal.why == WhyRemoved::NotWanted));
    target.finish_early(&plan).unwrap();
    let left = visible(root.path());
    assert!([lyrics, picture].iter().all(|path| left.contains(&(*path).to_owned())), "{left:?}");
    drop(target);

    let target = Target::open(root.path(), rockbox()).unwrap();
    let plan = target.plan(&nothing).unwrap();
    let receipt = perform(&target, &plan);
    assert_eq!(receipt.companions_removed, 2);
    assert_eq!(visible(root.path()), [""; 0]);
}

#[cfg(unix)]
#[test]
fn what_lies_beside_tracks_leaves_the_lists_their_room() {
    let root = tempfile::tempdir().unwrap();
    let target = Target::open(root.path(), rockbox()).unwrap();
    let mut plan = target.plan(&with_companions(10)).unwrap();
    plan.writes.iter().for_each(|write| publish(&target, write).unwrap());
    let made: Vec<_> = plan.companions.iter().map(|one| (one, Some(b"beside".to_vec()))).collect();
    plan.bytes_for_its_end = u64::MAX;
    target.begin(&plan);
    let refused = target.put_companions(&made);
    assert!(matches!(refused, Err(DeviceError::NoSpace { .. })), "{refused:?}");
    plan.bytes_for_its_end = 0;
    target.begin(&plan);
    target.put_companions(&made).unwrap();
    assert_eq!(target.finish(&plan).unwrap().companions_written, 2);
}

#[test]
fn room_is_counted_for_what_lies_beside_tracks() {
    let fitting = |bytes: u64| {
        let root = tempfile::tempdir().unwrap();
        let mut profile = rockbox();
        // Tracks count as whole blocks of the disk.
        profile.copy.max_bytes = 8 * 65_536;
        let mut desired = with_companions(bytes);
        desired.tracks.iter_mut().for_each(|track| track.expected_bytes = 65_536);
        let plan = Target::open(root.path(), profile).unwrap().plan(&desired).unwrap();
        (plan.writes.len(), plan.bytes_needed)
    };
    let (alone, needed) = fitting(0);
    // Music, two artists and two albums take a block each, and nothing of the limit.
    let folders = needed - 4 * 65_536;
    assert_eq!((alone, folders % 5), (4, 0));
    assert!((5 * 512..65_536 * 5).contains(&folders), "{folders}");
    // The picture once, although two tracks could bring it.
    assert_eq!(fitting(2 * 65_536), (4, 8 * 65_536 + folders));
    let (with_more, needed) = fitting(3 * 65_536);
    assert!(with_more < 4 && needed > 8 * 65_536 + folders, "{with_more} {needed}");
}

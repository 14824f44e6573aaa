//! What a plan says of room, and what it does where there is too little.

use std::path::Path;

use ferrotape_device::{Desired, Profile, SyncPlan, Target};

use crate::support::{perform, small_library};

/// More than any disk has.
const ENDLESS: u64 = 1 << 60;

/// The usual profile, but files may be of any size.
fn profile() -> Profile {
    let mut profile = Profile::generic();
    profile.copy.max_file_bytes = u64::MAX;
    profile
}

fn plan(root: &Path, desired: &Desired) -> SyncPlan {
    Target::open(root, profile()).unwrap().plan(desired).unwrap()
}

fn fill(root: &Path, desired: &Desired) -> SyncPlan {
    let target = Target::open(root, profile()).unwrap();
    let plan = target.plan(desired).unwrap();
    perform(&target, &plan);
    plan
}

#[test]
fn what_is_not_written_gives_no_room_back() {
    let root = tempfile::tempdir().unwrap();
    let mut library = small_library();
    fill(root.path(), &library);
    for track in &mut library.tracks {
        track.recipe = "louder".to_owned();
    }
    assert!(plan(root.path(), &library).bytes_freed > 0, "each takes the place of an older one");
    for track in &mut library.tracks {
        track.expected_bytes = ENDLESS;
    }
    let refused = plan(root.path(), &library);
    assert_eq!((refused.writes.len(), refused.bytes_freed), (0, 0));
}

//! What a plan says of room, and what it does where there is too little.

use std::path::Path;

use ferrotape_device::{Desired, Profile, SyncPlan, Target};

use crate::support::{perform, small_library, visible};

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

#[test]
fn what_finds_no_room_to_be_written_anew_stays_as_it_is() {
    let root = tempfile::tempdir().unwrap();
    let mut library = small_library();
    fill(root.path(), &library);
    let before = visible(root.path());
    for track in &mut library.tracks {
        track.recipe = "louder".to_owned();
        track.expected_bytes = ENDLESS;
    }
    let plan = fill(root.path(), &library);
    assert!(plan.is_empty() && plan.does_not_fit.is_empty(), "{plan:?}");
    let mut kept: Vec<&str> = plan.kept_older.iter().map(|file| file.path.as_str()).collect();
    kept.sort_unstable();
    let tracks: Vec<&String> = before.iter().filter(|path| path.starts_with("Music/")).collect();
    assert_eq!(kept, tracks);
    assert_eq!(visible(root.path()), before);
    // One that something else changed is not what an earlier run wrote.
    std::fs::write(root.path().join("Music/Ada Fjell/Ash.mp3"), "cut").unwrap();
    let plan = self::plan(root.path(), &library);
    assert_eq!((plan.does_not_fit.len(), plan.kept_older.len()), (1, 3), "{plan:?}");
}

#[test]
fn smaller_files_take_the_places_of_larger_ones_in_turn() {
    const LARGE: u64 = 1 << 40;
    let root = tempfile::tempdir().unwrap();
    let mut library = small_library();
    let target = Target::open(root.path(), profile()).unwrap();
    let first = target.plan(&library).unwrap();
    for write in &first.writes {
        let staged = target.stage(write).unwrap();
        // Nothing but a hole: it takes no room on the disk.
        staged.file().set_len(LARGE).unwrap();
        target.publish(staged, write, LARGE, &"00".repeat(32)).unwrap();
    }
    target.finish(&first).unwrap();
    drop(target);
    for track in &mut library.tracks {
        track.recipe = "smaller".to_owned();
        track.expected_bytes = LARGE / 2;
    }
    let stuck = plan(root.path(), &library);
    assert_eq!((stuck.writes.len(), stuck.kept_older.len(), stuck.in_turn), (0, 4, 0), "{stuck:?}");
    assert!(stuck.bytes_to_begin > 0 && stuck.bytes_to_begin < LARGE, "{stuck:?}");
    // The least important of them is the smallest.
    library.tracks[3].expected_bytes = 2_000;
    let begun = plan(root.path(), &library);
    assert_eq!((begun.writes.len(), begun.writes[0].track), (1, 3), "{begun:?}");
    assert_eq!((begun.kept_older.len(), begun.in_turn, begun.bytes_to_begin), (3, 3, 0), "{begun:?}");
}

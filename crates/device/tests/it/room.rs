//! What a plan says of room, and what it does where there is too little.

use std::path::Path;

use ferrotape_device::{Desired, DesiredTrack, Profile, SyncPlan, Target};

use crate::support::{perform, playlist, small_library, track, visible};

/// More than any disk has.
const ENDLESS: u64 = 1 << 60;
/// More than is free on the disk of whoever runs this.
const LARGE: u64 = 1 << 40;

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

/// Fills it with files that claim to be large, and are nothing but a hole: they take no room on the disk.
fn fill_with_large(root: &Path, desired: &Desired) {
    fill_with(root, desired, LARGE);
}

fn fill_with(root: &Path, desired: &Desired, bytes: u64) {
    let target = Target::open(root, profile()).unwrap();
    let plan = target.plan(desired).unwrap();
    for write in &plan.writes {
        let staged = target.stage(write).unwrap();
        staged.file().set_len(bytes).unwrap();
        target.publish(staged, write, bytes, &"00".repeat(32)).unwrap();
    }
    target.finish(&plan).unwrap();
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
    let root = tempfile::tempdir().unwrap();
    let mut library = small_library();
    fill_with_large(root.path(), &library);
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

/// Two tracks that are larger than what is free, on a list of their own.
fn other_library() -> Desired {
    let mut tracks =
        vec![track("id-eel", "Bo Vik", "Tides", 1, "Eel"), track("id-elm", "Bo Vik", "Tides", 2, "Elm")];
    tracks.iter_mut().for_each(|track| track.expected_bytes = LARGE / 2);
    Desired { tracks, playlists: vec![playlist("p3", "Other", &[0, 1])], ..Desired::default() }
}

#[test]
fn what_is_no_longer_wanted_stays_while_nothing_comes_for_it() {
    let root = tempfile::tempdir().unwrap();
    fill_with_large(root.path(), &small_library());
    let before = visible(root.path());
    let other = other_library();
    let stuck = fill(root.path(), &other);
    assert_eq!(
        (stuck.writes.len(), stuck.removals.len(), stuck.stays_unwanted.len()),
        (0, 0, 4),
        "{stuck:?}"
    );
    assert!(stuck.is_empty() && stuck.does_not_fit.iter().all(|one| one.with_delete), "{stuck:?}");
    assert_eq!(visible(root.path()), before, "with their lists");
    let with_delete = plan(root.path(), &Desired { delete_for_good: true, ..other.clone() });
    assert_eq!((with_delete.writes.len(), with_delete.removals.len()), (2, 4), "{with_delete:?}");
    assert!(with_delete.remove_first && with_delete.stays_unwanted.is_empty());

    // One that was the answer to something wanted, and is not any more, goes.
    let mut answered = small_library();
    answered.wanted.insert("ash".to_owned(), vec![2]);
    fill(root.path(), &answered);
    let mut refused = other_library();
    refused.wanted.insert("ash".to_owned(), Vec::new());
    let plan = self::plan(root.path(), &refused);
    let going: Vec<&str> = plan.removals.iter().map(|removal| removal.identity.as_str()).collect();
    assert_eq!((going, plan.stays_unwanted.len()), (vec!["id-ash"], 3));
}

#[test]
fn told_so_the_trash_is_emptied_as_far_as_room_is_short() {
    let root = tempfile::tempdir().unwrap();
    fill(root.path(), &small_library());
    let days = ["2026-01-01", "2026-02-01"].map(|day| format!(".ferrotape/trash/{day}/Music/old.mp3"));
    for path in &days {
        let path = root.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::File::create(path).unwrap().set_len(LARGE).unwrap();
    }
    let mut library = small_library();
    library.tracks.push(other_library().tracks.swap_remove(0));
    library.playlists[0].entries.push(4);
    let stuck = plan(root.path(), &library);
    assert_eq!((stuck.does_not_fit.len(), stuck.trash_removals.len()), (1, 0), "{stuck:?}");
    assert!(stuck.does_not_fit[0].with_delete && stuck.trash_bytes >= 2 * LARGE, "{stuck:?}");

    library.delete_for_good = true;
    let target = Target::open(root.path(), profile()).unwrap();
    let plan = target.plan(&library).unwrap();
    let chosen: Vec<&String> = plan.trash_removals.iter().map(|file| &file.path).collect();
    assert_eq!((plan.writes.len(), chosen), (1, vec![&days[0]]), "the oldest, and no more than is needed");
    assert!(plan.bytes_freed >= LARGE);
    target.remove_from_trash(&plan.trash_removals).unwrap();
    assert!(!root.path().join(".ferrotape/trash/2026-01-01").exists());
    assert!(root.path().join(&days[1]).exists());
}

/// What is full, with a better file of one track, and whether another is wanted still.
fn with_a_better_gull(bytes: u64, wants_oak: bool) -> Desired {
    let mut library = small_library();
    if !wants_oak {
        library.tracks.truncate(3);
    }
    let better = track("id-gull-flac", "Nordlys", "Harbour", 1, "Gull");
    let better = DesiredTrack { expected_bytes: bytes, ..better };
    let old = std::mem::replace(&mut library.tracks[0], better);
    let at = library.tracks.len();
    library.tracks.push(DesiredTrack { can_be_made: false, recipe: String::new(), ..old });
    library.playlists = vec![playlist("p1", "Evening", &[1, 0, at]), playlist("p2", "Walk", &[2, 0, at])];
    library.gives_way.insert("id-gull".to_owned(), vec![0]);
    library.delete_for_good = true;
    library
}

#[test]
fn what_gives_way_is_not_deleted_beforehand_for_the_room_of_what_takes_its_place() {
    let root = tempfile::tempdir().unwrap();
    fill_with_large(root.path(), &small_library());
    let stuck = plan(root.path(), &with_a_better_gull(LARGE / 2, true));
    assert_eq!((stuck.writes.len(), stuck.removals.len(), stuck.does_not_fit.len()), (0, 0, 1), "{stuck:?}");
    assert!(!stuck.remove_first && stuck.unchanged.iter().any(|file| file.identity == "id-gull"));

    // What nothing wants any more makes room for it; the old one stays until it is there.
    let plan = plan(root.path(), &with_a_better_gull(LARGE / 2, false));
    assert_eq!((plan.writes.len(), plan.removals.len(), plan.remove_first), (1, 2, true), "{plan:?}");
    let coming: std::collections::HashSet<usize> = [plan.writes[0].track].into();
    let early: Vec<&str> = plan
        .removals
        .iter()
        .filter(|removal| plan.goes_early(removal, &coming))
        .map(|removal| removal.identity.as_str())
        .collect();
    assert_eq!(early, ["id-oak"]);
}

#[test]
fn better_files_take_the_places_of_others_one_after_the_other() {
    let root = tempfile::tempdir().unwrap();
    fill_with_large(root.path(), &small_library());
    let free = Target::open(root.path(), profile()).unwrap().bytes_free().unwrap();
    // There is room for one beside the old ones, and each gives back more.
    let mut library = with_a_better_gull(free / 3 * 2, true);
    let better = track("id-tide-flac", "Nordlys", "Harbour", 2, "Tide");
    let better = DesiredTrack { expected_bytes: free / 3 * 2, ..better };
    let old = std::mem::replace(&mut library.tracks[1], better);
    library.tracks.push(DesiredTrack { can_be_made: false, recipe: String::new(), ..old });
    library.playlists[0].entries.push(5);
    library.gives_way.insert("id-tide".to_owned(), vec![1]);
    let plan = plan(root.path(), &library);
    assert_eq!((plan.writes.len(), plan.removals.len(), plan.remove_first), (2, 2, false), "{plan:?}");
    assert!(plan.writes.iter().all(|write| write.displaces.is_some()), "{plan:?}");
}

#[test]
fn an_earlier_list_goes_before_what_is_worth_more_where_their_order_counts() {
    let root = tempfile::tempdir().unwrap();
    let free = Target::open(root.path(), profile()).unwrap().bytes_free().unwrap();
    let mut library = small_library();
    library.tracks.truncate(2);
    library.tracks.iter_mut().for_each(|track| track.expected_bytes = free / 3 * 2);
    library.tracks[1].worth = 7;
    library.playlists = vec![playlist("p1", "First", &[0]), playlist("p2", "Second", &[1, 0])];
    for (by_list, waiting) in [(false, 0), (true, 1)] {
        library.by_list = by_list;
        let plan = plan(root.path(), &library);
        let refused: Vec<usize> = plan.does_not_fit.iter().map(|one| one.track).collect();
        assert_eq!(refused, [waiting], "{by_list}");
    }
}

#[test]
fn an_earlier_list_takes_no_more_of_a_later_ones_room_than_it_needs() {
    let root = tempfile::tempdir().unwrap();
    fill_with_large(root.path(), &small_library());
    let mut library = small_library();
    library.by_list = true;
    library.tracks.push(other_library().tracks.swap_remove(0));
    library.playlists.insert(0, playlist("p3", "Other", &[4]));
    let told = plan(root.path(), &library);
    assert_eq!((told.writes.len(), told.removals.len()), (0, 0), "{told:?}");
    assert!(told.does_not_fit.iter().all(|one| one.with_delete), "{told:?}");
    assert_eq!(told.later_lists, ["Music/Ada Fjell/Woods/07 - Oak.mp3"]);
    library.delete_for_good = true;
    let plan = self::plan(root.path(), &library);
    let going: Vec<&str> = plan.removals.iter().map(|removal| removal.identity.as_str()).collect();
    assert_eq!((plan.writes.len(), going, plan.remove_first), (1, vec!["id-oak"], true), "{plan:?}");
    assert_eq!(plan.does_not_fit.iter().map(|one| one.track).collect::<Vec<_>>(), [3]);
    // One that would have no room in an empty player makes nothing go.
    library.tracks[4].expected_bytes = ENDLESS;
    let plan = self::plan(root.path(), &library);
    assert_eq!((plan.writes.len(), plan.removals.len(), plan.unchanged.len()), (0, 0, 4), "{plan:?}");
}

#[test]
fn a_later_list_makes_room_also_of_what_is_to_be_written_anew() {
    let root = tempfile::tempdir().unwrap();
    fill_with_large(root.path(), &small_library());
    let mut library = small_library();
    library.by_list = true;
    library.tracks.push(other_library().tracks.swap_remove(0));
    library.playlists.insert(0, playlist("p3", "Other", &[4]));
    let oak = library.tracks.iter().position(|track| track.identity == "id-oak").unwrap();
    library.tracks[oak].recipe = "without its album".to_owned();
    library.tracks[oak].expected_bytes = LARGE;
    let told = plan(root.path(), &library);
    assert_eq!(told.later_lists, ["Music/Ada Fjell/Woods/07 - Oak.mp3"]);
    assert_eq!((told.kept_older.len(), told.does_not_fit.len()), (1, 1), "{told:?}");
    assert!(told.does_not_fit[0].with_delete, "{told:?}");
    library.delete_for_good = true;
    let plan = self::plan(root.path(), &library);
    let going: Vec<&str> = plan.removals.iter().map(|removal| removal.identity.as_str()).collect();
    assert_eq!((plan.writes.len(), going, plan.remove_first), (1, vec!["id-oak"], true), "{plan:?}");
    assert_eq!(plan.does_not_fit.iter().map(|one| one.track).collect::<Vec<_>>(), [oak]);
    assert!(plan.kept_older.is_empty(), "{plan:?}");
}

#[test]
fn no_music_goes_for_a_newer_form_of_what_plays_already() {
    let root = tempfile::tempdir().unwrap();
    fill_with_large(root.path(), &small_library());
    let mut library = small_library();
    library.by_list = true;
    library.playlists = vec![playlist("p1", "First", &[0]), playlist("p2", "Second", &[1, 2, 3])];
    library.tracks[0].recipe = "better".to_owned();
    library.tracks[0].expected_bytes = LARGE;
    for delete_for_good in [false, true] {
        library.delete_for_good = delete_for_good;
        let plan = plan(root.path(), &library);
        assert_eq!((plan.writes.len(), plan.removals.len(), plan.kept_older.len()), (0, 0, 1), "{plan:?}");
        assert!(plan.later_lists.is_empty(), "{plan:?}");
    }
}

/// Sizes are guesses: what a file takes less than its older self by a guess is no room for another one yet.
#[test]
fn a_guess_in_the_place_of_an_older_file_makes_no_room() {
    let root = tempfile::tempdir().unwrap();
    let free = Target::open(root.path(), profile()).unwrap().bytes_free().unwrap();
    let mut library = small_library();
    fill_with(root.path(), &library, free / 4);
    for track in &mut library.tracks {
        track.recipe = "whole album".to_owned();
        track.expected_bytes = free / 40 * 9;
        track.worth = 1;
    }
    let mut one_more = other_library().tracks.swap_remove(0);
    one_more.expected_bytes = free + free / 20;
    library.tracks.push(one_more);
    library.playlists[0].entries.push(4);
    let plan = plan(root.path(), &library);
    assert_eq!(plan.writes.len(), 4, "{plan:?}");
    assert_eq!(plan.does_not_fit.iter().map(|one| one.track).collect::<Vec<_>>(), [4]);
}

//! Plans and what performing them leaves on the folder.

use std::fs;
use std::path::Path;

use ferrotape_device::{
    DesiredTrack, DeviceError, Profile, Target, WhyRemoved, WhyWritten, set_manifest_aside,
};

use crate::support::{
    bytes_of, open, perform, playlist, publish, put, small_library, snapshot, sum_of, sync, track, trashed,
    visible,
};

#[test]
fn a_library_arrives_and_a_second_run_writes_nothing() {
    let root = tempfile::tempdir().unwrap();
    let library = small_library();
    let (plan, receipt) = sync(root.path(), &library);
    assert_eq!(plan.writes.len(), 4);
    assert_eq!((receipt.files_written, receipt.files_total, receipt.playlists_written), (4, 4, 2));
    assert_eq!(
        visible(root.path()),
        [
            "Music/Ada Fjell/Ash.mp3",
            "Music/Ada Fjell/Woods/07 - Oak.mp3",
            "Music/Nordlys/Harbour/01 - Gull.mp3",
            "Music/Nordlys/Harbour/02 - Tide.mp3",
            "Playlists/Evening.m3u8",
            "Playlists/Walk.m3u8",
        ]
    );

    let before = snapshot(root.path());
    let (again, receipt) = sync(root.path(), &library);
    assert!(again.is_empty(), "{again:?}");
    assert_eq!(again.unchanged.len(), 4);
    assert_eq!((receipt.files_written, receipt.manifest_written), (0, false));
    assert_eq!(snapshot(root.path()), before, "not one byte, not one time");
}

#[test]
fn a_look_changes_nothing_even_where_nothing_is() {
    let root = tempfile::tempdir().unwrap();
    let before = snapshot(root.path());
    let missing = root.path().join("player");
    let target = Target::preview(&missing, Profile::generic()).unwrap();
    let plan = target.plan(&small_library()).unwrap();
    assert_eq!(plan.writes.len(), 4);
    assert!(plan.bytes_free > 0 && target.is_new());
    assert!(matches!(target.stage(&plan.writes[0]), Err(DeviceError::NotWritable { .. })));
    assert_eq!(snapshot(root.path()), before);
    assert_eq!(sync(&missing, &small_library()).0.writes, plan.writes);
}

#[test]
fn what_is_not_wanted_goes_to_the_trash_with_its_empty_folder() {
    let root = tempfile::tempdir().unwrap();
    let mut library = small_library();
    sync(root.path(), &library);
    library.playlists[1].entries.retain(|entry| *entry != 3);
    library.tracks.truncate(3);

    let target = open(root.path());
    let plan = target.plan(&library).unwrap();
    assert_eq!(plan.removals.len(), 1);
    assert_eq!(plan.removals[0].path, "Music/Ada Fjell/Woods/07 - Oak.mp3");
    assert!((plan.removes_share - 0.25).abs() < 1e-9);
    assert_eq!(plan.bytes_freed, 0, "the trash frees nothing");
    perform(&target, &plan);
    assert_eq!(trashed(&target), ["Music/Ada Fjell/Woods/07 - Oak.mp3"]);
    assert!(!root.path().join("Music/Ada Fjell/Woods").exists());
    assert!(root.path().join("Music/Ada Fjell/Ash.mp3").exists());

    let emptied = target.empty_trash().unwrap();
    assert_eq!((emptied.files, trashed(&target).len()), (1, 0));
    drop(target);
    assert!(sync(root.path(), &library).0.is_empty());
}

#[test]
fn what_another_file_takes_the_place_of_is_told_from_what_nobody_wants() {
    let root = tempfile::tempdir().unwrap();
    let mut library = small_library();
    library.wanted = [("oak", 3), ("ash", 2)].map(|(key, track)| (key.to_owned(), vec![track])).into();
    sync(root.path(), &library);
    library.tracks[3].identity = "id-oak-mended".to_owned();
    library.wanted.insert("ash".to_owned(), Vec::new());
    library.tracks.remove(2);
    library.playlists[1].entries = vec![2, 0];
    library.wanted.insert("oak".to_owned(), vec![2]);

    let plan = open(root.path()).plan(&library).unwrap();
    let mut removals: Vec<_> =
        plan.removals.iter().map(|removal| (&*removal.identity, removal.why)).collect();
    removals.sort_unstable_by_key(|(identity, _)| *identity);
    assert_eq!(removals, [("id-ash", WhyRemoved::NotWanted), ("id-oak", WhyRemoved::Replaced)]);
}

#[test]
fn told_so_it_deletes_for_good_and_takes_everything_off() {
    let root = tempfile::tempdir().unwrap();
    sync(root.path(), &small_library());
    let nothing = ferrotape_device::Desired { delete_for_good: true, ..Default::default() };
    let (plan, receipt) = sync(root.path(), &nothing);
    assert!(plan.bytes_freed > 0);
    assert_eq!((receipt.files_removed, receipt.playlists_removed, receipt.files_total), (4, 2, 0));
    assert_eq!(visible(root.path()), [""; 0]);
    assert!(!root.path().join("Music").exists() && !root.path().join("Playlists").exists());
    assert_eq!(trashed(&open(root.path())), [""; 0]);
}

#[test]
fn files_of_the_users_are_never_touched() {
    let root = tempfile::tempdir().unwrap();
    let mine = root.path().join("Music/Nordlys/Harbour/01 - Gull.mp3");
    fs::create_dir_all(mine.parent().unwrap()).unwrap();
    fs::write(&mine, "my own").unwrap();
    fs::create_dir_all(root.path().join("Playlists")).unwrap();
    fs::write(root.path().join("Playlists/Walk.m3u8"), "my list").unwrap();
    // A file where an artist's folder should be.
    fs::write(root.path().join("Music/Ada Fjell"), "a note").unwrap();

    let (plan, _) = sync(root.path(), &small_library());
    assert_eq!(plan.occupied_by_user.len(), 2);
    assert_eq!(plan.occupied_by_user[0].taken, "Music/Nordlys/Harbour/01 - Gull.mp3");
    assert!(root.path().join("Music/Nordlys/Harbour/01 - Gull (2).mp3").exists());
    assert!(root.path().join("Playlists/Walk (2).m3u8").exists());
    assert!(root.path().join("Music/Ada Fjell (2)/Ash.mp3").exists());
    assert!(sync(root.path(), &small_library()).0.is_empty(), "names are stable");

    sync(root.path(), &Default::default());
    assert_eq!(
        visible(root.path()),
        ["Music/Ada Fjell", "Music/Nordlys/Harbour/01 - Gull.mp3", "Playlists/Walk.m3u8"]
    );
    assert_eq!(fs::read(&mine).unwrap(), b"my own");
    assert_eq!(fs::read(root.path().join("Playlists/Walk.m3u8")).unwrap(), b"my list");
}

#[test]
fn a_file_that_appears_after_the_plan_is_left_alone() {
    let root = tempfile::tempdir().unwrap();
    let target = open(root.path());
    let plan = target.plan(&small_library()).unwrap();
    let path = root.path().join(&plan.writes[0].path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, "mine").unwrap();
    assert!(matches!(put(&target, &plan.writes[0]), Err(DeviceError::Occupied { .. })));
    assert_eq!(fs::read(&path).unwrap(), b"mine");
    drop(target);
    let target = open(root.path());
    assert_eq!(fs::read(&path).unwrap(), b"mine", "recovery leaves it alone too");
    let plan = target.plan(&small_library()).unwrap();
    perform(&target, &plan);
    assert_eq!(fs::read(&path).unwrap(), b"mine");
}

#[test]
fn a_new_recipe_is_written_in_place_and_new_tags_move_it() {
    let root = tempfile::tempdir().unwrap();
    let mut library = small_library();
    sync(root.path(), &library);
    library.tracks[0].recipe = "louder".to_owned();
    library.tracks[1].recipe = "renamed".to_owned();
    library.tracks[1].tags.title = Some("Tides".to_owned());

    let (plan, _) = sync(root.path(), &library);
    let whys: Vec<_> = plan.writes.iter().map(|write| (write.path.as_str(), write.why)).collect();
    assert_eq!(
        whys,
        [
            ("Music/Nordlys/Harbour/02 - Tides.mp3", WhyWritten::Changed),
            ("Music/Nordlys/Harbour/01 - Gull.mp3", WhyWritten::Changed),
        ]
    );
    assert_eq!(plan.writes[0].replaces.as_deref(), Some("Music/Nordlys/Harbour/02 - Tide.mp3"));
    assert!(plan.removals.is_empty());
    assert_eq!(
        fs::read(root.path().join("Music/Nordlys/Harbour/01 - Gull.mp3")).unwrap(),
        bytes_of("louder")
    );
    assert!(!root.path().join("Music/Nordlys/Harbour/02 - Tide.mp3").exists());
    let evening = fs::read_to_string(root.path().join("Playlists/Evening.m3u8")).unwrap();
    assert!(evening.contains("../Music/Nordlys/Harbour/02 - Tides.mp3"));
    assert_eq!(trashed(&open(root.path())), [""; 0], "our own older versions are no loss");
    assert!(sync(root.path(), &library).0.is_empty());
}

#[test]
fn a_better_source_of_the_same_name_takes_its_place() {
    let root = tempfile::tempdir().unwrap();
    let mut library = small_library();
    sync(root.path(), &library);
    library.tracks[0] = track("id-gull-flac", "Nordlys", "Harbour", 1, "Gull");
    let (plan, _) = sync(root.path(), &library);
    assert_eq!(plan.writes[0].path, "Music/Nordlys/Harbour/01 - Gull.mp3");
    assert_eq!(plan.removals.len(), 1);
    let path = root.path().join("Music/Nordlys/Harbour/01 - Gull.mp3");
    assert_eq!(fs::read(path).unwrap(), bytes_of("id-gull-flac v1"));
    assert_eq!(trashed(&open(root.path())), ["Music/Nordlys/Harbour/01 - Gull.mp3"]);
    assert!(sync(root.path(), &library).0.is_empty());
}

#[test]
fn what_gives_way_stays_until_what_takes_its_place_is_there() {
    let root = tempfile::tempdir().unwrap();
    let mut library = small_library();
    library.wanted.insert("gull".to_owned(), vec![0]);
    sync(root.path(), &library);
    let before = visible(root.path());
    let better = track("id-gull-flac", "Nordlys", "Harbour", 1, "Gull");
    let old = std::mem::replace(&mut library.tracks[0], better.clone());
    library.tracks.push(DesiredTrack { can_be_made: false, recipe: String::new(), ..old });
    library.playlists = vec![playlist("p1", "Evening", &[1, 0, 4]), playlist("p2", "Walk", &[2, 3, 2, 0, 4])];
    library.wanted.insert("gull".to_owned(), vec![0, 4]);
    library.gives_way.insert("id-gull".to_owned(), vec![0]);
    // Its source is away, or there is no room for it.
    let away = DesiredTrack { can_be_made: false, ..better.clone() };
    let large = DesiredTrack { expected_bytes: 1 << 50, ..better.clone() };
    for (track, refused) in [(away, 0), (large, 1)] {
        library.tracks[0] = track;
        let (plan, _) = sync(root.path(), &library);
        assert_eq!((plan.does_not_fit.len(), plan.cannot_be_made.len()), (refused, 1 - refused));
        assert_eq!((plan.removals.len(), plan.unchanged.len(), plan.playlist_writes.len()), (0, 4, 0));
        assert_eq!(visible(root.path()), before);
    }
    library.tracks[0] = better;
    let (plan, _) = sync(root.path(), &library);
    assert_eq!((plan.removals.len(), plan.removals[0].why), (1, WhyRemoved::Replaced));
    let path = root.path().join("Music/Nordlys/Harbour/01 - Gull.mp3");
    assert_eq!(fs::read(path).unwrap(), bytes_of("id-gull-flac v1"));
    assert_eq!(visible(root.path()), before);
    // Then nobody speaks of the old one, and nothing is left to write.
    library.tracks.truncate(4);
    library.playlists = small_library().playlists;
    library.wanted.insert("gull".to_owned(), vec![0]);
    library.gives_way.clear();
    let (again, receipt) = sync(root.path(), &library);
    assert!(again.is_empty() && !receipt.manifest_written, "{again:?}");
}

#[test]
fn what_has_given_way_on_one_list_stays_for_another_and_is_no_entry_of_the_first() {
    let root = tempfile::tempdir().unwrap();
    sync(root.path(), &small_library());
    let mut library = small_library();
    let better = track("id-gull-flac", "Nordlys", "Harbour", 1, "Gull");
    let old = std::mem::replace(&mut library.tracks[0], better);
    library.tracks.truncate(2);
    library.tracks.push(DesiredTrack { can_be_made: false, ..old });
    library.playlists = vec![playlist("p1", "Evening", &[1, 0, 2])];
    library.gives_way.insert("id-gull".to_owned(), vec![0]);
    library.keep_other_playlists = true;
    let (plan, receipt) = sync(root.path(), &library);
    assert_eq!((plan.writes.len(), plan.removals.len(), receipt.files_total), (1, 0, 5));
    let text = fs::read_to_string(root.path().join("Playlists/Evening.m3u8")).unwrap();
    assert_eq!(text.lines().filter(|line| !line.starts_with('#')).count(), 2, "{text}");
    let other = fs::read_to_string(root.path().join("Playlists/Walk.m3u8")).unwrap();
    assert_eq!(other.lines().filter(|line| !line.starts_with('#')).count(), 4, "{other}");
    let (again, receipt) = sync(root.path(), &library);
    assert!(again.is_empty() && !receipt.manifest_written, "{again:?}");
}

#[test]
fn what_vanished_or_changed_is_written_again() {
    let root = tempfile::tempdir().unwrap();
    sync(root.path(), &small_library());
    let gone = root.path().join("Music/Ada Fjell/Ash.mp3");
    let changed = root.path().join("Music/Nordlys/Harbour/02 - Tide.mp3");
    fs::remove_file(&gone).unwrap();
    fs::write(&changed, "cut by hand").unwrap();

    let target = open(root.path());
    let plan = target.plan(&small_library()).unwrap();
    let mut whys: Vec<_> = plan.writes.iter().map(|write| write.why).collect();
    whys.sort_by_key(|why| *why as u8);
    assert_eq!(whys, [WhyWritten::Vanished, WhyWritten::Altered]);
    perform(&target, &plan);
    assert_eq!(fs::read(&gone).unwrap(), bytes_of("id-ash v1"));
    assert_eq!(fs::read(&changed).unwrap(), bytes_of("id-tide v1"));
    assert_eq!(trashed(&target), ["Music/Nordlys/Harbour/02 - Tide.mp3"], "the changed one is kept");
    drop(target);
    assert!(sync(root.path(), &small_library()).0.is_empty());
}

#[test]
fn what_cannot_be_made_now_stays_as_it_is() {
    let root = tempfile::tempdir().unwrap();
    let mut library = small_library();
    sync(root.path(), &library);
    let before = snapshot(root.path());
    for track in &mut library.tracks {
        track.can_be_made = false;
        track.recipe = "unknown".to_owned();
        track.tags.title = Some("unknown".to_owned());
    }
    let (plan, _) = sync(root.path(), &library);
    assert!(plan.is_empty());
    assert_eq!(snapshot(root.path()), before);

    let fresh = tempfile::tempdir().unwrap();
    let (plan, _) = sync(fresh.path(), &library);
    assert_eq!(plan.cannot_be_made, [1, 0, 2, 3]);
    assert_eq!(visible(fresh.path()), [""; 0]);
}

#[test]
fn another_layout_renames_without_writing() {
    let root = tempfile::tempdir().unwrap();
    sync(root.path(), &small_library());
    let mut profile = Profile::generic();
    profile.folders.music = "Tracks".to_owned();
    let target = Target::open(root.path(), profile).unwrap();
    let plan = target.plan(&small_library()).unwrap();
    assert_eq!((plan.renames.len(), plan.writes.len(), plan.playlist_writes.len()), (4, 0, 2));
    let receipt = perform(&target, &plan);
    assert_eq!((receipt.files_renamed, receipt.files_written), (4, 0));
    assert!(root.path().join("Tracks/Ada Fjell/Ash.mp3").exists());
    assert!(!root.path().join("Music").exists());
    assert!(target.plan(&small_library()).unwrap().is_empty());
}

#[test]
fn a_full_target_is_filled_in_the_order_of_the_playlists() {
    let root = tempfile::tempdir().unwrap();
    let mut library = small_library();
    let free = open(root.path()).bytes_free().unwrap();
    library.tracks[1].expected_bytes = 2_000;
    library.tracks[0].expected_bytes = free;
    library.tracks[3].expected_bytes = 5 * 1024 * 1024 * 1024;
    let (plan, receipt) = sync(root.path(), &library);
    let no_room: Vec<usize> = plan.does_not_fit.iter().map(|one| one.track).collect();
    assert_eq!(no_room, [0, 3]);
    assert!(plan.bytes_needed > plan.bytes_free);
    assert_eq!(receipt.files_written, 2);
    let walk = fs::read_to_string(root.path().join("Playlists/Walk.m3u8")).unwrap();
    assert_eq!(walk.matches("Ash.mp3").count(), 2);
    assert_eq!(walk.matches(".mp3").count(), 2, "only what is there is listed: {walk}");
}

#[test]
fn room_is_kept_for_long_playlists() {
    let root = tempfile::tempdir().unwrap();
    let target = open(root.path());
    let mut library = small_library();
    let short = target.plan(&library).unwrap().bytes_reserved;
    library.playlists[0].entries = [0, 1].repeat(5_000);
    let long = target.plan(&library).unwrap().bytes_reserved;
    let file = 10_000 * "../Music/Nordlys/Harbour/01 - Gull.mp3".len() as u64;
    assert!(long - short > 2 * file, "{short} {long}");
}

#[test]
fn a_second_ferrotape_is_told_who_is_at_work() {
    let root = tempfile::tempdir().unwrap();
    let _first = open(root.path());
    let second = Target::open(root.path(), Profile::generic());
    let message = second.unwrap_err().to_string();
    assert!(message.contains("already filling"), "{message}");
    if cfg!(target_os = "linux") {
        assert!(message.contains(&format!("process {}", std::process::id())), "{message}");
    }
}

#[test]
fn targets_that_cannot_be_filled_are_named() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("file");
    fs::write(&file, "x").unwrap();
    assert!(matches!(Target::open(&file, Profile::generic()), Err(DeviceError::NotAFolder { .. })));
    let deep = root.path().join("a/b");
    assert!(matches!(Target::open(&deep, Profile::generic()), Err(DeviceError::NotAFolder { .. })));
    assert!(!root.path().join("a").exists());
    Target::open(&root.path().join("leaf"), Profile::generic()).unwrap();
}

#[test]
fn a_target_that_is_gone_is_not_written_to() {
    let parent = tempfile::tempdir().unwrap();
    let root = parent.path().join("player");
    let target = open(&root);
    let plan = target.plan(&small_library()).unwrap();
    let staged = target.stage(&plan.writes[0]).unwrap();
    // As if it were unmounted: the path leads to another, empty folder.
    fs::rename(&root, parent.path().join("pulled")).unwrap();
    fs::create_dir(&root).unwrap();
    let published = target.publish(staged, &plan.writes[0], 0, "");
    assert!(published.unwrap_err().is_target_gone());
    assert!(target.stage(&plan.writes[0]).unwrap_err().is_target_gone());
    assert!(target.finish(&plan).unwrap_err().is_target_gone());
    assert_eq!(fs::read_dir(&root).unwrap().count(), 0);
}

#[test]
fn finished_files_get_their_names_together_once_they_are_on_the_disk() {
    let root = tempfile::tempdir().unwrap();
    let target = open(root.path());
    let plan = target.plan(&small_library()).unwrap();
    publish(&target, &plan.writes[0]).unwrap();
    assert_eq!(visible(root.path()), [""; 0], "it waits for another");
    publish(&target, &plan.writes[1]).unwrap();
    assert_eq!(visible(root.path()).len(), 2);
    publish(&target, &plan.writes[2]).unwrap();
    assert_eq!(visible(root.path()).len(), 2);
    assert!(target.place_rest().is_empty());
    assert_eq!(visible(root.path()).len(), 3);
    assert_eq!(target.finish(&plan).unwrap().files_written, 3);
}

#[test]
fn what_cannot_get_its_name_is_told_by_its_track_and_the_others_do() {
    let root = tempfile::tempdir().unwrap();
    let target = open(root.path());
    let plan = target.plan(&small_library()).unwrap();
    let theirs = root.path().join(&plan.writes[0].path);
    fs::create_dir_all(theirs.parent().unwrap()).unwrap();
    fs::write(&theirs, "the user's").unwrap();
    plan.writes.iter().for_each(|write| publish(&target, write).unwrap());
    let unplaced = target.place_rest();
    assert_eq!(unplaced.len(), 1, "{unplaced:?}");
    assert_eq!(unplaced[0].tracks, [plan.writes[0].track]);
    assert!(matches!(unplaced[0].error, DeviceError::Occupied { .. }), "{unplaced:?}");
    assert_eq!(fs::read(&theirs).unwrap(), b"the user's");
    assert_eq!(target.finish(&plan).unwrap().files_written, plan.writes.len() - 1);
}

#[test]
fn a_target_that_went_away_before_its_files_had_their_names_has_none_of_them() {
    let parent = tempfile::tempdir().unwrap();
    let root = parent.path().join("player");
    let target = open(&root);
    let plan = target.plan(&small_library()).unwrap();
    publish(&target, &plan.writes[0]).unwrap();
    fs::rename(&root, parent.path().join("pulled")).unwrap();
    fs::create_dir(&root).unwrap();
    let unplaced = target.place_rest();
    assert_eq!(unplaced.len(), 1, "{unplaced:?}");
    assert_eq!(unplaced[0].tracks, [plan.writes[0].track]);
    assert!(unplaced[0].error.is_target_gone());
    assert_eq!(fs::read_dir(&root).unwrap().count(), 0);
}

#[test]
fn a_damaged_manifest_stops_everything_until_it_is_set_aside() {
    let root = tempfile::tempdir().unwrap();
    sync(root.path(), &small_library());
    let manifest = root.path().join(".ferrotape/manifest.json");
    let whole = fs::read(&manifest).unwrap();
    fs::write(&manifest, &whole[..whole.len() / 2]).unwrap();
    let before = snapshot(root.path());
    let error = Target::open(root.path(), Profile::generic()).unwrap_err();
    assert!(matches!(error, DeviceError::ManifestUnusable { .. }), "{error}");
    assert_eq!(snapshot(root.path()), before);

    let aside = set_manifest_aside(root.path()).unwrap();
    assert_eq!(fs::read(aside).unwrap(), &whole[..whole.len() / 2]);
    let (plan, _) = sync(root.path(), &small_library());
    assert!(plan.writes.iter().all(|write| write.path.ends_with(" (2).mp3")), "nothing is taken for ours");
    assert_eq!(visible(root.path()).len(), 12);
}

#[cfg(unix)]
#[test]
fn links_do_not_lead_out_of_the_target() {
    let outside = tempfile::tempdir().unwrap();
    let root = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(outside.path(), root.path().join("Music")).unwrap();
    sync(root.path(), &small_library());
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
    assert!(root.path().join("Music (2)/Ada Fjell/Ash.mp3").exists());

    // A folder of ours that became a link later.
    fs::rename(root.path().join("Music (2)/Nordlys"), outside.path().join("Nordlys")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("Nordlys"), root.path().join("Music (2)/Nordlys"))
        .unwrap();
    let (plan, _) = sync(root.path(), &small_library());
    assert_eq!(plan.writes.len(), 2);
    sync(root.path(), &Default::default());
    assert_eq!(count_files(outside.path()), 2);
}

#[cfg(unix)]
fn count_files(folder: &Path) -> usize {
    snapshot(folder).values().filter(|(_, bytes)| bytes.is_some()).count()
}

/// `mount -t tmpfs -o size=4m tmpfs small; FERROTAPE_SMALL_DISK=small cargo test -p ferrotape-device -- --ignored small`
#[test]
#[ignore = "needs a file system of a few megabytes, named by FERROTAPE_SMALL_DISK"]
fn a_small_disk_that_fills_up_keeps_what_fitted() {
    use std::io::Write;
    let root = std::env::var_os("FERROTAPE_SMALL_DISK").map(std::path::PathBuf::from).unwrap();
    let tracks: Vec<_> =
        (0..40).map(|n| track(&format!("id-{n:02}"), "Ada Fjell", "Woods", n, "Leaf")).collect();
    let library = ferrotape_device::Desired { tracks, ..Default::default() };
    let target = open(&root);
    let plan = target.plan(&library).unwrap();
    assert_eq!(plan.does_not_fit.len(), 0, "estimates may be too small");
    let mut errors = Vec::new();
    for write in &plan.writes {
        let mut staged = match target.stage(write) {
            Ok(staged) => staged,
            Err(error) => {
                errors.push(error);
                continue;
            }
        };
        let bytes = bytes_of(&write.recipe).repeat(500);
        if let Err(error) = staged.file_mut().write_all(&bytes) {
            errors.push(target.write_fault(error, write));
            continue;
        }
        errors.extend(target.publish(staged, write, bytes.len() as u64, &sum_of(&bytes)).err());
    }
    errors.extend(target.place_rest().into_iter().map(|unplaced| unplaced.error));
    assert!(errors.iter().all(DeviceError::is_no_space), "{errors:?}");
    let receipt = target.finish(&plan).unwrap();
    assert!((5..40).contains(&receipt.files_written), "{receipt:?}");
    drop(target);
    let plan = open(&root).plan(&library).unwrap();
    assert_eq!(plan.unchanged.len(), receipt.files_written);
    assert!(plan.does_not_fit.len() + plan.writes.len() == 40 - receipt.files_written);
}

#[test]
fn what_is_worth_more_is_filled_first_where_not_everything_fits() {
    let root = tempfile::tempdir().unwrap();
    let mut library = small_library();
    let free = open(root.path()).bytes_free().unwrap();
    // As large as a file may be; three more than there is room for.
    let large = 4 * 1024 * 1024 * 1024 - 1;
    let one = library.tracks[0].clone();
    library.tracks = (0..free / large + 3)
        .map(|number| DesiredTrack {
            identity: format!("id-{number}"),
            expected_bytes: large,
            worth: number,
            ..one.clone()
        })
        .collect();
    library.playlists.truncate(1);
    library.playlists[0].entries = (0..library.tracks.len()).collect();
    library.wanted.clear();
    let plan = open(root.path()).plan(&library).unwrap();
    let mut waiting: Vec<usize> = plan.does_not_fit.iter().map(|one| one.track).collect();
    waiting.sort_unstable();
    assert!(waiting.len() >= 3 && waiting.len() < library.tracks.len(), "{waiting:?}");
    assert_eq!(waiting, (0..waiting.len()).collect::<Vec<_>>(), "the least worth wait");
}

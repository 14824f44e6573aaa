//! Files that only get another name, and what becomes of those that cannot have it.

use std::fs;
use std::path::Path;

use ferrotape_device::{CompanionKind, Desired, DesiredCompanion, DeviceError, Profile, Target, Unrenamed};

use crate::support::{perform, publish, small_library, sync, trashed, visible};

const GULL: &str = "Music/Nordlys/Harbour/01 - Gull.mp3";
const MINE: &str = "Tracks/Nordlys/Harbour/01 - Gull.mp3";

/// Everything has another name there.
fn tracks() -> Profile {
    let mut profile = Profile::generic();
    profile.folders.music = "Tracks".to_owned();
    profile
}

fn put_mine(root: &Path, path: &str) {
    let place = root.join(path);
    fs::create_dir_all(place.parent().unwrap()).unwrap();
    fs::write(place, "mine").unwrap();
}

fn stayed(unrenamed: &[Unrenamed]) -> Vec<&str> {
    unrenamed.iter().flat_map(|one| &one.renames).map(|rename| rename.from.as_str()).collect()
}

#[test]
fn one_that_cannot_have_its_name_stops_no_other_and_is_listed_where_it_is() {
    let root = tempfile::tempdir().unwrap();
    sync(root.path(), &small_library());
    let target = Target::open(root.path(), tracks()).unwrap();
    let plan = target.plan(&small_library()).unwrap();
    assert_eq!(plan.renames.len(), 4);
    // After the plan: a file where one is to be, and one where a folder is needed.
    let note = "Tracks/Ada Fjell";
    put_mine(root.path(), MINE);
    put_mine(root.path(), note);
    let unrenamed = target.rename_all(&plan.renames).unwrap();
    assert_eq!(stayed(&unrenamed), [GULL, "Music/Ada Fjell/Ash.mp3", "Music/Ada Fjell/Woods/07 - Oak.mp3"]);
    assert!(unrenamed.iter().all(|one| matches!(one.error, DeviceError::Occupied { .. })), "{unrenamed:?}");
    let receipt = target.finish(&plan).unwrap();
    assert_eq!((receipt.files_renamed, receipt.files_total), (1, 4));
    let evening = fs::read_to_string(root.path().join("Playlists/Evening.m3u8")).unwrap();
    assert!(evening.contains(&format!("../{GULL}")), "{evening}");
    assert!(evening.contains("../Tracks/Nordlys/Harbour/02 - Tide.mp3"), "{evening}");
    drop(target);

    // They get other names when it is planned anew.
    let target = Target::open(root.path(), tracks()).unwrap();
    let plan = target.plan(&small_library()).unwrap();
    assert_eq!((plan.renames.len(), plan.writes.len()), (3, 0));
    perform(&target, &plan);
    assert!(trashed(&target).is_empty());
    for mine in [MINE, note] {
        assert_eq!(fs::read(root.path().join(mine)).unwrap(), b"mine");
    }
    assert!(!root.path().join("Music").exists());
}

#[cfg(unix)]
#[test]
fn only_what_needs_a_new_folder_waits_for_its_room() {
    let root = tempfile::tempdir().unwrap();
    let mut library = small_library();
    sync(root.path(), &library);
    library.tracks[0].tags.title = Some("Heron".to_owned());
    library.tracks[2].tags.album = Some("Leaves".to_owned());
    library.tracks[3].tags.album = Some("Groves".to_owned());
    let target = Target::open(root.path(), Profile::generic()).unwrap();
    let mut plan = target.plan(&library).unwrap();
    assert_eq!(plan.renames.len(), 3);
    plan.bytes_for_its_end = u64::MAX;
    target.begin(&plan);
    let unrenamed = target.rename_all(&plan.renames).unwrap();
    assert_eq!(unrenamed.len(), 1, "told together: {unrenamed:?}");
    let mut waits = stayed(&unrenamed);
    waits.sort_unstable();
    assert_eq!(waits, ["Music/Ada Fjell/Ash.mp3", "Music/Ada Fjell/Woods/07 - Oak.mp3"]);
    assert!(unrenamed[0].error.is_no_space(), "{unrenamed:?}");
    assert!(visible(root.path()).contains(&"Music/Nordlys/Harbour/01 - Heron.mp3".to_owned()));
    plan.bytes_for_its_end = 0;
    target.begin(&plan);
    assert!(target.rename_all(&plan.renames).unwrap().is_empty());
    assert_eq!(target.finish(&plan).unwrap().files_renamed, 3);
}

#[test]
fn the_users_file_is_not_named_in_the_journal() {
    let root = tempfile::tempdir().unwrap();
    sync(root.path(), &small_library());
    let target = Target::open(root.path(), tracks()).unwrap();
    let plan = target.plan(&small_library()).unwrap();
    put_mine(root.path(), MINE);
    assert_eq!(stayed(&target.rename_all(&plan.renames).unwrap()), [GULL]);
    // As a kill leaves it.
    drop(target);
    let target = Target::open(root.path(), tracks()).unwrap();
    assert_eq!((target.recovery().adopted.len(), target.recovery().distrusted.len()), (3, 0));
    assert_eq!(fs::read(root.path().join(MINE)).unwrap(), b"mine");
    assert!(root.path().join(GULL).exists() && trashed(&target).is_empty());
}

#[test]
fn what_the_journal_does_not_take_keeps_its_name() {
    let root = tempfile::tempdir().unwrap();
    sync(root.path(), &small_library());
    let before = visible(root.path());
    let target = Target::open(root.path(), tracks()).unwrap();
    let plan = target.plan(&small_library()).unwrap();
    let journal = root.path().join(".ferrotape/journal");
    fs::create_dir(&journal).unwrap();
    assert_eq!(stayed(&target.rename_all(&plan.renames).unwrap()).len(), 4);
    assert_eq!(visible(root.path()), before);
    fs::remove_dir(&journal).unwrap();
    assert!(target.rename_all(&plan.renames).unwrap().is_empty());
    assert!(!visible(root.path()).iter().any(|path| path.starts_with("Music/")));
}

#[test]
fn what_lies_beside_a_track_stays_where_that_does() {
    let root = tempfile::tempdir().unwrap();
    let lyrics = |mut profile: Profile| {
        profile.lyrics.lrc = true;
        profile
    };
    let beside = DesiredCompanion {
        track: 0,
        kind: CompanionKind::Lyrics,
        made_from: "v1".to_owned(),
        expected_bytes: Some(6),
    };
    let library = Desired { companions: vec![beside], ..small_library() };
    let fill = |profile: Profile, in_the_way: Option<&str>| {
        let target = Target::open(root.path(), lyrics(profile)).unwrap();
        let plan = target.plan(&library).unwrap();
        in_the_way.iter().for_each(|path| put_mine(root.path(), path));
        let unrenamed = target.rename_all(&plan.renames).unwrap();
        plan.writes.iter().for_each(|write| publish(&target, write).unwrap());
        let made: Vec<_> = plan.companions.iter().map(|one| (one, Some(b"beside".to_vec()))).collect();
        target.put_companions(&made).unwrap();
        match unrenamed.is_empty() {
            true => target.finish(&plan).unwrap(),
            false => target.finish_early(&plan).unwrap(),
        };
    };
    fill(Profile::generic(), None);
    // Where its folder should be.
    fill(tracks(), Some("Tracks/Nordlys"));
    let there = visible(root.path());
    assert!(there.contains(&"Music/Nordlys/Harbour/01 - Gull.lrc".to_owned()), "{there:?}");
    fs::remove_file(root.path().join("Tracks/Nordlys")).unwrap();
    fill(tracks(), None);
    let lyrics: Vec<String> =
        visible(root.path()).into_iter().filter(|path| path.ends_with(".lrc")).collect();
    assert_eq!(lyrics, ["Tracks/Nordlys/Harbour/01 - Gull.lrc"]);
}

//! Which folders hold what: one album each, and no more than the player reads of one.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use ferrotape_device::{Desired, Profile, Profiles};

use crate::profiled::{files_below, is_settled, sync_by};
use crate::support::{bytes_of, playlist, track, visible};

/// Two albums whose names differ only where they are cut, two tracks each; their titles would be mixed.
fn two_volumes() -> Desired {
    let mut tracks = Vec::new();
    for (volume, number) in [("1", 1), ("2", 1), ("1", 2), ("2", 2)] {
        let (identity, album) = (format!("v{volume}-{number}"), "Overtures ".repeat(9) + volume);
        tracks.push(track(&identity, "Ada Fjell", &album, number, &format!("Track of {volume}")));
    }
    Desired { playlists: vec![playlist("all", "All", &[0, 1, 2, 3])], tracks, ..Desired::default() }
}

/// The folders that hold tracks of a volume.
fn folders_of(root: &Path, volume: &str) -> BTreeSet<String> {
    let ending = format!("Track of {volume}.mp3");
    let paths = visible(root).into_iter().filter(|path| path.ends_with(&ending));
    paths.filter_map(|path| Some(path.rsplit_once('/')?.0.to_owned())).collect()
}

#[test]
fn albums_whose_names_are_cut_to_the_same_do_not_share_a_folder() {
    for name in ["generic", "mp3-cd", "shokz-openswim"] {
        let root = tempfile::tempdir().unwrap();
        let profile = Profiles::built_in().named(name).unwrap();
        sync_by(root.path(), profile, &two_volumes());
        let (one, two) = (folders_of(root.path(), "1"), folders_of(root.path(), "2"));
        assert_eq!((one.len(), two.len()), (1, 1), "{name}: {one:?} {two:?}");
        assert!(one.is_disjoint(&two), "{name}: {one:?}");
        assert!(is_settled(root.path(), profile, &two_volumes()), "{name}");
        // One of them alone stays where it is, and so does the other, which another list keeps.
        let mut second = two_volumes();
        second.tracks.retain(|track| track.identity.starts_with("v2"));
        second.playlists = vec![playlist("second", "Second", &[0, 1])];
        second.keep_other_playlists = true;
        let plan = sync_by(root.path(), profile, &second);
        assert!(plan.writes.is_empty() && plan.renames.is_empty(), "{name}: {plan:?}");
        // Nor does another track of it go to the other, of which this run says nothing.
        let album = second.tracks[0].tags.album.clone().unwrap();
        second.tracks.push(track("v2-3", "Ada Fjell", &album, 3, "Track of 2"));
        second.playlists = vec![playlist("second", "Second", &[0, 1, 2])];
        assert_eq!(sync_by(root.path(), profile, &second).writes.len(), 1, "{name}");
        assert_eq!(folders_of(root.path(), "2"), two, "{name}");
    }
}

#[test]
fn what_was_mixed_before_is_renamed_and_not_written_anew() {
    let root = tempfile::tempdir().unwrap();
    let profile = Profile::generic();
    let mut mixed = two_volumes();
    for track in &mut mixed.tracks {
        track.tags.album = Some("Overtures ".repeat(6) + "Over");
    }
    sync_by(root.path(), &profile, &mixed);
    assert_eq!(folders_of(root.path(), "1"), folders_of(root.path(), "2"));
    let plan = sync_by(root.path(), &profile, &two_volumes());
    assert_eq!((plan.writes.len(), plan.renames.len(), plan.removals.len()), (0, 2, 0), "{plan:?}");
    assert!(folders_of(root.path(), "1").is_disjoint(&folders_of(root.path(), "2")));
    for path in visible(root.path()).iter().filter(|path| path.ends_with("Track of 2.mp3")) {
        let number = if path.contains("/01") { 1 } else { 2 };
        assert_eq!(fs::read(root.path().join(path)).unwrap(), bytes_of(&format!("v2-{number} v1")));
    }
    assert!(is_settled(root.path(), &profile, &two_volumes()));
}

/// How many files and folders lie in each folder below the root.
fn entries(root: &Path, folder: &str, found: &mut BTreeMap<String, usize>) {
    let names = files_below(root, folder);
    for name in names.iter().filter(|name| *name != ".ferrotape") {
        let path = format!("{folder}{name}");
        if root.join(&path).is_dir() {
            entries(root, &format!("{path}/"), found);
        }
    }
    found.insert(folder.to_owned(), names.len());
}

#[test]
fn folders_count_for_what_a_player_reads_of_one() {
    let root = tempfile::tempdir().unwrap();
    let mut profile = Profiles::built_in().named("car-mazda").unwrap().clone();
    profile.folders.max_files = 12;
    let desired = |bands: usize| {
        let tracks: Vec<_> = (0..bands)
            .map(|n| track(&format!("id{n:02}"), &format!("Band {n:02}"), &format!("Album {n:02}"), 1, "Ebb"))
            .collect();
        let entries: Vec<usize> = (0..bands).collect();
        Desired { playlists: vec![playlist("all", "All", &entries)], tracks, ..Desired::default() }
    };
    sync_by(root.path(), &profile, &desired(20));
    let before = visible(root.path());
    sync_by(root.path(), &profile, &desired(37));
    let mut found = BTreeMap::new();
    entries(root.path(), "", &mut found);
    assert!(found.values().all(|count| *count <= 12), "{found:?}");
    assert_eq!(found.get("Music (4)/"), Some(&1), "{found:?}");
    assert!(before.iter().all(|path| root.path().join(path).is_file()), "none is moved for it");
    assert!(is_settled(root.path(), &profile, &desired(37)));
}

#[test]
fn lyrics_and_pictures_count_for_what_a_player_reads_of_one_folder() {
    let root = tempfile::tempdir().unwrap();
    let mut profile = Profile::generic();
    profile.folders.max_files = 10;
    profile.lyrics.lrc = true;
    profile.cover.file = "cover.jpg".to_owned();
    let tracks: Vec<_> =
        (1..=10).map(|n| track(&format!("id{n:02}"), "Ada Fjell", "Low Water", n, "Ebb")).collect();
    let desired = Desired { tracks, ..Desired::default() };
    sync_by(root.path(), &profile, &desired);
    // Four with their lyrics and a picture are nine.
    for (folder, tracks) in [("Low Water", 4), ("Low Water (2)", 4), ("Low Water (3)", 2)] {
        assert_eq!(files_below(root.path(), &format!("Music/Ada Fjell/{folder}")).len(), tracks, "{folder}");
    }
    assert!(is_settled(root.path(), &profile, &desired));
}

#[test]
fn however_short_a_path_may_be_there_is_room_for_a_name() {
    let root = tempfile::tempdir().unwrap();
    let mut profile = Profile::generic();
    profile.names.max_path_units = 100;
    let tracks = (1..=3)
        .map(|n| track(&format!("id{n}"), &"Quartet ".repeat(20), &"Low Water ".repeat(20), n, "Ebb"))
        .collect();
    let desired = Desired { tracks, ..Desired::default() };
    sync_by(root.path(), &profile, &desired);
    for path in visible(root.path()) {
        assert!(path.encode_utf16().count() <= 100, "{path}");
        assert!(path.contains(" - Ebb.mp3"), "{path}");
    }
    assert!(is_settled(root.path(), &profile, &desired));
}

#[test]
fn a_folder_on_a_lists_name_stops_nothing() {
    let root = tempfile::tempdir().unwrap();
    let (profile, desired) = (Profile::generic(), two_volumes());
    sync_by(root.path(), &profile, &desired);
    let list = root.path().join("Playlists/All.m3u8");
    fs::remove_file(&list).unwrap();
    fs::create_dir(&list).unwrap();
    sync_by(root.path(), &profile, &desired);
    assert!(list.is_dir() && root.path().join("Playlists/All (2).m3u8").is_file());
    assert!(is_settled(root.path(), &profile, &desired));
}

//! Two libraries that fill one player.

use ferrotape_device::Desired;

use crate::support::{open, perform, playlist, small_library, snapshot, sync, track, trashed, visible};

#[test]
fn the_trash_keeps_the_same_bytes_from_the_same_place_once() {
    let root = tempfile::tempdir().unwrap();
    let library = small_library();
    let nothing = Desired::default();
    for _ in 0..3 {
        sync(root.path(), &library);
        sync(root.path(), &nothing);
    }
    let of_oak = |was: &String| was.contains("Oak");
    assert_eq!(trashed(&open(root.path())).iter().filter(|was| of_oak(was)).count(), 1);
    assert_eq!(visible(root.path()), [""; 0]);
    // Of other bytes it is another file.
    let mut louder = library.clone();
    louder.tracks[3].recipe = "louder".to_owned();
    sync(root.path(), &louder);
    sync(root.path(), &nothing);
    sync(root.path(), &library);
    sync(root.path(), &nothing);
    assert_eq!(trashed(&open(root.path())).iter().filter(|was| of_oak(was)).count(), 2);
}

/// On FAT both names may mean the same bytes, and to remove the one would give those of the other away. A hard link stands in.
#[cfg(unix)]
#[test]
fn what_a_power_cut_left_in_its_place_and_in_the_trash_keeps_both_names() {
    let root = tempfile::tempdir().unwrap();
    sync(root.path(), &small_library());
    let oak = "Music/Ada Fjell/Woods/07 - Oak.mp3";
    let there = root.path().join(".ferrotape/trash/2026-01-01").join(oak);
    std::fs::create_dir_all(there.parent().unwrap()).unwrap();
    std::fs::hard_link(root.path().join(oak), &there).unwrap();
    sync(root.path(), &Desired::default());
    assert_eq!(trashed(&open(root.path())).iter().filter(|was| was.ends_with("Oak.mp3")).count(), 2);
}

#[test]
fn a_list_with_the_same_in_it_stays_whose_it_is_where_others_come() {
    let root = tempfile::tempdir().unwrap();
    let of = |id: &str, library: Desired| Desired {
        library: Some(id.to_owned()),
        keep_other_playlists: true,
        ..library
    };
    sync(root.path(), &of("his", small_library()));
    let elm = || track("id-elm", "Ada Fjell", "", 0, "Elm");
    let mut hers = of("hers", small_library());
    hers.tracks.push(elm());
    hers.playlists.push(playlist("p3", "Other", &[hers.tracks.len() - 1]));
    let target = open(root.path());
    let plan = target.plan(&hers).unwrap();
    target.begin(&plan);
    perform(&target, &plan);
    let walk =
        Desired { tracks: vec![elm()], playlists: vec![playlist("p2", "Walk", &[0])], ..Desired::default() };
    assert!(target.plan(&of("his", walk)).unwrap().lists_of_others.is_empty());
}

#[test]
fn a_list_that_another_library_filled_is_told_of() {
    let root = tempfile::tempdir().unwrap();
    let of = |id: &str, library: Desired| Desired {
        library: Some(id.to_owned()),
        keep_other_playlists: true,
        ..library
    };
    let his = of("his", small_library());
    assert!(sync(root.path(), &his).0.lists_of_others.is_empty());
    let before = snapshot(root.path());
    // The same in it: no word of it, and not one byte.
    assert!(sync(root.path(), &of("hers", small_library())).0.is_empty());
    assert_eq!(snapshot(root.path()), before);

    let tracks = vec![track("id-elm", "Ada Fjell", "", 0, "Elm")];
    let hers = Desired { tracks, playlists: vec![playlist("p2", "Walk", &[0])], ..Desired::default() };
    let target = open(root.path());
    let others = |desired: &Desired| target.plan(desired).unwrap().lists_of_others;
    let told = others(&of("hers", hers.clone()));
    assert_eq!((told.len(), told[0].name.as_str()), (1, "Walk"));
    assert_eq!((told[0].tracks, told[0].shared, told[0].shares_little, told[0].removed), (3, 0, true, 2));
    // Nothing of it is here: that is no word to empty it either.
    let empty = Desired { playlists: vec![playlist("p2", "Walk", &[])], ..Desired::default() };
    assert!(others(&of("hers", empty))[0].shares_little);
    // The same thing, made of another file.
    let mut same = of("hers", hers.clone());
    same.wanted = [("oak".to_owned(), vec![0])].into();
    drop(target);
    let mut his = his;
    his.wanted = [("oak".to_owned(), vec![3])].into();
    his.playlists[1].entries = vec![3];
    sync(root.path(), &his);
    let told = open(root.path()).plan(&same).unwrap().lists_of_others;
    assert_eq!((told[0].tracks, told[0].shared, told[0].shares_little, told[0].removed), (1, 1, false, 1));
    // Of a library that is not known nothing is told.
    for desired in [hers.clone(), of("his", hers)] {
        assert!(open(root.path()).plan(&desired).unwrap().lists_of_others.is_empty());
    }
}

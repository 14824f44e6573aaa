//! Playlists: order, duplicates, names, and those of other runs.

use std::fs;

use crate::support::{open, perform, playlist, put, small_library, snapshot, sync, track, trashed, visible};

#[test]
fn order_and_duplicates_are_the_sources() {
    let root = tempfile::tempdir().unwrap();
    sync(root.path(), &small_library());
    assert_eq!(
        fs::read_to_string(root.path().join("Playlists/Walk.m3u8")).unwrap(),
        "#EXTM3U\r\n\
         #EXTINF:61,Ada Fjell - Ash\r\n../Music/Ada Fjell/Ash.mp3\r\n\
         #EXTINF:61,Ada Fjell - Oak\r\n../Music/Ada Fjell/Woods/07 - Oak.mp3\r\n\
         #EXTINF:61,Ada Fjell - Ash\r\n../Music/Ada Fjell/Ash.mp3\r\n\
         #EXTINF:61,Nordlys - Gull\r\n../Music/Nordlys/Harbour/01 - Gull.mp3\r\n"
    );
}

#[test]
fn one_recording_named_twice_is_one_file() {
    let root = tempfile::tempdir().unwrap();
    let mut library = small_library();
    library.tracks.push(track("id-gull", "Nordlys", "Best of", 9, "Gull (remastered name)"));
    library.playlists.push(playlist("p3", "More", &[4, 0]));
    let (plan, _) = sync(root.path(), &library);
    assert_eq!(plan.writes.len(), 4);
    let more = fs::read_to_string(root.path().join("Playlists/More.m3u8")).unwrap();
    assert_eq!(more.matches("../Music/Nordlys/Harbour/01 - Gull.mp3").count(), 2);
}

#[test]
fn names_are_safe_and_unique_and_follow_the_playlist() {
    let root = tempfile::tempdir().unwrap();
    let mut library = small_library();
    library.playlists = ["a/b", "A-B", "../..", "con", "", "x".repeat(9_000).as_str()]
        .iter()
        .enumerate()
        .map(|(n, name)| playlist(&format!("k{n}"), name, &[0]))
        .collect();
    sync(root.path(), &library);
    let mut names: Vec<String> = fs::read_dir(root.path().join("Playlists"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let long = format!("{}.m3u8", "x".repeat(64));
    assert_eq!(
        names,
        ["-...m3u8", "A-B (2).m3u8", "Playlist.m3u8", "a-b.m3u8", "con_.m3u8", &long]
            .map(|name| { name.replace("-...m3u8", "-.m3u8") })
    );
    assert!(sync(root.path(), &library).0.is_empty());

    library.playlists[0].name = "Renamed".to_owned();
    let (plan, _) = sync(root.path(), &library);
    assert_eq!(plan.playlist_writes.len(), 1);
    assert!(root.path().join("Playlists/Renamed.m3u8").exists());
    assert!(!root.path().join("Playlists/a-b.m3u8").exists());
    assert_eq!(trashed(&open(root.path())), [""; 0]);
}

#[test]
fn other_runs_playlists_stay_with_their_files_when_asked() {
    let root = tempfile::tempdir().unwrap();
    let all = small_library();
    sync(root.path(), &all);

    let mut other = small_library();
    other.tracks = vec![track("id-reed", "Ada Fjell", "Reeds", 1, "Reed")];
    other.playlists = vec![playlist("p9", "Other", &[0])];
    other.keep_other_playlists = true;
    let (plan, _) = sync(root.path(), &other);
    assert_eq!((plan.writes.len(), plan.removals.len(), plan.playlist_removals.len()), (1, 0, 0));
    assert_eq!(visible(root.path()).len(), 8);

    // A retagged track moves, and the playlist of the other run follows.
    let mut retagged = small_library();
    retagged.keep_other_playlists = true;
    retagged.playlists.truncate(1);
    retagged.tracks.truncate(2);
    retagged.tracks[0].recipe = "new".to_owned();
    retagged.tracks[0].tags.title = Some("Gulls".to_owned());
    let (plan, _) = sync(root.path(), &retagged);
    assert_eq!((plan.writes.len(), plan.removals.len(), plan.playlist_writes.len()), (1, 0, 2));
    let walk = fs::read_to_string(root.path().join("Playlists/Walk.m3u8")).unwrap();
    assert!(walk.contains("01 - Gulls.mp3"), "{walk}");

    retagged.keep_other_playlists = false;
    let (plan, _) = sync(root.path(), &retagged);
    assert_eq!((plan.removals.len(), plan.playlist_removals.len()), (3, 2));
    assert_eq!(visible(root.path()).len(), 3);
}

#[test]
fn a_claim_without_a_file_keeps_its_tracks() {
    let root = tempfile::tempdir().unwrap();
    let mut single = small_library();
    single.tracks.truncate(1);
    single.playlists = vec![playlist("link", "link", &[0])];
    single.playlists[0].write_file = false;
    sync(root.path(), &single);
    assert_eq!(visible(root.path()), ["Music/Nordlys/Harbour/01 - Gull.mp3"]);
    let before = snapshot(root.path());
    assert!(sync(root.path(), &single).0.is_empty());
    assert_eq!(snapshot(root.path()), before);

    let mut other = small_library();
    other.keep_other_playlists = true;
    other.tracks = vec![track("id-reed", "Ada Fjell", "Reeds", 1, "Reed")];
    other.playlists = vec![playlist("p9", "Other", &[0])];
    assert_eq!(sync(root.path(), &other).0.removals.len(), 0);
    assert!(root.path().join("Music/Nordlys/Harbour/01 - Gull.mp3").exists());
}

#[test]
fn a_playlist_edited_on_the_player_goes_to_the_trash_before_it_is_rewritten_or_removed() {
    let mut library = small_library();
    for delete_for_good in [false, true] {
        let root = tempfile::tempdir().unwrap();
        sync(root.path(), &small_library());
        library.delete_for_good = delete_for_good;
        library.playlists[1].entries = vec![3];
        let plan = open(root.path()).plan(&library).unwrap();
        assert!(plan.playlists_edited.is_empty() && plan.playlist_writes.len() == 1, "{plan:?}");
        for list in ["Walk", "Evening"] {
            fs::write(root.path().join(format!("Playlists/{list}.m3u8")), "#EXTM3U\nmy order\n").unwrap();
        }
        // One is rewritten, the other one goes.
        library.playlists.remove(0);
        let (plan, _) = sync(root.path(), &library);
        assert_eq!(plan.playlists_edited, ["Playlists/Walk.m3u8", "Playlists/Evening.m3u8"]);
        assert!(plan.playlist_removals.iter().all(|list| list.to_trash), "{plan:?}");
        let kept = trashed(&open(root.path()));
        assert!(plan.playlists_edited.iter().all(|list| kept.contains(list)), "{kept:?}");
        library = small_library();
    }
    // As it was written it can be made again.
    let root = tempfile::tempdir().unwrap();
    sync(root.path(), &library);
    library.delete_for_good = true;
    library.playlists.truncate(1);
    let (plan, _) = sync(root.path(), &library);
    assert!(plan.playlists_edited.is_empty() && !plan.playlist_removals[0].to_trash, "{plan:?}");
    assert_eq!(trashed(&open(root.path())), [""; 0]);
}

#[test]
fn tracks_that_arrive_later_join_their_playlist() {
    let root = tempfile::tempdir().unwrap();
    let target = open(root.path());
    let plan = target.plan(&small_library()).unwrap();
    // The engine could not convert the others.
    let gull = plan.writes.iter().find(|write| write.identity == "id-gull").unwrap();
    put(&target, gull).unwrap();
    target.finish(&plan).unwrap();
    let evening = || fs::read_to_string(root.path().join("Playlists/Evening.m3u8")).unwrap();
    assert_eq!(evening().matches(".mp3").count(), 1);
    let plan = target.plan(&small_library()).unwrap();
    assert_eq!((plan.writes.len(), plan.playlist_writes.len()), (3, 2));
    perform(&target, &plan);
    assert_eq!(evening().matches(".mp3").count(), 2);
}

#[test]
fn what_vanished_and_was_not_written_again_is_in_no_playlist() {
    let root = tempfile::tempdir().unwrap();
    let mut library = small_library();
    sync(root.path(), &library);
    let list = root.path().join("Playlists/Walk.m3u8");
    let names = || fs::read_to_string(&list).unwrap().matches("Ash.mp3").count();
    fs::remove_file(root.path().join("Music/Ada Fjell/Ash.mp3")).unwrap();
    // It could be made, and the run ends before it is.
    let target = open(root.path());
    let plan = target.plan(&library).unwrap();
    assert_eq!(plan.writes.len(), 1);
    target.finish(&plan).unwrap();
    drop(target);
    assert_eq!(names(), 0, "it is not there");
    sync(root.path(), &library);
    assert_eq!(names(), 2);
    // It cannot be made.
    fs::remove_file(root.path().join("Music/Ada Fjell/Ash.mp3")).unwrap();
    for track in &mut library.tracks {
        track.can_be_made = false;
    }
    sync(root.path(), &library);
    assert_eq!(names(), 0, "at once, not after another run");
    assert!(sync(root.path(), &library).0.is_empty());
}

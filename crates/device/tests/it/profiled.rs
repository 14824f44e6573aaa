//! What a profile asks for is what comes to lie on the player, and the same run again changes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use ferrotape_device::{
    Desired, FileOrder, Folders, PathStyle, Profile, Profiles, Target, WhyNoRoom, WhyRemoved,
};

use crate::support::{perform, playlist, put, snapshot, track};

pub(crate) fn sync_by(root: &Path, profile: &Profile, desired: &Desired) -> ferrotape_device::SyncPlan {
    let target = Target::open(root, profile.clone()).unwrap();
    let plan = target.plan(desired).unwrap();
    target.note_profile().unwrap();
    perform(&target, &plan);
    plan
}

pub(crate) fn is_settled(root: &Path, profile: &Profile, desired: &Desired) -> bool {
    Target::open(root, profile.clone()).unwrap().plan(desired).unwrap().is_empty()
}

/// One artist, one album, so many tracks; one list of all of them.
fn album(tracks: usize) -> Desired {
    let tracks: Vec<_> = (1..)
        .take(tracks)
        .map(|n| track(&format!("id{n:03}"), "Ada Fjell", "Low Water", n, &format!("Track {n:03}")))
        .collect();
    let entries: Vec<usize> = (0..tracks.len()).collect();
    Desired { playlists: vec![playlist("walk", "Walk", &entries)], tracks, ..Desired::default() }
}

pub(crate) fn files_below(root: &Path, folder: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(root.join(folder)).unwrap();
    entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn a_folder_holds_no_more_files_than_the_player_reads() {
    let root = tempfile::tempdir().unwrap();
    let mut profile = Profile::generic();
    profile.folders.max_files = 10;
    // The user's own file in the folder counts, too.
    fs::create_dir_all(root.path().join("Music/Ada Fjell/Low Water")).unwrap();
    fs::write(root.path().join("Music/Ada Fjell/Low Water/mine.mp3"), b"mine").unwrap();
    let desired = album(25);
    sync_by(root.path(), &profile, &desired);
    for (folder, files) in [("Low Water", 10), ("Low Water (2)", 10), ("Low Water (3)", 6)] {
        assert_eq!(files_below(root.path(), &format!("Music/Ada Fjell/{folder}")).len(), files, "{folder}");
    }
    assert!(is_settled(root.path(), &profile, &desired));
}

#[test]
fn tracks_and_folders_beyond_what_the_player_shows_do_not_fit() {
    let root = tempfile::tempdir().unwrap();
    let mut profile = Profile::generic();
    profile.folders.max_tracks = 4;
    let plan = sync_by(root.path(), &profile, &album(6));
    let why: Vec<_> = plan.does_not_fit.iter().map(|one| (one.track, one.why)).collect();
    assert_eq!(why, [(4, WhyNoRoom::TooManyTracks), (5, WhyNoRoom::TooManyTracks)]);
    assert!(is_settled(root.path(), &profile, &album(6)));

    let root = tempfile::tempdir().unwrap();
    profile.folders.max_tracks = 0;
    profile.folders.max_folders = 4;
    let mut desired = album(1);
    desired.tracks.push(track("other", "Bo Vik", "Tides", 1, "Ebb"));
    desired.playlists[0].entries.push(1);
    let plan = sync_by(root.path(), &profile, &desired);
    assert_eq!(plan.writes.len(), 1, "Music, the artist, the album and Playlists are four");
    assert_eq!(plan.does_not_fit[0].why, WhyNoRoom::TooManyFolders);
}

#[test]
fn an_earlier_list_takes_the_room_of_a_later_one_where_the_user_says_so() {
    let root = tempfile::tempdir().unwrap();
    let mut profile = Profile::generic();
    profile.folders.max_tracks = 4;
    sync_by(root.path(), &profile, &album(4));
    let mut desired = album(4);
    desired
        .tracks
        .extend([1, 2].map(|n| track(&format!("gym{n}"), "Bo Vik", "Tides", n, &format!("Ebb {n}"))));
    desired.playlists.insert(0, playlist("gym", "Gym", &[4, 5]));
    desired.by_list = true;
    let plan = sync_by(root.path(), &profile, &desired);
    assert!(plan.is_empty() && plan.unchanged.len() == 4, "what is there stays and plays: {plan:?}");
    assert!(plan.does_not_fit.len() == 2 && plan.does_not_fit.iter().all(|one| one.with_delete), "{plan:?}");
    let last =
        ["04 - Track 004.mp3", "03 - Track 003.mp3"].map(|name| format!("Music/Ada Fjell/Low Water/{name}"));
    assert_eq!(plan.later_lists, last, "the least important first");

    desired.delete_for_good = true;
    let plan = sync_by(root.path(), &profile, &desired);
    assert_eq!((plan.writes.len(), plan.removals.len(), plan.remove_first), (2, 2, false), "{plan:?}");
    assert!(plan.removals.iter().all(|one| last.contains(&one.path) && one.why == WhyRemoved::LaterList));
    let mut waiting: Vec<usize> = plan.does_not_fit.iter().map(|one| one.track).collect();
    waiting.sort_unstable();
    assert_eq!(waiting, [2, 3]);
    let list = |name: &str| fs::read_to_string(root.path().join(format!("Playlists/{name}.m3u8"))).unwrap();
    assert_eq!((list("Gym").matches(".mp3").count(), list("Walk").matches(".mp3").count()), (2, 2));
    assert!(
        is_settled(root.path(), &profile, &desired),
        "and nothing of one list makes way for another of it"
    );
}

#[test]
fn what_lies_there_beyond_a_lowered_limit_is_told() {
    let root = tempfile::tempdir().unwrap();
    let mut profile = Profile::generic();
    profile.folders.max_tracks = 10;
    assert_eq!(sync_by(root.path(), &profile, &album(10)).beyond_shown, None);
    fs::write(root.path().join("mine.mp3"), b"mine").unwrap();
    profile.folders.max_tracks = 8;
    let plan = sync_by(root.path(), &profile, &album(10));
    assert!(plan.is_empty(), "nothing goes unasked: {plan:?}");
    let beyond = plan.beyond_shown.unwrap();
    assert_eq!(
        (beyond.most_tracks, beyond.beyond, beyond.least.len()),
        (8, 3, 3),
        "one of the owner's counts"
    );
    assert!(
        beyond.least[0].ends_with("Track 010.mp3") && beyond.least[2].ends_with("Track 008.mp3"),
        "{beyond:?}"
    );
}

#[test]
fn what_the_owner_has_there_counts_for_the_limits_of_the_player() {
    let with_own = |files: &[&str]| {
        let root = tempfile::tempdir().unwrap();
        for file in files {
            let file = root.path().join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, b"mine").unwrap();
        }
        root
    };
    let mut profile = Profile::generic();
    profile.folders.max_tracks = 4;
    let root = with_own(&["mine.MP3", "Old/a.flac", "Old/note.txt", ".hidden/b.mp3", "$RECYCLE.BIN/c.mp3"]);
    let plan = sync_by(root.path(), &profile, &album(6));
    assert_eq!((plan.writes.len(), plan.does_not_fit.len()), (2, 4), "{plan:?}");
    assert!(plan.does_not_fit.iter().all(|one| one.why == WhyNoRoom::TooManyTracks));
    assert!(is_settled(root.path(), &profile, &album(6)), "ours are not counted twice");

    profile.folders.max_tracks = 0;
    profile.folders.max_folders = 5;
    for (own, writes) in [(["Old/a.mp3", "Old/b.mp3"], 1), (["Old/a.mp3", "New/b.mp3"], 0)] {
        let plan = sync_by(with_own(&own).path(), &profile, &album(1));
        assert_eq!(plan.writes.len(), writes, "{own:?}: Music, the artist, the album and Playlists are four");
    }

    profile.folders.max_folders = 0;
    profile.playlists.max_playlists = 2;
    let mut desired = album(1);
    desired.playlists.push(playlist("run", "Run", &[0]));
    let root = with_own(&["Lists/mine.m3u"]);
    let plan = sync_by(root.path(), &profile, &desired);
    assert_eq!((plan.playlist_writes.len(), plan.playlists_left_out), (1, vec!["Run".to_owned()]));
    assert!(is_settled(root.path(), &profile, &desired));
}

#[test]
fn a_list_that_is_too_long_becomes_several() {
    let root = tempfile::tempdir().unwrap();
    let mut profile = Profile::generic();
    profile.playlists.max_entries = 10;
    profile.playlists.paths = PathStyle::RelativeBackslash;
    let desired = album(25);
    sync_by(root.path(), &profile, &desired);
    let lists = ["Walk.m3u8", "Walk 2.m3u8", "Walk 3.m3u8"];
    assert_eq!(files_below(root.path(), "Playlists"), lists.map(str::to_owned).into());
    let text = fs::read_to_string(root.path().join("Playlists/Walk 3.m3u8")).unwrap();
    let paths: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(paths.len(), 5);
    assert!(paths[0].starts_with("..\\Music\\Ada Fjell\\"), "{}", paths[0]);
    assert!(is_settled(root.path(), &profile, &desired));
    // A run about something else keeps all three; a shorter list takes the others away.
    let other = Desired { keep_other_playlists: true, ..Desired::default() };
    sync_by(root.path(), &profile, &other);
    assert_eq!(files_below(root.path(), "Playlists").len(), 3);
    sync_by(root.path(), &profile, &album(8));
    assert_eq!(files_below(root.path(), "Playlists"), ["Walk.m3u8".to_owned()].into());

    let root = tempfile::tempdir().unwrap();
    (profile.playlists.max_entries, profile.playlists.max_bytes) = (0, 1_000);
    sync_by(root.path(), &profile, &desired);
    let sizes: Vec<u64> = files_below(root.path(), "Playlists")
        .iter()
        .map(|name| root.path().join("Playlists").join(name).metadata().unwrap().len())
        .collect();
    assert!(sizes.len() > 1 && sizes.iter().all(|bytes| *bytes <= 1_000), "{sizes:?}");
}

#[test]
fn everything_may_lie_in_the_root_of_a_player_that_reads_no_lists() {
    let root = tempfile::tempdir().unwrap();
    let mut profile = Profile::generic();
    profile.folders.music = String::new();
    profile.folders.layout = Folders::None;
    profile.playlists.write = false;
    profile.copy.trash = false;
    sync_by(root.path(), &profile, &album(3));
    assert!(root.path().join("Ada Fjell - Low Water - 01 - Track 001.mp3").is_file());
    assert!(!root.path().join("Playlists").exists());
    assert!(is_settled(root.path(), &profile, &album(3)));
    let plan = sync_by(root.path(), &profile, &album(1));
    assert!(plan.removals.iter().all(|removal| !removal.to_trash) && plan.removals.len() == 2);
    assert!(!root.path().join(".ferrotape/trash").exists());
}

#[test]
fn killed_after_the_last_file_the_next_run_still_puts_all_in_order() {
    let root = tempfile::tempdir().unwrap();
    let mut profile = Profile::generic();
    profile.copy.order = FileOrder::Modified;
    let desired = album(5);
    let target = Target::open(root.path(), profile.clone()).unwrap();
    let plan = target.plan(&desired).unwrap();
    for write in plan.writes.iter().rev() {
        put(&target, write).unwrap();
        // Two in one moment would be in no order.
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    drop(target);
    let times = || {
        let folder = "Music/Ada Fjell/Low Water";
        let time =
            |name: &String| root.path().join(folder).join(name).metadata().unwrap().modified().unwrap();
        files_below(root.path(), folder).iter().map(time).collect::<Vec<_>>()
    };
    assert!(!times().is_sorted());
    assert!(Target::open(root.path(), profile.clone()).unwrap().settled().unwrap().is_none());
    assert!(sync_by(root.path(), &profile, &desired).writes.is_empty());
    assert!(times().is_sorted());
    assert!(Target::open(root.path(), profile).unwrap().settled().unwrap().is_some());
}

#[test]
fn another_order_in_the_profile_is_put_right_once_and_told_before() {
    let root = tempfile::tempdir().unwrap();
    let (any, mut by_time) = (Profile::generic(), Profile::generic());
    by_time.copy.order = FileOrder::Modified;
    let desired = album(5);
    let target = Target::open(root.path(), any).unwrap();
    let plan = target.plan(&desired).unwrap();
    for write in plan.writes.iter().rev() {
        put(&target, write).unwrap();
        // Two in one moment would be in no order.
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    target.finish(&plan).unwrap();
    drop(target);
    for target in [Target::preview(root.path(), by_time.clone()), Target::open(root.path(), by_time.clone())]
    {
        let plan = target.unwrap().plan(&desired).unwrap();
        assert!(plan.reorders && !plan.is_empty() && plan.writes.is_empty(), "{plan:?}");
    }
    sync_by(root.path(), &by_time, &desired);
    let folder = root.path().join("Music/Ada Fjell/Low Water");
    let names = files_below(root.path(), "Music/Ada Fjell/Low Water");
    let times: Vec<_> =
        names.iter().map(|name| folder.join(name).metadata().unwrap().modified().unwrap()).collect();
    assert!(times.is_sorted());
    assert!(is_settled(root.path(), &by_time, &desired));

    // What an older ferrotape has put in order says nothing of it, and nothing is written for that.
    let word = root.path().join(".ferrotape/ordered");
    assert_eq!(fs::read_to_string(&word).unwrap(), "modified\n");
    fs::remove_file(&word).unwrap();
    // The profile by which it was filled last is noted already.
    let before = snapshot(root.path());
    for _ in 0..2 {
        assert!(sync_by(root.path(), &by_time, &desired).is_empty());
        assert_eq!(snapshot(root.path()), before);
    }
}

#[test]
fn lists_beyond_those_that_the_player_reads_are_told_and_their_tracks_come() {
    let root = tempfile::tempdir().unwrap();
    let mut profile = Profile::generic();
    profile.playlists.max_playlists = 2;
    let mut desired = album(3);
    desired.playlists =
        [("none", "Empty", None), ("a", "First", Some(0)), ("b", "Second", Some(1)), ("c", "Third", Some(2))]
            .map(|(key, name, entry)| playlist(key, name, entry.as_slice()))
            .to_vec();
    let there = |names: &[&str]| {
        let names: BTreeSet<String> = names.iter().map(|name| format!("{name}.m3u8")).collect();
        assert_eq!(files_below(root.path(), "Playlists"), names);
    };
    let plan = sync_by(root.path(), &profile, &desired);
    assert_eq!((plan.writes.len(), plan.playlists_left_out), (3, vec!["Third".to_owned()]));
    there(&["First", "Second"]);
    assert!(is_settled(root.path(), &profile, &desired));

    desired.playlists.rotate_right(1);
    let plan = sync_by(root.path(), &profile, &desired);
    assert_eq!((plan.playlist_writes.len(), plan.playlist_removals.len()), (1, 1));
    assert_eq!(plan.playlists_left_out, ["Second"], "what is named first has a file");
    there(&["First", "Third"]);
    assert!(is_settled(root.path(), &profile, &desired));

    // Those of other runs come after, and have their files again when there is a place for them.
    let mut other = album(1);
    other.playlists = vec![playlist("o", "Other", &[0])];
    other.keep_other_playlists = true;
    let plan = sync_by(root.path(), &profile, &other);
    assert_eq!(
        (plan.removals.len(), plan.playlists_left_out),
        (0, vec!["Second".to_owned(), "Third".to_owned()])
    );
    there(&["First", "Other"]);
    profile.playlists.max_playlists = 0;
    assert_eq!(sync_by(root.path(), &profile, &other).playlists_left_out, [""; 0]);
    there(&["First", "Other", "Second", "Third"]);
}

#[test]
fn a_list_takes_the_name_of_one_that_loses_its_file() {
    let root = tempfile::tempdir().unwrap();
    let mut profile = Profile::generic();
    profile.playlists.max_playlists = 1;
    let mut desired = album(2);
    desired.playlists = vec![playlist("b", "Walk", &[0])];
    sync_by(root.path(), &profile, &desired);
    desired.playlists = vec![playlist("c", "Walk", &[1]), playlist("b", "Walk", &[0])];
    assert_eq!(sync_by(root.path(), &profile, &desired).playlists_left_out, ["Walk"]);
    let walk = fs::read_to_string(root.path().join("Playlists/Walk.m3u8")).unwrap();
    assert!(walk.contains("Track 002") && !walk.contains("Track 001"), "{walk}");
    assert!(is_settled(root.path(), &profile, &desired));
}

#[test]
fn every_built_in_profile_fills_a_folder_and_settles() {
    for profile in Profiles::built_in().all() {
        let root = tempfile::tempdir().unwrap();
        let mut desired = album(12);
        desired.tracks[3] = track("odd", "Björk 🎵", "Тайна: \"AC/DC\"?", 4, "曲 ...");
        sync_by(root.path(), profile, &desired);
        assert!(is_settled(root.path(), profile, &desired), "{}", profile.name);
        let remembered = ferrotape_device::notes_on(root.path()).unwrap().filled_by;
        assert_eq!(remembered.as_deref(), Some(profile.name.as_str()));
    }
}

#[test]
fn a_target_that_is_only_opened_does_not_change_the_profile_it_is_filled_by() {
    let root = tempfile::tempdir().unwrap();
    let noted = || ferrotape_device::notes_on(root.path()).unwrap().filled_by;
    let mut other = Profile::generic();
    other.name = "other".to_owned();
    drop(Target::open(root.path(), other.clone()).unwrap());
    assert_eq!(noted(), None);
    sync_by(root.path(), &Profile::generic(), &album(1));
    drop(Target::open(root.path(), other.clone()).unwrap().plan(&album(1)).unwrap());
    assert_eq!(noted().as_deref(), Some("generic"));
    sync_by(root.path(), &other, &album(1));
    assert_eq!(noted().as_deref(), Some("other"));
}

/// One album larger than any folder may be, and more albums than any player shows.
fn large() -> Desired {
    let mut desired = album(260);
    for n in 0..260 {
        desired.tracks.push(track(
            &format!("o{n:03}"),
            &format!("Band {n}"),
            &format!("Album {n}"),
            1,
            "Ebb",
        ));
    }
    desired.playlists[0].entries = (0..desired.tracks.len()).collect();
    desired
}

#[test]
fn every_built_in_profile_keeps_its_limits() {
    let mut limited = 0;
    for profile in Profiles::built_in().all() {
        let root = tempfile::tempdir().unwrap();
        let plan = Target::open(root.path(), profile.clone()).unwrap().plan(&large()).unwrap();
        let (mut folders, mut files) = (BTreeSet::new(), BTreeMap::<&str, usize>::new());
        let lists = plan.playlist_writes.iter().map(|list| list.path.as_str());
        for path in plan.writes.iter().map(|write| write.path.as_str()).chain(lists) {
            folders.extend(path.match_indices('/').map(|(at, _)| &path[..at]));
            *files.entry(path.rsplit_once('/').map_or("", |(folder, _)| folder)).or_default() += 1;
        }
        let (rules, within) = (&profile.folders, |count: usize, most: usize| most == 0 || count <= most);
        assert!(within(plan.writes.len(), rules.max_tracks), "{}: tracks", profile.name);
        assert!(within(folders.len(), rules.max_folders), "{}: {} folders", profile.name, folders.len());
        assert!(files.values().all(|count| within(*count, rules.max_files)), "{}: {files:?}", profile.name);
        let most = profile.playlists.max_entries;
        assert!(plan.playlist_writes.iter().all(|list| within(list.entries, most)), "{}", profile.name);
        assert_eq!(plan.writes.len() + plan.does_not_fit.len(), 520, "{}", profile.name);
        limited += usize::from(!plan.does_not_fit.is_empty());
    }
    assert!(limited >= 5, "some players show fewer than these");
}

#[test]
fn lists_that_one_profile_has_no_files_for_come_back_with_another() {
    let root = tempfile::tempdir().unwrap();
    let with_files = Profile::generic();
    let mut without = Profile::generic();
    without.playlists.write = false;
    let mut both = album(3);
    both.playlists.push(playlist("gym", "Gym", &[1]));
    let one = Desired { keep_other_playlists: true, ..album(3) };
    sync_by(root.path(), &with_files, &both);
    sync_by(root.path(), &without, &one);
    assert!(!root.path().join("Playlists").exists(), "it reads none");
    sync_by(root.path(), &with_files, &one);
    let lists: Vec<String> = files_below(root.path(), "Playlists").into_iter().collect();
    assert_eq!(lists, ["Gym.m3u8", "Walk.m3u8"]);
    assert!(is_settled(root.path(), &with_files, &one));
}

//! What every place that can be filled must keep to, whatever it is reached by.

mod mtp;
pub(crate) mod site;

use std::fs;
use std::io::Write;
use std::time::Duration;

use ferrotape_device::{Desired, DeviceError, Profile, Target};
use site::{KINDS, Kind, Site};

use crate::support::{bytes_of, perform, put, small_library, snapshot, track, trashed, visible};

const GULL: &str = "Music/Nordlys/Harbour/01 - Gull.mp3";
const TIDE: &str = "Music/Nordlys/Harbour/02 - Tide.mp3";
const ASH: &str = "Music/Ada Fjell/Ash.mp3";
const OAK: &str = "Music/Ada Fjell/Woods/07 - Oak.mp3";

fn everywhere(test: impl Fn(Site)) {
    KINDS.into_iter().map(Site::new).for_each(test);
}

/// Everything that is shown, with its bytes.
fn contents(site: &Site) -> Vec<(String, Vec<u8>)> {
    visible(&site.music()).into_iter().map(|path| (path.clone(), site.read(&path))).collect()
}

#[test]
fn a_look_at_an_empty_one_changes_nothing() {
    everywhere(|site| {
        let target = site.preview();
        let plan = target.plan(&small_library()).unwrap();
        assert_eq!((plan.writes.len(), target.is_new()), (4, true));
        assert!(matches!(target.stage(&plan.writes[0]), Err(DeviceError::NotWritable { .. })));
        assert_eq!(visible(&site.music()), [""; 0]);
    });
}

#[test]
fn a_library_arrives_and_a_second_run_writes_nothing() {
    everywhere(|site| {
        let (plan, receipt) = site.sync(&small_library());
        assert_eq!((plan.writes.len(), receipt.files_written, receipt.playlists_written), (4, 4, 2));
        assert_eq!(
            visible(&site.music()),
            [ASH, OAK, GULL, TIDE, "Playlists/Evening.m3u8", "Playlists/Walk.m3u8"]
        );
        assert_eq!(site.read(GULL), bytes_of("id-gull v1"));
        let evening = String::from_utf8(site.read("Playlists/Evening.m3u8")).unwrap();
        assert!(evening.contains("../Music/Nordlys/Harbour/02 - Tide.mp3\r\n"), "{evening}");

        let before = snapshot(&site.music());
        let (again, receipt) = site.sync(&small_library());
        assert!(again.is_empty() && again.unchanged.len() == 4, "{again:?}");
        assert_eq!((receipt.files_written, receipt.manifest_written), (0, false));
        assert_eq!(snapshot(&site.music()), before, "not one byte, not one time");
    });
}

#[test]
fn a_changed_file_takes_the_place_of_the_old_one() {
    everywhere(|site| {
        let mut library = small_library();
        site.sync(&library);
        library.tracks[0].recipe = "louder".to_owned();
        library.tracks[1].recipe = "renamed".to_owned();
        library.tracks[1].tags.title = Some("Tides".to_owned());
        let (plan, _) = site.sync(&library);
        assert_eq!(plan.writes.len(), 2);
        assert_eq!(site.read(GULL), bytes_of("louder"));
        assert_eq!(site.read("Music/Nordlys/Harbour/02 - Tides.mp3"), bytes_of("renamed"));
        assert!(!site.has(TIDE));
        assert_eq!(trashed(&site.open()), [""; 0], "our own older versions are no loss");
        assert!(site.sync(&library).0.is_empty());
    });
}

#[test]
fn what_is_not_wanted_goes_to_the_trash_with_its_folder_and_for_good_where_told_so() {
    everywhere(|site| {
        let mut library = small_library();
        site.sync(&library);
        library.playlists[1].entries.retain(|entry| *entry != 3);
        library.tracks.truncate(3);
        let target = site.open();
        let plan = target.plan(&library).unwrap();
        perform(&target, &plan);
        assert_eq!(trashed(&target), [OAK]);
        let kept = target.trashed().unwrap().swap_remove(0);
        assert_eq!(kept.bytes, bytes_of("id-oak v1").len() as u64);
        let trash = site.ours().parent().unwrap().join(&kept.path);
        assert_eq!(fs::read(trash).unwrap(), bytes_of("id-oak v1"));
        assert!(!site.has("Music/Ada Fjell/Woods") && site.has(ASH));
        assert_eq!((target.empty_trash().unwrap().files, trashed(&target).len()), (1, 0));
        drop(target);
        assert!(site.sync(&library).0.is_empty());

        let nothing = Desired { delete_for_good: true, ..Desired::default() };
        let (_, receipt) = site.sync(&nothing);
        assert_eq!((receipt.files_removed, receipt.playlists_removed, receipt.files_total), (3, 2, 0));
        assert_eq!(visible(&site.music()), [""; 0]);
        assert!(!site.has("Music") && !site.has("Playlists"));
        assert_eq!(trashed(&site.open()), [""; 0]);
    });
}

#[test]
fn another_layout_renames_without_making_anything_anew() {
    everywhere(|site| {
        site.sync(&small_library());
        let mut profile = Profile::generic();
        profile.folders.music = "Tracks".to_owned();
        let site = site.with(profile);
        let (plan, receipt) = site.sync(&small_library());
        assert_eq!((plan.renames.len(), plan.writes.len(), plan.playlist_writes.len()), (4, 0, 2));
        assert_eq!((receipt.files_renamed, receipt.files_written), (4, 0));
        assert_eq!(site.read("Tracks/Ada Fjell/Ash.mp3"), bytes_of("id-ash v1"));
        assert!(!site.has("Music"));
        assert!(site.sync(&small_library()).0.is_empty());
    });
}

#[test]
fn another_name_in_the_same_folder_needs_no_new_file() {
    everywhere(|site| {
        let mut library = small_library();
        site.sync(&library);
        // The recipe is the same: only the name differs.
        library.tracks[1].tags.title = Some("Tides".to_owned());
        let (plan, receipt) = site.sync(&library);
        assert_eq!((plan.renames.len(), receipt.files_renamed, receipt.files_written), (1, 1, 0));
        assert_eq!(site.read("Music/Nordlys/Harbour/02 - Tides.mp3"), bytes_of("id-tide v1"));
        assert!(!site.has(TIDE) && site.sync(&library).0.is_empty());
    });
}

#[test]
fn files_of_the_users_are_never_touched() {
    everywhere(|site| {
        site.put(GULL, "my own");
        site.put("Playlists/Walk.m3u8", "my list");
        // A file where an artist's folder should be.
        site.put("Music/Ada Fjell", "a note");
        let (plan, _) = site.sync(&small_library());
        assert_eq!(plan.occupied_by_user.len(), 2);
        assert!(site.has("Music/Nordlys/Harbour/01 - Gull (2).mp3") && site.has("Playlists/Walk (2).m3u8"));
        assert!(site.has("Music/Ada Fjell (2)/Ash.mp3"));
        assert!(site.sync(&small_library()).0.is_empty(), "names are stable");
        site.put("Music/Nordlys/Harbour/mine.txt", "mine");
        site.sync(&Desired::default());
        let mine = ["Music/Ada Fjell", GULL, "Music/Nordlys/Harbour/mine.txt", "Playlists/Walk.m3u8"];
        assert_eq!(visible(&site.music()), mine);
        assert_eq!(
            (site.read(GULL), site.read("Playlists/Walk.m3u8")),
            (b"my own".into(), b"my list".into())
        );
    });
}

#[test]
fn a_file_that_appears_after_the_plan_is_left_alone() {
    everywhere(|site| {
        let target = site.open();
        let plan = target.plan(&small_library()).unwrap();
        site.put(&plan.writes[0].path, "mine");
        // What was listed is believed for a moment.
        std::thread::sleep(Duration::from_millis(200));
        assert!(matches!(put(&target, &plan.writes[0]), Err(DeviceError::Occupied { .. })));
        drop(target);
        let target = site.open();
        assert_eq!(site.read(&plan.writes[0].path), b"mine", "recovery leaves it alone too");
        let again = target.plan(&small_library()).unwrap();
        perform(&target, &again);
        assert_eq!(site.read(&plan.writes[0].path), b"mine");
    });
}

#[test]
fn what_vanished_or_changed_on_it_is_written_again() {
    everywhere(|site| {
        site.sync(&small_library());
        fs::remove_file(site.music().join(ASH)).unwrap();
        site.put(TIDE, "cut by hand");
        let target = site.open();
        let plan = target.plan(&small_library()).unwrap();
        assert_eq!(plan.writes.len(), 2);
        perform(&target, &plan);
        assert_eq!((site.read(ASH), site.read(TIDE)), (bytes_of("id-ash v1"), bytes_of("id-tide v1")));
        assert_eq!(trashed(&target), [TIDE], "the changed one is kept");
        drop(target);
        assert!(site.sync(&small_library()).0.is_empty());
    });
}

#[test]
fn killed_after_any_number_of_files_the_next_run_writes_only_the_rest() {
    for done in 0..=4 {
        everywhere(|site| {
            let target = site.open();
            let plan = target.plan(&small_library()).unwrap();
            plan.writes.iter().take(done).for_each(|write| put(&target, write).unwrap());
            if let Some(next) = plan.writes.get(done) {
                let mut half = target.stage(next).unwrap();
                half.file_mut().write_all(b"half").unwrap();
                std::mem::forget(half);
            }
            drop(target);
            let target = site.open();
            assert_eq!(target.recovery().adopted.len(), done);
            assert_eq!(target.recovery().swept, usize::from(done < 4));
            let plan = target.plan(&small_library()).unwrap();
            assert_eq!((plan.unchanged.len(), plan.writes.len()), (done, 4 - done));
            perform(&target, &plan);
            drop(target);
            let whole = Site::new(site.kind);
            whole.sync(&small_library());
            assert_eq!(contents(&site), contents(&whole));
            assert!(site.sync(&small_library()).0.is_empty());
        });
    }
}

#[test]
fn a_file_of_the_wrong_size_or_content_is_not_believed_after_a_kill() {
    everywhere(|site| {
        let target = site.open();
        let plan = target.plan(&small_library()).unwrap();
        plan.writes.iter().take(2).for_each(|write| put(&target, write).unwrap());
        drop(target);
        let (cut, zeroed) = (&plan.writes[0].path, &plan.writes[1].path);
        let size = site.read(zeroed).len();
        site.put(cut, "");
        site.put(zeroed, vec![0; size]);
        let target = site.open();
        assert_eq!((target.recovery().distrusted.len(), trashed(&target).len()), (2, 2));
        assert!(!site.has(cut) && !site.has(zeroed));
        let plan = target.plan(&small_library()).unwrap();
        assert_eq!(plan.writes.len(), 4);
        perform(&target, &plan);
        drop(target);
        assert!(site.sync(&small_library()).0.is_empty());
    });
}

#[test]
fn a_player_that_fills_up_keeps_what_is_on_it() {
    // Without MTP this needs a file system of that size; see `fat`.
    for kind in KINDS.into_iter().filter(|kind| *kind != Kind::Folder) {
        let mut description = site::description(kind);
        description["storages"][0]["capacity"] = 3_000_000.into();
        let site = Site::described(kind, &description);
        let mut library = small_library();
        site.sync(&library);
        site.put("Films/long.mkv", vec![7; 1_990_000]);
        library.tracks.push(track("id-new", "Nordlys", "Harbour", 3, "New"));
        let target = site.open();
        let plan = target.plan(&library).unwrap();
        assert_eq!((plan.writes.len(), plan.does_not_fit.len()), (0, 1), "{plan:?}");
        drop(target);
        // Filled by somebody else after the plan was made.
        fs::remove_file(site.music().join("Films/long.mkv")).unwrap();
        let target = site.open();
        let mut library = small_library();
        library.tracks[0].recipe = "louder".to_owned();
        library.tracks[0].identity = "id-other".to_owned();
        let plan = target.plan(&library).unwrap();
        site.put("Films/long.mkv", vec![7; 2_900_000]);
        let full = put(&target, &plan.writes[0]).unwrap_err();
        assert!(full.is_no_space() && full.to_string().contains("no space left"), "{full}");
    }
}

#[test]
fn a_list_that_was_edited_there_is_kept() {
    everywhere(|site| {
        let mut library = small_library();
        site.sync(&library);
        site.put("Playlists/Evening.m3u8", "edited on the player");
        library.playlists[0].entries = vec![0];
        let (_, receipt) = site.sync(&library);
        assert_eq!(receipt.playlists_written, 1);
        assert_eq!(trashed(&site.open()), ["Playlists/Evening.m3u8"]);
        assert!(site.sync(&library).0.is_empty());
    });
}

#[test]
fn two_at_once_are_refused() {
    let site = Site::new(Kind::Folder);
    let _first = site.open();
    assert!(matches!(site.try_open(), Err(DeviceError::Locked { .. })));
    let site = Site::new(Kind::Phone);
    let first: Target = site.open();
    assert!(matches!(site.try_open(), Err(DeviceError::Locked { .. })));
    drop(first);
    site.open();
}

//! What was tagged anew where it comes from: the same sound under another identity.

use std::fs;
use std::io::Write;

use ferrotape_device::{Desired, Target, WhyWritten};

use crate::support::{bytes_of, open, perform, publish, small_library, sum_of, sync, trashed};

const GULL: &str = "Music/Nordlys/Harbour/01 - Gull.mp3";

/// The small library, with “Gull” under other bytes.
fn anew() -> Desired {
    let mut library = small_library();
    library.tracks[0].identity = "id-gull-anew".to_owned();
    library.tracks[0].recipe = "id-gull-anew v1".to_owned();
    library.retagged = [("id-gull".to_owned(), "id-gull-anew".to_owned())].into();
    library
}

fn evening(target: &Target) -> String {
    fs::read_to_string(target.path().join("Playlists/Evening.m3u8")).unwrap()
}

#[test]
fn its_file_is_written_anew_in_its_place_and_nothing_is_removed() {
    let root = tempfile::tempdir().unwrap();
    sync(root.path(), &small_library());
    let before = fs::read(root.path().join(GULL)).unwrap();
    let target = open(root.path());
    let plan = target.plan(&anew()).unwrap();
    assert!(plan.removals.is_empty() && plan.removes_share < 1e-9, "{plan:?}");
    let writes: Vec<_> = plan.writes.iter().map(|write| (write.path.as_str(), write.why)).collect();
    assert_eq!(writes, [(GULL, WhyWritten::Changed)]);
    let receipt = perform(&target, &plan);
    assert_eq!((receipt.files_written, receipt.files_removed, receipt.files_total), (1, 0, 4));
    assert!(trashed(&target).is_empty());
    assert_ne!(fs::read(root.path().join(GULL)).unwrap(), before);
    assert!(evening(&target).contains(&format!("../{GULL}")));
    drop(target);
    assert!(sync(root.path(), &anew()).0.is_empty(), "it is known under its new identity");
}

#[test]
fn under_another_title_it_gets_that_name_and_the_lists_of_other_runs_follow() {
    let root = tempfile::tempdir().unwrap();
    sync(root.path(), &small_library());
    let mut library = anew();
    library.keep_other_playlists = true;
    library.playlists.truncate(1);
    library.tracks.truncate(2);
    library.tracks[0].tags.title = Some("Gulls".to_owned());
    let (plan, _) = sync(root.path(), &library);
    assert!(plan.removals.is_empty(), "{plan:?}");
    let target = open(root.path());
    assert!(trashed(&target).is_empty() && !root.path().join(GULL).exists());
    let walk = fs::read_to_string(root.path().join("Playlists/Walk.m3u8")).unwrap();
    let renamed = "../Music/Nordlys/Harbour/01 - Gulls.mp3";
    assert!(walk.contains(renamed) && evening(&target).contains(renamed), "{walk}");
}

#[test]
fn a_run_that_is_cut_off_leaves_it_under_the_one_identity_or_the_other() {
    for came in [false, true] {
        let root = tempfile::tempdir().unwrap();
        sync(root.path(), &small_library());
        let target = open(root.path());
        let plan = target.plan(&anew()).unwrap();
        target.carry_along(&plan);
        if came {
            publish(&target, &plan.writes[0]).unwrap();
            assert!(target.place_rest().is_empty());
        }
        drop(target);
        let (plan, receipt) = sync(root.path(), &anew());
        assert!(plan.removals.is_empty(), "{plan:?}");
        assert_eq!((plan.writes.len(), receipt.files_total), (usize::from(!came), 4));
        assert!(trashed(&open(root.path())).is_empty());
    }
}

#[test]
fn what_a_run_that_was_cut_off_put_there_is_carried_along_as_well() {
    let root = tempfile::tempdir().unwrap();
    let mut library = small_library();
    library.wanted = [("gull".to_owned(), vec![0])].into();
    let target = open(root.path());
    let plan = target.plan(&library).unwrap();
    target.begin(&plan);
    let gull = plan.writes.iter().find(|write| write.identity == "id-gull").unwrap();
    let bytes = bytes_of(&gull.recipe);
    let mut staged = target.stage(gull).unwrap();
    staged.file_mut().write_all(&bytes).unwrap();
    staged.of_sound("its sound".to_owned());
    target.publish(staged, gull, bytes.len() as u64, &sum_of(&bytes)).unwrap();
    assert!(target.place_rest().is_empty());
    drop(target);
    let target = open(root.path());
    assert_eq!(target.sounds_answering("gull"), [("id-gull".to_owned(), "its sound".to_owned())]);
    let plan = target.plan(&anew()).unwrap();
    target.carry_along(&plan);
    assert_eq!(target.answering("gull").len(), 1);
}

#[test]
fn one_that_is_there_under_both_identities_keeps_both() {
    let root = tempfile::tempdir().unwrap();
    let mut library = small_library();
    let mut gull = library.tracks[0].clone();
    gull.identity = "id-gull-anew".to_owned();
    library.tracks.push(gull);
    library.playlists[0].entries.push(4);
    sync(root.path(), &library);
    let target = open(root.path());
    let plan = target.plan(&anew()).unwrap();
    target.carry_along(&plan);
    assert!(target.lists("id-gull") && target.lists("id-gull-anew"));
    assert_eq!(plan.removals.len(), 1, "nothing wants it under the old one any more");
}

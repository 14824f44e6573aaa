//! Killed between any two steps: nothing half under a final name, nothing orphaned, the next run completes.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use ferrotape_device::{Desired, DeviceError, Profile, Target, set_manifest_aside};
use ferrotape_domain::{Cancel, Silent};

use crate::support::{
    bytes_of, open, perform, publish, put, small_library, snapshot, sync, track, trashed, visible,
};

/// All visible files with their bytes.
pub(crate) fn contents(root: &Path) -> Vec<(String, Vec<u8>)> {
    visible(root).into_iter().map(|path| (path.clone(), fs::read(root.join(path)).unwrap())).collect()
}

pub(crate) fn undisturbed(library: &Desired) -> Vec<(String, Vec<u8>)> {
    let root = tempfile::tempdir().unwrap();
    sync(root.path(), library);
    contents(root.path())
}

#[test]
fn stopped_after_any_number_of_files_the_next_run_writes_only_the_rest() {
    let library = small_library();
    for done in 0..=4 {
        let root = tempfile::tempdir().unwrap();
        let target = open(root.path());
        let plan = target.plan(&library).unwrap();
        plan.writes.iter().take(done).for_each(|write| put(&target, write).unwrap());
        // A half-written file that nobody cleans up, as after a kill.
        if let Some(next) = plan.writes.get(done) {
            let mut half = target.stage(next).unwrap();
            half.file_mut().write_all(b"half").unwrap();
            std::mem::forget(half);
        }
        drop(target);

        let target = open(root.path());
        assert_eq!(target.recovery().adopted.len(), done);
        assert_eq!(target.recovery().swept, usize::from(done < 4));
        let plan = target.plan(&library).unwrap();
        assert_eq!((plan.unchanged.len(), plan.writes.len()), (done, 4 - done));
        perform(&target, &plan);
        drop(target);
        assert_eq!(contents(root.path()), undisturbed(&library));
        let before = snapshot(root.path());
        assert!(sync(root.path(), &library).0.is_empty());
        assert_eq!(snapshot(root.path()), before);
    }
}

#[test]
fn stopped_after_playlists_they_are_still_ours() {
    let root = tempfile::tempdir().unwrap();
    let library = small_library();
    let target = open(root.path());
    let plan = target.plan(&library).unwrap();
    plan.writes.iter().for_each(|write| put(&target, write).unwrap());
    target.write_playlists(&plan).unwrap();
    drop(target);
    let (plan, receipt) = sync(root.path(), &library);
    assert!(plan.is_empty() && receipt.playlists_written == 0, "{plan:?}");
    assert_eq!(contents(root.path()), undisturbed(&library));
}

#[test]
fn stopped_after_a_move_the_old_file_does_not_stay_behind() {
    let root = tempfile::tempdir().unwrap();
    let mut library = small_library();
    sync(root.path(), &library);
    let old = root.path().join("Music/Nordlys/Harbour/01 - Gull.mp3");
    let old_bytes = fs::read(&old).unwrap();
    library.tracks[0].recipe = "new".to_owned();
    library.tracks[0].tags.title = Some("Gulls".to_owned());
    let target = open(root.path());
    let plan = target.plan(&library).unwrap();
    put(&target, &plan.writes[0]).unwrap();
    // As if the kill had come between the rename and the removal of the old file.
    fs::write(&old, old_bytes).unwrap();
    drop(target);
    sync(root.path(), &library);
    assert!(!old.exists());
    assert_eq!(contents(root.path()), undisturbed(&library));
}

#[test]
fn killed_before_the_manifest_got_its_name_the_next_run_gives_it_that() {
    let root = tempfile::tempdir().unwrap();
    let library = small_library();
    sync(root.path(), &library);
    let ours = root.path().join(".ferrotape");
    let manifest = fs::read(ours.join("manifest.json")).unwrap();
    fs::rename(ours.join("manifest.json"), ours.join("manifest.new")).unwrap();
    assert!(sync(root.path(), &library).0.is_empty());
    assert_eq!(fs::read(ours.join("manifest.json")).unwrap(), manifest);
    assert!(!ours.join("manifest.new").exists());
}

#[test]
fn a_list_that_a_kill_left_aside_is_emptied_with_the_player() {
    let root = tempfile::tempdir().unwrap();
    sync(root.path(), &small_library());
    let ours = root.path().join(".ferrotape");
    fs::rename(ours.join("manifest.json"), ours.join("manifest.new")).unwrap();
    sync(root.path(), &Desired { delete_for_good: true, ..Desired::default() });
    assert_eq!(visible(root.path()), [""; 0]);
    assert!(!ours.join("manifest.new").exists());
    let target = open(root.path());
    assert_eq!((target.file_count(), target.is_new()), (0, false));
}

#[test]
fn a_manifest_that_was_cut_short_is_read_from_its_other_copy() {
    let root = tempfile::tempdir().unwrap();
    let library = small_library();
    sync(root.path(), &library);
    let ours = root.path().join(".ferrotape");
    let (place, new) = (ours.join("manifest.json"), ours.join("manifest.new"));
    let whole = fs::read(&place).unwrap();
    for (in_place, copy) in [(&b""[..], &whole[..]), (&whole[..20], &whole[..]), (&whole[..], &whole[..20])] {
        fs::write(&place, in_place).unwrap();
        fs::write(&new, copy).unwrap();
        assert!(sync(root.path(), &library).0.is_empty(), "{} and {} bytes", in_place.len(), copy.len());
        assert_eq!(fs::read(&place).unwrap(), whole);
        assert!(!new.exists(), "half of it only takes room");
    }
}

/// The computer of a later version lost its power: what it wrote is whole, and is not believed to be cut short.
#[test]
fn a_new_manifest_of_a_later_version_is_not_taken_for_a_torn_one() {
    let root = tempfile::tempdir().unwrap();
    let library = small_library();
    sync(root.path(), &library);
    let ours = root.path().join(".ferrotape");
    let (place, new) = (ours.join("manifest.json"), ours.join("manifest.new"));
    let later = fs::read_to_string(&place).unwrap().replace("\"version\":3", "\"version\":4");
    fs::write(&new, &later).unwrap();
    let before = snapshot(root.path());
    for refused in [
        Target::open(root.path(), Profile::generic()).unwrap_err(),
        Target::preview(root.path(), Profile::generic()).unwrap_err(),
    ] {
        let is_named =
            refused.to_string().contains("manifest.new") && refused.to_string().contains("version 4");
        assert!(matches!(refused, DeviceError::ManifestUnusable { .. }) && is_named, "{refused}");
    }
    assert_eq!(snapshot(root.path()), before);

    // Set aside are both.
    set_manifest_aside(root.path()).unwrap();
    assert!(!place.exists() && !new.exists());
    assert_eq!(fs::read_to_string(ours.join("manifest.json.set-aside-2")).unwrap(), later);
    fs::write(&new, &later).unwrap();
    let aside = set_manifest_aside(root.path()).unwrap();
    assert_eq!(fs::read_to_string(aside).unwrap(), later);
    assert!(open(root.path()).is_new());
}

#[test]
fn a_file_cut_short_by_a_power_cut_is_not_believed() {
    let root = tempfile::tempdir().unwrap();
    let library = small_library();
    let target = open(root.path());
    let plan = target.plan(&library).unwrap();
    plan.writes.iter().take(2).for_each(|write| put(&target, write).unwrap());
    let (cut, zeroed) = (root.path().join(&plan.writes[0].path), root.path().join(&plan.writes[1].path));
    let size = fs::metadata(&zeroed).unwrap().len();
    drop(target);
    fs::write(&cut, "").unwrap();
    fs::write(&zeroed, vec![0; usize::try_from(size).unwrap()]).unwrap();

    let target = open(root.path());
    assert_eq!(target.recovery().distrusted.len(), 2);
    assert_eq!(trashed(&target).len(), 2);
    let plan = target.plan(&library).unwrap();
    assert_eq!(plan.writes.len(), 4);
    perform(&target, &plan);
    assert_eq!(contents(root.path()), undisturbed(&library));
}

/// As a power cut leaves it where nothing checks the file system: a file's name came to its new folder and is still in the old
/// one. A hard link stands in for two names that mean the same bytes on FAT.
#[cfg(unix)]
fn has_two_names(root: &Path, placed: &str, old: &str) {
    use ferrotape_device::DeviceError;
    fs::hard_link(root.join(placed), root.join(old)).unwrap();
    let refused = Target::open(root, Profile::generic()).unwrap_err();
    assert!(matches!(refused, DeviceError::NeedsCheck { .. }), "{refused}");
    let said = refused.to_string();
    assert!(said.contains(placed) && said.contains(old) && said.contains("needs a check"), "{said}");
    assert!(matches!(Target::preview(root, Profile::generic()), Err(DeviceError::NeedsCheck { .. })));
    assert!(root.join(placed).exists() && root.join(old).exists(), "neither name is removed");
    // A check cuts one of them short.
    fs::remove_file(root.join(old)).unwrap();
    fs::write(root.join(old), "").unwrap();
}

#[cfg(unix)]
#[test]
fn a_file_that_a_power_cut_left_under_two_names_is_not_freed_with_one_of_them() {
    let root = tempfile::tempdir().unwrap();
    let library = small_library();
    let target = open(root.path());
    let plan = target.plan(&library).unwrap();
    plan.writes.iter().take(2).for_each(|write| put(&target, write).unwrap());
    drop(target);
    // One that only has the bytes of another is not meant.
    let staging = root.path().join(".ferrotape/staging");
    fs::copy(root.path().join(&plan.writes[0].path), staging.join("000009.tmp")).unwrap();
    has_two_names(root.path(), &plan.writes[1].path, ".ferrotape/staging/000001.tmp");
    let target = open(root.path());
    assert_eq!((target.recovery().adopted.len(), target.recovery().swept), (2, 2));
    let plan = target.plan(&library).unwrap();
    assert_eq!(plan.writes.len(), 2);
    perform(&target, &plan);
    drop(target);
    assert_eq!(contents(root.path()), undisturbed(&library));
}

#[cfg(unix)]
#[test]
fn nor_is_one_that_only_got_another_name() {
    let root = tempfile::tempdir().unwrap();
    let mut library = small_library();
    sync(root.path(), &library);
    library.tracks[0].tags.title = Some("Gulls".to_owned());
    let target = open(root.path());
    let plan = target.plan(&library).unwrap();
    assert_eq!((plan.renames.len(), plan.writes.len()), (1, 0));
    let rename = plan.renames[0].clone();
    target.rename_all(&plan.renames).unwrap();
    drop(target);
    has_two_names(root.path(), &rename.to, &rename.from);
    assert_eq!(open(root.path()).recovery().adopted, [rename.to]);
    assert!(!root.path().join(rename.from).exists(), "what the check emptied does not stay");
}

/// The kill came after what it takes the place of had gone, and its source may be away by now.
#[test]
fn a_finished_file_that_the_journal_names_gets_its_name() {
    let root = tempfile::tempdir().unwrap();
    let library = small_library();
    let target = open(root.path());
    let plan = target.plan(&library).unwrap();
    plan.writes.iter().take(2).for_each(|write| put(&target, write).unwrap());
    drop(target);
    let staging = root.path().join(".ferrotape/staging");
    // Of the second, only half had come to the disk.
    fs::rename(root.path().join(&plan.writes[0].path), staging.join("000000.tmp")).unwrap();
    fs::remove_file(root.path().join(&plan.writes[1].path)).unwrap();
    fs::write(staging.join("000001.tmp"), "half").unwrap();
    let target = Target::preview(root.path(), Profile::generic()).unwrap();
    let plan_of_a_look = target.plan(&library).unwrap();
    assert_eq!((plan_of_a_look.unchanged.len(), plan_of_a_look.writes.len()), (1, 3));
    drop(target);
    let target = open(root.path());
    assert_eq!(target.recovery().adopted, std::slice::from_ref(&plan.writes[0].path));
    assert_eq!(target.recovery().swept, 1);
    let plan = target.plan(&library).unwrap();
    assert_eq!((plan.unchanged.len(), plan.writes.len()), (1, 3));
    perform(&target, &plan);
    drop(target);
    assert_eq!(contents(root.path()), undisturbed(&library));
}

/// A kill in the middle of putting a folder in order, and the note of it is gone.
#[test]
fn files_that_were_out_of_their_folder_are_not_lost() {
    let root = tempfile::tempdir().unwrap();
    let library = small_library();
    sync(root.path(), &library);
    let gull = root.path().join("Music/Nordlys/Harbour/01 - Gull.mp3");
    let moving = root.path().join(".ferrotape/order");
    fs::create_dir(&moving).unwrap();
    fs::rename(&gull, moving.join("0")).unwrap();
    fs::write(moving.join("1"), "whose?").unwrap();
    let target = open(root.path());
    let astray = target.recovery().astray.clone();
    assert!(gull.exists() && !moving.exists());
    assert_eq!(astray.len(), 1);
    assert_eq!(fs::read(root.path().join(&astray[0])).unwrap(), b"whose?");
    assert!(target.plan(&library).unwrap().is_empty());
    drop(target);
    assert_eq!(contents(root.path()), undisturbed(&library));
}

#[test]
fn who_only_looks_finds_them_where_they_belong() {
    let root = tempfile::tempdir().unwrap();
    let library = small_library();
    sync(root.path(), &library);
    let ours = root.path().join(".ferrotape");
    fs::create_dir(ours.join("order")).unwrap();
    fs::rename(root.path().join("Music/Nordlys/Harbour/02 - Tide.mp3"), ours.join("order/1")).unwrap();
    let names = r#"{"folder":"Music/Nordlys/Harbour","names":["01 - Gull.mp3","02 - Tide.mp3"]}"#;
    fs::write(ours.join("order.json"), names).unwrap();
    let before = snapshot(root.path());
    let target = Target::preview(root.path(), Profile::generic()).unwrap();
    assert!(target.plan(&library).unwrap().is_empty());
    for thorough in [false, true] {
        let differing = target.verify(thorough, &Silent, &Cancel::default()).unwrap();
        assert_eq!(differing, [""; 0]);
    }
    assert_eq!(snapshot(root.path()), before);
    assert!(sync(root.path(), &library).0.is_empty());
}

/// Files of ours that a kill left where they were made, although the journal names them, and what lies in their places.
fn never_came(root: &Path, places: &[(&str, &[u8])]) {
    for (number, (path, there)) in places.iter().enumerate() {
        fs::rename(root.join(path), root.join(format!(".ferrotape/staging/{number:06}.tmp"))).unwrap();
        fs::write(root.join(path), there).unwrap();
    }
}

#[test]
fn a_file_of_the_users_at_a_name_that_ours_never_came_to_stays() {
    let root = tempfile::tempdir().unwrap();
    let library = small_library();
    let target = open(root.path());
    let plan = target.plan(&library).unwrap();
    plan.writes.iter().take(3).for_each(|write| put(&target, write).unwrap());
    let paths: Vec<&str> = plan.writes.iter().map(|write| write.path.as_str()).collect();
    let ours = fs::read(root.path().join(paths[1])).unwrap();
    drop(target);
    // The second is the beginning of ours: what a power cut left of it. FAT leaves an empty one.
    never_came(root.path(), &[(paths[0], b"mine"), (paths[1], &ours[..9]), (paths[2], b"")]);
    let target = open(root.path());
    assert_eq!(fs::read(root.path().join(paths[0])).unwrap(), b"mine");
    let mut distrusted = [paths[1], paths[2]];
    distrusted.sort_unstable();
    assert_eq!(target.recovery().distrusted, distrusted);
    // What is whole where it was made gets their names.
    assert_eq!(target.recovery().adopted.len(), 2);
    assert_eq!((target.recovery().swept, trashed(&target).len()), (1, 2));
    assert_eq!(fs::read(root.path().join(paths[1])).unwrap(), ours);
    let plan = target.plan(&library).unwrap();
    assert_eq!((plan.writes.len(), plan.occupied_by_user.len()), (2, 1));
    perform(&target, &plan);
    assert_eq!(fs::read(root.path().join(paths[0])).unwrap(), b"mine");
}

#[test]
fn nor_does_it_go_where_ours_kept_its_old_name() {
    let root = tempfile::tempdir().unwrap();
    let library = small_library();
    sync(root.path(), &library);
    let mut profile = Profile::generic();
    profile.folders.music = "Tracks".to_owned();
    let target = Target::open(root.path(), profile.clone()).unwrap();
    let plan = target.plan(&library).unwrap();
    target.rename_all(&plan.renames).unwrap();
    drop(target);
    let rename = &plan.renames[0];
    // As a kill before it was renamed leaves it; the user has put a file there since.
    let (from, to) = (root.path().join(&rename.from), root.path().join(&rename.to));
    fs::create_dir_all(from.parent().unwrap()).unwrap();
    fs::rename(&to, &from).unwrap();
    fs::write(&to, "mine").unwrap();
    let target = Target::open(root.path(), profile).unwrap();
    assert_eq!(fs::read(&to).unwrap(), b"mine");
    assert!(target.recovery().distrusted.is_empty() && trashed(&target).is_empty());
    assert!(from.exists(), "ours is still there, and ours");
    assert_eq!(target.file_count(), 4);
}

#[test]
fn a_torn_journal_costs_at_most_what_it_no_longer_says() {
    let root = tempfile::tempdir().unwrap();
    let library = small_library();
    let target = open(root.path());
    let plan = target.plan(&library).unwrap();
    plan.writes.iter().take(3).for_each(|write| put(&target, write).unwrap());
    drop(target);
    for name in ["journal", "journal.copy"] {
        let journal = root.path().join(".ferrotape").join(name);
        let whole = fs::read(&journal).unwrap();
        fs::write(&journal, &whole[..whole.len() - 20]).unwrap();
    }
    let target = open(root.path());
    assert_eq!(target.recovery().adopted.len(), 2);
    let plan = target.plan(&library).unwrap();
    assert_eq!(plan.occupied_by_user.len(), 1, "what is not proven ours is the user's");
    perform(&target, &plan);
    assert!(target.plan(&library).unwrap().is_empty());
}

/// exFAT's check deletes a file whose entry a power cut tore, and the journal's is written anew with each step.
#[test]
fn a_journal_that_a_power_cut_took_is_read_from_its_copy() {
    let library = small_library();
    for (lost, how) in [("journal", "gone"), ("journal", "empty"), ("journal.copy", "gone")] {
        let root = tempfile::tempdir().unwrap();
        let ours = root.path().join(".ferrotape");
        let target = open(root.path());
        let plan = target.plan(&library).unwrap();
        plan.writes.iter().take(3).for_each(|write| put(&target, write).unwrap());
        drop(target);
        match how {
            "gone" => fs::remove_file(ours.join(lost)).unwrap(),
            _ => fs::write(ours.join(lost), "").unwrap(),
        }
        let target = open(root.path());
        assert_eq!(target.recovery().adopted.len(), 3, "{lost} {how}");
        let plan = target.plan(&library).unwrap();
        assert_eq!((plan.writes.len(), plan.occupied_by_user.len()), (1, 0), "{lost} {how}");
        perform(&target, &plan);
        drop(target);
        assert_eq!(contents(root.path()), undisturbed(&library));
        assert!(!ours.join("journal").exists() && !ours.join("journal.copy").exists());
    }
}

/// Where there was no room for the copy, the journal told of the same files again and again; then a power cut tears its end.
#[test]
fn of_two_journals_the_longer_one_need_not_tell_more() {
    let library = small_library();
    for (longer, whole) in [("journal", "journal.copy"), ("journal.copy", "journal")] {
        let root = tempfile::tempdir().unwrap();
        let ours = root.path().join(".ferrotape");
        let target = open(root.path());
        let plan = target.plan(&library).unwrap();
        plan.writes.iter().take(3).for_each(|write| put(&target, write).unwrap());
        drop(target);
        let text = fs::read_to_string(ours.join(whole)).unwrap();
        let (begin, _torn) = text.trim_end().rsplit_once('\n').unwrap();
        fs::write(ours.join(longer), format!("{begin}\n").repeat(3)).unwrap();
        let target = open(root.path());
        assert_eq!(target.recovery().adopted.len(), 3, "{longer}");
        let plan = target.plan(&library).unwrap();
        assert_eq!((plan.writes.len(), plan.occupied_by_user.len()), (1, 0), "{longer}");
        perform(&target, &plan);
        drop(target);
        assert_eq!(contents(root.path()), undisturbed(&library));
    }
}

#[test]
fn what_gives_way_stays_where_nothing_comes_to_take_its_place() {
    let root = tempfile::tempdir().unwrap();
    let mut library = small_library();
    sync(root.path(), &library);
    let before = contents(root.path());
    library.tracks[0].identity = "id-gull-better".to_owned();
    let target = open(root.path());
    let plan = target.plan(&library).unwrap();
    let write = plan.writes.iter().find(|write| write.displaces.is_some()).unwrap();
    // A journal that cannot be written to, as on a full player.
    let journal = root.path().join(".ferrotape/journal");
    fs::create_dir(&journal).unwrap();
    assert!(put(&target, write).is_err());
    assert_eq!(contents(root.path()), before);
    assert!(trashed(&target).is_empty());
    fs::remove_dir(&journal).unwrap();
    put(&target, write).unwrap();
    assert_eq!(trashed(&target), std::slice::from_ref(&write.path));
}

#[test]
fn a_journal_cannot_lay_claim_to_what_lies_outside() {
    let root = tempfile::tempdir().unwrap();
    sync(root.path(), &small_library());
    let line = r#"{"step":"file","record":{"identity":"x","recipe":"r","path":"../x.mp3","bytes":1,"blake3":"","label":"","seconds":null}}"#;
    fs::write(
        root.path().join(".ferrotape/journal"),
        format!("{line}\n[[[[\n\u{0}\n{}\n", "[".repeat(50_000)),
    )
    .unwrap();
    assert!(sync(root.path(), &small_library()).0.is_empty());
    assert!(!root.path().join(".ferrotape/journal").exists());
}

#[test]
fn many_files_are_listed_batch_by_batch() {
    let root = tempfile::tempdir().unwrap();
    let tracks: Vec<_> =
        (0..150).map(|n| track(&format!("id-{n:03}"), "Ada Fjell", "Woods", n, "Leaf")).collect();
    let library = Desired { tracks, ..Desired::default() };
    let target = open(root.path());
    let plan = target.plan(&library).unwrap();
    std::thread::scope(|scope| {
        for half in plan.writes.chunks(75) {
            scope.spawn(|| half.iter().for_each(|write| publish(&target, write).unwrap()));
        }
    });
    assert!(target.place_rest().is_empty());
    drop(target);
    let target = open(root.path());
    assert!(target.recovery().adopted.len() < 64, "the rest was listed already");
    assert_eq!(target.file_count(), 150);
    assert!(target.plan(&library).unwrap().is_empty());
}

#[test]
fn many_renames_are_listed_batch_by_batch() {
    let root = tempfile::tempdir().unwrap();
    let tracks: Vec<_> =
        (0..150).map(|n| track(&format!("id-{n:03}"), "Ada Fjell", "Woods", n, "Leaf")).collect();
    let library = Desired { tracks, ..Desired::default() };
    sync(root.path(), &library);
    let mut profile = Profile::generic();
    profile.folders.music = "Tracks".to_owned();
    let target = Target::open(root.path(), profile.clone()).unwrap();
    let plan = target.plan(&library).unwrap();
    assert_eq!(plan.renames.len(), 150);
    assert!(target.rename_all(&plan.renames).unwrap().is_empty());
    drop(target);
    let target = Target::open(root.path(), profile).unwrap();
    assert!((1..64).contains(&target.recovery().adopted.len()), "the rest was listed already");
    assert!(target.plan(&library).unwrap().is_empty());
}

/// Runs this test binary again as a victim that syncs over and over, and kills it at ever later instants.
#[test]
fn killed_at_any_instant_the_next_run_completes() {
    let versions: Vec<Desired> = (0..2).map(kill_library).collect();
    let expected: Vec<_> = versions.iter().map(undisturbed).collect();
    let root = tempfile::tempdir().unwrap();
    let mut interrupted = 0;
    for round in 0..25u64 {
        let mut victim = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "recovery::victim", "--ignored", "--nocapture"])
            .env("FERROTAPE_VICTIM_ROOT", root.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(5 + round * 7));
        victim.kill().unwrap();
        victim.wait().unwrap();
        interrupted += usize::from(root.path().join(".ferrotape/journal").exists());
        let whole: Vec<Vec<u8>> =
            versions.iter().flat_map(|v| v.tracks.iter()).map(|track| bytes_of(&track.recipe)).collect();
        for (path, bytes) in contents(root.path()).into_iter().filter(|(path, _)| path.ends_with(".mp3")) {
            assert!(whole.contains(&bytes), "half a file at {path} after round {round}");
        }
        if round % 5 == 4 {
            let version = usize::try_from(round % 2).unwrap();
            sync(root.path(), &versions[version]);
            assert_eq!(contents(root.path()), expected[version], "round {round}");
        }
    }
    assert!(interrupted > 0, "no kill came in the middle of a sync: this test proved nothing");
}

fn kill_library(version: usize) -> Desired {
    let mut library = small_library();
    for track in &mut library.tracks {
        track.recipe = format!("{} version {version}", track.identity);
        track.tags.title = track.tags.title.take().map(|title| format!("{title} {version}"));
    }
    library.tracks[0].tags.title = Some("Gull".to_owned());
    library.playlists[version].entries.reverse();
    library
}

#[test]
#[ignore = "only run as the victim of the test above"]
fn victim() {
    let Some(root) = std::env::var_os("FERROTAPE_VICTIM_ROOT") else { return };
    for version in (0..2).cycle().take(2_000) {
        sync(Path::new(&root), &kill_library(version));
    }
}

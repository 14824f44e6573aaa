//! What only devices that speak MTP do.

use std::fs;
use std::path::{Path, PathBuf};

use ferrotape_device::{
    Chosen, Desired, DeviceError, OWN_PROFILE, Profile, Signature, Target, choose, connect,
};
use mtp_rs::virtual_device::{force_operation_wedge, force_partial_read_caps, rekey_virtual_object};
use serde_json::json;

use super::site::{Kind, Site, description};
use super::{ASH, GULL, OAK, TIDE};
use crate::support::{bytes_of, of_tags, perform, put, small_library, snapshot, trashed, visible};

fn serial(site: &Site) -> String {
    site.device().usb.serial.unwrap()
}

#[test]
fn a_device_is_found_with_its_storages_and_chosen_by_name_or_serial_number() {
    let mut said = description(Kind::Phone);
    let card = json!({ "name": "SD card", "folder": "../card", "capacity": 1_000_000 });
    let shop = json!({ "name": "Shop", "folder": "../shop", "capacity": 1000, "read_only": true });
    said["storages"].as_array_mut().unwrap().extend([card, shop]);
    let site = Site::described(Kind::Phone, &said);
    let device = site.device();
    assert_eq!((device.name().as_str(), device.usb.vendor.as_str()), ("Acme Walker", "18d1"));
    let look = connect(&device).unwrap().look(&[]);
    let seen: Vec<_> = look.storages.iter().map(|one| (one.name.as_str(), one.writable)).collect();
    assert_eq!(seen, [("Internal", true), ("SD card", true), ("Shop", false)]);
    assert_eq!(look.storages[1].bytes_free, 1_000_000);

    let storage = |named| connect(&device).unwrap().storage(named).map(|player| player.about().name.clone());
    assert_eq!(storage(Some("sd CARD")).unwrap(), "SD card");
    let several = storage(None).unwrap_err().to_string();
    assert!(several.contains("Internal; SD card; Shop") && several.contains("NAME/STORAGE"), "{several}");
    assert!(storage(Some("Cloud")).unwrap_err().to_string().contains("“Cloud”"));

    let devices = [device.clone()];
    let chosen = |named| choose(&[], &devices, named);
    assert_eq!(chosen(None).unwrap(), Chosen::Mtp(&devices[0], None));
    let number = serial(&site);
    for named in ["walker", "Acme Walker", number.as_str()] {
        assert_eq!(chosen(Some(named)).unwrap(), Chosen::Mtp(&devices[0], None), "{named}");
        let with_card = format!("{named}/SD card");
        let chosen = choose(&[], &devices, Some(&with_card)).unwrap();
        assert_eq!(chosen, Chosen::Mtp(&devices[0], Some("SD card")));
    }
    let unknown = chosen(Some("Pixel")).unwrap_err().to_string();
    assert!(unknown.contains("“Pixel”") && unknown.contains("Acme Walker over MTP ("), "{unknown}");
}

#[test]
fn one_that_cannot_be_opened_says_what_to_do() {
    let site = Site::new(Kind::Garmin);
    for (trouble, words) in [
        ("claimed", "held by another program"),
        ("denied", "udev rule"),
        ("locked", "choose “file transfer”"),
    ] {
        let mut said = description(Kind::Garmin);
        said["trouble"] = trouble.into();
        site.describe(&said);
        let error = site.try_open().unwrap_err().to_string();
        assert!(error.contains(words) && error.contains("Garmin Walker"), "{error}");
        let names_module = error.contains("garmin_gps");
        assert_eq!(names_module, trouble == "claimed" && cfg!(target_os = "linux"), "{error}");
    }
}

#[test]
fn one_that_nobody_may_write_to_is_refused() {
    let mut said = description(Kind::Phone);
    said["storages"][0]["read_only"] = true.into();
    let site = Site::described(Kind::Phone, &said);
    assert!(matches!(site.try_open(), Err(DeviceError::NotWritable { .. })));
}

#[test]
fn pulled_in_the_middle_it_is_gone_and_the_next_run_goes_on() {
    let site = Site::new(Kind::Phone);
    let target = site.open();
    let plan = target.plan(&small_library()).unwrap();
    put(&target, &plan.writes[0]).unwrap();
    assert!(force_operation_wedge(&serial(&site)));
    assert!(put(&target, &plan.writes[1]).unwrap_err().is_target_gone());
    // From then on nothing is asked of it any more.
    assert!(target.stage(&plan.writes[2]).unwrap_err().is_target_gone());
    assert!(target.bytes_free().unwrap_err().is_target_gone());
    assert!(target.finish(&plan).unwrap_err().is_target_gone());
    drop(target);

    let target = site.open();
    assert_eq!(target.recovery().adopted, [plan.writes[0].path.clone()]);
    let plan = target.plan(&small_library()).unwrap();
    assert_eq!(plan.writes.len(), 3);
    perform(&target, &plan);
    drop(target);
    assert!(site.sync(&small_library()).0.is_empty());
}

#[test]
fn objects_that_got_other_numbers_are_found_again() {
    let site = Site::new(Kind::Phone);
    site.sync(&small_library());
    let mut library = small_library();
    library.tracks[0].recipe = "louder".to_owned();
    library.tracks[1].tags.title = Some("Tides".to_owned());
    let target = site.open();
    let plan = target.plan(&library).unwrap();
    for path in ["Music", "Music/Nordlys/Harbour", GULL, TIDE] {
        rekey_virtual_object(&serial(&site), Path::new(path)).unwrap();
    }
    perform(&target, &plan);
    assert_eq!(site.read(GULL), bytes_of("louder"));
    assert_eq!(site.read("Music/Nordlys/Harbour/02 - Tides.mp3"), bytes_of("id-tide v1"));
    assert!(!site.has(TIDE));
}

#[test]
fn pieces_may_come_in_smaller_ones() {
    let site = Site::new(Kind::Phone);
    let target = site.open();
    let plan = target.plan(&small_library()).unwrap();
    force_partial_read_caps(&serial(&site), vec![7, 1, 100]);
    perform(&target, &plan);
    assert_eq!(site.read(GULL), bytes_of("id-gull v1"));
}

#[test]
fn another_computer_knows_what_is_ours() {
    let site = Site::new(Kind::Phone);
    site.sync(&small_library());
    let site = site.on_another_computer();
    assert!(!site.preview().is_new());
    let mut library = small_library();
    assert!(site.sync(&library).0.is_empty(), "it has the copy of the list");
    library.tracks.truncate(3);
    library.playlists[1].entries = vec![2, 0];
    let (plan, _) = site.sync(&library);
    assert_eq!(plan.removals.len(), 1);
    assert!(!site.has(OAK));
    // And back: the first computer's own list is the older one now.
    let site = site.on_the_first_computer();
    assert!(site.sync(&library).0.is_empty());
}

#[test]
fn a_copy_of_the_list_that_was_cut_short_is_not_believed() {
    let site = Site::new(Kind::Phone);
    site.sync(&small_library());
    let copy = site.read(".ferrotape/manifest.json");
    assert_eq!(copy, fs::read(site.ours().join("manifest.json")).unwrap());
    site.put(".ferrotape/manifest.json", &copy[..copy.len() / 2]);
    assert!(site.sync(&small_library()).0.is_empty(), "what it was made of is here");
    let site = site.on_another_computer();
    let refused = site.try_open().unwrap_err();
    assert!(matches!(&refused, DeviceError::ManifestUnusable { .. }), "{refused}");
    assert_eq!(visible(&site.music()).len(), 6);
}

#[test]
fn a_copy_of_the_list_that_a_later_version_wrote_is_not_replaced() {
    let site = Site::new(Kind::Phone);
    site.sync(&small_library());
    let copy = String::from_utf8(site.read(".ferrotape/manifest.json")).unwrap();
    let later = copy.replace("\"version\":3", "\"version\":4");
    site.put(".ferrotape/manifest.json", &later);
    let refused = site.try_open().unwrap_err();
    assert!(matches!(&refused, DeviceError::ManifestUnusable { .. }), "{refused}");
    assert_eq!(site.read(".ferrotape/manifest.json"), later.as_bytes());
}

#[test]
fn what_was_changed_there_meanwhile_goes_to_the_trash() {
    let site = Site::new(Kind::Phone);
    site.sync(&small_library());
    let target = site.open();
    let plan = target.plan(&Desired { delete_for_good: true, ..Desired::default() }).unwrap();
    site.put(ASH, "changed by somebody after it was looked at");
    perform(&target, &plan);
    assert_eq!(trashed(&target), [ASH]);
    assert!(!site.has(ASH) && !site.has(GULL));
}

#[test]
fn no_name_is_longer_than_mtp_can_say() {
    let mut library = small_library();
    let mut tags = library.tracks[0].tags.clone();
    tags.title = Some("x".repeat(400));
    library.tracks[0] = of_tags("id-long", tags);
    let site = Site::new(Kind::Phone);
    site.sync(&library);
    let names = visible(&site.music());
    let longest = names.iter().filter_map(|path| path.rsplit('/').next()).map(str::len).max();
    assert!(longest.is_some_and(|longest| longest > 200 && longest <= 254), "{longest:?}");
    assert!(site.sync(&library).0.is_empty());
}

#[test]
fn it_is_recognised_and_its_own_profile_is_read_from_it() {
    let site = Site::new(Kind::Garmin);
    let recognised = |signatures: &[Signature]| site.player().recognise(signatures);
    assert_eq!(recognised(&[]).0, None);
    site.put("Android/data/x", "");
    assert_eq!(recognised(&[]).0.as_deref(), Some("android"));
    site.put("GARMIN/GarminDevice.xml", "<x/>");
    let watch = Signature {
        profile: "garmin".to_owned(),
        markers: vec!["Garmin/GarminDevice.xml".to_owned()],
        ..Signature::default()
    };
    let (profile, why) = recognised(&[watch]);
    assert_eq!(profile.as_deref(), Some("garmin"), "{why}");
    let text = Profile::generic().template("mine").unwrap();
    site.put(OWN_PROFILE, &text);
    let own = || site.player().own_profile().unwrap();
    assert_eq!(own().unwrap().unwrap(), text);
    site.put(OWN_PROFILE, format!("\u{feff}{text}"));
    assert_eq!(own().unwrap().unwrap(), text);
    site.put(OWN_PROFILE, b"title = \"M\xfcnchner Radio\"");
    assert!(own().unwrap().unwrap_err().to_string().contains("not UTF-8"));
    site.put(OWN_PROFILE, format!("{text}{}", "#".repeat(64 * 1024)));
    assert!(own().unwrap().unwrap_err().to_string().contains("more than the 65536"));
    fs::remove_file(site.music().join(OWN_PROFILE)).unwrap();
    assert_eq!(own(), None);
    assert!(!site.ours().exists(), "nothing of it is kept here");
}

#[test]
fn the_folder_here_is_the_same_for_the_same_device() {
    let site = Site::new(Kind::Phone);
    let desks = tempfile::tempdir().unwrap();
    let desk = site.player().desk_in(desks.path()).unwrap();
    assert_eq!(desk, site.player().desk_in(desks.path()).unwrap());
    assert!(!desk.exists(), "nothing is made by asking");
    let name = desk.strip_prefix(desks.path()).unwrap().to_str().unwrap();
    assert!(name.contains(&serial(&site)) && name.contains("Internal") && !name.contains('/'), "{name}");
}

/// Fills a device from the folder that is chosen for it.
fn fill(site: &Site, desks: &Path, library: &Desired) -> PathBuf {
    let player = site.player();
    let desk = player.desk_in(desks).unwrap();
    let target = Target::open_mtp(&player, &desk, Profile::generic()).unwrap();
    let plan = target.plan(library).unwrap();
    perform(&target, &plan);
    desk
}

#[test]
fn a_first_run_that_was_cut_short_goes_on_where_only_music_is_taken() {
    let desks = tempfile::tempdir().unwrap();
    let site = Site::new(Kind::Phone);
    // Neither an id nor a list can be put there.
    fs::write(site.music().join(".ferrotape"), "").unwrap();
    let player = site.player();
    let desk = player.desk_in(desks.path()).unwrap();
    let target = Target::open_mtp(&player, &desk, Profile::generic()).unwrap();
    let plan = target.plan(&small_library()).unwrap();
    target.begin(&plan);
    put(&target, &plan.writes[0]).unwrap();
    assert!(desk.join(".ferrotape/manifest.json").exists(), "it says what the run is about");
    drop((target, player));
    assert_eq!(fill(&site, desks.path(), &small_library()), desk);
    let there = visible(&site.music());
    assert!(there.len() == 6 && !there.iter().any(|path| path.contains("(2)")), "{there:?}");
}

#[test]
fn devices_of_one_name_and_serial_number_have_folders_of_their_own() {
    let desks = tempfile::tempdir().unwrap();
    let desks = desks.path();
    let said = description(Kind::Phone);
    let [one, two, three] = [0; 3].map(|_| Site::described(Kind::Phone, &said));
    let library = small_library();
    let first = fill(&one, desks, &library);
    // What lies on the other under our names is the user's.
    two.put(ASH, "mine");
    let player = two.player();
    let second = player.desk_in(desks).unwrap();
    assert_eq!(second, PathBuf::from(format!("{} (2)", first.display())));
    let look = Target::preview_mtp(&player, &second, Profile::generic()).unwrap();
    assert!(
        look.is_new() && look.remarks()[0].contains("another player of this name"),
        "{:?}",
        look.remarks()
    );
    drop((look, player));
    assert_eq!(fill(&two, desks, &library), second);
    assert_eq!((two.read(ASH), visible(&two.music()).len()), (b"mine".to_vec(), 7));
    // In turn, and each for itself.
    for _ in 0..2 {
        assert_eq!(
            (fill(&one, desks, &Desired::default()), fill(&two, desks, &library)),
            (first.clone(), second.clone())
        );
        assert_eq!((visible(&one.music()).len(), visible(&two.music()).len()), (0, 7));
        assert_eq!(
            (fill(&two, desks, &Desired::default()), fill(&one, desks, &library)),
            (second.clone(), first.clone())
        );
        assert_eq!((visible(&one.music()).len(), visible(&two.music())), (6, vec![ASH.to_owned()]));
    }
    // Another computer that filled a third one by its list.
    let elsewhere = tempfile::tempdir().unwrap();
    fill(&three, elsewhere.path(), &library);
    assert_eq!(fill(&three, desks, &library), PathBuf::from(format!("{} (3)", first.display())));
    assert_eq!(visible(&three.music()).len(), 6, "it has the copy of the list");
}

#[test]
fn a_device_that_an_older_version_filled_is_known_by_the_copy_of_the_list() {
    let desks = tempfile::tempdir().unwrap();
    let desks = desks.path();
    let said = description(Kind::Phone);
    let [one, two] = [0; 2].map(|_| Site::described(Kind::Phone, &said));
    let mut library = small_library();
    let first = fill(&one, desks, &library);
    let (there, here) = (one.music().join(".ferrotape/id.txt"), first.join(".ferrotape/id.txt"));
    assert_eq!(fs::read(&there).unwrap(), fs::read(&here).unwrap());
    fs::remove_file(&there).unwrap();
    fs::remove_file(&here).unwrap();
    // Another one of its name has no list.
    two.put(ASH, "mine");
    assert_ne!(two.player().desk_in(desks).unwrap(), first);
    assert_eq!(fill(&one, desks, &library), first);
    assert!(!there.exists(), "a run with nothing new writes nothing");
    library.tracks[0].recipe = "louder".to_owned();
    assert_eq!(fill(&one, desks, &library), first);
    assert_eq!(fs::read(&there).unwrap(), fs::read(&here).unwrap(), "it has an id with the next list");
}

#[test]
fn a_folder_here_stays_that_of_a_device_that_another_computer_filled_since() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let site = Site::new(Kind::Phone);
    let first = fill(&site, one.path(), &small_library());
    // As an older version left it.
    fs::remove_file(first.join(".ferrotape/id.txt")).unwrap();
    let mut library = small_library();
    library.tracks[0].recipe = "louder".to_owned();
    fill(&site, other.path(), &library);
    assert_eq!(site.player().desk_in(one.path()).unwrap(), first);
    assert!(site.music().join(".ferrotape/id.txt").exists());
    fill(&site, one.path(), &library);
    assert_eq!(site.read(GULL), bytes_of("louder"));
}

#[test]
fn without_a_list_only_what_is_as_it_was_written_is_ours() {
    let desks = tempfile::tempdir().unwrap();
    let desks = desks.path();
    for ids in [true, false] {
        let site = Site::new(Kind::Phone);
        let desk = fill(&site, desks, &small_library());
        if !ids {
            fs::remove_file(desk.join(".ferrotape/id.txt")).unwrap();
        }
        fs::remove_dir_all(site.music().join(".ferrotape")).unwrap();
        let mine = vec![0; site.read(ASH).len()];
        site.put(ASH, &mine);
        let player = site.player();
        assert_eq!(player.desk_in(desks).unwrap(), desk);
        let before = snapshot(&desk);
        let look = Target::preview_mtp(&player, &desk, Profile::generic()).unwrap();
        assert!(look.remarks()[0].starts_with("the list of what ferrotape put on it is not on it"));
        let plan = look.plan(&small_library()).unwrap();
        assert_eq!((plan.unchanged.len(), plan.writes.len()), (3, 1));
        assert_eq!(snapshot(&desk), before, "a look writes nothing");
        drop((look, player));
        // Neither taken off nor replaced.
        fill(&site, desks, &Desired { delete_for_good: true, ..Desired::default() });
        assert_eq!(visible(&site.music()), [ASH]);
        assert_eq!(site.read(ASH), mine);
        assert!(site.music().join(".ferrotape/id.txt").exists(), "it has another id");
        // Where nothing of it is left, it is as good as another one.
        fill(&site, desks, &small_library());
        fs::remove_dir_all(site.music()).unwrap();
        fs::create_dir(site.music()).unwrap();
        assert_ne!(site.player().desk_in(desks).unwrap(), desk);
    }
}

#[test]
fn storages_of_one_name_are_told_apart() {
    let mut said = description(Kind::Phone);
    let card = json!({ "name": "internal", "folder": "../card", "capacity": 1_000_000 });
    said["storages"].as_array_mut().unwrap().push(card);
    let site = Site::described(Kind::Phone, &said);
    fs::create_dir(site.music().with_file_name("card")).unwrap();
    let device = site.device();
    let look = connect(&device).unwrap().look(&[]);
    assert_ne!(look.why, "nothing can be written on it");
    let names: Vec<_> = look.storages.iter().map(|one| one.name.as_str()).collect();
    assert!(names[0].starts_with("Internal (") && names[1].starts_with("internal ("), "{names:?}");
    let desks = tempfile::tempdir().unwrap();
    let desk_of = |name: &str| {
        let player = connect(&device).unwrap().storage(Some(name)).unwrap();
        assert_eq!(player.about().name, name);
        player.desk_in(desks.path()).unwrap()
    };
    assert_ne!(desk_of(names[0]), desk_of(names[1]));
    let several = connect(&device).unwrap().storage(None).unwrap_err().to_string();
    assert!(several.contains(&names.join("; ")), "{several}");
    // Filled when it had no card.
    said["storages"].as_array_mut().unwrap().pop();
    site.describe(&said);
    let alone = fill(&site, desks.path(), &small_library());
    said["storages"]
        .as_array_mut()
        .unwrap()
        .push(json!({ "name": "Internal", "folder": "../card", "capacity": 1_000_000 }));
    site.describe(&said);
    assert_eq!(desk_of(names[0]), alone);
    // Filled when it had one.
    let elsewhere = tempfile::tempdir().unwrap();
    let player = connect(&site.device()).unwrap().storage(Some(names[0])).unwrap();
    let desk = player.desk_in(elsewhere.path()).unwrap();
    drop(Target::open_mtp(&player, &desk, Profile::generic()).unwrap());
    drop(player);
    said["storages"].as_array_mut().unwrap().pop();
    site.describe(&said);
    assert_eq!(site.player().desk_in(elsewhere.path()).unwrap(), desk);
}

#[test]
fn an_older_list_that_was_brought_back_is_not_believed() {
    let site = Site::new(Kind::Phone);
    let mut few = small_library();
    few.tracks.truncate(3);
    few.playlists[1].entries = vec![2, 0];
    site.sync(&few);
    let older = site.read(".ferrotape/manifest.json");
    site.sync(&small_library());
    let later = site.read(".ferrotape/manifest.json");
    site.put(".ferrotape/manifest.json", &older);
    let here = snapshot(&site.ours());
    assert!(site.preview().plan(&small_library()).unwrap().is_empty(), "by what lies here all is there");
    assert_eq!(snapshot(&site.ours()), here, "a look writes nothing here");
    assert_eq!(site.read(".ferrotape/manifest.json"), older, "and nothing there");
    assert!(site.sync(&small_library()).0.is_empty());
    assert_eq!(site.read(".ferrotape/manifest.json"), later, "ours is there again for other computers");
}

#[test]
fn a_look_from_another_computer_knows_what_is_ours_and_writes_nothing() {
    let site = Site::new(Kind::Phone);
    site.sync(&small_library());
    let site = site.on_another_computer();
    let look = site.preview();
    assert!(!look.is_new() && look.plan(&small_library()).unwrap().is_empty());
    assert!(!site.ours().exists() && !site.ours().parent().unwrap().exists(), "nothing was made for it");
}

#[test]
fn a_file_that_it_keeps_under_other_capitals_is_removed_and_replaced() {
    let site = Site::new(Kind::Phone);
    site.sync(&small_library());
    let as_it_keeps_it = |path: &str| {
        let (folder, name) = path.rsplit_once('/').unwrap();
        let kept = format!("{folder}/{}", name.to_uppercase());
        fs::rename(site.music().join(path), site.music().join(&kept)).unwrap();
        kept
    };
    let (ash, gull) = (as_it_keeps_it(ASH), as_it_keeps_it(GULL));
    let mut library = small_library();
    library.tracks[0].recipe = "louder".to_owned();
    assert_eq!(library.tracks[0].identity, "id-gull");
    assert!(site.sync(&library).1.files_written == 1 && !site.has(&gull));
    assert_eq!(site.read(GULL), bytes_of("louder"));
    let target = site.open();
    let plan = target.plan(&Desired::default()).unwrap();
    perform(&target, &plan);
    assert!(trashed(&target).contains(&ASH.to_owned()) && !site.has(&ash), "{:?}", trashed(&target));
    assert_eq!(visible(&site.music()), [""; 0]);
}

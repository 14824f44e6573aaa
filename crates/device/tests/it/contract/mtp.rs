//! What only devices that speak MTP do.

use std::fs;
use std::path::Path;

use ferrotape_device::{
    Chosen, Desired, DeviceError, OWN_PROFILE, Profile, Signature, choose, connect, notes_on,
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
    let later = copy.replace("\"version\":2", "\"version\":3");
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
fn it_is_recognised_and_its_own_profile_is_brought_here() {
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
    let desk = site.ours().parent().unwrap().to_owned();
    site.player().fetch_profile(&desk).unwrap();
    assert_eq!(notes_on(&desk).unwrap().own_profile.unwrap(), text);
}

#[test]
fn the_folder_here_is_the_same_for_the_same_device() {
    let site = Site::new(Kind::Phone);
    let name = site.player().desk_name();
    assert_eq!(name, site.player().desk_name());
    assert!(name.contains(&serial(&site)) && name.contains("Internal") && !name.contains('/'), "{name}");
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

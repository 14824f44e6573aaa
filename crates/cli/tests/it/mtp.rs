//! Devices that speak MTP, through the program itself. They are made up: nothing on USB is touched.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::collection::track;
use crate::home::{Home, Said, files_below, list, text};

/// A home with a computer into which made-up devices are plugged.
struct Desk {
    home: Home,
}

impl Desk {
    fn new() -> Self {
        let home = Home::new();
        home.csv("one.csv", &[track("Ebb")]);
        home.csv("two.csv", &[track("Ebb"), track("Flood")]);
        fs::create_dir_all(home.path("computer/mtp")).unwrap();
        fs::create_dir_all(home.path("computer/proc/self")).unwrap();
        fs::write(home.path("computer/proc/self/mountinfo"), "").unwrap();
        Self { home }
    }

    /// Plugs a phone in; where its memory can be seen.
    fn plug(&self, more: &Value) -> PathBuf {
        let mut said = json!({
            "manufacturer": "Acme", "model": "Walker", "serial": "W-1", "vendor": "18d1", "product": "4ee1",
            "storages": [{ "name": "Internal", "folder": "../phone", "capacity": 64_000_000 }],
        });
        said.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        fs::write(self.home.path("computer/mtp/walker.json"), said.to_string()).unwrap();
        let memory = self.home.path("computer/phone");
        fs::create_dir_all(memory.join("Android")).unwrap();
        memory
    }

    fn run(&self, line: &str) -> Said {
        let mut command = self.home.command();
        command.args(["--system-root", text(&self.home.path("computer"))]);
        let words = line.split_whitespace().map(|word| match word {
            "MUSIC" => text(crate::collection::music()),
            word => word,
        });
        command.args(words);
        crate::home::said(command.output().unwrap(), line)
    }

    fn well(&self, line: &str) -> Said {
        let said = self.run(line);
        assert_eq!(said.code, 0, "{line}: {said:?}");
        said
    }

    fn json(&self, line: &str) -> Value {
        self.run(&format!("--json {line}")).last_object()
    }
}

fn mp3s(memory: &Path) -> usize {
    files_below(memory).iter().filter(|path| path.ends_with(".mp3")).count()
}

#[test]
fn a_phone_is_listed_with_its_storages_or_with_what_to_do() {
    let desk = Desk::new();
    desk.plug(&json!({}));
    let said = desk.well("player find").out;
    for word in ["Acme Walker over MTP", "storage Internal", " free", "android", "serial  W-1"] {
        assert!(said.contains(word), "no {word}: {said}");
    }
    let last = desk.json("player find");
    let device = &list(&last, "/mtp")[0];
    assert_eq!((&device["name"], &device["usb"]["serial"]), (&json!("Acme Walker"), &json!("W-1")));
    assert_eq!((&device["storages"][0]["name"], &device["trouble"]), (&json!("Internal"), &Value::Null));

    desk.plug(&json!({ "trouble": "locked" }));
    let said = desk.well("player find").out;
    assert!(said.contains("cannot be filled now") && said.contains("unlock its screen"), "{said}");
    let refused = desk.run("convert one.csv --from MUSIC --to player");
    assert!(refused.code == 1 && refused.err.contains("file transfer"), "{refused:?}");
    desk.plug(&json!({ "trouble": "claimed" }));
    let refused = desk.run("convert one.csv --from MUSIC --to player");
    assert!(refused.code == 1 && refused.err.contains("held by another program"), "{refused:?}");
    assert!(desk.run("eject").err.contains("held by another program"));
}

#[test]
fn a_device_that_lets_nobody_write_is_named_by_a_dry_run_too() {
    let desk = Desk::new();
    let storage =
        json!({ "name": "Internal", "folder": "../phone", "capacity": 64_000_000, "read_only": true });
    desk.plug(&json!({ "storages": [storage] }));
    for dry_run in ["", "--dry-run"] {
        let said = desk.run(&format!("convert one.csv --from MUSIC --to player {dry_run}"));
        assert!(said.code == 1 && said.err.contains("cannot be written to"), "{said:?}");
    }
}

#[test]
fn a_phone_is_filled_and_a_second_run_writes_nothing() {
    let desk = Desk::new();
    let memory = desk.plug(&json!({}));
    let dry = desk.well("convert two.csv --from MUSIC --to player --dry-run");
    assert!(dry.out.contains("player:Acme Walker/Internal"), "{dry:?}");
    assert_eq!(files_below(&memory), [""; 0]);

    let said = desk.well("convert two.csv --from MUSIC --to player");
    assert!(said.out.contains("Filling Acme Walker (Internal) over MTP"), "{said:?}");
    assert!(said.out.contains("profile android, the folder Android is on it"), "{said:?}");
    assert_eq!(mp3s(&memory), 2);
    let lists: Vec<_> = files_below(&memory).into_iter().filter(|path| path.ends_with(".m3u8")).collect();
    assert_eq!(lists.len(), 1, "{lists:?}");
    assert!(memory.join(".ferrotape/manifest.json").exists());

    let again = desk.json("convert two.csv --from MUSIC --to player:w-1");
    assert_eq!(
        (&again["player"]["name"], &again["performed"]["written"]),
        (&json!("Acme Walker"), &json!(0))
    );
    assert_eq!(again["performed"]["stopped"], Value::Null);
    let checked = desk.well("doctor --player player --thorough");
    assert!(checked.out.contains("2 files of ours, all as they were written"), "{checked:?}");
    let ejected = desk.well("eject walker");
    assert!(ejected.out.contains("It is safe to unplug Acme Walker."), "{ejected:?}");
}

#[test]
fn what_is_taken_off_lies_in_the_trash_on_this_computer() {
    let desk = Desk::new();
    let memory = desk.plug(&json!({}));
    desk.well("convert two.csv --from MUSIC --to player");
    desk.well("convert one.csv --from MUSIC --to player --only --yes");
    assert_eq!(mp3s(&memory), 1);
    let here = files_below(&desk.home.path(".local/share/ferrotape/players"));
    let kept: Vec<_> =
        here.iter().filter(|path| path.contains("/trash/") && path.ends_with("Flood.mp3")).collect();
    assert_eq!(kept.len(), 1, "{here:?}");
}

#[test]
fn a_storage_is_named_where_there_are_several() {
    let desk = Desk::new();
    desk.plug(&json!({ "storages": [
        { "name": "Internal", "folder": "../phone", "capacity": 64_000_000 },
        { "name": "SD card", "folder": "../card", "capacity": 64_000_000 },
    ] }));
    fs::create_dir_all(desk.home.path("computer/card")).unwrap();
    let several = desk.run("convert one.csv --from MUSIC --to player");
    assert!(several.code == 1 && several.err.contains("Internal; SD card"), "{several:?}");
    let mut command = desk.home.command();
    command.args(["--system-root", text(&desk.home.path("computer"))]);
    command.args([
        "convert",
        "one.csv",
        "--to",
        "player:Walker/SD card",
        "--from",
        text(crate::collection::music()),
    ]);
    let said = crate::home::said(command.output().unwrap(), "convert to the card");
    assert_eq!(said.code, 0, "{said:?}");
    assert_eq!((mp3s(&desk.home.path("computer/card")), mp3s(&desk.home.path("computer/phone"))), (1, 0));
}

#[test]
fn a_profile_on_the_device_rules_while_it_lies_there() {
    let desk = Desk::new();
    let memory = desk.plug(&json!({}));
    let own = memory.join(".ferrotape/profile.toml");
    fs::create_dir_all(own.parent().unwrap()).unwrap();
    fs::write(&own, "\u{feff}name = \"mine\"\ntitle = \"Mine\"\nextends = \"generic\"\n").unwrap();
    let line = "convert one.csv --from MUSIC --to player --dry-run";
    let said = desk.well(line);
    assert!(said.out.contains("profile mine, which lies on the player"), "{said:?}");
    assert!(!desk.home.path(".local/share/ferrotape/players").exists(), "a dry run writes nothing");
    for (bytes, word) in
        [(&b"name = \"M\xfc\""[..], "it is not UTF-8"), (&[b'#'; 70_000][..], "it has 70000 bytes")]
    {
        fs::write(&own, bytes).unwrap();
        let refused = desk.run(line);
        assert!(refused.code == 1 && refused.err.contains(word), "{refused:?}");
        assert!(refused.err.contains("Internal/.ferrotape/profile.toml"), "{refused:?}");
    }
    // One that an earlier version brought here is not what lies on the device.
    desk.well("convert one.csv --from MUSIC --to player --profile android");
    let here = desk.home.path(".local/share/ferrotape/players/mtp Acme Walker W-1 Internal/.ferrotape");
    fs::write(here.join("profile.toml"), "name = \"mine\"\n").unwrap();
    fs::remove_file(&own).unwrap();
    let said = desk.well(line);
    assert!(said.out.contains("profile android, as before"), "{said:?}");
}

#[test]
fn two_devices_of_one_name_and_serial_number_are_two() {
    let desk = Desk::new();
    let memory = desk.plug(&json!({}));
    desk.well("convert two.csv --from MUSIC --to player");
    let other = desk.home.path("computer/other");
    fs::create_dir_all(other.join("Android")).unwrap();
    let at_other =
        json!({ "storages": [{ "name": "Internal", "folder": "../other", "capacity": 64_000_000 }] });
    let mine: Vec<String> = files_below(&memory).into_iter().filter(|path| path.ends_with(".mp3")).collect();
    assert_eq!(mine.len(), 2);
    for path in &mine {
        fs::create_dir_all(other.join(path).parent().unwrap()).unwrap();
        fs::write(other.join(path), "mine").unwrap();
    }
    let untouched = || mine.iter().all(|path| fs::read(other.join(path)).unwrap() == b"mine");
    desk.plug(&at_other);
    let less = "convert one.csv --from MUSIC --to player --only --yes";
    let dry = desk.well(&format!("{less} --dry-run"));
    assert!(dry.all().contains("another player of this name"), "{dry:?}");
    desk.well(less);
    assert!(untouched() && mp3s(&other) == 3, "{:?}", files_below(&other));
    desk.plug(&json!({}));
    assert_eq!(desk.json("convert two.csv --from MUSIC --to player")["performed"]["written"], 0);
    // What was put on the other is still known, and goes.
    desk.plug(&at_other);
    desk.well("convert two.csv --from MUSIC --to player");
    assert_eq!(mp3s(&other), 4);
    desk.well(less);
    assert!(untouched() && mp3s(&other) == 3, "{:?}", files_below(&other));
    assert_eq!(mp3s(&memory), 2);
}

#[test]
fn storages_of_one_name_are_filled_by_their_ids() {
    let desk = Desk::new();
    desk.plug(&json!({ "storages": [
        { "name": "Internal", "folder": "../phone", "capacity": 64_000_000 },
        { "name": "Internal", "folder": "../card", "capacity": 64_000_000 },
    ] }));
    fs::create_dir_all(desk.home.path("computer/card")).unwrap();
    let found = desk.json("player find");
    let storages = list(&found, "/mtp/0/storages");
    assert_eq!(storages.len(), 2);
    let several = desk.run("convert one.csv --from MUSIC --to player");
    let mut desks = 0;
    for storage in storages {
        let name = storage["name"].as_str().unwrap();
        assert!(several.err.contains(name), "{several:?}");
        let mut command = desk.home.command();
        command.args(["--system-root", text(&desk.home.path("computer")), "convert", "one.csv", "--from"]);
        command.args([text(crate::collection::music()), "--to", &format!("player:Walker/{name}")]);
        let said = crate::home::said(command.output().unwrap(), name);
        assert_eq!(said.code, 0, "{said:?}");
        desks += 1;
        let here = fs::read_dir(desk.home.path(".local/share/ferrotape/players")).unwrap().count();
        assert_eq!(here, desks, "each has a folder of its own");
    }
    assert_eq!((mp3s(&desk.home.path("computer/card")), mp3s(&desk.home.path("computer/phone"))), (1, 1));
}

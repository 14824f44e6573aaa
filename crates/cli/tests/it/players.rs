//! Players that are plugged in: found, filled by name, missed when they are gone, and ejected.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use ferrotape_testkit::{Bus, FakeDisk, FakeSystem, tree_snapshot};
use serde_json::{Value, json};

use crate::collection::track;
use crate::disk_service::DiskService;
use crate::home::{Home, Said, files_below, list, text};

/// A home with a computer whose disks can be plugged in.
struct Desk {
    home: Home,
    computer: FakeSystem,
}

const NO_BUS: &str = "unix:path=/nonexistent/bus";

impl Desk {
    fn new() -> Self {
        let home = Home::new();
        home.csv("one.csv", &[track("Ebb")]);
        let computer = FakeSystem::new(&home.path("computer")).unwrap();
        Self { home, computer }
    }

    fn media(&self, name: &str) -> PathBuf {
        self.home.path("media").join(name)
    }

    fn plug(&mut self, disk: &FakeDisk, name: &str) -> PathBuf {
        let at = self.media(name);
        fs::create_dir_all(&at).unwrap();
        let at = at.canonicalize().unwrap();
        self.computer.plug(disk).unwrap();
        self.computer.mount(disk, &at).unwrap();
        at
    }

    /// The player is pulled: its mount is gone, and its empty folder stays. Its content waits beside.
    fn pull(&mut self, name: &str) {
        let at = self.media(name);
        self.computer.unmount(&at.canonicalize().unwrap()).unwrap();
        fs::rename(&at, self.media(&format!("{name}.pulled"))).unwrap();
        fs::create_dir(&at).unwrap();
    }

    fn run_on(&self, bus: &str, line: &str, more: &[&str]) -> Said {
        let root = text(self.computer.root()).to_owned();
        let mut command = self.home.command();
        command.args(["--system-root", &root]).env("DBUS_SYSTEM_BUS_ADDRESS", bus);
        let words = line.split_whitespace().map(|word| match word {
            "MUSIC" => text(crate::collection::music()),
            word => word,
        });
        command.args(words).args(more);
        crate::home::said(command.output().unwrap(), line)
    }

    fn run(&self, line: &str) -> Said {
        self.run_on(NO_BUS, line, &[])
    }

    fn well(&self, line: &str) -> Said {
        let said = self.run(line);
        assert_eq!(said.code, 0, "{line}: {said:?}");
        said
    }

    fn json(&self, line: &str) -> Value {
        self.run(&format!("--json {line}")).last_object()
    }

    fn fill(&self, to: &Path, words: &str) -> Said {
        self.run_on(NO_BUS, &format!("convert one.csv --from MUSIC {words} --to"), &[text(to)])
    }

    /// Neither filling nor adopting may touch the place, whatever is agreed to in advance.
    fn is_missed(&self, to: &Path) {
        let mut said: Vec<Said> =
            ["", "--dry-run", "--yes", "--yes --only --delete"].map(|words| self.fill(to, words)).into();
        if to.exists() {
            said.push(self.run_on(NO_BUS, "player adopt", &[text(to)]));
            said.push(self.run_on(NO_BUS, "player adopt --dry-run", &[text(to)]));
        }
        for gone in said {
            assert_eq!(gone.code, 4, "{gone:?}");
            assert!(
                gone.err.contains("nothing is mounted at") && gone.err.contains("--as-folder"),
                "{gone:?}"
            );
        }
        assert!(!to.exists() || is_empty(to), "{}", to.display());
    }
}

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).unwrap().next().is_none()
}

fn empty(folder: &Path) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        fs::remove_dir_all(entry.path()).unwrap();
    }
}

fn clip() -> FakeDisk {
    FakeDisk {
        bus: Bus::Usb { port: "1-2", ids: ("0781", "74e7"), words: ("SanDisk", "Clip Sport") },
        label: Some("CLIP\\x20SPORT"),
        id: Some("1C3E-0A11"),
        ..FakeDisk::stick("sdb", "sdb1", "8:17", "1-2")
    }
}

/// The card in the same player: a disk of its own, at the same port.
fn card() -> FakeDisk {
    FakeDisk {
        name: "sdc",
        part: Some("sdc1"),
        number: "8:33",
        label: Some("CARD"),
        id: Some("CA4D-0001"),
        ..clip()
    }
}

#[test]
fn players_are_listed_with_what_is_needed_to_name_them() {
    let mut desk = Desk::new();
    let nothing = desk.well("player find");
    assert!(nothing.out.contains("No player is mounted"), "{nothing:?}");
    assert_eq!(list(&desk.json("player find"), "/players").len(), 0);

    let mount = desk.plug(&clip(), "CLIP SPORT");
    let said = desk.well("player find").out;
    for word in ["CLIP SPORT at ", "vfat", " free", "volume  1C3E-0A11", "sandisk-clip-sport"] {
        assert!(said.contains(word), "no {word}: {said}");
    }
    let last = desk.json("player find");
    let player = &list(&last, "/players")[0];
    assert_eq!(last["command"], "player find");
    assert_eq!((&player["mount"], &player["label"]), (&json!(mount), &json!("CLIP SPORT")));
    assert_eq!((&player["usb"]["vendor"], &player["volume_id"]), (&json!("0781"), &json!("1C3E-0A11")));
}

#[test]
fn a_system_that_does_not_tell_is_said_so() {
    let home = Home::new();
    let said = home.run("--system-root nowhere player find");
    assert_eq!(said.code, 1, "{said:?}");
    assert!(
        said.err.contains("cannot be looked for") && said.err.contains("name the player's folder"),
        "{said:?}"
    );
    assert!(!home.run("--help").out.contains("system-root"), "it is for tests");
}

#[test]
fn the_only_player_is_filled_and_a_folder_of_that_name_is_a_folder() {
    let mut desk = Desk::new();
    let none = desk.run("convert one.csv --from MUSIC --to player");
    assert_eq!(none.code, 1, "{none:?}");
    assert!(none.err.contains("no player was found") && none.err.contains("./player"), "{none:?}");
    assert!(!desk.home.player().exists());

    let mount = desk.plug(&clip(), "CLIP SPORT");
    let said = desk.well("convert one.csv --from MUSIC --to player");
    assert!(said.out.contains("Filling CLIP SPORT at ") && said.out.contains(" free"), "{said:?}");
    let files = files_below(&mount);
    assert!(files.iter().any(|path| path.ends_with("Ebb.mp3")), "{files:?}");
    assert!(!desk.home.player().exists());
    let again = desk.json("convert one.csv --from MUSIC --to player");
    assert_eq!((&again["player"]["name"], &again["performed"]["written"]), (&json!("CLIP SPORT"), &json!(0)));

    desk.well("convert one.csv --from MUSIC --to ./player");
    assert_eq!(desk.home.mp3s().len(), 1);
}

#[test]
fn of_several_players_one_must_be_named() {
    let mut desk = Desk::new();
    let clip_at = desk.plug(&clip(), "CLIP SPORT");
    let card_at = desk.plug(&card(), "CARD");
    let said = desk.run("convert one.csv --from MUSIC --to player");
    assert_eq!(said.code, 1, "{said:?}");
    for word in ["CLIP SPORT at ", "CARD at ", "CA4D-0001", "--to player:LABEL"] {
        assert!(said.err.contains(word), "no {word}: {said:?}");
    }
    assert!(files_below(&clip_at).is_empty() && files_below(&card_at).is_empty());
    let named = desk.run_on(NO_BUS, "convert one.csv --from MUSIC --to", &["player:clip sport"]);
    assert_eq!(named.code, 0, "{named:?}");
    desk.well("convert one.csv --from MUSIC --to player:CA4D-0001");
    for at in [&clip_at, &card_at] {
        assert!(files_below(at).iter().any(|path| path.ends_with("Ebb.mp3")), "{at:?}");
    }
    let unknown = desk.run("convert one.csv --from MUSIC --to player:OTHER");
    assert!(unknown.code == 1 && unknown.err.contains("“OTHER”"), "{unknown:?}");
}

#[test]
fn the_empty_mount_point_of_a_pulled_player_is_not_filled() {
    let mut desk = Desk::new();
    let mount = desk.plug(&clip(), "CLIP SPORT");
    assert_eq!(desk.fill(&mount, "").code, 0);

    desk.pull("CLIP SPORT");
    let drilled = desk.json("drill --down all");
    assert_eq!(drilled["targets"][0]["is_there"], false, "it was not emptied: {drilled:#}");
    desk.is_missed(&mount);
    // Its folder may even be gone, and its parent be ours to make it in.
    fs::remove_dir(&mount).unwrap();
    desk.is_missed(&mount);
    assert!(!mount.exists());

    // By the user's word it is a folder from now on.
    let agreed = desk.fill(&mount, "--as-folder");
    assert_eq!(agreed.code, 0, "{agreed:?}");
    assert_eq!(desk.fill(&mount, "").code, 0);
}

#[test]
fn a_player_that_was_never_filled_is_missed_as_well() {
    let mut desk = Desk::new();
    let at = desk.media("CLIP SPORT");
    fs::create_dir_all(&at).unwrap();
    let at = at.canonicalize().unwrap();
    let named = text(&at).replace(' ', "\\040");
    desk.computer.etc("fstab", &format!("LABEL=CLIP {named} vfat noauto,user 0 0\n")).unwrap();
    desk.is_missed(&at);
    desk.is_missed(&at.join("Music"));
    desk.plug(&clip(), "CLIP SPORT");
    let there = desk.fill(&at, "");
    assert_eq!(there.code, 0, "{there:?}");

    // Where desktops mount what is plugged in.
    let at = desk.computer.root().join("run/media/ann/PLAYER");
    fs::create_dir_all(&at).unwrap();
    desk.is_missed(&at);
    let meant = desk.fill(&at, "--as-folder");
    assert_eq!(meant.code, 0, "{meant:?}");
    assert_eq!(desk.fill(&at, "").code, 0, "it is a folder from now on");
}

#[test]
fn agreeing_in_advance_refills_only_what_is_there_for_sure() {
    let mut desk = Desk::new();
    let mount = desk.plug(&clip(), "P");
    let folder = desk.home.player();
    // Formatted, or emptied by hand.
    for place in [&mount, &folder] {
        assert_eq!(desk.fill(place, "").code, 0);
        empty(place);
        let asked = desk.fill(place, "");
        assert!(asked.code == 4 && asked.err.contains("--yes fills it again"), "{asked:?}");
        let agreed = desk.fill(place, "--yes");
        assert_eq!(agreed.code, 0, "{agreed:?}");
    }
    // Not there, and nothing tells any more what was mounted.
    desk.pull("P");
    fs::remove_file(desk.home.path(".local/share/ferrotape/players.json")).unwrap();
    let gone = desk.fill(&mount, "--yes");
    assert_eq!(gone.code, 4, "{gone:?}");
    assert!(
        gone.err.contains("holds nothing of it now") && gone.err.contains("--as-folder fills it"),
        "{gone:?}"
    );
    assert!(is_empty(&mount));
}

#[test]
fn another_player_at_the_same_place_is_a_new_one() {
    let mut desk = Desk::new();
    let mount = desk.plug(&clip(), "P");
    let to = text(&mount).to_owned();
    let fill = |desk: &Desk| desk.run_on(NO_BUS, "convert one.csv --from MUSIC --to", &[&to]);
    assert_eq!(fill(&desk).code, 0);
    desk.pull("P");
    let other = FakeDisk { id: Some("0DD0-0002"), ..FakeDisk::stick("sdd", "sdd1", "8:49", "1-3") };
    desk.plug(&other, "P");
    let said = fill(&desk);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.all().contains("another player than before"), "{said:?}");
    assert!(files_below(&mount).iter().any(|path| path.ends_with("Ebb.mp3")));
    // Now it is known: emptied, it is asked about like any other.
    assert!(!fill(&desk).all().contains("another player"));
    empty(&mount);
    let emptied = fill(&desk);
    assert!(emptied.code == 4 && emptied.err.contains("holds nothing of it now"), "{emptied:?}");
}

#[test]
fn a_damaged_record_of_players_is_told_and_written_anew() {
    let mut desk = Desk::new();
    let mount = desk.plug(&clip(), "P");
    desk.well("--library lib convert one.csv --from MUSIC --to player");
    let record = desk.home.path("lib/players.json");
    let good = fs::read(&record).unwrap();
    fs::write(&record, "{").unwrap();
    let before = tree_snapshot(&mount).unwrap();
    let said = desk.well("--library lib convert one.csv --from MUSIC --to player");
    assert!(said.all().contains("players.json") && said.all().contains("written anew"), "{said:?}");
    assert_eq!(fs::read(&record).unwrap(), good);
    assert_eq!(tree_snapshot(&mount).unwrap(), before);
}

fn service() -> Value {
    json!({
        "blocks": { "sdb1": "Clip", "sdc1": "Clip" },
        "drives": { "Clip": { "Ejectable": true, "CanPowerOff": true } },
    })
}

#[test]
fn ejecting_unmounts_all_of_a_player_and_cuts_its_power() {
    let Some(disks) = DiskService::start(&service()) else { return };
    let mut desk = Desk::new();
    desk.plug(&clip(), "CLIP SPORT");
    let card_at = desk.plug(&card(), "CARD");
    // A stick at another port stays.
    desk.plug(&FakeDisk::stick("sdd", "sdd1", "8:49", "1-3"), "OTHER");
    let several = desk.run_on(disks.address(), "eject", &[]);
    assert!(several.code == 1 && several.err.contains("3 players"), "{several:?}");
    assert_eq!(disks.calls(), Vec::<String>::new());

    let said = desk.run_on(disks.address(), "eject", &["clip sport"]);
    assert_eq!((said.code, said.out.as_str()), (0, "It is safe to unplug CLIP SPORT.\n"), "{said:?}");
    let mut calls = disks.calls();
    calls[..2].sort();
    assert_eq!(calls, ["sdb1 Unmount", "sdc1 Unmount", "Clip Eject", "Clip PowerOff"]);

    let by_path = desk.run_on(disks.address(), "--json eject", &[text(&card_at)]).last_object();
    assert_eq!((&by_path["name"], &by_path["powered_off"]), (&json!("CARD"), &json!(true)));
    assert_eq!(list(&by_path, "/unmounted").len(), 2);
}

#[test]
fn what_keeps_a_player_busy_is_named() {
    let mut parameters = service();
    parameters["busy"] = json!(["sdb1"]);
    let Some(disks) = DiskService::start(&parameters) else { return };
    let mut desk = Desk::new();
    let mount = desk.plug(&clip(), "CLIP SPORT");
    let process = desk.computer.root().join("proc/4242");
    fs::create_dir_all(process.join("fd")).unwrap();
    fs::write(process.join("comm"), "mpv\n").unwrap();
    symlink(mount.join("Music/x.mp3"), process.join("fd/7")).unwrap();
    let said = desk.run_on(disks.address(), "eject", &[]);
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.err.contains("in use by mpv (process 4242)") && said.err.contains("not unplug"), "{said:?}");
    assert_eq!(disks.calls(), ["sdb1 Unmount"]);
}

#[test]
fn a_refusal_says_what_to_type() {
    let mut parameters = service();
    parameters["denied"] = json!(["sdb1"]);
    let Some(disks) = DiskService::start(&parameters) else { return };
    let mut desk = Desk::new();
    desk.plug(&clip(), "CLIP SPORT");
    let said = desk.run_on(disks.address(), "eject", &[]);
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.err.contains("Not authorized") && said.err.contains("sudo umount '"), "{said:?}");
}

#[test]
fn nothing_is_ejected_while_another_ferrotape_fills_it() {
    let mut desk = Desk::new();
    let mount = desk.plug(&clip(), "CLIP SPORT");
    desk.well("convert one.csv --from MUSIC --to player");
    let lock = fs::File::options().write(true).open(mount.join(".ferrotape/lock")).unwrap();
    lock.lock().unwrap();
    let said = desk.run("eject");
    assert_eq!(said.code, 5, "{said:?}");
    assert!(said.err.contains("already filling"), "{said:?}");
}

#[test]
fn without_a_disk_service_umount_is_asked() {
    let mut desk = Desk::new();
    let mount = desk.plug(&clip(), "CLIP SPORT");
    let programs = desk.home.path("bin");
    fs::create_dir(&programs).unwrap();
    let umount = programs.join("umount");
    let script = |end: &str| {
        fs::write(&umount, format!("#!/bin/sh\necho \"$@\" >> \"$HOME/asked\"\n{end}\n")).unwrap();
        fs::set_permissions(&umount, fs::Permissions::from_mode(0o755)).unwrap();
    };
    let eject = |desk: &Desk| {
        let mut command = desk.home.command();
        command.args(["--system-root", text(desk.computer.root()), "eject"]);
        command
            .env("PATH", format!("{}:/usr/bin:/bin", programs.display()))
            .env("DBUS_SYSTEM_BUS_ADDRESS", NO_BUS);
        crate::home::said(command.output().unwrap(), "eject")
    };
    script("exit 0");
    let said = eject(&desk);
    assert_eq!((said.code, said.out.as_str()), (0, "It is safe to unplug CLIP SPORT.\n"), "{said:?}");
    assert_eq!(fs::read_to_string(desk.home.path("asked")).unwrap(), format!("-- {}\n", mount.display()));
    script("echo 'umount: must be superuser to unmount.' >&2; exit 32");
    let said = eject(&desk);
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.err.contains("must be superuser") && said.err.contains("sudo umount '"), "{said:?}");
}

#[test]
fn what_is_no_player_is_not_ejected() {
    let mut desk = Desk::new();
    let none = desk.run("eject");
    assert!(none.code == 1 && none.err.contains("no player was found"), "{none:?}");
    desk.plug(&clip(), "CLIP SPORT");
    fs::create_dir(desk.home.path("somewhere")).unwrap();
    let folder = desk.run("eject ./somewhere");
    assert!(folder.code == 1 && folder.err.contains("not on a mounted player"), "{folder:?}");
    let bare = desk.run("eject somewhere");
    let says = "not on a mounted player; there is nothing to eject";
    assert!(bare.code == 1 && bare.err.contains(says) && bare.err.contains("needs no ejecting"), "{bare:?}");
    let unknown = desk.run("eject OTHER");
    assert!(unknown.code == 1 && unknown.err.contains("“OTHER”"), "{unknown:?}");
}

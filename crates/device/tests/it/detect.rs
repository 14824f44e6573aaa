//! Which disks of a made-up computer are players, what they are called, and by what they are recognised.

use std::fs;
use std::path::{Path, PathBuf};

use ferrotape_device::{
    Chosen, DeviceError, FoundPlayer, OWN_PROFILE, Place, Signature, System, UsbIdentity, at_path,
    find_players,
};
use ferrotape_testkit::{Bus, FakeDisk, FakeSystem};
use tempfile::TempDir;

struct Computer {
    folder: TempDir,
    fake: FakeSystem,
}

impl Computer {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let fake = FakeSystem::new(&folder.path().join("computer")).unwrap();
        Self { folder, fake }
    }

    fn system(&self) -> System {
        System::at(self.fake.root())
    }

    fn media(&self, name: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join("media").join(name)
    }

    fn plug(&mut self, disk: &FakeDisk, at: &str) -> PathBuf {
        let at = self.media(at);
        self.fake.plug(disk).unwrap();
        self.fake.mount(disk, &at).unwrap();
        at
    }

    fn found(&self, signatures: &[Signature]) -> Vec<FoundPlayer> {
        find_players(&self.system(), signatures).unwrap()
    }

    fn only(&self, signatures: &[Signature]) -> FoundPlayer {
        let found = self.found(signatures);
        assert_eq!(found.len(), 1, "{found:#?}");
        found[0].clone()
    }
}

/// Where no device speaks MTP.
fn choose<'p>(found: &'p [FoundPlayer], named: Option<&'p str>) -> Result<&'p FoundPlayer, DeviceError> {
    match ferrotape_device::choose(found, &[], named)? {
        Chosen::Mounted(player) => Ok(player),
        Chosen::Mtp(..) => unreachable!("there is none"),
    }
}

fn echo() -> FakeDisk {
    FakeDisk {
        bus: Bus::Usb { port: "1-2", ids: ("071B", "3203"), words: ("FiiO", "ECHO MINI") },
        label: Some("ECHO\\x20MINI"),
        id: Some("3A2F-11EC"),
        ..FakeDisk::stick("sdb", "sdb1", "8:17", "1-2")
    }
}

fn signature(profile: &str) -> Signature {
    Signature { profile: profile.to_owned(), ..Signature::default() }
}

fn put(mount: &Path, path: &str, text: &str) {
    fs::create_dir_all(mount.join(path).parent().unwrap()).unwrap();
    fs::write(mount.join(path), text).unwrap();
}

#[test]
fn a_player_is_found_with_all_that_is_known_of_it() {
    let mut computer = Computer::new();
    let mount = computer.plug(&echo(), "a/ECHO MINI");
    let player = computer.only(&[]);
    assert_eq!((player.mount.as_path(), player.device.as_path()), (mount.as_path(), Path::new("/dev/sdb1")));
    assert_eq!(
        (player.volume_id.as_deref(), player.label.as_deref()),
        (Some("3A2F-11EC"), Some("ECHO MINI"))
    );
    assert_eq!((player.file_system.as_str(), player.removable, player.read_only), ("vfat", true, false));
    assert!(player.bytes_total >= player.bytes_free && player.bytes_free > 0);
    let usb = UsbIdentity {
        vendor: "071b".to_owned(),
        product: "3203".to_owned(),
        manufacturer: Some("FiiO".to_owned()),
        model: Some("ECHO MINI".to_owned()),
        serial: Some("USBV1.00".to_owned()),
    };
    assert_eq!(player.usb, Some(usb));
    assert_eq!((player.name(), player.profile.as_deref()), ("ECHO MINI".to_owned(), None));
    assert!(player.looks_like_one() && player.why.contains("vfat"), "{}", player.why);
}

#[test]
fn disks_that_are_no_players_are_not_offered() {
    let mut computer = Computer::new();
    let plain = FakeDisk::stick("sdz", "sdz1", "8:250", "1-9");
    let part = |name, part, number| FakeDisk {
        bus: Bus::Nvme,
        removable: false,
        name,
        part: Some(part),
        number,
        ..plain.clone()
    };
    computer.plug(&part("nvme1n1", "nvme1n1p1", "259:9"), "a/second disk");
    computer.plug(&FakeDisk { bus: Bus::Emmc, removable: false, ..plain.clone() }, "a/soldered in");
    let virtual_disk =
        |name, number| FakeDisk { bus: Bus::Virtual, name, part: None, number, ..plain.clone() };
    computer.plug(&virtual_disk("dm-3", "253:3"), "a/encrypted");
    computer.plug(&virtual_disk("loop0", "7:0"), "a/image");
    let disc = FakeDisk { name: "sr0", part: None, number: "11:0", file_system: "iso9660", ..plain.clone() };
    computer.plug(&disc, "a/disc");
    computer.plug(&FakeDisk { file_system: "vfat", ..disc }, "a/packet disc");
    for (number, source, kind, at) in [
        ("0:50", "server:/export", "nfs4", "a/network"),
        ("0:51", "//server/share", "cifs", "a/share"),
        ("0:52", "me@host:", "fuse.sshfs", "a/sshfs"),
        ("0:53", "/dev/fuse", "fuse.portal", "a/portal"),
        ("0:54", "tmpfs", "tmpfs", "a/memory"),
    ] {
        let at = computer.media(at);
        computer.fake.mount_as(number, source, kind, &at).unwrap();
    }
    assert_eq!(computer.found(&[]), []);
    let none = choose(&computer.found(&[]), None).unwrap_err();
    assert!(matches!(none, DeviceError::NoPlayer { .. }), "{none}");
}

#[test]
fn the_disk_of_the_system_is_never_offered_though_it_hangs_on_usb() {
    let mut computer = Computer::new();
    // A system on a stick: boot partition and data on the same disk, the root encrypted on a second one.
    let boot = FakeDisk::stick("sdb", "sdb1", "8:17", "1-2");
    let data = FakeDisk { part: Some("sdb2"), number: "8:18", ..boot.clone() };
    let below = FakeDisk::stick("sdc", "sdc1", "8:33", "1-3");
    let root = FakeDisk { name: "dm-0", part: None, number: "253:0", bus: Bus::Virtual, ..boot.clone() };
    for disk in [&boot, &data, &below, &root] {
        computer.fake.plug(disk).unwrap();
    }
    let slaves = computer.fake.root().join("sys/devices/virtual/block/dm-0/slaves");
    fs::create_dir_all(&slaves).unwrap();
    std::os::unix::fs::symlink(computer.fake.root().join("sys/class/block/sdc1"), slaves.join("sdc1"))
        .unwrap();
    computer.fake.line("40 30 8:17 / /boot/efi rw - vfat /dev/sdb1 rw", Path::new("/boot/efi")).unwrap();
    computer.fake.line("41 30 253:0 / /home rw - ext4 /dev/mapper/luks-home rw", Path::new("/home")).unwrap();
    let (a, b) = (computer.media("a/data"), computer.media("a/same disk"));
    computer.fake.mount(&data, &a).unwrap();
    computer.fake.mount(&below, &b).unwrap();
    assert_eq!(computer.found(&[]), []);
    computer.plug(&FakeDisk::stick("sdd", "sdd1", "8:49", "1-4"), "a/STICK");
    assert_eq!(computer.only(&[]).name(), "Stick");
}

#[test]
fn a_disk_is_offered_once_where_it_can_be_reached() {
    let mut computer = Computer::new();
    let disk = echo();
    let mount = computer.plug(&disk, "a/ECHO MINI");
    let again = computer.media("again");
    computer.fake.mount(&disk, &again).unwrap();
    let bound = computer.media("only its music");
    fs::create_dir_all(&bound).unwrap();
    let line = format!("80 30 8:17 /Music {} rw - vfat /dev/sdb1 rw", bound.display());
    computer.fake.line(&line, &bound).unwrap();
    assert_eq!(computer.only(&[]).mount, mount.clone().min(again.clone()));
    // Another disk mounted over it hides it.
    computer.fake.unmount(&again).unwrap();
    let over = FakeDisk { id: Some("9999-0001"), ..FakeDisk::stick("sdc", "sdc1", "8:33", "1-3") };
    computer.fake.plug(&over).unwrap();
    computer.fake.mount(&over, &mount).unwrap();
    assert_eq!(computer.only(&[]).device, Path::new("/dev/sdc1"));
    let place = computer.system().place_of(&mount.join("Music/not there yet"));
    assert_eq!(place, Some(Place { mount, volume: Some("9999-0001".to_owned()) }));
}

#[test]
fn a_mount_point_is_known_before_anything_was_mounted_there() {
    let mut computer = Computer::new();
    let at = computer.media("CLIP SPORT");
    fs::create_dir_all(&at).unwrap();
    let named = at.display().to_string().replace(' ', "\\040");
    let table = format!(
        "# LABEL=OLD /srv/old vfat\n\nLABEL=CLIP\t{named}\tvfat noauto 0 0\n/dev/sda2 none swap sw 0 0\n\
         /dev/sda3 /home ext4 defaults 0 2\n/dev/sda1 / ext4 defaults 0 1\nbroken\n"
    );
    computer.fake.etc("fstab", &table).unwrap();
    let users = "root:x:0:0::/root:/bin/sh\nbackup:x:34:34::/var/backups:/bin/sh\n\
                 ann:x:1000:1000::/home/ann:/bin/sh\n";
    computer.fake.etc("passwd", users).unwrap();
    let missing = |computer: &Computer, path: &Path| computer.system().unmounted_at(path);
    assert_eq!(missing(&computer, &at), Some(at.clone()));
    fs::remove_dir(&at).unwrap();
    let link = computer.folder.path().join("link");
    std::os::unix::fs::symlink(at.parent().unwrap(), &link).unwrap();
    for below in [at.join("Music/not there yet"), link.join("CLIP SPORT")] {
        assert_eq!(missing(&computer, &below), Some(at.clone()), "{}", below.display());
    }
    let root = computer.fake.root().to_owned();
    for desktops in ["run/media/ann/CLIP", "run/media/CLIP/Music", "media/ann/CLIP"] {
        let point = root.join(desktops);
        assert_eq!(missing(&computer, &point.join("x")), Some(point));
    }
    for folder in
        ["media/ann", "media/music/player", "media/an/CLIP", "media/backup/mp3", "run/media", "srv/old"]
    {
        assert_eq!(missing(&computer, &root.join(folder)), None, "{folder}");
    }
    for folder in ["/home/ann/player", "/srv/old", "/"] {
        assert_eq!(missing(&computer, Path::new(folder)), None, "{folder}");
    }
    computer.plug(&echo(), "CLIP SPORT");
    assert_eq!(missing(&computer, &at.join("Music")), None);
    let other = FakeDisk::stick("sdd", "sdd1", "8:49", "1-3");
    let at = root.join("run/media/ann/CLIP");
    computer.fake.plug(&other).unwrap();
    computer.fake.mount(&other, &at).unwrap();
    assert_eq!(missing(&computer, &at.join("Music")), None);
    assert_eq!(System::at(root.join("nowhere")).unmounted_at(&at), None, "it does not tell");
}

#[test]
fn fuse_on_a_real_disk_and_cards_are_found() {
    let mut computer = Computer::new();
    let card = FakeDisk {
        name: "mmcblk0",
        part: Some("mmcblk0p1"),
        number: "179:1",
        bus: Bus::SdCard,
        removable: false,
        file_system: "exfat",
        label: Some("MUSIC"),
        id: Some("CAFE-0001"),
    };
    let card_at = computer.plug(&card, "a/MUSIC");
    let stick = FakeDisk { id: Some("BEEF-0002"), ..FakeDisk::stick("sdb", "sdb1", "8:17", "1-2") };
    computer.fake.plug(&stick).unwrap();
    let fuse_at = computer.media("a/fuse");
    computer.fake.mount_as("0:61", "/dev/sdb1", "fuseblk", &fuse_at).unwrap();
    let found = computer.found(&[]);
    let told: Vec<_> =
        found.iter().map(|one| (one.mount.clone(), one.volume_id.as_deref().unwrap())).collect();
    assert_eq!(told, [(card_at, "CAFE-0001"), (fuse_at, "BEEF-0002")]);
    assert!(found.iter().all(|one| one.removable && one.looks_like_one()), "{found:#?}");
}

#[test]
fn signals_are_believed_in_their_order() {
    let mut computer = Computer::new();
    let mount = computer.plug(&echo(), "a/ECHO MINI");
    let by_label = Signature { labels: vec!["echo mini".to_owned()], ..signature("label") };
    let by_id = Signature { usb: vec!["071b:3203".to_owned()], ..signature("id") };
    let by_words = Signature { usb: vec!["071b:3203 fiio echo".to_owned()], ..signature("words") };
    let other_words = Signature { usb: vec!["071b:3203 other maker".to_owned()], ..signature("other") };
    let by_marker = Signature { markers: vec!["SYSTEM/echo.bin".to_owned()], ..signature("marker") };
    let rockbox = Signature { markers: vec![".rockbox/rockbox-info.txt".to_owned()], ..signature("rb") };
    let all = [other_words, by_label, by_id, by_words, by_marker, rockbox];
    let told = |computer: &Computer, signatures: &[Signature]| {
        let player = computer.only(signatures);
        (player.profile.unwrap_or_default(), player.why)
    };
    put(&mount, ".is_audio_player", "name=\"Echo\"\n");
    assert_eq!(told(&computer, &all[..1]).0, "generic", "a player, but of another maker's words");
    assert_eq!(told(&computer, &all[..2]), ("label".to_owned(), "its label is ECHO MINI".to_owned()));
    assert_eq!(told(&computer, &all[..3]).0, "id");
    let words = told(&computer, &all[..4]);
    assert!(words.0 == "words" && words.1.contains("071b:3203 (FiiO ECHO MINI)"), "{words:?}");
    put(&mount, "SYSTEM/echo.bin", "");
    assert_eq!(told(&computer, &all).0, "marker");
    fs::create_dir(mount.join("iPod_Control")).unwrap();
    assert_eq!(told(&computer, &all).0, "ipod-apple");
    put(&mount, ".rockbox/rockbox-info.txt", "Target: ipodvideo\nVersion: x\n");
    assert_eq!(told(&computer, &all).0, "rb");
    let unclaimed = told(&computer, &[]);
    assert!(unclaimed.0 == "rockbox" && unclaimed.1.contains("Rockbox for ipodvideo"), "{unclaimed:?}");
    let of_model = Signature { targets: vec!["ipodvideo".to_owned()], ..signature("model") };
    let any = Signature { markers: all[5].markers.clone(), ..signature("rockbox") };
    let model = told(&computer, &[any.clone(), of_model.clone()]);
    assert!(model.0 == "model" && model.1.contains("Rockbox for ipodvideo"), "{model:?}");
    assert_eq!(
        told(&computer, &[all[5].clone(), of_model.clone()]).0,
        "rb",
        "one of the user's that names the file"
    );
    put(&mount, ".rockbox/rockbox-info.txt", "Target: ipod6g\n");
    assert_eq!(told(&computer, &[any, of_model]).0, "rockbox");
    put(&mount, "default-capability.xml", "<root/>");
    assert_eq!(told(&computer, &all).0, "sony-walkman");
    put(&mount, ".ferrotape/player", "rockbox\n");
    assert_eq!(told(&computer, &all).0, "rockbox");
    put(&mount, OWN_PROFILE, "");
    assert_eq!(told(&computer, &all).0, OWN_PROFILE);
}

#[test]
fn what_lies_on_a_player_may_be_hostile() {
    let mut computer = Computer::new();
    let mount = computer.plug(&echo(), "a/ECHO MINI");
    let secret = computer.folder.path().join("secret");
    fs::write(&secret, "stolen\n").unwrap();
    fs::create_dir(mount.join(".ferrotape")).unwrap();
    let word = mount.join(".ferrotape/player");
    std::os::unix::fs::symlink(&secret, &word).unwrap();
    assert_eq!(computer.only(&[]).profile, None, "a link out of the player is not followed");
    for bad in ["", "\n", "../../etc/passwd", "a b", "\u{1b}[31mred", &"x".repeat(1_000_000)] {
        fs::remove_file(&word).unwrap();
        fs::write(&word, bad).unwrap();
        assert_eq!(computer.only(&[]).profile, None, "{}", bad.len());
    }
    fs::remove_file(&word).unwrap();
    let made = std::process::Command::new("mkfifo").arg(&word).status();
    if made.is_ok_and(|status| status.success()) {
        assert_eq!(computer.only(&[]).profile, None, "nobody waits for a pipe");
    }
    put(&mount, ".rockbox/rockbox-info.txt", &format!("Target: \u{1b}[31m{}\n", "x".repeat(99_999)));
    let why = computer.only(&[]).why;
    assert_eq!(why, "Rockbox is on it (.rockbox/rockbox-info.txt)");
    let markers = ["../../secret", "/etc/passwd", ""].map(str::to_owned).to_vec();
    fs::remove_dir_all(mount.join(".rockbox")).unwrap();
    assert_eq!(computer.only(&[Signature { markers, ..signature("out") }]).profile, None);
}

#[test]
fn one_is_chosen_only_where_it_is_clear_which() {
    let mut computer = Computer::new();
    let backup = FakeDisk {
        removable: false,
        file_system: "ext4",
        label: Some("BACKUP"),
        ..FakeDisk::stick("sde", "sde1", "8:65", "1-5")
    };
    computer.plug(&backup, "a/BACKUP");
    let found = computer.found(&[]);
    let said = choose(&found, None).unwrap_err().to_string();
    assert!(said.contains("no player") && said.contains("BACKUP at"), "{said}");
    assert_eq!(choose(&found, Some("backup")).unwrap().name(), "BACKUP", "but it may be named");

    let mount = computer.plug(&echo(), "a/ECHO MINI");
    let found = computer.found(&[]);
    assert_eq!(choose(&found, None).unwrap().mount, mount);
    let twin = FakeDisk {
        name: "sdc",
        part: Some("sdc1"),
        number: "8:33",
        label: None,
        id: Some("7777-7777"),
        ..echo()
    };
    computer.plug(&twin, "a/ECHO MINI1");
    let found = computer.found(&[]);
    let several = choose(&found, None).unwrap_err().to_string();
    assert!(several.contains("2 players") && several.contains("(7777-7777)"), "{several}");
    assert_eq!(choose(&found, Some("7777-7777")).unwrap().device, Path::new("/dev/sdc1"));
    assert_eq!(choose(&found, Some("ECHO mini")).unwrap().mount, mount);
    let unknown = choose(&found, Some("echo")).unwrap_err().to_string();
    assert!(unknown.contains("“echo”") && unknown.contains("3A2F-11EC"), "{unknown}");
    assert_eq!(at_path(&found, &mount.join("Music/x")).unwrap().mount, mount);
    assert_eq!(at_path(&found, Path::new("/home")), None);
}

#[test]
fn a_pulled_disk_and_a_system_that_tells_nothing() {
    let mut computer = Computer::new();
    let mount = computer.plug(&echo(), "a/ECHO MINI");
    fs::remove_dir(&mount).unwrap();
    assert_eq!(computer.found(&[]), [], "its table still lists it, but it is gone");
    let said = find_players(&System::at(computer.folder.path().join("nowhere")), &[]).unwrap_err();
    assert!(matches!(said, DeviceError::CannotLook { .. }), "{said}");
}

//! `/sys`: from a mount to its disk, and whether that disk can be plugged in and out.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::{Mount, MountTable, System, UsbIdentity};

/// A disk built of disks built of disks (encryption on a volume on a set); more is no system of this world.
const DEEPEST: usize = 6;
/// A sysfs attribute is a line.
const LONGEST: u64 = 512;
/// Mount points of the system itself. `/home/NAME` and `/root` are somebody's home.
const OF_SYSTEM: [&str; 11] =
    ["/", "/boot", "/boot/efi", "/boot/firmware", "/efi", "/usr", "/var", "/home", "/opt", "/srv", "/nix"];

/// A block device that a mount stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Disk {
    /// The kernel's name of the mounted device: `sdb1`.
    pub(crate) name: String,
    /// The whole disk in `/sys`.
    pub(crate) disk: PathBuf,
    /// What is unplugged in one go: the USB device in `/sys`, or the disk.
    pub(crate) unit: PathBuf,
    /// What the kernel says of the disk: its medium can be taken out, or it is a stick.
    pub(crate) is_removable: bool,
    /// An SD card.
    pub(crate) is_card: bool,
    pub(crate) usb: Option<UsbIdentity>,
}

impl Disk {
    pub(crate) fn is_pluggable(&self) -> bool {
        self.is_removable || self.is_card || self.usb.is_some()
    }

    /// Discs and diskettes are removable, too. Disks made of others (encryption, volumes, images) are no players:
    /// none could read them.
    pub(crate) fn can_be_player(&self) -> bool {
        let is_drive = |word: &str| {
            self.name.strip_prefix(word).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        };
        !is_virtual(&self.disk) && !is_drive("sr") && !is_drive("fd")
    }
}

/// The disk below a mount; `None` for network, memory and FUSE file systems.
pub(crate) fn disk_of(system: &System, mount: &Mount) -> Option<Disk> {
    let node = node_of(system, mount)?;
    let name = node.file_name()?.to_string_lossy().into_owned();
    let disk = whole_disk(&node);
    let usb = disk.ancestors().find(|folder| folder.join("idVendor").is_file());
    Some(Disk {
        name,
        unit: usb.map_or_else(|| disk.clone(), Path::to_owned),
        is_removable: attribute(&disk, "removable").as_deref() == Some("1"),
        is_card: disk.ancestors().any(is_sd_card),
        usb: usb.map(usb_identity),
        disk,
    })
}

/// The disks that carry the system itself, also below encryption and volumes.
pub(crate) fn disks_of_system(system: &System, table: &MountTable) -> BTreeSet<PathBuf> {
    let mut disks = BTreeSet::new();
    for mount in table.all().iter().filter(|mount| is_of_system(&mount.point)) {
        if let Some(node) = node_of(system, mount) {
            add_below(&node, 0, &mut disks);
        }
    }
    disks
}

pub(super) fn is_of_system(point: &Path) -> bool {
    let is_a_home = || point == Path::new("/root") || point.parent() == Some(Path::new("/home"));
    OF_SYSTEM.iter().any(|of_system| point == Path::new(of_system)) || is_a_home()
}

fn add_below(node: &Path, depth: usize, disks: &mut BTreeSet<PathBuf>) {
    let disk = whole_disk(node);
    for slaves in [node.join("slaves"), disk.join("slaves")] {
        let Ok(entries) = std::fs::read_dir(slaves) else { continue };
        for slave in entries.flatten().filter_map(|entry| entry.path().canonicalize().ok()) {
            if depth < DEEPEST {
                add_below(&slave, depth + 1, disks);
            }
        }
    }
    disks.insert(disk);
}

/// The device's folder in `/sys`, by the number of the mount, or by its source where the number is one of the file
/// system's own (btrfs, exFAT through FUSE).
fn node_of(system: &System, mount: &Mount) -> Option<PathBuf> {
    let by_number = system.sys().join("dev/block").join(&mount.number).canonicalize();
    by_number.ok().or_else(|| {
        let device = mount.source.strip_prefix("/dev").ok()?;
        let real = system.inside(&mount.source).canonicalize();
        let name = real.as_deref().unwrap_or(device).file_name()?;
        system.sys().join("class/block").join(name).canonicalize().ok()
    })
}

fn whole_disk(node: &Path) -> PathBuf {
    let is_partition = node.join("partition").exists();
    node.parent().filter(|_| is_partition).unwrap_or(node).to_owned()
}

fn is_virtual(disk: &Path) -> bool {
    disk.components().any(|part| part.as_os_str() == "virtual")
}

/// `mmc0:0001`, a card; one that is soldered in says `MMC` of itself.
fn is_sd_card(folder: &Path) -> bool {
    let is_mmc = folder.file_name().is_some_and(|name| name.to_string_lossy().starts_with("mmc"));
    is_mmc && attribute(folder, "type").as_deref() == Some("SD")
}

fn usb_identity(device: &Path) -> UsbIdentity {
    let id = |name: &str| attribute(device, name).unwrap_or_default().to_lowercase();
    UsbIdentity {
        vendor: id("idVendor"),
        product: id("idProduct"),
        manufacturer: attribute(device, "manufacturer"),
        model: attribute(device, "product"),
        serial: attribute(device, "serial"),
    }
}

/// The words of a device may be anything: bounded, and without control characters.
fn attribute(folder: &Path, name: &str) -> Option<String> {
    let mut bytes = Vec::new();
    std::fs::File::open(folder.join(name)).ok()?.take(LONGEST).read_to_end(&mut bytes).ok()?;
    let text: String = String::from_utf8_lossy(&bytes).chars().filter(|c| !c.is_control()).collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

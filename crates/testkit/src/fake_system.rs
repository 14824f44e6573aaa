//! A made-up computer: what Linux tells of mounts and disks, as a tree of files. The disks' contents are real folders.

use std::io;
use std::path::{Path, PathBuf};

/// How a disk is connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bus {
    /// USB, at this port: disks at one port are one device.
    Usb {
        /// The port: `1-2`.
        port: &'static str,
        /// Vendor and product id.
        ids: (&'static str, &'static str),
        /// Manufacturer and product in the device's own words.
        words: (&'static str, &'static str),
    },
    /// A card slot that is not on USB.
    SdCard,
    /// Memory that is soldered in.
    Emmc,
    /// Built in.
    Nvme,
    /// No disk of its own: encryption, volumes, images.
    Virtual,
}

/// A disk to plug in.
#[derive(Debug, Clone)]
pub struct FakeDisk {
    /// The kernel's name of the whole disk: `sdb`.
    pub name: &'static str,
    /// The part that is mounted, `sdb1`; `None` when the whole disk is.
    pub part: Option<&'static str>,
    /// The kernel's number: `8:17`.
    pub number: &'static str,
    /// How it is connected.
    pub bus: Bus,
    /// What the kernel says of the medium.
    pub removable: bool,
    /// Kind of file system.
    pub file_system: &'static str,
    /// Volume label, as udev writes it.
    pub label: Option<&'static str>,
    /// Volume id.
    pub id: Option<&'static str>,
}

impl FakeDisk {
    /// A stick with one FAT partition.
    pub fn stick(name: &'static str, part: &'static str, number: &'static str, port: &'static str) -> Self {
        let bus = Bus::Usb { port, ids: ("1234", "5678"), words: ("Acme", "Stick") };
        let (label, id) = (None, None);
        Self { name, part: Some(part), number, bus, removable: true, file_system: "vfat", label, id }
    }
}

/// The computer. It starts with a built-in disk that carries the system.
#[derive(Debug)]
pub struct FakeSystem {
    root: PathBuf,
    mounts: Vec<(PathBuf, String)>,
}

impl FakeSystem {
    /// A computer in an empty folder.
    pub fn new(root: &Path) -> io::Result<Self> {
        let folders = [
            "proc/self",
            "sys/dev/block",
            "sys/class/block",
            "dev/disk/by-uuid",
            "dev/disk/by-label",
            "dev/mapper",
        ];
        for folder in folders {
            std::fs::create_dir_all(root.join(folder))?;
        }
        let mut system = Self { root: root.canonicalize()?, mounts: Vec::new() };
        let disk = FakeDisk {
            name: "nvme0n1",
            part: Some("nvme0n1p2"),
            number: "259:2",
            bus: Bus::Nvme,
            removable: false,
            file_system: "ext4",
            label: None,
            id: Some("0000-system"),
        };
        system.plug(&disk)?;
        system.mount(&disk, Path::new("/"))?;
        system.line("22 1 0:21 / /proc rw shared:2 - proc proc rw", Path::new("/proc"))?;
        Ok(system)
    }

    /// The folder it lives in.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Makes a disk known, without mounting it; its folder in `/sys`.
    pub fn plug(&self, disk: &FakeDisk) -> io::Result<PathBuf> {
        let devices = self.root.join("sys/devices");
        let parent = match disk.bus {
            Bus::Usb { port, .. } => devices.join(format!("pci0000:00/usb1/{port}/{port}:1.0/host0/block")),
            Bus::SdCard | Bus::Emmc => devices.join("pci0000:00/mmc_host/mmc0/mmc0:0001/block"),
            Bus::Nvme => devices.join("pci0000:00/nvme/nvme0"),
            Bus::Virtual => devices.join("virtual/block"),
        };
        let whole = parent.join(disk.name);
        std::fs::create_dir_all(&whole)?;
        self.describe_bus(disk)?;
        std::fs::write(whole.join("removable"), if disk.removable { "1\n" } else { "0\n" })?;
        let node = disk.part.map_or_else(|| whole.clone(), |part| whole.join(part));
        std::fs::create_dir_all(&node)?;
        if disk.part.is_some() {
            std::fs::write(node.join("partition"), "1\n")?;
        }
        let name = disk.part.unwrap_or(disk.name);
        link(&node, &self.root.join("sys/dev/block").join(disk.number))?;
        link(&node, &self.root.join("sys/class/block").join(name))?;
        std::fs::write(self.root.join("dev").join(name), "")?;
        for (kind, value) in [("by-uuid", disk.id), ("by-label", disk.label)] {
            if let Some(value) = value {
                let place = self.root.join("dev/disk").join(kind).join(value);
                link(&Path::new("../..").join(name), &place)?;
            }
        }
        Ok(node)
    }

    fn describe_bus(&self, disk: &FakeDisk) -> io::Result<()> {
        let devices = self.root.join("sys/devices/pci0000:00");
        match disk.bus {
            Bus::Usb { port, ids, words } => {
                let device = devices.join("usb1").join(port);
                let attributes = [
                    ("idVendor", ids.0),
                    ("idProduct", ids.1),
                    ("manufacturer", words.0),
                    ("product", words.1),
                    ("serial", "USBV1.00"),
                ];
                for (name, value) in attributes.iter().filter(|(_, value)| !value.is_empty()) {
                    std::fs::write(device.join(name), format!("{value}\n"))?;
                }
                // The hub it hangs on is a USB device, too.
                std::fs::write(devices.join("usb1/idVendor"), "1d6b\n")?;
                std::fs::write(devices.join("usb1/idProduct"), "0002\n")
            }
            Bus::SdCard => std::fs::write(devices.join("mmc_host/mmc0/mmc0:0001/type"), "SD\n"),
            Bus::Emmc => std::fs::write(devices.join("mmc_host/mmc0/mmc0:0001/type"), "MMC\n"),
            Bus::Nvme | Bus::Virtual => Ok(()),
        }
    }

    /// A file of the system's settings: `fstab`, `passwd`.
    pub fn etc(&self, name: &str, text: &str) -> io::Result<()> {
        let folder = self.root.join("etc");
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join(name), text)
    }

    /// Mounts a disk at a folder, which is made when it lies in the temporary part of the tree.
    pub fn mount(&mut self, disk: &FakeDisk, at: &Path) -> io::Result<()> {
        let source = format!("/dev/{}", disk.part.unwrap_or(disk.name));
        self.mount_as(disk.number, &source, disk.file_system, at)
    }

    /// A mount of any kind, with its number and source.
    pub fn mount_as(&mut self, number: &str, source: &str, file_system: &str, at: &Path) -> io::Result<()> {
        std::fs::create_dir_all(at)?;
        let (id, parent) = (self.mounts.len() + 30, self.id_at(at));
        let line = format!(
            "{id} {parent} {number} / {} rw,nosuid shared:{id} - {file_system} {source} rw",
            escaped(at)
        );
        self.line(&line, at)
    }

    /// Any line of the table.
    pub fn line(&mut self, line: &str, at: &Path) -> io::Result<()> {
        self.mounts.push((at.to_owned(), line.to_owned()));
        self.write()
    }

    /// Takes the topmost mount at a folder away; the folder stays.
    pub fn unmount(&mut self, at: &Path) -> io::Result<()> {
        if let Some(index) = self.mounts.iter().rposition(|(point, _)| point == at) {
            self.mounts.remove(index);
        }
        self.write()
    }

    /// Id of the last mount that a folder lies below.
    fn id_at(&self, at: &Path) -> String {
        let below = self.mounts.iter().filter(|(point, _)| at.starts_with(point));
        let deepest = below.max_by_key(|(point, _)| point.components().count());
        let id = deepest.and_then(|(_, line)| line.split(' ').next());
        id.unwrap_or("1").to_owned()
    }

    fn write(&self) -> io::Result<()> {
        let lines: String = self.mounts.iter().map(|(_, line)| format!("{line}\n")).collect();
        std::fs::write(self.root.join("proc/self/mountinfo"), lines)
    }
}

fn link(target: &Path, at: &Path) -> io::Result<()> {
    match std::os::unix::fs::symlink(target, at) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}

/// Spaces and the like as the kernel writes them.
fn escaped(path: &Path) -> String {
    let mut text = String::new();
    for c in path.to_string_lossy().chars() {
        match c {
            ' ' | '\t' | '\n' | '\\' => text.push_str(&format!("\\{:03o}", u32::from(c))),
            plain => text.push(plain),
        }
    }
    text
}

//! Mount points with nothing mounted at them, told by what the system keeps them for: where a stick that was never filled
//! would be, were it plugged in.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::System;
use super::block::is_of_system;
use super::mounts::path_of;
use super::places::real_path;

/// Far more than any of these files; the rest of a longer one is not read.
const LARGEST: u64 = 1024 * 1024;
/// Below it are services, but for the administrator.
const FIRST_USER: u32 = 1000;

impl System {
    /// The mount point that a path is, or lies below, while nothing is mounted there: one that `/etc/fstab` names, or a
    /// folder in which desktops mount what is plugged in. `None` where there is none, or the system does not tell.
    pub fn unmounted_at(&self, path: &Path) -> Option<PathBuf> {
        let real = real_path(path)?;
        let mounted = self.place_of(path)?.mount;
        let is_bare = |point: &PathBuf| real.starts_with(point) && !mounted.starts_with(point);
        let named = self.named_in_fstab().into_iter().filter(is_bare);
        let nearest = named.max_by_key(|point| point.components().count());
        nearest.or_else(|| self.place_of_desktops(&real, &mounted))
    }

    /// The system's own folders are there also where they have no disk of their own.
    fn named_in_fstab(&self) -> Vec<PathBuf> {
        let table = self.text_of("/etc/fstab");
        let points = table.split(|byte| *byte == b'\n').filter_map(mount_point);
        points.filter(|point| !is_of_system(point)).filter_map(|point| real_path(&point)).collect()
    }

    /// `/run/media/NAME/LABEL` or `/media/NAME/LABEL`, where nothing is mounted between the first folder and the path.
    fn place_of_desktops(&self, real: &Path, mounted: &Path) -> Option<PathBuf> {
        ["/run/media", "/media"].into_iter().find_map(|name| {
            let folder = real_path(&self.inside(Path::new(name)))?;
            let mut below = real.strip_prefix(&folder).ok()?.components();
            let (user, label) = (below.next()?.as_os_str(), below.next()?.as_os_str());
            let is_mounted = mounted != folder && mounted.starts_with(&folder);
            // What lies in `/run` is gone after the next start: nobody keeps a folder there. In `/media` some do.
            let is_desktops = name.starts_with("/run") || self.is_user(user.as_encoded_bytes());
            (is_desktops && !is_mounted).then(|| folder.join(user).join(label))
        })
    }

    /// Whether somebody is called so who logs in; `backup` and `games` are names of services, and of folders.
    fn is_user(&self, name: &[u8]) -> bool {
        let is_line_of = |line: &[u8]| {
            let mut fields = line.split(|byte| *byte == b':');
            let is_name = fields.next() == Some(name);
            let number =
                fields.nth(1).and_then(|number| std::str::from_utf8(number).ok()?.parse::<u32>().ok());
            is_name && number.is_some_and(|number| number == 0 || number >= FIRST_USER)
        };
        self.text_of("/etc/passwd").split(|byte| *byte == b'\n').any(is_line_of)
    }

    /// Nothing where it cannot be read.
    fn text_of(&self, path: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        if let Ok(file) = File::open(self.inside(Path::new(path))) {
            let _ = file.take(LARGEST).read_to_end(&mut bytes);
        }
        bytes
    }
}

/// `LABEL=CLIP /mnt/clip\040sport vfat noauto,user 0 0`
fn mount_point(line: &[u8]) -> Option<PathBuf> {
    let mut words = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    words.next().filter(|source| !source.starts_with(b"#"))?;
    // Swap is mounted at `none`.
    words.next().map(path_of).filter(|point| point.is_absolute())
}

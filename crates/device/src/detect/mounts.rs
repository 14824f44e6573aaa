//! `/proc/self/mountinfo`: what is mounted where, and which mount a path really lies on.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Far more than any system's mounts; the rest of a longer table is not read.
const LARGEST: u64 = 8 * 1024 * 1024;

/// One line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mount {
    id: u64,
    parent: u64,
    /// The kernel's number of the device: `8:17`.
    pub(crate) number: String,
    /// Whether the whole file system is mounted, and not a folder of it (a bind mount, a subvolume).
    pub(crate) is_whole: bool,
    /// Where.
    pub(crate) point: PathBuf,
    pub(crate) read_only: bool,
    pub(crate) file_system: String,
    /// What is mounted, as it was said: `/dev/sdb1`, `tmpfs`, `server:/share`.
    pub(crate) source: PathBuf,
}

/// All mounts, in the kernel's order.
#[derive(Debug)]
pub(crate) struct MountTable {
    mounts: Vec<Mount>,
    /// Indexes of the mounts that each mount carries, by its id. Those that none carries are under `None`.
    carried: BTreeMap<Option<u64>, Vec<usize>>,
}

impl MountTable {
    pub(crate) fn read(path: &Path) -> io::Result<Self> {
        let mut bytes = Vec::new();
        std::fs::File::open(path)?.take(LARGEST).read_to_end(&mut bytes)?;
        Ok(Self::parse(&bytes))
    }

    /// Lines that are no mounts are passed over.
    fn parse(bytes: &[u8]) -> Self {
        let mounts: Vec<Mount> = bytes.split(|byte| *byte == b'\n').filter_map(mount).collect();
        let ids: BTreeSet<u64> = mounts.iter().map(|mount| mount.id).collect();
        let mut carried: BTreeMap<Option<u64>, Vec<usize>> = BTreeMap::new();
        for (index, mount) in mounts.iter().enumerate() {
            let carrier = Some(mount.parent).filter(|parent| *parent != mount.id && ids.contains(parent));
            carried.entry(carrier).or_default().push(index);
        }
        Self { mounts, carried }
    }

    pub(crate) fn all(&self) -> &[Mount] {
        &self.mounts
    }

    /// The mounts that can be reached: none is mounted over them.
    pub(crate) fn visible(&self) -> impl Iterator<Item = &Mount> {
        self.mounts.iter().filter(|mount| self.mount_at(&mount.point).is_some_and(|top| top.id == mount.id))
    }

    /// The mount that an absolute path without links lies on, found as the kernel finds it: from the root downwards,
    /// taking at each step the mount nearest to the root that the one before it carries.
    pub(crate) fn mount_at(&self, path: &Path) -> Option<&Mount> {
        let mut top = self.nearest(None, path)?;
        // A table that goes in circles ends here.
        for _ in 0..self.mounts.len() {
            match self.nearest(Some(top.id), path) {
                Some(next) => top = next,
                None => break,
            }
        }
        Some(top)
    }

    fn nearest(&self, carrier: Option<u64>, path: &Path) -> Option<&Mount> {
        let carried = self.carried.get(&carrier).into_iter().flatten();
        let on_the_way = carried
            .filter_map(|index| self.mounts.get(*index))
            .filter(|mount| path.starts_with(&mount.point));
        on_the_way.min_by_key(|mount| mount.point.as_os_str().len())
    }
}

/// `36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue`
fn mount(line: &[u8]) -> Option<Mount> {
    let mut words = line.split(|byte| *byte == b' ').filter(|word| !word.is_empty());
    let mut text = || words.next().map(|word| String::from_utf8_lossy(word).into_owned());
    let (id, parent, number) = (text()?.parse().ok()?, text()?.parse().ok()?, text()?);
    let (root, point) = (unescape(words.next()?), path_of(words.next()?));
    let options = words.next()?;
    let mut words = words.skip_while(|word| *word != b"-").skip(1);
    let file_system = String::from_utf8_lossy(&unescape(words.next()?)).into_owned();
    let source = path_of(words.next()?);
    let of_disk = words.next().unwrap_or_default();
    let says_ro = |options: &[u8]| options.split(|byte| *byte == b',').any(|option| option == b"ro");
    Some(Mount {
        id,
        parent,
        number,
        is_whole: root == b"/",
        point,
        read_only: says_ro(options) || says_ro(of_disk),
        file_system,
        source,
    })
}

/// A path as these tables write it, `/etc/fstab` too.
pub(super) fn path_of(word: &[u8]) -> PathBuf {
    PathBuf::from(os_string(unescape(word)))
}

/// Spaces and the like are written as three octal digits: `\040`.
fn unescape(word: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(word.len());
    let mut rest = word;
    while let Some((byte, after)) = rest.split_first() {
        let code = after.first_chunk::<3>().filter(|_| *byte == b'\\').and_then(octal);
        plain.push(code.unwrap_or(*byte));
        rest = if code.is_some() { after.get(3..).unwrap_or_default() } else { after };
    }
    plain
}

fn octal(digits: &[u8; 3]) -> Option<u8> {
    let digits = std::str::from_utf8(digits).ok()?;
    digits.bytes().all(|digit| digit.is_ascii_digit()).then(|| u8::from_str_radix(digits, 8).ok())?
}

#[cfg(unix)]
fn os_string(bytes: Vec<u8>) -> OsString {
    std::os::unix::ffi::OsStringExt::from_vec(bytes)
}

#[cfg(not(unix))]
fn os_string(bytes: Vec<u8>) -> OsString {
    String::from_utf8_lossy(&bytes).into_owned().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at<'t>(table: &'t MountTable, path: &str) -> &'t str {
        table.mount_at(Path::new(path)).map_or("nothing", |mount| mount.source.to_str().unwrap())
    }

    #[test]
    fn a_line_is_taken_apart() {
        let line = b"98 21 8:17 / /media/a/CLIP\\040SPORT\\134x rw,nosuid shared:9 master:2 - vfat /dev/sdb1 rw,uid=1000";
        let table = MountTable::parse(line);
        let mount = &table.all()[0];
        assert_eq!(mount.point, Path::new("/media/a/CLIP SPORT\\x"));
        assert_eq!((mount.file_system.as_str(), mount.source.as_path()), ("vfat", Path::new("/dev/sdb1")));
        assert_eq!((mount.number.as_str(), mount.is_whole, mount.read_only), ("8:17", true, false));
        let ro = MountTable::parse(b"98 21 8:17 /sub /x ro,nosuid - vfat /dev/sdb1 rw");
        assert_eq!((ro.all()[0].is_whole, ro.all()[0].read_only), (false, true));
        let failed = MountTable::parse(b"98 21 8:17 / /x rw - vfat /dev/sdb1 ro,errors=remount-ro");
        assert!(failed.all()[0].read_only, "the kernel turned it read-only");
    }

    #[test]
    fn what_is_no_mount_is_passed_over() {
        let bad = b"\n1\nx y z\n1 1 8:1 / /a rw\n1 1 8:1 / /a rw -\n1 2 8:1 / /\\04 rw - ext4 /dev/sda1 rw\n\xff\xfe";
        let table = MountTable::parse(bad);
        assert_eq!(table.all().len(), 1);
        assert_eq!(table.all()[0].point, Path::new("/\\04"), "half an escape stays as it is");
    }

    #[test]
    fn a_path_lies_on_the_topmost_mount() {
        let table = MountTable::parse(
            b"1 0 8:1 / / rw - ext4 root rw\n\
              2 1 8:17 / /media/a rw - vfat first rw\n\
              3 1 8:33 / /mnt/x/deep rw - vfat hidden rw\n\
              4 2 8:49 / /media/a rw - exfat over rw\n\
              5 1 0:9 / /mnt/x rw - tmpfs cover rw\n\
              6 4 8:65 / /media/a/card rw - exfat nested rw",
        );
        assert_eq!(at(&table, "/media/a/Music"), "over");
        assert_eq!(at(&table, "/media/a/card/Music"), "nested");
        assert_eq!(at(&table, "/media/ab"), "root");
        assert_eq!(at(&table, "/mnt/x/deep/Music"), "cover");
        let visible: Vec<&str> = table.visible().map(|mount| mount.source.to_str().unwrap()).collect();
        assert_eq!(visible, ["root", "over", "cover", "nested"]);
    }

    #[test]
    fn a_table_in_circles_or_without_root_ends() {
        let circle =
            MountTable::parse(b"1 2 8:1 / / rw - a a rw\n2 1 8:1 / / rw - b b rw\n3 3 8:1 / /x rw - c c rw");
        assert_eq!((at(&circle, "/x/y"), at(&circle, "/")), ("c", "nothing"));
        let twice =
            MountTable::parse(b"1 0 8:1 / / rw - a a rw\n2 1 8:1 / / rw - b b rw\n1 2 8:1 / / rw - d d rw");
        assert_ne!(at(&twice, "/x"), "nothing");
        let rootless = MountTable::parse(b"7 5 8:1 / /x rw - c c rw");
        assert_eq!((at(&rootless, "/x/y"), at(&rootless, "/z")), ("c", "nothing"));
    }
}

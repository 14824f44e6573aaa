//! What a player's files lie on: memory (a tmpfs of its own), exFAT (by exfat-fuse on a loop device), or FAT32 (by the
//! kernel, on such a device).
//!
//! Rejected: Debian's `fusefat` for a kernel without FAT32. Its writing is called experimental, and a file of 3 MB that was
//! just written and read back was gone.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::check;

const BYTES: u64 = 64 << 20;
/// What the file that takes the room consists of.
const FILM: u8 = 0x5A;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Medium {
    Memory,
    Exfat,
    Fat,
}

/// What a power cut takes along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lost {
    /// Everything written until then has come to the disk, in order.
    Nothing,
    /// What the computer still held back, in whatever order it writes.
    Cached,
}

impl Medium {
    pub(super) fn all() -> [Self; 3] {
        [Self::Memory, Self::Exfat, Self::Fat]
    }

    /// Whether the disk can be seen as it was at one instant: what the kernel itself writes cannot be halted for it.
    pub(super) fn can_be_cut(self) -> bool {
        self == Self::Exfat
    }

    /// What checks the file system, with its words for looking only, and for putting right.
    fn checker(self) -> Option<(&'static str, &'static str, &'static str)> {
        match self {
            Self::Memory => None,
            Self::Exfat => Some(("fsck.exfat", "-n", "-y")),
            Self::Fat => Some(("fsck.vfat", "-n", "-a")),
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Exfat => "exFAT",
            Self::Fat => "FAT32",
        }
    }

    /// What this machine lacks for it.
    pub(super) fn lacks(self) -> Option<String> {
        let scratch = tempfile::tempdir().ok()?;
        let (image, point) = (scratch.path().join("image"), scratch.path().join("point"));
        let tried = fs::create_dir(&point).map_err(Into::into).and_then(|()| self.make(&image));
        let tried = tried.and_then(|()| self.mount(&image, &point)).and_then(|mounted| mounted.unmount(None));
        tried.err().map(|error| format!("{error:#}"))
    }

    /// An empty one: a folder whose files are copied into memory, or an image.
    pub(super) fn make(self, image: &Path) -> Result<()> {
        match self {
            Self::Memory => Ok(fs::create_dir(image)?),
            Self::Exfat => {
                fs::File::create(image)?.set_len(BYTES)?;
                said("mkfs.exfat", &[words(image)]).map(drop)
            }
            Self::Fat => {
                fs::File::create(image)?.set_len(BYTES)?;
                said("mkfs.vfat", &["-F".to_owned(), "32".to_owned(), words(image)]).map(drop)
            }
        }
    }

    pub(super) fn copy(self, from: &Path, to: &Path) -> Result<()> {
        match self {
            Self::Memory => check::copy(from, to),
            Self::Exfat | Self::Fat => {
                said("cp", &["--sparse=always".to_owned(), words(from), words(to)]).map(drop)
            }
        }
    }

    pub(super) fn mount(self, image: &Path, point: &Path) -> Result<Mounted> {
        let mut mounted = Mounted {
            medium: self,
            image: image.to_owned(),
            point: point.to_owned(),
            disk: None,
            film_bytes: 0,
        };
        match self {
            Self::Memory => {
                let size = format!("size={BYTES}");
                said("mount", &["-t", "tmpfs", "-o", &size, "none", &words(point)].map(str::to_owned))?;
                let filled = Command::new("cp").arg("-a").arg(image).arg(mounted.player()).status()?;
                ensure!(filled.success(), "could not fill {}", point.display());
            }
            Self::Exfat => {
                let device = said("losetup", &["-f".to_owned(), "--show".to_owned(), words(image)])?;
                // With -d it stays in the foreground, so that it is ours to end.
                let daemon = Command::new("mount.exfat-fuse")
                    .arg("-d")
                    .arg(&device)
                    .arg(point)
                    .stdin(Stdio::null())
                    .stdout(Stdio::null())
                    .stderr(Stdio::null())
                    .spawn();
                let (daemon, failed) = match daemon {
                    Ok(daemon) => (Some(daemon), None),
                    Err(error) => (None, Some(error)),
                };
                mounted.disk = Some(Disk { device, daemon });
                if let Some(error) = failed {
                    return Err(error).context("could not run mount.exfat-fuse");
                }
                patiently(TO_MOUNT, || is_mounted(point)).context("exFAT was not mounted")?;
                fs::create_dir_all(mounted.player())?;
            }
            Self::Fat => {
                let device = said("losetup", &["-f".to_owned(), "--show".to_owned(), words(image)])?;
                mounted.disk = Some(Disk { device: device.clone(), daemon: None });
                said("mount", &["-t", "vfat", "-o", "utf8", &device, &words(point)].map(str::to_owned))?;
                fs::create_dir_all(mounted.player())?;
            }
        }
        Ok(mounted)
    }
}

/// A loop device and what serves it.
struct Disk {
    device: String,
    daemon: Option<Child>,
}

/// A mounted player; unmounted when it is dropped.
pub(super) struct Mounted {
    medium: Medium,
    image: PathBuf,
    point: PathBuf,
    disk: Option<Disk>,
    /// How large the file is that takes the room.
    film_bytes: u64,
}

impl Mounted {
    pub(super) fn player(&self) -> PathBuf {
        self.point.join("player")
    }

    /// A file of the user's beside the player.
    fn film(&self) -> PathBuf {
        self.point.join("film.mkv")
    }

    /// Has the user's file take all the room but so many bytes.
    pub(super) fn leave_room(&mut self, bytes: u64) -> Result<()> {
        let df = ["--block-size=1", "--output=avail", &words(&self.point)].map(str::to_owned);
        let free = said("df", &df)?;
        let free: u64 =
            free.lines().last().unwrap_or_default().trim().parse().context("df gave no number")?;
        self.grow_film(free.saturating_sub(bytes), 1 << 18).context("there is less room than df says")
    }

    /// Has the user's file take what room there still is, while the player is written.
    pub(super) fn fill_up(&mut self) -> Result<()> {
        for piece in [1 << 18, 4 << 10] {
            // No more than the medium has: what is freed meanwhile could keep it going.
            if let Err(error) = self.grow_film(BYTES, piece)
                && error.kind() != io::ErrorKind::StorageFull
            {
                return Err(error.into());
            }
        }
        Ok(())
    }

    /// Writes so much of the user's file, piece by piece: one that does not fit is not written in part everywhere.
    fn grow_film(&mut self, bytes: u64, piece: usize) -> io::Result<()> {
        let mut film = fs::File::options().create(true).append(true).open(self.film())?;
        let block = vec![FILM; piece];
        let mut left = bytes;
        while left > 0 {
            let piece = block.get(..left.min(block.len() as u64) as usize).unwrap_or(&block);
            let written = film.write(piece)? as u64;
            self.film_bytes += written;
            left = left.saturating_sub(written);
        }
        Ok(())
    }

    /// Room for everything; whether the file that took it was as the user had left it.
    pub(super) fn make_room(&mut self) -> Result<bool> {
        if !self.film().exists() {
            return Ok(self.film_bytes == 0);
        }
        let film = fs::read(self.film())?;
        fs::remove_file(self.film())?;
        let wanted = std::mem::take(&mut self.film_bytes);
        Ok(film.len() as u64 == wanted && film.iter().all(|byte| *byte == FILM))
    }

    /// Pulls the player out: nothing more reaches it.
    pub(super) fn pull(&mut self) -> Result<()> {
        match self.disk.as_mut().and_then(|disk| disk.daemon.as_mut()) {
            Some(daemon) => Ok(daemon.kill()?),
            None => said("umount", &["-l".to_owned(), words(&self.point)]).map(drop),
        }
    }

    /// What is on the disk now, as if the power had gone.
    pub(super) fn snapshot(&self, lost: Lost) -> Result<PathBuf> {
        let copy = self.image.with_extension("cut");
        // At one instant: nothing is written while it is read. Who writes is ended afterwards.
        if let Some(daemon) = self.disk.as_ref().and_then(|disk| disk.daemon.as_ref()) {
            said("kill", &["-STOP".to_owned(), daemon.id().to_string()])?;
        }
        // The image has what the kernel has passed on, the device all that was written.
        let disk = match (lost, &self.disk) {
            (Lost::Nothing, Some(disk)) => Path::new(&disk.device),
            _ => self.image.as_path(),
        };
        self.medium.copy(disk, &copy)?;
        Ok(copy)
    }

    /// After [`Mounted::pull`] or a power cut: the disk is let go, and put right as a desktop does when it is plugged in.
    pub(super) fn let_go(mut self, instead: Option<&Path>) -> Result<()> {
        self.release();
        if let Some(instead) = instead {
            fs::rename(instead, &self.image)?;
        }
        if let Some((checker, _, repair)) = self.medium.checker() {
            Command::new(checker).arg(repair).arg(&self.image).stdin(Stdio::null()).output()?;
        }
        Ok(())
    }

    /// Unmounts, and keeps in `template` what memory would lose; what the file system's checker objects to.
    pub(super) fn unmount(mut self, template: Option<&Path>) -> Result<Option<String>> {
        if let (Medium::Memory, Some(template)) = (self.medium, template) {
            check::copy(&self.player(), template)?;
        }
        self.release();
        let Some((checker, look, _)) = self.medium.checker() else { return Ok(None) };
        let checked = Command::new(checker).arg(look).arg(&self.image).output();
        let checked = checked.with_context(|| format!("could not run {checker}"))?;
        Ok((!checked.status.success()).then(|| String::from_utf8_lossy(&checked.stdout).trim().to_owned()))
    }

    fn release(&mut self) {
        if is_mounted(&self.point) {
            let _ = said("umount", &[words(&self.point)]);
        }
        if let Some(mut disk) = self.disk.take() {
            if let Some(daemon) = disk.daemon.as_mut() {
                if patiently(TO_END, || matches!(daemon.try_wait(), Ok(Some(_)))).is_err() {
                    let _ = daemon.kill();
                }
                let _ = daemon.wait();
            }
            let _ = said("losetup", &["-d".to_owned(), disk.device.clone()]);
        }
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        self.release();
    }
}

fn words(path: &Path) -> String {
    path.display().to_string()
}

fn is_mounted(point: &Path) -> bool {
    let mounts = fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    mounts.lines().any(|line| line.split(' ').nth(1) == point.to_str())
}

/// Long enough for a driver that writes what it holds back on a busy machine: killed meanwhile it leaves half a file system.
const TO_END: Duration = Duration::from_secs(120);
/// Where it cannot be mounted at all, nobody should wait for long.
const TO_MOUNT: Duration = Duration::from_secs(10);

fn patiently(limit: Duration, mut is_so: impl FnMut() -> bool) -> Result<()> {
    let until = Instant::now() + limit;
    while !is_so() {
        ensure!(Instant::now() < until, "waited in vain");
        thread::sleep(Duration::from_millis(10));
    }
    Ok(())
}

/// Runs a tool; its words, or its complaint.
fn said(tool: &str, args: &[String]) -> Result<String> {
    let output = Command::new(tool)
        .args(args)
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("could not run {tool}"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    ensure!(output.status.success(), "{tool}: {}", text(&output.stderr));
    Ok(text(&output.stdout))
}

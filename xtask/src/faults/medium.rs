//! What a player's files lie on: memory (a tmpfs of its own), or exFAT (by exfat-fuse on a loop device).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::check;

const EXFAT_BYTES: u64 = 64 << 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Medium {
    Memory,
    Exfat,
}

impl Medium {
    pub(super) fn all() -> [Self; 2] {
        [Self::Memory, Self::Exfat]
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Exfat => "exFAT",
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
                fs::File::create(image)?.set_len(EXFAT_BYTES)?;
                said("mkfs.exfat", &[words(image)]).map(drop)
            }
        }
    }

    pub(super) fn copy(self, from: &Path, to: &Path) -> Result<()> {
        match self {
            Self::Memory => check::copy(from, to),
            Self::Exfat => said("cp", &["--sparse=always".to_owned(), words(from), words(to)]).map(drop),
        }
    }

    pub(super) fn mount(self, image: &Path, point: &Path) -> Result<Mounted> {
        let mut mounted =
            Mounted { medium: self, image: image.to_owned(), point: point.to_owned(), disk: None };
        match self {
            Self::Memory => {
                said(
                    "mount",
                    &["-t", "tmpfs", "-o", "size=64m", "none"]
                        .map(str::to_owned)
                        .into_iter()
                        .chain([words(point)])
                        .collect::<Vec<_>>(),
                )?;
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
                patiently(|| is_mounted(point)).context("exFAT was not mounted")?;
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
}

impl Mounted {
    pub(super) fn player(&self) -> PathBuf {
        self.point.join("player")
    }

    /// Leaves so many bytes, in memory.
    pub(super) fn leave_room(&self, bytes: u64) -> Result<()> {
        let used: usize =
            check::tree(&self.player())?.values().map(|bytes| bytes.len().next_multiple_of(4096)).sum();
        self.resize(used as u64 + bytes)
    }

    /// Room for everything.
    pub(super) fn make_room(&self) -> Result<()> {
        self.resize(EXFAT_BYTES)
    }

    fn resize(&self, bytes: u64) -> Result<()> {
        match self.medium {
            Medium::Memory => {
                said("mount", &["-o".to_owned(), format!("remount,size={bytes}"), words(&self.point)])
                    .map(drop)
            }
            Medium::Exfat => Ok(()),
        }
    }

    /// Pulls the player out: nothing more reaches it.
    pub(super) fn pull(&mut self) -> Result<()> {
        match self.disk.as_mut().and_then(|disk| disk.daemon.as_mut()) {
            Some(daemon) => Ok(daemon.kill()?),
            None => said("umount", &["-l".to_owned(), words(&self.point)]).map(drop),
        }
    }

    /// What is on the disk now, as if the power had gone.
    pub(super) fn snapshot(&self) -> Result<PathBuf> {
        let copy = self.image.with_extension("cut");
        // At one instant: nothing is written while it is read. Who writes is ended afterwards.
        if let Some(daemon) = self.disk.as_ref().and_then(|disk| disk.daemon.as_ref()) {
            said("kill", &["-STOP".to_owned(), daemon.id().to_string()])?;
        }
        self.medium.copy(&self.image, &copy)?;
        Ok(copy)
    }

    /// After [`Mounted::pull`] or a power cut: the disk is let go, and put right as a desktop does when it is plugged in.
    pub(super) fn let_go(mut self, instead: Option<&Path>) -> Result<()> {
        self.release();
        if let Some(instead) = instead {
            fs::rename(instead, &self.image)?;
        }
        if self.medium == Medium::Exfat {
            Command::new("fsck.exfat").arg("-y").arg(&self.image).stdin(Stdio::null()).output()?;
        }
        Ok(())
    }

    /// Unmounts, and keeps in `template` what memory would lose; what the file system's checker objects to.
    pub(super) fn unmount(mut self, template: Option<&Path>) -> Result<Option<String>> {
        if let (Medium::Memory, Some(template)) = (self.medium, template) {
            check::copy(&self.player(), template)?;
        }
        self.release();
        if self.medium == Medium::Memory {
            return Ok(None);
        }
        let checked =
            Command::new("fsck.exfat").arg("-n").arg(&self.image).output().context("no fsck.exfat")?;
        Ok((!checked.status.success()).then(|| String::from_utf8_lossy(&checked.stdout).trim().to_owned()))
    }

    fn release(&mut self) {
        if is_mounted(&self.point) {
            let _ = said("umount", &[words(&self.point)]);
        }
        if let Some(mut disk) = self.disk.take() {
            if let Some(daemon) = disk.daemon.as_mut() {
                if patiently(|| matches!(daemon.try_wait(), Ok(Some(_)))).is_err() {
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

fn patiently(mut is_so: impl FnMut() -> bool) -> Result<()> {
    for _ in 0..500 {
        if is_so() {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(10));
    }
    anyhow::bail!("waited in vain")
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

//! A player on a file system of its own: ext4 without a journal on a loop device in memory. What is written lands in the page
//! cache first and goes to the device in the background, as with a real one. The kernel itself can hold it back
//! (`blkio.throttle`, of the first version of control groups), so that it is as slow to write as sticks are. Needs root.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

const HELD_BACK_BY: &str = "/sys/fs/cgroup/blkio/blkio.throttle.write_bps_device";
/// Room on the player; only what is written takes memory.
const BYTES: u64 = 2 << 30;

pub(super) struct ImagePlayer {
    point: PathBuf,
    device: String,
    /// Of the device, as the kernel numbers it.
    number: String,
}

impl ImagePlayer {
    /// An empty one below `place`, a folder in memory, as fast as it can be.
    pub(super) fn make(place: &Path) -> Result<Self> {
        let (image, point) = (place.join("image"), place.join("mounted"));
        fs::File::create(&image)?.set_len(BYTES)?;
        fs::create_dir_all(&point)?;
        let device = said("losetup", &["-f", "--show", text(&image)?])?;
        let name = device.rsplit('/').next().unwrap_or_default();
        let number = fs::read_to_string(format!("/sys/block/{name}/dev")).unwrap_or_default();
        let player = Self { point, device, number: number.trim().to_owned() };
        said("mkfs.ext4", &["-q", "-O", "^has_journal", &player.device])?;
        said("mount", &[&player.device, text(&player.point)?])?;
        fs::create_dir(player.path())?;
        Ok(player)
    }

    /// One that takes no more than so many bytes a second.
    pub(super) fn slow(place: &Path, bytes_per_second: u64) -> Result<Self> {
        let player = Self::make(place)?;
        player.hold_back(bytes_per_second).context("could not hold the player back")?;
        Ok(player)
    }

    /// The folder to fill.
    pub(super) fn path(&self) -> PathBuf {
        self.point.join("player")
    }

    /// 0 lets it go as fast as it can.
    fn hold_back(&self, bytes_per_second: u64) -> Result<()> {
        Ok(fs::write(HELD_BACK_BY, format!("{} {bytes_per_second}", self.number))?)
    }
}

impl Drop for ImagePlayer {
    fn drop(&mut self) {
        let _ = self.hold_back(0);
        if let Ok(point) = text(&self.point) {
            let _ = said("umount", &[point]);
        }
        let _ = said("losetup", &["-d", &self.device]);
    }
}

fn text(path: &Path) -> Result<&str> {
    path.to_str().context("a path that is no text")
}

/// Runs a tool; its words, or its complaint.
fn said(tool: &str, args: &[&str]) -> Result<String> {
    let ran = Command::new(tool).args(args).stdin(Stdio::null()).output();
    let ran = ran.with_context(|| format!("could not run {tool}"))?;
    ensure!(ran.status.success(), "{tool}: {}", String::from_utf8_lossy(&ran.stderr).trim());
    Ok(String::from_utf8_lossy(&ran.stdout).trim().to_owned())
}

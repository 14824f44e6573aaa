//! MTP with a responder that is not ours: QEMU's, which shows a folder of this machine.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use ferrotape_testkit::{FileState, tree_snapshot};

use super::guest::{self, Machine, Said, Strike};
use super::home::{self, CLOSING, FEWER, Home, TRACKS};
use super::tool::{self, words};
use crate::faults::check;

const DIARY: &str = "diary.txt";
/// Folders that are on the device already, as on one that had music before.
const FOLDERS: [&str; 3] = ["Music/Oda Vinterhav/Havn", "Music/Tin Lantern/Paper Weather", "Playlists"];
/// What makes the whole of a trial: to be found, and to be filled.
const FILL: &str = "step find ours player find\nstep fill fill my_spotify_data.zip player";

/// The folder that QEMU shows, and what the guest knows of it.
struct Device<'t> {
    machine: &'t Machine,
    home: &'t Home,
    folder: PathBuf,
    /// The guest's home, which stays from one start to the next.
    own: PathBuf,
}

/// Whether QEMU here was built with it.
pub(super) fn is_known() -> Result<bool> {
    Ok(tool::said("qemu-system-x86_64", &["-device", "help"])?.contains("\"usb-mtp\""))
}

/// A device with folders through all that becomes of it, and an empty one; what was wrong.
pub(super) fn trial(machine: &Machine, home: &Home, scratch: &Path) -> Result<Vec<String>> {
    let used = Device::make(machine, home, scratch, "used", &FOLDERS)?;
    let mut findings = used.life()?;
    let empty = Device::make(machine, home, scratch, "empty", &[])?;
    let said = empty.run("an empty one filled", FILL)?;
    findings.extend(empty.filled(&said)?.into_iter().map(|what| format!("an empty one: {what}")));
    Ok(findings)
}

impl<'t> Device<'t> {
    fn make(
        machine: &'t Machine,
        home: &'t Home,
        scratch: &Path,
        name: &str,
        folders: &[&str],
    ) -> Result<Self> {
        let (folder, own) = (scratch.join(name), scratch.join(format!("{name}-home.img")));
        fs::create_dir_all(&folder)?;
        for inside in folders {
            fs::create_dir_all(folder.join(inside))?;
        }
        fs::write(folder.join(DIARY), "mine")?;
        home::copy(&home.image, &own)?;
        Ok(Self { machine, home, folder, own })
    }

    fn run(&self, what: &str, job: &str) -> Result<Said> {
        let job = format!("{}{job}\n{CLOSING}", self.home.opening());
        let mut devices = guest::disk("home", &self.own, false);
        devices.push("-device".to_owned());
        devices.push(format!("usb-mtp,bus=usb.0,readonly=off,rootdir={}", words(&self.folder)));
        let said =
            self.machine.run(&job, &devices, None, Strike::Nothing).with_context(|| what.to_owned())?;
        said.well(&["home", "away"]).with_context(|| what.to_owned())?;
        println!("mtp: {what} ({:.0} s)", said.took.as_secs_f64());
        Ok(said)
    }

    /// Found, filled, filled again, examined, and made to hold less.
    fn life(&self) -> Result<Vec<String>> {
        let said = self.run("found and filled", FILL)?;
        let mut findings = self.filled(&said)?;
        let filled = tree_snapshot(&self.folder)?;

        let again =
            "step again fill my_spotify_data.zip player\nstep doctor ours doctor --thorough --player player";
        let said = self.run("filled again, and examined", again)?;
        findings.extend(bad(&said, "again"));
        findings.extend(bad(&said, "doctor"));
        // With the times of change: the same bytes written once more would be written all the same.
        if tree_snapshot(&self.folder)? != filled {
            findings.push(format!("a second run wrote: {}", said.of("again")));
        }

        let said = self.run("made to hold less", "step fewer fill fewer.zip player --accept-shrink")?;
        findings.extend(bad(&said, "fewer"));
        let left = music(&tree_snapshot(&self.folder)?);
        // The saved album stays whole: all tracks of even numbers are its.
        let is_wanted = |number: &u32| *number <= FEWER || number.is_multiple_of(2);
        let wanted = (1..=TRACKS).filter(is_wanted).count();
        if left != wanted {
            findings.push(format!("{left} tracks are left, and not {wanted}: {}", said.of("fewer")));
        }
        findings.extend(self.changed_diary());
        Ok(findings)
    }

    /// What is wrong with a first filling.
    fn filled(&self, said: &Said) -> Result<Vec<String>> {
        let mut findings: Vec<String> = bad(said, "find").into_iter().chain(bad(said, "fill")).collect();
        if !said.of("find").contains("over MTP") {
            findings.push(format!("player find does not know the device: {}", said.of("find")));
        }
        let found = music(&tree_snapshot(&self.folder)?);
        if found != TRACKS as usize {
            findings.push(format!("{found} tracks are on the device, and not {TRACKS}"));
        }
        if found > 0 {
            check::sound(&self.folder, &check::tree(&self.folder)?)?;
        }
        findings.extend(self.changed_diary());
        Ok(findings)
    }

    fn changed_diary(&self) -> Option<String> {
        let is_there = fs::read(self.folder.join(DIARY)).is_ok_and(|bytes| bytes == b"mine");
        (!is_there).then(|| format!("{DIARY} is the user's, and changed"))
    }
}

fn bad(said: &Said, step: &str) -> Option<String> {
    let code = said.code(step);
    (code != Some(0)).then(|| format!("{step} ended with {code:?}: {}", said.of(step)))
}

fn music(tree: &BTreeMap<String, FileState>) -> usize {
    tree.keys().filter(|path| path.ends_with(".mp3")).count()
}

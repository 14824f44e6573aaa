//! FAT32 and exFAT by the kernel's own drivers: filled, and cut off in the middle of it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use ferrotape_testkit::Random;

use super::disks::Disks;
use super::guest::{self, Machine, Said, Strike};
use super::home::{ANEW, CLOSING, FIRST, Home};
use super::kinds::{Case, FileSystem};
use super::tool::{self, words};
use crate::faults::check::{self, Tree};

/// For a whole player as a tar.
const CARRIER_MEGABYTES: u64 = 32;
/// What a run may say that ends on a damaged file system.
const CLEAR: [&str; 2] = ["check the player", "cannot be written to"];
const HOME: usize = 0;
const PLAYER: usize = 1;

/// A player and a home before the run that fails, and what that run leaves where nothing fails.
pub(super) struct Scenario {
    name: &'static str,
    options: &'static str,
    home: PathBuf,
    player: PathBuf,
    before: Tree,
    wanted: Tree,
    writes: u64,
}

/// What one trial found.
#[derive(Default)]
pub(super) struct Found {
    pub(super) findings: Vec<String>,
    /// The moment fell before or after the work.
    pub(super) is_late: bool,
    /// Files that the next run had to make whole.
    pub(super) half: usize,
    /// What a run on the unchecked player came to, where there was one.
    pub(super) unchecked: Option<&'static str>,
}

pub(super) struct Stage<'m> {
    pub(super) file_system: FileSystem,
    machine: &'m Machine,
    home: &'m Home,
    dir: PathBuf,
}

impl<'m> Stage<'m> {
    pub(super) fn new(
        file_system: FileSystem,
        machine: &'m Machine,
        home: &'m Home,
        scratch: &Path,
    ) -> Result<Self> {
        let dir = scratch.join(file_system.name());
        fs::create_dir_all(&dir)?;
        Ok(Self { file_system, machine, home, dir })
    }

    /// A fresh player with files of the user's, and one that is filled already.
    pub(super) fn scenarios(&self) -> Result<[Scenario; 2]> {
        let player = self.dir.join("fresh.img");
        self.file_system.make(&player)?;
        let users = "step users cp -r users/. /player/";
        let (made, before) = self.whole(&self.home.image, &player, users, &["users"])?;
        made.keep(PLAYER, &player, 1.0, &mut Random::seeded(0))?;
        let fresh = self.scenario("fresh", FIRST, (self.home.image.clone(), player, before))?;
        let filled = (self.dir.join("fresh-home.img"), self.dir.join("fresh-left.img"), fresh.wanted.clone());
        let anew = self.scenario("anew", ANEW, filled)?;
        Ok([fresh, anew])
    }

    fn scenario(
        &self,
        name: &'static str,
        options: &'static str,
        (home, player, before): (PathBuf, PathBuf, Tree),
    ) -> Result<Scenario> {
        let (disks, wanted) = self.whole(&home, &player, &fill(options), &["fill"])?;
        check::sound(&self.dir.join("left"), &wanted)?;
        let writes = disks.writes();
        let mut random = Random::seeded(0);
        disks.keep(HOME, &self.dir.join(format!("{name}-home.img")), 1.0, &mut random)?;
        let left = self.dir.join(format!("{name}-left.img"));
        disks.keep(PLAYER, &left, 1.0, &mut random)?;
        let objection = self.file_system.objection(&left);
        ensure!(
            objection.is_none(),
            "an undisturbed run leaves it damaged: {}",
            objection.unwrap_or_default()
        );
        println!("{}: {name}: an undisturbed run makes {writes} writes", self.file_system.name());
        Ok(Scenario { name, options, home, player, before, wanted, writes })
    }

    /// A job to its end, on disks that fail nobody; what is on the player then.
    fn whole(&self, home: &Path, player: &Path, job: &str, steps: &[&str]) -> Result<(Disks, Tree)> {
        let mut disks = Disks::new(None, false);
        let devices = self.devices(&mut disks, home, player, Case::CardLosesPower)?;
        let job = format!("{}{job}\n{}", self.opening(Case::CardLosesPower), self.closing());
        let said = self.machine.run(&job, &devices, Some(&disks), Strike::Nothing)?;
        said.well(steps)?;
        said.well(&["home", "player", "left", "unmount", "away"])?;
        let tree = check::tree(&self.unpacked("left")?)?;
        Ok((disks, tree))
    }

    /// One run that fails at a random write, and one that repairs. `unchecked` has one more run between them, before the file
    /// system is put right.
    pub(super) fn trial(
        &self,
        scenario: &Scenario,
        case: Case,
        unchecked: bool,
        random: &mut Random,
    ) -> Result<Found> {
        let at = 1 + random.below(scenario.writes);
        let moment = match case {
            Case::CardLosesPowerAtTheEnd => "done".to_owned(),
            _ => format!("at write {at} of {}", scenario.writes),
        };
        let when = format!("{} {moment}", scenario.name);
        let mut found = self.one(scenario, (case, unchecked), at, random).with_context(|| when.clone())?;
        for finding in &mut found.findings {
            *finding = format!("{when}: {finding}");
        }
        Ok(found)
    }

    fn one(
        &self,
        scenario: &Scenario,
        (case, unchecked): (Case, bool),
        at: u64,
        random: &mut Random,
    ) -> Result<Found> {
        let mut found = Found::default();
        let (home, player) = (self.dir.join("run-home.img"), self.dir.join("run-player.img"));
        self.strike(scenario, case, at, (&home, &player), random, &mut found)?;
        if found.is_late {
            return Ok(found);
        }
        if unchecked {
            self.unchecked(scenario, case, (&home, &player), random, &mut found)?;
        }
        self.file_system.put_right(&player)?;

        let mut disks = Disks::new(None, false);
        let devices = self.devices(&mut disks, &home, &player, case)?;
        let carry = "step found tar cf /dev/vdc -C /player .";
        let job = format!("{}{carry}\n{}\n{}", self.opening(case), fill(scenario.options), self.closing());
        let said = self.machine.run(&job, &devices, Some(&disks), Strike::Nothing)?;
        said.well(&["home", "player", "found", "left", "unmount", "away"])?;
        let first = check::after_fault(&self.unpacked("found")?, &scenario.before, &scenario.wanted)?;
        let (half, others): (Vec<String>, Vec<String>) =
            first.into_iter().partition(|finding| finding.starts_with("a half file"));
        found.half = half.len();
        found.findings.extend(others);
        if case == Case::CardLosesPowerAtTheEnd {
            let lost = check::repaired(&self.dir.join("found"), &scenario.wanted)?;
            found
                .findings
                .extend(lost.into_iter().map(|what| format!("it said that it is done, but: {what}")));
        }
        if said.code("fill") != Some(0) {
            found.findings.push(format!("the run after it: {}", said.of("fill")));
        }
        found.findings.extend(check::repaired(&self.unpacked("left")?, &scenario.wanted)?);
        disks.keep(PLAYER, &player, 1.0, random)?;
        let objection = self.file_system.objection(&player);
        found.findings.extend(objection.map(|words| format!("not clean at the end: {words}")));
        Ok(found)
    }

    /// A run on the player as the cut left it, as where nobody has it checked: it does its work, or stops and says why. What it
    /// does to the disks is in the two images; whether that was harmless shows after the check.
    fn unchecked(
        &self,
        scenario: &Scenario,
        case: Case,
        (home, player): (&Path, &Path),
        random: &mut Random,
        found: &mut Found,
    ) -> Result<()> {
        let mut disks = Disks::new(None, false);
        let devices = self.devices(&mut disks, home, player, case)?;
        let end = "cd /; step unmount umount /player";
        let fill = fill(scenario.options);
        let job =
            format!("{}grep -q ' /player ' /proc/mounts && {fill}\n{end}\n{CLOSING}", self.opening(case));
        let said = self.machine.run(&job, &devices, Some(&disks), Strike::Nothing)?;
        said.well(&["home", "away"])?;
        found.findings.extend(crash(&said));
        let words = said.of("fill");
        found.unchecked = Some(match said.code("fill") {
            _ if said.code("player") != Some(0) => "not mounted unchecked",
            Some(0) => "filled unchecked",
            Some(_) if words.contains("needs a check") => "a check was asked for",
            // The kernel found it damaged first: it gives out nothing, or takes nothing more.
            Some(_) if CLEAR.iter().any(|clear| words.contains(clear)) => "refused unchecked",
            _ => {
                found.findings.push(format!("the run on the unchecked player: {words}"));
                "failed unchecked"
            }
        });
        disks.keep(HOME, home, 1.0, random)?;
        disks.keep(PLAYER, player, 1.0, random)
    }

    /// The run that fails; what is left of its disks is in the two images.
    fn strike(
        &self,
        scenario: &Scenario,
        case: Case,
        at: u64,
        (home, player): (&Path, &Path),
        random: &mut Random,
        found: &mut Found,
    ) -> Result<()> {
        let due = (case != Case::CardLosesPowerAtTheEnd).then_some(at);
        let mut disks = Disks::new(due, case != Case::StickIsPulledOut);
        let devices = self.devices(&mut disks, &scenario.home, &scenario.player, case)?;
        let job = format!("{}{}\n{}{CLOSING}", self.opening(case), fill(scenario.options), case.end());
        let said = self.machine.run(&job, &devices, Some(&disks), case.strike())?;
        found.is_late = !case.struck(&disks, &said);
        found.findings.extend(crash(&said));
        // What was not flushed may be safe, lost, or in part. A machine that turned itself off loses nothing.
        let share = match case {
            Case::StickIsPulledOut => 1.0,
            Case::CardLosesPowerAtTheEnd => 0.0,
            _ => random.pick(&[0.0, 0.5, 1.0]).copied().unwrap_or(0.5),
        };
        disks.keep(HOME, home, share, random)?;
        disks.keep(PLAYER, player, share, random)
    }

    fn devices(&self, disks: &mut Disks, home: &Path, player: &Path, case: Case) -> Result<Vec<String>> {
        let sockets = [self.dir.join("home.socket"), self.dir.join("player.socket")];
        let [at_home, at_player] = &sockets;
        disks.add(home, at_home.clone(), true)?;
        disks.add(player, at_player.clone(), case.has_cache())?;
        let served = |name: &str, socket: &Path| {
            let socket = words(socket);
            [
                "-blockdev".to_owned(),
                format!("driver=nbd,node-name={name},server.type=unix,server.path={socket}"),
            ]
        };
        let mut devices = served("at-home", at_home).to_vec();
        devices.extend(["-device".to_owned(), "virtio-blk-pci,drive=at-home".to_owned()]);
        for name in ["found", "left"] {
            let carrier = self.dir.join(format!("{name}.tar"));
            fs::File::create(&carrier)?.set_len(CARRIER_MEGABYTES << 20)?;
            devices.extend(guest::disk(name, &carrier, false));
        }
        devices.extend(served("at-player", at_player));
        let kind = if case.has_cache() { "virtio-blk-pci" } else { "usb-storage,bus=usb.0,removable=on" };
        devices.extend(["-device".to_owned(), format!("{kind},id=player,drive=at-player")]);
        Ok(devices)
    }

    fn opening(&self, case: Case) -> String {
        let device = if case.has_cache() { "/dev/vde" } else { "/dev/sda" };
        let mount = self.file_system.mount();
        format!("{}patiently test -e {device}; step player {mount} {device} /player\n", self.home.opening())
    }

    fn closing(&self) -> String {
        format!("step left tar cf /dev/vdd -C /player .; sync\ncd /; step unmount umount /player\n{CLOSING}")
    }

    /// What the guest carried out of the player, as a folder. What a checker found and named itself is nobody's.
    fn unpacked(&self, name: &str) -> Result<PathBuf> {
        let folder = self.dir.join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder)?;
        let carrier = words(&self.dir.join(format!("{name}.tar")));
        tool::said("tar", &["--no-same-owner", "-xf", &carrier, "-C", &words(&folder)])?;
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().to_uppercase().starts_with("FSCK") {
                fs::remove_file(entry.path())?;
            }
        }
        let _ = fs::remove_dir_all(folder.join("LOST+FOUND"));
        Ok(folder)
    }
}

fn fill(options: &str) -> String {
    format!("step fill fill my_spotify_data.zip /player {options}")
}

fn crash(said: &Said) -> Option<String> {
    let words = said.of("fill");
    let by_signal = said.code("fill").is_some_and(|code| code > 100 && code != 130);
    (by_signal || words.contains("panicked")).then(|| format!("it crashed: {words}"))
}

//! The music, the program and the players; one run that fails, and one that repairs.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use super::check::{self, Tree, tree};
use super::fault::{Ended, Fault};
use super::medium::{Medium, Mounted};
use super::table::Outcome;
use super::{PATIENCE, calls, short};
use crate::kill::{make_library, mark};
use crate::watch;

const FIRST: [&str; 2] = ["--profile", "generic"];
/// What a filled player is filled anew by: every file is written again and gets another name.
const ANEW: [&str; 5] = ["--profile", "car", "--id3", "2.4", "--delete"];

/// A player before the run that fails, and what that run leaves where nothing fails.
pub(super) struct Scenario {
    name: &'static str,
    options: &'static [&'static str],
    /// Has the library, the cache of converted music and the player, to be copied for every run.
    folder: PathBuf,
    before: Tree,
    wanted: Tree,
    takes: Duration,
    /// How often the busiest thread makes which system call.
    calls: BTreeMap<String, u32>,
}

/// What can be tried on this machine.
#[derive(Clone, Copy)]
pub(super) struct Case<'a> {
    medium: Medium,
    scenario: &'a Scenario,
    fault: Fault,
}

impl Case<'_> {
    /// As it stands in the table.
    pub(super) fn name(self) -> String {
        format!("{:7} {}", self.medium.name(), self.fault.name())
    }

    /// How many calls there are to fail.
    pub(super) fn calls(self) -> u32 {
        let Fault::Call(name, _) = self.fault else { return 0 };
        self.scenario.calls.get(name).copied().unwrap_or(0)
    }
}

/// One run: what goes wrong, and where.
#[derive(Clone, Copy)]
pub(super) struct Turn<'a> {
    pub(super) case: Case<'a>,
    /// Which of the calls fails.
    pub(super) call: u32,
    /// How far the run has come, where it is no call that fails.
    pub(super) share: f64,
    /// What short writes go by.
    pub(super) seed: u64,
}

impl Turn<'_> {
    fn words(&self) -> String {
        let scenario = self.case.scenario.name;
        match self.case.fault {
            Fault::Call(..) => format!("{scenario}, call {}", self.call),
            Fault::ShortWrites => format!("{scenario}, chance {}", self.seed),
            _ => format!("{scenario}, at {:.3} of a run", self.share),
        }
    }
}

/// What a run works on.
struct Place {
    library: PathBuf,
    cache: PathBuf,
    player: PathBuf,
}

/// The music, the export, and the program.
pub(super) struct Stage {
    dir: PathBuf,
    program: PathBuf,
    has_strace: bool,
    /// What makes writes short.
    shortener: Option<PathBuf>,
    scenarios: Vec<(Medium, Scenario)>,
}

impl Stage {
    /// Makes tracks of so many seconds, and the players as they are before a run that fails.
    pub(super) fn set_up(dir: &Path, program: PathBuf, seconds: u64) -> Result<Self> {
        make_library(dir, (12, seconds))?;
        let has_strace = !calls::lacks_strace();
        if !has_strace {
            println!("skipped: system calls that fail – strace is not installed, or may not be used here");
        }
        let shortener =
            short::compile(dir).inspect_err(|error| println!("skipped: short writes – {error:#}")).ok();
        let mut stage =
            Self { dir: dir.canonicalize()?, program, has_strace, shortener, scenarios: Vec::new() };
        for medium in Medium::all() {
            match medium.lacks() {
                Some(what) => println!("skipped: {} – {what}", medium.name()),
                None => {
                    for (name, is_filled) in [("fresh", false), ("anew", true)] {
                        let scenario = stage.scenario(medium, name, is_filled)?;
                        stage.scenarios.push((medium, scenario));
                    }
                }
            }
        }
        ensure!(!stage.scenarios.is_empty(), "nothing could be tried on this machine");
        Ok(stage)
    }

    /// Everything that can be tried here.
    pub(super) fn cases(&self) -> Vec<Case<'_>> {
        let mut cases = Vec::new();
        for (medium, scenario) in &self.scenarios {
            let faults = Fault::all(*medium, &scenario.calls, self.shortener.is_some());
            cases.extend(faults.into_iter().map(|fault| Case { medium: *medium, scenario, fault }));
        }
        cases
    }

    /// Fills a player (once, or twice) with nothing failing. A fresh one has all its music converted, one that is filled anew
    /// finds it in the cache.
    fn scenario(&self, medium: Medium, name: &'static str, is_filled: bool) -> Result<Scenario> {
        let folder = self.dir.join(format!("{}-{name}", medium.name()));
        let (library, cache) = (folder.join("library"), folder.join("cache"));
        for folder in [&library, &cache] {
            fs::create_dir_all(folder)?;
        }
        mark(&library)?;
        let template = folder.join("template");
        medium.make(&template)?;
        let mounted = medium.mount(&template, &self.mount_point()?)?;
        check::put_users_files(&mounted.player())?;
        if is_filled {
            self.well(&Place { library, cache, player: mounted.player() }, &FIRST)?;
        }
        let before = tree(&mounted.player())?;
        mounted.unmount(Some(&template))?;

        let options: &[&str] = if is_filled { &ANEW } else { &FIRST };
        let calls = self.count_calls(medium, &folder, options)?;
        let (_, place, mounted) = self.copies(medium, &folder)?;
        let began = Instant::now();
        self.well(&place, options)?;
        let (takes, wanted) = (began.elapsed(), tree(&place.player)?);
        check::sound(&place.player, &wanted)?;
        mounted.unmount(None)?;
        Ok(Scenario { name, options, folder, before, wanted, takes, calls })
    }

    fn mount_point(&self) -> Result<PathBuf> {
        let point = self.dir.join("mounted");
        fs::create_dir_all(&point)?;
        Ok(point)
    }

    /// Copies of a scenario's library, cache and player, the last of them mounted; and where its files lie.
    fn copies(&self, medium: Medium, from: &Path) -> Result<(PathBuf, Place, Mounted)> {
        let (library, cache) = (self.dir.join("run-library"), self.dir.join("run-cache"));
        check::copy(&from.join("library"), &library)?;
        check::copy(&from.join("cache"), &cache)?;
        let image = self.dir.join(format!("run-{}", medium.name()));
        medium.copy(&from.join("template"), &image)?;
        let mounted = medium.mount(&image, &self.mount_point()?)?;
        Ok((image, Place { library, cache, player: mounted.player() }, mounted))
    }

    fn convert(&self, start: &[String], place: &Place, options: &[&str]) -> Command {
        let mut words = start.to_vec();
        words.push(self.program.display().to_string());
        let (first, rest) = words.split_first().map_or(("", &[][..]), |(first, rest)| (first.as_str(), rest));
        let mut command = Command::new(first);
        command.args(rest).arg("--library").arg(&place.library).args([
            "--quiet",
            "convert",
            "my_spotify_data.zip",
            "--yes",
            "--from",
            "music",
            "--to",
        ]);
        command.arg(&place.player).args(options).current_dir(&self.dir);
        command.env("XDG_CACHE_HOME", &place.cache);
        command
    }

    fn well(&self, place: &Place, options: &[&str]) -> Result<()> {
        let ran = watch::run(&mut self.convert(&[], place, options), PATIENCE)?;
        match ran.status.code() {
            Some(0) => Ok(()),
            code => bail!("convert ended with {code:?} – it said: {}", ran.stderr.trim()),
        }
    }

    /// How often the busiest thread of a run makes which system call.
    fn count_calls(&self, medium: Medium, folder: &Path, options: &[&str]) -> Result<BTreeMap<String, u32>> {
        if !self.has_strace {
            return Ok(BTreeMap::new());
        }
        let trace = self.dir.join("calls");
        let start = calls::tracing(Fault::calls(), &trace);
        let (_, place, mounted) = self.copies(medium, folder)?;
        watch::run(&mut self.convert(&start, &place, options), PATIENCE)?;
        mounted.unmount(None)?;
        Ok(calls::counted(&fs::read_to_string(&trace)?))
    }

    /// One run that fails, and one that repairs; what was wrong after either.
    pub(super) fn one(&self, turn: &Turn<'_>) -> Result<Outcome> {
        let mut outcome = self.struck_and_repaired(turn).with_context(|| turn.words())?;
        for what in &mut outcome.findings {
            *what = format!("{}: {what}", turn.words());
        }
        Ok(outcome)
    }

    fn struck_and_repaired(&self, turn: &Turn<'_>) -> Result<Outcome> {
        let Case { medium, scenario, .. } = turn.case;
        let (image, place, mounted) = self.copies(medium, &scenario.folder)?;
        let (ended, mut outcome) = self.strike(turn, &place, mounted)?;
        let mut mounted = match ended.mounted {
            Some(mounted) => mounted,
            None => medium.mount(&image, &self.mount_point()?)?,
        };
        let findings = &mut outcome.findings;
        findings.extend(check::after_fault(&place.player, &scenario.before, &scenario.wanted)?);
        let lacking = check::repaired(&place.player, &scenario.wanted)?;
        match turn.case.fault {
            // What has no room is left out, and that is no failure.
            Fault::Full | Fault::FilledUp => outcome.has_struck &= !lacking.is_empty(),
            // That is no fault: nothing may be left to repair.
            Fault::ShortWrites => {
                findings.extend(lacking.into_iter().map(|what| format!("before any repair: {what}")));
            }
            _ => {}
        }
        if !mounted.make_room()? {
            findings.push("the user's file beside the player has changed".to_owned());
        }
        if let Err(error) = self.well(&place, scenario.options) {
            findings.push(format!("the run after it: {error:#}"));
        }
        findings.extend(check::repaired(&place.player, &scenario.wanted)?);
        findings.extend(mounted.unmount(None)?.map(|words| format!("not clean at the end: {words}")));
        Ok(outcome)
    }

    /// The run that fails.
    fn strike(&self, turn: &Turn<'_>, place: &Place, mounted: Mounted) -> Result<(Ended, Outcome)> {
        let Case { scenario, fault, .. } = turn.case;
        let (said, told) = (self.dir.join("said"), self.dir.join("told"));
        fs::write(&told, "")?;
        let start = match fault {
            Fault::Call(name, error) => calls::failing(name, error, turn.call, &told),
            _ => Vec::new(),
        };
        let mut command = self.convert(&start, place, scenario.options);
        command.stdout(Stdio::null()).stderr(fs::File::create(&said)?);
        if let (Fault::ShortWrites, Some(shortener)) = (fault, &self.shortener) {
            short::load(&mut command, shortener, turn.seed, &self.dir, &told);
        }
        let music: usize = scenario.wanted.values().map(Vec::len).sum();
        let room = (music as f64 * turn.share) as u64;
        let mut ended = fault.strike(command, mounted, room, scenario.takes.mul_f64(turn.share))?;
        let (said, told) = (fs::read_to_string(&said)?, fs::read_to_string(&told)?);
        let mut findings = std::mem::take(&mut ended.findings);
        if said.contains("panicked") {
            findings.push(format!("it crashed: {}", said.trim()));
        }
        if fault == Fault::ShortWrites && !ended.status.success() {
            findings.push(format!("it ended with {} – it said: {}", ended.status, said.trim()));
        }
        if fault == Fault::ShortWrites && !short::has_struck(&told) {
            findings.push("no write was cut short – is the program linked in one piece?".to_owned());
        }
        let has_struck = match fault {
            Fault::Call(..) => calls::has_failed(&told),
            Fault::ShortWrites => short::has_struck(&told),
            _ => ended.is_in_time,
        };
        Ok((ended, Outcome { has_struck, findings }))
    }
}

//! `cargo xtask faults`: `convert` onto a player that fails – system calls that return errors (by `strace`), a player that
//! is full, pulled out, or without power – at random instants, over and over.
//!
//! After every failure, a file under a final name holds the bytes of before or of an undisturbed run, or is at least whole,
//! and nothing of the user's has changed. One more run must then leave what an undisturbed run leaves, byte for byte, and exFAT must be clean.
//! What this machine cannot do is named and skipped. Only processes started here are ended, by their handle.

pub(crate) mod check;
mod fault;
mod medium;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use ferrotape_testkit::Random;

use crate::args::Args;
use crate::kill::make_library;
use crate::watch::{self, Limits};
use crate::workspace::{self, Build};
use check::{Tree, tree};
use fault::Fault;
use medium::{Medium, Mounted};

/// What a run is given before it counts as hanging.
const PATIENCE: Limits = Limits { time: Duration::from_secs(120), memory_bytes: u64::MAX };
const FIRST: [&str; 2] = ["--profile", "generic"];
/// What a filled player is filled anew by: every file is written again and gets another name.
const ANEW: [&str; 5] = ["--profile", "car", "--id3", "2.4", "--delete"];

pub(crate) fn run(mut args: Args) -> Result<()> {
    let runs: u32 = args.option("--runs")?.unwrap_or(60);
    let seed: u64 = args.option("--seed")?.unwrap_or(1);
    let binary = args.option("--binary")?;
    let only: Option<String> = args.option("--only")?;
    args.finish()?;
    let program = workspace::ferrotape(binary, Build::Debug)?;
    let scratch = tempfile::Builder::new().prefix("faults-").tempdir_in(workspace::scratch("faults")?)?;
    let mut random = Random::seeded(seed);
    let mut table = Table::default();
    let stage = Stage::set_up(scratch.path(), program)?;
    let mut cases = stage.cases()?;
    if let Some(only) = only {
        cases.retain(|(medium, _, fault)| named(*medium, *fault).contains(&only));
        ensure!(!cases.is_empty(), "no fault that can be tried here has “{only}” in its name");
    }
    for number in 0..runs {
        // Each case in turn, so that few runs try them all.
        let Some((medium, scenario, fault)) = cases.get(number as usize % cases.len()) else { break };
        let findings = stage.one(*medium, scenario, *fault, &mut random)?;
        table.add(named(*medium, *fault), findings);
    }
    table.print(seed)
}

/// As it stands in the table.
fn named(medium: Medium, fault: Fault) -> String {
    format!("{:7} {}", medium.name(), fault.name())
}

/// How often what was tried, and what was found.
#[derive(Default)]
struct Table {
    rows: Vec<(String, u32, Vec<String>)>,
}

impl Table {
    fn add(&mut self, name: String, findings: Vec<String>) {
        if !self.rows.iter().any(|(known, ..)| *known == name) {
            self.rows.push((name.clone(), 0, Vec::new()));
        }
        for (_, runs, found) in self.rows.iter_mut().filter(|(known, ..)| *known == name) {
            *runs += 1;
            found.extend(findings.iter().cloned());
        }
    }

    fn print(mut self, seed: u64) -> Result<()> {
        self.rows.sort();
        println!("{:34}{:>6}{:>10}", "fault", "runs", "findings");
        for (name, runs, found) in &self.rows {
            println!("{name:34}{runs:>6}{:>10}", found.len());
        }
        let found: Vec<String> = self
            .rows
            .iter()
            .flat_map(|(name, _, found)| found.iter().map(move |what| format!("{name}: {what}")))
            .collect();
        ensure!(found.is_empty(), "seed {seed}:\n  {}", found.join("\n  "));
        let runs: u32 = self.rows.iter().map(|(_, runs, _)| runs).sum();
        println!(
            "faults: {runs} runs: nothing bad believed, nothing of the user's changed, one more run repaired all"
        );
        Ok(())
    }
}

/// A player before the run that fails, and what that run leaves where nothing fails.
struct Scenario {
    options: &'static [&'static str],
    /// The library and the player, to be copied for every run.
    library: PathBuf,
    template: PathBuf,
    before: Tree,
    wanted: Tree,
    takes: Duration,
    /// How often it makes which system call.
    calls: Vec<(String, u32)>,
}

/// The music, the export, and the program.
struct Stage {
    dir: PathBuf,
    program: PathBuf,
    scenarios: Vec<(Medium, Scenario)>,
}

impl Stage {
    fn set_up(dir: &Path, program: PathBuf) -> Result<Self> {
        make_library(dir, 12)?;
        let mut stage = Self { dir: dir.to_owned(), program, scenarios: Vec::new() };
        for medium in Medium::all() {
            match medium.lacks() {
                Some(what) => println!("skipped: {} – {what}", medium.name()),
                None => {
                    for (name, first) in [("fresh", false), ("anew", true)] {
                        let scenario = stage.scenario(medium, name, first)?;
                        stage.scenarios.push((medium, scenario));
                    }
                }
            }
        }
        ensure!(!stage.scenarios.is_empty(), "nothing could be tried on this machine");
        Ok(stage)
    }

    /// Fills a player (once, or twice) with nothing failing.
    fn scenario(&self, medium: Medium, name: &str, is_filled: bool) -> Result<Scenario> {
        let own = self.dir.join(format!("{}-{name}", medium.name()));
        let (library, template) = (own.join("library"), own.join("template"));
        fs::create_dir_all(&library)?;
        medium.make(&template)?;
        let mounted = medium.mount(&template, &self.mount_point()?)?;
        check::put_users_files(&mounted.player())?;
        if is_filled {
            self.well(&library, &mounted.player(), &FIRST)?;
        }
        let before = tree(&mounted.player())?;
        mounted.unmount(Some(&template))?;

        let options: &[&str] = if is_filled { &ANEW } else { &FIRST };
        let calls = self.count_calls(medium, &library, &template, options)?;
        let (_, copy, mounted) = self.copies(medium, &library, &template)?;
        let began = Instant::now();
        self.well(&copy, &mounted.player(), options)?;
        let (takes, wanted) = (began.elapsed(), tree(&mounted.player())?);
        check::sound(&mounted.player(), &wanted)?;
        mounted.unmount(None)?;
        Ok(Scenario { options, library, template, before, wanted, takes, calls })
    }

    fn mount_point(&self) -> Result<PathBuf> {
        let point = self.dir.join("mounted");
        fs::create_dir_all(&point)?;
        Ok(point)
    }

    /// A copy of the player, mounted, and of the library.
    fn copies(&self, medium: Medium, library: &Path, template: &Path) -> Result<(PathBuf, PathBuf, Mounted)> {
        let (own, image) = (self.dir.join("run-library"), self.dir.join(format!("run-{}", medium.name())));
        check::copy(library, &own)?;
        medium.copy(template, &image)?;
        let mounted = medium.mount(&image, &self.mount_point()?)?;
        Ok((image, own, mounted))
    }

    fn convert(&self, start: &[String], library: &Path, player: &Path, options: &[&str]) -> Command {
        let mut words = start.to_vec();
        words.push(self.program.display().to_string());
        let (first, rest) = words.split_first().map_or(("", &[][..]), |(first, rest)| (first.as_str(), rest));
        let mut command = Command::new(first);
        command.args(rest).arg("--library").arg(library).args(["--quiet", "convert", "my_spotify_data.zip"]);
        command.args(["--yes", "--from", "music", "--to"]).arg(player).args(options).current_dir(&self.dir);
        command.env("XDG_CACHE_HOME", self.dir.join("cache"));
        command
    }

    fn well(&self, library: &Path, player: &Path, options: &[&str]) -> Result<()> {
        let ran = watch::run(&mut self.convert(&[], library, player, options), PATIENCE)?;
        match ran.status.code() {
            Some(0) => Ok(()),
            code => bail!("convert ended with {code:?} – it said: {}", ran.stderr.trim()),
        }
    }

    /// How often a run makes which system call.
    fn count_calls(
        &self,
        medium: Medium,
        library: &Path,
        template: &Path,
        options: &[&str],
    ) -> Result<Vec<(String, u32)>> {
        if Fault::lacks_strace() {
            return Ok(Vec::new());
        }
        let table = self.dir.join("calls");
        let strace = ["strace", "-f", "-c", "-o", &table.display().to_string()].map(str::to_owned);
        let (_, copy, mounted) = self.copies(medium, library, template)?;
        watch::run(&mut self.convert(&strace, &copy, &mounted.player(), options), PATIENCE)?;
        mounted.unmount(None)?;
        Ok(fault::counted(&fs::read_to_string(&table)?))
    }

    /// Everything that can be tried here.
    fn cases(&self) -> Result<Vec<(Medium, &Scenario, Fault)>> {
        if Fault::lacks_strace() {
            println!("skipped: system calls that fail – strace is not installed, or may not be used here");
        }
        let mut cases = Vec::new();
        for (medium, scenario) in &self.scenarios {
            let faults = Fault::all(*medium, &scenario.calls);
            cases.extend(faults.into_iter().map(|fault| (*medium, scenario, fault)));
        }
        ensure!(!cases.is_empty(), "nothing could be tried on this machine");
        // Neighbours are alike; a short run should see all kinds.
        let step =
            (1..cases.len()).rev().find(|step| *step * 3 < cases.len() * 2 && coprime(*step, cases.len()));
        let step = step.unwrap_or(1);
        Ok((0..cases.len()).filter_map(|at| cases.get(at * step % cases.len()).copied()).collect())
    }

    /// One run that fails, and one that repairs; what was wrong after either.
    fn one(
        &self,
        medium: Medium,
        scenario: &Scenario,
        fault: Fault,
        random: &mut Random,
    ) -> Result<Vec<String>> {
        let (image, library, mounted) = self.copies(medium, &scenario.library, &scenario.template)?;
        let start = fault.strace(&scenario.calls, random);
        let mut command = self.convert(&start, &library, &mounted.player(), scenario.options);
        let said = self.dir.join("said");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(fs::File::create(&said)?);
        let share = random.unit();
        let music: usize = scenario.wanted.values().map(Vec::len).sum();
        let room = (music as f64 * share) as u64;
        let ended = fault.strike(command, mounted, room, scenario.takes.mul_f64(share))?;
        let when = format!("{} at {share:.3} of a run", start.last().map_or("", |word| word.as_str()));
        let mut findings = ended.findings;
        let said = fs::read_to_string(&said)?;
        if said.contains("panicked") {
            findings.push(format!("it crashed: {}", said.trim()));
        }
        let mounted = match ended.mounted {
            Some(mounted) => mounted,
            None => medium
                .mount(&image, &self.mount_point()?)
                .with_context(|| format!("{} {} at {share:.3} of a run", medium.name(), fault.name()))?,
        };
        findings.extend(check::after_fault(&mounted.player(), &scenario.before, &scenario.wanted)?);
        mounted.make_room()?;
        if let Err(error) = self.well(&library, &mounted.player(), scenario.options) {
            findings.push(format!("the run after it: {error:#}"));
        }
        findings.extend(check::repaired(&mounted.player(), &scenario.wanted)?);
        findings.extend(mounted.unmount(None)?.map(|words| format!("not clean at the end: {words}")));
        Ok(findings.into_iter().map(|what| format!("{when}: {what}")).collect())
    }
}

fn coprime(a: usize, b: usize) -> bool {
    if b == 0 { a == 1 } else { coprime(b, a % b) }
}

//! `cargo xtask machine`: the program in a small virtual machine, against what this machine's kernel may lack – MTP with
//! QEMU's own responder, and FAT32 and exFAT written by the kernel's drivers, on disks that lose power or are pulled out.
//!
//! After every cut the image is put right by the file system's checker – every other time only after a run on the player as it
//! was left, which may fill it, or stop and say why. One more run must then leave what an undisturbed run leaves, byte for
//! byte, and nothing of the user's may have changed. What this machine lacks is named and skipped.
//! Only the virtual machines started here are ended, by their handle.

mod archive;
mod disks;
mod guest;
mod home;
mod kernel;
mod kinds;
mod monitor;
mod mtp;
mod power;
mod tool;

use std::path::Path;
use std::time::Instant;

use anyhow::{Result, bail, ensure};
use ferrotape_testkit::Random;

use crate::args::Args;
use crate::workspace::{self, Build};
use guest::Machine;
use home::Home;
use kinds::{Case, FileSystem};
use power::{Scenario, Stage};

/// What every guest needs.
const TOOLS: [&str; 7] = ["qemu-system-x86_64", "busybox", "mke2fs", "ldd", "apt-get", "dpkg-deb", "tar"];

pub(crate) fn run(mut args: Args) -> Result<()> {
    let runs: u32 = args.option("--runs")?.unwrap_or(12);
    let seed: u64 = args.option("--seed")?.unwrap_or(1);
    let binary = args.option("--binary")?;
    let only: Option<String> = args.option("--only")?;
    args.finish()?;
    let is_meant = |what: &str| only.as_ref().is_none_or(|only| only == what);
    ensure!(["mtp", "fat", "exfat"].into_iter().any(is_meant), "--only is one of mtp, fat, exfat");
    if !cfg!(target_arch = "x86_64") {
        println!("skipped: machine – its kernel is one for x86-64");
        return Ok(());
    }
    let missing = tool::missing(&TOOLS);
    if !missing.is_empty() {
        println!("skipped: machine – {} not installed (qemu-system-x86, busybox-static)", missing.join(", "));
        return Ok(());
    }
    let kernel = match kernel::get() {
        Ok(kernel) => kernel,
        Err(error) => {
            println!("skipped: machine – no kernel for it: {error:#}");
            return Ok(());
        }
    };
    let program = workspace::ferrotape(binary, Build::Debug)?;
    let scratch = tempfile::Builder::new().prefix("trial-").tempdir_in(workspace::scratch("machine")?)?;
    let begun = Machine::set_up(scratch.path(), kernel, &program);
    match begun.and_then(|machine| all(&machine, scratch.path(), &program, (runs, seed), &is_meant)) {
        Ok(findings) => {
            ensure!(findings.is_empty(), "seed {seed}:\n  {}", findings.join("\n  "));
            println!("machine: nothing of the user's changed, and one more run repaired all");
            Ok(())
        }
        Err(error) => {
            let kept = scratch.keep();
            bail!("{error:#} – everything is kept in {}", kept.display())
        }
    }
}

fn all(
    machine: &Machine,
    scratch: &Path,
    program: &Path,
    (runs, seed): (u32, u64),
    is_meant: &dyn Fn(&str) -> bool,
) -> Result<Vec<String>> {
    let home = Home::make(scratch, program)?;
    let mut findings = Vec::new();
    if is_meant("mtp") && !mtp::is_known()? {
        println!("skipped: mtp – QEMU here has no usb-mtp");
    } else if is_meant("mtp") {
        findings.extend(mtp::trial(machine, &home, scratch)?.into_iter().map(|what| format!("mtp: {what}")));
    }
    let mut stages = Vec::new();
    for file_system in [FileSystem::Fat, FileSystem::Exfat] {
        let missing = tool::missing(&file_system.tools());
        if !is_meant(file_system.name()) || runs == 0 {
            continue;
        }
        if !missing.is_empty() {
            println!("skipped: {} – {} not installed", file_system.name(), missing.join(", "));
            continue;
        }
        let stage = Stage::new(file_system, machine, &home, scratch)?;
        let scenarios = stage.scenarios()?;
        stages.push((stage, scenarios));
    }
    findings.extend(cuts(&stages, runs, seed)?);
    Ok(findings)
}

/// Each case in turn on each file system, of a fresh player and of a filled one, so that few runs try them all.
fn cuts(stages: &[(Stage, [Scenario; 2])], runs: u32, seed: u64) -> Result<Vec<String>> {
    let mut random = Random::seeded(seed);
    let mut findings = Vec::new();
    let mut cases = Vec::new();
    for (stage, scenarios) in stages {
        cases.extend(Case::ALL.map(|case| (stage, scenarios, case)));
    }
    for (number, (stage, scenarios, case)) in (0..runs as usize).zip(cases.iter().cycle()) {
        let name = format!("{}, {}", stage.file_system.name(), case.name());
        let began = Instant::now();
        // A filled one first: more can go wrong with it.
        let [fresh, anew] = *scenarios;
        let scenario = if (number / cases.len()).is_multiple_of(2) { anew } else { fresh };
        // Of the cuts in the middle every other one is followed by a run before anybody has the player checked; which ones
        // changes from round to round, so that each case comes to it with both scenarios.
        let round = number / cases.len();
        let turn = number + round + round / 2;
        let unchecked = *case != Case::CardLosesPowerAtTheEnd && !turn.is_multiple_of(2);
        let found = stage.trial(scenario, *case, unchecked, &mut random)?;
        let mut how = match (found.is_late, found.findings.len()) {
            (true, _) => "it fell before or after the work".to_owned(),
            (false, 0) => format!("{} half files, all repaired", found.half),
            (false, findings) => format!("{findings} findings"),
        };
        how.extend(found.unchecked.map(|what| format!("; {what}")));
        println!("{name}: {how} ({:.0} s)", began.elapsed().as_secs_f64());
        findings.extend(found.findings.into_iter().map(|what| format!("{name}: {what}")));
    }
    Ok(findings)
}

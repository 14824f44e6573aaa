//! `downloads`: many files over a line that fails often. Nothing spoilt may be taken, and every outcome has a name.
//!
//! A server on this computer spoils about three answers in ten (`spoiling`): it cuts, waits, drips, lies about ranges and
//! ETags, sends pages and bombs, redirects into this computer, changes bytes. Half of the files come with a promised sum; of
//! the others the server changes no byte, for without a sum nobody could know. The memory is that of both sides, and some
//! files (`files`) are larger than what may be used of it.

mod files;
mod spoiling;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use ferrotape_domain::{Cancel, Sums};
use ferrotape_services::net::{Address, Download, Line, Net, Request, Ways};
use ferrotape_testkit::{HttpServer, MemoryOnly};

use crate::args::Args;
use spoiling::Spoiling;

const AT_ONCE: usize = 8;
const MOST_MEMORY_KB: u64 = 256 * 1024;
const LARGE_CAME: &str = "came whole, larger than the memory that may be used";

pub(crate) fn run(mut args: Args) -> anyhow::Result<()> {
    let runs: usize = args.option("--runs")?.unwrap_or(10_000);
    let seed: u64 = args.option("--seed")?.unwrap_or(1);
    args.finish()?;
    let spoiling = Arc::new(Spoiling::seeded(seed)?);
    let answers = Arc::clone(&spoiling);
    let server = HttpServer::start(move |request| {
        answers.answer(request.path().rsplit('/').next().and_then(|name| name.parse().ok()).unwrap_or(0))
    })?;
    let ways =
        Ways { stand_in: Some(server.address()), patience: Duration::from_millis(150), ..Ways::default() };
    let net = Net::new(Arc::new(MemoryOnly::default()), &ways).map_err(|fault| anyhow::anyhow!("{fault}"))?;
    let began = Instant::now();
    let outcomes = fetch_all(&net, runs)?;
    for (outcome, count) in &outcomes {
        println!("{count:>7}  {outcome}");
    }
    let peak = peak_kb()?;
    let (spoilt, seconds) = (spoiling.count(), began.elapsed().as_secs_f64());
    let large = (0..runs).filter(|number| files::large(*number).is_some()).count();
    println!(
        "{runs} downloads, {large} of them large, {spoilt} spoilt answers, {seconds:.0} s, {} MB at most",
        peak / 1024
    );
    ensure!(outcomes.values().sum::<usize>() == runs, "the outcomes do not add up");
    ensure!(!outcomes.keys().any(|outcome| outcome.starts_with("WRONG")), "something spoilt was taken");
    ensure!(peak <= MOST_MEMORY_KB, "more memory than {} MB", MOST_MEMORY_KB / 1024);
    ensure!(large == 0 || outcomes.contains_key(LARGE_CAME), "of {large} large files none came whole");
    Ok(())
}

/// What came of so many files, in words.
fn fetch_all(net: &Net, runs: usize) -> anyhow::Result<BTreeMap<String, usize>> {
    let folder = tempfile::tempdir()?;
    let (next, outcomes) = (AtomicUsize::new(0), Mutex::new(BTreeMap::<String, usize>::new()));
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= runs {
                        return;
                    }
                    let outcome = one(net, number, &folder.path().join(number.to_string()));
                    *outcomes.lock().unwrap_or_else(PoisonError::into_inner).entry(outcome).or_default() += 1;
                }
            });
        }
    });
    Ok(outcomes.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// Fetches one; what came of it in words. Each host has a line of its own, so that none rests for another's sake.
fn one(net: &Net, number: usize, to: &Path) -> String {
    let Ok(address) = Address::parse(&format!("https://host-{number}.example.org/{number}")) else {
        return "WRONG: no address".to_owned();
    };
    let sums = Sums { sha256: files::has_sum(number).then(|| files::sha256(number)), ..Sums::default() };
    let download = Download {
        request: Request::get(&Line::public(format!("downloads/{number}"), Duration::ZERO), address),
        to,
        size: None,
        sums: &sums,
        max_bytes: (1 << 20).max(2 * files::length(number) as u64),
        came: &|_| {},
    };
    let outcome = match net.download(&download, &Cancel::default()) {
        Ok(_) if files::is_whole(to, number).is_ok_and(|whole| whole) => match files::large(number) {
            Some(_) => LARGE_CAME.to_owned(),
            None => "came whole".to_owned(),
        },
        Ok(_) => format!("WRONG: number {number} is not what it should be"),
        Err(_) if to.exists() => format!("WRONG: number {number} failed and is there all the same"),
        Err(fault) => format!("told: {}", fault.reason),
    };
    // Ten thousand files of 200 KB are 2 GB, and some are larger; so may be what came of one that failed.
    for left in [to.to_owned(), to.with_extension("partial")] {
        drop(std::fs::remove_file(left));
    }
    outcome
}

fn peak_kb() -> anyhow::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
    line.split_whitespace().next().and_then(|number| number.parse().ok()).context("no number in VmHWM")
}

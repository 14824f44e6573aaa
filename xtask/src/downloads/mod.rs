//! `downloads`: many files over a line that fails often. Nothing spoilt may be taken, and every outcome has a name.
//!
//! A server on this computer spoils about three answers in ten: it cuts, waits, drips, lies about ranges and ETags, sends
//! pages and bombs, redirects into this computer, changes bytes. Half of the files come with a promised sum; of the others the server
//! changes no byte, for without a sum nobody could know. The memory is that of both sides.

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use ferrotape_domain::{Cancel, Sums};
use ferrotape_services::net::{Address, Download, Line, Net, Request, Ways};
use ferrotape_testkit::{HttpAnswer, HttpServer, HttpTrouble, MemoryOnly, Random};

use crate::args::Args;

const AT_ONCE: usize = 8;
/// Of a hundred answers so many are spoilt.
const SPOILT: u64 = 30;
const MOST_MEMORY_KB: u64 = 256 * 1024;

pub(crate) fn run(mut args: Args) -> anyhow::Result<()> {
    let runs: usize = args.option("--runs")?.unwrap_or(10_000);
    let seed: u64 = args.option("--seed")?.unwrap_or(1);
    args.finish()?;
    let spoilt = Arc::new(AtomicUsize::new(0));
    let random = Mutex::new(Random::seeded(seed));
    let counted = Arc::clone(&spoilt);
    let bomb = bomb()?;
    let server = HttpServer::start(move |request| {
        let number: usize = request.path().rsplit('/').next().and_then(|name| name.parse().ok()).unwrap_or(0);
        let answer = HttpAnswer::file("audio/flac", &format!("\"{number}\""), bytes(number));
        let mut random = random.lock().unwrap_or_else(PoisonError::into_inner);
        if random.below(100) >= SPOILT {
            return answer;
        }
        counted.fetch_add(1, Ordering::Relaxed);
        match random.below(16) {
            0 => HttpAnswer::text("audio/flac", bomb.clone()).with("Content-Encoding", "gzip"),
            _ => answer.but(trouble(&mut random, number)),
        }
    })?;
    let ways =
        Ways { stand_in: Some(server.address()), patience: Duration::from_millis(150), ..Ways::default() };
    let net = Net::new(Arc::new(MemoryOnly::default()), &ways).map_err(|fault| anyhow::anyhow!("{fault}"))?;
    let folder = tempfile::tempdir()?;
    let (next, outcomes) = (AtomicUsize::new(0), Mutex::new(BTreeMap::<String, usize>::new()));
    let began = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= runs {
                        return;
                    }
                    let outcome = one(&net, number, &folder.path().join(number.to_string()));
                    *outcomes.lock().unwrap_or_else(PoisonError::into_inner).entry(outcome).or_default() += 1;
                }
            });
        }
    });
    let outcomes = outcomes.into_inner().unwrap_or_else(PoisonError::into_inner);
    for (outcome, count) in &outcomes {
        println!("{count:>7}  {outcome}");
    }
    let peak = peak_kb()?;
    let (spoilt, seconds) = (spoilt.load(Ordering::Relaxed), began.elapsed().as_secs_f64());
    println!("{runs} downloads, {spoilt} spoilt answers, {seconds:.0} s, {} MB at most", peak / 1024);
    ensure!(outcomes.values().sum::<usize>() == runs, "the outcomes do not add up");
    ensure!(!outcomes.keys().any(|outcome| outcome.starts_with("WRONG")), "something spoilt was taken");
    ensure!(peak <= MOST_MEMORY_KB, "more memory than {} MB", MOST_MEMORY_KB / 1024);
    Ok(())
}

/// The bytes of a file: of any length up to 400 KB, never like a page.
fn bytes(number: usize) -> Vec<u8> {
    let length = 1_000 + number * 7_919 % 400_000;
    (0..length).map(|at| ((at * 31 + number * 17) % 251) as u8 | 1).collect()
}

/// 64 MB of nothing, packed into 64 KB.
fn bomb() -> anyhow::Result<Vec<u8>> {
    let zeros = tempfile::NamedTempFile::new()?;
    zeros.as_file().set_len(64 << 20)?;
    let packed = Command::new("gzip").arg("-c").arg(zeros.path()).output().context("could not run gzip")?;
    ensure!(packed.status.success(), "gzip: {}", String::from_utf8_lossy(&packed.stderr));
    Ok(packed.stdout)
}

fn has_sum(number: usize) -> bool {
    number.is_multiple_of(2)
}

fn trouble(random: &mut Random, number: usize) -> HttpTrouble {
    use HttpTrouble as T;
    let length = bytes(number).len();
    let place = usize::try_from(random.below(length as u64)).unwrap_or(0);
    match random.below(15) {
        0 => T::HungUp,
        1 => T::CutAfter(place),
        2 if has_sum(number) => T::Corrupt(place),
        3 => T::Late(Duration::from_millis(300)),
        4 => T::Silence(Duration::from_millis(300)),
        5 => T::Status([500, 502, 503, 504][place % 4]),
        6 => T::Pause(429, 0),
        7 => T::Page,
        8 => T::LeadsTo("http://169.254.169.254/latest".to_owned()),
        9 => T::NoRanges,
        10 => T::WrongRange,
        11 => T::OtherEtag,
        12 => T::ShortBody,
        13 => T::Rubbish,
        14 => T::Drops(8, Duration::from_millis(50)),
        _ => T::CutAfter(place / 2),
    }
}

/// Fetches one; what came of it in words. Each host has a line of its own, so that none rests for another's sake.
fn one(net: &Net, number: usize, to: &std::path::Path) -> String {
    let Ok(address) = Address::parse(&format!("https://host-{number}.example.org/{number}")) else {
        return "WRONG: no address".to_owned();
    };
    let sums = Sums { sha256: has_sum(number).then(|| sha256(number)), ..Sums::default() };
    let download = Download {
        request: Request::get(&Line::public(format!("downloads/{number}"), Duration::ZERO), address),
        to,
        size: None,
        sums: &sums,
        max_bytes: 1 << 20,
        came: &|_| {},
    };
    let outcome = match net.download(&download, &Cancel::default()) {
        Ok(_) if std::fs::read(to).is_ok_and(|came| came == bytes(number)) => "came whole".to_owned(),
        Ok(_) => format!("WRONG: number {number} is not what it should be"),
        Err(_) if to.exists() => format!("WRONG: number {number} failed and is there all the same"),
        Err(fault) => format!("told: {}", fault.reason),
    };
    // Ten thousand files of 200 KB are 2 GB.
    drop(std::fs::remove_file(to));
    outcome
}

fn sha256(number: usize) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(bytes(number)).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn peak_kb() -> anyhow::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
    line.split_whitespace().next().and_then(|number| number.parse().ok()).context("no number in VmHWM")
}

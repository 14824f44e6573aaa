//! `cargo xtask fuzz`: libFuzzer over the readers of outside bytes, on the stable compiler.
//!
//! `RUSTC_BOOTSTRAP=1` lets stable rustc take the flags that count coverage. The build is kept in `target/fuzz`, the
//! inputs that found something new in `target/fuzz/inputs/TARGET`, what broke in `target/fuzz/broken/TARGET`.
//! Rejected: cargo-fuzz, which wants a nightly compiler and a program per target, linked anew for each.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use ferrotape_audio::fuzzing::{READERS, Reader};

use crate::args::Args;
use crate::workspace;

/// Inputs each target is given where nothing else is asked for.
const RUNS: u64 = 100_000;
/// Longest input in bytes where nothing else is asked for: enough for headers, tags and a few frames.
const MOST_BYTES: usize = 16 << 10;
/// Coverage counters, and the mode in which libraries leave checksums out.
const FLAGS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table --cfg fuzzing";
/// The only kind of machine it was tried on.
const TRIPLE: &str = "x86_64-unknown-linux-gnu";

pub(crate) fn run(mut args: Args) -> Result<()> {
    let target = args.word();
    let runs = args.option("--runs")?.unwrap_or(RUNS);
    let longest = args.option("--longest")?.unwrap_or(MOST_BYTES);
    args.finish()?;
    let readers: Vec<&Reader> =
        READERS.iter().filter(|reader| target.as_deref().is_none_or(|name| name == reader.name)).collect();
    if readers.is_empty() {
        let names: Vec<&str> = READERS.iter().map(|reader| reader.name).collect();
        bail!("there is no such target – choose one of {}", names.join(", "));
    }
    let metadata = workspace::metadata()?;
    let folder = metadata.target_directory.join("fuzz").into_std_path_buf();
    let program = build(metadata.workspace_root.as_std_path(), &folder)?;
    let scratch = tempfile::tempdir().context("could not make a folder for the first inputs")?;
    let seeds = ferrotape_testkit::seeds(scratch.path())?;
    let mut broke = Vec::new();
    for reader in readers {
        if !fuzz(&program, &folder, reader, &seeds, (runs, longest))? {
            broke.push(reader.name);
        }
    }
    if broke.is_empty() {
        return Ok(());
    }
    bail!("{} broke – the inputs are in {}", broke.join(", "), folder.join("broken").display())
}

fn build(root: &Path, folder: &Path) -> Result<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["build", "--release", "--target", TRIPLE, "--manifest-path"])
        .arg(root.join("fuzz/Cargo.toml"))
        .arg("--target-dir")
        .arg(folder)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", FLAGS)
        .env("CARGO_INCREMENTAL", "0")
        .status()
        .context("could not run cargo build")?;
    if !status.success() {
        bail!("the fuzzer could not be built – see above; it needs an x86-64 Linux and a C++ compiler (g++)");
    }
    Ok(folder.join(TRIPLE).join("release/fuzz"))
}

/// Runs one target; whether it held.
fn fuzz(
    program: &Path,
    folder: &Path,
    reader: &Reader,
    seeds: &[(String, Vec<u8>)],
    (runs, longest): (u64, usize),
) -> Result<bool> {
    let inputs = folder.join("inputs").join(reader.name);
    let broken = folder.join("broken").join(reader.name);
    for folder in [&inputs, &broken] {
        fs::create_dir_all(folder).with_context(|| format!("could not make {}", folder.display()))?;
    }
    for (at, (name, bytes)) in seeds.iter().enumerate() {
        if reader.seeds.is_empty() || reader.seeds.contains(&name.as_str()) {
            let path = inputs.join(format!("seed-{at}.{name}"));
            let start = bytes.get(..bytes.len().min(longest)).unwrap_or_default();
            fs::write(&path, start).with_context(|| format!("could not write {}", path.display()))?;
        }
    }
    println!("fuzz: {} for {runs} inputs", reader.name);
    let status = Command::new(program)
        .env("FERROTAPE_FUZZ", reader.name)
        .arg(&inputs)
        .arg(format!("-artifact_prefix={}/", broken.display()))
        .arg(format!("-runs={runs}"))
        .arg(format!("-max_len={longest}"))
        .args(["-timeout=10", "-rss_limit_mb=1024", "-print_final_stats=1", "-verbosity=0"])
        .status()
        .context("could not run the fuzzer")?;
    Ok(status.success())
}

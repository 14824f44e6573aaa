//! `cargo xtask fuzz`: libFuzzer over the readers of outside bytes, on the stable compiler.
//!
//! `RUSTC_BOOTSTRAP=1` lets stable rustc take the flags that count coverage. The build is kept in `target/fuzz`, the
//! inputs that found something new in `target/fuzz/inputs/TARGET`, what broke in `target/fuzz/broken/TARGET`.
//! Rejected: cargo-fuzz, which wants a nightly compiler and a program per target, linked anew for each.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use ferrotape_audio::fuzzing as audio;
use ferrotape_import::fuzzing as import;
use ferrotape_services::fuzzing as services;

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

/// One reader, with what its inputs begin as, by name.
struct Target {
    name: &'static str,
    seeds: Vec<(String, Vec<u8>)>,
    /// Seconds that one input may take.
    seconds: u32,
}

pub(crate) fn run(mut args: Args) -> Result<()> {
    let wanted = args.word();
    let runs = args.option("--runs")?.unwrap_or(RUNS);
    let longest = args.option("--longest")?.unwrap_or(MOST_BYTES);
    args.finish()?;
    let metadata = workspace::metadata()?;
    let root = metadata.workspace_root.as_std_path();
    let targets = targets(wanted.as_deref(), root)?;
    let folder = metadata.target_directory.join("fuzz").into_std_path_buf();
    let program = build(root, &folder)?;
    let mut broke = Vec::new();
    for target in &targets {
        if !fuzz(&program, &folder, target, (runs, longest))? {
            broke.push(target.name);
        }
    }
    if broke.is_empty() {
        return Ok(());
    }
    bail!("{} broke – the inputs are in {}", broke.join(", "), folder.join("broken").display())
}

/// The target of this name, all of the import's for `import`, all of a source's for its name, or all.
fn targets(wanted: Option<&str>, root: &Path) -> Result<Vec<Target>> {
    let is_wanted = |name: &str| {
        let is_of = |group: &str| name.strip_prefix(group).is_some_and(|rest| rest.starts_with('-'));
        wanted
            .is_none_or(|wanted| name == wanted || (["import", "podcast"].contains(&wanted) && is_of(wanted)))
    };
    let mut found = Vec::new();
    let mut made = None;
    for reader in audio::READERS.iter().filter(|reader| is_wanted(reader.name)) {
        if made.is_none() {
            let scratch = tempfile::tempdir().context("could not make a folder for the first inputs")?;
            made = Some(ferrotape_testkit::seeds(scratch.path())?);
        }
        let fits = |name: &String| reader.seeds.is_empty() || reader.seeds.contains(&name.as_str());
        let seeds = made.iter().flatten().filter(|(name, _)| fits(name)).cloned().collect();
        found.push(Target { name: reader.name, seeds, seconds: 10 });
    }
    for reader in import::READERS.iter().filter(|reader| is_wanted(reader.name)) {
        let seeds = import::seeds_of(reader, &root.join("crates/import/tests/cases"))
            .context("could not read the import's cases")?;
        let seeds = seeds.into_iter().map(|bytes| ("case".to_owned(), bytes)).collect();
        found.push(Target { name: reader.name, seeds, seconds: 2 });
    }
    for reader in services::readers().filter(|reader| is_wanted(reader.name)) {
        let seeds = services::seeds_of(&reader, &root.join("crates/services/tests/cases"))
            .context("could not read the cases of the sources")?;
        let seeds = seeds.into_iter().map(|bytes| ("case".to_owned(), bytes)).collect();
        found.push(Target { name: reader.name, seeds, seconds: 2 });
    }
    if found.is_empty() {
        let names = audio::READERS.iter().map(|reader| reader.name);
        let names = names.chain(import::READERS.iter().map(|reader| reader.name));
        let names: Vec<&str> = names.chain(services::readers().map(|reader| reader.name)).collect();
        bail!(
            "there is no such target – choose one of {}, or import or podcast for all of its parsers",
            names.join(", ")
        );
    }
    Ok(found)
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
fn fuzz(program: &Path, folder: &Path, target: &Target, (runs, longest): (u64, usize)) -> Result<bool> {
    let inputs = folder.join("inputs").join(target.name);
    let broken = folder.join("broken").join(target.name);
    for folder in [&inputs, &broken] {
        fs::create_dir_all(folder).with_context(|| format!("could not make {}", folder.display()))?;
    }
    for (at, (name, bytes)) in target.seeds.iter().enumerate() {
        let path = inputs.join(format!("seed-{at}.{name}"));
        let start = bytes.get(..bytes.len().min(longest)).unwrap_or_default();
        fs::write(&path, start).with_context(|| format!("could not write {}", path.display()))?;
    }
    println!("fuzz: {} for {runs} inputs", target.name);
    let status = Command::new(program)
        .env("FERROTAPE_FUZZ", target.name)
        .arg(&inputs)
        .arg(format!("-artifact_prefix={}/", broken.display()))
        .arg(format!("-runs={runs}"))
        .arg(format!("-max_len={longest}"))
        .arg(format!("-timeout={}", target.seconds))
        .args(["-rss_limit_mb=1024", "-print_final_stats=1", "-verbosity=0"])
        .status()
        .context("could not run the fuzzer")?;
    Ok(status.success())
}

//! `cargo xtask bench matching`: how right and how fast matching is.
//!
//! Without arguments our own benchmark, per class; with `--wanted` and `--files` an outside one; with `--scale` a
//! million made-up files. Always the product's engine with its default policy, and always its release build.

mod crowd;
pub(crate) mod memory;
pub(crate) mod outside;
mod own;
mod plot;
mod scale;
mod show;
mod table;

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::args::Args;
use crate::workspace;

/// Tells the release build that it was started by the other one.
const AS_BUILT: &str = "--as-built";

pub(crate) fn run(mut args: Args) -> Result<()> {
    if !args.flag(AS_BUILT) && cfg!(debug_assertions) {
        return in_release();
    }
    let threads: Option<NonZeroUsize> = args.option("--threads")?;
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads.map_or(0, NonZeroUsize::get))
        .build()
        .context("could not start the threads")?;
    if let Some(files) = args.option::<std::num::NonZeroU32>("--scale")? {
        args.finish()?;
        return scale::run(files.get().into(), &pool);
    }
    match args.option::<PathBuf>("--wanted")? {
        Some(wanted) => {
            let paths = outside::Paths {
                wanted,
                files: args.required("--files")?,
                answers: args.required("--answers")?,
                review: args.option("--review")?,
            };
            args.finish()?;
            let took = pool.install(|| outside::run(&paths))?;
            println!("{}", took.told());
            Ok(())
        }
        None => {
            let update = args.flag("--update-ratchet");
            let show: Option<String> = args.option("--show")?;
            args.finish()?;
            pool.install(|| own::run(update, show.as_deref()))
        }
    }
}

/// The same words again, to the release build of this program: figures of a debug build mean nothing.
fn in_release() -> Result<()> {
    let metadata = workspace::metadata()?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--quiet", "--locked", "--release", "--package", "xtask"])
        .current_dir(&metadata.workspace_root)
        .status()
        .context("could not run cargo build")?;
    if !built.success() {
        bail!("the release build failed – see the messages above");
    }
    let program = metadata.target_directory.join("release").join("xtask");
    let status = Command::new(program.as_std_path())
        .args(std::env::args_os().skip(1))
        .arg(AS_BUILT)
        .status()
        .with_context(|| format!("could not run {program}"))?;
    if !status.success() {
        bail!("the benchmark failed – see the messages above");
    }
    Ok(())
}

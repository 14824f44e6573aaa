//! Where things are: the project's root, its target folder, the program under test.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use cargo_metadata::{Metadata, MetadataCommand};

/// What `cargo metadata` says of the project. Without network.
pub(crate) fn metadata() -> Result<Metadata> {
    let mut command = MetadataCommand::new();
    // `cargo run` sets this to our own folder; without it the current folder decides.
    if let Some(own) = std::env::var_os("CARGO_MANIFEST_DIR") {
        command.manifest_path(Path::new(&own).join("Cargo.toml"));
    }
    command.exec().context("cargo metadata failed")
}

/// A folder below `target/` for files that may be thrown away.
pub(crate) fn scratch(name: &str) -> Result<PathBuf> {
    let dir = metadata()?.target_directory.into_std_path_buf().join(name);
    std::fs::create_dir_all(&dir).with_context(|| format!("could not make {}", dir.display()))?;
    Ok(dir)
}

/// Which build of the program to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Build {
    /// As the tests build it; nothing is built twice in CI.
    Debug,
    /// As users run it.
    Release,
}

/// The program: the one the developer named, or a fresh build.
pub(crate) fn ferrotape(named: Option<PathBuf>, build: Build) -> Result<PathBuf> {
    if let Some(path) = named {
        return std::path::absolute(&path).with_context(|| path.display().to_string());
    }
    let metadata = metadata()?;
    let (flag, folder) = match build {
        Build::Debug => (None, "debug"),
        Build::Release => (Some("--release"), "release"),
    };
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["build", "--quiet", "--locked", "--package", "ferrotape", "--bin", "ferrotape"])
        .args(flag)
        .current_dir(&metadata.workspace_root)
        .status()
        .context("could not run cargo build")?;
    let path = metadata.target_directory.join(folder).join("ferrotape").into_std_path_buf();
    if !status.success() || !path.exists() {
        bail!("the program could not be built – see the messages above, or name one with --binary");
    }
    Ok(path)
}

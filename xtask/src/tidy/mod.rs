//! `cargo xtask tidy`: what the compiler cannot check.
//!
//! Layers and owners come from `cargo metadata`, the rest from the tracked files. Every finding says which rule,
//! where, and what to do; long files are only pointed out until they are far too long.

mod layers;
mod tree;

use std::fmt;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::args::Args;
use crate::workspace;

/// One thing that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    /// Which rule.
    pub(crate) rule: &'static str,
    /// Which crate or file (with line).
    pub(crate) place: String,
    /// What is there, and what to do.
    pub(crate) says: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}] {} – {}", self.rule, self.place, self.says)
    }
}

/// A tracked text file: path from the root with `/`, and content.
pub(crate) struct SourceFile {
    pub(crate) path: String,
    pub(crate) text: String,
}

pub(crate) fn run(args: Args) -> Result<()> {
    args.finish()?;
    let metadata = workspace::metadata()?;
    let crates = layers::crates(&metadata);
    let files = tracked_files(metadata.workspace_root.as_std_path())?;
    let mut findings = layers::check(&crates);
    findings.extend(tree::check(&files));
    for warning in tree::long_files(&files) {
        println!("note: {warning}");
    }
    for finding in &findings {
        eprintln!("error: {finding}");
    }
    if !findings.is_empty() {
        bail!("tidy found {} things to set right", findings.len());
    }
    println!("tidy: {} crates and {} files are in order", crates.len(), files.len());
    Ok(())
}

/// Tracked and new files that are text; ignored ones are nobody's business.
fn tracked_files(root: &std::path::Path) -> Result<Vec<SourceFile>> {
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .context("could not run git ls-files")?;
    if !listed.status.success() {
        bail!("git ls-files failed in {} – tidy needs a clone", root.display());
    }
    let paths = String::from_utf8_lossy(&listed.stdout).into_owned();
    let read = |path: &str| {
        let text = String::from_utf8(std::fs::read(root.join(path)).ok()?).ok()?;
        Some(SourceFile { path: path.to_owned(), text })
    };
    Ok(paths.split('\0').filter(|path| !path.is_empty()).filter_map(read).collect())
}

//! Short and interrupted writes, by a small library of ours (`short_writes.c`) that the program is started with.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

const SOURCE: &str = include_str!("short_writes.c");

/// Compiles the library into a folder.
pub(super) fn compile(dir: &Path) -> Result<PathBuf> {
    let (source, library) = (dir.join("short_writes.c"), dir.join("short_writes.so"));
    fs::write(&source, SOURCE).with_context(|| source.display().to_string())?;
    let compiled = Command::new("cc")
        .args(["-shared", "-fPIC", "-O2", "-o"])
        .args([&library, &source])
        .stdin(Stdio::null())
        .output()
        .context("there is no C compiler (cc)")?;
    ensure!(compiled.status.success(), "cc: {}", String::from_utf8_lossy(&compiled.stderr).trim());
    Ok(library)
}

/// Has a program write like that below a folder; `told` says at the end how often it happened.
pub(super) fn load(command: &mut Command, library: &Path, seed: u64, below: &Path, told: &Path) {
    command
        .env("LD_PRELOAD", library)
        .env("FERROTAPE_SHORT_SEED", seed.to_string())
        .env("FERROTAPE_SHORT_BELOW", below)
        .env("FERROTAPE_SHORT_TOLD", told);
}

/// Whether writes were cut short at all: a program that is linked in one piece takes no notice of the library.
pub(super) fn has_struck(told: &str) -> bool {
    told.split_whitespace()
        .next()
        .and_then(|shortened| shortened.parse().ok())
        .is_some_and(|times: u64| times > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where this computer has no C compiler, or is no Linux, there is nothing to see.
    #[test]
    fn writes_below_the_folder_are_cut_short_and_others_are_not() {
        let dir = tempfile::tempdir().unwrap();
        let below = dir.path().canonicalize().unwrap();
        let Ok(library) = compile(dir.path()) else { return };
        if !cfg!(target_os = "linux") {
            return;
        }
        let told = below.join("told");
        let text = "all of this\n".repeat(500);
        fs::write(below.join("from"), &text).unwrap();
        // It writes again what was left out or interrupted.
        let mut copy = Command::new("dd");
        copy.args(["if=from", "of=to", "bs=6000"]).current_dir(&below).stderr(Stdio::null());
        load(&mut copy, &library, 1, &below.join("elsewhere"), &told);
        assert!(copy.status().unwrap().success());
        assert!(!has_struck(&fs::read_to_string(&told).unwrap()));
        load(&mut copy, &library, 3, &below, &told);
        assert!(copy.status().unwrap().success());
        assert!(has_struck(&fs::read_to_string(&told).unwrap()));
        assert_eq!(fs::read_to_string(below.join("to")).unwrap(), text);
    }
}

//! Scanning very many tagged files: against `beet import -A`, again with nothing new, and matching on top.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::{Row, Wishes, files, median};
use crate::watch::{self, UNLIMITED};

/// Wanted recordings to match against all files.
const WANTED: u32 = 10_000;

/// Nothing is asked, copied, written or looked up: beets reads tags into its library, which is what our scan does.
const BEETS: &str = "directory: .\nlibrary: library.db\nplugins: []\nimport:\n  copy: no\n  write: no\n  quiet: yes\n  \
                     autotag: no\n  log: import.log\n";

pub(crate) fn measure(wishes: &Wishes) -> Result<Vec<Row>> {
    let beet = beets()?;
    let folder = files::small_files(wishes.files)?;
    let (mut first, mut again, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
    let mut matched = Vec::new();
    // Both sides find the files in the page cache: what is compared is the program, not the disk.
    let mut warm = Command::new("sh");
    watch::run(
        warm.args(["-c", "find \"$1\" -type f -print0 | xargs -0 cat >/dev/null", "sh"]).arg(&folder),
        UNLIMITED,
    )?;
    for round in 0..wishes.rounds {
        eprintln!("bench: scan, round {} of {}", round + 1, wishes.rounds);
        theirs.push(beet_import(&beet, &folder)?);
        let scratch = tempfile::tempdir_in(files::dir()?)?;
        let library = scratch.path().join("library");
        let scan = |words: &[&str], paths: &[&Path]| ferrotape(wishes, &library, words, paths);
        first.push(scan(&["scan"], &[&folder])?);
        again.push(scan(&["scan"], &[&folder])?);
        let export = files::small_export(WANTED.min(wishes.files))?;
        scan(&["import"], &[&export])?;
        matched.push(scan(&["match"], &[])?);
    }
    let (first, again, theirs, matched) = (median(&first), median(&again), median(&theirs), median(&matched));
    let count = wishes.files;
    let own = |what, seconds: f64, goal| Row {
        what,
        ours: format!("{seconds:.1} s"),
        theirs: "–".into(),
        ratio: "–".into(),
        goal,
    };
    Ok(vec![
        Row {
            what: format!("scan {count} tagged files (against beet import -A)"),
            ours: format!("{first:.1} s"),
            theirs: format!("{theirs:.1} s"),
            ratio: format!("{:.1} × as fast", theirs / first.max(0.001)),
            goal: "≥ 3 ×",
        },
        own("scan them again, nothing new".to_owned(), again, "≤ 5 s"),
        own(format!("match {} wanted recordings against them", WANTED.min(count)), matched, "–"),
    ])
}

fn ferrotape(wishes: &Wishes, library: &Path, words: &[&str], paths: &[&Path]) -> Result<f64> {
    let mut command = Command::new(&wishes.program);
    command.arg("--library").arg(library).arg("--quiet").args(words).args(paths);
    let ran = watch::run(&mut command, UNLIMITED)?;
    ensure!(
        ran.status.success(),
        "{} ended with {:?} – it said: {}",
        words.join(" "),
        ran.status.code(),
        ran.stderr
    );
    Ok(ran.seconds)
}

fn beet_import(beet: &Path, folder: &Path) -> Result<f64> {
    let scratch = tempfile::tempdir_in(files::dir()?)?;
    fs::write(scratch.path().join("config.yaml"), BEETS)?;
    let mut command = Command::new(beet);
    command
        .env("BEETSDIR", scratch.path())
        .current_dir(scratch.path())
        .args(["import", "-A", "-q"])
        .arg(folder);
    let ran = watch::run(&mut command, UNLIMITED)?;
    ensure!(ran.status.success(), "beet import failed: {}", ran.stderr.trim());
    let mut count = Command::new(beet);
    let listed = watch::run(
        count.env("BEETSDIR", scratch.path()).current_dir(scratch.path()).args(["stats"]),
        UNLIMITED,
    )?;
    let tracks = listed.stdout.lines().find_map(|line| line.strip_prefix("Tracks: ")).unwrap_or("0").trim();
    ensure!(tracks != "0", "beet imported nothing: {}{}", ran.stdout, ran.stderr);
    Ok(ran.seconds)
}

/// The program `beet`: the user's own, or one in a virtual environment below `target/`, installed when needed.
fn beets() -> Result<PathBuf> {
    let venv = files::dir()?.join("beets");
    let beet = venv.join("bin/beet");
    if beet.exists() {
        return Ok(beet);
    }
    eprintln!("bench: installing beets into {}", venv.display());
    let _ = fs::remove_dir_all(&venv);
    let made =
        Command::new("python3").args(["-m", "venv"]).arg(&venv).status().context("could not run python3")?;
    ensure!(made.success(), "python3 -m venv failed – install the Debian package python3-venv");
    let pip = Command::new(venv.join("bin/pip")).args(["install", "--quiet", "beets"]).status()?;
    ensure!(pip.success(), "pip could not install beets – check the network");
    ensure!(beet.exists(), "pip installed beets without its program");
    Ok(beet)
}

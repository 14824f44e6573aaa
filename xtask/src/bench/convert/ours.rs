//! Our side: the release binary's `convert` from a library that knows what is wanted and nothing else.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::super::files;
use super::music::Input;
use super::timed::{self, Used};

/// Whether this build can be told not to measure loudness.
pub(super) fn can_leave_loudness(program: &Path) -> Result<bool> {
    let help =
        Command::new(program).args(["convert", "--help"]).output().context("could not ask for help")?;
    Ok(String::from_utf8_lossy(&help.stdout).contains("--loudness"))
}

/// Scan, match, convert and copy, from nothing, to an empty player.
pub(super) fn convert(program: &Path, input: &Input, preset: &str, leave_loudness: bool) -> Result<Used> {
    let scratch = tempfile::tempdir_in(files::dir()?)?;
    let (library, player) = (scratch.path().join("library"), scratch.path().join("player"));
    fs::create_dir(&player)?;
    let imported = Command::new(program)
        .arg("--library")
        .arg(&library)
        .args(["--quiet", "import"])
        .arg(&input.export)
        .output()
        .context("could not run ferrotape")?;
    let said = String::from_utf8_lossy(&imported.stderr).into_owned();
    ensure!(imported.status.success(), "the import failed: {}", said.trim());
    let word = OsStr::new;
    // As users run it, but with nothing in the cache from earlier rounds.
    let mut cache = OsString::from("XDG_CACHE_HOME=");
    cache.push(scratch.path().join("cache"));
    let mut words = vec![
        word("env"),
        &*cache,
        program.as_os_str(),
        word("--library"),
        library.as_os_str(),
        word("--quiet"),
    ];
    words.extend([word("convert"), word("--from"), input.folder.as_os_str()]);
    words.extend([word("--to"), player.as_os_str(), word("--yes"), word("--preset"), word(preset)]);
    if leave_loudness {
        words.extend(["--loudness", "off"].map(word));
    }
    let used = timed::run(&words, scratch.path()).context("ferrotape convert")?;
    let written = mp3s(&player)?;
    ensure!(written == input.count, "convert wrote {written} MP3s of {} – nothing to compare", input.count);
    Ok(used)
}

/// MP3s below a folder.
pub(super) fn mp3s(folder: &Path) -> Result<usize> {
    Ok(ferrotape_testkit::tree_snapshot(folder)?.keys().filter(|path| path.ends_with(".mp3")).count())
}

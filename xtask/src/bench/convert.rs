//! FLAC to V0: the whole `convert` against `ffmpeg` with libmp3lame on every core.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail, ensure};

use super::{Row, Wishes, files, median};
use crate::watch::{self, UNLIMITED};

/// What a user would script: same encoder, same quality, and the loudness measured as we measure it (integrated
/// loudness and sample peak), tags kept as `ffmpeg` keeps them.
const SCRIPT: &str = r#"find "$1" -name '*.flac' -print0 | xargs -0 -P"$(nproc)" -I{} sh -c '
    out="$2/$(basename "$1" .flac).mp3"
    ffmpeg -nostdin -v error -y -i "$1" -map 0:a:0 -af ebur128=peak=sample:framelog=verbose -c:a libmp3lame -q:a 0 "$out"
' sh {} "$2""#;

pub(crate) fn measure(wishes: &Wishes) -> Result<Vec<Row>> {
    let (flacs, export) = files::flacs(wishes.music.as_deref())?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let mut count = 0;
    for round in 0..wishes.rounds {
        eprintln!("bench: convert, round {} of {}", round + 1, wishes.rounds);
        theirs.push(ffmpeg(&flacs)?);
        let (seconds, written) = ferrotape(wishes, &flacs, &export)?;
        ours.push(seconds);
        count = written;
    }
    let (ours, theirs) = (median(&ours), median(&theirs));
    let kind = if wishes.music.is_some() { "real" } else { "made-up" };
    Ok(vec![Row {
        what: format!(
            "convert {count} {kind} FLACs to V0 (against ffmpeg, libmp3lame -q:a 0, ebur128, xargs -P)"
        ),
        ours: format!("{ours:.1} s"),
        theirs: format!("{theirs:.1} s"),
        ratio: format!("{:.2} × as fast", theirs / ours.max(0.001)),
        goal: "≥ 0.95 ×",
    }])
}

fn ffmpeg(flacs: &Path) -> Result<f64> {
    let out = tempfile::tempdir_in(files::dir()?)?;
    let mut command = Command::new("sh");
    command.args(["-c", SCRIPT, "sh"]).arg(flacs).arg(out.path());
    let ran = watch::run(&mut command, UNLIMITED)?;
    ensure!(ran.status.success(), "the ffmpeg side failed: {}", ran.stderr.trim());
    Ok(ran.seconds)
}

/// Import, scan, match, convert and copy, from nothing.
fn ferrotape(wishes: &Wishes, flacs: &Path, export: &Path) -> Result<(f64, usize)> {
    let out = tempfile::tempdir_in(files::dir()?)?;
    let player = out.path().join("player");
    fs::create_dir(&player)?;
    let mut command = Command::new(&wishes.program);
    command.arg("--library").arg(out.path().join("library")).args(["--quiet", "convert"]).arg(export);
    command.arg("--from").arg(flacs).arg("--to").arg(&player).arg("--yes");
    let ran = watch::run(&mut command, UNLIMITED)?;
    if !ran.status.success() {
        bail!("convert ended with {:?} – it said: {}", ran.status.code(), ran.stderr.trim());
    }
    let listed = ferrotape_testkit::tree_snapshot(&player)?;
    let written = listed.keys().filter(|path| path.ends_with(".mp3")).count();
    ensure!(written > 0, "convert put nothing on the player, so there is nothing to compare");
    Ok((ran.seconds, written))
}

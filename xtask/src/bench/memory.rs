//! Peak memory of a large convert: many recordings, half of them copied, half encoded.

use std::fs;
use std::process::Command;

use anyhow::{Result, ensure};

use super::{Row, Wishes, files};
use crate::watch::{self, UNLIMITED};

pub(crate) fn measure(wishes: &Wishes) -> Result<Vec<Row>> {
    let folder = files::small_files(wishes.tracks)?;
    let export = files::small_export(wishes.tracks)?;
    eprintln!("bench: memory of a convert of {} recordings", wishes.tracks);
    let out = tempfile::tempdir_in(files::dir()?)?;
    let player = out.path().join("player");
    fs::create_dir(&player)?;
    let mut command = Command::new(&wishes.program);
    command.arg("--library").arg(out.path().join("library")).args(["--quiet", "convert"]).arg(&export);
    command.arg("--from").arg(&folder).arg("--to").arg(&player).arg("--yes");
    // Many of the small files sound the same; from a cache they would not be encoded.
    command.args(["--cache-size", "0"]);
    let ran = watch::run(&mut command, UNLIMITED)?;
    ensure!(
        ran.status.success(),
        "convert ended with {:?} – it said: {}",
        ran.status.code(),
        ran.stderr.trim()
    );
    let listed = ferrotape_testkit::tree_snapshot(&player)?;
    let written = listed.keys().filter(|path| path.ends_with(".mp3")).count();
    let peak = ran.peak_bytes as f64 / 1e6;
    let rows = vec![Row {
        what: format!("peak memory of a convert of {} recordings ({written} MP3s written)", wishes.tracks),
        ours: format!("{peak:.0} MB in {:.0} s", ran.seconds),
        theirs: "–".into(),
        ratio: "–".into(),
        goal: "≤ 300 MB",
    }];
    Ok(rows)
}

//! `cargo xtask bench`: the speed table, as ratios measured in one run on one machine.
//!
//! Against what a user would script today: `ffmpeg`, `lame`, `sox` under `xargs` for converting, `beet import` for scanning. Runs of
//! both sides alternate, and the median counts, so that a busy machine disturbs both. Made files stay in
//! `target/bench-data` and are used again.

mod again;
mod convert;
mod copying;
mod files;
mod image_player;
pub(crate) mod matching;
mod memory;
mod overlap;
mod scan;
mod servers;
mod sound;

use std::fmt::Write;
use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::args::Args;
use crate::workspace::{self, Build};

/// What the developer asked for.
pub(crate) struct Wishes {
    program: PathBuf,
    /// Files to scan.
    files: u32,
    /// Recordings to convert under the eye of the memory watch.
    tracks: u32,
    rounds: usize,
    /// Megabytes a slow player takes in a second.
    speed: f64,
}

/// One line of the table.
pub(crate) struct Row {
    what: String,
    ours: String,
    theirs: String,
    ratio: String,
    goal: &'static str,
}

/// The table's lines, and the last lines that scripts read: `ratio CASE PEER NUMBER`.
#[derive(Default)]
pub(crate) struct Report {
    rows: Vec<Row>,
    ratios: Vec<String>,
}

impl Report {
    fn add(&mut self, more: Self) {
        self.rows.extend(more.rows);
        self.ratios.extend(more.ratios);
    }
}

fn of_servers(mut args: Args) -> Result<()> {
    let tracks = args.option("--tracks")?.unwrap_or(100_000);
    let rounds = args.option("--rounds")?.unwrap_or(3);
    let binary = args.option("--binary")?;
    args.finish()?;
    let program = workspace::ferrotape(binary, Build::Release)?;
    println!("{}", table(&servers::measure(&program, tracks, std::cmp::max(rounds, 1))?));
    Ok(())
}

pub(crate) fn run(mut args: Args) -> Result<()> {
    let which = args.word().unwrap_or_else(|| "all".to_owned());
    if which == "matching" {
        return matching::run(args);
    }
    if which == "sound" {
        let pieces = args.option("--pieces")?.unwrap_or(24);
        let music: Option<PathBuf> = args.option("--music")?;
        args.finish()?;
        return sound::measure(pieces, music.as_deref());
    }
    if which == "servers" {
        return of_servers(args);
    }
    let music: Option<PathBuf> = args.option("--music")?;
    let case = args.option("--case")?;
    let minutes = args.option("--minutes")?;
    let files = args.option("--files")?.unwrap_or(100_000);
    let tracks = args.option("--tracks")?.unwrap_or(if which == "again" { 20_000 } else { 10_000 });
    let rounds = args.option("--rounds")?.unwrap_or(3);
    let speed = args.option("--speed")?.unwrap_or(8.0);
    let binary = args.option("--binary")?;
    args.finish()?;
    let wants = |name: &str| which == "all" || which == name;
    if !["all", "convert", "copy", "overlap", "scan", "memory", "again"].contains(&which.as_str()) {
        bail!(
            "“{which}” is no benchmark – choose all, convert, copy, overlap, scan, memory, again, matching, servers or \
             sound"
        );
    }
    let program = workspace::ferrotape(binary, Build::Release)?;
    let wishes = Wishes { program, files, tracks, rounds: std::cmp::max(rounds, 1), speed };
    let mut report = Report::default();
    if wants("convert") {
        // The demo's music is real, and lies here after scripts/demo.
        let music = match music {
            None => Some(workspace::metadata()?.workspace_root.join(".demo/music").into_std_path_buf())
                .filter(|folder| folder.is_dir()),
            given => given,
        };
        let program = wishes.program.clone();
        let request = convert::Request { program, music, case, rounds: wishes.rounds, minutes };
        report.add(convert::measure(&request)?);
    }
    if wants("copy") {
        report.add(copying::measure(&wishes)?);
    }
    if wants("overlap") {
        match overlap::measure(&wishes) {
            Err(error) if which == "all" => eprintln!("bench: overlap is left out: {error:#}"),
            measured => report.add(measured?),
        }
    }
    if wants("scan") {
        report.rows.extend(scan::measure(&wishes)?);
    }
    if wants("memory") {
        report.rows.extend(memory::measure(&wishes)?);
    }
    if wants("again") {
        report.rows.extend(again::measure(&wishes)?);
    }
    println!("{}", table(&report.rows));
    for ratio in report.ratios {
        println!("{ratio}");
    }
    Ok(())
}

fn table(rows: &[Row]) -> String {
    let mut text =
        String::from("| what | ferrotape | the other | ratio | goal |\n| --- | --- | --- | --- | --- |\n");
    for row in rows {
        let Row { what, ours, theirs, ratio, goal } = row;
        // Writing to a string cannot fail.
        let _ = writeln!(text, "| {what} | {ours} | {theirs} | {ratio} | {goal} |");
    }
    text
}

/// The middle of some measurements; of an even number the lower middle. 0 when there are none.
pub(crate) fn median(seconds: &[f64]) -> f64 {
    let mut sorted = seconds.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len().saturating_sub(1) / 2).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_not_moved_by_one_bad_run() {
        assert!((median(&[1.0, 90.0, 2.0]) - 2.0).abs() < f64::EPSILON);
        assert!((median(&[3.0, 1.0]) - 1.0).abs() < f64::EPSILON);
        assert!(median(&[]).abs() < f64::EPSILON);
    }
}

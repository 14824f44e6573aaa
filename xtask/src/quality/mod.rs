//! `cargo xtask quality`: how MP3s made by every preset and every way of encoding sound, graded by PEAQ.
//!
//! Pieces of openly licensed music and made-up sounds that are known to be hard for MP3 are encoded, decoded by
//! `ffmpeg` – never by our own code –, brought to 48 kHz and graded against their originals by [`peaq`]. `lame` runs
//! beside as the peer. Grades do not depend on the machine's load; equal inputs give equal tables.

mod encoders;
mod files;
mod items;
mod killers;
mod peaq;
mod plot;
mod report;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use ferrotape_audio::Preset;
use rayon::prelude::*;

use crate::args::Args;
use crate::workspace;
use encoders::Encoder;
use items::Item;
use report::Cell;

const PLOT: &str = "docs/quality.svg";
/// Where `scripts/demo` puts its music.
const DEMO_MUSIC: &str = ".demo/music";
/// By how much the mean grade may differ from `lame`'s own in CI.
const ALLOWED_OFF: f64 = 0.02;

pub(crate) fn run(mut args: Args) -> Result<()> {
    if let Some(original) = args.option::<PathBuf>("--grade")? {
        let coded: PathBuf = args.required("--against")?;
        args.finish()?;
        return grade_two(&original, &coded);
    }
    let quick = args.flag("--quick");
    let json = args.flag("--json");
    let pieces = args.option("--pieces")?.unwrap_or(20);
    let music: Option<PathBuf> = args.option("--music")?;
    args.finish()?;
    let root = workspace::metadata()?.workspace_root.into_std_path_buf();
    let dir = tempfile::Builder::new().prefix("quality").tempdir_in(workspace::scratch("quality")?)?;
    let (items, presets) = if quick {
        (items::quick(dir.path())?, vec![Preset::V2])
    } else {
        let music = music.unwrap_or_else(|| root.join(DEMO_MUSIC));
        (items::all(&music, pieces, dir.path())?, all_presets())
    };
    let encoders = encoders::found();
    let cells = graded(&items, &presets, &encoders)?;
    let rows = report::rows(&cells, &presets, &encoders);
    if json {
        println!("{}", report::json(&rows, &cells)?);
    } else {
        println!("{}", report::table(&rows));
    }
    if quick {
        return like_the_peer(&rows);
    }
    let plot = root.join(PLOT);
    std::fs::write(&plot, plot::drawn(&rows))
        .with_context(|| format!("could not write {}", plot.display()))?;
    eprintln!("{PLOT} is written; the table belongs into docs/performance.md");
    Ok(())
}

fn all_presets() -> Vec<Preset> {
    vec![Preset::Cbr(320), Preset::V0, Preset::Cbr(256), Preset::V2, Preset::Cbr(192), Preset::Cbr(128)]
}

/// Every item by every encoder at every preset, on all cores, in a fixed order.
fn graded(items: &[Item], presets: &[Preset], encoders: &[Encoder]) -> Result<Vec<Cell>> {
    let judge = peaq::Judge::new();
    let work: Vec<(&Item, Preset, &Encoder)> = items
        .iter()
        .flat_map(|item| presets.iter().map(move |&preset| (item, preset)))
        .flat_map(|(item, preset)| encoders.iter().map(move |encoder| (item, preset, encoder)))
        .collect();
    eprintln!(
        "{} sounds, {} presets, {} encoders: {} grades",
        items.len(),
        presets.len(),
        encoders.len(),
        work.len()
    );
    work.into_par_iter().map(|(item, preset, encoder)| cell(&judge, item, preset, encoder)).collect()
}

fn cell(judge: &peaq::Judge, item: &Item, preset: Preset, encoder: &Encoder) -> Result<Cell> {
    let mp3 = item.wav.with_extension(format!("{preset}.{}.mp3", encoder.word));
    let what = || format!("{} by {} at {preset}", item.name, encoder.name);
    encoder.encode(&item.wav, preset, &mp3).with_context(what)?;
    let reference = files::decoded(&item.wav)?;
    let test = files::decoded(&mp3).with_context(what)?;
    let (ours, theirs) = (files::samples(&reference), files::samples(&test));
    ensure!(ours == theirs, "{}: {theirs} samples came back of {ours}, so nothing can be compared", what());
    let grade = judge.grade(&reference, &test).with_context(what)?;
    let kbps = files::kbps(&mp3, ours)?;
    std::fs::remove_file(&mp3).with_context(|| mp3.display().to_string())?;
    Ok(Cell { item: item.name.clone(), kind: item.kind, preset, encoder: encoder.name, kbps, grade })
}

/// Our mean grades must be those of `lame` itself: the encoder is the same, so only our handling could differ.
fn like_the_peer(rows: &[report::Row]) -> Result<()> {
    let Some(peer) = rows.iter().find(|row| row.encoder == encoders::LAME) else {
        bail!("lame is not installed, so there is nothing to compare with – apt-get install lame");
    };
    for row in rows {
        let off = (row.mean - peer.mean).abs();
        ensure!(
            off <= ALLOWED_OFF,
            "the mean grade of “{}” is {off:.3} away from that of {}, {ALLOWED_OFF} are allowed",
            row.encoder,
            peer.encoder
        );
        eprintln!("{}: {off:.3} away from {}", row.encoder, peer.encoder);
    }
    Ok(())
}

/// Grades one file against another, with the variables that lead there.
fn grade_two(original: &Path, coded: &Path) -> Result<()> {
    let grade = peaq::Judge::new().grade(&files::decoded(original)?, &files::decoded(coded)?)?;
    println!("ODG {:.4}, DI {:.4}", grade.odg, grade.distortion_index);
    for (name, value) in grade.variables.named() {
        println!("{name} {value:.5}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_away_from_the_peers_is_refused_and_so_is_no_peer() {
        let row = |encoder, mean| report::Row {
            preset: "v2".to_owned(),
            encoder,
            kbps: 190.0,
            mean,
            music: None,
            killers: None,
            median: mean,
            worst: mean,
            worst_item: String::new(),
        };
        let (near, far) = (row("near", -0.31), row("far", -0.33));
        let peer = row(encoders::LAME, -0.3);
        assert!(like_the_peer(&[near.clone(), peer.clone()]).is_ok());
        let said = like_the_peer(&[near.clone(), far, peer]).unwrap_err().to_string();
        assert!(said.contains("far"), "{said}");
        assert!(like_the_peer(&[near]).unwrap_err().to_string().contains("apt-get install lame"));
    }
}

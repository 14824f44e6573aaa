//! What is encoded: cuts of openly licensed music, and made-up sounds that are hard for MP3.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use ferrotape_testkit::Band;
use rayon::prelude::*;

use super::{files, killers};

/// Seconds of each cut, and where in a piece they are taken (as shares of its length).
const CUT_S: f64 = 12.0;
const PLACES: [f64; 2] = [0.25, 0.65];
/// Endings that music has.
const ENDINGS: [&str; 8] = ["ogg", "oga", "opus", "flac", "wav", "aiff", "m4a", "wv"];
/// Enough for CI: an attack, harmonics, noise.
const QUICK_KILLERS: [&str; 3] = ["castanets", "harpsichord", "applause"];

/// A sound to encode.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) name: String,
    pub(super) kind: Kind,
    /// 44.1 kHz, stereo, 16 bits.
    pub(super) wav: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Music,
    Killer,
}

/// Cuts of `pieces` pieces in `music`, and all killers, as WAV files in `dir`.
pub(super) fn all(music: &Path, pieces: usize, dir: &Path) -> Result<Vec<Item>> {
    let mut items = cuts(music, pieces, dir)?;
    for killer in killers::ALL {
        items.push(made(killer, dir)?);
    }
    Ok(items)
}

/// A few made-up sounds, two of them music as far as an encoder can tell.
pub(super) fn quick(dir: &Path) -> Result<Vec<Item>> {
    let mut items = Vec::new();
    for killer in killers::ALL.iter().filter(|killer| QUICK_KILLERS.contains(&killer.name)) {
        items.push(made(killer, dir)?);
    }
    for piece in [2, 5] {
        let wav = dir.join(format!("band {piece}.wav"));
        Band { sample_rate: 44_100, ..Band::playing(piece, 8.0) }.write_wav(&wav)?;
        items.push(Item { name: format!("made-up band {piece}"), kind: Kind::Music, wav });
    }
    Ok(items)
}

fn made(killer: &killers::Killer, dir: &Path) -> Result<Item> {
    let wav = dir.join(format!("{}.wav", killer.name));
    killer.write_wav(&wav)?;
    Ok(Item { name: killer.name.to_owned(), kind: Kind::Killer, wav })
}

fn cuts(music: &Path, pieces: usize, dir: &Path) -> Result<Vec<Item>> {
    let songs = songs_below(music)?;
    ensure!(
        !songs.is_empty(),
        "there is no music in {} – scripts/demo fetches some (docs/demo-music.md), or name a folder with --music DIR",
        music.display()
    );
    let long: Vec<(PathBuf, f64)> = songs
        .into_par_iter()
        .filter_map(|song| match files::seconds(&song) {
            Ok(seconds) => (seconds > 3.0 * CUT_S).then_some((song, seconds)),
            Err(error) => {
                eprintln!("left out: {error:#}");
                None
            }
        })
        .collect();
    let step = (long.len() as f64 / pieces.max(1) as f64).max(1.0);
    let chosen = (0..pieces).filter_map(|nth| long.get((nth as f64 * step) as usize));
    let cuts: Vec<(usize, &PathBuf, f64)> = chosen
        .enumerate()
        .flat_map(|(nth, (song, seconds))| PLACES.map(|place| (nth, song, place * seconds)))
        .collect();
    cuts.into_par_iter().map(|(nth, song, at)| cut(nth, song, at, dir)).collect()
}

fn cut(nth: usize, song: &Path, at: f64, dir: &Path) -> Result<Item> {
    let title = song.file_stem().unwrap_or_default().to_string_lossy();
    let name = format!("{title} at {at:.0} s");
    let wav = dir.join(format!("{nth} {at:.0}.wav"));
    files::cut(song, at, CUT_S, &wav)?;
    Ok(Item { name, kind: Kind::Music, wav })
}

fn songs_below(music: &Path) -> Result<Vec<PathBuf>> {
    let mut songs = Vec::new();
    let mut folders = vec![music.to_owned()];
    while let Some(folder) = folders.pop() {
        let what = || {
            format!(
                "{} – scripts/demo fetches music (docs/demo-music.md), or name a folder with --music DIR",
                folder.display()
            )
        };
        for entry in std::fs::read_dir(&folder).with_context(what)? {
            let path = entry?.path();
            let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
            if path.is_dir() {
                folders.push(path);
            } else if ENDINGS.contains(&ending.to_ascii_lowercase().as_str()) {
                songs.push(path);
            }
        }
    }
    songs.sort();
    Ok(songs)
}

//! `cargo xtask bench sound`: how alike fingerprints are, of one recording in many forms and of different recordings
//! of one piece. The bounds in `matching/src/weighing/sound.rs` were read off this table (docs/decisions/0011).

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use ferrotape_audio::listen;
use ferrotape_domain::Heard;
use ferrotape_matching::{Likeness, Overlay, likeness};
use ferrotape_testkit::Band;
use rayon::prelude::*;

/// Forms that one recording is met in: file name, options of `ffmpeg`.
const FORMS: &[(&str, &str)] = &[
    ("320.mp3", "-b:a 320k"),
    ("128.mp3", "-b:a 128k"),
    ("64.mp3", "-b:a 64k"),
    ("48 mono.mp3", "-ac 1 -b:a 48k"),
    ("128.m4a", "-c:a aac -b:a 128k"),
    ("64.opus", "-c:a libopus -b:a 64k"),
    ("q1.ogg", "-c:a libvorbis -q:a 1"),
    ("48k.flac", "-ar 48000"),
    ("11k.wav", "-ar 11025"),
    ("quieter.flac", "-af volume=-12dB"),
    ("1 s later.flac", "-af adelay=1000:all=1"),
    ("2.7 s later.flac", "-af adelay=2700:all=1"),
    ("remaster loud.flac", "-af acompressor=threshold=0.05:ratio=6:makeup=4,alimiter=limit=0.9"),
    ("remaster bright.flac", "-af treble=g=8:f=3000,bass=g=-5"),
    ("remaster warm.flac", "-af bass=g=7,treble=g=-6,acompressor=threshold=0.1:ratio=4"),
    ("vinyl.flac", "-af atempo=1.003,highpass=f=60,lowpass=f=9000"),
];

/// What a comparison measured.
struct Measured {
    kind: String,
    overlay: Overlay,
    likeness: Likeness,
}

pub(super) fn measure(pieces: u64, music: Option<&Path>) -> Result<()> {
    let dir = tempfile::tempdir()?;
    let real = music.map(|music| songs_below(music, pieces)).transpose()?.unwrap_or_default();
    let each: Vec<Result<(Vec<Measured>, Heard)>> = if music.is_some() {
        real.par_iter().enumerate().map(|(nth, song)| forms(nth as u64, song, dir.path())).collect()
    } else {
        (0..pieces).into_par_iter().map(|piece| one_piece(piece + 1, dir.path())).collect()
    };
    let (mut all, mut studios) = (Vec::new(), Vec::new());
    for one in each {
        let (measured, studio) = one?;
        all.extend(measured);
        studios.push(studio);
    }
    for (nth, one) in studios.iter().enumerate() {
        for other in studios.iter().skip(nth + 1) {
            all.extend(compare("= another piece", one, other));
        }
    }
    println!("{}", table(&all));
    speed(dir.path())
}

fn one_piece(piece: u64, dir: &Path) -> Result<(Vec<Measured>, Heard)> {
    let seconds = 100.0;
    let studio = Band::playing(piece, seconds);
    let source = play(&studio, dir, &format!("{piece}.wav"))?;
    let (mut measured, ours) = forms(piece, &source, dir)?;
    let takes = [
        ("= live", studio.live(1)),
        ("= live, same tempo", Band { tempo: studio.tempo, ..studio.live(2) }),
        ("= other take", studio.other_take(1)),
        ("= karaoke", studio.karaoke()),
        ("= remix", studio.remix(1)),
        ("= remix, same band", Band { backing: true, ..studio.remix(2) }),
        ("= sped up 6 %", Band { tempo: studio.tempo * 1.06, key: 1, ..studio.clone() }),
        ("= another key", Band { key: 2, ..studio.clone() }),
    ];
    for (name, take) in takes {
        let path = play(&take, dir, &format!("{piece} take.wav"))?;
        measured.extend(compare(name, &ours, &listen(&path)?));
    }
    Ok((measured, ours))
}

/// One recording against itself in every form.
fn forms(piece: u64, source: &Path, dir: &Path) -> Result<(Vec<Measured>, Heard)> {
    let ours = listen(source)?;
    let mut measured = Vec::new();
    for (name, options) in FORMS {
        let path = dir.join(format!("{piece} {name}"));
        ffmpeg(source, options, &path)?;
        measured.extend(compare(name, &ours, &listen(&path)?));
        std::fs::remove_file(&path)?;
    }
    Ok((measured, ours))
}

/// Real music, evenly picked; files shorter than a minute are no songs.
fn songs_below(dir: &Path, most: u64) -> Result<Vec<PathBuf>> {
    let mut songs = Vec::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if listen(&path).is_ok_and(|heard| heard.duration > Duration::from_secs(60)) {
                songs.push(path);
            }
        }
    }
    songs.sort();
    let step = (songs.len() / (most as usize).max(1)).max(1);
    Ok(songs.into_iter().step_by(step).take(most as usize).collect())
}

fn compare(kind: &str, a: &Heard, b: &Heard) -> Option<Measured> {
    let overlay = Overlay::of(&a.fingerprint, &b.fingerprint)?;
    Some(Measured { kind: kind.to_owned(), overlay, likeness: likeness(a, b) })
}

fn play(band: &Band, dir: &Path, name: &str) -> Result<PathBuf> {
    let path = dir.join(name);
    band.write_wav(&path)?;
    Ok(path)
}

fn ffmpeg(from: &Path, options: &str, to: &Path) -> Result<()> {
    let mut command = Command::new("ffmpeg");
    command
        .args(["-nostdin", "-v", "error", "-y", "-i"])
        .arg(from)
        .arg("-vn")
        .args(options.split(' '))
        .arg(to);
    let output = command.output().context("ffmpeg is missing – apt-get install ffmpeg")?;
    ensure!(output.status.success(), "ffmpeg {options}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

fn table(all: &[Measured]) -> String {
    let mut kinds: Vec<&str> = Vec::new();
    all.iter().for_each(|one| {
        if !kinds.contains(&one.kind.as_str()) {
            kinds.push(&one.kind);
        }
    });
    let mut text = String::from(
        "| against the recording itself | pairs | error: least | median | most | worst 10 s: most | same | different | cannot tell |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for kind in kinds {
        let ours: Vec<&Measured> = all.iter().filter(|one| one.kind == kind).collect();
        let mut errors: Vec<f32> = ours.iter().map(|one| one.overlay.error).collect();
        errors.sort_by(f32::total_cmp);
        let at = |share: f32| {
            errors.get(((errors.len() - 1) as f32 * share) as usize).copied().unwrap_or_default()
        };
        let worst = ours.iter().map(|one| one.overlay.worst).fold(0.0, f32::max);
        let least_worst = ours.iter().map(|one| one.overlay.worst).fold(1.0, f32::min);
        let count = |which: Likeness| ours.iter().filter(|one| one.likeness == which).count();
        text += &format!(
            "| {kind} | {} | {:.3} | {:.3} | {:.3} | {least_worst:.3}–{worst:.3} | {} | {} | {} |\n",
            ours.len(),
            at(0.0),
            at(0.5),
            at(1.0),
            count(Likeness::Same),
            count(Likeness::Different),
            count(Likeness::CannotTell),
        );
    }
    text
}

/// Seconds of sound fingerprinted in a second on one core, by format: the first two minutes of a song of four.
fn speed(dir: &Path) -> Result<()> {
    let source = play(&Band { sample_rate: 44_100, ..Band::playing(3, 240.0) }, dir, "speed.wav")?;
    println!(
        "| format | a song of 4 minutes | seconds fingerprinted per second and core |\n| --- | --- | --- |"
    );
    for (name, options) in [
        ("speed.flac", "-c:a flac"),
        ("speed.mp3", "-b:a 192k"),
        ("speed.m4a", "-c:a aac -b:a 128k"),
        ("speed.ogg", "-c:a libvorbis"),
        ("speed.opus", "-c:a libopus"),
    ] {
        let path = dir.join(name);
        ffmpeg(&source, options, &path)?;
        let mut times: Vec<Duration> = Vec::new();
        for _ in 0..5 {
            let start = Instant::now();
            listen(&path)?;
            times.push(start.elapsed());
        }
        times.sort_unstable();
        let middle = times.get(2).copied().unwrap_or_default();
        println!("| {name} | {} ms | {:.0} |", middle.as_millis(), 120.0 / middle.as_secs_f64());
    }
    Ok(())
}

//! What is converted: a FLAC collection, one long FLAC, an MP3 collection – the same for everybody.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::super::files;

/// Minutes of made-up music in a collection, and of the long file, unless told otherwise.
const COLLECTION_MINUTES: u32 = 48;
const LONG_MINUTES: u32 = 180;

/// The artist, album and title of the long file.
const LONG_NAMES: [&str; 3] = ["Benchmark Band", "Without A Pause", "The Long Piece"];

/// Which input a case needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::bench) enum Kind {
    Flacs,
    Long,
    Mp3s,
}

/// Albums of bought MP3s.
const ALBUMS: usize = 10;
/// One for each album, and one for each piece on it: no title comes near another, as in most collections.
const COLOURS: [&str; ALBUMS] =
    ["Amber", "Crimson", "Emerald", "Golden", "Hazel", "Ivory", "Lilac", "Ochre", "Scarlet", "Violet"];
const PLACES: [&str; 16] = [
    "Avenue",
    "Bridge",
    "Canyon",
    "Desert",
    "Estuary",
    "Forest",
    "Garden",
    "Harbour",
    "Island",
    "Jungle",
    "Kitchen",
    "Lighthouse",
    "Meadow",
    "Orchard",
    "Quarry",
    "Tunnel",
];

/// A folder of files and the export that wants each of them.
pub(in crate::bench) struct Input {
    pub(in crate::bench) folder: PathBuf,
    pub(in crate::bench) export: PathBuf,
    pub(in crate::bench) count: usize,
    /// "real" or "made-up".
    pub(in crate::bench) kind: &'static str,
}

/// Makes the input, or takes what an earlier run made.
pub(in crate::bench) fn input(kind: Kind, music: Option<&Path>, minutes: Option<u32>) -> Result<Input> {
    let of_collection =
        if kind == Kind::Long { COLLECTION_MINUTES } else { minutes.unwrap_or(COLLECTION_MINUTES) };
    let (flacs, export) = files::flacs(music, of_collection)?;
    let (folder, export) = match kind {
        Kind::Flacs => (flacs, export),
        Kind::Mp3s => mp3s(&flacs)?,
        Kind::Long => long(&flacs, minutes.unwrap_or(LONG_MINUTES))?,
    };
    let count = audio_files(&folder)?.len();
    Ok(Input { folder, export, count, kind: if music.is_some() { "real" } else { "made-up" } })
}

/// The collection as MP3s of 192 kbit/s with a cover, as somebody may have bought them, under the names of ten albums:
/// with so little work for each file, a few would show how long a program takes to start.
fn mp3s(flacs: &Path) -> Result<(PathBuf, PathBuf)> {
    let album = |number: u32| format!("Bought Album {number}");
    let folder = beside(flacs, "mp3", |to| {
        let cover = to.join("cover.jpg");
        ferrotape_testkit::write_cover(&cover, 600)?;
        for (flac, place) in audio_files(flacs)?.iter().zip(PLACES) {
            let first = to.join("first.mp3");
            let mut command = ffmpeg();
            command.arg("-i").arg(flac).arg("-i").arg(&cover).args(["-map", "0:a:0", "-map", "1:v:0"]);
            command.args(["-c:v", "copy", "-c:a", "libmp3lame", "-b:a", "192k", "-id3v2_version", "3"]);
            run(command.arg(&first))?;
            for (number, colour) in (1..).zip(COLOURS) {
                let mut command = ffmpeg();
                command.arg("-i").arg(&first).args(["-map", "0", "-c", "copy", "-id3v2_version", "3"]);
                let title = format!("{colour} {place}");
                command.args(["-metadata", &format!("album={}", album(number))]);
                command.args(["-metadata", &format!("title={title}")]);
                run(command.arg(to.join(format!("{title}.mp3"))))?;
            }
            fs::remove_file(&first)?;
        }
        fs::remove_file(&cover).context("could not remove the cover")
    })?;
    let export = folder.with_extension("zip");
    let artist = files::names().next().map(|(artist, _)| artist).unwrap_or_default();
    let wanted = (1..).zip(COLOURS).flat_map(|(number, colour)| {
        let (artist, album) = (artist.clone(), album(number));
        PLACES.map(|place| ferrotape_testkit::Track::new(&artist, &album, &format!("{colour} {place}")))
    });
    files::wanting(&export, wanted.collect())?;
    Ok((folder, export))
}

/// The collection end to end, again and again until it is long enough, as one FLAC.
fn long(flacs: &Path, minutes: u32) -> Result<(PathBuf, PathBuf)> {
    let [artist, album, title] = LONG_NAMES;
    let folder = beside(flacs, &format!("long-{minutes}"), |to| {
        let list = to.join("list.txt");
        let line = |path: &PathBuf| format!("file '{}'\n", path.display().to_string().replace('\'', r"'\''"));
        fs::write(&list, audio_files(flacs)?.iter().map(line).collect::<String>())?;
        let mut command = ffmpeg();
        command.args(["-stream_loop", "-1", "-f", "concat", "-safe", "0", "-i"]).arg(&list);
        command.args(["-t", &(minutes * 60).to_string(), "-map", "0:a:0", "-map_metadata", "-1"]);
        command.args(["-ar", "44100", "-ac", "2", "-sample_fmt", "s16"]);
        for (key, value) in [("artist", artist), ("album", album), ("title", title), ("track", "1")] {
            command.args(["-metadata", &format!("{key}={value}")]);
        }
        run(command.arg(to.join("long.flac")))?;
        fs::remove_file(&list).context("could not remove the list")
    })?;
    let export = folder.with_extension("zip");
    files::wanting(&export, vec![ferrotape_testkit::Track::new(artist, album, title)])?;
    Ok((folder, export))
}

/// A folder beside another one, made once and published by rename.
fn beside(folder: &Path, name: &str, make: impl FnOnce(&Path) -> Result<()>) -> Result<PathBuf> {
    let stem = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let made = folder.with_file_name(format!("{stem}-{name}"));
    if !made.exists() {
        eprintln!("bench: making {}", made.display());
        let unfinished = made.with_extension("unfinished");
        let _ = fs::remove_dir_all(&unfinished);
        fs::create_dir_all(&unfinished)?;
        make(&unfinished)?;
        fs::rename(&unfinished, &made).context("could not publish the benchmark's files")?;
    }
    Ok(made)
}

fn audio_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let listed = ferrotape_testkit::tree_snapshot(folder)?;
    let audio = |path: &&String| path.ends_with(".flac") || path.ends_with(".mp3");
    Ok(listed.keys().filter(audio).map(|path| folder.join(path)).collect())
}

fn ffmpeg() -> Command {
    let mut command = Command::new("ffmpeg");
    command.args(["-nostdin", "-v", "error", "-y"]);
    command
}

fn run(command: &mut Command) -> Result<()> {
    let status = command.status().context("could not run ffmpeg")?;
    ensure!(status.success(), "ffmpeg could not make the benchmark's files");
    Ok(())
}

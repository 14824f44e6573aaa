//! Files to measure with: real or made-up music as FLAC, and very many small tagged files.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use ferrotape_domain::AudioFormat;
use ferrotape_testkit::{Export, ExportPlaylist, Generation, MadeTrack, Random, Row, Track, make_music};
use rayon::prelude::*;

use crate::workspace;

/// How many pieces of music the convert benchmark uses at most.
const PIECES: usize = 16;

/// Small files per folder, as on an album.
const PER_FOLDER: u32 = 12;
/// Different sounds among the small files; the rest differ in their tags. Each has one place on its albums.
const SOUNDS: u32 = 2 * PER_FOLDER;

/// Where benchmark files stay from run to run.
pub(crate) fn dir() -> Result<PathBuf> {
    workspace::scratch("bench-data")
}

/// A folder in memory where the system has such a place: a player's own speed is not what is measured.
pub(crate) fn in_memory(prefix: &str) -> Result<tempfile::TempDir> {
    let builder = tempfile::Builder::new().prefix(prefix).to_owned();
    builder.tempdir_in("/dev/shm").or_else(|_| Ok(builder.tempdir_in(dir()?)?))
}

/// So many made-up FLACs of 75 to 200 seconds, which at 320 kbit/s are MP3s of 3 to 8 MB; twelve to an album.
pub(crate) fn ready_flacs(count: u32) -> Result<(PathBuf, PathBuf)> {
    let (folder, export) = (dir()?.join(format!("ready-{count}")), dir()?.join(format!("ready-{count}.zip")));
    let track = |number: u32| {
        let [artist, album, title] = small_names(number);
        let track = MadeTrack::new(&artist, &album, number % PER_FOLDER + 1, &title);
        track.seconds(75.0 + f64::from(number * 37 % 126))
    };
    let tracks: Vec<MadeTrack> = (0..count).map(track).collect();
    if !folder.exists() {
        eprintln!("bench: making {count} FLACs in {}", folder.display());
        let unfinished = folder.with_extension("unfinished");
        let _ = fs::remove_dir_all(&unfinished);
        make_music(&unfinished, &tracks)?;
        fs::rename(&unfinished, &folder).context("could not publish the benchmark's FLACs")?;
    }
    wanting(&export, tracks.iter().map(|t| Track::new(&t.artist, &t.album, &t.title)).collect())?;
    Ok((folder, export))
}

/// FLACs with the tags of what they were made from, and the export that wants them all. Made-up ones play so many
/// minutes together; real ones play as long as they do.
pub(crate) fn flacs(music: Option<&Path>, minutes: u32) -> Result<(PathBuf, PathBuf)> {
    let name = if music.is_some() { "flac-real".to_owned() } else { format!("flac-made-{minutes}") };
    let seconds = f64::from(minutes) * 60.0 / PIECES as f64;
    let (folder, export) = (dir()?.join(&name), dir()?.join(format!("{name}.zip")));
    let tracks: Vec<MadeTrack> = (1..)
        .zip(names())
        .map(|(n, (artist, title))| MadeTrack::new(&artist, "Steady Tempo", n, &title).seconds(seconds))
        .collect();
    if !folder.exists() {
        eprintln!("bench: making {} FLACs in {}", PIECES, folder.display());
        let unfinished = folder.with_extension("unfinished");
        let _ = fs::remove_dir_all(&unfinished);
        match music {
            None => drop(make_music(&unfinished, &tracks)?),
            Some(music) => decoded(music, &unfinished, &tracks)?,
        }
        fs::rename(&unfinished, &folder).context("could not publish the benchmark's FLACs")?;
    }
    wanting(&export, tracks.iter().map(|t| Track::new(&t.artist, &t.album, &t.title)).collect())?;
    Ok((folder, export))
}

/// Artist and title of each piece.
pub(crate) fn names() -> impl Iterator<Item = (String, String)> {
    (1..=PIECES).map(|n| ("Benchmark Band".to_owned(), format!("Piece {n}")))
}

/// Makes FLACs of the longest pieces of a folder, under names of our own.
fn decoded(music: &Path, to: &Path, names: &[MadeTrack]) -> Result<()> {
    let endings = ["flac", "ogg", "opus", "mp3", "m4a", "wav"];
    let listed = Command::new("find").arg(music).args(["-type", "f", "-printf", "%s\t%p\n"]).output()?;
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    let mut files: Vec<(u64, &str)> = listed
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .filter(|(_, path)| path.rsplit_once('.').is_some_and(|(_, ending)| endings.contains(&ending)))
        .filter_map(|(size, path)| Some((size.parse().ok()?, path)))
        .collect();
    files.sort_unstable_by(|a, b| b.cmp(a));
    ensure!(
        files.len() >= names.len(),
        "{} holds fewer than {} pieces of music",
        music.display(),
        names.len()
    );
    files.par_iter().zip(names).try_for_each(|((_, file), name)| {
        let path = to.join(name.relative_path());
        fs::create_dir_all(path.parent().unwrap_or(to))?;
        let status = Command::new("ffmpeg")
            .args(["-nostdin", "-v", "error", "-i", file, "-map", "0:a:0", "-map_metadata", "-1"])
            .args(["-sample_fmt", "s16", "-metadata", &format!("artist={}", name.artist)])
            .args([
                "-metadata",
                &format!("album={}", name.album),
                "-metadata",
                &format!("title={}", name.title),
            ])
            .args(["-metadata", &format!("track={}", name.track)])
            .arg(&path)
            .status()
            .context("could not run ffmpeg")?;
        ensure!(status.success(), "ffmpeg could not read {file}");
        Ok(())
    })
}

/// So many small tagged files (half MP3, half FLAC), twelve to a folder; made once, added to when more are wanted.
pub(crate) fn small_files(count: u32) -> Result<PathBuf> {
    let folder = dir()?.join(format!("small-{count}"));
    if folder.exists() {
        return Ok(folder);
    }
    eprintln!("bench: making {count} small files in {}", folder.display());
    let unfinished = folder.with_extension("unfinished");
    let _ = fs::remove_dir_all(&unfinished);
    let patterns = patterns()?;
    (0..count).into_par_iter().try_for_each(|number| -> Result<()> {
        let pattern = patterns.get(number as usize % patterns.len()).context("no pattern")?;
        let (bytes, ending) = pattern;
        let path = unfinished.join(small_path(number, ending));
        fs::create_dir_all(path.parent().unwrap_or(&unfinished))?;
        fs::write(&path, stamped(bytes, number)?).with_context(|| path.display().to_string())
    })?;
    fs::rename(&unfinished, &folder).context("could not publish the benchmark's small files")?;
    Ok(folder)
}

/// An export that wants the first so many of the small files.
pub(crate) fn small_export(count: u32) -> Result<PathBuf> {
    let path = dir()?.join(format!("small-{count}.zip"));
    let track = |number| {
        let [artist, album, title] = small_names(number);
        Track::new(&artist, &album, &title)
    };
    wanting(&path, (0..count).map(track).collect())?;
    Ok(path)
}

/// The names of a small file, each as long as the one it takes the place of.
fn small_names(number: u32) -> [String; 3] {
    // Numbers as words of letters: a matcher that looks at digits alone would have too easy a time.
    let word = |number: u32| {
        let mut random = Random::seeded(u64::from(number));
        let letters = |random: &mut Random| char::from(b'a' + u8::try_from(random.below(26)).unwrap_or(0));
        let mut word: String = (0..7).map(|_| letters(&mut random)).collect();
        word.push_str(&format!("{number:06}"));
        word
    };
    let album = number / PER_FOLDER;
    [
        format!("Artist {}", word(album / 8)),
        format!("Album {}", word(album)),
        format!("Title {}", word(number)),
    ]
}

fn small_path(number: u32, ending: &str) -> PathBuf {
    let [artist, album, title] = small_names(number);
    PathBuf::from(artist).join(album).join(format!("{:02} {title}.{ending}", number % PER_FOLDER + 1))
}

const NAMES_OF_PATTERN: [&str; 3] = ["Artist @@@@@@@@@@@@@", "Album @@@@@@@@@@@@@", "Title @@@@@@@@@@@@@"];

/// One second of sound each, tagged with names that can be written over.
fn patterns() -> Result<Vec<(Vec<u8>, &'static str)>> {
    let scratch = tempfile::tempdir_in(dir()?)?;
    let [artist, album, title] = NAMES_OF_PATTERN;
    let tracks: Vec<MadeTrack> = (0..SOUNDS)
        .map(|number| {
            let format = if number % 2 == 0 { AudioFormat::Mp3 } else { AudioFormat::Flac };
            let mut track = MadeTrack::new(artist, album, 1, title).format(format).seconds(1.0);
            track.sound.seed = u64::from(number);
            track.genre = Some("Benchmark".into());
            track.date = Some("2024-05-17".into());
            track.track = number % PER_FOLDER + 1;
            track.at(&number.to_string())
        })
        .collect();
    let paths = make_music(scratch.path(), &tracks)?;
    let read = |(number, path): (usize, &PathBuf)| {
        let ending = if number % 2 == 0 { "mp3" } else { "flac" };
        Ok((fs::read(path).with_context(|| path.display().to_string())?, ending))
    };
    paths.iter().enumerate().map(read).collect()
}

/// The pattern with other names of the same length: tags stay well-formed, and 100,000 files take seconds.
fn stamped(pattern: &[u8], number: u32) -> Result<Vec<u8>> {
    let mut bytes = pattern.to_vec();
    for (old, new) in NAMES_OF_PATTERN.iter().zip(small_names(number)) {
        let at = bytes.windows(old.len()).position(|window| window == old.as_bytes());
        let Some(place) = at.and_then(|at| bytes.get_mut(at..at + old.len())) else {
            bail!("the pattern does not hold “{old}” – has ffmpeg changed how it writes tags?");
        };
        ensure!(place.len() == new.len(), "“{new}” is not as long as “{old}”");
        place.copy_from_slice(new.as_bytes());
    }
    Ok(bytes)
}

/// Writes an export that wants these.
pub(crate) fn wanting(path: &Path, tracks: Vec<Track>) -> Result<()> {
    let rows = tracks.iter().cloned().map(Row::Track).collect();
    let playlists = vec![ExportPlaylist { name: "All".into(), rows }];
    Export { liked: tracks, playlists, ..Export::default() }.write_zip(path, Generation::Y2025)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamping_keeps_the_length_and_makes_names_that_differ() {
        let pattern = NAMES_OF_PATTERN.join("|").into_bytes();
        let (one, two) = (stamped(&pattern, 1).unwrap(), stamped(&pattern, 99_999).unwrap());
        assert_eq!((one.len(), two.len()), (pattern.len(), pattern.len()));
        assert_ne!(one, two);
        assert!(stamped(b"nothing to write over", 1).is_err());
    }
}

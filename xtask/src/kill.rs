//! `cargo xtask kill`: `convert` is ended with SIGKILL at random instants, over and over.
//!
//! After every kill, no file under a final name may hold anything but the bytes of an undisturbed run, and the library
//! must open. After some kills the command runs to its end once, and the whole player (music, playlists, manifest,
//! an empty trash) must equal an undisturbed run's byte for byte, and so must another player that is filled from the
//! cache of converted music. Then a fresh player and library begin the next
//! cycle, so that the kills fall into every stage of the work. Only processes started here are killed, by their handle.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use ferrotape_domain::AudioFormat;
use ferrotape_testkit::{
    Album, Export, ExportPlaylist, FileState, Generation, MadeTrack, Random, Row, Track, changes, make_music,
    mp3val_clean, tree_snapshot,
};

use crate::args::Args;
use crate::watch::{self, UNLIMITED};
use crate::workspace::{self, Build};

/// So many kills, then one run to the end.
const KILLS_PER_CYCLE: u32 = 8;
/// How long a track plays, where what is tried comes at an instant of the run.
pub(crate) const SECONDS: u64 = 6;

type Tree = BTreeMap<String, FileState>;

pub(crate) fn run(mut args: Args) -> Result<()> {
    let runs: u32 = args.option("--runs")?.unwrap_or(40);
    let seed: u64 = args.option("--seed")?.unwrap_or(1);
    let tracks: u32 = args.option("--tracks")?.unwrap_or(12);
    let binary = args.option("--binary")?;
    args.finish()?;
    let program = workspace::ferrotape(binary, Build::Debug)?;
    // Not the system's /tmp: it may be in memory, where a rename costs nothing and hides nothing.
    let scratch = tempfile::Builder::new().prefix("kill-").tempdir_in(workspace::scratch("kill")?)?;
    match kill_over_and_over(scratch.path(), program, (runs, seed, tracks)) {
        Ok(told) => {
            println!("{told}");
            Ok(())
        }
        Err(error) => {
            let kept = scratch.keep();
            bail!("{error:#} – everything is kept in {}", kept.display())
        }
    }
}

/// The whole test in a folder of its own; gives the summary.
fn kill_over_and_over(dir: &Path, program: PathBuf, (runs, seed, tracks): (u32, u64, u32)) -> Result<String> {
    let stage = Stage::set_up(dir, program, tracks)?;
    let (takes, files) = (stage.takes.as_secs_f64(), stage.wanted.len());
    println!("kill: an undisturbed run takes {takes:.2} s and leaves {files} files; seed {seed}");
    let mut random = Random::seeded(seed);
    let mut told = Told::default();
    while told.kills < runs {
        told.cycles += 1;
        stage
            .cycle(told.cycles, runs - told.kills, &mut random, &mut told)
            .with_context(|| format!("cycle {}, after {} kills, seed {seed}", told.cycles, told.kills))?;
    }
    let Told { kills, cycles, with_files, too_late } = told;
    Ok(format!(
        "kill: {kills} kills in {cycles} cycles ({with_files} while files were there, {too_late} runs ended before their \
         kill): no half file, nothing lost, every final state equals the undisturbed one"
    ))
}

#[derive(Default)]
struct Told {
    kills: u32,
    cycles: u32,
    with_files: u32,
    too_late: u32,
}

/// The music, the export, the program, and what an undisturbed run makes of them.
struct Stage {
    dir: PathBuf,
    program: PathBuf,
    exit: Option<i32>,
    takes: Duration,
    wanted: Tree,
}

/// One player and its library.
struct Place {
    library: PathBuf,
    player: PathBuf,
    /// Where converted music is kept.
    cache: PathBuf,
}

impl Stage {
    fn set_up(dir: &Path, program: PathBuf, tracks: u32) -> Result<Self> {
        make_library(dir, (tracks, SECONDS))?;
        let takes = Duration::ZERO;
        let mut stage = Self { dir: dir.to_owned(), program, exit: None, takes, wanted: Tree::new() };
        let place = stage.place("undisturbed")?;
        let started = Instant::now();
        stage.exit = Some(stage.to_the_end(&place)?);
        stage.takes = started.elapsed();
        stage.wanted = tree(&place)?;
        let music: Vec<&String> = stage.wanted.keys().filter(|path| is_mp3(path)).collect();
        ensure!(!music.is_empty(), "an undisturbed run put no music on the player – nothing could be tested");
        for path in music {
            mp3val_clean(&place.player.join(path))?;
        }
        let again = stage.place("undisturbed-again")?;
        stage.to_the_end(&again)?;
        let differ = changes(&stage.wanted, &tree(&again)?);
        ensure!(
            differ.is_empty(),
            "two undisturbed runs differ, so nothing could be compared: {}",
            differ.join(", ")
        );
        Ok(stage)
    }

    fn place(&self, name: &str) -> Result<Place> {
        let place = Place {
            library: self.dir.join(name).join("library"),
            player: self.dir.join(name).join("player"),
            cache: self.dir.join(name).join("cache"),
        };
        fs::create_dir_all(&place.player).with_context(|| place.player.display().to_string())?;
        mark(&place.library)?;
        Ok(place)
    }

    fn command(&self, place: &Place, words: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("--library").arg(&place.library).args(words).current_dir(&self.dir);
        command.env("XDG_CACHE_HOME", &place.cache);
        command
    }

    fn convert(&self, place: &Place) -> Command {
        let mut command = self.command(
            place,
            &["--quiet", "convert", "my_spotify_data.zip", "--yes", "--from", "music", "--to"],
        );
        command.arg(&place.player);
        command
    }

    /// Runs without a kill; gives the exit code, which must not tell of trouble.
    fn to_the_end(&self, place: &Place) -> Result<i32> {
        let ran = watch::run(&mut self.convert(place), UNLIMITED)?;
        match ran.status.code() {
            Some(0) => Ok(0),
            code => bail!("convert ended with {code:?} – it said: {}", ran.stderr.trim()),
        }
    }

    fn cycle(&self, number: u32, at_most: u32, random: &mut Random, told: &mut Told) -> Result<()> {
        let place = self.place(&format!("cycle-{number}"))?;
        for _ in 0..KILLS_PER_CYCLE.min(at_most) {
            // Every other kill comes early: later runs of a cycle find most of the work done.
            let share = if told.kills.is_multiple_of(2) { random.unit() } else { random.unit().powi(3) };
            let after = self.takes.mul_f64(share);
            if !self.killed(&place, after)? {
                told.too_late += 1;
                break;
            }
            told.kills += 1;
            let found = tree(&place)?;
            told.with_files += u32::from(found.keys().any(|path| is_mp3(path)));
            let when = format!("killed after {:.3} s", after.as_secs_f64());
            self.nothing_half(&found).context(when.clone())?;
            self.library_opens(&place).context(when)?;
        }
        self.to_the_end(&place).context("the run after the kills")?;
        let differ = changes(&self.wanted, &tree(&place)?);
        ensure!(differ.is_empty(), "the final state is not an undisturbed run's: {}", differ.join(", "));
        self.cache_is_whole(&place, number)?;
        let doctor = watch::run(
            self.command(&place, &["doctor", "--thorough", "--player"]).arg(&place.player),
            UNLIMITED,
        )?;
        ensure!(doctor.status.success(), "doctor objects at the end: {}{}", doctor.stdout, doctor.stderr);
        fs::remove_dir_all(self.dir.join(format!("cycle-{number}"))).context("could not clear up a cycle")
    }

    /// What the kills left in the cache fills another player like an undisturbed run.
    fn cache_is_whole(&self, place: &Place, number: u32) -> Result<()> {
        let other = Place { cache: place.cache.clone(), ..self.place(&format!("cycle-{number}/other"))? };
        self.to_the_end(&other).context("the run from the cache")?;
        let differ = changes(&self.wanted, &tree(&other)?);
        ensure!(differ.is_empty(), "what was kept is not an undisturbed run's: {}", differ.join(", "));
        Ok(())
    }

    /// Starts the command and kills it; `false` when it came to its end before.
    fn killed(&self, place: &Place, after: Duration) -> Result<bool> {
        let log = place.player.with_extension("log");
        let output = fs::File::create(&log).with_context(|| log.display().to_string())?;
        let mut child = self
            .convert(place)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(output)
            .spawn()
            .context("could not start the program")?;
        thread::sleep(after);
        child.kill().context("could not kill what was started")?;
        let status = child.wait().context("could not wait for what was killed")?;
        match status.code() {
            None => Ok(true),
            code if code == self.exit => Ok(false),
            code => {
                let said = fs::read_to_string(&log).unwrap_or_default();
                bail!("a run after a kill ended with {code:?} – it said: {}", said.trim())
            }
        }
    }

    fn nothing_half(&self, found: &Tree) -> Result<()> {
        for (path, state) in found.iter().filter(|(path, _)| is_mp3(path)) {
            match self.wanted.get(path) {
                None => bail!("{path} is on the player, but an undisturbed run puts nothing there"),
                Some(wanted) if !wanted.same_bytes(state) => {
                    bail!(
                        "{path} holds {} bytes that are not the undisturbed run's {}",
                        state.size,
                        wanted.size
                    )
                }
                Some(_) => {}
            }
        }
        Ok(())
    }

    fn library_opens(&self, place: &Place) -> Result<()> {
        if !place.library.join("library.sqlite").exists() {
            return Ok(());
        }
        let ran = watch::run(&mut self.command(place, &["doctor"]), UNLIMITED)?;
        ensure!(ran.status.success(), "the library does not open: {}{}", ran.stdout, ran.stderr);
        Ok(())
    }
}

fn is_mp3(path: &str) -> bool {
    path.ends_with(".mp3")
}

/// What is on the player, without what is allowed to come and go: unfinished copies, the journal, locks.
fn tree(place: &Place) -> Result<Tree> {
    let passing = [".ferrotape/staging/", ".ferrotape/journal", ".ferrotape/lock", ".ferrotape/manifest.new"];
    let mut tree = tree_snapshot(&place.player)?;
    tree.retain(|path, _| !passing.iter().any(|start| path.starts_with(start)));
    Ok(tree)
}

/// Gives a library the mark of all others: what it writes down on a player tells whose the lists are.
pub(crate) fn mark(library: &Path) -> Result<()> {
    fs::create_dir_all(library).with_context(|| library.display().to_string())?;
    fs::write(library.join("library.id"), "0".repeat(32)).with_context(|| library.display().to_string())
}

/// A small library of every format, so many tracks of about so many seconds, wanted by likes, two playlists with duplicates,
/// and an album.
pub(crate) fn make_library(dir: &Path, (tracks, seconds): (u32, u64)) -> Result<()> {
    let formats = [
        AudioFormat::Flac,
        AudioFormat::Mp3,
        AudioFormat::Alac,
        AudioFormat::Vorbis,
        AudioFormat::Opus,
        AudioFormat::Wav,
    ];
    let mut made = Vec::new();
    for (number, format) in (1..=tracks).zip(formats.into_iter().cycle()) {
        let (artist, album) =
            if number % 2 == 0 { ("Tin Lantern", "Paper Weather") } else { ("Oda Vinterhav", "Havn") };
        // What has no tags that everybody reads is told by its path.
        let mut track = MadeTrack::new(artist, album, number, &format!("Number {number} in a Row"));
        track.sound.samples = 44_100 * seconds + u64::from(number) * 777;
        made.push(track.format(format));
    }
    make_music(&dir.join("music"), &made)?;
    let wishes: Vec<Track> =
        made.iter().map(|made| Track::new(&made.artist, &made.album, &made.title)).collect();
    let row = |track: &Track| Row::Track(track.clone());
    let mut first: Vec<Row> = wishes.iter().map(row).collect();
    first.extend(wishes.iter().take(2).map(row));
    let second = wishes.iter().rev().step_by(2).map(row).collect();
    let export = Export {
        liked: wishes
            .iter()
            .step_by(2)
            .cloned()
            .chain([Track::new("Nobody", "Nowhere", "Nothing")])
            .collect(),
        albums: vec![Album::new("Tin Lantern", "Paper Weather")],
        playlists: vec![
            ExportPlaylist { name: "All of It".into(), rows: first },
            ExportPlaylist { name: "Every Other".into(), rows: second },
        ],
        ..Export::default()
    };
    export.write_zip(&dir.join("my_spotify_data.zip"), Generation::Y2025)?;
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    /// A stand-in for the program: writes three files slowly, each first to where `$staged` says.
    fn stand_in(dir: &Path, staged: &str) -> Result<PathBuf> {
        let script = format!(
            r#"#!/bin/sh
            case " $* " in *" doctor "*) exit 0 ;; esac
            for to; do :; done
            from=$(find music -name '*.mp3' | head -1)
            mkdir -p "$to/.ferrotape/staging"
            for n in 1 2 3; do
                final=$to/$n.mp3
                [ ! -e "$final" ] || continue
                staged={staged}
                head -c 50000 "$from" >"$staged"
                sleep 0.05
                tail -c +50001 "$from" >>"$staged"
                [ "$staged" = "$final" ] || mv "$staged" "$final"
            done
            "#
        );
        let (text, path) = (dir.join("stand-in.sh"), dir.join("stand-in"));
        fs::write(&text, script)?;
        // Installed by another process: a file that this one wrote may still be open in a child that another test is
        // just starting, and such a file cannot be run.
        let installed = Command::new("install").args(["-m", "755"]).arg(&text).arg(&path).status()?;
        ensure!(installed.success(), "could not install the stand-in");
        Ok(path)
    }

    #[test]
    fn a_program_that_publishes_by_rename_passes() {
        let dir = tempfile::tempdir().unwrap();
        let program = stand_in(dir.path(), "$to/.ferrotape/staging/$n").unwrap();
        let told = kill_over_and_over(dir.path(), program, (10, 1, 2)).unwrap();
        assert!(told.contains("10 kills"), "{told}");
    }

    #[test]
    fn a_program_that_writes_under_the_final_name_is_caught() {
        let dir = tempfile::tempdir().unwrap();
        let program = stand_in(dir.path(), "$to/$n.mp3").unwrap();
        let said = format!("{:#}", kill_over_and_over(dir.path(), program, (40, 1, 2)).unwrap_err());
        assert!(said.contains("not the undisturbed run's") && said.contains("seed 1"), "{said}");
    }
}

//! `bench copy`: filling a player that lies in memory, and one on a mounted image, against `cp -r` of the very files that we
//! put there.
//!
//! Two cases: a second player, filled with sound that was converted before; MP3s that only need tags, of a library that
//! knows them. In each round both sides run once, in turns the first. Counted as ours: matching, planning, checking what is read,
//! hashes, tags, the journal, publishing by rename, the manifest. Theirs ends with `sync -f`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};

use super::convert::{Input, Kind, input};
use super::image_player::ImagePlayer;
use super::overlap::{bytes_below, ended};
use super::{Report, Row, Wishes, files, median};

/// Finished tracks of 3 to 8 MB at 320 kbit/s.
const READY: u32 = 150;

pub(super) fn measure(wishes: &Wishes) -> Result<Report> {
    let place = files::in_memory("bench-copy-")?;
    let mut report = Report::default();
    for case in [ready_made(wishes, place.path())?, only_tags(wishes, place.path())?] {
        report.add(case.compare(wishes, "in memory", place.path())?);
        match ImagePlayer::make(&case.home) {
            Ok(image) => report.add(case.compare(wishes, "on an image", &image.path())?),
            Err(error) => eprintln!("bench: {} not measured on an image: {error:#}", case.name),
        }
    }
    Ok(report)
}

/// Something to fill a player with.
struct Copying {
    name: &'static str,
    what: &'static str,
    home: PathBuf,
    words: Vec<String>,
}

/// What was converted stays from run to run: it takes minutes, and this is about copying.
fn ready_made(wishes: &Wishes, place: &Path) -> Result<Copying> {
    let (folder, export) = files::ready_flacs(READY)?;
    let kept = files::dir()?.join("ready-cache");
    let words = ["--preset", "320", "--cache-size", "20G", "--from", &folder.display().to_string()];
    let words: Vec<String> = words.map(str::to_owned).to_vec();
    let case = Copying {
        name: "ready-made",
        what: "a second player, from the cache",
        home: place.join("ready"),
        words: words.clone(),
    };
    case.import(wishes, &export)?;
    eprintln!("bench: the first player, {READY} tracks to 320 kbit/s (once)");
    let mut first = case.ferrotape(wishes);
    first.env("XDG_CACHE_HOME", &kept).args(["convert", "--yes", "--to"]);
    ended(first.arg(case.player("first")?).args(&words))?;
    ended(Command::new("cp").arg("-r").arg(&kept).arg(case.home.join("cache")))?;
    Ok(case)
}

fn only_tags(wishes: &Wishes, place: &Path) -> Result<Copying> {
    let Input { folder, export, .. } = input(Kind::Mp3s, None, None)?;
    let words = ["--loudness", "off"].map(str::to_owned).to_vec();
    let home = place.join("tags");
    let case = Copying { name: "only-tags", what: "MP3s that only need tags, known before", home, words };
    case.import(wishes, &export)?;
    let music = case.home.join("music");
    ended(Command::new("cp").arg("-r").arg(&folder).arg(&music))?;
    let mut first = case.ferrotape(wishes);
    first.args(["convert", "--yes", "--from"]).arg(&music).arg("--to");
    ended(first.arg(case.player("first")?).args(&case.words))?;
    Ok(case)
}

impl Copying {
    fn ferrotape(&self, wishes: &Wishes) -> Command {
        let mut command = Command::new(&wishes.program);
        command.env("XDG_CACHE_HOME", self.home.join("cache"));
        command.arg("--library").arg(self.home.join("library")).arg("--quiet");
        command
    }

    fn import(&self, wishes: &Wishes, export: &Path) -> Result<()> {
        fs::create_dir_all(&self.home)?;
        ended(self.ferrotape(wishes).arg("import").arg(export)).map(drop)
    }

    /// An empty player of this name.
    fn player(&self, name: &str) -> Result<PathBuf> {
        let player = self.home.join(name);
        fs::create_dir(&player)?;
        Ok(player)
    }

    /// Fills players below `place`, and copies the first one there.
    fn compare(&self, wishes: &Wishes, kind: &str, place: &Path) -> Result<Report> {
        let first = self.home.join("first");
        let copy = |to: &Path| {
            let mut cp = Command::new("sh");
            cp.args(["-c", "cp -r \"$1\" \"$2\" && sync -f \"$2\"", "sh"]).arg(&first).arg(to);
            ended(&mut cp)
        };
        let fill = |player: &Path| {
            fs::create_dir(player)?;
            let mut convert = self.ferrotape(wishes);
            let took = ended(convert.args(["convert", "--yes", "--to"]).arg(player).args(&self.words))?;
            ensure!(bytes_below(player)? == bytes_below(&first)?, "the players do not hold the same");
            Ok(took)
        };
        let emptied = |folder: &Path| {
            fs::remove_dir_all(folder)?;
            ended(Command::new("sync").arg("-f").arg(place)).map(drop)
        };
        let (player, copied) = (place.join("player"), place.join("copy"));
        // An image takes its own room the first time, which is nobody's.
        copy(&copied)?;
        emptied(&copied)?;
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for round in 1..=wishes.rounds {
            eprintln!("bench: {} {kind}, round {round} of {}", self.name, wishes.rounds);
            let copies_first = round % 2 == 0;
            if copies_first {
                theirs.push(copy(&copied)?);
                emptied(&copied)?;
            }
            ours.push(fill(&player)?);
            emptied(&player)?;
            if !copies_first {
                theirs.push(copy(&copied)?);
                emptied(&copied)?;
            }
        }
        let (ours, theirs) = (median(&ours), median(&theirs));
        let ratio = theirs / ours;
        let megabytes = bytes_below(&first)? as f64 / 1e6;
        let row = Row {
            what: format!("{} ({megabytes:.0} MB), {kind}, against cp -r", self.what),
            ours: format!("{ours:.2} s"),
            theirs: format!("{theirs:.2} s"),
            ratio: format!("{ratio:.2} × as fast"),
            goal: "≥ 0.9 ×",
        };
        let last = format!("ratio {} {} cp {ratio:.2}", self.name, kind.replace(' ', "-"));
        Ok(Report { rows: vec![row], ratios: vec![last] })
    }
}

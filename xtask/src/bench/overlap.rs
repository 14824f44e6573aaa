//! `bench overlap`: a slow player is filled while its music is converted, so the whole should take hardly longer than the
//! longer of the two alone.
//!
//! In each round: converting to a player in memory, which nothing holds up; copying what was converted to the slow player,
//! out of the cache; both at once, to another such player, by a library and a cache that know nothing yet.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};

use super::image_player::ImagePlayer;
use super::{Report, Row, Wishes, files, median};
use crate::watch::{self, UNLIMITED};

/// Minutes of made-up FLACs, as in `bench convert`.
const MINUTES: u32 = 48;

pub(super) fn measure(wishes: &Wishes) -> Result<Report> {
    let (folder, export) = files::flacs(None, MINUTES)?;
    let speed = (wishes.speed * 1e6) as u64;
    let (mut converting, mut copying, mut both, mut bytes) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for round in 1..=wishes.rounds {
        eprintln!("bench: overlap, round {round} of {}", wishes.rounds);
        let place = files::in_memory("bench-overlap-")?;
        let leg =
            |name: &str| Leg { wishes, folder: &folder, export: &export, home: place.path().join(name) };
        let (first, second) = (leg("first"), leg("second"));
        let quick = place.path().join("player");
        fs::create_dir(&quick)?;
        converting.push(first.import()?.convert(&quick)?);
        bytes = bytes_below(&quick)?;
        let slow = ImagePlayer::slow(place.path(), speed)?;
        copying.push(first.convert(&slow.path())?);
        drop(slow);
        let slow = ImagePlayer::slow(place.path(), speed)?;
        both.push(second.import()?.convert(&slow.path())?);
        ensure!(bytes_below(&slow.path())? == bytes, "the players do not hold the same");
    }
    let (converting, copying, both) = (median(&converting), median(&copying), median(&both));
    let ratio = both / converting.max(copying);
    let row = Row {
        what: format!(
            "converting and copying at once: {:.0} MB at {} MB/s",
            bytes as f64 / 1e6,
            wishes.speed
        ),
        ours: format!("{both:.1} s"),
        theirs: format!("converting alone {converting:.1} s, copying alone {copying:.1} s"),
        ratio: format!("{ratio:.2} × the longer"),
        goal: "≤ 1.1 ×",
    };
    Ok(Report { rows: vec![row], ratios: vec![format!("ratio overlap longer {ratio:.2}")] })
}

/// One library and cache.
struct Leg<'a> {
    wishes: &'a Wishes,
    folder: &'a Path,
    export: &'a Path,
    home: PathBuf,
}

impl Leg<'_> {
    fn ferrotape(&self) -> Command {
        let mut command = Command::new(&self.wishes.program);
        command.env("XDG_CACHE_HOME", self.home.join("cache"));
        command.arg("--library").arg(self.home.join("library")).arg("--quiet");
        command
    }

    fn import(&self) -> Result<&Self> {
        fs::create_dir_all(&self.home)?;
        ended(self.ferrotape().arg("import").arg(self.export))?;
        Ok(self)
    }

    /// Fills a player; gives the seconds it took.
    fn convert(&self, player: &Path) -> Result<f64> {
        let mut command = self.ferrotape();
        ended(command.args(["convert", "--yes", "--from"]).arg(self.folder).arg("--to").arg(player))
    }
}

/// Runs a command to its good end; gives the seconds it took.
pub(super) fn ended(command: &mut Command) -> Result<f64> {
    let ran = watch::run(command, UNLIMITED)?;
    let name = command.get_program().display().to_string();
    ensure!(
        ran.status.success(),
        "{name} ended with {:?} – it said: {}",
        ran.status.code(),
        ran.stderr.trim()
    );
    Ok(ran.seconds)
}

/// Bytes of the MP3s below a folder.
pub(super) fn bytes_below(folder: &Path) -> Result<u64> {
    let listed = ferrotape_testkit::tree_snapshot(folder)?;
    let music = listed.keys().filter(|path| path.ends_with(".mp3"));
    music.map(|path| Ok(fs::metadata(folder.join(path))?.len())).sum()
}

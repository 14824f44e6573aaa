//! The second `convert`: nothing is new, so nothing is encoded and not one byte is written to the player.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use ferrotape_testkit::FileState;

use super::{Row, Wishes, files, median};
use crate::watch::{self, UNLIMITED};

pub(crate) fn measure(wishes: &Wishes) -> Result<Vec<Row>> {
    let folder = files::small_files(wishes.tracks)?;
    let export = files::small_export(wishes.tracks)?;
    let place = files::in_memory("bench-again-")?;
    let (first, second) = (Player::new(place.path(), "first"), Player::new(place.path(), "second"));
    eprintln!("bench: {} tracks for the first time", wishes.tracks);
    let filled = first.fill(wishes, &export, &folder)?;
    let before = first.tree()?;
    let mut seconds = Vec::new();
    for round in 1..=wishes.rounds {
        eprintln!("bench: again, round {round}");
        seconds.push(first.fill(wishes, &export, &folder)?);
    }
    let after = first.tree()?;
    ensure!(before == after, "a run with nothing new changed the player");
    eprintln!("bench: another player, from the cache");
    let other = second.fill(wishes, &export, &folder)?;
    let row = |what: String, seconds: f64, goal| {
        let ours = format!("{seconds:.2} s");
        Row { what, ours, theirs: "–".into(), ratio: "–".into(), goal }
    };
    let tracks = wishes.tracks;
    Ok(vec![
        row(format!("a player filled with {tracks} tracks of a second, half of them MP3s"), filled, "–"),
        row("the same again, nothing new".to_owned(), median(&seconds), "< 1 s for 20,000"),
        row("another player and library, from the cache".to_owned(), other, "–"),
    ])
}

struct Player<'p> {
    place: &'p Path,
    name: &'static str,
}

impl<'p> Player<'p> {
    fn new(place: &'p Path, name: &'static str) -> Self {
        Self { place, name }
    }

    /// Runs `convert`; gives the seconds it took.
    fn fill(&self, wishes: &Wishes, export: &Path, folder: &Path) -> Result<f64> {
        let player = self.place.join(self.name);
        fs::create_dir_all(&player)?;
        let mut command = Command::new(&wishes.program);
        command.env("XDG_CACHE_HOME", self.place.join("cache"));
        command.arg("--library").arg(self.place.join("library").join(self.name));
        command.args(["--quiet", "convert"]).arg(export);
        command.arg("--from").arg(folder).arg("--to").arg(&player).arg("--yes");
        let ran = watch::run(&mut command, UNLIMITED)?;
        let said = ran.stderr.trim();
        ensure!(ran.status.success(), "convert ended with {:?} – it said: {said}", ran.status.code());
        Ok(ran.seconds)
    }

    /// What is on the player, with the times of change.
    fn tree(&self) -> Result<BTreeMap<String, FileState>> {
        ferrotape_testkit::tree_snapshot(&self.place.join(self.name)).context("the player cannot be listed")
    }
}

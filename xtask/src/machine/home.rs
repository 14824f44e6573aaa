//! The guest's home: the music, the export, the library and the cache, on a disk that is mounted where it lies on this
//! machine, so that what was heard and encoded here is known there. Emulated, encoding would take minutes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::guest::ext4;
use super::tool::words;
use crate::faults::check;
use crate::kill::{self, make_library};
use crate::watch::{self, UNLIMITED};

pub(super) const TRACKS: u32 = 12;
/// So many are wanted once the list has become shorter.
pub(super) const FEWER: u32 = 6;
pub(super) const FIRST: &str = "--profile generic";
/// What a filled player is filled anew by: every file is written again and gets another name.
pub(super) const ANEW: &str = "--profile car --id3 2.4 --delete";
const MEGABYTES: u64 = 96;

pub(super) struct Home {
    pub(super) dir: PathBuf,
    pub(super) image: PathBuf,
}

impl Home {
    pub(super) fn make(scratch: &Path, program: &Path) -> Result<Self> {
        let home = Self { dir: scratch.join("home"), image: scratch.join("home.img") };
        make_library(&home.dir, (TRACKS, kill::SECONDS))?;
        make_library(&scratch.join("fewer"), (FEWER, kill::SECONDS))?;
        fs::copy(scratch.join("fewer/my_spotify_data.zip"), home.dir.join("fewer.zip"))?;
        check::put_users_files(&home.dir.join("users"))?;
        let filled = scratch.join("filled");
        fs::create_dir_all(&filled)?;
        for options in [FIRST, ANEW] {
            home.fill_here(program, &filled, options)?;
        }
        ext4(&home.dir, &home.image, MEGABYTES)?;
        Ok(home)
    }

    /// Hears and encodes everything once.
    fn fill_here(&self, program: &Path, to: &Path, options: &str) -> Result<()> {
        let mut command = Command::new(program);
        command.arg("--library").arg(self.dir.join("library"));
        command
            .args(["--quiet", "convert", "my_spotify_data.zip", "--yes", "--from", "music", "--to"])
            .arg(to);
        command.args(options.split(' ')).env("XDG_CACHE_HOME", self.dir.join("cache")).current_dir(&self.dir);
        let ran = watch::run(&mut command, UNLIMITED)?;
        ensure!(
            ran.status.success(),
            "convert here ended with {} – it said: {}",
            ran.status,
            ran.stderr.trim()
        );
        Ok(())
    }

    /// What a job begins with: the home is there, and `ferrotape` may be called.
    pub(super) fn opening(&self) -> String {
        let dir = words(&self.dir);
        format!(
            "mkdir -p '{dir}'; step home mount -t ext4 /dev/vdb '{dir}'; cd '{dir}'; export XDG_CACHE_HOME='{dir}/cache'\n\
             ours() {{ ferrotape --library '{dir}/library' \"$@\"; }}\n\
             fill() {{ what=$1; to=$2; shift 2; ours --quiet convert $what --yes --from music --to $to \"$@\"; }}\n"
        )
    }
}

/// What a job ends with: nothing of the home is lost.
pub(super) const CLOSING: &str = "cd /; step away sync\n";

pub(super) fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to).map(drop).with_context(|| words(from))
}

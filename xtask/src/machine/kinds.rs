//! Which file systems are tried, and what happens to the disks that they are on.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::disks::Disks;
use super::guest::{Said, Strike};
use super::tool::{self, words};

const MEGABYTES: u64 = 64;
/// One that needs more is not put right at all, as the next run will show.
const MOST_CHECKS: usize = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileSystem {
    Fat,
    Exfat,
}

impl FileSystem {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Fat => "fat",
            Self::Exfat => "exfat",
        }
    }

    /// Made and examined by these.
    pub(super) fn tools(self) -> [&'static str; 2] {
        match self {
            Self::Fat => ["mkfs.vfat", "fsck.vfat"],
            Self::Exfat => ["mkfs.exfat", "fsck.exfat"],
        }
    }

    pub(super) fn make(self, image: &Path) -> Result<()> {
        fs::File::create(image)?.set_len(MEGABYTES << 20)?;
        let [make, _] = self.tools();
        let words = words(image);
        let mut args = if self == Self::Fat { vec!["-F", "32"] } else { Vec::new() };
        args.push(&words);
        tool::said(make, &args).map(drop)
    }

    /// As a desktop mounts it.
    pub(super) fn mount(self) -> &'static str {
        match self {
            Self::Fat => "mount -t vfat -o flush,utf8=1,shortname=mixed",
            Self::Exfat => "mount -t exfat -o iocharset=utf8,errors=remount-ro",
        }
    }

    /// Puts right what can be, as a desktop offers when it is plugged in, until the checker finds nothing: of a folder whose
    /// only cluster was lost `fsck.vfat` makes at first one that no kernel can read. What it gives names of its own is not
    /// looked at.
    pub(super) fn put_right(self, image: &Path) -> Result<()> {
        let [_, check] = self.tools();
        for _ in 0..MOST_CHECKS {
            let checked = Command::new(check)
                .arg("-y")
                .arg(image)
                .output()
                .with_context(|| format!("could not run {check}"))?;
            if checked.status.success() {
                break;
            }
        }
        Ok(())
    }

    pub(super) fn objection(self, image: &Path) -> Option<String> {
        let [_, check] = self.tools();
        tool::said(check, &["-n", &words(image)]).err().map(|error| format!("{error:#}"))
    }
}

/// How a disk keeps what it is given, and what happens to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    /// A card that has a cache, and loses what was not flushed.
    CardLosesPower,
    /// The same at the moment when the program has said that it is done: all of it must be there.
    CardLosesPowerAtTheEnd,
    /// A stick on USB: what it answered is safe.
    StickLosesPower,
    StickIsPulledOut,
}

impl Case {
    pub(super) const ALL: [Self; 4] =
        [Self::CardLosesPower, Self::StickIsPulledOut, Self::StickLosesPower, Self::CardLosesPowerAtTheEnd];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::CardLosesPower => "power cut, card with a cache",
            Self::CardLosesPowerAtTheEnd => "power cut at the end, card with a cache",
            Self::StickLosesPower => "power cut, stick",
            Self::StickIsPulledOut => "pulled out",
        }
    }

    pub(super) fn has_cache(self) -> bool {
        matches!(self, Self::CardLosesPower | Self::CardLosesPowerAtTheEnd)
    }

    pub(super) fn strike(self) -> Strike {
        match self {
            Self::CardLosesPower | Self::StickLosesPower => Strike::PowerCut,
            Self::CardLosesPowerAtTheEnd => Strike::PowerCutAfter("fill"),
            Self::StickIsPulledOut => Strike::Unplug("player"),
        }
    }

    /// What a guest does after the run that is to fail.
    pub(super) fn end(self) -> &'static str {
        match self {
            Self::CardLosesPowerAtTheEnd => "sleep 600\n",
            _ => "cd /; step unmount umount -l /player\n",
        }
    }

    /// Whether it came about while the program was at work, or just after.
    pub(super) fn struck(self, disks: &Disks, said: &Said) -> bool {
        let is_at_it = said.code("player") == Some(0);
        match self {
            Self::CardLosesPower | Self::StickLosesPower => disks.is_due() && said.code("unmount").is_none(),
            Self::CardLosesPowerAtTheEnd => is_at_it && said.code("fill") == Some(0),
            Self::StickIsPulledOut => is_at_it && disks.is_due(),
        }
    }
}

//! What can go wrong with a player while it is filled.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::PATIENCE;
use super::medium::{Lost, Medium, Mounted};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// The n-th system call of a name fails; with `+` all after it as well.
    Call(&'static str, &'static str),
    Kill,
    /// The player has too little room from the beginning.
    Full,
    /// Somebody else takes the room while it is filled.
    FilledUp,
    Unplugged,
    PowerCut(Lost),
    /// Writes take a part of what they are given, or are interrupted. No trouble: the run must end well.
    ShortWrites,
}

/// The calls that write, make, move or remove files, and the reads. A call under its old name (`rename`, `mkdir`, `unlink`)
/// is the library's or the cache's, `pwrite64` the library's.
const CALLS: [Fault; 23] = [
    Fault::Call("write", "ENOSPC+"),
    Fault::Call("write", "ENOSPC"),
    Fault::Call("write", "EIO"),
    Fault::Call("pwrite64", "ENOSPC"),
    Fault::Call("pwrite64", "EIO"),
    Fault::Call("writev", "ENOSPC"),
    Fault::Call("copy_file_range", "ENOSPC"),
    Fault::Call("sendfile", "ENOSPC"),
    Fault::Call("ftruncate", "ENOSPC"),
    Fault::Call("fsync", "EIO"),
    Fault::Call("fdatasync", "EIO"),
    Fault::Call("syncfs", "EIO+"),
    Fault::Call("renameat2", "EIO"),
    Fault::Call("renameat2", "ENOSPC"),
    Fault::Call("renameat", "EIO"),
    Fault::Call("rename", "EIO"),
    Fault::Call("unlinkat", "EIO"),
    Fault::Call("unlink", "EIO"),
    Fault::Call("mkdirat", "ENOSPC"),
    Fault::Call("mkdir", "ENOSPC"),
    Fault::Call("openat2", "EIO"),
    Fault::Call("openat2", "ENOSPC"),
    Fault::Call("read", "EIO"),
];

/// Enough for all that a run writes, so that it begins.
const ROOM_AT_FIRST: u64 = 6 << 20;

/// How a run with a fault ended.
pub(super) struct Ended {
    /// Still mounted, unless it was pulled out.
    pub(super) mounted: Option<Mounted>,
    pub(super) status: ExitStatus,
    /// The program still ran when the fault came about.
    pub(super) is_in_time: bool,
    /// What went wrong with the program itself.
    pub(super) findings: Vec<String>,
}

impl Fault {
    /// All that can be tried on a medium; system calls only where they are counted.
    pub(super) fn all(medium: Medium, calls: &BTreeMap<String, u32>, can_be_short: bool) -> Vec<Self> {
        let is_made = |fault: &Self| matches!(fault, Self::Call(name, _) if calls.contains_key(*name));
        let mut faults: Vec<Self> = CALLS.into_iter().filter(is_made).collect();
        faults.extend([Self::Kill, Self::Unplugged, Self::Full, Self::FilledUp]);
        if medium.can_be_cut() {
            faults.extend([Self::PowerCut(Lost::Nothing), Self::PowerCut(Lost::Cached)]);
        }
        faults.extend(can_be_short.then_some(Self::ShortWrites));
        faults
    }

    /// The names of the calls that can be made to fail.
    pub(super) fn calls() -> impl Iterator<Item = &'static str> {
        CALLS.into_iter().filter_map(|fault| if let Self::Call(name, _) = fault { Some(name) } else { None })
    }

    pub(super) fn name(self) -> String {
        match self {
            Self::Call(name, error) => format!("{name} {error}"),
            Self::Kill => "killed".to_owned(),
            Self::Full => "full".to_owned(),
            Self::FilledUp => "full meanwhile".to_owned(),
            Self::Unplugged => "pulled out".to_owned(),
            Self::PowerCut(Lost::Nothing) => "power cut".to_owned(),
            Self::PowerCut(Lost::Cached) => "power cut, cache lost".to_owned(),
            Self::ShortWrites => "short writes".to_owned(),
        }
    }

    /// Runs the command, and has the fault come about after a while.
    pub(super) fn strike(
        self,
        mut command: Command,
        mut mounted: Mounted,
        room: u64,
        after: Duration,
    ) -> Result<Ended> {
        match self {
            Self::Full => mounted.leave_room(room)?,
            Self::FilledUp => mounted.leave_room(ROOM_AT_FIRST)?,
            _ => {}
        }
        let note = mounted.player().join(".ferrotape/player");
        let noted = std::fs::read(&note).ok();
        let mut child = command.stdin(Stdio::null()).spawn().context("could not start the program")?;
        if matches!(self, Self::Unplugged | Self::FilledUp) {
            // Not before it has taken hold of the player: what is there to be filled then is any folder.
            while std::fs::read(&note).ok() == noted && is_running(&mut child)? {
                thread::sleep(Duration::from_millis(1));
            }
        }
        let (is_in_time, cut) = self.come_about(&mut child, &mut mounted, after)?;
        let mut findings = Vec::new();
        let status = ended(&mut child, &mut findings)?;
        if is_crash(status) && !matches!(self, Self::Kill | Self::PowerCut(_)) {
            findings.push(format!("it crashed: {status}"));
        }
        if !matches!(self, Self::Unplugged | Self::PowerCut(_)) {
            return Ok(Ended { mounted: Some(mounted), status, is_in_time, findings });
        }
        let player = mounted.player();
        mounted.let_go(cut.as_deref())?;
        if Path::exists(&player) {
            findings.push("it wrote into the empty mount point".to_owned());
        }
        Ok(Ended { mounted: None, status, is_in_time, findings })
    }

    /// Waits and strikes; whether the program still ran, and after a power cut the disk as it was then.
    fn come_about(
        self,
        child: &mut Child,
        mounted: &mut Mounted,
        after: Duration,
    ) -> Result<(bool, Option<PathBuf>)> {
        match self {
            Self::Call(..) | Self::Full | Self::ShortWrites => Ok((true, None)),
            Self::Kill => {
                thread::sleep(after);
                let is_in_time = is_running(child)?;
                child.kill()?;
                Ok((is_in_time, None))
            }
            Self::Unplugged => {
                thread::sleep(after / 2);
                let is_in_time = is_running(child)?;
                mounted.pull()?;
                Ok((is_in_time, None))
            }
            Self::FilledUp => {
                thread::sleep(after / 2);
                let is_in_time = is_running(child)?;
                mounted.fill_up()?;
                Ok((is_in_time, None))
            }
            Self::PowerCut(lost) => {
                thread::sleep(after);
                let is_in_time = is_running(child)?;
                let cut = mounted.snapshot(lost)?;
                child.kill()?;
                mounted.pull()?;
                Ok((is_in_time, Some(cut)))
            }
        }
    }
}

fn is_running(child: &mut Child) -> Result<bool> {
    Ok(child.try_wait()?.is_none())
}

/// Waits for the end, but not for ever.
fn ended(child: &mut Child, findings: &mut Vec<String>) -> Result<ExitStatus> {
    let began = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if began.elapsed() > PATIENCE.time {
            findings.push("it did not come to its end".to_owned());
            child.kill()?;
            return Ok(child.wait()?);
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// 130 is Ctrl-C; with 127 it was never started, for what loads a program could not read its libraries.
fn is_crash(status: ExitStatus) -> bool {
    status.code().is_none_or(|code| code > 100 && ![127, 130].contains(&code))
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::process::ExitStatusExt;

    use super::*;

    #[test]
    fn a_panic_or_a_signal_is_a_crash_and_what_could_not_be_loaded_is_none() {
        let ended = |code: i32| ExitStatus::from_raw(code << 8);
        assert!([0, 1, 3, 127, 130].iter().all(|code| !is_crash(ended(*code))));
        assert!(is_crash(ended(101)));
        assert!(is_crash(ExitStatus::from_raw(6)));
    }
}

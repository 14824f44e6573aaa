//! What can go wrong with a player while it is filled.

use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use ferrotape_testkit::Random;

use super::PATIENCE;
use super::medium::{Medium, Mounted};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// The n-th system call of a name fails; with `+` all after it as well.
    Call(&'static str, &'static str),
    Kill,
    /// The player fills up.
    Full,
    Unplugged,
    PowerCut,
}

const CALLS: [Fault; 12] = [
    Fault::Call("write", "ENOSPC+"),
    Fault::Call("write", "ENOSPC"),
    Fault::Call("write", "EIO"),
    Fault::Call("fsync", "EIO"),
    Fault::Call("fdatasync", "EIO"),
    Fault::Call("syncfs", "EIO+"),
    Fault::Call("renameat2", "EIO"),
    Fault::Call("renameat", "EIO"),
    Fault::Call("unlinkat", "EIO"),
    Fault::Call("mkdirat", "ENOSPC"),
    Fault::Call("openat2", "EIO"),
    Fault::Call("read", "EIO"),
];

/// How a run with a fault ended.
pub(super) struct Ended {
    /// Still mounted, unless it was pulled out.
    pub(super) mounted: Option<Mounted>,
    /// What went wrong with the program itself.
    pub(super) findings: Vec<String>,
}

impl Fault {
    /// All that can be tried on a medium; system calls only where they are counted.
    pub(super) fn all(medium: Medium, calls: &[(String, u32)]) -> Vec<Self> {
        let is_made =
            |fault: &Self| matches!(fault, Self::Call(name, _) if calls.iter().any(|(made, _)| made == name));
        let mut faults: Vec<Self> = CALLS.into_iter().filter(is_made).collect();
        faults.extend([Self::Kill, Self::Unplugged]);
        faults.push(if medium == Medium::Memory { Self::Full } else { Self::PowerCut });
        faults
    }

    pub(super) fn lacks_strace() -> bool {
        let tried = Command::new("strace").args(["-f", "-o", "/dev/null", "true"]).output();
        !tried.is_ok_and(|output| output.status.success())
    }

    pub(super) fn name(self) -> String {
        match self {
            Self::Call(name, error) => format!("{name} {error}"),
            Self::Kill => "killed".to_owned(),
            Self::Full => "full".to_owned(),
            Self::Unplugged => "pulled out".to_owned(),
            Self::PowerCut => "power cut".to_owned(),
        }
    }

    /// What to start the program by, so that a call fails.
    pub(super) fn strace(self, calls: &[(String, u32)], random: &mut Random) -> Vec<String> {
        let Self::Call(name, error) = self else { return Vec::new() };
        let made = calls.iter().find(|(made, _)| made == name).map_or(1, |(_, times)| *times);
        let at = 1 + (random.unit() * f64::from(made)) as u32;
        let (error, onwards) = error.strip_suffix('+').map_or((error, ""), |error| (error, "+"));
        let inject = format!("inject={name}:error={error}:when={at}{onwards}");
        let start = ["strace", "-f", "-o", "/dev/null", "-e", &format!("trace={name}"), "-e", &inject];
        start.map(str::to_owned).to_vec()
    }

    /// Runs the command, and has the fault come about after a while.
    pub(super) fn strike(
        self,
        mut command: Command,
        mut mounted: Mounted,
        room: u64,
        after: Duration,
    ) -> Result<Ended> {
        if self == Self::Full {
            mounted.leave_room(room)?;
        }
        let note = mounted.player().join(".ferrotape/player");
        let noted = std::fs::read(&note).ok();
        let mut child = command.stdin(Stdio::null()).spawn().context("could not start the program")?;
        let mut findings = Vec::new();
        let mut cut = None;
        match self {
            Self::Call(..) | Self::Full => {}
            Self::Kill => {
                thread::sleep(after);
                child.kill()?;
            }
            Self::Unplugged => {
                // Not before it has taken hold of the player: what is there to be filled then is any folder.
                while std::fs::read(&note).ok() == noted && child.try_wait()?.is_none() {
                    thread::sleep(Duration::from_millis(1));
                }
                thread::sleep(after / 2);
                mounted.pull()?;
            }
            Self::PowerCut => {
                thread::sleep(after);
                cut = Some(mounted.snapshot()?);
                child.kill()?;
                mounted.pull()?;
            }
        }
        let began = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait()? {
                break status;
            }
            if began.elapsed() > PATIENCE.time {
                findings.push("it did not come to its end".to_owned());
                child.kill()?;
            }
            thread::sleep(Duration::from_millis(5));
        };
        if is_crash(status) && !matches!(self, Self::Kill | Self::PowerCut) {
            findings.push(format!("it crashed: {status}"));
        }
        if !matches!(self, Self::Unplugged | Self::PowerCut) {
            return Ok(Ended { mounted: Some(mounted), findings });
        }
        let player = mounted.player();
        mounted.let_go(cut.as_deref())?;
        if Path::exists(&player) {
            findings.push("it wrote into the empty mount point".to_owned());
        }
        Ok(Ended { mounted: None, findings })
    }
}

fn is_crash(status: ExitStatus) -> bool {
    status.code().is_none_or(|code| code > 100 && code != 130)
}

/// Reads `strace -c`: how often each system call was made.
pub(super) fn counted(table: &str) -> Vec<(String, u32)> {
    let row = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (name, calls) = (words.last()?, words.get(3)?);
        Some(((*name).to_owned(), calls.parse().ok()?))
    };
    table.lines().filter_map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_counted_with_and_without_errors() {
        let table = "% time     seconds  usecs/call     calls    errors syscall\n------ --- --- --- --- ---\n \
                     49.32    0.114201        1227        93         3 futex\n  0.21    0.000495           4       116           fsync\n";
        assert_eq!(counted(table), [("futex".to_owned(), 93), ("fsync".to_owned(), 116)]);
    }
}

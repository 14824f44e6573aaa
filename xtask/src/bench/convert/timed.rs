//! Running a program under GNU `time`: the clock, processor time and peak memory as the kernel counted them.
//!
//! `time` asks `wait4`, which counts every process that the program started and waited for; calling it ourselves would
//! take unsafe code.

use std::fmt;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

/// What a run took.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Used {
    pub(super) seconds: f64,
    /// User and system time of all processes together.
    pub(super) processor_seconds: f64,
    /// Of the largest single process.
    pub(super) peak_megabytes: f64,
}

impl fmt::Display for Used {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seconds, processor_seconds, peak_megabytes } = self;
        write!(f, "{seconds:.2} s, {processor_seconds:.2} s of processor, {peak_megabytes:.0} MB")
    }
}

/// Runs a program with arguments to its end; `scratch` is a folder for what `time` writes.
pub(super) fn run(words: &[&std::ffi::OsStr], scratch: &Path) -> Result<Used> {
    let kept = scratch.join("time.txt");
    let ran = Command::new("/usr/bin/time")
        .args(["-q", "-f", "%e %U %S %M", "-o"])
        .arg(&kept)
        .args(words)
        .stdin(Stdio::null())
        .output()
        .context("could not run /usr/bin/time – install the Debian package time")?;
    let said = String::from_utf8_lossy(&ran.stderr);
    ensure!(ran.status.success(), "it ended with {:?} and said: {}", ran.status.code(), said.trim());
    let text = fs::read_to_string(&kept).context("time wrote nothing")?;
    read(&text).with_context(|| format!("time wrote “{}”", text.trim()))
}

fn read(text: &str) -> Option<Used> {
    let numbers: Vec<f64> = text.lines().last()?.split(' ').map(str::parse).collect::<Result<_, _>>().ok()?;
    let [seconds, user, system, kilobytes] = numbers[..] else { return None };
    Some(Used { seconds, processor_seconds: user + system, peak_megabytes: kilobytes / 1000.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_time_writes_is_read() {
        let used = Used { seconds: 1.5, processor_seconds: 2.75, peak_megabytes: 12.0 };
        assert_eq!(read("1.50 2.50 0.25 12000\n"), Some(used));
        assert_eq!(read("Command exited\n"), None);
    }
}
